/* A report as a string, for the tests of the formats. */
#ifndef ROSAUDIT_TESTS_REPORT_TEXT_H
#define ROSAUDIT_TESTS_REPORT_TEXT_H

#include "rosaudit/result.h"

/* Heap; the test fails when the format is not there or the report did not fit. */
char *report_text(const char *format, const struct results *results);
/* The same of a named sample. */
char *report_text_of(const char *format, const char *sample);

#endif
