/* Geneve (RFC 8926). */
/*  0   2         8 9         16                32                    56        64
 *  +---+---------+-+-+--------+----------------+---------------------+---------+
 *  |ver| opt len |O|C| rsvd   | protocol type  |        VNI          |reserved |
 *  +---+---------+-+-+--------+--------+---+---+---------------------+---------+
 *  | option class   | type            | R | len |  option data, len * 4 bytes ...
 *  +----------------+-----------------+---+-----+ */
#include "packet/dis_eth.h"

enum {
	F_VERSION,
	F_FLAGS,
	F_OAM,
	F_CRITICAL,
	F_FLAGS_RESERVED,
	F_PROTO_TYPE,
	F_VNI,
	F_RESERVED,
	F_OPTIONS,
	F_OPTION,
	F_OPT_CLASS,
	F_OPT_TYPE,
	F_OPT_CRITICAL,
	F_OPT_FLAGS,
	F_OPT_RESERVED,
	F_OPT_LENGTH,
	F_OPT_DATA,
	F_GCP_VNID,
	F_GCP_RESERVED,
	F_GCP_DIRECTION,
	F_GCP_ENDPOINT,
	F_GCP_PROFILE,
};

enum { CLASS_GCP = 0x0132 };

static const struct vstr class_names[] = {
	{ 0x0100, "Linux" },  { 0x0101, "Open vSwitch" },
	{ 0x0102, "OVN" },    { 0x0103, "In-band telemetry" },
	{ 0x0104, "VMware" }, { 0x0132, "Google" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_VERSION] = { "geneve.version", "Version", FT_U8, FB_DEC },
	[F_FLAGS] = { "geneve.flags", "Flags", FT_U8, FB_HEX },
	[F_OAM] = { "geneve.flags.oam", "Control packet", FT_BOOL, FB_NONE, 0x80 },
	[F_CRITICAL] = { "geneve.flags.critical", "Critical options present", FT_BOOL, FB_NONE,
			 0x40 },
	[F_FLAGS_RESERVED] = { "geneve.flags.reserved", "Reserved", FT_BOOL, FB_NONE, 0x3f },
	[F_PROTO_TYPE] = { "geneve.proto_type", "Protocol type", FT_U16, FB_HEX,
			   .names = ethertype_names },
	[F_VNI] = { "geneve.vni", "Virtual network identifier", FT_U24, FB_HEX_DEC },
	[F_RESERVED] = { "geneve.reserved", "Reserved", FT_U8, FB_HEX },
	[F_OPTIONS] = { "geneve.options", "Options", FT_BYTES },
	[F_OPTION] = { "geneve.option", "Option", FT_BYTES },
	[F_OPT_CLASS] = { "geneve.option.class", "Class", FT_U16, FB_HEX, .names = class_names },
	[F_OPT_TYPE] = { "geneve.option.type", "Type", FT_U8, FB_HEX },
	[F_OPT_CRITICAL] = { "geneve.option.type.critical", "Critical", FT_BOOL, FB_NONE, 0x80,
			     .on = "Yes", .off = "No" },
	[F_OPT_FLAGS] = { "geneve.option.flags", "Flags", FT_U8, FB_HEX },
	[F_OPT_RESERVED] = { "geneve.option.flags.reserved", "Reserved", FT_BOOL, FB_NONE, 0xe0 },
	[F_OPT_LENGTH] = { "geneve.option.length", "Length in bytes", FT_U8, FB_DEC },
	[F_OPT_DATA] = { "geneve.option.unknown.data", "Data", FT_BYTES },
	[F_GCP_VNID] = { "geneve.option.gcp.vnid", "Google virtual network", FT_U32, FB_DEC,
			 0xfffffff0 },
	[F_GCP_RESERVED] = { "geneve.option.gcp.reserved", "Reserved", FT_BOOL, FB_NONE, 0x0000000e,
			     .width = 32 },
	[F_GCP_DIRECTION] = { "geneve.option.gcp.direction", "Direction", FT_BOOL, FB_NONE,
			      0x00000001, .on = "Egress", .off = "Ingress", .width = 32 },
	[F_GCP_ENDPOINT] = { "geneve.option.gcp.endpoint", "Google endpoint", FT_BYTES },
	[F_GCP_PROFILE] = { "geneve.option.gcp.profile", "Google security profile", FT_U64,
			    FB_DEC },
};

/* A flag over several bits is set where any of them is. */
static void put_any(struct dis *d, unsigned f, u32 at, u8 bits)
{
	d_u(d, f, at, 1, bits != 0);
}

static void read_option_data(struct dis *d, struct cur *c, u16 class, u8 type)
{
	u32 at = c->at, n = cur_wire_left(c), v;

	if (class == CLASS_GCP && type == 1 && n >= 4) {
		v = cur_be32(c);
		if (c->fail != CUR_OK)
			return;
		d_bits(d, F_GCP_VNID, at, 4, v);
		d_bits(d, F_GCP_DIRECTION, at, 4, v);
		d_u(d, F_GCP_RESERVED, at, 4, (v & 0x0e) != 0);
	} else if (class == CLASS_GCP && type == 2) {
		d_bytes(d, c, F_GCP_ENDPOINT, n);
	} else if (class == CLASS_GCP && type == 3 && n == 8) {
		d_be64(d, c, F_GCP_PROFILE);
	} else {
		d_bytes(d, c, F_OPT_DATA, n);
	}
}

static void read_options(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 4) { /* all captured: the caller has seen to it */
		u32 at = c->at, n = 4 + (c->base[at + 3] & 31) * 4u;
		struct cur o;
		u16 class;
		u8 type, flags;

		if (n > cur_wire_left(c)) {
			d_mark(d, MARK_LENGTH, at + 3, "a Geneve option goes past the options");
			return;
		}
		o = cur_sub(c, n);
		d_mem(d, F_OPTION, at, n);
		d_down(d);
		class = d_be16(d, &o, F_OPT_CLASS);
		type = d_u8(d, &o, F_OPT_TYPE);
		d_bits(d, F_OPT_CRITICAL, at + 2, 1, type);
		flags = cur_u8(&o);
		d_u(d, F_OPT_FLAGS, at + 3, 1, flags >> 5);
		put_any(d, F_OPT_RESERVED, at + 3, flags & 0xe0);
		d_u(d, F_OPT_LENGTH, at + 3, 1, n);
		read_option_data(d, &o, class, type);
		d_up(d);
		d_check(d, &o);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at, len, vni;
	u8 first = cur_u8(c), flags;
	struct cur options;
	u16 type;

	len = (first & 0x3f) * 4u;
	if (c->fail == CUR_OK) {
		d_u(d, F_VERSION, at, 1, first >> 6);
		d_u(d, F_OPT_LENGTH, at, 1, len);
	}
	flags = d_u8(d, c, F_FLAGS);
	if (UNLIKELY(d->at.any) && c->fail == CUR_OK) {
		d_down(d);
		d_bits(d, F_OAM, at + 1, 1, flags);
		d_bits(d, F_CRITICAL, at + 1, 1, flags);
		put_any(d, F_FLAGS_RESERVED, at + 1, flags & 0x3f);
		d_up(d);
	}
	type = d_be16(d, c, F_PROTO_TYPE);
	vni = d_be24(d, c, F_VNI);
	flags = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, F_RESERVED, at + 7, 1, flags);
	if (first >> 6 != 0)
		d_mark(d, MARK_VALUE, at, "a Geneve version other than 0");
	d_scope(d, SCOPE_GENEVE, vni);
	if (len > 0) {
		if (!cur_need(c, len))
			return;
		d_mem(d, F_OPTIONS, c->at, len);
		options = cur_sub(c, len);
		if (UNLIKELY(d->at.any || d->plan->marks))
			read_options(d, &options);
	}
	if (c->fail == CUR_OK)
		d_next(d, TBL_ETHERTYPE, type, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "VNI ");
	txt_u64(t, pkt_get_u(k, l, F_VNI, 0));
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "Geneve ");
	txt_u64(t, pkt_get_u(k, l, F_VNI, 0));
}

static const u16 info_wants[] = { F_VNI, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 6081 } };

const struct proto proto_geneve = {
	.name = "geneve",
	.title = "Generic Network Virtualization Encapsulation",
	.abbrev = "Geneve",
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
