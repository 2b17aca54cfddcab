/* SPDX-License-Identifier: 0BSD */
#define _POSIX_C_SOURCE 200809L

#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The ledger ends what waits, long before: this is for calls that do not return at all. */
enum { PATIENCES = 3, LAST_SECONDS = 20 };

static volatile sig_atomic_t pipe_count;
static volatile sig_atomic_t hung;
static const char *volatile watched;

static void say(const char *text)
{
	if (write(STDERR_FILENO, text, strlen(text)) < 0)
		return;
}

static void count_pipe(int signal)
{
	(void)signal;
	pipe_count = pipe_count + 1;
}

/* Without SA_RESTART: a call that blocks in the kernel ends with EINTR. */
static void end_hang(int signal)
{
	(void)signal;
	if (!hung) {
		hung = 1;
		(void)alarm(LAST_SECONDS);
		return;
	}
	say("\nconformance: a call of the table does not return in ");
	say(watched);
	say("\n");
	_exit(EXIT_FAILURE);
}

int process_watch_signals(void)
{
	struct sigaction pipe = { .sa_handler = count_pipe };
	struct sigaction hang = { .sa_handler = end_hang };

	(void)sigemptyset(&pipe.sa_mask);
	(void)sigemptyset(&hang.sa_mask);
	if (sigaction(SIGPIPE, &pipe, NULL) < 0 || sigaction(SIGALRM, &hang, NULL) < 0)
		return -errno;
	return 0;
}

void process_watch(const char *id, const struct conformance_environment *environment)
{
	vet_duration patience = environment->patience == 0 ? VET_SECONDS(5) : environment->patience;

	hung = 0;
	watched = id;
	(void)alarm(id == NULL ? 0 : (unsigned)(PATIENCES * patience / VET_SECONDS(1)) + 1);
}

double process_seconds(void)
{
	struct timespec now = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static unsigned long pipe_signals(struct conformance_environment *self)
{
	(void)self;
	return (unsigned long)pipe_count;
}

/* A file without a name, so that nothing is left behind whatever happens. */
static int make_file(struct conformance_environment *self, const void *data, size_t size)
{
	FILE *stream = tmpfile();
	int file = stream == NULL ? -1 : fcntl(fileno(stream), F_DUPFD_CLOEXEC, 0);
	int error = file < 0 ? -errno : 0;

	(void)self;
	if (stream != NULL)
		(void)fclose(stream);
	if (error == 0 && pwrite(file, data, size, 0) != (ssize_t)size)
		error = -EIO;
	if (error != 0 && file >= 0)
		(void)close(file);
	return error != 0 ? error : file;
}

static int64_t file_offset(struct conformance_environment *self, int file)
{
	off_t offset = lseek(file, 0, SEEK_CUR);

	(void)self;
	return offset < 0 ? -errno : offset;
}

static void drop_file(struct conformance_environment *self, int file)
{
	(void)self;
	(void)close(file);
}

struct conformance_environment process_environment(struct vet_sys *sys)
{
	return (struct conformance_environment){
		.sys = sys,
		.make_file = make_file,
		.file_offset = file_offset,
		.drop_file = drop_file,
		.pipe_signals = pipe_signals,
		.hung = &hung,
	};
}
