/* Where the profiles are: found from the program's own place, so that a copied tree still works;
 * the environment variable ROSAUDIT_PROFILES names a folder that is looked into first. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

void program_dir(char *path)
{
	ssize_t n = readlink("/proc/self/exe", path, PATH_MAX - 1);
	char *slash;

	path[n > 0 ? n : 0] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
}

const char *const *profile_dirs(struct arena *arena)
{
	/* build/rosaudit, build/check/rosaudit, PREFIX/bin/rosaudit. */
	static const char *const beside[] = {"../profiles", "../../profiles",
	                                     "../share/rosaudit/profiles"};
	const size_t n = sizeof(beside) / sizeof(beside[0]);
	const char **dirs = arena_array(arena, n + 2, sizeof(*dirs));
	const char *chosen = getenv("ROSAUDIT_PROFILES");
	char exe[PATH_MAX];
	size_t used = 0;

	if (chosen && chosen[0])
		dirs[used++] = chosen;
	program_dir(exe);
	for (size_t i = 0; exe[0] && i < n; i++) {
		char *dir = arena_printf(arena, "%s/%s", exe, beside[i]);
		char real[PATH_MAX];

		if (realpath(dir, real))
			dirs[used++] = arena_strdup(arena, real);
	}
	return dirs;
}

const char *schema_path(struct arena *arena)
{
	static const char *const beside[] = {"../docs", "../../docs", "../share/rosaudit/docs"};
	static const char name[] = "rosaudit.schema.json";
	char exe[PATH_MAX], real[PATH_MAX];

	program_dir(exe);
	for (size_t i = 0; exe[0] && i < sizeof(beside) / sizeof(beside[0]); i++)
		if (realpath(arena_printf(arena, "%s/%s/%s", exe, beside[i], name), real) &&
		    !strpbrk(real, "\r\n"))
			return arena_strdup(arena, real);
	return name;
}
