/* GTP-U, the user plane of mobile networks (3GPP TS 29.281), with its extension headers. */
/*  0   3  4 5 6 7 8       16               32                       64
 *  +---+--+-+-+-+-+-------+----------------+------------------------+
 *  |ver|PT|*|E|S|P|message|     length     |       tunnel id        |
 *  +---+--+-+-+-+-+-------+-------+--------+------------------------+
 *  | sequence number      | N-PDU | next extension header            |   where one of E, S, P is
 * set
 *  +----------------------+-------+----------------------------------+ */
#include "packet/proto.h"

enum {
	F_FLAGS,
	F_VERSION,
	F_PAYLOAD,
	F_RESERVED,
	F_E,
	F_S,
	F_PN,
	F_MESSAGE,
	F_LENGTH,
	F_TEID,
	F_SEQ,
	F_NPDU,
	F_NEXT,
	F_EXT,
	F_EXT_LENGTH,
	F_PDU_TYPE,
	F_PPP,
	F_RQI,
	F_QFI,
	F_PPI,
	F_SPARE_BYTES,
	F_LONG_PDCP,
	F_PDCP,
	F_UDP_PORT,
	F_RAN,
	F_XW_RAN,
};

enum {
	MSG_ECHO_REQUEST = 1,
	MSG_ECHO_RESPONSE = 2,
	MSG_ERROR = 26,
	MSG_END = 254,
	MSG_TPDU = 255,
	EXT_UDP_PORT = 0x40,
	EXT_RAN = 0x81,
	EXT_LONG_PDCP = 0x82,
	EXT_XW_RAN = 0x83,
	EXT_PDU_SESSION = 0x85,
	EXT_PDCP = 0xc0,
	EXT_MAX = 16, /* extension headers that are followed */
};

static const struct vstr message_names[] = {
	{ MSG_ECHO_REQUEST, "Echo request" },
	{ MSG_ECHO_RESPONSE, "Echo response" },
	{ MSG_ERROR, "Error indication" },
	{ 31, "Supported extension headers" },
	{ 253, "Tunnel status" },
	{ MSG_END, "End marker" },
	{ MSG_TPDU, "T-PDU" },
	{ 0, NULL },
};
static const struct vstr ext_names[] = {
	{ 0x00, "None" },
	{ 0x20, "Service class indicator" },
	{ EXT_UDP_PORT, "UDP port" },
	{ EXT_RAN, "RAN container" },
	{ EXT_LONG_PDCP, "Long PDCP PDU number" },
	{ EXT_XW_RAN, "Xw RAN container" },
	{ 0x84, "NR RAN container" },
	{ EXT_PDU_SESSION, "PDU session container" },
	{ EXT_PDCP, "PDCP PDU number" },
	{ 0, NULL },
};
static const struct vstr pdu_names[] = { { 0, "Downlink" }, { 1, "Uplink" }, { 0, NULL } };

#define FLAG(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No"

static const struct field fields[] = {
	[F_FLAGS] = { "gtp.flags", "Flags", FT_U8, FB_HEX },
	[F_VERSION] = { "gtp.flags.version", "Version", FT_U8, FB_DEC, 0xe0 },
	[F_PAYLOAD] = { "gtp.flags.payload", "Protocol type: GTP (1) or GTP' (0)", FT_U8, FB_DEC,
			0x10 },
	[F_RESERVED] = { "gtp.flags.reserved", "Reserved", FT_U8, FB_DEC, 0x08 },
	[F_E] = { "gtp.flags.e", "Extension header present", FLAG(0x04) },
	[F_S] = { "gtp.flags.s", "Sequence number present", FLAG(0x02) },
	[F_PN] = { "gtp.flags.pn", "N-PDU number present", FLAG(0x01) },
	[F_MESSAGE] = { "gtp.message", "Message", FT_U8, FB_HEX, .names = message_names },
	[F_LENGTH] = { "gtp.length", "Length", FT_U16, FB_DEC },
	[F_TEID] = { "gtp.teid", "Tunnel endpoint", FT_U32, FB_HEX_DEC },
	[F_SEQ] = { "gtp.seq_number", "Sequence number", FT_U16, FB_HEX_DEC },
	[F_NPDU] = { "gtp.npdu_number", "N-PDU number", FT_U8, FB_HEX },
	[F_NEXT] = { "gtp.ext_hdr.next", "Next extension header", FT_U8, FB_HEX,
		     .names = ext_names },
	[F_EXT] = { "gtp.ext_hdr", "Extension header", FT_NONE },
	[F_EXT_LENGTH] = { "gtp.ext_hdr.length", "Length in words of 4 bytes", FT_U8, FB_DEC },
	[F_PDU_TYPE] = { "gtp.ext_hdr.pdu_ses_con.pdu_type", "PDU type", FT_U8, FB_DEC, 0xf0,
			 .names = pdu_names },
	[F_PPP] = { "gtp.ext_hdr.pdu_ses_cont.ppp", "Paging policy present", FLAG(0x80) },
	[F_RQI] = { "gtp.ext_hdr.pdu_ses_cont.rqi", "Reflective QoS", FLAG(0x40) },
	[F_QFI] = { "gtp.ext_hdr.pdu_ses_con.qos_flow_id", "QoS flow", FT_U8, FB_DEC, 0x3f },
	[F_PPI] = { "gtp.ext_hdr.pdu_ses_cont.ppi", "Paging policy", FT_U8, FB_DEC, 0xe0 },
	[F_SPARE_BYTES] = { "gtp.ext_hdr.spare_bytes", "Spare", FT_BYTES },
	[F_LONG_PDCP] = { "gtp.ext_hdr.long_pdcp_sn", "PDCP sequence number", FT_U24, FB_DEC },
	[F_PDCP] = { "gtp.ext_hdr.pdcp_sn", "PDCP sequence number", FT_U16, FB_DEC },
	[F_UDP_PORT] = { "gtp.ext_hdr.udp_port", "UDP port", FT_U16, FB_DEC },
	[F_RAN] = { "gtp.ext_hdr.ran_cont", "RAN container", FT_BYTES },
	[F_XW_RAN] = { "gtp.ext_hdr.xw_ran_cont", "Xw RAN container", FT_BYTES },
};

static void read_pdu_session(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 type = cur_u8(c), flow = cur_u8(c), paging;

	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_PDU_TYPE, at, 1, type);
	if (type >> 4 == 0) {
		d_bits(d, F_PPP, at + 1, 1, flow);
		d_bits(d, F_RQI, at + 1, 1, flow);
	} else if (type >> 4 != 1) {
		return;
	}
	d_bits(d, F_QFI, at + 1, 1, flow);
	if (type >> 4 == 0 && (flow & 0x80)) {
		paging = cur_u8(c);
		if (c->fail == CUR_OK)
			d_bits(d, F_PPI, at + 2, 1, paging);
	}
}

static void read_content(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case EXT_UDP_PORT: d_be16(d, c, F_UDP_PORT); break;
	case EXT_PDCP: d_be16(d, c, F_PDCP); break;
	case EXT_RAN: d_bytes(d, c, F_RAN, cur_wire_left(c)); break;
	case EXT_XW_RAN: d_bytes(d, c, F_XW_RAN, cur_wire_left(c)); break;
	case EXT_PDU_SESSION: read_pdu_session(d, c); break;
	case EXT_LONG_PDCP:
		d_be24(d, c, F_LONG_PDCP); /* 18 bits, as Wireshark with the spare ones */
		d_bytes(d, c, F_SPARE_BYTES, 3);
		break;
	default: break;
	}
}

/* Extension headers: a length in words, content, the next one's type. */
static void read_extensions(struct dis *d, struct cur *c, u8 type)
{
	for (unsigned i = 0; type != 0 && c->fail == CUR_OK; i++) {
		struct cur content;
		u8 words;

		if (i == EXT_MAX) {
			d_mark(d, MARK_DEPTH, c->at, "more than 16 GTP extension headers");
			return;
		}
		d_head(d, F_EXT, c->at, 1);
		d_down(d);
		words = d_u8(d, c, F_EXT_LENGTH);
		if (words == 0) {
			d_mark(d, MARK_LENGTH, c->at - 1, "a GTP extension header of length 0");
			cur_need(c, UINT32_MAX); /* nothing behind it can be found */
		} else {
			content = cur_sub(c, words * 4u - 2);
			read_content(d, &content, type);
			d_check(d, &content);
		}
		type = d_u8(d, c, F_NEXT);
		d_up(d);
	}
}

/* Which network protocol a T-PDU is, only the first bytes tell. */
static void hand_on(struct dis *d, const struct cur *c)
{
	int first = cur_peek(c, 0);

	if (first >= 0x45 && first <= 0x4e)
		d_next(d, TBL_ETHERTYPE, 0x0800, *c);
	else if (first >> 4 == 6)
		d_next(d, TBL_ETHERTYPE, 0x86dd, *c);
	else if (cur_left(c) > 14 && d_claimed(TBL_ETHERTYPE, load_be16(c->base + c->at + 12)))
		d_next(d, TBL_INNER, INNER_ETHERNET, *c);
	else
		d_data(d, *c);
}

static void put_flags(struct dis *d, u32 at, u8 flags)
{
	d_u(d, F_FLAGS, at, 1, flags);
	d_down(d);
	d_bits(d, F_VERSION, at, 1, flags);
	d_bits(d, F_PAYLOAD, at, 1, flags);
	d_bits(d, F_RESERVED, at, 1, flags);
	d_bits(d, F_E, at, 1, flags);
	d_bits(d, F_S, at, 1, flags);
	d_bits(d, F_PN, at, 1, flags);
	d_up(d);
}

/* The 4 bytes of which each flag makes a part meaningful. */
static u8 read_optional(struct dis *d, struct cur *c, u8 flags)
{
	u32 at = c->at;
	u16 seq = cur_be16(c);
	u8 npdu = cur_u8(c), next = cur_u8(c);

	if (c->fail != CUR_OK)
		return 0;
	if (flags & 2)
		d_u(d, F_SEQ, at, 2, seq);
	if (flags & 1)
		d_u(d, F_NPDU, at + 2, 1, npdu);
	if (!(flags & 4))
		return 0;
	d_u(d, F_NEXT, at + 3, 1, next);
	return next;
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = cur_u8(c), message, next = 0;
	u16 len;

	if (c->fail != CUR_OK)
		return;
	put_flags(d, at, flags);
	if (flags >> 4 != 3) {
		d_mark(d, MARK_VALUE, at, "not version 1 of GTP");
		d_data(d, *c);
		return;
	}
	message = d_u8(d, c, F_MESSAGE);
	len = d_be16(d, c, F_LENGTH);
	d_be32(d, c, F_TEID); /* each direction has its own: no part of the scope */
	if (c->fail != CUR_OK)
		return;
	if (!cur_limit(c, len))
		d_mark(d, MARK_LENGTH, at + 2, "the GTP length goes past the datagram");
	d_scope(d, SCOPE_GTP, 0);
	if (flags & 7)
		next = read_optional(d, c, flags);
	if (next != 0)
		read_extensions(d, c, next);
	if (c->fail == CUR_OK && message == MSG_TPDU)
		hand_on(d, c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 message = pkt_get_u(k, l, F_MESSAGE, 0x100);
	const char *name = vstr_name(message_names, message);

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Message %u", (unsigned)message);
	txt_printf(t, " TEID 0x%08x", (unsigned)pkt_get_u(k, l, F_TEID, 0));
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_printf(t, "GTP 0x%x", (unsigned)pkt_get_u(k, l, F_TEID, 0));
}

static const u16 info_wants[] = { F_MESSAGE, F_TEID, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 2152 } };

const struct proto proto_gtp = {
	.name = "gtp",
	.title = "GPRS Tunnelling Protocol, user plane",
	.abbrev = "GTP",
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
