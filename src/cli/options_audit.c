/* The values of the options of audits and reports. */
#include <string.h>

#include "cli.h"
#include "rosaudit/report.h"
#include "rosaudit/text.h"

/* The nearest format, or all of them. */
static int hint_formats(const char *name, struct error *err)
{
	const char *names[OUTPUTS_MAX + 1] = {NULL};
	const char *near;
	struct buf all;

	for (size_t i = 0; i < report_formats_n && i < OUTPUTS_MAX; i++)
		names[i] = report_formats[i].name;
	near = text_nearest(name, names);
	buf_init(&all, 4096);
	report_names("and", &all);
	if (near)
		error_hint(err, "did you mean %s? %s are known", near, buf_str(&all));
	else
		error_hint(err, "%s are known", buf_str(&all));
	buf_done(&all);
	return -1;
}

int apply_format(struct options *o, const char *arg, struct error *err)
{
	o->format = report_find(arg);
	if (o->format)
		return 0;
	error_set(err, ERROR_USAGE, "--format %s: no such format", arg);
	return hint_formats(arg, err);
}

int apply_output(struct options *o, const char *arg, struct error *err)
{
	const char *equals = strchr(arg, '=');
	char name[32];
	size_t n = equals ? (size_t)(equals - arg) : 0;

	if (!equals || n == 0 || n >= sizeof(name) || !equals[1])
		return error_set(err, ERROR_USAGE,
		                 "--output %s: write FORMAT=FILE, as in json=r1.json", arg);
	memcpy(name, arg, n);
	name[n] = '\0';
	if (!report_find(name)) {
		error_set(err, ERROR_USAGE, "--output %s: no format \"%s\"", arg, name);
		return hint_formats(name, err);
	}
	if (strcmp(equals + 1, "-") == 0 && o->format)
		return error_set(err, ERROR_USAGE,
		                 "--output %s: standard output is that of %s already", arg,
		                 o->format->name);
	if (strcmp(equals + 1, "-") == 0)
		return apply_format(o, name, err);
	if (o->outputs_n == OUTPUTS_MAX)
		return error_set(err, ERROR_USAGE, "more than %d times --output", OUTPUTS_MAX);
	o->outputs[o->outputs_n++] = (struct output){report_find(name), equals + 1};
	return 0;
}

int apply_path(struct options *o, const char *arg, struct error *err)
{
	if (o->path)
		return error_set(err, ERROR_USAGE, "--output may be given once here");
	if (!arg[0])
		return error_set(err, ERROR_USAGE, "--output needs a value: FILE or FOLDER");
	o->path = arg;
	return 0;
}

int apply_fail_on(struct options *o, const char *arg, struct error *err)
{
	if (strcmp(arg, "never") == 0) {
		o->fail_never = true;
		return 0;
	}
	if (!severity_parse(arg, &o->fail_on))
		return error_set(
			err, ERROR_USAGE,
			"--fail-on %s: expected info, low, medium, high, critical or never", arg);
	return 0;
}

int apply_jobs(struct options *o, const char *arg, struct error *err)
{
	unsigned long n;

	if (!text_to_uint(arg, strlen(arg), 1, 256, &n))
		return error_set(err, ERROR_USAGE, "--jobs %s: expected a number from 1 to 256",
		                 arg);
	o->jobs = (unsigned)n;
	return 0;
}

int apply_pace(struct options *o, const char *arg, struct error *err)
{
	static const char *const names[] = {"auto", "careful", "full"};

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(arg, names[i]) == 0) {
			o->pace = (enum pace_wish)i;
			o->pace_given = true;
			return 0;
		}
	}
	return error_set(err, ERROR_USAGE, "--pace %s: expected auto, careful or full", arg);
}

int apply_colour(struct options *o, const char *arg, struct error *err)
{
	static const char *const names[] = {"auto", "always", "never"};

	for (size_t i = 0; i < 3; i++) {
		if (strcmp(arg, names[i]) == 0) {
			o->colour = (enum colour_mode)i;
			return 0;
		}
	}
	return error_set(err, ERROR_USAGE, "--color %s: expected auto, always or never", arg);
}

/* "10", "10s", "500ms", "2m", as in the policy file. */
int option_time(const char *name, const char *arg, long *ms, struct error *err)
{
	static const struct {
		const char *unit;
		unsigned long ms;
	} units[] = {{"", 1000}, {"s", 1000}, {"ms", 1}, {"m", 60000}};
	size_t digits = strspn(arg, "0123456789");
	unsigned long v;

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (strcmp(arg + digits, units[i].unit) != 0 ||
		    !text_to_uint(arg, digits, 1, 86400000ul / units[i].ms, &v))
			continue;
		*ms = (long)(v * units[i].ms);
		return 0;
	}
	return error_set(err, ERROR_USAGE, "--%s %s: expected a time such as 10s, 500ms or 2m",
	                 name, arg);
}

int apply_timeout(struct options *o, const char *arg, struct error *err)
{
	return option_time("timeout", arg, &o->timeout_ms, err);
}

int apply_connect_timeout(struct options *o, const char *arg, struct error *err)
{
	return option_time("connect-timeout", arg, &o->connect_timeout_ms, err);
}

int apply_command_timeout(struct options *o, const char *arg, struct error *err)
{
	return option_time("command-timeout", arg, &o->command_timeout_ms, err);
}
