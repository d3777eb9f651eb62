/* Network service header (RFC 8300): inside VXLAN-GPE, GRE or Ethernet. */
/*  0   2 3 4      10     16   20      24       32
 *  +---+-+-+------+------+----+-------+--------+----------------+--------+
 *  |ver|O|U| TTL  |length|    |MD type|next    | path           | index  | contexts ...
 *  +---+-+-+------+------+----+-------+--------+----------------+--------+ */
#include "packet/proto.h"

enum {
	F_VERSION,
	F_O,
	F_TTL,
	F_LENGTH,
	F_MDTYPE,
	F_NEXT,
	F_SPI,
	F_SI,
	F_CONTEXT,
};

static const struct vstr next_names[] = {
	{ 1, "IPv4" }, { 2, "IPv6" }, { 3, "Ethernet" }, { 4, "NSH" }, { 5, "MPLS" }, { 0, NULL },
};

static const struct field fields[] = {
	[F_VERSION] = { "nsh.version", "Version", FT_U16, FB_DEC_HEX, 0xc000 },
	[F_O] = { "nsh.Obit", "Operations and maintenance", FT_U16, FB_DEC, 0x2000 },
	[F_TTL] = { "nsh.ttl", "Time to live", FT_U16, FB_HEX, 0x0fc0 },
	[F_LENGTH] = { "nsh.length", "Length in words of 4 bytes", FT_U16, FB_DEC_HEX, 0x003f },
	[F_MDTYPE] = { "nsh.mdtype", "Metadata type", FT_U8, FB_DEC_HEX },
	[F_NEXT] = { "nsh.nextproto", "Next protocol", FT_U8, FB_DEC_HEX, .names = next_names },
	[F_SPI] = { "nsh.spi", "Service path", FT_U24, FB_DEC_HEX },
	[F_SI] = { "nsh.si", "Service index", FT_U8, FB_DEC_HEX },
	[F_CONTEXT] = { "nsh.contextheader", "Context header", FT_BYTES },
};

static void hand_on(struct dis *d, const struct cur *c, u8 next)
{
	switch (next) {
	case 1: d_next(d, TBL_ETHERTYPE, 0x0800, *c); break;
	case 2: d_next(d, TBL_ETHERTYPE, 0x86dd, *c); break;
	case 3: d_next(d, TBL_INNER, INNER_ETHERNET, *c); break;
	case 4: d_next(d, TBL_ETHERTYPE, 0x894f, *c); break;
	case 5: d_next(d, TBL_ETHERTYPE, 0x8847, *c); break;
	default: d_data(d, *c);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at, len;
	u16 head = cur_be16(c);
	u8 type, next;

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_VERSION, at, 2, head);
	d_bits(d, F_O, at, 2, head);
	d_bits(d, F_TTL, at, 2, head);
	d_bits(d, F_LENGTH, at, 2, head);
	type = d_u8(d, c, F_MDTYPE);
	next = d_u8(d, c, F_NEXT);
	d_be24(d, c, F_SPI);
	d_u8(d, c, F_SI);
	len = (head & 63) * 4u;
	if (c->fail != CUR_OK)
		return;
	if (len < 8 || (type == 1 && len != 24)) {
		d_mark(d, MARK_LENGTH, at, "an NSH length that does not fit its metadata type");
		return;
	}
	for (unsigned i = 0; type == 1 && i < 4; i++)
		d_bytes(d, c, F_CONTEXT, 4);
	if (type != 1)
		cur_skip(c, len - 8);
	if (c->fail == CUR_OK)
		hand_on(d, c, next);
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "NSH ");
	txt_u64(t, pkt_get_u(k, l, F_SPI, 0));
	txt_putc(t, '/');
	txt_u64(t, pkt_get_u(k, l, F_SI, 0));
}

static const u16 info_wants[] = { F_SPI, F_SI, FIELD_END };
static const struct claim claims[] = { { TBL_ETHERTYPE, 0x894f } };

const struct proto proto_nsh = {
	.name = "nsh",
	.title = "Network Service Header",
	.abbrev = "NSH",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_TUNNEL,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info_wants = info_wants,
	.tag = tag,
};
