// The data packs as read-only bytes of the program; the build names their files.
  .section .rodata
  .balign 16
  .globl rushes_icons_pack, rushes_icons_pack_end
rushes_icons_pack:
  .incbin RUSHES_ICONS_PACK
rushes_icons_pack_end:
  .balign 16
  .globl rushes_words_pack, rushes_words_pack_end
rushes_words_pack:
  .incbin RUSHES_WORDS_PACK
rushes_words_pack_end:
  .section .note.GNU-stack, "", %progbits
