/* setjmp(3), sigsetjmp(3). A jmp_buf has, in 8-byte words: rbx rbp r12 r13 r14 r15 rsp rip, which a
 * called function preserves (psABI 3.2.1); then a flag that says if the mask was saved; then the
 * mask.
 *
 * A system call saves the mask last, and its result is not needed. */
	.text
	.globl	setjmp, _setjmp, __setjmp
	.type	setjmp, @function
	.type	_setjmp, @function
	.type	__setjmp, @function
setjmp:
_setjmp:
__setjmp:
	xor	%esi, %esi
	.globl	sigsetjmp, __sigsetjmp
	.type	sigsetjmp, @function
	.type	__sigsetjmp, @function
sigsetjmp:
__sigsetjmp:
	mov	%rbx, (%rdi)
	mov	%rbp, 8(%rdi)
	mov	%r12, 16(%rdi)
	mov	%r13, 24(%rdi)
	mov	%r14, 32(%rdi)
	mov	%r15, 40(%rdi)
	lea	8(%rsp), %rdx		/* its value after the return */
	mov	%rdx, 48(%rdi)
	mov	(%rsp), %rdx
	mov	%rdx, 56(%rdi)
	xor	%eax, %eax
	movslq	%esi, %rsi
	mov	%rsi, 64(%rdi)
	test	%esi, %esi
	jnz	1f
	ret
1:	lea	72(%rdi), %rdx		/* the place for the old mask */
	xor	%esi, %esi
	xor	%edi, %edi		/* SIG_BLOCK of nothing */
	mov	$8, %r10d
	mov	$14, %eax		/* SYS_rt_sigprocmask */
	syscall
	xor	%eax, %eax
	ret
	.size	setjmp, .-setjmp
	.size	sigsetjmp, .-sigsetjmp

	.globl	longjmp, _longjmp, siglongjmp
	.type	longjmp, @function
	.type	_longjmp, @function
	.type	siglongjmp, @function
siglongjmp:
longjmp:
_longjmp:
	mov	%rdi, %r8
	mov	%esi, %r9d
	mov	(%r8), %rbx
	mov	8(%r8), %rbp
	mov	16(%r8), %r12
	mov	24(%r8), %r13
	mov	32(%r8), %r14
	mov	40(%r8), %r15
	mov	48(%r8), %rsp
	cmpq	$0, 64(%r8)		/* restores the mask last: a signal that it unblocks is handled on the new stack */
	jz	1f
	lea	72(%r8), %rsi
	xor	%edx, %edx
	mov	$8, %r10d
	mov	$2, %edi		/* SIG_SETMASK */
	mov	$14, %eax
	syscall
1:	mov	%r9d, %eax
	cmp	$1, %eax		/* ISO C 7.13.2.1: 0 becomes 1 */
	adc	$0, %eax
	jmp	*56(%r8)
	.size	longjmp, .-longjmp
	.section .note.GNU-stack, "", @progbits
