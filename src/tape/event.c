/* Journal entries: reading and writing the fields of what is on the tape beside packets. */
#include "tape/event.h"

#include "base/num.h"

bool event_next(const struct tape_event *ev, size_t *at, const char **key, size_t *keylen,
		const char **value, size_t *len)
{
	const char *p = (const char *)ev->data + *at, *end = (const char *)ev->data + ev->len;
	const char *nl, *eq;
	u64 n;

	while (p < end && *p == '\n') /* an empty line ends an entry; there may be several */
		p++;
	if (p >= end)
		return false;
	nl = memchr(p, '\n', (size_t)(end - p));
	eq = memchr(p, '=', (size_t)((nl ? nl : end) - p));
	*key = p;
	if (eq != NULL) {
		*keylen = (size_t)(eq - p);
		*value = eq + 1;
		*len = (size_t)((nl ? nl : end) - *value);
		*at = (size_t)((nl ? nl + 1 : end) - (const char *)ev->data);
		return true;
	}
	if (nl == NULL || end - nl < 9)
		return false;
	n = load_le64(nl + 1);
	if (n > (u64)(end - nl - 9))
		return false;
	*keylen = (size_t)(nl - p);
	*value = nl + 9;
	*len = (size_t)n;
	p = *value + n;
	*at = (size_t)(p - (const char *)ev->data) + (p < end);
	return true;
}

bool event_get(const struct tape_event *ev, const char *key, const char **value, size_t *len)
{
	size_t at = 0, n, want = strlen(key);
	const char *k;

	while (event_next(ev, &at, &k, &n, value, len))
		if (n == want && memcmp(k, key, n) == 0)
			return true;
	return false;
}

ns_t event_time(const struct tape_event *ev)
{
	const char *v;
	size_t n;
	i64 t;

	if (event_get(ev, "TAPDECK_TS", &v, &n) && num_i64(v, n, &t) == 0)
		return t;
	if (event_get(ev, "__REALTIME_TIMESTAMP", &v, &n) && num_i64(v, n, &t) == 0 && t >= 0 &&
	    t <= INT64_MAX / NS_PER_US)
		return t * NS_PER_US;
	return NS_NONE;
}

static bool is_plain(const u8 *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((p[i] < ' ' && p[i] != '\t') || p[i] == 0x7f)
			return false;
	return true;
}

void event_put(struct txt *t, ns_t ts, const struct event_field *f, size_t n)
{
	u8 le[8];
	size_t i;
	int k;

	/* Wireshark takes the first __REALTIME_TIMESTAMP, and it cannot be negative. */
	txt_puts(t, "__REALTIME_TIMESTAMP=");
	txt_i64(t, ts > 0 ? ts / NS_PER_US : 0);
	if (ts != NS_NONE) {
		txt_puts(t, "\nTAPDECK_TS=");
		txt_i64(t, ts);
	}
	txt_putc(t, '\n');
	for (i = 0; i < n; i++) {
		txt_puts(t, f[i].key);
		if (is_plain(f[i].value, f[i].len)) {
			txt_putc(t, '=');
		} else {
			txt_putc(t, '\n');
			for (k = 0; k < 8; k++)
				le[k] = (u8)((u64)f[i].len >> 8 * k);
			txt_putn(t, (const char *)le, 8);
		}
		txt_putn(t, f[i].value, f[i].len);
		txt_putc(t, '\n');
	}
}
