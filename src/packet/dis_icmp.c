/* ICMP for IPv4 (RFC 792, 950, 1191, 1256, 4884, 4950, 5837, 8335). */
/*  0      1      2         4                  8
 *  +------+------+---------+------------------+------
 *  | type | code | checksum| by type          | ...
 *  +------+------+---------+------------------+------ */
#include "packet/icmp.h"

enum {
	F_TYPE,
	F_CODE,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_IDENT,
	F_IDENT_LE,
	F_SEQ,
	F_SEQ_LE,
	F_UNUSED,
	F_LENGTH,
	F_LENGTH_QUOTED,
	F_MTU,
	F_REDIR_GW,
	F_POINTER,
	F_NUM_ADDRS,
	F_ADDR_ENTRY_SIZE,
	F_LIFETIME,
	F_ROUTER_ADDRESS,
	F_PREF_LEVEL,
	F_ORIGINATE,
	F_RECEIVE,
	F_TRANSMIT,
	F_ADDRESS_MASK,
	F_DATA_TIME,
	F_DATA_TIME_RELATIVE,
	F_XSEQ,
	F_XREQ_RES,
	F_XREQ_LOCAL,
	F_XRSP_STATE,
	F_XRSP_RES,
	F_XRSP_ACTIVE,
	F_XRSP_IPV4,
	F_XRSP_IPV6,
};

enum {
	ECHO_REPLY = 0,
	UNREACHABLE = 3,
	SOURCE_QUENCH = 4,
	REDIRECT = 5,
	ECHO = 8,
	ROUTER_ADVERTISEMENT = 9,
	ROUTER_SOLICITATION = 10,
	TIME_EXCEEDED = 11,
	PARAMETER_PROBLEM = 12,
	TIMESTAMP = 13,
	TIMESTAMP_REPLY = 14,
	INFORMATION = 15,
	INFORMATION_REPLY = 16,
	ADDRESS_MASK = 17,
	ADDRESS_MASK_REPLY = 18,
	XECHO = 42,
	XECHO_REPLY = 43,
};

static const struct vstr type_names[] = {
	{ 0, "Echo reply" },	       { 3, "Destination unreachable" },
	{ 4, "Source quench" },	       { 5, "Redirect" },
	{ 8, "Echo request" },	       { 9, "Router advertisement" },
	{ 10, "Router solicitation" }, { 11, "Time exceeded" },
	{ 12, "Parameter problem" },   { 13, "Timestamp request" },
	{ 14, "Timestamp reply" },     { 15, "Information request" },
	{ 16, "Information reply" },   { 17, "Address mask request" },
	{ 18, "Address mask reply" },  { 42, "Extended echo request" },
	{ 43, "Extended echo reply" }, { 0, NULL },
};
static const struct vstr unreachable_names[] = {
	{ 0, "network unreachable" },
	{ 1, "host unreachable" },
	{ 2, "protocol unreachable" },
	{ 3, "port unreachable" },
	{ 4, "fragmentation needed" },
	{ 5, "source route failed" },
	{ 6, "network unknown" },
	{ 7, "host unknown" },
	{ 8, "source host isolated" },
	{ 9, "network administratively prohibited" },
	{ 10, "host administratively prohibited" },
	{ 11, "network unreachable for this service" },
	{ 12, "host unreachable for this service" },
	{ 13, "communication administratively filtered" },
	{ 14, "host precedence violation" },
	{ 15, "precedence cutoff in effect" },
	{ 0, NULL },
};
static const struct vstr redirect_names[] = {
	{ 0, "for the network" },
	{ 1, "for the host" },
	{ 2, "for the service and network" },
	{ 3, "for the service and host" },
	{ 0, NULL },
};
static const struct vstr exceeded_names[] = { { 0, "in transit" },
					      { 1, "during reassembly" },
					      { 0, NULL } };
static const struct vstr problem_names[] = {
	{ 0, "at the pointer" }, { 1, "option missing" }, { 2, "bad length" }, { 0, NULL }
};
static const struct vstr xecho_names[] = { { 0, "no error" },
					   { 1, "malformed query" },
					   { 2, "no such interface" },
					   { 3, "no such table entry" },
					   { 4, "several interfaces match" },
					   { 0, NULL } };
static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};

static const struct field fields[] = {
	[F_TYPE] = { "icmp.type", "Type", FT_U8, FB_DEC, .names = type_names },
	[F_CODE] = { "icmp.code", "Code", FT_U8, FB_DEC },
	[F_CHECKSUM] = { "icmp.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "icmp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_IDENT] = { "icmp.ident", "Identifier", FT_U16, FB_DEC_HEX },
	[F_IDENT_LE] = { "icmp.ident_le", "Identifier (little-endian)", FT_U16, FB_DEC_HEX },
	[F_SEQ] = { "icmp.seq", "Sequence number", FT_U16, FB_DEC_HEX },
	[F_SEQ_LE] = { "icmp.seq_le", "Sequence number (little-endian)", FT_U16, FB_DEC_HEX },
	[F_UNUSED] = { "icmp.unused", "Unused", FT_BYTES },
	[F_LENGTH] = { "icmp.length", "Length", FT_U8, FB_DEC },
	[F_LENGTH_QUOTED] = { "icmp.length.original_datagram", "Length of original datagram",
			      FT_U16, FB_DEC },
	[F_MTU] = { "icmp.mtu", "MTU of next hop", FT_U16, FB_DEC },
	[F_REDIR_GW] = { "icmp.redir_gw", "Gateway address", FT_IPV4 },
	[F_POINTER] = { "icmp.pointer", "Pointer", FT_U32, FB_DEC },
	[F_NUM_ADDRS] = { "icmp.num_addrs", "Number of addresses", FT_U8, FB_DEC },
	[F_ADDR_ENTRY_SIZE] = { "icmp.addr_entry_size", "Address entry size", FT_U8, FB_DEC },
	[F_LIFETIME] = { "icmp.lifetime", "Lifetime", FT_U16, FB_DEC },
	[F_ROUTER_ADDRESS] = { "icmp.router_address", "Router address", FT_IPV4 },
	[F_PREF_LEVEL] = { "icmp.pref_level", "Preference level", FT_I32, FB_DEC },
	[F_ORIGINATE] = { "icmp.originate_timestamp", "Originate timestamp", FT_U32, FB_DEC },
	[F_RECEIVE] = { "icmp.receive_timestamp", "Receive timestamp", FT_U32, FB_DEC },
	[F_TRANSMIT] = { "icmp.transmit_timestamp", "Transmit timestamp", FT_U32, FB_DEC },
	[F_ADDRESS_MASK] = { "icmp.address_mask", "Address mask", FT_IPV4 },
	[F_DATA_TIME] = { "icmp.data_time", "Timestamp from ICMP data", FT_ABSTIME },
	[F_DATA_TIME_RELATIVE] = { "icmp.data_time_relative", "Timestamp from ICMP data (relative)",
				   FT_RELTIME },
	[F_XSEQ] = { "icmp.ext.echo.seq", "Sequence number", FT_U8, FB_DEC_HEX },
	[F_XREQ_RES] = { "icmp.ext.echo.req.res", "Reserved", FT_U8, FB_HEX, 0xfe },
	[F_XREQ_LOCAL] = { "icmp.ext.echo.req.local", "Local bit", FT_BOOL, FB_NONE, 0x01 },
	[F_XRSP_STATE] = { "icmp.ext.echo.rsp.state", "State", FT_U8, FB_DEC, 0xe0 },
	[F_XRSP_RES] = { "icmp.ext.echo.rsp.res", "Reserved", FT_U8, FB_HEX, 0x18 },
	[F_XRSP_ACTIVE] = { "icmp.ext.echo.rsp.active", "Active bit", FT_BOOL, FB_NONE, 0x04 },
	[F_XRSP_IPV4] = { "icmp.ext.echo.rsp.ipv4", "IPv4 bit", FT_BOOL, FB_NONE, 0x02 },
	[F_XRSP_IPV6] = { "icmp.ext.echo.rsp.ipv6", "IPv6 bit", FT_BOOL, FB_NONE, 0x01 },
};

static const struct vstr *code_names(u8 type)
{
	switch (type) {
	case UNREACHABLE: return unreachable_names;
	case REDIRECT: return redirect_names;
	case TIME_EXCEEDED: return exceeded_names;
	case PARAMETER_PROBLEM: return problem_names;
	case XECHO_REPLY: return xecho_names;
	}
	return NULL;
}

/* Cheap enough to be verified always, as Wireshark does. */
static void put_checksum_status(struct dis *d, const struct cur *c, u32 at)
{
	if ((!d_wants(d, F_CHECKSUM_STATUS) && !d->plan->checksums))
		return;
	if (d->in_error || d->fragment || c->end < c->wire) {
		d_gen(d, F_CHECKSUM_STATUS, 2);
	} else if (in_sum(c->base + at, c->end - at, 0) == 0xffff) {
		d_gen(d, F_CHECKSUM_STATUS, 1);
	} else {
		d_gen(d, F_CHECKSUM_STATUS, 0);
		d_mark(d, MARK_CHECKSUM, at + 2, "wrong ICMP checksum");
	}
}

static void put_ident(struct dis *d, struct cur *c)
{
	u16 v = d_be16(d, c, F_IDENT);

	if (c->fail == CUR_OK)
		d_u(d, F_IDENT_LE, c->at - 2, 2, __builtin_bswap16(v));
}

static void put_ident_seq(struct dis *d, struct cur *c)
{
	u16 v;

	put_ident(d, c);
	v = d_be16(d, c, F_SEQ);
	if (c->fail == CUR_OK)
		d_u(d, F_SEQ_LE, c->at - 2, 2, __builtin_bswap16(v));
}

/* The second byte may be the length field of RFC 4884, in units of 4 bytes; where it is 0, there
 * are `plain` unused bytes. Returns the quoted packet's length in bytes, 0 for unknown. */
static u32 put_length(struct dis *d, struct cur *c, u32 plain)
{
	int len = cur_peek(c, 1);

	if (len <= 0) {
		d_bytes(d, c, F_UNUSED, plain);
		return 0;
	}
	d_bytes(d, c, F_UNUSED, 1);
	d_u8(d, c, F_LENGTH);
	d_gen(d, F_LENGTH_QUOTED, (u64)len * 4);
	if (plain == 4)
		d_bytes(d, c, F_UNUSED, 2);
	return (u32)len * 4;
}

static void read_error(struct dis *d, struct cur *c, u8 type, u8 code)
{
	u32 quoted = 0;
	int len;

	switch (type) {
	case UNREACHABLE:
		quoted = put_length(d, c, code == 4 ? 2 : 4);
		if (code == 4)
			d_be16(d, c, F_MTU);
		break;
	case REDIRECT: d_be32(d, c, F_REDIR_GW); break;
	case TIME_EXCEEDED: quoted = put_length(d, c, 4); break;
	case PARAMETER_PROBLEM:
		d_u8(d, c, F_POINTER);
		len = cur_peek(c, 0);
		if (len > 0) {
			quoted = (u32)len * 4;
			d_u8(d, c, F_LENGTH);
			d_gen(d, F_LENGTH_QUOTED, quoted);
			d_bytes(d, c, F_UNUSED, 2);
		} else {
			d_bytes(d, c, F_UNUSED, 3);
		}
		break;
	default: cur_skip(c, 4);
	}
	if (c->fail == CUR_OK)
		icmp_quoted(d, c, quoted, 0x0800);
}

static void read_advertisement(struct dis *d, struct cur *c)
{
	u8 n = d_u8(d, c, F_NUM_ADDRS), size = d_u8(d, c, F_ADDR_ENTRY_SIZE);

	d_be16(d, c, F_LIFETIME);
	if (size != 2) {
		d_mark(d, MARK_VALUE, c->at - 3, "a router advertisement's entries have 2 words");
		return;
	}
	while (n-- > 0 && cur_need(c, 8)) {
		d_be32(d, c, F_ROUTER_ADDRESS);
		d_be32(d, c, F_PREF_LEVEL);
	}
}

static void read_xecho(struct dis *d, struct cur *c, u8 type)
{
	u32 at;
	u8 bits;

	put_ident(d, c);
	d_u8(d, c, F_XSEQ);
	at = c->at;
	bits = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	if (type == XECHO) {
		d_bits(d, F_XREQ_RES, at, 1, bits);
		d_bits(d, F_XREQ_LOCAL, at, 1, bits);
		if (cur_left(c) > 0)
			d_try(d, TBL_INNER, INNER_ICMP_EXT, *c);
		return;
	}
	for (unsigned f = F_XRSP_STATE; f <= F_XRSP_IPV6; f++)
		d_bits(d, f, at, 1, bits);
	d_data(d, *c);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 type = d_u8(d, c, F_TYPE), code = d_u8(d, c, F_CODE);

	d_be16(d, c, F_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	put_checksum_status(d, c, at);
	switch (type) {
	case ECHO:
	case ECHO_REPLY:
		put_ident_seq(d, c);
		if (c->fail == CUR_OK)
			d_data(d, *c);
		break;
	case UNREACHABLE:
	case SOURCE_QUENCH:
	case REDIRECT:
	case TIME_EXCEEDED:
	case PARAMETER_PROBLEM: read_error(d, c, type, code); break;
	case ROUTER_ADVERTISEMENT: read_advertisement(d, c); break;
	case ROUTER_SOLICITATION: cur_skip(c, 4); break;
	case TIMESTAMP:
	case TIMESTAMP_REPLY:
		put_ident_seq(d, c);
		d_be32(d, c, F_ORIGINATE);
		d_be32(d, c, F_RECEIVE);
		d_be32(d, c, F_TRANSMIT);
		break;
	case INFORMATION:
	case INFORMATION_REPLY: put_ident_seq(d, c); break;
	case ADDRESS_MASK:
	case ADDRESS_MASK_REPLY:
		put_ident_seq(d, c);
		d_be32(d, c, F_ADDRESS_MASK);
		break;
	case XECHO:
	case XECHO_REPLY: read_xecho(d, c, type); break;
	default:
		if (cur_left(c) > 0)
			d_data(d, *c);
	}
}

/* "Echo request id 7 seq 1", "Destination unreachable: port unreachable" */
static void put_number(struct txt *t, const char *what, u64 v)
{
	txt_puts(t, what);
	txt_u64(t, v);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u8 type = (u8)pkt_get_u(k, l, F_TYPE, 255);
	const char *name = vstr_name(type_names, type);
	const struct val *code = pkt_get(k, l, F_CODE), *v;

	if (name != NULL)
		txt_puts(t, name);
	else
		put_number(t, "Type ", type);
	name = code != NULL ? vstr_name(code_names(type), code->u) : NULL;
	if (name != NULL) {
		txt_puts(t, type == REDIRECT || type == TIME_EXCEEDED ? " " : ": ");
		txt_puts(t, name);
	} else if (code != NULL && code->u != 0) {
		put_number(t, " code ", code->u);
	}
	if ((v = pkt_get(k, l, F_MTU)) != NULL)
		put_number(t, ", MTU ", v->u);
	if ((v = pkt_get(k, l, F_REDIR_GW)) != NULL) {
		u8 ip[4];

		store_be32(ip, (u32)v->u);
		txt_puts(t, " to ");
		txt_ip4(t, ip);
	}
	if ((v = pkt_get(k, l, F_IDENT)) != NULL)
		put_number(t, " id ", v->u);
	if ((v = pkt_get(k, l, F_SEQ)) != NULL || (v = pkt_get(k, l, F_XSEQ)) != NULL)
		put_number(t, " seq ", v->u);
}

static const u16 info_wants[] = { F_TYPE,  F_CODE, F_MTU,  F_REDIR_GW,
				  F_IDENT, F_SEQ,  F_XSEQ, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 1 } };

const struct proto proto_icmp = {
	.name = "icmp",
	.title = "Internet Control Message Protocol",
	.abbrev = "ICMP",
	.flags = PROTO_WHOLE,
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
