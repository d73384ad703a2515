/* The table of all keys. To add a key: an id in schema.h, a row here, and a field where it goes. */
#include "schema.h"

/* Where a value goes: one member, or all members from the first to the last. */
#define MEMBER(type, m) .offset = offsetof(type, m), .size = sizeof(((type *)0)->m)
#define MEMBERS(type, first, last)                                                                 \
	.offset = offsetof(type, first),                                                           \
	.size = offsetof(type, last) + sizeof(((type *)0)->last) - offsetof(type, first)

#define LAYER(id, m)         MEMBER(struct layer, m), .origin = offsetof(struct layer, at[id])
#define LAYER_SPAN(id, a, b) MEMBERS(struct layer, a, b), .origin = offsetof(struct layer, at[id])
#define SERVICE(m)                                                                                 \
	MEMBER(struct expect_service, m), .origin = offsetof(struct expect_service, m##_at)
#define SERVICE_SPAN(a, b, at)                                                                     \
	MEMBERS(struct expect_service, a, b), .origin = offsetof(struct expect_service, at)
#define SECRET_OF(source)                                                                          \
	.where = PLACE_SECRET, .min = (source), MEMBER(struct secret_spec, text),                  \
	.origin = NO_ORIGIN

#define CONDITION(m) MEMBER(struct condition, m), .origin = offsetof(struct condition, m##_at)
#define CONDITION_SPAN(a, b, at)                                                                   \
	MEMBERS(struct condition, a, b), .origin = offsetof(struct condition, at)
#define WAIVER(m) MEMBER(struct waiver, m), .origin = NO_ORIGIN
#define VANTAGE(m) MEMBER(struct vantage_spec, m), .origin = NO_ORIGIN

#define ANY_ROUTER (PLACE_ROUTER | PLACE_DEFAULTS)
#define ANY_POLICY (PLACE_TOP | ANY_ROUTER | PLACE_PROFILE)
#define ANY_ENTRY  (PLACE_SERVICE | PLACE_PORT)
#define ANY_SAID   (ANY_ENTRY | PLACE_EXPOSURE)
#define ANY_WHEN   (PLACE_WHEN | PLACE_CONDITION)

_Static_assert(offsetof(struct layer, condition) == 0, "one row serves both places of a condition");

/* A day: longer than any audit. */
#define TIME_MAX_MS 86400000ul

/* clang-format off */
const struct schema_key schema[KEY_COUNT] = {
	[KEY_ROUTERS] = {
		.key = "routers",
		.type = VALUE_LIST,
		.where = PLACE_TOP,
		LAYER(KEY_ROUTERS, routers),
		.help = "the routers to audit, each begun with \"-\"",
	},
	[KEY_ROUTER] = {
		.key = "router",
		.type = VALUE_MAPPING,
		.where = PLACE_TOP,
		LAYER(KEY_ROUTER, router),
		.help = "the one router to audit: a list of one, without \"-\"",
	},
	[KEY_DEFAULTS] = {
		.key = "defaults",
		.type = VALUE_MAPPING,
		.where = PLACE_TOP,
		LAYER(KEY_DEFAULTS, defaults),
		.help = "keys that every router has unless it says otherwise",
	},
	[KEY_DESCRIPTION] = {
		.key = "description",
		.type = VALUE_TEXT,
		.where = PLACE_PROFILE,
		LAYER(KEY_DESCRIPTION, description),
		.help = "what the profile is for, in a sentence",
	},
	[KEY_NAME] = {
		.key = "name",
		.type = VALUE_TEXT,
		.where = PLACE_ROUTER,
		.fallback = "the host",
		LAYER(KEY_NAME, target.name),
		.help = "what the report calls the router; no two are called the same",
	},
	[KEY_HOST] = {
		.key = "host",
		.type = VALUE_HOST,
		.where = PLACE_ROUTER,
		.fallback = "needed, except for a saved output",
		LAYER(KEY_HOST, target.host),
		.help = "where the router is: a name, an IPv4 or an IPv6 address, "
                                "fe80::1%eth0",
	},
	[KEY_HOSTS] = {
		.key = "hosts",
		.type = VALUE_HOSTS,
		.where = PLACE_ROUTER,
		LAYER_SPAN(KEY_HOSTS, hosts, hosts_cap),
		.help = "instead of host: one router for each of these addresses",
	},
	[KEY_TRANSPORT] = {
		.key = "transport",
		.type = VALUE_CHOICE,
		.where = ANY_ROUTER,
		.choices = schema_transports,
		.initial = "ssh",
		LAYER(KEY_TRANSPORT, target.transport),
		.help = "how the router is read; both compares ssh with rest, file reads a "
                                "saved output",
	},
	[KEY_PORT] = {
		.key = "port",
		.type = VALUE_PORT,
		.where = ANY_ROUTER,
		.min = 1,
		.max = 65535,
		.fallback = "22, 443 or 80",
		LAYER(KEY_PORT, target.port),
		.help = "the port where we log in; translated when port-map names it",
	},
	[KEY_REST_PORT] = {
		.key = "rest-port",
		.type = VALUE_PORT,
		.where = ANY_ROUTER,
		.min = 1,
		.max = 65535,
		.fallback = "443 or 80",
		LAYER(KEY_REST_PORT, target.rest_port),
		.help = "the REST port of transport both, whose port is the one of SSH",
	},
	[KEY_SCHEME] = {
		.key = "scheme",
		.type = VALUE_CHOICE,
		.where = ANY_ROUTER,
		.choices = schema_schemes,
		.initial = "https",
		LAYER(KEY_SCHEME, target.rest_plain),
		.help = "of REST; http shows the password to everyone on the way",
	},
	[KEY_READ] = {
		.key = "read",
		.type = VALUE_CHOICE,
		.where = ANY_ROUTER,
		.choices = schema_reads,
		.initial = "all",
		LAYER(KEY_READ, target.read_services),
		.help = "services: /ip service alone; all: also what else opens a port, and who "
                                "reaches it",
	},
	[KEY_PORT_MAP] = {
		.key = "port-map",
		.type = VALUE_PORT_MAP,
		.where = ANY_ROUTER,
		.min = 1,
		.max = 65535,
		LAYER_SPAN(KEY_PORT_MAP, target.port_map, target.port_map_n),
		.help = "behind NAT or a lab's forward: {router's port: port as seen from "
                                "here}",
	},
	[KEY_USER] = {
		.key = "user",
		.type = VALUE_TEXT,
		.where = ANY_ROUTER,
		.initial = "admin",
		LAYER(KEY_USER, target.user),
		.help = "login name",
	},
	[KEY_PASSWORD] = {
		.key = "password",
		.type = VALUE_SECRET,
		.where = ANY_ROUTER,
		.fallback = "none is tried",
		LAYER(KEY_PASSWORD, target.password),
		.help = "where the password comes from; \"\" is the empty one of a fresh "
                                "router",
	},
	[KEY_KEY] = {
		.key = "key",
		.type = VALUE_PATH,
		.where = ANY_ROUTER,
		LAYER(KEY_KEY, target.key),
		.help = "private key for SSH",
	},
	[KEY_KEY_PASSPHRASE] = {
		.key = "key-passphrase",
		.type = VALUE_SECRET,
		.where = ANY_ROUTER,
		LAYER(KEY_KEY_PASSPHRASE, target.key_passphrase),
		.help = "where the passphrase of an encrypted key comes from",
	},
	[KEY_AGENT] = {
		.key = "agent",
		.type = VALUE_BOOL,
		.where = ANY_ROUTER,
		.initial = "no",
		LAYER(KEY_AGENT, target.agent),
		.help = "try the keys of the SSH agent",
	},
	[KEY_HOST_KEY] = {
		.key = "host-key",
		.type = VALUE_HOST_KEY,
		.where = ANY_ROUTER,
		.fallback = "known-hosts decides",
		LAYER(KEY_HOST_KEY, target.host_key),
		.help = "the only SSH host key that is trusted, as ssh-keygen -l prints it",
	},
	[KEY_KNOWN_HOSTS] = {
		.key = "known-hosts",
		.type = VALUE_PATH,
		.where = ANY_ROUTER,
		.fallback = "~/.ssh/known_hosts",
		LAYER(KEY_KNOWN_HOSTS, target.known_hosts),
		.help = "file of known SSH host keys; one of its own suits a lab rebuilt "
                                "every week",
	},
	[KEY_LEGACY_ALGORITHMS] = {
		.key = "legacy-algorithms",
		.type = VALUE_BOOL,
		.where = ANY_ROUTER,
		.initial = "no",
		LAYER(KEY_LEGACY_ALGORITHMS, target.legacy_algorithms),
		.help = "allow the old SSH algorithms that RouterOS 6 needs",
	},
	[KEY_CA] = {
		.key = "ca",
		.type = VALUE_PATH,
		.where = ANY_ROUTER,
		.fallback = "the system's",
		LAYER(KEY_CA, target.ca),
		.help = "CA certificates (PEM) that sign the router's certificate",
	},
	[KEY_PIN] = {
		.key = "pin",
		.type = VALUE_PIN,
		.where = ANY_ROUTER,
		LAYER(KEY_PIN, target.pin),
		.help = "SHA-256 of the public key in the router's certificate, the only "
                                "one trusted",
	},
	[KEY_FILE] = {
		.key = "file",
		.type = VALUE_PATH,
		.where = ANY_ROUTER,
		.fallback = "needed by transport file",
		LAYER(KEY_FILE, target.file),
		.help = "saved output to read instead of a router",
	},
	[KEY_SOURCE] = {
		.key = "source",
		.type = VALUE_ADDRESS,
		.where = ANY_ROUTER,
		.fallback = "the system's choice",
		LAYER(KEY_SOURCE, target.source),
		.help = "our own address to log in and to probe from",
	},
	[KEY_CONNECT_TIMEOUT] = {
		.key = "connect-timeout",
		.type = VALUE_TIME,
		.where = ANY_ROUTER,
		.min = 1,
		.max = TIME_MAX_MS,
		.initial = "10s",
		LAYER(KEY_CONNECT_TIMEOUT, target.connect_timeout_ms),
		.help = "how long a connection may take",
	},
	[KEY_COMMAND_TIMEOUT] = {
		.key = "command-timeout",
		.type = VALUE_TIME,
		.where = ANY_ROUTER,
		.min = 1,
		.max = TIME_MAX_MS,
		.initial = "30s",
		LAYER(KEY_COMMAND_TIMEOUT, target.command_timeout_ms),
		.help = "how long one answer may take",
	},
	[KEY_TIMEOUT] = {
		.key = "timeout",
		.type = VALUE_TIME,
		.where = ANY_ROUTER,
		.min = 1,
		.max = TIME_MAX_MS,
		.initial = "120s",
		LAYER(KEY_TIMEOUT, target.timeout_ms),
		.help = "how long the audit of one router may take",
	},
	[KEY_PROFILE] = {
		.key = "profile",
		.type = VALUE_TEXT,
		.where = ANY_ROUTER,
		.fallback = "only declared and reachable are compared",
		LAYER(KEY_PROFILE, profile),
		.help = "the profile that services build on: a name, or a path with / or "
                                ".yaml",
	},
	[KEY_EXTENDS] = {
		.key = "extends",
		.type = VALUE_NAMES,
		.where = ANY_POLICY,
		LAYER(KEY_EXTENDS, extends),
		.help = "the same, of one or many profiles, each laid over the one before; a "
			"profile may extend others",
	},
	[KEY_SERVICES] = {
		.key = "services",
		.type = VALUE_MAPPING,
		.where = ANY_ROUTER | PLACE_PROFILE | PLACE_WHEN,
		LAYER(KEY_SERVICES, services_node),
		.help = "what is expected of each service, over the profile: a word (see expect) "
			"or keys; a key left out is not compared",
	},
	[KEY_PORTS] = {
		.key = "ports",
		.type = VALUE_MAPPING,
		.where = ANY_ROUTER | PLACE_PROFILE | PLACE_WHEN,
		LAYER(KEY_PORTS, ports_node),
		.help = "what is expected of ports that are no service: 2000/tcp or 5000-5999/udp, "
			"then a word (see expect) or keys",
	},
	[KEY_EXPOSURE] = {
		.key = "exposure",
		.type = VALUE_MAPPING,
		.where = ANY_ROUTER | PLACE_PROFILE | PLACE_WHEN,
		LAYER(KEY_EXPOSURE, exposure_node),
		.help = "who may be served by the router's own firewall, as {winbox: {from: lan}}; "
			"\"*\" is every other service that listens",
	},
	[KEY_PREFIXES] = {
		.key = "prefixes",
		.type = VALUE_MAPPING,
		.where = ANY_POLICY,
		LAYER(KEY_PREFIXES, prefixes_node),
		.help = "names for exposure, as {office: [198.51.100.0/28]}; lan, internet and "
			"rfc1918 are there",
	},
	[KEY_UNLISTED] = {
		.key = "unlisted",
		.type = VALUE_CHOICE,
		.where = ANY_POLICY | PLACE_WHEN,
		.choices = schema_unlisted_modes,
		.initial = "warn",
		LAYER_SPAN(KEY_UNLISTED, target.policy.unlisted, target.policy.unlisted),
		.help = "services and open ports that the policy does not name",
	},
	[KEY_WHEN] = {
		.key = "when",
		.type = VALUE_LIST,
		.where = ANY_POLICY,
		LAYER(KEY_WHEN, when_node),
		.help = "more services, ports and unlisted, for routers that meet each item's "
			"version, board, name or group",
	},
	[KEY_GROUPS] = {
		.key = "groups",
		.type = VALUE_MAPPING,
		.where = PLACE_TOP,
		LAYER(KEY_GROUPS, groups),
		.help = "names for several routers, as {edge: [r1, \"branch-*\"]}; for when: and "
			"waivers:",
	},
	[KEY_VARS] = {
		.key = "vars",
		.type = VALUE_MAPPING,
		.where = ANY_POLICY,
		LAYER(KEY_VARS, vars),
		.help = "values that ${name} stands for, in this file and its profiles",
	},
	[KEY_WAIVERS] = {
		.key = "waivers",
		.type = VALUE_LIST,
		.where = ANY_POLICY,
		LAYER(KEY_WAIVERS, waivers_node),
		.help = "findings that are accepted: shown, but they do not fail",
	},
	[KEY_SCAN] = {
		.key = "scan",
		.type = VALUE_SCAN,
		.where = ANY_ROUTER | PLACE_TOP,
		.offset = 0,
		.size = 0,
		.origin = offsetof(struct layer, at[KEY_SCAN]),
		.help = "the look from outside, as {ports: ..., pace: ...}",
	},
	[KEY_SCAN_PORTS] = {
		.key = "ports",
		.type = VALUE_SCAN_PORTS,
		.where = PLACE_SCAN,
		.initial = "routeros",
		LAYER_SPAN(KEY_SCAN_PORTS, target.scan_ports, target.scan_list),
		.help = "which TCP ports are probed; a list is exactly that list",
	},
	[KEY_SCAN_PACE] = {
		.key = "pace",
		.type = VALUE_CHOICE,
		.where = PLACE_SCAN,
		.choices = schema_paces,
		.initial = "auto",
		LAYER(KEY_SCAN_PACE, target.pace),
		.help = "auto: in small bursts with pauses where the firewall counts probes, or "
			"may; careful: always so; full: never",
	},
	[KEY_VANTAGES] = {
		.key = "vantages",
		.type = VALUE_VANTAGES,
		.where = ANY_ROUTER,
		LAYER_SPAN(KEY_VANTAGES, target.vantages, target.vantages_n),
		.help = "more places to look from, beside the one that logs in: restrictions are "
			"verified from each",
	},
	[KEY_VANTAGE_NAME] = {
		.key = "name",
		.type = VALUE_TEXT,
		.where = PLACE_VANTAGE,
		VANTAGE(name),
		.fallback = "needed, where vantages is a list",
		.help = "what the report calls it",
	},
	[KEY_VANTAGE_SOURCE] = {
		.key = "source",
		.type = VALUE_ADDRESS,
		.where = PLACE_VANTAGE,
		VANTAGE(source),
		.help = "this machine, by another address of its own",
	},
	[KEY_VANTAGE_INTERFACE] = {
		.key = "interface",
		.type = VALUE_TEXT,
		.where = PLACE_VANTAGE,
		VANTAGE(interface),
		.help = "this machine, by another interface: with its address, and out through it",
	},
	[KEY_VANTAGE_SCAN] = {
		.key = "scan",
		.type = VALUE_PATH,
		.where = PLACE_VANTAGE,
		VANTAGE(scan),
		.help = "a scan made there: the JSON of rosaudit scan --format json, or nmap's XML",
	},
	[KEY_VANTAGE_SSH] = {
		.key = "ssh",
		.type = VALUE_TEXT,
		.where = PLACE_VANTAGE,
		VANTAGE(ssh),
		.help = "user@host: rosaudit scan is run there, over SSH",
	},
	[KEY_VANTAGE_PORT] = {
		.key = "port",
		.type = VALUE_PORT,
		.where = PLACE_VANTAGE,
		.min = 1,
		.max = 65535,
		.fallback = "22",
		VANTAGE(port),
		.help = "of ssh: its port",
	},
	[KEY_VANTAGE_KEY] = {
		.key = "key",
		.type = VALUE_PATH,
		.where = PLACE_VANTAGE,
		.fallback = "the SSH agent's keys",
		VANTAGE(key),
		.help = "of ssh: private key, without a passphrase",
	},
	[KEY_VANTAGE_HOST_KEY] = {
		.key = "host-key",
		.type = VALUE_HOST_KEY,
		.where = PLACE_VANTAGE,
		.fallback = "known-hosts decides",
		VANTAGE(host_key),
		.help = "of ssh: fingerprint of the only host key that is trusted",
	},
	[KEY_VANTAGE_PROGRAM] = {
		.key = "program",
		.type = VALUE_TEXT,
		.where = PLACE_VANTAGE,
		.fallback = "rosaudit",
		VANTAGE(program),
		.help = "of ssh: where rosaudit is there",
	},
	[KEY_VANTAGE_HOST] = {
		.key = "host",
		.type = VALUE_HOST,
		.where = PLACE_VANTAGE,
		.fallback = "the router's host",
		VANTAGE(host),
		.help = "the router as seen from there, such as its address on the outside",
	},
	[KEY_VANTAGE_FROM] = {
		.key = "from",
		.type = VALUE_ADDRESS,
		.where = PLACE_VANTAGE,
		.fallback = "the address that it sends from",
		VANTAGE(from),
		.help = "the address under which the router sees it, where a NAT stands between",
	},
	[KEY_VANTAGE_PORT_MAP] = {
		.key = "port-map",
		.type = VALUE_PORT_MAP,
		.where = PLACE_VANTAGE,
		.min = 1,
		.max = 65535,
		.fallback = "the router's port-map",
		MEMBERS(struct vantage_spec, port_map, port_map_n), .origin = NO_ORIGIN,
		.help = "of a forward that stands between: {router's port: port as seen from "
			"there}",
	},
	[KEY_EXPECT] = {
		.key = "expect",
		.type = VALUE_CHOICE,
		.where = ANY_ENTRY,
		.min = EXPECT_REQUIRED,
		.choices = schema_expectations,
		SERVICE(expect),
		.help = "on, off, either (other keys count while it is on), or not looked at; "
			"telnet: forbidden says it in one line",
	},
	[KEY_SERVICE_DISABLED] = {
		.key = "disabled",
		.type = VALUE_TRI,
		.where = PLACE_SERVICE,
		SERVICE(disabled),
		.help = "the service is switched off",
	},
	[KEY_SERVICE_PORT] = {
		.key = "port",
		.type = VALUE_NUMBERS,
		.where = PLACE_SERVICE,
		.min = 1,
		.max = 65535,
		SERVICE_SPAN(port, port_set, port_at),
		.help = "the port in the router's own numbering",
	},
	[KEY_SERVICE_ADDRESS] = {
		.key = "address",
		.alias = "available-from", /* its name from RouterOS 7.24 on */
		.type = VALUE_ACCESS,
		.where = PLACE_SERVICE,
		SERVICE_SPAN(address_mode, covers_n, address_at),
		.help = "a list: all that the router allows lies within; []: unrestricted; "
			"restricted: any real restriction",
	},
	[KEY_ADDRESS_WITHIN] = {
		.key = "within",
		.type = VALUE_PREFIXES,
		.where = PLACE_ADDRESS,
		MEMBERS(struct expect_service, address, address_n),
		.origin = NO_ORIGIN,
		.help = "all that the router allows lies within these",
	},
	[KEY_ADDRESS_COVERS] = {
		.key = "covers",
		.type = VALUE_PREFIXES,
		.where = PLACE_ADDRESS,
		MEMBERS(struct expect_service, covers, covers_n),
		.origin = NO_ORIGIN,
		.help = "the router allows all of these",
	},
	[KEY_RANGE_MIN] = {
		.key = "min", .type = VALUE_INT, .where = PLACE_RANGE, .min = 0, .max = 65535,
		MEMBER(struct number_range, min),
		.origin = NO_ORIGIN,
		.help = "the least that is right",
	},
	[KEY_RANGE_MAX] = {
		.key = "max", .type = VALUE_INT, .where = PLACE_RANGE, .min = 0, .max = 65535,
		MEMBER(struct number_range, max),
		.origin = NO_ORIGIN,
		.help = "the most that is right",
	},
	[KEY_SERVICE_CERTIFICATE] = {
		.key = "certificate",
		.type = VALUE_WORDS,
		.where = PLACE_SERVICE,
		SERVICE_SPAN(certificate, certificate_set, certificate_at),
		.help = "name of the certificate, or none; \"*\" is any but none",
	},
	[KEY_SERVICE_TLS_VERSION] = {
		.key = "tls-version",
		.type = VALUE_WORDS,
		.where = PLACE_SERVICE,
		.choices = schema_tls_versions,
		SERVICE_SPAN(tls_version, tls_version_set, tls_version_at),
		.help = "TLS versions that the service speaks",
	},
	[KEY_SERVICE_VRF] = {
		.key = "vrf",
		.type = VALUE_WORDS,
		.where = PLACE_SERVICE,
		SERVICE_SPAN(vrf, vrf_set, vrf_at),
		.help = "the routing table it listens in (RouterOS 7.1 and later)",
	},
	[KEY_SERVICE_MAX_SESSIONS] = {
		.key = "max-sessions",
		.type = VALUE_NUMBERS,
		.where = PLACE_SERVICE,
		.min = 1,
		.max = 1000,
		SERVICE_SPAN(max_sessions, max_sessions_set, max_sessions_at),
		.help = "sessions at one time (RouterOS 7.16 and later)",
	},
	[KEY_REACHABLE] = {
		.key = "reachable",
		.type = VALUE_REACHABLE,
		.where = ANY_ENTRY,
		SERVICE_SPAN(reachable, reachable_exactly, reachable_at),
		.help = "yes: it serves us from here; no: closed, filtered or refused; served: it "
			"spoke; refused: accepted, then closed without a word",
	},
	[KEY_FROM] = {
		.key = "from",
		.type = VALUE_SOURCES,
		.where = PLACE_EXPOSURE,
		SERVICE(from),
		.help = "the service may be served to these sources alone",
	},
	[KEY_NOT_FROM] = {
		.key = "not-from",
		.type = VALUE_SOURCES,
		.where = PLACE_EXPOSURE,
		SERVICE(not_from),
		.help = "the service may be served to none of these sources",
	},
	[KEY_SEVERITY] = {
		.key = "severity",
		.type = VALUE_CHOICE,
		.where = ANY_SAID,
		.choices = schema_severities,
		.fallback = "the rule's own",
		SERVICE(remark.severity),
		.help = "how much it weighs when this is not so",
	},
	[KEY_TITLE] = {
		.key = "title",
		.type = VALUE_TEXT,
		.where = ANY_SAID,
		SERVICE(remark.title),
		.help = "headline of the finding, in place of the rule's",
	},
	[KEY_WHY] = {
		.key = "why",
		.type = VALUE_TEXT,
		.where = ANY_SAID,
		SERVICE(remark.why),
		.help = "the reason, for whoever reads the finding",
	},
	[KEY_LINK] = {
		.key = "link",
		.type = VALUE_LINK,
		.where = ANY_SAID,
		SERVICE(remark.link),
		.help = "where to read more: a ticket, a page of a wiki",
	},
	[KEY_ENTRY_WHEN] = {
		.key = "when",
		.type = VALUE_CONDITION,
		.where = ANY_SAID,
		SERVICE(when),
		.help = "the entry counts only for routers that meet this",
	},
	[KEY_WHEN_VERSION] = {
		.key = "version",
		.type = VALUE_VERSION,
		.where = ANY_WHEN,
		CONDITION_SPAN(version, version_n, version_at),
		.help = "RouterOS of the router; several comparisons must all hold",
	},
	[KEY_WHEN_BOARD] = {
		.key = "board",
		.type = VALUE_GLOBS,
		.where = ANY_WHEN,
		CONDITION(board),
		.help = "board name as /system resource gives it",
	},
	[KEY_WHEN_NAME] = {
		.key = "name",
		.type = VALUE_GLOBS,
		.where = ANY_WHEN,
		CONDITION(name),
		.help = "name of the router in this file",
	},
	[KEY_WHEN_GROUP] = {
		.key = "group",
		.type = VALUE_GLOBS,
		.where = ANY_WHEN,
		CONDITION(group),
		.help = "one of groups: that the router is in",
	},
	[KEY_WAIVER_RULE] = {
		.key = "rule",
		.type = VALUE_RULE,
		.where = PLACE_WAIVER,
		.fallback = "any",
		WAIVER(rule),
		.help = "the rule whose finding is accepted",
	},
	[KEY_WAIVER_SERVICE] = {
		.key = "service",
		.type = VALUE_GLOB,
		.where = PLACE_WAIVER,
		.fallback = "any",
		WAIVER(service),
		.help = "name of the service",
	},
	[KEY_WAIVER_PORT] = {
		.key = "port",
		.type = VALUE_PORT_ID,
		.where = PLACE_WAIVER,
		.fallback = "any",
		MEMBERS(struct waiver, port_first, port_udp), .origin = NO_ORIGIN,
		.help = "the port, or a range, with its protocol",
	},
	[KEY_WAIVER_ROUTER] = {
		.key = "router",
		.type = VALUE_GLOB,
		.where = PLACE_WAIVER,
		.fallback = "any that has this waiver",
		WAIVER(router),
		.help = "name of the router",
	},
	[KEY_WAIVER_REASON] = {
		.key = "reason",
		.type = VALUE_TEXT,
		.where = PLACE_WAIVER,
		.required = true,
		WAIVER(reason),
		.help = "why it is accepted, and by whom",
	},
	[KEY_WAIVER_EXPIRES] = {
		.key = "expires",
		.type = VALUE_DATE,
		.where = PLACE_WAIVER,
		.fallback = "never",
		MEMBERS(struct waiver, expires, expires_at), .origin = NO_ORIGIN,
		.help = "from 00:00 of that day, local time, it is a finding again",
	},
	[KEY_SECRET_ENV] = {
		.key = "env", .type = VALUE_SECRET_TEXT, SECRET_OF(SECRET_ENV),
		.help = "name of the environment variable that holds it",
	},
	[KEY_SECRET_FILE] = {
		.key = "file", .type = VALUE_SECRET_PATH, SECRET_OF(SECRET_FILE),
		.help = "file whose first line it is",
	},
	[KEY_SECRET_COMMAND] = {
		.key = "command", .type = VALUE_SECRET_TEXT, SECRET_OF(SECRET_COMMAND),
		.help = "shell command whose first line of output it is",
	},
	[KEY_SECRET_PROMPT] = {
		.key = "prompt", .type = VALUE_SECRET_PROMPT, SECRET_OF(SECRET_PROMPT),
		.help = "ask on the terminal",
	},
	[KEY_SECRET_LITERAL] = {
		.key = "literal", .type = VALUE_SECRET_TEXT, SECRET_OF(SECRET_LITERAL),
		.help = "the secret itself, readable for everyone who can read the file",
	},
};
/* clang-format on */
