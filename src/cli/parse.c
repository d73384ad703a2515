/* `rosaudit parse FILE|-`: what a saved output says, row by row. */
#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "rosaudit/report.h"
#include "rosaudit/routeros.h"
#include "rosaudit/text.h"

static void print_warnings(const struct device *d)
{
	for (size_t i = 0; i < d->notes_n; i++) {
		struct buf line;

		buf_init(&line, 65536);
		text_escape_str(&line, d->notes[i].read);
		fprintf(stderr, "rosaudit: warning: %s\n", buf_str(&line));
		buf_done(&line);
	}
}

static bool lists_services(const struct report_format *f)
{
	return strcmp(f->name, "text") == 0 || strcmp(f->name, "json") == 0;
}

static int print_services(const struct options *o, const struct device *d)
{
	struct error err = {0};
	struct buf out;
	int status;

	buf_init(&out, 256u << 20);
	if (o->format && strcmp(o->format->name, "json") == 0)
		report_services_json(d, &out);
	else
		report_services_text(d, &out);
	status = print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}

int command_parse(const struct options *o)
{
	struct error err = {0};
	struct device device;
	struct buf text;
	const char *where;
	int status;

	if (o->format && !lists_services(o->format)) {
		error_set(&err, ERROR_USAGE,
		          "parse lists rows as text or json; %s is a report of an audit",
		          o->format->name);
		return fail(&err);
	}
	if (o->args_n != 1) {
		error_set(&err, ERROR_USAGE,
		          "parse takes one file, or - for standard input: rosaudit parse FILE|-");
		return fail(&err);
	}
	where = strcmp(o->args[0], "-") == 0 ? "standard input" : o->args[0];
	device_init(&device);
	buf_init(&text, LIMIT_FILE_BYTES);
	if (file_read(o->args[0], &text, &err)) {
		fail(&err);
		status = 2;
	} else if (services_parse_text(buf_str(&text), text.n, where, &device, &err)) {
		status = fail(&err);
	} else {
		if (!o->quiet)
			print_warnings(&device);
		status = print_services(o, &device);
	}
	buf_done(&text);
	device_done(&device);
	return status;
}
