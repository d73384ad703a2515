/* The writers behind report_formats[]. Private to src/report. */
#ifndef ROSAUDIT_REPORT_FORMATS_H
#define ROSAUDIT_REPORT_FORMATS_H

#include "rosaudit/report.h"

void report_text_write(const struct results *results, const struct report_options *opt,
                       struct buf *out);
void report_json_write(const struct results *results, const struct report_options *opt,
                       struct buf *out);
void report_junit_write(const struct results *results, const struct report_options *opt,
                        struct buf *out);
void report_sarif_write(const struct results *results, const struct report_options *opt,
                        struct buf *out);
void report_csv_write(const struct results *results, const struct report_options *opt,
                      struct buf *out);
void report_markdown_write(const struct results *results, const struct report_options *opt,
                           struct buf *out);
void report_prometheus_write(const struct results *results, const struct report_options *opt,
                             struct buf *out);
void report_nagios_write(const struct results *results, const struct report_options *opt,
                         struct buf *out);
int report_nagios_status(const struct results *results);
void report_html_write(const struct results *results, const struct report_options *opt,
                       struct buf *out);

#endif
