/* VXLAN (RFC 7348, group policy of draft-smith-vxlan-group-policy) and VXLAN-GPE
 * (draft-ietf-nvo3-vxlan-gpe). */
/*  0                16               32                    56        64
 *  +----------------+----------------+---------------------+---------+
 *  |G   I  D  A     | group policy   |        VNI          |reserved |  VXLAN
 *  +-------+--------+------+---------+---------------------+---------+
 *  | flags |   reserved    |next hdr |        VNI          |reserved |  VXLAN-GPE
 *  +-------+---------------+---------+---------------------+---------+ */
#include "packet/proto.h"

enum {
	F_FLAGS,
	F_G,
	F_I,
	F_D,
	F_A,
	F_FLAGS_RESERVED,
	F_GPE_VERSION,
	F_GPE_I,
	F_GPE_P,
	F_GPE_O,
	F_GBP,
	F_RESERVED_16,
	F_NEXT_PROTO,
	F_VNI,
	F_RESERVED_8,
};

static const struct vstr next_names[] = {
	{ 1, "IPv4" }, { 2, "IPv6" }, { 3, "Ethernet" }, { 4, "NSH" }, { 5, "MPLS" }, { 0, NULL },
};

#define FLAG(m) FT_BOOL, FB_NONE, m, .width = 16

static const struct field fields[] = {
	[F_FLAGS] = { "vxlan.flags", "Flags", FT_U16, FB_HEX },
	[F_G] = { "vxlan.flag_g", "Group policy id present", FLAG(0x8000) },
	[F_I] = { "vxlan.flag_i", "VNI present", FLAG(0x0800) },
	[F_D] = { "vxlan.flag_d", "Don't learn", FLAG(0x0040) },
	[F_A] = { "vxlan.flag_a", "Policy applied", FLAG(0x0008) },
	[F_FLAGS_RESERVED] = { "vxlan.flags_reserved", "Reserved", FT_U16, FB_HEX },
	[F_GPE_VERSION] = { "vxlan.ver", "Version", FT_U8, FB_DEC, 0x30 },
	[F_GPE_I] = { "vxlan.i_bit", "VNI present", FT_U8, FB_DEC, 0x08 },
	[F_GPE_P] = { "vxlan.p_bit", "Next protocol present", FT_U8, FB_DEC, 0x04 },
	[F_GPE_O] = { "vxlan.o_bit", "Operations and maintenance", FT_U8, FB_DEC, 0x01 },
	[F_GBP] = { "vxlan.gbp", "Group policy id", FT_U16, FB_DEC },
	[F_RESERVED_16] = { "vxlan.reserved_16", "Reserved", FT_U16, FB_DEC },
	[F_NEXT_PROTO] = { "vxlan.next_proto", "Next protocol", FT_U8, FB_DEC,
			   .names = next_names },
	[F_VNI] = { "vxlan.vni", "VXLAN network identifier", FT_U24, FB_DEC },
	[F_RESERVED_8] = { "vxlan.reserved8", "Reserved", FT_U8, FB_DEC },
};

static void read_vni(struct dis *d, struct cur *c)
{
	u32 vni = d_be24(d, c, F_VNI);

	d_u8(d, c, F_RESERVED_8);
	if (c->fail == CUR_OK)
		d_scope(d, SCOPE_VXLAN, vni);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 flags = d_be16(d, c, F_FLAGS);

	if (UNLIKELY(d->at.any) && c->fail == CUR_OK) {
		d_down(d);
		d_bits(d, F_G, at, 2, flags);
		d_bits(d, F_I, at, 2, flags);
		d_bits(d, F_D, at, 2, flags);
		d_bits(d, F_A, at, 2, flags);
		d_u(d, F_FLAGS_RESERVED, at, 2, flags & 0x77b7);
		d_up(d);
	}
	d_be16(d, c, F_GBP);
	read_vni(d, c);
	if (c->fail != CUR_OK)
		return;
	if (!(flags & 0x0800))
		d_mark(d, MARK_VALUE, at, "a VXLAN header without the flag that its VNI is valid");
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

static void hand_on_gpe(struct dis *d, const struct cur *c, u8 next)
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

static void dissect_gpe(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = cur_u8(c), next;

	if (c->fail == CUR_OK) {
		d_u(d, F_FLAGS, at, 1, flags);
		d_down(d);
		d_bits(d, F_GPE_VERSION, at, 1, flags);
		d_bits(d, F_GPE_I, at, 1, flags);
		d_bits(d, F_GPE_P, at, 1, flags);
		d_bits(d, F_GPE_O, at, 1, flags);
		d_u(d, F_FLAGS_RESERVED, at, 1, (flags & 0xc2) >> 1);
		d_up(d);
	}
	d_be16(d, c, F_RESERVED_16);
	next = d_u8(d, c, F_NEXT_PROTO);
	read_vni(d, c);
	if (c->fail == CUR_OK)
		hand_on_gpe(d, c, next);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "VNI ");
	txt_u64(t, pkt_get_u(k, l, F_VNI, 0));
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "VXLAN ");
	txt_u64(t, pkt_get_u(k, l, F_VNI, 0));
}

static void tag_gpe(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "VXLAN-GPE ");
	txt_u64(t, pkt_get_u(k, l, F_VNI, 0));
}

static const u16 info_wants[] = { F_VNI, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 4789 } };
static const struct claim claims_gpe[] = { { TBL_UDP, 4790 } };

const struct proto proto_vxlan = {
	.name = "vxlan",
	.title = "Virtual eXtensible Local Area Network",
	.abbrev = "VXLAN",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_TUNNEL,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
	.tag = tag,
};

const struct proto proto_vxlan_gpe = {
	.name = "vxlan_gpe",
	.title = "VXLAN Generic Protocol Extension",
	.abbrev = "VXLAN-GPE",
	.fields_of = &proto_vxlan,
	.flags = PROTO_TUNNEL | PROTO_UNNAMED, /* as in Wireshark */
	.claims = claims_gpe,
	.nclaims = ARRAY_LEN(claims_gpe),
	.dissect = dissect_gpe,
	.info = info,
	.tag = tag_gpe,
};
