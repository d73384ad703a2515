/* What one mocked router is: read from a YAML file. While it runs only a write changes it
 * (change.h). */
#ifndef MOCK_SCENARIO_H
#define MOCK_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>

#include "feature.h"
#include "net.h"
#include "text.h"
#include "version.h"

enum policy {
	POLICY_SSH = 1 << 0,
	POLICY_READ = 1 << 1,
	POLICY_API = 1 << 2,
	POLICY_REST_API = 1 << 3,
	POLICY_OTHER = 1 << 4, /* every policy that nothing here asks for */
	POLICY_WRITE = 1 << 5,
	POLICY_ALL = (1 << 6) - 1,
};

struct user {
	char *name, *password, *group;
	char **keys; /* public keys, one line each: "ssh-ed25519 AAAA… comment" */
	size_t keys_n;
	unsigned policies; /* enum policy, or-ed */
	struct prefixes address;
};

enum lie {
	LIE_NONE = 0,
	LIE_LISTENS, /* declared disabled but listening */
	LIE_SILENT,  /* declared enabled but silent: nothing listens */
	LIE_SPEAKS,  /* another protocol than declared */
};

/* How an address= list that excludes the peer ends the connection. */
enum refusal { REFUSE_AS_ALL = 0, REFUSE_FIN, REFUSE_RST };

/* One static row of /ip service. */
struct service {
	const char *name; /* one of the table's */
	int port;
	bool disabled, invalid, has_tls; /* has_tls: certificate and tls-version exist */
	struct prefixes address;
	char *certificate, *tls_version, *vrf, *about;
	int max_sessions;
	enum refusal refuse_with; /* REFUSE_AS_ALL: the scenario's */
	enum lie lie;
	char *speaks; /* of LIE_SPEAKS: a protocol of greet.h */
};

/* A port that opens outside of /ip service's static rows. */
struct listener {
	char *name, *netns, *container, *speaks;
	int port;
	bool udp;
};

/* A connection row that is there from the start (7.19+). */
struct fixed_connection {
	char *service, *local, *remote;
};

/* Wrong behaviour on purpose, named in fault_names. */
enum fault {
	FAULT_CLOSE_ON_ACCEPT,
	FAULT_CLOSE_AFTER_AUTH,
	FAULT_EXEC_REFUSED,
	FAULT_STALL_BANNER,
	FAULT_STALL_AUTH,
	FAULT_STALL_COMMAND,
	FAULT_ENDLESS_OUTPUT,
	FAULT_HUGE_ANSWER,
	FAULT_HANG_UP_MID_TABLE,
	FAULT_NO_EXIT_STATUS,
	FAULT_LICENCE_STATE,
	FAULT_EXPIRED_PASSWORD,
	FAULT_TERSE_UNKNOWN,
	FAULT_SCRIPT_UNKNOWN,
	FAULT_EVERYTHING_UNKNOWN,
	FAULT_REST_REDIRECT,
	FAULT_REST_SESSION_CLOSED,
	FAULT_REST_NOT_JSON,
	FAULT_REST_ENDLESS_BODY,
	FAULT_REST_HTML_403,
	FAULT_REST_STD_FAILURE,
	FAULT_REST_STALL,
	FAULT_COUNT,
};

struct scenario {
	struct version version;
	char *identity, *board, *architecture;
	struct user *users;
	size_t users_n;
	struct service *services;
	size_t services_n;
	struct listener *listeners;
	size_t listeners_n;
	struct fixed_connection *connections;
	size_t connections_n;
	struct features features; /* every menu beyond /ip service */
	int *closed_ports;        /* ports that belong to the port map and are closed */
	size_t closed_ports_n;
	bool live_connections;        /* rows for the mock's own clients, from 7.19 */
	bool live_lists;              /* address lists as the namespace's nftables have them */
	bool rest_plain, rest_secure; /* /ip service webserver, from 7.21 */
	enum refusal refuse_with;     /* never REFUSE_AS_ALL */
	int terminal_width;
	const char *line_end; /* "\r\n" or "\n" */
	bool legacy_ssh;      /* RouterOS 6's algorithms only */
	char *ssh_key_type;   /* "ed25519" or "rsa" */
	bool fault[FAULT_COUNT];
};

/* 0, or -1 with "FILE:LINE:COLUMN: …" in *complaint; scenario_done in either case. */
int scenario_load(const char *path, struct scenario *out, struct text *complaint);
void scenario_done(struct scenario *s);
/* Fills s->services with the static rows that s->version has from the factory. */
void scenario_default_services(struct scenario *s);
/* NULL when there is none. */
const struct user *scenario_user(const struct scenario *s, const char *name);
const struct service *scenario_service(const struct scenario *s, const char *name);
/* Does something really listen for this service? */
bool service_listens(const struct service *s);

#endif
