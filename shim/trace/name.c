/* SPDX-License-Identifier: 0BSD */
/* What has a name in a trace because its number is another one on another system. */
#include <string.h>

#include "../../src/os.h"
#include "../fault/plan_text.h" /* bits of poll have the names that they have in plans */
#include "text.h"

struct named {
	const char *name;
	int number;
};

/* One kind of named numbers; each ends with a name of NULL. */
struct naming {
	const struct named *names;
	const char *other; /* before a number that has no name */
	const char *reason;
};

static const struct named families[] = { { "UNSPEC", AF_UNSPEC },
					 { "UNIX", AF_UNIX },
					 { "INET", AF_INET },
					 { "INET6", AF_INET6 },
					 { NULL, 0 } };
static const struct named types[] = { { "STREAM", SOCK_STREAM },
				      { "DGRAM", SOCK_DGRAM },
				      { "RAW", SOCK_RAW },
				      { "SEQPACKET", SOCK_SEQPACKET },
				      { NULL, 0 } };
static const struct named halves[] = {
	{ "RD", SHUT_RD }, { "WR", SHUT_WR }, { "RDWR", SHUT_RDWR }, { NULL, 0 }
};
static const struct named flag_sets[] = { { "0", 0 }, { "PEEK", MSG_PEEK }, { NULL, 0 } };

static const struct naming family_naming = {
	families, "family:", "an address family is INET, INET6, UNIX, UNSPEC or family:N"
};
static const struct naming type_naming = {
	types, "type:", "a type of socket is STREAM, DGRAM, RAW, SEQPACKET or type:N"
};
static const struct naming half_naming = { halves,
					   "how:", "what is shut down is RD, WR, RDWR or how:N" };
static const struct naming flag_naming = { flag_sets, "flags:", "flags are 0, PEEK or flags:N" };

static const char *name_of(const struct naming *naming, int number)
{
	for (const struct named *named = naming->names; named->name != NULL; named++)
		if (named->number == number)
			return named->name;
	return NULL;
}

static int take(struct vet_line *line, const struct naming *naming)
{
	size_t begin = line->in.at, size = vet_line_word(line);
	if (vet_line_takes(line, naming->other)) {
		int number = 0;
		vet_line_int(line, &number);
		if (name_of(naming, number) != NULL)
			vet_line_wrong(line, begin, line->in.at - begin, "this number has a name");
		return number;
	}
	for (const struct named *named = naming->names; named->name != NULL; named++)
		if (strlen(named->name) == size && vet_line_takes(line, named->name))
			return named->number;
	vet_line_wrong(line, begin, size, naming->reason);
	return 0;
}

static void named_number(struct vet_line *line, const struct naming *naming, int *number)
{
	if (line->is_reading) {
		*number = vet_line_is_wrong(line) ? 0 : take(line, naming);
		return;
	}
	const char *known = name_of(naming, *number);
	vet_line_put_name(line, known != NULL ? known : naming->other);
	if (known == NULL)
		vet_line_int(line, number);
}

void vet_line_family(struct vet_line *line, int *family)
{
	named_number(line, &family_naming, family);
}

void vet_line_type(struct vet_line *line, int *type)
{
	named_number(line, &type_naming, type);
}

void vet_line_how(struct vet_line *line, int *how)
{
	named_number(line, &half_naming, how);
}

void vet_line_flags(struct vet_line *line, int *flags)
{
	named_number(line, &flag_naming, flags);
}

/* ---- options ---- */

/* clang-format off */
static const struct option {
	const char *name;
	int level, number;
	enum vet_shape shape;
} options[] = {
	{ "SO_ACCEPTCONN",          SOL_SOCKET,   SO_ACCEPTCONN,       VET_SHAPE_INT },
	{ "SO_BINDTODEVICE",        SOL_SOCKET,   SO_BINDTODEVICE,     VET_SHAPE_BYTES },
	{ "SO_BROADCAST",           SOL_SOCKET,   SO_BROADCAST,        VET_SHAPE_INT },
	{ "SO_DOMAIN",              SOL_SOCKET,   SO_DOMAIN,           VET_SHAPE_FAMILY },
	{ "SO_ERROR",               SOL_SOCKET,   SO_ERROR,            VET_SHAPE_ERRNO },
	{ "SO_KEEPALIVE",           SOL_SOCKET,   SO_KEEPALIVE,        VET_SHAPE_INT },
	{ "SO_LINGER",              SOL_SOCKET,   SO_LINGER,           VET_SHAPE_LINGER },
	{ "SO_PRIORITY",            SOL_SOCKET,   SO_PRIORITY,         VET_SHAPE_INT },
	{ "SO_PROTOCOL",            SOL_SOCKET,   SO_PROTOCOL,         VET_SHAPE_INT },
	{ "SO_RCVBUF",              SOL_SOCKET,   SO_RCVBUF,           VET_SHAPE_INT },
	{ "SO_RCVLOWAT",            SOL_SOCKET,   SO_RCVLOWAT,         VET_SHAPE_INT },
	{ "SO_REUSEADDR",           SOL_SOCKET,   SO_REUSEADDR,        VET_SHAPE_INT },
	{ "SO_REUSEPORT",           SOL_SOCKET,   SO_REUSEPORT,        VET_SHAPE_INT },
	{ "SO_SNDBUF",              SOL_SOCKET,   SO_SNDBUF,           VET_SHAPE_INT },
	{ "SO_TYPE",                SOL_SOCKET,   SO_TYPE,             VET_SHAPE_TYPE },
	{ "IP_MULTICAST_LOOP",      IPPROTO_IP,   IP_MULTICAST_LOOP,   VET_SHAPE_INT },
	{ "IP_MULTICAST_TTL",       IPPROTO_IP,   IP_MULTICAST_TTL,    VET_SHAPE_INT },
	{ "IP_TOS",                 IPPROTO_IP,   IP_TOS,              VET_SHAPE_INT },
	{ "IP_TTL",                 IPPROTO_IP,   IP_TTL,              VET_SHAPE_INT },
	{ "IPV6_MULTICAST_HOPS",    IPPROTO_IPV6, IPV6_MULTICAST_HOPS, VET_SHAPE_INT },
	{ "IPV6_MULTICAST_LOOP",    IPPROTO_IPV6, IPV6_MULTICAST_LOOP, VET_SHAPE_INT },
	{ "IPV6_TCLASS",            IPPROTO_IPV6, IPV6_TCLASS,         VET_SHAPE_INT },
	{ "IPV6_UNICAST_HOPS",      IPPROTO_IPV6, IPV6_UNICAST_HOPS,   VET_SHAPE_INT },
	{ "IPV6_V6ONLY",            IPPROTO_IPV6, IPV6_V6ONLY,         VET_SHAPE_INT },
	{ "TCP_CONGESTION",         IPPROTO_TCP,  TCP_CONGESTION,      VET_SHAPE_BYTES },
	{ "TCP_CORK",               IPPROTO_TCP,  TCP_CORK,            VET_SHAPE_INT },
	{ "TCP_DEFER_ACCEPT",       IPPROTO_TCP,  TCP_DEFER_ACCEPT,    VET_SHAPE_INT },
	{ "TCP_FASTOPEN",           IPPROTO_TCP,  TCP_FASTOPEN,        VET_SHAPE_INT },
	{ "TCP_KEEPCNT",            IPPROTO_TCP,  TCP_KEEPCNT,         VET_SHAPE_INT },
	{ "TCP_KEEPIDLE",           IPPROTO_TCP,  TCP_KEEPIDLE,        VET_SHAPE_INT },
	{ "TCP_KEEPINTVL",          IPPROTO_TCP,  TCP_KEEPINTVL,       VET_SHAPE_INT },
	{ "TCP_NODELAY",            IPPROTO_TCP,  TCP_NODELAY,         VET_SHAPE_INT },
	{ "TCP_QUICKACK",           IPPROTO_TCP,  TCP_QUICKACK,        VET_SHAPE_INT },
	{ "TCP_USER_TIMEOUT",       IPPROTO_TCP,  TCP_USER_TIMEOUT,    VET_SHAPE_INT },
	/* The same name on two levels (RFC 3678 5.1). */
	{ "IP.MCAST_JOIN_GROUP",    IPPROTO_IP,   MCAST_JOIN_GROUP,    VET_SHAPE_GROUP },
	{ "IP.MCAST_LEAVE_GROUP",   IPPROTO_IP,   MCAST_LEAVE_GROUP,   VET_SHAPE_GROUP },
	{ "IPV6.MCAST_JOIN_GROUP",  IPPROTO_IPV6, MCAST_JOIN_GROUP,    VET_SHAPE_GROUP },
	{ "IPV6.MCAST_LEAVE_GROUP", IPPROTO_IPV6, MCAST_LEAVE_GROUP,   VET_SHAPE_GROUP },
};
/* clang-format on */
enum { OPTIONS = sizeof options / sizeof options[0] };

/* -1 stands for all that this system lacks: no name follows from it. */
static const struct option *option_of(int level, int number)
{
	for (unsigned i = 0; i < OPTIONS && number != -1; i++)
		if (options[i].level == level && options[i].number == number)
			return &options[i];
	return NULL;
}

static const struct option *take_option(struct vet_line *line)
{
	size_t size = vet_line_word(line);
	for (unsigned i = 0; i < OPTIONS; i++)
		if (strlen(options[i].name) == size && vet_line_takes(line, options[i].name))
			return &options[i];
	return NULL;
}

enum vet_shape vet_line_option(struct vet_line *line, int *level, int *name)
{
	size_t begin = line->in.at;
	const struct option *option =
		line->is_reading ? take_option(line) : option_of(*level, *name);
	if (option != NULL) {
		*level = option->level;
		*name = option->number;
		if (!line->is_reading)
			vet_line_put_name(line, option->name);
		return option->shape;
	}
	if (line->is_reading && !vet_line_sees(line, "level:")) {
		vet_line_wrong(line, begin, vet_line_word(line),
			       "there is no option of this name; one without is level:N name:N");
		return VET_SHAPE_BYTES;
	}
	vet_line_literal(line, "level:");
	vet_line_int(line, level);
	vet_line_literal(line, " name:");
	vet_line_int(line, name);
	if (line->is_reading && option_of(*level, *name) != NULL)
		vet_line_wrong(line, begin, line->in.at - begin, "this option has a name");
	return VET_SHAPE_BYTES;
}

/* ---- bits of poll ---- */

/* They are written in the order of their table, and numbered so in the hash. */
static void put_events(struct vet_line *line, unsigned left)
{
	unsigned known = 0;
	const char *before = "";
	for (unsigned i = 0; vet_plan_events[i].name != NULL; i++) {
		unsigned bit = (unsigned)vet_plan_events[i].number;
		if ((left & bit) == 0)
			continue;
		vet_line_literal(line, before);
		vet_line_literal(line, vet_plan_events[i].name);
		left &= ~bit;
		known |= 1U << i;
		before = "|";
	}
	if (left != 0) {
		vet_line_literal(line, before);
		vet_line_literal(line, "bits:");
		vet_line_put_number(line, left);
	} else if (known == 0) {
		vet_line_literal(line, "-");
	}
	vet_line_hash(line, VET_THING_EVENTS, (uint64_t)left << 16 | known);
}

static unsigned take_unnamed_bits(struct vet_line *line, size_t begin)
{
	uint64_t number = 0;
	unsigned named = 0;
	for (const struct vet_plan_name *e = vet_plan_events; e->name != NULL; e++)
		named |= (unsigned)e->number;
	vet_line_unsigned(line, &number, 0xffff);
	if (number == 0 || (number & named) != 0)
		vet_line_wrong(line, begin, line->in.at - begin,
			       "these are no bits without a name");
	return (unsigned)number;
}

/* One bit, from *next of the table on; bits without a name are last, and *next is NULL behind them. */
static unsigned take_bit(struct vet_line *line, const struct vet_plan_name **next)
{
	size_t begin = line->in.at, size = vet_line_word(line);
	const struct vet_plan_name *e = *next;
	for (; e != NULL && e->name != NULL; e++)
		if (e->number != 0 && strlen(e->name) == size && vet_line_takes(line, e->name)) {
			*next = e + 1;
			return (unsigned)e->number;
		}
	if (*next == NULL || !vet_line_takes(line, "bits:")) {
		vet_line_wrong(
			line, begin, size,
			"bits of poll are IN|PRI|OUT|ERR|HUP|NVAL|RDHUP|bits:N in this order, or -");
		return 0;
	}
	*next = NULL;
	return take_unnamed_bits(line, begin);
}

void vet_line_events(struct vet_line *line, short *events)
{
	const struct vet_plan_name *next = vet_plan_events;
	unsigned all = 0;
	if (!line->is_reading) {
		put_events(line, (unsigned short)*events);
		return;
	}
	if (!vet_line_is_wrong(line) && !vet_line_takes(line, "-")) {
		do
			all |= take_bit(line, &next);
		while (!vet_line_is_wrong(line) && vet_line_takes(line, "|"));
	}
	*events = (short)(uint16_t)all;
}
