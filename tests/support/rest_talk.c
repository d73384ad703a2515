/* One REST conversation of a test. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/rest_talk.h"
#include "tests/test.h"

void rest_init(struct rest_try *t)
{
	static const char *dir;
	static unsigned number;

	dir = dir ? dir : test_temp_dir();
	number++;
	*t = (struct rest_try){0};
	snprintf(t->log, sizeof(t->log), "%s/log-%u", dir, number);
	snprintf(t->ca, sizeof(t->ca), "%s/ca-%u.pem", dir, number);
	t->target = (struct target){
		.name = "r1",
		.host = "127.0.0.1",
		.transport = TRANSPORT_REST,
		.user = REST_USER,
		.password = {SECRET_LITERAL, REST_PASSWORD},
		.connect_timeout_ms = 10000,
		.command_timeout_ms = 10000,
	};
	answer_init(&t->answer);
}

void rest_done(struct rest_try *t)
{
	transport_rest.close(t->session);
	t->session = NULL;
	answer_done(&t->answer);
	program_stop(&t->peer);
}

void rest_aim(struct rest_try *t, const char *port)
{
	snprintf(t->port, sizeof(t->port), "%s", port);
	t->target.port = (uint16_t)strtoul(port, NULL, 10);
}

void rest_serve(struct rest_try *t, const char *options)
{
	char copy[512], port[8], *save = NULL;
	const char *argv[32] = {program_beside("http_peer"), "--log", t->log};
	bool anonymous = strstr(options, "--no-cert"), tls = anonymous || strstr(options, "--tls");
	size_t n = 3;

	snprintf(copy, sizeof(copy), "%s", options);
	for (char *w = strtok_r(copy, " ", &save); w; w = strtok_r(NULL, " ", &save))
		argv[n++] = w;
	argv[n++] = "--cert-out";
	argv[n++] = t->ca;
	program_start(&t->peer, argv, NULL, "ready");
	program_word(&t->peer, "port ", port, sizeof(port));
	rest_aim(t, port);
	t->target.rest_plain = !tls;
	if (!tls || anonymous)
		return;
	t->target.ca = t->ca;
	program_word(&t->peer, "pin ", t->pin, sizeof(t->pin));
	program_word(&t->peer, "fingerprint ", t->fingerprint, sizeof(t->fingerprint));
}

int rest_open(struct rest_try *t)
{
	return transport_rest.open(&t->target, &t->pinned, t->deadline_ms, &t->session, &t->err);
}

int rest_fetch(struct rest_try *t, const char *path)
{
	return transport_rest.fetch(t->session, path, &t->answer, &t->err);
}

size_t rest_logged(const struct rest_try *t, const char *piece)
{
	char *all = test_read_file(t->log);
	size_t n = 0;

	for (const char *p = all; (p = strstr(p, piece)); p += strlen(piece))
		n++;
	free(all);
	return n;
}

static void replace_all(char *text, size_t size, const char *from, const char *to)
{
	char rest[8192];

	if (!from[0])
		return;
	for (char *at = text; (at = strstr(at, from)); at += strlen(to)) {
		snprintf(rest, sizeof(rest), "%s", at + strlen(from));
		snprintf(at, size - (size_t)(at - text), "%s%s", to, rest);
	}
}

/* 2026-11-22T18:30:00Z → DATE. */
static void replace_dates(char *text)
{
	static const char form[] = "0000-00-00T00:00:00Z";

	for (char *at = text; *at; at++) {
		size_t n = 0;

		while (form[n] &&
		       (at[n] == form[n] || (form[n] == '0' && isdigit((unsigned char)at[n]))))
			n++;
		if (form[n])
			continue;
		memcpy(at, "DATE", 4);
		memmove(at + 4, at + n, strlen(at + n) + 1);
	}
}

void rest_assert_error(struct rest_try *t, const char *name)
{
	struct buf shown;
	char text[8192], path[256];

	assert_true(error_is_set(&t->err));
	buf_init(&shown, sizeof(text) - 2);
	error_format(&t->err, &shown);
	snprintf(text, sizeof(text), "%s\n", buf_str(&shown));
	buf_done(&shown);
	/* the long ones first: a port's digits may stand in them */
	replace_all(text, sizeof(text), t->fingerprint, "FINGERPRINT");
	replace_all(text, sizeof(text), t->pin, "PIN");
	replace_all(text, sizeof(text), t->ca, "CA");
	replace_all(text, sizeof(text), t->port, "PORT");
	replace_dates(text);
	assert_null(strstr(text, REST_PASSWORD));
	assert_null(strstr(text, REST_BASIC));
	snprintf(path, sizeof(path), "transport_rest/%s", name);
	assert_golden(path, text);
}
