/* Text under construction: a growing byte buffer with fast appends for what packet lines are made
 * of. */
#ifndef BASE_TXT_H
#define BASE_TXT_H

#include "base/types.h"

#include <stdarg.h>
#include <string.h>

struct txt {
	char *s; /* not terminated; txt_str() terminates it */
	size_t n, cap;
};

void txt_init(struct txt *t);
void txt_fini(struct txt *t);

/* Makes room for n more bytes (grows the buffer at least by half). */
void txt_grow(struct txt *t, size_t n);

/* Forgets the text, keeps the memory. */
static inline void txt_clear(struct txt *t)
{
	t->n = 0;
}

/* Room for n more bytes and the pointer where they go; follow with t->n += what was used. */
static inline char *txt_room(struct txt *t, size_t n)
{
	if (UNLIKELY(t->cap - t->n < n + 1))
		txt_grow(t, n + 1);
	return t->s + t->n;
}

static inline void txt_putc(struct txt *t, char c)
{
	*txt_room(t, 1) = c;
	t->n++;
}

static inline void txt_putn(struct txt *t, const char *s, size_t n)
{
	if (n > 0) /* memcpy from NULL is undefined even for none */
		memcpy(txt_room(t, n), s, n);
	t->n += n;
}

static inline void txt_puts(struct txt *t, const char *s)
{
	txt_putn(t, s, strlen(s));
}

/* The text as a C string; valid until the next append. */
const char *txt_str(struct txt *t);

/* n spaces, or whatever c is. */
void txt_fill(struct txt *t, char c, size_t n);

/* Fills with spaces up to column col of the line that begins at byte `from` (bytes = columns:
 * ASCII). */
void txt_pad(struct txt *t, size_t from, size_t col);

void txt_u64(struct txt *t, u64 v);
void txt_i64(struct txt *t, i64 v);
/* Decimal with at least `width` characters, filled on the left with `fill` (' ' or '0'). */
void txt_u64w(struct txt *t, u64 v, int width, char fill);
/* Lower-case hex, exactly `digits` digits (1..16), no prefix. */
void txt_hex(struct txt *t, u64 v, int digits);
/* n bytes as lower-case hex, `sep` between them ('\0' for none). */
void txt_hexbytes(struct txt *t, const u8 *p, size_t n, char sep);
/* 10.0.0.1 from 4 bytes in network order. */
void txt_ip4(struct txt *t, const u8 *p);
/* RFC 5952 text from 16 bytes in network order. */
void txt_ip6(struct txt *t, const u8 *p);
/* aa:bb:cc:dd:ee:ff */
void txt_mac(struct txt *t, const u8 *p);
/* Seconds with `digits` (0..9) decimals, truncated, with a sign where it is negative: "-1.000000";
 * filled on the left with spaces up to `width`. */
void txt_seconds(struct txt *t, ns_t v, int digits, int width);
void txt_printf(struct txt *t, const char *fmt, ...) PRINTF_LIKE(2, 3);
void txt_vprintf(struct txt *t, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);

/* n foreign bytes made safe for a terminal or a text file: printable ASCII and well-formed
 * printable UTF-8 as they are; control characters, C1, bad UTF-8, bidi and zero-width characters,
 * and the backslash, as \xNN (\\ for the backslash, \n \r \t named). */
void txt_escape(struct txt *t, const void *p, size_t n);

/* n bytes as the inside of a JSON string (no quotes around): bad UTF-8 becomes U+FFFD, and what
 * txt_escape() would not leave as it is \uXXXX. */
void txt_json(struct txt *t, const void *p, size_t n);

#endif
