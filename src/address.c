/* SPDX-License-Identifier: 0BSD */
/* Socket addresses as values. */
#include <vetsock/address.h>

#include "hash.h"

struct vet_address vet_address_of(struct vet_ip ip, uint32_t port)
{
	return (struct vet_address){ .ip = ip, .port = port };
}

bool vet_address_equal(const struct vet_address *a, const struct vet_address *b)
{
	return vet_ip_equal(&a->ip, &b->ip) && a->port == b->port && a->scope_id == b->scope_id;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
	return a < b ? -1 : a > b;
}

int vet_address_compare(const struct vet_address *a, const struct vet_address *b)
{
	int order = vet_ip_compare(&a->ip, &b->ip);

	if (order == 0)
		order = compare_numbers(a->port, b->port);
	if (order == 0)
		order = compare_numbers(a->scope_id, b->scope_id);
	return order;
}

uint64_t vet_address_hash(const struct vet_address *address, uint64_t seed)
{
	return vet_hash_word(vet_ip_hash(&address->ip, seed),
			     address->port | (uint64_t)address->scope_id << 32);
}
