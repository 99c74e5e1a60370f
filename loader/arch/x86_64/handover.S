/* The hand-over (see handover.h for its order).  Position independent, no
 * stack, no memory but the struct handover that %rdi points to, because this
 * runs from a private copy while the rest of the tool goes away. */
#include "loader/handover_offsets.h"

#define CLONE 56                    /* its number */
#define EPERM 1
#define WALL  0x40000000            /* __WALL (waitpid(2)): also a child without an exit signal */

    .macro call_step                /* the system call of the step at %r12 */
    mov STEP_NUMBER(%r12), %rax
    mov STEP_ARGUMENTS(%r12), %rdi
    mov STEP_ARGUMENTS+8(%r12), %rsi
    mov STEP_ARGUMENTS+16(%r12), %rdx
    mov STEP_ARGUMENTS+24(%r12), %r10
    mov STEP_ARGUMENTS+32(%r12), %r8
    mov STEP_ARGUMENTS+40(%r12), %r9
    syscall
    .endm

    .section .rodata.handover, "a", @progbits
    .globl arch_handover_start, arch_handover_end
    .hidden arch_handover_start, arch_handover_end
    .balign 512                     /* so that it lies in one page */
arch_handover_start:
    mov %rdi, %rbx
    cld

    /* the new stack, over the tool's own argv and frames */
    mov HANDOVER_STACK_FROM(%rbx), %rsi
    mov HANDOVER_STACK_TO(%rbx), %rdi
    mov HANDOVER_STACK_BYTES(%rbx), %rcx
    rep movsb
    xor %eax, %eax
    mov HANDOVER_CLEAR_FROM(%rbx), %rdi
    mov HANDOVER_CLEAR_BYTES(%rbx), %rcx
    rep stosb

    /* the listed system calls; %r14: the last one's result */
    mov HANDOVER_STEPS(%rbx), %r12
    mov HANDOVER_STEP_COUNT(%rbx), %r13
    mov $0, %r14d
1:  test %r13, %r13
    jz 3f
    cmpq $CLONE, STEP_NUMBER(%r12)
    je 6f
    call_step
    mov %rax, %r14
    cmp $-4095, %rax
    jae 4f
2:  add $STEP_SIZE, %r12
    dec %r13
    jmp 1b

    /* clone: where the step before was not permitted, a child in this memory tries it again */
6:  cmp $-EPERM, %r14
    jne 2b
    call_step
    test %rax, %rax
    jz 7f
    cmp $-4095, %rax
    jae 2b
    mov %rax, %rdi
    xor %esi, %esi
    mov $WALL, %edx
    xor %r10d, %r10d
    mov $61, %eax                   /* wait4 */
    syscall
    jmp 2b
7:  sub $STEP_SIZE, %r12
    call_step
    xor %edi, %edi
    mov $60, %eax                   /* exit */
    syscall

    /* a step failed: those without a message may; the others end the process
     * as the kernel ends one whose execve fails half-way */
4:  mov STEP_MESSAGE(%r12), %rsi
    test %rsi, %rsi
    jz 2b
    mov STEP_MESSAGE_LENGTH(%r12), %rdx
    mov $2, %edi
    mov $1, %eax                    /* write */
    syscall
    mov $39, %eax                   /* getpid */
    syscall
    mov %eax, %edi
    mov $9, %esi                    /* SIGKILL */
    mov $62, %eax                   /* kill */
    syscall
    ud2

    /* registers as after execve, then the last munmap */
3:  mov HANDOVER_FPU(%rbx), %rcx
    mov HANDOVER_FPU_COMPONENTS(%rbx), %rax
    mov %rax, %rdx
    shr $32, %rdx
    test %rax, %rax
    jz 8f
    xrstor (%rcx)                   /* as the kernel's execve does */
    jmp 9f
8:  fxrstor (%rcx)
9:
    mov HANDOVER_LAST_ADDRESS(%rbx), %rdi
    mov HANDOVER_LAST_LENGTH(%rbx), %rsi
    mov HANDOVER_FRAME(%rbx), %rsp
    mov HANDOVER_FRAME_POINTER(%rbx), %rbp
    mov HANDOVER_GADGET(%rbx), %rcx
    xor %edx, %edx
    xor %r8d, %r8d
    xor %r9d, %r9d
    xor %r10d, %r10d
    xor %r12d, %r12d
    xor %r13d, %r13d
    xor %r14d, %r14d
    xor %r15d, %r15d
    xor %ebx, %ebx
    mov $11, %eax                   /* munmap */
    test %rcx, %rcx
    jz 5f
    jmp *%rcx                       /* ... which returns to the entry point */

    /* no such place: this page stays */
5:  syscall
    xor %eax, %eax
    xor %ecx, %ecx
    xor %esi, %esi
    xor %edi, %edi
    xor %r11d, %r11d
    ret
arch_handover_end:
    .section .note.GNU-stack, "", @progbits
