/* SPDX-License-Identifier: 0BSD */
/* Any bytes as an address: what is good is printed and read back as the same, what is bad says where
 * within the text. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/address.h>
#include <vetsock/host.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void check_error(const struct vet_text_error *error, size_t size)
{
	must(error->reason != NULL && error->length > 0 && error->offset <= size);
	must(error->offset == size ? error->length == 1 : error->length <= size - error->offset);
}

static void check_success(const struct vet_text_error *error)
{
	must(error->reason == NULL && error->length == 0 && error->offset == 0);
}

/* Whether it is one. */
static bool check_ip(const char *text, size_t size)
{
	static const struct vet_ip zero;
	struct vet_ip ip, back;
	struct vet_text_error error;
	char printed[VET_IP_TEXT_SIZE];
	int result = vet_ip_parse_explain(text, size, &ip, &error), length;

	if (result != 0) {
		must(result == -EINVAL && memcmp(&ip, &zero, sizeof(ip)) == 0);
		check_error(&error, size);
		return false;
	}
	check_success(&error);
	length = vet_ip_format(&ip, printed, sizeof(printed));
	must(length > 0 && strlen(printed) == (size_t)length);
	must(vet_ip_parse(printed, (size_t)length, &back) == 0);
	must(memcmp(&ip, &back, sizeof(ip)) == 0);
	return true;
}

static void check_address_text(const struct vet_address *address)
{
	struct vet_address back;
	char printed[VET_ADDRESS_TEXT_SIZE];
	int length = vet_address_format(address, printed, sizeof(printed));

	must(length > 0 && strlen(printed) == (size_t)length);
	must(vet_address_parse(printed, (size_t)length, &back) == 0);
	must(vet_address_equal(address, &back));
	must(vet_address_hash(address, 1) == vet_address_hash(&back, 1));
}

static bool check_address(const char *text, size_t size)
{
	struct vet_address address;
	struct vet_text_error error;

	if (vet_address_parse_explain(text, size, &address, &error) != 0) {
		check_error(&error, size);
		must(address.ip.family == 0 && address.port == 0 && address.scope_id == 0);
		return false;
	}
	check_success(&error);
	check_address_text(&address);
	return true;
}

/* Interfaces have the number of their name's first byte, in this table; some are missing. */
static int first_byte(struct vet_sys *sys, const char *name)
{
	int index = (unsigned char)name[0] % 32;

	(void)sys;
	must(strlen(name) >= 1 && strlen(name) <= 15);
	return index != 0 ? index : -ENODEV;
}

/* `good`: without a table it is an address too, and the same is wanted. */
static void check_named_zone(const char *text, size_t size, bool good)
{
	struct vet_sys_calls calls = *vet_sys_posix()->calls; /* no other of them is made */
	struct vet_sys sys = { &calls };
	struct vet_address address;
	struct vet_text_error error;
	int result;

	calls.size = sizeof(calls);
	calls.interface_index = first_byte;
	result = vet_address_parse_on(&sys, text, size, &address, &error);
	must(!good || result == 0);
	if (result != 0) {
		must(result == -EINVAL || result == -ENODEV);
		check_error(&error, size);
		return;
	}
	check_success(&error);
	check_address_text(&address);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	bool ip = check_ip(text, size), address = check_address(text, size);

	check_named_zone(text, size, address);
	must(!ip || !address); /* no text is both */
	return 0;
}
