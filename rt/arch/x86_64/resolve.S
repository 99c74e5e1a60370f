/* Lazy binding: PLT0 jumps here, while all registers of arguments are live. The C functions called
 * from here are compiled with -mgeneral-regs-only, so vector registers need not be saved. */
	.text

/* PLT0 has pushed, below the return address, the relocation's index and GOT[1], the object. %rax holds
 * the number of vector registers of a variadic call, %r10 a static chain; %r11 belongs to the PLT.
 *
 * After the call and the two pushes %rsp is 8 bytes below a multiple of 16; after nine registers
 * more it is a multiple of 16, as the call needs. */
.macro RESOLVE name, bind
	.globl	\name
	.hidden	\name
	.type	\name, @function
	.p2align 4
\name:
	.cfi_startproc
	.cfi_def_cfa_offset 24
	push	%rax
	.cfi_adjust_cfa_offset 8
	push	%rcx
	.cfi_adjust_cfa_offset 8
	push	%rdx
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	%rdi
	.cfi_adjust_cfa_offset 8
	push	%r8
	.cfi_adjust_cfa_offset 8
	push	%r9
	.cfi_adjust_cfa_offset 8
	push	%r10
	.cfi_adjust_cfa_offset 8
	push	%r11
	.cfi_adjust_cfa_offset 8
	mov	72(%rsp), %rdi
	mov	80(%rsp), %rsi
	cld				/* psABI 3.2.1: DF is clear at every call, but a program may have set it */
	call	\bind
	pop	%r11
	.cfi_adjust_cfa_offset -8
	mov	%rax, %r11
	pop	%r10
	.cfi_adjust_cfa_offset -8
	pop	%r9
	.cfi_adjust_cfa_offset -8
	pop	%r8
	.cfi_adjust_cfa_offset -8
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdx
	.cfi_adjust_cfa_offset -8
	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	%rax
	.cfi_adjust_cfa_offset -8
	lea	16(%rsp), %rsp		/* lea, not add: keeps the flags */
	.cfi_adjust_cfa_offset -16
	jmp	*%r11
	.cfi_endproc
	.size	\name, .-\name
.endm

RESOLVE	arch_resolve, lazy_bind
RESOLVE	arch_resolve_traced, lazy_bind_traced
	.section .note.GNU-stack, "", @progbits
