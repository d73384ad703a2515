/* Small steps over jansson that the JSON writers share. Private to src/report. */
#ifndef ROSAUDIT_REPORT_JSON_H
#define ROSAUDIT_REPORT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/cause.h"
#include "rosaudit/device.h"
#include "rosaudit/facts.h"
#include "rosaudit/tri.h"

/* Appends value under key and takes the reference. */
void js_put(json_t *object, const char *key, json_t *value);
void js_push(json_t *array, json_t *value);
/* Foreign bytes: what is not UTF-8, and NUL, becomes the four characters \xNN. NULL is null. */
json_t *js_text_n(const char *p, size_t n);
json_t *js_text(const char *s);
/* Does js_text_n keep these bytes as they are? */
bool js_is_utf8_text(const char *p, size_t n);
/* A number, or null when it is below min. */
json_t *js_number(long long n, long long min);
/* true, false, or null for unknown. */
json_t *js_tri(enum tri t);
/* "yes", "no", "unknown". */
json_t *js_word(enum tri t);
/* The line of the configuration that opens a port; null for NULL. */
json_t *js_cause(const struct cause *c);
/* Every listener but those that only an unread menu would tell of; the menus that were not read. */
json_t *js_listeners(const struct listeners *all);
json_t *js_unread(const struct listeners *all);
/* One row of /ip service with the keys of `rosaudit parse`; tri: flags that the router did not say
 * are null, not false. */
json_t *js_service(const struct service *s, bool tri);
/* The matrix, or what of it is asked for (NULL: all); json_exposure.c. */
struct exposure;
struct exposure_ask;
json_t *js_exposure(const struct exposure *e, const struct exposure_ask *ask);
/* What a service told of itself; null for NULL. */
json_t *js_facts(const struct service_facts *f);
/* Parts of the report (json_report.c), and its other vantages (json_vantages.c). */
struct address;
struct error;
struct observation;
struct observations;
struct result;
json_t *js_address(const struct address *a);
json_t *js_error(const struct error *err);
json_t *js_observation(const struct observation *ob);
json_t *js_scan(const struct observations *obs);
json_t *js_vantages(const struct result *r);
/* Writes the document in ASCII with a final newline, and frees it. */
void js_write(json_t *document, struct buf *out);

#endif
