# 500,000 pointers to an object of the same library: R_X86_64_RELATIVE each, or DT_RELR.
        .text
        .globl relocated
        .type relocated, @function
relocated:                          # int relocated(void): does the last pointer point to object?
        lea object(%rip), %rax
        cmp %rax, last(%rip)
        sete %al
        movzbl %al, %eax
        ret
        .size relocated, . - relocated

        .data
        .balign 8                   # ld packs only aligned words
object: .quad 0
        .rept 499999
        .quad object
        .endr
last:   .quad object
        .section .note.GNU-stack, "", @progbits
