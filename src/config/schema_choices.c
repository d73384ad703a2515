/* The words that a key of the schema may have. Orders are those of the enums. */
#include "schema.h"

const char *const schema_transports[] = {"ssh", "rest", "both", "file", NULL};
const char *const schema_unlisted_modes[] = {"warn", "fail", "ignore", NULL};
/* of rest_plain */
const char *const schema_schemes[] = {"https", "http", NULL};
/* of read_services */
const char *const schema_paces[] = {"auto", "careful", "full", NULL};
const char *const schema_reads[] = {"all", "services", NULL};
const char *const schema_tls_versions[] = {"any", "only-1.2", NULL};
const char *const schema_expectations[] = {"required", "forbidden", "allowed", "ignored", NULL};
const char *const schema_severities[] = {"info", "low", "medium", "high", "critical", NULL};
