/* SPDX-License-Identifier: 0BSD */
/* What the parser, the printer and the opener of endpoints share. */
#ifndef VETSOCK_SRC_ENDPOINT_H
#define VETSOCK_SRC_ENDPOINT_H

#include <stdbool.h>

#include <vetsock/endpoint.h>

struct vet_scheme {
	const char *name;
	uint8_t kind, role;
};
extern const struct vet_scheme vet_schemes[]; /* ends with a NULL */

struct vet_protocol {
	const char *name;
	uint8_t number;
};
extern const struct vet_protocol vet_protocols[]; /* ends with a NULL */

extern const char vet_backlog_name[];

/* Whether a zone looks as RFC 6874 writes one in a URI: "25lo", behind its percent sign. */
bool vet_is_encoded_zone(const char *name, size_t length);
/* Of which sockets its options are: VET_OPTION_ON_IPV4 or VET_OPTION_ON_IPV6. */
unsigned vet_endpoint_families(const struct vet_endpoint *endpoint);
/* Whether a text gives this endpoint. */
bool vet_is_endpoint(const struct vet_endpoint *endpoint);

#endif
