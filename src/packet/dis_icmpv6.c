/* ICMPv6 (RFC 4443) with neighbour discovery (RFC 4861) and multicast listener discovery (RFC 2710,
 * 3810). */
/*  0      1      2         4                  8
 *  +------+------+---------+------------------+------
 *  | type | code | checksum| by type          | ...
 *  +------+------+---------+------------------+------ */
#include "packet/icmpv6.h"

#include "packet/icmp.h"

enum {
	UNREACHABLE = 1,
	TOO_BIG = 2,
	TIME_EXCEEDED = 3,
	PARAMETER_PROBLEM = 4,
	ECHO = 128,
	ECHO_REPLY = 129,
	MLD_QUERY = 130,
	MLD_REPORT = 131,
	MLD_DONE = 132,
	ROUTER_SOLICITATION = 133,
	ROUTER_ADVERTISEMENT = 134,
	NEIGHBOUR_SOLICITATION = 135,
	NEIGHBOUR_ADVERTISEMENT = 136,
	REDIRECT = 137,
	MLD_REPORT2 = 143,
	XECHO = 160,
	XECHO_REPLY = 161,
};

static const struct vstr type_names[] = {
	{ 1, "Destination unreachable" },
	{ 2, "Packet too big" },
	{ 3, "Time exceeded" },
	{ 4, "Parameter problem" },
	{ 128, "Echo request" },
	{ 129, "Echo reply" },
	{ 130, "Multicast listener query" },
	{ 131, "Multicast listener report" },
	{ 132, "Multicast listener done" },
	{ 133, "Router solicitation" },
	{ 134, "Router advertisement" },
	{ 135, "Neighbour solicitation" },
	{ 136, "Neighbour advertisement" },
	{ 137, "Redirect" },
	{ 138, "Router renumbering" },
	{ 139, "Node information query" },
	{ 140, "Node information response" },
	{ 143, "Multicast listener report (version 2)" },
	{ 155, "RPL control" },
	{ 160, "Extended echo request" },
	{ 161, "Extended echo reply" },
	{ 0, NULL },
};
static const struct vstr unreachable_names[] = { { 0, "no route" },
						 { 1, "administratively prohibited" },
						 { 2, "beyond scope of source address" },
						 { 3, "address unreachable" },
						 { 4, "port unreachable" },
						 { 5, "source address failed policy" },
						 { 6, "route rejected" },
						 { 7, "error in source routing header" },
						 { 0, NULL } };
static const struct vstr exceeded_names[] = { { 0, "in transit" },
					      { 1, "during reassembly" },
					      { 0, NULL } };
static const struct vstr problem_names[] = { { 0, "erroneous header field" },
					     { 1, "unknown next header" },
					     { 2, "unknown option" },
					     { 3, "first fragment without upper-layer header" },
					     { 0, NULL } };
static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const struct vstr prf_names[] = {
	{ 0, "medium" }, { 1, "high" }, { 2, "reserved" }, { 3, "low" }, { 0, NULL }
};
static const struct vstr record_names[] = { { 1, "is include" },
					    { 2, "is exclude" },
					    { 3, "change to include" },
					    { 4, "change to exclude" },
					    { 5, "allow new sources" },
					    { 6, "block old sources" },
					    { 0, NULL } };
static const struct vstr option_names[] = {
	{ 1, "Source link-layer address" },
	{ 2, "Target link-layer address" },
	{ 3, "Prefix information" },
	{ 4, "Redirected header" },
	{ 5, "MTU" },
	{ 7, "Advertisement interval" },
	{ 8, "Home agent information" },
	{ 14, "Nonce" },
	{ 24, "Route information" },
	{ 25, "Recursive DNS server" },
	{ 31, "DNS search list" },
	{ 37, "Captive portal" },
	{ 38, "PREF64" },
	{ 0, NULL },
};
static const struct vstr plc_names[] = { { 0, "/96" }, { 1, "/64" }, { 2, "/56" }, { 3, "/48" },
					 { 4, "/40" }, { 5, "/32" }, { 0, NULL } };

static const struct field fields[] = {
	[I6_TYPE] = { "icmpv6.type", "Type", FT_U8, FB_DEC, .names = type_names },
	[I6_CODE] = { "icmpv6.code", "Code", FT_U8, FB_DEC },
	[I6_CHECKSUM] = { "icmpv6.checksum", "Checksum", FT_U16, FB_HEX },
	[I6_CHECKSUM_STATUS] = { "icmpv6.checksum.status", "Checksum status", FT_U8, FB_DEC,
				 .names = status_names },
	[I6_RESERVED] = { "icmpv6.reserved", "Reserved", FT_BYTES },
	[I6_DATA] = { "icmpv6.data", "Data", FT_BYTES },
	[I6_LENGTH] = { "icmpv6.length", "Length of original datagram", FT_U8, FB_DEC },
	[I6_MTU] = { "icmpv6.mtu", "MTU", FT_U32, FB_DEC },
	[I6_POINTER] = { "icmpv6.pointer", "Pointer", FT_U32, FB_DEC },
	[I6_IDENT] = { "icmpv6.echo.identifier", "Identifier", FT_U16, FB_HEX },
	[I6_SEQ] = { "icmpv6.echo.sequence_number", "Sequence number", FT_U16, FB_DEC },
	[I6_RA_HOP_LIMIT] = { "icmpv6.nd.ra.cur_hop_limit", "Current hop limit", FT_U8, FB_DEC },
	[I6_RA_FLAG] = { "icmpv6.nd.ra.flag", "Flags", FT_U8, FB_HEX },
	[I6_RA_M] = { "icmpv6.nd.ra.flag.m", "Managed address configuration", FT_BOOL, FB_NONE,
		      0x80 },
	[I6_RA_O] = { "icmpv6.nd.ra.flag.o", "Other configuration", FT_BOOL, FB_NONE, 0x40 },
	[I6_RA_H] = { "icmpv6.nd.ra.flag.h", "Home agent", FT_BOOL, FB_NONE, 0x20 },
	[I6_RA_PRF] = { "icmpv6.nd.ra.flag.prf", "Default router preference", FT_U8, FB_DEC, 0x18,
			.names = prf_names },
	[I6_RA_P] = { "icmpv6.nd.ra.flag.p", "Proxy", FT_BOOL, FB_NONE, 0x04 },
	[I6_RA_RSV] = { "icmpv6.nd.ra.flag.rsv", "Reserved", FT_U8, FB_DEC, 0x03 },
	[I6_RA_LIFETIME] = { "icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", FT_U16,
			     FB_DEC },
	[I6_RA_REACHABLE] = { "icmpv6.nd.ra.reachable_time", "Reachable time (ms)", FT_U32,
			      FB_DEC },
	[I6_RA_RETRANS] = { "icmpv6.nd.ra.retrans_timer", "Retransmission timer (ms)", FT_U32,
			    FB_DEC },
	[I6_NS_TARGET] = { "icmpv6.nd.ns.target_address", "Target address", FT_IPV6 },
	[I6_NA_FLAG] = { "icmpv6.nd.na.flag", "Flags", FT_U32, FB_HEX },
	[I6_NA_R] = { "icmpv6.nd.na.flag.r", "Router", FT_BOOL, FB_NONE, 0x80000000 },
	[I6_NA_S] = { "icmpv6.nd.na.flag.s", "Solicited", FT_BOOL, FB_NONE, 0x40000000 },
	[I6_NA_O] = { "icmpv6.nd.na.flag.o", "Override", FT_BOOL, FB_NONE, 0x20000000 },
	[I6_NA_RSV] = { "icmpv6.nd.na.flag.rsv", "Reserved", FT_U32, FB_DEC, 0x1fffffff },
	[I6_NA_TARGET] = { "icmpv6.nd.na.target_address", "Target address", FT_IPV6 },
	[I6_RD_TARGET] = { "icmpv6.nd.rd.target_address", "Target address", FT_IPV6 },
	[I6_RD_DEST] = { "icmpv6.rd.na.destination_address", "Destination address", FT_IPV6 },
	[I6_MLD_DELAY] = { "icmpv6.mld.maximum_response_delay", "Maximum response delay (ms)",
			   FT_U16, FB_DEC },
	[I6_MLD_CODE] = { "icmpv6.mld.maximum_response_code", "Maximum response code", FT_U16,
			  FB_DEC },
	[I6_MLD_ADDRESS] = { "icmpv6.mld.multicast_address", "Multicast address", FT_IPV6 },
	[I6_MLD_FLAG] = { "icmpv6.mld.flag", "Flags", FT_U8, FB_HEX },
	[I6_MLD_S] = { "icmpv6.mld.flag.s", "Suppress router-side processing", FT_BOOL, FB_NONE,
		       0x08 },
	[I6_MLD_QRV] = { "icmpv6.mld.flag.qrv", "Querier's robustness variable", FT_U8, FB_DEC,
			 0x07 },
	[I6_MLD_RSV] = { "icmpv6.mld.flag.reserved", "Reserved", FT_U8, FB_DEC, 0xf0 },
	[I6_MLD_QQI] = { "icmpv6.mld.qqi", "Querier's query interval code", FT_U8, FB_DEC },
	[I6_MLD_NSOURCES] = { "icmpv6.mld.nb_sources", "Number of sources", FT_U16, FB_DEC },
	[I6_MLD_SOURCE] = { "icmpv6.mld.source_address", "Source address", FT_IPV6 },
	[I6_MLDR_NRECORDS] = { "icmpv6.mldr.nb_mcast_records",
			       "Number of multicast address records", FT_U16, FB_DEC },
	[I6_MAR] = { "icmpv6.mldr.mar", "Multicast address record", FT_NONE },
	[I6_MAR_TYPE] = { "icmpv6.mldr.mar.record_type", "Record type", FT_U8, FB_DEC,
			  .names = record_names },
	[I6_MAR_AUX_LEN] = { "icmpv6.mldr.mar.aux_data_len", "Auxiliary data length in words",
			     FT_U8, FB_DEC },
	[I6_MAR_NSOURCES] = { "icmpv6.mldr.mar.nb_sources", "Number of sources", FT_U16, FB_DEC },
	[I6_MAR_ADDRESS] = { "icmpv6.mldr.mar.multicast_address", "Multicast address", FT_IPV6 },
	[I6_MAR_SOURCE] = { "icmpv6.mldr.mar.source_address", "Source address", FT_IPV6 },
	[I6_MAR_AUX] = { "icmpv6.mldr.mar.auxiliary_data", "Auxiliary data", FT_BYTES },
	[I6_XSEQ] = { "icmpv6.ext.echo.seq", "Sequence number", FT_U8, FB_DEC_HEX },
	[I6_XREQ_RES] = { "icmpv6.ext.echo.req.res", "Reserved", FT_U8, FB_HEX, 0xfe },
	[I6_XREQ_LOCAL] = { "icmpv6.ext.echo.req.local", "Local bit", FT_BOOL, FB_NONE, 0x01 },
	[I6_XRSP_STATE] = { "icmpv6.ext.echo.rsp.state", "State", FT_U8, FB_DEC, 0xe0 },
	[I6_XRSP_RES] = { "icmpv6.ext.echo.rsp.res", "Reserved", FT_U8, FB_HEX, 0x18 },
	[I6_XRSP_ACTIVE] = { "icmpv6.ext.echo.rsp.active", "Active bit", FT_BOOL, FB_NONE, 0x04 },
	[I6_XRSP_IPV4] = { "icmpv6.ext.echo.rsp.ipv4", "IPv4 bit", FT_BOOL, FB_NONE, 0x02 },
	[I6_XRSP_IPV6] = { "icmpv6.ext.echo.rsp.ipv6", "IPv6 bit", FT_BOOL, FB_NONE, 0x01 },
	[I6_OPT] = { "icmpv6.opt", "Option", FT_NONE },
	[I6_OPT_TYPE] = { "icmpv6.opt.type", "Type", FT_U8, FB_DEC, .names = option_names },
	[I6_OPT_LENGTH] = { "icmpv6.opt.length", "Length in units of 8 bytes", FT_U8, FB_DEC },
	[I6_OPT_RESERVED] = { "icmpv6.opt.reserved", "Reserved", FT_NONE },
	[I6_OPT_PADDING] = { "icmpv6.opt.padding", "Padding", FT_NONE },
	[I6_OPT_LINKADDR] = { "icmpv6.opt.linkaddr", "Link-layer address", FT_BYTES, FB_COLON },
	[I6_OPT_SRC_LINKADDR] = { "icmpv6.opt.src_linkaddr", "Source link-layer address", FT_BYTES,
				  FB_COLON },
	[I6_OPT_TARGET_LINKADDR] = { "icmpv6.opt.target_linkaddr", "Target link-layer address",
				     FT_BYTES, FB_COLON },
	[I6_OPT_PREFIX_LENGTH] = { "icmpv6.opt.prefix.length", "Prefix length", FT_U8, FB_DEC },
	[I6_OPT_PREFIX_FLAG] = { "icmpv6.opt.prefix.flag", "Flags", FT_U8, FB_HEX },
	[I6_OPT_PREFIX_L] = { "icmpv6.opt.prefix.flag.l", "On-link", FT_BOOL, FB_NONE, 0x80 },
	[I6_OPT_PREFIX_A] = { "icmpv6.opt.prefix.flag.a", "Autonomous address configuration",
			      FT_BOOL, FB_NONE, 0x40 },
	[I6_OPT_PREFIX_R] = { "icmpv6.opt.prefix.flag.r", "Router address", FT_BOOL, FB_NONE,
			      0x20 },
	[I6_OPT_PREFIX_RSV] = { "icmpv6.opt.prefix.flag.reserved", "Reserved", FT_U8, FB_DEC,
				0x1f },
	[I6_OPT_PREFIX_VALID] = { "icmpv6.opt.prefix.valid_lifetime", "Valid lifetime (s)", FT_U32,
				  FB_DEC },
	[I6_OPT_PREFIX_PREFERRED] = { "icmpv6.opt.prefix.preferred_lifetime",
				      "Preferred lifetime (s)", FT_U32, FB_DEC },
	[I6_OPT_PREFIX] = { "icmpv6.opt.prefix", "Prefix", FT_IPV6 },
	[I6_OPT_REDIRECTED] = { "icmpv6.opt.redirected_packet", "Redirected packet", FT_NONE },
	[I6_OPT_MTU] = { "icmpv6.opt.mtu", "MTU", FT_U32, FB_DEC },
	[I6_OPT_ADV_INTERVAL] = { "icmpv6.opt.advertisement_interval",
				  "Advertisement interval (ms)", FT_U32, FB_DEC },
	[I6_OPT_HA_PREFERENCE] = { "icmpv6.opt.home_agent_preference", "Home agent preference",
				   FT_U16, FB_DEC },
	[I6_OPT_HA_LIFETIME] = { "icmpv6.opt.home_agent_lifetime", "Home agent lifetime (s)",
				 FT_U16, FB_DEC },
	[I6_OPT_NONCE] = { "icmpv6.opt.nonce", "Nonce", FT_BYTES },
	[I6_OPT_ROUTE_FLAG] = { "icmpv6.opt.route_info.flag", "Flags", FT_U8, FB_HEX },
	[I6_OPT_ROUTE_PRF] = { "icmpv6.opt.route_info.flag.route_preference", "Route preference",
			       FT_U8, FB_DEC, 0x18, .names = prf_names },
	[I6_OPT_ROUTE_RSV] = { "icmpv6.opt.route_info.flag.reserved", "Reserved", FT_U8, FB_DEC,
			       0xe7 },
	[I6_OPT_ROUTE_LIFETIME] = { "icmpv6.opt.route_lifetime", "Route lifetime (s)", FT_U32,
				    FB_DEC },
	[I6_OPT_RDNSS_LIFETIME] = { "icmpv6.opt.rdnss.lifetime", "Lifetime (s)", FT_U32, FB_DEC },
	[I6_OPT_RDNSS] = { "icmpv6.opt.rdnss", "Recursive DNS server", FT_IPV6 },
	[I6_OPT_DNSSL_LIFETIME] = { "icmpv6.opt.dnssl.lifetime", "Lifetime (s)", FT_U32, FB_DEC },
	[I6_OPT_DNSSL] = { "icmpv6.opt.dnssl", "Domain name", FT_STRING },
	[I6_OPT_CAPTIVE] = { "icmpv6.opt.captive_portal", "Captive portal", FT_STRING },
	[I6_OPT_PREF64_LIFETIME] = { "icmpv6.opt.pref64.scaled_lifetime",
				     "Scaled lifetime (units of 8 s)", FT_U16, FB_DEC, 0xfff8 },
	[I6_OPT_PREF64_PLC] = { "icmpv6.opt.pref64.plc", "Prefix length code", FT_U16, FB_HEX,
				0x0007, .names = plc_names },
	[I6_OPT_PREF64_PREFIX] = { "icmpv6.opt.pref64.prefix", "Prefix", FT_IPV6 },
};

/* Verified always, as Wireshark does: the checksum is not left to offloading cards. */
static void put_checksum_status(struct dis *d, const struct cur *c, u32 at)
{
	u32 len = c->end - at;

	if (!d_wants(d, I6_CHECKSUM_STATUS) && !d->plan->checksums)
		return;
	if (d->in_error || d->fragment || c->end < c->wire || d->ip_version != 6) {
		d_gen(d, I6_CHECKSUM_STATUS, 2);
	} else if (in_sum(c->base + at, len, d_pseudo_sum(d, 58, len)) == 0xffff) {
		d_gen(d, I6_CHECKSUM_STATUS, 1);
	} else {
		d_gen(d, I6_CHECKSUM_STATUS, 0);
		d_mark(d, MARK_CHECKSUM, at + 2, "wrong ICMPv6 checksum");
	}
}

static void read_error(struct dis *d, struct cur *c, u8 type)
{
	u32 quoted = 0;

	if (type == TOO_BIG) {
		d_be32(d, c, I6_MTU);
	} else if (type == PARAMETER_PROBLEM) {
		d_be32(d, c, I6_POINTER);
	} else if (cur_peek(c, 0) > 0) { /* RFC 4884 4.3: in units of 8 bytes */
		quoted = d_u8(d, c, I6_LENGTH) * 8u;
		d_bytes(d, c, I6_RESERVED, 3);
	} else {
		d_bytes(d, c, I6_RESERVED, 4);
	}
	if (c->fail == CUR_OK)
		icmp_quoted(d, c, quoted, 0x86dd);
}

static void read_advertisement(struct dis *d, struct cur *c)
{
	u8 flags;

	d_u8(d, c, I6_RA_HOP_LIMIT);
	flags = d_u8(d, c, I6_RA_FLAG);
	if (c->fail != CUR_OK)
		return;
	d_down(d);
	for (unsigned f = I6_RA_M; f <= I6_RA_RSV; f++)
		d_bits(d, f, c->at - 1, 1, flags);
	d_up(d);
	d_be16(d, c, I6_RA_LIFETIME);
	d_be32(d, c, I6_RA_REACHABLE);
	d_be32(d, c, I6_RA_RETRANS);
	icmpv6_options(d, c);
}

static void read_neighbour(struct dis *d, struct cur *c, u8 type)
{
	u32 at = c->at, flags;

	if (type == NEIGHBOUR_ADVERTISEMENT) {
		flags = d_be32(d, c, I6_NA_FLAG);
		if (c->fail != CUR_OK)
			return;
		d_down(d);
		for (unsigned f = I6_NA_R; f <= I6_NA_RSV; f++)
			d_bits(d, f, at, 4, flags);
		d_up(d);
		d_bytes(d, c, I6_NA_TARGET, 16);
	} else {
		d_bytes(d, c, I6_RESERVED, 4);
		if (type == NEIGHBOUR_SOLICITATION)
			d_bytes(d, c, I6_NS_TARGET, 16);
	}
	if (type == REDIRECT) {
		d_bytes(d, c, I6_RD_TARGET, 16);
		d_bytes(d, c, I6_RD_DEST, 16);
	}
	icmpv6_options(d, c);
}

static void read_mld(struct dis *d, struct cur *c, u8 type, bool v2)
{
	u16 n;
	u8 flags;

	d_be16(d, c, v2 ? I6_MLD_CODE : I6_MLD_DELAY);
	d_bytes(d, c, I6_RESERVED, 2);
	d_bytes(d, c, I6_MLD_ADDRESS, 16);
	if (!v2 || type != MLD_QUERY)
		return;
	flags = d_u8(d, c, I6_MLD_FLAG);
	if (c->fail != CUR_OK)
		return;
	d_down(d);
	for (unsigned f = I6_MLD_S; f <= I6_MLD_RSV; f++)
		d_bits(d, f, c->at - 1, 1, flags);
	d_up(d);
	d_u8(d, c, I6_MLD_QQI);
	n = d_be16(d, c, I6_MLD_NSOURCES);
	while (n-- > 0 && cur_need(c, 16))
		d_bytes(d, c, I6_MLD_SOURCE, 16);
}

static void read_report2(struct dis *d, struct cur *c)
{
	u16 records;

	d_bytes(d, c, I6_RESERVED, 2);
	records = d_be16(d, c, I6_MLDR_NRECORDS);
	while (records-- > 0 && cur_need(c, 20)) {
		u8 aux;
		u16 n;

		d_head(d, I6_MAR, c->at, 20);
		d_down(d);
		d_u8(d, c, I6_MAR_TYPE);
		aux = d_u8(d, c, I6_MAR_AUX_LEN);
		n = d_be16(d, c, I6_MAR_NSOURCES);
		d_bytes(d, c, I6_MAR_ADDRESS, 16);
		while (n-- > 0 && cur_need(c, 16))
			d_bytes(d, c, I6_MAR_SOURCE, 16);
		if (aux > 0)
			d_bytes(d, c, I6_MAR_AUX, aux * 4u);
		d_up(d);
	}
}

static void read_xecho(struct dis *d, struct cur *c, u8 type)
{
	u32 at;
	u8 bits;

	d_be16(d, c, I6_IDENT);
	d_u8(d, c, I6_XSEQ);
	at = c->at;
	bits = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	if (type == XECHO) {
		d_bits(d, I6_XREQ_RES, at, 1, bits);
		d_bits(d, I6_XREQ_LOCAL, at, 1, bits);
		if (cur_left(c) > 0)
			d_try(d, TBL_INNER, INNER_ICMP_EXT, *c);
		return;
	}
	for (unsigned f = I6_XRSP_STATE; f <= I6_XRSP_IPV6; f++)
		d_bits(d, f, at, 1, bits);
	d_data(d, *c);
}

static void read_body(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case UNREACHABLE:
	case TOO_BIG:
	case TIME_EXCEEDED:
	case PARAMETER_PROBLEM: read_error(d, c, type); break;
	case ECHO:
	case ECHO_REPLY:
		d_be16(d, c, I6_IDENT);
		d_be16(d, c, I6_SEQ);
		if (c->fail == CUR_OK)
			d_data(d, *c);
		break;
	case MLD_QUERY: /* RFC 3810 8.1: 24 bytes and no more are version 1 */
		read_mld(d, c, type, cur_wire_left(c) > 20);
		break;
	case MLD_REPORT:
	case MLD_DONE: read_mld(d, c, type, false); break;
	case MLD_REPORT2: read_report2(d, c); break;
	case ROUTER_ADVERTISEMENT: read_advertisement(d, c); break;
	case ROUTER_SOLICITATION:
	case NEIGHBOUR_SOLICITATION:
	case NEIGHBOUR_ADVERTISEMENT:
	case REDIRECT: read_neighbour(d, c, type); break;
	case XECHO:
	case XECHO_REPLY: read_xecho(d, c, type); break;
	default: d_rest(d, c, I6_DATA);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 type = d_u8(d, c, I6_TYPE);

	d_u8(d, c, I6_CODE);
	d_be16(d, c, I6_CHECKSUM);
	if (c->fail != CUR_OK)
		return;
	put_checksum_status(d, c, at);
	read_body(d, c, type);
}

static const struct vstr *code_names(u8 type)
{
	switch (type) {
	case UNREACHABLE: return unreachable_names;
	case TIME_EXCEEDED: return exceeded_names;
	case PARAMETER_PROBLEM: return problem_names;
	}
	return NULL;
}

static void put_addr(struct txt *t, const char *before, const struct val *v)
{
	if (v != NULL) {
		txt_puts(t, before);
		txt_ip6(t, v->p);
	}
}

/* "Echo request id 0x0007 seq 1", "Neighbour solicitation for fe80::1" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u8 type = (u8)pkt_get_u(k, l, I6_TYPE, 255);
	const char *name = vstr_name(type_names, type);
	const struct val *v;

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Type %u", type);
	v = pkt_get(k, l, I6_CODE);
	name = v != NULL ? vstr_name(code_names(type), v->u) : NULL;
	if (name != NULL) {
		txt_puts(t, type == TIME_EXCEEDED ? " " : ": ");
		txt_puts(t, name);
	}
	if ((v = pkt_get(k, l, I6_MTU)) != NULL)
		txt_printf(t, ", MTU %llu", (unsigned long long)v->u);
	if ((v = pkt_get(k, l, I6_IDENT)) != NULL) {
		txt_puts(t, " id 0x");
		txt_hex(t, v->u, 4);
	}
	if ((v = pkt_get(k, l, I6_SEQ)) != NULL || (v = pkt_get(k, l, I6_XSEQ)) != NULL) {
		txt_puts(t, " seq ");
		txt_u64(t, v->u);
	}
	put_addr(t, " for ", pkt_get(k, l, I6_NS_TARGET));
	put_addr(t, " ", pkt_get(k, l, I6_NA_TARGET));
	put_addr(t, " to ", pkt_get(k, l, I6_RD_TARGET));
	put_addr(t, " ", pkt_get(k, l, I6_MLD_ADDRESS));
	if ((v = pkt_get(k, l, I6_MLDR_NRECORDS)) != NULL)
		txt_printf(t, ", %llu groups", (unsigned long long)v->u);
	if ((v = pkt_get(k, l, I6_OPT_PREFIX)) != NULL) {
		put_addr(t, " prefix ", v);
		txt_printf(t, "/%llu",
			   (unsigned long long)pkt_get_u(k, l, I6_OPT_PREFIX_LENGTH, 0));
	}
}

static const u16 info_wants[] = { I6_TYPE,
				  I6_CODE,
				  I6_MTU,
				  I6_IDENT,
				  I6_SEQ,
				  I6_XSEQ,
				  I6_NS_TARGET,
				  I6_NA_TARGET,
				  I6_RD_TARGET,
				  I6_MLD_ADDRESS,
				  I6_MLDR_NRECORDS,
				  I6_OPT_PREFIX,
				  I6_OPT_PREFIX_LENGTH,
				  FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 58 } };

const struct proto proto_icmpv6 = {
	.name = "icmpv6",
	.title = "Internet Control Message Protocol v6",
	.abbrev = "ICMPv6",
	.flags = PROTO_WHOLE,
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
