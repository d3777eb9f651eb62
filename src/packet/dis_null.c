/* BSD loopback: four bytes with an address family, in the byte order of whoever captured (NULL), or
 * always in network order (LOOP). */
#include "packet/dis_eth.h"

enum { F_FAMILY, F_TYPE };

static const struct vstr family_names[] = {
	{ 2, "IPv4" },
	{ 24, "IPv6 (NetBSD, OpenBSD)" },
	{ 28, "IPv6 (FreeBSD)" },
	{ 30, "IPv6 (Darwin)" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_FAMILY] = { "null.family", "Address family", FT_U32, FB_DEC, .names = family_names },
	[F_TYPE] = { "null.type", "Type", FT_U16, FB_HEX, .names = ethertype_names },
};

static void hand_on(struct dis *d, const struct cur *c, u32 family)
{
	switch (family) {
	case 2: d_next(d, TBL_ETHERTYPE, 0x0800, *c); break;
	case 24:
	case 28:
	case 30: d_next(d, TBL_ETHERTYPE, 0x86dd, *c); break;
	default: d_data(d, *c);
	}
}

/* Either byte order; the family in the first 16 bits only, as some systems have it; an Ethernet
 * type in its place; or PPP after all. */
static void dissect_null(struct dis *d, struct cur *c)
{
	u32 at = c->at, v;

	if (cur_peek(c, 0) == 0xff && cur_peek(c, 1) == 0x03) {
		d_next(d, TBL_INNER, INNER_PPP_FRAME, *c);
		return;
	}
	v = cur_le32(c);
	if (c->fail != CUR_OK)
		return;
	if (v >> 16 != 0)
		v = v < 0x00060000 ? v >> 16 : __builtin_bswap32(v);
	if (v > ETH_MAX_LEN) {
		d_u(d, F_TYPE, at, 4, v & 0xffff);
		d_next(d, TBL_ETHERTYPE, v & 0xffff, *c);
	} else {
		d_u(d, F_FAMILY, at, 4, v);
		hand_on(d, c, v);
	}
}

static void dissect_loop(struct dis *d, struct cur *c)
{
	u32 family = d_be32(d, c, F_FAMILY);

	if (c->fail == CUR_OK)
		hand_on(d, c, family);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_printf(t, "Address family %u", (unsigned)pkt_get_u(k, l, F_FAMILY, 0));
}

static const u16 info_wants[] = { F_FAMILY, FIELD_END };
static const struct claim claims_null[] = { { TBL_LINK, 0 } };
static const struct claim claims_loop[] = { { TBL_LINK, 108 } };

const struct proto proto_null = {
	.name = "null",
	.title = "BSD loopback",
	.abbrev = "NULL",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims_null,
	.nclaims = ARRAY_LEN(claims_null),
	.dissect = dissect_null,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_null_loop = {
	.name = "null",
	.title = "OpenBSD loopback",
	.abbrev = "LOOP",
	.fields_of = &proto_null,
	.claims = claims_loop,
	.nclaims = ARRAY_LEN(claims_loop),
	.dissect = dissect_loop,
	.info = info,
};
