/* The keys of a policy for people: a list on a terminal, and rosaudit-policy(5). */
#include <string.h>

#include "rosaudit/config.h"
#include "rosaudit/roff.h"
#include "rosaudit/text.h"
#include "schema.h"

static void add_default(const struct schema_key *k, struct buf *out)
{
	if (k->initial)
		buf_printf(out, "; default %s", k->initial);
	else if (k->fallback)
		buf_printf(out, "; without it: %s", k->fallback);
}

/* "in defaults, router: a number from 1 to 65535; default 22" */
static void say_key(const struct schema_key *k, struct buf *out)
{
	buf_puts(out, "in ");
	schema_places(k->where, out);
	buf_puts(out, ": ");
	schema_expected(k, out);
	add_default(k, out);
}

void config_describe_text(struct buf *out, size_t width)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		const struct schema_key *k = &schema[i];
		struct buf said;

		buf_init(&said, 4096);
		say_key(k, &said);
		buf_printf(out, "%s%s%s%s\n", i ? "\n" : "", k->key, k->alias ? ", " : "",
		           k->alias ? k->alias : "");
		text_wrap(out, k->help, width, 4, true);
		buf_putc(out, '\n');
		text_wrap(out, buf_str(&said), width, 4, true);
		buf_putc(out, '\n');
		buf_done(&said);
	}
}

static void manual_key(const struct schema_key *k, struct buf *out)
{
	struct buf said;

	buf_init(&said, 4096);
	say_key(k, &said);
	roff_item(out);
	roff_font(out, 'B', k->key);
	if (k->alias) {
		buf_puts(out, ", ");
		roff_font(out, 'B', k->alias);
	}
	buf_putc(out, '\n');
	roff_text(out, k->help);
	buf_puts(out, ".\n.br\n(");
	roff_text(out, buf_str(&said));
	buf_puts(out, ")\n");
	buf_done(&said);
}

static const char example[] =
	"router:\n"
	"  name: r1\n"
	"  host: 192.168.88.1\n"
	"  user: audit\n"
	"  password: {env: R1_PASSWORD}\n"
	"  profile: tp\n"
	"  services:\n"
	"    telnet: forbidden\n"
	"    winbox:\n"
	"      disabled: no\n"
	"      address: [192.168.88.0/24, \"2001:db8::/64\"]\n"
	"      reachable: yes\n"
	"  ports:\n"
	"    2000/tcp: forbidden\n"
	"  waivers:\n"
	"    - {rule: RA201, service: api, reason: old NMS, expires: 2027-01-31}\n";

void config_manual(struct buf *out)
{
	roff_page(out, "ROSAUDIT\\-POLICY", "5", "File Formats");
	roff_section(out, "NAME");
	buf_puts(out, "rosaudit\\-policy \\- what is expected of a MikroTik router\n");
	roff_section(out, "DESCRIPTION");
	roff_text(out, "A policy is a YAML file that says how rosaudit(1) reaches one router or "
	               "many, and what is expected of their services and ports.");
	buf_putc(out, '\n');
	roff_paragraph(out, "Keys of a service are RouterOS's own property names. A key that is "
	                    "absent is not compared. An IPv6 address is written in quotes: a colon "
	                    "means something to YAML.");
	roff_paragraph(out,
	               "A profile is the part of a policy that several routers share: extends: "
	               "or profile: names it, and what the policy says lies over it.");
	roff_section(out, "KEYS");
	for (size_t i = 0; i < KEY_COUNT; i++)
		manual_key(&schema[i], out);
	roff_section(out, "EXAMPLES");
	roff_example(out, example);
	roff_section(out, "SEE ALSO");
	buf_puts(out, ".BR rosaudit (1)\n");
}
