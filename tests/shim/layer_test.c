/* SPDX-License-Identifier: 0BSD */
/* Layers: a call through one arrives as it was made, over a table that is no layer and over one. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <vetsock/layer.h>

/* ---- a table that is no layer: it writes down what it is asked, and answers 1000 + the entry ---- */

struct fake {
	struct vet_sys sys;
	unsigned long calls;
	char asked[200];
};

static struct fake fake;

static int note(struct vet_sys *self, unsigned entry, const char *format, ...)
{
	va_list arguments;
	assert_ptr_equal(self, &fake.sys);
	fake.calls++;
	va_start(arguments, format);
	(void)vsnprintf(fake.asked, sizeof fake.asked, format, arguments);
	va_end(arguments);
	return 1000 + (int)entry;
}

#define P(pointer)      ((const void *)(pointer))
#define NOTE(name, ...) return note(self, VET_CALL_##name, #name " " __VA_ARGS__)

static int fake_socket(struct vet_sys *self, int domain, int type, int protocol)
{
	NOTE(socket, "%d %d %d", domain, type, protocol);
}

static int fake_adopt(struct vet_sys *self, int fd)
{
	NOTE(adopt, "%d", fd);
}

static int fake_close(struct vet_sys *self, int fd)
{
	NOTE(close, "%d", fd);
}

static int fake_dup(struct vet_sys *self, int fd)
{
	NOTE(dup, "%d", fd);
}

static int fake_bind(struct vet_sys *self, int fd, const struct sockaddr *address, socklen_t length)
{
	NOTE(bind, "%d %p %u", fd, P(address), length);
}

static int fake_connect(struct vet_sys *self, int fd, const struct sockaddr *address,
			socklen_t length)
{
	NOTE(connect, "%d %p %u", fd, P(address), length);
}

static int fake_listen(struct vet_sys *self, int fd, int backlog)
{
	NOTE(listen, "%d %d", fd, backlog);
}

static int fake_accept(struct vet_sys *self, int fd, struct sockaddr *address, socklen_t *length)
{
	NOTE(accept, "%d %p %p", fd, P(address), P(length));
}

static int fake_shutdown(struct vet_sys *self, int fd, int how)
{
	NOTE(shutdown, "%d %d", fd, how);
}

static int fake_getsockname(struct vet_sys *self, int fd, struct sockaddr *address,
			    socklen_t *length)
{
	NOTE(getsockname, "%d %p %p", fd, P(address), P(length));
}

static int fake_getpeername(struct vet_sys *self, int fd, struct sockaddr *address,
			    socklen_t *length)
{
	NOTE(getpeername, "%d %p %p", fd, P(address), P(length));
}

static int fake_getsockopt(struct vet_sys *self, int fd, int level, int name, void *value,
			   socklen_t *length)
{
	NOTE(getsockopt, "%d %d %d %p %p", fd, level, name, P(value), P(length));
}

static int fake_setsockopt(struct vet_sys *self, int fd, int level, int name, const void *value,
			   socklen_t length)
{
	NOTE(setsockopt, "%d %d %d %p %u", fd, level, name, P(value), length);
}

static ssize_t fake_recv(struct vet_sys *self, int fd, void *data, size_t size, int flags)
{
	NOTE(recv, "%d %p %zu %d", fd, P(data), size, flags);
}

static ssize_t fake_send(struct vet_sys *self, int fd, const void *data, size_t size, int flags)
{
	NOTE(send, "%d %p %zu %d", fd, P(data), size, flags);
}

static ssize_t fake_recvfrom(struct vet_sys *self, int fd, void *data, size_t size, int flags,
			     struct sockaddr *address, socklen_t *length, int *truncated)
{
	NOTE(recvfrom, "%d %p %zu %d %p %p %p", fd, P(data), size, flags, P(address), P(length),
	     P(truncated));
}

static ssize_t fake_sendto(struct vet_sys *self, int fd, const void *data, size_t size, int flags,
			   const struct sockaddr *address, socklen_t length)
{
	NOTE(sendto, "%d %p %zu %d %p %u", fd, P(data), size, flags, P(address), length);
}

static ssize_t fake_sendv(struct vet_sys *self, int fd, const struct iovec *parts, int count,
			  int flags)
{
	NOTE(sendv, "%d %p %d %d", fd, P(parts), count, flags);
}

static ssize_t fake_pread(struct vet_sys *self, int file, void *data, size_t size, int64_t offset)
{
	NOTE(pread, "%d %p %zu %lld", file, P(data), size, (long long)offset);
}

static ssize_t fake_sendfile(struct vet_sys *self, int fd, int file, int64_t *offset, size_t size)
{
	NOTE(sendfile, "%d %d %p %zu", fd, file, P(offset), size);
}

static int fake_poll(struct vet_sys *self, struct pollfd *descriptors, nfds_t count,
		     int64_t nanoseconds)
{
	NOTE(poll, "%p %lu %lld", P(descriptors), (unsigned long)count, (long long)nanoseconds);
}

static int fake_now(struct vet_sys *self, int64_t *nanoseconds)
{
	NOTE(now, "%p", P(nanoseconds));
}

static int fake_realloc(struct vet_sys *self, void **memory, size_t size)
{
	NOTE(realloc, "%p %zu", P(memory), size);
}

static int fake_interface_index(struct vet_sys *self, const char *name)
{
	NOTE(interface_index, "%s", name);
}

#define FAKE(name, required)     .name = fake_##name,
#define REQUIRED(name, required) .name = (required) ? fake_##name : NULL,
static const struct vet_sys_calls whole = { VET_SYS_VERSION, sizeof(struct vet_sys_calls),
					    VET_SYS_ENTRIES(FAKE) };
/* The optional entries: not there, or only one of them. */
static const struct vet_sys_calls none = { VET_SYS_VERSION, sizeof(struct vet_sys_calls),
					   VET_SYS_ENTRIES(REQUIRED) },
				  only_sendfile = { VET_SYS_VERSION,
						    offsetof(struct vet_sys_calls, interface_index),
						    VET_SYS_ENTRIES(FAKE) };
static struct vet_sys_calls only_index;

/* ---- every entry, by hand ---- */

static struct sockaddr address;
static socklen_t length;
static int truncated;
static struct pollfd polled;
static struct iovec part;
static int64_t nanoseconds;
static void *memory;
static char bytes[8];

/* Negative, great and unlike each other, so that none is cut or stands for another. */
#define CALLS (sys->calls)
#define BIG   ((size_t)0x7fffffff)
#define FAR   (INT64_C(-0x7000000000000001))

static int64_t make_by_hand(struct vet_sys *sys, unsigned entry)
{
	switch (entry) {
	case VET_CALL_socket:
		return (CALLS->socket)(sys, -2, 3, 4);
	case VET_CALL_adopt:
		return (CALLS->adopt)(sys, 11);
	case VET_CALL_close:
		return (CALLS->close)(sys, 12);
	case VET_CALL_dup:
		return (CALLS->dup)(sys, 13);
	case VET_CALL_bind:
		return (CALLS->bind)(sys, 14, &address, 15);
	case VET_CALL_connect:
		return (CALLS->connect)(sys, 16, &address, 17);
	case VET_CALL_listen:
		return (CALLS->listen)(sys, 18, -19);
	case VET_CALL_accept:
		return (CALLS->accept)(sys, 20, &address, &length);
	case VET_CALL_shutdown:
		return (CALLS->shutdown)(sys, 21, 22);
	case VET_CALL_getsockname:
		return (CALLS->getsockname)(sys, 23, &address, &length);
	case VET_CALL_getpeername:
		return (CALLS->getpeername)(sys, 24, &address, &length);
	case VET_CALL_getsockopt:
		return (CALLS->getsockopt)(sys, 25, 26, 27, bytes, &length);
	case VET_CALL_setsockopt:
		return (CALLS->setsockopt)(sys, 28, 29, 30, bytes, 31);
	case VET_CALL_recv:
		return (CALLS->recv)(sys, 32, bytes, BIG, 33);
	case VET_CALL_send:
		return (CALLS->send)(sys, 34, bytes, BIG, 35);
	case VET_CALL_recvfrom:
		return (CALLS->recvfrom)(sys, 36, bytes, BIG, 37, &address, &length, &truncated);
	case VET_CALL_sendto:
		return (CALLS->sendto)(sys, 38, bytes, BIG, 39, &address, 40);
	case VET_CALL_sendv:
		return (CALLS->sendv)(sys, 41, &part, 42, 43);
	case VET_CALL_pread:
		return (CALLS->pread)(sys, 44, bytes, BIG, FAR);
	case VET_CALL_sendfile:
		return (CALLS->sendfile)(sys, 45, 46, &nanoseconds, BIG);
	case VET_CALL_poll:
		return (CALLS->poll)(sys, &polled, 47, FAR);
	case VET_CALL_now:
		return (CALLS->now)(sys, &nanoseconds);
	case VET_CALL_realloc:
		return (CALLS->realloc)(sys, &memory, BIG);
	default:
		return (CALLS->interface_index)(sys, "lo");
	}
}

static void asked_directly(unsigned entry, char text[200])
{
	assert_int_equal(make_by_hand(&fake.sys, entry), 1000 + (int)entry);
	strcpy(text, fake.asked);
}

/* ---- layers ---- */

struct layer {
	struct vet_layer layer;
	unsigned long calls;
	uintptr_t seen; /* where the call was */
	struct vet_call before;
};

static int64_t pass_on(struct vet_layer *layer, struct vet_call *call)
{
	struct layer *l = (struct layer *)layer;
	l->calls++;
	l->seen = (uintptr_t)call;
	l->before = *call;
	return vet_call_make(layer->next, call);
}

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	struct layer *l = (struct layer *)layer;
	l->calls++;
	l->seen = (uintptr_t)call;
	l->before = *call;
	return INT64_C(-77) - call->entry;
}

static void begin(const struct vet_sys_calls *calls)
{
	memset(&fake, 0, sizeof fake);
	fake.sys.calls = calls;
}

static void every_call_arrives_unchanged_over_a_table(void **state)
{
	struct layer l = { .calls = 0 };
	struct vet_sys *sys;
	char want[200];
	(void)state;
	begin(&whole);
	sys = vet_layer_over(&l.layer, &fake.sys, pass_on);
	assert_ptr_equal(sys, &l.layer.sys);
	assert_int_equal(vet_sys_check(sys, NULL), 0);
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		asked_directly(entry, want);
		memset(fake.asked, 0, sizeof fake.asked);
		assert_int_equal(make_by_hand(sys, entry), 1000 + (int)entry);
		assert_string_equal(fake.asked, want);
		assert_int_equal(
			strncmp(want, vet_entry_name(entry), strlen(vet_entry_name(entry))), 0);
		assert_int_equal(l.before.entry, entry);
		assert_int_equal(l.calls, entry + 1);
		assert_int_equal(fake.calls, 2 * (entry + 1));
	}
}

/* Five layers, each of which finds itself, and the table below them is asked once. */
static void a_stack_hands_the_same_call_on(void **state)
{
	struct layer l[5];
	struct vet_sys *sys = &fake.sys;
	char want[200];
	(void)state;
	begin(&whole);
	memset(l, 0, sizeof l);
	for (int i = 0; i < 5; i++)
		sys = vet_layer_over(&l[i].layer, sys, pass_on);
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		asked_directly(entry, want);
		assert_int_equal(make_by_hand(sys, entry), 1000 + (int)entry);
		assert_string_equal(fake.asked, want);
		for (int i = 0; i < 5; i++) {
			assert_int_equal(l[i].calls, entry + 1);
			assert_int_equal(l[i].seen, l[4].seen);
		}
	}
	assert_int_equal(fake.calls, 2 * VET_CALL_COUNT);
}

static void a_result_goes_up_as_it_is(void **state)
{
	struct layer l[2];
	struct vet_sys *sys;
	(void)state;
	memset(l, 0, sizeof l);
	sys = vet_layer_over(&l[1].layer, vet_layer_over(&l[0].layer, NULL, answer), pass_on);
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		assert_int_equal(make_by_hand(sys, entry), -77 - (int)entry);
		assert_int_equal(l[0].before.entry, entry);
	}
	assert_int_equal(l[0].seen, l[1].seen);
}

/* What is on no descriptor says -1; a plain recv and send have no address. */
static void what_is_not_asked_is_nothing(void **state)
{
	static const unsigned on_none[] = { VET_CALL_socket, VET_CALL_poll, VET_CALL_now,
					    VET_CALL_realloc, VET_CALL_interface_index };
	struct layer l = { .calls = 0 };
	struct vet_sys *sys = vet_layer_over(&l.layer, NULL, answer);
	(void)state;
	for (size_t i = 0; i < sizeof on_none / sizeof on_none[0]; i++) {
		(void)make_by_hand(sys, on_none[i]);
		assert_int_equal(l.before.fd, -1);
	}
	(void)make_by_hand(sys, VET_CALL_recv);
	assert_null(l.before.u.in.address);
	assert_null(l.before.u.in.length);
	assert_null(l.before.u.in.truncated);
	(void)make_by_hand(sys, VET_CALL_send);
	assert_null(l.before.u.out.address);
	assert_int_equal(l.before.u.out.length, 0);
	(void)make_by_hand(sys, VET_CALL_pread);
	assert_int_equal(l.before.fd, 44);
}

/* ---- what is optional ---- */

static void optional_entries_follow_the_table_below(void **state)
{
	const struct {
		const struct vet_sys_calls *calls;
		bool sendfile, index;
	} rows[] = {
		{ &whole, true, true },
		{ &none, false, false },
		{ &only_sendfile, true, false },
		{ &only_index, false, true },
	};
	(void)state;
	only_index = whole;
	only_index.sendfile = NULL;
	for (size_t i = 0; i < 4; i++) {
		struct layer l[2];
		struct vet_sys *sys;
		begin(rows[i].calls);
		memset(l, 0, sizeof l);
		for (sys = vet_layer_over(&l[0].layer, &fake.sys, pass_on); sys != NULL;
		     sys = sys == &l[0].layer.sys ? vet_layer_over(&l[1].layer, sys, pass_on)
						  : NULL) {
			assert_int_equal(VET_SYS_HAS(sys, sendfile), rows[i].sendfile);
			assert_int_equal(VET_SYS_HAS(sys, interface_index), rows[i].index);
			assert_int_equal(vet_sys_check(sys, NULL), 0);
		}
	}
}

static void optional_entries_may_be_said(void **state)
{
	struct layer l = { .calls = 0 };
	(void)state;
	begin(&whole);
	for (int i = 0; i < 4; i++) {
		struct vet_sys *sys =
			vet_layer_with(&l.layer, &fake.sys, pass_on, (i & 1) != 0, (i & 2) != 0);
		assert_int_equal(VET_SYS_HAS(sys, sendfile), (i & 1) != 0);
		assert_int_equal(VET_SYS_HAS(sys, interface_index), (i & 2) != 0);
	}
	assert_true(VET_SYS_HAS(vet_layer_over(&l.layer, NULL, answer), sendfile));
	assert_true(VET_SYS_HAS(vet_layer_over(&l.layer, NULL, answer), interface_index));
}

static void what_a_table_lacks_is_not_implemented(void **state)
{
	struct vet_call call = { .entry = VET_CALL_sendfile, .fd = 1 };
	struct layer l = { .calls = 0 };
	(void)state;
	begin(&none);
	assert_int_equal(vet_call_make(&fake.sys, &call), -ENOSYS);
	call.entry = VET_CALL_interface_index;
	call.u.name_of_interface = "lo";
	assert_int_equal(vet_call_make(&fake.sys, &call), -ENOSYS);
	call.entry = VET_CALL_COUNT;
	assert_int_equal(vet_call_make(&fake.sys, &call), -ENOSYS);
	call.entry = VET_CALL_sendfile;
	(void)vet_layer_over(&l.layer, &fake.sys, pass_on);
	assert_int_equal(vet_call_make(&l.layer.sys, &call), -ENOSYS);
	assert_int_equal(fake.calls, 0);
	fake.sys.calls = &only_sendfile; /* which ends before the other one */
	call.entry = VET_CALL_interface_index;
	assert_int_equal(vet_call_make(&fake.sys, &call), -ENOSYS);
	call.entry = VET_CALL_sendfile;
	call.u.file.file = 2;
	assert_int_equal(vet_call_make(&fake.sys, &call), 1000 + VET_CALL_sendfile);
	assert_int_equal(fake.calls, 1);
}

/* ---- names ---- */

static void names_are_found(void **state)
{
	(void)state;
	assert_string_equal(vet_entry_name(VET_CALL_socket), "socket");
	assert_string_equal(vet_entry_name(VET_CALL_interface_index), "interface_index");
	assert_int_equal(VET_CALL_COUNT, 24);
	for (unsigned entry = 0; entry < VET_CALL_COUNT; entry++) {
		const char *name = vet_entry_name(entry);
		assert_int_equal(vet_entry_find(name, strlen(name)), entry);
		assert_int_equal(vet_entry_find(name, strlen(name) + 1), -1); /* its NUL is none */
	}
	assert_null(vet_entry_name(VET_CALL_COUNT));
	assert_null(vet_entry_name(0xff));
	assert_int_equal(vet_entry_find("sends", 5), -1);
	assert_int_equal(vet_entry_find("sendto", 4), VET_CALL_send);
	assert_int_equal(vet_entry_find("", 0), -1);
	assert_int_equal(vet_entry_find("Send", 4), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_call_arrives_unchanged_over_a_table),
		cmocka_unit_test(a_stack_hands_the_same_call_on),
		cmocka_unit_test(a_result_goes_up_as_it_is),
		cmocka_unit_test(what_is_not_asked_is_nothing),
		cmocka_unit_test(optional_entries_follow_the_table_below),
		cmocka_unit_test(optional_entries_may_be_said),
		cmocka_unit_test(what_a_table_lacks_is_not_implemented),
		cmocka_unit_test(names_are_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
