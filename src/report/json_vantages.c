/* What was seen from elsewhere, in JSON: docs/report.md. */
#include "json.h"
#include "rosaudit/result.h"

static const char *kind_of(const struct vantage_spec *s)
{
	return s->source ? "source" : s->interface ? "interface" : s->scan ? "scan" : "ssh";
}

static const char *by_what(const struct vantage_spec *s)
{
	return s->source ? s->source : s->interface ? s->interface : s->scan ? s->scan : s->ssh;
}

static json_t *vantage_object(const struct vantage *v)
{
	json_t *o = json_object(), *observations = json_array();

	js_put(o, "name", js_text(v->spec->name));
	js_put(o, "kind", json_string(kind_of(v->spec)));
	js_put(o, "by", js_text(by_what(v->spec)));
	js_put(o, "from", v->from_known ? js_address(&v->from) : json_null());
	js_put(o, "error", error_is_set(&v->error) ? js_error(&v->error) : json_null());
	js_put(o, "scan", js_scan(&v->observations));
	for (size_t i = 0; i < v->observations.n; i++)
		js_push(observations, js_observation(&v->observations.v[i]));
	js_put(o, "observations", observations);
	return o;
}

json_t *js_vantages(const struct result *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->vantages_n; i++)
		js_push(list, vantage_object(&r->vantages[i]));
	return list;
}
