/* The writers behind report_formats[]. Private to src/report. */
#ifndef ROSAUDIT_REPORT_FORMATS_H
#define ROSAUDIT_REPORT_FORMATS_H

#include "rosaudit/report.h"

void report_text_write(const struct results *results, const struct report_options *opt,
                       struct buf *out);
void report_json_write(const struct results *results, const struct report_options *opt,
                       struct buf *out);

#endif
