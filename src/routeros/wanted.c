/* Questions about rows of the table of wanted menus. */
#include <string.h>

#include "wanted.h"

bool wanted_in(const struct wanted *w, const struct ros_version *v)
{
	if (v->major == 0)
		return w->until.major == 0;
	return ros_version_at_least(v, w->since.major, w->since.minor) &&
	       !(w->until.major && ros_version_at_least(v, w->until.major, w->until.minor));
}

bool wanted_is_sure(const struct wanted *w, const struct ros_version *v)
{
	return v->major && wanted_in(w, v) && !w->optional && !(w->optional_6 && v->major < 7);
}

/* Ends of names that say what the value is. `private-key` and `auth-key` are "-key". */
static const char *const secret_ends[] = {
	"password",  "passwords", "passphrase", "secret",      "secrets",     "psk", "-key",
	"community", "token",     "pin",        "credentials", "environment", "env",
};

/* Parts of names that say so wherever they stand. */
static const char *const secret_parts[] = {"preshared", "pre-shared", "private-key"};

static const char *const harmless[] = {"public-key", "remote-public-key", "responder-public-key"};

static bool is_word_of(const char *words, const char *name, size_t n)
{
	while (words && *words) {
		size_t len = strcspn(words, " ");

		if (len == n && memcmp(words, name, n) == 0)
			return true;
		words += len + (words[len] == ' ');
	}
	return false;
}

bool secret_property(const struct wanted *w, const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strlen(harmless[i]) == n && memcmp(harmless[i], name, n) == 0)
			return false;
	for (size_t i = 0; i < sizeof(secret_ends) / sizeof(secret_ends[0]); i++) {
		size_t len = strlen(secret_ends[i]);

		if (n >= len && memcmp(name + n - len, secret_ends[i], len) == 0)
			return true;
	}
	for (size_t i = 0; i < sizeof(secret_parts) / sizeof(secret_parts[0]); i++)
		if (memmem(name, n, secret_parts[i], strlen(secret_parts[i])))
			return true;
	return (n == 3 && memcmp(name, "key", 3) == 0) || is_word_of(w->secrets, name, n);
}
