/* From findings to steps: what is changed, and what is left out. */
#include <string.h>

#include "remedy_private.h"
#include "rosaudit/catalogue.h"
#include "rosaudit/command.h"

/* The longest: two lists of LIMIT_PREFIXES IPv6 prefixes. */
#define COMMAND_BYTES (1u << 20)

void remedy_init(struct remedy *r)
{
	*r = (struct remedy){0};
	arena_init(&r->arena);
}

void remedy_done(struct remedy *r)
{
	if (r)
		arena_done(&r->arena);
}

struct remedy_change *step_find(struct remedy_step *s, const char *property)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->changes[i].property, property) == 0)
			return &s->changes[i];
	return NULL;
}

/* The order in which a command names them: a service is set up, then turned on. */
static size_t place_in_command(const char *property)
{
	static const char *const order[] = {"port",         "address",     "available-from",
	                                    "certificate",  "tls-version", "vrf",
	                                    "max-sessions", "disabled"};
	size_t i = 0;

	while (i < sizeof(order) / sizeof(order[0]) && strcmp(order[i], property) != 0)
		i++;
	return i;
}

void step_add(struct remedy_step *s, const char *property, const char *value, const char *old,
              const struct finding *why)
{
	size_t i = s->n;

	if (s->n == REMEDY_CHANGES)
		return;
	for (; i > 0 && place_in_command(s->changes[i - 1].property) > place_in_command(property);
	     i--)
		s->changes[i] = s->changes[i - 1];
	s->changes[i] = (struct remedy_change){property, value, old, why};
	s->n++;
}

struct remedy_step *remedy_step_of(const struct remedy *r, const struct service *row)
{
	for (size_t i = 0; i < r->steps_n; i++)
		if (r->steps[i].row == row)
			return &r->steps[i];
	return NULL;
}

static const char *keep(struct remedy *r, struct buf *b)
{
	const char *text = arena_strdup(&r->arena, buf_str(b));

	buf_done(b);
	return text;
}

const char *step_command(struct remedy *r, const struct device *d, const struct remedy_step *s)
{
	struct buf b;

	if (s->feature)
		return s->command;
	buf_init(&b, COMMAND_BYTES);
	buf_puts(&b, "/ip service set ");
	command_service(s->row->name, ros_version_at_least(&d->version, 7, 19), &b);
	for (size_t i = 0; i < s->n; i++)
		if (s->changes[i].value)
			buf_printf(&b, " %s=%s", s->changes[i].property, s->changes[i].value);
	return keep(r, &b);
}

static void leave(struct remedy *r, const struct finding *f, const char *reason,
                  const char *command)
{
	r->left[r->left_n++] = (struct remedy_left){f, reason, command};
}

void remedy_leave(struct remedy *r, const struct remedy_input *in, struct remedy_step *s,
                  struct remedy_change *c, const char *reason)
{
	struct remedy_step alone = {.row = s->row, .changes = {*c}, .n = 1};

	if (c->why)
		leave(r, c->why, reason, step_command(r, in->device, &alone));
	memmove(c, c + 1, (size_t)(s->changes + s->n - c - 1) * sizeof(*c));
	s->n--;
}

static const char *word(struct remedy *r, const char *text)
{
	struct buf b;

	if (!text)
		return NULL;
	buf_init(&b, COMMAND_BYTES);
	command_word(text, &b);
	return keep(r, &b);
}

static const char *old_addresses(struct remedy *r, const struct service *row)
{
	struct buf b;

	if (!row->address_known)
		return NULL;
	if (!row->address_n)
		return "\"\"";
	buf_init(&b, COMMAND_BYTES);
	prefix_set_format(row->address, row->address_n, &b);
	return keep(r, &b);
}

static const char *old_number(struct remedy *r, int n)
{
	return n > 0 ? arena_printf(&r->arena, "%d", n) : NULL;
}

/* What the router declares of a property now; NULL: it did not say. */
static const char *old_value(struct remedy *r, const struct service *row, const char *property)
{
	static const char *const flags[] = {
		[TRI_UNKNOWN] = NULL, [TRI_NO] = "no", [TRI_YES] = "yes"};

	if (strcmp(property, "disabled") == 0)
		return flags[row->disabled];
	if (strcmp(property, "port") == 0)
		return old_number(r, row->port);
	if (strcmp(property, "max-sessions") == 0)
		return old_number(r, row->max_sessions);
	if (strcmp(property, "certificate") == 0)
		return word(r, row->certificate);
	if (strcmp(property, "tls-version") == 0)
		return word(r, row->tls_version);
	if (strcmp(property, "vrf") == 0)
		return word(r, row->vrf);
	return old_addresses(r, row);
}

static void take_change(const struct remedy_input *in, struct remedy *r, const struct finding *f)
{
	const struct change *c = &f->change;
	struct remedy_step *s = remedy_step_of(r, c->row);
	const struct remedy_change *there;

	(void)in;
	if (!s) {
		s = &r->steps[r->steps_n++];
		*s = (struct remedy_step){.row = c->row};
	}
	there = step_find(s, c->property);
	if (!there)
		step_add(s, c->property, c->value, old_value(r, c->row, c->property), f);
	else if (strcmp(there->value, c->value) != 0)
		leave(r, f, "the policy asks for another value of the same property, too", f->mend);
}

/* A tunnel's server, or the manager of the radio links: our own packets may come through it. */
static bool may_carry_us(const struct remedy_input *in, const struct catalogue_row *feature)
{
	return in->target->transport != TRANSPORT_FILE &&
	       (strncmp(feature->menu, "/interface ", 11) == 0 ||
	        strncmp(feature->menu, "/caps-man ", 10) == 0);
}

static void take_feature(const struct remedy_input *in, struct remedy *r, const struct finding *f)
{
	const struct catalogue_row *feature = f->change.feature;

	if (may_carry_us(in, feature)) {
		leave(r, f, "the connection of whoever runs it may come through this very tunnel",
		      feature->off);
		return;
	}
	for (size_t i = 0; i < r->steps_n; i++)
		if (r->steps[i].feature && strcmp(r->steps[i].command, feature->off) == 0)
			return;
	r->steps[r->steps_n++] =
		(struct remedy_step){.feature = feature, .command = feature->off, .why = f};
}

static void take_finding(const struct remedy_input *in, struct remedy *r, const struct finding *f)
{
	bool has_change = f->change.row || f->change.feature;

	if (!f->asked && !has_change)
		return;
	if (f->waived)
		leave(r, f, arena_printf(&r->arena, "waived: %s", f->waiver ? f->waiver : ""),
		      NULL);
	else if (!f->asked && in->target->policy.unlisted != UNLISTED_FAIL)
		leave(r, f, "the policy does not name it, and asks for no change (unlisted: warn)",
		      f->mend);
	else if (f->undecided)
		leave(r, f, "it could not be judged", NULL);
	else if (!has_change)
		leave(r, f,
		      arena_printf(&r->arena,
		                   "no one command is right; `rosaudit explain %s` tells more",
		                   f->rule->id),
		      f->mend);
	else if (f->change.row)
		take_change(in, r, f);
	else
		take_feature(in, r, f);
}

static void drop_empty(struct remedy *r)
{
	size_t kept = 0;

	for (size_t i = 0; i < r->steps_n; i++)
		if (r->steps[i].feature || r->steps[i].n)
			r->steps[kept++] = r->steps[i];
	r->steps_n = kept;
}

/* The way back of a feature, where its menu was read: the property that its command sets. */
static const char *feature_back(struct remedy *r, const struct device *d,
                                const struct catalogue_row *feature)
{
	const struct menu_items *menu = device_menu(d, feature->menu);
	const char *old;

	if (!menu || menu->state != MENU_READ || menu->n != 1)
		return NULL;
	old = item_get(&menu->v[0], feature->property);
	/* REST and scripts say true, `set` is documented with yes. */
	if (item_bool(&menu->v[0], feature->property) != TRI_UNKNOWN)
		old = item_bool(&menu->v[0], feature->property) == TRI_YES ? "yes" : "no";
	return old ? arena_printf(&r->arena, "%s set %s=%s", feature->menu, feature->property,
	                          word(r, old))
	           : NULL;
}

static struct remedy_step turn_back(const struct remedy_input *in, struct remedy *r,
                                    const struct remedy_step *s)
{
	struct remedy_step back = {.row = s->row, .feature = s->feature, .why = s->why};

	if (s->feature)
		back.command = feature_back(r, in->device, s->feature);
	for (size_t i = 0; i < s->n; i++)
		step_add(&back, s->changes[i].property, s->changes[i].old, s->changes[i].value,
		         NULL);
	return back;
}

/* What was done last is taken back first, as far as that is safe. */
static void make_undo(const struct remedy_input *in, struct remedy *r,
                      const struct remedy_step *sorted, size_t n)
{
	struct remedy_step *v = arena_array(&r->arena, r->steps_n + 1, sizeof(*v));
	size_t used = 0;

	for (size_t i = n; i > 0; i--)
		for (size_t j = 0; j < r->steps_n; j++)
			if (!sorted[i - 1].makes_room && r->steps[j].row == sorted[i - 1].row &&
			    r->steps[j].feature == sorted[i - 1].feature)
				v[used++] = turn_back(in, r, &r->steps[j]);
	r->undo = order_steps(&r->arena, v, used, &r->undo_n);
}

void remedy_make(const struct remedy_input *in, struct remedy *out)
{
	const struct findings *f = in->findings;
	struct remedy_step *sorted;
	size_t n;

	out->steps = arena_array(&out->arena, f->n + 1, sizeof(*out->steps));
	/* A step's changes each come from a finding of their own, and are left out once. */
	out->left = arena_array(&out->arena, f->n + 1, sizeof(*out->left));
	for (size_t i = 0; i < f->n; i++)
		take_finding(in, out, &f->v[i]);
	branch_keep(in, out);
	drop_empty(out);
	order_settle(in, out);
	drop_empty(out);
	sorted = order_steps(&out->arena, out->steps, out->steps_n, &n);
	make_undo(in, out, sorted, n);
	out->steps = sorted;
	out->steps_n = n;
}
