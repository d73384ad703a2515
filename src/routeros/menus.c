/* The menus that rosaudit reads, one row each, and their properties. */
#include "forms.h"

static const struct property service_properties[] = {
	{".id", PROPERTY_WORD, NULL},
	{"about", PROPERTY_TEXT, NULL},
	{"address", PROPERTY_LIST, "available-from"}, /* renamed in 7.24 */
	{"certificate", PROPERTY_TEXT, NULL},
	{"connection", PROPERTY_BOOL, NULL},
	{"container", PROPERTY_WORD, NULL},
	{"disabled", PROPERTY_BOOL, NULL},
	{"dynamic", PROPERTY_BOOL, NULL},
	{"invalid", PROPERTY_BOOL, NULL},
	{"local", PROPERTY_WORD, NULL},
	{"max-sessions", PROPERTY_NUMBER, NULL},
	{"name", PROPERTY_WORD, NULL},
	{"netns", PROPERTY_WORD, NULL},
	{"port", PROPERTY_NUMBER, NULL},
	{"proto", PROPERTY_WORD, NULL},
	{"remote", PROPERTY_WORD, NULL},
	{"tls-version", PROPERTY_WORD, NULL},
	{"vrf", PROPERTY_WORD, NULL},
	{0},
};

static const struct property resource_properties[] = {
	{".id", PROPERTY_WORD, NULL},
	{"architecture-name", PROPERTY_WORD, NULL},
	{"bad-blocks", PROPERTY_WORD, NULL},
	{"board-name", PROPERTY_TEXT, NULL},
	{"build-time", PROPERTY_TEXT, NULL},
	{"cpu", PROPERTY_TEXT, NULL},
	{"cpu-count", PROPERTY_WORD, NULL},
	{"cpu-frequency", PROPERTY_WORD, NULL},
	{"cpu-load", PROPERTY_WORD, NULL},
	{"factory-software", PROPERTY_TEXT, NULL},
	{"free-hdd-space", PROPERTY_WORD, NULL},
	{"free-memory", PROPERTY_WORD, NULL},
	{"platform", PROPERTY_TEXT, NULL},
	{"total-hdd-space", PROPERTY_WORD, NULL},
	{"total-memory", PROPERTY_WORD, NULL},
	{"uptime", PROPERTY_WORD, NULL},
	{"version", PROPERTY_TEXT, NULL},
	{"write-sect-since-reboot", PROPERTY_WORD, NULL},
	{"write-sect-total", PROPERTY_WORD, NULL},
	{0},
};

static const struct property identity_properties[] = {
	{".id", PROPERTY_WORD, NULL},
	{"name", PROPERTY_TEXT, NULL},
	{0},
};

static const struct property user_active_properties[] = {
	{".id", PROPERTY_WORD, NULL},
	{"address", PROPERTY_WORD, NULL}, /* of a session: one address, no list */
	{"by-romon", PROPERTY_WORD, NULL},
	{"group", PROPERTY_WORD, NULL},
	{"name", PROPERTY_WORD, NULL},
	{"radius", PROPERTY_BOOL, NULL},
	{"via", PROPERTY_WORD, NULL},
	{"when", PROPERTY_TEXT, NULL},
	{0},
};

static const char *const service_needs[] = {"name", "port", NULL};
static const char *const resource_needs[] = {"version", NULL};
static const char *const name_needs[] = {"name", NULL};

const struct menu menus[MENU_COUNT] = {
	[MENU_IP_SERVICE] =
		{
			.id = MENU_IP_SERVICE,
			.path = "/ip service",
			.rest = "ip/service",
			.since = {6, 0},
			.properties = service_properties,
			.flags = "XIDc",
			.needs = service_needs,
			.take_rows = ip_service_take_rows,
		},
	[MENU_SYSTEM_RESOURCE] =
		{
			.id = MENU_SYSTEM_RESOURCE,
			.path = "/system resource",
			.rest = "system/resource",
			.since = {6, 0},
			.properties = resource_properties,
			.flags = "",
			.needs = resource_needs,
			.take_rows = resource_take_rows,
		},
	[MENU_SYSTEM_IDENTITY] =
		{
			.id = MENU_SYSTEM_IDENTITY,
			.path = "/system identity",
			.rest = "system/identity",
			.since = {6, 0},
			.properties = identity_properties,
			.flags = "",
			.needs = name_needs,
			.take_rows = identity_take_rows,
		},
	[MENU_USER_ACTIVE] =
		{
			.id = MENU_USER_ACTIVE,
			.path = "/user active",
			.rest = "user/active",
			.since = {6, 0},
			.properties = user_active_properties,
			.flags = "RM",
			.needs = name_needs,
			.take_rows = user_active_take_rows,
		},
};
