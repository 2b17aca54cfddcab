/* SPDX-License-Identifier: 0BSD */
/* One's own simulation for the command, as a shared object:
 *	vetsock sim --load ./simulations_plugin.so ping */
#include <errno.h>
#include <vetsock/shim.h>
#include <vetsock/vetsock.h>

enum { PORT = 7001, TRIES = 100 };

struct ping {
	struct vet_sim *sim;
	struct vet_address at;
	bool answered;
};

/* Sends back what comes, until the one who asks has heard it. */
static void answer(struct vet_sys *sys, void *context)
{
	struct ping *ping = context;
	struct vet_socket s;
	struct vet_address from = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	char data[4];
	int r = vet_socket_datagram_on(&s, sys, 4);
	r = r < 0 ? r : vet_socket_bind(&s, &from);
	while ((r >= 0 || r == VET_EDEADLINE) && !ping->answered) {
		vet_socket_timeout_after(&s, VET_SECONDS(1));
		r = (int)vet_socket_receive_from(&s, data, sizeof(data), &from, NULL);
		if (r >= 0)
			r = (int)vet_socket_send_to(&s, data, (size_t)r, &from);
	}
	vet_socket_close(&s);
}

/* Asks again after each second without an answer. */
static void ask(struct vet_sys *sys, void *context)
{
	struct ping *ping = context;
	struct vet_socket s;
	char data[4];
	int r = vet_socket_datagram_on(&s, sys, 4);
	for (int i = 0; i < TRIES && r >= 0 && !ping->answered; i++) {
		vet_socket_timeout_after(&s, VET_SECONDS(1));
		r = (int)vet_socket_send_to(&s, "ping", 4, &ping->at);
		r = r < 0 ? r : (int)vet_socket_read(&s, data, sizeof(data));
		ping->answered = r == 4;
		r = r == VET_EDEADLINE ? 0 : r;
	}
	vet_sim_check(ping->sim, ping->answered || r == -EIO);
	vet_socket_close(&s);
}

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct ping *ping = state;
	struct vet_sim_host *near = vet_sim_add_host(sim, "near");
	struct vet_sim_host *far = vet_sim_add_host(sim, "far");
	int r;
	(void)hosts;
	if (near == NULL || far == NULL)
		return -ENOMEM;
	ping->sim = sim;
	ping->at = vet_address_of(vet_sim_host_ip(far, 4), PORT);
	r = vet_sim_actor(far, "answer", answer, ping);
	return r < 0 ? r : vet_sim_actor(near, "ask", ask, ping);
}

static const struct vet_simulation simulations[] = {
	{ .name = "ping",
	  .what = "what is asked often enough is answered",
	  .mischief = "loss=30%; calm=10s; bound=30s",
	  .hosts = 2,
	  .prepare = prepare,
	  .state = sizeof(struct ping) },
};

VET_API const struct vet_simulation *vetsock_simulations(uint32_t version, size_t *count);
const struct vet_simulation *vetsock_simulations(uint32_t version, size_t *count)
{
	*count = sizeof(simulations) / sizeof(simulations[0]);
	return version == VET_SYS_VERSION ? simulations : NULL;
}
