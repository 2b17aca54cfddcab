/* SPDX-License-Identifier: 0BSD */
/*
 * i386, System V ABI: a function keeps ebx, esi, edi, ebp, and the control words of x87 and SSE.
 * Where the compiler does not use SSE, the processor may have none.
 */
#if defined __i386__ && defined __ELF__
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
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebp, 0
	pushl	%edi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset edi, 0
	pushl	%esi
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset esi, 0
	pushl	%ebx
	.cfi_adjust_cfa_offset 4
	.cfi_rel_offset ebx, 0
	subl	$8, %esp
	.cfi_adjust_cfa_offset 8
#ifdef __SSE__
	stmxcsr	(%esp)
#endif
	fnstcw	4(%esp)
	movl	%esp, (%eax)
	movl	%edx, %esp	/* the other stack looks the same from here on */
#ifdef __SSE__
	ldmxcsr	(%esp)
#endif
	fldcw	4(%esp)
	addl	$8, %esp
	.cfi_adjust_cfa_offset -8
	popl	%ebx
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebx
	popl	%esi
	.cfi_adjust_cfa_offset -4
	.cfi_restore esi
	popl	%edi
	.cfi_adjust_cfa_offset -4
	.cfi_restore edi
	popl	%ebp
	.cfi_adjust_cfa_offset -4
	.cfi_restore ebp
	ret
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, @function
vet_coroutine_enter:	/* ebx: the coroutine */
	.cfi_startproc
	.cfi_undefined eip	/* who looks back along the stack stops here */
	endbr32
	xorl	%ebp, %ebp
	andl	$-16, %esp
	subl	$12, %esp
	pushl	%ebx
	call	vet_coroutine_begin
	ud2
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter
	.hidden	vet_coroutine_begin
#endif

#ifdef __ELF__
	.section	.note.GNU-stack, "", @progbits
#endif
