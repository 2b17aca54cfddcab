/* SPDX-License-Identifier: 0BSD */
#include "operations.h"

#define ROW(verb, calls, errors) { "vet_socket_" #verb, calls, errors, true },

const struct vet_operation operations[OPERATION_COUNT] = {
	SOCKET_OPERATIONS(ROW) OPTION_OPERATIONS(ROW){ "vet_buffer_free", CALL(realloc), "", true },
	{ "vet_address_parse_on", CALL(interface_index), "EINVAL", true },
};
