/* The parts of the HTML report. Private to src/report. Everything goes through xml.h's emitter. */
#ifndef ROSAUDIT_REPORT_HTML_H
#define ROSAUDIT_REPORT_HTML_H

#include "rosaudit/result.h"
#include "tally.h"
#include "xml.h"

/* The page's style and script: our own constants, the only ones that its
 * Content-Security-Policy lets in, by these digests (base64 of SHA-256; after a change
 * tests/test_report_html.c says the new one). */
extern const char *const html_style[]; /* lines, up to NULL */
extern const char *const html_script[];
extern const char html_style_sha256[];
extern const char html_script_sha256[];

/* Router × service, three views each; nothing without a service. */
void html_put_matrix(struct xml *x, const struct results *all);
/* A section per router: its facts, its table, its findings. */
void html_put_router(struct xml *x, const struct results *all, size_t i);

/* What each service looks like from each vantage; nothing without vantages. */
void html_put_vantages(struct xml *x, const struct result *r);
/* Who can reach what by which interface; nothing when it is not known. */
void html_put_exposure(struct xml *x, const struct exposure *e);

/* Opens an element that has a class. */
void html_open(struct xml *x, const char *name, const char *class);
/* An element with a class and a text. */
void html_element(struct xml *x, const char *name, const char *class, const char *text);
/* A column's header; sort is "text", "number" or NULL. */
void html_th(struct xml *x, const char *text, const char *class, const char *sort);
/* The name of a router: raw text, freed with buf_done. */
void html_router_name(const struct results *all, size_t i, struct buf *out);
/* The class of an outcome, which is also what the page's filter goes by: "pass", "finding",
 * "unknown", "waived", "none". */
const char *html_kind(enum outcome o);
/* A severity in its colour, with words before and after; each may be NULL. */
void html_badge(struct xml *x, const char *class, const char *text);

#endif
