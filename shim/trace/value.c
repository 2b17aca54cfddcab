/* SPDX-License-Identifier: 0BSD */
/* Socket addresses and the values of options: whatever a table can answer, a lie too. */
#include <netinet/in.h>
#include <string.h>

#include <vetsock/address.h>

#include "../../src/os.h"
#include "text.h"

/* How much of a thing there is that is said to be `length` long. */
static uint32_t available(const void *data, uint32_t length, uint32_t room)
{
	if (data == NULL)
		return 0;
	return length < room ? length : room;
}

/* Behind a thing whose length is said to be another than the one that it has. */
static void said_length(struct vet_line *line, uint64_t natural, socklen_t *length)
{
	uint64_t said = line->is_reading ? natural : *length;
	size_t begin = line->in.at;
	if (vet_line_choice(line, said != natural, "/")) {
		vet_line_unsigned(line, &said, UINT32_MAX);
		if (line->is_reading && said == natural)
			vet_line_wrong(line, begin, line->in.at - begin,
				       "this is its length anyway");
	}
	*length = (socklen_t)said;
}

/* Whether so many bytes were given, or could have been. */
static void check_room(struct vet_line *line, size_t begin, uint64_t natural, uint32_t length,
		       uint32_t room)
{
	if (line->is_reading && (natural > room || natural > length))
		vet_line_wrong(line, begin, line->in.at - begin, "there is no room for so much");
}

/* Bytes of a thing that is said to be `length` long, behind `header` others; of an argument that is
 * NULL there are none. */
static void check_bytes(struct vet_line *line, size_t begin, uint64_t count, uint32_t header,
			uint32_t length, uint32_t room)
{
	uint32_t most = length < room ? length : room;
	uint32_t rest = most > header ? most - header : 0;
	bool may_lack = count == 0 && header == 0 && room == VET_ROOM_OF_ARGUMENT;

	if (line->is_reading && count != rest && !may_lack)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "these are not as many bytes as the length says");
}

/* ---- IPv4 and IPv6 ---- */

/* An address with what vetsock's own form has no place for. */
struct ip_address {
	struct vet_address address;
	uint32_t flow; /* of IPv6: RFC 3493 3.3, traffic class and flow label */
};

static uint32_t natural_size(int family)
{
	return family == AF_INET    ? sizeof(struct sockaddr_in)
	       : family == AF_INET6 ? sizeof(struct sockaddr_in6)
				    : 0;
}

/* The bytes of both fields are in network order. */
static uint32_t from_network(const void *field, unsigned size)
{
	const unsigned char *bytes = field;
	uint32_t number = 0;
	for (unsigned i = 0; i < size; i++)
		number = number << 8 | bytes[i];
	return number;
}

static void to_network(void *field, unsigned size, uint32_t number)
{
	unsigned char *bytes = field;
	for (unsigned i = 0; i < size; i++)
		bytes[i] = (unsigned char)(number >> 8 * (size - 1 - i));
}

static struct ip_address ip_from(const void *data, int family)
{
	struct ip_address ip;
	memset(&ip, 0, sizeof ip);
	if (family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, data, sizeof in);
		ip.address.ip.family = 4;
		memcpy(ip.address.ip.bytes, &in.sin_addr, 4);
		ip.address.port = from_network(&in.sin_port, 2);
	} else {
		struct sockaddr_in6 in6;
		memcpy(&in6, data, sizeof in6);
		ip.address.ip.family = 6;
		memcpy(ip.address.ip.bytes, &in6.sin6_addr, 16);
		ip.address.port = from_network(&in6.sin6_port, 2);
		ip.address.scope_id = in6.sin6_scope_id;
		ip.flow = from_network(&in6.sin6_flowinfo, 4);
	}
	return ip;
}

static void ip_to(const struct ip_address *ip, void *data)
{
	if (ip->address.ip.family == 4) {
		struct sockaddr_in in;
		memset(&in, 0, sizeof in);
		in.sin_family = AF_INET;
		memcpy(&in.sin_addr, ip->address.ip.bytes, 4);
		to_network(&in.sin_port, 2, ip->address.port);
		memcpy(data, &in, sizeof in);
	} else {
		struct sockaddr_in6 in6;
		memset(&in6, 0, sizeof in6);
		in6.sin6_family = AF_INET6;
		memcpy(&in6.sin6_addr, ip->address.ip.bytes, 16);
		to_network(&in6.sin6_port, 2, ip->address.port);
		in6.sin6_scope_id = ip->address.scope_id;
		to_network(&in6.sin6_flowinfo, 4, ip->flow);
		memcpy(data, &in6, sizeof in6);
	}
}

static void put_ip(struct vet_line *line, const struct ip_address *ip)
{
	char text[VET_ADDRESS_TEXT_SIZE];
	int size = vet_address_format(&ip->address, text, sizeof text);
	vet_line_put(line, text, size > 0 ? (size_t)size : 0);
	vet_line_hash(line, VET_THING_IP, ip->address.ip.family);
	for (unsigned i = 0; i < 16; i += 8) {
		uint64_t word = 0;
		for (unsigned j = 0; j < 8; j++)
			word |= (uint64_t)ip->address.ip.bytes[i + j] << 8 * j;
		vet_line_hash_word(line, word);
	}
	vet_line_hash_word(line, (uint64_t)ip->address.port << 32 | ip->address.scope_id);
}

static void take_ip(struct vet_line *line, struct ip_address *ip)
{
	struct vet_text_error error;
	char text[VET_ADDRESS_TEXT_SIZE];
	const char *from = line->in.text + line->in.at;
	size_t size = 0;
	while (line->in.at + size < line->in.size && memchr(" /+", from[size], 3) == NULL)
		size++;
	if (vet_address_parse_explain(from, size, &ip->address, &error) < 0) {
		vet_line_wrong(line, line->in.at + error.offset, error.length, error.reason);
		return;
	}
	line->in.at += size;
	int canonical = vet_address_format(&ip->address, text, sizeof text);
	vet_line_same(line, line->in.at - size, text, canonical > 0 ? (size_t)canonical : 0);
}

/* 1.2.3.4:80, [::1%2]:80+flow:7, 1.2.3.4:80/28. */
static void ip_address(struct vet_line *line, void *data, int family, uint32_t room,
		       socklen_t *length)
{
	struct ip_address ip;
	size_t begin = line->in.at;
	memset(&ip, 0, sizeof ip);
	if (line->is_reading) {
		take_ip(line, &ip);
		family = ip.address.ip.family == 4 ? AF_INET : AF_INET6;
	} else {
		ip = ip_from(data, family);
		put_ip(line, &ip);
	}
	if (family == AF_INET6 && vet_line_choice(line, ip.flow != 0, "+flow:")) {
		uint64_t flow = ip.flow;
		vet_line_unsigned(line, &flow, UINT32_MAX);
		if (line->is_reading && flow == 0)
			vet_line_wrong(line, begin, line->in.at - begin,
				       "a flow of 0 is not written");
		ip.flow = (uint32_t)flow;
	}
	said_length(line, natural_size(family), length);
	check_room(line, begin, natural_size(family), *length, room);
	if (line->is_filling && !vet_line_is_wrong(line) && data != NULL)
		ip_to(&ip, data);
}

/* ---- any other address ---- */

enum { FAMILY_END = offsetof(struct sockaddr, sa_data) };

/* Whether an address of so many bytes is written like this. */
static void check_other(struct vet_line *line, size_t begin, int family, bool has_none,
			uint32_t most)
{
	uint32_t natural = has_none ? 0 : natural_size(family);
	if (!line->is_reading)
		return;
	if (family != (sa_family_t)family)
		vet_line_wrong(line, begin, line->in.at - begin, "no address has such a family");
	if (natural > 0 && most >= natural)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "so much of an IP address is written as one");
	if (has_none ? most == 0 : most < FAMILY_END)
		vet_line_wrong(line, begin, line->in.at - begin,
			       has_none ? "no address at all is written: none"
					: "there is no room for so much");
}

/* other:UNIX/5"/x\x00"; without a family where not even that was given. */
static void other_address(struct vet_line *line, struct sockaddr *address, uint32_t room,
			  socklen_t *length)
{
	int family = 0;
	uint64_t said = *length;
	uint32_t given = available(address, *length, room);
	bool has_family = given >= FAMILY_END;
	size_t begin = line->in.at;
	if (has_family && !line->is_reading)
		family = address->sa_family;
	bool has_none = vet_line_choice(line, !has_family, "none");
	if (!has_none)
		vet_line_family(line, &family);
	vet_line_literal(line, "/");
	vet_line_unsigned(line, &said, UINT32_MAX);
	*length = (socklen_t)said;
	given = available(address, *length, room);
	uint32_t header = has_none ? 0 : FAMILY_END;
	check_other(line, begin, family, has_none, *length < room ? *length : room);
	bool is_kept =
		address != NULL && given >= header && (!line->is_reading || line->is_filling);
	unsigned char *rest = is_kept ? (unsigned char *)address + header : NULL;
	uint64_t count = vet_line_bytes(line, rest, is_kept ? given - header : 0);
	check_bytes(line, begin, count, header, *length, room);
	if (line->is_reading && has_none && count >= FAMILY_END)
		vet_line_wrong(line, begin, line->in.at - begin, "so many bytes have a family");
	if (line->is_filling && !vet_line_is_wrong(line) && !has_none && given >= FAMILY_END)
		address->sa_family = (sa_family_t)family;
}

void vet_line_address(struct vet_line *line, struct sockaddr *address, uint32_t room,
		      socklen_t *length)
{
	uint32_t given = line->is_reading ? 0 : available(address, *length, room);
	int family = given >= FAMILY_END ? address->sa_family : AF_UNSPEC;
	uint32_t natural = natural_size(family);
	if (vet_line_choice(line, !line->is_reading && *length == 0, "none")) {
		*length = 0;
		return;
	}
	bool is_other = natural == 0 || natural > given;
	if (vet_line_choice(line, is_other, "other:"))
		other_address(line, address, room, length);
	else
		ip_address(line, address, family, room, length);
}

/* ---- values of options ---- */

static void int_value(struct vet_line *line, enum vet_shape shape, int *value)
{
	size_t begin = line->in.at;
	int64_t error = -(int64_t)*value;
	bool is_zero = false;
	switch (shape) {
	case VET_SHAPE_ERRNO:
		is_zero = vet_line_choice(line, *value == 0, "0");
		if (!is_zero)
			vet_line_error(line, &error);
		if (line->is_reading && (error > INT32_MAX || error < -INT32_MAX))
			vet_line_wrong(line, begin, line->in.at - begin,
				       "the number is too large here");
		*value = is_zero ? 0 : (int)-error;
		break;
	case VET_SHAPE_TYPE:
		vet_line_type(line, value);
		break;
	case VET_SHAPE_FAMILY:
		vet_line_family(line, value);
		break;
	default:
		vet_line_int(line, value);
	}
}

/* Each of these has the form's length, and the value behind it if there is one. */
static void int_form(struct vet_line *line, enum vet_shape shape, void *data)
{
	int value = 0;
	if (!line->is_reading)
		memcpy(&value, data, sizeof value);
	int_value(line, shape, &value);
	if (line->is_filling && !vet_line_is_wrong(line))
		memcpy(data, &value, sizeof value);
}

static void linger_form(struct vet_line *line, enum vet_shape shape, void *data)
{
	struct linger linger = { 0, 0 };
	(void)shape;
	if (!line->is_reading)
		memcpy(&linger, data, sizeof linger);
	vet_line_literal(line, "linger ");
	vet_line_int(line, &linger.l_onoff);
	vet_line_literal(line, " ");
	vet_line_int(line, &linger.l_linger);
	if (line->is_filling && !vet_line_is_wrong(line))
		memcpy(data, &linger, sizeof linger);
}

/* group 2 224.0.0.1:0; only ever an argument. */
static void group_form(struct vet_line *line, enum vet_shape shape, void *data)
{
	struct group_req request;
	(void)shape;
	memset(&request, 0, sizeof request);
	if (!line->is_reading)
		memcpy(&request, data, sizeof request);
	socklen_t length = natural_size(request.gr_group.ss_family);
	uint64_t interface_index = request.gr_interface;
	vet_line_literal(line, "group ");
	vet_line_unsigned(line, &interface_index, UINT32_MAX);
	vet_line_literal(line, " ");
	vet_line_address(line, (struct sockaddr *)&request.gr_group, sizeof request.gr_group,
			 &length);
}

static const struct form {
	uint32_t size;
	void (*run)(struct vet_line *line, enum vet_shape shape, void *data);
} forms[] = {
	[VET_SHAPE_INT] = { sizeof(int), int_form },
	[VET_SHAPE_ERRNO] = { sizeof(int), int_form },
	[VET_SHAPE_TYPE] = { sizeof(int), int_form },
	[VET_SHAPE_FAMILY] = { sizeof(int), int_form },
	[VET_SHAPE_LINGER] = { sizeof(struct linger), linger_form },
	[VET_SHAPE_GROUP] = { sizeof(struct group_req), group_form },
	[VET_SHAPE_BYTES] = { 0, NULL },
};

/* Whether a value has the form of its option. */
static bool has_form(enum vet_shape shape, const void *value, uint32_t given)
{
	if (shape == VET_SHAPE_BYTES || given != forms[shape].size)
		return false;
	if (shape != VET_SHAPE_GROUP)
		return true;
	struct group_req request;
	memcpy(&request, value, sizeof request);
	return natural_size(request.gr_group.ss_family) != 0;
}

/* As its option has it, else "bytes"; then "/N" if another length is said. */
void vet_line_value(struct vet_line *line, enum vet_shape shape, void *value, uint32_t room,
		    socklen_t *length)
{
	size_t begin = line->in.at;
	uint32_t given = line->is_reading ? 0 : available(value, *length, room);
	bool is_bytes =
		line->is_reading ? vet_line_sees(line, "\"") : !has_form(shape, value, given);
	if (!line->is_reading)
		(void)vet_line_choice(line, is_bytes, "");
	if (is_bytes || shape == VET_SHAPE_BYTES) {
		uint32_t most = line->is_reading ? room : given;
		bool is_kept = value != NULL && (!line->is_reading || line->is_filling);
		uint64_t count = vet_line_bytes(line, is_kept ? value : NULL, is_kept ? most : 0);
		said_length(line, count, length);
		check_bytes(line, begin, count, 0, *length, room);
		if (line->is_reading && shape < VET_SHAPE_GROUP && count == forms[shape].size)
			vet_line_wrong(line, begin, line->in.at - begin,
				       "a value of this length is not written as a string");
		return;
	}
	bool is_filling = line->is_filling;
	line->is_filling = is_filling && value != NULL && room >= forms[shape].size;
	forms[shape].run(line, shape, value);
	line->is_filling = is_filling;
	said_length(line, forms[shape].size, length);
	if (line->is_reading && (*length < room ? *length : room) != forms[shape].size)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "a value of another length is written as a string");
}
