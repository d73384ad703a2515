/* The conversation with an open port. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "converse.h"
#include "identify.h"

/* After the protocol is known, or cannot be any that we know: how long the rest of a short greeting
 * may take. A greeting is one packet or two. */
enum { SETTLE_MS = 250 };

void talk_begin(struct talk *t, enum app_proto expect, int64_t now_ms, unsigned identify_ms)
{
	t->probe = probe_for(expect);
	t->step = 0;
	t->began_ms = now_ms;
	t->ends_ms = now_ms + identify_ms;
	t->unsent = NULL;
	t->unsent_n = 0;
	t->spoke = false;
	t->foreign_sent = false;
	t->exam = NULL;
	t->examining = false;
	t->reset = false;
	t->n = 0;
}

void talk_begin_tls(struct talk *t, struct tls_room *room, enum tls_offer offer, int64_t now_ms,
                    unsigned identify_ms)
{
	talk_begin(t, APP_TELNET, now_ms, identify_ms); /* which is never asked anything else */
	t->exam = exam_new(APP_TLS, tls_session_new(room, offer));
	t->unsent = exam_give(t->exam, &t->unsent_n);
}

enum tls_answer talk_tls_result(struct talk *t, enum talk_end end, struct arena *arena,
                                const struct tls_facts **facts)
{
	const struct service_facts *told = NULL;
	enum tls_answer answer = TLS_ANSWER_UNKNOWN;

	*facts = NULL;
	if (t->exam && (t->n == 0 || t->examining)) {
		answer = exam_answer(t->exam, end == TALK_TIME_UP || end == TALK_ON);
		told = exam_facts(t->exam, arena);
	}
	if (told)
		*facts = told->tls;
	exam_free(t->exam);
	t->exam = NULL;
	return answer;
}

void talk_was_reset(struct talk *t)
{
	t->reset = true;
}

static const struct probe_step *next_step(const struct talk *t)
{
	const struct probe_step *s;

	if (t->n > 0 || t->unsent_n > 0 || t->step >= PROBE_STEPS)
		return NULL;
	s = &t->probe->steps[t->step];
	return s->payload == PAYLOAD_NONE ? NULL : s;
}

int64_t talk_due(const struct talk *t)
{
	const struct probe_step *s = next_step(t);

	if (s && t->began_ms + s->after_ms < t->ends_ms)
		return t->began_ms + s->after_ms;
	return t->ends_ms;
}

bool talk_wants_write(const struct talk *t)
{
	return t->unsent_n > 0;
}

/* The protocol is known: what more does it tell? False when nothing more is asked. */
static bool begin_exam(struct talk *t, enum app_proto app, int64_t now_ms)
{
	if (t->exam && app != APP_TLS) { /* our hello was answered in another tongue */
		exam_free(t->exam);
		t->exam = NULL;
		t->unsent_n = 0; /* which was the hello's rest */
	}
	if (!t->exam && exam_wanted(app))
		t->exam = exam_new(app, NULL);
	if (!t->exam)
		return false;
	t->examining = true;
	if (now_ms + exam_patience_ms(t->exam) < t->ends_ms)
		t->ends_ms = now_ms + exam_patience_ms(t->exam);
	return true;
}

/* Is what came enough? If not, perhaps only little patience is left. */
static enum talk_end judge(struct talk *t, int64_t now_ms)
{
	struct identity id = identify_so_far(t->in, t->n);

	if (id.fit == FIT_YES && begin_exam(t, id.app, now_ms))
		return exam_take(t->exam, t->in, t->n) ? TALK_ENOUGH : TALK_ON;
	if (t->n == sizeof(t->in))
		return TALK_ENOUGH;
	if (id.fit == FIT_MAYBE)
		return TALK_ON;
	if (identify_complete(id.keep, t->in, t->n))
		return TALK_ENOUGH;
	if (id.keep == KEEP_MORE && now_ms + SETTLE_MS < t->ends_ms)
		t->ends_ms = now_ms + SETTLE_MS;
	return TALK_ON;
}

/* Bytes came: to the banner as far as there is room, and to whom they are for. */
static enum talk_end hear(struct talk *t, const char *p, size_t n, int64_t now_ms)
{
	size_t room = sizeof(t->in) - t->n;

	memcpy(t->in + t->n, p, n < room ? n : room);
	t->n += n < room ? n : room;
	if (t->examining)
		return exam_take(t->exam, p, n) ? TALK_ENOUGH : TALK_ON;
	return judge(t, now_ms);
}

static enum talk_end take(struct talk *t, int fd, int64_t now_ms)
{
	char chunk[4096];
	size_t most = t->examining ? sizeof(chunk) : sizeof(t->in) - t->n;
	ssize_t got;

	do
		got = recv(fd, chunk, most, MSG_DONTWAIT);
	while (got < 0 && errno == EINTR);
	if (got > 0)
		return hear(t, chunk, (size_t)got, now_ms);
	if (got == 0)
		return t->reset ? TALK_RST : TALK_FIN;
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOMEM || errno == ENOBUFS)
		return t->reset ? TALK_RST : TALK_ON;
	/* Else the connection broke in the network (no route, timeout): nobody hung up on us. */
	return errno == ECONNRESET || errno == EPIPE ? TALK_RST : TALK_TIME_UP;
}

/* A failed send is no verdict yet: what the server said before it hung up is still to be read. */
static void give(struct talk *t, int fd)
{
	ssize_t put = send(fd, t->unsent, t->unsent_n, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (put >= 0) {
		t->spoke |= put > 0;
		t->unsent += put;
		t->unsent_n -= (size_t)put;
		return;
	}
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS)
		return;
	t->reset = errno == ECONNRESET || errno == EPIPE;
	t->unsent_n = 0;
}

enum talk_end talk_event(struct talk *t, int fd, int64_t now_ms)
{
	enum talk_end end = take(t, fd, now_ms);

	if (end == TALK_ON && t->examining && t->unsent_n == 0)
		t->unsent = exam_give(t->exam, &t->unsent_n);
	if (end == TALK_ON && t->unsent_n > 0)
		give(t, fd);
	return end;
}

enum talk_end talk_timer(struct talk *t, int fd, int64_t now_ms, const struct payloads *payloads)
{
	const struct probe_step *s = next_step(t);

	if (now_ms >= t->ends_ms)
		return TALK_TIME_UP;
	if (!s || now_ms < t->began_ms + s->after_ms)
		return TALK_ON;
	t->step++;
	t->foreign_sent = s->foreign;
	t->unsent = payloads->v[s->payload].p;
	t->unsent_n = payloads->v[s->payload].n;
	if (s->payload == PAYLOAD_TLS && payloads->room) {
		t->exam = exam_new(APP_TLS, tls_session_new(payloads->room, TLS_OFFER_ALL));
		t->unsent = exam_give(t->exam, &t->unsent_n);
	}
	give(t, fd);
	return TALK_ON;
}

static void keep_banner(const struct talk *t, struct arena *arena, struct observation *o)
{
	size_t start, n = identify_banner(o->app, t->in, t->n, &start);

	if (n == 0)
		return;
	o->banner = memcpy(arena_alloc(arena, n + 1), t->in + start, n);
	o->banner_n = n;
}

/* What its greeting told of the version, where no exam did. */
static void keep_facts(const struct talk *t, struct arena *arena, struct observation *o)
{
	struct service_facts *facts;
	const char *version;

	if (t->examining)
		o->facts = exam_facts(t->exam, arena);
	version = o->facts ? NULL : facts_find_version(t->in, t->n, arena);
	if (!version)
		return;
	facts = arena_alloc(arena, sizeof(*facts));
	facts->version = version;
	o->facts = facts;
}

/* It said nothing. */
static void judge_silence(const struct talk *t, enum talk_end end, struct observation *o)
{
	if (end == TALK_TIME_UP) {
		o->serve = SERVE_SILENT;
		return;
	}
	if (end != TALK_FIN && end != TALK_RST)
		return;
	/* It kept still while its own protocol could be spoken, and closed on another: no
	 * refusal of us. */
	if (t->foreign_sent) {
		o->serve = SERVE_SILENT;
		return;
	}
	o->serve = SERVE_REFUSED;
	o->close = end == TALK_FIN ? "fin" : "rst";
	o->spoke = t->spoke;
}

void talk_result(struct talk *t, enum talk_end end, struct arena *arena, struct observation *o)
{
	struct identity id;

	if (t->n > 0) {
		id = identify_so_far(t->in, t->n);
		o->serve = SERVE_SERVING;
		o->app = id.fit == FIT_YES ? id.app : APP_OTHER;
		keep_banner(t, arena, o);
		keep_facts(t, arena, o);
	} else {
		judge_silence(t, end, o);
	}
	exam_free(t->exam);
	t->exam = NULL;
}
