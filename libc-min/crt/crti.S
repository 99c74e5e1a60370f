/* Heads of _init and _fini: what older objects put into .init and .fini runs between these and
 * crtn.S's tails (gABI, "Initialization and Termination Functions"). */
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
