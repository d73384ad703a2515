/* Every key of a policy file, as one table: the loader, `check` and the README's reference read it.
 * Internal to src/config. */
#ifndef ROSAUDIT_CONFIG_SCHEMA_H
#define ROSAUDIT_CONFIG_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "rosaudit/buf.h"
#include "rosaudit/policy.h"

struct node;

/* Where a key may stand; a key's `where` is a set of them. */
enum schema_place {
	PLACE_TOP = 1u << 0,
	PLACE_DEFAULTS = 1u << 1,
	PLACE_ROUTER = 1u << 2,
	PLACE_PROFILE = 1u << 3,
	PLACE_SERVICE = 1u << 4,   /* below services: NAME: */
	PLACE_SCAN = 1u << 5,      /* below scan: */
	PLACE_SECRET = 1u << 6,    /* below password: and key-passphrase: */
	PLACE_PORT = 1u << 7,      /* below ports: 2000/tcp: */
	PLACE_WHEN = 1u << 8,      /* in an item of when: */
	PLACE_CONDITION = 1u << 9, /* below when: of a service or a port */
	PLACE_WAIVER = 1u << 10,   /* in an item of waivers: */
	PLACE_RANGE = 1u << 11,    /* in place of a number: {min: ..., max: ...} */
	PLACE_ADDRESS = 1u << 12,  /* below address: */
	PLACE_EXPOSURE = 1u << 13, /* below exposure: winbox: */
	PLACE_VANTAGE = 1u << 20,  /* in an item of vantages: */
};

enum schema_id {
	KEY_ROUTERS = 0,
	KEY_ROUTER,
	KEY_DEFAULTS,
	KEY_DESCRIPTION,
	KEY_NAME,
	KEY_HOST,
	KEY_HOSTS,
	KEY_TRANSPORT,
	KEY_PORT,
	KEY_REST_PORT,
	KEY_SCHEME,
	KEY_READ,
	KEY_PORT_MAP,
	KEY_USER,
	KEY_PASSWORD,
	KEY_KEY,
	KEY_KEY_PASSPHRASE,
	KEY_AGENT,
	KEY_HOST_KEY,
	KEY_KNOWN_HOSTS,
	KEY_LEGACY_ALGORITHMS,
	KEY_CA,
	KEY_PIN,
	KEY_FILE,
	KEY_SOURCE,
	KEY_CONNECT_TIMEOUT,
	KEY_COMMAND_TIMEOUT,
	KEY_TIMEOUT,
	KEY_PROFILE,
	KEY_EXTENDS,
	KEY_SERVICES,
	KEY_PORTS,
	KEY_EXPOSURE,
	KEY_PREFIXES,
	KEY_UNLISTED,
	KEY_WHEN,
	KEY_GROUPS,
	KEY_VARS,
	KEY_WAIVERS,
	KEY_SCAN,
	KEY_SCAN_PORTS,
	KEY_SCAN_PACE,
	KEY_VANTAGES,
	KEY_VANTAGE_NAME,
	KEY_VANTAGE_SOURCE,
	KEY_VANTAGE_INTERFACE,
	KEY_VANTAGE_SCAN,
	KEY_VANTAGE_SSH,
	KEY_VANTAGE_PORT,
	KEY_VANTAGE_KEY,
	KEY_VANTAGE_HOST_KEY,
	KEY_VANTAGE_PROGRAM,
	KEY_VANTAGE_HOST,
	KEY_VANTAGE_FROM,
	KEY_VANTAGE_PORT_MAP,
	KEY_EXPECT,
	KEY_SERVICE_DISABLED,
	KEY_SERVICE_PORT,
	KEY_SERVICE_ADDRESS,
	KEY_SERVICE_CERTIFICATE,
	KEY_SERVICE_TLS_VERSION,
	KEY_SERVICE_VRF,
	KEY_SERVICE_MAX_SESSIONS,
	KEY_REACHABLE,
	KEY_FROM,
	KEY_NOT_FROM,
	KEY_SEVERITY,
	KEY_TITLE,
	KEY_WHY,
	KEY_LINK,
	KEY_ENTRY_WHEN,
	KEY_ADDRESS_WITHIN,
	KEY_ADDRESS_COVERS,
	KEY_RANGE_MIN,
	KEY_RANGE_MAX,
	KEY_WHEN_VERSION,
	KEY_WHEN_BOARD,
	KEY_WHEN_NAME,
	KEY_WHEN_GROUP,
	KEY_WAIVER_RULE,
	KEY_WAIVER_SERVICE,
	KEY_WAIVER_PORT,
	KEY_WAIVER_ROUTER,
	KEY_WAIVER_REASON,
	KEY_WAIVER_EXPIRES,
	KEY_SECRET_ENV,
	KEY_SECRET_FILE,
	KEY_SECRET_COMMAND,
	KEY_SECRET_PROMPT,
	KEY_SECRET_LITERAL,
	KEY_COUNT,
};

/* How a value is written; src/config/values.c has the reader of each. */
enum value_type {
	VALUE_TEXT = 0,
	VALUE_PATH,
	VALUE_HOST,
	VALUE_HOSTS,
	VALUE_ADDRESS,
	VALUE_CHOICE, /* min + index into choices, stored as an enum or, of two, as a bool */
	VALUE_BOOL,
	VALUE_TRI,
	VALUE_REACHABLE, /* an enum tri, and a bool behind it */
	VALUE_PORT,
	VALUE_INT,
	VALUE_NUMBERS, /* an int, and a struct number_set behind it */
	VALUE_WORDS, /* a text, and a struct word_set behind it; of choices, where there are any */
	VALUE_GLOBS, /* a struct word_set alone */
	VALUE_NAMES, /* likewise, without patterns */
	VALUE_GLOB,
	VALUE_LINK,
	VALUE_VERSION,
	VALUE_CONDITION,
	VALUE_RULE,
	VALUE_PORT_ID,
	VALUE_DATE,
	VALUE_TIME,
	VALUE_SECRET,
	VALUE_SECRET_TEXT,
	VALUE_SECRET_PATH,
	VALUE_SECRET_PROMPT,
	VALUE_HOST_KEY,
	VALUE_PIN,
	VALUE_PORT_MAP,
	VALUE_PREFIXES, /* a pointer and a number */
	VALUE_ACCESS,   /* address: of a service */
	VALUE_SOURCES,  /* a struct source_set */
	VALUE_SCAN,
	VALUE_SCAN_PORTS,
	VALUE_VANTAGES, /* a pointer and a number */
	VALUE_MAPPING, /* kept as a node: the loader walks it */
	VALUE_LIST,    /* likewise */
	VALUE_TYPES,
};

/* A schema row's origin when nobody asks for one. */
#define NO_ORIGIN ((size_t)-1)

struct schema_key {
	const char *key;
	const char *alias; /* another name that RouterOS uses, or NULL */
	enum value_type type;
	unsigned where;         /* set of enum schema_place */
	unsigned long min, max; /* of numbers and times (ms); of secrets: the enum secret_source */
	const char *const *choices; /* ends in NULL */
	const char *initial;        /* the default, as one would write it; NULL = none */
	const char *fallback;       /* what happens without it, in words, where initial is NULL */
	bool required;
	size_t offset,
		size;  /* into the struct of its place: layer, expect_service, secret_spec, … */
	size_t origin; /* offset of its struct origin, or NO_ORIGIN */
	const char *help; /* one sentence without a full stop, US-ASCII */
};

/* schema_choices.c: what a key of VALUE_CHOICE may say; each ends in NULL. */
extern const char *const schema_transports[];
extern const char *const schema_unlisted_modes[];
extern const char *const schema_schemes[];
extern const char *const schema_paces[];
extern const char *const schema_reads[];
extern const char *const schema_tls_versions[];
extern const char *const schema_expectations[];
extern const char *const schema_severities[];

/* Indexed by enum schema_id. */
extern const struct schema_key schema[KEY_COUNT];

/* What one place of a file says: top level, defaults, router or profile. at[id].file is NULL for
 * each key that is not written there. Layers are laid over one another by layer_merge. */
struct layer {
	struct condition condition; /* first: its rows hold for PLACE_CONDITION, too */
	struct target target;
	const char *profile, *description;
	struct word_set extends;
	const char **hosts;
	size_t hosts_n, hosts_cap;
	const struct node *routers, *router, *defaults, *groups, *vars, *waivers_node;
	const struct node *services_node, *ports_node, *exposure_node, *prefixes_node, *when_node;
	struct policy_part part;    /* its services and ports */
	struct policy_part *blocks; /* its when: */
	size_t blocks_n;
	struct waiver *waivers;
	size_t waivers_n;
	struct named_prefixes *names;
	size_t names_n;
	struct origin at[KEY_COUNT];
};

/* The row of a key at a place, by key or alias; NULL when none may stand there. */
const struct schema_key *schema_find(enum schema_place place, const char *key);
/* Appends what a value must be: "a number from 1 to 65535". */
void schema_expected(const struct schema_key *k, struct buf *out);
/* Appends the words for a set of places: "router, defaults". */
void schema_places(unsigned where, struct buf *out);

#endif
