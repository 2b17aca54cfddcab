/* SPDX-License-Identifier: 0BSD */
/*
 * Measures three round trips to a UDP echo service (RFC 862), each of a second at the most:
 *	udp_ping 127.0.0.1:7777
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/vetsock.h>

static int parse(const char *text, struct vet_address *address)
{
	struct vet_text_error error;
	int result = vet_address_parse_explain(text, strlen(text), address, &error);
	if (result < 0)
		fprintf(stderr, "%s\n%*s^ %s\n", text, (int)error.offset, "", error.reason);
	return result;
}

/* Waits for the answer to this very datagram: anything else is passed over, such as a late answer
 * to an earlier one. */
static int await(struct vet_socket *s, const struct vet_instant *sent)
{
	struct vet_instant echo;
	for (;;) {
		bool truncated;
		ssize_t size = vet_socket_receive_from(s, &echo, sizeof(echo), NULL, &truncated);
		if (size < 0)
			return (int)size;
		if (size == sizeof(echo) && !truncated && echo.nanoseconds == sent->nanoseconds)
			return 0;
	}
}

/* One round trip; the datagram is the time at which it was sent, and so tells itself apart. */
static int ping(struct vet_socket *s, vet_duration *took)
{
	struct vet_instant start, end;
	int error = vet_socket_now(s, &start);
	if (error < 0)
		return error;
	vet_socket_deadline_at(s, vet_instant_add(start, VET_SECONDS(1)));
	error = vet_socket_write(s, &start, sizeof(start), NULL);
	if (error == 0)
		error = await(s, &start);
	if (error == 0)
		error = vet_socket_now(s, &end);
	if (error == 0)
		*took = vet_instant_difference(end, start);
	return error;
}

int main(int argc, char **argv)
{
	struct vet_address address;
	struct vet_socket s = { 0 };
	vet_duration took;
	int lost = 0;
	if (argc != 2 || parse(argv[1], &address) < 0)
		return fputs("usage: udp_ping ADDRESS:PORT\n", stderr), 2;
	int error = vet_socket_datagram(&s, address.ip.family);
	if (error == 0)
		error = vet_socket_connect(&s, &address);
	for (int number = 1; number <= 3 && (error == 0 || error == VET_EDEADLINE); number++) {
		error = ping(&s, &took);
		lost += error == VET_EDEADLINE;
		if (error == 0)
			printf("%d: %" PRId64 " us\n", number, took / VET_MICROSECONDS(1));
	}
	vet_socket_close(&s);
	if (lost > 0)
		printf("%d of 3 lost\n", lost);
	if (error < 0)
		fprintf(stderr, "%s: %s\n", argv[1], vet_error_message(error));
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return error < 0 || lost > 0;
}
