/* Text under construction: the appends that packet lines are made of, written for speed. */
#include "base/txt.h"

#include "base/err.h"
#include "base/utf8.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

void txt_init(struct txt *t)
{
	*t = (struct txt) { 0 };
}

void txt_fini(struct txt *t)
{
	free(t->s);
	*t = (struct txt) { 0 };
}

void txt_grow(struct txt *t, size_t n)
{
	size_t cap = t->cap + t->cap / 2;

	if (cap < t->n + n)
		cap = t->n + n;
	if (cap < 128)
		cap = 128;
	t->s = xrealloc(t->s, cap);
	t->cap = cap;
}

const char *txt_str(struct txt *t)
{
	*txt_room(t, 0) = '\0';
	return t->s;
}

void txt_fill(struct txt *t, char c, size_t n)
{
	memset(txt_room(t, n), c, n);
	t->n += n;
}

void txt_pad(struct txt *t, size_t from, size_t col)
{
	size_t have = t->n - from;

	if (have < col)
		txt_fill(t, ' ', col - have);
}

static const char two_digits[] = "00010203040506070809101112131415161718192021222324"
				 "25262728293031323334353637383940414243444546474849"
				 "50515253545556575859606162636465666768697071727374"
				 "75767778798081828384858687888990919293949596979899";

static unsigned ndigits(u64 v)
{
	unsigned n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

/* Writes v so that it ends at end. */
static void digits_before(char *end, u64 v)
{
	while (v >= 100) {
		end -= 2;
		memcpy(end, two_digits + v % 100 * 2, 2);
		v /= 100;
	}
	if (v >= 10)
		memcpy(end - 2, two_digits + v * 2, 2);
	else
		end[-1] = (char)('0' + v);
}

void txt_u64(struct txt *t, u64 v)
{
	unsigned n = ndigits(v);

	digits_before(txt_room(t, n) + n, v);
	t->n += n;
}

void txt_i64(struct txt *t, i64 v)
{
	if (v < 0)
		txt_putc(t, '-');
	txt_u64(t, v < 0 ? -(u64)v : (u64)v);
}

void txt_u64w(struct txt *t, u64 v, int width, char fill)
{
	unsigned n = ndigits(v), w = MAX(n, (unsigned)width);
	char *o = txt_room(t, w);

	for (unsigned i = 0; i + n < w; i++)
		o[i] = fill;
	digits_before(o + w, v);
	t->n += w;
}

static const char hex_digits[] = "0123456789abcdef";

void txt_hex(struct txt *t, u64 v, int digits)
{
	char *p = txt_room(t, (size_t)digits);

	for (int i = digits - 1; i >= 0; i--, v >>= 4)
		p[i] = hex_digits[v & 15];
	t->n += (size_t)digits;
}

void txt_hexbytes(struct txt *t, const u8 *p, size_t n, char sep)
{
	char *o = txt_room(t, n * 3);
	char *from = o;

	for (size_t i = 0; i < n; i++) {
		if (sep != '\0' && i > 0)
			*o++ = sep;
		*o++ = hex_digits[p[i] >> 4];
		*o++ = hex_digits[p[i] & 15];
	}
	t->n += (size_t)(o - from);
}

/* An octet in decimal: up to three digits, then how many. */
#define OCTET(n)                                                                             \
	{                                                                                    \
		(char)('0' + ((n) > 99	? (n) / 100                                          \
			      : (n) > 9 ? (n) / 10                                           \
					: (n))),                                             \
			(char)('0' + ((n) > 99 ? (n) / 10 % 10 : (n) % 10)), '0' + (n) % 10, \
			(n) > 99  ? 3                                                        \
			: (n) > 9 ? 2                                                        \
				  : 1                                                        \
	}
#define OCTETS_4(n) OCTET(n), OCTET((n) + 1), OCTET((n) + 2), OCTET((n) + 3)
#define OCTETS_16(n) OCTETS_4(n), OCTETS_4((n) + 4), OCTETS_4((n) + 8), OCTETS_4((n) + 12)
#define OCTETS_64(n) OCTETS_16(n), OCTETS_16((n) + 16), OCTETS_16((n) + 32), OCTETS_16((n) + 48)
static const char octets[256][4] = { OCTETS_64(0), OCTETS_64(64), OCTETS_64(128), OCTETS_64(192) };

void txt_ip4(struct txt *t, const u8 *p)
{
	char *o = txt_room(t, 17), *from = o;

	for (int i = 0; i < 4; i++) {
		memcpy(o, octets[p[i]], 4);
		o += octets[p[i]][3];
		*o++ = '.';
	}
	t->n += (size_t)(o - from) - 1;
}

static bool is_v4_mapped(const u8 *p)
{
	static const u8 prefix[12] = { [10] = 0xff, [11] = 0xff };

	return memcmp(p, prefix, sizeof prefix) == 0;
}

static char *put_group(char *o, unsigned w)
{
	if (w > 0xfff)
		*o++ = hex_digits[w >> 12];
	if (w > 0xff)
		*o++ = hex_digits[w >> 8 & 15];
	if (w > 0xf)
		*o++ = hex_digits[w >> 4 & 15];
	*o++ = hex_digits[w & 15];
	return o;
}

void txt_ip6(struct txt *t, const u8 *p)
{
	int best = -1, best_len = 1, run = 0;
	char *o, *from;
	u16 w[8];

	if (is_v4_mapped(p)) {
		txt_puts(t, "::ffff:");
		txt_ip4(t, p + 12);
		return;
	}
	for (int i = 0; i < 8; i++) {
		w[i] = load_be16(p + 2 * i);
		run = w[i] == 0 ? run + 1 : 0;
		if (run > best_len) {
			best_len = run;
			best = i - run + 1;
		}
	}
	o = from = txt_room(t, 39);
	for (int i = 0; i < 8; i++) {
		if (i == best) {
			*o++ = ':';
			*o++ = ':';
			i += best_len - 1;
			continue;
		}
		if (i > 0 && i != best + best_len)
			*o++ = ':';
		o = put_group(o, w[i]);
	}
	t->n += (size_t)(o - from);
}

void txt_mac(struct txt *t, const u8 *p)
{
	txt_hexbytes(t, p, 6, ':');
}

void txt_seconds(struct txt *t, ns_t v, int digits, int width)
{
	static const u32 unit[10] = { 1000000000, 100000000, 10000000, 1000000, 100000,
				      10000,	  1000,	     100,      10,	1 };
	u64 a = v < 0 ? -(u64)v : (u64)v;
	int have = (int)ndigits(a / (u64)NS_PER_S) + (v < 0) + (digits > 0 ? digits + 1 : 0);

	assert(digits >= 0 && digits <= 9);
	if (have < width)
		txt_fill(t, ' ', (size_t)(width - have));
	if (v < 0)
		txt_putc(t, '-');
	txt_u64(t, a / (u64)NS_PER_S);
	if (digits == 0)
		return;
	txt_putc(t, '.');
	txt_u64w(t, a % (u64)NS_PER_S / unit[digits], digits, '0');
}

void txt_vprintf(struct txt *t, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	txt_room(t, 64);
	n = vsnprintf(t->s + t->n, t->cap - t->n, fmt, ap);
	if (n >= 0 && (size_t)n >= t->cap - t->n)
		vsnprintf(txt_room(t, (size_t)n), (size_t)n + 1, fmt, again);
	va_end(again);
	if (n > 0)
		t->n += (size_t)n;
}

void txt_printf(struct txt *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	txt_vprintf(t, fmt, ap);
	va_end(ap);
}

static void escape_byte(struct txt *t, u8 c)
{
	switch (c) {
	case '\n': txt_puts(t, "\\n"); return;
	case '\r': txt_puts(t, "\\r"); return;
	case '\t': txt_puts(t, "\\t"); return;
	case '\\': txt_puts(t, "\\\\"); return;
	default: break;
	}
	txt_puts(t, "\\x");
	txt_hex(t, c, 2);
}

void txt_escape(struct txt *t, const void *bytes, size_t n)
{
	const u8 *p = bytes;

	for (size_t i = 0; i < n;) {
		u32 cp;
		int len;

		if (p[i] >= 0x20 && p[i] < 0x7f && p[i] != '\\') {
			txt_putc(t, (char)p[i++]);
			continue;
		}
		len = p[i] < 0x80 ? 0 : utf8_decode(p + i, n - i, &cp);
		if (len > 0 && utf8_is_safe(cp)) {
			txt_putn(t, (const char *)p + i, (size_t)len);
			i += (size_t)len;
			continue;
		}
		escape_byte(t, p[i++]);
	}
}

/* \u and four digits; beyond U+FFFF a pair of surrogates (RFC 8259, section 7). */
static void json_escape(struct txt *t, u32 cp)
{
	if (cp > 0xffff) {
		cp -= 0x10000;
		txt_puts(t, "\\u");
		txt_hex(t, 0xd800 + (cp >> 10), 4);
		cp = 0xdc00 + (cp & 0x3ff);
	}
	txt_puts(t, "\\u");
	txt_hex(t, cp, 4);
}

void txt_json(struct txt *t, const void *bytes, size_t n)
{
	const u8 *p = bytes;

	for (size_t i = 0; i < n;) {
		u32 cp;
		int len;

		if (p[i] >= 0x80) {
			len = utf8_decode(p + i, n - i, &cp);
			if (len == 0)
				txt_puts(t, "\xef\xbf\xbd");
			else if (utf8_is_safe(cp))
				txt_putn(t, (const char *)p + i, (size_t)len);
			else
				json_escape(t, cp);
			i += len > 0 ? (size_t)len : 1;
			continue;
		}
		if (p[i] == '"' || p[i] == '\\') {
			txt_putc(t, '\\');
			txt_putc(t, (char)p[i]);
		} else if (p[i] < 0x20 || p[i] == 0x7f) {
			json_escape(t, p[i]);
		} else {
			txt_putc(t, (char)p[i]);
		}
		i++;
	}
}
