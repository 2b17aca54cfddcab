/* SPDX-License-Identifier: 0BSD */
#include "worker.h"

#include <errno.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- threads ---- */

static void *worker_main(void *argument)
{
	struct worker *worker = argument;
	checks_end(IN_WORKER);
	atomic_store(&worker->id, (int)gettid());
	worker->run(worker->data);
	return NULL;
}

void worker_start(struct worker *worker, void (*run)(void *), void *data)
{
	sigset_t all, before;
	worker->run = run;
	worker->data = data;
	atomic_init(&worker->id, 0);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	int error = pthread_create(&worker->thread, NULL, worker_main, worker);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	SAME(-error, 0);
	checks_beside(1);
}

void worker_join(struct worker *worker)
{
	void *failed = NULL;
	SAME(-pthread_join(worker->thread, &failed), 0);
	checks_beside(-1);
	CHECK(failed == NULL); /* the thread has printed its own failure */
}

/* The letter of proc(5), /proc/PID/stat, field 3: it follows the name in parentheses. */
static char thread_state(int id)
{
	char path[64], line[256];
	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/stat", id);
	FILE *file = fopen(path, "re");
	if (file == NULL) {
		return 0;
	}
	const char *got = fgets(line, sizeof(line), file);
	(void)fclose(file);
	const char *name_end = got == NULL ? NULL : strrchr(line, ')');
	return name_end == NULL ? 0 : name_end[2];
}

void worker_wait_asleep(struct worker *worker)
{
	int64_t give_up = clock_read(CLOCK_MONOTONIC) + VET_SECONDS(20);
	for (;;) {
		int id = atomic_load(&worker->id);
		if (id != 0 && thread_state(id) == 'S') {
			return;
		}
		CHECK(clock_read(CLOCK_MONOTONIC) < give_up);
		sched_yield();
	}
}

/* ---- children ---- */

static void child_main(void (*run)(const struct world *), const struct world *world)
{
	checks_end(IN_CHILD);
	signal(SIGPIPE, SIG_DFL);
	alarm(slow_run() ? 300 : 30);
	run(world);
	(void)fflush(NULL);
	_exit(CHILD_HELD);
}

void in_child(void (*run)(const struct world *), const struct world *world)
{
	int status = 0;
	(void)fflush(NULL);
	pid_t child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		child_main(run, world);
	}
	while (waitpid(child, &status, 0) != child) {
		CHECK(errno == EINTR);
	}
	if (WIFSIGNALED(status)) {
		print_error("the child was ended by signal %d (%s)\n", WTERMSIG(status),
			    strsignal(WTERMSIG(status)));
	}
	CHECK(WIFEXITED(status));
	if (WEXITSTATUS(status) == CHILD_SKIPPED) {
		skip();
	}
	SAME(WEXITSTATUS(status), CHILD_HELD);
}

/* ---- storms ---- */

static timer_t storm_timer;
static struct sigaction storm_before;
static atomic_uint storm_signals;
static sem_t storm_counted;

static void storm_handler(int number)
{
	(void)number;
	atomic_fetch_add(&storm_signals, 1);
	(void)sem_post(&storm_counted); /* async-signal-safe: POSIX 2.4.3 */
}

void storm_start(void)
{
	struct sigaction action = { .sa_handler = storm_handler }; /* without SA_RESTART */
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	/* An emulator that takes longer over a signal than it takes to the next never gets on. */
	long interval = slow_run() ? 10000000 : 100000;
	struct itimerspec every = { .it_interval.tv_nsec = interval, .it_value.tv_nsec = interval };

	atomic_store(&storm_signals, 0);
	CHECK(sem_init(&storm_counted, 0, 0) == 0);
	CHECK(sigaction(SIGUSR1, &action, &storm_before) == 0);
	CHECK(timer_create(CLOCK_MONOTONIC, &event, &storm_timer) == 0);
	CHECK(timer_settime(storm_timer, 0, &every, NULL) == 0);
}

void storm_endure(unsigned signals)
{
	for (unsigned i = 0; i < signals;) {
		if (sem_wait(&storm_counted) == 0) {
			i++;
		} else {
			CHECK(errno == EINTR);
		}
	}
}

unsigned storm_stop(void)
{
	CHECK(timer_delete(storm_timer) == 0);
	/* One that was pending is taken before the handler goes: SIG_IGN discards it. */
	signal(SIGUSR1, SIG_IGN);
	CHECK(sigaction(SIGUSR1, &storm_before, NULL) == 0);
	CHECK(sem_destroy(&storm_counted) == 0);
	return atomic_load(&storm_signals);
}
