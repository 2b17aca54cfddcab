/* SPDX-License-Identifier: 0BSD */
/* A simulation asks the operating system for no socket, no wait and no time: where each of these calls
 * kills, it runs as ever.  Linux. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <vetsock/simulate.h>

#include "simulations.h"

/* -1: this machine has none of that name. */
#ifndef __NR_socketcall
#define __NR_socketcall (-1)
#endif
#ifndef __NR_poll
#define __NR_poll (-1)
#endif
#ifndef __NR_socket
#define __NR_socket (-1)
#endif
#ifndef __NR_nanosleep
#define __NR_nanosleep (-1)
#endif
#ifndef __NR_clock_nanosleep
#define __NR_clock_nanosleep (-1)
#endif
#ifndef __NR_clock_gettime
#define __NR_clock_gettime (-1)
#endif
#ifndef __NR_getrandom
#define __NR_getrandom (-1)
#endif

static const long forbidden[] = {
	__NR_socket,    __NR_socketcall,      __NR_poll,          __NR_ppoll,
	__NR_nanosleep, __NR_clock_nanosleep, __NR_clock_gettime, __NR_getrandom,
};

enum { FORBIDDEN = sizeof forbidden / sizeof forbidden[0], SKIPPED = 77, BROKE = 1, SEEDS = 20 };

/* From now on each of them kills the process. */
static int forbid(void)
{
	struct sock_filter filter[2 * FORBIDDEN + 2];
	struct sock_fprog program = { .filter = filter };
	filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
							     offsetof(struct seccomp_data, nr));
	for (size_t i = 0; i < FORBIDDEN; i++) {
		if (forbidden[i] < 0)
			continue;
		filter[program.len++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
								     (uint32_t)forbidden[i], 0, 1);
		filter[program.len++] =
			(struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
	}
	filter[program.len++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0 ? -errno : 0;
}

static int simulate_all(void)
{
	struct vet_simulate_options options = { .once = true };
	struct vet_sim_report report;
	struct vet_sim *sim;
	size_t count;
	const struct vet_simulation *all = simulations_all(&count);
	if (vet_sim_make(&sim) < 0)
		return BROKE;
	for (size_t i = 0; i < count; i++)
		for (options.seed = 1; options.seed <= SEEDS; options.seed++)
			if (vet_simulate(sim, &all[i], &options, &report) < 0)
				return BROKE;
	vet_sim_free(sim);
	return 0;
}

static int wait_in_poll(void)
{
	(void)poll(NULL, 0, 1);
	return 0;
}

/* How a process ends in which `run` runs under the filter: as waitpid(2) tells it. */
static int status_of(int (*run)(void))
{
	int status;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(forbid() < 0 ? SKIPPED : run());
	assert_true(waitpid(child, &status, 0) == child);
	return status;
}

/* Instruments (Valgrind, sanitizers) make calls of their own. */
static void need_filter(void)
{
	if (getenv("VETSOCK_SLOW") == NULL)
		return;
	print_message("skipped: under Valgrind, which makes calls of its own\n");
	skip();
}

/* Threads that take turns are made by the C library, and a sanitizer, with calls of theirs. */
static void need_coroutines(void)
{
	struct vet_sim_options options = { .coroutines = VET_SIM_SWITCH };
	struct vet_sim *sim;
	int result;
	assert_int_equal(vet_sim_make(&sim), 0);
	result = vet_sim_start(sim, &options);
	options.coroutines = VET_SIM_UCONTEXT;
	if (result < 0)
		result = vet_sim_start(sim, &options);
	vet_sim_free(sim);
	if (result == 0)
		return;
	print_message("skipped: this system has no coroutines but threads\n");
	skip();
}

static void filter_kills(void **state)
{
	int status;
	(void)state;
	need_filter();
	status = status_of(wait_in_poll);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
		print_message("skipped: no seccomp filter can be set here\n");
		skip();
	}
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGSYS);
}

static void simulations_run_without_the_system(void **state)
{
	int status;
	(void)state;
	need_filter();
	need_coroutines();
	status = status_of(simulate_all);
	if (WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED) {
		print_message("skipped: no seccomp filter can be set here\n");
		skip();
	}
	if (WIFSIGNALED(status))
		print_message("killed by signal %d\n", WTERMSIG(status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filter_kills),
		cmocka_unit_test(simulations_run_without_the_system),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
