/* Extensions of ICMP messages (RFC 4884 7): MPLS label stacks (RFC 4950), interface information
 * (RFC 5837), interface identification (RFC 8335). A layer of its own behind the quoted packet. */
/*  +---------+-------------+----------+   +--------+-------+--------+---------
 *  | version | reserved    | checksum |   | length | class | c-type | object ...
 *  +---------+-------------+----------+   +--------+-------+--------+--------- */
#include "packet/proto.h"

enum {
	F_EXT,
	F_VERSION,
	F_RES,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_LENGTH,
	F_CLASS,
	F_CTYPE,
	F_DATA,
	F_MPLS_LABEL,
	F_MPLS_EXP,
	F_MPLS_S,
	F_MPLS_TTL,
	F_ROLE,
	F_RESERVED,
	F_HAS_INDEX,
	F_HAS_ADDR,
	F_HAS_NAME,
	F_HAS_MTU,
	F_INDEX,
	F_AFI,
	F_IPV4,
	F_IPV6,
	F_NAME_LENGTH,
	F_NAME,
	F_MTU,
	F_ID_NAME,
	F_ID_INDEX,
	F_ID_AFI,
	F_ID_ADDR_LENGTH,
	F_ID_RESERVED,
	F_ID_IPV4,
	F_ID_IPV6,
	F_ID_ADDRESS,
};

enum { CLASS_MPLS = 1, CLASS_INTERFACE = 2, CLASS_IDENT = 3 };

static const struct vstr class_names[] = { { 1, "MPLS label stack" },
					   { 2, "Interface information" },
					   { 3, "Interface identification" },
					   { 0, NULL } };
static const struct vstr role_names[] = { { 0, "incoming interface" },
					  { 1, "sub-IP component of incoming interface" },
					  { 2, "outgoing interface" },
					  { 3, "next hop" },
					  { 0, NULL } };
static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};

static const struct field fields[] = {
	[F_EXT] = { "icmp.ext", "ICMP extensions", FT_NONE },
	[F_VERSION] = { "icmp.ext.version", "Version", FT_U8, FB_DEC },
	[F_RES] = { "icmp.ext.res", "Reserved", FT_U16, FB_HEX, 0x0fff },
	[F_CHECKSUM] = { "icmp.ext.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "icmp.ext.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_LENGTH] = { "icmp.ext.length", "Length", FT_U16, FB_DEC },
	[F_CLASS] = { "icmp.ext.class", "Class", FT_U8, FB_DEC, .names = class_names },
	[F_CTYPE] = { "icmp.ext.ctype", "C-type", FT_U8, FB_DEC },
	[F_DATA] = { "icmp.ext.data", "Data", FT_BYTES },
	[F_MPLS_LABEL] = { "icmp.mpls.label", "Label", FT_U24, FB_DEC, 0xfffff0 },
	[F_MPLS_EXP] = { "icmp.mpls.exp", "Traffic class", FT_U24, FB_DEC, 0x00000e },
	[F_MPLS_S] = { "icmp.mpls.s", "Bottom of stack", FT_BOOL, FB_NONE, 0x000001, .width = 24 },
	[F_MPLS_TTL] = { "icmp.mpls.ttl", "Time to live", FT_U8, FB_DEC },
	[F_ROLE] = { "icmp.int_info.role", "Interface role", FT_U8, FB_DEC, 0xc0,
		     .names = role_names },
	[F_RESERVED] = { "icmp.int_info.reserved", "Reserved", FT_U8, FB_DEC, 0x30 },
	[F_HAS_INDEX] = { "icmp.int_info.ifindex", "Index is there", FT_BOOL, FB_NONE, 0x08 },
	[F_HAS_ADDR] = { "icmp.int_info.ipaddr", "Address is there", FT_BOOL, FB_NONE, 0x04 },
	[F_HAS_NAME] = { "icmp.int_info.name_present", "Name is there", FT_BOOL, FB_NONE, 0x02 },
	[F_HAS_MTU] = { "icmp.int_info.mtu_present", "MTU is there", FT_BOOL, FB_NONE, 0x01 },
	[F_INDEX] = { "icmp.int_info.index", "Interface index", FT_U32, FB_DEC },
	[F_AFI] = { "icmp.int_info.afi", "Address family", FT_U16, FB_DEC },
	[F_IPV4] = { "icmp.int_info.ipv4", "Interface address", FT_IPV4 },
	[F_IPV6] = { "icmp.int_info.ipv6", "Interface address", FT_IPV6 },
	[F_NAME_LENGTH] = { "icmp.int_info.name_length", "Name length", FT_U8, FB_DEC },
	[F_NAME] = { "icmp.int_info.name", "Interface name", FT_STRING },
	[F_MTU] = { "icmp.int_info.mtu", "MTU", FT_U32, FB_DEC },
	[F_ID_NAME] = { "icmp.int_ident.name", "Interface name", FT_STRING },
	[F_ID_INDEX] = { "icmp.int_ident.index", "Interface index", FT_U32, FB_DEC },
	[F_ID_AFI] = { "icmp.int_ident.afi", "Address family", FT_U16, FB_DEC },
	[F_ID_ADDR_LENGTH] = { "icmp.int_ident.addr_length", "Address length", FT_U8, FB_DEC },
	[F_ID_RESERVED] = { "icmp.int_ident.reserved", "Reserved", FT_BYTES },
	[F_ID_IPV4] = { "icmp.int_ident.ipv4", "Address", FT_IPV4 },
	[F_ID_IPV6] = { "icmp.int_ident.ipv6", "Address", FT_IPV6 },
	[F_ID_ADDRESS] = { "icmp.int_ident.address", "Address", FT_BYTES },
};

static void read_labels(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 4) {
		u32 at = c->at, v = cur_be24(c);

		d_bits(d, F_MPLS_LABEL, at, 3, v);
		d_bits(d, F_MPLS_EXP, at, 3, v);
		d_bits(d, F_MPLS_S, at, 3, v);
		d_u8(d, c, F_MPLS_TTL);
	}
}

static void read_interface(struct dis *d, struct cur *c, u8 ctype)
{
	if (ctype & 8)
		d_be32(d, c, F_INDEX);
	if (ctype & 4) {
		u16 afi = d_be16(d, c, F_AFI);

		cur_skip(c, 2);
		if (afi == 1)
			d_be32(d, c, F_IPV4);
		else if (afi == 2)
			d_bytes(d, c, F_IPV6, 16);
		else
			return;
	}
	if (ctype & 2) { /* RFC 5837 4.3: the length counts itself */
		u8 len = d_u8(d, c, F_NAME_LENGTH);
		u32 at = c->at;
		const u8 *p = len > 0 ? cur_bytes(c, len - 1u) : NULL;

		if (p != NULL)
			d_text(d, F_NAME, at, len - 1u, (const char *)p,
			       strnlen((const char *)p, len - 1u));
	}
	if (ctype & 1)
		d_be32(d, c, F_MTU);
}

static void read_ident(struct dis *d, struct cur *c, u8 ctype)
{
	u32 at = c->at, n = cur_left(c);
	const u8 *p;
	u16 afi;
	u8 len;

	switch (ctype) {
	case 1:
		p = cur_bytes(c, n);
		if (p != NULL)
			d_text(d, F_ID_NAME, at, n, (const char *)p, strnlen((const char *)p, n));
		break;
	case 2: d_be32(d, c, F_ID_INDEX); break;
	case 3:
		afi = d_be16(d, c, F_ID_AFI);
		len = d_u8(d, c, F_ID_ADDR_LENGTH);
		d_bytes(d, c, F_ID_RESERVED, 1);
		if (afi == 1 && len == 4)
			d_be32(d, c, F_ID_IPV4);
		else if (afi == 2 && len == 16)
			d_bytes(d, c, F_ID_IPV6, 16);
		else
			d_bytes(d, c, F_ID_ADDRESS, len);
		break;
	}
}

static void read_object(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 len = d_be16(d, c, F_LENGTH);
	u8 class = d_u8(d, c, F_CLASS), ctype;
	struct cur body;

	if (class != CLASS_INTERFACE)
		ctype = d_u8(d, c, F_CTYPE);
	else
		ctype = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	if (len < 4 || len - 4u > cur_wire_left(c)) {
		d_mark(d, MARK_LENGTH, at, "an ICMP extension object's length does not fit");
		c->at = c->end;
		return;
	}
	body = cur_sub(c, len - 4u);
	switch (class) {
	case CLASS_MPLS: read_labels(d, &body); break;
	case CLASS_INTERFACE:
		for (unsigned f = F_ROLE; f <= F_HAS_MTU; f++)
			d_bits(d, f, at + 3, 1, ctype);
		read_interface(d, &body, ctype);
		break;
	case CLASS_IDENT: read_ident(d, &body, ctype); break;
	default: d_rest(d, &body, F_DATA);
	}
	d_check(d, &body);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 first;
	u8 status = 2;

	d_head(d, F_EXT, at, cur_left(c));
	first = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, F_VERSION, at, 1, first >> 12);
	d_bits(d, F_RES, at, 2, first);
	d_be16(d, c, F_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	if (c->end == c->wire)
		status = in_sum(c->base + at, c->end - at, 0) == 0xffff;
	d_gen(d, F_CHECKSUM_STATUS, status);
	if (first >> 12 != 2) {
		d_mark(d, MARK_VALUE, at, "the version of ICMP extensions is not 2");
		return;
	}
	while (cur_left(c) >= 4)
		read_object(d, c);
}

static const struct claim claims[] = { { TBL_INNER, INNER_ICMP_EXT } };

const struct proto proto_icmpext = {
	.name = "tapdeck.icmpext",
	.title = "ICMP extensions",
	.abbrev = "ICMP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF | PROTO_UNNAMED,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
};
