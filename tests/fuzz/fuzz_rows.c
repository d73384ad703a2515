/* libFuzzer: any bytes as a router's answer, in every form and by every menu. */
#include <stdint.h>
#include <string.h>

#include "rosaudit/menu.h"
#include "rosaudit/routeros.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Whatever came, the rows must be whole: named cells with values, listings, places. */
static void look_at(const struct rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *row = &rows->v[i];

		if (!row->listing || !row->flags || row->line == 0)
			__builtin_trap();
		for (size_t k = 0; k < row->n; k++)
			if (!row->cells[k].name || !row->cells[k].value || !row->cells[k].near ||
			    row->cells[k].line == 0)
				__builtin_trap();
	}
}

static void read_menu(const struct menu *menu, const char *p, size_t n)
{
	struct error err = {0};
	struct device d;
	struct rows rows;

	device_init(&d);
	if (rows_parse(menu, p, n, "fuzz", &d.arena, &rows, &err) == 0) {
		look_at(&rows);
		menu->take_rows(&rows, "fuzz", &d, &err);
	} else if (err.kind == ERROR_NONE || !err.text[0]) {
		__builtin_trap();
	}
	device_done(&d);
}

static void read_saved(const char *p, size_t n)
{
	struct error err = {0};
	struct device d;

	device_init(&d);
	if (device_read_text(p, n, "fuzz", &d, &err) == 0)
		for (size_t i = 0; i < d.services_n; i++)
			if (!d.services[i].name || d.services[i].port > 65535)
				__builtin_trap();
	device_done(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < MENU_COUNT; i++)
		read_menu(&menus[i], (const char *)data, size);
	read_saved((const char *)data, size);
	return 0;
}
