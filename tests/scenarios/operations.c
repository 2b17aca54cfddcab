/* SPDX-License-Identifier: 0BSD */
#include "operations.h"

/* The peer is what connect asks for, which gets over it that there is none; peer_address only tells. */
#define GETS_OVER(verb) (OPERATION_##verb != OPERATION_peer_address)

#define ROW(verb, calls, errors) { "vet_socket_" #verb, calls, errors, GETS_OVER(verb) },

const struct vet_operation operations[OPERATION_COUNT] = {
	SOCKET_OPERATIONS(ROW) OPTION_OPERATIONS(ROW){ "vet_buffer_free", CALL(realloc), "", true },
	{ "vet_address_parse_on", CALL(interface_index), "EINVAL", true },
};
