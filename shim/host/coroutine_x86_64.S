/* SPDX-License-Identifier: 0BSD */
/*
 * x86-64, System V ABI: a function keeps rbx, rbp, r12 to r15, and the control words of SSE and
 * x87.
 *
 * It returns to where another call was made.  CET's shadow stacks forbid that; nothing in this file
 * says that it suits them, so the linker leaves them off for the whole program.
 */
#if defined __x86_64__ && defined __LP64__ && defined __ELF__
	.text
	.globl	vet_coroutine_swap
	.hidden	vet_coroutine_swap
	.type	vet_coroutine_swap, @function
vet_coroutine_swap:	/* (void **from, void *to) in rdi, rsi */
	.cfi_startproc
	endbr64
	pushq	%rbp
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbp, 0
	pushq	%rbx
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset rbx, 0
	pushq	%r15
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r15, 0
	pushq	%r14
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r14, 0
	pushq	%r13
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r13, 0
	pushq	%r12
	.cfi_adjust_cfa_offset 8
	.cfi_rel_offset r12, 0
	subq	$8, %rsp
	.cfi_adjust_cfa_offset 8
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp	/* the other stack looks the same from here on */
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	popq	%r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq	%r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq	%r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq	%r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq	%rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq	%rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	ret
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, @function
vet_coroutine_enter:	/* r12: the coroutine */
	.cfi_startproc
	.cfi_undefined rip	/* who looks back along the stack stops here */
	endbr64
	movq	%r12, %rdi
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	vet_coroutine_begin
	ud2
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter
	.hidden	vet_coroutine_begin
#endif

#ifdef __ELF__
	.section	.note.GNU-stack, "", @progbits
#endif
