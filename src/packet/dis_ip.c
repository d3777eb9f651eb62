/* IPv4 (RFC 791, RFC 2474, RFC 3168). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+-----------+---+-------------------------------+
 *  |version|  IHL  |    DSCP   |ECN|          total length         |
 *  +-------+-------+-----------+---+-+-+-+-------------------------+
 *  |         identification        |0|D|M|     fragment offset     |
 *  +---------------+---------------+-+-+-+-------------------------+
 *  | time to live  |   protocol    |        header checksum        |
 *  +---------------+---------------+-------------------------------+
 *  |                         source address                        |
 *  +---------------------------------------------------------------+
 *  |                       destination address                     |
 *  +---------------------------------------------------------------+
 *  |                    options, padded to 32 bits                 |
 *  +---------------------------------------------------------------+ */
#include "packet/ip.h"

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const struct vstr ecn_names[] = {
	{ 0, "Not-ECT" }, { 1, "ECT(1)" }, { 2, "ECT(0)" }, { 3, "CE" }, { 0, NULL }
};
static const struct vstr dscp_names[] = {
	{ 0, "CS0" },	{ 1, "LE" },	{ 8, "CS1" },	{ 10, "AF11" }, { 12, "AF12" },
	{ 14, "AF13" }, { 16, "CS2" },	{ 18, "AF21" }, { 20, "AF22" }, { 22, "AF23" },
	{ 24, "CS3" },	{ 26, "AF31" }, { 28, "AF32" }, { 30, "AF33" }, { 32, "CS4" },
	{ 34, "AF41" }, { 36, "AF42" }, { 38, "AF43" }, { 40, "CS5" },	{ 44, "VOICE-ADMIT" },
	{ 46, "EF" },	{ 48, "CS6" },	{ 56, "CS7" },	{ 0, NULL }
};
static const struct vstr proto_names[] = {
	{ 0, "IPv6 hop-by-hop options" },
	{ 1, "ICMP" },
	{ 2, "IGMP" },
	{ 4, "IPv4 in IP" },
	{ 6, "TCP" },
	{ 17, "UDP" },
	{ 41, "IPv6 in IP" },
	{ 43, "IPv6 routing" },
	{ 44, "IPv6 fragment" },
	{ 46, "RSVP" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ 51, "AH" },
	{ 58, "ICMPv6" },
	{ 59, "No next header" },
	{ 60, "IPv6 destination options" },
	{ 88, "EIGRP" },
	{ 89, "OSPF" },
	{ 103, "PIM" },
	{ 112, "VRRP" },
	{ 132, "SCTP" },
	{ 136, "UDP-Lite" },
	{ 137, "MPLS in IP" },
	{ 0, NULL },
};
static const struct vstr option_names[] = {
	{ 0, "End of options" },
	{ 1, "No operation" },
	{ 7, "Record route" },
	{ 11, "MTU probe" },
	{ 12, "MTU reply" },
	{ 25, "Quick-Start" },
	{ 68, "Timestamp" },
	{ 82, "Traceroute" },
	{ 130, "Security" },
	{ 131, "Loose source route" },
	{ 133, "Extended security" },
	{ 134, "Commercial security" },
	{ 136, "Stream identifier" },
	{ 137, "Strict source route" },
	{ 148, "Router alert" },
	{ 149, "Selective directed broadcast" },
	{ 0, NULL },
};
static const struct vstr class_names[] = { { 0, "Control" },
					   { 2, "Debugging and measurement" },
					   { 0, NULL } };
static const struct vstr ts_names[] = {
	{ 0, "Timestamps only" },
	{ 1, "Timestamps and addresses" },
	{ 3, "Timestamps of prespecified addresses" },
	{ 0, NULL },
};
static const u16 any_addr[] = { IP_SRC, IP_DST, FIELD_END };

static const struct field fields[] = {
	[IP_VERSION] = { "ip.version", "Version", FT_U8, FB_DEC, 0xf0 },
	[IP_HDR_LEN] = { "ip.hdr_len", "Header length", FT_U8, FB_DEC },
	[IP_DSFIELD] = { "ip.dsfield", "Differentiated services field", FT_U8, FB_HEX },
	[IP_DSCP] = { "ip.dsfield.dscp", "Differentiated services codepoint", FT_U8, FB_DEC, 0xfc,
		      .names = dscp_names },
	[IP_ECN] = { "ip.dsfield.ecn", "Explicit congestion notification", FT_U8, FB_DEC, 0x03,
		     .names = ecn_names },
	[IP_LEN] = { "ip.len", "Total length", FT_U16, FB_DEC },
	[IP_ID] = { "ip.id", "Identification", FT_U16, FB_HEX_DEC },
	[IP_FLAGS] = { "ip.flags", "Flags", FT_U8, FB_HEX, 0xe0 },
	[IP_RB] = { "ip.flags.rb", "Reserved bit", FT_BOOL, FB_NONE, 0x80 },
	[IP_DF] = { "ip.flags.df", "Don't fragment", FT_BOOL, FB_NONE, 0x40 },
	[IP_MF] = { "ip.flags.mf", "More fragments", FT_BOOL, FB_NONE, 0x20 },
	[IP_FRAG_OFFSET] = { "ip.frag_offset", "Fragment offset in units of 8 bytes", FT_U16,
			     FB_DEC, 0x1fff },
	[IP_TTL] = { "ip.ttl", "Time to live", FT_U8, FB_DEC },
	[IP_PROTO] = { "ip.proto", "Protocol", FT_U8, FB_DEC, .names = proto_names },
	[IP_CHECKSUM] = { "ip.checksum", "Header checksum", FT_U16, FB_HEX },
	[IP_CHECKSUM_STATUS] = { "ip.checksum.status", "Header checksum status", FT_U8, FB_DEC,
				 .names = status_names },
	[IP_SRC] = { "ip.src", "Source address", FT_IPV4 },
	[IP_DST] = { "ip.dst", "Destination address", FT_IPV4 },
	[IP_ADDR] = { "ip.addr", "Source or destination address", FT_IPV4, .any = any_addr },
	[IP_OPT_TYPE] = { "ip.opt.type", "Option", FT_U8, FB_DEC, .names = option_names },
	[IP_OPT_COPY] = { "ip.opt.type.copy", "Copy on fragmentation", FT_BOOL, FB_NONE, 0x80 },
	[IP_OPT_CLASS] = { "ip.opt.type.class", "Class", FT_U8, FB_DEC, 0x60,
			   .names = class_names },
	[IP_OPT_NUMBER] = { "ip.opt.type.number", "Number", FT_U8, FB_DEC, 0x1f },
	[IP_OPT_LEN] = { "ip.opt.len", "Length", FT_U8, FB_DEC },
	[IP_OPT_PTR] = { "ip.opt.ptr", "Pointer", FT_U8, FB_DEC },
	[IP_REC_RT] = { "ip.rec_rt", "Recorded route", FT_IPV4 },
	[IP_EMPTY_RT] = { "ip.empty_rt", "Empty route", FT_IPV4 },
	[IP_CUR_RT] = { "ip.cur_rt", "Current route", FT_IPV4 },
	[IP_SRC_RT] = { "ip.src_rt", "Source route", FT_IPV4 },
	[IP_OPT_OVERFLOW] = { "ip.opt.overflow", "Overflow", FT_U8, FB_DEC, 0xf0 },
	[IP_OPT_FLAG] = { "ip.opt.flag", "Flag", FT_U8, FB_HEX, 0x0f, .names = ts_names },
	[IP_OPT_TS] = { "ip.opt.time_stamp", "Timestamp", FT_U32, FB_DEC },
	[IP_OPT_TS_ADDR] = { "ip.opt.time_stamp_addr", "Address", FT_IPV4 },
	[IP_OPT_SEC_SEC] = { "ip.opt.sec_rfc791_sec", "Security", FT_U16, FB_HEX },
	[IP_OPT_SEC_COMP] = { "ip.opt.sec_rfc791_comp", "Compartments", FT_U16, FB_DEC },
	[IP_OPT_SEC_HR] = { "ip.opt.sec_rfc791_hr", "Handling restrictions", FT_STRING },
	[IP_OPT_SEC_TCC] = { "ip.opt.sec_rfc791_tcc", "Transmission control code", FT_STRING },
	[IP_OPT_SEC_CL] = { "ip.opt.sec_cl", "Classification level", FT_U8, FB_HEX },
	[IP_OPT_SEC_FLAGS] = { "ip.opt.sec_prot_auth_flags", "Protection authority flags", FT_U8,
			       FB_HEX },
	[IP_OPT_SEC_GENSER] = { "ip.opt.sec_prot_auth_genser", "GENSER", FT_BOOL, FB_NONE, 0x80 },
	[IP_OPT_SEC_SIOP] = { "ip.opt.sec_prot_auth_siop_esi", "SIOP-ESI", FT_BOOL, FB_NONE, 0x40 },
	[IP_OPT_SEC_SCI] = { "ip.opt.sec_prot_auth_sci", "SCI", FT_BOOL, FB_NONE, 0x20 },
	[IP_OPT_SEC_NSA] = { "ip.opt.sec_prot_auth_nsa", "NSA", FT_BOOL, FB_NONE, 0x10 },
	[IP_OPT_SEC_DOE] = { "ip.opt.sec_prot_auth_doe", "DOE", FT_BOOL, FB_NONE, 0x08 },
	[IP_OPT_SEC_UNASSIGNED] = { "ip.opt.sec_prot_auth_unassigned", "Unassigned", FT_U8, FB_HEX,
				    0x06 },
	[IP_OPT_SEC_FTI] = { "ip.opt.sec_prot_auth_fti", "Field termination indicator", FT_BOOL,
			     FB_NONE, 0x01 },
	[IP_OPT_EXT_SEC_CODE] = { "ip.opt.ext_sec_add_sec_info_format_code",
				  "Additional security information format code", FT_U8, FB_HEX },
	[IP_OPT_EXT_SEC_INFO] = { "ip.opt.ext_sec_add_sec_info", "Additional security information",
				  FT_BYTES },
	[IP_CIPSO_DOI] = { "ip.cipso.doi", "Domain of interpretation", FT_U32, FB_DEC },
	[IP_CIPSO_TAG_TYPE] = { "ip.cipso.tag_type", "Tag type", FT_U8, FB_DEC },
	[IP_CIPSO_LEVEL] = { "ip.cipso.sensitivity_level", "Sensitivity level", FT_U8, FB_DEC },
	[IP_OPT_SID] = { "ip.opt.sid", "Stream identifier", FT_U16, FB_DEC },
	[IP_OPT_ID_NUMBER] = { "ip.opt.id_number", "ID number", FT_U16, FB_DEC },
	[IP_OPT_OHC] = { "ip.opt.ohc", "Outbound hop count", FT_U16, FB_DEC },
	[IP_OPT_RHC] = { "ip.opt.rhc", "Return hop count", FT_U16, FB_DEC },
	[IP_OPT_ORIGINATOR] = { "ip.opt.originator", "Originator's address", FT_IPV4 },
	[IP_OPT_MTU] = { "ip.opt.mtu", "MTU", FT_U16, FB_DEC },
	[IP_OPT_RA] = { "ip.opt.ra", "Router alert", FT_U16, FB_DEC },
	[IP_OPT_ADDR] = { "ip.opt.addr", "Address", FT_IPV4 },
	[IP_OPT_QS_FUNC] = { "ip.opt.qs_func", "Function", FT_U8, FB_DEC, 0xf0 },
	[IP_OPT_QS_RATE] = { "ip.opt.qs_rate", "Rate", FT_U8, FB_DEC, 0x0f },
	[IP_OPT_QS_TTL] = { "ip.opt.qs_ttl", "QS TTL", FT_U8, FB_DEC },
	[IP_OPT_QS_TTL_DIFF] = { "ip.opt.qs_ttl_diff", "TTL difference", FT_U8, FB_DEC },
	[IP_OPT_QS_UNUSED] = { "ip.opt.qs_unused", "Not used", FT_U8, FB_DEC },
	[IP_OPT_QS_NONCE] = { "ip.opt.qs_nonce", "QS nonce", FT_U32, FB_HEX, 0xfffffffc },
	[IP_OPT_QS_RESERVED] = { "ip.opt.qs_reserved", "Reserved", FT_U32, FB_HEX, 0x3 },
	[IP_OPT_UNKNOWN] = { "tapdeck.ip.opt.unknown", "Unknown option", FT_BYTES },
};

static void put_flags(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 frag = cur_be16(c);
	u8 flags = (u8)(frag >> 8);

	if (c->at != at + 2)
		return;
	d_bits(d, IP_FLAGS, at, 1, flags);
	d_down(d);
	d_bits(d, IP_RB, at, 1, flags);
	d_bits(d, IP_DF, at, 1, flags);
	d_bits(d, IP_MF, at, 1, flags);
	d_up(d);
	d_bits(d, IP_FRAG_OFFSET, at, 2, frag);
}

/* The header's values up to the addresses. c is a copy: it may end anywhere. */
static void put_header(struct dis *d, struct cur c, u8 status)
{
	u32 at = c.at, hdr_len;
	u8 first = cur_u8(&c), tos;
	bool routed = false;
	struct cur opts;
	u16 total;

	if (c.fail != CUR_OK)
		return;
	hdr_len = (first & 15) * 4u;
	d_bits(d, IP_VERSION, at, 1, first);
	if (first >> 4 != 4)
		return;
	d_u(d, IP_HDR_LEN, at, 1, hdr_len);
	if (hdr_len < 20)
		return;
	tos = d_u8(d, &c, IP_DSFIELD);
	if (c.fail != CUR_OK)
		return;
	d_down(d);
	d_bits(d, IP_DSCP, at + 1, 1, tos);
	d_bits(d, IP_ECN, at + 1, 1, tos);
	d_up(d);
	total = d_be16(d, &c, IP_LEN);
	if (total != 0 && total < hdr_len)
		return;
	d_be16(d, &c, IP_ID);
	put_flags(d, &c);
	d_u8(d, &c, IP_TTL);
	d_u8(d, &c, IP_PROTO);
	d_be16(d, &c, IP_CHECKSUM);
	if (c.fail == CUR_OK)
		d_gen(d, IP_CHECKSUM_STATUS, status);
	d_be32(d, &c, IP_SRC);
	if (hdr_len > 20) {
		opts = c;
		cur_skip(&opts, 4);
		cur_limit(&opts, hdr_len - 20);
		routed = ip_final_destination(opts) != 0;
	}
	d_be32(d, &c, routed ? IP_CUR_RT : IP_DST);
}

static u8 check_sum(struct dis *d, const struct cur *c, u32 at)
{
	u32 hdr_len = (c->base[at] & 15) * 4u;

	if (!d->plan->checksums || d->in_error || c->end - at < hdr_len)
		return 2;
	if (in_sum(c->base + at, hdr_len, 0) == 0xffff)
		return 1;
	d_mark(d, MARK_CHECKSUM, at + 10, "wrong IPv4 header checksum");
	return 0;
}

/* Everything behind the header: bounded by the total length. */
static void hand_on(struct dis *d, struct cur *c, u16 frag, u8 proto)
{
	u8 fragment = d->fragment;

	d_packet_end(d, c->wire);
	if (UNLIKELY((frag & 0x1fff) != 0)) {
		if (!d->in_error)
			d->k->facts.frag = 1;
		d_data(d, *c);
		return;
	}
	d->l4 = proto;
	d->fragment = fragment || (frag & 0x2000) != 0;
	d_next(d, TBL_IPPROTO, proto, *c);
	d->fragment = fragment;
}

/* False where the header's version or lengths make no sense: nothing in it can be trusted then. */
static bool limit(struct dis *d, struct cur *c, u32 at, u32 hdr_len, u32 total)
{
	if (UNLIKELY(c->base[at] >> 4 != 4)) {
		d_mark(d, MARK_VALUE, at, "the version of an IPv4 header is not 4");
		return false;
	}
	if (UNLIKELY(hdr_len < 20)) {
		d_mark(d, MARK_LENGTH, at, "the IPv4 header length is below 20");
		return false;
	}
	if (UNLIKELY(total < hdr_len)) {
		if (total == 0) /* segmentation offload leaves it 0: take what is there */
			return true;
		d_mark(d, MARK_LENGTH, at + 2, "the IPv4 total length is below the header's");
		return false;
	}
	if (UNLIKELY(total > c->wire - at))
		d_mark(d, MARK_LENGTH, at + 2, "the IPv4 total length is more than the packet has");
	else if (total < c->wire - at) {
		c->wire = at + total;
		c->end = MIN(c->end, c->wire);
	}
	return true;
}

/* The options and what they change. False where they are not all there. */
static bool read_options(struct dis *d, struct cur *c, u32 len, u8 ttl)
{
	struct cur opts = *c;
	u32 final;

	if (!cur_limit(&opts, len))
		opts.wire = c->wire;
	final = ip_final_destination(opts);
	if (final != 0) {
		d->ip_dst = c->base + final;
		if (!d->in_error)
			d->k->facts.dst = d->ip_dst;
	}
	if (d_any(d) || d->plan->marks)
		ip_options(d, &opts, ttl);
	if (!cur_need(c, len))
		return false;
	c->at += len;
	return true;
}

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	const u8 *p = c->base + c->at;
	u32 at = c->at, hdr_len;

	if (UNLIKELY(cur_left(c) < 20)) {
		put_header(d, *c, 2);
		cur_need(c, 20);
		return;
	}
	if (UNLIKELY(d_any(d) || d->plan->checksums))
		put_header(d, *c, check_sum(d, c, at));
	hdr_len = (p[0] & 15) * 4u;
	if (!limit(d, c, at, hdr_len, load_be16(p + 2)))
		return;
	d->ip_version = 4;
	d->ip_src = p + 12;
	d->ip_dst = p + 16;
	if (!d->in_error) {
		x->net = 4;
		x->src = d->ip_src;
		x->dst = d->ip_dst;
		x->l4 = 0;
		x->frag = 0;
		x->ttl = p[8];
		x->ip_id = load_be16(p + 4);
	}
	c->at = at + 20;
	if (UNLIKELY(hdr_len > 20) && !read_options(d, c, hdr_len - 20, p[8]))
		return;
	hand_on(d, c, load_be16(p + 6), p[9]);
}

/* From the header's own bytes, as it is hardly ever the innermost: so a list of packets need not
 * keep four values of each. */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	struct cur c = { .base = k->frame->data, .at = l->off, .end = l->end };
	u16 id, frag;
	const char *name;
	u8 proto;

	cur_skip(&c, 4);
	id = cur_be16(&c);
	frag = cur_be16(&c);
	cur_skip(&c, 1);
	proto = cur_u8(&c);
	name = vstr_name(proto_names, proto);
	if ((frag & 0x3fff) != 0) {
		txt_puts(t, "Fragment at ");
		txt_u64(t, (frag & 0x1fff) * 8u);
		txt_puts(t, frag & 0x2000 ? " id 0x" : " (last) id 0x");
		txt_hex(t, id, 4);
		txt_puts(t, ", ");
	}
	if (name != NULL) {
		txt_puts(t, name);
	} else {
		txt_puts(t, "protocol ");
		txt_u64(t, proto);
	}
}

static const struct claim claims[] = {
	{ TBL_ETHERTYPE, 0x0800 },
	{ TBL_IPPROTO, 4 },
	{ TBL_PPP, 0x0021 },
	{ TBL_LINK, 228 },
};

const struct proto proto_ip = {
	.name = "ip",
	.title = "Internet Protocol Version 4",
	.abbrev = "IPv4",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
