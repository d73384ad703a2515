/* Servers that misbehave before SSH has begun. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "tests/support/ssh_faults.h"

static const struct {
	const char *name, *help;
} faults[FAULT_COUNT] = {
	[FAULT_NONE] = {"none", "logs in and answers"},
	[GREETING_STALL] = {"greeting-stall", "accepts the connection and says nothing"},
	[GREETING_CLOSE] = {"greeting-close", "accepts and closes at once"},
	[GREETING_RESET] = {"greeting-reset", "accepts and resets at once"},
	[GREETING_DRIP] = {"greeting-drip", "its greeting comes one byte at a time (--drip-ms)"},
	[GREETING_HTTP] = {"greeting-http", "answers as a web server, then closes"},
	[GREETING_FTP] = {"greeting-ftp", "greets as an FTP server, then waits"},
	[GREETING_ENDLESS] = {"greeting-endless", "greets without end and without a newline"},
	[KEX_STALL] = {"kex-stall", "greets, then says nothing"},
	[KEX_CLOSE] = {"kex-close", "greets, then closes"},
	[KEX_GARBAGE] = {"kex-garbage", "greets, then sends bytes that are no packet"},
	[KEX_OLD] = {"kex-old", "greets and offers old algorithms in one go"},
	[AUTH_STALL] = {"auth-stall", "never answers a password or key"},
	[AUTH_CLOSE] = {"auth-close", "closes when a password or key comes"},
	[AUTH_RESET] = {"auth-reset", "resets when a password or key comes"},
	[AUTH_DISCONNECT] = {"auth-disconnect", "disconnects with a message at the first try"},
	[AUTH_DENY] = {"auth-deny", "refuses every password and key"},
	[AUTH_NONE] = {"auth-none", "lets everybody in without a proof"},
	[AUTH_PARTIAL] = {"auth-partial", "wants keyboard-interactive after every first proof"},
	[AUTH_QUESTIONS] = {"auth-questions", "keyboard-interactive that never stops asking"},
	[CHANNEL_REFUSE] = {"channel-refuse", "refuses to open a channel"},
	[CHANNEL_CLOSE] = {"channel-close", "closes when a channel is asked for"},
	[EXEC_REFUSE] = {"exec-refuse", "refuses to run a command"},
	[EXEC_STALL] = {"exec-stall", "sends half an answer, then nothing"},
	[EXEC_CLOSE] = {"exec-close", "sends half an answer, then closes the connection"},
	[EXEC_RESET] = {"exec-reset", "sends half an answer, then resets the connection"},
	[EXEC_EOF_CLOSE] = {"exec-eof-close", "half an answer, end of file, connection closed"},
	[EXEC_NO_STATUS] = {"exec-no-status", "a whole answer without an exit status"},
	[EXEC_STATUS_FIRST] = {"exec-status-first", "the exit status before the answer"},
	[EXEC_NO_CLOSE] = {"exec-no-close", "a whole answer, but the channel is never closed"},
	[EXEC_SIGNAL] = {"exec-signal", "half an answer, then an exit signal"},
	[EXEC_STDERR] = {"exec-stderr", "a whole answer, and noise on stderr"},
	[EXEC_ENDLESS] = {"exec-endless", "an answer without end"},
	[EXEC_DRIP] = {"exec-drip", "the answer comes one byte at a time (--drip-ms)"},
};

enum fault ssh_fault_find(const char *name)
{
	for (size_t i = 0; i < FAULT_COUNT; i++)
		if (strcmp(name, faults[i].name) == 0)
			return (enum fault)i;
	fprintf(stderr, "%s: no such fault, see --help\n", name);
	exit(2);
}

void ssh_fault_print_all(void)
{
	for (size_t i = 0; i < FAULT_COUNT; i++)
		printf("  %-18s %s\n", faults[i].name, faults[i].help);
}

void ssh_fault_nap(long ms)
{
	struct timespec t = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

	nanosleep(&t, NULL);
}

void ssh_fault_stall(void)
{
	for (;;)
		pause();
}

/* Closes with FIN, or with RST, without a word of SSH. */
void ssh_fault_hang_up(int fd, bool reset)
{
	struct linger hard = {.l_onoff = 1};

	if (reset)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
	else
		shutdown(fd, SHUT_RDWR);
	close(fd);
	_exit(0);
}

static void say(int fd, const char *text, size_t n)
{
	if (send(fd, text, n, MSG_NOSIGNAL) != (ssize_t)n)
		_exit(0);
}

static void wait_for_client(int fd)
{
	char bytes[4096];

	if (recv(fd, bytes, sizeof(bytes), 0) < 0)
		_exit(0);
}

static void drip_greeting(int fd, long drip_ms)
{
	for (const char *p = "SSH-2.0-ROSSSH-that-takes-its-time\r\n"; *p; p++) {
		say(fd, p, 1);
		ssh_fault_nap(drip_ms);
	}
	ssh_fault_stall();
}

static void endless_greeting(int fd)
{
	char block[4096];

	memset(block, 'x', sizeof(block));
	memcpy(block, "SSH-", 4);
	for (;;)
		say(fd, block, sizeof(block));
}

static void garbage(int fd)
{
	static const char junk[] = "\xff\xff\xff\xff\x01 these bytes are no packet of SSH";

	say(fd, "SSH-2.0-ROSSSH\r\n", 16);
	wait_for_client(fd);
	say(fd, junk, sizeof(junk));
	ssh_fault_stall();
}

static size_t put_number(unsigned char *p, size_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (unsigned char)(value >> (24 - 8 * i));
	return 4;
}

/* The greeting and a KEXINIT (RFC 4253 section 7.1) in one segment, before the client has said a
 * word: it finds that there is nothing in common while it still has its own offer to send. */
static void old_offer(int fd)
{
	static const char *const names[10] = {
		"diffie-hellman-group1-sha1",
		"ssh-rsa",
		"3des-cbc",
		"3des-cbc",
		"hmac-sha1",
		"hmac-sha1",
		"none",
		"none",
		"",
		"",
	};
	unsigned char packet[512] = "SSH-2.0-ROSSSH\r\n";
	size_t start = 16, n = start + 6 + 16;

	for (int i = 0; i < 10; i++) {
		n += put_number(packet + n, strlen(names[i]));
		memcpy(packet + n, names[i], strlen(names[i]));
		n += strlen(names[i]);
	}
	n += 5; /* no guess, reserved */
	packet[start + 4] = (unsigned char)(8 + (8 - (n + 8 - start) % 8) % 8);
	packet[start + 5] = 20;
	n += packet[start + 4];
	put_number(packet + start, n - start - 4);
	say(fd, (const char *)packet, n);
	ssh_fault_stall();
}

/* The faults that come before any SSH; returns when there is none. */
void ssh_fault_early(enum fault fault, int fd, long drip_ms)
{
	static const char http[] = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";
	static const char ftp[] = "220 router FTP server (MikroTik 6.49.18) ready\r\n";

	switch (fault) {
	case GREETING_STALL:
		ssh_fault_stall();
		break;
	case GREETING_CLOSE:
	case GREETING_RESET:
		ssh_fault_hang_up(fd, fault == GREETING_RESET);
		break;
	case GREETING_DRIP:
		drip_greeting(fd, drip_ms);
		break;
	case GREETING_HTTP:
		say(fd, http, sizeof(http) - 1);
		ssh_fault_hang_up(fd, false);
		break;
	case GREETING_FTP:
		say(fd, ftp, sizeof(ftp) - 1);
		ssh_fault_stall();
		break;
	case GREETING_ENDLESS:
		endless_greeting(fd);
		break;
	case KEX_STALL:
	case KEX_CLOSE:
		say(fd, "SSH-2.0-ROSSSH\r\n", 16);
		if (fault == KEX_STALL)
			ssh_fault_stall();
		wait_for_client(fd);
		ssh_fault_hang_up(fd, false);
		break;
	case KEX_OLD:
		old_offer(fd);
		break;
	case KEX_GARBAGE:
		garbage(fd);
		break;
	default:
		break;
	}
}
