/* The values of scan's options. */
#include <string.h>

#include "cli.h"
#include "rosaudit/text.h"

/* No link that this machine has takes more packets a second. */
#define RATE_MAX 100000000ul

static int number(const char *name, const char *arg, unsigned long min, unsigned long max,
                  unsigned *out, struct error *err)
{
	unsigned long n = 0;

	if (!text_to_uint(arg, strlen(arg), min, max, &n))
		return error_set(err, ERROR_USAGE, "--%s %s: expected a number from %lu to %lu",
		                 name, arg, min, max);
	*out = (unsigned)n;
	return 0;
}

int apply_max_retries(struct options *o, const char *arg, struct error *err)
{
	unsigned n = 0;

	if (number("max-retries", arg, 0, 50, &n, err))
		return -1;
	o->scan.passes = n + 1;
	return 0;
}

int apply_host_timeout(struct options *o, const char *arg, struct error *err)
{
	return option_time("host-timeout", arg, &o->scan.host_timeout_ms, err);
}

int apply_min_rate(struct options *o, const char *arg, struct error *err)
{
	return number("min-rate", arg, 1, RATE_MAX, &o->scan.min_rate, err);
}

int apply_max_rate(struct options *o, const char *arg, struct error *err)
{
	return number("max-rate", arg, 1, RATE_MAX, &o->scan.max_rate, err);
}

int apply_rate(struct options *o, const char *arg, struct error *err)
{
	if (number("rate", arg, 0, RATE_MAX, &o->scan.min_rate, err))
		return -1;
	o->scan.max_rate = o->scan.min_rate;
	return 0;
}

/* nmap takes the templates' names as well. */
int apply_timing(struct options *o, const char *arg, struct error *err)
{
	static const char *const names[] = {"paranoid", "sneaky",     "polite",
	                                    "normal",   "aggressive", "insane"};

	for (int i = 0; i < 6; i++) {
		if ((arg[0] == '0' + i && !arg[1]) || strcmp(arg, names[i]) == 0) {
			o->scan.timing = i;
			return 0;
		}
	}
	return error_set(err, ERROR_USAGE, "-T%s: expected a number from 0 to 5", arg);
}

int apply_stats_every(struct options *o, const char *arg, struct error *err)
{
	return option_time("stats-every", arg, &o->scan.stats_every_ms, err);
}

int apply_scanner(struct options *o, const char *arg, struct error *err)
{
	if (strcmp(arg, "rosaudit") != 0 && strcmp(arg, "nmap") != 0)
		return error_set(err, ERROR_USAGE, "--scanner %s: expected rosaudit or nmap", arg);
	o->scanner = strcmp(arg, "nmap") == 0 ? arg : NULL;
	return 0;
}
