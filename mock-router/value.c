/* Values of the console's script language. */
#include "value.h"

#include <stdlib.h>
#include <string.h>

struct value value_text(const char *s)
{
	return (struct value){.kind = VALUE_TEXT, .text = mem_copy(s)};
}

struct value value_copy(const struct value *v)
{
	struct value copy = {.kind = v->kind};

	if (v->text != NULL)
		copy.text = mem_copy(v->text);
	for (size_t i = 0; i < v->n; i++)
		value_push(&copy, v->item[i].key, value_copy(&v->item[i]));
	return copy;
}

void value_done(struct value *v)
{
	for (size_t i = 0; i < v->n; i++)
		value_done(&v->item[i]);
	free(v->item);
	free(v->text);
	free(v->key);
	*v = (struct value){0};
}

void value_push(struct value *v, const char *key, struct value item)
{
	v->kind = VALUE_LIST;
	/* Doubling: find gives 100,000 ids. */
	if ((v->n & (v->n - 1)) == 0) {
		struct value *grown = mem_zero(v->n == 0 ? 1 : v->n * 2, sizeof(*grown));

		if (v->n > 0)
			memcpy(grown, v->item, v->n * sizeof(*grown));
		free(v->item);
		v->item = grown;
	}
	free(item.key);
	item.key = key == NULL ? NULL : mem_copy(key);
	v->item[v->n++] = item;
}

const struct value *value_at(const struct value *v, const char *key)
{
	for (size_t i = 0; i < v->n; i++)
		if (v->item[i].key != NULL && strcmp(v->item[i].key, key) == 0)
			return &v->item[i];
	return NULL;
}

void value_show(const struct value *v, struct text *out)
{
	if (v->kind == VALUE_TEXT)
		text_add(out, v->text);
	for (size_t i = 0; i < v->n; i++) {
		if (i > 0)
			text_add(out, ";");
		if (v->item[i].key != NULL)
			text_addf(out, "%s=", v->item[i].key);
		value_show(&v->item[i], out);
	}
}
