/* SPDX-License-Identifier: 0BSD */
/* Notices a program that runs and makes no call: the only use of real time. */
#ifndef VETSOCK_HOST_WATCHDOG_H
#define VETSOCK_HOST_WATCHDOG_H

#include <setjmp.h>
#include <stdint.h>

enum { WATCHDOG_JUMP = 2 };

/* SIGALRM (of this thread, if it was blocked) and its timer are taken, and given back as they were.
 * 0, or a negative errno; -EBUSY: it watches already. */
int vet_watchdog_start(void);
void vet_watchdog_stop(void);

/* While a program runs: if *calls stays the same for a second, siglongjmp(*escape, WATCHDOG_JUMP).
 * */
void vet_watchdog_begin(const uint64_t *calls, sigjmp_buf *escape);
void vet_watchdog_end(void);

#endif
