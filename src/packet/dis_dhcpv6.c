/* DHCPv6 (RFC 8415). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+-----------------------------------------------+
 *  | message type  |               transaction id                  |
 *  +---------------+-----------------------------------------------+
 *  |  options: code 16, length 16, value                           |
 *  +---------------------------------------------------------------+
 *  a relay's message: type, hop count, link address, peer address, options */
#include "packet/proto.h"
#include "packet/show.h"

#include <string.h>

enum {
	F_MSGTYPE,
	F_HOPCOUNT,
	F_XID,
	F_LINKADDR,
	F_PEERADDR,
	F_OPT_TYPE,
	F_OPT_LEN,
	F_DUID,
	F_DUID_TYPE,
	F_LLT_HWTYPE,
	F_LLT_TIME,
	F_LLT_ADDR,
	F_LL_HWTYPE,
	F_LL_ADDR,
	F_EN_ENTERPRISE,
	F_EN_ID,
	F_UUID,
	F_IAID,
	F_T1,
	F_T2,
	F_IATA,
	F_IAADDR,
	F_ADDR_PREF,
	F_ADDR_VALID,
	F_PFX_PREF,
	F_PFX_VALID,
	F_PFX_LEN,
	F_PFX_ADDR,
	F_REQUESTED,
	F_PREFERENCE,
	F_ELAPSED,
	F_AUTH_PROTOCOL,
	F_AUTH_ALGORITHM,
	F_AUTH_RDM,
	F_AUTH_REPLAY,
	F_AUTH_INFO,
	F_UNICAST,
	F_STATUS,
	F_STATUS_MSG,
	F_USERCLASS_LEN,
	F_USERCLASS,
	F_VC_ENTERPRISE,
	F_VC_DATA,
	F_VO_ENTERPRISE,
	F_VO_CODE,
	F_VO_LEN,
	F_VO_DATA,
	F_INTERFACE_ID,
	F_RECONF,
	F_SIP_NAME,
	F_SIP_ADDR,
	F_DNS_SERVER,
	F_SEARCH,
	F_NIS,
	F_NISP,
	F_NIS_NAME,
	F_NISP_NAME,
	F_SNTP,
	F_LIFETIME,
	F_BCMCS_NAME,
	F_BCMCS_ADDR,
	F_REMOTE_ENTERPRISE,
	F_REMOTE_ID,
	F_SUBSCRIBER,
	F_FQDN_FLAGS,
	F_FQDN_CN,
	F_FQDN_CS,
	F_FQDN_SN,
	F_FQDN_SO,
	F_FQDN_SS,
	F_FQDN,
	F_PANA,
	F_TIMEZONE,
	F_TZDB,
	F_CLT,
	F_CAPWAP,
	F_NTP_TYPE,
	F_NTP_LEN,
	F_NTP_ADDR,
	F_NTP_MC,
	F_NTP_FQDN,
	F_AFTR,
	F_EXCLUDE_LEN,
	F_EXCLUDE,
	F_PORTAL,
	F_MUDURL,
	F_RELAY_PORT,
};

enum {
	MAX_NESTING = 24, /* options and relayed messages inside each other that are read */
	RELAY_FORW = 12,
	RELAY_REPL = 13
};

static const struct vstr messages[] = {
	{ 1, "Solicit" },
	{ 2, "Advertise" },
	{ 3, "Request" },
	{ 4, "Confirm" },
	{ 5, "Renew" },
	{ 6, "Rebind" },
	{ 7, "Reply" },
	{ 8, "Release" },
	{ 9, "Decline" },
	{ 10, "Reconfigure" },
	{ 11, "Information-request" },
	{ 12, "Relay-forward" },
	{ 13, "Relay-reply" },
	{ 14, "Lease query" },
	{ 15, "Lease query reply" },
	{ 16, "Lease query done" },
	{ 17, "Lease query data" },
	{ 18, "Reconfigure-request" },
	{ 19, "Reconfigure-reply" },
	{ 20, "DHCPv4 query" },
	{ 21, "DHCPv4 response" },
	{ 0, NULL },
};
static const struct vstr options[] = {
	{ 1, "Client identifier" },
	{ 2, "Server identifier" },
	{ 3, "IA for non-temporary addresses" },
	{ 4, "IA for temporary addresses" },
	{ 5, "IA address" },
	{ 6, "Option request" },
	{ 7, "Preference" },
	{ 8, "Elapsed time" },
	{ 9, "Relay message" },
	{ 11, "Authentication" },
	{ 12, "Server unicast" },
	{ 13, "Status code" },
	{ 14, "Rapid commit" },
	{ 15, "User class" },
	{ 16, "Vendor class" },
	{ 17, "Vendor options" },
	{ 18, "Interface id" },
	{ 19, "Reconfigure message" },
	{ 20, "Reconfigure accept" },
	{ 21, "SIP server names" },
	{ 22, "SIP servers" },
	{ 23, "DNS servers" },
	{ 24, "Domain search list" },
	{ 25, "IA for prefix delegation" },
	{ 26, "IA prefix" },
	{ 27, "NIS servers" },
	{ 28, "NIS+ servers" },
	{ 29, "NIS domain" },
	{ 30, "NIS+ domain" },
	{ 31, "SNTP servers" },
	{ 32, "Information refresh time" },
	{ 33, "BCMCS server names" },
	{ 34, "BCMCS servers" },
	{ 36, "Civic address" },
	{ 37, "Remote id" },
	{ 38, "Subscriber id" },
	{ 39, "Client FQDN" },
	{ 40, "PANA agents" },
	{ 41, "Time zone, POSIX" },
	{ 42, "Time zone, name" },
	{ 43, "Echo request" },
	{ 44, "Lease query" },
	{ 45, "Client data" },
	{ 46, "Client last transaction time" },
	{ 47, "Relay data" },
	{ 48, "Client link" },
	{ 52, "CAPWAP access controllers" },
	{ 56, "NTP servers" },
	{ 59, "Boot file URL" },
	{ 60, "Boot file parameters" },
	{ 61, "Client architecture" },
	{ 64, "AFTR name" },
	{ 67, "Prefix exclude" },
	{ 79, "Client link-layer address" },
	{ 82, "SOL_MAX_RT" },
	{ 83, "INF_MAX_RT" },
	{ 103, "Captive portal" },
	{ 112, "MUD URL" },
	{ 135, "Relay source port" },
	{ 0, NULL },
};
static const struct vstr duid_types[] = {
	{ 1, "Link-layer address plus time" },
	{ 2, "Assigned by vendor" },
	{ 3, "Link-layer address" },
	{ 4, "UUID" },
	{ 0, NULL },
};
static const struct vstr statuses[] = {
	{ 0, "Success" },
	{ 1, "Failure" },
	{ 2, "No addresses available" },
	{ 3, "No binding" },
	{ 4, "Not on link" },
	{ 5, "Use multicast" },
	{ 6, "No prefix available" },
	{ 7, "Unknown query type" },
	{ 8, "Malformed query" },
	{ 9, "Not configured" },
	{ 10, "Not allowed" },
	{ 11, "Query terminated" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_MSGTYPE] = { "dhcpv6.msgtype", "Message type", FT_U8, FB_DEC, .names = messages },
	[F_HOPCOUNT] = { "dhcpv6.hopcount", "Hop count", FT_U8, FB_DEC },
	[F_XID] = { "dhcpv6.xid", "Transaction id", FT_U24, FB_HEX },
	[F_LINKADDR] = { "dhcpv6.linkaddr", "Link address", FT_IPV6 },
	[F_PEERADDR] = { "dhcpv6.peeraddr", "Peer address", FT_IPV6 },
	[F_OPT_TYPE] = { "dhcpv6.option.type", "Option", FT_U16, FB_DEC, .names = options },
	[F_OPT_LEN] = { "dhcpv6.option.length", "Length", FT_U16, FB_DEC },
	[F_DUID] = { "dhcpv6.duid.bytes", "DUID", FT_BYTES },
	[F_DUID_TYPE] = { "dhcpv6.duid.type", "DUID type", FT_U16, FB_DEC, .names = duid_types },
	[F_LLT_HWTYPE] = { "dhcpv6.duidllt.hwtype", "Hardware type (LLT)", FT_U16, FB_DEC },
	[F_LLT_TIME] = { "dhcpv6.duidllt.time", "DUID time", FT_ABSTIME },
	[F_LLT_ADDR] = { "dhcpv6.duidllt.link_layer_addr", "Link-layer address (LLT)", FT_STRING },
	[F_LL_HWTYPE] = { "dhcpv6.duidll.hwtype", "Hardware type (LL)", FT_U16, FB_DEC },
	[F_LL_ADDR] = { "dhcpv6.duidll.link_layer_addr", "Link-layer address (LL)", FT_STRING },
	[F_EN_ENTERPRISE] = { "dhcpv6.duiden.enterprise", "Enterprise number of the DUID", FT_U32,
			      FB_DEC },
	[F_EN_ID] = { "dhcpv6.duiden.identifier", "Identifier of the DUID", FT_BYTES },
	[F_UUID] = { "dhcpv6.duiduuid.bytes", "UUID", FT_BYTES },
	[F_IAID] = { "dhcpv6.iaid", "IAID", FT_STRING },
	[F_T1] = { "dhcpv6.iaid.t1", "T1 (s)", FT_U32, FB_DEC },
	[F_T2] = { "dhcpv6.iaid.t2", "T2 (s)", FT_U32, FB_DEC },
	[F_IATA] = { "dhcpv6.iata", "IAID of temporary addresses", FT_STRING },
	[F_IAADDR] = { "dhcpv6.iaaddr.ip", "Address", FT_IPV6 },
	[F_ADDR_PREF] = { "dhcpv6.iaaddr.pref_lifetime", "Preferred lifetime of the address (s)",
			  FT_U32, FB_DEC },
	[F_ADDR_VALID] = { "dhcpv6.iaaddr.valid_lifetime", "Valid lifetime of the address (s)",
			   FT_U32, FB_DEC },
	[F_PFX_PREF] = { "dhcpv6.iaprefix.pref_lifetime", "Preferred lifetime of the prefix (s)",
			 FT_U32, FB_DEC },
	[F_PFX_VALID] = { "dhcpv6.iaprefix.valid_lifetime", "Valid lifetime of the prefix (s)",
			  FT_U32, FB_DEC },
	[F_PFX_LEN] = { "dhcpv6.iaprefix.pref_len", "Prefix length", FT_U8, FB_DEC },
	[F_PFX_ADDR] = { "dhcpv6.iaprefix.pref_addr", "Prefix", FT_IPV6 },
	[F_REQUESTED] = { "dhcpv6.requested_option_code", "Requested option", FT_U16, FB_DEC,
			  .names = options },
	[F_PREFERENCE] = { "dhcpv6.option_preference", "Preference", FT_U8, FB_DEC },
	[F_ELAPSED] = { "dhcpv6.elapsed_time", "Elapsed time (ms)", FT_U16, FB_DEC },
	[F_AUTH_PROTOCOL] = { "dhcpv6.auth.protocol", "Authentication protocol", FT_U8, FB_DEC },
	[F_AUTH_ALGORITHM] = { "dhcpv6.auth.algorithm", "Authentication algorithm", FT_U8, FB_DEC },
	[F_AUTH_RDM] = { "dhcpv6.auth.rdm", "Replay detection method", FT_U8, FB_DEC },
	[F_AUTH_REPLAY] = { "dhcpv6.auth.replay_detection", "Replay detection value", FT_BYTES },
	[F_AUTH_INFO] = { "dhcpv6.auth.info", "Authentication information", FT_BYTES },
	[F_UNICAST] = { "dhcpv6.unicast", "Server unicast address", FT_IPV6 },
	[F_STATUS] = { "dhcpv6.status_code", "Status", FT_U16, FB_DEC, .names = statuses },
	[F_STATUS_MSG] = { "dhcpv6.status_msg", "Status message", FT_STRING },
	[F_USERCLASS_LEN] = { "dhcpv6.userclass.length", "User class length", FT_U16, FB_DEC },
	[F_USERCLASS] = { "dhcpv6.userclass.opaque_data", "User class", FT_BYTES },
	[F_VC_ENTERPRISE] = { "dhcpv6.vendorclass.enterprise",
			      "Enterprise number of the vendor class", FT_U32, FB_DEC },
	[F_VC_DATA] = { "dhcpv6.vendorclass.data", "Vendor class", FT_STRING },
	[F_VO_ENTERPRISE] = { "dhcpv6.vendoropts.enterprise",
			      "Enterprise number of the vendor options", FT_U32, FB_DEC },
	[F_VO_CODE] = { "dhcpv6.vendoropts.enterprise.option_code", "Vendor option", FT_U16,
			FB_DEC },
	[F_VO_LEN] = { "dhcpv6.vendoropts.enterprise.option_length", "Vendor option length", FT_U16,
		       FB_DEC },
	[F_VO_DATA] = { "dhcpv6.vendoropts.enterprise.option_data", "Vendor option data",
			FT_BYTES },
	[F_INTERFACE_ID] = { "dhcpv6.interface_id", "Interface id", FT_BYTES },
	[F_RECONF] = { "dhcpv6.reconf_msg", "Reconfigure message type", FT_U8, FB_DEC,
		       .names = messages },
	[F_SIP_NAME] = { "dhcpv6.sip_server_domain_search_fqdn", "SIP server name", FT_STRING },
	[F_SIP_ADDR] = { "dhcpv6.sip_server_a", "SIP server", FT_IPV6 },
	[F_DNS_SERVER] = { "dhcpv6.dns_server", "DNS server", FT_IPV6 },
	[F_SEARCH] = { "dhcpv6.search_list_entry", "Search domain", FT_STRING },
	[F_NIS] = { "dhcpv6.nis_server", "NIS server", FT_IPV6 },
	[F_NISP] = { "dhcpv6.nisp_server", "NIS+ server", FT_IPV6 },
	[F_NIS_NAME] = { "dhcpv6.nis_fqdn", "NIS domain", FT_STRING },
	[F_NISP_NAME] = { "dhcpv6.nisp_fqdn", "NIS+ domain", FT_STRING },
	[F_SNTP] = { "dhcpv6.sntp_server", "SNTP server", FT_IPV6 },
	[F_LIFETIME] = { "dhcpv6.lifetime", "Information refresh time (s)", FT_U32, FB_DEC },
	[F_BCMCS_NAME] = { "dhcpv6.bcmcs_server_fqdn", "BCMCS server name", FT_STRING },
	[F_BCMCS_ADDR] = { "dhcpv6.bcmcs_server_a", "BCMCS server", FT_IPV6 },
	[F_REMOTE_ENTERPRISE] = { "dhcpv6.remoteid.enterprise",
				  "Enterprise number of the remote id", FT_U32, FB_DEC },
	[F_REMOTE_ID] = { "dhcpv6.remoteid_enterprise_id", "Remote id", FT_BYTES },
	[F_SUBSCRIBER] = { "dhcpv6.subscriber_id", "Subscriber id", FT_STRING },
	[F_FQDN_FLAGS] = { "dhcpv6.client_fqdn_flags", "FQDN flags", FT_U8, FB_HEX },
	[F_FQDN_CN] = { "dhcpv6.clientfqdn.client.n", "Client asks for no DNS update", FT_BOOL,
			FB_NONE, 0x4 },
	[F_FQDN_CS] = { "dhcpv6.clientfqdn.client.s", "Client asks for the AAAA update", FT_BOOL,
			FB_NONE, 0x1 },
	[F_FQDN_SN] = { "dhcpv6.clientfqdn.server.n", "Server made no DNS update", FT_BOOL, FB_NONE,
			0x4 },
	[F_FQDN_SO] = { "dhcpv6.clientfqdn.server.o", "Server overrode S", FT_BOOL, FB_NONE, 0x2 },
	[F_FQDN_SS] = { "dhcpv6.clientfqdn.server.s", "Server made the AAAA update", FT_BOOL,
			FB_NONE, 0x1 },
	[F_FQDN] = { "dhcpv6.client_domain", "Client FQDN", FT_STRING },
	[F_PANA] = { "dhcpv6.pana_agent", "PANA agent", FT_IPV6 },
	[F_TIMEZONE] = { "dhcpv6.timezone", "Time zone, POSIX", FT_STRING },
	[F_TZDB] = { "dhcpv6.tzdb", "Time zone, name", FT_STRING },
	[F_CLT] = { "dhcpv6.clt_time", "Client last transaction time (s)", FT_U32, FB_DEC },
	[F_CAPWAP] = { "dhcpv6.capwap_ac_v6", "CAPWAP access controller", FT_IPV6 },
	[F_NTP_TYPE] = { "dhcpv6.ntpserver.option.type", "NTP suboption", FT_U16, FB_DEC },
	[F_NTP_LEN] = { "dhcpv6.ntpserver.option.length", "NTP suboption length", FT_U16, FB_DEC },
	[F_NTP_ADDR] = { "dhcpv6.ntpserver.addr", "NTP server", FT_IPV6 },
	[F_NTP_MC] = { "dhcpv6.ntpserver.mc_addr", "NTP multicast address", FT_IPV6 },
	[F_NTP_FQDN] = { "dhcpv6.ntpserver.fqdn", "NTP server name", FT_STRING },
	[F_AFTR] = { "dhcpv6.aftr_name", "AFTR name", FT_STRING },
	[F_EXCLUDE_LEN] = { "dhcpv6.pd_exclude.pref_len", "Excluded prefix length", FT_U8, FB_DEC },
	[F_EXCLUDE] = { "dhcpv6.pd_exclude.subnet_id", "Excluded subnet id", FT_BYTES },
	[F_PORTAL] = { "dhcpv6.captive_portal", "Captive portal", FT_STRING },
	[F_MUDURL] = { "dhcpv6.mudurl", "Manufacturer usage description URL", FT_STRING },
	[F_RELAY_PORT] = { "dhcpv6.relay_port", "Relay source port", FT_U16, FB_DEC },
};

/* ---- values ---- */

enum kind {
	U8,
	U16,
	U32,
	U16S, /* as many as there are */
	IP6S,
	STR,
	BYTES,
	NAMES
};

static const struct simple {
	u8 code, kind, f;
} simple[] = {
	{ 6, U16S, F_REQUESTED },      { 7, U8, F_PREFERENCE },	   { 12, IP6S, F_UNICAST },
	{ 18, BYTES, F_INTERFACE_ID }, { 19, U8, F_RECONF },	   { 21, NAMES, F_SIP_NAME },
	{ 22, IP6S, F_SIP_ADDR },      { 23, IP6S, F_DNS_SERVER }, { 24, NAMES, F_SEARCH },
	{ 27, IP6S, F_NIS },	       { 28, IP6S, F_NISP },	   { 29, NAMES, F_NIS_NAME },
	{ 30, NAMES, F_NISP_NAME },    { 31, IP6S, F_SNTP },	   { 32, U32, F_LIFETIME },
	{ 33, NAMES, F_BCMCS_NAME },   { 34, IP6S, F_BCMCS_ADDR }, { 38, STR, F_SUBSCRIBER },
	{ 40, IP6S, F_PANA },	       { 41, STR, F_TIMEZONE },	   { 42, STR, F_TZDB },
	{ 43, U16S, F_REQUESTED },     { 46, U32, F_CLT },	   { 52, IP6S, F_CAPWAP },
	{ 64, NAMES, F_AFTR },	       { 103, STR, F_PORTAL },	   { 112, STR, F_MUDURL },
	{ 135, U16, F_RELAY_PORT },
};

/* n bytes as text in hex: "00000001"; or as a MAC address. */
static void put_hex(struct dis *d, struct cur *c, unsigned f, u32 n, bool mac)
{
	struct txt t;
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n);

	if (p == NULL || !d_wants(d, f))
		return;
	txt_init(&t);
	txt_hexbytes(&t, p, n, mac ? ':' : '\0');
	d_text(d, f, at, n, t.s, t.n);
	txt_fini(&t);
}

/* Names in DNS encoding without pointers (RFC 8415 10): "example.org.", and "host" where it does
 * not end in the root. */
static void put_names(struct dis *d, struct cur *c, unsigned f)
{
	while (cur_left(c) > 0 && c->fail == CUR_OK) {
		char s[256];
		u32 at = c->at, n = 0;
		bool root = false;

		while (cur_left(c) > 0 && !root) {
			u8 len = cur_u8(c);
			const u8 *p = cur_bytes(c, len);

			if (len > 63 || p == NULL || n + len + 1u > sizeof s) {
				d_mark(d, MARK_LENGTH, at, "a name in a DHCPv6 option is too long");
				return;
			}
			root = len == 0;
			if (!root && n > 0)
				s[n++] = '.';
			memcpy(s + n, p, len);
			n += len;
		}
		if (root)
			s[n++] = '.';
		d_text(d, f, at, c->at - at, s, n);
	}
}

static void put_simple(struct dis *d, struct cur *c, const struct simple *s)
{
	u32 n = cur_left(c);

	switch ((enum kind)s->kind) {
	case U8:
		if (n == 1)
			d_u8(d, c, s->f);
		break;
	case U16:
		if (n == 2)
			d_be16(d, c, s->f);
		break;
	case U32:
		if (n == 4)
			d_be32(d, c, s->f);
		break;
	case U16S:
		while (cur_left(c) >= 2)
			d_be16(d, c, s->f);
		break;
	case IP6S:
		while (n % 16 == 0 && cur_left(c) > 0)
			d_bytes(d, c, s->f, 16);
		break;
	case STR:
	case BYTES: d_rest(d, c, s->f); break;
	case NAMES: put_names(d, c, s->f); break;
	}
	if (cur_left(c) > 0)
		d_mark(d, MARK_LENGTH, c->at, "a DHCPv6 option has a length it cannot have");
}

/* ---- options that need more; c is bounded to the value ---- */

/* RFC 8415 11, RFC 6355 */
static void duid(struct dis *d, struct cur *c)
{
	u32 n = cur_left(c), at, t;
	u16 type, hw;

	if (n < 2) {
		d_mark(d, MARK_LENGTH, c->at, "a DUID without a type");
		return;
	}
	d_mem(d, F_DUID, c->at, n);
	type = d_be16(d, c, F_DUID_TYPE);
	if (type == 1 && n >= 8) {
		hw = d_be16(d, c, F_LLT_HWTYPE);
		at = c->at;
		t = cur_be32(c);
		if (d_wants(d, F_LLT_TIME)) /* counts from 2000 */
			d_put(d, F_LLT_TIME, at, 4)->i = (INT64_C(946684800) + t) * NS_PER_S;
		if (n > 8)
			put_hex(d, c, F_LLT_ADDR, n - 8, hw == 1 && n == 14);
	} else if (type == 3 && n >= 4) {
		hw = d_be16(d, c, F_LL_HWTYPE);
		if (n > 4)
			put_hex(d, c, F_LL_ADDR, n - 4, hw == 1 && n == 10);
	} else if (type == 2 && n >= 6) {
		d_be32(d, c, F_EN_ENTERPRISE);
		d_rest(d, c, F_EN_ID);
	} else if (type == 4 && n == 18) {
		d_bytes(d, c, F_UUID, 16);
	} else if (type >= 1 && type <= 4) {
		d_mark(d, MARK_LENGTH, c->at, "a DUID has a length it cannot have");
	}
}

static void authentication(struct dis *d, struct cur *c)
{
	d_u8(d, c, F_AUTH_PROTOCOL);
	d_u8(d, c, F_AUTH_ALGORITHM);
	d_u8(d, c, F_AUTH_RDM);
	d_bytes(d, c, F_AUTH_REPLAY, 8);
	d_rest(d, c, F_AUTH_INFO);
}

static void user_class(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 2 && c->fail == CUR_OK) {
		u16 n = d_be16(d, c, F_USERCLASS_LEN);

		d_bytes(d, c, F_USERCLASS, n);
	}
}

static void vendor_class(struct dis *d, struct cur *c)
{
	d_be32(d, c, F_VC_ENTERPRISE);
	while (cur_left(c) >= 2 && c->fail == CUR_OK) {
		u16 n = cur_be16(c);

		d_bytes(d, c, F_VC_DATA, n);
	}
}

static void vendor_options(struct dis *d, struct cur *c)
{
	d_be32(d, c, F_VO_ENTERPRISE);
	while (cur_left(c) >= 4 && c->fail == CUR_OK) {
		u16 n;

		d_be16(d, c, F_VO_CODE);
		d_down(d);
		n = d_be16(d, c, F_VO_LEN);
		d_bytes(d, c, F_VO_DATA, n);
		d_up(d);
	}
}

/* RFC 4704; a server's flags mean something else than a client's. */
static void fqdn(struct dis *d, struct cur *c, u8 msg)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, F_FQDN_FLAGS);
	bool client = msg == 1 || msg == 3 || msg == 5 || msg == 6;
	bool server = msg == 2 || msg == 7;

	d_down(d);
	for (unsigned f = F_FQDN_CN; client && f <= F_FQDN_CS; f++)
		d_bits(d, f, at, 1, flags);
	for (unsigned f = F_FQDN_SN; server && f <= F_FQDN_SS; f++)
		d_bits(d, f, at, 1, flags);
	d_up(d);
	put_names(d, c, F_FQDN);
}

/* RFC 5908 */
static void ntp_servers(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 4 && c->fail == CUR_OK) {
		u16 type = d_be16(d, c, F_NTP_TYPE), n;
		struct cur v;

		d_down(d);
		n = d_be16(d, c, F_NTP_LEN);
		v = cur_sub(c, n);
		if (type <= 2 && type > 0 && n == 16)
			d_bytes(d, &v, type == 1 ? F_NTP_ADDR : F_NTP_MC, 16);
		else if (type == 3)
			put_names(d, &v, F_NTP_FQDN);
		d_up(d);
	}
}

/* ---- options that hold options ---- */

static void read_message(struct dis *d, struct cur *c, unsigned nesting);
static void read_options(struct dis *d, struct cur *c, u8 msg, unsigned nesting);

static void inner_options(struct dis *d, struct cur *c, u8 msg, unsigned nesting)
{
	d_down(d);
	read_options(d, c, msg, nesting + 1);
	d_up(d);
}

static bool short_of(struct dis *d, const struct cur *c, u32 n)
{
	if (cur_left(c) >= n)
		return false;
	d_mark(d, MARK_LENGTH, c->at, "a DHCPv6 option is shorter than what it must hold");
	return true;
}

static void identity(struct dis *d, struct cur *c, u16 code, u8 msg, unsigned nesting)
{
	if (code == 4) {
		if (short_of(d, c, 4))
			return;
		put_hex(d, c, F_IATA, 4, false);
	} else {
		if (short_of(d, c, 12))
			return;
		put_hex(d, c, F_IAID, 4, false);
		d_be32(d, c, F_T1);
		d_be32(d, c, F_T2);
	}
	inner_options(d, c, msg, nesting);
}

static void address(struct dis *d, struct cur *c, u8 msg, unsigned nesting)
{
	if (short_of(d, c, 24))
		return;
	d_bytes(d, c, F_IAADDR, 16);
	d_be32(d, c, F_ADDR_PREF);
	d_be32(d, c, F_ADDR_VALID);
	inner_options(d, c, msg, nesting);
}

static void prefix(struct dis *d, struct cur *c, u8 msg, unsigned nesting)
{
	if (short_of(d, c, 25))
		return;
	d_be32(d, c, F_PFX_PREF);
	d_be32(d, c, F_PFX_VALID);
	d_u8(d, c, F_PFX_LEN);
	d_bytes(d, c, F_PFX_ADDR, 16);
	inner_options(d, c, msg, nesting);
}

static void put_special(struct dis *d, struct cur *c, u16 code, u8 msg, unsigned nesting)
{
	u32 at = c->at;

	switch (code) {
	case 1:
	case 2: duid(d, c); break;
	case 3:
	case 4:
	case 25: identity(d, c, code, msg, nesting); break;
	case 5: address(d, c, msg, nesting); break;
	case 8:
		if (!short_of(d, c, 2))
			d_u(d, F_ELAPSED, at, 2, cur_be16(c) * UINT64_C(10));
		break;
	case 9:
		if (cur_left(c) > 0)
			read_message(d, c, nesting + 1);
		break;
	case 11:
		if (!short_of(d, c, 11))
			authentication(d, c);
		break;
	case 13:
		if (short_of(d, c, 2))
			break;
		d_be16(d, c, F_STATUS);
		d_rest(d, c, F_STATUS_MSG);
		break;
	case 15: user_class(d, c); break;
	case 16:
		if (!short_of(d, c, 4))
			vendor_class(d, c);
		break;
	case 17:
		if (!short_of(d, c, 4))
			vendor_options(d, c);
		break;
	case 26: prefix(d, c, msg, nesting); break;
	case 37:
		if (short_of(d, c, 4))
			break;
		d_be32(d, c, F_REMOTE_ENTERPRISE);
		d_rest(d, c, F_REMOTE_ID);
		break;
	case 39:
		if (!short_of(d, c, 1))
			fqdn(d, c, msg);
		break;
	case 45: inner_options(d, c, msg, nesting); break;
	case 56: ntp_servers(d, c); break;
	case 67:
		if (short_of(d, c, 2))
			break;
		d_u8(d, c, F_EXCLUDE_LEN);
		d_rest(d, c, F_EXCLUDE);
		break;
	default: break;
	}
}

static void put_option(struct dis *d, struct cur *c, u8 msg, unsigned nesting)
{
	u16 code = d_be16(d, c, F_OPT_TYPE), n;
	struct cur v;

	d_down(d);
	n = d_be16(d, c, F_OPT_LEN);
	v = cur_sub(c, n);
	for (unsigned i = 0; i < ARRAY_LEN(simple); i++)
		if (simple[i].code == code) {
			put_simple(d, &v, &simple[i]);
			d_up(d);
			return;
		}
	put_special(d, &v, code, msg, nesting);
	d_check(d, &v);
	d_up(d);
}

static void read_options(struct dis *d, struct cur *c, u8 msg, unsigned nesting)
{
	if (nesting > MAX_NESTING) {
		if (cur_left(c) > 0)
			d_mark(d, MARK_DEPTH, c->at, "DHCPv6 options nested too deep to be read");
		return;
	}
	while (cur_left(c) > 0 && c->fail == CUR_OK) {
		if (!cur_need(c, 4) || !cur_need(c, 4u + load_be16(c->base + c->at + 2)))
			return;
		put_option(d, c, msg, nesting);
	}
}

static void read_message(struct dis *d, struct cur *c, unsigned nesting)
{
	u8 type = d_u8(d, c, F_MSGTYPE);

	if (type == RELAY_FORW || type == RELAY_REPL) {
		d_u8(d, c, F_HOPCOUNT);
		d_bytes(d, c, F_LINKADDR, 16);
		d_bytes(d, c, F_PEERADDR, 16);
	} else {
		d_be24(d, c, F_XID);
	}
	read_options(d, c, type, nesting);
}

static void dissect(struct dis *d, struct cur *c)
{
	read_message(d, c, 0);
}

/* ---- the list line ---- */

static void put_if(const struct pkt *k, const struct layer *l, struct txt *t, unsigned f,
		   const char *before)
{
	const struct val *v = pkt_get(k, l, f);

	if (v == NULL)
		return;
	txt_puts(t, before);
	show_value(t, k, v);
}

/* "Solicit id 0x123456", "Reply address 2001:db8::100 prefix 2001:db8:1::/56 id 0x123456" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const char *name = vstr_name(messages, pkt_get_u(k, l, F_MSGTYPE, 0));

	txt_puts(t, name != NULL ? name : "Unknown message");
	put_if(k, l, t, F_PEERADDR, " for ");
	put_if(k, l, t, F_IAADDR, " address ");
	put_if(k, l, t, F_PFX_ADDR, " prefix ");
	put_if(k, l, t, F_PFX_LEN, "/");
	if (pkt_get_u(k, l, F_STATUS, 0) != 0) {
		name = vstr_name(statuses, pkt_get_u(k, l, F_STATUS, 0));
		txt_puts(t, ", ");
		txt_puts(t, name != NULL ? name : "unknown status");
	}
	put_if(k, l, t, F_XID, " id ");
}

static const u16 info_wants[] = { F_MSGTYPE, F_PEERADDR, F_IAADDR, F_PFX_ADDR,
				  F_PFX_LEN, F_STATUS,	 F_XID,	   FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 546 }, { TBL_UDP, 547 } };

const struct proto proto_dhcpv6 = {
	.name = "dhcpv6",
	.title = "DHCPv6",
	.abbrev = "DHCPv6",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
