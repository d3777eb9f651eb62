/* Numbers as people write them: parsing and printing of counts, sizes, rates and times. */
#include "base/num.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

int num_u64(const char *s, size_t n, u64 *out)
{
	u64 v = 0, base = 10;
	size_t i = 0;

	if (n > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		i = 2;
	} else if (n > 1 && s[0] == '0') {
		base = 8;
		i = 1;
	}
	if (i == n)
		return -1;
	for (; i < n; i++) {
		u64 d = (u64)digit_value(s[i]);

		if (d >= base || v > (UINT64_MAX - d) / base)
			return -1;
		v = v * base + d;
	}
	*out = v;
	return 0;
}

int num_i64(const char *s, size_t n, i64 *out)
{
	bool neg = n > 0 && s[0] == '-';
	u64 v;

	if (n > 0 && (s[0] == '-' || s[0] == '+'))
		s++, n--;
	if (num_u64(s, n, &v) < 0 || v > (u64)INT64_MAX + neg)
		return -1;
	*out = neg ? (i64)-v : (i64)v;
	return 0;
}

/* Decimal digits with an optional fraction into units of `unit` ns; *used tells how far it read. */
static int parse_decimal(const char *s, size_t n, ns_t unit, ns_t *out, size_t *used)
{
	size_t i = 0;
	ns_t whole = 0, frac = 0, scale = unit;

	for (; i < n && s[i] >= '0' && s[i] <= '9'; i++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
		    __builtin_add_overflow(whole, s[i] - '0', &whole))
			return -1;
	if (i < n && s[i] == '.') {
		if (++i == n || s[i] < '0' || s[i] > '9')
			return -1;
		for (; i < n && s[i] >= '0' && s[i] <= '9'; i++) {
			scale /= 10;
			frac += scale * (s[i] - '0');
		}
	} else if (i == 0) {
		return -1;
	}
	if (__builtin_mul_overflow(whole, unit, &whole) || __builtin_add_overflow(whole, frac, out))
		return -1;
	*used = i;
	return 0;
}

int num_span(const char *s, size_t n, ns_t *out, struct err *e)
{
	static const struct {
		const char *name;
		ns_t unit;
	} units[] = {
		{ "", NS_PER_S },	   { "s", NS_PER_S },	       { "ms", NS_PER_MS },
		{ "us", NS_PER_US },	   { "\xc2\xb5s", NS_PER_US }, { "ns", 1 },
		{ "m", 60 * NS_PER_S },	   { "min", 60 * NS_PER_S },   { "h", 3600 * NS_PER_S },
		{ "d", 86400 * NS_PER_S },
	};
	bool neg = n > 0 && s[0] == '-';
	size_t skip = n > 0 && (s[0] == '-' || s[0] == '+'), end = skip, used;

	while (end < n && (isdigit((u8)s[end]) || s[end] == '.'))
		end++;
	for (size_t i = 0; i < ARRAY_LEN(units); i++) {
		if (strlen(units[i].name) != n - end ||
		    memcmp(units[i].name, s + end, n - end) != 0)
			continue;
		if (end == skip ||
		    parse_decimal(s + skip, end - skip, units[i].unit, out, &used) < 0 ||
		    used != end - skip)
			break;
		if (neg)
			*out = -*out;
		return 0;
	}
	return err_set(e, "'%.*s' is no time span: write for example 1.5, 20ms, 3us or 2m",
		       (int)MIN(n, 60), s);
}

/* Days since 1970-01-01 of a civil date (proleptic Gregorian), after Howard Hinnant's published
 * formula. */
static i64 days_from_civil(i64 y, int m, int d)
{
	i64 era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct civil civil_from_ns(ns_t v)
{
	struct civil c;
	i64 secs = v / NS_PER_S, days, z, era, doe, yoe, doy, mp;

	c.nsec = (int)(v % NS_PER_S);
	if (c.nsec < 0) {
		c.nsec += (int)NS_PER_S;
		secs--;
	}
	days = secs / 86400 - (secs % 86400 < 0);
	secs -= days * 86400;
	c.hour = (int)(secs / 3600);
	c.min = (int)(secs / 60 % 60);
	c.sec = (int)(secs % 60);
	c.wday = (int)(((days + 4) % 7 + 7) % 7);
	z = days + 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.month <= 2));
	c.yday = (int)(days - days_from_civil(c.year, 1, 1));
	return c;
}

/* Up to `max` digits at s[*i]; -1 where there is none. */
static int take_int(const char *s, size_t n, size_t *i, int max)
{
	int v = 0, got = 0;

	for (; got < max && *i < n && s[*i] >= '0' && s[*i] <= '9'; got++)
		v = v * 10 + (s[(*i)++] - '0');
	return got > 0 ? v : -1;
}

static bool take_char(const char *s, size_t n, size_t *i, const char *any)
{
	if (*i < n && strchr(any, s[*i]) != NULL) {
		(*i)++;
		return true;
	}
	return false;
}

static bool take_clock(const char *s, size_t n, size_t *i, ns_t *out)
{
	int h = take_int(s, n, i, 2), m, sec = 0;
	ns_t frac = 0, scale = NS_PER_S;

	if (h < 0 || h > 23 || !take_char(s, n, i, ":") || (m = take_int(s, n, i, 2)) < 0 || m > 59)
		return false;
	if (take_char(s, n, i, ":") && ((sec = take_int(s, n, i, 2)) < 0 || sec > 60))
		return false;
	if (take_char(s, n, i, "."))
		for (; *i < n && s[*i] >= '0' && s[*i] <= '9'; (*i)++) {
			scale /= 10;
			frac += scale * (s[*i] - '0');
		}
	*out = (h * 3600 + m * 60 + sec) * NS_PER_S + frac;
	return true;
}

static bool take_date_time(const char *s, size_t n, ns_t *out)
{
	size_t i = 0;
	int y = take_int(s, n, &i, 4), m, d;
	ns_t clock = 0;

	if (y < 1678 || y > 2261 || !take_char(s, n, &i, "-") || (m = take_int(s, n, &i, 2)) < 1 ||
	    m > 12 || !take_char(s, n, &i, "-") || (d = take_int(s, n, &i, 2)) < 1 || d > 31)
		return false;
	if (i < n && (!take_char(s, n, &i, " T") || !take_clock(s, n, &i, &clock)))
		return false;
	take_char(s, n, &i, "Z");
	*out = days_from_civil(y, m, d) * 86400 * NS_PER_S + clock;
	return i == n;
}

int num_time(const char *s, size_t n, ns_t *out, struct err *e)
{
	size_t used;

	if (take_date_time(s, n, out))
		return 0;
	if (parse_decimal(s, n, NS_PER_S, out, &used) == 0 && used == n)
		return 0;
	return err_set(e,
		       "'%.*s' is no date and time: write 2026-11-22 06:28:25.123 (UTC) or seconds "
		       "since 1970",
		       (int)MIN(n, 60), s);
}

void txt_rate(struct txt *t, double v)
{
	static const char *const units[] = { " bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
	size_t u = 0;

	while (v >= 999.5 && u + 1 < ARRAY_LEN(units)) {
		v /= 1000;
		u++;
	}
	txt_printf(t, "%4.*f %s", u == 0 || v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2, v, units[u]);
}

/* v / 10^digits, right-aligned in `width` columns. */
static void put_decimals(struct txt *t, u64 v, int digits, int width)
{
	u64 one = 1;

	for (int i = 0; i < digits; i++)
		one *= 10;
	txt_u64w(t, v / one, MAX(width - digits - 1, 1), ' ');
	txt_putc(t, '.');
	txt_u64w(t, v % one, digits, '0');
}

void txt_bytes(struct txt *t, u64 bytes)
{
	static const char *const units[] = { "B ", "kB", "MB", "GB", "TB", "PB", "EB" };
	double v = (double)bytes;
	size_t u = 0;

	while (v >= 999.5 && u + 1 < ARRAY_LEN(units)) {
		v /= 1000;
		u++;
	}
	if (u == 0 || v >= 99.95)
		txt_u64w(t, (u64)(v + 0.5), 5, ' ');
	else
		put_decimals(t, v >= 9.995 ? (u64)(v * 10 + 0.5) : (u64)(v * 100 + 0.5),
			     v >= 9.995 ? 1 : 2, 5);
	txt_putc(t, ' ');
	txt_puts(t, units[u]);
}

void txt_count(struct txt *t, u64 v)
{
	if (v >= 1000) {
		txt_count(t, v / 1000);
		txt_putc(t, ' ');
		txt_u64w(t, v % 1000, 3, '0');
	} else {
		txt_u64(t, v);
	}
}

void txt_span(struct txt *t, ns_t v)
{
	u64 a = v < 0 ? -(u64)v : (u64)v;

	if (v < 0)
		txt_putc(t, '-');
	if (a < 1000) {
		txt_u64(t, a);
		txt_puts(t, " ns");
	} else if (a < 1000000) {
		put_decimals(t, a, 3, 0);
		txt_puts(t, " us");
	} else if (a < 1000000000) {
		put_decimals(t, (a + 500) / 1000, 3, 0);
		txt_puts(t, " ms");
	} else {
		put_decimals(t, (a + 500000) / 1000000, 3, 0);
		txt_puts(t, " s");
	}
}

void txt_utc(struct txt *t, ns_t v, int digits)
{
	struct civil c = civil_from_ns(v);
	u64 frac = (u64)c.nsec;

	txt_u64w(t, (u64)MAX(c.year, 0), 4, '0');
	txt_putc(t, '-');
	txt_u64w(t, (u64)c.month, 2, '0');
	txt_putc(t, '-');
	txt_u64w(t, (u64)c.day, 2, '0');
	txt_putc(t, ' ');
	txt_u64w(t, (u64)c.hour, 2, '0');
	txt_putc(t, ':');
	txt_u64w(t, (u64)c.min, 2, '0');
	txt_putc(t, ':');
	txt_u64w(t, (u64)c.sec, 2, '0');
	if (digits <= 0)
		return;
	for (int i = digits; i < 9; i++)
		frac /= 10;
	txt_putc(t, '.');
	txt_u64w(t, frac, digits, '0');
}
