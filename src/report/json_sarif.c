/* SARIF 2.1.0 (OASIS): one run, every rule declared, a result per finding. The section numbers are
 * those of the standard. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "formats.h"
#include "json.h"
#include "rosaudit/arena.h"
#include "rosaudit/version.h"
#include "tally.h"

#define SCHEMA_URI                                                                                 \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"                      \
	"sarif-schema-2.1.0.json"

/* What identifies a finding from run to run. Another way to compute it gets another number, so that
 * readers do not compare what cannot be compared (3.27.17). */
#define FINGERPRINT "rosauditFinding/v1"

/* How a severity reads elsewhere: SARIF knows three levels, and the services that show security
 * alerts sort by a number (below 4 low, below 7 medium, below 9 high, 0 none). */
static const struct {
	const char *level, *score;
} severities[] = {
	[SEVERITY_INFO] = {"note", "0.0"},      [SEVERITY_LOW] = {"note", "3.0"},
	[SEVERITY_MEDIUM] = {"warning", "5.5"}, [SEVERITY_HIGH] = {"error", "8.0"},
	[SEVERITY_CRITICAL] = {"error", "9.5"},
};

static json_t *message(const char *text)
{
	json_t *o = json_object();

	js_put(o, "text", js_text(text));
	return o;
}

/* What a rule or a finding does not have is left out: null is no value here. */
static void put_known(json_t *o, const char *key, const char *text)
{
	if (text)
		js_put(o, key, js_text(text));
}

static json_t *rule_help(const struct rule_info *rule)
{
	struct buf b;
	json_t *help;

	buf_init(&b, REPORT_TEXT_BYTES);
	buf_printf(&b, "%s %s", rule->why ? rule->why : "", rule->mend ? rule->mend : "");
	if (rule->source)
		buf_printf(&b, " Source: %s.", rule->source);
	help = message(buf_str(&b));
	buf_done(&b);
	return help;
}

static json_t *rule_object(const struct rule_info *rule)
{
	json_t *o = json_object(), *config = json_object(), *bag = json_object(),
	       *tags = json_array();

	js_put(o, "id", js_text(rule->id));
	js_put(o, "shortDescription", message(rule->title));
	js_put(o, "fullDescription", message(rule->meaning ? rule->meaning : rule->title));
	js_put(o, "help", rule_help(rule));
	js_put(config, "level", json_string(severities[rule->severity].level));
	js_put(o, "defaultConfiguration", config);
	js_put(bag, "security-severity", json_string(severities[rule->severity].score));
	js_push(tags, json_string("security"));
	js_put(bag, "tags", tags);
	js_put(o, "properties", bag);
	return o;
}

/* A path as a relative reference, or as a file: URI when it is absolute (RFC 3986). */
static json_t *path_uri(const char *path)
{
	struct buf b;
	json_t *uri;

	buf_init(&b, REPORT_TEXT_BYTES);
	if (path[0] == '/')
		buf_puts(&b, "file://");
	for (const unsigned char *p = (const unsigned char *)path; *p; p++) {
		if (*p < 0x80 && (isalnum(*p) || strchr("-._~/", *p)))
			buf_putc(&b, (char)*p);
		else
			buf_printf(&b, "%%%02X", *p);
	}
	uri = json_string(buf_str(&b));
	buf_done(&b);
	return uri;
}

static json_t *physical_location(const struct origin *at)
{
	json_t *o = json_object(), *file = json_object(), *region = json_object();

	js_put(file, "uri", path_uri(at->file));
	js_put(o, "artifactLocation", file);
	if (at->line)
		js_put(region, "startLine", json_integer((json_int_t)at->line));
	if (at->line && at->column)
		js_put(region, "startColumn", json_integer((json_int_t)at->column));
	if (json_object_size(region) > 0)
		js_put(o, "region", region);
	else
		json_decref(region);
	return o;
}

static json_t *logical_location(const char *name, const char *parent, const char *kind)
{
	json_t *o = json_object();
	struct buf full;

	buf_init(&full, REPORT_TEXT_BYTES);
	buf_printf(&full, "%s%s%s", parent ? parent : "", parent ? "/" : "", name);
	js_put(o, "name", js_text(name));
	js_put(o, "fullyQualifiedName", js_text(buf_str(&full)));
	js_put(o, "kind", json_string(kind));
	buf_done(&full);
	return o;
}

/* The policy line, if one asked for it; the router and its service in any case. */
static json_t *locations(const char *router, const struct origin *at, const char *place)
{
	json_t *list = json_array(), *o = json_object(), *logical = json_array();

	if (at->file)
		js_put(o, "physicalLocation", physical_location(at));
	if (place && *place)
		js_push(logical, logical_location(place, router, "service"));
	else
		js_push(logical, logical_location(router, NULL, "router"));
	js_put(o, "logicalLocations", logical);
	js_push(list, o);
	return list;
}

/* FNV-1a, 64 bits: short, stable, the same everywhere. It guards against nothing. */
static uint64_t hash_add(uint64_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001B3);
	return (hash ^ 0xFF) * UINT64_C(0x100000001B3);
}

static uint64_t identity(const char *router, const struct finding *f)
{
	uint64_t hash = UINT64_C(0xCBF29CE484222325);
	char port[32];

	snprintf(port, sizeof(port), "%d/%s", f->port, f->proto ? l4_name(f->proto) : "");
	hash = hash_add(hash, router);
	hash = hash_add(hash, f->rule->id);
	hash = hash_add(hash, f->service ? f->service : "");
	return hash_add(hash, port);
}

/* Severity, values and evidence may change without its being another finding; two that would be the
 * same are told apart by their order. */
static json_t *fingerprints(const char *router, const struct findings *all, size_t i)
{
	uint64_t hash = identity(router, &all->v[i]);
	json_t *o = json_object();
	size_t nth = 1;
	char text[64];

	for (size_t j = 0; j < i; j++)
		nth += identity(router, &all->v[j]) == hash;
	snprintf(text, sizeof(text), "%016" PRIx64 ":%zu", hash, nth);
	js_put(o, FINGERPRINT, json_string(text));
	return o;
}

static json_t *suppressions(const struct finding *f)
{
	json_t *list = json_array(), *o;

	if (!f->waived)
		return list;
	o = json_object();
	js_put(o, "kind", json_string("external"));
	js_put(o, "status", json_string("accepted"));
	put_known(o, "justification", f->waiver);
	js_push(list, o);
	return list;
}

static json_t *finding_message(const char *router, const char *place, const struct finding *f)
{
	struct buf b;
	json_t *o;

	buf_init(&b, REPORT_TEXT_BYTES);
	buf_puts(&b, router);
	if (*place)
		buf_printf(&b, ", %s", place);
	buf_printf(&b, ": %s.", tally_title(f));
	if (f->expected)
		buf_printf(&b, " Expected: %s.", f->expected);
	if (f->declared)
		buf_printf(&b, " Declared: %s.", f->declared);
	if (f->reachable)
		buf_printf(&b, " Reachable: %s.", f->reachable);
	o = message(buf_str(&b));
	buf_done(&b);
	return o;
}

static json_t *finding_bag(const char *router, const struct finding *f)
{
	json_t *o = json_object();

	js_put(o, "router", js_text(router));
	js_put(o, "severity", json_string(severity_name(f->severity)));
	js_put(o, "security-severity", json_string(severities[f->severity].score));
	put_known(o, "service", f->service);
	if (f->port >= 0)
		js_put(o, "port", json_integer(f->port));
	put_known(o, "expected", f->expected);
	put_known(o, "declared", f->declared);
	put_known(o, "reachable", f->reachable);
	put_known(o, "evidence", f->evidence);
	put_known(o, "why", f->why);
	put_known(o, "link", f->link);
	put_known(o, "mend", f->mend);
	return o;
}

/* Index of the rule in the run's table, or -1 for a rule that is not in it. */
static long rule_index(const struct results *all, const struct rule_info *rule)
{
	for (size_t i = 0; i < all->rules_n; i++)
		if (strcmp(all->rules[i]->id, rule->id) == 0)
			return (long)i;
	return -1;
}

static json_t *result_object(const struct results *all, const struct result *r, const char *router,
                             size_t i)
{
	const struct finding *f = &r->findings.v[i];
	long index = rule_index(all, f->rule);
	json_t *o = json_object();
	struct buf place;

	buf_init(&place, REPORT_TEXT_BYTES);
	tally_place(f->service, f->port, f->proto, &place);
	js_put(o, "ruleId", js_text(f->rule->id));
	if (index >= 0)
		js_put(o, "ruleIndex", json_integer(index));
	/* What could not be judged is "open" (3.27.9), which has no level (3.27.10). */
	js_put(o, "kind", json_string(f->undecided ? "open" : "fail"));
	js_put(o, "level", json_string(f->undecided ? "none" : severities[f->severity].level));
	js_put(o, "message", finding_message(router, buf_str(&place), f));
	js_put(o, "locations",
	       locations(router, f->origin.file ? &f->origin : &r->target->origin,
	                 buf_str(&place)));
	js_put(o, "partialFingerprints", fingerprints(router, &r->findings, i));
	js_put(o, "suppressions", suppressions(f));
	js_put(o, "properties", finding_bag(router, f));
	buf_done(&place);
	return o;
}

/* Why a router was not audited, or only in part, is no result about it: it is told by the run. */
static json_t *notification(const struct result *r, const char *router)
{
	static const struct origin nowhere = {0};
	json_t *o = json_object();
	struct buf b;

	buf_init(&b, REPORT_TEXT_BYTES);
	buf_printf(&b, "%s: %s: %s.", router, r->audited ? "audited only in part" : "not audited",
	           error_is_set(&r->error) ? r->error.text : "no reason was given");
	js_put(o, "level", json_string("error"));
	js_put(o, "message", message(buf_str(&b)));
	js_put(o, "locations",
	       locations(router, r->target->origin.file ? &r->target->origin : &nowhere, NULL));
	buf_done(&b);
	return o;
}

static json_t *invocations(const struct results *all, json_t *notifications)
{
	json_t *list = json_array(), *o = json_object();
	int status = results_exit_status(all);

	js_put(o, "executionSuccessful", json_boolean(status < 2));
	js_put(o, "exitCode", json_integer(status));
	if (all->started[0])
		js_put(o, "startTimeUtc", js_text(all->started));
	js_put(o, "toolExecutionNotifications", notifications);
	js_push(list, o);
	return list;
}

static json_t *tool_object(const struct results *all)
{
	json_t *tool = json_object(), *driver = json_object(), *rules = json_array();

	js_put(driver, "name", json_string("rosaudit"));
	js_put(driver, "version", json_string(ROSAUDIT_VERSION));
	js_put(driver, "semanticVersion", json_string(ROSAUDIT_VERSION));
	js_put(driver, "shortDescription",
	       message("Compares what MikroTik routers declare and what is reachable of them with "
	               "what a policy expects."));
	for (size_t i = 0; i < all->rules_n; i++)
		js_push(rules, rule_object(all->rules[i]));
	js_put(driver, "rules", rules);
	js_put(tool, "driver", driver);
	return tool;
}

static json_t *run_object(const struct results *all)
{
	json_t *run = json_object(), *list = json_array(), *notifications = json_array();

	for (size_t i = 0; i < all->n; i++) {
		const struct result *r = &all->v[i];
		struct buf router;

		buf_init(&router, REPORT_TEXT_BYTES);
		tally_router_name(all, i, &router);
		if (!r->audited || error_is_set(&r->error))
			js_push(notifications, notification(r, buf_str(&router)));
		for (size_t j = 0; j < r->findings.n; j++)
			js_push(list, result_object(all, r, buf_str(&router), j));
		buf_done(&router);
	}
	js_put(run, "tool", tool_object(all));
	js_put(run, "invocations", invocations(all, notifications));
	js_put(run, "columnKind", json_string("unicodeCodePoints"));
	js_put(run, "results", list);
	return run;
}

void report_sarif_write(const struct results *results, const struct report_options *opt,
                        struct buf *out)
{
	json_t *o = json_object(), *runs = json_array();

	(void)opt;
	js_put(o, "$schema", json_string(SCHEMA_URI));
	js_put(o, "version", json_string("2.1.0"));
	js_push(runs, run_object(results));
	js_put(o, "runs", runs);
	js_write(o, out);
}
