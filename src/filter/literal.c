/* Literals become values once the type that they are compared with is known. */
#include "filter/node.h"

#include "base/num.h"
#include "base/utf8.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum vkind kind_of(u8 ftype)
{
	switch ((enum ftype)ftype) {
	case FT_NONE: return V_NONE;
	case FT_BOOL: return V_BOOL;
	case FT_U8:
	case FT_U16:
	case FT_U24:
	case FT_U32:
	case FT_U40:
	case FT_U48:
	case FT_U56:
	case FT_U64: return V_UINT;
	case FT_I8:
	case FT_I16:
	case FT_I32:
	case FT_I64: return V_INT;
	case FT_IPV4: return V_IP4;
	case FT_IPV6: return V_IP6;
	case FT_ETHER:
	case FT_EUI64:
	case FT_BYTES: return V_BYTES;
	case FT_STRING: return V_STR;
	case FT_ABSTIME: return V_ABS;
	case FT_RELTIME: return V_REL;
	case FT_FLOAT: return V_FLOAT;
	case FT_PROTO: return V_PROTO;
	}
	return V_NONE;
}

/* The work in hand: the literal as a C string, and where to complain. */
struct work {
	struct filter *f;
	struct node *lit;
	const struct node *like;
	char text[128]; /* words longer than this are no number, address or time */
	size_t n;
	struct err *e;
};

static const char *like_name(struct work *w)
{
	if (w->like->op == N_FIELD || w->like->op == N_PROTO)
		return quote(&w->f->arena, w->like->s, w->like->n);
	return "the other side";
}

/* "ip.src is an IPv4 address, 'foo' is not one" */
static int refuse(struct work *w, const char *is, const char *reason)
{
	const char *shown = quote(&w->f->arena, w->lit->s, w->lit->n);

	return err_set_at(w->e, (int)w->lit->at, "%s is %s, '%s%s' %s", like_name(w), is,
			  w->lit->neg ? "-" : "", shown, reason);
}

static int made(struct work *w, struct fv v)
{
	w->lit->op = N_CONST;
	w->lit->type = w->like->type;
	w->lit->kind = v.kind;
	w->lit->value = v;
	return 0;
}

static int made_bytes(struct work *w, enum vkind kind, const void *p, size_t n)
{
	struct fv v = { .kind = (u8)kind, .n = (u32)n, .hdr = (u32)n };

	v.p = (const u8 *)arena_strndup(&w->f->arena, p, n);
	return made(w, v);
}

/* ---- numbers ---- */

/* Decimal, 0x, 0b, octal behind a leading 0. Returns 0, -1 where it is no number, 1 where it does
 * not fit 64 bits. */
static int read_number(const char *s, u64 *out)
{
	int base = 10;
	char *end;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	} else if (s[0] == '0' && (s[1] == 'b' || s[1] == 'B')) {
		base = 2;
		s += 2;
	} else if (s[0] == '0' && s[1] != '\0') {
		base = 8;
		s++;
	}
	if (*s == '\0' || strspn(s, base == 16	? "0123456789abcdefABCDEF"
				    : base == 2 ? "01"
				    : base == 8 ? "01234567"
						: "0123456789") != strlen(s))
		return -1;
	errno = 0;
	*out = strtoull(s, &end, base);
	return errno == ERANGE ? 1 : 0;
}

/* Upper and lower case do not matter, as in Wireshark. */
static bool named_value(const struct work *w, u64 *out)
{
	const struct field *f = w->like->field >= 0 ? field_get((unsigned)w->like->field) : NULL;
	const struct vstr *t;

	/* An alias has no names of its own: take those of what it stands for. */
	if (f != NULL && f->names == NULL && w->like->nfields > 0)
		f = field_get(w->like->fields[0]);
	if (f == NULL || w->lit->neg || w->lit->lit == LIT_CHAR)
		return false;
	for (t = f->names; t != NULL && t->s != NULL; t++)
		if (strlen(t->s) == w->lit->n && strncasecmp(t->s, w->lit->s, w->lit->n) == 0) {
			*out = t->v;
			return true;
		}
	return false;
}

static int from_int(struct work *w)
{
	bool is_signed = kind_of(w->like->type) == V_INT;
	unsigned bits = ftype_int_size(w->like->type) * 8;
	u64 max = bits == 64 ? UINT64_MAX : (UINT64_C(1) << bits) - 1, u = 0;
	const char *what = is_signed ? "a signed number" : "a number";
	int rc;

	if (named_value(w, &u))
		return made(w, (struct fv) { .kind = is_signed ? V_INT : V_UINT, .u = u });
	if (w->lit->lit == LIT_CHAR)
		return made(w, (struct fv) { .kind = is_signed ? V_INT : V_UINT,
					     .u = (u8)w->lit->s[0] });
	if (w->lit->lit == LIT_STRING)
		return refuse(w, what, "in quotes is not one, and none of its named values");
	rc = read_number(w->text, &u);
	if (rc < 0 && strchr(w->text, '-') != NULL && w->text[0] >= '0' && w->text[0] <= '9')
		return refuse(w, what, "is not one; a range is written a..b, a difference 'a - b'");
	if (rc < 0)
		return refuse(w, what, "is not one");
	if (is_signed)
		max = (max >> 1) + w->lit->neg;
	if (rc > 0 || u > max)
		return err_set_at(w->e, (int)w->lit->at,
				  "'%s' is too big for %s, whose maximum is %llu", w->text,
				  like_name(w),
				  (unsigned long long)(max - (is_signed && w->lit->neg)));
	if (is_signed || w->lit->neg) {
		if (u > (u64)INT64_MAX + w->lit->neg)
			return refuse(w, what, "is too big");
		return made(w, (struct fv) { .kind = w->lit->neg && u > 0 ? V_INT
						     : is_signed	  ? V_INT
									  : V_UINT,
					     .u = w->lit->neg ? 0 - u : u });
	}
	return made(w, (struct fv) { .kind = V_UINT, .u = u });
}

static bool same_word(const struct work *w, const char *s)
{
	return strlen(s) == w->lit->n && strncasecmp(w->lit->s, s, w->lit->n) == 0;
}

static int from_bool(struct work *w)
{
	const struct field *f = w->like->field >= 0 ? field_get((unsigned)w->like->field) : NULL;
	u64 u;

	if (w->lit->lit == LIT_CHAR)
		return made(w, (struct fv) { .kind = V_BOOL, .u = w->lit->s[0] != '\0' });
	if (same_word(w, f != NULL && f->on != NULL ? f->on : "Set") || same_word(w, "true"))
		return made(w, (struct fv) { .kind = V_BOOL, .u = 1 });
	if (same_word(w, f != NULL && f->off != NULL ? f->off : "Not set") || same_word(w, "false"))
		return made(w, (struct fv) { .kind = V_BOOL, .u = 0 });
	if (w->lit->lit != LIT_WORD || w->lit->neg || read_number(w->text, &u) != 0)
		return refuse(w, "a boolean", "is neither True nor False, 1 nor 0");
	return made(w, (struct fv) { .kind = V_BOOL, .u = u != 0 });
}

static int from_float(struct work *w)
{
	char *end;
	double v = strtod(w->text, &end);

	if (w->lit->lit != LIT_WORD || *end != '\0' || end == w->text)
		return refuse(w, "a number", "is not one");
	return made(w, (struct fv) { .kind = V_FLOAT, .f = w->lit->neg ? -v : v });
}

/* ---- addresses ---- */

/* Cuts "/n" off the text. Returns the prefix length, `max` without one, -1 where it is none. */
static int take_prefix(struct work *w, int max)
{
	char *slash = strchr(w->text, '/');
	int n = 0;

	if (slash == NULL)
		return max;
	*slash++ = '\0';
	for (; *slash >= '0' && *slash <= '9' && n <= max; slash++)
		n = n * 10 + (*slash - '0');
	return *slash == '\0' && n <= max ? n : -1;
}

static int from_ip4(struct work *w)
{
	struct fv v = { .kind = V_IP4 };
	u8 a[4];
	int prefix = take_prefix(w, 32);

	if (w->lit->lit != LIT_WORD)
		return refuse(w, "an IPv4 address", "in quotes is not one; write it without");
	if (prefix < 0)
		return refuse(w, "an IPv4 address", "has a prefix length that is not 0 to 32");
	if (w->lit->neg || inet_pton(AF_INET, w->text, a) != 1)
		return refuse(w, "an IPv4 address", "is not one");
	v.mask = prefix == 0 ? 0 : UINT32_MAX << (32 - prefix);
	v.u = load_be32(a);
	return made(w, v);
}

static int from_ip6(struct work *w)
{
	u8 a[16];
	int prefix = take_prefix(w, 128), rc;

	if (w->lit->lit != LIT_WORD)
		return refuse(w, "an IPv6 address", "in quotes is not one; write it without");
	if (prefix < 0)
		return refuse(w, "an IPv6 address", "has a prefix length that is not 0 to 128");
	if (w->lit->neg || inet_pton(AF_INET6, w->text, a) != 1)
		return refuse(w, "an IPv6 address", "is not one");
	rc = made_bytes(w, V_IP6, a, sizeof a);
	w->lit->value.prefix = (u8)prefix;
	return rc;
}

/* ---- bytes ---- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* Groups of hex digits between one kind of separator: groups of one or two digits are bytes,
 * longer ones must have an even number. "0xNN" is one byte. Returns the number of bytes, or -1. */
static int read_bytes(const char *s, size_t n, u8 *out)
{
	char sep = '\0';
	int len = 0;

	if (n == 4 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		s += 2;
		n -= 2;
	}
	if (n > 1 && s[0] == ':' && hex_digit(s[1]) >= 0) {
		s++;
		n--;
	}
	for (size_t i = 0; i < n;) {
		size_t digits = 0;

		while (i + digits < n && hex_digit(s[i + digits]) >= 0)
			digits++;
		if (digits == 0 || (digits > 2 && digits % 2 != 0))
			return -1;
		if (digits == 1)
			out[len++] = (u8)hex_digit(s[i]);
		for (size_t d = 0; d + 1 < digits; d += 2)
			out[len++] = (u8)(hex_digit(s[i + d]) << 4 | hex_digit(s[i + d + 1]));
		i += digits;
		if (i == n)
			break;
		if ((s[i] != ':' && s[i] != '-' && s[i] != '.') || (sep != '\0' && s[i] != sep))
			return -1;
		sep = s[i++];
		if (i == n)
			return -1;
	}
	return n == 0 ? -1 : len;
}

static int from_bytes(struct work *w, bool partial)
{
	u32 need = w->like->type == FT_ETHER ? 6 : w->like->type == FT_EUI64 ? 8 : 0;
	const char *is = need == 6   ? "a MAC address"
			 : need == 8 ? "an EUI-64 address"
				     : "a sequence of bytes";
	u8 *buf;
	int len;

	if (w->lit->lit != LIT_WORD) {
		if (need != 0 && !partial && w->lit->n != need)
			return refuse(w, is, "in quotes is not one; write it without");
		return made_bytes(w, V_BYTES, w->lit->s, w->lit->n);
	}
	buf = arena_alloc(&w->f->arena, w->lit->n + 1);
	len = w->lit->neg ? -1 : read_bytes(w->lit->s, w->lit->n, buf);
	if (len < 0 && need == 0)
		return refuse(w, is,
			      "is not one; bytes are hex, as in 47:45:54, and text stands in "
			      "double quotes");
	if (len < 0 || (need != 0 && !partial && (u32)len != need))
		return refuse(w, is, "is not one");
	return made_bytes(w, V_BYTES, buf, (size_t)len);
}

/* ---- times ---- */

static bool two(const char **s, int *out, int lo, int hi)
{
	if ((*s)[0] < '0' || (*s)[0] > '9' || (*s)[1] < '0' || (*s)[1] > '9')
		return false;
	*out = ((*s)[0] - '0') * 10 + (*s)[1] - '0';
	*s += 2;
	return *out >= lo && *out <= hi;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar (Howard Hinnant's days_from_civil). */
static i64 days(int y, int m, int d)
{
	i64 era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

/* .123456789, more digits cut off. */
static void fraction(const char **s, i64 *ns)
{
	i64 unit = NS_PER_S / 10;

	*ns = 0;
	if (**s != '.' && **s != ',')
		return;
	for ((*s)++; **s >= '0' && **s <= '9'; (*s)++, unit /= 10)
		*ns += (**s - '0') * unit;
}

/* Z, UTC, +hh:mm, +hhmm, +hh or nothing. */
static bool zone(const char *s, i64 *seconds)
{
	int h = 0, m = 0, sign;

	*seconds = 0;
	while (*s == ' ')
		s++;
	if (*s == '\0' || strcmp(s, "Z") == 0 || strcmp(s, "UTC") == 0)
		return true;
	if (*s != '+' && *s != '-')
		return false;
	sign = *s++ == '-' ? -1 : 1;
	if (!two(&s, &h, 0, 23))
		return false;
	if (*s == ':')
		s++;
	if (*s != '\0' && !two(&s, &m, 0, 59))
		return false;
	*seconds = sign * (h * 3600 + m * 60);
	return *s == '\0';
}

struct date {
	int year, month, day, hour, min, sec;
};

/* hh:mm:ss, the seconds optional where `iso`. */
static bool clock_time(const char **s, struct date *d, bool iso)
{
	if (!two(s, &d->hour, 0, 23) || *(*s)++ != ':' || !two(s, &d->min, 0, 59))
		return false;
	if (**s != ':')
		return iso;
	(*s)++;
	return two(s, &d->sec, 0, 60);
}

/* 2026-11-22, 2026-11-22 06:28, 2026-11-22T06:28:25 */
static bool iso_date(const char **s, struct date *d)
{
	int century, year;

	if (!two(s, &century, 0, 99) || !two(s, &year, 0, 99) || *(*s)++ != '-' ||
	    !two(s, &d->month, 1, 12) || *(*s)++ != '-' || !two(s, &d->day, 1, 31))
		return false;
	d->year = century * 100 + year;
	if (**s != 'T' && !(**s == ' ' && (*s)[1] >= '0' && (*s)[1] <= '9'))
		return true;
	(*s)++;
	return clock_time(s, d, true);
}

/* Nov 22, 2026 06:28:25 */
static bool legacy_date(const char **s, struct date *d)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char *end;

	for (d->month = 1; d->month <= 12; d->month++)
		if (strncasecmp(*s, months + 3 * (d->month - 1), 3) == 0)
			break;
	if (d->month > 12 || (*s)[3] != ' ')
		return false;
	d->day = (int)strtol(*s + 3, &end, 10);
	if (d->day < 1 || d->day > 31 || *end != ',')
		return false;
	d->year = (int)strtol(end + 1, &end, 10);
	if (d->year < 1600 || d->year > 9999 || *end != ' ')
		return false;
	while (*end == ' ')
		end++;
	*s = end;
	return clock_time(s, d, false);
}

int parse_date(const char *text, size_t n, i64 *ns)
{
	char buf[64];
	const char *s = buf;
	struct date d = { .hour = 0 };
	i64 frac, off, secs;

	if (n >= sizeof buf || memchr(text, '\0', n) != NULL)
		return -1;
	memcpy(buf, text, n);
	buf[n] = '\0';
	while (*s == ' ')
		s++;
	if (!(*s >= '0' && *s <= '9' ? iso_date(&s, &d) : legacy_date(&s, &d)))
		return -1;
	fraction(&s, &frac);
	if (!zone(s, &off))
		return -1;
	secs = days(d.year, d.month, d.day) * 86400 + d.hour * 3600 + d.min * 60 + d.sec - off;
	if (secs > INT64_MAX / NS_PER_S - 1 || secs < INT64_MIN / NS_PER_S + 1)
		return -1;
	*ns = secs * NS_PER_S + frac;
	return 0;
}

static int from_abstime(struct work *w)
{
	struct fv v = { .kind = V_ABS };

	if (w->lit->neg || w->lit->lit == LIT_CHAR || parse_date(w->lit->s, w->lit->n, &v.i) != 0)
		return refuse(
			w, "a date and time",
			"is not one; write \"2026-11-22 06:28:25.5\" or \"Nov 22, 2026 06:28:25\"");
	return made(w, v);
}

static int from_reltime(struct work *w)
{
	struct fv v = { .kind = V_REL };
	const char *s = w->text;
	i64 secs = 0, frac = 0;
	bool any = false;

	for (; *s >= '0' && *s <= '9' && secs < INT64_MAX / NS_PER_S / 10 - 1; s++, any = true)
		secs = secs * 10 + (*s - '0');
	if (any)
		fraction(&s, &frac);
	if (w->lit->lit != LIT_WORD || !any || *s != '\0')
		return refuse(w, "a time in seconds", "is not one");
	v.i = secs * NS_PER_S + frac;
	if (w->lit->neg)
		v.i = -v.i;
	return made(w, v);
}

int literal_to_const(struct filter *f, struct node *lit, const struct node *like, bool partial,
		     struct err *e)
{
	struct work w = { .f = f, .lit = lit, .like = like, .e = e };

	if (lit->n < sizeof w.text && memchr(lit->s, '\0', lit->n) == NULL) {
		memcpy(w.text, lit->s, lit->n);
		w.n = lit->n;
	}
	switch (kind_of(like->type)) {
	case V_NONE:
		return err_set_at(e, (int)lit->at,
				  "%s is a heading without a value; it can only be there or not",
				  like_name(&w));
	case V_BOOL: return from_bool(&w);
	case V_UINT:
	case V_INT: return from_int(&w);
	case V_IP4: return from_ip4(&w);
	case V_IP6: return from_ip6(&w);
	case V_BYTES:
	case V_PROTO: return from_bytes(&w, partial);
	case V_STR:
		if (lit->neg)
			return refuse(&w, "a text", "has a sign");
		return made_bytes(&w, V_STR, lit->s, lit->n);
	case V_ABS: return from_abstime(&w);
	case V_REL: return from_reltime(&w);
	case V_FLOAT: return from_float(&w);
	}
	return -1;
}
