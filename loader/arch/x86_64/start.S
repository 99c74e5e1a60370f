/* The tool's first instructions, before any libc's.
 *
 * The kernel maps a static PIE at the top of the mmap area, which is where it
 * would put the program, or its interpreter, had it been asked to run that.
 * So the tool leaves first, in this order:
 *   1. self_move() copies the mappings' page tables to the zone (both places
 *      are mapped now: the code that runs here must not vanish under itself)
 *   2. jump to the same instruction in the zone
 *   3. unmap the old place
 *   4. enter libc's start code, which relocates the image where it is now
 *      (needs 3's jump: no relocation may have been applied before the move)
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
