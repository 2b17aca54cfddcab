/* SPDX-License-Identifier: 0BSD */
/* One's own client and server on a network in memory, from many seeds: simulated_service [SEED] */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vetsock/shim.h>
#include <vetsock/vetsock.h>

enum { PORT = 7000, ORDERS = 5, SIZE = 4 };

struct shop {
	struct vet_sim *sim;
	struct vet_address at;
	int taken[ORDERS]; /* how often each order was taken: what the shop keeps on disk */
	int bought;        /* orders that the buyer has a receipt for */
};

/* ---- the server: an order is taken once, however often it is asked ---- */

static void serve_buyer(struct shop *shop, struct vet_socket *buyer)
{
	unsigned char order[SIZE];
	vet_socket_timeout_after(buyer, VET_SECONDS(5));
	while (vet_socket_read_exact(buyer, order, SIZE, NULL) == 0) {
		if (order[0] < ORDERS && shop->taken[order[0]] == 0)
			shop->taken[order[0]]++;
		if (vet_socket_write(buyer, order, SIZE, NULL) < 0)
			break;
	}
	vet_socket_close(buyer);
}

static int open_shop(struct vet_socket *listener, struct vet_sys *sys)
{
	struct vet_address any = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	int r = vet_socket_stream_on(listener, sys, 4);
	r = r < 0 ? r : vet_socket_set_reuse_address(listener, true);
	r = r < 0 ? r : vet_socket_bind(listener, &any);
	r = r < 0 ? r : vet_socket_listen(listener);
	if (r < 0)
		vet_socket_close(listener);
	return r;
}

static void serve(struct vet_sys *sys, void *context)
{
	struct shop *shop = context;
	struct vet_socket listener, buyer = { 0 };
	int r;
	while ((r = open_shop(&listener, sys)) < 0)
		if ((sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(50)) < 0)
			return;
	while (r != -EIO && shop->bought < ORDERS) { /* EIO: this host has crashed */
		vet_socket_timeout_after(&listener, VET_SECONDS(1));
		r = vet_socket_accept(&listener, &buyer, NULL);
		if (r == 0)
			serve_buyer(shop, &buyer);
		else if (r != VET_EDEADLINE &&
			 (sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(50)) < 0)
			break; /* no descriptor left, and then no time either */
	}
	vet_socket_close(&listener);
}

/* ---- the client: what fails is asked again, on a new connection ---- */

static int buy(struct shop *shop, struct vet_sys *sys)
{
	struct vet_socket s;
	unsigned char receipt[SIZE];
	int r = vet_socket_stream_on(&s, sys, 4);
	vet_socket_timeout_after(&s, VET_SECONDS(5));
	r = r < 0 ? r : vet_socket_connect(&s, &shop->at);
	while (r == 0 && shop->bought < ORDERS) {
		unsigned char order[SIZE] = { (unsigned char)shop->bought, 'e', 'g', 'g' };
		r = vet_socket_write(&s, order, SIZE, NULL);
		r = r < 0 ? r : vet_socket_read_exact(&s, receipt, SIZE, NULL);
		if (r == 0)
			vet_sim_check(shop->sim, memcmp(order, receipt, SIZE) == 0);
		shop->bought += r == 0;
	}
	vet_socket_close(&s);
	return r;
}

static void visit(struct vet_sys *sys, void *context)
{
	struct shop *shop = context;
	int r;
	do
		r = buy(shop, sys);
	while (r < 0 && r != -EIO && (sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(200)) == 0);
}

/* ---- the world ---- */

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct shop *shop = state;
	struct vet_sim_host *server = vet_sim_add_host(sim, "server");
	struct vet_sim_host *client = vet_sim_add_host(sim, "client");
	int r;
	(void)hosts;
	if (server == NULL || client == NULL)
		return -ENOMEM;
	shop->sim = sim;
	shop->at = vet_address_of(vet_sim_host_ip(server, 4), PORT);
	r = vet_sim_actor(server, "shop", serve, shop);
	return r < 0 ? r : vet_sim_actor(client, "buyer", visit, shop);
}

static void finish(struct vet_sim *sim, void *state)
{
	struct shop *shop = state;
	for (int i = 0; i < ORDERS; i++)
		vet_sim_check(sim, shop->taken[i] == 1);
}

static const struct vet_simulation simulation = {
	.name = "my shop",
	.what = "each order is taken once, whatever befalls the network and the hosts",
	.mischief = "latency=1ms..50ms; loss=5%; random=3 within 5s; calm=10s; bound=30s",
	.hosts = 2,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct shop),
};

int main(int argc, char **argv)
{
	struct vet_sim *sim;
	struct vet_sim_report report;
	struct vet_simulate_options options = { .seed = argc > 1 ? strtoull(argv[1], NULL, 10)
								 : 1 };
	uint64_t last = argc > 1 ? options.seed : 1000;
	int r = vet_sim_make(&sim);
	for (; r == 0 && options.seed <= last; options.seed++) {
		r = vet_simulate(sim, &simulation, &options, &report);
		if (r < 0)
			printf("seed %llu: %s\n", (unsigned long long)options.seed, report.why);
	}
	if (r == 0)
		printf("%s: holds\n", simulation.what);
	vet_sim_free(sim);
	return r < 0;
}
