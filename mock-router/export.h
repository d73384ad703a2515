/* /ip service export. */
#ifndef MOCK_EXPORT_H
#define MOCK_EXPORT_H

#include "scenario.h"
#include "text.h"

/* With the comment lines that name version and time. */
void export_services(const struct scenario *s, bool verbose, struct text *out);

#endif
