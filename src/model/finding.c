/* Findings: their memory, and the names of severities. */
#include <string.h>

#include "rosaudit/finding.h"

static const char *const severity_names[] = {
	[SEVERITY_INFO] = "info", [SEVERITY_LOW] = "low",           [SEVERITY_MEDIUM] = "medium",
	[SEVERITY_HIGH] = "high", [SEVERITY_CRITICAL] = "critical",
};

#define SEVERITIES (sizeof(severity_names) / sizeof(severity_names[0]))

const char *severity_name(enum severity s)
{
	return severity_names[s];
}

bool severity_parse(const char *s, enum severity *out)
{
	for (size_t i = 0; i < SEVERITIES; i++) {
		if (strcmp(s, severity_names[i]) == 0) {
			*out = (enum severity)i;
			return true;
		}
	}
	return false;
}

void findings_init(struct findings *f)
{
	*f = (struct findings){0};
	arena_init(&f->arena);
}

void findings_done(struct findings *f)
{
	if (!f)
		return;
	arena_done(&f->arena);
	*f = (struct findings){0};
}
