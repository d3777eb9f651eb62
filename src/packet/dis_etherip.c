/* EtherIP: an Ethernet frame in IP protocol 97 (RFC 3378). */
#include "packet/proto.h"

enum { F_VERSION, F_RESERVED };

static const struct field fields[] = {
	[F_VERSION] = { "etherip.ver", "Version", FT_U16, FB_DEC, 0xf000 },
	[F_RESERVED] = { "etherip.reserved", "Reserved", FT_U16, FB_HEX, 0x0fff },
};

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 v = cur_be16(c);

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_VERSION, at, 2, v);
	d_bits(d, F_RESERVED, at, 2, v);
	if (v != 0x3000)
		d_mark(d, MARK_VALUE, at, "EtherIP wants version 3 and zeros");
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)k;
	(void)l;
	txt_puts(t, "EtherIP");
}

static const struct claim claims[] = { { TBL_IPPROTO, 97 } };

const struct proto proto_etherip = {
	.name = "etherip",
	.title = "Ethernet over IP",
	.abbrev = "EtherIP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_TUNNEL,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.tag = tag,
};
