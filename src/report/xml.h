/* The one emitter of XML and HTML, over libxml2's writer. Private to src/report.
 *
 * Names of elements and attributes are our own constants; every text may be foreign and raw: it is
 * escaped for people first (control characters, steering ones, broken UTF-8: \xNN and \u{NNNN}, as
 * on a terminal), then for XML. */
#ifndef ROSAUDIT_REPORT_XML_H
#define ROSAUDIT_REPORT_XML_H

#include <stddef.h>

#include "rosaudit/buf.h"

struct xml;

enum xml_kind {
	XML_DOCUMENT, /* XML 1.0 with its declaration, indented */
	XML_HTML,     /* HTML 5 that is also well-formed XML; nothing indented */
};

/* Starts a document that is written to out as it grows. xml_free after xml_finish. */
struct xml *xml_new(enum xml_kind kind, struct buf *out);
void xml_free(struct xml *x);
/* Closes what is open. What did not fit (or memory for it) has set out->overflow. */
void xml_finish(struct xml *x);

void xml_open(struct xml *x, const char *name);
void xml_close(struct xml *x);
/* Of HTML's void elements (meta, input, col): closed in their own tag. */
void xml_close_void(struct xml *x);
/* Of the element that was opened last, before its content; NULL writes no attribute. */
void xml_attr(struct xml *x, const char *name, const char *value);
void xml_attr_number(struct xml *x, const char *name, long long n);
void xml_attr_printf(struct xml *x, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* NULL writes nothing. */
void xml_text(struct xml *x, const char *text);
void xml_text_n(struct xml *x, const char *text, size_t n);
void xml_printf(struct xml *x, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Our own line breaks, which xml_text would make visible. */
void xml_newline(struct xml *x);
/* An element with nothing but text. */
void xml_element(struct xml *x, const char *name, const char *text);
/* Our own constants only: style and script. */
void xml_raw(struct xml *x, const char *constant);

#endif
