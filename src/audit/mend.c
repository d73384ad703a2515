/* The RouterOS command that would mend a finding. Printed for a person, never sent. */
#include <string.h>

#include "audit_private.h"
#include "rosaudit/buf.h"
#include "rosaudit/command.h"

/* A list of LIMIT_PREFIXES IPv6 prefixes takes 180 KiB. */
#define COMMAND_MAX (1u << 20)

static const char *keep(struct audit *a, struct buf *b)
{
	const char *text = arena_strdup(&a->out->arena, buf_str(b));

	buf_done(b);
	return text;
}

const char *mend_quote(struct audit *a, const char *text)
{
	struct buf b;

	buf_init(&b, COMMAND_MAX);
	command_word(text, &b);
	return keep(a, &b);
}

const char *mend_prefixes(struct audit *a, const struct prefix *set, size_t n)
{
	struct buf b;

	if (!n)
		return "\"\"";
	buf_init(&b, COMMAND_MAX);
	prefix_set_format(set, n, &b);
	return keep(a, &b);
}

const char *mend_address_key(const struct audit *a)
{
	return ros_version_at_least(&a->device->version, 7, 24) ? "available-from" : "address";
}

void mend_set(struct audit *a, const struct matter *m, struct finding *f, const char *property,
              const char *value)
{
	const char *name;
	struct buf b;

	if (!m->row || !m->row->name || !service_is_static(m->row))
		return;
	buf_init(&b, COMMAND_MAX);
	command_service(m->row->name, ros_version_at_least(&a->device->version, 7, 19), &b);
	name = keep(a, &b);
	f->mend = arena_printf(&a->out->arena, "/ip service set %s %s=%s", name, property, value);
	f->change = (struct change){.row = m->row, .property = property, .value = value};
	if (target_logs_in_by(a->in->target, m->row->name))
		f->evidence = SAY("%s; mind that this audit logs in through %s", f->evidence,
		                  m->row->name);
}

void mend_off(struct audit *a, const struct matter *m, struct finding *f)
{
	const struct catalogue_row *known = catalogue_find(m->name, m->proto);
	const struct cause *cause = m->opened ? &m->opened->cause : NULL;

	if (m->row && service_is_static(m->row)) {
		mend_set(a, m, f, "disabled", "yes");
		return;
	}
	/* What listens in a container is turned off there, whatever its name. */
	if (!known || !known->off || (m->row && row_is_elsewhere(m->row)) ||
	    (cause && cause->kind == CAUSE_FORWARD)) {
		f->mend = cause ? arena_strdup(&a->out->arena, cause->command) : NULL;
		return;
	}
	f->mend = known->off;
	f->change.feature = known;
}
