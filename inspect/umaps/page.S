/* The parts of the page of umaps report, as they are in page/. Each ends in NUL. */
    .section .rodata
    .macro part name, file
    .globl page_\name
page_\name:
    .incbin "\file"
    .byte 0
    .endm
    part css, "inspect/umaps/page/page.css"
    part js, "inspect/umaps/page/page.js"
    part body, "inspect/umaps/page/body.html"
    .section .note.GNU-stack, "", @progbits
