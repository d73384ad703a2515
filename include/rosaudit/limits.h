/* Every outside input has a limit with a name. Raising one is a decision, not an accident. */
#ifndef ROSAUDIT_LIMITS_H
#define ROSAUDIT_LIMITS_H

/* One answer of a router. Nine services print in 1 KiB; a busy 7.19+ router lists every connection
 * at some 150 bytes each, so 4 MiB is about 28,000 connections. */
#define LIMIT_ANSWER_BYTES (4u << 20)
/* A saved output given as a file: several answers in one transcript. */
#define LIMIT_FILE_BYTES (16u << 20)
/* All saved answers of one router: a firewall's and its lists', twice a menu's limit. */
#define LIMIT_SAVED_BYTES (128u << 20)
/* A path that we make ourselves. */
#define LIMIT_PATH_BYTES 4096u
/* One line of an answer; a terse firewall row with long lists stays far below. */
#define LIMIT_LINE_BYTES (64u << 10)
/* Rows in one /ip service listing: static, listeners and connections. */
#define LIMIT_ROWS 65536u
/* Prefixes in one address list of one service. */
#define LIMIT_PREFIXES 4096u
/* One answer that holds a firewall or its lists: 100,000 entries at some 250 bytes of JSON are 25
 * MiB. */
#define LIMIT_MENU_BYTES (64u << 20)
/* Items of one menu: a blocklist of 100,000 entries is common, a million is not a router's. */
#define LIMIT_MENU_ITEMS 300000u
/* Properties of one item; the longest list of RouterOS 7.24, a firewall rule's, has 75. */
#define LIMIT_ITEM_FIELDS 128u
/* One command line that asks for several menus; RouterOS's own limit is not documented. */
#define LIMIT_REQUEST_BYTES 2048u
/* All menus beyond /ip service together, in milliseconds: the scan needs the rest of the time. */
#define LIMIT_MENUS_MS 60000
/* Columns in one table. */
#define LIMIT_COLUMNS 64u

/* A policy file: hand-written YAML; a megabyte is 20,000 lines. */
#define LIMIT_YAML_BYTES (1u << 20)
/* Nesting of YAML; the schema needs six. */
#define LIMIT_YAML_DEPTH 32u
/* Nodes after aliases are followed: stops a "billion laughs" file. */
#define LIMIT_YAML_NODES 100000u
/* Anchors (&name) in one YAML file: each alias is looked up among them. */
#define LIMIT_YAML_ANCHORS 256u
/* Errors told in one run: past that nobody reads on. */
#define LIMIT_CONFIG_ERRORS 100u
/* Vantages of one router: each is a column of the report's table, and a scan. */
#define LIMIT_VANTAGES 12u
/* Routers of one run, after hosts: ranges are expanded. */
#define LIMIT_ROUTERS 4096u

/* A file of targets (-iL): a million addresses at 16 bytes each. */
#define LIMIT_TARGET_FILE_BYTES (16u << 20)
/* Addresses of one scan without --yes: a /16. More is a slip more often than a wish. */
#define LIMIT_SCAN_ADDRESSES 65536u
/* Probes that are kept in mind at once; hosts are scanned in groups below it. A group of 64 hosts
 * with all their ports. */
#define LIMIT_SCAN_GROUP_PROBES (4u << 20)
/* Hosts of one such group. */
#define LIMIT_SCAN_GROUP_HOSTS 4096u
/* Another's scan, as XML or JSON: nmap writes some 150 bytes for each port that it lists. */
#define LIMIT_SCAN_FILE_BYTES (64u << 20)
/* Hosts of it: the same /16. */
#define LIMIT_SCAN_FILE_HOSTS 65536u
/* Nesting of its elements; nmap's deepest (script tables) are seven or eight. */
#define LIMIT_SCAN_FILE_DEPTH 32u

/* Bytes of a greeting that are read and kept; SSH allows 255 a line, HTTP heads are longer. */
#define LIMIT_BANNER_BYTES 1024u
/* Bytes of one port that are heard once its protocol is known: a TLS chain of 16 certificates, an
 * SSH key exchange offer (35,000 at most, RFC 4253 6.1), the head and the title of a web page. */
#define LIMIT_EXAM_BYTES (48u << 10)
/* One text of a service's facts: a title, a subject, a name-list. */
#define LIMIT_FACT_BYTES 1024u
/* Names in one certificate; shared hosts have a hundred, routers one or two. */
#define LIMIT_CERTIFICATE_NAMES 128u
/* A password from a file or a command. */
#define LIMIT_SECRET_BYTES 4096u

/* Visits of firewall rules in one prediction: chains that jump into each other twice and twice
 * again are walked 2^depth times. 10,000 rules over 100 interfaces, services and addresses are 10
 * million; what is left when these are used up is unknown. */
#define LIMIT_EXPOSURE_STEPS 50000000u
/* Chains that a packet may be inside of at once; a deeper one is unknown. A hand-made firewall has
 * three or four, and each takes a bit of a 64-bit word. */
#define LIMIT_CHAIN_DEPTH 60u
/* Ports that nat rules alone know and that get rows of their own, for each family. */
#define LIMIT_EXPOSURE_FORWARDS 256u
/* Comparisons of conditions in search of rules that never match: ten thousand rules, no two with
 * the same conditions, would take 50 million. Beyond it only what was compared is told. */
#define LIMIT_FLAW_STEPS 10000000u
/* Own addresses of the router that rules tell apart; when there are more, the destination is taken
 * as unknown. */
#define LIMIT_EXPOSURE_DESTINATIONS 64u

#endif
