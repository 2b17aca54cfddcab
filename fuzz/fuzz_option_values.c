/* SPDX-License-Identifier: 0BSD */
/*
 * Every setter and getter, of options and of addresses, that of an accepted connection too, over a table whose
 * answers come from the input: any result, any length, fewer bytes than it says.  The input is a row of requests; where it ends, all is 0.
 * Aims at: vet_option_at, vet_socket_set_X and vet_socket_X of each option, vet_socket_join, vet_socket_leave,
 * vet_socket_local_address, vet_socket_peer_address, vet_socket_accept, vet_socket_fd, vet_socket_family, vet_socket_kind
 */
#include <errno.h>
#include <netinet/in.h>
#include <string.h>

#include <vetsock/layer.h>

#include "../src/option_table.h"
#include "fuzz.h"

/* ---- each option's functions, by its row of the table ---- */

/* A value of any kind. */
struct value {
	bool flag;
	int64_t number;
	char text[2 * VET_OPTION_TEXT_SIZE];
	size_t size; /* of the text; what a getter may fill */
};

struct access {
	int (*set)(struct vet_socket *s, struct value *value); /* NULL: read only */
	int (*get)(struct vet_socket *s, struct value *value);
};

/* clang-format off */
#define SET(name, ...) \
	static int set_##name(struct vet_socket *s, struct value *value) \
	{ return vet_socket_set_##name(s, __VA_ARGS__); }
#define GET(name, ...) \
	static int get_##name(struct vet_socket *s, struct value *value) \
	{ return vet_socket_##name(s, __VA_ARGS__); }

#define SET_FLAG(name) SET(name, value->flag)
#define SET_INTEGER(name) SET(name, value->number)
#define SET_SIZE(name) SET(name, value->number)
#define SET_DURATION(name) SET(name, value->number)
#define SET_LINGER(name) SET(name, value->number)
#define SET_TEXT(name) SET(name, value->text, value->size)
#define GET_FLAG(name) GET(name, &value->flag)
#define GET_INTEGER(name) GET(name, &value->number)
#define GET_SIZE(name) GET(name, &value->number)
#define GET_DURATION(name) GET(name, &value->number)
#define GET_LINGER(name) GET(name, &value->number)
#define GET_ERROR(name) GET(name, &value->number)
#define GET_TEXT(name) GET(name, value->text, value->size)

#define DEFINE(name, text, kind, flags, ...) VET_IF_SET_##flags(SET_##kind(name), ) GET_##kind(name)
VET_OPTIONS(DEFINE)

#define SETTER_BOTH(name) set_##name
#define SETTER_VET_OPTION_ON_IPV6(name) set_##name
#define SETTER_READ_ONLY(name) NULL
#define ROW(name, text, kind, flags, ...) { SETTER_##flags(name), get_##name },
static const struct access accesses[] = { VET_OPTIONS(ROW) };
/* clang-format on */

/* ---- the input ---- */

struct input {
	const uint8_t *data;
	size_t left;
};

static uint64_t take(struct input *input, size_t bytes)
{
	uint64_t number = 0;

	for (size_t i = 0; i < bytes && input->left > 0; i++, input->left--)
		number |= (uint64_t)*input->data++ << (8 * i);
	return number;
}

/* ---- the table ---- */

enum { DESCRIPTOR = 7, ACCEPTED = 8 };

struct table {
	struct vet_layer layer;
	/* what it answers */
	int result;
	socklen_t length;
	const uint8_t *bytes;
	size_t count;
	bool has_accepted; /* and that is still open */
	/* what it was asked, the first time */
	unsigned calls;
	int level, name;
	unsigned char value[sizeof(struct group_req)];
	socklen_t size;
};

static void note(struct table *table, int level, int name, const void *value, socklen_t size)
{
	if (table->calls++ > 0)
		return;
	table->level = level;
	table->name = name;
	table->size = size;
	must(size <= sizeof(table->value) && (size == 0 || value != NULL));
	if (size > 0)
		memcpy(table->value, value, size);
}

/* As much as there is room for, and then any length is said. */
static void give(const struct table *table, void *value, socklen_t *length)
{
	size_t count = table->count < *length ? table->count : *length;

	if (count > 0)
		memcpy(value, table->bytes, count);
	*length = table->length;
}

/* Once; who waits for another, and comes again, is sent away. */
static int accept_one(struct table *table, const struct vet_call *call)
{
	if (table->calls++ > 0)
		return -EPERM;
	if (table->result < 0)
		return table->result;
	give(table, call->u.name.address, call->u.name.length);
	table->has_accepted = true;
	return ACCEPTED;
}

static int64_t answer(struct vet_layer *layer, struct vet_call *call)
{
	struct table *table = (struct table *)layer;

	if (call->entry == VET_CALL_socket)
		return DESCRIPTOR;
	if (call->entry == VET_CALL_poll)
		return -EPERM;
	if (call->entry == VET_CALL_close && call->fd == ACCEPTED) {
		must(table->has_accepted);
		table->has_accepted = false;
		return 0;
	}
	must(call->fd == DESCRIPTOR);
	if (call->entry == VET_CALL_close)
		return 0;
	if (call->entry == VET_CALL_accept)
		return accept_one(table, call);
	if (call->entry == VET_CALL_getsockname || call->entry == VET_CALL_getpeername) {
		table->calls++;
		if (table->result >= 0)
			give(table, call->u.name.address, call->u.name.length);
		return table->result;
	}
	must(call->entry == VET_CALL_getsockopt || call->entry == VET_CALL_setsockopt);
	if (call->entry == VET_CALL_setsockopt) {
		note(table, call->u.set.level, call->u.set.name, call->u.set.value,
		     call->u.set.length);
		return table->result;
	}
	note(table, call->u.get.level, call->u.get.name, NULL, 0);
	if (table->result >= 0)
		give(table, call->u.get.value, call->u.get.length);
	return table->result;
}

/* ---- one request ---- */

struct request {
	const struct vet_option *option;
	const struct access *access;
	struct vet_option_number at;
	struct vet_socket *s;
	struct table *table;
	struct value value;
};

/* Rounded up, as it is given to the system; a flag and a text are looked at elsewhere. */
static int64_t in_units(const struct vet_option *o, int64_t value)
{
	return o->unit == 0 ? value : value / o->unit + (value % o->unit > 0);
}

static bool is_in_range(const struct vet_option *o, const struct value *value)
{
	switch (o->kind) {
	case VET_OPTION_FLAG:
		return true;
	case VET_OPTION_TEXT:
		return value->size >= (size_t)o->min && value->size <= (size_t)o->max &&
		       memchr(value->text, '\0', value->size) == NULL;
	case VET_OPTION_LINGER:
		return value->number == VET_LINGER_OFF ||
		       (value->number >= 0 && in_units(o, value->number) <= o->max);
	default:
		return (o->unit == 0 || value->number >= 0) &&
		       in_units(o, value->number) >= o->min && in_units(o, value->number) <= o->max;
	}
}

/* What the system was given. */
static void check_given(const struct request *r)
{
	const struct vet_option *o = r->option;
	const struct table *table = r->table;
	struct linger linger;
	int number;

	must(table->level == r->at.level && table->name == r->at.name);
	if (o->kind == VET_OPTION_TEXT) {
		must(table->size == r->value.size &&
		     memcmp(table->value, r->value.text, table->size) == 0);
	} else if (o->kind == VET_OPTION_LINGER) {
		must(table->size == sizeof(linger));
		memcpy(&linger, table->value, sizeof(linger));
		must((linger.l_onoff != 0) == (r->value.number != VET_LINGER_OFF));
		must(linger.l_onoff == 0 || linger.l_linger == in_units(o, r->value.number));
	} else {
		must(table->size == sizeof(number));
		memcpy(&number, table->value, sizeof(number));
		must(number ==
		     (o->kind == VET_OPTION_FLAG ? r->value.flag : in_units(o, r->value.number)));
	}
}

static void check_set(struct request *r)
{
	int result = r->access->set(r->s, &r->value);
	bool is_in = is_in_range(r->option, &r->value);

	if (is_in && r->at.name != -1) {
		must(r->table->calls > 0);
		check_given(r);
		must(result == (r->table->result < 0 ? r->table->result : 0) ||
		     r->option->mapped.name != -1);
		must(result <= 0);
		return;
	}
	must(r->table->calls == 0);
	must(result == (is_in ? -ENOPROTOOPT : -EINVAL));
}

/* What a table may give that a getter takes. */
static void check_got(const struct request *r, int result)
{
	const struct value *value = &r->value;

	switch (r->option->kind) {
	case VET_OPTION_TEXT:
		must((size_t)result < value->size && strlen(value->text) == (size_t)result);
		break;
	case VET_OPTION_LINGER:
		must(value->number >= VET_LINGER_OFF);
		break;
	case VET_OPTION_ERROR:
		must(value->number <= 0 && value->number > -5000);
		break;
	default:
		must(result == 0 && r->table->length > 0 && r->table->length <= sizeof(int));
	}
}

static void check_get(struct request *r)
{
	struct value before;
	int result;

	memset(&r->value.text, 0x5a, sizeof(r->value.text));
	memcpy(&before, &r->value, sizeof(before));
	result = r->access->get(r->s, &r->value);
	if (result >= 0)
		check_got(r, result);
	else
		must(memcmp(&before, &r->value, sizeof(before)) == 0);
	must(r->table->calls == (r->at.name != -1));
	must(r->table->result >= 0 || result < 0);
}

static void check_closed(struct request *r, bool is_set)
{
	struct vet_socket closed = { .fd = 0 };

	must((is_set ? r->access->set : r->access->get)(&closed, &r->value) == -EBADF);
	must(r->table->calls == 0);
}

static void check_option(struct input *input, struct table *table, struct vet_socket *s,
			 size_t index, unsigned how)
{
	struct request r = { vet_option_at(index), &accesses[index], { 0, 0 }, s, table,
			     { .flag = false } };
	bool is_set = (how & 1) != 0 && r.access->set != NULL;

	r.at = (how & 2) != 0 ? r.option->ipv6 : r.option->ipv4;
	r.value.number = (int64_t)take(input, 8);
	r.value.flag = (r.value.number & 1) != 0;
	r.value.size = (size_t)r.value.number % (sizeof(r.value.text) + 1);
	for (size_t i = 0; is_set && r.option->kind == VET_OPTION_TEXT && i < r.value.size; i++)
		r.value.text[i] = (char)take(input, 1);
	if ((how & 4) != 0)
		check_closed(&r, is_set);
	if (is_set)
		check_set(&r);
	else
		check_get(&r);
}

static void check_group(struct input *input, struct table *table, struct vet_socket *s,
			unsigned how)
{
	struct vet_ip ip = { .family = (how & 4) != 0 ? 4 : 6 };
	bool is_ours = ((how & 2) != 0 ? 6 : 4) == ip.family;
	int result;

	for (size_t i = 0; i < (ip.family == 4 ? 4 : 16); i++)
		ip.bytes[i] = (uint8_t)take(input, 1);
	result = ((how & 1) != 0 ? vet_socket_join : vet_socket_leave)(s, &ip,
								       (uint32_t)take(input, 4));
	must((table->calls == 1) == (is_ours && vet_ip_is_multicast(&ip)));
	must(result <= 0 && (table->calls == 1 || result < 0));
	if (table->calls == 1)
		must(result == (table->result < 0 ? table->result : 0) &&
		     table->size == sizeof(struct group_req));
}

/* An address that is answered is one of the socket's family, as the table gave it; or none. */
static void check_address(struct table *table, struct vet_socket *s, unsigned how)
{
	static const struct vet_address none;
	struct vet_address address = vet_address_of(vet_ipv4(1, 2, 3, 4), 5);
	int family = (how & 2) != 0 ? 6 : 4;
	int result =
		((how & 1) != 0 ? vet_socket_local_address : vet_socket_peer_address)(s, &address);
	size_t size = family == 4 ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);

	must(table->calls == 1 && result <= 0);
	must(result == (table->result < 0 ? table->result : result));
	if (result == 0)
		must(address.ip.family == family && table->length >= size && address.port <= 65535);
	else
		must(vet_address_equal(&address, &none));
}

/* A connection whose address cannot be told is none, and is closed. */
static void check_accept(struct table *table, struct vet_socket *s, unsigned how)
{
	static const struct vet_address none;
	struct vet_address from = vet_address_of(vet_ipv4(1, 2, 3, 4), 5);
	struct vet_socket peer = { .fd = 0 };
	int result = vet_socket_accept(s, &peer, &from);

	must(result <= 0 && (result == 0) == table->has_accepted);
	must(vet_socket_fd(&peer) == (result == 0 ? ACCEPTED : -EBADF));
	if (result == 0)
		must(from.ip.family == ((how & 2) != 0 ? 6 : 4) && from.port <= 65535);
	else
		must(vet_address_equal(&from, &none));
	(void)vet_socket_close(&peer);
	must(!table->has_accepted);
}

/* ---- the whole input ---- */

/* 0, an error, or anything. */
static int take_result(struct input *input)
{
	unsigned kind = (unsigned)take(input, 1);

	if (kind % 4 < 2)
		return 0;
	return kind % 4 == 2 ? -(int)(kind / 4) - 1 : (int)(uint32_t)take(input, 4);
}

/* An int's size, or a byte's, or anything. */
static socklen_t take_length(struct input *input)
{
	static const socklen_t lengths[] = { 4, 1, 8, 0, 2, 16, 64, 65 };
	unsigned kind = (unsigned)take(input, 1);

	return kind < 128 ? lengths[kind % 8] : (socklen_t)take(input, 4);
}

static int make(struct vet_socket *s, struct vet_sys *sys, unsigned how)
{
	int family = (how & 2) != 0 ? 6 : 4;

	switch (how >> 4 & 3) {
	case 0:
	case 1:
		return vet_socket_stream_on(s, sys, family);
	case 2:
		return vet_socket_datagram_on(s, sys, family);
	default:
		return vet_socket_raw_on(s, sys, family, 1);
	}
}

static void request(struct input *input)
{
	struct table table = { .calls = 0 };
	struct vet_sys *sys = vet_layer_with(&table.layer, NULL, answer, false, false);
	struct vet_socket s = { .fd = 0 };
	size_t index = (size_t)take(input, 1) % (VET_INDEX_COUNT + 2);
	unsigned how = (unsigned)take(input, 1);

	table.result = take_result(input);
	table.length = take_length(input);
	table.count = (size_t)take(input, 1) % 80;
	if (table.count > input->left)
		table.count = input->left;
	table.bytes = input->data;
	input->data += table.count;
	input->left -= table.count;
	must(make(&s, sys, how) == 0);
	must(vet_socket_fd(&s) == DESCRIPTOR && vet_socket_family(&s) == ((how & 2) != 0 ? 6 : 4));
	must(vet_socket_kind(&s) > 0);
	if (index < VET_INDEX_COUNT)
		check_option(input, &table, &s, index, how);
	else if (index == VET_INDEX_COUNT)
		check_group(input, &table, &s, how);
	else if ((how & 4) != 0)
		check_accept(&table, &s, how);
	else
		check_address(&table, &s, how);
	must(vet_socket_close(&s) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { data, size };

	do
		request(&input);
	while (input.left > 0);
	return 0;
}
