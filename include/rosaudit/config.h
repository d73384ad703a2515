/* The policy file: YAML with positions → config. */
#ifndef ROSAUDIT_CONFIG_H
#define ROSAUDIT_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/error.h"
#include "rosaudit/policy.h"

/* Every mistake of one run, in the order of the file. */
struct error_list {
	struct error *v;
	size_t n;
};

void error_list_init(struct error_list *l);
void error_list_done(struct error_list *l);
/* Appends a copy, up to LIMIT_CONFIG_ERRORS. */
void error_list_add(struct error_list *l, const struct error *e);

/* Reads the file with its profiles. profile_dirs (NULL-terminated) is where a bare profile name
 * is looked for, as DIR/NAME.yaml; a relative path in the file is relative to the file. *out is
 * initialised by the caller. 0, or -1 with all mistakes in *errors. */
int config_load(const char *path, const char *const *profile_dirs, struct config *out,
                struct error_list *errors);

/* The same for a text in memory, as if it were the file `where`. */
int config_parse(const char *p, size_t n, const char *where, const char *const *profile_dirs,
                 struct config *out, struct error_list *errors);

/* A target without a file: "ssh://user@host:port", "https://…", "http://…" (IPv6 in brackets, zone
 * as %25eth0 or %eth0). A password in the URL is refused. profile may be NULL. */
int config_from_url(const char *url, const char *profile, const char *const *profile_dirs,
                    struct config *out, struct error_list *errors);

/* The policy of a target as it is for that router: every `when:` decided by name, group,
 * version and board (d NULL: of the router nothing is known). Conditions that nobody can decide
 * are in out->unsure. New arrays come from arena, texts stay the config's. */
struct device;
void config_resolve(const struct target *t, const struct device *d, struct arena *arena,
                    struct policy *out);

/* What no policy can mean: contradictions of its parts, in every case that its conditions make
 * (src/config/contradict.c). 0, or -1 with all of them in *errors. */
int config_contradictions(const struct config *c, struct error_list *errors);

/* JSON Schema (draft 7) of policy files and profiles, from the schema table. */
void config_json_schema(struct buf *out);

/* Markdown table of every key, from the schema table: the README's reference. */
void config_describe(struct buf *out);
/* The same for a terminal, wrapped at width columns. */
void config_describe_text(struct buf *out, size_t width);
/* rosaudit-policy(5) as man(7) source, from the schema table. Appends. */
void config_manual(struct buf *out);
/* Names of all profiles in the directories, one per line with its first comment line. */
void config_list_profiles(const char *const *profile_dirs, struct buf *out);

#endif
