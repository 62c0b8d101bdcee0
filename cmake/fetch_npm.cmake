# cmake -D NPM=... -D MANIFEST=... -D FOLDER=... -P fetch_npm.cmake
# Installs the packages that MANIFEST/package-lock.json pins into FOLDER/node_modules, runs none of
# their scripts, and leaves FOLDER/stamp when all went well.
foreach(FILE package.json package-lock.json .npmrc)
  configure_file(${MANIFEST}/${FILE} ${FOLDER}/${FILE} COPYONLY)
endforeach()
execute_process(
  COMMAND ${NPM} ci --ignore-scripts --prefer-offline --no-update-notifier
  WORKING_DIRECTORY ${FOLDER}
  OUTPUT_VARIABLE OUTPUT ERROR_VARIABLE OUTPUT RESULT_VARIABLE CODE)
if(NOT CODE EQUAL 0)
  message(FATAL_ERROR "The packages of ${MANIFEST}/package.json could not be fetched (npm ci ended "
    "with ${CODE}). The build needs them once: check that an npm registry can be reached, then "
    "build again. npm said:\n${OUTPUT}")
endif()
file(TOUCH ${FOLDER}/stamp)
