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
	{
		.name = "junit",
		.extension = "xml",
		.help = "a test suite per router, for CI servers",
		.write = report_junit_write,
	},
	{
		.name = "sarif",
		.extension = "sarif",
		.help = "SARIF 2.1.0, for code scanning and security dashboards",
		.write = report_sarif_write,
	},
	{
		.name = "csv",
		.extension = "csv",
		.help = "a line per finding, for spreadsheets",
		.write = report_csv_write,
	},
	{
		.name = "markdown",
		.extension = "md",
		.help = "tables for a ticket or a merge request",
		.write = report_markdown_write,
	},
	{
		.name = "prometheus",
		.extension = "prom",
		.help = "metrics for node exporter's textfile collector",
		.write = report_prometheus_write,
	},
	{
		.name = "nagios",
		.extension = "txt",
		.help = "one line with performance data; on stdout, exit statuses of a plugin",
		.write = report_nagios_write,
		.status = report_nagios_status,
	},
	{
		.name = "html",
		.extension = "html",
		.help = "one self-contained page, for people who were not there",
		.write = report_html_write,
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

void report_names(const char *last, struct buf *out)
{
	for (size_t i = 0; i < report_formats_n; i++) {
		if (i > 0 && i + 1 == report_formats_n)
			buf_printf(out, " %s ", last);
		else if (i > 0)
			buf_puts(out, ", ");
		buf_puts(out, report_formats[i].name);
	}
}
