/* Readers of secrets' sources and of fingerprints. Nothing here ever quotes a value. */
#include "values.h"

#include <string.h>

#include "rosaudit/limits.h"

#define FORMS                                                                                      \
	"write {env: NAME}, {file: PATH}, {command: COMMAND}, {prompt: yes} or {literal: TEXT}; "  \
	"\"\" is the empty password of a fresh router"

/* One of the five forms: the one key of the mapping, read by its own row. */
static int read_form(const struct reading *r, const struct schema_key *k, const struct node *n,
                     struct secret_spec *spec)
{
	struct reading inner = *r;

	if (n->n != 1)
		return reading_fault(r, n, FORMS, "\"%s\" in %s takes exactly one source", k->key,
		                     r->place);
	inner.secret = true;
	inner.place = arena_printf(r->arena, "\"%s\" of %s", k->key, r->place);
	return read_keys(&inner, PLACE_SECRET, n, spec);
}

int value_read_secret(const struct reading *r, const struct schema_key *k, const struct node *n,
                      void *base)
{
	struct secret_spec *spec = (struct secret_spec *)((char *)base + k->offset);
	struct reading hidden = *r;

	hidden.secret = true;
	if (n->kind == NODE_MAPPING)
		return read_form(r, k, n, spec);
	if (n->kind == NODE_SCALAR && n->quoted && n->n == 0) {
		*spec = (struct secret_spec){.source = SECRET_EMPTY};
		return 0;
	}
	if (n->kind == NODE_SCALAR && !node_is_null(n))
		return reading_fault(
			&hidden, n, FORMS,
			"\"%s\" in %s must say where the secret comes from; a bare text is "
			"not taken",
			k->key, r->place);
	return reading_wrong(&hidden, k, n, NULL);
}

int value_read_secret_text(const struct reading *r, const struct schema_key *k,
                           const struct node *n, void *base)
{
	struct secret_spec *spec = base;
	enum secret_source source = (enum secret_source)k->min;
	bool is_literal = source == SECRET_LITERAL;

	if (is_literal && n->kind == NODE_SCALAR && n->quoted && n->n == 0) {
		*spec = (struct secret_spec){.source = SECRET_EMPTY};
		return 0;
	}
	if (n->kind != NODE_SCALAR || node_is_null(n) || n->n == 0)
		return reading_wrong(r, k, n, NULL);
	if (n->n > LIMIT_SECRET_BYTES)
		return reading_fault(r, n, NULL, "\"%s\" in %s is longer than 4096 bytes", k->key,
		                     r->place);
	if (source == SECRET_ENV && strpbrk(n->text, "=$ \t\n"))
		return reading_fault(
			r, n, NULL,
			"\"env\" in %s is the name of a variable, without $ and =", r->place);
	*spec = (struct secret_spec){.source = source, .text = n->text};
	return 0;
}

int value_read_secret_path(const struct reading *r, const struct schema_key *k,
                           const struct node *n, void *base)
{
	const char *text = value_text(r, k, n);

	if (!text)
		return -1;
	*(struct secret_spec *)base = (struct secret_spec){
		.source = SECRET_FILE, .text = path_join(r->arena, r->file, text)};
	return 0;
}

int value_read_secret_prompt(const struct reading *r, const struct schema_key *k,
                             const struct node *n, void *base)
{
	if (value_bool(n) != 1)
		return reading_wrong(r, k, n, NULL);
	/* Where it is written tells which routers share it: targets_share_prompts. */
	*(struct secret_spec *)base = (struct secret_spec){
		.source = SECRET_PROMPT,
		.text = arena_printf(r->arena, "%s:%zu:%zu", r->file, n->line, n->column)};
	return 0;
}

/* Bytes of 32 bytes in base64 without padding; the last character carries four bits only. */
#define SHA256_BASE64 43u

/* Is s the base64 of 32 bytes, padded or not? */
static bool is_sha256_base64(const char *s)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = strspn(s, digits);

	if (n != SHA256_BASE64 || (s[n] != '\0' && strcmp(s + n, "=") != 0))
		return false;
	return (strchr(digits, s[n - 1]) - digits) % 4 == 0;
}

/* The base64 behind a known beginning, or NULL. */
static const char *fingerprint_digits(const char *text, const char *start)
{
	size_t n = strlen(start);

	if (strncmp(text, start, n) != 0 || !is_sha256_base64(text + n))
		return NULL;
	return text + n;
}

int value_read_host_key(const struct reading *r, const struct schema_key *k, const struct node *n,
                        void *base)
{
	const char *digits = n->kind == NODE_SCALAR ? fingerprint_digits(n->text, "SHA256:") : NULL;

	if (!digits)
		return reading_wrong(
			r, k, n,
			"ssh-keyscan HOST | ssh-keygen -lf - prints it; compare it with "
			"the router's own console");
	value_store_text(k, base,
	                 arena_printf(r->arena, "SHA256:%.*s", (int)SHA256_BASE64, digits));
	return 0;
}

/* Kept in curl's form, whatever was written. */
int value_read_pin(const struct reading *r, const struct schema_key *k, const struct node *n,
                   void *base)
{
	const char *digits = NULL;

	if (n->kind == NODE_SCALAR)
		digits = fingerprint_digits(n->text, "sha256//");
	if (n->kind == NODE_SCALAR && !digits)
		digits = fingerprint_digits(n->text, "SHA256:");
	if (!digits)
		return reading_wrong(r, k, n, NULL);
	value_store_text(k, base,
	                 arena_printf(r->arena, "sha256//%.*s=", (int)SHA256_BASE64, digits));
	return 0;
}
