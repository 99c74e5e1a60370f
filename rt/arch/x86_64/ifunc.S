/* Calling the resolvers of ifuncs. */
	.text

/* uintptr_t arch_resolver_call(uintptr_t resolver): XSAVE of all state that the system has enabled
 * (XCR0), in an area of the size that CPUID leaf 0xd tells; FXSAVE where there is no XSAVE. */
	.globl	arch_resolver_call
	.hidden	arch_resolver_call
	.type	arch_resolver_call, @function
	.p2align 4
arch_resolver_call:
	.cfi_startproc
	push	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	mov	%rsp, %rbp
	.cfi_def_cfa_register %rbp
	push	%rbx
	push	%r12
	mov	%rdi, %r12
	mov	$1, %eax
	xor	%ecx, %ecx
	cpuid
	bt	$27, %ecx		/* OSXSAVE */
	jnc	1f
	mov	$13, %eax
	xor	%ecx, %ecx
	cpuid				/* %ebx: bytes for what XCR0 enables */
	sub	%rbx, %rsp
	and	$-64, %rsp
	xor	%eax, %eax		/* the header has to be zero: XRSTOR reads it */
	mov	%rax, 512(%rsp)
	mov	%rax, 520(%rsp)
	mov	%rax, 528(%rsp)
	mov	%rax, 536(%rsp)
	mov	%rax, 544(%rsp)
	mov	%rax, 552(%rsp)
	mov	%rax, 560(%rsp)
	mov	%rax, 568(%rsp)
	mov	$-1, %eax
	mov	$-1, %edx
	xsave64	(%rsp)
	call	*%r12
	mov	%rax, %rbx
	mov	$-1, %eax
	mov	$-1, %edx
	xrstor64 (%rsp)
	jmp	2f
1:	sub	$512, %rsp
	and	$-16, %rsp
	fxsave64 (%rsp)
	call	*%r12
	mov	%rax, %rbx
	fxrstor64 (%rsp)
2:	mov	%rbx, %rax
	lea	-16(%rbp), %rsp
	pop	%r12
	pop	%rbx
	pop	%rbp
	.cfi_def_cfa %rsp, 8
	ret
	.cfi_endproc
	.size	arch_resolver_call, .-arch_resolver_call

/* bool arch_resolver_try(uintptr_t resolver, uintptr_t *choice). If the resolver calls
 * arch_ifunc_trap, that continues where the resolver would have returned, with %edx = 0: false. Under
 * the linker's lock, because resolver_frame serves one thread at a time. */
	.globl	arch_resolver_try
	.hidden	arch_resolver_try
	.type	arch_resolver_try, @function
	.p2align 4
arch_resolver_try:
	.cfi_startproc
	push	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbp, 0
	push	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %rbx, 0
	push	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r12, 0
	push	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r13, 0
	push	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r14, 0
	push	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset %r15, 0
	push	%rsi
	.cfi_adjust_cfa_offset 8
	push	resolver_frame(%rip)	/* 72 bytes with the return address */
	.cfi_adjust_cfa_offset 8
	push	%rax			/* 80: a multiple of 16 */
	.cfi_adjust_cfa_offset 8
	mov	%rsp, resolver_frame(%rip)
	call	*%rdi
	mov	$1, %edx
1:	pop	%rcx
	.cfi_adjust_cfa_offset -8
	pop	resolver_frame(%rip)
	.cfi_adjust_cfa_offset -8
	pop	%rsi
	.cfi_adjust_cfa_offset -8
	mov	%rax, (%rsi)
	pop	%r15
	.cfi_adjust_cfa_offset -8
	pop	%r14
	.cfi_adjust_cfa_offset -8
	pop	%r13
	.cfi_adjust_cfa_offset -8
	pop	%r12
	.cfi_adjust_cfa_offset -8
	pop	%rbx
	.cfi_adjust_cfa_offset -8
	pop	%rbp
	.cfi_adjust_cfa_offset -8
	mov	%edx, %eax
	ret
	.cfi_endproc
	.size	arch_resolver_try, .-arch_resolver_try

	.globl	arch_ifunc_trap
	.hidden	arch_ifunc_trap
	.type	arch_ifunc_trap, @function
	.p2align 4
arch_ifunc_trap:
	.cfi_startproc
	mov	resolver_frame(%rip), %rcx
	test	%rcx, %rcx
	jz	1f
	mov	%rcx, %rsp
	cld
	xor	%eax, %eax
	xor	%edx, %edx
	jmp	1b
1:	and	$-16, %rsp
	lea	unready(%rip), %rdi
	call	system_die
	.cfi_endproc
	.size	arch_ifunc_trap, .-arch_ifunc_trap

	.section .rodata.str1.1, "aMS", @progbits, 1
unready:
	.string	"an ifunc is called before it is chosen"

	.local	resolver_frame
	.comm	resolver_frame, 8, 8
	.section .note.GNU-stack, "", @progbits
