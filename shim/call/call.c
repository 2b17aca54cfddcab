/* SPDX-License-Identifier: 0BSD */
#include "call.h"

#include <stddef.h>
#include <string.h>

#define NAME(name, required) #name,
static const char *const names[] = { VET_SYS_ENTRIES(NAME) };

const char *vet_entry_name(unsigned entry)
{
	return entry < VET_CALL_COUNT ? names[entry] : NULL;
}

int vet_entry_find(const char *name, size_t size)
{
	for (int i = 0; i < VET_CALL_COUNT; i++)
		if (strlen(names[i]) == size && memcmp(names[i], name, size) == 0)
			return i;
	return -1;
}

static size_t gathered(const struct vet_call *call)
{
	size_t sum = 0;
	for (int i = 0; i < call->u.gather.count; i++)
		sum += call->u.gather.parts[i].iov_len;
	return sum;
}

size_t vet_call_asked(const struct vet_call *call)
{
	switch (call->entry) {
	case VET_CALL_recv:
	case VET_CALL_recvfrom:
		return call->u.in.size;
	case VET_CALL_send:
	case VET_CALL_sendto:
		return call->u.out.size;
	case VET_CALL_sendv:
		return gathered(call);
	case VET_CALL_pread:
		return call->u.read.size;
	case VET_CALL_sendfile:
		return call->u.file.size;
	default:
		return 0;
	}
}

int vet_call_descriptor(const struct vet_call *call)
{
	if (call->entry == VET_CALL_poll)
		return call->u.poll.count > 0 ? call->u.poll.descriptors[0].fd : -1;
	return call->entry == VET_CALL_pread ? -1 : call->fd;
}

bool vet_call_receives(const struct vet_call *call)
{
	return call->entry == VET_CALL_recv || call->entry == VET_CALL_recvfrom;
}

bool vet_call_is_so_error(const struct vet_call *call)
{
	return call->u.get.level == SOL_SOCKET && call->u.get.name == SO_ERROR;
}

bool vet_call_dissolves(const struct vet_call *call)
{
	struct sockaddr to;
	if (call->u.to.length < offsetof(struct sockaddr, sa_data))
		return false;
	memcpy(&to, call->u.to.address, offsetof(struct sockaddr, sa_data));
	return to.sa_family == AF_UNSPEC;
}

bool vet_call_moved(const struct vet_call *call, int64_t result)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	if (result <= 0 || !(bit & (VET_CALLS_IN | VET_CALLS_OUT | VET_BIT(pread))))
		return false;
	return !(bit & VET_CALLS_IN) || !(call->u.in.flags & MSG_PEEK);
}

int64_t vet_call_answer_int(const struct vet_call *call, int value)
{
	socklen_t size = sizeof value;
	if (*call->u.get.length < size)
		size = *call->u.get.length;
	memcpy(call->u.get.value, &value, size);
	*call->u.get.length = size;
	return 0;
}
