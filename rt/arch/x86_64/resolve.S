/* Lazy binding: where PLT0 jumps, with registers that the compiler knows nothing of. The C it calls is
 * compiled with -mgeneral-regs-only: a vector register is not touched, and need not be saved. */
	.text

/* From PLT0, below the return address: the relocation's index and, on top, GOT[1], the object.
 * %rax: the number of vector registers of a variadic call; %r10: a static chain; %r11: the PLT's.
 *
 *     8 bytes below a multiple of 16 (the call and two pushes); nine registers more: a multiple */
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
	cld				/* psABI 3.2.1 says so of every call; a signal handler... is one */
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
	lea	16(%rsp), %rsp		/* not add: the flags may carry nothing, but cost nothing */
	.cfi_adjust_cfa_offset -16
	jmp	*%r11
	.cfi_endproc
	.size	\name, .-\name
.endm

RESOLVE	arch_resolve, lazy_bind
RESOLVE	arch_resolve_traced, lazy_bind_traced
	.section .note.GNU-stack, "", @progbits
