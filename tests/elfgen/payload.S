/* payload.S - the payloads' machine code. payload.c copies it into images.
 *
 * The code may run anywhere, so it reaches everything relative to %rip. It ends with its
 * parameters (struct parameters of payload.c), which are patched into the copy. It starts as an
 * ELF entry point does: %rsp at argc, nothing known of the other registers.
 */
#include <sys/syscall.h>

#define LINK_ADDRESS 0
#define FIRST        8
#define SECOND       16

    .macro payload name
    .balign 16
    .globl  payload_\name
    .hidden payload_\name
payload_\name:
start_\name:
    .endm

    .macro end_payload name
    .balign 8
parameters_\name:
    .fill   3, 8, 0
    .globl  payload_\name\()_end
    .hidden payload_\name\()_end
payload_\name\()_end:
end_\name:
    .endm

    /* \register = where the link-time address in the first parameter is at run time */
    .macro first_address name, register
    lea     start_\name(%rip), \register
    sub     parameters_\name + LINK_ADDRESS(%rip), \register
    add     parameters_\name + FIRST(%rip), \register
    .endm

    /* exit_group(%edi) */
    .macro leave_process
    mov     $SYS_exit_group, %eax
    syscall
    .endm

    /* write %rdx bytes from %rsi to standard output; a pipe may take them in parts */
    .macro write_all failed
1:  test    %rdx, %rdx
    jz      2f
    mov     $1, %edi
    mov     $SYS_write, %eax
    syscall
    test    %rax, %rax
    jle     \failed
    add     %rax, %rsi
    sub     %rax, %rdx
    jmp     1b
2:
    .endm

    /* write as above, then exit 0, or 1 if writing failed */
    .macro write_and_leave
    write_all 3f
    xor     %edi, %edi
    jmp     4f
3:  mov     $1, %edi
4:  leave_process
    .endm

    .section .rodata.payload, "a", @progbits

    payload exit
    mov     parameters_exit + FIRST(%rip), %edi
    leave_process
    end_payload exit

    payload zero
    first_address zero, %rdi
    mov     parameters_zero + SECOND(%rip), %rcx
    cld
    xor     %eax, %eax          /* also says "equal", which is the answer for a length of 0 */
    repe scasb
    setne   %al
    movzbl  %al, %edi
    leave_process
    end_payload zero

    payload byte
    first_address byte, %rdi
    mov     parameters_byte + SECOND(%rip), %al
    cmp     %al, (%rdi)
    setne   %al
    movzbl  %al, %edi
    leave_process
    end_payload byte

    payload write
    lea     end_write(%rip), %rsi
    mov     parameters_write + FIRST(%rip), %rdx
    write_and_leave
    end_payload write

    payload pause
1:  mov     $SYS_pause, %eax
    syscall
    jmp     1b
    end_payload pause

    /* The buffer is on the stack, below what the program was given. */
    payload maps
    sub     $4096, %rsp
    lea     maps_path(%rip), %rdi
    xor     %esi, %esi          /* O_RDONLY */
    mov     $SYS_open, %eax
    syscall
    mov     %eax, %ebx
    test    %eax, %eax
    js      maps_failed
maps_more:
    mov     %ebx, %edi
    mov     %rsp, %rsi
    mov     $4096, %edx
    mov     $SYS_read, %eax
    syscall
    test    %rax, %rax
    js      maps_failed
    jz      maps_done
    mov     %rax, %rdx
    write_all maps_failed
    jmp     maps_more
maps_done:
    xor     %edi, %edi
    leave_process
maps_failed:
    mov     $1, %edi
    leave_process
maps_path:
    .asciz  "/proc/self/maps"
    end_payload maps

    payload auxv
    mov     (%rsp), %rax        /* argc */
    lea     16(%rsp, %rax, 8), %rdx
1:  add     $8, %rdx            /* over envp, and its NULL */
    cmpq    $0, -8(%rdx)
    jne     1b
2:  add     $16, %rdx           /* over auxv, and its AT_NULL pair */
    cmpq    $0, -16(%rdx)
    jne     2b
    mov     %rsp, %rsi
    sub     %rsi, %rdx
    write_and_leave
    end_payload auxv

    /* Pushed from the last to the first, so that they lie in memory from the first to the last. */
    payload registers
    pushfq
    .irp    register, r15, r14, r13, r12, r11, r10, r9, r8, rsp, rbp, rdi, rsi, rdx, rcx, rbx, rax
    push    %\register
    .endr
    lea     17 * 8(%rsp), %rax  /* what %rsp was; the value pushed was in the middle of this */
    mov     %rax, 7 * 8(%rsp)
    mov     %rsp, %rsi
    mov     $17 * 8, %edx
    write_and_leave
    end_payload registers

    .section .note.GNU-stack, "", @progbits
