/* What a port says. The greetings are as little as tells the services apart (routeros.md 4). */
#include "greet.h"

#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "rest.h"
#include "ssh.h"
#include "text.h"
#include "tls.h"

#define REQUEST_MAX 1024

/* The first bytes of the peer; 0 when there are none. */
static size_t first_bytes(const struct conn *c, char *p, size_t room)
{
	ssize_t n;

	if (conn_wait(c, -1) != 1)
		return 0;
	n = recv(c->fd, p, room, 0);
	return n > 0 ? (size_t)n : 0;
}

static void serve_telnet(struct conn *c)
{
	/* DO terminal type, speed, X display, environment. Unverified: which options a router
	 * asks. */
	static const unsigned char options[] = {255, 253, 24, 255, 253, 32,
	                                        255, 253, 35, 255, 253, 39};
	static const char login[] = "\r\n\rLogin: ";

	if (conn_write(c, options, sizeof(options)) == 0 &&
	    conn_write(c, login, sizeof(login) - 1) == 0)
		conn_stall(c);
}

static void serve_ftp(struct conn *c)
{
	const struct scenario *s = c->server->scenario;
	char request[REQUEST_MAX];
	struct text line = {0};

	text_addf(&line, "220 %s FTP server (MikroTik %s) ready\r\n", s->identity,
	          s->version.number);
	while (conn_write(c, line.p, line.n) == 0) {
		size_t n = first_bytes(c, request, sizeof(request));

		if (n == 0)
			break;
		line.n = 0;
		text_add(&line, n >= 4 && strncmp(request, "QUIT", 4) == 0
		                        ? "221 Closing\r\n"
		                        : "530 Not logged in\r\n");
		if (line.p[0] == '2') {
			conn_write(c, line.p, line.n);
			break;
		}
	}
	text_done(&line);
}

/* The sentence that the API answers to whoever has not logged in, in length-prefixed words. */
static const char api_fatal[] = "\x06!fatal\x0dnot logged in";

static void serve_api(struct conn *c)
{
	char request[REQUEST_MAX];

	/* With its closing NUL, which is the empty word that ends a sentence. */
	if (first_bytes(c, request, sizeof(request)) > 0)
		conn_write(c, api_fatal, sizeof(api_fatal));
}

static void serve_api_ssl(struct conn *c)
{
	tls_serve_once(c, api_fatal, sizeof(api_fatal));
}

/* Unverified beyond the first bytes: nmap's probes know two answers, one with "M2" for an old
 * frame and one to plain text; a key exchange of 6.43 and later begins with a length and 06 and
 * is answered in kind: a public key of 32 bytes, its parity, a salt of 16. */
static void serve_winbox(struct conn *c)
{
	static const char old_frame[] =
		"\x13\x01\x00\x11M2\x01\x00\xff\x88\x00\x00\x02\x00\xff\x88\x02\x00";
	static const char to_text[] = "\x01\x00\x00\x00\x02\x00\x00";
	char request[REQUEST_MAX];
	size_t n = first_bytes(c, request, sizeof(request));
	unsigned char key[51] = {49, 6};

	if (n == 0)
		return;
	if (n >= 35 && request[1] == 6) {
		if (getrandom(key + 2, sizeof(key) - 2, 0) == (ssize_t)sizeof(key) - 2)
			key[34] &= 1;
		conn_write(c, key, sizeof(key));
	} else if (memmem(request, n, "M2", 2) != NULL) {
		conn_write(c, old_frame, sizeof(old_frame) - 1);
	} else {
		conn_write(c, to_text, sizeof(to_text) - 1);
	}
	conn_stall(c);
}

static void serve_btest(struct conn *c)
{
	if (conn_write(c, "\x01\x00\x00\x00", 4) == 0)
		conn_stall(c);
}

static void serve_silent(struct conn *c)
{
	conn_stall(c);
}

static const struct protocol protocols[] = {
	{"telnet", serve_telnet},   {"ftp", serve_ftp},        {"ssh", ssh_serve},
	{"http", rest_serve},       {"https", rest_serve_tls}, {"api", serve_api},
	{"api-ssl", serve_api_ssl}, {"winbox", serve_winbox},  {"btest", serve_btest},
	{"silent", serve_silent},
};

const struct protocol *protocol_find(const char *name)
{
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
		if (strcmp(protocols[i].name, name) == 0)
			return &protocols[i];
	return NULL;
}

const char *protocol_of(const char *name)
{
	static const char *const other[][2] = {
		{"www", "http"}, {"www-ssl", "https"}, {"reverse-proxy", "https"}};
	const struct protocol *same = protocol_find(name);

	for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++)
		if (strcmp(other[i][0], name) == 0)
			return other[i][1];
	return same == NULL ? "silent" : same->name;
}
