/* Privileges: what needs them is opened first, then they are given away for good. Under sudo the
 * program goes on as the user who called it, so that keys, known hosts and new files are that
 * user's. */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli.h"
#include "rosaudit/text.h"

/* What whoever is root expects of files, and what cannot open a socket. */
#define FILE_CAPABILITIES                                                                          \
	(1u << CAP_CHOWN | 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH | 1u << CAP_FOWNER)

static bool capabilities_get(struct __user_cap_data_struct data[2])
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};

	return syscall(SYS_capget, &header, data) == 0;
}

bool privileges_have_raw(void)
{
	struct __user_cap_data_struct data[2] = {0};

	return capabilities_get(data) && (data[0].effective & 1u << CAP_NET_RAW);
}

static int drop_capabilities(struct error *err)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {0};

	if (!capabilities_get(data))
		return error_set_sys(err, errno, "cannot read this program's capabilities");
	for (size_t i = 0; i < 2; i++) {
		uint32_t keep = i == 0 ? FILE_CAPABILITIES : 0;

		data[i].effective &= keep;
		data[i].permitted &= keep;
		data[i].inheritable = 0;
	}
	if (syscall(SYS_capset, &header, data))
		return error_set_sys(err, errno, "cannot give capabilities away");
	return 0;
}

/* The number in an environment variable that sudo sets; false without. */
static bool sudo_number(const char *name, unsigned long *out)
{
	const char *s = getenv(name);

	return s && text_to_uint(s, strlen(s), 1, UINT32_MAX - 1ul, out);
}

static int become(uid_t uid, gid_t gid, struct error *err)
{
	struct passwd entry, *found = NULL;
	char text[4096];

	/* A user without an entry has no other groups, and keeps HOME. */
	if (getpwuid_r(uid, &entry, text, sizeof(text), &found))
		found = NULL;
	if (found ? initgroups(entry.pw_name, gid) : setgroups(1, &gid))
		return error_set_sys(err, errno, "cannot take the groups of user %u", uid);
	if (setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return error_set_sys(err, errno, "cannot become user %u, who called sudo", uid);
	if (found && setenv("HOME", entry.pw_dir, 1))
		return error_set_sys(err, errno, "cannot set HOME");
	return 0;
}

int privileges_drop(bool holds_raw, struct error *err)
{
	unsigned long uid, gid;

	if (geteuid() == 0 && sudo_number("SUDO_UID", &uid) && sudo_number("SUDO_GID", &gid)) {
		if (become((uid_t)uid, (gid_t)gid, err))
			return -1;
	} else if (drop_capabilities(err)) {
		return -1;
	}
	/* The kernel closes /proc/self, where profiles are looked for from, when a program changes
	 * who it is. With a raw socket in hand it stays closed: no debugger shall take that. */
	if (!holds_raw)
		prctl(PR_SET_DUMPABLE, 1);
	return 0;
}
