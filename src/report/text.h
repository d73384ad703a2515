/* The parts of the text report. Private to src/report. */
#ifndef ROSAUDIT_REPORT_TEXT_H
#define ROSAUDIT_REPORT_TEXT_H

#include <stdbool.h>

#include "page.h"
#include "rosaudit/result.h"

/* The table of services and ports; nothing when nothing was compared. */
void text_put_subjects(const struct page *page, const struct result *r);
/* What was seen from elsewhere, service by vantage; nothing without vantages. */
void text_put_vantages(const struct page *page, const struct result *r);
/* The findings, worst first, and a line that counts what is not shown. */
void text_put_findings(const struct page *page, const struct result *r, bool verbose);
/* For those who ask: which line of the configuration is behind each row of the table, and which
 * menus were not read. */
void text_put_causes(const struct page *page, const struct result *r);
/* All routers in a table when there are several, the counts, and the verdict. */
void text_put_summary(const struct page *page, const struct results *results);

#endif
