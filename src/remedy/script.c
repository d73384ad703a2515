/* The script, the way back, and the summary. What comes from the router or the policy goes through
 * command_word or command_comment. English and US-ASCII: a router reads it. */
#include <string.h>

#include "remedy_private.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/command.h"
#include "rosaudit/text.h"
#include "rosaudit/version.h"

/* A whole line, whatever is in it. */
static void comment(struct buf *out, const char *text)
{
	buf_puts(out, "# ");
	command_comment(text, out);
	buf_putc(out, '\n');
}

static const char *name_of(const struct remedy_input *in)
{
	return in->target->name ? in->target->name : "router";
}

static void write_doubt(const struct remedy_input *in, struct buf *out)
{
	if (in->device->version.major)
		return;
	comment(out,
	        "The version is not known: from RouterOS 7.19 on a listener may bear the name of");
	comment(out,
	        "a service as well, and `set` refuse it; then write [find name=NAME dynamic=no].");
}

/* The first command ends an import on another router. A terminal that the script is pasted into
 * goes on with the next line all the same: the comment says so. */
static void write_guard(const struct remedy_input *in, struct buf *out)
{
	const char *identity = in->device->identity;

	if (!identity) {
		comment(out,
		        "The router did not tell its identity: nothing below checks that this is "
		        "the right one.");
		return;
	}
	comment(out, "On another router /import stops at the next line; pasted lines do not stop.");
	buf_puts(out, ":if ([/system identity get name] != ");
	command_string(identity, out);
	buf_puts(out, ") do={:error \"this script is for another router\"}\n");
}

static void write_head(const struct remedy_input *in, struct remedy *r, const char *what,
                       struct buf *out)
{
	const struct device *d = in->device;

	comment(out,
	        arena_printf(&r->arena, "rosaudit " ROSAUDIT_VERSION ": %s %s", what, name_of(in)));
	comment(out, arena_printf(&r->arena, "RouterOS %s, identity %s, read %s",
	                          d->version_text ? d->version_text : "(unknown)",
	                          d->identity ? d->identity : "(unknown)", in->made));
	comment(out,
	        "Read it before it runs. In a terminal, Ctrl-X (safe mode) before it takes back");
	comment(out, "what it did if the session breaks.");
}

static const char *place(struct remedy *r, const struct finding *f)
{
	if (!f->origin.file)
		return "";
	return arena_printf(&r->arena, " (%s:%zu)", f->origin.file, f->origin.line);
}

static const char *subject(struct remedy *r, const struct finding *f)
{
	/* dns listens on 53/tcp and on 53/udp: one line each, and not the same. */
	if (f->service && f->proto == L4_UDP && f->port > 0)
		return arena_printf(&r->arena, "%s %d/udp", f->service, f->port);
	if (f->service)
		return f->service;
	return f->port > 0 ? arena_printf(&r->arena, "port %d", f->port) : "router";
}

/* "RA104 winbox: expected within 192.0.2.0/24, declared unrestricted (router.yaml:12)" */
static const char *say_finding(struct remedy *r, const struct finding *f)
{
	return arena_printf(&r->arena, "%s %s: expected %s, declared %s%s", f->rule->id,
	                    subject(r, f), f->expected ? f->expected : "not at all",
	                    f->declared ? f->declared : "-", place(r, f));
}

static void write_step(const struct remedy_input *in, struct remedy *r, const struct remedy_step *s,
                       struct buf *out)
{
	buf_putc(out, '\n');
	if (s->makes_room)
		comment(out, "off for a moment: another service takes its port");
	if (s->feature && s->why)
		comment(out, say_finding(r, s->why));
	for (size_t i = 0; i < s->n; i++)
		if (s->changes[i].why)
			comment(out, say_finding(r, s->changes[i].why));
	if (s->way)
		comment(out, s->way);
	buf_puts(out, step_command(r, in->device, s));
	buf_putc(out, '\n');
}

static void write_left(struct remedy *r, const struct remedy_left *l, struct buf *out)
{
	buf_putc(out, '\n');
	comment(out, arena_printf(&r->arena, "left out: %s", say_finding(r, l->finding)));
	comment(out, arena_printf(&r->arena, "  %s", l->reason));
	if (l->command)
		comment(out, arena_printf(&r->arena, "  by hand: %s", l->command));
}

/* What the reader may come through while it runs. */
static void write_ways(const struct remedy_input *in, struct remedy *r, struct buf *out)
{
	const char *ways = branch_ways(in, r);

	if (in->target->transport == TRANSPORT_FILE)
		comment(out, "Made from a saved output: it is not known through which service you "
		             "come.");
	if (*ways)
		comment(out,
		        arena_printf(&r->arena,
		                     "It does not shut these, so run it through one of them: %s",
		                     ways));
}

void remedy_script(const struct remedy_input *in, const struct remedy *r, struct buf *out)
{
	/* Texts made on the way live as long as the plan does. */
	struct remedy scratch = *r;

	arena_init(&scratch.arena);
	write_head(in, &scratch, "brings to its policy the router", out);
	if (r->steps_n) {
		write_ways(in, &scratch, out);
		write_doubt(in, out);
		buf_putc(out, '\n');
		write_guard(in, out);
	} else {
		buf_putc(out, '\n');
		comment(out, r->left_n ? "No command: what differs is left out, with the reason."
		                       : "Nothing to change.");
	}
	for (size_t i = 0; i < r->steps_n; i++)
		write_step(in, &scratch, &r->steps[i], out);
	for (size_t i = 0; i < r->left_n; i++)
		write_left(&scratch, &r->left[i], out);
	arena_done(&scratch.arena);
}

static bool sets_anything(const struct remedy_step *s)
{
	if (s->feature)
		return s->command != NULL;
	for (size_t i = 0; i < s->n; i++)
		if (s->changes[i].value)
			return true;
	return false;
}

static void write_undo_step(const struct remedy_input *in, struct remedy *r,
                            const struct remedy_step *s, struct buf *out)
{
	buf_putc(out, '\n');
	if (s->makes_room)
		comment(out, "off for a moment: another service takes its port");
	if (s->feature && !s->command)
		comment(out,
		        arena_printf(&r->arena, "not undone: %s; what it was before was not read",
		                     s->feature->off));
	for (size_t i = 0; i < s->n; i++)
		if (!s->changes[i].value)
			comment(out,
			        arena_printf(&r->arena,
			                     "not undone: %s of %s; the router did not say what "
			                     "it was",
			                     s->changes[i].property, s->row->name));
	if (!sets_anything(s))
		return;
	buf_puts(out, step_command(r, in->device, s));
	buf_putc(out, '\n');
}

void remedy_undo_script(const struct remedy_input *in, const struct remedy *r, struct buf *out)
{
	struct remedy scratch = *r;

	arena_init(&scratch.arena);
	write_head(in, &scratch, "sets back what the plan changes on the router", out);
	buf_putc(out, '\n');
	if (r->undo_n)
		write_guard(in, out);
	else
		comment(out, "Nothing to set back.");
	for (size_t i = 0; i < r->undo_n; i++)
		write_undo_step(in, &scratch, &r->undo[i], out);
	arena_done(&scratch.arena);
}

void remedy_summary(const struct remedy_input *in, const struct remedy *r, struct buf *out)
{
	struct remedy scratch = *r;

	arena_init(&scratch.arena);
	text_escape_str(out, name_of(in));
	buf_printf(out, ": %zu command%s, %zu left out\n", r->steps_n, r->steps_n == 1 ? "" : "s",
	           r->left_n);
	for (size_t i = 0; i < r->left_n; i++) {
		const struct remedy_left *l = &r->left[i];

		buf_printf(out, "  left out: %s ", l->finding->rule->id);
		text_escape_str(out, subject(&scratch, l->finding));
		buf_puts(out, ": ");
		text_escape_str(out, l->reason);
		buf_putc(out, '\n');
	}
	arena_done(&scratch.arena);
}
