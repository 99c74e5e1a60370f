/* Where the kernel, or uexec, enters: %rsp points at argc (psABI 3.4.1). main.c does the rest and
 * says where the program begins, and with which stack pointer. */
	.text
	.globl	_start
	.type	_start, @function
_start:
	.cfi_startproc
	.cfi_undefined %rip		/* the outermost frame */
	xor	%ebp, %ebp
	mov	%rsp, %rdi
	and	$-16, %rsp
	call	rt_start
	mov	%rdx, %rsp
	mov	rt_exit(%rip), %rdx	/* a function for atexit(), or 0 */
	xor	%ecx, %ecx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%ebp, %ebp
	jmp	*%rax
	.cfi_endproc
	.size	_start, .-_start
	.section .note.GNU-stack, "", @progbits
