/* What an open port tells once its protocol is known: a table of protocols. */
#include <stdlib.h>
#include <string.h>

#include "exam.h"
#include "http_answer.h"
#include "rosaudit/buf.h"
#include "rosaudit/limits.h"
#include "ssh_offer.h"

enum { CHUNK = 4096 };

struct exam {
	const struct exam_row *row;
	struct buf in;           /* all that came; not for TLS */
	size_t heard;            /* bytes, all told */
	struct tls_session *tls; /* of TLS alone */
	bool spoke;              /* our SSH identification is on its way */
	bool offered;            /* our TLS hello is */
	bool refused;            /* by an alert */
	char chunk[CHUNK];
};

/* Any identification is answered; the exchange ends before a key is made. */
static const char our_ssh[] = "SSH-2.0-rosaudit\r\n";

static bool ssh_take(struct exam *e)
{
	struct ssh_facts facts = {0};
	struct arena scratch = {0};
	enum ssh_offer_state state = ssh_offer_read(e->in.p, e->in.n, &scratch, &facts);

	arena_done(&scratch);
	return state != SSH_OFFER_MORE;
}

static size_t ssh_give(struct exam *e)
{
	if (e->spoke || e->in.n == 0 || !ssh_speaks_2(e->in.p, e->in.n))
		return 0;
	e->spoke = true;
	memcpy(e->chunk, our_ssh, sizeof(our_ssh) - 1);
	return sizeof(our_ssh) - 1;
}

static bool ssh_tell(const struct exam *e, struct arena *arena, struct service_facts *out)
{
	struct ssh_facts *ssh = arena_alloc(arena, sizeof(*ssh));

	ssh_offer_read(e->in.p, e->in.n, arena, ssh);
	if (ssh->protocol)
		out->ssh = ssh;
	return out->ssh;
}

static bool http_take(struct exam *e)
{
	return http_answer_whole(e->in.p, e->in.n);
}

static bool http_tell(const struct exam *e, struct arena *arena, struct service_facts *out)
{
	struct http_facts *http = arena_alloc(arena, sizeof(*http));

	if (!http_answer_read(e->in.p, e->in.n, arena, http))
		return false;
	out->http = http;
	out->version = facts_find_version(e->in.p, e->in.n, arena);
	return true;
}

static size_t tls_give(struct exam *e)
{
	size_t n = tls_session_give(e->tls, e->chunk, sizeof(e->chunk));

	e->offered |= n > 0;
	return n;
}

static bool tls_tell(const struct exam *e, struct arena *arena, struct service_facts *out)
{
	struct tls_facts *tls = arena_alloc(arena, sizeof(*tls));

	if (!tls_session_facts(e->tls, arena, tls))
		return false;
	out->tls = tls;
	return true;
}

static const struct exam_row {
	enum app_proto app;
	unsigned patience_ms;
	bool (*take)(struct exam *e); /* after bytes were added to in; true = enough */
	size_t (*give)(struct exam *e);
	bool (*tell)(const struct exam *e, struct arena *arena, struct service_facts *out);
} rows[] = {
	/* Servers offer keys at once, or when they have our line; RouterOS's pages are small. A
	 * handshake of a small router's RSA key may take a second. */
	{APP_SSH, 1000, ssh_take, ssh_give, ssh_tell},
	{APP_HTTP, 700, http_take, NULL, http_tell},
	{APP_TLS, 3000, NULL, tls_give, tls_tell},
};

static const struct exam_row *row_of(enum app_proto app)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].app == app)
			return &rows[i];
	return NULL;
}

bool exam_wanted(enum app_proto app)
{
	return app != APP_TLS && row_of(app);
}

struct exam *exam_new(enum app_proto app, struct tls_session *tls)
{
	struct exam *e = mem_alloc(sizeof(*e));

	e->row = row_of(app);
	e->tls = tls;
	buf_init(&e->in, LIMIT_EXAM_BYTES);
	return e;
}

void exam_free(struct exam *e)
{
	if (!e)
		return;
	tls_session_free(e->tls);
	buf_done(&e->in);
	free(e);
}

bool exam_take(struct exam *e, const char *p, size_t n)
{
	e->heard += n;
	if (e->heard > LIMIT_EXAM_BYTES)
		return true;
	if (e->tls) {
		enum tls_state state = tls_session_take(e->tls, p, n);

		e->refused |= state == TLS_REFUSED;
		return state != TLS_MORE;
	}
	buf_add(&e->in, p, n);
	return e->row->take(e);
}

const char *exam_give(struct exam *e, size_t *n)
{
	*n = e->row->give ? e->row->give(e) : 0;
	return e->chunk;
}

enum tls_answer exam_answer(const struct exam *e, bool silent)
{
	enum tls_version ignored;

	if (!e->tls || !e->offered)
		return TLS_ANSWER_UNKNOWN;
	if (tls_session_version(e->tls, &ignored))
		return TLS_ANSWER_YES;
	if (e->refused)
		return TLS_ANSWER_NO;
	return silent || e->heard > 0 ? TLS_ANSWER_UNKNOWN : TLS_ANSWER_NO;
}

unsigned exam_patience_ms(const struct exam *e)
{
	return e->row->patience_ms;
}

const struct service_facts *exam_facts(const struct exam *e, struct arena *arena)
{
	struct service_facts *facts = arena_alloc(arena, sizeof(*facts));

	return e->row->tell(e, arena, facts) ? facts : NULL;
}
