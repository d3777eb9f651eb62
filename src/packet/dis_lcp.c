/* PPP control protocols: LCP (RFC 1661, 1570), IPCP (RFC 1332, 1877), IPV6CP (RFC 5072). */
/*  0      8          16       32
 *  +------+----------+--------+----------------------
 *  | code |identifier| length | options or data
 *  +------+----------+--------+---------------------- */
#include "packet/dis_ppp.h"

enum {
	CODE_VENDOR,
	CODE_CONF_REQ,
	CODE_CONF_REJ = 4,
	CODE_TERM_REQ,
	CODE_TERM_ACK,
	CODE_CODE_REJ,
	CODE_PROTO_REJ,
	CODE_ECHO_REQ,
	CODE_ECHO_REP,
	CODE_DISCARD,
	CODE_IDENT,
	CODE_TIME
};

static void read_auth(struct dis *d, struct cur *c, unsigned field)
{
	u16 proto = d_be16(d, c, field);

	if (proto == 0xc223 && cur_wire_left(c) > 0)
		d_u8(d, c, LCP_ALGORITHM);
}

static void read_quality(struct dis *d, struct cur *c, unsigned field)
{
	u16 proto = d_be16(d, c, field);

	if (proto == 0xc025 && cur_wire_left(c) >= 4)
		d_be32(d, c, LCP_PERIOD);
}

static void read_callback(struct dis *d, struct cur *c, unsigned field)
{
	d_u8(d, c, field);
	d_rest(d, c, LCP_OPT_MESSAGE);
}

static void read_endpoint(struct dis *d, struct cur *c, unsigned field)
{
	u8 class = d_u8(d, c, field);

	switch (class) {
	case 2:
		if (cur_wire_left(c) == 4)
			d_be32(d, c, LCP_EP_IP);
		break;
	case 3:
		if (cur_wire_left(c) == 6)
			d_bytes(d, c, LCP_EP_MAC, 6);
		break;
	case 4:
		if (cur_left(c) > 0)
			d_mem(d, LCP_EP_BLOCK, c->at, cur_left(c));
		while (cur_left(c) >= 4)
			d_be32(d, c, LCP_OPT_MAGIC);
		break;
	case 5: d_rest(d, c, LCP_EP_NUMBER); break;
	case 1: d_rest(d, c, LCP_OPT_DATA); break;
	default: break;
	}
}

static void read_vendor_option(struct dis *d, struct cur *c, unsigned field)
{
	d_be24(d, c, field);
	d_u8(d, c, LCP_KIND);
	d_rest(d, c, LCP_OPT_DATA);
}

static const struct ppp_opt lcp_opts[] = {
	{ 0, 6, 0, LCP_OUI, read_vendor_option },
	{ 1, 4, 4, LCP_MRU, ppp_opt_u16 },
	{ 2, 6, 6, LCP_ASYNCMAP, ppp_opt_u32 },
	{ 3, 4, 0, LCP_AUTH, read_auth },
	{ 4, 4, 0, LCP_QUALITY, read_quality },
	{ 5, 6, 6, LCP_OPT_MAGIC, ppp_opt_u32 },
	{ 7, 2, 2, 0, NULL },
	{ 8, 2, 2, 0, NULL },
	{ 9, 3, 3, LCP_FCS, ppp_opt_u8 },
	{ 13, 3, 0, LCP_OPERATION, read_callback },
	{ 17, 4, 4, LCP_MRRU, ppp_opt_u16 },
	{ 18, 2, 2, 0, NULL },
	{ 19, 3, 0, LCP_EP_CLASS, read_endpoint },
	{ 23, 4, 4, LCP_DISCRIM, ppp_opt_u16 },
};

static void read_both_addresses(struct dis *d, struct cur *c, unsigned field)
{
	d_be32(d, c, field);
	d_be32(d, c, field + 1);
}

static const struct ppp_opt ipcp_opts[] = {
	{ 1, 10, 10, IPCP_SRC, read_both_addresses },
	{ 2, 4, 0, IPCP_COMPRESS, ppp_opt_compress },
	{ 3, 6, 6, IPCP_IP, ppp_opt_u32 },
	{ 4, 6, 6, IPCP_MN_HOME, ppp_opt_u32 },
	{ 129, 6, 6, IPCP_PRI_DNS, ppp_opt_u32 },
	{ 130, 6, 6, IPCP_PRI_NBNS, ppp_opt_u32 },
	{ 131, 6, 6, IPCP_SEC_DNS, ppp_opt_u32 },
	{ 132, 6, 6, IPCP_SEC_NBNS, ppp_opt_u32 },
};

static const struct ppp_opt ipv6cp_opts[] = {
	{ 1, 10, 10, IPV6CP_IFID, ppp_opt_eui64 },
	{ 2, 4, 0, IPCP_COMPRESS, ppp_opt_compress },
};

/* Code, identifier, length; c is cut to the length then. */
static int read_header(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 code = d_u8(d, c, PPP_CODE);
	u16 len;

	d_u8(d, c, PPP_IDENTIFIER);
	len = d_be16(d, c, PPP_LENGTH);
	if (c->fail != CUR_OK)
		return -1;
	if (len < 4) {
		d_mark(d, MARK_LENGTH, at + 2, "a PPP packet's length is below its header's");
		return -1;
	}
	if (!cur_limit(c, len - 4u))
		d_mark(d, MARK_LENGTH, at + 2, "a PPP packet's length goes past the frame");
	return code;
}

static void read_rest(struct dis *d, struct cur *c, int code)
{
	switch (code) {
	case CODE_VENDOR:
		d_be32(d, c, PPP_MAGIC);
		d_be24(d, c, PPP_OUI);
		d_u8(d, c, PPP_KIND);
		d_rest(d, c, PPP_DATA);
		break;
	case CODE_ECHO_REQ:
	case CODE_ECHO_REP:
	case CODE_DISCARD:
		d_be32(d, c, LCP_MAGIC);
		d_rest(d, c, LCP_DATA);
		break;
	case CODE_TIME:
	case CODE_IDENT:
		d_be32(d, c, LCP_MAGIC);
		if (code == CODE_TIME)
			d_be32(d, c, LCP_SECONDS);
		d_rest(d, c, LCP_MESSAGE);
		break;
	default: d_rest(d, c, PPP_DATA);
	}
}

static void read_packet(struct dis *d, struct cur *c, const struct ppp_opt *opts, unsigned n,
			unsigned type)
{
	int code = read_header(d, c);
	u16 proto;

	if (code < 0)
		return;
	if (code >= CODE_CONF_REQ && code <= CODE_CONF_REJ) {
		ppp_options(d, c, opts, n, type);
	} else if (code == CODE_PROTO_REJ) {
		proto = d_be16(d, c, LCP_REJ_PROTO);
		if (c->fail == CUR_OK && d->k->nlayers < 12) /* a quote in a quote ends somewhere */
			d_next(d, TBL_PPP, proto, *c);
	} else {
		read_rest(d, c, code);
	}
}

static void dissect_lcp(struct dis *d, struct cur *c)
{
	read_packet(d, c, lcp_opts, ARRAY_LEN(lcp_opts), LCP_TYPE);
}

static void dissect_ipcp(struct dis *d, struct cur *c)
{
	read_packet(d, c, ipcp_opts, ARRAY_LEN(ipcp_opts), IPCP_TYPE);
}

static void dissect_ipv6cp(struct dis *d, struct cur *c)
{
	read_packet(d, c, ipv6cp_opts, ARRAY_LEN(ipv6cp_opts), IPV6CP_TYPE);
}

/* Compression control: its options are those of each algorithm. */
static void dissect_ccp(struct dis *d, struct cur *c)
{
	read_packet(d, c, NULL, 0, LCP_TYPE);
}

/* "Configuration request id 1, MRU 1492, authentication CHAP, magic 0x12345678" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 code = pkt_get_u(k, l, PPP_CODE, 0x100);
	const char *name = vstr_name(ppp_code_names, code);
	const struct val *v;

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_printf(t, "Code %u", (unsigned)code);
	txt_printf(t, " id %u", (unsigned)pkt_get_u(k, l, PPP_IDENTIFIER, 0));
	if ((v = pkt_get(k, l, LCP_MRU)) != NULL)
		txt_printf(t, ", MRU %u", (unsigned)v->u);
	if ((v = pkt_get(k, l, LCP_AUTH)) != NULL) {
		name = vstr_name(ppp_protocol_names, v->u);
		txt_printf(t, ", authentication %s", name != NULL ? name : "unknown");
	}
	if ((v = pkt_get(k, l, LCP_OPT_MAGIC)) != NULL)
		txt_printf(t, ", magic 0x%08x", (unsigned)v->u);
	if ((v = pkt_get(k, l, IPCP_IP)) != NULL) {
		u8 ip[4];

		store_be32(ip, (u32)v->u);
		txt_puts(t, ", address ");
		txt_ip4(t, ip);
	}
	if ((v = pkt_get(k, l, IPV6CP_IFID)) != NULL) {
		txt_puts(t, ", interface ");
		txt_hexbytes(t, v->p, v->n, ':');
	}
}

static const u16 info_wants[] = { PPP_CODE,	 PPP_IDENTIFIER, LCP_MRU,     LCP_AUTH,
				  LCP_OPT_MAGIC, IPCP_IP,	 IPV6CP_IFID, FIELD_END };
static const struct claim lcp_claims[] = { { TBL_PPP, 0xc021 } };
static const struct claim ipcp_claims[] = { { TBL_PPP, 0x8021 } };
static const struct claim ccp_claims[] = { { TBL_PPP, 0x80fd } };
static const struct claim ipv6cp_claims[] = { { TBL_PPP, 0x8057 } };

const struct proto proto_lcp = {
	.name = "lcp",
	.title = "PPP Link Control Protocol",
	.abbrev = "LCP",
	.fields_of = &proto_ppp,
	.claims = lcp_claims,
	.nclaims = ARRAY_LEN(lcp_claims),
	.dissect = dissect_lcp,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_ipcp = {
	.name = "ipcp",
	.title = "PPP IP Control Protocol",
	.abbrev = "IPCP",
	.fields_of = &proto_ppp,
	.claims = ipcp_claims,
	.nclaims = ARRAY_LEN(ipcp_claims),
	.dissect = dissect_ipcp,
	.info = info,
};

const struct proto proto_ipv6cp = {
	.name = "ipv6cp",
	.title = "PPP IPv6 Control Protocol",
	.abbrev = "IPV6CP",
	.fields_of = &proto_ppp,
	.claims = ipv6cp_claims,
	.nclaims = ARRAY_LEN(ipv6cp_claims),
	.dissect = dissect_ipv6cp,
	.info = info,
};

const struct proto proto_ccp = {
	.name = "ccp",
	.title = "PPP Compression Control Protocol",
	.abbrev = "CCP",
	.fields_of = &proto_ppp,
	.claims = ccp_claims,
	.nclaims = ARRAY_LEN(ccp_claims),
	.dissect = dissect_ccp,
	.info = info,
};
