/* uint64_t calls_NAME(const struct registers *, unsigned width): fills every register from there,
 * calls NAME through its slot of the PLT, and returns what that returns.
 * calls_descriptor(), with -DDESCRIPTOR: asks a TLS descriptor for a variable, then calls seen_plain,
 * and returns its answer: the variable's offset from the thread pointer, and 1. */
#include "registers.h"

	.text
	.macro	CALLS name
	.globl	calls_\name
	.type	calls_\name, @function
calls_\name:
	push	%rbx
	push	%rbp
	push	%r12
	push	%r13
	push	%r14
	push	%r15
	sub	$24, %rsp		/* the call is made with %rsp a multiple of 16 */
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	fxrstor64 AT_X87(%rdi)		/* the control words, and eight numbers */
	cmp	$256, %esi
	ja	3f
	je	2f
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movups	AT_VECTORS+64*\n(%rdi), %xmm\n
	.endr
	jmp	4f
2:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	vmovups	AT_VECTORS+64*\n(%rdi), %ymm\n
	.endr
	jmp	4f
3:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	vmovups	AT_VECTORS+64*\n(%rdi), %zmm\n
	.endr
	.irp	n, 0,1,2,3,4,5,6,7
	kmovq	AT_MASKS+8*\n(%rdi), %k\n
	.endr
4:	mov	0(%rdi), %rax
	mov	8(%rdi), %rcx
	mov	16(%rdi), %rdx
	mov	24(%rdi), %rsi
	mov	40(%rdi), %r8
	mov	48(%rdi), %r9
	mov	56(%rdi), %r10
	mov	64(%rdi), %rbx
	mov	72(%rdi), %rbp
	mov	80(%rdi), %r12
	mov	88(%rdi), %r13
	mov	96(%rdi), %r14
	mov	104(%rdi), %r15
	mov	32(%rdi), %rdi
#ifdef DESCRIPTOR
	lea	variable@tlsdesc(%rip), %rax
	call	*variable@tlscall(%rax)
	call	seen_plain@PLT
#else
	call	\name@PLT
#endif
	fninit
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	add	$24, %rsp
	pop	%r15
	pop	%r14
	pop	%r13
	pop	%r12
	pop	%rbp
	pop	%rbx
	ret
	.size	calls_\name, .-calls_\name
	.endm

#ifdef DESCRIPTOR
	CALLS	descriptor

	.section .tdata, "awT", @progbits
	.globl	variable
	.type	variable, @object
	.size	variable, 4
variable:
	.long	42
#else
	CALLS	seen_plain
	CALLS	seen_indirect
#endif
	.section .note.GNU-stack, "", @progbits
