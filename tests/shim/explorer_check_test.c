/* SPDX-License-Identifier: 0BSD */
/*
 * What the explorer looks at in every run: descriptors, memory, turning in vain.  Beside each
 * program that is accused stands one that must not be.
 */
#include "explorer.h"

static const struct vet_world source = {
	.manner = VET_PEER_SOURCE,
	.sends = TEXT,
	.sends_size = TEXT_SIZE,
};
static const struct vet_world silence = { .manner = VET_PEER_TALKER };
static const struct vet_world visited = { .connections = 1 };
/* ---- descriptors ---- */

static void leaves_a_socket(struct vet_trial *trial)
{
	(void)raw_socket(trial);
}

static void leaves_two_sockets(struct vet_trial *trial)
{
	(void)raw_socket(trial);
	(void)raw_socket(trial);
}

static void leaves_what_does_not_connect(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd >= 0 && raw_connect(trial, fd) == 0)
		(void)raw_close(trial, fd);
}

static void leaves_nothing(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd >= 0)
		(void)raw_close(trial, fd);
}

static void leaves_a_clone(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd < 0)
		return;
	(void)CALL(trial, dup, fd);
	(void)raw_close(trial, fd);
}

static void closes_a_clone(struct vet_trial *trial)
{
	int fd = raw_socket(trial), clone;
	if (fd < 0)
		return;
	clone = CALL(trial, dup, fd);
	(void)raw_close(trial, fd);
	if (clone >= 0)
		(void)raw_close(trial, clone);
}

static void leaves_a_visitor(struct vet_trial *trial)
{
	int fd = raw_listen(trial);
	if (fd < 0)
		return;
	(void)CALL(trial, accept, fd, NULL, NULL);
	(void)raw_close(trial, fd);
}

static void leaves_what_was_made_elsewhere(struct vet_trial *trial)
{
	(void)CALL(trial, adopt, VET_PEER_FOREIGN);
}

static void closes_what_was_made_elsewhere(struct vet_trial *trial)
{
	(void)raw_close(trial, CALL(trial, adopt, VET_PEER_FOREIGN));
}

/* What was given away comes back: the same descriptor, and only one. */
static void adopts_its_own(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	(void)CALL(trial, adopt, fd);
	(void)raw_send(trial, fd, TEXT_SIZE);
	(void)raw_close(trial, fd);
}

static void leaves_its_own_that_it_adopted(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd >= 0)
		(void)CALL(trial, adopt, fd);
}

static void closes_twice(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	(void)raw_close(trial, fd);
	(void)raw_close(trial, fd);
}

static void closes_again_if_interrupted(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd >= 0 && raw_close(trial, fd) == -EINTR)
		(void)raw_close(trial, fd);
}

static void sends_after_close(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	(void)raw_close(trial, fd);
	(void)raw_send(trial, fd, 1);
}

static void polls_after_close(struct vet_trial *trial)
{
	struct pollfd two[2] = { { .fd = -1 }, { .events = POLLIN } };
	two[1].fd = raw_socket(trial);
	(void)raw_close(trial, two[1].fd);
	(void)CALL(trial, poll, two, 2, 0);
}

static void makes_up_a_descriptor(struct vet_trial *trial)
{
	(void)raw_send(trial, 55, 1);
}

/* Those of the run before are none of this one's. */
static void remembers_a_descriptor(struct vet_trial *trial)
{
	(void)raw_close(trial, VET_PEER_FIRST);
}

static void uses_what_is_there(struct vet_trial *trial)
{
	struct pollfd hundred[100];
	char data[4];
	for (size_t i = 0; i < COUNT(hundred); i++)
		hundred[i] = (struct pollfd){ .fd = -1, .events = POLLIN };
	(void)CALL(trial, pread, VET_PEER_FILE, data, sizeof data, 0);
	hundred[99].fd = raw_dial(trial);
	(void)CALL(trial, poll, hundred, 100, VET_MILLISECONDS(1));
	if (hundred[99].fd >= 0)
		(void)raw_close(trial, hundred[99].fd);
}

/* ---- memory ---- */

static int take(struct vet_trial *trial, void **memory, size_t size)
{
	return CALL(trial, realloc, memory, size);
}

static void leaves_memory(struct vet_trial *trial)
{
	void *memory = NULL;
	(void)take(trial, &memory, 16);
}

static void leaves_memory_without_a_socket(struct vet_trial *trial)
{
	void *memory = NULL;
	int fd;
	(void)take(trial, &memory, 16);
	fd = raw_socket(trial);
	if (fd < 0)
		return;
	(void)raw_close(trial, fd);
	(void)take(trial, &memory, 0);
}

static void gives_memory_back(struct vet_trial *trial)
{
	void *memory = NULL;
	for (size_t i = 1; i <= 70 && take(trial, &memory, 16 * i) == 0; i++)
		continue;
	(void)take(trial, &memory, 0);
}

/* ---- turning in vain ---- */

/* calls: so many in a row in which nothing happens; and more */
enum { SPIN = 64, MANY = 70 };

static void polls_for_the_wrong_thing(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && raw_recv(trial, fd, 1) == -EAGAIN; i++)
		(void)raw_wait(trial, fd, POLLOUT, VET_SECONDS(1));
	(void)raw_close(trial, fd);
}

static void polls_for_the_right_thing(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && raw_recv(trial, fd, 1) == -EAGAIN; i++)
		if (raw_wait(trial, fd, POLLIN, VET_SECONDS(1)) < 0)
			break;
	(void)raw_close(trial, fd);
}

static void asks_for_a_peer_again(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && raw_peer(trial, fd) < 0; i++)
		continue;
	(void)raw_close(trial, fd);
}

static void accepts_again(struct vet_trial *trial)
{
	int fd = raw_listen(trial), got = -1;
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && (got = CALL(trial, accept, fd, NULL, NULL)) == -EMFILE; i++)
		continue;
	if (got >= 0)
		(void)raw_close(trial, got);
	(void)raw_close(trial, fd);
}

static void looks_at_the_clock(struct vet_trial *trial, int times)
{
	while (times-- > 0)
		(void)raw_now(trial);
}

static void looks_as_often(struct vet_trial *trial)
{
	looks_at_the_clock(trial, SPIN);
}

static void looks_once_less(struct vet_trial *trial)
{
	looks_at_the_clock(trial, SPIN - 1);
}

static void looks_for_three_operations(struct vet_trial *trial)
{
	static const struct vet_operation any = { .name = "any" };
	for (int i = 0; i < 3; i++) {
		vet_trial_begin(trial, &any);
		looks_at_the_clock(trial, SPIN - 1);
		(void)vet_trial_end(trial, 0);
	}
}

static void looks_between_bytes(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < TEXT_SIZE; i++) {
		looks_at_the_clock(trial, 30);
		(void)raw_recv(trial, fd, 1);
	}
	(void)raw_close(trial, fd);
}

static void peeks_again(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && raw_peek(trial, fd) > 0; i++)
		continue;
	(void)raw_close(trial, fd);
}

static void takes_the_end_for_bytes(struct vet_trial *trial)
{
	int fd = raw_dial(trial);
	ssize_t got = 0, n = 0;
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && got < TEXT_SIZE && n >= 0; i++, got += n)
		n = raw_recv(trial, fd, TEXT_SIZE);
	(void)raw_close(trial, fd);
}

static void asks_for_options(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	if (fd < 0)
		return;
	for (int i = 0; i < MANY && raw_option(trial, fd) == 0; i++)
		continue;
	(void)raw_close(trial, fd);
}

static void opens_and_closes(struct vet_trial *trial)
{
	for (int i = 0, fd; i < MANY && (fd = raw_socket(trial)) >= 0; i++)
		(void)raw_close(trial, fd);
}

static void sleeps(struct vet_trial *trial)
{
	for (int i = 0; i < MANY && raw_sleep(trial, VET_MILLISECONDS(1)) == 0; i++)
		continue;
}

/* clang-format off */
static const struct explorer_row descriptors[] = {
	{ "a socket is left", leaves_a_socket, NULL, "leak ''", "1 descriptor was left open", NULL, 0 },
	{ "two are", leaves_two_sockets, NULL, "leak ''", "2 descriptors were left open", NULL, 0 },
	{ "after an error", leaves_what_does_not_connect, NULL, "leak 'connect@1=ECONNREFUSED'", NULL, NULL, 0 },
	{ "none is", leaves_nothing, NULL, "", NULL, NULL, 0 },
	{ "a clone", leaves_a_clone, NULL, "leak ''", NULL, NULL, 0 },
	{ "no clone", closes_a_clone, NULL, "", NULL, NULL, 0 },
	{ "one that was accepted", leaves_a_visitor, NULL, "leak ''", NULL, &visited, 0 },
	{ "one that was adopted", leaves_what_was_made_elsewhere, NULL, "leak ''", "1 descriptor was", NULL, 0 },
	{ "that is not left", closes_what_was_made_elsewhere, NULL, "", NULL, NULL, 0 },
	{ "its own, adopted, counts once", adopts_its_own, NULL, "", NULL, NULL, 0 },
	{ "and is one", leaves_its_own_that_it_adopted, NULL, "leak ''", "1 descriptor was", NULL, 0 },
	{ "closed twice", closes_twice, NULL, "closed ''", "a descriptor is closed twice", NULL, 0 },
	{ "closed twice after EINTR", closes_again_if_interrupted, NULL, "closed 'close@1=EINTR'", "closed twice", NULL, 0 },
	{ "sent to after close", sends_after_close, NULL, "closed ''", "send after the descriptor was closed", NULL, 0 },
	{ "polled after close", polls_after_close, NULL, "closed ''", "poll after the descriptor was closed", NULL, 0 },
	{ "never handed out", makes_up_a_descriptor, NULL, "closed ''", "send of 55, which was never handed out", NULL, 0 },
	{ "nor in this run", remembers_a_descriptor, NULL, "closed ''", "close of 3, which was never handed out", NULL, 0 },
	{ "what the world has", uses_what_is_there, NULL, "", NULL, NULL, 0 },
};

static const struct explorer_row memory[] = {
	{ "a block is left", leaves_memory, NULL, "memory ''", "1 block of memory left", NULL, 0 },
	{ "after an error", leaves_memory_without_a_socket, NULL, "memory 'socket@1=EACCES'", NULL, NULL, 0 },
	{ "none is", gives_memory_back, NULL, "", NULL, NULL, 0 },
};

static const struct explorer_row spins[] = {
	{ "ready for something else", polls_for_the_wrong_thing, NULL, "spin ''", "it spins: 64 calls in a row in which nothing happened, the last of them", &silence, 0 },
	{ "time passes", polls_for_the_right_thing, NULL, "", NULL, &silence, 0 },
	{ "a call that fails", asks_for_a_peer_again, NULL, "spin ''", "getpeername", NULL, 0 },
	{ "that a fault lets fail", accepts_again, NULL, "spin 'accept=EMFILE'", "accept", &visited, 0 },
	{ "the clock", looks_as_often, "", "spin ''", "the last of them now", NULL, 0 },
	{ "once less", looks_once_less, "", "", NULL, NULL, 0 },
	{ "each operation anew", looks_for_three_operations, "", "", NULL, NULL, 0 },
	{ "bytes move between", looks_between_bytes, "", "", NULL, &source, 0 },
	{ "a peek moves nothing", peeks_again, NULL, "spin ''", "recv", &source, 0 },
	{ "the end", takes_the_end_for_bytes, NULL, "spin 'recv@1=zero'", NULL, &source, 0 },
	{ "options are asked for", asks_for_options, NULL, "", NULL, NULL, 0 },
	{ "sockets come and go", opens_and_closes, NULL, "", NULL, NULL, 0 },
	{ "sleeps", sleeps, NULL, "", NULL, NULL, 0 },
};
/* clang-format on */

static void every_descriptor_is_closed_once(void **state)
{
	(void)state;
	CHECK_ROWS(descriptors);
}

static void all_memory_is_given_back(void **state)
{
	(void)state;
	CHECK_ROWS(memory);
}

static void what_turns_in_vain_spins(void **state)
{
	(void)state;
	CHECK_ROWS(spins);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_descriptor_is_closed_once),
		cmocka_unit_test(all_memory_is_given_back),
		cmocka_unit_test(what_turns_in_vain_spins),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
