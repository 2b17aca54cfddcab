/* SPDX-License-Identifier: 0BSD */
/* Runs one case over the families it asks for, gives back what it took, and looks at what is left.
 */
#include "trial.h"

#include <stdio.h>
#include <string.h>

static const struct conformance_group *const groups[] = {
	&conformance_table,    &conformance_table_bytes,  &conformance_socket,
	&conformance_lifetime, &conformance_bind,         &conformance_accept,
	&conformance_connect,  &conformance_address,      &conformance_read,
	&conformance_read_all, &conformance_write,        &conformance_datagram,
	&conformance_file,     &conformance_shutdown,     &conformance_deadline,
	&conformance_option,   &conformance_option_value,
};

const struct conformance_case *conformance_case_at(size_t index)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if (index < groups[i]->count)
			return &groups[i]->cases[index];
		index -= groups[i]->count;
	}
	return NULL;
}

static unsigned long pipe_signals(struct conformance_environment *environment)
{
	return environment->pipe_signals == NULL ? 0 : environment->pipe_signals(environment);
}

/* Closing is a step of the case too: what it answers counts. */
static void give_back(struct trial *t)
{
	for (size_t i = 0; i < t->socket_count; i++) {
		if (vet_socket_family(&t->sockets[i]) > 0)
			expect(t, "close", vet_socket_close(&t->sockets[i]), 0);
	}
	for (size_t i = 0; i < t->file_count; i++)
		t->environment->drop_file(t->environment, t->files[i]);
}

/* What no case may do, whatever it is about. */
static void inspect(struct trial *t, unsigned long signals)
{
	const struct ledger *l = &t->ledger;

	if (l->violation != NULL) {
		t->decided = t->decided && t->result->verdict == CONFORMANCE_FAILED;
		trial_fail(t, "the contract of the table is broken");
	}
	if (pipe_signals(t->environment) != signals) {
		t->decided = false;
		trial_fail(t, "a SIGPIPE was raised");
	}
	if (l->blocks != 0)
		trial_fail(t, "%ld pieces of memory were not given back", l->blocks);
	if (l->open_count > 0)
		trial_fail(t, "%zu descriptors were left open", l->open_count);
}

static void lose_patience(struct conformance_environment *environment, vet_duration patience)
{
	const vet_duration least = VET_MILLISECONDS(250);

	environment->patience = patience / 4 > least ? patience / 4 : least;
}

static void run_over(const struct conformance_case *one,
		     struct conformance_environment *environment, int family,
		     struct conformance_result *result)
{
	vet_duration patience = environment->patience == 0 ? VET_SECONDS(5) : environment->patience;
	unsigned long signals = pipe_signals(environment);
	struct trial t;

	memset(&t, 0, sizeof(t));
	t.environment = environment;
	t.result = result;
	t.row = one->row;
	t.family = family;
	t.sys = &t.ledger.sys;
	expect(&t, "the table's now", ledger_init(&t.ledger, environment->sys, patience), 0);
	t.ledger.hung = environment->hung;
	one->run(&t);
	give_back(&t);
	inspect(&t, signals);
	(void)ledger_close_all(&t.ledger);
	if (t.ledger.out_of_time)
		lose_patience(environment, patience);
}

static void ask_for_ipv6(struct conformance_environment *environment)
{
	const struct vet_ip one = vet_ipv6(0, 0, 0, 0, 0, 0, 0, 1);
	const struct vet_address address = vet_address_of(one, 0);
	struct vet_socket s;

	environment->ipv6_asked = true;
	environment->ipv6_error = vet_socket_datagram_on(&s, environment->sys, 6);
	if (environment->ipv6_error == 0)
		environment->ipv6_error = vet_socket_bind(&s, &address);
	(void)vet_socket_close(&s);
}

static void remark_ipv6(const struct conformance_environment *environment,
			struct conformance_result *result)
{
	(void)snprintf(result->message, sizeof(result->message),
		       "over IPv4 alone: no IPv6 loopback here (%s)",
		       vet_error_name(environment->ipv6_error));
}

void conformance_run(const struct conformance_case *one,
		     struct conformance_environment *environment, struct conformance_result *result)
{
	bool ipv6 = one->families != CONFORMANCE_ONCE;

	memset(result, 0, sizeof(*result));
	if (ipv6 && !environment->ipv6_asked)
		ask_for_ipv6(environment);
	if (one->families == CONFORMANCE_DUAL && environment->ipv6_error != 0) {
		result->verdict = CONFORMANCE_SKIPPED;
		(void)snprintf(result->message, sizeof(result->message),
			       "no IPv6 loopback here (%s)",
			       vet_error_name(environment->ipv6_error));
		return;
	}
	if (one->families != CONFORMANCE_DUAL)
		run_over(one, environment, 4, result);
	if (!ipv6 || result->verdict != CONFORMANCE_HELD)
		return;
	if (environment->ipv6_error == 0)
		run_over(one, environment, 6, result);
	else
		remark_ipv6(environment, result);
}
