/* SPDX-License-Identifier: 0BSD */
/*
 * The conformance cases: what vetsock and a table of system calls owe to whoever uses them, one
 * named case each, run against any table.  Single-threaded, over the table's loopback alone, one
 * case after the other, each of them bounded in time and in calls whatever the table does.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <vetsock/vetsock.h>

/* Where the cases run: filled in by who runs them. */
struct conformance_environment {
	struct vet_sys *sys;
	/* How long one case may wait, on the table's clock; 0: five seconds.  Shortened by the
	 * runner once a case has used it up, so that a table which hangs does not hang 200 times. */
	vet_duration patience;
	/* A new file of these bytes, read by the table's pread and sendfile; or a negative error.
	 */
	int (*make_file)(struct conformance_environment *self, const void *data, size_t size);
	/* The file's own offset; NULL: it cannot be told. */
	int64_t (*file_offset)(struct conformance_environment *self, int file);
	void (*drop_file)(struct conformance_environment *self, int file);
	/* How many SIGPIPE this process has been sent; NULL: it cannot be told. */
	unsigned long (*pipe_signals)(struct conformance_environment *self);
	/* Not 0: a call has not returned for long, and was interrupted.  NULL: nobody watches. */
	const volatile sig_atomic_t *hung;
	/* The runner's own: whether ::1 can be used, found out by the first case. */
	bool ipv6_asked;
	int ipv6_error;
};

enum conformance_level {
	CONFORMANCE_MUST,
	CONFORMANCE_MAY, /* common, wished for, and not promised by the standards */
};

enum conformance_verdict {
	CONFORMANCE_HELD,
	CONFORMANCE_FAILED,
	CONFORMANCE_SKIPPED,
};

#define CONFORMANCE_MESSAGE_SIZE 320

struct conformance_result {
	enum conformance_verdict verdict;
	/* What was expected and what came, why it was skipped, or a remark on what held. */
	char message[CONFORMANCE_MESSAGE_SIZE];
};

enum conformance_families {
	CONFORMANCE_ONCE, /* over IPv4 */
	CONFORMANCE_BOTH, /* over IPv4, then over IPv6 where there is one */
	CONFORMANCE_DUAL, /* once, and IPv6 is needed */
};

struct trial;

struct conformance_case {
	const char *id;     /* "group/name" */
	const char *what;   /* one line: what must hold */
	const char *clause; /* and where that is said */
	enum conformance_level level;
	enum conformance_families families;
	void (*run)(struct trial *t);
	const void *row; /* of cases that are rows of data */
};

/* The cases, in their order: NULL from the index after the last on. */
const struct conformance_case *conformance_case_at(size_t index);

/* Runs one case.  Whatever it leaves open is closed, and fails it. */
void conformance_run(const struct conformance_case *one,
		     struct conformance_environment *environment,
		     struct conformance_result *result);

#endif
