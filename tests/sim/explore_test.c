/* SPDX-License-Identifier: 0BSD */
/* The explorer, fault plans and traces over simulated hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/fault.h>
#include <vetsock/simulate.h>
#include <vetsock/trace.h>
#include <vetsock/vetsock.h>

#include "one_world.h"

enum { PORT = 80, MESSAGE = 24 };

static struct vet_address server_at;

/* Serves whoever comes, until all is over. */
static void serve(struct vet_sys *sys, void *context)
{
	struct vet_socket listener = { 0 };
	struct vet_address any = vet_address_of(vet_ipv4(0, 0, 0, 0), PORT);
	char data[64];
	int result = vet_socket_stream_on(&listener, sys, 4);
	(void)context;
	if (result == 0)
		result = vet_socket_bind(&listener, &any);
	if (result == 0)
		result = vet_socket_listen(&listener);
	while (result == 0) {
		struct vet_socket peer = { 0 };
		ssize_t n = 0;
		result = vet_socket_accept(&listener, &peer, NULL);
		while (result == 0 && (n = vet_socket_read(&peer, data, sizeof data)) > 0)
			if (vet_socket_write(&peer, data, (size_t)n, NULL) < 0)
				break;
		(void)vet_socket_close(&peer);
	}
	(void)vet_socket_close(&listener);
}

/* ---- the explorer ---- */

static int begin(const void *context, struct vet_world_view *view)
{
	const struct vet_sim_options options = { .seed = 1, .schedule = VET_SIM_IN_TURN };
	struct vet_sim_host *server, *client;
	int result = vet_sim_start(sim, &options);
	(void)context;
	if (result < 0)
		return result;
	server = vet_sim_add_host(sim, "server");
	client = vet_sim_add_host(sim, "client");
	if (server == NULL || client == NULL)
		return -ENOMEM;
	server_at = vet_address_of(vet_sim_host_ip(server, 4), PORT);
	result = vet_sim_actor(server, "server", serve, NULL);
	return result < 0 ? result : vet_sim_view(client, view);
}

static int talk(struct vet_socket *s, bool careless)
{
	static const char message[MESSAGE + 1] = "twenty-four bytes of text";
	char back[MESSAGE] = { 0 };
	size_t done = 0;
	ssize_t n = careless ? vet_socket_write_some(s, message, MESSAGE)
			     : vet_socket_write(s, message, MESSAGE, &done);
	int result = n < 0 ? (int)n : 0;
	if (result == 0)
		result = vet_socket_shutdown_write(s);
	if (result == 0)
		result = vet_socket_read_exact(s, back, MESSAGE, &done);
	if (result == 0 && memcmp(back, message, MESSAGE) != 0)
		result = -EBADMSG;
	return result;
}

static void client(struct vet_trial *trial, bool careless)
{
	struct vet_sys *sys = vet_trial_sys(trial);
	struct vet_socket s = { 0 };
	int result = vet_socket_stream_on(&s, sys, 4);
	vet_socket_timeout_after(&s, VET_SECONDS(5));
	if (result == 0)
		result = vet_socket_connect(&s, &server_at);
	if (result == 0)
		result = talk(&s, careless);
	vet_trial_check(trial, result != -EBADMSG);
	vet_trial_check(trial, result == 0 || vet_trial_is_faulted(trial));
	vet_trial_check(trial, result != VET_EOF || vet_trial_is_broken(trial));
	(void)vet_socket_close(&s);
}

static void careful_client(struct vet_trial *trial)
{
	client(trial, false);
}

static void careless_client(struct vet_trial *trial)
{
	client(trial, true);
}

static void explorer_runs_on_a_simulated_host(void **state)
{
	const struct vet_scenario scenario = { .name = "client of a simulated server",
					       .run = careful_client,
					       .begin = begin,
					       .deadline = VET_SECONDS(20) };
	const struct vet_explore_options options = { .depth = 2 };
	struct vet_explore_report report = { 0 };
	(void)state;
	assert_int_equal(vet_explore(&scenario, 1, &options, &report), 0);
	assert_true(report.runs > 1000);
	print_message("%llu runs over a simulated network\n", (unsigned long long)report.runs);
}

static void keep_violation(void *context, const struct vet_violation *violation)
{
	*(struct vet_violation *)context = *violation;
}

static void explorer_finds_what_is_wrong_there(void **state)
{
	const struct vet_scenario scenario = { .name = "client that ignores short counts",
					       .run = careless_client,
					       .begin = begin,
					       .deadline = VET_SECONDS(20) };
	struct vet_violation found = { .check = VET_CHECK_NONE };
	const struct vet_explore_options options = {
		.depth = 1, .found = keep_violation, .context = &found, .violations = 1
	};
	char plan[VET_PLAN_TEXT_SIZE];
	(void)state;
	assert_int_equal(vet_explore(&scenario, 1, &options, NULL), 1);
	assert_int_equal(found.plan.count, 1);
	assert_true(vet_plan_format(&found.plan, plan, sizeof plan) > 0);
	assert_non_null(strstr(plan, "send@1=short:"));
}

/* ---- plans and traces of a host ---- */

static void ask_once(struct vet_sys *sys, void *context)
{
	struct vet_socket s = { 0 };
	int result = vet_socket_stream_on(&s, sys, 4);
	if (result == 0)
		result = vet_socket_connect(&s, &server_at);
	if (result == 0)
		result = talk(&s, false);
	(void)vet_socket_close(&s);
	*(int *)context = result;
}

static int count_lines(void *context, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*(unsigned *)context += text[i] == '\n';
	return 0;
}

static void layers_stand_over_one_host(void **state)
{
	static struct vet_fault fault;
	static struct vet_trace trace;
	static const char text[] = "send@1=short:3; recv@1=EINTR; recv@3=ECONNRESET";
	struct vet_plan plan;
	struct vet_sim_host *server, *asking;
	struct vet_sim_report report;
	unsigned lines = 0;
	int result = 0;
	(void)state;
	assert_int_equal(vet_plan_parse(text, sizeof text - 1, &plan, NULL), 0);
	assert_int_equal(vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }), 0);
	server = vet_sim_add_host(sim, "server");
	asking = vet_sim_add_host(sim, "client");
	server_at = vet_address_of(vet_sim_host_ip(server, 4), PORT);
	assert_non_null(vet_fault_start(&fault, vet_sim_sys(asking), &plan, 0));
	vet_sim_set_sys(asking, vet_trace_start(&trace, &fault.layer.sys, count_lines, &lines));
	assert_int_equal(vet_sim_actor(server, "server", serve, NULL), 0);
	assert_int_equal(vet_sim_actor(asking, "client", ask_once, &result), 0);
	/* The server waits for the next client, for ever: that ends the run. */
	assert_int_equal(vet_sim_run(sim, &report), -EINVAL);
	assert_int_equal(report.end, VET_SIM_DEADLOCK);
	assert_int_equal(result, -ECONNRESET);
	assert_int_equal(fault.acts, 3);
	assert_true(lines > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(explorer_runs_on_a_simulated_host),
		cmocka_unit_test(explorer_finds_what_is_wrong_there),
		cmocka_unit_test(layers_stand_over_one_host),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
