/* IPv6 (RFC 8200), its fields and those of its extension headers. */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-----------+---+---------------------------------------+
 *  |version|    DSCP   |ECN|              flow label               |
 *  +-------+-----------+---+-------+---------------+---------------+
 *  |        payload length         |  next header  |   hop limit   |
 *  +-------------------------------+---------------+---------------+
 *  |                   source address (16 bytes)                   |
 *  +---------------------------------------------------------------+
 *  |                destination address (16 bytes)                 |
 *  +---------------------------------------------------------------+ */
#include "packet/ipv6.h"

const struct vstr ipv6_next_names[] = {
	{ 0, "Hop-by-hop options" },
	{ 4, "IPv4 in IPv6" },
	{ 6, "TCP" },
	{ 17, "UDP" },
	{ 41, "IPv6 in IPv6" },
	{ 43, "Routing" },
	{ 44, "Fragment" },
	{ 46, "RSVP" },
	{ 47, "GRE" },
	{ 50, "ESP" },
	{ 51, "AH" },
	{ 58, "ICMPv6" },
	{ 59, "No next header" },
	{ 60, "Destination options" },
	{ 88, "EIGRP" },
	{ 89, "OSPF" },
	{ 103, "PIM" },
	{ 112, "VRRP" },
	{ 132, "SCTP" },
	{ 135, "Mobility" },
	{ 136, "UDP-Lite" },
	{ 137, "MPLS in IPv6" },
	{ 143, "Ethernet" },
	{ 0, NULL },
};
static const struct vstr ecn_names[] = {
	{ 0, "Not-ECT" }, { 1, "ECT(1)" }, { 2, "ECT(0)" }, { 3, "CE" }, { 0, NULL }
};
static const struct vstr option_names[] = {
	{ 0x00, "Pad1" },
	{ 0x01, "PadN" },
	{ 0x04, "Tunnel encapsulation limit" },
	{ 0x05, "Router alert" },
	{ 0x0f, "Performance and diagnostic metrics" },
	{ 0x23, "RPL" },
	{ 0x26, "Quick-Start" },
	{ 0x30, "Minimum path MTU" },
	{ 0x63, "RPL (old)" },
	{ 0xc2, "Jumbo payload" },
	{ 0xc9, "Home address" },
	{ 0, NULL },
};
static const struct vstr action_names[] = { { 0, "skip and continue" },
					    { 1, "discard" },
					    { 2, "discard, send ICMP" },
					    { 3, "discard, send ICMP unless multicast" },
					    { 0, NULL } };
static const struct vstr alert_names[] = {
	{ 0, "MLD" }, { 1, "RSVP" }, { 2, "Active networks" }, { 0, NULL }
};
static const struct vstr routing_names[] = { { 0, "Source route (deprecated)" },
					     { 2, "Mobile IPv6" },
					     { 3, "RPL source route" },
					     { 4, "Segment routing" },
					     { 0, NULL } };
static const u16 any_addr[] = { IP6_SRC, IP6_DST, FIELD_END };
static const u16 any_slaac[] = { IP6_SRC_SLAAC, IP6_DST_SLAAC, FIELD_END };

static const struct field fields[] = {
	[IP6_VERSION] = { "ipv6.version", "Version", FT_U8, FB_DEC, 0xf0 },
	[IP6_TCLASS] = { "ipv6.tclass", "Traffic class", FT_U32, FB_HEX, 0x0ff00000 },
	[IP6_DSCP] = { "ipv6.tclass.dscp", "Differentiated services codepoint", FT_U32, FB_DEC,
		       0x0fc00000 },
	[IP6_ECN] = { "ipv6.tclass.ecn", "Explicit congestion notification", FT_U32, FB_DEC,
		      0x00300000, .names = ecn_names },
	[IP6_FLOW] = { "ipv6.flow", "Flow label", FT_U24, FB_HEX, 0x000fffff, .width = 32 },
	[IP6_PLEN] = { "ipv6.plen", "Payload length", FT_U16, FB_DEC },
	[IP6_NXT] = { "ipv6.nxt", "Next header", FT_U8, FB_DEC, .names = ipv6_next_names },
	[IP6_HLIM] = { "ipv6.hlim", "Hop limit", FT_U8, FB_DEC },
	[IP6_SRC] = { "ipv6.src", "Source address", FT_IPV6 },
	[IP6_SRC_SLAAC] = { "ipv6.src_slaac_mac", "MAC address in the source address", FT_ETHER },
	[IP6_DST] = { "ipv6.dst", "Destination address", FT_IPV6 },
	[IP6_DST_SLAAC] = { "ipv6.dst_slaac_mac", "MAC address in the destination address",
			    FT_ETHER },
	[IP6_ADDR] = { "ipv6.addr", "Source or destination address", FT_IPV6, .any = any_addr },
	[IP6_SLAAC] = { "ipv6.slaac_mac", "MAC address in an address", FT_ETHER, .any = any_slaac },
	[IP6_HOPOPTS_NXT] = { "ipv6.hopopts.nxt", "Next header", FT_U8, FB_DEC,
			      .names = ipv6_next_names },
	[IP6_HOPOPTS_LEN] = { "ipv6.hopopts.len", "Length in units of 8, less 1", FT_U8, FB_DEC },
	[IP6_HOPOPTS_LEN_OCT] = { "ipv6.hopopts.len_oct", "Length in bytes", FT_U16, FB_DEC },
	[IP6_DSTOPTS_NXT] = { "ipv6.dstopts.nxt", "Next header", FT_U8, FB_DEC,
			      .names = ipv6_next_names },
	[IP6_DSTOPTS_LEN] = { "ipv6.dstopts.len", "Length in units of 8, less 1", FT_U8, FB_DEC },
	[IP6_DSTOPTS_LEN_OCT] = { "ipv6.dstopts.len_oct", "Length in bytes", FT_U16, FB_DEC },
	[IP6_OPT] = { "ipv6.opt", "Option", FT_NONE },
	[IP6_OPT_TYPE] = { "ipv6.opt.type", "Type", FT_U8, FB_HEX, .names = option_names },
	[IP6_OPT_ACTION] = { "ipv6.opt.type.action", "Where unknown", FT_U8, FB_DEC, 0xc0,
			     .names = action_names },
	[IP6_OPT_CHANGE] = { "ipv6.opt.type.change", "May change", FT_BOOL, FB_NONE, 0x20,
			     .on = "Yes", .off = "No" },
	[IP6_OPT_REST] = { "ipv6.opt.type.rest", "Low-order bits", FT_U8, FB_HEX, 0x1f },
	[IP6_OPT_LENGTH] = { "ipv6.opt.length", "Length", FT_U8, FB_DEC },
	[IP6_OPT_PAD1] = { "ipv6.opt.pad1", "Pad1", FT_NONE },
	[IP6_OPT_PADN] = { "ipv6.opt.padn", "Padding", FT_BYTES, FB_MAY_BE_EMPTY },
	[IP6_OPT_TEL] = { "ipv6.opt.tel", "Tunnel encapsulation limit", FT_U8, FB_DEC },
	[IP6_OPT_ROUTER_ALERT] = { "ipv6.opt.router_alert", "Router alert", FT_U16, FB_DEC,
				   .names = alert_names },
	[IP6_OPT_JUMBO] = { "ipv6.opt.jumbo", "Jumbo payload length", FT_U32, FB_DEC },
	[IP6_OPT_HOME_ADDRESS] = { "ipv6.opt.mipv6.home_address", "Home address", FT_IPV6 },
	[IP6_OPT_PMTU_MIN] = { "ipv6.opt.pmtu.min", "Minimum reported path MTU", FT_U16, FB_DEC },
	[IP6_OPT_PMTU_RTN] = { "ipv6.opt.pmtu.rtn", "Returned minimum path MTU", FT_U16, FB_DEC },
	[IP6_OPT_PMTU_R] = { "ipv6.opt.pmtu.r_flag", "Return flag", FT_BOOL },
	[IP6_OPT_PDM_SCALE_LR] = { "ipv6.opt.pdm.scale_dtlr", "Scale of delta last received", FT_U8,
				   FB_DEC },
	[IP6_OPT_PDM_SCALE_LS] = { "ipv6.opt.pdm.scale_dtls", "Scale of delta last sent", FT_U8,
				   FB_DEC },
	[IP6_OPT_PDM_PSN_THIS] = { "ipv6.opt.pdm.psn_this_pkt", "Sequence number of this packet",
				   FT_U16, FB_DEC },
	[IP6_OPT_PDM_PSN_LAST] = { "ipv6.opt.pdm.psn_last_recv", "Sequence number last received",
				   FT_U16, FB_DEC },
	[IP6_OPT_PDM_DELTA_LR] = { "ipv6.opt.pdm.delta_last_recv", "Delta time last received",
				   FT_U16, FB_DEC },
	[IP6_OPT_PDM_DELTA_LS] = { "ipv6.opt.pdm.delta_last_sent", "Delta time last sent", FT_U16,
				   FB_DEC },
	[IP6_OPT_RPL_FLAG] = { "ipv6.opt.rpl.flag", "Flags", FT_U8, FB_HEX },
	[IP6_OPT_RPL_O] = { "ipv6.opt.rpl.flag.o", "Down", FT_BOOL, FB_NONE, 0x80 },
	[IP6_OPT_RPL_R] = { "ipv6.opt.rpl.flag.r", "Rank error", FT_BOOL, FB_NONE, 0x40 },
	[IP6_OPT_RPL_F] = { "ipv6.opt.rpl.flag.f", "Forwarding error", FT_BOOL, FB_NONE, 0x20 },
	[IP6_OPT_RPL_RSV] = { "ipv6.opt.rpl.flag.rsv", "Reserved", FT_U8, FB_HEX, 0x1f },
	[IP6_OPT_RPL_INSTANCE] = { "ipv6.opt.rpl.instance_id", "Instance", FT_U8, FB_HEX },
	[IP6_OPT_RPL_RANK] = { "ipv6.opt.rpl.sender_rank", "Sender's rank", FT_U16, FB_HEX },
	[IP6_OPT_QS_FUNC] = { "ipv6.opt.qs_func", "Function", FT_U8, FB_DEC, 0xf0 },
	[IP6_OPT_QS_RATE] = { "ipv6.opt.qs_rate", "Rate", FT_U8, FB_DEC, 0x0f },
	[IP6_OPT_QS_TTL] = { "ipv6.opt.qs_ttl", "QS TTL", FT_U8, FB_DEC },
	[IP6_OPT_QS_UNUSED] = { "ipv6.opt.qs_unused", "Not used", FT_U8, FB_DEC },
	[IP6_OPT_QS_NONCE] = { "ipv6.opt.qs_nonce", "QS nonce", FT_U32, FB_HEX, 0xfffffffc },
	[IP6_OPT_QS_RESERVED] = { "ipv6.opt.qs_reserved", "Reserved", FT_U32, FB_HEX, 0x3 },
	[IP6_OPT_EXPERIMENTAL] = { "ipv6.opt.experimental", "Experimental option", FT_BYTES },
	[IP6_OPT_UNKNOWN] = { "ipv6.opt.unknown", "Unknown option's data", FT_BYTES },
	[IP6_RT_NXT] = { "ipv6.routing.nxt", "Next header", FT_U8, FB_DEC,
			 .names = ipv6_next_names },
	[IP6_RT_LEN] = { "ipv6.routing.len", "Length in units of 8, less 1", FT_U8, FB_DEC },
	[IP6_RT_LEN_OCT] = { "ipv6.routing.len_oct", "Length in bytes", FT_U16, FB_DEC },
	[IP6_RT_TYPE] = { "ipv6.routing.type", "Type", FT_U8, FB_DEC, .names = routing_names },
	[IP6_RT_SEGLEFT] = { "ipv6.routing.segleft", "Segments left", FT_U8, FB_DEC },
	[IP6_RT_SRC_RESERVED] = { "ipv6.routing.src.reserved", "Reserved", FT_BYTES },
	[IP6_RT_SRC_ADDR] = { "ipv6.routing.src.addr", "Address", FT_IPV6 },
	[IP6_RT_MIP_RESERVED] = { "ipv6.routing.mipv6.reserved", "Reserved", FT_BYTES },
	[IP6_RT_MIP_HOME] = { "ipv6.routing.mipv6.home_address", "Home address", FT_IPV6 },
	[IP6_RT_SRH_LAST] = { "ipv6.routing.srh.last_entry", "Last entry", FT_U8, FB_DEC },
	[IP6_RT_SRH_FLAGS] = { "ipv6.routing.srh.flags", "Flags", FT_U8, FB_HEX },
	[IP6_RT_SRH_TAG] = { "ipv6.routing.srh.tag", "Tag", FT_BYTES },
	[IP6_RT_SRH_ADDR] = { "ipv6.routing.srh.addr", "Segment", FT_IPV6 },
	[IP6_RT_UNKNOWN] = { "ipv6.routing.unknown_data", "Type-specific data", FT_BYTES },
	[IP6_FRAG_NXT] = { "ipv6.fraghdr.nxt", "Next header", FT_U8, FB_DEC,
			   .names = ipv6_next_names },
	[IP6_FRAG_RESERVED] = { "ipv6.fraghdr.reserved_octet", "Reserved", FT_U8, FB_HEX },
	[IP6_FRAG_OFFSET] = { "ipv6.fraghdr.offset", "Offset in units of 8 bytes", FT_U16, FB_DEC,
			      0xfff8 },
	[IP6_FRAG_BITS] = { "ipv6.fraghdr.reserved_bits", "Reserved bits", FT_U16, FB_DEC, 0x0006 },
	[IP6_FRAG_MORE] = { "ipv6.fraghdr.more", "More fragments", FT_BOOL, FB_NONE, 0x0001,
			    .on = "Yes", .off = "No", .width = 16 },
	[IP6_FRAG_IDENT] = { "ipv6.fraghdr.ident", "Identification", FT_U32, FB_HEX },
};

/* An interface identifier made of a MAC address (RFC 4291 appendix A) gives it away. */
static void put_slaac(struct dis *d, unsigned f, u32 at, const u8 *a)
{
	u8 mac[6];

	if (!d_wants(d, f) || a[0] == 0xff || a[11] != 0xff || a[12] != 0xfe || !(a[8] & 2))
		return;
	mac[0] = a[8] ^ 2;
	mac[1] = a[9];
	mac[2] = a[10];
	mac[3] = a[13];
	mac[4] = a[14];
	mac[5] = a[15];
	d_made(d, f, at + 8, 8, mac, 6);
}

static void put_address(struct dis *d, struct cur *c, unsigned f, unsigned slaac)
{
	const u8 *a = d_bytes(d, c, f, 16);

	if (a != NULL)
		put_slaac(d, slaac, c->at - 16, a);
}

/* The header's values. c is a copy: it may end anywhere. */
static void put_header(struct dis *d, struct cur c)
{
	u32 at = c.at, first = cur_be32(&c);

	if (c.fail != CUR_OK)
		return;
	d_bits(d, IP6_VERSION, at, 1, first >> 24);
	d_bits(d, IP6_TCLASS, at, 4, first);
	d_down(d);
	d_bits(d, IP6_DSCP, at, 4, first);
	d_bits(d, IP6_ECN, at, 4, first);
	d_up(d);
	d_bits(d, IP6_FLOW, at, 4, first);
	d_be16(d, &c, IP6_PLEN);
	d_u8(d, &c, IP6_NXT);
	d_u8(d, &c, IP6_HLIM);
	put_address(d, &c, IP6_SRC, IP6_SRC_SLAAC);
	put_address(d, &c, IP6_DST, IP6_DST_SLAAC);
}

/* Bounds c to the payload; 0 stands for a jumbogram, or for what segmentation offload left open. */
static void limit(struct dis *d, struct cur *c, u32 at, u32 plen, u8 next)
{
	if (UNLIKELY(plen == 0)) {
		plen = next == 0 ? ipv6_jumbo(*c) : 0;
		if (plen == 0 && next != 59)
			return;
	}
	if (UNLIKELY(!cur_limit(c, plen)))
		d_mark(d, MARK_LENGTH, at + 4,
		       "the IPv6 payload length is more than the packet has");
}

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	const u8 *p = c->base + c->at;
	u32 at = c->at;

	if (UNLIKELY(d_any(d)))
		put_header(d, *c);
	if (!cur_need(c, 40))
		return;
	if (UNLIKELY(p[0] >> 4 != 6))
		d_mark(d, MARK_VALUE, at, "the version of an IPv6 header is not 6");
	d->ip_version = 6;
	d->ip_src = p + 8;
	d->ip_dst = p + 24;
	if (!d->in_error) {
		x->net = 6;
		x->src = d->ip_src;
		x->dst = d->ip_dst;
		x->l4 = 0;
		x->frag = 0;
		x->ttl = p[7];
		x->ip_id = 0;
	}
	c->at = at + 40;
	limit(d, c, at, load_be16(p + 4), p[6]);
	d_packet_end(d, c->wire);
	d->l4 = p[6];
	d_next(d, TBL_IPPROTO, p[6], *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	struct cur c = { .base = k->frame->data, .at = l->off, .end = l->end };
	const char *name;
	u8 next;

	cur_skip(&c, 6);
	next = cur_u8(&c);
	name = vstr_name(ipv6_next_names, next);
	if (name != NULL) {
		txt_puts(t, name);
	} else {
		txt_puts(t, "next header ");
		txt_u64(t, next);
	}
}

static const struct claim claims[] = {
	{ TBL_ETHERTYPE, 0x86dd },
	{ TBL_IPPROTO, 41 },
	{ TBL_PPP, 0x0057 },
	{ TBL_LINK, 229 },
};

const struct proto proto_ipv6 = {
	.name = "ipv6",
	.title = "Internet Protocol Version 6",
	.abbrev = "IPv6",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
