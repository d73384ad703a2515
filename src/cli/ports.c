/* `rosaudit ports`: the default set of audits and scans, and what opens each. */
#include <string.h>

#include "cli.h"
#include "rosaudit/report.h"

int command_ports(const struct options *o)
{
	const char *format = o->format ? o->format->name : "text";
	bool json = strcmp(format, "json") == 0;
	struct error err = {0};
	struct buf out;
	int status;

	if (o->args_n)
		error_set(&err, ERROR_USAGE, "`rosaudit ports` takes no operand");
	else if (!json && strcmp(format, "text") != 0)
		error_set(&err, ERROR_USAGE,
		          "ports are listed as text or json; %s is a report of an audit", format);
	if (error_is_set(&err))
		return fail(&err);
	buf_init(&out, 1u << 20);
	if (json)
		report_ports_json(&out);
	else
		report_ports_text(&out);
	status = print_out(&out, &err) ? fail(&err) : 0;
	buf_done(&out);
	return status;
}
