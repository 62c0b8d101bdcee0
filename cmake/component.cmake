# rushes_component(NAME [DEPS ...] [LIBS ...] [TEST_DEPS ...])
#
# Makes one target of the folder it is called in:
#   *.cpp                       -> library NAME
#   *_test.cpp                  -> executable NAME_test, one test of CTest
#   *_fuzz.cpp                  -> executable each, when RUSHES_FUZZ is on; corpus in testdata/fuzz/<stem>
#   *_bench.cpp                 -> executable each, on request (target `benchmarks`)
#   main.cpp                    -> left to the folder's own add_executable()
# The target `checks` makes all tests and `fuzzers`, the fuzz targets, and not the program.
# Sub-folders that have no CMakeLists.txt of their own belong to the component.
# DEPS are our own components (public), LIBS are third-party targets, TEST_DEPS for the test only.
add_custom_target(benchmarks)
add_custom_target(fuzzers)
add_custom_target(checks)
add_dependencies(checks fuzzers)

function(rushes_component NAME)
  cmake_parse_arguments(ARG "" "" "DEPS;LIBS;TEST_DEPS" ${ARGN})
  file(GLOB_RECURSE SOURCES CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.S)
  file(GLOB_RECURSE NESTED CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*/CMakeLists.txt)
  foreach(LIST_FILE ${NESTED})
    get_filename_component(FOLDER ${LIST_FILE} DIRECTORY)
    list(FILTER SOURCES EXCLUDE REGEX "^${FOLDER}/")
  endforeach()

  set(TESTS ${SOURCES})
  set(FUZZERS ${SOURCES})
  set(BENCHES ${SOURCES})
  list(FILTER TESTS INCLUDE REGEX "_test\\.cpp$")
  list(FILTER FUZZERS INCLUDE REGEX "_fuzz\\.cpp$")
  list(FILTER BENCHES INCLUDE REGEX "_bench\\.cpp$")
  list(FILTER SOURCES EXCLUDE REGEX "(_(test|fuzz|bench)|/main)\\.cpp$")

  if(SOURCES)
    add_library(${NAME} STATIC ${SOURCES})
    set(SCOPE PUBLIC)
  else()
    add_library(${NAME} INTERFACE)
    set(SCOPE INTERFACE)
  endif()
  target_include_directories(${NAME} ${SCOPE} ${CMAKE_SOURCE_DIR}/src)
  target_link_libraries(${NAME} ${SCOPE} ${ARG_DEPS} ${ARG_LIBS})

  if(RUSHES_TESTS AND TESTS)
    add_executable(${NAME}_test ${TESTS})
    add_dependencies(checks ${NAME}_test)
    target_link_libraries(${NAME}_test PRIVATE ${NAME} ${ARG_TEST_DEPS} GTest::gmock GTest::gtest_main)
    # A test runs once: optimising it takes longer than it saves. Of inline functions that it shares with
    # the library its own copies may be linked; the end-to-end tests see what ships.
    target_compile_options(${NAME}_test PRIVATE -O0)
    target_compile_definitions(${NAME}_test PRIVATE
      RUSHES_SOURCE_DIR="${CMAKE_SOURCE_DIR}" RUSHES_TESTDATA="${CMAKE_CURRENT_SOURCE_DIR}/testdata")
    add_test(NAME ${NAME} COMMAND ${NAME}_test --gtest_brief=1)
    set_tests_properties(${NAME} PROPERTIES TIMEOUT 300 LABELS unit)
  endif()

  if(RUSHES_FUZZ)
    foreach(FUZZER ${FUZZERS})
      get_filename_component(STEM ${FUZZER} NAME_WE)
      add_executable(${STEM} ${FUZZER})
      add_dependencies(fuzzers ${STEM})
      target_link_libraries(${STEM} PRIVATE ${NAME} ${ARG_TEST_DEPS})
      target_link_options(${STEM} PRIVATE -fsanitize=fuzzer)
      file(APPEND ${CMAKE_BINARY_DIR}/fuzzers.txt "${STEM} ${CMAKE_CURRENT_SOURCE_DIR}/testdata/fuzz/${STEM}\n")
    endforeach()
  endif()

  foreach(BENCH ${BENCHES})
    get_filename_component(STEM ${BENCH} NAME_WE)
    add_executable(${STEM} EXCLUDE_FROM_ALL ${BENCH})
    target_link_libraries(${STEM} PRIVATE ${NAME} ${ARG_TEST_DEPS})
    add_dependencies(benchmarks ${STEM})
  endforeach()
endfunction()
