# rushes_embed(TARGET SYMBOL FILE)
#
# Puts FILE into TARGET as read-only data, reached in C++ as
#   extern "C" const char rushes_embedded_SYMBOL_begin[], rushes_embedded_SYMBOL_end[];
# FILE may be made by a custom command; the target is rebuilt when it changes.
enable_language(ASM)
function(rushes_embed TARGET SYMBOL FILE)
  get_filename_component(FILE ${FILE} ABSOLUTE)
  set(SOURCE ${CMAKE_CURRENT_BINARY_DIR}/embedded_${SYMBOL}.S)
  file(CONFIGURE OUTPUT ${SOURCE} @ONLY CONTENT [[
  .section .rodata
  .balign 16
  .global rushes_embedded_@SYMBOL@_begin
  .global rushes_embedded_@SYMBOL@_end
rushes_embedded_@SYMBOL@_begin:
  .incbin "@FILE@"
rushes_embedded_@SYMBOL@_end:
  .byte 0
  .section .note.GNU-stack,"",%progbits
]])
  set_source_files_properties(${SOURCE} PROPERTIES OBJECT_DEPENDS ${FILE})
  target_sources(${TARGET} PRIVATE ${SOURCE})
endfunction()
