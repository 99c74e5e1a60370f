/* vfork(2): the child runs on the parent's stack and returns first, so the return address must not
 * stay on the stack. */
	.text
	.globl	vfork
	.type	vfork, @function
	.hidden	__sys_result
vfork:
	pop	%rdx			/* the kernel preserves it */
	mov	$58, %eax		/* SYS_vfork */
	syscall
	push	%rdx
	mov	%rax, %rdi
	jmp	__sys_result
	.size	vfork, .-vfork
	.section .note.GNU-stack, "", @progbits
