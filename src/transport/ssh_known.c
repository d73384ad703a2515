/* known_hosts files. libssh reads them too, but gives up silently at the first line that it
 * does not understand, which would make a changed key look like an unknown one. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rosaudit/arena.h"
#include "rosaudit/buf.h"
#include "rosaudit/file.h"
#include "rosaudit/limits.h"
#include "ssh_private.h"

#define OUR_FILE     "~/.ssh/known_hosts"
#define MACHINE_FILE "/etc/ssh/ssh_known_hosts"

/* As ssh(1) writes it: lower case, the port only when it is not 22. */
static char *entry_name(const char *host, uint16_t port)
{
	size_t n = strlen(host) + 16;
	char *name = mem_alloc(n);

	if (port == 22)
		snprintf(name, n, "%s", host);
	else
		snprintf(name, n, "[%s]:%u", host, port);
	for (char *p = name; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return name;
}

static void keep(struct known_hosts *k, const struct known_key *one)
{
	k->v = mem_realloc(k->v, (k->n + 1) * sizeof(k->v[0]));
	k->v[k->n++] = *one;
}

/* libssh splits at blanks only; ssh(1) at tabs too. */
static void blanks_for_tabs(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] == '\t' || p[i] == '\r')
			p[i] = ' ';
}

/* Takes "@revoked " off the line. False for a line that is none of ours: empty, a comment, a
 * certificate authority (RouterOS has no host certificates). */
static bool take_marker(char **line, bool *revoked)
{
	static const char marker[] = "@revoked ";

	*line += strspn(*line, " ");
	*revoked = strncmp(*line, marker, sizeof(marker) - 1) == 0;
	if (*revoked) {
		*line += sizeof(marker) - 1;
		*line += strspn(*line, " ");
	}
	return **line && **line != '#' && **line != '@';
}

/* Does a pattern like "!r1.lab" exclude the router? libssh looks at each pattern of a line
 * alone, and so lets "*" win over it. */
static bool is_excluded(const char *name, const char *line)
{
	size_t fields = strcspn(line, " ");

	for (size_t at = 0; at < fields;) {
		size_t n = strcspn(line + at, ", ");
		struct ssh_knownhosts_entry *entry = NULL;
		char *alone;
		int rc;

		if (line[at] == '!') {
			/* No key: SSH_AGAIN still says "another host", an error "this one". */
			alone = mem_alloc(n + 8);
			snprintf(alone, n + 8, "%.*s - -", (int)n - 1, line + at + 1);
			rc = ssh_known_hosts_parse_line(name, alone, &entry);
			free(alone);
			if (rc != SSH_AGAIN)
				return true;
		}
		at += n + 1;
	}
	return false;
}

static void take_line(struct known_hosts *k, char *line, const char *file, size_t number)
{
	struct ssh_knownhosts_entry *entry = NULL;
	struct known_key one = {.file = file, .line = number};
	int rc;

	if (!take_marker(&line, &one.revoked) || is_excluded(k->name, line))
		return;
	rc = ssh_known_hosts_parse_line(k->name, line, &entry);
	if (rc == SSH_AGAIN)
		return; /* of another host */
	if (rc == SSH_OK) {
		one.key = entry->publickey;
		entry->publickey = NULL;
		SSH_KNOWNHOSTS_ENTRY_FREE(entry);
	}
	keep(k, &one);
}

static void take_text(struct known_hosts *k, struct buf *text, const char *file)
{
	char *p = text->p, *end = text->p + text->n;
	size_t number = 0;

	blanks_for_tabs(p, text->n);
	while (p < end) {
		char *stop = memchr(p, '\n', (size_t)(end - p));

		if (stop)
			*stop = '\0';
		take_line(k, p, file, ++number);
		p = stop ? stop + 1 : end;
	}
}

static int take_file(struct known_hosts *k, const char *file, struct error *err)
{
	struct error one = {0};
	struct buf text;
	int r = 0;

	buf_init(&text, LIMIT_FILE_BYTES);
	if (file_read(file, &text, &one)) {
		/* No file is as good as an empty one. */
		if (one.kind != ERROR_SYSTEM || (one.sys != ENOENT && one.sys != ENOTDIR)) {
			if (err && !error_is_set(err))
				*err = one;
			r = error_wrap(err, "known hosts");
		}
	} else if (text.n) {
		take_text(k, &text, file);
	}
	buf_done(&text);
	return r;
}

int known_hosts_load(struct known_hosts *k, const struct target *target, uint16_t port,
                     struct error *err)
{
	k->name = entry_name(target->host, port);
	k->files[0] = file_expand(target->known_hosts ? target->known_hosts : OUR_FILE);
	/* A file of their own is for labs whose keys change; the machine's would contradict it. */
	if (!target->known_hosts)
		k->files[1] = mem_strdup(MACHINE_FILE);
	/* A pin outweighs every file. */
	if (target->host_key)
		return 0;
	for (size_t i = 0; i < 2 && k->files[i]; i++)
		if (take_file(k, k->files[i], err))
			return -1;
	return 0;
}

void known_hosts_done(struct known_hosts *k)
{
	for (size_t i = 0; i < k->n; i++)
		ssh_key_free(k->v[i].key);
	free(k->v);
	free(k->files[0]);
	free(k->files[1]);
	free(k->name);
	*k = (struct known_hosts){0};
}

bool known_hosts_has_type(const struct known_hosts *k, enum ssh_keytypes_e type)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->v[i].key && !k->v[i].revoked && ssh_key_type(k->v[i].key) == type)
			return true;
	return false;
}

/* Makes the directories that lead to path. */
static int make_parents(char *path)
{
	for (char *p = path + 1; (p = strchr(p, '/')); p++) {
		int r;

		*p = '\0';
		r = mkdir(path, 0700);
		*p = '/';
		if (r && errno != EEXIST)
			return -1;
	}
	return 0;
}

/* A last line without its newline would swallow ours. */
static bool needs_newline(int fd)
{
	struct stat st;
	char last = '\n';

	if (fstat(fd, &st) || st.st_size == 0)
		return false;
	return pread(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
}

int known_hosts_add(const struct known_hosts *k, ssh_key key, struct error *err)
{
	char *file = k->files[0], *base64 = NULL;
	struct buf line;
	int fd = -1, r = -1;

	buf_init(&line, 16384);
	if (ssh_pki_export_pubkey_base64(key, &base64) != SSH_OK) {
		error_set(err, ERROR_SYSTEM, "libssh cannot write the host key down");
		goto out;
	}
	if (make_parents(file) == 0)
		fd = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0) {
		error_set_sys(err, errno, "cannot add the host key to %s", file);
		goto out;
	}
	buf_printf(&line, "%s%s %s %s\n", needs_newline(fd) ? "\n" : "", k->name,
	           ssh_key_type_to_char(ssh_key_type(key)), base64);
	/* One write: several routers may be added at once. */
	if (write(fd, line.p, line.n) != (ssize_t)line.n) {
		error_set_sys(err, errno, "cannot add the host key to %s", file);
		goto out;
	}
	r = 0;
out:
	if (fd >= 0)
		close(fd);
	ssh_string_free_char(base64);
	buf_done(&line);
	return r;
}
