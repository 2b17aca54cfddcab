/* SPDX-License-Identifier: 0BSD */
/* Deeds: sockets made, connected, asked, shut down, closed; their options. */
#include <vetsock/endpoint.h>

#include "behaviour.h"

static bool is_closed(const struct vet_socket *s)
{
	static const struct vet_socket closed;
	return memcmp(s, &closed, sizeof closed) == 0;
}

struct vet_address vet_fuzz_address(int family, unsigned host)
{
	unsigned char last = (unsigned char)(host % 4 + 1);
	if (family == 6)
		return vet_address_of(vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, last), 7);
	return vet_address_of(vet_ipv4(192, 0, 2, last), host == 3 ? 65536 : 7);
}

static struct vet_address choose_address(struct vet_fuzz_run *run, const struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int family = vet_socket_family(&slot->socket);
	if (byte >= 250) /* not the socket's */
		family = family == 4 ? 6 : 4;
	return vet_fuzz_address(family, byte % 4);
}

/* ---- made and ended ---- */

int64_t vet_fuzz_make(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int kind, int family)
{
	struct vet_sys *sys = vet_trial_sys(run->trial);
	int64_t r = kind == VET_STREAM     ? DO(run, slot, stream_on, sys, family)
		    : kind == VET_DATAGRAM ? DO(run, slot, datagram_on, sys, family)
					   : DO(run, slot, raw_on, sys, family, 253);
	CHECK(run, (r == 0) == vet_fuzz_is_open(slot));
	CHECK(run, r == 0 || is_closed(&slot->socket));
	CHECK(run, r != 0 || vet_socket_kind(&slot->socket) == kind);
	slot->has_deadline = slot->is_connected = false;
	if (r == 0)
		slot->flow = vet_fuzz_new_flow(run);
	TELL(run, slot, "make", r, "kind %d, IPv%d", kind, family);
	return r;
}

static void make(struct vet_fuzz_run *run, int kind)
{
	struct vet_fuzz_slot *slot = vet_fuzz_closed_slot(run);
	uint32_t byte = vet_trial_choose(run->trial, 256);
	if (slot != NULL)
		(void)vet_fuzz_make(run, slot, kind, byte < 128 ? 4 : byte < 250 ? 6 : 5);
}

void vet_fuzz_do_make_stream(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	(void)slot;
	make(run, VET_STREAM);
}

void vet_fuzz_do_make_datagram(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	(void)slot;
	make(run, VET_DATAGRAM);
}

void vet_fuzz_do_make_raw(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	(void)slot;
	make(run, VET_RAW);
}

static bool is_adopted(const struct vet_fuzz_run *run, int fd)
{
	for (size_t i = 0; i < VET_FUZZ_SOCKETS; i++)
		if (vet_socket_fd(&run->slots[i].socket) == fd)
			return true;
	return false;
}

/* Without a socket it is the caller's own, who closes it himself. */
static int64_t adopt(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, int fd)
{
	struct vet_sys *sys = vet_trial_sys(run->trial);
	int64_t r = DO(run, slot, adopt, sys, fd);
	CHECK(run, (r == 0) == vet_fuzz_is_open(slot));
	CHECK(run, r == 0 || is_closed(&slot->socket));
	slot->has_deadline = slot->is_connected = false;
	TELL(run, slot, "adopt", r, "%d", fd);
	if (r == 0)
		return r;
	vet_trial_begin(run->trial, &operations[OPERATION_close]);
	(void)vet_trial_end(run->trial, (sys->calls->close)(sys, fd));
	return r;
}

/* The connection that was made elsewhere; once. */
void vet_fuzz_do_adopt(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	slot = vet_fuzz_closed_slot(run);
	if (slot == NULL || run->has_adopted || is_adopted(run, VET_PEER_FOREIGN))
		return;
	run->has_adopted = true;
	if (adopt(run, slot, VET_PEER_FOREIGN) == 0)
		slot->flow = vet_fuzz_new_flow(run);
}

void vet_fuzz_do_readopt(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	bool was_open = vet_fuzz_is_open(slot);
	int64_t fd = DO_ALONE(run, slot, release);
	CHECK(run, was_open ? fd >= 0 : fd == -EBADF);
	CHECK(run, is_closed(&slot->socket));
	vet_fuzz_forget_deadline(run, slot);
	TELL(run, slot, "release", fd, "which is adopted again");
	if (fd >= 0)
		(void)adopt(run, slot, (int)fd);
}

void vet_fuzz_do_try_clone(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_fuzz_slot *clone = vet_fuzz_closed_slot(run);
	int64_t r;
	if (clone == NULL) {
		r = DO(run, slot, try_clone, &slot->socket);
		CHECK(run, r == -EINVAL);
		return;
	}
	r = DO(run, slot, try_clone, &clone->socket);
	CHECK(run, (r == 0) == vet_fuzz_is_open(clone));
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	clone->has_deadline = clone->is_connected = false;
	if (r == 0)
		clone->flow = slot->flow;
	TELL(run, slot, "try_clone", r, "#%d", (int)(clone - run->slots) + 1);
}

void vet_fuzz_do_close(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	bool was_open = vet_fuzz_is_open(slot);
	int64_t r = DO_ALONE(run, slot, close);
	CHECK(run, was_open || r == -EBADF);
	CHECK(run, is_closed(&slot->socket));
	slot->is_connected = false;
	expect(run->trial, r == 0 || !was_open);
	vet_fuzz_forget_deadline(run, slot);
	TELL(run, slot, "close", r, "once");
}

/* ---- endpoints ---- */

/* What the model knows of a socket that was opened. */
static void know_opened(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot,
			const struct vet_endpoint *endpoint)
{
	slot->has_deadline = false;
	slot->is_connected = endpoint->kind == VET_STREAM && endpoint->role == VET_ROLE_CONNECT;
	slot->flow = vet_fuzz_new_flow(run);
	slot->flow->is_listening = endpoint->role == VET_ROLE_LISTEN;
	CHECK(run, vet_socket_kind(&slot->socket) == endpoint->kind);
	CHECK(run, vet_socket_family(&slot->socket) == endpoint->address.ip.family);
}

static int64_t open_at(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot,
		       const struct vet_endpoint *endpoint, vet_duration timeout)
{
	struct vet_sys *sys = vet_trial_sys(run->trial);
	struct vet_endpoint_failure failure;
	int64_t r;
	vet_fuzz_promise(run, slot, timeout);
	vet_trial_begin(run->trial, &operations[OPERATION_endpoint_open]);
	r = vet_trial_end(run->trial,
			  vet_endpoint_open(endpoint, sys, timeout, &slot->socket, &failure));
	vet_fuzz_promise(run, slot, VET_DURATION_MAX);
	CHECK(run, (failure.step == VET_STEP_NONE) == (r == 0) && failure.step < VET_STEP_COUNT);
	CHECK(run, (failure.step == VET_STEP_OPTION) == (failure.option != VET_NO_OPTION));
	return r;
}

enum { ENDPOINTS = 6 };
static const char *const endpoint_texts[ENDPOINTS] = {
	"tcp://192.0.2.1:7?no-delay&linger=1s",
	"tcp-listen://[::]:7?reuse-address&backlog=2",
	"udp://[2001:db8::1%zone]:7?ttl=9",
	"udp-bind://192.0.2.3:7?broadcast",
	"raw+icmp://192.0.2.1",
	"raw-bind+58://[::]",
};

/* Each is read once. */
static const struct vet_endpoint *endpoint_at(struct vet_fuzz_run *run, size_t index)
{
	static struct vet_endpoint endpoints[ENDPOINTS];
	const char *text = endpoint_texts[index];
	if (endpoints[index].kind == 0) {
		int r = vet_endpoint_parse(text, strlen(text), &endpoints[index], NULL);
		CHECK(run, r == 0);
	}
	return &endpoints[index];
}

void vet_fuzz_do_open(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	static const vet_duration timeouts[] = { VET_DURATION_MAX, VET_MILLISECONDS(2), 0 };
	uint32_t byte = vet_trial_choose(run->trial, 256);
	const struct vet_endpoint *endpoint = endpoint_at(run, byte % ENDPOINTS);
	struct vet_fuzz_slot *closed = vet_fuzz_closed_slot(run);
	int64_t r;
	slot = closed != NULL ? closed : slot;
	r = open_at(run, slot, endpoint, timeouts[byte / ENDPOINTS % 3]);
	CHECK(run, closed != NULL ? (r == 0) == vet_fuzz_is_open(slot) : r == -EINVAL);
	CHECK(run, closed == NULL || r == 0 || is_closed(&slot->socket));
	if (r == 0)
		know_opened(run, slot, endpoint);
	TELL(run, slot, "open", r, "%s", endpoint_texts[byte % ENDPOINTS]);
}

/* ---- addresses and connections ---- */

void vet_fuzz_do_bind(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_address own = choose_address(run, slot);
	int64_t r = DO(run, slot, bind, &own);
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	TELL(run, slot, "bind", r, "IPv%d", own.ip.family);
}

void vet_fuzz_do_listen(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	int64_t backlog = byte == 255 ? -1 : byte == 254 ? INT64_C(1) << 31 : (int64_t)byte;
	int64_t r =
		byte == 0 ? DO_ALONE(run, slot, listen) : DO(run, slot, listen_backlog, backlog);
	CHECK(run, byte < 254 || r < 0);
	if (r == 0)
		slot->flow->is_listening = true;
	TELL(run, slot, "listen", r, "%lld", (long long)backlog);
}

/* From a listener whose queue may be empty it need not come back. */
void vet_fuzz_do_accept(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_fuzz_slot *peer = vet_fuzz_closed_slot(run);
	struct vet_address from = { { 9, { 9 } }, 9, 9 };
	struct vet_address *asked = vet_trial_choose(run->trial, 2) == 0 ? &from : NULL;
	int64_t r;
	vet_fuzz_arm(run, slot, true);
	if (peer == NULL) {
		r = DO(run, slot, accept, &slot->socket, asked);
		CHECK(run, r == -EINVAL);
		return;
	}
	r = DO(run, slot, accept, &peer->socket, asked);
	CHECK(run, (r == 0) == vet_fuzz_is_open(peer));
	CHECK(run, r == 0 || is_closed(&peer->socket));
	CHECK(run,
	      asked == NULL || from.ip.family == (r == 0 ? vet_socket_family(&slot->socket) : 0));
	peer->has_deadline = false;
	peer->is_connected = r == 0;
	if (r == 0) {
		peer->flow = vet_fuzz_new_flow(run);
		CHECK(run, ++run->accepted <= run->world->connections * run->flow_count);
	}
	TELL(run, slot, "accept", r, "#%d", (int)(peer - run->slots) + 1);
}

static void connect_to(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot,
		       const struct vet_address *to)
{
	int64_t r;
	vet_fuzz_arm(run, slot, false);
	/* Once it was connected, and adopted since then, it may begin anew. */
	if (vet_fuzz_is_open(slot))
		slot->flow->is_unsure |=
			slot->flow->sent > 0 || slot->flow->received > 0 || slot->flow->has_ended;
	r = DO(run, slot, connect, to);
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	CHECK(run, r != -ECONNABORTED || vet_fuzz_has_met(ECONNABORTED));
	CHECK(run, !slot->is_connected || r == -EISCONN || r == -EAFNOSUPPORT || r == -EINVAL);
	if (r == 0 && vet_socket_kind(&slot->socket) == VET_STREAM)
		slot->is_connected = true;
	TELL(run, slot, "connect", r, "IPv%d", to->ip.family);
}

void vet_fuzz_dial(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_address to = vet_fuzz_address(vet_socket_family(&slot->socket), 0);
	connect_to(run, slot, &to);
}

void vet_fuzz_do_connect(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_address to = choose_address(run, slot);
	connect_to(run, slot, &to);
}

void vet_fuzz_do_addresses(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_address local, peer;
	int64_t r = DO(run, slot, local_address, &local);
	CHECK(run, local.ip.family == (r == 0 ? vet_socket_family(&slot->socket) : 0));
	TELL(run, slot, "local_address", r, "port %u", (unsigned)local.port);
	r = DO(run, slot, peer_address, &peer);
	CHECK(run, peer.ip.family == (r == 0 ? vet_socket_family(&slot->socket) : 0));
	TELL(run, slot, "peer_address", r, "port %u", (unsigned)peer.port);
}

static void shut(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot, const char *how, int64_t r,
		 bool ends)
{
	CHECK(run, vet_fuzz_is_open(slot) || r == -EBADF);
	if (r == 0 && ends)
		slot->flow->has_ended = true;
	TELL(run, slot, how, r, "now");
}

void vet_fuzz_do_shutdown(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	shut(run, slot, "shutdown", DO_ALONE(run, slot, shutdown), true);
}

void vet_fuzz_do_shutdown_read(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	shut(run, slot, "shutdown_read", DO_ALONE(run, slot, shutdown_read), false);
}

void vet_fuzz_do_shutdown_write(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	shut(run, slot, "shutdown_write", DO_ALONE(run, slot, shutdown_write), true);
}

/* ---- what is asked without a call ---- */

void vet_fuzz_do_ask(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	bool is_open = vet_fuzz_is_open(slot);
	CHECK(run, (DO_ALONE(run, slot, fd) >= 0) == is_open);
	CHECK(run, (DO_ALONE(run, slot, family) > 0) == is_open);
	CHECK(run, (DO_ALONE(run, slot, kind) > 0) == is_open);
	TELL(run, slot, "fd, family, kind", is_open, "all");
}

void vet_fuzz_do_deadlines(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	struct vet_instant now, got;
	int64_t after = (int64_t)vet_trial_choose(run->trial, 256) * 1000;
	int64_t r = DO(run, slot, now, &now);
	CHECK(run, r == 0 || now.nanoseconds == 0);
	if (r < 0)
		return;
	now = vet_instant_add(now, after);
	STEP_VOID(run->trial, deadline_at, &slot->socket, now);
	vet_trial_begin(run->trial, &operations[OPERATION_deadline]);
	got = vet_socket_deadline(&slot->socket);
	(void)vet_trial_end(run->trial, 0);
	CHECK(run, got.nanoseconds == (vet_fuzz_is_open(slot) ? now.nanoseconds : INT64_MAX));
	slot->has_deadline = true;
	if (run->promise != NULL)
		vet_trial_deadline(run->trial, VET_DURATION_MAX);
	run->promise = NULL;
	TELL(run, slot, "deadline_at", r, "%lld ns from now", (long long)after);
}

/* ---- options ---- */

#define SET_AND_SEE(option, type, value) \
	do { \
		type got = (value); \
		int64_t set = DO(run, slot, set_##option, value); \
		int64_t r = DO(run, slot, option, &got); \
		CHECK(run, set < 0 || r < 0 || got == (value)); \
		CHECK(run, vet_fuzz_is_open(slot) || (set == -EBADF && r == -EBADF)); \
		TELL(run, slot, "set_" #option, set, "%lld", (long long)(value)); \
	} while (0)

static void read_only(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	bool is_accepting = false;
	int64_t error = 0;
	int64_t r = DO(run, slot, accepting, &is_accepting);
	CHECK(run, r < 0 || !is_accepting || slot->flow->is_listening);
	r = DO(run, slot, error, &error);
	CHECK(run, r < 0 || error <= 0);
	TELL(run, slot, "error", r, "%lld", (long long)error);
}

void vet_fuzz_do_option(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t which = vet_trial_choose(run->trial, 10),
		 value = vet_trial_choose(run->trial, 256);
	switch (which) {
	case 0:
		SET_AND_SEE(no_delay, bool, value % 2 != 0);
		break;
	case 1:
		SET_AND_SEE(broadcast, bool, value % 2 != 0);
		break;
	case 2:
		SET_AND_SEE(send_buffer_size, int64_t, (int64_t)value - 1);
		break;
	case 3:
		SET_AND_SEE(keepalive_count, int64_t, (int64_t)value);
		break;
	case 4:
		if (vet_socket_kind(&slot->socket) != VET_RAW) /* which may be without it on IPv6 */
			SET_AND_SEE(ttl, int64_t, (int64_t)value);
		break;
	case 5:
		SET_AND_SEE(keepalive_time, vet_duration, value * VET_SECONDS(1));
		break;
	case 6:
		SET_AND_SEE(linger, vet_duration,
			    value == 0 ? VET_LINGER_OFF : (value - 1) * VET_SECONDS(1));
		break;
	case 7:
		CHECK(run, DO(run, slot, set_reuse_address, value % 2 != 0) <= 0);
		break;
	default:
		read_only(run, slot);
	}
}

void vet_fuzz_do_text(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	static const char long_one[] = "a-control-of-congestion";
	size_t size = vet_trial_choose(run->trial, sizeof long_one);
	char got[VET_OPTION_TEXT_SIZE];
	int64_t set = DO(run, slot, set_congestion, long_one, size), r;
	CHECK(run, set < 0 || (size >= 1 && size <= 15));
	r = DO(run, slot, congestion, got, sizeof got);
	CHECK(run, r < 0 || set < 0 || ((size_t)r == size && memcmp(got, long_one, size) == 0));
	TELL(run, slot, "congestion", r, "%zu bytes", size);
}

void vet_fuzz_do_group(struct vet_fuzz_run *run, struct vet_fuzz_slot *slot)
{
	uint32_t byte = vet_trial_choose(run->trial, 256);
	struct vet_ip group = byte % 2 == 0 ? vet_ipv4(224, 0, 0, (unsigned char)byte)
					    : vet_ipv6(0xff02, 0, 0, 0, 0, 0, 0, (uint16_t)byte);
	int64_t r;
	if (byte >= 250)
		group = vet_ipv4(192, 0, 2, 1);
	r = DO(run, slot, join, &group, byte / 2 % 3);
	CHECK(run, byte < 250 || r < 0);
	TELL(run, slot, "join", r, "IPv%d", group.family);
	r = DO(run, slot, leave, &group, byte / 2 % 3);
	CHECK(run, byte < 250 || r < 0);
}
