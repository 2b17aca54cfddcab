/* SPDX-License-Identifier: 0BSD */
#include "call.h"

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
