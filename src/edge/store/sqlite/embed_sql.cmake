# embed_sql(HEADER): one constant per `-- name: x` of sql/*.sql, one array of all of them, and the
# migrations in their order. Runs at configure time and again whenever a .sql file changes.
function(embed_sql HEADER)
  set(FOLDER ${CMAKE_CURRENT_SOURCE_DIR}/sqlite)
  file(GLOB FILES CONFIGURE_DEPENDS ${FOLDER}/sql/*.sql)
  file(GLOB MIGRATIONS CONFIGURE_DEPENDS ${FOLDER}/migration/*.sql)
  list(SORT MIGRATIONS)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${FILES} ${MIGRATIONS})

  set(CONSTANTS "")
  set(NAMES "")
  foreach(FILE ${FILES})
    file(READ ${FILE} TEXT)
    # The text before the first name is the file's own comment.
    string(REGEX REPLACE "^(--[^\n]*\n)+\n" "" TEXT "${TEXT}")
    string(REGEX MATCHALL "-- name: [a-z_]+" MARKS "${TEXT}")
    list(TRANSFORM MARKS REPLACE "-- name: " "")
    list(APPEND NAMES ${MARKS})
    string(REGEX REPLACE "-- name: ([a-z_]+)\n"
           ")sql\"};\ninline constexpr Sql \\1{\"\\1\", R\"sql(" TEXT "${TEXT}")
    string(REGEX REPLACE "^\\)sql\"};\n" "" TEXT "${TEXT}")
    string(APPEND CONSTANTS "${TEXT})sql\"};\n")
  endforeach()
  list(JOIN NAMES ", " NAMES)

  set(SCRIPTS "")
  foreach(FILE ${MIGRATIONS})
    file(READ ${FILE} TEXT)
    string(APPEND SCRIPTS "    R\"sql(${TEXT})sql\",\n")
  endforeach()

  file(CONFIGURE OUTPUT ${HEADER} @ONLY CONTENT [=[// Made by embed_sql.cmake out of sql/*.sql and migration/*.sql.
#pragma once

#include <string_view>

namespace rushes::store::sqlite {

struct Sql {
  const char* name;
  std::string_view text;
};

namespace sql {
@CONSTANTS@
inline constexpr Sql kAll[] = {@NAMES@};
}  // namespace sql

// kMigrations[n] takes the schema from version n to version n + 1.
inline constexpr std::string_view kMigrations[] = {
@SCRIPTS@};

}  // namespace rushes::store::sqlite
]=])
endfunction()
