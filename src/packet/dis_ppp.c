/* The Point-to-Point Protocol: framing (RFC 1661, RFC 1662) and the fields of its family. */
/*  0        8        16               32
 *  +--------+--------+----------------+------------
 *  | ff     | 03     | protocol       | payload          address and control may be missing,
 *  +--------+--------+----------------+------------      an odd first byte is a whole protocol */
#include "packet/dis_ppp.h"

const struct vstr ppp_protocol_names[] = {
	{ 0x0021, "IPv4" },
	{ 0x002b, "IPX" },
	{ 0x002d, "VJ compressed TCP" },
	{ 0x002f, "VJ uncompressed TCP" },
	{ 0x003d, "Multilink" },
	{ 0x0057, "IPv6" },
	{ 0x00fd, "Compressed datagram" },
	{ 0x0281, "MPLS unicast" },
	{ 0x0283, "MPLS multicast" },
	{ 0x8021, "IPCP" },
	{ 0x8057, "IPV6CP" },
	{ 0x80fd, "CCP" },
	{ 0x8281, "MPLSCP" },
	{ 0xc021, "LCP" },
	{ 0xc023, "PAP" },
	{ 0xc025, "Link quality report" },
	{ 0xc223, "CHAP" },
	{ 0xc227, "EAP" },
	{ 0, NULL },
};
const struct vstr ppp_code_names[] = {
	{ 0, "Vendor specific" },   { 1, "Configuration request" }, { 2, "Configuration ack" },
	{ 3, "Configuration nak" }, { 4, "Configuration reject" },  { 5, "Termination request" },
	{ 6, "Termination ack" },   { 7, "Code reject" },	    { 8, "Protocol reject" },
	{ 9, "Echo request" },	    { 10, "Echo reply" },	    { 11, "Discard request" },
	{ 12, "Identification" },   { 13, "Time remaining" },	    { 0, NULL },
};
static const struct vstr algorithm_names[] = {
	{ 5, "MD5" }, { 6, "SHA-1" }, { 128, "MS-CHAP" }, { 129, "MS-CHAP-2" }, { 0, NULL }
};
static const struct vstr lcp_opt_names[] = {
	{ 0, "Vendor specific" },
	{ 1, "Maximum receive unit" },
	{ 2, "Async control character map" },
	{ 3, "Authentication protocol" },
	{ 4, "Quality protocol" },
	{ 5, "Magic number" },
	{ 7, "Protocol field compression" },
	{ 8, "Address and control field compression" },
	{ 9, "FCS alternatives" },
	{ 13, "Callback" },
	{ 17, "Multilink MRRU" },
	{ 18, "Multilink short sequence numbers" },
	{ 19, "Multilink endpoint discriminator" },
	{ 23, "Link discriminator" },
	{ 0, NULL },
};
static const struct vstr ep_names[] = {
	{ 0, "Null" },
	{ 1, "Local" },
	{ 2, "IP address" },
	{ 3, "IEEE 802.1 address" },
	{ 4, "Magic number block" },
	{ 5, "Directory number" },
	{ 0, NULL },
};
static const struct vstr ipcp_opt_names[] = {
	{ 1, "IP addresses (deprecated)" },
	{ 2, "IP compression" },
	{ 3, "IP address" },
	{ 4, "Mobile node's home address" },
	{ 129, "Primary DNS server" },
	{ 130, "Primary NBNS server" },
	{ 131, "Secondary DNS server" },
	{ 132, "Secondary NBNS server" },
	{ 0, NULL },
};
static const struct vstr ipv6cp_opt_names[] = { { 1, "Interface identifier" },
						{ 2, "IPv6 compression" },
						{ 0, NULL } };
static const struct vstr pap_code_names[] = {
	{ 1, "Request" }, { 2, "Ack" }, { 3, "Nak" }, { 0, NULL }
};
static const struct vstr chap_code_names[] = {
	{ 1, "Challenge" }, { 2, "Response" }, { 3, "Success" }, { 4, "Failure" }, { 0, NULL }
};

static const struct field fields[PPP_NFIELDS] = {
	[PPP_ADDRESS] = { "ppp.address", "Address", FT_U8, FB_HEX },
	[PPP_CONTROL] = { "ppp.control", "Control", FT_U8, FB_HEX },
	[PPP_PROTOCOL] = { "ppp.protocol", "Protocol", FT_U16, FB_HEX,
			   .names = ppp_protocol_names },
	[PPP_CODE] = { "ppp.code", "Code", FT_U8, FB_DEC, .names = ppp_code_names },
	[PPP_IDENTIFIER] = { "ppp.identifier", "Identifier", FT_U8, FB_DEC_HEX },
	[PPP_LENGTH] = { "ppp.length", "Length", FT_U16, FB_DEC },
	[PPP_MAGIC] = { "ppp.magic_number", "Magic number", FT_U32, FB_HEX },
	[PPP_OUI] = { "ppp.oui", "Organisation", FT_U24, FB_DEC_HEX },
	[PPP_KIND] = { "ppp.kind", "Kind", FT_U8, FB_DEC_HEX },
	[PPP_DATA] = { "ppp.data", "Data", FT_BYTES },
	[LCP_MAGIC] = { "lcp.magic_number", "Magic number", FT_U32, FB_HEX },
	[LCP_DATA] = { "lcp.data", "Data", FT_BYTES },
	[LCP_MESSAGE] = { "lcp.message", "Message", FT_STRING },
	[LCP_SECONDS] = { "lcp.secs_remaining", "Seconds remaining", FT_U32, FB_DEC },
	[LCP_REJ_PROTO] = { "lcp.rej_proto", "Rejected protocol", FT_U16, FB_HEX,
			    .names = ppp_protocol_names },
	[LCP_TYPE] = { "lcp.opt.type", "Option", FT_U8, FB_DEC, .names = lcp_opt_names },
	[LCP_LEN] = { "lcp.opt.length", "Option length", FT_U8, FB_DEC },
	[LCP_OUI] = { "lcp.opt.oui", "Organisation", FT_U24, FB_DEC_HEX },
	[LCP_KIND] = { "lcp.opt.kind", "Kind", FT_U8, FB_DEC_HEX },
	[LCP_OPT_DATA] = { "lcp.opt.data", "Data", FT_BYTES },
	[LCP_MRU] = { "lcp.opt.mru", "Maximum receive unit", FT_U16, FB_DEC },
	[LCP_ASYNCMAP] = { "lcp.opt.asyncmap", "Async control character map", FT_U32, FB_HEX },
	[LCP_AUTH] = { "lcp.opt.auth_protocol", "Authentication protocol", FT_U16, FB_HEX,
		       .names = ppp_protocol_names },
	[LCP_ALGORITHM] = { "lcp.opt.algorithm", "Algorithm", FT_U8, FB_DEC,
			    .names = algorithm_names },
	[LCP_QUALITY] = { "lcp.opt.quality_protocol", "Quality protocol", FT_U16, FB_HEX,
			  .names = ppp_protocol_names },
	[LCP_OPT_MAGIC] = { "lcp.opt.magic_number", "Magic number", FT_U32, FB_HEX },
	[LCP_PERIOD] = { "lcp.opt.reporting_period", "Reporting period, 1/100 s", FT_U32, FB_DEC },
	[LCP_FCS] = { "lcp.opt.fcs_alternatives", "FCS alternatives", FT_U8, FB_HEX },
	[LCP_OPERATION] = { "lcp.opt.operation", "Callback operation", FT_U8, FB_DEC },
	[LCP_OPT_MESSAGE] = { "lcp.opt.message", "Callback message", FT_BYTES },
	[LCP_MRRU] = { "lcp.opt.mrru", "Maximum received reconstructed unit", FT_U16, FB_DEC },
	[LCP_EP_CLASS] = { "lcp.opt.ep_disc_class", "Endpoint class", FT_U8, FB_DEC,
			   .names = ep_names },
	[LCP_EP_IP] = { "lcp.opt.ip_address", "Endpoint IP address", FT_IPV4 },
	[LCP_EP_MAC] = { "lcp.opt.802_1_address", "Endpoint MAC address", FT_ETHER },
	[LCP_EP_BLOCK] = { "lcp.opt.magic_block", "Endpoint magic numbers", FT_BYTES },
	[LCP_EP_NUMBER] = { "lcp.opt.psndn", "Endpoint directory number", FT_BYTES },
	[LCP_DISCRIM] = { "lcp.opt.link_discrim", "Link discriminator", FT_U16, FB_DEC_HEX },
	[IPCP_TYPE] = { "ipcp.opt.type", "Option", FT_U8, FB_DEC, .names = ipcp_opt_names },
	[IPCP_LEN] = { "ipcp.opt.length", "Option length", FT_U8, FB_DEC },
	[IPCP_SRC] = { "ipcp.opt.src_address", "Source IP address", FT_IPV4 },
	[IPCP_DST] = { "ipcp.opt.dst_address", "Destination IP address", FT_IPV4 },
	[IPCP_COMPRESS] = { "ipcp.opt.compress_proto", "Compression protocol", FT_U16, FB_HEX },
	[IPCP_MAX_SLOT] = { "ipcp.opt.max_slot_id", "Largest slot", FT_U8, FB_DEC },
	[IPCP_COMP_SLOT] = { "ipcp.opt.comp_slot_id", "Slot may be compressed", FT_BOOL, FB_NONE,
			     0x01 },
	[IPCP_TCP_SPACE] = { "ipcp.opt.tcp_space", "TCP space", FT_U16, FB_DEC },
	[IPCP_NON_TCP_SPACE] = { "ipcp.opt.non_tcp_space", "Non-TCP space", FT_U16, FB_DEC },
	[IPCP_F_MAX_PERIOD] = { "ipcp.opt.f_max_period", "Maximum headers between full ones",
				FT_U16, FB_DEC },
	[IPCP_F_MAX_TIME] = { "ipcp.opt.f_max_time", "Maximum seconds between full headers", FT_U16,
			      FB_DEC },
	[IPCP_MAX_HEADER] = { "ipcp.opt.max_header", "Largest header", FT_U16, FB_DEC },
	[IPCP_MAX_CID] = { "ipcp.opt.max_cid", "Largest context", FT_U16, FB_DEC },
	[IPCP_MRRU] = { "ipcp.opt.mrru", "Maximum reconstructed unit", FT_U16, FB_DEC },
	[IPCP_IP] = { "ipcp.opt.ip_address", "IP address", FT_IPV4 },
	[IPCP_MN_HOME] = { "ipcp.opt.mobilenodehomeaddress", "Home address", FT_IPV4 },
	[IPCP_PRI_DNS] = { "ipcp.opt.pri_dns_address", "Primary DNS server", FT_IPV4 },
	[IPCP_PRI_NBNS] = { "ipcp.opt.pri_nbns_address", "Primary NBNS server", FT_IPV4 },
	[IPCP_SEC_DNS] = { "ipcp.opt.sec_dns_address", "Secondary DNS server", FT_IPV4 },
	[IPCP_SEC_NBNS] = { "ipcp.opt.sec_nbns_address", "Secondary NBNS server", FT_IPV4 },
	[IPV6CP_TYPE] = { "ipv6cp.opt.type", "Option", FT_U8, FB_DEC, .names = ipv6cp_opt_names },
	[IPV6CP_LEN] = { "ipv6cp.opt.length", "Option length", FT_U8, FB_DEC },
	[IPV6CP_IFID] = { "ipv6cp.interface_identifier", "Interface identifier", FT_EUI64 },
	[PAP_CODE] = { "pap.code", "Code", FT_U8, FB_DEC, .names = pap_code_names },
	[PAP_IDENTIFIER] = { "pap.identifier", "Identifier", FT_U8, FB_DEC },
	[PAP_LENGTH] = { "pap.length", "Length", FT_U16, FB_DEC },
	[PAP_DATA] = { "pap.data", "Data", FT_NONE },
	[PAP_PEER_LEN] = { "pap.peer_id.length", "Peer name length", FT_U8, FB_DEC },
	[PAP_PEER] = { "pap.peer_id", "Peer name", FT_STRING },
	[PAP_PASSWORD_LEN] = { "pap.password.length", "Password length", FT_U8, FB_DEC },
	[PAP_PASSWORD] = { "pap.password", "Password", FT_STRING },
	[PAP_MESSAGE_LEN] = { "pap.message.length", "Message length", FT_U8, FB_DEC },
	[PAP_MESSAGE] = { "pap.message", "Message", FT_STRING },
	[PAP_STUFF] = { "pap.stuff", "Data", FT_BYTES },
	[CHAP_CODE] = { "chap.code", "Code", FT_U8, FB_DEC, .names = chap_code_names },
	[CHAP_IDENTIFIER] = { "chap.identifier", "Identifier", FT_U8, FB_DEC },
	[CHAP_LENGTH] = { "chap.length", "Length", FT_U16, FB_DEC },
	[CHAP_DATA] = { "chap.data", "Data", FT_NONE },
	[CHAP_VALUE_SIZE] = { "chap.value_size", "Value length", FT_U8, FB_DEC },
	[CHAP_VALUE] = { "chap.value", "Value", FT_BYTES },
	[CHAP_NAME] = { "chap.name", "Name", FT_STRING },
	[CHAP_MESSAGE] = { "chap.message", "Message", FT_STRING },
	[CHAP_STUFF] = { "chap.stuff", "Data", FT_BYTES },
};

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 proto = cur_u8(c);

	if (!(proto & 1))
		proto = (u16)(proto << 8 | cur_u8(c));
	if (c->fail != CUR_OK)
		return;
	d_u(d, PPP_PROTOCOL, at, c->at - at, proto);
	d_next(d, TBL_PPP, proto, *c);
}

static void dissect_frame(struct dis *d, struct cur *c)
{
	if (cur_peek(c, 0) == 0xff) {
		d_u8(d, c, PPP_ADDRESS);
		d_u8(d, c, PPP_CONTROL);
	}
	if (c->fail == CUR_OK)
		dissect(d, c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 proto = pkt_get_u(k, l, PPP_PROTOCOL, 0x10000);
	const char *name = vstr_name(ppp_protocol_names, proto);

	if (name != NULL)
		txt_puts(t, name);
	else if (proto <= 0xffff)
		txt_printf(t, "Protocol 0x%04x", (unsigned)proto);
	else
		txt_puts(t, "cut short");
}

static const u16 info_wants[] = { PPP_PROTOCOL, FIELD_END };
static const struct claim claims[] = { { TBL_INNER, INNER_PPP } };
static const struct claim claims_frame[] = {
	{ TBL_INNER, INNER_PPP_FRAME }, { TBL_ETHERTYPE, 0x880b }, { TBL_LINK, 9 }, { TBL_LINK, 50 }
};

const struct proto proto_ppp = {
	.name = "ppp",
	.title = "Point-to-Point Protocol",
	.abbrev = "PPP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_ppp_frame = {
	.name = "ppp",
	.title = "Point-to-Point Protocol",
	.abbrev = "PPP",
	.fields_of = &proto_ppp,
	.claims = claims_frame,
	.nclaims = ARRAY_LEN(claims_frame),
	.dissect = dissect_frame,
	.info = info,
};
