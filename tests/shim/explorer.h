/* SPDX-License-Identifier: 0BSD */
/* The explorer over programs of a few calls: what each does, and what must be told of it. */
#ifndef EXPLORER_H
#define EXPLORER_H

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <vetsock/explore.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- the calls of such a program ---- */

#define TEXT "twelve bytes"
enum { TEXT_SIZE = 12 };

#define CALL(trial, entry, ...) \
	((vet_trial_sys(trial)->calls->entry)(vet_trial_sys(trial), __VA_ARGS__))

int raw_socket(struct vet_trial *trial);
int raw_connect(struct vet_trial *trial, int fd);
/* A connected stream; -1: there is none. */
int raw_dial(struct vet_trial *trial);
/* A listener; -1: there is none. */
int raw_listen(struct vet_trial *trial);
int raw_close(struct vet_trial *trial, int fd);
ssize_t raw_send(struct vet_trial *trial, int fd, size_t size); /* the beginning of TEXT */
ssize_t raw_recv(struct vet_trial *trial, int fd, size_t size); /* at most 64 */
ssize_t raw_peek(struct vet_trial *trial, int fd);
int raw_wait(struct vet_trial *trial, int fd, short events, int64_t limit);
int raw_sleep(struct vet_trial *trial, int64_t limit);
/* The time; -1: it was not told. */
int64_t raw_now(struct vet_trial *trial);
/* Of an option: 0, or an error. */
int raw_option(struct vet_trial *trial, int fd);
int raw_peer(struct vet_trial *trial, int fd);
/* The call that changes nothing, and has no fault but five errors. */
int raw_index(struct vet_trial *trial);

/* ---- exploring ---- */

struct explored {
	int result;
	struct vet_explore_report report;
	unsigned count;
	struct vet_violation violation[64];
	/* "leak 'connect@1=EINTR', own ''": each violation in its order */
	char told[4096];
};

const char *explorer_text(const struct vet_plan *plan); /* good until the next */
struct vet_plan explorer_plan(const char *text);
/* options: NULL, or with no `found` and `context` of its own.  Good until the next. */
struct explored *explore(const struct vet_scenario *scenarios, size_t count,
			 const struct vet_explore_options *options);
struct explored *explore_one(void (*run)(struct vet_trial *trial), const void *context,
			     const struct vet_explore_options *options);

/* Under the thread sanitizer a program that makes no call cannot be interrupted, or only once: what
 * needs that is skipped then.  For main(), and for a test. */
void explorer_arguments(int argc, char **argv);
void explorer_skip_without_silent(void);

struct explorer_row {
	const char *name;
	void (*run)(struct vet_trial *trial);
	const char *plan; /* only this one; NULL: every single fault */
	const char *told;
	const char *says; /* in the message of the first; NULL: any */
	const struct vet_world *world;
	vet_duration deadline;
};
/* *report (unless NULL): of the last. */
void explorer_check(const struct explorer_row *rows, size_t count,
		    struct vet_explore_report *report);
#define CHECK_ROWS(rows) explorer_check(rows, COUNT(rows), NULL)

#endif
