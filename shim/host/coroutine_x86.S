/* SPDX-License-Identifier: 0BSD */
/* i386, System V ABI: a function keeps ebx, esi, edi, ebp, and the control word of x87. */
	.text
	.globl	vet_coroutine_swap
	.hidden	vet_coroutine_swap
	.type	vet_coroutine_swap, @function
vet_coroutine_swap:	/* (void **from, void *to) on the stack */
	.cfi_startproc
	endbr32
	movl	4(%esp), %eax
	movl	8(%esp), %edx
	pushl	%ebp
	pushl	%edi
	pushl	%esi
	pushl	%ebx
	subl	$4, %esp
	fnstcw	(%esp)
	movl	%esp, (%eax)
	movl	%edx, %esp
	fldcw	(%esp)
	addl	$4, %esp
	popl	%ebx
	popl	%esi
	popl	%edi
	popl	%ebp
	popl	%edx
	jmp	*%edx
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, @function
vet_coroutine_enter:	/* ebx: the coroutine */
	.cfi_startproc
	.cfi_undefined eip
	endbr32
	xorl	%ebp, %ebp
	andl	$-16, %esp
	subl	$12, %esp
	pushl	%ebx
	/* Position independent code calls through ebx; a hidden symbol needs none. */
	call	vet_coroutine_begin
	ud2
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter

	.section	.note.GNU-stack, "", @progbits
