/* SPDX-License-Identifier: 0BSD */
/*
 * Asks a host for one ICMP echo (RFC 792, RFC 4443 4); exits with 77 if a raw socket is denied:
 *	icmp_ping 127.0.0.1
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/vetsock.h>

/* The payload, the time of sending, tells this request from every other. */
struct echo {
	uint8_t type, code;
	uint16_t checksum, identifier, sequence;
	struct vet_instant sent;
};

/* The same in each byte order (RFC 1071 2).  ICMPv6 gets its own from the system (RFC 3542 3.1). */
static uint16_t checksum(const struct echo *echo)
{
	uint16_t words[sizeof(*echo) / 2];
	uint32_t sum = 0;
	memcpy(words, echo, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		sum += words[i];
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t) ~(sum + (sum >> 16));
}

/* A raw socket hears all ICMP that comes from its peer, on IPv4 with the IP header (raw(7)). */
static int await(struct vet_socket *s, const struct echo *request)
{
	bool ipv4 = vet_socket_family(s) == 4;
	unsigned char packet[256] = { 0 };
	struct echo reply = { 0 };
	while (reply.sent.nanoseconds != request->sent.nanoseconds) {
		ssize_t size = vet_socket_receive_from(s, packet, sizeof(packet), NULL, NULL);
		if (size < 0)
			return (int)size;
		size_t header = ipv4 ? (packet[0] & 15U) * 4 : 0;
		if ((size_t)size == header + sizeof(reply) && packet[header] == (ipv4 ? 0 : 129))
			memcpy(&reply, packet + header, sizeof(reply));
	}
	return 0;
}

static int ping(struct vet_socket *s)
{
	struct echo request = { .type = vet_socket_family(s) == 4 ? 8 : 128, .sequence = 1 };
	int error = vet_socket_now(s, &request.sent);
	request.checksum = checksum(&request);
	vet_socket_deadline_at(s, vet_instant_add(request.sent, VET_SECONDS(1)));
	if (error == 0)
		error = vet_socket_write(s, &request, sizeof(request), NULL);
	return error == 0 ? await(s, &request) : error;
}

int main(int argc, char **argv)
{
	const char *text = argc == 2 ? argv[1] : "";
	struct vet_text_error bad;
	struct vet_address to = { 0 };
	struct vet_socket s = { 0 };
	if (vet_ip_parse_explain(text, strlen(text), &to.ip, &bad) < 0)
		return fprintf(stderr, "%s\n%*s^ %s\n", text, (int)bad.offset, "", bad.reason), 2;
	int error = vet_socket_raw(&s, to.ip.family, to.ip.family == 4 ? 1 : 58);
	if (error == -EPERM || error == -EACCES)
		return fputs("a raw socket needs a privilege (CAP_NET_RAW)\n", stderr), 77;
	if (error == 0)
		error = vet_socket_connect(&s, &to);
	if (error == 0)
		error = ping(&s);
	vet_socket_close(&s);
	printf("%s: %s\n", text, error == 0 ? "it replies" : vet_error_message(error));
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return error < 0;
}
