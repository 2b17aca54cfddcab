/* SPDX-License-Identifier: 0BSD */
/* Servers: one actor accepts, each connection has another. */
#include "play.h"

enum { LOOK_AROUND = 2000, SHED = 50 }; /* milliseconds */

static void end_session(struct session *session)
{
	wire_close(&session->wire);
	session->is_taken = false;
}

/* A host that comes back starts it anew: then there is nothing left of its connection. */
static void run_session(struct vet_sys *sys, void *context)
{
	struct session *session = context;
	if (session->has_begun)
		return;
	session->has_begun = true;
	session->service->serve(session->service, &session->wire, sys);
	end_session(session);
}

static struct session *free_session(struct service *service)
{
	for (uint32_t i = 0; i < SERVICE_SESSIONS; i++)
		if (!service->session[i].is_taken)
			return &service->session[i];
	return NULL;
}

static void take(struct service *service, struct session *session, struct vet_sys *sys)
{
	service->accepted++;
	session->service = service;
	session->is_taken = true;
	session->has_begun = false;
	if (service->is_alone)
		run_session(sys, session);
	else if (vet_sim_actor(service->host, "session", run_session, session) < 0)
		end_session(session); /* no room for one more: the client asks again */
}

/* Everything that accept says is no reason to give up, but that all is over. */
static bool accept_next(struct service *service, struct wire *listener, struct vet_sys *sys)
{
	struct session *session = free_session(service);
	int result;
	if (session == NULL)
		return play_pause(sys, VET_MILLISECONDS(SHED));
	wire_limit(listener, VET_MILLISECONDS(LOOK_AROUND));
	result = wire_accept(listener, &session->wire);
	if (result == 0)
		take(service, session, sys);
	else if (result != VET_EDEADLINE && !play_is_over(result))
		return service->shed != NULL ? service->shed(service, listener, sys)
					     : play_pause(sys, VET_MILLISECONDS(SHED));
	return !play_is_over(result);
}

static void run_service(struct vet_sys *sys, void *context)
{
	struct service *service = context;
	struct wire listener;
	if (wire_listen(&listener, service->play, sys, service->port, service->backlog) < 0)
		return;
	while (service->play->left > 0 && accept_next(service, &listener, sys))
		;
	wire_close(&listener);
}

int service_begin(struct service *service, struct vet_sim_host *host, const char *name)
{
	service->host = host;
	if (service->backlog == 0)
		service->backlog = 64;
	return play_actor(host, name, run_service, service);
}

struct vet_address service_at(const struct service *service, int family)
{
	return vet_address_of(vet_sim_host_ip(service->host, family), service->port);
}
