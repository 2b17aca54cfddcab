/* SPDX-License-Identifier: 0BSD */
/* Raw sockets: what one sends to its own host is heard there by all of its protocol (raw(7)); what goes
 * to another host is heard by nobody. */
#include "pipe.h"

enum { HEADER = 20, HOPS = 64 };

static bool hears(const struct sim_socket *s, const struct sim_message *message)
{
	bool is_v4 = sim_ip_is_v4(message->destination.ip);
	if (s->node.kind != SIM_RAW || s->protocol != message->protocol ||
	    s->family != (is_v4 ? 4 : 6))
		return false;
	if (!sim_ip_is_any(s->local.ip) && !sim_ip_equal(s->local.ip, message->destination.ip))
		return false;
	return s->state != SIM_ESTABLISHED || sim_ip_equal(s->remote.ip, message->source.ip);
}

static void put_number(unsigned char *bytes, unsigned count, uint64_t number)
{
	for (unsigned i = count; i > 0; i--, number >>= 8)
		bytes[i - 1] = (unsigned char)number;
}

/* RFC 791 3.1, RFC 1071. */
static void put_header(unsigned char header[HEADER], const struct sim_message *message)
{
	uint32_t sum = 0;
	memset(header, 0, HEADER);
	header[0] = 0x45;
	put_number(header + 2, 2, HEADER + message->size);
	header[8] = HOPS;
	header[9] = message->protocol;
	put_number(header + 12, 4, message->source.ip.low);
	put_number(header + 16, 4, message->destination.ip.low);
	for (unsigned i = 0; i < HEADER; i += 2)
		sum += (uint32_t)header[i] << 8 | header[i + 1];
	sum = (sum & 0xffff) + (sum >> 16);
	put_number(header + 10, 2, ~((sum & 0xffff) + (sum >> 16)) & 0xffff);
}

static struct sim_message *copy_for(struct sim_socket *s, const struct sim_message *message)
{
	uint32_t before = s->family == 4 ? HEADER : 0;
	struct sim_message *copy = vetsim_message_make(s->host->sim, before + message->size);
	if (copy == NULL)
		return NULL;
	copy->source = message->source;
	copy->destination = message->destination;
	copy->from = copy->to = s->host;
	if (before > 0)
		put_header(copy->data, message);
	if (message->size > 0)
		memcpy(copy->data + before, message->data, message->size);
	return copy;
}

void vetsim_raw_arrives(struct vet_sim_host *host, struct sim_message *message)
{
	for (struct sim_socket *s = host->sockets; s != NULL; s = s->next_of_host) {
		struct sim_message *copy = hears(s, message) ? copy_for(s, message) : NULL;
		if (copy != NULL && !vetsim_datagram_queue(s, copy))
			vetsim_message_free(host->sim, copy);
	}
	vetsim_message_free(host->sim, message);
}
