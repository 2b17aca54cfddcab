/* SPDX-License-Identifier: 0BSD */
/* What a link has become, in words. */
#include "timeline.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

struct words {
	char *text;
	size_t size;
};

__attribute__((format(printf, 2, 3))) static void add(struct words *words, const char *format, ...)
{
	size_t room = SIM_LINE_LINK_TEXT - words->size;
	va_list arguments;
	int size;
	va_start(arguments, format);
	size = vsnprintf(words->text + words->size, room, format, arguments);
	va_end(arguments);
	if (size > 0)
		words->size += (size_t)size < room ? (size_t)size : room - 1;
}

/* In the greatest unit that divides it. */
static void add_duration(struct words *words, const char *what, int64_t nanoseconds)
{
	static const struct {
		int64_t size;
		const char *name;
	} units[] = { { 1000000000, "s" }, { 1000000, "ms" }, { 1000, "us" }, { 1, "ns" } };
	unsigned i = 0;
	if (nanoseconds == 0)
		return;
	while (nanoseconds % units[i].size != 0)
		i++;
	add(words, ", %s %" PRId64 " %s", what, nanoseconds / units[i].size, units[i].name);
}

/* In a million: as a percentage, with as many digits as there are. */
static void add_chance(struct words *words, const char *what, uint32_t chance)
{
	uint32_t rest = chance % 10000;
	int digits = 4;
	if (chance == 0)
		return;
	for (; rest > 0 && rest % 10 == 0; rest /= 10)
		digits--;
	add(words, ", %s %" PRIu32, what, chance / 10000);
	if (rest > 0)
		add(words, ".%0*" PRIu32, digits, rest);
	add(words, "%%");
}

void vetsim_line_link(struct vet_sim *sim, const struct vet_sim_host *from,
		      const struct vet_sim_host *to, char text[SIM_LINE_LINK_TEXT])
{
	const struct vet_sim_link *link = &vetsim_link(sim, from, to)->set;
	struct words words = { text, 0 };
	add(&words, "%s", link->is_down ? "down" : "up");
	add_duration(&words, "latency", link->latency);
	add_duration(&words, "jitter", link->jitter);
	add_chance(&words, "loss", link->loss);
	add_chance(&words, "doubled", link->duplication);
	add_chance(&words, "overtaken", link->reordering);
	if (link->rate > 0)
		add(&words, ", %" PRIu64 " bytes a second", link->rate);
	if (link->mtu > 0)
		add(&words, ", MTU %" PRIu32, link->mtu);
}
