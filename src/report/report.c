/* The report formats, one row each. */
#include <string.h>

#include "formats.h"

const struct report_format report_formats[] = {
	{
		.name = "text",
		.extension = "txt",
		.help = "a table per router and its findings, for people",
		.write = report_text_write,
	},
	{
		.name = "json",
		.extension = "json",
		.help = "everything that is known, versioned, for programs (docs/report.md)",
		.write = report_json_write,
	},
};

const size_t report_formats_n = sizeof(report_formats) / sizeof(report_formats[0]);

const struct report_format *report_find(const char *name)
{
	for (size_t i = 0; i < report_formats_n; i++)
		if (strcmp(report_formats[i].name, name) == 0)
			return &report_formats[i];
	return NULL;
}
