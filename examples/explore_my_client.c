/* SPDX-License-Identifier: 0BSD */
/* One's own client under every lawful fault and every pair of them, or: explore_my_client PLAN */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <vetsock/shim.h>
#include <vetsock/vetsock.h>

static int send_order(struct vet_socket *s, const char *order, size_t size)
{
	int r = -ENOBUFS;
	for (int tries = 0; tries < 3 && r == -ENOBUFS; tries++) /* it passes in a moment */
		r = vet_socket_write(s, order, size, NULL);
	return r;
}

static void my_client(struct vet_trial *trial)
{
	struct vet_socket s = { 0 };
	struct vet_address shop = vet_address_of(vet_ipv4(127, 0, 0, 1), 7);
	char receipt[12];
	int r = vet_socket_stream_on(&s, vet_trial_sys(trial), 4);
	vet_socket_timeout_after(&s, VET_SECONDS(5)); /* for all that follows */
	r = r < 0 ? r : vet_socket_connect(&s, &shop);
	r = r < 0 ? r : send_order(&s, "a dozen eggs", 12);
	if (r == 0)
		vet_trial_sent_all(trial); /* so the client says */
	r = r < 0 ? r : vet_socket_read_exact(&s, receipt, sizeof(receipt), NULL);
	vet_trial_check(trial, r == 0 || vet_trial_is_faulted(trial));
	vet_socket_close(&s);
}

static const struct vet_scenario scenario = {
	"my client", my_client, .deadline = VET_SECONDS(5),
	.world = { .expects = "a dozen eggs", .expects_size = 12 } /* at an echo */
};
VET_API const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count);
const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count)
{
	*count = 1; /* as a shared object: vetsock explore --load ./my_client.so */
	return version == VET_SYS_VERSION ? &scenario : NULL;
}

static void tell(void *program, const struct vet_violation *found)
{
	char plan[VET_PLAN_TEXT_SIZE] = "";
	if (vet_plan_format(&found->plan, plan, sizeof(plan)) >= 0)
		printf("%s\n  %s '%s'\n", found->message, (const char *)program, plan);
}

int main(int argc, char **argv)
{
	struct vet_plan plan;
	struct vet_explore_options options = { .depth = 2, .found = tell, .context = argv[0] };
	if (argc > 1 && vet_plan_parse(argv[1], strlen(argv[1]), &plan, NULL) < 0)
		return fprintf(stderr, "'%s' is no plan\n", argv[1]) < 0 ? 1 : 2;
	options.plan = argc > 1 ? &plan : NULL;
	return vet_explore(&scenario, 1, &options, NULL) != 0;
}
