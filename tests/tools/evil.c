/*
 * evil make FILE: writes a capture whose every name and text wants something from the terminal that
 * shows it. evil check [-t] NAME <TEXT: prints "ok NAME" where nothing in TEXT does, or "FAIL NAME:
 * where". Line ends and tabs may be there, in JSON and lines alike. -t: TEXT was written to a
 * terminal, so escape sequences are there, but none of ours.
 */
#include "base/utf8.h"
#include "tape/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Each holds its own end: the length is sizeof. */
static const struct {
	const char *s;
	size_t n;
} evils[] = {
#define EVIL(x)                 \
	{                       \
		x, sizeof x - 1 \
	}
	EVIL("\x1b]0;EVIL\x07"),
	EVIL("\x1b[66;6H\x1b[2J"),
	EVIL("\x9b"
	     "66;6H"),
	EVIL("\xc2\x9b"
	     "66;6H"),
	EVIL("\xc2\x9d"
	     "0;EVIL\xc2\x9c"),
	EVIL("\xe2\x80\xae"
	     "live"),
	EVIL("\xe2\x81\xa6x\xe2\x81\xa9"),
	EVIL("\xd8\x9cx"),
	EVIL("a\xe2\x80\x8b"
	     "b\xe2\x80\x8d"
	     "c\xef\xbb\xbf"),
	EVIL("\xe2\x80\xa8line\xe2\x80\xa9"),
	EVIL("\xff\xfe\xc0\x80\xf4\x90\x80\x80\xed\xa0\x80"),
	EVIL("\xe2\x82"),
	EVIL("a\rb\x08\x08\x7f\x0e\x0f\x05z"),
	EVIL("\xf3\xa0\x81\x81tag"),
	EVIL("\"\\</>&%s%n"),
	EVIL("\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 marks"),
};
enum { NEVILS = sizeof evils / sizeof *evils };

/* ---- make ---- */

struct bytes {
	u8 b[2048];
	size_t n;
};

static void put(struct bytes *p, const void *s, size_t n)
{
	memcpy(p->b + p->n, s, n);
	p->n += n;
}

static void puts_(struct bytes *p, const char *s)
{
	put(p, s, strlen(s));
}

static void put8(struct bytes *p, unsigned v)
{
	p->b[p->n++] = (u8)v;
}

static void put16(struct bytes *p, size_t v)
{
	put8(p, (unsigned)(v >> 8));
	put8(p, (unsigned)(v & 255));
}

static void ethernet(struct bytes *p, unsigned type)
{
	p->n = 0;
	put(p, "\x02\0\0\0\0\x01\x02\0\0\0\0\x02", 12);
	put16(p, type);
}

/* Ethernet, IPv4, UDP or TCP around a payload. */
static void packet(struct bytes *p, unsigned proto, unsigned sport, unsigned dport,
		   const struct bytes *payload)
{
	size_t head = proto == 6 ? 20 : 8;

	ethernet(p, 0x0800);
	put(p, "\x45\0", 2);
	put16(p, 20 + head + payload->n);
	put(p, "\0\x01\0\0\x40", 5);
	put8(p, proto);
	put(p, "\0\0\x0a\0\0\x01\x0a\0\0\x02", 10);
	put16(p, sport);
	put16(p, dport);
	if (proto == 6) {
		put(p, "\0\0\0\x01\0\0\0\x01\x50\x18\x10\0\0\0\0\0", 16);
	} else {
		put16(p, 8 + payload->n);
		put16(p, 0);
	}
	put(p, payload->b, payload->n);
}

static void dns(struct bytes *p, const char *s, size_t n)
{
	struct bytes d = { .n = 0 };

	put(&d, "\x12\x34\x84\0\0\x01\0\x01\0\0\0\0", 12);
	put8(&d, (unsigned)n);
	put(&d, s, n);
	put(&d,
	    "\x03"
	    "com\0\0\x10\0\x01",
	    9);
	put(&d, "\xc0\x0c\0\x10\0\x01\0\0\0\x3c", 10);
	put16(&d, n + 1); /* TXT */
	put8(&d, (unsigned)n);
	put(&d, s, n);
	packet(p, 17, 53, 40000, &d);
}

static void http(struct bytes *p, const char *s, size_t n)
{
	struct bytes d = { .n = 0 };

	puts_(&d, "GET /");
	put(&d, s, n);
	puts_(&d, " HTTP/1.1\r\nHost: ");
	put(&d, s, n);
	puts_(&d, "\r\nX-");
	put(&d, s, n);
	puts_(&d, ": y\r\n\r\n");
	put(&d, s, n);
	packet(p, 6, 40000, 80, &d);
}

static void dhcp(struct bytes *p, const char *s, size_t n)
{
	static const u8 options[] = { 12, 15, 56, 60, 66, 67 };
	struct bytes d = { .n = 0 };

	put(&d, "\x01\x01\x06\0", 4);
	d.n = 44;
	put(&d, s, n); /* sname */
	d.n = 108;
	put(&d, s, n); /* file */
	d.n = 236;
	put(&d, "\x63\x82\x53\x63\x35\x01\x01", 7);
	for (size_t i = 0; i < sizeof options; i++) {
		put8(&d, options[i]);
		put8(&d, (unsigned)n);
		put(&d, s, n);
	}
	put8(&d, 255);
	packet(p, 17, 68, 67, &d);
}

static void lldp(struct bytes *p, const char *s, size_t n)
{
	ethernet(p, 0x88cc);
	for (unsigned type = 1; type <= 6; type++) {
		bool id = type <= 2;

		if (type == 3) {
			put(p, "\x06\x02\0\x78", 4);
			continue;
		}
		put16(p, type << 9 | (n + id));
		if (id)
			put8(p, 7); /* locally assigned: text */
		put(p, s, n);
	}
	put(p, "\xfe", 1);
	put8(p, (unsigned)(4 + n));
	put(p, "\0\x80\xc2\xff", 4);
	put(p, s, n);
	put16(p, 0);
}

static void tls(struct bytes *p, const char *s, size_t n)
{
	struct bytes d = { .n = 0 };
	size_t ext = 9 + n + 7 + n, hello = 2 + 32 + 1 + 4 + 2 + 2 + ext;

	put(&d, "\x16\x03\x01", 3);
	put16(&d, hello + 4);
	put(&d, "\x01\0", 2);
	put16(&d, hello);
	put(&d, "\x03\x03", 2);
	memset(d.b + d.n, 7, 32);
	d.n += 32;
	put(&d, "\0\0\x02\x13\x01\x01\0", 7);
	put16(&d, ext);
	put16(&d, 0); /* server_name */
	put16(&d, n + 5);
	put16(&d, n + 3);
	put8(&d, 0);
	put16(&d, n);
	put(&d, s, n);
	put16(&d, 16); /* ALPN */
	put16(&d, n + 3);
	put16(&d, n + 1);
	put8(&d, (unsigned)n);
	put(&d, s, n);
	packet(p, 6, 40001, 443, &d);
}

static void pppoe(struct bytes *p, const char *s, size_t n)
{
	static const u16 tags[] = { 0x0101, 0x0102, 0x0201, 0x0203 };

	ethernet(p, 0x8863);
	put(p, "\x11\x07\0\0", 4);
	put16(p, 4 * (4 + n));
	for (int i = 0; i < 4; i++) {
		put16(p, tags[i]);
		put16(p, n);
		put(p, s, n);
	}
}

static int make(const char *path)
{
	static void (*const kinds[])(struct bytes *, const char *, size_t) = { dns,  http, dhcp,
									       lldp, tls,  pppoe };
	struct err e = ERR_INIT;
	struct writer *w = writer_open(path, WRITER_PCAPNG, &e);
	struct bytes p = { .n = 0 };
	u64 number = 0;

	if (w == NULL) {
		fprintf(stderr, "%s\n", e.text);
		return 2;
	}
	for (u32 i = 0; i < NEVILS; i++) {
		struct tape_iface iface = { .name = (char *)(uintptr_t)evils[i].s,
					    .description = (char *)(uintptr_t)evils[i].s,
					    .link = 1,
					    .tsresol = 9 };

		for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
			struct frame f = { .number = number + 1,
					   .ts = (ns_t)(1700000000 * NS_PER_S +
							(ns_t)number * NS_PER_MS),
					   .iface = i,
					   .link = 1,
					   .comment = evils[i].s,
					   .comment_len = (u32)evils[i].n };

			number++;
			kinds[k](&p, evils[i].s, evils[i].n);
			f.data = p.b;
			f.caplen = f.len = (u32)p.n;
			if (writer_frame(w, &f, &iface, &e) < 0) {
				fprintf(stderr, "%s\n", e.text);
				writer_abort(w);
				return 1;
			}
		}
	}
	return writer_close(w, &e) < 0 ? 1 : 0;
}

/* ---- check: with a list of its own ---- */

static bool forbidden(u32 cp)
{
	return (cp < 0x20 && cp != '\n' && cp != '\t') || (cp >= 0x7f && cp < 0xa0) ||
	       cp == 0x061c || cp == 0x180e || (cp >= 0x200b && cp <= 0x200f) ||
	       (cp >= 0x2028 && cp <= 0x202e) || (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
	       (cp >= 0xfff9 && cp <= 0xfffb) || (cp >= 0xe0000 && cp <= 0xe007f) ||
	       (cp >= 0xfdd0 && cp <= 0xfdef) || (cp & 0xfffe) == 0xfffe;
}

static int bad(const char *name, const char *what, const char *text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	printf("FAIL %s: %s at byte %zu, line %zu\n", name, what, at, line);
	return 0;
}

static int check(const char *name, bool terminal)
{
	static const char *const ours[] = { "\x1b]0;EVIL", "\x1b[66;6H", "\x1b]2;\x1b" };
	struct txt t;
	char buf[65536];
	size_t n;

	txt_init(&t);
	while ((n = fread(buf, 1, sizeof buf, stdin)) > 0)
		txt_putn(&t, buf, n);
	txt_str(&t);
	if (t.n == 0)
		return bad(name, "there is no text", "", 0);
	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		const char *p = memmem(t.s, t.n, ours[i], strlen(ours[i]));

		if (p != NULL)
			return bad(name, "an escape sequence of the capture", t.s,
				   (size_t)(p - t.s));
	}
	for (size_t i = 0; i < t.n;) {
		u32 cp;
		int len = utf8_decode(t.s + i, t.n - i, &cp);

		if (len == 0)
			return bad(name, "no UTF-8", t.s, i);
		if (forbidden(cp) && !(terminal && cp < 0x20))
			return bad(name, "a character that is not for a terminal", t.s, i);
		i += (size_t)len;
	}
	txt_fini(&t);
	printf("ok %s\n", name);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "make") == 0)
		return make(argv[2]);
	if (argc == 3 && strcmp(argv[1], "check") == 0)
		return check(argv[2], false);
	if (argc == 4 && strcmp(argv[1], "check") == 0 && strcmp(argv[2], "-t") == 0)
		return check(argv[3], true);
	fprintf(stderr, "usage: evil make FILE | evil check [-t] NAME <TEXT\n");
	return 2;
}
