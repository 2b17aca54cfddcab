/* SPDX-License-Identifier: 0BSD */
/* AArch64, AAPCS64: a function keeps x19 to x29, the lower halves of v8 to v15, and the way of
 * rounding (FPCR); x30 is its way back. */
#if defined __aarch64__ && defined __LP64__ && defined __ELF__
	.text
	.globl	vet_coroutine_swap
	.hidden	vet_coroutine_swap
	.type	vet_coroutine_swap, %function
vet_coroutine_swap:	/* (void **from, void *to) in x0, x1 */
	.cfi_startproc
	hint	#34		/* bti c */
	stp	x19, x20, [sp, #-176]!
	.cfi_adjust_cfa_offset 176
	stp	x21, x22, [sp, #16]
	stp	x23, x24, [sp, #32]
	stp	x25, x26, [sp, #48]
	stp	x27, x28, [sp, #64]
	stp	x29, x30, [sp, #80]
	stp	d8, d9, [sp, #96]
	stp	d10, d11, [sp, #112]
	stp	d12, d13, [sp, #128]
	stp	d14, d15, [sp, #144]
	mrs	x3, fpcr
	str	x3, [sp, #160]
	.cfi_rel_offset x29, 80
	.cfi_rel_offset x30, 88
	mov	x2, sp
	str	x2, [x0]
	mov	sp, x1		/* the other stack looks the same from here on */
	ldr	x4, [sp, #160]
	cmp	x3, x4
	b.eq	1f		/* writing it is slow, and it hardly ever differs */
	msr	fpcr, x4
1:	ldp	d14, d15, [sp, #144]
	ldp	d12, d13, [sp, #128]
	ldp	d10, d11, [sp, #112]
	ldp	d8, d9, [sp, #96]
	ldp	x29, x30, [sp, #80]
	.cfi_restore x29
	.cfi_restore x30
	ldp	x27, x28, [sp, #64]
	ldp	x25, x26, [sp, #48]
	ldp	x23, x24, [sp, #32]
	ldp	x21, x22, [sp, #16]
	ldp	x19, x20, [sp], #176
	.cfi_adjust_cfa_offset -176
	ret
	.cfi_endproc
	.size	vet_coroutine_swap, . - vet_coroutine_swap

	.globl	vet_coroutine_enter
	.hidden	vet_coroutine_enter
	.type	vet_coroutine_enter, %function
vet_coroutine_enter:	/* x19: the coroutine */
	.cfi_startproc
	.cfi_undefined x30	/* who looks back along the stack stops here */
	hint	#34		/* bti c */
	mov	x0, x19
	mov	x29, xzr
	bl	vet_coroutine_begin
	brk	#0
	.cfi_endproc
	.size	vet_coroutine_enter, . - vet_coroutine_enter
	.hidden	vet_coroutine_begin
#endif

#ifdef __ELF__
	.section	.note.GNU-stack, "", %progbits
#endif
