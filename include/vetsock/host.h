/* SPDX-License-Identifier: 0BSD */
/*
 * The real tables of system calls.  Both are constant objects that live as long as the program, and
 * may be used from any number of threads.
 */
#ifndef VETSOCK_HOST_H
#define VETSOCK_HOST_H

#include <vetsock/sys.h>

VET_BEGIN_DECLS

/* The table of this operating system: on Linux its own calls (accept4, ppoll, sendfile, ...),
 * elsewhere that of vet_sys_posix(). */
VET_API struct vet_sys *vet_sys_host(void);

/* POSIX.1-2008 calls alone: no sendfile, and poll in whole milliseconds, rounded up.  A descriptor
 * becomes close-on-exec by a second call: a fork and exec of another thread just between the two
 * passes it on. */
VET_API struct vet_sys *vet_sys_posix(void);

VET_END_DECLS

#endif
