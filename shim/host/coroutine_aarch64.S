/* SPDX-License-Identifier: 0BSD */
/* AArch64, AAPCS64: a function keeps x19 to x29, the lower halves of v8 to v15, and x30 is its way
 * back. */
	.text
	.globl	vet_coroutine_swap
	.hidden	vet_coroutine_swap
	.type	vet_coroutine_swap, %function
vet_coroutine_swap:	/* (void **from, void *to) in x0, x1 */
	.cfi_startproc
	hint	#34		/* bti c */
	sub	sp, sp, #176
	stp	x19, x20, [sp, #0]
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mov	x2, sp
	str	x2, [x0]
	mov	sp, x1
	ldp	x19, x20, [sp, #0]
	ldp	x21, x22, [sp, #16]
	ldp	x23, x24, [sp, #32]
	ldp	x25, x26, [sp, #48]
	ldp	x27, x28, [sp, #64]
	ldp	x29, x30, [sp, #80]
	ldp	d8, d9, [sp, #96]
	ldp	d10, d11, [sp, #112]
	ldp	d12, d13, [sp, #128]
	ldp	d14, d15, [sp, #144]
	add	sp, sp, #176
	ret
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, %function
vet_coroutine_enter:	/* x19: the coroutine */
	.cfi_startproc
	.cfi_undefined x30
	hint	#34		/* bti c */
	mov	x0, x19
	mov	x29, xzr
	bl	vet_coroutine_begin
	brk	#0
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter

	.section	.note.GNU-stack, "", %progbits
