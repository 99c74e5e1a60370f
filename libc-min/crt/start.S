/* _start of crt1.o and Scrt1.o, and the second half of rcrt1.o's: the process begins here (psABI
 * 3.4.1).  %rsp points at argc, above it argv, envp and the auxiliary vector.  What libraries want
 * done at exit, in %rdx, is the dynamic linker's own business in musl's ABI: not passed on.
 *
 *     __libc_start_main(main, argc, argv, _init, _fini, NULL)
 */
	.text
#ifdef SELF_RELOCATE
	.hidden	__self_relocate
	.globl	_start
	.type	_start, @function
_start:
	xor	%ebp, %ebp
	mov	%rsp, %rbx		/* kept over the call */
	and	$-16, %rsp
	lea	_DYNAMIC(%rip), %rdi
	.hidden	_DYNAMIC
	mov	_GLOBAL_OFFSET_TABLE_(%rip), %rsi /* GOT[0]: where _DYNAMIC was linked (psABI 5.2) */
	call	__self_relocate
	mov	%rbx, %rsp
#else
	.globl	_start
	.type	_start, @function
_start:
	xor	%ebp, %ebp		/* the outermost frame */
#endif
	mov	(%rsp), %esi
	lea	8(%rsp), %rdx
	mov	main@GOTPCREL(%rip), %rdi
	mov	_init@GOTPCREL(%rip), %rcx
	mov	_fini@GOTPCREL(%rip), %r8
	xor	%r9d, %r9d
	and	$-16, %rsp
	call	*__libc_start_main@GOTPCREL(%rip)
	hlt
	.size	_start, .-_start
	.section .note.GNU-stack, "", @progbits
