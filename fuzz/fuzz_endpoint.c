/* SPDX-License-Identifier: 0BSD */
/*
 * Any bytes as an endpoint, which is then opened over a table that knows what must come: each call in
 * its order and with the arguments that follow from the endpoint.  The text ends at the first line end;
 * what the calls give is read from the bytes behind it, from their end (tape.h).
 * Aims at: vet_endpoint_parse, vet_endpoint_format, vet_endpoint_open, vet_step_name
 */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <vetsock/endpoint.h>
#include <vetsock/layer.h>
#include <vetsock/tape.h>

#include "fuzz.h"

enum { DESCRIPTOR = 7 };

/* ---- the round trip ---- */

static int parse(const char *text, size_t size, void *endpoint, struct vet_text_error *error)
{
	return vet_endpoint_parse(text, size, endpoint, error);
}

static int format(const void *endpoint, char *text, size_t size)
{
	return vet_endpoint_format(endpoint, text, size);
}

static bool equal(const void *first, const void *second)
{
	const struct vet_endpoint *a = first, *b = second;

	return a->kind == b->kind && a->role == b->role && a->protocol == b->protocol &&
	       a->has_backlog == b->has_backlog && a->backlog == b->backlog &&
	       vet_address_equal(&a->address, &b->address) &&
	       memcmp(a->zone, b->zone, sizeof(a->zone)) == 0 &&
	       vet_fuzz_same_options(&a->options, &b->options);
}

static const struct vet_fuzz_language language = {
	sizeof(struct vet_endpoint), VET_ENDPOINT_TEXT_SIZE, parse, format, equal,
};

/* The number of a protocol is the one that is written: what one beyond a byte is taken for, no round trip
 * shows. */
static void check_protocol(const char *text, size_t size, const struct vet_endpoint *endpoint)
{
	const char *plus = memchr(text, '+', size);
	unsigned number = 0;

	if (endpoint->kind != VET_RAW || plus[1] < '0' || plus[1] > '9')
		return;
	for (const char *at = plus + 1; *at != ':'; at++)
		number = number < 1000 ? number * 10 + (unsigned)(*at - '0') : number;
	must(number == endpoint->protocol);
}

/* ---- the table ---- */

struct table {
	struct vet_layer layer;
	const struct vet_endpoint *endpoint;
	struct vet_tape tape;
	bool has_timeout;
	enum vet_step step; /* that the last call belongs to */
	int answered;       /* what the last call of this step gave */
	uint32_t scope_id;
	uint64_t set;    /* the options, as in struct vet_options */
	size_t last_set; /* its index */
	bool is_open, is_closed, is_under_way;
	int64_t clock;
};

static uint32_t choose(struct table *table, uint32_t n)
{
	return vet_tape_choose(&table->tape, VET_TAPE_FAULTS, n);
}

/* The dullest first, so that a tape that has ended brings every attempt to its end. */
static int choose_answer(struct table *table)
{
	static const int answers[] = {
		0,           -ECONNREFUSED, -EINPROGRESS, -EINTR,     -EAGAIN,  -ENOMEM, -EINVAL,
		-EADDRINUSE, -ECONNABORTED, -ENOPROTOOPT, -EALREADY,  -EISCONN, -EPERM,  -EMFILE,
		-ENOTCONN,   -ENODEV,       -EIO,         -ETIMEDOUT, 1,
	};

	return answers[choose(table, sizeof(answers) / sizeof(answers[0]))];
}

/* A step comes once all before it have gone well. */
static int enter(struct table *table, enum vet_step step, int answer)
{
	must(table->step <= step && !table->is_closed);
	must(table->step == step || step == VET_STEP_OPTION || table->answered >= 0 ||
	     table->step == VET_STEP_OPTION);
	table->step = step;
	table->answered = answer;
	return answer;
}

static int look_up(struct table *table, const struct vet_call *call)
{
	int answer = choose_answer(table);

	must(table->step == VET_STEP_NONE);
	must(table->endpoint->zone[0] != '\0' &&
	     strcmp(call->u.name_of_interface, table->endpoint->zone) == 0);
	answer = answer < 0 ? answer : (int)choose(table, 3);
	table->scope_id = (uint32_t)answer;
	return enter(table, VET_STEP_ZONE, answer);
}

static int make(struct table *table, const struct vet_call *call)
{
	static const int types[] = {
		[VET_STREAM] = SOCK_STREAM, [VET_DATAGRAM] = SOCK_DGRAM, [VET_RAW] = SOCK_RAW
	};
	const struct vet_endpoint *e = table->endpoint;
	int answer = choose_answer(table);

	must(!table->is_open);
	must(call->u.socket.domain == (e->address.ip.family == 4 ? AF_INET : AF_INET6));
	must(call->u.socket.type == types[e->kind] && call->u.socket.protocol == e->protocol);
	table->is_open = answer >= 0;
	return enter(table, VET_STEP_SOCKET, answer < 0 ? answer : DESCRIPTOR);
}

static bool is_number(struct vet_option_number number, const struct vet_call *call)
{
	return number.name == call->u.set.name && number.level == call->u.set.level;
}

/* The first of the given ones, from the last on, that this is: fuzz_options.c looks at the values. */
static int set(struct table *table, const struct vet_call *call)
{
	size_t i = table->last_set;
	const struct vet_option *o;

	for (; (o = vet_option_at(i)) != NULL; i++) {
		bool is_it = table->endpoint->address.ip.family == 4
				     ? is_number(o->ipv4, call)
				     : is_number(o->ipv6, call) || is_number(o->mapped, call);

		if (is_it && (table->endpoint->options.given >> i & 1) != 0)
			break;
	}
	must(o != NULL);
	table->last_set = i;
	table->set |= UINT64_C(1) << i;
	return enter(table, VET_STEP_OPTION, choose_answer(table));
}

static uint32_t big_endian(const void *bytes, size_t size)
{
	const unsigned char *byte = bytes;
	uint32_t number = 0;

	for (size_t i = 0; i < size; i++)
		number = number << 8 | byte[i];
	return number;
}

static void check_address(const struct table *table, const struct vet_call *call)
{
	const struct vet_address *want = &table->endpoint->address;
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	if (want->ip.family == 4) {
		must(call->u.to.length == sizeof(in));
		memcpy(&in, call->u.to.address, sizeof(in));
		must(in.sin_family == AF_INET && memcmp(&in.sin_addr, want->ip.bytes, 4) == 0);
		must(big_endian(&in.sin_port, 2) == want->port);
		return;
	}
	must(call->u.to.length == sizeof(in6));
	memcpy(&in6, call->u.to.address, sizeof(in6));
	must(in6.sin6_family == AF_INET6 && memcmp(&in6.sin6_addr, want->ip.bytes, 16) == 0);
	must(big_endian(&in6.sin6_port, 2) == want->port);
	must(in6.sin6_scope_id ==
	     (table->endpoint->zone[0] != '\0' ? table->scope_id : want->scope_id));
}

static int bind_it(struct table *table, const struct vet_call *call)
{
	must(table->endpoint->role != VET_ROLE_CONNECT && table->step < VET_STEP_BIND);
	check_address(table, call);
	return enter(table, VET_STEP_BIND, choose_answer(table));
}

static int listen_on_it(struct table *table, const struct vet_call *call)
{
	const struct vet_endpoint *e = table->endpoint;

	must(e->role == VET_ROLE_LISTEN && table->step == VET_STEP_BIND && table->answered == 0);
	must(call->u.backlog == (e->has_backlog ? e->backlog : 65535));
	return enter(table, VET_STEP_LISTEN, choose_answer(table));
}

static int connect_it(struct table *table, const struct vet_call *call)
{
	int answer = choose_answer(table);

	must(table->endpoint->role == VET_ROLE_CONNECT && table->step < VET_STEP_CONNECT);
	check_address(table, call);
	table->is_under_way = answer == -EINPROGRESS || answer == -EINTR;
	return enter(table, VET_STEP_CONNECT, answer);
}

/* ---- while it is under way ---- */

/* The clock is read at the beginning, if somebody will wait by it; and then while it waits. */
static int read_clock(struct table *table, const struct vet_call *call)
{
	must(table->has_timeout && table->endpoint->role == VET_ROLE_CONNECT);
	must(table->step == VET_STEP_NONE || table->is_under_way);
	table->clock += choose(table, 4) * VET_MILLISECONDS(3);
	*call->u.nanoseconds = table->clock;
	return choose(table, 32) == 31 ? -EINVAL : 0;
}

static int wait_for_it(struct table *table, const struct vet_call *call)
{
	static const short events[] = { POLLOUT, 0, POLLOUT | POLLERR | POLLHUP, POLLHUP,
					POLLNVAL };
	uint32_t choice = choose(table, 8);

	must(table->is_under_way);
	must(table->has_timeout || call->u.poll.nanoseconds < 0 || call->u.poll.count == 0);
	if (call->u.poll.count == 0)
		return 0;
	must(call->u.poll.count == 1 && call->u.poll.descriptors->fd == DESCRIPTOR);
	must(call->u.poll.descriptors->events == POLLOUT);
	if (choice >= sizeof(events) / sizeof(events[0]))
		return choice == 7 ? -EINTR : -ENOMEM;
	call->u.poll.descriptors->revents = events[choice];
	return events[choice] != 0;
}

static int get(struct table *table, const struct vet_call *call)
{
	const int value = (int)choose(table, 3) * ECONNREFUSED;
	bool is_error = call->u.get.level == SOL_SOCKET && call->u.get.name == SO_ERROR;

	/* Else it is asked for, because an option of IPv4 was refused on IPv6. */
	must(is_error ? table->is_under_way
		      : table->step == VET_STEP_OPTION && table->answered < 0 &&
				call->u.get.name == IPV6_V6ONLY);
	must(*call->u.get.length >= sizeof(value));
	memcpy(call->u.get.value, &value, sizeof(value));
	*call->u.get.length = sizeof(value);
	return choose(table, 8) == 7 ? -ENOBUFS : 0;
}

static int get_peer(struct table *table)
{
	must(table->is_under_way);
	return choose(table, 4) == 0 ? 0 : -ENOTCONN;
}

static int close_it(struct table *table)
{
	must(table->is_open && !table->is_closed);
	table->is_closed = true;
	return choose_answer(table);
}

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	struct table *table = (struct table *)layer;

	must(call->fd == -1 || (call->fd == DESCRIPTOR && table->is_open && !table->is_closed));
	switch (call->entry) {
	case VET_CALL_now:
		return read_clock(table, call);
	case VET_CALL_interface_index:
		return look_up(table, call);
	case VET_CALL_socket:
		return make(table, call);
	case VET_CALL_setsockopt:
		return set(table, call);
	case VET_CALL_getsockopt:
		return get(table, call);
	case VET_CALL_bind:
		return bind_it(table, call);
	case VET_CALL_listen:
		return listen_on_it(table, call);
	case VET_CALL_connect:
		return connect_it(table, call);
	case VET_CALL_poll:
		return wait_for_it(table, call);
	case VET_CALL_getpeername:
		return get_peer(table);
	default:
		must(call->entry == VET_CALL_close);
		return close_it(table);
	}
}

/* ---- opened ---- */

static void check_opened(const struct table *table, struct vet_socket *s,
			 const struct vet_endpoint_failure *failure)
{
	static const enum vet_step last[] = { [VET_ROLE_CONNECT] = VET_STEP_CONNECT,
					      [VET_ROLE_BIND] = VET_STEP_BIND,
					      [VET_ROLE_LISTEN] = VET_STEP_LISTEN };

	must(failure->step == VET_STEP_NONE && failure->option == VET_NO_OPTION);
	must(table->step == last[table->endpoint->role]);
	must(table->answered == 0 || table->is_under_way);
	must(table->set == table->endpoint->options.given);
	must(table->is_open && !table->is_closed && vet_socket_fd(s) == DESCRIPTOR);
	must(vet_socket_deadline(s).nanoseconds == vet_instant_never().nanoseconds);
	(void)vet_socket_close(s);
}

static void check_failed(const struct table *table, const struct vet_socket *s, int result,
			 const struct vet_endpoint_failure *failure)
{
	static const struct vet_socket closed;
	int told = table->answered;

	must(memcmp(s, &closed, sizeof(closed)) == 0 && table->is_closed == table->is_open);
	must(failure->step == table->step && vet_step_name(failure->step) != NULL);
	must((failure->step == VET_STEP_OPTION) == (failure->option != VET_NO_OPTION));
	if (failure->step == VET_STEP_OPTION)
		must(failure->option == table->last_set);
	if (failure->step == VET_STEP_ZONE && told == 0)
		told = -ENODEV;
	if (told > 0)
		told = -EIO;
	must(result == told || table->is_under_way);
}

/* The tail's first choices: whether there is a timeout, and which. */
static void check_open(const struct vet_endpoint *endpoint, const uint8_t *tail, size_t size)
{
	static struct table table;
	struct vet_endpoint_failure failure = { VET_STEP_COUNT, 0 };
	struct vet_socket s = { .fd = 0 };
	vet_duration timeout = VET_DURATION_MAX;
	int result;

	memset(&table, 0, sizeof(table));
	table.endpoint = endpoint;
	vet_tape_begin(&table.tape, tail, size);
	table.has_timeout = choose(&table, 2) != 0;
	if (table.has_timeout)
		timeout = VET_MILLISECONDS(choose(&table, 16));
	result = vet_endpoint_open(endpoint, vet_layer_over(&table.layer, NULL, answer), timeout,
				   &s, &failure);
	must(result <= 0);
	if (result == 0)
		check_opened(&table, &s, &failure);
	else
		check_failed(&table, &s, result, &failure);
}

/* Now and then one byte of the value is another: either that has a text too, or it is refused without a
 * call. */
static void check_spoiled(struct vet_endpoint *endpoint, const uint8_t *tail, size_t size)
{
	static struct table table;
	struct vet_endpoint_failure failure = { VET_STEP_COUNT, 0 };
	struct vet_socket s = { .fd = 0 };
	char text[VET_ENDPOINT_TEXT_SIZE];

	if (size < 3 || tail[0] >= 64)
		return;
	((unsigned char *)endpoint)[big_endian(tail, 2) % sizeof(*endpoint)] ^= tail[2];
	if (vet_endpoint_format(endpoint, text, sizeof(text)) > 0) {
		vet_fuzz_check_value(&language, endpoint);
		return;
	}
	memset(&table, 0, sizeof(table));
	table.step = VET_STEP_COUNT; /* every call comes too late */
	must(vet_endpoint_open(endpoint, vet_layer_over(&table.layer, NULL, answer), 0, &s,
			       &failure) == -EINVAL);
	must(failure.step == VET_STEP_ENDPOINT && vet_socket_fd(&s) == -EBADF);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct vet_endpoint endpoint;
	const char *text = (const char *)data;
	const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
	size_t length = end != NULL ? (size_t)(end - text) : size;
	size_t tail = length < size ? length + 1 : size;

	if (vet_fuzz_round_trip(&language, text, length, &endpoint)) {
		check_protocol(text, length, &endpoint);
		check_open(&endpoint, data + tail, size - tail);
		check_spoiled(&endpoint, data + tail, size - tail);
	} else {
		must(vet_endpoint_parse(text, length, &endpoint, NULL) == -EINVAL);
	}
	return 0;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
	return vet_fuzz_mutate_tokens("endpoint", '&', data, size, max_size, seed);
}
