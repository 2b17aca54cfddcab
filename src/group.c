/* SPDX-License-Identifier: 0BSD */
/* Membership of multicast groups: one call for both families (RFC 3678 5.1). */
#include <errno.h>

#include <vetsock/option.h>

#include "os.h"
#include "sockaddr.h"
#include "socket.h"

static int change(struct vet_socket *s, int name, const struct vet_ip *group,
		  uint32_t interface_index)
{
	struct group_req request;
	union vet_sockaddr address;
	struct vet_sys *sys = s->table.sys;
	if (!vet_is_open(s))
		return -EBADF;
	struct vet_address to = { .ip = *group };
	int length = vet_sockaddr_from(&address, &to, s->family);
	if (length < 0)
		return length;
	if (!vet_ip_is_multicast(group))
		return -EINVAL;
	if (name == -1)
		return -ENOPROTOOPT;
	memset(&request, 0, sizeof request);
	request.gr_interface = interface_index;
	memcpy(&request.gr_group, &address, (size_t)length);
	int r = (sys->calls->setsockopt)(sys, s->fd, s->family == 4 ? IPPROTO_IP : IPPROTO_IPV6,
					 name, &request, sizeof request);
	return r < 0 ? r : 0;
}

int vet_socket_join(struct vet_socket *s, const struct vet_ip *group, uint32_t interface_index)
{
	return change(s, MCAST_JOIN_GROUP, group, interface_index);
}

int vet_socket_leave(struct vet_socket *s, const struct vet_ip *group, uint32_t interface_index)
{
	return change(s, MCAST_LEAVE_GROUP, group, interface_index);
}
