/* SPDX-License-Identifier: 0BSD */
#ifndef VETSOCK_SRC_SLOW_H
#define VETSOCK_SRC_SLOW_H

/* What follows when the first try was not enough, when the arguments are no common ones, or when a
 * text is wrong: kept out of the way of the others, which then need few registers and little code
 * (bench/figures counts the instructions). */
#define VET_SLOW __attribute__((noinline, cold))

#endif
