/* From a target to what its router declares: the transports and src/routeros meet only here. */
#include <string.h>

#include "cli.h"
#include "saving.h"
#include "rosaudit/clock.h"
#include "rosaudit/routeros.h"
#include "rosaudit/saved.h"
#include "rosaudit/transport.h"

static int ask_session(void *ctx, const char *request, struct answer *out, struct error *err)
{
	struct session *session = ctx;

	return session->transport->fetch(session, request, out, err);
}

static void close_session(struct session *s)
{
	if (s)
		s->transport->close(s);
}

/* Who we are to the router on this session. */
static struct reader reader_of(const struct target *t, const struct session *s)
{
	struct reader who = {.user = t->user, .menus = !t->read_services};

	if (s->transport->id == TRANSPORT_SSH) {
		who.via = "ssh";
		who.service = "ssh";
	} else {
		who.via = "rest-api";
		who.service = t->rest_plain ? "www" : "www-ssl";
	}
	return who;
}

/* As device_read_console. What could not be saved is told beside what was read. */
static int read_device(const struct target *t, struct session *s, struct device *d,
                       struct error *err)
{
	struct asker asker = {ask_session, s};
	struct reader who = reader_of(t, s);
	struct error unsaved = {0};
	struct saving saving;
	int r;

	saving_begin(&saving, t, &who);
	if (t->save)
		who.keeper = &saving.keeper;
	if (s->transport->id == TRANSPORT_SSH)
		r = device_read_console(&asker, &who, d, err);
	else
		r = device_read_rest(&asker, &who, d, err);
	if (saving_end(&saving, &unsaved) && !error_is_set(err))
		*err = unsaved;
	return r;
}

/* The saved answers of a session that was. */
static int read_saved(const struct target *t, struct session *s, struct device *d,
                      struct error *err)
{
	struct asker asker = {ask_session, s};
	struct reader who = {
		.user = s->saved->user,
		.service = s->saved->service,
		.menus = !t->read_services,
		.singly = true,
	};
	bool is_ssh = strcmp(s->saved->transport, "ssh") == 0;

	who.via = is_ssh ? "ssh" : "rest-api";
	if (is_ssh)
		return device_read_console(&asker, &who, d, err);
	return device_read_rest(&asker, &who, d, err);
}

static int read_text(const struct target *t, struct session *s, struct device *d, struct error *err)
{
	struct answer answer;
	int r;

	answer_init(&answer);
	r = transport_file.fetch(s, "", &answer, err);
	if (r == 0)
		r = device_read_text(buf_str(&answer.text), answer.text.n, t->file, d, err);
	if (t->read_services)
		d->menus_n = 0;
	answer_done(&answer);
	return r;
}

int reading_again(const struct target *t, const struct reading *r, const char *const *only,
                  struct device *after, struct error *err)
{
	struct asker asker = {ask_session, r->session};
	struct reader who = reader_of(t, r->session);

	who.menus = true;
	who.only = only;
	return device_read_menus(&asker, &who, after, err);
}

static int read_file(const struct target *t, struct device *d, struct error *err)
{
	struct session *s = NULL;
	int r = transport_file.open(t, NULL, 0, &s, err);

	if (r == 0 && s->saved)
		r = read_saved(t, s, d, err) < 0 ? -1 : 0;
	else if (r == 0)
		r = read_text(t, s, d, err);
	transport_file.close(s);
	return r;
}

/* The login proves one port of the router. RouterOS has one service of each kind: where it declares
 * another port for it than we came through, a forward stands between that no port-map tells of, and
 * it is the declared port that the login proves. */
static void take_proof(const struct target *t, const struct session *s, struct result *result,
                       struct reading *r)
{
	struct proof *proof = &r->proofs[r->proofs_n++];
	const char *name = reader_of(t, s).service;
	uint16_t port = target_unmap_port(t, s->port);
	const struct service *row = device_find_static(&result->device, name);

	proof->port = port;
	proof->app = s->transport->id == TRANSPORT_SSH ? APP_SSH
	             : t->rest_plain                   ? APP_HTTP
	                                               : APP_TLS;
	if (row && row->port > 0 && row->port != port) {
		proof->port = (uint16_t)row->port;
		device_add_note(
			&result->device,
			"logged in at port %u, while the router declares %s on port %d: if a NAT "
			"or a forward stands between, the other ports that were probed are not the "
			"router's; say so with port-map: {%d: %u}",
			s->port, name, row->port, row->port, s->port);
	}
}

/* The REST half of `both`; its failure leaves the SSH reading whole. */
static void read_second(const struct target *t, int64_t deadline_ms, struct result *result,
                        struct reading *r)
{
	struct error err = {0};
	struct session *s = NULL;

	device_init(&r->second);
	if (transport_rest.open(t, &r->session->remote, deadline_ms, &s, &err) == 0 &&
	    read_device(t, s, &r->second, &err) >= 0) {
		r->has_second = true;
		take_proof(t, s, result, r);
	}
	close_session(s);
	if (error_is_set(&err)) {
		error_wrap(&err, "REST");
		result->error = error_is_set(&result->error) ? result->error : err;
	}
}

/* A listing without any service is none: "compliant" would be said of nothing. */
static int refuse_nothing(const char *where, struct result *result)
{
	if (result->device.services_n)
		return 0;
	error_set(&result->error, ERROR_PARSE, "%s lists no service at all", where);
	return error_hint(&result->error, "every RouterOS lists eight or more: was the output "
	                                  "filtered, or is it of another menu?");
}

int reading_open(const struct target *target, struct result *result, struct reading *out)
{
	const struct transport *transport = target->transport == TRANSPORT_BOTH
	                                            ? &transport_ssh
	                                            : transport_find(target->transport);
	int64_t deadline_ms = clock_ms() + target->timeout_ms;
	struct buf address;

	*out = (struct reading){0};
	if (target->transport == TRANSPORT_FILE)
		return read_file(target, &result->device, &result->error) ||
		       refuse_nothing(target->file, result);
	if (transport->open(target, NULL, deadline_ms, &out->session, &result->error))
		return -1;
	buf_init(&address, sizeof(result->address) - 1);
	address_format(&out->session->remote, &address);
	memcpy(result->address, buf_str(&address), address.n + 1);
	buf_done(&address);
	/* 1: the services are there, the rest is not; that stays in result->error. */
	if (read_device(target, out->session, &result->device, &result->error) < 0)
		return -1;
	if (refuse_nothing("/ip service", result))
		return -1;
	take_proof(target, out->session, result, out);
	if (target->transport == TRANSPORT_BOTH)
		read_second(target, deadline_ms, result, out);
	return 0;
}

void reading_close(struct reading *r)
{
	close_session(r->session);
	device_done(&r->second);
	*r = (struct reading){0};
}
