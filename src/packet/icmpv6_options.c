/* Neighbour discovery options (RFC 4861 4.6, 6275, 3971, 4191, 8106, 8910, 8781). */
/*  +------+------------+--------
 *  | type | length / 8 | data ...
 *  +------+------------+-------- */
#include "packet/icmp.h"
#include "packet/icmpv6.h"

enum {
	OPT_SOURCE_LINK = 1,
	OPT_TARGET_LINK = 2,
	OPT_PREFIX = 3,
	OPT_REDIRECTED = 4,
	OPT_MTU = 5,
	OPT_ADV_INTERVAL = 7,
	OPT_HOME_AGENT = 8,
	OPT_NONCE = 14,
	OPT_ROUTE = 24,
	OPT_RDNSS = 25,
	OPT_DNSSL = 31,
	OPT_CAPTIVE = 37,
	OPT_PREF64 = 38,
};

static void read_link(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at, n = cur_left(c);

	if (n == 0)
		return;
	d_mem(d, I6_OPT_LINKADDR, at, n);
	d_mem(d, f, at, n);
	cur_skip(c, n);
}

/* A byte of flags, and its bits below it. */
static void put_flags(struct dis *d, struct cur *c, unsigned f, unsigned first, unsigned last)
{
	d_u8(d, c, f);
	if (c->fail != CUR_OK)
		return;
	c->at--;
	d_down(d);
	d_bitset(d, c, 1, first, last);
	d_up(d);
}

static void read_prefix(struct dis *d, struct cur *c)
{
	d_u8(d, c, I6_OPT_PREFIX_LENGTH);
	put_flags(d, c, I6_OPT_PREFIX_FLAG, I6_OPT_PREFIX_L, I6_OPT_PREFIX_RSV);
	d_be32(d, c, I6_OPT_PREFIX_VALID);
	d_be32(d, c, I6_OPT_PREFIX_PREFERRED);
	d_head(d, I6_OPT_RESERVED, c->at, 4);
	cur_skip(c, 4);
	d_bytes(d, c, I6_OPT_PREFIX, 16);
}

/* As many bytes of a prefix as stand there, and zeros behind them. */
static void put_short_prefix(struct dis *d, struct cur *c, unsigned f)
{
	u8 prefix[16] = { 0 };
	u32 at = c->at, n = MIN(cur_left(c), 16);
	const u8 *p = cur_bytes(c, n);

	if (p != NULL && n > 0)
		memcpy(prefix, p, n);
	d_made(d, f, at, n, prefix, 16);
}

static void read_route(struct dis *d, struct cur *c)
{
	d_u8(d, c, I6_OPT_PREFIX_LENGTH);
	put_flags(d, c, I6_OPT_ROUTE_FLAG, I6_OPT_ROUTE_PRF, I6_OPT_ROUTE_RSV);
	d_be32(d, c, I6_OPT_ROUTE_LIFETIME);
	if (c->fail == CUR_OK)
		put_short_prefix(d, c, I6_OPT_PREFIX);
}

/* One name in labels, without compression, as text with dots. False at the padding. */
static bool read_name(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	char name[256];
	size_t n = 0;

	if (cur_peek(c, 0) <= 0)
		return false;
	for (;;) {
		u8 len = cur_u8(c);
		const u8 *p;

		if (len == 0 || c->fail != CUR_OK)
			break;
		p = cur_bytes(c, len);
		if (p == NULL || n + len + 1 > sizeof name)
			return false;
		if (n > 0)
			name[n++] = '.';
		memcpy(name + n, p, len);
		n += len;
	}
	d_text(d, I6_OPT_DNSSL, at, c->at - at, name, n);
	return c->fail == CUR_OK;
}

static void read_dns(struct dis *d, struct cur *c, u8 type)
{
	d_head(d, I6_OPT_RESERVED, c->at, 2);
	cur_skip(c, 2);
	d_be32(d, c, type == OPT_RDNSS ? I6_OPT_RDNSS_LIFETIME : I6_OPT_DNSSL_LIFETIME);
	if (type == OPT_RDNSS) {
		while (cur_left(c) >= 16)
			d_bytes(d, c, I6_OPT_RDNSS, 16);
		return;
	}
	while (read_name(d, c))
		;
	if (cur_left(c) > 0) {
		d_head(d, I6_OPT_PADDING, c->at, cur_left(c));
		cur_skip(c, cur_left(c));
	}
}

static void read_text(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at, n = cur_left(c);
	const u8 *p = cur_bytes(c, n);

	if (p != NULL && n > 0)
		d_text(d, f, at, n, (const char *)p, strnlen((const char *)p, n));
}

static void read_body(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case OPT_SOURCE_LINK: read_link(d, c, I6_OPT_SRC_LINKADDR); break;
	case OPT_TARGET_LINK: read_link(d, c, I6_OPT_TARGET_LINKADDR); break;
	case OPT_PREFIX: read_prefix(d, c); break;
	case OPT_REDIRECTED:
		d_head(d, I6_OPT_RESERVED, c->at, 6);
		cur_skip(c, 6);
		d_head(d, I6_OPT_REDIRECTED, c->at, cur_left(c));
		icmp_quoted(d, c, cur_wire_left(c), 0x86dd);
		break;
	case OPT_MTU:
		d_head(d, I6_OPT_RESERVED, c->at, 2);
		cur_skip(c, 2);
		d_be32(d, c, I6_OPT_MTU);
		break;
	case OPT_ADV_INTERVAL:
		d_head(d, I6_OPT_RESERVED, c->at, 2);
		cur_skip(c, 2);
		d_be32(d, c, I6_OPT_ADV_INTERVAL);
		break;
	case OPT_HOME_AGENT:
		d_head(d, I6_OPT_RESERVED, c->at, 2);
		cur_skip(c, 2);
		d_be16(d, c, I6_OPT_HA_PREFERENCE);
		d_be16(d, c, I6_OPT_HA_LIFETIME);
		break;
	case OPT_NONCE: d_rest(d, c, I6_OPT_NONCE); break;
	case OPT_ROUTE: read_route(d, c); break;
	case OPT_RDNSS:
	case OPT_DNSSL: read_dns(d, c, type); break;
	case OPT_CAPTIVE: read_text(d, c, I6_OPT_CAPTIVE); break;
	case OPT_PREF64:
		d_bitset(d, c, 2, I6_OPT_PREF64_LIFETIME, I6_OPT_PREF64_PLC);
		put_short_prefix(d, c, I6_OPT_PREF64_PREFIX);
		break;
	default: d_rest(d, c, I6_DATA);
	}
}

void icmpv6_options(struct dis *d, struct cur *c)
{
	while (cur_left(c) > 0) {
		u32 at = c->at;
		u8 type, len;
		struct cur body;

		d_head(d, I6_OPT, at, MIN(cur_left(c), (u32)MAX(cur_peek(c, 1), 0) * 8));
		d_down(d);
		type = d_u8(d, c, I6_OPT_TYPE);
		len = d_u8(d, c, I6_OPT_LENGTH);
		if (c->fail != CUR_OK) {
			d_up(d);
			return;
		}
		if (len == 0 || len * 8u - 2 > cur_wire_left(c)) {
			d_mark(d, MARK_LENGTH, at + 1,
			       len == 0 ? "a neighbour discovery option of length 0"
					: "a neighbour discovery option's length does not fit");
			d_up(d);
			if (len == 0)
				return;
		}
		body = cur_sub(c, len * 8u - 2);
		read_body(d, &body, type);
		d_check(d, &body);
		d_up(d);
	}
}
