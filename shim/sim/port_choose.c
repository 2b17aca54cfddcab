/* SPDX-License-Identifier: 0BSD */
/* Ephemeral ports.  The dullest choice is the next that is free, from where the last one was
 * found. */
#include "port_table.h"

/* Ports `first`, `first` + step, ... below `end`. */
struct row {
	uint32_t first, end, step;
};

/* ip_local_port_range, or as much of it as IP_LOCAL_PORT_RANGE says.  True: it says something. */
static bool range_of(const struct sim_socket *s, uint32_t *low, uint32_t *high)
{
	uint32_t range = (uint32_t)s->options.port_range;
	uint32_t first = range & 0xffff, last = range >> 16;
	*low = first >= VET_SIM_PORT_FIRST && first <= VET_SIM_PORT_LAST ? first
									 : VET_SIM_PORT_FIRST;
	*high = last >= VET_SIM_PORT_FIRST && last <= VET_SIM_PORT_LAST ? last : VET_SIM_PORT_LAST;
	return range != 0;
}

/* In the order in which Linux tries them: bind the odd ones first, and connect the even ones; and
 * bind with SO_REUSEADDR first those of the lower half.  Of an odd number of ports the last is left
 * out (inet_csk_find_open_port(), __inet_hash_connect()).  Datagrams have any. */
static size_t rows_of(const struct sim_socket *s, enum sim_chooser chooser, struct row row[4])
{
	uint32_t low, high, half, count;
	bool is_own = range_of(s, &low, &high);
	if (high < low)
		return 0;
	count = high + 1 - low;
	if (s->node.kind != SIM_STREAM || (chooser == SIM_CONNECT && is_own)) {
		row[0] = (struct row){ low, high + 1, 1 };
		return 1;
	}
	half = chooser == SIM_BIND && s->options.reuse_address && count >= 4 ? count / 4 * 2 : 0;
	if (count > 1)
		count &= ~UINT32_C(1);
	if (chooser == SIM_CONNECT || count == 1) {
		row[0] = (struct row){ low, low + count, 2 };
		row[1] = (struct row){ low + 1, low + count, 2 };
		return 2;
	}
	row[0] = (struct row){ low + 1, low + (half != 0 ? half : count), 2 };
	row[1] = (struct row){ low, low + (half != 0 ? half : count), 2 };
	row[2] = (struct row){ low + half + 1, low + count, 2 };
	row[3] = (struct row){ low + half, low + count, 2 };
	return half != 0 ? 4 : 2;
}

static uint16_t choose_in(struct sim_socket *s, const struct row *row, uint32_t *next,
			  const struct sim_claim *claim, sim_port_test test)
{
	struct vet_sim *sim = s->host->sim;
	uint32_t count =
		row->first < row->end ? (row->end - row->first + row->step - 1) / row->step : 0;
	uint32_t at;
	if (count == 0)
		return 0;
	at = (uint32_t)(((uint64_t)*next + vetsim_choose(&sim->choices, VET_SIM_PORTS, count)) %
			count);
	for (uint32_t i = 0; i < count; i++, at = at + 1 == count ? 0 : at + 1) {
		uint16_t number = (uint16_t)(row->first + at * row->step);
		if (!test(s, claim, number))
			continue;
		if (i > 0)
			SIM_MARK(sim, PORT_TAKEN);
		*next = at + 1;
		return number;
	}
	return 0;
}

/* What the kernel chose, where it leads, is taken if it is one of those that it may choose. */
static uint16_t led_to(struct sim_socket *s, const struct row *row, size_t rows,
		       const struct sim_claim *claim, sim_port_test test)
{
	const struct sim_oracle *oracle = &s->host->sim->oracle;
	if (!oracle->is_on || oracle->port == 0)
		return 0;
	for (size_t i = 0; i < rows; i++)
		if (oracle->port >= row[i].first && oracle->port < row[i].end &&
		    (oracle->port - row[i].first) % row[i].step == 0)
			return test(s, claim, oracle->port) ? oracle->port : 0;
	return 0;
}

uint16_t vetsim_port_choose(struct sim_socket *s, enum sim_chooser chooser,
			    const struct sim_claim *claim, sim_port_test test)
{
	struct row row[4];
	size_t rows = rows_of(s, chooser, row);
	uint16_t number = led_to(s, row, rows, claim, test);
	for (size_t i = 0; i < rows && number == 0; i++)
		number = choose_in(s, &row[i], &sim_ports_of(s)->next[chooser], claim, test);
	return number;
}
