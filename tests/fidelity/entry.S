/* The probe's entry point: keep every register, look, go on to the C library.
 *
 * In this order:
 *  1. general registers              (nothing may be used before it is kept)
 *  2. another stack, flags           (reading them takes a push, and what is below the stack
 *                                     pointer is looked at)
 *  3. vector and x87 registers       (before any C code, which may use them)
 *  4. probe_look
 *  5. rdx and rsp as they were, _start
 *
 * All of this is in .data, because .bss is looked at: it has to be zero. */

    .data
    .balign 64
    .globl probe_entry_state
    .hidden probe_entry_state
probe_entry_state:
    .fill 4096, 1, 0
    .globl probe_entry
    .hidden probe_entry
probe_entry:
    .fill 24, 8, 0
    .balign 16
stack_bottom:
    .fill 32768, 1, 0
stack_top:

    .text
    .globl probe_start
    .hidden probe_start
    .type probe_start, @function
probe_start:
    mov %rax, probe_entry+0(%rip)
    mov %rbx, probe_entry+8(%rip)
    mov %rcx, probe_entry+16(%rip)
    mov %rdx, probe_entry+24(%rip)
    mov %rsi, probe_entry+32(%rip)
    mov %rdi, probe_entry+40(%rip)
    mov %rbp, probe_entry+48(%rip)
    mov %rsp, probe_entry+56(%rip)
    mov %r8, probe_entry+64(%rip)
    mov %r9, probe_entry+72(%rip)
    mov %r10, probe_entry+80(%rip)
    mov %r11, probe_entry+88(%rip)
    mov %r12, probe_entry+96(%rip)
    mov %r13, probe_entry+104(%rip)
    mov %r14, probe_entry+112(%rip)
    mov %r15, probe_entry+120(%rip)

    lea stack_top(%rip), %rsp       /* lea and mov leave the flags alone */
    pushf
    pop probe_entry+128(%rip)
    mov %cs, %eax
    mov %rax, probe_entry+136(%rip)
    mov %ss, %eax
    mov %rax, probe_entry+144(%rip)
    mov %ds, %eax
    mov %rax, probe_entry+152(%rip)
    mov %es, %eax
    mov %rax, probe_entry+160(%rip)
    mov %fs, %eax
    mov %rax, probe_entry+168(%rip)
    mov %gs, %eax
    mov %rax, probe_entry+176(%rip)

    cld
    mov $1, %eax
    cpuid
    bt $27, %ecx                    /* OSXSAVE: xsave and xgetbv may be used */
    jnc 1f
    xor %ecx, %ecx
    xgetbv
    and $0x2e7, %eax                /* x87, SSE, AVX, AVX-512, PKRU: all fit the area */
    mov %rax, probe_entry+184(%rip)
    xor %edx, %edx
    xsave64 probe_entry_state(%rip)
    jmp 2f
1:  fxsave64 probe_entry_state(%rip)

2:  call probe_look
    mov probe_entry+24(%rip), %rdx
    mov probe_entry+56(%rip), %rsp
    xor %ebp, %ebp
    jmp _start
    .size probe_start, . - probe_start
    .section .note.GNU-stack, "", @progbits
