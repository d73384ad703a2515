/* Which protocol speaks: a table of judges over the first bytes of a connection. The forms are from
 * the protocols' own documents, and for MikroTik's from what its servers are known to answer. */
#include <string.h>

#include "rosaudit/scan.h"
#include "identify.h"

/* Compares what is there with the whole of lit: a shorter text that agrees so far is a MAYBE. */
static enum fit fit_literal(const char *p, size_t n, const char *lit, size_t len)
{
	if (memcmp(p, lit, n < len ? n : len) != 0)
		return FIT_NO;
	return n < len ? FIT_MAYBE : FIT_YES;
}

#define FIT_TEXT(p, n, lit) fit_literal(p, n, lit, sizeof(lit) - 1)

static enum fit better(enum fit a, enum fit b)
{
	return a > b ? a : b;
}

static unsigned byte_at(const char *p, size_t i)
{
	return (unsigned char)p[i];
}

static size_t line_end(const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n);

	return end ? (size_t)(end - p) : n;
}

/* Offset of the line that begins with "SSH-", or n. RFC 4253 4.2 lets a server say other lines
 * before its identification. */
static size_t ssh_line(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i += line_end(p + i, n - i) + 1)
		if (FIT_TEXT(p + i, n - i, "SSH-") == FIT_YES)
			return i;
	return n;
}

static enum fit fit_ssh(const char *p, size_t n)
{
	return ssh_line(p, n) < n ? FIT_YES : FIT_TEXT(p, n, "SSH-");
}

/* RFC 959: 220 (ready), 120 (soon), 421 (not now); mail servers greet with 220 and 421, too. */
static enum fit fit_ftp(const char *p, size_t n)
{
	static const char *const codes[] = {"220 ", "220-", "120 ", "421 "};
	enum fit fit = FIT_NO;
	size_t end = line_end(p, n);

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		fit = better(fit, fit_literal(p, n, codes[i], 4));
	if (fit == FIT_YES && memmem(p, end, "SMTP", 4))
		return FIT_NO;
	return fit;
}

/* RFC 854: option negotiation, IAC WILL, WONT, DO, DONT or SB. RouterOS begins with it. */
static enum fit fit_telnet(const char *p, size_t n)
{
	if (byte_at(p, 0) != 0xff)
		return FIT_NO;
	if (n < 2)
		return FIT_MAYBE;
	return byte_at(p, 1) >= 0xfa && byte_at(p, 1) <= 0xfe ? FIT_YES : FIT_NO;
}

static enum fit fit_http(const char *p, size_t n)
{
	return FIT_TEXT(p, n, "HTTP/");
}

/* RFC 8446 5.1: a record is type, version 3.x, length. The answers to a hello are an alert or a
 * handshake. */
static enum fit fit_tls(const char *p, size_t n)
{
	if (byte_at(p, 0) != 0x15 && byte_at(p, 0) != 0x16)
		return FIT_NO;
	if (n > 1 && byte_at(p, 1) != 0x03)
		return FIT_NO;
	if (n > 2 && byte_at(p, 2) > 0x04)
		return FIT_NO;
	return n < 3 ? FIT_MAYBE : FIT_YES;
}

/* MikroTik API: words with their length before them; a reply begins with "!" and one of these. */
static enum fit fit_api(const char *p, size_t n)
{
	enum fit fit = FIT_TEXT(p, n, "\x06!fatal");

	fit = better(fit, FIT_TEXT(p, n, "\x05!done"));
	fit = better(fit, FIT_TEXT(p, n, "\x05!trap"));
	fit = better(fit, FIT_TEXT(p, n, "\x06!empty"));
	return better(fit, FIT_TEXT(p, n, "\x03!re"));
}

/* Frames of [length][handler]: the key exchange of 6.43 and later (handler 6; a public key of 32
 * bytes and its parity, with or without the 16 bytes of salt), M2 messages (handler 1), and files
 * (handler 2: the answer repeats the name asked for). */
static enum fit fit_winbox_frame(const char *p, size_t n)
{
	if (n < 2)
		return FIT_MAYBE;
	if (byte_at(p, 1) == 6)
		return byte_at(p, 0) == 33 || byte_at(p, 0) == 49 ? FIT_YES : FIT_NO;
	if (byte_at(p, 1) == 2)
		return better(FIT_TEXT(p + 2, n - 2, "list"), FIT_TEXT(p + 2, n - 2, "index"));
	if (byte_at(p, 1) == 1)
		return n < 4 ? FIT_MAYBE : FIT_TEXT(p + 4, n - 4, "M2");
	return FIT_NO;
}

static enum fit fit_winbox(const char *p, size_t n)
{
	/* The oldest servers answer anything odd with this. */
	return better(FIT_TEXT(p, n, "\x01\0\0\0\x02\0\0"), fit_winbox_frame(p, n));
}

/* The bandwidth test's hello. Longer texts that begin so are not its greeting. */
static enum fit fit_btest(const char *p, size_t n)
{
	return n > 4 ? FIT_NO : FIT_TEXT(p, n, "\x01\0\0\0");
}

static const struct judge {
	enum app_proto app;
	enum fit (*fit)(const char *p, size_t n); /* n > 0 */
	enum keep keep;
} judges[] = {
	{.app = APP_SSH, .fit = fit_ssh, .keep = KEEP_LINE},
	{.app = APP_FTP, .fit = fit_ftp, .keep = KEEP_LINE},
	{.app = APP_HTTP, .fit = fit_http, .keep = KEEP_HEAD},
	{.app = APP_TELNET, .fit = fit_telnet, .keep = KEEP_FIRST},
	{.app = APP_TLS, .fit = fit_tls, .keep = KEEP_FIRST},
	{.app = APP_API, .fit = fit_api, .keep = KEEP_MORE},
	{.app = APP_WINBOX, .fit = fit_winbox, .keep = KEEP_FIRST},
	/* KEEP_MORE: an old winbox begins with the same four bytes. */
	{.app = APP_BTEST, .fit = fit_btest, .keep = KEEP_MORE},
};

struct identity identify_so_far(const char *p, size_t n)
{
	struct identity best = {.app = APP_OTHER, .fit = FIT_NO, .keep = KEEP_MORE};
	enum fit fit;

	if (n == 0)
		return (struct identity){.app = APP_UNKNOWN, .fit = FIT_MAYBE};
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++) {
		fit = judges[i].fit(p, n);
		if (fit == FIT_YES)
			return (struct identity){judges[i].app, FIT_YES, judges[i].keep};
		if (fit == FIT_MAYBE)
			best = (struct identity){APP_UNKNOWN, FIT_MAYBE, KEEP_MORE};
	}
	return best;
}

enum app_proto identify_bytes(const char *p, size_t n)
{
	struct identity id = identify_so_far(p, n);

	if (n == 0)
		return APP_UNKNOWN;
	return id.fit == FIT_YES ? id.app : APP_OTHER;
}

/* Length of an HTTP head without the empty line that ends it; n when that has not come. */
static size_t head_end(const char *p, size_t n)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (p[i] != '\n')
			continue;
		if (p[i + 1] == '\n' || (i + 2 < n && p[i + 1] == '\r' && p[i + 2] == '\n'))
			return i;
	}
	return n;
}

/* Where the line that greets begins: SSH's identification, else the first. */
static size_t greeting_start(const char *p, size_t n)
{
	size_t at = ssh_line(p, n);

	return at < n ? at : 0;
}

bool identify_complete(enum keep keep, const char *p, size_t n)
{
	size_t start = greeting_start(p, n);

	switch (keep) {
	case KEEP_FIRST:
		return true;
	case KEEP_LINE:
		return n > 0 && memchr(p + start, '\n', n - start);
	case KEEP_HEAD:
		return head_end(p, n) < n;
	case KEEP_MORE:
		break;
	}
	return false;
}

size_t identify_banner(enum app_proto app, const char *p, size_t n, size_t *start)
{
	size_t len = n;

	*start = 0;
	if (n == 0)
		return 0;
	if (app == APP_SSH)
		*start = greeting_start(p, n);
	if (app == APP_HTTP)
		len = head_end(p, n);
	else if (app == APP_SSH || app == APP_FTP || app == APP_OTHER)
		len = line_end(p + *start, n - *start);
	while (len > 0 && (p[*start + len - 1] == '\r' || p[*start + len - 1] == '\n'))
		len--;
	return len;
}
