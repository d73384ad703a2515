/* What the user expects, and which routers are asked. Made by src/config, read by all. */
#ifndef ROSAUDIT_POLICY_H
#define ROSAUDIT_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rosaudit/arena.h"
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
};

/* One service as expected. A key that is absent is not compared: NULL, -1 or TRI_UNKNOWN. Each
 * value has its origin beside it. */
struct expect_service {
	const char *name;
	struct origin origin;
	enum tri disabled;
	struct origin disabled_at;
	int port;
	struct origin port_at;
	enum address_mode address_mode;
	struct prefix *address;
	size_t address_n;
	struct origin address_at;
	const char *certificate;
	struct origin certificate_at;
	const char *tls_version;
	struct origin tls_version_at;
	const char *vrf;
	struct origin vrf_at;
	int max_sessions;
	struct origin max_sessions_at;
	enum tri reachable; /* yes: serves us from here; no: closed, filtered or refused */
	struct origin reachable_at;
};

enum unlisted_mode { UNLISTED_WARN = 0, UNLISTED_FAIL, UNLISTED_IGNORE };

struct policy {
	const char *profile; /* the profile's name, or NULL */
	struct expect_service *services;
	size_t services_n;
	enum unlisted_mode unlisted;
	struct origin unlisted_at;
};

/* Does the policy expect anything? Without, only declared and reachable are compared. */
bool policy_is_empty(const struct policy *p);
const struct expect_service *policy_find(const struct policy *p, const char *name);

enum scan_ports {
	SCAN_ROUTEROS = 0, /* policy's, declared and catalogue's */
	SCAN_DECLARED,     /* policy's and declared */
	SCAN_ALL,          /* 1-65535 */
	SCAN_LIST,         /* exactly the set */
	SCAN_NONE,
};

enum transport_id { TRANSPORT_SSH = 0, TRANSPORT_REST, TRANSPORT_BOTH, TRANSPORT_FILE };

struct port_pair {
	uint16_t router, here;
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
	long connect_timeout_ms, command_timeout_ms, timeout_ms;

	enum scan_ports scan_ports;
	struct port_set *scan_list; /* of SCAN_LIST */

	struct policy policy;
	struct origin origin;
};

/* The port as seen from here, or 0 when there is a port-map without this port. */
uint16_t target_map_port(const struct target *t, uint16_t router_port);
/* The router's port behind a port as seen from here (the same when nothing maps to it). */
uint16_t target_unmap_port(const struct target *t, uint16_t here);
/* Default login port of the target's transport: 22, 443 or 80. */
uint16_t target_default_port(const struct target *t);

struct config {
	struct arena arena;
	struct target *targets;
	size_t targets_n;
};

void config_init(struct config *c);
void config_done(struct config *c);

#endif
