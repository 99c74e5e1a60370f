/* The called side, a library: registers.h. */
#include "registers.h"

	.bss
	.balign	64
own:	.skip	AT_END
own_width:
	.skip	4

	.text

	.globl	seen_prepare
	.type	seen_prepare, @function
seen_prepare:
	mov	%edi, own_width(%rip)
	lea	own(%rip), %rax
	ret
	.size	seen_prepare, .-seen_prepare

/* Nothing may be changed before it is stored: everything goes by %rip. */
	.globl	seen_plain
	.type	seen_plain, @function
seen_plain:
	mov	%rax, own+0(%rip)
	mov	%rcx, own+8(%rip)
	mov	%rdx, own+16(%rip)
	mov	%rsi, own+24(%rip)
	mov	%rdi, own+32(%rip)
	mov	%r8, own+40(%rip)
	mov	%r9, own+48(%rip)
	mov	%r10, own+56(%rip)
	mov	%rbx, own+64(%rip)
	mov	%rbp, own+72(%rip)
	mov	%r12, own+80(%rip)
	mov	%r13, own+88(%rip)
	mov	%r14, own+96(%rip)
	mov	%r15, own+104(%rip)
	mov	%rsp, own+112(%rip)
	pushf
	pop	own+120(%rip)
	fxsave64 own+AT_X87(%rip)
	cmpl	$256, own_width(%rip)
	ja	3f
	je	2f
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	movups	%xmm\n, own+AT_VECTORS+64*\n(%rip)
	.endr
	jmp	4f
2:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	vmovups	%ymm\n, own+AT_VECTORS+64*\n(%rip)
	.endr
	jmp	4f
3:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	vmovups	%zmm\n, own+AT_VECTORS+64*\n(%rip)
	.endr
	.irp	n, 0,1,2,3,4,5,6,7
	kmovq	%k\n, own+AT_MASKS+8*\n(%rip)
	.endr
4:	inc	%rax
	ret
	.size	seen_plain, .-seen_plain

	.globl	seen_indirect
	.type	seen_indirect, @gnu_indirect_function
seen_indirect:
	cmpl	$256, own_width(%rip)
	ja	3f
	je	2f
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15
	xorps	%xmm\n, %xmm\n
	.endr
	jmp	4f
2:	vzeroall
	jmp	4f
3:
	.irp	n, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	vpxorq	%zmm\n, %zmm\n, %zmm\n
	.endr
	.irp	n, 0,1,2,3,4,5,6,7
	kxorq	%k\n, %k\n, %k\n
	.endr
4:	xor	%ecx, %ecx
	xor	%edx, %edx
	xor	%esi, %esi
	xor	%edi, %edi
	xor	%r8d, %r8d
	xor	%r9d, %r9d
	xor	%r10d, %r10d
	xor	%r11d, %r11d
	lea	seen_local(%rip), %rax
	ret
	.size	seen_indirect, .-seen_indirect
	.set	seen_local, seen_plain
	.section .note.GNU-stack, "", @progbits
