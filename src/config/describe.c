/* The README's reference of keys, from the schema. */
#include "rosaudit/config.h"

#include <string.h>

#include "schema.h"

/* A cell of a markdown table: its bar would end the cell. */
static void add_cell(const char *text, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '|')
			buf_putc(out, '\\');
		buf_putc(out, *text);
	}
}

static void add_row(const struct schema_key *k, struct buf *out)
{
	struct buf expected;

	buf_init(&expected, 512);
	schema_expected(k, &expected);
	buf_printf(out, "| `%s`", k->key);
	if (k->alias)
		buf_printf(out, ", `%s`", k->alias);
	buf_puts(out, " | ");
	schema_places(k->where, out);
	buf_puts(out, " | ");
	add_cell(buf_str(&expected), out);
	buf_puts(out, " | ");
	if (k->initial)
		buf_printf(out, "`%s`", k->initial);
	else if (k->fallback)
		add_cell(k->fallback, out);
	buf_puts(out, " | ");
	add_cell(k->help, out);
	buf_puts(out, " |\n");
	buf_done(&expected);
}

void config_describe(struct buf *out)
{
	buf_puts(out, "| key | where | type | default | meaning |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < KEY_COUNT; i++)
		add_row(&schema[i], out);
}
