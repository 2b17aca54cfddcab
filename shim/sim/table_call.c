/* SPDX-License-Identifier: 0BSD */
/* What every call of a table begins and ends with: time passes, and it goes into the hash of the run. */
#include "table.h"

#include <netinet/in.h>

#include <vetsock/error.h>

#include "option_row.h"

enum {
	IDLE_CALLS = 8,
	TICK_MOST_BITS = 60,
	STORM_BITS = 10,  /* a microsecond */
	OPTION_BYTES = 8, /* of an option's value, from its first: an address, a name */
};

/* ---- time ---- */

static void tick(struct vet_sim *sim)
{
	struct sim_actor *actor = sim->running;
	int64_t left = sim->options.time + 1 - sim->now;
	if (sim->is_over || left <= 0)
		return;
	if (sim->options.tick != 0) {
		sim->now += sim->options.tick < left ? sim->options.tick : left;
		return;
	}
	sim->now += actor->tick < left ? actor->tick : left;
	if (++actor->idle < IDLE_CALLS)
		return;
	actor->idle = 0;
	if (actor->tick < INT64_C(1) << TICK_MOST_BITS)
		actor->tick *= 2;
	if (actor->tick == INT64_C(1) << STORM_BITS)
		SIM_MARK(sim, STORM_OF_CALLS);
}

/* Who is told that all is over, or that his host has crashed, is to return. */
static int tell(struct vet_sim_host *host)
{
	struct vet_sim *sim = host->sim;
	if (++sim->running->stopped_calls > SIM_STOPPED_CALLS)
		vetsim_abandon(sim);
	return sim->is_over ? SIM_OVER : SIM_CRASHED;
}

/* 0, or what every call answers now. */
int vetsim_enter(struct vet_sim_host *host)
{
	struct vet_sim *sim = host->sim;
	tick(sim);
	if (++sim->calls > sim->options.calls)
		vetsim_over(sim, VET_SIM_CALLS, "the run's calls are used up");
	else if (sim->now > sim->options.time)
		vetsim_over(sim, VET_SIM_TIME, "the run's time is used up");
	if (sim_heap_next(&sim->heap) <= sim->now)
		vetsim_settle(sim);
	return sim_is_told(host) ? tell(host) : 0;
}

/* ---- what goes into the hash ---- */

void vetsim_hash_bytes(struct vet_sim *sim, const unsigned char *bytes, size_t size)
{
	uint64_t word = size;
	for (; size >= 8; bytes += 8, size -= 8) {
		sim_hash(sim, word);
		word = (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
		       (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 |
		       (uint64_t)bytes[5] << 40 | (uint64_t)bytes[6] << 48 |
		       (uint64_t)bytes[7] << 56;
	}
	for (; size > 0; size--)
		word = word * 257 + bytes[size - 1];
	sim_hash(sim, word);
}

/* Numbers of errors differ between systems: the hash takes their names. */
static uint64_t word_of(int64_t result)
{
	uint64_t word = UINT64_C(0x8000000000000000);
	const char *name;
	if (result >= 0)
		return (uint64_t)result;
	if (result == -EAGAIN)
		return word;
	for (name = vet_error_name((int)result); *name != '\0'; name++)
		word = word * 31 + (unsigned char)*name;
	return word;
}

int64_t vetsim_leave(struct vet_sim_host *host, unsigned entry, int fd, int64_t result)
{
	struct vet_sim *sim = host->sim;
	sim_hash(sim,
		 (uint64_t)entry << 56 | (uint64_t)(host->number & 0xffff) << 40 | (uint32_t)fd);
	sim_hash(sim, word_of(result) ^ (uint64_t)sim->now << 20);
	if (sim->due_first != NULL || sim_heap_next(&sim->heap) <= sim->now)
		vetsim_settle(sim);
	return result;
}

void vetsim_hash_name(struct vet_sim *sim, const struct sim_name *name)
{
	sim_hash(sim, name->ip.high);
	sim_hash(sim, name->ip.low);
	sim_hash(sim, (uint64_t)name->scope << 16 | name->port);
}

void vetsim_hash_address(struct vet_sim *sim, const struct sockaddr *address, socklen_t length)
{
	int family = vetsim_sockaddr_family(address, length);
	struct sim_name name;
	if ((family == AF_INET && length >= sizeof(struct sockaddr_in)) ||
	    (family == AF_INET6 && length >= sizeof(struct sockaddr_in6))) {
		vetsim_name_read(&name, address);
		vetsim_hash_name(sim, &name);
	} else {
		sim_hash(sim, (uint64_t)length << 1 | (family == AF_UNSPEC));
	}
}

/* The value of an option, by what is the same on every machine: names of errors, numbers, and bytes in
 * an order of their own (addresses, names).  Of the rest (times, groups) the layout differs. */
void vetsim_hash_value(struct vet_sim *sim, int level, int name, const void *value,
		       socklen_t length)
{
	const struct sim_option *row = vetsim_option_find(level, name);
	int32_t number[2] = { 0, 0 };
	if (value == NULL || row == NULL || row->set == vetsim_set_group)
		return;
	if (row->takes_bytes || row->set == vetsim_set_unicast_interface) {
		vetsim_hash_bytes(sim, value, length < OPTION_BYTES ? length : OPTION_BYTES);
		return;
	}
	if (length == 1)
		number[0] = *(const unsigned char *)value;
	else if (length == sizeof number[0] || row->set == vetsim_set_linger)
		memcpy(number, value, length < sizeof number ? length : sizeof number);
	if (level == SOL_SOCKET && name == SO_ERROR)
		sim_hash(sim, word_of(-number[0]));
	else
		sim_hash(sim, (uint64_t)(uint32_t)number[0] << 32 ^ (uint32_t)number[1]);
}

/* ---- descriptors ---- */

int vetsim_find_node(struct vet_sim_host *host, int fd, struct sim_node **node)
{
	*node = fd >= 0 && (uint32_t)fd < host->descriptors ? host->descriptor[fd] : NULL;
	if (*node != NULL)
		return 0;
	host->sim->report.misused++;
	return -EBADF;
}

int vetsim_find(struct vet_sim_host *host, int fd, struct sim_socket **socket)
{
	struct sim_node *node;
	int result = vetsim_find_node(host, fd, &node);
	if (result == 0 && node->kind == SIM_FILE)
		return -ENOTSOCK;
	*socket = (struct sim_socket *)(void *)node;
	return result;
}

/* What every call on a socket begins with. */
int vetsim_begin(struct vet_sim_host *host, int fd, struct sim_socket **socket)
{
	int result = vetsim_enter(host);
	return result < 0 ? result : vetsim_find(host, fd, socket);
}
