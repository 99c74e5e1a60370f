/* syscall(2): the number and up to six arguments. Each moves to the register of the argument before
 * it. */
	.text
	.globl	syscall
	.type	syscall, @function
	.hidden	__sys_result
syscall:
	mov	%rdi, %rax
	mov	%rsi, %rdi
	mov	%rdx, %rsi
	mov	%rcx, %rdx
	mov	%r8, %r10
	mov	%r9, %r8
	mov	8(%rsp), %r9
	syscall
	mov	%rax, %rdi
	jmp	__sys_result
	.size	syscall, .-syscall
	.section .note.GNU-stack, "", @progbits
