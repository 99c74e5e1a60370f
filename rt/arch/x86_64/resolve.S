/* Entries that are reached with registers which the compiler knows nothing of. The C they call is
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

RESOLVE	arch_resolve, bind_slot
RESOLVE	arch_resolve_traced, bind_slot_traced

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

/* bool arch_resolver_try(uintptr_t resolver, uintptr_t *choice), and the trap, which goes on where
 * its call ends. One thread at a time: under the linker's lock. */
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

	.globl	arch_indirect_trap
	.hidden	arch_indirect_trap
	.type	arch_indirect_trap, @function
	.p2align 4
arch_indirect_trap:
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
	call	indirect_unready
	.cfi_endproc
	.size	arch_indirect_trap, .-arch_indirect_trap

	.local	resolver_frame
	.comm	resolver_frame, 8, 8

/* A descriptor's second word is the offset from the thread pointer. */
	.globl	arch_descriptor_static
	.hidden	arch_descriptor_static
	.type	arch_descriptor_static, @function
	.p2align 4
arch_descriptor_static:
	.cfi_startproc
	mov	8(%rax), %rax
	ret
	.cfi_endproc
	.size	arch_descriptor_static, .-arch_descriptor_static

/* An undefined weak variable: its address is the addend, wherever the thread pointer is. */
	.globl	arch_descriptor_undefined
	.hidden	arch_descriptor_undefined
	.type	arch_descriptor_undefined, @function
	.p2align 4
arch_descriptor_undefined:
	.cfi_startproc
	mov	8(%rax), %rax
	sub	%fs:0, %rax
	ret
	.cfi_endproc
	.size	arch_descriptor_undefined, .-arch_descriptor_undefined

/* The second word points to module and offset (struct tls_index).  The dynamic thread vector
 * (%fs:8) has the number of its entries in [0]; an entry is a block's address, or 0. */
	.globl	arch_descriptor_dynamic
	.hidden	arch_descriptor_dynamic
	.type	arch_descriptor_dynamic, @function
	.p2align 4
arch_descriptor_dynamic:
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
	.size	arch_descriptor_dynamic, .-arch_descriptor_dynamic
	.section .note.GNU-stack, "", @progbits
