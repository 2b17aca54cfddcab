/* SPDX-License-Identifier: 0BSD */
/* How most programs begin: what servers and clients do, and some rarer meetings. */
#include "generate.h"

#include <sys/socket.h>

/* Where a server binds: mostly to a party's own address. */
static uint8_t home(struct maker *maker)
{
	static const uint8_t homes[] = { HOST_A, HOST_A, HOST_A,   HOST_A,
					 HOST_A, HOST_B, HOST_ANY, HOST_LOOP };
	return homes[draw(maker, sizeof(homes))];
}

static uint8_t own_port(struct maker *maker)
{
	return (uint8_t)(chance(maker, 30) ? PORT_0 : PORT_P0 + draw(maker, PORTS - 1));
}

static void bind_home(struct maker *maker, uint8_t slot)
{
	uint8_t host = home(maker);
	add_bind(maker, slot, host, own_port(maker));
}

static void serve(struct maker *maker, uint8_t slot, int backlog)
{
	add_socket(maker, slot, SOCK_STREAM, form_draw(maker));
	if (chance(maker, 25)) {
		struct step *step = step_add(maker, VET_CALL_setsockopt, slot);
		step->option = (uint8_t)option_find("SO_REUSEADDR", 12);
		step->number = 1;
	}
	bind_home(maker, slot);
	add_listen(maker, slot, backlog);
}

static void client(struct maker *maker, uint8_t slot, uint8_t server)
{
	add_socket(maker, slot, SOCK_STREAM, maker->form[server]);
	if (chance(maker, 20))
		add_bind(maker, slot, HOST_B, own_port(maker));
	add_connect_slot(maker, slot, server);
}

/* s0 listens, s1 connects, s2 is what s0 accepts. */
static void usual(struct maker *maker)
{
	serve(maker, 0, 5);
	client(maker, 1, 0);
	add_accept(maker, 2, 0);
}

static void two_clients(struct maker *maker)
{
	serve(maker, 0, 5);
	client(maker, 1, 0);
	client(maker, 3, 0);
	add_accept(maker, 2, 0);
	if (chance(maker, 50))
		add_accept(maker, 4, 0);
}

/* More connections than the backlog has room for. */
static void crowd(struct maker *maker)
{
	static const int8_t backlogs[] = { -1, 0, 0, 1, 1, 2 };
	uint32_t clients = 3 + draw(maker, 2);
	serve(maker, 0, backlogs[draw(maker, sizeof(backlogs))]);
	for (uint32_t i = 1; i <= clients; i++)
		client(maker, (uint8_t)i, 0);
	if (chance(maker, 70))
		add_accept(maker, 5, 0);
}

/* Both are bound, and each connects to the other (RFC 9293 3.5: simultaneous open). */
static void crossing(struct maker *maker)
{
	uint8_t form = form_draw(maker);
	for (uint8_t i = 0; i < 2; i++) {
		add_socket(maker, i, SOCK_STREAM, form);
		add_bind(maker, i, i == 0 ? HOST_A : HOST_B, own_port(maker));
	}
	add_connect_slot(maker, 0, 1);
	add_connect_slot(maker, 1, 0);
}

static void self(struct maker *maker)
{
	add_socket(maker, 0, SOCK_STREAM, form_draw(maker));
	bind_home(maker, 0);
	add_connect_slot(maker, 0, 0);
}

static void datagrams(struct maker *maker)
{
	uint8_t form = form_draw(maker);
	uint32_t sockets = 2 + draw(maker, 2);
	for (uint8_t i = 0; i < sockets; i++) {
		add_socket(maker, i, SOCK_DGRAM, form);
		if (i == 0 || chance(maker, 60))
			bind_home(maker, i);
	}
	if (chance(maker, 80))
		add_connect_slot(maker, 1, 0);
	if (chance(maker, 50))
		add_connect_slot(maker, 0, 1);
}

static void refused(struct maker *maker)
{
	int first = chance(maker, 50) ? SOCK_STREAM : SOCK_DGRAM;
	int second = chance(maker, 60) ? SOCK_STREAM : SOCK_DGRAM;
	add_socket(maker, 0, first, form_draw(maker));
	bind_home(maker, 0);
	add_socket(maker, 1, second, maker->form[0]);
	add_connect_slot(maker, 1, 0);
}

void add_opening(struct maker *maker)
{
	static const struct {
		uint8_t weight;
		void (*add)(struct maker *maker);
	} openings[] = {
		{ 50, usual }, { 12, two_clients }, { 8, crowd },   { 7, crossing },
		{ 4, self },   { 15, datagrams },   { 4, refused },
	};
	uint32_t point = draw(maker, 100), i = 0;
	while (point >= openings[i].weight)
		point -= openings[i++].weight;
	openings[i].add(maker);
}
