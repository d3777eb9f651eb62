/* Fuzzes the display filter: the input's first line is a filter, the rest a frame. Any text
 * compiles or gets a sentence with a place in it; what compiles gives the same verdict again, in
 * parentheses, twice, and turned over. */
#include "filter/filter.h"
#include "packet/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define CHECK(cond) ((cond) ? (void)0 : broken(#cond, __LINE__))

static void broken(const char *what, int line)
{
	fprintf(stderr, "filter.c:%d: not so: %s\n", line, what);
	abort();
}

/* Frames to ask about besides the one in the input: TCP over IPv4 in IPv4, and DNS over IPv6. */
static const u8 ipip[] = "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
			 "\x45\0\0\x44\0\1\x40\0\x40\x04\0\0\xac\x10\0\1\xac\x10\0\2"
			 "\x45\0\0\x30\0\1\x40\0\x40\x06\0\0\x0a\0\0\1\x0a\0\0\2"
			 "\x9c\x40\0\x50\0\0\3\xe8\0\0\0\1\x60\x18\xfa\xf0\0\0\0\0\2\4\5\xb4GET ";
static const u8 dns6[] = "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x86\xdd"
			 "\x60\0\0\0\0\x1d\x11\x40\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
			 "\x20\1\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\2"
			 "\x3a\x98\0\x35\0\x1d\0\0\0\7\1\0\0\1\0\0\0\0\0\0\3org\0\0\1\0\1";

enum { FRAMES = 3 };
static struct frame frames[FRAMES] = {
	{ .number = 1,
	  .ts = 1,
	  .data = ipip,
	  .caplen = sizeof ipip - 1,
	  .len = sizeof ipip - 1,
	  .link = 1 },
	{ .number = 2,
	  .ts = 2,
	  .data = dns6,
	  .caplen = sizeof dns6 - 1,
	  .len = sizeof dns6 - 1,
	  .link = 1 },
};

/* A bit per frame that passes. */
static unsigned verdicts(const struct filter *f, struct pkt *k)
{
	unsigned bits = 0;
	struct plan p;

	plan_init(&p);
	filter_want(f, &p);
	for (unsigned i = 0; i < FRAMES; i++) {
		pkt_decode(k, &frames[i], &p);
		if (filter_match(f, k)) {
			CHECK(filter_match(f, k));
			bits |= 1u << i;
		}
	}
	plan_fini(&p);
	return bits;
}

/* The same for "HEAD text MIDDLE text TAIL" (once, where middle is NULL). Where it does not
 * compile, which one more level or a longer text may cause, `otherwise`. */
static unsigned around(const char *head, const char *text, const char *middle, const char *tail,
		       struct pkt *k, unsigned otherwise)
{
	struct txt t;
	struct filter *f;
	struct err e = ERR_INIT;

	txt_init(&t);
	txt_puts(&t, head);
	txt_puts(&t, text);
	if (middle != NULL) {
		txt_puts(&t, middle);
		txt_puts(&t, text);
	}
	txt_puts(&t, tail);
	if (filter_compile(t.s, t.n, &f, &e) == 0) {
		otherwise = verdicts(f, k);
		filter_free(f);
	} else {
		CHECK(strstr(e.text, "levels") != NULL || strstr(e.text, "65535") != NULL);
	}
	txt_fini(&t);
	return otherwise;
}

/* Products of fields may exhaust the steps of one evaluation, which then is false whatever the
 * filter. */
static bool is_cheap(const char *s)
{
	unsigned products = 0;

	for (; *s != '\0'; s++)
		products += strchr("+-*/%&=<>", *s) != NULL;
	return products < 12;
}

static void check_compiled(const struct filter *f)
{
	const char *text = filter_text(f);
	unsigned all = (1u << FRAMES) - 1, bits;
	struct pkt k;

	pkt_init(&k);
	k.first_ts = 0;
	bits = verdicts(f, &k);
	(void)filter_needs(f);
	if (strspn(text, " \t\r\n") != strlen(text) && is_cheap(text)) {
		CHECK(around("", text, NULL, "", &k, bits) == bits);
		CHECK(around("(", text, NULL, ")", &k, bits) == bits);
		CHECK(around("!(", text, NULL, ")", &k, bits ^ all) == (bits ^ all));
		CHECK(around("(", text, ") && (", ")", &k, bits) == bits);
		CHECK(around("(", text, ") || !(", ")", &k, all) == all);
		CHECK(around("(", text, ") xor (", ")", &k, 0) == 0);
	}
	pkt_fini(&k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const u8 *nl = size > 0 ? memchr(data, '\n', size) : NULL;
	size_t n = nl != NULL ? (size_t)(nl - data) : size;
	u32 rest = (u32)(nl != NULL ? size - n - 1 : 0);
	const char *text = (const char *)data;
	struct err e = ERR_INIT;
	struct filter_place place;
	struct filter *f;

	registry_init();
	frames[2] = (struct frame) { .number = 3,
				     .ts = 3,
				     .data = rest > 0 ? nl + 1 : data,
				     .caplen = rest,
				     .len = rest,
				     .link = 1 };
	filter_place(text, n, n, &place);
	CHECK(place.from <= n);
	filter_place(text, n, n / 2, &place);
	CHECK(place.from <= n / 2);
	if (filter_compile(text, n, &f, &e) != 0) {
		CHECK(f == NULL && e.at >= 0 && (size_t)e.at <= n);
		CHECK(e.text[0] != '\0' && strchr(e.text, '\n') == NULL);
		return 0;
	}
	CHECK(memcmp(filter_text(f), text, n) == 0 && strlen(filter_text(f)) == n);
	check_compiled(f);
	filter_free(f);
	return 0;
}
