/* SPDX-License-Identifier: 0BSD */
/* Options in the world in memory: what is set is remembered, and has no effect. */
#include "peer.h"

#include <errno.h>

#include "../../src/os.h"

enum { VALUE = 32 };

static bool is_text(int level, int name)
{
	return (level == IPPROTO_TCP && name == TCP_CONGESTION) ||
	       (level == SOL_SOCKET && name == SO_BINDTODEVICE);
}

/* What it is before anybody set it. */
static socklen_t first_value(const struct vet_peer_end *end, int level, int name,
			     unsigned char value[VALUE])
{
	int number = 0;
	memset(value, 0, VALUE);
	if (level == SOL_SOCKET && name == SO_LINGER)
		return sizeof(struct linger);
	if (is_text(level, name)) {
		if (level == IPPROTO_TCP)
			memcpy(value, "cubic", sizeof "cubic");
		return level == IPPROTO_TCP ? 16 : 0;
	}
	if (level == SOL_SOCKET && name == SO_TYPE)
		number = end->kind;
	else if (level == SOL_SOCKET && name == SO_ACCEPTCONN)
		number = end->state == LISTENING;
	else if (level == SOL_SOCKET && name == SO_DOMAIN)
		number = end->is_ipv6 ? AF_INET6 : AF_INET;
	else if (level == SOL_SOCKET && name == SO_PROTOCOL)
		number = end->kind == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP;
	memcpy(value, &number, sizeof number);
	return sizeof number;
}

static uint32_t find(const struct vet_peer_end *end, int level, int name)
{
	uint32_t i = 0;
	while (i < end->options && (end->option[i].level != level || end->option[i].name != name))
		i++;
	return i;
}

int64_t vet_peer_get_option(struct vet_peer_end *end, const struct vet_call *call)
{
	unsigned char value[VALUE];
	uint32_t i = find(end, call->u.get.level, call->u.get.name);
	socklen_t length;
	if (call->u.get.level == IPPROTO_TCP && end->kind != SOCK_STREAM)
		return -EOPNOTSUPP; /* as Linux */
	length = first_value(end, call->u.get.level, call->u.get.name, value);
	if (i < end->options) {
		length = end->option[i].length;
		memcpy(value, end->option[i].value, VALUE);
	}
	if (length > *call->u.get.length)
		length = *call->u.get.length;
	memcpy(call->u.get.value, value, length);
	*call->u.get.length = length;
	return 0;
}

int64_t vet_peer_set_option(struct vet_peer_end *end, const struct vet_call *call)
{
	uint32_t i = find(end, call->u.set.level, call->u.set.name);
	if (call->u.set.level == IPPROTO_TCP && end->kind != SOCK_STREAM)
		return -ENOPROTOOPT;    /* as Linux */
	if (call->u.set.length > VALUE) /* a group: joined, and not remembered */
		return 0;
	if (i == VET_PEER_OPTIONS)
		return -ENOBUFS;
	if (i == end->options)
		end->options++;
	end->option[i].level = call->u.set.level;
	end->option[i].name = call->u.set.name;
	end->option[i].length = call->u.set.length;
	memcpy(end->option[i].value, call->u.set.value, call->u.set.length);
	return 0;
}
