/* Heads of _init and _fini. Code that older objects have in .init and .fini runs between these
 * heads and the tails in crtn.S (gABI, "Initialization and Termination Functions"). */
	.section .init, "ax", @progbits
	.globl	_init
	.type	_init, @function
_init:
	sub	$8, %rsp
	.section .fini, "ax", @progbits
	.globl	_fini
	.type	_fini, @function
_fini:
	sub	$8, %rsp
	.section .note.GNU-stack, "", @progbits
