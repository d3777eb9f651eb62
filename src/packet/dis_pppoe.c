/* PPP over Ethernet: discovery and session (RFC 2516, RFC 4638, RFC 4937). */
/*  0   4   8      16         32       48
 *  +---+---+------+----------+--------+------------
 *  |ver|typ| code | session  | length | tags or PPP
 *  +---+---+------+----------+--------+------------ */
#include "packet/proto.h"

enum {
	F_VERSION,
	F_TYPE,
	F_CODE,
	F_SESSION,
	F_LENGTH,
	F_TAGS,
	F_UNKNOWN,
	F_SERVICE_NAME,
	F_AC_NAME,
	F_HOST_UNIQ,
	F_AC_COOKIE,
	F_VENDOR_ID,
	F_VENDOR_DATA,
	F_CIRCUIT,
	F_REMOTE,
	F_RATE_UP,
	F_RATE_DOWN,
	F_SEQ_NUM,
	F_CREDIT_SCALE,
	F_RELAY,
	F_HURL,
	F_MOTM,
	F_MAX_PAYLOAD,
	F_ROUTE_ADD,
	F_NAME_ERROR,
	F_AC_ERROR,
	F_GENERIC_ERROR,
};

enum { BROADBAND_FORUM = 3561 };

static const struct vstr code_names[] = {
	{ 0x00, "Session data" },  { 0x07, "PADO: offer" },	      { 0x09, "PADI: initiation" },
	{ 0x0a, "PADG: grant" },   { 0x0b, "PADC: credit response" }, { 0x0c, "PADQ: quality" },
	{ 0x19, "PADR: request" }, { 0x65, "PADS: confirmation" },    { 0xa7, "PADT: terminate" },
	{ 0xd3, "PADM: message" }, { 0xd4, "PADN: network" },	      { 0, NULL },
};

static const struct field fields[] = {
	[F_VERSION] = { "pppoe.version", "Version", FT_U8, FB_DEC, 0xf0 },
	[F_TYPE] = { "pppoe.type", "Type", FT_U8, FB_DEC, 0x0f },
	[F_CODE] = { "pppoe.code", "Code", FT_U8, FB_HEX, .names = code_names },
	[F_SESSION] = { "pppoe.session_id", "Session", FT_U16, FB_HEX },
	[F_LENGTH] = { "pppoe.payload_length", "Payload length", FT_U16, FB_DEC },
	[F_TAGS] = { "pppoed.tags", "Tags", FT_NONE },
	[F_UNKNOWN] = { "pppoed.tag.unknown_data", "Data", FT_BYTES },
	[F_SERVICE_NAME] = { "pppoed.tags.service_name", "Service name", FT_STRING },
	[F_AC_NAME] = { "pppoed.tags.ac_name", "Concentrator name", FT_STRING },
	[F_HOST_UNIQ] = { "pppoed.tags.host_uniq", "Host-Uniq", FT_BYTES },
	[F_AC_COOKIE] = { "pppoed.tags.ac_cookie", "Concentrator cookie", FT_BYTES },
	[F_VENDOR_ID] = { "pppoed.tags.vendor_id", "Vendor", FT_U32, FB_DEC },
	[F_VENDOR_DATA] = { "pppoed.tags.vendor_unspecified", "Vendor's data", FT_BYTES },
	[F_CIRCUIT] = { "pppoed.tags.circuit_id", "Circuit", FT_STRING },
	[F_REMOTE] = { "pppoed.tags.remote_id", "Remote end", FT_STRING },
	[F_RATE_UP] = { "pppoed.tags.act_data_rate_up", "Actual rate upstream, kbit/s", FT_U32,
			FB_DEC },
	[F_RATE_DOWN] = { "pppoed.tags.act_data_rate_down", "Actual rate downstream, kbit/s",
			  FT_U32, FB_DEC },
	[F_SEQ_NUM] = { "pppoed.tags.seq_num", "Sequence number", FT_U16, FB_HEX },
	[F_CREDIT_SCALE] = { "pppoed.tags.credit_scale", "Credit scale factor", FT_U16, FB_DEC },
	[F_RELAY] = { "pppoed.tags.relay_session_id", "Relay session id", FT_BYTES },
	[F_HURL] = { "pppoed.tags.hurl", "HURL", FT_BYTES },
	[F_MOTM] = { "pppoed.tags.motm", "MOTM", FT_BYTES },
	[F_MAX_PAYLOAD] = { "pppoed.tags.max_payload", "PPP maximum payload", FT_BYTES },
	[F_ROUTE_ADD] = { "pppoed.tags.ip_route_add", "IP route", FT_BYTES },
	[F_NAME_ERROR] = { "pppoed.tags.service_name_error", "Service name error", FT_STRING },
	[F_AC_ERROR] = { "pppoed.tags.ac_system_error", "Concentrator error", FT_STRING },
	[F_GENERIC_ERROR] = { "pppoed.tags.generic_error", "Generic error", FT_STRING },
};

/* The six bytes that both have; the payload's length, as far as the frame has it. */
static u16 read_header(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 first = cur_u8(c);
	u16 len;

	if (c->fail == CUR_OK) {
		d_bits(d, F_VERSION, at, 1, first);
		d_bits(d, F_TYPE, at, 1, first);
	}
	d_u8(d, c, F_CODE);
	d_scope(d, SCOPE_PPPOE, d_be16(d, c, F_SESSION));
	len = d_be16(d, c, F_LENGTH);
	if (c->fail != CUR_OK)
		return 0;
	if (first != 0x11)
		d_mark(d, MARK_VALUE, at, "PPPoE wants version 1 and type 1");
	if (!cur_limit(c, len))
		d_mark(d, MARK_LENGTH, at + 4, "the PPPoE length goes past the frame");
	return len;
}

/* The Broadband Forum's tags about the subscriber line (TR-101): type, length, value. */
static void read_access_line(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 2) {
		u8 type = cur_u8(c), n = cur_u8(c);
		struct cur v = cur_sub(c, n);

		if (type == 1 && n > 0)
			d_bytes(d, &v, F_CIRCUIT, n);
		else if (type == 2 && n > 0)
			d_bytes(d, &v, F_REMOTE, n);
		else if (type == 0x81 && n == 4)
			d_be32(d, &v, F_RATE_UP);
		else if (type == 0x82 && n == 4)
			d_be32(d, &v, F_RATE_DOWN);
		d_check(d, &v);
	}
}

static void read_value(struct dis *d, struct cur *c, u16 tag, u32 n)
{
	static const u16 by_tag[][2] = {
		{ 0x0101, F_SERVICE_NAME }, { 0x0102, F_AC_NAME },     { 0x0103, F_HOST_UNIQ },
		{ 0x0104, F_AC_COOKIE },    { 0x0110, F_RELAY },       { 0x0111, F_HURL },
		{ 0x0112, F_MOTM },	    { 0x0120, F_MAX_PAYLOAD }, { 0x0121, F_ROUTE_ADD },
		{ 0x0201, F_NAME_ERROR },   { 0x0202, F_AC_ERROR },    { 0x0203, F_GENERIC_ERROR },
	};

	for (unsigned i = 0; i < ARRAY_LEN(by_tag); i++)
		if (by_tag[i][0] == tag) {
			if (n > 0)
				d_bytes(d, c, by_tag[i][1], n);
			return;
		}
	if (tag == 0x0105 && n >= 4) {
		if (d_be32(d, c, F_VENDOR_ID) == BROADBAND_FORUM)
			read_access_line(d, c);
		else
			d_rest(d, c, F_VENDOR_DATA);
	} else if (tag == 0x0108 && n == 2) {
		d_be16(d, c, F_SEQ_NUM);
	} else if (tag == 0x0109 && n == 2) {
		d_be16(d, c, F_CREDIT_SCALE);
	} else if (n > 0 && tag != 0x0106 && tag != 0x0107) {
		d_bytes(d, c, F_UNKNOWN, n);
	}
}

static void dissect_discovery(struct dis *d, struct cur *c)
{
	if (read_header(d, c) == 0)
		return;
	d_head(d, F_TAGS, c->at, cur_left(c));
	d_down(d);
	while (c->fail == CUR_OK && cur_wire_left(c) >= 4) {
		u16 tag = cur_be16(c), n = cur_be16(c);
		struct cur v = cur_sub(c, n);

		read_value(d, &v, tag, n);
		d_check(d, &v);
	}
	d_up(d);
}

static void dissect_session(struct dis *d, struct cur *c)
{
	read_header(d, c);
	if (c->fail == CUR_OK)
		d_next(d, TBL_INNER, INNER_PPP, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 code = pkt_get_u(k, l, F_CODE, 0x100), session = pkt_get_u(k, l, F_SESSION, 0);
	const char *name = vstr_name(code_names, code);
	const struct val *v;

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Code 0x%02x", (unsigned)code);
	if (session != 0)
		txt_printf(t, " session 0x%04x", (unsigned)session);
	if ((v = pkt_get(k, l, F_SERVICE_NAME)) != NULL && v->n > 0) {
		txt_puts(t, " service ");
		txt_escape(t, v->p, v->n);
	}
	if ((v = pkt_get(k, l, F_AC_NAME)) != NULL) {
		txt_puts(t, " concentrator ");
		txt_escape(t, v->p, v->n);
	}
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "PPPoE ");
	txt_u64(t, pkt_get_u(k, l, F_SESSION, 0));
}

static const u16 info_wants[] = { F_CODE, F_SESSION, F_SERVICE_NAME, F_AC_NAME, FIELD_END };
static const struct claim claims_discovery[] = { { TBL_ETHERTYPE, 0x8863 } };
static const struct claim claims_session[] = { { TBL_ETHERTYPE, 0x8864 }, { TBL_LINK, 51 } };

const struct proto proto_pppoed = {
	.name = "pppoed",
	.title = "PPP-over-Ethernet discovery",
	.abbrev = "PPPoED",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims_discovery,
	.nclaims = ARRAY_LEN(claims_discovery),
	.dissect = dissect_discovery,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_pppoes = {
	.name = "pppoes",
	.title = "PPP-over-Ethernet session",
	.abbrev = "PPPoES",
	.fields_of = &proto_pppoed,
	.flags = PROTO_TUNNEL,
	.claims = claims_session,
	.nclaims = ARRAY_LEN(claims_session),
	.dissect = dissect_session,
	.info = info,
	.tag = tag,
};
