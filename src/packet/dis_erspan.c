/* ERSPAN: frames mirrored through GRE (Cisco's draft-foschiano-erspan-03). Type I has no header. */
/*  0       4            16    19   21  22         32
 *  +-------+------------+-----+----+---+----------+----------+---------------------+
 *  |version|    VLAN    | COS | En | T | session  | reserved |        index        |  type II
 *  +-------+------------+-----+----+---+----------+----------+---------------------+
 *  |version|    VLAN    | COS | BSO| T | session  |           timestamp            |  type III
 *  +-------+------------+-+---+-+--+---+------+-+-+-+------------------------------+
 *  |  security group    |P|frame|hardware|dir |gra|O|   with O: 8 bytes of platform's own
 *  +--------------------+-+-----+--------+----+---+-+ */
#include "packet/proto.h"

enum {
	F_VERSION,
	F_VLAN,
	F_COS,
	F_ENCAP,
	F_BSO,
	F_TRUNCATED,
	F_SPANID,
	F_RESERVED,
	F_INDEX,
	F_TIMESTAMP,
	F_SGT,
	F_P,
	F_FT,
	F_HW,
	F_DIRECTION,
	F_GRA,
	F_O,
	F_PLATID,
	F_PID1_RSVD1,
	F_PID1_VSMID,
	F_PID1_PORT,
	F_PID3_RSVD1,
	F_PID3_PORT,
	F_PID3_TIME,
	F_PID4_RSVD1,
	F_PID4_RSVD2,
	F_PID4_RSVD3,
	F_PID5_SWITCH,
	F_PID5_PORT,
	F_PID5_TIME,
	F_PID7_RSVD1,
	F_PID7_SOURCE,
	F_PID7_TIME,
	F_PID_RSVD,
};

enum { TYPE_II = 1, TYPE_III = 2, FRAME_ETHERNET = 0, FRAME_IP = 2 };

static const struct vstr version_names[] = { { TYPE_II, "Type II" },
					     { TYPE_III, "Type III" },
					     { 0, NULL } };
static const struct vstr encap_names[] = { { 0, "Without VLAN tag" },
					   { 1, "ISL" },
					   { 2, "802.1Q" },
					   { 3, "VLAN tag kept" },
					   { 0, NULL } };
static const struct vstr bso_names[] = {
	{ 0, "Good or unknown" }, { 1, "Short" }, { 2, "Oversized" }, { 3, "Bad" }, { 0, NULL }
};
static const struct vstr ft_names[] = { { FRAME_ETHERNET, "Ethernet" },
					{ FRAME_IP, "IP" },
					{ 0, NULL } };
static const struct vstr gra_names[] = {
	{ 0, "100 us" }, { 1, "100 ns" }, { 2, "IEEE 1588" }, { 3, "Platform's own" }, { 0, NULL }
};

static const struct field fields[] = {
	[F_VERSION] = { "erspan.version", "Version", FT_U16, FB_DEC, 0xf000,
			.names = version_names },
	[F_VLAN] = { "erspan.vlan", "VLAN", FT_U16, FB_DEC, 0x0fff },
	[F_COS] = { "erspan.cos", "Class of service", FT_U16, FB_DEC, 0xe000 },
	[F_ENCAP] = { "erspan.encap", "Encapsulation of the original", FT_U16, FB_DEC, 0x1800,
		      .names = encap_names },
	[F_BSO] = { "erspan.bso", "Integrity of the original", FT_U16, FB_DEC, 0x1800,
		    .names = bso_names },
	[F_TRUNCATED] = { "erspan.truncated", "Truncated", FT_U16, FB_DEC, 0x0400 },
	[F_SPANID] = { "erspan.spanid", "Session", FT_U16, FB_DEC, 0x03ff },
	[F_RESERVED] = { "erspan.reserved", "Reserved", FT_U32, FB_DEC, 0xfff00000 },
	[F_INDEX] = { "erspan.index", "Index of port and direction", FT_U32, FB_DEC, 0x000fffff },
	[F_TIMESTAMP] = { "erspan.timestamp", "Timestamp", FT_U32, FB_DEC },
	[F_SGT] = { "erspan.sgt", "Security group tag", FT_U16, FB_DEC },
	[F_P] = { "erspan.p", "Has an Ethernet frame", FT_U16, FB_DEC, 0x8000 },
	[F_FT] = { "erspan.ft", "Frame type", FT_U16, FB_DEC, 0x7c00, .names = ft_names },
	[F_HW] = { "erspan.hw", "Hardware", FT_U16, FB_DEC, 0x03f0 },
	[F_DIRECTION] = { "erspan.direction", "Direction", FT_BOOL, FB_NONE, 0x0008, .on = "Egress",
			  .off = "Ingress", .width = 16 },
	[F_GRA] = { "erspan.gra", "Timestamp granularity", FT_U16, FB_DEC, 0x0006,
		    .names = gra_names },
	[F_O] = { "erspan.o", "Platform's own header follows", FT_U16, FB_DEC, 0x0001 },
	[F_PLATID] = { "erspan.platid", "Platform", FT_U32, FB_DEC, 0xfc000000 },
	[F_PID1_RSVD1] = { "erspan.pid1.rsvd1", "Reserved", FT_U32, FB_DEC, 0x03fff000 },
	[F_PID1_VSMID] = { "erspan.pid1.vsmid", "VSM domain", FT_U32, FB_DEC, 0x00000fff },
	[F_PID1_PORT] = { "erspan.pid1.port_index", "Port or index", FT_U32, FB_DEC },
	[F_PID3_RSVD1] = { "erspan.pid3.rsvd1", "Reserved", FT_U32, FB_DEC, 0x03ffc000 },
	[F_PID3_PORT] = { "erspan.pid3.port_index", "Port or index", FT_U32, FB_DEC, 0x00003fff },
	[F_PID3_TIME] = { "erspan.pid3.timestamp", "Upper 32 bits of the timestamp", FT_U32,
			  FB_DEC },
	[F_PID4_RSVD1] = { "erspan.pid4.rsvd1", "Reserved", FT_U32, FB_DEC, 0x03ffc000 },
	[F_PID4_RSVD2] = { "erspan.pid4.rsvd2", "Reserved", FT_U32, FB_DEC, 0x00003fff },
	[F_PID4_RSVD3] = { "erspan.pid4.rsvd3", "Reserved", FT_U32, FB_DEC },
	[F_PID5_SWITCH] = { "erspan.pid5.switchid", "Switch", FT_U32, FB_DEC, 0x03ff0000 },
	[F_PID5_PORT] = { "erspan.pid5.port_index", "Port or index", FT_U32, FB_DEC, 0x0000ffff },
	[F_PID5_TIME] = { "erspan.pid5.timestamp", "Timestamp, seconds", FT_U32, FB_DEC },
	[F_PID7_RSVD1] = { "erspan.pid7.rsvd1", "Reserved", FT_U32, FB_DEC, 0x03f00000 },
	[F_PID7_SOURCE] = { "erspan.pid7.source_index", "Source index", FT_U32, FB_DEC,
			    0x000fffff },
	[F_PID7_TIME] = { "erspan.pid7.timestamp", "Upper 32 bits of the timestamp", FT_U32,
			  FB_DEC },
	[F_PID_RSVD] = { "erspan.pid.rsvd", "Reserved", FT_U64, FB_DEC },
};

/* Which fields a platform's two words hold: two in the first, one is the second. */
struct platform {
	u8 id, first, second, third;
};
static const struct platform platforms[] = {
	{ 0, F_PID7_RSVD1, F_PID7_SOURCE, F_PID7_TIME },
	{ 1, F_PID1_RSVD1, F_PID1_VSMID, F_PID1_PORT },
	{ 3, F_PID3_RSVD1, F_PID3_PORT, F_PID3_TIME },
	{ 4, F_PID4_RSVD1, F_PID4_RSVD2, F_PID4_RSVD3 },
	{ 5, F_PID5_SWITCH, F_PID5_PORT, F_PID5_TIME },
	{ 6, F_PID5_SWITCH, F_PID5_PORT, F_PID5_TIME },
	{ 7, F_PID7_RSVD1, F_PID7_SOURCE, F_PID7_TIME },
};

static void read_platform(struct dis *d, struct cur *c)
{
	u32 at = c->at, word = cur_be32(c);

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_PLATID, at, 4, word);
	for (unsigned i = 0; i < ARRAY_LEN(platforms); i++) {
		const struct platform *p = &platforms[i];

		if (p->id != word >> 26)
			continue;
		d_bits(d, p->first, at, 4, word);
		d_bits(d, p->second, at, 4, word);
		d_be32(d, c, p->third);
		return;
	}
	word = cur_be32(c);
	if (c->fail == CUR_OK)
		d_u(d, F_PID_RSVD, at, 8, word & 0x03ffffff);
}

static void read_type_ii(struct dis *d, struct cur *c)
{
	u32 at = c->at, word = cur_be32(c);

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_RESERVED, at, 4, word);
	d_bits(d, F_INDEX, at, 4, word);
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

static void read_type_iii(struct dis *d, struct cur *c)
{
	u32 at;
	u16 word;

	d_be32(d, c, F_TIMESTAMP);
	d_be16(d, c, F_SGT);
	at = c->at;
	word = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_P, at, 2, word);
	d_bits(d, F_FT, at, 2, word);
	d_bits(d, F_HW, at, 2, word);
	d_bits(d, F_DIRECTION, at, 2, word);
	d_bits(d, F_GRA, at, 2, word);
	d_bits(d, F_O, at, 2, word);
	if (word & 1)
		read_platform(d, c);
	if (c->fail != CUR_OK)
		return;
	switch (word >> 10 & 31) {
	case FRAME_ETHERNET: d_next(d, TBL_INNER, INNER_ETHERNET, *c); break;
	case FRAME_IP: d_next(d, TBL_INNER, INNER_IP, *c); break;
	default: d_data(d, *c);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 first = cur_be16(c), second;
	u8 version = (u8)(first >> 12);

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_VERSION, at, 2, first);
	if (version != TYPE_II && version != TYPE_III) {
		d_mark(d, MARK_VALUE, at, "an unknown ERSPAN version");
		return;
	}
	d_bits(d, F_VLAN, at, 2, first);
	second = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_COS, at + 2, 2, second);
	d_bits(d, version == TYPE_II ? F_ENCAP : F_BSO, at + 2, 2, second);
	d_bits(d, F_TRUNCATED, at + 2, 2, second);
	d_bits(d, F_SPANID, at + 2, 2, second);
	d_scope(d, SCOPE_ERSPAN, second & 0x03ff);
	if (version == TYPE_II)
		read_type_ii(d, c);
	else
		read_type_iii(d, c);
}

/* Type I is a layer by name only. */
static void dissect_i(struct dis *d, struct cur *c)
{
	d_scope(d, SCOPE_ERSPAN, 0x10000);
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const char *name = vstr_name(version_names, pkt_get_u(k, l, F_VERSION, 0));

	txt_puts(t, name != NULL ? name : "Unknown version");
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *v = pkt_get(k, l, F_SPANID);

	txt_puts(t, "ERSPAN");
	if (v != NULL) {
		txt_putc(t, ' ');
		txt_u64(t, v->u);
	}
}

static void tag_i(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)k;
	(void)l;
	txt_puts(t, "ERSPAN I");
}

static const u16 info_wants[] = { F_VERSION, F_SPANID, FIELD_END };
static const struct claim claims[] = { { TBL_INNER, INNER_ERSPAN } };
static const struct claim claims_i[] = { { TBL_INNER, INNER_ERSPAN_I } };

const struct proto proto_erspan = {
	.name = "erspan",
	.title = "Encapsulated Remote Switch Packet Analysis",
	.abbrev = "ERSPAN",
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

const struct proto proto_erspan_i = {
	.name = "erspan",
	.title = "Encapsulated Remote Switch Packet Analysis type I",
	.abbrev = "ERSPAN",
	.fields_of = &proto_erspan,
	.flags = PROTO_TUNNEL,
	.claims = claims_i,
	.nclaims = ARRAY_LEN(claims_i),
	.dissect = dissect_i,
	.tag = tag_i,
};
