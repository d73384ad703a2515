/* Address lists and counters as the kernel has them at this moment: read from `nft list`. */
#include "nft_live.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "nft_inner.h"

extern char **environ;

#define LISTS "ip firewall address-list"

static struct feature *lists_of(struct scenario *s)
{
	for (size_t i = 0; i < s->features.n; i++)
		if (strcmp(s->features.v[i].path, LISTS) == 0)
			return &s->features.v[i];
	return feature_add(&s->features, LISTS, false);
}

static void item_done(struct feature_item *item)
{
	for (size_t i = 0; i < item->n; i++) {
		free(item->field[i].name);
		free(item->field[i].value);
	}
	free(item->field);
}

/* Those of the last time stand behind the scenario's own. */
static void forget(struct feature *lists)
{
	while (lists->n > 0 && feature_flag(&lists->item[lists->n - 1], "dynamic")) {
		item_done(&lists->item[--lists->n]);
		lists->item[lists->n] = (struct feature_item){0};
	}
}

/* stdout of the command; "" when it fails. */
static void output_of(char *const argv[], struct text *out)
{
	posix_spawn_file_actions_t actions;
	char chunk[4096];
	ssize_t got;
	int ends[2];
	pid_t pid;

	if (pipe(ends) != 0)
		return;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", 1, 0);
	if (posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ) != 0)
		pid = -1;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	while (pid > 0 && (got = read(ends[0], chunk, sizeof(chunk))) > 0)
		text_add_n(out, chunk, (size_t)got);
	close(ends[0]);
	if (pid > 0)
		waitpid(pid, NULL, 0);
}

/* "elements = { 192.0.2.7 timeout 14d expires 13d23h, 192.0.2.9 … }" */
static void take_elements(const char *said, const char *list, struct feature *lists)
{
	const char *p = strstr(said, "elements = {");

	for (p = p == NULL ? NULL : p + 12; p != NULL && *p != '}' && *p != '\0';) {
		size_t n;
		char *address;
		struct feature_item *item;

		p += strspn(p, " \t\n");
		n = strcspn(p, " \t\n,}");
		address = mem_copy_n(p, n);
		item = feature_add_item(lists);
		feature_set(item, "list", list);
		feature_set(item, "address", address);
		feature_set(item, "dynamic", "yes");
		free(address);
		p += strcspn(p, ",}");
		p += *p == ',';
	}
}

static void ask(const char *list, struct feature *lists)
{
	static char nft[] = "nft", list_word[] = "list", set[] = "set", ip[] = "ip",
		    mock[] = "mock";
	struct text name = {0}, said = {0};
	char *argv[] = {nft, list_word, set, ip, mock, NULL, NULL};

	nft_list_name('d', list, &name);
	argv[5] = name.p;
	output_of(argv, &said);
	take_elements(text_get(&said), list, lists);
	text_done(&said);
	text_done(&name);
}

/* A rule may be several lines of nftables; their packets add up. */
static unsigned long packets_of(const char *said, const char *table, size_t rule)
{
	char mark[64];
	unsigned long all = 0;

	snprintf(mark, sizeof(mark), "comment \"%s %zu\"", table, rule);
	for (const char *p = strstr(said, mark); p != NULL; p = strstr(p + 1, mark)) {
		const char *line = p, *counter;

		while (line > said && line[-1] != '\n')
			line--;
		counter = strstr(line, "counter packets ");
		if (counter != NULL && counter < p)
			all += strtoul(counter + 16, NULL, 10);
	}
	return all;
}

/* The rules' counters. */
static void count(struct scenario *s, const char *said)
{
	static const char *const tables[] = {"filter", "raw", "nat"};

	for (size_t t = 0; t < 3; t++) {
		char path[32], packets[24];

		snprintf(path, sizeof(path), "ip firewall %s", tables[t]);
		for (size_t i = 0; i < s->features.n; i++) {
			struct feature *f = &s->features.v[i];

			for (size_t k = 0; strcmp(f->path, path) == 0 && k < f->n; k++) {
				snprintf(packets, sizeof(packets), "%lu",
				         packets_of(said, tables[t], k));
				feature_set(&f->item[k], "packets", packets);
			}
		}
	}
}

static void count_all(struct scenario *s)
{
	static char nft[] = "nft", list[] = "list", table[] = "table", ip[] = "ip", mock[] = "mock";
	char *argv[] = {nft, list, table, ip, mock, NULL};
	struct text said = {0};

	output_of(argv, &said);
	count(s, text_get(&said));
	text_done(&said);
}

static bool is_named_before(const struct feature *rules, size_t at, const char *list)
{
	for (size_t i = 0; i < at; i++) {
		const char *other = feature_get(&rules->item[i], "address-list");

		if (other != NULL && strcmp(other, list) == 0)
			return true;
	}
	return false;
}

void nft_live(struct scenario *s)
{
	static const char *const menus[] = {"ip firewall filter", "ip firewall raw"};
	struct feature *lists;

	if (!s->live_lists)
		return;
	count_all(s);
	lists = lists_of(s);
	forget(lists);
	for (size_t m = 0; m < 2; m++) {
		const struct feature *rules = feature_find(&s->features, menus[m]);

		for (size_t i = 0; rules != NULL && i < rules->n; i++) {
			const char *list = feature_get(&rules->item[i], "address-list");

			if (list != NULL && list[0] != '\0' && !is_named_before(rules, i, list))
				ask(list, lists);
		}
	}
}
