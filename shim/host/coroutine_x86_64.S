/* SPDX-License-Identifier: 0BSD */
/* x86-64, System V ABI: a function keeps rbx, rbp, r12 to r15, and the control words of SSE and x87. */
	.text
	.globl	vet_coroutine_swap
	.hidden	vet_coroutine_swap
	.type	vet_coroutine_swap, @function
vet_coroutine_swap:	/* (void **from, void *to) in rdi, rsi */
	.cfi_startproc
	endbr64
	pushq	%rbp
	pushq	%rbx
	pushq	%r15
	pushq	%r14
	pushq	%r13
	pushq	%r12
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	movq	%rsp, (%rdi)
	movq	%rsi, %rsp
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
	popq	%r12
	popq	%r13
	popq	%r14
	popq	%r15
	popq	%rbx
	popq	%rbp
	popq	%rdx
	jmp	*%rdx
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, @function
vet_coroutine_enter:	/* r12: the coroutine */
	.cfi_startproc
	.cfi_undefined rip
	endbr64
	movq	%r12, %rdi
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	call	vet_coroutine_begin
	ud2
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter

	.section	.note.GNU-stack, "", @progbits
