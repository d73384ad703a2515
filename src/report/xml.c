/* XML and HTML over libxml2's writer: this file alone knows libxml2. */
#include <libxml/xmlwriter.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "rosaudit/arena.h"
#include "rosaudit/text.h"
#include "tally.h"
#include "xml.h"

struct xml {
	xmlTextWriter *writer;
	struct buf *out;
	enum xml_kind kind;
	struct buf scratch; /* a text on its way through text_escape */
};

/* Never an error: libxml2 would print it. A full buffer remembers that it is full. */
static int put_bytes(void *context, const char *p, int n)
{
	buf_add(context, p, (size_t)n);
	return n;
}

struct xml *xml_new(enum xml_kind kind, struct buf *out)
{
	struct xml *x = mem_alloc(sizeof(*x));
	xmlOutputBuffer *bytes = xmlOutputBufferCreateIO(put_bytes, NULL, out, NULL);

	x->kind = kind;
	x->out = out;
	buf_init(&x->scratch, 8u * REPORT_TEXT_BYTES);
	x->writer = bytes ? xmlNewTextWriter(bytes) : NULL;
	if (!x->writer) {
		out->overflow = true;
		return x;
	}
	if (kind == XML_HTML) {
		buf_puts(out, "<!DOCTYPE html>\n");
		return x;
	}
	xmlTextWriterSetIndent(x->writer, 1);
	xmlTextWriterSetIndentString(x->writer, (const xmlChar *)"  ");
	if (xmlTextWriterStartDocument(x->writer, "1.0", "UTF-8", NULL) < 0)
		out->overflow = true;
	return x;
}

void xml_free(struct xml *x)
{
	if (!x)
		return;
	xmlFreeTextWriter(x->writer);
	buf_done(&x->scratch);
	free(x);
}

/* libxml2 answers -1 when memory or the buffer is out; the report is then useless as a whole. */
static void check(struct xml *x, int written)
{
	if (written < 0)
		x->out->overflow = true;
}

void xml_finish(struct xml *x)
{
	if (!x->writer)
		return;
	check(x, xmlTextWriterEndDocument(x->writer));
	check(x, xmlTextWriterFlush(x->writer));
}

void xml_open(struct xml *x, const char *name)
{
	if (x->writer)
		check(x, xmlTextWriterStartElement(x->writer, (const xmlChar *)name));
}

/* libxml2 closes an element without content in its own tag (<td/>), which HTML reads as an opening
 * tag unless the element is void. */
void xml_close(struct xml *x)
{
	if (!x->writer)
		return;
	if (x->kind == XML_HTML)
		check(x, xmlTextWriterFullEndElement(x->writer));
	else
		check(x, xmlTextWriterEndElement(x->writer));
}

void xml_close_void(struct xml *x)
{
	if (x->writer)
		check(x, xmlTextWriterEndElement(x->writer));
}

/* U+FFFE and U+FFFF are proper UTF-8, and no characters of XML. */
static void put_xml_chars(struct buf *out, const char *p, size_t n)
{
	const char *end = p + n, *from = p;

	for (; end - p >= 3; p++) {
		unsigned last = (unsigned char)p[2];

		if (memcmp(p, "\xEF\xBF", 2) != 0 || last < 0xBE)
			continue;
		text_escape(out, from, (size_t)(p - from));
		buf_printf(out, "\\u{FF%02X}", last == 0xBE ? 0xFEu : 0xFFu);
		p += 2;
		from = p + 1;
	}
	text_escape(out, from, (size_t)(end - from));
}

static const xmlChar *clean(struct xml *x, const char *p, size_t n)
{
	buf_clear(&x->scratch);
	put_xml_chars(&x->scratch, p, n);
	if (x->scratch.overflow)
		x->out->overflow = true;
	return (const xmlChar *)buf_str(&x->scratch);
}

void xml_attr(struct xml *x, const char *name, const char *value)
{
	if (x->writer && value)
		check(x, xmlTextWriterWriteAttribute(x->writer, (const xmlChar *)name,
		                                     clean(x, value, strlen(value))));
}

void xml_attr_number(struct xml *x, const char *name, long long n)
{
	xml_attr_printf(x, name, "%lld", n);
}

void xml_attr_printf(struct xml *x, const char *name, const char *fmt, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, REPORT_TEXT_BYTES);
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	xml_attr(x, name, buf_str(&b));
	buf_done(&b);
}

void xml_text_n(struct xml *x, const char *text, size_t n)
{
	if (x->writer && text && n > 0)
		check(x, xmlTextWriterWriteString(x->writer, clean(x, text, n)));
}

void xml_text(struct xml *x, const char *text)
{
	xml_text_n(x, text, text ? strlen(text) : 0);
}

void xml_printf(struct xml *x, const char *fmt, ...)
{
	struct buf b;
	va_list ap;

	buf_init(&b, REPORT_TEXT_BYTES);
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	xml_text(x, buf_str(&b));
	buf_done(&b);
}

void xml_newline(struct xml *x)
{
	xml_raw(x, "\n");
}

void xml_element(struct xml *x, const char *name, const char *text)
{
	xml_open(x, name);
	xml_text(x, text);
	xml_close(x);
}

void xml_raw(struct xml *x, const char *constant)
{
	if (x->writer)
		check(x, xmlTextWriterWriteRaw(x->writer, (const xmlChar *)constant));
}
