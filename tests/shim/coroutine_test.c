/* SPDX-License-Identifier: 0BSD */
/* Coroutines of every kind that this system has: they keep what a function keeps, take turns in the
 * same order, and give back what they took. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../shim/host/coroutine.h"

enum { STACK = 65536, MANY = 33000, ROUND = 1000, TURNS = 3 };

static const char *const names[] = {
	[VET_COROUTINE_SWITCH] = "switch",
	[VET_COROUTINE_UCONTEXT] = "ucontext",
	[VET_COROUTINE_THREAD] = "thread",
};

static struct vet_coroutines *pool;
static struct vet_coroutine *self;

static int open_pool(unsigned kind)
{
	int result = vet_coroutines_make(&pool, (enum vet_coroutine_kind)kind, STACK);
	if (result == 0)
		assert_int_equal(vet_coroutine_self(pool, &self), 0);
	else
		assert_int_equal(result, -EINVAL);
	return result;
}

static void close_pool(void)
{
	vet_coroutines_free(pool);
	pool = NULL;
}

/* Runs it with a pool of each kind. */
static void with_every_kind(void (*property)(void))
{
	unsigned kinds = 0;
	for (unsigned kind = VET_COROUTINE_SWITCH; kind <= VET_COROUTINE_THREAD; kind++) {
		if (open_pool(kind) != 0)
			continue;
		assert_string_equal(vet_coroutines_name(pool), names[kind]);
		property();
		close_pool();
		kinds++;
	}
	assert_true(kinds > 0);
}

/* ---- what a coroutine keeps ---- */

struct player {
	struct vet_coroutine *coroutine;
	uint64_t seed, sum;
	int rounding; /* of fesetround() */
	double third; /* rounded so */
	int error;    /* errno, while it is away */
	bool is_done;
};

/* More values than there are registers, of both sorts, that are live over each switch. */
static uint64_t play(struct player *player, uint64_t turns)
{
	uint64_t a = player->seed, b = a * 3, c = a * 5, d = a * 7, e = a * 11, f = a * 13,
		 g = a * 17, h = a * 19;
	double p = (double)(a % 97), q = p * 2, r = p * 3, s = p * 4, t = p * 5, u = p * 6;
	for (uint64_t turn = 0; turn < turns; turn++) {
		errno = player->error;
		if (player->coroutine != NULL)
			vet_coroutine_switch(pool, player->coroutine, self);
		if (errno != player->error)
			return 0;
		a += b ^ turn, b += c, c += d, d += e, e += f, f += g, g += h, h += a;
		p += 1, q += p, r += q, s += r, t += s, u += t;
	}
	return a + b + c + d + e + f + g + h + (uint64_t)(p + q + r + s + t + u);
}

static void run_player(void *argument)
{
	struct player *player = argument;
	player->sum = play(player, 20);
	player->is_done = true;
	vet_coroutine_switch(pool, player->coroutine, self);
}

/* The same computation with nobody else in between. */
static uint64_t sum_alone(uint64_t seed)
{
	struct player player = { .seed = seed };
	return play(&player, 20);
}

static void keeps_values(void)
{
	struct player players[7] = { { .seed = 0 } };
	for (unsigned i = 0; i < 7; i++) {
		players[i].seed = UINT64_C(0x9e3779b97f4a7c15) * (i + 1);
		players[i].error = (int)(i + 1);
		assert_int_equal(
			vet_coroutine_make(pool, &players[i].coroutine, run_player, &players[i]),
			0);
	}
	for (unsigned turn = 0; turn < 21; turn++)
		for (unsigned i = 0; i < 7; i++) {
			errno = 1000 + (int)i;
			vet_coroutine_switch(pool, self, players[i].coroutine);
			assert_int_equal(errno, 1000 + (int)i);
		}
	for (unsigned i = 0; i < 7; i++) {
		assert_true(players[i].is_done);
		assert_int_equal(players[i].sum, sum_alone(players[i].seed));
		vet_coroutine_destroy(pool, players[i].coroutine);
	}
}

static void locals_registers_and_errno_are_kept_over_a_switch(void **state)
{
	(void)state;
	with_every_kind(keeps_values);
}

/* Stored: a register of x87 has more bits. */
static double third(void)
{
	volatile double one = 1, three = 3, result = one / three;
	return result;
}

static double third_rounded(int rounding)
{
	double result;
	assert_int_equal(fesetround(rounding), 0);
	result = third();
	assert_int_equal(fesetround(FE_TONEAREST), 0);
	return result;
}

static void run_rounding(void *argument)
{
	struct player *player = argument;
	player->error = fesetround(player->rounding);
	vet_coroutine_switch(pool, player->coroutine, self);
	player->is_done = fegetround() == player->rounding;
	player->third = third();
	(void)fesetround(FE_TONEAREST);
	vet_coroutine_switch(pool, player->coroutine, self);
}

/* Asked, and seen in a result: there may be two units that calculate. */
static void keeps_rounding(void)
{
	struct player up = { .rounding = FE_UPWARD }, down = { .rounding = FE_DOWNWARD };
	/* Valgrind rounds to nearest whatever it is told (its manual, "Limitations"). */
	bool is_seen = third_rounded(FE_DOWNWARD) < third_rounded(FE_UPWARD);
	double nearest = third();
	assert_int_equal(vet_coroutine_make(pool, &up.coroutine, run_rounding, &up), 0);
	assert_int_equal(vet_coroutine_make(pool, &down.coroutine, run_rounding, &down), 0);
	for (int turn = 0; turn < 2; turn++) {
		vet_coroutine_switch(pool, self, up.coroutine);
		assert_int_equal(fegetround(), FE_TONEAREST);
		assert_true(third() == nearest);
		vet_coroutine_switch(pool, self, down.coroutine);
		assert_int_equal(fegetround(), FE_TONEAREST);
		assert_true(third() == nearest);
	}
	assert_int_equal(up.error, 0);
	assert_true(up.is_done && down.is_done);
	assert_true((down.third < up.third) == is_seen);
	vet_coroutine_destroy(pool, up.coroutine);
	vet_coroutine_destroy(pool, down.coroutine);
}

static void the_way_of_rounding_is_kept_over_a_switch(void **state)
{
	(void)state;
	with_every_kind(keeps_rounding);
}

/* Where the compiler optimises, these five and the argument lie in registers that a function keeps:
 * x86-64 has six.  With other coroutines the same registers hold other values. */
static void run_registers(void *argument)
{
	size_t n = (size_t)((struct player *)argument)->seed;
	size_t a = n * 3, b = n * 5, c = n * 7, d = n * 9, e = n * 11;
	__asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e));
	vet_coroutine_switch(pool, ((struct player *)argument)->coroutine, self);
	((struct player *)argument)->sum = a ^ b << 1 ^ c << 2 ^ d << 3 ^ e << 4;
	vet_coroutine_switch(pool, ((struct player *)argument)->coroutine, self);
}

static size_t sum_of_registers(size_t n)
{
	static const unsigned factors[] = { 3, 5, 7, 9, 11 };
	size_t sum = 0;
	for (unsigned i = 0; i < 5; i++)
		sum ^= n * factors[i] << i;
	return sum;
}

static void keeps_registers(void)
{
	struct player players[3] = { { .seed = 0x1234567 }, { .seed = 0x89abcde }, { .seed = 77 } };
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(
			vet_coroutine_make(pool, &players[i].coroutine, run_registers, &players[i]),
			0);
	for (unsigned turn = 0; turn < 2; turn++)
		for (unsigned i = 0; i < 3; i++)
			vet_coroutine_switch(pool, self, players[i].coroutine);
	for (unsigned i = 0; i < 3; i++) {
		assert_int_equal(players[i].sum, sum_of_registers((size_t)players[i].seed));
		vet_coroutine_destroy(pool, players[i].coroutine);
	}
}

static void registers_are_kept_over_a_switch(void **state)
{
	(void)state;
	with_every_kind(keeps_registers);
}

static void run_error(void *argument)
{
	struct player *player = argument;
	player->error = errno;
	vet_coroutine_switch(pool, player->coroutine, self);
}

static void begins_without_error(void)
{
	struct player player = { .error = -1 };
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(vet_coroutine_make(pool, &player.coroutine, run_error, &player),
				 0);
		errno = EPIPE;
		vet_coroutine_switch(pool, self, player.coroutine);
		assert_int_equal(player.error, 0);
		assert_int_equal(errno, EPIPE);
		vet_coroutine_destroy(pool, player.coroutine);
	}
}

static void a_coroutine_begins_with_errno_0(void **state)
{
	(void)state;
	with_every_kind(begins_without_error);
}

/* ---- the order ---- */

static struct vet_coroutine *ring[ROUND];
static uint32_t order[ROUND * TURNS];
static size_t ring_size, ordered;

/* Each hands on to one that is not its neighbour; the last turn of the last one ends. */
static void run_in_ring(void *argument)
{
	size_t own = (size_t)((struct vet_coroutine **)argument - ring);
	for (;;) {
		size_t next = (own + 7) % ring_size;
		order[ordered++] = (uint32_t)own;
		vet_coroutine_switch(pool, ring[own],
				     ordered == ring_size * TURNS ? self : ring[next]);
	}
}

static int make_in_ring(void)
{
	return vet_coroutine_make(pool, &ring[ring_size], run_in_ring, &ring[ring_size]);
}

/* Valgrind has room for some hundred threads only. */
static void goes_round(void)
{
	ring_size = ordered = 0;
	while (ring_size < ROUND && make_in_ring() == 0)
		ring_size++;
	assert_true(ring_size >= 400);
	vet_coroutine_switch(pool, self, ring[0]);
	assert_int_equal(ordered, ring_size * TURNS);
	for (size_t i = 0; i < ordered; i++)
		assert_int_equal(order[i], i * 7 % ring_size);
	for (size_t i = 0; i < ring_size; i++)
		vet_coroutine_destroy(pool, ring[i]);
}

static void a_thousand_take_turns_in_the_same_order(void **state)
{
	(void)state;
	with_every_kind(goes_round);
}

/* ---- made, destroyed, used again ---- */

static void run_away(void *argument)
{
	struct vet_coroutine **own = argument;
	char buffer[300];
	memset(buffer, 7, sizeof buffer);
	for (;;) {
		vet_coroutine_switch(pool, *own, self);
		if (buffer[299] != 7)
			abort();
	}
}

/* One in three never begins; none ends. */
static void make_batch(struct vet_coroutine **batch, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(vet_coroutine_make(pool, &batch[i], run_away, &batch[i]), 0);
		if (i % 3 != 0)
			vet_coroutine_switch(pool, self, batch[i]);
	}
}

static void destroy_batch(struct vet_coroutine **batch, size_t count)
{
	for (size_t i = 0; i < count; i++)
		vet_coroutine_destroy(pool, batch[i]);
}

static void uses_stacks_again(void)
{
	struct vet_coroutine *batch[20];
	assert_int_equal(vet_coroutines_stacks(pool), 0);
	for (int round = 0; round < 5; round++) {
		make_batch(batch, 20);
		assert_int_equal(vet_coroutines_stacks(pool), 20);
		destroy_batch(batch, 20);
	}
	assert_int_equal(vet_coroutines_stacks(pool), 20);
}

static void unfinished_ones_are_destroyed_and_their_stacks_used_again(void **state)
{
	(void)state;
	with_every_kind(uses_stacks_again);
}

static struct vet_coroutine *child, *parent;

static void run_child(void *argument)
{
	*(int *)argument += 1;
	vet_coroutine_switch(pool, child, parent);
}

/* Destroys those that it made, and is not the caller's own. */
static void run_parent(void *argument)
{
	for (int i = 0; i < 3; i++) {
		if (vet_coroutine_make(pool, &child, run_child, argument) != 0)
			abort();
		vet_coroutine_switch(pool, parent, child);
		vet_coroutine_destroy(pool, child);
	}
	vet_coroutine_switch(pool, parent, self);
}

static void makes_others(void)
{
	int children = 0;
	assert_int_equal(vet_coroutine_make(pool, &parent, run_parent, &children), 0);
	vet_coroutine_switch(pool, self, parent);
	assert_int_equal(children, 3);
	vet_coroutine_destroy(pool, parent);
	assert_int_equal(vet_coroutines_stacks(pool), 2);
}

static void a_coroutine_makes_and_destroys_others(void **state)
{
	(void)state;
	with_every_kind(makes_others);
}

/* ---- stacks ---- */

/* Goes down in frames of 512 bytes or more, and comes back.  (An address sanitizer would put the
 * frames elsewhere.) */
__attribute__((noinline, no_sanitize_address)) static unsigned descend(const char *top,
								       size_t depth)
{
	volatile unsigned char frame[512];
	memset((unsigned char *)(uintptr_t)frame, 1, sizeof frame);
	if ((size_t)(top - (const char *)(uintptr_t)frame) >= depth)
		return frame[0];
	return descend(top, depth) + (unsigned)frame[511];
}

struct diver {
	struct vet_coroutine *coroutine;
	size_t depth;
	unsigned frames;
};

static void run_diver(void *argument)
{
	struct diver *diver = argument;
	diver->frames = descend(__builtin_frame_address(0), diver->depth);
	vet_coroutine_switch(pool, diver->coroutine, self);
}

static void dives(void)
{
	struct diver diver = { .depth = STACK - 6 * 1024 };
	for (int turn = 0; turn < 2; turn++) {
		assert_int_equal(vet_coroutine_make(pool, &diver.coroutine, run_diver, &diver), 0);
		vet_coroutine_switch(pool, self, diver.coroutine);
		assert_true(diver.frames > 10);
		vet_coroutine_destroy(pool, diver.coroutine);
	}
}

static void nearly_all_of_a_stack_can_be_used(void **state)
{
	(void)state;
	with_every_kind(dives);
}

/* What became of a child process that runs it. */
static int status_of(void (*property)(void))
{
	int status = 0;
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		const struct rlimit no_core = { 0, 0 };
		(void)setrlimit(RLIMIT_CORE, &no_core);
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		(void)signal(SIGABRT, SIG_DFL);
		(void)freopen("/dev/null", "w", stderr);
		property();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Into the guard page and no further: the stack that was mapped next may lie right below it.  (The
 * page of a thread's is below what the C library has there.) */
static void dive_too_deep(void)
{
	bool is_thread = strcmp(vet_coroutines_name(pool), "thread") == 0;
	struct diver diver = { .depth = is_thread ? 16 * STACK : STACK + 2048 };
	struct vet_coroutine *next;
	if (vet_coroutine_make(pool, &diver.coroutine, run_diver, &diver) == 0 &&
	    vet_coroutine_make(pool, &next, run_away, &next) == 0)
		vet_coroutine_switch(pool, self, diver.coroutine);
}

static void dies_of_overflow(void)
{
	int status = status_of(dive_too_deep);
	assert_true(WIFSIGNALED(status));
	assert_true(WTERMSIG(status) == SIGSEGV || WTERMSIG(status) == SIGBUS);
}

static void who_overflows_a_stack_dies(void **state)
{
	(void)state;
	with_every_kind(dies_of_overflow);
}

static void run_back(void *argument)
{
	(void)argument;
}

static void return_from_run(void)
{
	struct vet_coroutine *coroutine;
	if (vet_coroutine_make(pool, &coroutine, run_back, NULL) == 0)
		vet_coroutine_switch(pool, self, coroutine);
}

static void dies_of_a_return(void)
{
	int status = status_of(return_from_run);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGABRT);
}

static void who_returns_from_run_is_aborted(void **state)
{
	(void)state;
	with_every_kind(dies_of_a_return);
}

/* ---- limits ---- */

static struct vet_coroutine *many[MANY];

/* As many as there can be, then an error, and afterwards all as before. */
static void meets_the_limit(void)
{
	size_t count = 0;
	int result = 0;
	while (count < MANY &&
	       (result = vet_coroutine_make(pool, &many[count], run_away, &many[count])) == 0)
		count++;
	assert_true(count > 1000);
	if (count < MANY) {
		assert_true(result == -ENOMEM || result == -EAGAIN);
		assert_null(many[count]);
	}
	vet_coroutine_switch(pool, self, many[count - 1]);
	destroy_batch(many, count);
	make_batch(many, 10);
	destroy_batch(many, 10);
	assert_int_equal(vet_coroutines_stacks(pool), count);
}

static void thirty_three_thousand_end_in_an_error(void **state)
{
	(void)state;
	for (unsigned kind = VET_COROUTINE_SWITCH; kind < VET_COROUTINE_THREAD; kind++) {
		for (int again = 0; again < 2; again++) { /* freeing the first gave all back */
			if (open_pool(kind) != 0)
				break;
			meets_the_limit();
			close_pool();
		}
	}
}

enum { THREADS = 20, NOBODY = 54321 };

/* In a process of its own.  Status 1 to 4: what went wrong; 77: there is no limit here. */
static void meet_the_limit_of_threads(void)
{
	struct rlimit limit = { THREADS, RLIM_INFINITY };
	size_t count = 0;
	int result = 0;
	/* RLIMIT_NPROC counts the threads of a user, and is not for root (setrlimit(2)). */
	if (geteuid() == 0 && setuid(NOBODY) != 0)
		_exit(77);
	if (getrlimit(RLIMIT_NPROC, &limit) != 0)
		_exit(77);
	limit.rlim_cur = THREADS;
	if (setrlimit(RLIMIT_NPROC, &limit) != 0)
		_exit(77);
	while (count < THREADS &&
	       (result = vet_coroutine_make(pool, &many[count], run_away, &many[count])) == 0)
		count++;
	if (count == THREADS)
		_exit(1);
	if (result != -EAGAIN || many[count] != NULL)
		_exit(2);
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &limit) != 0)
		_exit(3);
	if (vet_coroutine_make(pool, &many[count], run_away, &many[count]) != 0)
		_exit(4);
	vet_coroutine_switch(pool, self, many[count]);
	destroy_batch(many, count + 1);
	vet_coroutines_free(pool);
	_exit(0);
}

static void a_limit_on_threads_is_an_error(void **state)
{
	int status;
	(void)state;
	assert_int_equal(open_pool(VET_COROUTINE_THREAD), 0);
	status = status_of(meet_the_limit_of_threads);
	close_pool();
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void a_kind_or_a_size_that_there_is_not_is_refused(void **state)
{
	(void)state;
	assert_int_equal(vet_coroutines_make(&pool, (enum vet_coroutine_kind)9, STACK), -EINVAL);
	assert_null(pool);
	assert_int_equal(vet_coroutines_make(&pool, VET_COROUTINE_BEST, 0), -EINVAL);
	assert_int_equal(vet_coroutines_make(&pool, VET_COROUTINE_BEST, SIZE_MAX), -EINVAL);
	assert_null(pool);
	vet_coroutines_free(NULL);
}

/* Half of all addresses: there is room for one at the most, and the pool goes on without. */
static void a_stack_that_is_too_large_is_an_error(void **state)
{
	size_t half = SIZE_MAX / 2 - 65535;
	(void)state;
	for (unsigned kind = VET_COROUTINE_SWITCH; kind <= VET_COROUTINE_THREAD; kind++) {
		struct vet_coroutine *made[3];
		size_t count = 0;
		int result = 0;
		if (vet_coroutines_make(&pool, (enum vet_coroutine_kind)kind, half) != 0)
			continue;
		while (count < 3 && (result = vet_coroutine_make(pool, &made[count], run_away,
								 &made[count])) == 0)
			count++;
		assert_true(count <= 1);
		assert_true(result == -ENOMEM || result == -EAGAIN);
		assert_int_equal(vet_coroutines_stacks(pool), count);
		destroy_batch(made, count);
		close_pool();
	}
}

static void the_best_kind_is_the_first_that_there_is(void **state)
{
	unsigned kind = VET_COROUTINE_SWITCH;
	(void)state;
	while (open_pool(kind) != 0)
		kind++;
	close_pool();
	assert_int_equal(open_pool(VET_COROUTINE_BEST), 0);
	assert_string_equal(vet_coroutines_name(pool), names[kind]);
	print_message("best: %s\n", names[kind]);
	close_pool();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(locals_registers_and_errno_are_kept_over_a_switch),
		cmocka_unit_test(registers_are_kept_over_a_switch),
		cmocka_unit_test(the_way_of_rounding_is_kept_over_a_switch),
		cmocka_unit_test(a_coroutine_begins_with_errno_0),
		cmocka_unit_test(a_thousand_take_turns_in_the_same_order),
		cmocka_unit_test(unfinished_ones_are_destroyed_and_their_stacks_used_again),
		cmocka_unit_test(a_coroutine_makes_and_destroys_others),
		cmocka_unit_test(nearly_all_of_a_stack_can_be_used),
		cmocka_unit_test(who_overflows_a_stack_dies),
		cmocka_unit_test(who_returns_from_run_is_aborted),
		cmocka_unit_test(thirty_three_thousand_end_in_an_error),
		cmocka_unit_test(a_limit_on_threads_is_an_error),
		cmocka_unit_test(a_stack_that_is_too_large_is_an_error),
		cmocka_unit_test(a_kind_or_a_size_that_there_is_not_is_refused),
		cmocka_unit_test(the_best_kind_is_the_first_that_there_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
