/* __thread_clone(flags, stack, tid, thread, clear_tid, start) and __thread_unmap(map, size) are not
 * in C, because the stack changes or disappears. */
	.text
	.globl	__thread_clone
	.hidden	__thread_clone
	.type	__thread_clone, @function
__thread_clone:
	mov	%r8, %r10		/* clear_tid: the fourth argument of the system call */
	mov	%rcx, %r8		/* thread: the new thread pointer, the fifth argument; start stays in %r9 */
	mov	$56, %eax		/* SYS_clone */
	syscall
	test	%eax, %eax
	jnz	1f
	xor	%ebp, %ebp		/* the new thread: marks the outermost frame */
	mov	%r8, %rdi
	and	$-16, %rsp
	call	*%r9
	hlt
1:	ret
	.size	__thread_clone, .-__thread_clone

	.globl	__thread_unmap
	.hidden	__thread_unmap
	.type	__thread_unmap, @function
__thread_unmap:
	mov	$11, %eax		/* SYS_munmap; no stack from here on */
	syscall
	xor	%edi, %edi
	mov	$60, %eax		/* SYS_exit: ends this thread alone */
	syscall
	hlt
	.size	__thread_unmap, .-__thread_unmap

	.section .note.GNU-stack, "", @progbits
