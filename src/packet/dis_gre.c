/* Generic routing encapsulation, version 0 (RFC 1701, 2784, 2890) and 1 (PPTP, RFC 2637); NVGRE
 * (RFC 7637) is a way to use its key. */
/*   0                   1                   2                   3
 *  +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
 *  |C|R|K|S|s|recur|A| flags | ver |         protocol type         |
 *  +-+-+-+-+-+-----+-+-------+-----+-------------------------------+
 *  |     checksum (C or R)         |       offset (C or R)         |
 *  +-------------------------------+-------------------------------+
 *  |  key (K); version 1: payload length and call id               |
 *  +---------------------------------------------------------------+
 *  |  sequence number (S)                                          |
 *  +---------------------------------------------------------------+
 *  |  acknowledgment number (A, version 1)                         |
 *  +---------------------------------------------------------------+ */
#include "packet/dis_eth.h"

enum {
	F_FLAGS,
	F_C,
	F_R,
	F_K,
	F_S,
	F_STRICT,
	F_RECUR,
	F_A,
	F_RESERVED,
	F_VERSION,
	F_PROTO,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_OFFSET,
	F_KEY,
	F_PAYLOAD_LENGTH,
	F_CALL_ID,
	F_SEQ,
	F_ACK,
	F_ROUTING,
	F_R_FAMILY,
	F_R_OFFSET,
	F_R_LENGTH,
	F_R_INFO,
	F_VSID,
	F_FLOW_ID,
};

enum { BIT_C = 0x8000, BIT_R = 0x4000, BIT_K = 0x2000, BIT_S = 0x1000, BIT_A = 0x0080 };
enum {
	PROTO_PPP = 0x880b,
	PROTO_ETHERNET = 0x6558,
	PROTO_ERSPAN = 0x88be,
	PROTO_ERSPAN_III = 0x22eb,
	NVGRE_FIRST_VSID = 0x1000, /* RFC 7637 3.2: below it, VSIDs are reserved */
};

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const struct vstr version_names[] = { { 0, "GRE" },
					     { 1, "Enhanced GRE (PPTP)" },
					     { 0, NULL } };

#define FLAG(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No", .width = 16

static const struct field fields[] = {
	[F_FLAGS] = { "gre.flags_and_version", "Flags and version", FT_U16, FB_HEX },
	[F_C] = { "gre.flags.checksum", "Checksum present", FLAG(BIT_C) },
	[F_R] = { "gre.flags.routing", "Routing present", FLAG(BIT_R) },
	[F_K] = { "gre.flags.key", "Key present", FLAG(BIT_K) },
	[F_S] = { "gre.flags.sequence_number", "Sequence number present", FLAG(BIT_S) },
	[F_STRICT] = { "gre.flags.strict_source_route", "Strict source route", FLAG(0x0800) },
	[F_RECUR] = { "gre.flags.recursion_control", "Recursion control", FT_U16, FB_DEC, 0x0700 },
	[F_A] = { "gre.flags.ack", "Acknowledgment number present", FLAG(BIT_A) },
	[F_RESERVED] = { "gre.flags.reserved", "Reserved", FT_U16, FB_DEC },
	[F_VERSION] = { "gre.flags.version", "Version", FT_U16, FB_DEC, 0x0007,
			.names = version_names },
	[F_PROTO] = { "gre.proto", "Protocol type", FT_U16, FB_HEX, .names = ethertype_names },
	[F_CHECKSUM] = { "gre.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "gre.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_OFFSET] = { "gre.offset", "Offset", FT_U16, FB_DEC },
	[F_KEY] = { "gre.key", "Key", FT_U32, FB_HEX },
	[F_PAYLOAD_LENGTH] = { "gre.key.payload_length", "Payload length", FT_U16, FB_DEC },
	[F_CALL_ID] = { "gre.key.call_id", "Call id", FT_U16, FB_DEC },
	[F_SEQ] = { "gre.sequence_number", "Sequence number", FT_U32, FB_DEC },
	[F_ACK] = { "gre.ack_number", "Acknowledgment number", FT_U32, FB_DEC },
	[F_ROUTING] = { "gre.routing", "Routing", FT_NONE },
	[F_R_FAMILY] = { "gre.routing.address_family", "Address family", FT_U16, FB_DEC },
	[F_R_OFFSET] = { "gre.routing.sre_offset", "Offset of the active entry", FT_U8, FB_DEC },
	[F_R_LENGTH] = { "gre.routing.src_length", "Length", FT_U8, FB_DEC },
	[F_R_INFO] = { "gre.routing.information", "Routing information", FT_BYTES },
	[F_VSID] = { "tapdeck.nvgre.vsid", "NVGRE virtual subnet", FT_U24, FB_DEC },
	[F_FLOW_ID] = { "tapdeck.nvgre.flowid", "NVGRE flow", FT_U8, FB_DEC },
};

static void put_flags(struct dis *d, u32 at, u16 flags, bool v1)
{
	d_u(d, F_FLAGS, at, 2, flags);
	d_down(d);
	d_bits(d, F_C, at, 2, flags);
	d_bits(d, F_R, at, 2, flags);
	d_bits(d, F_K, at, 2, flags);
	d_bits(d, F_S, at, 2, flags);
	d_bits(d, F_STRICT, at, 2, flags);
	d_bits(d, F_RECUR, at, 2, flags);
	if (v1)
		d_bits(d, F_A, at, 2, flags);
	d_u(d, F_RESERVED, at, 2, flags >> 3 & (v1 ? 0x0f : 0x1f));
	d_bits(d, F_VERSION, at, 2, flags);
	d_up(d);
}

/* It covers header and payload; a tunnel that sends one sends it whole. */
static void read_checksum(struct dis *d, struct cur *c, u32 start, bool present)
{
	u32 at = c->at;
	u64 status = 2;

	d_be16(d, c, F_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	if (present && !d->in_error && c->end == c->wire &&
	    (d->plan->checksums || d_wants(d, F_CHECKSUM_STATUS))) {
		status = in_sum(c->base + start, c->end - start, 0) == 0xffff;
		if (!status)
			d_mark(d, MARK_CHECKSUM, at, "wrong GRE checksum");
	}
	d_gen(d, F_CHECKSUM_STATUS, status);
	d_be16(d, c, F_OFFSET);
}

static void read_key(struct dis *d, struct cur *c, u16 flags, u16 proto, bool v1)
{
	u32 at = c->at, key;

	if (v1) {
		d_be16(d, c, F_PAYLOAD_LENGTH);
		d_be16(d, c, F_CALL_ID); /* each direction has its own: no part of the scope */
		return;
	}
	key = d_be32(d, c, F_KEY);
	if (c->fail != CUR_OK)
		return;
	d_scope(d, SCOPE_GRE, key);
	if (proto == PROTO_ETHERNET && key >> 8 >= NVGRE_FIRST_VSID && !(flags & (BIT_C | BIT_S))) {
		d_u(d, F_VSID, at, 3, key >> 8);
		d_u(d, F_FLOW_ID, at + 3, 1, key & 0xff);
	}
}

/* Source route entries, ended by one of family 0 and length 0. */
static void read_routing(struct dis *d, struct cur *c)
{
	u16 family = 1;
	u8 len = 1;

	while (c->fail == CUR_OK && (family != 0 || len != 0)) {
		d_head(d, F_ROUTING, c->at, 4);
		d_down(d);
		family = d_be16(d, c, F_R_FAMILY);
		d_u8(d, c, F_R_OFFSET);
		len = d_u8(d, c, F_R_LENGTH);
		if (len > 0)
			d_bytes(d, c, F_R_INFO, len);
		d_up(d);
	}
}

static void hand_on(struct dis *d, const struct cur *c, u16 proto, bool sequenced)
{
	switch (proto) {
	case PROTO_ETHERNET:
	case 0x6400: /* an early value that some hardware still sends */
		d_next(d, TBL_INNER, INNER_ETHERNET, *c);
		break;
	case PROTO_PPP: d_next(d, TBL_INNER, INNER_PPP_FRAME, *c); break;
	case PROTO_ERSPAN: /* type I has neither sequence number nor header */
		d_next(d, TBL_INNER, sequenced ? INNER_ERSPAN : INNER_ERSPAN_I, *c);
		break;
	case PROTO_ERSPAN_III: d_next(d, TBL_INNER, INNER_ERSPAN, *c); break;
	case 0x0800:
	case 0x0806:
	case 0x86dd:
	case 0x8847:
	case 0x8848:
	case 0x894f: d_next(d, TBL_ETHERTYPE, proto, *c); break;
	default: d_data(d, *c);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 flags, proto;
	bool v1;

	if (!cur_need(c, 4))
		return;
	flags = cur_be16(c);
	proto = load_be16(c->base + c->at);
	v1 = (flags & 7) == 1 && proto == PROTO_PPP;
	if (UNLIKELY(d->at.any))
		put_flags(d, at, flags, v1);
	d_be16(d, c, F_PROTO);
	if ((flags & 7) > 1)
		d_mark(d, MARK_VALUE, at, "a GRE version above 1");
	if (flags & (BIT_C | BIT_R))
		read_checksum(d, c, at, (flags & BIT_C) != 0);
	if (flags & BIT_K)
		read_key(d, c, flags, proto, v1);
	else
		d_scope(d, SCOPE_GRE, UINT64_C(1) << 32);
	if (flags & BIT_S)
		d_be32(d, c, F_SEQ);
	if ((flags & BIT_A) && v1)
		d_be32(d, c, F_ACK);
	if (flags & BIT_R)
		read_routing(d, c);
	if (c->fail == CUR_OK)
		hand_on(d, c, proto, (flags & BIT_S) != 0);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 proto = pkt_get_u(k, l, F_PROTO, 0), seq = pkt_get_u(k, l, F_SEQ, ~UINT64_C(0)),
	    ack = pkt_get_u(k, l, F_ACK, ~UINT64_C(0));
	const char *name = vstr_name(ethertype_names, proto);

	if (proto == 0)
		txt_puts(t, "Keepalive");
	else if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Protocol 0x%04x", (unsigned)proto);
	if (seq <= 0xffffffff)
		txt_printf(t, " seq %u", (unsigned)seq);
	if (ack <= 0xffffffff)
		txt_printf(t, " ack %u", (unsigned)ack);
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *v = pkt_get(k, l, F_VSID);

	if (v != NULL) {
		txt_puts(t, "NVGRE ");
		txt_u64(t, v->u);
		return;
	}
	v = pkt_get(k, l, F_KEY);
	txt_puts(t, pkt_get_u(k, l, F_PROTO, 0) == PROTO_PPP ? "PPTP" : "GRE");
	if (v != NULL) {
		txt_puts(t, " key ");
		txt_u64(t, v->u);
	}
}

static const u16 info_wants[] = { F_PROTO, F_KEY, F_SEQ, F_ACK, F_VSID, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 47 }, { TBL_UDP, 4754 } };

const struct proto proto_gre = {
	.name = "gre",
	.title = "Generic Routing Encapsulation",
	.abbrev = "GRE",
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
