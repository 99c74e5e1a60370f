/* The tool's first instructions, before any libc's.
 *
 * A static PIE is mapped by the kernel in the mmap area, and where its alignment
 * is not honoured that is where the program, or its interpreter, belongs.  The
 * tool then leaves first (self.c), in this order:
 *   1. self_move() moves the mappings' pages to the reserved range, and leaves the old
 *      ones mapped: the code that runs here must not vanish under itself
 *   2. jump to the same instruction in the reserved range
 *   3. unmap the old place
 *   4. enter libc's start code, which relocates the image where it is now
 *      (needs 2: no relocation may be applied before the move)
 */
    .text
    .globl uexec_start
    .hidden uexec_start
    .type uexec_start, @function
uexec_start:
    movb $1, prefault(%rip)         /* relocation writes to this page anyway: read first, it
                                       would fault twice */
    xor %ebp, %ebp
    mov %rsp, %rbx                  /* the initial stack: libc wants it as it was */
    mov %rsp, %rdi
    and $-16, %rsp
    call self_move                  /* rax: distance moved, rdx: bytes of the old place */
    mov %rbx, %rsp
    test %rax, %rax
    jz 2f
    lea 1f(%rip), %rcx
    add %rax, %rcx
    jmp *%rcx
1:  lea __ehdr_start(%rip), %rdi
    sub %rax, %rdi
    mov %rdx, %rsi
    mov $11, %eax                   /* munmap */
    syscall
2:  xor %edx, %edx                  /* psABI 3.4.1: no function for atexit */
    jmp _start
    .hidden __ehdr_start
    .size uexec_start, . - uexec_start
    .data
prefault:
    .byte 0
    .section .note.GNU-stack, "", @progbits
