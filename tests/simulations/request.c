/* SPDX-License-Identifier: 0BSD */
/* Requests and answers: a head of a fixed size, and bytes that its number foretells. */
#include "play.h"

static void put(unsigned char *to, uint64_t value, unsigned bytes)
{
	for (unsigned i = 0; i < bytes; i++)
		to[i] = (unsigned char)(value >> 8 * (bytes - 1 - i));
}

static uint64_t get(const unsigned char *from, unsigned bytes)
{
	uint64_t value = 0;
	for (unsigned i = 0; i < bytes; i++)
		value = value << 8 | from[i];
	return value;
}

void request_put(unsigned char head[REQUEST_HEAD], const struct request *request)
{
	put(head, request->number, 8);
	put(head + 8, request->value, 8);
	put(head + 16, (uint64_t)request->left, 8);
	put(head + 24, request->size, 4);
}

void request_get(const unsigned char head[REQUEST_HEAD], struct request *request)
{
	request->number = get(head, 8);
	request->value = get(head + 8, 8);
	request->left = (int64_t)get(head + 16, 8);
	request->size = (uint32_t)get(head + 24, 4);
}

int request_send(struct wire *wire, const struct request *request)
{
	unsigned char data[REQUEST_HEAD + REQUEST_BODY];
	request_put(data, request);
	play_fill(data + REQUEST_HEAD, request->size, request->number, 0);
	return wire_write(wire, data, REQUEST_HEAD + request->size, NULL);
}

int request_receive(struct wire *wire, struct request *request)
{
	unsigned char data[REQUEST_BODY];
	int result = wire_read_exact(wire, data, REQUEST_HEAD);
	if (result < 0)
		return result;
	request_get(data, request);
	if (request->size > REQUEST_BODY) {
		play_fail(wire->play, "a request is longer than any that was sent", request->size);
		return -EPROTO;
	}
	result = wire_read_exact(wire, data, request->size);
	if (result == 0 && !play_is_filled(data, request->size, request->number, 0))
		play_fail(wire->play, "a request came other than it was sent",
			  (int64_t)request->number);
	return result;
}
