/* `rosaudit explain [RULE…]`: what a finding means to someone who sees it for the first time. */
#include "cli.h"
#include "rosaudit/audit.h"
#include "rosaudit/message.h"
#include "rosaudit/text.h"

#define EXPLAIN_COLUMNS 80

static void explain_part(const char *label, const char *text, struct buf *out)
{
	buf_printf(out, "\n%s\n", label);
	text_wrap(out, text, EXPLAIN_COLUMNS, 2, true);
	buf_putc(out, '\n');
}

static void explain_rule(const struct rule_info *rule, struct buf *out)
{
	buf_printf(out, "%s  %s (%s)\n", rule->id, _(rule->title),
	           _(severity_name(rule->severity)));
	explain_part(_("What it means"), _(rule->meaning), out);
	explain_part(_("Why it matters"), _(rule->why), out);
	explain_part(_("How to mend it"), _(rule->mend), out);
	explain_part(_("Source"), rule->source, out);
}

static void list_rules(struct buf *out)
{
	for (size_t i = 0; i < audit_rules_n; i++) {
		const char *severity = _(severity_name(audit_rules[i]->severity));
		size_t width = text_width(severity);

		buf_printf(out, "%s  %s", audit_rules[i]->id, severity);
		buf_pad(out, ' ', width < 8 ? 8 - width : 0);
		buf_printf(out, "  %s\n", _(audit_rules[i]->title));
	}
}

int command_explain(const struct options *o)
{
	struct error err = {0};
	struct buf out;
	int status = 0;

	buf_init(&out, 1u << 20);
	if (o->args_n == 0)
		list_rules(&out);
	for (size_t i = 0; i < o->args_n; i++) {
		const struct rule_info *rule = audit_rule_find(o->args[i]);

		if (!rule) {
			error_set(&err, ERROR_USAGE,
			          "there is no rule %s; rosaudit explain lists them all",
			          o->args[i]);
			break;
		}
		if (i)
			buf_putc(&out, '\n');
		explain_rule(rule, &out);
	}
	if (error_is_set(&err) || print_out(&out, &err))
		status = fail(&err);
	buf_done(&out);
	return status;
}
