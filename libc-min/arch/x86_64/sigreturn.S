/* The return address of signal handlers (sigreturn(2)). gdb and unwinders recognize a signal's
 * frame by these two instructions. */
	.text
	.globl	__signal_return
	.hidden	__signal_return
	.type	__signal_return, @function
__signal_return:
	mov	$15, %rax		/* SYS_rt_sigreturn */
	syscall
	.size	__signal_return, .-__signal_return
	.section .note.GNU-stack, "", @progbits
