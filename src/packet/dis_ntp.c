/* NTP (RFC 5905; control messages RFC 9327; ntpdc's private mode 7 by its header). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---+-----+-----+---------------+---------------+---------------+
 *  |LI | vers| mode|    stratum    |     poll      |   precision   |
 *  +---+-----+-----+---------------+---------------+---------------+
 *  |  root delay, root dispersion, reference id: 4 each            |
 *  |  reference, origin, receive, transmit timestamp: 8 each       |
 *  |  extensions, key id and authentication code where there       |
 *  +---------------------------------------------------------------+ */
#include "packet/proto.h"
#include "packet/show.h"

enum {
	F_FLAGS,
	F_LI,
	F_VN,
	F_MODE,
	F_STRATUM,
	F_PPOLL,
	F_PRECISION,
	F_ROOTDELAY,
	F_ROOTDISPERSION,
	F_REFID,
	F_REFTIME,
	F_ORG,
	F_REC,
	F_XMT,
	F_EXT,
	F_EXT_TYPE,
	F_EXT_LENGTH,
	F_EXT_VALUE,
	F_KEYID,
	F_MAC,
	F_C_FLAGS,
	F_C_R,
	F_C_ERROR,
	F_C_MORE,
	F_C_OPCODE,
	F_C_SEQUENCE,
	F_C_STATUS,
	F_C_ERR,
	F_S_LI,
	F_S_CLKSRC,
	F_S_COUNT,
	F_S_CODE,
	F_P_CONFIG,
	F_P_AUTHENABLE,
	F_P_AUTHENTIC,
	F_P_REACH,
	F_P_BCAST,
	F_P_SELECTION,
	F_P_COUNT,
	F_P_CODE,
	F_K_STATUS,
	F_K_CODE,
	F_C_ASSOCID,
	F_C_OFFSET,
	F_C_COUNT,
	F_V_R,
	F_V_MORE,
	F_V_AUTH_SEQ,
	F_V_AUTH,
	F_V_SEQ,
	F_V_IMPL,
	F_V_REQCODE,
	F_V_ERR,
	F_V_NUMITEMS,
	F_V_RESERVED,
	F_V_ITEMSIZE,
};

enum { MODE_CONTROL = 6, MODE_PRIVATE = 7 };

static const struct vstr leaps[] = {
	{ 0, "No warning" },
	{ 1, "Last minute of the day has 61 seconds" },
	{ 2, "Last minute of the day has 59 seconds" },
	{ 3, "Clock not synchronized" },
	{ 0, NULL },
};
static const struct vstr modes[] = {
	{ 0, "Reserved" },	  { 1, "Symmetric active" }, { 2, "Symmetric passive" },
	{ 3, "Client" },	  { 4, "Server" },	     { 5, "Broadcast" },
	{ 6, "Control message" }, { 7, "Private" },	     { 0, NULL },
};
static const struct vstr operations[] = {
	{ 0, "Reserved" },
	{ 1, "Read status" },
	{ 2, "Read variables" },
	{ 3, "Write variables" },
	{ 4, "Read clock variables" },
	{ 5, "Write clock variables" },
	{ 6, "Set trap" },
	{ 7, "Asynchronous message" },
	{ 8, "Configure" },
	{ 9, "Save configuration" },
	{ 10, "Read most recently used list" },
	{ 11, "Read ordered list" },
	{ 12, "Request nonce" },
	{ 31, "Unset trap" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_FLAGS] = { "ntp.flags", "Flags", FT_U8, FB_HEX },
	[F_LI] = { "ntp.flags.li", "Leap indicator", FT_U8, FB_DEC, 0xc0, .names = leaps },
	[F_VN] = { "ntp.flags.vn", "Version", FT_U8, FB_DEC, 0x38 },
	[F_MODE] = { "ntp.flags.mode", "Mode", FT_U8, FB_DEC, 0x7, .names = modes },
	[F_STRATUM] = { "ntp.stratum", "Stratum", FT_U8, FB_DEC },
	[F_PPOLL] = { "ntp.ppoll", "Poll interval (log2 s)", FT_U8, FB_DEC },
	[F_PRECISION] = { "ntp.precision", "Precision (log2 s)", FT_U8, FB_DEC },
	[F_ROOTDELAY] = { "ntp.rootdelay", "Root delay (1/65536 s)", FT_U32, FB_DEC },
	[F_ROOTDISPERSION] = { "ntp.rootdispersion", "Root dispersion (1/65536 s)", FT_U32,
			       FB_DEC },
	[F_REFID] = { "ntp.refid", "Reference id", FT_BYTES },
	[F_REFTIME] = { "ntp.reftime", "Reference timestamp", FT_ABSTIME },
	[F_ORG] = { "ntp.org", "Origin timestamp", FT_ABSTIME },
	[F_REC] = { "ntp.rec", "Receive timestamp", FT_ABSTIME },
	[F_XMT] = { "ntp.xmt", "Transmit timestamp", FT_ABSTIME },
	[F_EXT] = { "ntp.ext", "Extension", FT_NONE },
	[F_EXT_TYPE] = { "ntp.ext.type", "Extension type", FT_U16, FB_HEX },
	[F_EXT_LENGTH] = { "ntp.ext.length", "Extension length", FT_U16, FB_DEC },
	[F_EXT_VALUE] = { "ntp.ext.value", "Extension value", FT_BYTES },
	[F_KEYID] = { "ntp.keyid", "Key id", FT_BYTES },
	[F_MAC] = { "ntp.mac", "Message authentication code", FT_BYTES },
	[F_C_FLAGS] = { "ntp.ctrl.flags2", "Control flags", FT_U8, FB_HEX },
	[F_C_R] = { "ntp.ctrl.flags2.r", "Response", FT_U8, FB_DEC, 0x80 },
	[F_C_ERROR] = { "ntp.ctrl.flags2.error", "Error", FT_U8, FB_DEC, 0x40 },
	[F_C_MORE] = { "ntp.ctrl.flags2.more", "More", FT_U8, FB_DEC, 0x20 },
	[F_C_OPCODE] = { "ntp.ctrl.flags2.opcode", "Operation", FT_U8, FB_DEC, 0x1f,
			 .names = operations },
	[F_C_SEQUENCE] = { "ntp.ctrl.sequence", "Sequence", FT_U16, FB_DEC },
	[F_C_STATUS] = { "ntp.ctrl.status", "Status", FT_U16, FB_HEX },
	[F_C_ERR] = { "ntp.ctrl.err_status", "Error code", FT_U16, FB_DEC, 0xff00 },
	[F_S_LI] = { "ntp.ctrl.sys_status.li", "System leap indicator", FT_U16, FB_DEC, 0xc000 },
	[F_S_CLKSRC] = { "ntp.ctrl.sys_status.clksrc", "Clock source", FT_U16, FB_DEC, 0x3f00 },
	[F_S_COUNT] = { "ntp.ctrl.sys_status.count", "System event counter", FT_U16, FB_DEC, 0xf0 },
	[F_S_CODE] = { "ntp.ctrl.sys_status.code", "System event code", FT_U16, FB_DEC, 0xf },
	[F_P_CONFIG] = { "ntp.ctrl.peer_status.config", "Peer configured", FT_BOOL, FB_NONE,
			 0x8000 },
	[F_P_AUTHENABLE] = { "ntp.ctrl.peer_status.authenable", "Peer authentication enabled",
			     FT_BOOL, FB_NONE, 0x4000 },
	[F_P_AUTHENTIC] = { "ntp.ctrl.peer_status.authentic", "Peer authentication good", FT_BOOL,
			    FB_NONE, 0x2000 },
	[F_P_REACH] = { "ntp.ctrl.peer_status.reach", "Peer reachable", FT_BOOL, FB_NONE, 0x1000 },
	[F_P_BCAST] = { "ntp.ctrl.peer_status.bcast", "Broadcast peer", FT_BOOL, FB_NONE, 0x800 },
	[F_P_SELECTION] = { "ntp.ctrl.peer_status.selection", "Peer selection", FT_U16, FB_DEC,
			    0x700 },
	[F_P_COUNT] = { "ntp.ctrl.peer_status.count", "Peer event counter", FT_U16, FB_DEC, 0xf0 },
	[F_P_CODE] = { "ntp.ctrl.peer_status.code", "Peer event code", FT_U16, FB_DEC, 0xf },
	[F_K_STATUS] = { "ntp.ctrl.clock_status.status", "Clock status", FT_U16, FB_DEC, 0xff00 },
	[F_K_CODE] = { "ntp.ctrl.clock_status.code", "Clock event code", FT_U16, FB_DEC, 0xff },
	[F_C_ASSOCID] = { "ntp.ctrl.associd", "Association id", FT_U16, FB_DEC },
	[F_C_OFFSET] = { "ntp.ctrl.offset", "Offset", FT_U16, FB_DEC },
	[F_C_COUNT] = { "ntp.ctrl.count", "Count", FT_U16, FB_DEC },
	[F_V_R] = { "ntp.priv.flags.r", "Response", FT_U8, FB_DEC, 0x80 },
	[F_V_MORE] = { "ntp.priv.flags.more", "More", FT_U8, FB_DEC, 0x40 },
	[F_V_AUTH_SEQ] = { "ntp.priv.auth_seq", "Authenticated and sequence", FT_U8, FB_DEC },
	[F_V_AUTH] = { "ntp.priv.auth", "Authenticated", FT_U8, FB_DEC, 0x80 },
	[F_V_SEQ] = { "ntp.priv.seq", "Sequence", FT_U8, FB_DEC, 0x7f },
	[F_V_IMPL] = { "ntp.priv.impl", "Implementation", FT_U8, FB_DEC },
	[F_V_REQCODE] = { "ntp.priv.reqcode", "Request code", FT_U8, FB_DEC },
	[F_V_ERR] = { "ntp.priv.err", "Error", FT_U8, FB_HEX },
	[F_V_NUMITEMS] = { "ntp.priv.numitems", "Number of items", FT_U16, FB_DEC },
	[F_V_RESERVED] = { "ntp.priv.reserved", "Reserved", FT_U8, FB_HEX },
	[F_V_ITEMSIZE] = { "ntp.priv.itemsize", "Size of an item", FT_U16, FB_DEC },
};

/* RFC 5905 6: seconds since 1900 and a fraction. From 0x80000000 on it is 1968 to 2036, below that
 * the next era. Zero is no time at all. */
static void put_time(struct dis *d, struct cur *c, unsigned f)
{
	const i64 to_1970 = INT64_C(2208988800), era = INT64_C(1) << 32;
	u32 at = c->at, s = cur_be32(c), fraction = cur_be32(c);
	i64 seconds = (i64)s - to_1970 + (s & 0x80000000 ? 0 : era);

	if (c->fail != CUR_OK || !d_wants(d, f))
		return;
	d_put(d, f, at, 8)->i =
		s == 0 && fraction == 0
			? NS_NONE
			: seconds * NS_PER_S + (i64)((u64)fraction * (u64)NS_PER_S >> 32);
}

static void put_bits(struct dis *d, unsigned first, unsigned last, u32 at, u32 len, u64 v)
{
	d_down(d);
	for (unsigned f = first; f <= last; f++)
		d_bits(d, f, at, len, v);
	d_up(d);
}

/* RFC 7822: an extension is a multiple of 4, at least 16 (28 where nothing follows); what is left
 * is the key id and the code. */
static void extensions(struct dis *d, struct cur *c)
{
	while (cur_wire_left(c) > 24 && cur_need(c, 4)) {
		u32 at = c->at, len = load_be16(c->base + at + 2);

		if (len < 16 || len % 4 != 0 || len > cur_wire_left(c))
			break;
		d_head(d, F_EXT, at, MIN(len, cur_left(c)));
		d_down(d);
		d_be16(d, c, F_EXT_TYPE);
		d_be16(d, c, F_EXT_LENGTH);
		d_bytes(d, c, F_EXT_VALUE, len - 4);
		d_up(d);
		if (c->fail != CUR_OK)
			return;
	}
	if (cur_wire_left(c) < 4)
		return;
	d_bytes(d, c, F_KEYID, 4);
	d_rest(d, c, F_MAC);
}

static void standard(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, F_FLAGS);

	put_bits(d, F_LI, F_MODE, at, 1, flags);
	if (c->fail != CUR_OK)
		return;
	d_u8(d, c, F_STRATUM);
	d_u8(d, c, F_PPOLL);
	d_u8(d, c, F_PRECISION);
	d_be32(d, c, F_ROOTDELAY);
	d_be32(d, c, F_ROOTDISPERSION);
	d_bytes(d, c, F_REFID, 4);
	put_time(d, c, F_REFTIME);
	put_time(d, c, F_ORG);
	put_time(d, c, F_REC);
	put_time(d, c, F_XMT);
	extensions(d, c);
}

/* What the status word of a response means (RFC 9327 3). */
static void control_status(struct dis *d, u32 at, u8 flags, u16 status, u16 assoc)
{
	u8 op = flags & 0x1f;

	if (!(flags & 0x80) || op < 1 || op == 6 || op > 7)
		return;
	if (flags & 0x40)
		put_bits(d, F_C_ERR, F_C_ERR, at, 2, status);
	else if (op == 4 || op == 5)
		put_bits(d, F_K_STATUS, F_K_CODE, at, 2, status);
	else if (assoc != 0)
		put_bits(d, F_P_CONFIG, F_P_CODE, at, 2, status);
	else
		put_bits(d, F_S_LI, F_S_CODE, at, 2, status);
}

static void control(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, F_FLAGS);
	u16 status, assoc;

	put_bits(d, F_LI, F_MODE, at, 1, flags);
	flags = d_u8(d, c, F_C_FLAGS);
	if (c->fail != CUR_OK)
		return;
	put_bits(d, F_C_R, F_C_OPCODE, at + 1, 1, flags);
	d_be16(d, c, F_C_SEQUENCE);
	status = d_be16(d, c, F_C_STATUS);
	if (c->fail != CUR_OK || !cur_need(c, 2))
		return;
	assoc = load_be16(c->base + c->at);
	control_status(d, at + 4, flags, status, assoc);
	d_be16(d, c, F_C_ASSOCID);
	d_be16(d, c, F_C_OFFSET);
	d_be16(d, c, F_C_COUNT);
	while ((flags & 0xdf) == 0x81 && assoc == 0 && cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		d_be16(d, c, F_C_ASSOCID); /* what associations there are, and how they do */
		at = c->at;
		status = d_be16(d, c, F_C_STATUS);
		if (c->fail == CUR_OK)
			put_bits(d, F_P_CONFIG, F_P_CODE, at, 2, status);
	}
}

static void private_mode(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 v = d_u8(d, c, F_FLAGS);
	u16 w;

	d_down(d);
	d_bits(d, F_V_R, at, 1, v);
	d_bits(d, F_V_MORE, at, 1, v);
	d_bits(d, F_VN, at, 1, v);
	d_bits(d, F_MODE, at, 1, v);
	d_up(d);
	v = d_u8(d, c, F_V_AUTH_SEQ);
	if (c->fail != CUR_OK)
		return;
	put_bits(d, F_V_AUTH, F_V_SEQ, at + 1, 1, v);
	d_u8(d, c, F_V_IMPL);
	d_u8(d, c, F_V_REQCODE);
	w = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, F_V_ERR, at + 4, 1, w >> 12);
	d_u(d, F_V_NUMITEMS, at + 4, 2, w & 0xfff);
	w = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, F_V_RESERVED, at + 6, 1, w >> 12);
	d_u(d, F_V_ITEMSIZE, at + 6, 2, w & 0xfff);
}

static void dissect(struct dis *d, struct cur *c)
{
	int first = cur_peek(c, 0);

	if ((first & 7) == MODE_CONTROL && first >= 0)
		control(d, c);
	else if ((first & 7) == MODE_PRIVATE && first >= 0)
		private_mode(d, c);
	else
		standard(d, c);
}

/* "NTP version 4 server stratum 2" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 mode = pkt_get_u(k, l, F_MODE, 0), op = pkt_get_u(k, l, F_C_OPCODE, 0);
	const char *name = vstr_name(modes, mode);
	const struct val *v;

	txt_printf(t, "%s, version %u", name != NULL ? name : "?",
		   (unsigned)pkt_get_u(k, l, F_VN, 0));
	if (mode == MODE_CONTROL) {
		name = vstr_name(operations, op);
		txt_printf(t, ", %s%s", name != NULL ? name : "unknown operation",
			   pkt_get_u(k, l, F_C_R, 0) ? " response" : "");
	} else if (mode != MODE_PRIVATE && (v = pkt_get(k, l, F_STRATUM)) != NULL) {
		txt_printf(t, ", stratum %u", (unsigned)v->u);
	}
}

static const u16 info_wants[] = { F_MODE, F_VN, F_STRATUM, F_C_OPCODE, F_C_R, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 123 }, { TBL_TCP, 123 } };

const struct proto proto_ntp = {
	.name = "ntp",
	.title = "Network Time Protocol",
	.abbrev = "NTP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
