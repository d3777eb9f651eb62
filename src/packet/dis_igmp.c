/* IGMP versions 1 to 3 (RFC 1112, 2236, 3376). */
/*  0      1          2         4               8
 *  +------+----------+---------+---------------+-----
 *  | type | max resp | checksum| group address | v3 ...
 *  +------+----------+---------+---------------+----- */
#include "packet/proto.h"

enum {
	F_VERSION,
	F_TYPE,
	F_RESERVED,
	F_MAX_RESP,
	F_MAX_RESP_EXP,
	F_MAX_RESP_MANT,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_MADDR,
	F_S,
	F_QRV,
	F_QQIC,
	F_NUM_SRC,
	F_SADDR,
	F_NUM_RECORDS,
	F_RECORD_TYPE,
	F_AUX_LEN,
	F_AUX_DATA,
	F_DATA,
};

enum { QUERY = 0x11, REPORT1 = 0x12, REPORT2 = 0x16, LEAVE = 0x17, REPORT3 = 0x22 };

static const struct vstr type_names[] = {
	{ 0x11, "Membership query" },
	{ 0x12, "Membership report (version 1)" },
	{ 0x13, "DVMRP" },
	{ 0x14, "PIM version 1" },
	{ 0x16, "Membership report (version 2)" },
	{ 0x17, "Leave group" },
	{ 0x1e, "Multicast traceroute response" },
	{ 0x1f, "Multicast traceroute" },
	{ 0x22, "Membership report (version 3)" },
	{ 0, NULL },
};
static const struct vstr record_names[] = { { 1, "is include" },
					    { 2, "is exclude" },
					    { 3, "change to include" },
					    { 4, "change to exclude" },
					    { 5, "allow new sources" },
					    { 6, "block old sources" },
					    { 0, NULL } };
static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};

static const struct field fields[] = {
	[F_VERSION] = { "igmp.version", "IGMP version", FT_U8, FB_DEC },
	[F_TYPE] = { "igmp.type", "Type", FT_U8, FB_HEX, .names = type_names },
	[F_RESERVED] = { "igmp.reserved", "Reserved", FT_BYTES },
	[F_MAX_RESP] = { "igmp.max_resp", "Maximum response time (0.1 s)", FT_U16, FB_DEC },
	[F_MAX_RESP_EXP] = { "igmp.max_resp.exp", "Exponent", FT_U8, FB_HEX, 0x70 },
	[F_MAX_RESP_MANT] = { "igmp.max_resp.mant", "Mantissa", FT_U8, FB_HEX, 0x0f },
	[F_CHECKSUM] = { "igmp.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "igmp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_MADDR] = { "igmp.maddr", "Multicast address", FT_IPV4 },
	[F_S] = { "igmp.s", "Suppress router-side processing", FT_BOOL, FB_NONE, 0x08 },
	[F_QRV] = { "igmp.qrv", "Querier's robustness variable", FT_U8, FB_DEC, 0x07 },
	[F_QQIC] = { "igmp.qqic", "Querier's query interval code", FT_U8, FB_DEC },
	[F_NUM_SRC] = { "igmp.num_src", "Number of sources", FT_U16, FB_DEC },
	[F_SADDR] = { "igmp.saddr", "Source address", FT_IPV4 },
	[F_NUM_RECORDS] = { "igmp.num_grp_recs", "Number of group records", FT_U16, FB_DEC },
	[F_RECORD_TYPE] = { "igmp.record_type", "Record type", FT_U8, FB_DEC,
			    .names = record_names },
	[F_AUX_LEN] = { "igmp.aux_data_len", "Auxiliary data length in words", FT_U8, FB_DEC },
	[F_AUX_DATA] = { "igmp.aux_data", "Auxiliary data", FT_BYTES },
	[F_DATA] = { "igmp.data", "Data", FT_BYTES },
};

/* Which version sent it: the type says it, and for queries the length (RFC 3376 7.1). */
static u8 version_of(u8 type, u8 max_resp, u32 len)
{
	if (type == QUERY)
		return len >= 12 ? 3 : max_resp == 0 ? 1 : 2;
	return type == REPORT1 ? 1 : type == REPORT3 ? 3 : 2;
}

/* RFC 3376 4.1.1: from 128 on a floating point number. */
static u32 resp_time(u8 code, u8 version)
{
	if (version < 3 || code < 128)
		return code;
	return ((code & 15u) | 16) << ((code >> 4 & 7) + 3);
}

static void put_checksum(struct dis *d, struct cur *c, u32 at)
{
	u8 status = 2;

	d_be16(d, c, F_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	if (!d->in_error && !d->fragment && c->end == c->wire) {
		status = in_sum(c->base + at, c->end - at, 0) == 0xffff;
		if (status == 0 && d->plan->checksums)
			d_mark(d, MARK_CHECKSUM, at + 2, "wrong IGMP checksum");
	}
	d_gen(d, F_CHECKSUM_STATUS, status);
}

static void read_sources(struct dis *d, struct cur *c, u16 n)
{
	while (n-- > 0 && cur_need(c, 4))
		d_be32(d, c, F_SADDR);
}

static void read_query3(struct dis *d, struct cur *c)
{
	u32 at;
	u16 n;
	u8 b;

	d_be32(d, c, F_MADDR);
	at = c->at;
	b = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	d_bits(d, F_S, at, 1, b);
	d_bits(d, F_QRV, at, 1, b);
	d_u8(d, c, F_QQIC);
	n = d_be16(d, c, F_NUM_SRC);
	read_sources(d, c, n);
}

static void read_report3(struct dis *d, struct cur *c)
{
	u16 records;

	d_bytes(d, c, F_RESERVED, 2);
	records = d_be16(d, c, F_NUM_RECORDS);
	while (records-- > 0 && cur_need(c, 8)) {
		u8 aux;
		u16 n;

		d_u8(d, c, F_RECORD_TYPE);
		d_down(d);
		aux = d_u8(d, c, F_AUX_LEN);
		n = d_be16(d, c, F_NUM_SRC);
		d_be32(d, c, F_MADDR);
		read_sources(d, c, n);
		if (aux > 0)
			d_bytes(d, c, F_AUX_DATA, aux * 4u);
		d_up(d);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	int type = cur_peek(c, 0), max_resp = cur_peek(c, 1);
	u8 version;

	if (!cur_need(c, 2))
		return;
	version = version_of((u8)type, (u8)max_resp, cur_wire_left(c));
	d_gen(d, F_VERSION, version);
	d_u8(d, c, F_TYPE);
	if (version == 1 || type == REPORT3) {
		d_bytes(d, c, F_RESERVED, 1);
	} else {
		d_u(d, F_MAX_RESP, at + 1, 1, resp_time((u8)max_resp, version));
		cur_skip(c, 1);
		if (version == 3 && max_resp >= 128) {
			d_down(d);
			d_bits(d, F_MAX_RESP_EXP, at + 1, 1, (u64)max_resp);
			d_bits(d, F_MAX_RESP_MANT, at + 1, 1, (u64)max_resp);
			d_up(d);
		}
	}
	put_checksum(d, c, at);
	if (c->fail != CUR_OK)
		return;
	if (type == REPORT3)
		read_report3(d, c);
	else if (version == 3)
		read_query3(d, c);
	else
		d_be32(d, c, F_MADDR);
	if (cur_left(c) > 0)
		d_rest(d, c, F_DATA);
}

/* "Membership query (version 3) for 239.1.2.3", "Membership report (version 3) 239.1.2.3 change to
 * exclude" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 type = pkt_get_u(k, l, F_TYPE, 0);
	const char *name = vstr_name(type_names, type);
	const struct val *group = pkt_get(k, l, F_MADDR), *record = pkt_get(k, l, F_RECORD_TYPE);
	u8 ip[4];

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Type 0x%02llx", (unsigned long long)type);
	if (type == QUERY)
		txt_printf(t, " (version %llu)", (unsigned long long)pkt_get_u(k, l, F_VERSION, 0));
	if (group != NULL && (type != QUERY || group->u != 0)) {
		store_be32(ip, (u32)group->u);
		txt_puts(t, type == QUERY ? " for " : " ");
		txt_ip4(t, ip);
	}
	name = record != NULL ? vstr_name(record_names, record->u) : NULL;
	if (name != NULL) {
		txt_putc(t, ' ');
		txt_puts(t, name);
	}
	if (pkt_get_u(k, l, F_NUM_RECORDS, 0) > 1)
		txt_printf(t, " and %llu more",
			   (unsigned long long)pkt_get_u(k, l, F_NUM_RECORDS, 0) - 1);
}

static const u16 info_wants[] = { F_TYPE,	 F_VERSION,	F_MADDR,
				  F_RECORD_TYPE, F_NUM_RECORDS, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 2 } };

const struct proto proto_igmp = {
	.name = "igmp",
	.title = "Internet Group Management Protocol",
	.abbrev = "IGMP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
