/* The functions of TLS descriptors. They change no register but %rax. */
	.text

/* A descriptor's second word is the offset from the thread pointer. */
	.globl	arch_tlsdesc_static
	.hidden	arch_tlsdesc_static
	.type	arch_tlsdesc_static, @function
	.p2align 4
arch_tlsdesc_static:
	.cfi_startproc
	mov	8(%rax), %rax
	ret
	.cfi_endproc
	.size	arch_tlsdesc_static, .-arch_tlsdesc_static

/* An undefined weak variable: its address is the addend, wherever the thread pointer is. */
	.globl	arch_tlsdesc_undefined
	.hidden	arch_tlsdesc_undefined
	.type	arch_tlsdesc_undefined, @function
	.p2align 4
arch_tlsdesc_undefined:
	.cfi_startproc
	mov	8(%rax), %rax
	sub	%fs:0, %rax
	ret
	.cfi_endproc
	.size	arch_tlsdesc_undefined, .-arch_tlsdesc_undefined

/* The second word points to module and offset (struct tls_index). The dynamic thread vector
 * (%fs:8) has the number of its entries in [0]; the others are addresses of blocks, or 0. */
	.globl	arch_tlsdesc_dynamic
	.hidden	arch_tlsdesc_dynamic
	.type	arch_tlsdesc_dynamic, @function
	.p2align 4
arch_tlsdesc_dynamic:
	.cfi_startproc
	push	%rdi
	.cfi_adjust_cfa_offset 8
	push	%rsi
	.cfi_adjust_cfa_offset 8
	mov	8(%rax), %rdi
	mov	%fs:8, %rsi
	mov	(%rdi), %rax		/* module */
	cmp	(%rsi), %rax
	ja	1f
	mov	(%rsi, %rax, 8), %rax
	test	%rax, %rax
	jz	1f
	add	8(%rdi), %rax
2:	sub	%fs:0, %rax
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	pop	%rdi
	.cfi_adjust_cfa_offset -8
	ret
	.cfi_adjust_cfa_offset 16
1:	push	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	mov	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	and	$-16, %rsp
	push	%rcx
	push	%rdx
	push	%r8
	push	%r9
	push	%r10
	push	%r11
	mov	8(%rdi), %rsi
	mov	(%rdi), %rdi
	call	tls_address
	pop	%r11
	pop	%r10
	pop	%r9
	pop	%r8
	pop	%rdx
	pop	%rcx
	mov	%rbp, %rsp
	pop	%rbp
	.cfi_def_cfa %rsp, 24
	jmp	2b
	.cfi_endproc
	.size	arch_tlsdesc_dynamic, .-arch_tlsdesc_dynamic
	.section .note.GNU-stack, "", @progbits
