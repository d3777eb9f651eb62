/* IPv4 options (RFC 791 3.1, RFC 1108, 1063, 1393, 1770, 2113, 4782). */
#include "packet/ip.h"

enum {
	OPT_END = 0,
	OPT_NOP = 1,
	OPT_RECORD_ROUTE = 7,
	OPT_MTU_PROBE = 11,
	OPT_MTU_REPLY = 12,
	OPT_QUICK_START = 25,
	OPT_TIMESTAMP = 68,
	OPT_TRACEROUTE = 82,
	OPT_SECURITY = 130,
	OPT_LOOSE_ROUTE = 131,
	OPT_EXT_SECURITY = 133,
	OPT_CIPSO = 134,
	OPT_STREAM = 136,
	OPT_STRICT_ROUTE = 137,
	OPT_ROUTER_ALERT = 148,
	OPT_BROADCAST = 149,
};

/* Addresses that a route option collects or follows. `ptr` counts from 1 at the option's first byte
 * `at`: what lies before it is done. The last address of a source route under way is where the
 * packet is bound for. */
static void read_route(struct dis *d, struct cur *c, u32 at, bool source)
{
	u8 ptr = d_u8(d, c, IP_OPT_PTR);

	if (ptr < 4 || ptr % 4 != 0)
		d_mark(d, MARK_VALUE, at + 2, "a route option's pointer is not at an address");
	while (cur_left(c) >= 4) {
		u32 place = c->at - at + 1;

		if (place < ptr)
			d_be32(d, c, IP_REC_RT);
		else if (!source)
			d_be32(d, c, IP_EMPTY_RT);
		else
			d_be32(d, c, cur_left(c) < 8 ? IP_DST : IP_SRC_RT);
	}
}

static void read_timestamp(struct dis *d, struct cur *c)
{
	u64 b;

	d_u8(d, c, IP_OPT_PTR);
	b = d_bitset(d, c, 1, IP_OPT_OVERFLOW, IP_OPT_FLAG);
	while (cur_left(c) >= 4) {
		if ((b & 15) != 0) {
			d_be32(d, c, IP_OPT_TS_ADDR);
			if (cur_left(c) < 4)
				break;
		}
		d_be32(d, c, IP_OPT_TS);
	}
}

/* One octet of protection authorities (RFC 1108 2.3); true where another follows. */
static bool read_authorities(struct dis *d, struct cur *c)
{
	u8 b = d_u8(d, c, IP_OPT_SEC_FLAGS);

	if (c->fail != CUR_OK)
		return false;
	c->at--;
	d_down(d);
	d_bitset(d, c, 1, IP_OPT_SEC_GENSER, IP_OPT_SEC_FTI);
	d_up(d);
	return b & 1;
}

/* n letters, fewer where a zero comes before. */
static void put_letters(struct dis *d, struct cur *c, unsigned f, u32 n)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n);

	if (p != NULL)
		d_text(d, f, at, n, (const char *)p, strnlen((const char *)p, n));
}

static void read_security(struct dis *d, struct cur *c)
{
	if (cur_wire_left(c) == 9) { /* RFC 791; RFC 1108 has fewer */
		d_be16(d, c, IP_OPT_SEC_SEC);
		d_be16(d, c, IP_OPT_SEC_COMP);
		put_letters(d, c, IP_OPT_SEC_HR, 2);
		put_letters(d, c, IP_OPT_SEC_TCC, 3);
		return;
	}
	d_u8(d, c, IP_OPT_SEC_CL);
	while (cur_left(c) > 0 && read_authorities(d, c))
		;
}

static void read_quick_start(struct dis *d, struct cur *c, u8 ttl)
{
	int b = cur_peek(c, 0);
	u8 qs_ttl;

	if (b >> 4 != 0 && b >> 4 != 8) {
		d_bitset(d, c, 1, IP_OPT_QS_FUNC, IP_OPT_QS_FUNC);
		return;
	}
	d_bitset(d, c, 1, IP_OPT_QS_FUNC, IP_OPT_QS_RATE);
	if (b >> 4 == 0) {
		qs_ttl = d_u8(d, c, IP_OPT_QS_TTL);
		if (c->fail == CUR_OK)
			d_gen(d, IP_OPT_QS_TTL_DIFF, (u8)(ttl - qs_ttl));
	} else {
		d_u8(d, c, IP_OPT_QS_UNUSED);
	}
	d_bitset(d, c, 4, IP_OPT_QS_NONCE, IP_OPT_QS_RESERVED);
}

static void read_cipso(struct dis *d, struct cur *c)
{
	d_be32(d, c, IP_CIPSO_DOI);
	while (cur_left(c) >= 2) {
		struct cur tag;
		int len = cur_peek(c, 1);

		if (len < 2 || (u32)len > cur_left(c))
			break;
		tag = cur_sub(c, (u32)len);
		d_u8(d, &tag, IP_CIPSO_TAG_TYPE);
		cur_skip(&tag, 2);
		if (cur_left(&tag) > 0)
			d_u8(d, &tag, IP_CIPSO_LEVEL);
	}
}

static bool known(u8 type)
{
	switch (type) {
	case OPT_RECORD_ROUTE:
	case OPT_MTU_PROBE:
	case OPT_MTU_REPLY:
	case OPT_QUICK_START:
	case OPT_TIMESTAMP:
	case OPT_TRACEROUTE:
	case OPT_SECURITY:
	case OPT_LOOSE_ROUTE:
	case OPT_EXT_SECURITY:
	case OPT_CIPSO:
	case OPT_STREAM:
	case OPT_STRICT_ROUTE:
	case OPT_ROUTER_ALERT:
	case OPT_BROADCAST: return true;
	}
	return false;
}

/* What stands behind type and length; c is bounded to it. `at` is the option's first byte. */
static void read_body(struct dis *d, struct cur *c, u8 type, u32 at, u8 ttl)
{
	switch (type) {
	case OPT_RECORD_ROUTE: read_route(d, c, at, false); break;
	case OPT_LOOSE_ROUTE:
	case OPT_STRICT_ROUTE: read_route(d, c, at, true); break;
	case OPT_TIMESTAMP: read_timestamp(d, c); break;
	case OPT_SECURITY: read_security(d, c); break;
	case OPT_EXT_SECURITY:
		d_u8(d, c, IP_OPT_EXT_SEC_CODE);
		d_rest(d, c, IP_OPT_EXT_SEC_INFO);
		break;
	case OPT_CIPSO: read_cipso(d, c); break;
	case OPT_STREAM: d_be16(d, c, IP_OPT_SID); break;
	case OPT_MTU_PROBE:
	case OPT_MTU_REPLY: d_be16(d, c, IP_OPT_MTU); break;
	case OPT_ROUTER_ALERT: d_be16(d, c, IP_OPT_RA); break;
	case OPT_TRACEROUTE:
		d_be16(d, c, IP_OPT_ID_NUMBER);
		d_be16(d, c, IP_OPT_OHC);
		d_be16(d, c, IP_OPT_RHC);
		d_be32(d, c, IP_OPT_ORIGINATOR);
		break;
	case OPT_BROADCAST:
		while (cur_left(c) >= 4)
			d_be32(d, c, IP_OPT_ADDR);
		break;
	case OPT_QUICK_START: read_quick_start(d, c, ttl); break;
	}
}

static void put_type(struct dis *d, u32 at, u8 type)
{
	d_u(d, IP_OPT_TYPE, at, 1, type);
	d_down(d);
	d_bits(d, IP_OPT_COPY, at, 1, type);
	d_bits(d, IP_OPT_CLASS, at, 1, type);
	d_bits(d, IP_OPT_NUMBER, at, 1, type);
}

void ip_options(struct dis *d, struct cur *c, u8 ttl)
{
	while (cur_left(c) > 0) {
		u32 at = c->at;
		u8 type = cur_u8(c);
		struct cur body;
		int len;

		if (type <= OPT_NOP) {
			put_type(d, at, type);
			d_up(d);
			if (type == OPT_NOP)
				continue;
			return;
		}
		len = cur_peek(c, 0);
		if (len < 2 || (u32)len - 1 > cur_wire_left(c)) {
			d_mark(d, MARK_LENGTH, at, "an IPv4 option's length does not fit");
			return;
		}
		if (!known(type)) {
			c->at = at;
			d_bytes(d, c, IP_OPT_UNKNOWN, (u32)len);
			continue;
		}
		put_type(d, at, type);
		d_u8(d, c, IP_OPT_LEN);
		body = cur_sub(c, (u32)len - 2);
		read_body(d, &body, type, at, ttl);
		d_check(d, &body);
		d_up(d);
	}
}

u32 ip_final_destination(struct cur c)
{
	while (cur_left(&c) > 0) {
		u32 at = c.at;
		u8 type = cur_u8(&c), len, ptr;

		if (type == OPT_END)
			break;
		if (type == OPT_NOP)
			continue;
		len = cur_u8(&c);
		if (len < 2 || !cur_need(&c, len - 2u))
			break;
		if (type == OPT_LOOSE_ROUTE || type == OPT_STRICT_ROUTE) {
			ptr = len < 7 ? 0 : c.base[at + 2];
			return ptr >= 4 && ptr % 4 == 0 && ptr < len ? at + len - 4 : 0;
		}
		c.at = at + len;
	}
	return 0;
}
