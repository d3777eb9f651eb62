/* OSPF version 2 (RFC 2328) and 3 (RFC 5340): packets and LSA headers; the bodies of the common
 * LSAs of version 2. */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+-------------------------------+
 *  |    version    |     type      |         packet length         |
 *  +---------------+---------------+-------------------------------+
 *  |                           router id                           |
 *  +---------------------------------------------------------------+
 *  |                            area id                            |
 *  +-------------------------------+-------------------------------+
 *  |           checksum            | authentication type | 3: instance id, 0
 *  +-------------------------------+-------------------------------+
 *  |  version 2: authentication, 8 bytes                           |
 *  +---------------------------------------------------------------+ */
#include "packet/proto.h"
#include "packet/show.h"

#include <string.h>

enum {
	F_HEADER,
	F_VERSION,
	F_MSG,
	F_MSG_HELLO,
	F_MSG_DBDESC,
	F_MSG_LSREQ,
	F_MSG_LSUPDATE,
	F_MSG_LSACK,
	F_LENGTH,
	F_ROUTER,
	F_AREA,
	F_CHECKSUM,
	F_AUTH_TYPE,
	F_AUTH_NONE,
	F_AUTH_SIMPLE,
	F_AUTH_KEY_ID,
	F_AUTH_LEN,
	F_AUTH_SEQ,
	F_AUTH_DATA,
	F_AUTH_UNKNOWN,
	F_INSTANCE,
	F_RESERVED,
	F_HELLO,
	F_NETMASK,
	F_INTERFACE_ID,
	F_HELLO_INTERVAL,
	F_PRIORITY,
	F_DEAD_INTERVAL,
	F_DR,
	F_BDR,
	F_NEIGHBOR,
	F_V2_OPTIONS,
	F_V2_DN,
	F_V2_O,
	F_V2_DC,
	F_V2_L,
	F_V2_N,
	F_V2_P,
	F_V2_MC,
	F_V2_E,
	F_V2_MT,
	F_V3_OPTIONS,
	F_V3_AT,
	F_V3_L,
	F_V3_AF,
	F_V3_DC,
	F_V3_R,
	F_V3_N,
	F_V3_MC,
	F_V3_E,
	F_V3_V6,
	F_MTU,
	F_DBD,
	F_DBD_R,
	F_DBD_I,
	F_DBD_M,
	F_DBD_MS,
	F_DD_SEQ,
	F_NUM_LSAS,
	F_AGE,
	F_DONOTAGE,
	F_V3_DONOTAGE,
	F_LSA,
	F_LSA_ROUTER,
	F_LSA_NETWORK,
	F_LSA_SUMMARY,
	F_LSA_ASBR,
	F_LSA_ASEXT,
	F_LSA_MEMBER,
	F_LSA_NSSA,
	F_LSA_ATTR,
	F_LSA_OPAQUE,
	F_V3_LSA,
	F_V3_LSA_U,
	F_V3_LSA_S12,
	F_V3_LSA_FC,
	F_V3_ROUTER,
	F_V3_NETWORK,
	F_V3_INTERPREFIX,
	F_V3_INTERROUTER,
	F_V3_ASEXT,
	F_V3_MEMBER,
	F_V3_NSSA,
	F_V3_LINK,
	F_V3_INTRAPREFIX,
	F_LSA_ID,
	F_LINK_STATE_ID,
	F_OPAQUE_TYPE,
	F_OPAQUE_ID,
	F_ADVROUTER,
	F_SEQNUM,
	F_LSA_CHKSUM,
	F_LSA_LENGTH,
	F_LINKS,
	F_LINK_ID,
	F_LINK_DATA,
	F_LINK_TYPE,
	F_NUM_METRICS,
	F_METRIC0,
	F_NET_MASK,
	F_ATTACHED,
	F_SUM_MASK,
	F_EXT_MASK,
	F_EXT_TYPE,
	F_TOS,
	F_METRIC,
	F_FWDADDR,
	F_EXT_TAG,
};

enum { HELLO = 1, DBDESC, LSREQ, LSUPDATE, LSACK };

static const struct vstr messages[] = {
	{ 1, "Hello" },
	{ 2, "Database description" },
	{ 3, "Link state request" },
	{ 4, "Link state update" },
	{ 5, "Link state acknowledgment" },
	{ 0, NULL },
};
static const struct vstr auth_types[] = {
	{ 0, "None" },
	{ 1, "Simple password" },
	{ 2, "Cryptographic" },
	{ 0, NULL },
};
static const struct vstr lsa_types[] = {
	{ 1, "Router" },
	{ 2, "Network" },
	{ 3, "Summary (network)" },
	{ 4, "Summary (ASBR)" },
	{ 5, "AS external" },
	{ 6, "Group membership" },
	{ 7, "NSSA external" },
	{ 8, "External attributes" },
	{ 9, "Opaque, link-local" },
	{ 10, "Opaque, area" },
	{ 11, "Opaque, AS" },
	{ 0, NULL },
};
static const struct vstr lsa3_types[] = {
	{ 0x2001, "Router" },
	{ 0x2002, "Network" },
	{ 0x2003, "Inter-area prefix" },
	{ 0x2004, "Inter-area router" },
	{ 0x4005, "AS external" },
	{ 0x2006, "Group membership" },
	{ 0x2007, "NSSA" },
	{ 0x0008, "Link" },
	{ 0x2009, "Intra-area prefix" },
	{ 0, NULL },
};
static const struct vstr scopes[] = {
	{ 0, "Link-local" }, { 1, "Area" }, { 2, "AS" }, { 3, "Reserved" }, { 0, NULL },
};
static const struct vstr link_types[] = {
	{ 1, "Point to point" }, { 2, "Transit" }, { 3, "Stub" }, { 4, "Virtual" }, { 0, NULL },
};

static const struct field fields[] = {
	[F_HEADER] = { "ospf.header", "Header", FT_NONE },
	[F_VERSION] = { "ospf.version", "Version", FT_U8, FB_DEC },
	[F_MSG] = { "ospf.msg", "Message type", FT_U8, FB_DEC, .names = messages },
	[F_MSG_HELLO] = { "ospf.msg.hello", "Hello", FT_BOOL },
	[F_MSG_DBDESC] = { "ospf.msg.dbdesc", "Database description", FT_BOOL },
	[F_MSG_LSREQ] = { "ospf.msg.lsreq", "Link state request", FT_BOOL },
	[F_MSG_LSUPDATE] = { "ospf.msg.lsupdate", "Link state update", FT_BOOL },
	[F_MSG_LSACK] = { "ospf.msg.lsack", "Link state acknowledgment", FT_BOOL },
	[F_LENGTH] = { "ospf.packet_length", "Packet length", FT_U16, FB_DEC },
	[F_ROUTER] = { "ospf.srcrouter", "Source router", FT_IPV4 },
	[F_AREA] = { "ospf.area_id", "Area", FT_IPV4 },
	[F_CHECKSUM] = { "ospf.checksum", "Checksum", FT_U16, FB_HEX },
	[F_AUTH_TYPE] = { "ospf.auth.type", "Authentication type", FT_U16, FB_DEC,
			  .names = auth_types },
	[F_AUTH_NONE] = { "ospf.auth.none", "No authentication", FT_BYTES },
	[F_AUTH_SIMPLE] = { "ospf.auth.simple", "Password", FT_STRING },
	[F_AUTH_KEY_ID] = { "ospf.auth.crypt.key_id", "Key id", FT_U8, FB_DEC },
	[F_AUTH_LEN] = { "ospf.auth.crypt.data_length", "Authentication data length", FT_U8,
			 FB_DEC },
	[F_AUTH_SEQ] = { "ospf.auth.crypt.seq_nbr", "Cryptographic sequence number", FT_U32,
			 FB_DEC },
	[F_AUTH_DATA] = { "ospf.auth.crypt.data", "Authentication data", FT_BYTES },
	[F_AUTH_UNKNOWN] = { "ospf.auth.unknown", "Authentication (unknown type)", FT_BYTES },
	[F_INSTANCE] = { "ospf.instance_id", "Instance id", FT_U8, FB_DEC },
	[F_RESERVED] = { "ospf.reserved", "Reserved", FT_BYTES },
	[F_HELLO] = { "ospf.hello", "Hello", FT_NONE },
	[F_NETMASK] = { "ospf.hello.network_mask", "Network mask", FT_IPV4 },
	[F_INTERFACE_ID] = { "ospf.hello.interface_id", "Interface id", FT_U32, FB_DEC },
	[F_HELLO_INTERVAL] = { "ospf.hello.hello_interval", "Hello interval (s)", FT_U32, FB_DEC },
	[F_PRIORITY] = { "ospf.hello.router_priority", "Router priority", FT_U8, FB_DEC },
	[F_DEAD_INTERVAL] = { "ospf.hello.router_dead_interval", "Router dead interval (s)", FT_U32,
			      FB_DEC },
	[F_DR] = { "ospf.hello.designated_router", "Designated router", FT_IPV4 },
	[F_BDR] = { "ospf.hello.backup_designated_router", "Backup designated router", FT_IPV4 },
	[F_NEIGHBOR] = { "ospf.hello.active_neighbor", "Active neighbor", FT_IPV4 },
	[F_V2_OPTIONS] = { "ospf.v2.options", "Options", FT_U8, FB_HEX },
	[F_V2_DN] = { "ospf.v2.options.dn", "DN: do not use in a VPN", FT_BOOL, FB_NONE, 0x80 },
	[F_V2_O] = { "ospf.v2.options.o", "O: opaque LSAs", FT_BOOL, FB_NONE, 0x40 },
	[F_V2_DC] = { "ospf.v2.options.dc", "DC: demand circuits", FT_BOOL, FB_NONE, 0x20 },
	[F_V2_L] = { "ospf.v2.options.l", "L: link-local signalling block", FT_BOOL, FB_NONE,
		     0x10 },
	[F_V2_N] = { "ospf.v2.options.n", "N: NSSA", FT_BOOL, FB_NONE, 0x8 },
	[F_V2_P] = { "ospf.v2.options.p", "P: propagate", FT_BOOL, FB_NONE, 0x8 },
	[F_V2_MC] = { "ospf.v2.options.mc", "MC: multicast", FT_BOOL, FB_NONE, 0x4 },
	[F_V2_E] = { "ospf.v2.options.e", "E: external routing", FT_BOOL, FB_NONE, 0x2 },
	[F_V2_MT] = { "ospf.v2.options.mt", "MT: multi-topology", FT_BOOL, FB_NONE, 0x1 },
	[F_V3_OPTIONS] = { "ospf.v3.options", "Options", FT_U24, FB_HEX },
	[F_V3_AT] = { "ospf.v3.options.at", "AT: authentication trailer", FT_BOOL, FB_NONE, 0x400,
		      .width = 24 },
	[F_V3_L] = { "ospf.v3.options.l", "L: link-local signalling block", FT_BOOL, FB_NONE, 0x200,
		     .width = 24 },
	[F_V3_AF] = { "ospf.v3.options.af", "AF: address families", FT_BOOL, FB_NONE, 0x100,
		      .width = 24 },
	[F_V3_DC] = { "ospf.v3.options.dc", "DC: demand circuits", FT_BOOL, FB_NONE, 0x20,
		      .width = 24 },
	[F_V3_R] = { "ospf.v3.options.r", "R: active router", FT_BOOL, FB_NONE, 0x10, .width = 24 },
	[F_V3_N] = { "ospf.v3.options.n", "N: NSSA", FT_BOOL, FB_NONE, 0x8, .width = 24 },
	[F_V3_MC] = { "ospf.v3.options.mc", "MC: multicast", FT_BOOL, FB_NONE, 0x4, .width = 24 },
	[F_V3_E] = { "ospf.v3.options.e", "E: external routing", FT_BOOL, FB_NONE, 0x2,
		     .width = 24 },
	[F_V3_V6] = { "ospf.v3.options.v6", "V6: use in IPv6 routing", FT_BOOL, FB_NONE, 0x1,
		      .width = 24 },
	[F_MTU] = { "ospf.db.interface_mtu", "Interface MTU", FT_U16, FB_DEC },
	[F_DBD] = { "ospf.dbd", "Database description flags", FT_U8, FB_HEX },
	[F_DBD_R] = { "ospf.dbd.r", "R: out of band resynchronization", FT_BOOL, FB_NONE, 0x8 },
	[F_DBD_I] = { "ospf.dbd.i", "I: initial", FT_BOOL, FB_NONE, 0x4 },
	[F_DBD_M] = { "ospf.dbd.m", "M: more", FT_BOOL, FB_NONE, 0x2 },
	[F_DBD_MS] = { "ospf.dbd.ms", "MS: master", FT_BOOL, FB_NONE, 0x1 },
	[F_DD_SEQ] = { "ospf.db.dd_sequence", "DD sequence", FT_U32, FB_DEC },
	[F_NUM_LSAS] = { "ospf.ls.number_of_lsas", "Number of LSAs", FT_U32, FB_DEC },
	[F_AGE] = { "ospf.lsa.age", "LS age (s)", FT_U16, FB_DEC, 0xffffffffffff7fff },
	[F_DONOTAGE] = { "ospf.lsa.donotage", "Do not age", FT_U16, FB_DEC, 0x8000 },
	[F_V3_DONOTAGE] = { "ospf.v3.lsa.do_not_age", "Do not age", FT_BOOL, FB_NONE, 0x8000 },
	[F_LSA] = { "ospf.lsa", "LS type", FT_U8, FB_DEC, .names = lsa_types },
	[F_LSA_ROUTER] = { "ospf.lsa.router", "Router LSA", FT_BOOL },
	[F_LSA_NETWORK] = { "ospf.lsa.network", "Network LSA", FT_BOOL },
	[F_LSA_SUMMARY] = { "ospf.lsa.summary", "Summary LSA (network)", FT_BOOL },
	[F_LSA_ASBR] = { "ospf.lsa.asbr", "Summary LSA (ASBR)", FT_BOOL },
	[F_LSA_ASEXT] = { "ospf.lsa.asext", "AS external LSA", FT_BOOL },
	[F_LSA_MEMBER] = { "ospf.lsa.member", "Group membership LSA", FT_BOOL },
	[F_LSA_NSSA] = { "ospf.lsa.nssa", "NSSA external LSA", FT_BOOL },
	[F_LSA_ATTR] = { "ospf.lsa.attr", "External attributes LSA", FT_BOOL },
	[F_LSA_OPAQUE] = { "ospf.lsa.opaque", "Opaque LSA", FT_BOOL },
	[F_V3_LSA] = { "ospf.v3.lsa", "LS type", FT_U16, FB_HEX, .names = lsa3_types },
	[F_V3_LSA_U] = { "ospf.v3.lsa.u", "U: flood though unknown", FT_BOOL, FB_NONE, 0x8000 },
	[F_V3_LSA_S12] = { "ospf.v3.lsa.s12", "Flooding scope", FT_U16, FB_HEX, 0x6000,
			   .names = scopes },
	[F_V3_LSA_FC] = { "ospf.v3.lsa.fc", "Function code", FT_U16, FB_DEC, 0x1fff },
	[F_V3_ROUTER] = { "ospf.v3.lsa.router", "Router LSA", FT_BOOL },
	[F_V3_NETWORK] = { "ospf.v3.lsa.network", "Network LSA", FT_BOOL },
	[F_V3_INTERPREFIX] = { "ospf.v3.lsa.interprefix", "Inter-area prefix LSA", FT_BOOL },
	[F_V3_INTERROUTER] = { "ospf.v3.lsa.interrouter", "Inter-area router LSA", FT_BOOL },
	[F_V3_ASEXT] = { "ospf.v3.lsa.asext", "AS external LSA", FT_BOOL },
	[F_V3_MEMBER] = { "ospf.v3.lsa.member", "Group membership LSA", FT_BOOL },
	[F_V3_NSSA] = { "ospf.v3.lsa.nssa", "NSSA LSA", FT_BOOL },
	[F_V3_LINK] = { "ospf.v3.lsa.link", "Link LSA", FT_BOOL },
	[F_V3_INTRAPREFIX] = { "ospf.v3.lsa.intraprefix", "Intra-area prefix LSA", FT_BOOL },
	[F_LSA_ID] = { "ospf.lsa.id", "Link state id", FT_IPV4 },
	[F_LINK_STATE_ID] = { "ospf.link_state_id", "Link state id", FT_IPV4 },
	[F_OPAQUE_TYPE] = { "ospf.lsid_opaque_type", "Opaque type", FT_U8, FB_DEC },
	[F_OPAQUE_ID] = { "ospf.lsid.opaque_id", "Opaque id", FT_U24, FB_DEC },
	[F_ADVROUTER] = { "ospf.advrouter", "Advertising router", FT_IPV4 },
	[F_SEQNUM] = { "ospf.lsa.seqnum", "LS sequence number", FT_U32, FB_HEX },
	[F_LSA_CHKSUM] = { "ospf.lsa.chksum", "LS checksum", FT_U16, FB_HEX },
	[F_LSA_LENGTH] = { "ospf.lsa.length", "LS length", FT_U16, FB_DEC },
	[F_LINKS] = { "ospf.lsa.number_of_links", "Number of links", FT_U16, FB_DEC },
	[F_LINK_ID] = { "ospf.lsa.router.linkid", "Link id", FT_IPV4 },
	[F_LINK_DATA] = { "ospf.lsa.router.linkdata", "Link data", FT_IPV4 },
	[F_LINK_TYPE] = { "ospf.lsa.router.linktype", "Link type", FT_U8, FB_DEC,
			  .names = link_types },
	[F_NUM_METRICS] = { "ospf.lsa.router.nummetrics", "Number of metrics", FT_U8, FB_DEC },
	[F_METRIC0] = { "ospf.lsa.router.metric0", "Metric", FT_U16, FB_DEC },
	[F_NET_MASK] = { "ospf.lsa.network.netmask", "Network mask", FT_IPV4 },
	[F_ATTACHED] = { "ospf.lsa.network.attchrtr", "Attached router", FT_IPV4 },
	[F_SUM_MASK] = { "ospf.lsa.asbr.netmask", "Network mask", FT_IPV4 },
	[F_EXT_MASK] = { "ospf.lsa.asext.netmask", "Network mask", FT_IPV4 },
	[F_EXT_TYPE] = { "ospf.lsa.asext.type", "External metric is of type 2", FT_BOOL, FB_NONE,
			 0x80 },
	[F_TOS] = { "ospf.lsa.tos", "Type of service", FT_U8, FB_DEC },
	[F_METRIC] = { "ospf.metric", "Metric", FT_U32, FB_DEC },
	[F_FWDADDR] = { "ospf.lsa.asext.fwdaddr", "Forwarding address", FT_IPV4 },
	[F_EXT_TAG] = { "ospf.lsa.asext.extrttag", "External route tag", FT_U32, FB_DEC },
};

static void put_bits(struct dis *d, unsigned first, unsigned last, u32 at, u32 len, u64 v)
{
	d_down(d);
	for (unsigned f = first; f <= last; f++)
		d_bits(d, f, at, len, v);
	d_up(d);
}

/* The bit that is N elsewhere is P in an NSSA's own LSA (RFC 3101 2.3). */
static void put_options2(struct dis *d, struct cur *c, bool nssa_lsa)
{
	u32 at = c->at;
	u8 v = d_u8(d, c, F_V2_OPTIONS);

	if (c->fail != CUR_OK)
		return;
	put_bits(d, F_V2_DN, F_V2_L, at, 1, v);
	put_bits(d, nssa_lsa ? F_V2_P : F_V2_N, nssa_lsa ? F_V2_P : F_V2_N, at, 1, v);
	put_bits(d, F_V2_MC, F_V2_MT, at, 1, v);
}

static void put_options3(struct dis *d, struct cur *c)
{
	u32 at = c->at, v = d_be24(d, c, F_V3_OPTIONS);

	if (c->fail == CUR_OK)
		put_bits(d, F_V3_AT, F_V3_V6, at, 3, v);
}

/* ---- LSAs ---- */

static void put_links(struct dis *d, struct cur *c)
{
	u16 n;

	cur_skip(c, 2); /* flags */
	n = d_be16(d, c, F_LINKS);
	for (u32 i = 0; i < n && c->fail == CUR_OK; i++) {
		u8 tos;

		d_be32(d, c, F_LINK_ID);
		d_down(d);
		d_be32(d, c, F_LINK_DATA);
		d_u8(d, c, F_LINK_TYPE);
		tos = d_u8(d, c, F_NUM_METRICS);
		d_be16(d, c, F_METRIC0);
		d_up(d);
		cur_skip(c, tos * 4u);
	}
}

/* A summary: mask, then type of service and metric; an external route has an address and a tag
 * besides. */
static void put_metrics(struct dis *d, struct cur *c, bool external)
{
	d_be32(d, c, external ? F_EXT_MASK : F_SUM_MASK);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		u32 at = c->at;
		u8 v = cur_u8(c);

		if (c->fail != CUR_OK)
			return;
		if (external)
			d_bits(d, F_EXT_TYPE, at, 1, v);
		d_u(d, F_TOS, at, 1, external ? v & 0x7f : v);
		d_be24(d, c, F_METRIC);
		if (external) {
			d_be32(d, c, F_FWDADDR);
			d_be32(d, c, F_EXT_TAG);
		}
	}
}

static void put_body(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case 1: put_links(d, c); break;
	case 2:
		d_be32(d, c, F_NET_MASK);
		while (cur_wire_left(c) > 0 && c->fail == CUR_OK)
			d_be32(d, c, F_ATTACHED);
		break;
	case 3:
	case 4: put_metrics(d, c, false); break;
	case 5:
	case 7: put_metrics(d, c, true); break;
	default: break;
	}
}

static void put_type2(struct dis *d, struct cur *c, u8 *type)
{
	u32 at;

	*type = (u8)MAX(cur_peek(c, 1), 0);
	put_options2(d, c, *type == 7);
	at = c->at;
	d_u8(d, c, F_LSA);
	if (c->fail == CUR_OK && *type >= 1 && *type <= 11)
		d_u(d, *type >= 9 ? F_LSA_OPAQUE : F_LSA_ROUTER + *type - 1u, at, 1, 1);
	if (*type >= 9 && *type <= 11) { /* RFC 5250 */
		d_u8(d, c, F_OPAQUE_TYPE);
		d_be24(d, c, F_OPAQUE_ID);
	} else {
		d_be32(d, c, F_LSA_ID);
	}
}

static void put_type3(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 type = d_be16(d, c, F_V3_LSA), fc = type & 0x1fff;

	if (c->fail != CUR_OK)
		return;
	put_bits(d, F_V3_LSA_U, F_V3_LSA_FC, at, 2, type);
	if (fc >= 1 && fc <= 9)
		d_u(d, F_V3_ROUTER + fc - 1u, at, 2, 1);
	d_be32(d, c, F_LINK_STATE_ID);
}

/* An LSA's header, and its body where it is there. False where the list cannot go on. */
static bool lsa(struct dis *d, struct cur *c, u8 version, bool with_body)
{
	u32 at = c->at, len;
	struct cur body;
	u16 age;
	u8 type = 0;

	if (!cur_need(c, 20))
		return false;
	len = load_be16(c->base + at + 18);
	if (with_body && !cur_need(c, len))
		return false;
	age = cur_be16(c);
	d_bits(d, F_AGE, at, 2, age);
	d_down(d);
	d_bits(d, version == 2 ? F_DONOTAGE : F_V3_DONOTAGE, at, 2, age);
	if (version == 2)
		put_type2(d, c, &type);
	else
		put_type3(d, c);
	d_be32(d, c, F_ADVROUTER);
	d_be32(d, c, F_SEQNUM);
	d_be16(d, c, F_LSA_CHKSUM);
	d_be16(d, c, F_LSA_LENGTH);
	if (len < 20) {
		d_mark(d, MARK_LENGTH, at + 18, "an LSA's length is below that of its header");
		d_up(d);
		return false;
	}
	if (with_body) {
		body = cur_sub(c, len - 20);
		put_body(d, &body, type);
		d_check(d, &body);
	}
	d_up(d);
	return true;
}

/* ---- packets ---- */

static void hello(struct dis *d, struct cur *c, u8 version)
{
	u32 at;
	u16 dead;

	d_head(d, F_HELLO, c->at, cur_left(c));
	d_down(d);
	if (version == 2) {
		d_be32(d, c, F_NETMASK);
		d_be16(d, c, F_HELLO_INTERVAL);
		put_options2(d, c, false);
		d_u8(d, c, F_PRIORITY);
		d_be32(d, c, F_DEAD_INTERVAL);
	} else {
		d_be32(d, c, F_INTERFACE_ID);
		d_u8(d, c, F_PRIORITY);
		put_options3(d, c);
		d_be16(d, c, F_HELLO_INTERVAL);
		at = c->at;
		dead = cur_be16(c);
		if (c->fail == CUR_OK)
			d_u(d, F_DEAD_INTERVAL, at, 2, dead);
	}
	d_be32(d, c, F_DR);
	d_be32(d, c, F_BDR);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK)
		d_be32(d, c, F_NEIGHBOR);
	d_up(d);
}

static void database(struct dis *d, struct cur *c, u8 version)
{
	u32 at;
	u8 flags;

	if (version == 2) {
		d_be16(d, c, F_MTU);
		put_options2(d, c, false);
	} else {
		d_bytes(d, c, F_RESERVED, 1);
		put_options3(d, c);
		d_be16(d, c, F_MTU);
		d_bytes(d, c, F_RESERVED, 1);
	}
	at = c->at;
	flags = d_u8(d, c, F_DBD);
	if (c->fail != CUR_OK)
		return;
	put_bits(d, F_DBD_R, F_DBD_MS, at, 1, flags);
	d_be32(d, c, F_DD_SEQ);
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK && lsa(d, c, version, false))
		;
}

static void request(struct dis *d, struct cur *c, u8 version)
{
	while (cur_wire_left(c) > 0 && c->fail == CUR_OK) {
		u32 at;
		u16 type;

		if (version == 2) {
			at = c->at;
			type = (u16)cur_be32(c);
			if (c->fail == CUR_OK)
				d_u(d, F_LSA, at, 4, type & 0xff);
		} else {
			d_bytes(d, c, F_RESERVED, 2);
			at = c->at;
			type = d_be16(d, c, F_V3_LSA);
			if (c->fail == CUR_OK)
				put_bits(d, F_V3_LSA_U, F_V3_LSA_FC, at, 2, type);
		}
		d_down(d);
		d_be32(d, c, F_LINK_STATE_ID);
		d_be32(d, c, F_ADVROUTER);
		d_up(d);
	}
}

static void update(struct dis *d, struct cur *c, u8 version)
{
	u32 n = d_be32(d, c, F_NUM_LSAS);

	for (u32 i = 0; i < n && c->fail == CUR_OK; i++)
		if (!lsa(d, c, version, true))
			return;
}

/* n bytes as text up to a NUL, if there is one. */
static void put_text(struct dis *d, struct cur *c, unsigned f, u32 n)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n), *nul = p != NULL ? memchr(p, 0, n) : NULL;

	if (p != NULL)
		d_mem(d, f, at, nul != NULL ? (u32)(nul - p) : n);
}

/* The authentication of version 2; the digest stands behind the packet, in `behind`. */
static void authentication(struct dis *d, struct cur *c, struct cur behind)
{
	u16 type = d_be16(d, c, F_AUTH_TYPE);
	u8 len;

	d_down(d);
	switch (type) {
	case 0: d_bytes(d, c, F_AUTH_NONE, 8); break;
	case 1: put_text(d, c, F_AUTH_SIMPLE, 8); break;
	case 2:
		cur_skip(c, 2);
		d_u8(d, c, F_AUTH_KEY_ID);
		len = d_u8(d, c, F_AUTH_LEN);
		d_be32(d, c, F_AUTH_SEQ);
		if (len > 0)
			d_bytes(d, &behind, F_AUTH_DATA, len);
		break;
	default: d_bytes(d, c, F_AUTH_UNKNOWN, 8); break;
	}
	d_up(d);
}

static void payload(struct dis *d, struct cur *c, u8 version, u8 type)
{
	switch (type) {
	case HELLO: hello(d, c, version); break;
	case DBDESC: database(d, c, version); break;
	case LSREQ: request(d, c, version); break;
	case LSUPDATE: update(d, c, version); break;
	case LSACK:
		while (cur_wire_left(c) > 0 && c->fail == CUR_OK && lsa(d, c, version, false))
			;
		break;
	default: break;
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 at = c->at, len;
	struct cur body = *c, behind = *c;
	u8 version = (u8)MAX(cur_peek(c, 0), 0), type;

	d_head(d, F_HEADER, at, MIN(cur_left(c), version == 2 ? 24u : version == 3 ? 16u : 14u));
	d_down(d);
	d_u8(d, c, F_VERSION);
	type = d_u8(d, c, F_MSG);
	if (c->fail == CUR_OK && type >= HELLO && type <= LSACK)
		d_u(d, F_MSG_HELLO + type - 1u, at + 1, 1, 1);
	len = d_be16(d, c, F_LENGTH);
	d_be32(d, c, F_ROUTER);
	d_be32(d, c, F_AREA);
	d_be16(d, c, F_CHECKSUM);
	if (c->fail == CUR_OK && version == 2) {
		cur_skip(&behind, len);
		authentication(d, c, behind);
	} else if (c->fail == CUR_OK && version == 3) {
		d_u8(d, c, F_INSTANCE);
		d_bytes(d, c, F_RESERVED, 1);
	}
	d_up(d);
	if (c->fail != CUR_OK || (version != 2 && version != 3))
		return;
	body.at = c->at;
	if (len < c->at - at || !cur_limit(&body, len - (c->at - at)))
		d_mark(d, MARK_LENGTH, at + 2, "the OSPF packet length does not fit the packet");
	payload(d, &body, version, type);
	d_check(d, &body);
}

/* "Hello from 1.1.1.1 area 0.0.0.0" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const char *name = vstr_name(messages, pkt_get_u(k, l, F_MSG, 0));
	const struct val *v;

	txt_puts(t, name != NULL ? name : "Unknown message");
	if ((v = pkt_get(k, l, F_ROUTER)) != NULL) {
		txt_puts(t, " from ");
		show_value(t, k, v);
	}
	if ((v = pkt_get(k, l, F_AREA)) != NULL) {
		txt_puts(t, " area ");
		show_value(t, k, v);
	}
}

static const u16 info_wants[] = { F_MSG, F_ROUTER, F_AREA, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 89 } };

const struct proto proto_ospf = {
	.name = "ospf",
	.title = "Open Shortest Path First",
	.abbrev = "OSPF",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
