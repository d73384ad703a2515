/* A vantage over SSH: `rosaudit scan` is run there, and its JSON comes back. The session is
 * src/transport's own: known_hosts or a pinned key, the agent or a key, one command, one bounded
 * answer. */
#include <string.h>

#include "cli.h"
#include "rosaudit/answer.h"
#include "rosaudit/clock.h"
#include "rosaudit/limits.h"
#include "rosaudit/transport.h"

/* Every other port by itself is some 190 kB, which no shell's line is meant for; ranges fit. */
enum { COMMAND_BYTES = 65536 };

/* One word for a POSIX shell: nothing in single quotes means anything but the quote itself. */
static void put_word(const char *word, struct buf *out)
{
	buf_puts(out, out->n ? " '" : "'");
	for (const char *p = word; *p; p++) {
		if (*p == '\'')
			buf_puts(out, "'\\''");
		else
			buf_putc(out, *p);
	}
	buf_putc(out, '\'');
}

static void put_words(const char *const *words, struct buf *out)
{
	for (size_t i = 0; words[i]; i++)
		put_word(words[i], out);
}

/* Everything that we would probe ourselves, by connections, and each asked whether it serves. */
static void make_command(const struct vantage_spec *spec, const struct scan_host *host,
                         struct buf *out)
{
	static const char *const words[] = {"scan", "-sT", "-sV",  "-Pn", "-n",
	                                    "-q",   "-f",  "json", NULL};
	struct address bare = host->target;
	struct port_set tcp;
	struct buf text;

	bare.scope = 0; /* of our own interface */
	port_set_clear(&tcp);
	for (size_t i = 0; i < host->n; i++)
		if (host->ports[i].proto != L4_UDP && host->ports[i].here)
			port_set_add(&tcp, host->ports[i].here);
	put_word(spec->program ? spec->program : "rosaudit", out);
	put_words(words, out);
	if (bare.family == 6)
		put_word("-6", out);
	buf_init(&text, COMMAND_BYTES);
	port_set_format(&tcp, &text);
	put_word("-p", out);
	put_word(buf_str(&text), out);
	buf_clear(&text);
	address_format(&bare, &text);
	put_word(buf_str(&text), out);
	buf_done(&text);
}

/* That machine as a target of src/transport: keys alone, never a router's password. */
static struct target remote_of(const struct target *t, const struct vantage_spec *spec,
                               struct arena *arena)
{
	const char *at = strrchr(spec->ssh, '@');

	return (struct target){
		.name = spec->name,
		.host = at + 1,
		.user = arena_strndup(arena, spec->ssh, (size_t)(at - spec->ssh)),
		.transport = TRANSPORT_SSH,
		.port = spec->port,
		.key = spec->key,
		.agent = !spec->key,
		.host_key = spec->host_key,
		.known_hosts = t->known_hosts,
		.accept_new = t->accept_new,
		.connect_timeout_ms = t->connect_timeout_ms,
		.command_timeout_ms = t->timeout_ms,
		.timeout_ms = t->timeout_ms,
	};
}

static int judge(const struct vantage_spec *spec, const struct answer *a, struct error *err)
{
	const char *program = spec->program ? spec->program : "rosaudit";

	if (a->status == 0)
		return 0;
	if (a->status == 127 || a->status == 126) {
		error_set(err, ERROR_REMOTE, "%s has no %s that can be run", spec->ssh, program);
		return error_hint(err, "program: says where rosaudit is there");
	}
	error_set(err, ERROR_REMOTE, "the scan on %s ended with status %d", spec->ssh, a->status);
	return error_hint(err, "run it there by hand and see what it says");
}

int vantage_ssh(const struct target *t, const struct vantage_spec *spec,
                const struct scan_plan *plan, struct buf *out, struct error *err)
{
	struct session *session = NULL;
	struct answer answer;
	struct target remote;
	struct arena arena;
	struct buf command;
	int result = -1;

	arena_init(&arena);
	answer_init(&answer);
	buf_init(&command, COMMAND_BYTES);
	remote = remote_of(t, spec, &arena);
	make_command(spec, plan->hosts, &command);
	if (command.overflow)
		error_set(err, ERROR_LIMIT, "the list of ports is longer than %d bytes",
		          COMMAND_BYTES);
	else if (transport_ssh.open(&remote, NULL, plan->deadline_ms, &session, err) == 0)
		result = transport_ssh.fetch(session, buf_str(&command), &answer, err) ||
		         judge(spec, &answer, err);
	if (result == 0 && buf_add(out, buf_str(&answer.text), answer.text.n))
		result = error_set(err, ERROR_LIMIT, "the answer of %s is too large", spec->ssh);
	transport_ssh.close(session);
	buf_done(&command);
	answer_done(&answer);
	arena_done(&arena);
	return result ? -1 : 0;
}
