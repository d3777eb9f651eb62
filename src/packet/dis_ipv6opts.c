/* IPv6 hop-by-hop and destination options (RFC 8200 4.2, 4.3, 4.6), and the options in them. */
/*  +-------------+------------+----------------------------
 *  | next header | length / 8 | type, length, data ...
 *  +-------------+------------+---------------------------- */
#include "packet/ipv6.h"

enum {
	OPT_PAD1 = 0x00,
	OPT_PADN = 0x01,
	OPT_TUNNEL_LIMIT = 0x04,
	OPT_ROUTER_ALERT = 0x05,
	OPT_PDM = 0x0f,
	OPT_RPL = 0x23,
	OPT_QUICK_START = 0x26,
	OPT_PMTU = 0x30,
	OPT_RPL_OLD = 0x63,
	OPT_JUMBO = 0xc2,
	OPT_HOME_ADDRESS = 0xc9,
};

u32 ipv6_jumbo(struct cur c)
{
	u32 len;

	cur_skip(&c, 1);
	len = (cur_u8(&c) + 1u) * 8;
	if (c.fail != CUR_OK || !cur_limit(&c, len - 2))
		return 0;
	while (cur_left(&c) > 0) {
		u8 type = cur_u8(&c), n;

		if (type == OPT_PAD1)
			continue;
		n = cur_u8(&c);
		if (type == OPT_JUMBO && n == 4)
			return cur_be32(&c);
		cur_skip(&c, n);
	}
	return 0;
}

/* RFC 4727 and RFC 3692: numbers for experiments, 11110 in the low five bits. */
static bool experimental(u8 type)
{
	return (type & 0x1f) == 0x1e;
}

static void read_quick_start(struct dis *d, struct cur *c)
{
	int b = cur_peek(c, 0);

	if (b >> 4 != 0 && b >> 4 != 8) {
		d_bitset(d, c, 1, IP6_OPT_QS_FUNC, IP6_OPT_QS_FUNC);
		return;
	}
	d_bitset(d, c, 1, IP6_OPT_QS_FUNC, IP6_OPT_QS_RATE);
	if (b >> 4 == 0)
		d_u8(d, c, IP6_OPT_QS_TTL);
	else
		d_u8(d, c, IP6_OPT_QS_UNUSED);
	d_bitset(d, c, 4, IP6_OPT_QS_NONCE, IP6_OPT_QS_RESERVED);
}

static void read_rpl(struct dis *d, struct cur *c)
{
	d_u8(d, c, IP6_OPT_RPL_FLAG);
	if (c->fail != CUR_OK)
		return;
	c->at--;
	d_down(d);
	d_bitset(d, c, 1, IP6_OPT_RPL_O, IP6_OPT_RPL_RSV);
	d_up(d);
	d_u8(d, c, IP6_OPT_RPL_INSTANCE);
	d_be16(d, c, IP6_OPT_RPL_RANK);
}

static void read_pmtu(struct dis *d, struct cur *c)
{
	u16 rtn;

	d_be16(d, c, IP6_OPT_PMTU_MIN);
	rtn = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, IP6_OPT_PMTU_RTN, c->at - 2, 2, rtn & 0xfffe);
	d_u(d, IP6_OPT_PMTU_R, c->at - 1, 1, rtn & 1);
}

static void read_body(struct dis *d, struct cur *c, u8 type)
{
	u32 at = c->at;
	const u8 *p;

	switch (type) {
	case OPT_PADN:
		d_mem(d, IP6_OPT_PADN, at, cur_left(c));
		cur_skip(c, cur_left(c));
		break;
	case OPT_TUNNEL_LIMIT: d_u8(d, c, IP6_OPT_TEL); break;
	case OPT_ROUTER_ALERT: d_be16(d, c, IP6_OPT_ROUTER_ALERT); break;
	case OPT_JUMBO: d_be32(d, c, IP6_OPT_JUMBO); break;
	case OPT_QUICK_START: read_quick_start(d, c); break;
	case OPT_RPL:
	case OPT_RPL_OLD: read_rpl(d, c); break;
	case OPT_PMTU: read_pmtu(d, c); break;
	case OPT_PDM:
		d_u8(d, c, IP6_OPT_PDM_SCALE_LR);
		d_u8(d, c, IP6_OPT_PDM_SCALE_LS);
		for (unsigned f = IP6_OPT_PDM_PSN_THIS; f <= IP6_OPT_PDM_DELTA_LS; f++)
			d_be16(d, c, f);
		break;
	case OPT_HOME_ADDRESS:
		p = d_bytes(d, c, IP6_OPT_HOME_ADDRESS, 16);
		if (p != NULL) /* RFC 6275 9.3.1: upper layers take it for the source */
			d->ip_src = p;
		break;
	default: d_rest(d, c, experimental(type) ? IP6_OPT_EXPERIMENTAL : IP6_OPT_UNKNOWN);
	}
}

static void read_option(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 type = cur_u8(c), len;
	struct cur body;
	int n = type == OPT_PAD1 ? -1 : cur_peek(c, 0);

	d_head(d, IP6_OPT, at, MIN(1 + (u32)(n + 1), c->end - at));
	d_down(d);
	d_u(d, IP6_OPT_TYPE, at, 1, type);
	if (type == OPT_PAD1) {
		d_head(d, IP6_OPT_PAD1, at, 1);
		d_up(d);
		return;
	}
	d_down(d);
	d_bits(d, IP6_OPT_ACTION, at, 1, type);
	d_bits(d, IP6_OPT_CHANGE, at, 1, type);
	d_bits(d, IP6_OPT_REST, at, 1, type);
	d_up(d);
	len = d_u8(d, c, IP6_OPT_LENGTH);
	if (c->fail == CUR_OK) {
		if (len > cur_wire_left(c))
			d_mark(d, MARK_LENGTH, at + 1, "an IPv6 option's length does not fit");
		body = cur_sub(c, len);
		read_body(d, &body, type);
		d_check(d, &body);
	}
	d_up(d);
}

/* Both headers look the same; f is the first of their three fields. */
static void read_header(struct dis *d, struct cur *c, unsigned f)
{
	u8 next = d_u8(d, c, f);
	u8 len = d_u8(d, c, f + 1);
	u32 bytes = (len + 1u) * 8;
	struct cur opts;

	if (c->fail != CUR_OK)
		return;
	d_gen(d, f + 2, bytes);
	if (bytes - 2 > cur_wire_left(c)) {
		d_mark(d, MARK_LENGTH, c->at - 1, "an IPv6 extension header's length does not fit");
		bytes = cur_wire_left(c) + 2;
	}
	opts = cur_sub(c, bytes - 2);
	if (d_any(d) || d->plan->marks || d->plan->checksums)
		while (cur_left(&opts) > 0)
			read_option(d, &opts);
	d->l4 = next;
	d_next(d, TBL_IPPROTO, next, *c);
}

static void dissect_hopopts(struct dis *d, struct cur *c)
{
	read_header(d, c, IP6_HOPOPTS_NXT);
}

static void dissect_dstopts(struct dis *d, struct cur *c)
{
	read_header(d, c, IP6_DSTOPTS_NXT);
}

static const struct claim hopopts_claims[] = { { TBL_IPPROTO, 0 } };
static const struct claim dstopts_claims[] = { { TBL_IPPROTO, 60 } };

const struct proto proto_hopopts = {
	.name = "ipv6.hopopts",
	.title = "IPv6 hop-by-hop options",
	.abbrev = "IPv6",
	.fields_of = &proto_ipv6,
	.claims = hopopts_claims,
	.nclaims = ARRAY_LEN(hopopts_claims),
	.dissect = dissect_hopopts,
};

const struct proto proto_dstopts = {
	.name = "ipv6.dstopts",
	.title = "IPv6 destination options",
	.abbrev = "IPv6",
	.fields_of = &proto_ipv6,
	.claims = dstopts_claims,
	.nclaims = ARRAY_LEN(dstopts_claims),
	.dissect = dissect_dstopts,
};
