/* DHCP options (RFC 2132 and the RFCs named below). Most are a value of one kind in one field. */
#include "packet/dhcp.h"
#include "packet/dns_name.h"

#include <string.h>

const struct vstr dhcp_options[] = {
	{ 0, "Pad" },
	{ 1, "Subnet mask" },
	{ 2, "Time offset (s)" },
	{ 3, "Router" },
	{ 4, "Time server" },
	{ 5, "Name server" },
	{ 6, "Domain name server" },
	{ 7, "Log server" },
	{ 8, "Quotes server" },
	{ 9, "LPR server" },
	{ 10, "Impress server" },
	{ 11, "Resource location server" },
	{ 12, "Host name" },
	{ 13, "Boot file size (512-byte blocks)" },
	{ 14, "Merit dump file" },
	{ 15, "Domain name" },
	{ 16, "Swap server" },
	{ 17, "Root path" },
	{ 18, "Extensions path" },
	{ 19, "IP forwarding" },
	{ 20, "Non-local source routing" },
	{ 21, "Policy filter address" },
	{ 22, "Maximum datagram reassembly size" },
	{ 23, "Default IP time to live" },
	{ 24, "Path MTU aging timeout (s)" },
	{ 25, "Path MTU plateau" },
	{ 26, "Interface MTU" },
	{ 27, "All subnets are local" },
	{ 28, "Broadcast address" },
	{ 29, "Perform mask discovery" },
	{ 30, "Mask supplier" },
	{ 31, "Perform router discovery" },
	{ 32, "Router solicitation address" },
	{ 33, "Static route destination" },
	{ 34, "Trailer encapsulation" },
	{ 35, "ARP cache timeout (s)" },
	{ 36, "Ethernet encapsulation" },
	{ 37, "TCP default time to live" },
	{ 38, "TCP keepalive interval (s)" },
	{ 39, "TCP keepalive garbage" },
	{ 40, "NIS domain" },
	{ 41, "NIS server" },
	{ 42, "NTP server" },
	{ 43, "Vendor-specific information" },
	{ 44, "NetBIOS name server" },
	{ 45, "NetBIOS datagram distribution server" },
	{ 46, "NetBIOS node type" },
	{ 47, "NetBIOS scope" },
	{ 48, "X font server" },
	{ 49, "X display manager" },
	{ 50, "Requested address" },
	{ 51, "Lease time (s)" },
	{ 52, "Option overload" },
	{ 53, "DHCP message type" },
	{ 54, "Server identifier" },
	{ 55, "Parameter request" },
	{ 56, "Message" },
	{ 57, "Maximum message size" },
	{ 58, "Renewal time T1 (s)" },
	{ 59, "Rebinding time T2 (s)" },
	{ 60, "Vendor class identifier" },
	{ 61, "Client identifier" },
	{ 64, "NIS+ domain" },
	{ 65, "NIS+ server" },
	{ 66, "TFTP server name" },
	{ 67, "Boot file name (option)" },
	{ 68, "Mobile IP home agent" },
	{ 69, "SMTP server" },
	{ 70, "POP3 server" },
	{ 71, "NNTP server" },
	{ 72, "Default web server" },
	{ 73, "Default finger server" },
	{ 74, "Default IRC server" },
	{ 75, "StreetTalk server" },
	{ 76, "StreetTalk directory assistance server" },
	{ 77, "User class" },
	{ 78, "SLP directory agent" },
	{ 79, "SLP service scope" },
	{ 80, "Rapid commit" },
	{ 81, "Client FQDN" },
	{ 82, "Relay agent information" },
	{ 90, "Authentication" },
	{ 91, "Client last transaction time (s)" },
	{ 92, "Associated address" },
	{ 93, "Client system architecture" },
	{ 94, "Client network interface" },
	{ 97, "Client machine identifier" },
	{ 99, "Civic location" },
	{ 100, "Time zone, POSIX" },
	{ 101, "Time zone, name" },
	{ 108, "IPv6-only preferred" },
	{ 114, "Captive portal" },
	{ 116, "Auto-configuration" },
	{ 117, "Name service search" },
	{ 118, "Subnet selection" },
	{ 119, "Domain search" },
	{ 120, "SIP servers" },
	{ 121, "Classless static routes" },
	{ 124, "Vendor-identifying class" },
	{ 125, "Vendor-identifying options" },
	{ 136, "PANA agent" },
	{ 138, "CAPWAP access controller" },
	{ 145, "Forcerenew nonce capable" },
	{ 150, "TFTP server address" },
	{ 152, "Base time" },
	{ 160, "Captive portal (old)" },
	{ 161, "MUD URL" },
	{ 175, "Etherboot" },
	{ 208, "PXELINUX magic" },
	{ 209, "PXELINUX configuration file" },
	{ 210, "PXELINUX path prefix" },
	{ 211, "PXELINUX reboot time" },
	{ 212, "6RD" },
	{ 249, "Classless static routes (Microsoft)" },
	{ 252, "Web proxy auto-discovery" },
	{ 255, "End" },
	{ 0, NULL },
};

enum kind {
	U8,
	U16,
	U32,
	I32,
	BOOL,
	IP,
	STR, /* up to a NUL, if there is one */
	U8S, /* one or more of them */
	U16S,
	IPS,
	PAIRS, /* two addresses at a time, in fields f and f + 1 */
	OVERLOAD
};

static const struct simple {
	u8 code, kind, f;
} simple[] = {
	{ 1, IP, F_SUBNET_MASK },
	{ 2, I32, F_TIME_OFFSET },
	{ 3, IPS, F_ROUTER },
	{ 4, IPS, F_TIME_SERVER },
	{ 5, IPS, F_NAME_SERVER },
	{ 6, IPS, F_DOMAIN_NAME_SERVER },
	{ 7, IPS, F_LOG_SERVER },
	{ 8, IPS, F_QUOTES_SERVER },
	{ 9, IPS, F_LPR_SERVER },
	{ 10, IPS, F_IMPRESS_SERVER },
	{ 11, IPS, F_RESOURCE_LOCATION_SERVER },
	{ 12, STR, F_HOSTNAME },
	{ 13, U16, F_BOOT_FILE_SIZE },
	{ 14, STR, F_MERIT_DUMP_FILE },
	{ 15, STR, F_DOMAIN_NAME },
	{ 16, IP, F_SWAP_SERVER },
	{ 17, STR, F_ROOT_PATH },
	{ 18, STR, F_EXTENSION_PATH },
	{ 19, BOOL, F_IP_FORWARDING },
	{ 20, BOOL, F_NON_LOCAL_SOURCE_ROUTING },
	{ 21, PAIRS, F_POLICY_FILTER_IP },
	{ 22, U16, F_MAX_DATAGRAM_REASSEMBLY_SIZE },
	{ 23, U8, F_DEFAULT_IP_TTL },
	{ 24, U32, F_PATH_MTU_AGING_TIMEOUT },
	{ 25, U16S, F_PATH_MTU_PLATEAU_TABLE_ITEM },
	{ 26, U16, F_INTERFACE_MTU },
	{ 27, BOOL, F_ALL_SUBNETS_ARE_LOCAL },
	{ 28, IP, F_BROADCAST_ADDRESS },
	{ 29, BOOL, F_PERFORM_MASK_DISCOVERY },
	{ 30, BOOL, F_MASK_SUPPLIER },
	{ 31, BOOL, F_PERFORM_ROUTER_DISCOVER },
	{ 32, IP, F_ROUTER_SOLICITATION_ADDRESS },
	{ 33, PAIRS, F_STATIC_ROUTE_IP },
	{ 34, BOOL, F_TRAILER_ENCAPSULATION },
	{ 35, U32, F_ARP_CACHE_TIMEOUT },
	{ 36, BOOL, F_ETHERNET_ENCAPSULATION },
	{ 37, U8, F_TCP_DEFAULT_TTL },
	{ 38, U32, F_TCP_KEEPALIVE_INTERVAL },
	{ 39, BOOL, F_TCP_KEEPALIVE_GARBAGE },
	{ 40, STR, F_NIS_DOMAIN },
	{ 41, IPS, F_NIS_SERVER },
	{ 42, IPS, F_NTP_SERVER },
	{ 44, IPS, F_NETBIOS_OVER_TCPIP_NAME_SERVER },
	{ 45, IPS, F_NETBIOS_OVER_TCPIP_DD_NAME_SERVER },
	{ 46, U8, F_NETBIOS_OVER_TCPIP_NODE_TYPE },
	{ 47, STR, F_NETBIOS_OVER_TCPIP_SCOPE },
	{ 48, IPS, F_XWINDOWS_SYSTEM_FONT_SERVER },
	{ 49, IPS, F_XWINDOWS_SYSTEM_DISPLAY_MANAGER },
	{ 50, IP, F_REQUESTED_IP_ADDRESS },
	{ 51, U32, F_IP_ADDRESS_LEASE_TIME },
	{ 52, OVERLOAD, F_OPTION_OVERLOAD },
	{ 53, U8, F_DHCP },
	{ 54, IP, F_DHCP_SERVER_ID },
	{ 55, U8S, F_REQUEST_LIST_ITEM },
	{ 56, STR, F_ERROR_MESSAGE },
	{ 57, U16, F_DHCP_MAX_MESSAGE_SIZE },
	{ 58, U32, F_RENEWAL_TIME_VALUE },
	{ 59, U32, F_REBINDING_TIME_VALUE },
	{ 60, STR, F_VENDOR_CLASS_ID },
	{ 64, STR, F_NIS_PLUS_DOMAIN },
	{ 65, IPS, F_NIS_PLUS_SERVER },
	{ 66, STR, F_TFTP_SERVER_NAME },
	{ 67, STR, F_BOOTFILE_NAME },
	{ 68, IPS, F_MOBILE_IP_HOME_AGENT },
	{ 69, IPS, F_SMTP_SERVER },
	{ 70, IPS, F_POP3_SERVER },
	{ 71, IPS, F_NNTP_SERVER },
	{ 72, IPS, F_DEFAULT_WWW_SERVER },
	{ 73, IPS, F_DEFAULT_FINGER_SERVER },
	{ 74, IPS, F_DEFAULT_IRC_SERVER },
	{ 75, IPS, F_STREETTALK_SERVER },
	{ 76, IPS, F_STREETTALK_DA_SERVER },
	{ 91, U32, F_CLIENT_LAST_TRANSACTION_TIME },
	{ 92, IPS, F_ASSOCIATED_IP_OPTION },
	{ 93, U16S, F_CLIENT_SYSTEM_ARCHITECTURE },
	{ 100, STR, F_TZ_PCODE },
	{ 101, STR, F_TZ_TCODE },
	{ 108, U32, F_V6ONLY },
	{ 114, STR, F_CAPTIVE_PORTAL },
	{ 116, U8, F_DHCP_AUTO_CONFIGURATION },
	{ 118, IPS, F_SUBNET_SELECTION_OPTION },
	{ 136, IPS, F_PANA_AGENT },
	{ 138, IPS, F_CAPWAP_ACCESS_CONTROLLER },
	{ 150, IPS, F_TFTP_SERVER_ADDRESS },
	{ 160, STR, F_CAPTIVE_PORTAL },
	{ 209, STR, F_PXE_CONFIG_FILE },
	{ 210, STR, F_PXE_PATH_PREFIX },
	{ 252, STR, F_PRIVATE_PROXY_AUTODISCOVERY },
};

/* Bytes of one value of a kind, 0 for texts. */
static u32 kind_size(enum kind kind)
{
	switch (kind) {
	case U8:
	case U8S:
	case BOOL:
	case OVERLOAD: return 1;
	case U16:
	case U16S: return 2;
	case U32:
	case I32:
	case IP:
	case IPS: return 4;
	case PAIRS: return 8;
	case STR: return 0;
	}
	return 0;
}

static bool is_list(enum kind kind)
{
	return kind == U8S || kind == U16S || kind == IPS || kind == PAIRS;
}

/* All of c as text, up to a NUL. */
static void put_text(struct dis *d, struct cur *c, unsigned f)
{
	u32 n = cur_left(c);
	const u8 *nul = n > 0 ? memchr(c->base + c->at, 0, n) : NULL;

	d_mem(d, f, c->at, nul != NULL ? (u32)(nul - (c->base + c->at)) : n);
	c->at = c->end;
}

/* The options that the sname and file fields hold (RFC 2132 9.3). */
static void overload(struct dhcp *m, struct cur *c)
{
	struct dis *d = m->d;
	u8 v = d_u8(d, c, F_OPTION_OVERLOAD);

	if (m->nested || v < 1 || v > 3)
		return;
	m->nested = 1;
	d_down(d);
	if (v & 2)
		dhcp_options_read(m, &m->sname);
	if (v & 1)
		dhcp_options_read(m, &m->file);
	d_up(d);
	m->nested = 0;
}

static void put_one(struct dhcp *m, struct cur *c, enum kind kind, unsigned f)
{
	struct dis *d = m->d;
	u32 at = c->at;

	switch (kind) {
	case U8:
	case U8S: d_u8(d, c, f); break;
	case BOOL: d_u(d, f, at, 1, cur_u8(c) != 0); break;
	case U16:
	case U16S: d_be16(d, c, f); break;
	case U32:
	case IP:
	case IPS: d_be32(d, c, f); break;
	case I32: d_u(d, f, at, 4, (u64)(i64)(i32)cur_be32(c)); break;
	case PAIRS:
		d_be32(d, c, f);
		d_be32(d, c, f + 1);
		break;
	case STR: put_text(d, c, f); break;
	case OVERLOAD: overload(m, c); break;
	}
}

static void put_simple(struct dhcp *m, struct cur *c, const struct simple *s)
{
	enum kind kind = (enum kind)s->kind;
	u32 n = cur_wire_left(c), size = kind_size(kind);
	bool list = is_list(kind);

	if (size > 0 && (list ? n % size != 0 : n != size))
		d_mark(m->d, MARK_LENGTH, c->at - 2, "a DHCP option has a length it cannot have");
	if (list ? n < size : size > 0 && n != size)
		return;
	do
		put_one(m, c, kind, s->f);
	while (list && cur_wire_left(c) >= size && c->fail == CUR_OK);
}

/* ---- options that need more ---- */

static void put_mac_text(struct dis *d, struct cur *c, unsigned f)
{
	char s[17];
	u32 at = c->at;
	const u8 *p = cur_bytes(c, 6);

	if (p == NULL)
		return;
	for (unsigned i = 0; i < 6; i++) {
		static const char hex[] = "0123456789abcdef";

		s[i * 3] = hex[p[i] >> 4];
		s[i * 3 + 1] = hex[p[i] & 15];
		if (i < 5)
			s[i * 3 + 2] = ':';
	}
	d_text(d, f, at, 6, s, sizeof s);
}

/* n bytes as hex digits; 16 as a UUID, whose first three parts came with their low byte first
 * (RFC 4578 2.3 leaves that to the firmware, and that is what it sends). */
static void put_hex_text(struct dis *d, struct cur *c, unsigned f, u32 n)
{
	static const char hex[] = "0123456789abcdef";
	char s[36];
	size_t len = 0;
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n);

	if (p == NULL)
		return;
	for (u32 i = 0; i < n; i++) {
		static const u8 uuid[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };
		u8 b = p[n == 16 ? uuid[i] : i];

		if (n == 16 && i >= 4 && i <= 10 && i % 2 == 0)
			s[len++] = '-';
		s[len++] = hex[b >> 4];
		s[len++] = hex[b & 15];
	}
	d_text(d, f, at, n, s, len);
}

/* A DUID inside a client identifier (RFC 4361 6.1, RFC 8415 11). */
static void put_duid(struct dis *d, struct cur *c)
{
	u16 type = d_be16(d, c, F_DUID_TYPE), hw;

	switch (type) {
	case 1:
	case 3:
		hw = d_be16(d, c, type == 1 ? F_LLT_HW_TYPE : F_LL_HW_TYPE);
		if (type == 1)
			d_be32(d, c, F_DUID_TIME);
		if ((hw == 1 || hw == 6) && cur_wire_left(c) >= 6)
			put_mac_text(d, c, F_DUID_ADDR);
		break;
	case 2:
		d_be32(d, c, F_DUID_ENTERPRISE);
		d_rest(d, c, F_DUID_ID);
		break;
	default: break;
	}
}

/* RFC 2132 9.14 */
static void client_id(struct dis *d, struct cur *c)
{
	u32 n = cur_wire_left(c);
	int type = cur_peek(c, 0);

	if (n == 7 && (type == 1 || type == 6)) {
		d_u8(d, c, F_HW_TYPE);
		d_bytes(d, c, F_MAC_ADDR, 6);
	} else if (n == 17 && type == 0) {
		cur_skip(c, 1);
		put_hex_text(d, c, F_CLIENT_UUID, 16);
	} else if (type == 255) {
		cur_skip(c, 1);
		put_hex_text(d, c, F_CLIENT_IAID, 4);
		put_duid(d, c);
	} else if (type == 0 && n > 1) {
		d_u8(d, c, F_CLIENT_ID_TYPE);
		put_text(d, c, F_CLIENT_ID_UNDEF);
	}
}

/* RFC 3004 */
static void user_class(struct dis *d, struct cur *c)
{
	for (u32 i = 0; cur_left(c) > 0 && c->fail == CUR_OK; i++) {
		u8 n = c->base[c->at];

		d_u(d, F_USER_CLASS, c->at, MIN(n + 1u, cur_left(c)), i);
		d_down(d);
		d_u8(d, c, F_USER_CLASS_LEN);
		d_bytes(d, c, F_USER_CLASS_DATA, n);
		d_up(d);
	}
}

/* Names in DNS encoding, one after another; pointers count from the first. */
static void put_names(struct dis *d, struct cur *c, unsigned f)
{
	struct dns_names names = { .msg = *c, .work = DNS_NAME_WORK };
	struct dns_name name;

	while (cur_left(c) > 0 && dns_name_read(&names, c, &name))
		d_text(d, f, name.off, name.len, name.s, name.n);
}

/* RFC 4702 */
static void client_fqdn(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u8 flags = d_u8(d, c, F_FQDN_FLAGS);

	d_down(d);
	for (unsigned f = F_FQDN_MBZ; f <= F_FQDN_S; f++)
		d_bits(d, f, at, 1, flags);
	d_up(d);
	d_u8(d, c, F_FQDN_RCODE1);
	d_u8(d, c, F_FQDN_RCODE2);
	if (cur_left(c) == 0)
		return;
	if (flags & 4)
		put_names(d, c, F_FQDN_NAME);
	else
		put_text(d, c, F_FQDN_NAME);
}

/* RFC 3046 2.0 and the registry of its suboptions */
static void agent_value(struct dis *d, struct cur *c, u8 code)
{
	u32 n = cur_left(c);

	switch (code) {
	case 1: d_rest(d, c, F_AGENT_CIRCUIT); break;
	case 2: d_rest(d, c, F_AGENT_REMOTE); break;
	case 5:
		if (n == 4)
			d_be32(d, c, F_AGENT_LINK);
		break;
	case 6: put_text(d, c, F_AGENT_SUBSCRIBER); break;
	case 10:
		if (n == 1)
			d_u8(d, c, F_AGENT_FLAGS);
		break;
	case 11:
		if (n == 4)
			d_be32(d, c, F_AGENT_SERVER);
		break;
	case 12: d_rest(d, c, F_AGENT_RELAY_ID); break;
	case 151: put_text(d, c, F_AGENT_VRF); break;
	default: break;
	}
}

static void relay_agent(struct dis *d, struct cur *c)
{
	while (cur_left(c) >= 2) {
		u8 code = c->base[c->at], n = c->base[c->at + 1];
		struct cur v;

		d_u(d, F_AGENT_SUB, c->at, MIN(n + 2u, cur_left(c)), code);
		d_down(d);
		c->at++;
		d_u8(d, c, F_SUB_LEN);
		v = cur_sub(c, n);
		if (c->fail == CUR_OK) {
			d_mem(d, F_AGENT_VALUE, v.at, cur_left(&v));
			agent_value(d, &v, code);
		}
		d_up(d);
	}
	if (cur_wire_left(c) > 0 || c->fail != CUR_OK)
		d_mark(d, MARK_LENGTH, c->at, "a relay agent suboption does not fit its option");
}

/* RFC 3118 2 */
static void authentication(struct dis *d, struct cur *c)
{
	if (cur_wire_left(c) < 11)
		return;
	d_u8(d, c, F_AUTH_PROTOCOL);
	d_u8(d, c, F_AUTH_ALGORITHM);
	d_u8(d, c, F_AUTH_RDM);
	d_be64(d, c, F_AUTH_REPLAY);
}

/* RFC 3442: prefix length, as many bytes as it needs, router. */
static void routes(struct dis *d, struct cur *c)
{
	while (cur_wire_left(c) >= 5) {
		u32 at = c->at;
		u8 mask = cur_u8(c);

		if (mask > 32) {
			d_mark(d, MARK_VALUE, at, "a classless route has a mask longer than 32");
			return;
		}
		cur_skip(c, (mask + 7u) / 8 + 4);
		if (c->fail != CUR_OK)
			return;
		d_mem(d, F_ROUTE, at, c->at - at);
	}
}

/* RFC 3361 */
static void sip_servers(struct dis *d, struct cur *c)
{
	u8 encoding = d_u8(d, c, F_SIP_ENCODING);

	if (encoding == 0)
		put_names(d, c, F_SIP_NAME);
	while (encoding == 1 && cur_wire_left(c) >= 4 && c->fail == CUR_OK)
		d_be32(d, c, F_SIP_ADDR);
}

/* RFC 3925 3 and 4 */
static void vendor_identifying(struct dis *d, struct cur *c, bool class)
{
	while (cur_wire_left(c) >= 5 && c->fail == CUR_OK) {
		struct cur v;
		u8 n;

		d_be32(d, c, class ? F_VI_CLASS_ENTERPRISE : F_VI_ENTERPRISE);
		d_down(d);
		n = d_u8(d, c, class ? F_VI_CLASS_LEN : F_VI_LEN);
		v = cur_sub(c, n);
		if (class && cur_left(&v) > 0)
			put_text(d, &v, F_VI_CLASS_DATA);
		d_up(d);
	}
}

/* The options that are not simple; c is bounded to the value. */
static void put_special(struct dis *d, struct cur *c, u8 code)
{
	switch (code) {
	case 43: d_rest(d, c, F_VENDOR); break;
	case 61: client_id(d, c); break;
	case 77: user_class(d, c); break;
	case 81:
		if (cur_wire_left(c) >= 3)
			client_fqdn(d, c);
		break;
	case 82: relay_agent(d, c); break;
	case 90: authentication(d, c); break;
	case 94: /* RFC 4578 2.2 */
		if (cur_wire_left(c) == 3) {
			cur_skip(c, 1);
			d_u8(d, c, F_NIC_MAJOR);
			d_u8(d, c, F_NIC_MINOR);
		}
		break;
	case 97: /* RFC 4578 2.3 */
		if (cur_wire_left(c) == 17) {
			cur_skip(c, 1);
			put_hex_text(d, c, F_CLIENT_UUID, 16);
		}
		break;
	case 119: put_names(d, c, F_SEARCH); break; /* RFC 3397 */
	case 120: sip_servers(d, c); break;
	case 121:
	case 249: routes(d, c); break;
	case 124:
	case 125: vendor_identifying(d, c, code == 124); break;
	default: break;
	}
}

/* A run of pad options; or, `all`, whatever stands behind the end. */
static void put_padding(struct dis *d, struct cur *c, bool all)
{
	u32 at = c->at;

	while (cur_left(c) > 0 && (all || c->base[c->at] == 0))
		c->at++;
	if (c->at == at)
		return;
	if (!all) {
		d_u(d, F_OPT_TYPE, at, c->at - at, 0);
		d_down(d);
	}
	d_mem(d, F_OPT_PADDING, at, c->at - at);
	if (!all)
		d_up(d);
}

static void put_option(struct dhcp *m, struct cur *c, u8 code)
{
	struct dis *d = m->d;
	u8 n = c->base[c->at + 1];
	struct cur v;
	u32 at = c->at;

	d_u(d, F_OPT_TYPE, at, MIN(n + 2u, cur_left(c)), code);
	d_down(d);
	c->at++;
	d_u8(d, c, F_OPT_LEN);
	v = cur_sub(c, n);
	if (cur_left(&v) < n) { /* ran out: the mark comes from reading beyond */
		cur_need(c, n - cur_left(&v));
		d_up(d);
		return;
	}
	d_mem(d, F_OPT_VALUE, v.at, n);
	for (unsigned i = 0; i < ARRAY_LEN(simple); i++)
		if (simple[i].code == code) {
			if (n > 0 || simple[i].kind == STR)
				put_simple(m, &v, &simple[i]);
			d_up(d);
			return;
		}
	put_special(d, &v, code);
	d_up(d);
}

void dhcp_options_read(struct dhcp *m, struct cur *c)
{
	struct dis *d = m->d;

	while (cur_left(c) > 0 && c->fail == CUR_OK) {
		u8 code = c->base[c->at];

		if (code == 0) {
			put_padding(d, c, false);
		} else if (code == 255) {
			d_u(d, F_OPT_TYPE, c->at, 1, 0); /* as Wireshark has it */
			d_down(d);
			d_u8(d, c, F_OPT_END);
			d_up(d);
			if (!m->nested)
				put_padding(d, c, true);
			return;
		} else if (cur_need(c, 2)) {
			put_option(m, c, code);
		}
	}
}
