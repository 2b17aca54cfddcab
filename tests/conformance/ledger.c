/* SPDX-License-Identifier: 0BSD */
#include "ledger.h"

#include <errno.h>
#include <string.h>

enum { CALLS_MAX = 200000, ERRNO_MAX = 4095 };

#define ENTRY_NAME(name, required) #name,
static const char *const entry_names[] = { VET_SYS_ENTRIES(ENTRY_NAME) };
#undef ENTRY_NAME

const char *ledger_entry_name(enum ledger_entry entry)
{
	return entry_names[entry];
}

static struct ledger *of(struct vet_sys *self)
{
	return (struct ledger *)(void *)self;
}

static void breach(struct ledger *l, enum ledger_entry entry, const char *why)
{
	if (l->violation == NULL) {
		l->violation = why;
		l->culprit = entry;
	}
	l->cut = true;
}

/* Counts a call; whether it may go through. */
static bool enter(struct ledger *l, enum ledger_entry entry)
{
	l->made[entry]++;
	if (++l->made_in_all > CALLS_MAX)
		breach(l, entry, "was called over and over: a loop that makes no progress");
	return !l->cut;
}

/* The answer, if it is one that the contract knows: 0 to `most`, or minus an errno. */
static int64_t answer(struct ledger *l, enum ledger_entry entry, int64_t result, uint64_t most)
{
	if (l->hung != NULL && *l->hung) {
		l->out_of_time = true;
		breach(l, entry, "did not return until it was interrupted");
	}
	if (result < -ERRNO_MAX)
		breach(l, entry, "answered what is neither a count nor minus an errno");
	else if (result >= 0 && (uint64_t)result > most)
		breach(l, entry, "answered more than was asked for");
	else
		return result;
	return -EPROTO;
}

static int status(struct ledger *l, enum ledger_entry entry, int result)
{
	return (int)answer(l, entry, result, 0);
}

static size_t find(const struct ledger *l, int fd)
{
	size_t i = 0;

	while (i < l->open_count && l->open[i] != fd)
		i++;
	return i;
}

static int opened(struct ledger *l, enum ledger_entry entry, int fd)
{
	fd = (int)answer(l, entry, fd, INT32_MAX);
	if (fd < 0)
		return fd;
	if (find(l, fd) < l->open_count)
		breach(l, entry, "handed out a descriptor that is open");
	else if (l->open_count == LEDGER_DESCRIPTORS)
		breach(l, entry, "handed out more descriptors than a case can need");
	else
		l->open[l->open_count++] = fd;
	return fd;
}

static int pass_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_socket))
		return -ECANCELED;
	return opened(l, LEDGER_socket, (l->next->calls->socket)(l->next, domain, type, protocol));
}

/* A descriptor from elsewhere stays its owner's, in the ledger too: only a new number is noted. */
static int pass_adopt(struct vet_sys *self, int fd)
{
	struct ledger *l = of(self);
	size_t at = find(l, fd);
	int result;

	if (!enter(l, LEDGER_adopt))
		return -ECANCELED;
	result = (int)answer(l, LEDGER_adopt, (l->next->calls->adopt)(l->next, fd), INT32_MAX);
	if (result >= 0 && at < l->open_count)
		l->open[at] = result;
	return result;
}

static int pass_close(struct vet_sys *self, int fd)
{
	struct ledger *l = of(self);
	size_t at = find(l, fd);

	(void)enter(l, LEDGER_close);
	if (at == l->open_count) {
		breach(l, LEDGER_close, "was called for a descriptor that is not open");
		return -EBADF;
	}
	l->open[at] = l->open[--l->open_count];
	return status(l, LEDGER_close, (l->next->calls->close)(l->next, fd));
}

static int pass_dup(struct vet_sys *self, int fd)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_dup))
		return -ECANCELED;
	return opened(l, LEDGER_dup, (l->next->calls->dup)(l->next, fd));
}

static int pass_bind(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_bind))
		return -ECANCELED;
	return status(l, LEDGER_bind, (l->next->calls->bind)(l->next, fd, address, length));
}

static int pass_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
			socklen_t length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_connect))
		return -ECANCELED;
	return status(l, LEDGER_connect, (l->next->calls->connect)(l->next, fd, address, length));
}

static int pass_listen(struct vet_sys *self, int fd, int backlog)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_listen))
		return -ECANCELED;
	return status(l, LEDGER_listen, (l->next->calls->listen)(l->next, fd, backlog));
}

static int pass_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_accept))
		return -ECANCELED;
	return opened(l, LEDGER_accept, (l->next->calls->accept)(l->next, fd, address, length));
}

static int pass_shutdown(struct vet_sys *self, int fd, int how)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_shutdown))
		return -ECANCELED;
	return status(l, LEDGER_shutdown, (l->next->calls->shutdown)(l->next, fd, how));
}

static int pass_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			    socklen_t *length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_getsockname))
		return -ECANCELED;
	return status(l, LEDGER_getsockname,
		      (l->next->calls->getsockname)(l->next, fd, address, length));
}

static int pass_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			    socklen_t *length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_getpeername))
		return -ECANCELED;
	return status(l, LEDGER_getpeername,
		      (l->next->calls->getpeername)(l->next, fd, address, length));
}

static int pass_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			   socklen_t *length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_getsockopt))
		return -ECANCELED;
	return status(l, LEDGER_getsockopt,
		      (l->next->calls->getsockopt)(l->next, fd, level, name, value, length));
}

static int pass_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			   socklen_t length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_setsockopt))
		return -ECANCELED;
	return status(l, LEDGER_setsockopt,
		      (l->next->calls->setsockopt)(l->next, fd, level, name, value, length));
}

static ssize_t pass_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_recv))
		return -ECANCELED;
	return (ssize_t)answer(l, LEDGER_recv,
			       (l->next->calls->recv)(l->next, fd, data, size, flags), size);
}

static ssize_t pass_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_send))
		return -ECANCELED;
	return (ssize_t)answer(l, LEDGER_send,
			       (l->next->calls->send)(l->next, fd, data, size, flags), size);
}

static ssize_t pass_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			     struct sockaddr *address, socklen_t *length, int *truncated)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_recvfrom))
		return -ECANCELED;
	return (ssize_t)answer(l, LEDGER_recvfrom,
			       (l->next->calls->recvfrom)(l->next, fd, data, size, flags, address,
							  length, truncated),
			       size);
}

static ssize_t pass_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			   const struct sockaddr *address, socklen_t length)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_sendto))
		return -ECANCELED;
	return (ssize_t)answer(
		l, LEDGER_sendto,
		(l->next->calls->sendto)(l->next, fd, data, size, flags, address, length), size);
}

static ssize_t pass_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			  int flags)
{
	struct ledger *l = of(self);
	uint64_t size = 0;

	if (!enter(l, LEDGER_sendv))
		return -ECANCELED;
	for (int i = 0; i < count; i++)
		size += parts[i].iov_len;
	return (ssize_t)answer(l, LEDGER_sendv,
			       (l->next->calls->sendv)(l->next, fd, parts, count, flags), size);
}

static ssize_t pass_pread(struct vet_sys *self, int file, void *data, size_t size, int64_t offset)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_pread))
		return -ECANCELED;
	return (ssize_t)answer(l, LEDGER_pread,
			       (l->next->calls->pread)(l->next, file, data, size, offset), size);
}

static ssize_t pass_sendfile(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_sendfile))
		return -ECANCELED;
	return (ssize_t)answer(l, LEDGER_sendfile,
			       (l->next->calls->sendfile)(l->next, fd, file, offset, size), size);
}

/* How long a wait may still be; 0 or less: no longer. */
static int64_t time_left(struct ledger *l)
{
	int64_t now = 0;

	if ((l->next->calls->now)(l->next, &now) < 0)
		return VET_MILLISECONDS(1);
	return vet_instant_difference(l->end, (struct vet_instant){ now });
}

static int pass_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		     int64_t nanoseconds)
{
	struct ledger *l = of(self);
	int64_t left;
	int result;

	if (!enter(l, LEDGER_poll))
		return -ECANCELED;
	left = time_left(l);
	if (left <= 0) {
		l->out_of_time = true;
		breach(l, LEDGER_poll, "reported nothing until the time of the case was over");
		return -ECANCELED;
	}
	if (nanoseconds < 0 || nanoseconds > left)
		nanoseconds = left;
	result = (l->next->calls->poll)(l->next, descriptors, count, nanoseconds);
	return (int)answer(l, LEDGER_poll, result, count);
}

static int pass_now(struct vet_sys *self, int64_t *nanoseconds)
{
	struct ledger *l = of(self);

	(void)enter(l, LEDGER_now);
	return status(l, LEDGER_now, (l->next->calls->now)(l->next, nanoseconds));
}

static int pass_realloc(struct vet_sys *self, void **memory, size_t size)
{
	struct ledger *l = of(self);
	void *before = *memory;
	int result;

	(void)enter(l, LEDGER_realloc);
	if (size > 0 && (l->cut || l->refuse_memory))
		return -ENOMEM;
	result = status(l, LEDGER_realloc, (l->next->calls->realloc)(l->next, memory, size));
	if (result < 0 && *memory != before)
		breach(l, LEDGER_realloc, "failed and changed the pointer");
	if (result == 0 && (*memory == NULL) != (size == 0))
		breach(l, LEDGER_realloc, "said 0 and did not do it");
	l->blocks += (*memory != NULL) - (before != NULL);
	return result;
}

static int pass_interface_index(struct vet_sys *self, const char *name)
{
	struct ledger *l = of(self);

	if (!enter(l, LEDGER_interface_index))
		return -ECANCELED;
	return (int)answer(l, LEDGER_interface_index,
			   (l->next->calls->interface_index)(l->next, name), INT32_MAX);
}

#define ENTRY_PASS(name, required) .name = pass_##name,
static const struct vet_sys_calls passing = { .version = VET_SYS_VERSION,
					      .size = sizeof(struct vet_sys_calls),
					      VET_SYS_ENTRIES(ENTRY_PASS) };
#undef ENTRY_PASS

int ledger_init(struct ledger *ledger, struct vet_sys *next, vet_duration patience)
{
	struct vet_instant now = { 0 };
	int result;

	memset(ledger, 0, sizeof(*ledger));
	ledger->calls = passing;
	ledger->sys.calls = &ledger->calls;
	ledger->next = next;
	if (!VET_SYS_HAS(next, sendfile))
		ledger->calls.sendfile = NULL;
	if (!VET_SYS_HAS(next, interface_index))
		ledger->calls.interface_index = NULL;
	result = (next->calls->now)(next, &now.nanoseconds);
	ledger->end = vet_instant_add(now, patience);
	return result;
}

size_t ledger_close_all(struct ledger *ledger)
{
	size_t left = ledger->open_count;

	while (ledger->open_count > 0) {
		int fd = ledger->open[--ledger->open_count];

		(void)(ledger->next->calls->close)(ledger->next, fd);
	}
	return left;
}
