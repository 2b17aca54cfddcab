/* SPDX-License-Identifier: 0BSD */
/*
 * Errors.
 *
 * Every function of vetsock that can fail returns 0 or a count on success and a negative error on
 * failure: minus the errno of the call that failed (-ECONNRESET, never a copy of the variable
 * errno), or one of the library's own below, which all lie under -5000, beyond every errno of every
 * system.  Errors are never merged: EPIPE, ECONNRESET, ECONNABORTED, ETIMEDOUT and VET_EDEADLINE
 * stay five things.
 */
#ifndef VETSOCK_ERROR_H
#define VETSOCK_ERROR_H

#include <stddef.h>

#include <vetsock/attributes.h>

VET_BEGIN_DECLS

enum {
	/* The stream ended before all that was asked for had come, or a datagram socket was shut
	   down for reading. */
	VET_EOF = -5001,
	/* The deadline of this socket passed.  The socket is as usable as before.  Never confused
	 * with -ETIMEDOUT, by which the kernel says that it has given the connection up. */
	VET_EDEADLINE = -5002,
	/* A table of system calls was refused: absent, too old, too short, or without a required
	 * entry; vet_sys_check() tells which. */
	VET_ETABLE = -5003,
};

/* The name of an error as it is written in C: "ECONNRESET" for -ECONNRESET, "VET_EOF" for VET_EOF.
 * Where two names share one number on this system, the one of POSIX's socket interface (EAGAIN,
 * EOPNOTSUPP).  "OK" for 0 and every positive number, "UNKNOWN" for an error that has no name.
 * Never NULL; constant memory; any thread. */
VET_API const char *vet_error_name(int error);

/* One sentence, without a final stop, that says what the error means: "the peer reset the
 * connection".  Never NULL; constant memory; any thread; the same in every locale. */
VET_API const char *vet_error_message(int error);

/* The error of a name ("ECONNRESET" gives -ECONNRESET), of `size` bytes without a terminator; 0 if
 * there is none. */
VET_API int vet_error_from_name(const char *name, size_t size);

VET_END_DECLS

#endif
