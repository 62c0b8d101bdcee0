# How everything is compiled. Presets (CMakePresets.json) set the RUSHES_* switches.

option(RUSHES_TESTS "Build the tests" ON)
option(RUSHES_FUZZ "Build the fuzz targets (needs Clang)" OFF)
set(RUSHES_SANITIZE "" CACHE STRING "Value for -fsanitize=, e.g. address,undefined")

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
if(RUSHES_SANITIZE STREQUAL "thread")
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1") # coroutines compile in half the time; these tests mostly wait
endif()

# Checkouts in different folders share the cache: paths below the source folder count as relative.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=10G ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# -ffp-contract=off everywhere: the renderer's frames must have the same bits on every machine.
add_compile_options(-Wall -Wextra -Wshadow -Wno-missing-field-initializers -ffp-contract=off)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports all of these falsely inside std::expected and coroutine frames.
  add_compile_options(-Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-mismatched-new-delete)
endif()
if(RUSHES_SANITIZE)
  add_compile_options(-fsanitize=${RUSHES_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${RUSHES_SANITIZE})
endif()
