/* SPDX-License-Identifier: 0BSD */
/* Worker processes: they take the scenarios in turn from a counter that they share, and send what
 * came of each through a pipe.  One that dies is replaced, and its scenario is told. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "explore.h"

enum { WORKERS = 64, LOOK_MILLISECONDS = 100 };

static const size_t none = SIZE_MAX;

/* What all processes see. */
struct shared {
	atomic_size_t next;        /* scenario that nobody has taken */
	atomic_size_t at[WORKERS]; /* that each worker is at; none */
	struct vet_plan running[WORKERS];
};

struct workers {
	struct exploration *exploration;
	struct shared *shared;
	unsigned count; /* places */
	struct worker {
		pid_t pid; /* 0: there is none */
		int fd;
	} worker[WORKERS];
	sigset_t mask_before;
	struct sigaction action_before[3];
	bool cannot_fork;
};

/* ---- signals ---- */

static const int deadly[] = { SIGINT, SIGTERM, SIGHUP };

enum { DEADLY = sizeof(deadly) / sizeof(deadly[0]) };

static volatile sig_atomic_t interrupted; /* by that signal */

static void interrupt(int number)
{
	interrupted = number;
}

static void take_signals(struct workers *workers)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = interrupt;
	(void)sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < DEADLY; i++) {
		(void)sigaction(deadly[i], NULL, &workers->action_before[i]);
		if (workers->action_before[i].sa_handler != SIG_IGN)
			(void)sigaction(deadly[i], &action, NULL);
	}
}

static void give_back_signals(struct workers *workers)
{
	for (size_t i = 0; i < DEADLY; i++)
		(void)sigaction(deadly[i], &workers->action_before[i], NULL);
}

/* No signal comes between fork() and what each process makes of signals. */
static void hold_signals(struct workers *workers)
{
	sigset_t mask;

	(void)sigemptyset(&mask);
	for (size_t i = 0; i < DEADLY; i++)
		(void)sigaddset(&mask, deadly[i]);
	(void)sigprocmask(SIG_BLOCK, &mask, &workers->mask_before);
}

static void let_signals(struct workers *workers)
{
	(void)sigprocmask(SIG_SETMASK, &workers->mask_before, NULL);
}

/* ---- in a worker ---- */

static pid_t parent;

/* The parent may have been ended in a way that it could not see coming. */
static void end_without_parent(void)
{
	if (getppid() != parent)
		_exit(1);
}

static void work(struct exploration *exploration, struct shared *shared, unsigned place, int fd)
{
	bool is_sent = true;
	size_t index;

	exploration->look_up = end_without_parent;
	exploration->options.running = &shared->running[place];
	while (is_sent && (index = atomic_fetch_add(&shared->next, 1)) < exploration->count) {
		atomic_store(&shared->at[place], index);
		explore_one(exploration, &exploration->outcomes[index]);
		is_sent = explore_send(fd, exploration->outcomes, index);
		atomic_store(&shared->at[place], none);
	}
	(void)fflush(stdout); /* what plug-ins have printed */
	_exit(is_sent ? 0 : 1);
}

/* ---- in the parent ---- */

static void close_others(const struct workers *workers)
{
	for (unsigned i = 0; i < workers->count; i++)
		if (workers->worker[i].pid > 0)
			(void)close(workers->worker[i].fd);
}

static bool start_worker(struct workers *workers, unsigned place)
{
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return false;
	atomic_store(&workers->shared->at[place], none);
	(void)fflush(NULL); /* what is in a buffer would be written twice */
	parent = getpid();
	hold_signals(workers);
	pid = fork();
	if (pid == 0) {
		give_back_signals(workers);
		let_signals(workers);
		close_others(workers);
		(void)close(ends[0]);
		work(workers->exploration, workers->shared, place, ends[1]);
	}
	let_signals(workers);
	(void)close(ends[1]);
	if (pid < 0) {
		(void)close(ends[0]);
		return false;
	}
	workers->worker[place] = (struct worker){ pid, ends[0] };
	return true;
}

static bool has_work(const struct workers *workers)
{
	return atomic_load(&workers->shared->next) < workers->exploration->count;
}

static void tell_death(struct outcome *outcome, int status, const struct vet_plan *running)
{
	static struct vet_plan plans[WORKERS]; /* of the first crashes: there are seldom more */
	static size_t count;

	outcome->trouble = "crash";
	outcome->report.scenarios = 1;
	if (WIFSIGNALED(status))
		(void)snprintf(outcome->trouble_message, sizeof(outcome->trouble_message),
			       "its process was ended by signal %d (%s)", WTERMSIG(status),
			       strsignal(WTERMSIG(status)));
	else
		(void)snprintf(outcome->trouble_message, sizeof(outcome->trouble_message),
			       "its process ended by itself, with status %d", WEXITSTATUS(status));
	outcome->is_done = true;
	if (count == WORKERS)
		return;
	plans[count] = *running;
	outcome->trouble_plan = &plans[count++];
}

static int reap(struct worker *worker)
{
	int status = 0;

	(void)close(worker->fd);
	while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	worker->pid = 0;
	return status;
}

/* A worker has said its last: it is done, or has died of a scenario. */
static void retire(struct workers *workers, unsigned place)
{
	struct exploration *exploration = workers->exploration;
	int status = reap(&workers->worker[place]);
	size_t at = atomic_load(&workers->shared->at[place]);

	if (at < exploration->count && !exploration->outcomes[at].is_done)
		tell_death(&exploration->outcomes[at], status, &workers->shared->running[place]);
	if (interrupted == 0 && has_work(workers) && !start_worker(workers, place))
		workers->cannot_fork = true;
}

static void end_all(struct workers *workers)
{
	for (unsigned i = 0; i < workers->count; i++) {
		if (workers->worker[i].pid == 0)
			continue;
		(void)kill(workers->worker[i].pid, SIGKILL);
		(void)reap(&workers->worker[i]);
	}
}

static void show_progress(const struct workers *workers)
{
	struct exploration *exploration = workers->exploration;
	size_t done = 0, first = none;

	for (size_t i = 0; i < exploration->count; i++)
		done += exploration->outcomes[i].is_done;
	for (unsigned i = 0; i < workers->count; i++) {
		size_t at = atomic_load(&workers->shared->at[i]);

		first = at < first ? at : first;
	}
	if (first < exploration->count)
		progress_show(&exploration->progress, done,
			      exploration->outcomes[first].scenario->name);
}

/* Whether any worker is there still. */
static bool listen_once(struct workers *workers)
{
	struct exploration *exploration = workers->exploration;
	struct pollfd polled[WORKERS];
	unsigned places[WORKERS];
	nfds_t count = 0;

	for (unsigned i = 0; i < workers->count; i++) {
		if (workers->worker[i].pid == 0)
			continue;
		places[count] = i;
		polled[count++] = (struct pollfd){ workers->worker[i].fd, POLLIN, 0 };
	}
	if (count == 0)
		return false;
	if (poll(polled, count, LOOK_MILLISECONDS) <= 0)
		return true;
	for (nfds_t i = 0; i < count; i++)
		if (polled[i].revents != 0 &&
		    !explore_receive(polled[i].fd, exploration->outcomes, exploration->count))
			retire(workers, places[i]);
	return true;
}

static void listen_to_all(struct workers *workers)
{
	struct exploration *exploration = workers->exploration;

	while (interrupted == 0 && !workers->cannot_fork && listen_once(workers)) {
		if (!exploration->request->json)
			explore_tell_violations(exploration);
		show_progress(workers);
	}
	progress_clear(&exploration->progress);
	end_all(workers);
}

/* Ends this process as the signal would have. */
static void end_as_interrupted(void)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	action.sa_handler = SIG_DFL;
	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(interrupted, &action, NULL);
	(void)raise(interrupted);
}

/* Someone else's signal may have ended a worker between two scenarios. */
static void complete(struct exploration *exploration)
{
	for (size_t i = 0; i < exploration->count; i++) {
		struct outcome *outcome = &exploration->outcomes[i];

		if (outcome->is_done)
			continue;
		outcome->trouble = "unexplored";
		outcome->is_done = true;
		(void)snprintf(outcome->trouble_message, sizeof(outcome->trouble_message),
			       "its process was ended before it could be explored");
	}
	if (!exploration->request->json)
		explore_tell_violations(exploration);
}

static bool complain(void)
{
	fprintf(stderr, "%s: no process can be made: %s\n", explore_command, strerror(errno));
	return false;
}

bool explore_in_workers(struct exploration *exploration)
{
	static struct workers workers;

	workers.exploration = exploration;
	workers.count = exploration->jobs < exploration->count ? exploration->jobs
							       : (unsigned)exploration->count;
	workers.shared = mmap(NULL, sizeof(*workers.shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (workers.shared == MAP_FAILED)
		return complain();
	progress_begin(&exploration->progress, exploration->count);
	(void)signal(SIGPIPE, SIG_IGN); /* who reads the report may go away */
	take_signals(&workers);
	for (unsigned i = 0; i < workers.count && !workers.cannot_fork; i++)
		workers.cannot_fork = !start_worker(&workers, i);
	if (workers.cannot_fork)
		(void)complain();
	listen_to_all(&workers);
	give_back_signals(&workers);
	(void)munmap(workers.shared, sizeof(*workers.shared));
	if (interrupted != 0)
		end_as_interrupted();
	if (!workers.cannot_fork)
		complete(exploration);
	return !workers.cannot_fork;
}
