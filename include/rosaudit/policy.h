/* What the user expects, and which routers are asked. Made by src/config, read by all. */
#ifndef ROSAUDIT_POLICY_H
#define ROSAUDIT_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/portset.h"
#include "rosaudit/prefix.h"
#include "rosaudit/secret.h"
#include "rosaudit/tri.h"

/* Where a value was written: every finding can name it. file NULL = nowhere (the default). */
struct origin {
	const char *file;
	size_t line, column;
};

enum address_mode {
	ADDRESS_ANY = 0,      /* key absent: not compared */
	ADDRESS_WITHIN,       /* all that the router allows lies inside the list */
	ADDRESS_UNRESTRICTED, /* address: [] */
	ADDRESS_RESTRICTED,   /* address: restricted */
	ADDRESS_COVERS,       /* {covers: …} alone; beside within: ADDRESS_WITHIN with covers */
};

/* How a service or a port is expected to be. `required` is disabled: no in one word, `forbidden` is
 * disabled: yes; src/config sets both. */
enum expect_kind {
	EXPECT_NONE = 0, /* key absent */
	EXPECT_REQUIRED,
	EXPECT_FORBIDDEN,
	EXPECT_ALLOWED, /* may be on or off; the other keys count while it is on */
	EXPECT_IGNORED, /* nothing at all is said of it */
};

/* "required", …; NULL for none. */
const char *expect_kind_name(enum expect_kind k);

/* Numbers, both ends included. */
struct number_range {
	int min, max;
};

/* Numbers of which one is right. n 0 = key absent, or one plain number that is kept elsewhere. */
struct number_set {
	struct number_range *v;
	size_t n;
};

/* Words of which one is right; `*` and `?` stand for any characters, or one. */
struct word_set {
	const char **v;
	size_t n;
};

bool number_set_has(const struct number_set *s, int value);
/* A pattern without * and ? is the word itself. Case counts. */
bool word_matches(const char *pattern, const char *word);
bool word_set_has(const struct word_set *s, const char *word);
/* Appends "22, 1024-65535" or "a, b-*". */
void number_set_format(const struct number_set *s, struct buf *out);
void word_set_format(const struct word_set *s, struct buf *out);

/* What the policy says of the findings about a service or a port, in its own words. */
struct remark {
	int severity;              /* enum severity of what was asked for */
	struct origin severity_at; /* file NULL: the rule's own severity */
	const char *title, *why, *link;
	struct origin title_at, why_at, link_at;
};

/* Sources, as `exposure:` names them: prefixes, and names of sets of them ("lan", "internet",
 * "rfc1918", or one of the policy's own). */
struct source_set {
	const char **names;
	size_t names_n;
	struct prefix *v;
	size_t n;
};

/* A set of prefixes with a name: `prefixes: {office: [198.51.100.0/28]}`. */
struct named_prefixes {
	const char *name;
	struct prefix *v;
	size_t n;
	struct origin origin;
};

struct condition;

/* One service as expected. A key that is absent is not compared: NULL, -1 or TRI_UNKNOWN. Each
 * value has its origin beside it. Where one plain value is asked for it stands alone; a list, a
 * range or a pattern stands in the set behind it. */
struct expect_service {
	const char *name;
	struct origin origin;
	const struct condition *when; /* counts only then; NULL = always */
	struct origin when_at;
	enum expect_kind expect;
	struct origin expect_at;
	enum tri disabled;
	struct origin disabled_at;
	int port;
	struct number_set port_set;
	struct origin port_at;
	enum address_mode address_mode;
	struct prefix *address;
	size_t address_n;
	struct prefix *covers; /* all of these must be let in */
	size_t covers_n;
	struct origin address_at;
	const char *certificate; /* a pattern never stands for "none" */
	struct word_set certificate_set;
	struct origin certificate_at;
	const char *tls_version;
	struct word_set tls_version_set;
	struct origin tls_version_at;
	const char *vrf;
	struct word_set vrf_set;
	struct origin vrf_at;
	int max_sessions;
	struct number_set max_sessions_set;
	struct origin max_sessions_at;
	enum tri reachable;     /* yes: serves us from here; no: closed, filtered or refused */
	bool reachable_exactly; /* `served`: yes, and it spoke; `refused`: no, accepted */
	struct origin reachable_at;
	/* Of an entry of `exposure:` alone, where beside them only remark and when are used: who
	 * may be served at most, and who must not be. */
	struct source_set from, not_from;
	struct origin from_at, not_from_at;
	struct remark remark;
};

/* A port, or a range of them, that is no service of the policy. Of several that contain a port the
 * narrowest counts. */
struct expect_port {
	uint16_t first, last;
	bool udp;
	/* The name is "2000/tcp"; beside it only expect, reachable, remark and when are used. */
	struct expect_service say;
};

enum unlisted_mode { UNLISTED_WARN = 0, UNLISTED_FAIL, UNLISTED_IGNORE };

/* One comparison of a version, as in ">=7.19": `parts` of the three numbers were written, and only
 * those are compared. */
enum version_relation {
	VERSION_IS = 0,
	VERSION_IS_NOT,
	VERSION_LESS,
	VERSION_MOST,
	VERSION_LEAST,
	VERSION_MORE
};
struct version_test {
	enum version_relation relation;
	int number[3];
	int parts;
};

/* `when:` everything that is written must hold; an empty set is no condition. */
struct condition {
	struct version_test *version; /* all of them must hold */
	size_t version_n;
	struct origin version_at;
	struct word_set board, name, group;
	struct origin board_at, name_at, group_at;
	struct origin origin;
};

/* What one place of one file says, if its conditions hold. */
struct policy_part {
	const struct condition *when; /* NULL = always; an entry may have one of its own */
	struct expect_service *services;
	size_t services_n;
	struct expect_port *ports;
	size_t ports_n;
	struct expect_service *exposure; /* by service; "*" stands for each that has no entry */
	size_t exposure_n;
	enum unlisted_mode unlisted;
	struct origin unlisted_at; /* file NULL: says nothing of it */
};

/* An accepted finding. What is NULL or -1 matches everything. */
struct waiver {
	const char *rule, *service, *router; /* words, or patterns */
	int port_first, port_last;
	bool port_udp;
	const char *reason;
	const char *expires; /* as written, or NULL */
	int64_t expires_at;  /* seconds since 1970: 00:00 local time of that day; 0 = never */
	struct origin origin;
	bool is_shared; /* more than one router of the file may have what it waives */
};

struct policy {
	const char *profile; /* the profiles' names, joined by " + ", or NULL */
	struct expect_service *services;
	size_t services_n;
	struct expect_port *ports;
	size_t ports_n;
	struct expect_service *exposure;
	size_t exposure_n;
	struct named_prefixes *names; /* the nearest last: of several of one name that counts */
	size_t names_n;
	enum unlisted_mode unlisted;
	struct origin unlisted_at;
	const struct waiver **waivers;
	size_t waivers_n;
	/* With any `when:`, every part in the order in which one lies over the other; the
	 * fields above are then only what holds in any case. config_resolve makes the whole. */
	struct policy_part *parts;
	size_t parts_n;
	/* Of a resolved policy: conditions of which nobody knows whether they hold. */
	const struct condition **unsure;
	size_t unsure_n;
};

/* Does the policy expect anything? Without, only declared and reachable are compared. */
bool policy_is_empty(const struct policy *p);
const struct expect_service *policy_find(const struct policy *p, const char *name);
/* What `exposure:` says of the service: its own entry, else that of "*", or NULL. */
const struct expect_service *policy_find_exposure(const struct policy *p, const char *name);
/* The policy's own set of that name, or NULL. */
const struct named_prefixes *policy_find_prefixes(const struct policy *p, const char *name);
/* "lan", "internet" or "rfc1918": a set that every policy has. */
bool policy_is_set_name(const char *name);
/* Appends "lan, 192.0.2.0/24", as it was written but for the order. */
void source_set_format(const struct source_set *s, struct buf *out);
/* The narrowest entry with that port, or NULL. */
const struct expect_port *policy_find_port(const struct policy *p, int port, bool udp);
/* Does the router match the waiver's `router`? */
bool waiver_is_for(const struct waiver *w, const char *router);

enum scan_ports {
	SCAN_ROUTEROS = 0, /* policy's, declared and catalogue's */
	SCAN_DECLARED,     /* policy's and declared */
	SCAN_ALL,          /* 1-65535 */
	SCAN_LIST,         /* exactly the set */
	SCAN_NONE,
};

/* How an audit's probes are paced. */
enum pace_wish {
	PACE_AUTO = 0, /* carefully where the firewall counts probes, or may; else at full speed */
	PACE_CAREFUL,  /* always in small bursts with pauses */
	PACE_FULL,     /* always at full speed: a firewall that counts may shut us out */
};

enum transport_id { TRANSPORT_SSH = 0, TRANSPORT_REST, TRANSPORT_BOTH, TRANSPORT_FILE };

struct port_pair {
	uint16_t router, here;
};

/* One more place to look at the router from. Exactly one of source, interface, scan and ssh is
 * given. Strings belong to the config's arena; NULL and 0 = not given. */
struct vantage_spec {
	const char *name;
	const char *source;    /* another address of this machine */
	const char *interface; /* another interface of this machine */
	const char *scan;      /* a file: a scan that was made there */
	const char *ssh;       /* "user@host" where `rosaudit scan` is run */
	const char *host;      /* the router's name or address as seen from there */
	const char *from;      /* under which address the router sees it, behind a NAT */
	struct port_pair *port_map;
	size_t port_map_n;
	uint16_t port; /* of ssh and what follows: 22 */
	const char *key, *host_key;
	const char *program; /* what is run there */
	struct origin origin;
};

/* One router to audit. Strings belong to the config's arena; NULL and 0 = not given. */
struct target {
	const char *name;
	const char *host; /* NULL only for transport file without a scan */
	enum transport_id transport;
	uint16_t port;      /* SSH port for ssh and both, REST port for rest; 0 = default.
				    * As seen from here: src/config took it through port_map. */
	uint16_t rest_port; /* of both; likewise */
	bool rest_plain;    /* http, only when written so */
	bool read_services; /* /ip service alone, no other menu */
	struct port_pair *port_map;
	size_t port_map_n;

	const char *user;
	struct secret_spec password;
	const char *key; /* private key file, ~ not yet expanded */
	struct secret_spec key_passphrase;
	bool agent;

	const char *host_key;    /* "SHA256:…" pin */
	const char *known_hosts; /* file; NULL = the user's own */
	bool accept_new;         /* --accept-new */
	bool legacy_algorithms;

	const char *ca;  /* CA file; NULL = the system's */
	const char *pin; /* SPKI "sha256//…" */

	const char *file; /* saved output of transport file */

	const char *source; /* --source ADDRESS */
	const char *save;   /* --save DIR: where the router's answers are kept, or NULL */
	long connect_timeout_ms, command_timeout_ms, timeout_ms;

	enum scan_ports scan_ports;
	struct port_lists *scan_list; /* of SCAN_LIST */
	const char *scan_import;    /* --import: a scan made elsewhere instead of ours */
	bool scan_by_nmap;          /* --scanner nmap */
	enum pace_wish pace;
	bool force; /* --force: also ports whose probing shuts us out */

	struct vantage_spec *vantages; /* beside the first, from which we log in */
	size_t vantages_n;

	struct policy policy;
	const char **groups; /* that the router is in */
	size_t groups_n;
	struct origin origin;
};

/* The port as seen from here, or 0 when there is a port-map without this port. */
uint16_t target_map_port(const struct target *t, uint16_t router_port);
/* The router's port behind a port as seen from here (the same when nothing maps to it). */
uint16_t target_unmap_port(const struct target *t, uint16_t here);
/* Default login port of the target's transport: 22, 443 or 80. */
uint16_t target_default_port(const struct target *t);

/* Does the target's transport come in through this service of the router? */
bool target_logs_in_by(const struct target *t, const char *service);

struct config {
	struct arena arena;
	struct target *targets;
	size_t targets_n;
};

void config_init(struct config *c);
void config_done(struct config *c);

#endif
