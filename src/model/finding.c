/* Findings: their memory, and the names of severities. */
#include <string.h>

#include "rosaudit/finding.h"
#include "rosaudit/message.h"

static const char *const severity_names[] = {
	[SEVERITY_INFO] = N_("info"),         [SEVERITY_LOW] = N_("low"),
	[SEVERITY_MEDIUM] = N_("medium"),     [SEVERITY_HIGH] = N_("high"),
	[SEVERITY_CRITICAL] = N_("critical"),
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
