/* SPDX-License-Identifier: 0BSD */
#include "explorer.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

/* ---- what cannot run ---- */

static bool without_silent;

void explorer_arguments(int argc, char **argv)
{
	without_silent = argc > 1 && strcmp(argv[1], "--without-silent") == 0;
}

void explorer_skip_without_silent(void)
{
	if (!without_silent)
		return;
	print_message("skipped: no signal interrupts a program that makes no call, under this "
		      "sanitizer\n");
	skip();
}

/* ---- calls ---- */

int raw_socket(struct vet_trial *trial)
{
	return CALL(trial, socket, AF_INET, SOCK_STREAM, 0);
}

static struct sockaddr_in loopback(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(7),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

int raw_connect(struct vet_trial *trial, int fd)
{
	struct sockaddr_in to = loopback();
	return CALL(trial, connect, fd, (struct sockaddr *)&to, sizeof to);
}

static int keep_if(struct vet_trial *trial, int fd, int result)
{
	if (result == 0)
		return fd;
	(void)raw_close(trial, fd);
	return -1;
}

int raw_dial(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	return fd < 0 ? -1 : keep_if(trial, fd, raw_connect(trial, fd));
}

int raw_listen(struct vet_trial *trial)
{
	int fd = raw_socket(trial);
	return fd < 0 ? -1 : keep_if(trial, fd, CALL(trial, listen, fd, 16));
}

int raw_close(struct vet_trial *trial, int fd)
{
	return CALL(trial, close, fd);
}

ssize_t raw_send(struct vet_trial *trial, int fd, size_t size)
{
	return CALL(trial, send, fd, TEXT, size, 0);
}

ssize_t raw_recv(struct vet_trial *trial, int fd, size_t size)
{
	char data[64];
	return CALL(trial, recv, fd, data, size, 0);
}

ssize_t raw_peek(struct vet_trial *trial, int fd)
{
	char data[64];
	return CALL(trial, recv, fd, data, sizeof data, MSG_PEEK);
}

int raw_wait(struct vet_trial *trial, int fd, short events, int64_t limit)
{
	struct pollfd one = { .fd = fd, .events = events };
	return CALL(trial, poll, &one, 1, limit);
}

int raw_sleep(struct vet_trial *trial, int64_t limit)
{
	return CALL(trial, poll, NULL, 0, limit);
}

int64_t raw_now(struct vet_trial *trial)
{
	int64_t now;
	return CALL(trial, now, &now) < 0 ? -1 : now;
}

int raw_option(struct vet_trial *trial, int fd)
{
	int value = 0;
	socklen_t length = sizeof value;
	return CALL(trial, getsockopt, fd, SOL_SOCKET, SO_RCVBUF, &value, &length);
}

int raw_peer(struct vet_trial *trial, int fd)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;
	return CALL(trial, getpeername, fd, (struct sockaddr *)&peer, &length);
}

int raw_index(struct vet_trial *trial)
{
	return CALL(trial, interface_index, "lo");
}

/* ---- exploring ---- */

const char *explorer_text(const struct vet_plan *plan)
{
	static char text[VET_PLAN_TEXT_SIZE];
	assert_true(vet_plan_format(plan, text, sizeof text) >= 0);
	return text;
}

struct vet_plan explorer_plan(const char *text)
{
	struct vet_plan plan;
	assert_int_equal(vet_plan_parse(text, strlen(text), &plan, NULL), 0);
	return plan;
}

static void found(void *context, const struct vet_violation *violation)
{
	struct explored *explored = context;
	size_t length = strlen(explored->told);
	assert_true(explored->count < COUNT(explored->violation));
	explored->violation[explored->count++] = *violation;
	(void)snprintf(explored->told + length, sizeof explored->told - length, "%s%s '%s'",
		       length > 0 ? ", " : "", vet_check_name(violation->check),
		       explorer_text(&violation->plan));
}

struct explored *explore(const struct vet_scenario *scenarios, size_t count,
			 const struct vet_explore_options *options)
{
	static struct explored explored;
	struct vet_explore_options all =
		options != NULL ? *options : (struct vet_explore_options){ 0 };
	all.found = found;
	all.context = &explored;
	memset(&explored, 0, sizeof explored);
	explored.result = vet_explore(scenarios, count, &all, &explored.report);
	assert_int_equal(explored.count, explored.report.violations);
	return &explored;
}

struct explored *explore_one(void (*run)(struct vet_trial *trial), const void *context,
			     const struct vet_explore_options *options)
{
	struct vet_scenario scenario = { .name = "one", .run = run, .context = context };
	return explore(&scenario, 1, options);
}

/* ---- rows ---- */

static void explore_row(const struct explorer_row *row, struct vet_explore_report *report)
{
	struct vet_plan plan = { 0 };
	struct vet_scenario scenario = {
		.name = row->name,
		.run = row->run,
		.deadline = row->deadline,
	};
	struct vet_explore_options options = { .plan = row->plan != NULL ? &plan : NULL };
	const struct explored *explored;
	int expected;
	if (row->world != NULL)
		scenario.world = *row->world;
	if (row->plan != NULL)
		plan = explorer_plan(row->plan);
	explored = explore(&scenario, 1, &options);
	if (strcmp(explored->told, row->told) != 0)
		fail_msg("%s: told: %s\n  not: %s\n  (%s)", row->name, explored->told, row->told,
			 explored->violation[0].message);
	if (row->says != NULL && strstr(explored->violation[0].message, row->says) == NULL)
		fail_msg("%s: it says '%s', not '%s'", row->name, explored->violation[0].message,
			 row->says);
	/* What fails without faults cannot be explored. */
	expected = explored->report.runs == 0 ? -EINVAL : (int)explored->count;
	assert_int_equal(explored->result, expected);
	*report = explored->report;
}

void explorer_check(const struct explorer_row *rows, size_t count,
		    struct vet_explore_report *report)
{
	struct vet_explore_report ignored;
	for (size_t i = 0; i < count; i++)
		explore_row(&rows[i], report != NULL ? report : &ignored);
}
