/* SPDX-License-Identifier: 0BSD */
#include "operations.h"

#define ROW(verb, calls, errors) { "vet_socket_" #verb, calls, errors, true },

const struct vet_operation operations[OPERATION_COUNT] = {
	SOCKET_OPERATIONS(ROW) OPTION_OPERATIONS(ROW){ "vet_buffer_free", CALL(realloc), "", true },
	{ "vet_address_parse_on", CALL(interface_index), "EINVAL", true },
	{ "vet_endpoint_open",
	  CALL(interface_index) | CALL(socket) | CALL(setsockopt) | CALL(bind) | CALL(listen) |
		  CALL(connect) | CALL(getpeername) | CALL(getsockopt) | CALL(close) | WAITS,
	  "EINVAL VET_ETABLE ENOPROTOOPT ENOTCONN" WAITED, true },
};
