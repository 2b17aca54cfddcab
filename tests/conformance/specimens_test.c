/* SPDX-License-Identifier: 0BSD */
/*
 * What cannot fail proves nothing: each of these tables has one defect, and the case that is there
 * to find it must.  The same case must hold on the sound table.
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "process.h"

/* A specimen is a ledger with one entry replaced. */
static struct vet_sys *below(struct vet_sys *self)
{
	return ((struct ledger *)(void *)self)->next;
}

/* ---- bytes ---- */

static ssize_t recv_loses_a_byte(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	ssize_t result = (below(self)->calls->recv)(below(self), fd, data, size, flags);

	return result > 1 ? result - 1 : result;
}

static ssize_t recv_takes_what_it_peeks(struct vet_sys *self, int fd, void *data, size_t size,
					int flags)
{
	(void)flags;
	return (below(self)->calls->recv)(below(self), fd, data, size, 0);
}

static ssize_t recv_knows_no_end(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	ssize_t result = (below(self)->calls->recv)(below(self), fd, data, size, flags);

	return result == 0 ? -EAGAIN : result;
}

static ssize_t recv_merges_resets(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	ssize_t result = (below(self)->calls->recv)(below(self), fd, data, size, flags);

	return result == -ECONNRESET ? 0 : result;
}

static ssize_t recv_answers_minus_one(struct vet_sys *self, int fd, void *data, size_t size,
				      int flags)
{
	ssize_t result = (below(self)->calls->recv)(below(self), fd, data, size, flags);

	return result < 0 ? -1 : result;
}

static ssize_t recv_answers_errno_itself(struct vet_sys *self, int fd, void *data, size_t size,
					 int flags)
{
	ssize_t result = (below(self)->calls->recv)(below(self), fd, data, size, flags);

	return result < 0 ? -result : result;
}

static ssize_t send_claims_all(struct vet_sys *self, int fd, const void *data, size_t size,
			       int flags)
{
	ssize_t result = (below(self)->calls->send)(below(self), fd, data, (size + 1) / 2, flags);

	return result > 0 ? (ssize_t)size : result;
}

static ssize_t send_claims_less(struct vet_sys *self, int fd, const void *data, size_t size,
				int flags)
{
	ssize_t result = (below(self)->calls->send)(below(self), fd, data, size, flags);

	return result > 1 ? result - 1 : result;
}

static ssize_t send_takes_none(struct vet_sys *self, int fd, const void *data, size_t size,
			       int flags)
{
	(void)self;
	(void)fd;
	(void)data;
	(void)size;
	(void)flags;
	return 0;
}

static ssize_t send_raises_a_signal(struct vet_sys *self, int fd, const void *data, size_t size,
				    int flags)
{
	ssize_t result = (below(self)->calls->send)(below(self), fd, data, size, flags);

	if (result == -EPIPE)
		(void)raise(SIGPIPE);
	return result;
}

static ssize_t sendv_sends_one_part(struct vet_sys *self, int fd, const struct iovec *parts,
				    int count, int flags)
{
	(void)count;
	return (below(self)->calls->sendv)(below(self), fd, parts, 1, flags);
}

static ssize_t sendto_cuts(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			   const struct sockaddr *address, socklen_t length)
{
	ssize_t result = (below(self)->calls->sendto)(below(self), fd, data, size / 2, flags,
						      address, length);

	return result < 0 ? result : (ssize_t)size;
}

static ssize_t recvfrom_never_truncates(struct vet_sys *self, int fd, void *data, size_t size,
					int flags, struct sockaddr *address, socklen_t *length,
					int *truncated)
{
	ssize_t result = (below(self)->calls->recvfrom)(below(self), fd, data, size, flags, address,
							length, truncated);

	if (truncated != NULL)
		*truncated = 0;
	return result;
}

static ssize_t recvfrom_tells_nobody(struct vet_sys *self, int fd, void *data, size_t size,
				     int flags, struct sockaddr *address, socklen_t *length,
				     int *truncated)
{
	if (length != NULL)
		*length = 0;
	(void)address;
	return (below(self)->calls->recvfrom)(below(self), fd, data, size, flags, NULL, NULL,
					      truncated);
}

static ssize_t pread_ignores_its_offset(struct vet_sys *self, int file, void *data, size_t size,
					int64_t offset)
{
	(void)offset;
	return (below(self)->calls->pread)(below(self), file, data, size, 0);
}

static ssize_t sendfile_leaves_its_offset(struct vet_sys *self, int fd, int file, int64_t *offset,
					  size_t size)
{
	int64_t own = *offset;

	return (below(self)->calls->sendfile)(below(self), fd, file, &own, size);
}

/* ---- descriptors and connections ---- */

static int socket_makes_streams(struct vet_sys *self, int domain, int type, int protocol)
{
	(void)type;
	return (below(self)->calls->socket)(below(self), domain, SOCK_STREAM, protocol);
}

static int close_does_nothing(struct vet_sys *self, int fd)
{
	(void)self;
	(void)fd;
	return 0;
}

/* With every entry that hands out descriptors on its own: the ledger does not know those. */
static int close_passes(struct vet_sys *self, int fd)
{
	struct ledger *layer = (struct ledger *)(void *)self;

	for (size_t i = 0; i < layer->open_count; i++)
		if (layer->open[i] == fd)
			layer->open[i] = layer->open[--layer->open_count];
	return (below(self)->calls->close)(below(self), fd);
}

static int dup_gives_the_same(struct vet_sys *self, int fd)
{
	(void)self;
	return fd;
}

/* It is this system's own descriptor: only so can it be made to block. */
static int accept_gives_what_blocks(struct vet_sys *self, int fd, struct sockaddr *address,
				    socklen_t *length)
{
	int result = (below(self)->calls->accept)(below(self), fd, address, length);

	if (result >= 0)
		(void)fcntl(result, F_SETFL, 0);
	return result;
}

static int bind_does_nothing(struct vet_sys *self, int fd, const struct sockaddr *address,
			     socklen_t length)
{
	(void)self;
	(void)fd;
	(void)address;
	(void)length;
	return 0;
}

static int connect_always_succeeds(struct vet_sys *self, int fd, const struct sockaddr *address,
				   socklen_t length)
{
	(void)(below(self)->calls->connect)(below(self), fd, address, length);
	return 0;
}

static int listen_does_nothing(struct vet_sys *self, int fd, int backlog)
{
	(void)self;
	(void)fd;
	(void)backlog;
	return 0;
}

static int accept_swaps_the_port(struct vet_sys *self, int fd, struct sockaddr *address,
				 socklen_t *length)
{
	int result = (below(self)->calls->accept)(below(self), fd, address, length);

	if (result >= 0 && address != NULL) {
		struct sockaddr_in *in = (struct sockaddr_in *)(void *)address;

		in->sin_port = (in_port_t)~in->sin_port;
	}
	return result;
}

static int shutdown_does_nothing(struct vet_sys *self, int fd, int how)
{
	(void)self;
	(void)fd;
	(void)how;
	return 0;
}

static int shutdown_ends_both(struct vet_sys *self, int fd, int how)
{
	(void)how;
	return (below(self)->calls->shutdown)(below(self), fd, SHUT_RDWR);
}

static int getpeername_is_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
				      socklen_t *length)
{
	return (below(self)->calls->getsockname)(below(self), fd, address, length);
}

static int getsockopt_hides_errors(struct vet_sys *self, int fd, int level, int name, void *value,
				   socklen_t *length)
{
	int result = (below(self)->calls->getsockopt)(below(self), fd, level, name, value, length);

	if (result == 0 && level == SOL_SOCKET && name == SO_ERROR)
		memset(value, 0, *length);
	return result;
}

static int setsockopt_does_nothing(struct vet_sys *self, int fd, int level, int name,
				   const void *value, socklen_t length)
{
	(void)self;
	(void)fd;
	(void)level;
	(void)name;
	(void)value;
	(void)length;
	return 0;
}

/* ---- waiting, time, memory ---- */

static int poll_reports_nothing(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
				int64_t nanoseconds)
{
	(void)self;
	(void)nanoseconds;
	for (nfds_t i = 0; i < count; i++)
		descriptors[i].revents = 0;
	return 0;
}

static int poll_reports_all(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
			    int64_t nanoseconds)
{
	(void)self;
	(void)nanoseconds;
	for (nfds_t i = 0; i < count; i++)
		descriptors[i].revents = descriptors[i].events;
	return (int)count;
}

static int poll_rounds_down(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
			    int64_t nanoseconds)
{
	int64_t unit = VET_MILLISECONDS(1);

	return (below(self)->calls->poll)(below(self), descriptors, count,
					  nanoseconds < 0 ? -1 : nanoseconds / unit * unit);
}

static int poll_hides_errors(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
			     int64_t nanoseconds)
{
	int ready = (below(self)->calls->poll)(below(self), descriptors, count, nanoseconds);

	for (nfds_t i = 0; i < count; i++)
		descriptors[i].revents &= (short)~(POLLERR | POLLHUP | POLLNVAL);
	return ready;
}

static int now_stands_still(struct vet_sys *self, int64_t *nanoseconds)
{
	(void)self;
	*nanoseconds = 1;
	return 0;
}

static int now_goes_back(struct vet_sys *self, int64_t *nanoseconds)
{
	int result = (below(self)->calls->now)(below(self), nanoseconds);

	*nanoseconds = -*nanoseconds;
	return result;
}

static int realloc_forgets(struct vet_sys *self, void **memory, size_t size)
{
	int result = (below(self)->calls->realloc)(below(self), memory, size);

	if (result == 0 && size > 0)
		memset(*memory, 0, size);
	return result;
}

static int realloc_keeps_what_it_frees(struct vet_sys *self, void **memory, size_t size)
{
	void *before = *memory;
	int result = (below(self)->calls->realloc)(below(self), memory, size);

	if (size == 0 && before != NULL)
		*memory = self;
	return result;
}

static int interface_index_of_nothing(struct vet_sys *self, const char *name)
{
	(void)self;
	(void)name;
	return 0;
}

/* A defect, and the case that finds it. */
static const struct specimen {
	const char *name;
	struct vet_sys_calls calls; /* each entry that is not NULL replaces the sound one */
	const char *found_by;
} specimens[] = {
	{ "recv loses a byte", { .recv = recv_loses_a_byte }, "read/what-came" },
	{ "recv takes what it peeks", { .recv = recv_takes_what_it_peeks }, "table/recv-peek" },
	{ "recv loses what read_all peeks",
	  { .recv = recv_takes_what_it_peeks },
	  "read-all/beyond-limit" },
	{ "recv knows no end", { .recv = recv_knows_no_end }, "table/recv-end" },
	{ "recv merges a reset with the end", { .recv = recv_merges_resets }, "close/linger-zero" },
	{ "recv answers -1", { .recv = recv_answers_minus_one }, "table/recv-non-blocking" },
	{ "recv answers errno itself",
	  { .recv = recv_answers_errno_itself },
	  "table/recv-non-blocking" },
	{ "send claims what it did not send", { .send = send_claims_all }, "write/all" },
	{ "send claims less than it sent", { .send = send_claims_less }, "write/all" },
	{ "send takes none", { .send = send_takes_none }, "write/all" },
	{ "send raises SIGPIPE", { .send = send_raises_a_signal }, "table/no-signal" },
	{ "sendv sends one part", { .sendv = sendv_sends_one_part }, "table/sendv-gathers" },
	{ "sendv ends a datagram early", { .sendv = sendv_sends_one_part }, "datagram/print" },
	{ "sendto cuts", { .sendto = sendto_cuts }, "send-to/arrives" },
	{ "recvfrom never truncates",
	  { .recvfrom = recvfrom_never_truncates },
	  "receive-from/truncated" },
	{ "recvfrom hides what read lost",
	  { .recvfrom = recvfrom_never_truncates },
	  "datagram/read-truncated" },
	{ "recvfrom tells nobody", { .recvfrom = recvfrom_tells_nobody }, "send-to/arrives" },
	{ "pread ignores its offset", { .pread = pread_ignores_its_offset }, "table/pread" },
	{ "sendfile leaves its offset",
	  { .sendfile = sendfile_leaves_its_offset },
	  "table/sendfile" },
	{ "socket makes streams alone",
	  { .socket = socket_makes_streams, .close = close_passes },
	  "option/type" },
	{ "close does nothing", { .close = close_does_nothing }, "close/delivers" },
	{ "dup gives the same descriptor", { .dup = dup_gives_the_same }, "table/dup-independent" },
	{ "bind does nothing", { .bind = bind_does_nothing }, "bind/port-zero" },
	{ "connect always succeeds",
	  { .connect = connect_always_succeeds },
	  "connect/refused-late" },
	{ "listen does nothing", { .listen = listen_does_nothing }, "listen/accepting" },
	{ "accept tells another port",
	  { .accept = accept_swaps_the_port, .close = close_passes },
	  "accept/peer" },
	{ "accept gives descriptors that block",
	  { .accept = accept_gives_what_blocks, .close = close_passes },
	  "table/recv-non-blocking" },
	{ "shutdown does nothing", { .shutdown = shutdown_does_nothing }, "shutdown/write" },
	{ "shutdown ends both halves", { .shutdown = shutdown_ends_both }, "shutdown/write" },
	{ "getpeername tells the local address",
	  { .getpeername = getpeername_is_getsockname },
	  "connect/mirror" },
	{ "getpeername tells without a connection",
	  { .getpeername = getpeername_is_getsockname },
	  "address/no-peer" },
	{ "getsockopt hides errors", { .getsockopt = getsockopt_hides_errors }, "option/error" },
	{ "setsockopt does nothing",
	  { .setsockopt = setsockopt_does_nothing },
	  "option/keepalive" },
	{ "setsockopt forgets to linger",
	  { .setsockopt = setsockopt_does_nothing },
	  "close/linger-zero" },
	{ "poll reports nothing", { .poll = poll_reports_nothing }, "table/poll-each" },
	{ "poll reports all", { .poll = poll_reports_all }, "table/poll-each" },
	{ "poll rounds down", { .poll = poll_rounds_down }, "table/poll-never-early" },
	{ "poll hides errors", { .poll = poll_hides_errors }, "table/poll-reset" },
	{ "poll hides closed descriptors", { .poll = poll_hides_errors }, "table/poll-closed" },
	{ "the clock stands still", { .now = now_stands_still }, "table/poll-sleeps" },
	{ "the clock goes back", { .now = now_goes_back }, "table/clock-monotonic" },
	{ "realloc forgets", { .realloc = realloc_forgets }, "table/realloc" },
	{ "realloc keeps what it frees",
	  { .realloc = realloc_keeps_what_it_frees },
	  "buffer/free" },
	{ "interface_index of nothing is 0",
	  { .interface_index = interface_index_of_nothing },
	  "table/interface-unknown" },
};

#define REPLACE(entry, required) \
	if (specimen->calls.entry != NULL) \
		layer->calls.entry = specimen->calls.entry;

static void infect(struct ledger *layer, const struct specimen *specimen)
{
	VET_SYS_ENTRIES(REPLACE)
}

static const struct conformance_case *find_case(const char *id)
{
	const struct conformance_case *one = NULL;

	for (size_t i = 0; (one = conformance_case_at(i)) != NULL; i++)
		if (strcmp(one->id, id) == 0)
			break;
	return one;
}

/* What a case says of the host's table with a defect, or (NULL) without. */
static struct conformance_result try_case(const char *id, const struct specimen *specimen)
{
	struct ledger layer;
	struct conformance_environment environment = process_environment(&layer.sys);
	const struct conformance_case *one = find_case(id);
	struct conformance_result result = { .verdict = CONFORMANCE_SKIPPED };

	if (one == NULL || ledger_init(&layer, vet_sys_host(), VET_DURATION_MAX) < 0)
		return result;
	if (specimen != NULL) {
		infect(&layer, specimen);
		environment.patience = VET_MILLISECONDS(300);
	}
	process_watch(id, &environment);
	conformance_run(one, &environment, &result);
	process_watch(NULL, &environment);
	(void)ledger_close_all(&layer);
	return result;
}

int main(void)
{
	size_t missed = 0;

	if (process_watch_signals() < 0)
		return EXIT_FAILURE;
	for (size_t i = 0; i < sizeof(specimens) / sizeof(specimens[0]); i++) {
		const struct specimen *specimen = &specimens[i];
		struct conformance_result sound = try_case(specimen->found_by, NULL);
		struct conformance_result broken = try_case(specimen->found_by, specimen);
		bool found =
			sound.verdict == CONFORMANCE_HELD && broken.verdict == CONFORMANCE_FAILED;

		missed += !found;
		printf("%-8s %-40s %s: %s%s\n", found ? "found" : "MISSED", specimen->name,
		       specimen->found_by, broken.message, sound.message);
	}
	printf("%zu of %zu defects missed\n", missed, sizeof(specimens) / sizeof(specimens[0]));
	return missed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
