/* Ethernet II and 802.3 (IEEE 802.3-2018 3.2). */
/*  0        6        12     14
 *  +--------+--------+------+----------------+---------+
 *  | dst    | src    | type | payload        | padding |
 *  +--------+--------+------+----------------+---------+ */
#include "packet/proto.h"

enum { F_DST, F_SRC, F_ADDR, F_TYPE, F_LEN, F_PADDING, F_TRAILER };

static const u16 any_addr[] = { F_DST, F_SRC, FIELD_END };

static const struct field fields[] = {
	[F_DST] = { "eth.dst", "Destination", FT_ETHER },
	[F_SRC] = { "eth.src", "Source", FT_ETHER },
	[F_ADDR] = { "eth.addr", "Source or destination", FT_ETHER, .any = any_addr },
	[F_TYPE] = { "eth.type", "Type", FT_U16, FB_HEX },
	[F_LEN] = { "eth.len", "Length", FT_U16, FB_DEC },
	[F_PADDING] = { "eth.padding", "Padding", FT_BYTES },
	[F_TRAILER] = { "eth.trailer", "Trailer", FT_BYTES },
};

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	const u8 *dst = d_bytes(d, c, F_DST, 6);
	const u8 *src = d_bytes(d, c, F_SRC, 6);
	u16 type;

	if (src == NULL)
		return;
	if (!d->in_error) {
		x->l2 = 1;
		x->eth_dst = dst;
		x->eth_src = src;
	}
	type = cur_be16(c);
	d_u(d, F_TYPE, c->at - 2, 2, type);
	if (c->fail == CUR_OK)
		d_next(d, TBL_ETHERTYPE, type, *c);
}

static const struct claim claims[] = { { TBL_LINK, 1 }, { TBL_INNER, INNER_ETHERNET } };

const struct proto proto_eth = {
	.name = "eth",
	.title = "Ethernet II",
	.abbrev = "ETH",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
};
