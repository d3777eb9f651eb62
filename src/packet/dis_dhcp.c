/* DHCP and BOOTP (RFC 2131, RFC 951). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +---------------+---------------+---------------+---------------+
 *  |      op       |  hardware     | address length|     hops      |
 *  +---------------+---------------+---------------+---------------+
 *  |                        transaction id                         |
 *  +-------------------------------+-------------------------------+
 *  |            seconds            |             flags             |
 *  +-------------------------------+-------------------------------+
 *  |  client, your, next server, relay address: 4 each             |
 *  |  client hardware address: 16, server name: 64, file name: 128 |
 *  +---------------------------------------------------------------+
 *  |  magic cookie 63 82 53 63, then options: code, length, value  |
 *  +---------------------------------------------------------------+ */
#include "packet/dhcp.h"
#include "packet/show.h"

#include <string.h>

enum { COOKIE = 0x63825363 };

static const struct vstr ops[] = { { 1, "Boot request" }, { 2, "Boot reply" }, { 0, NULL } };
const struct vstr dhcp_messages[] = {
	{ 1, "Discover" },
	{ 2, "Offer" },
	{ 3, "Request" },
	{ 4, "Decline" },
	{ 5, "ACK" },
	{ 6, "NAK" },
	{ 7, "Release" },
	{ 8, "Inform" },
	{ 9, "Force renew" },
	{ 10, "Lease query" },
	{ 11, "Lease unassigned" },
	{ 12, "Lease unknown" },
	{ 13, "Lease active" },
	{ 14, "Bulk lease query" },
	{ 15, "Lease query done" },
	{ 16, "Active lease query" },
	{ 17, "Lease query status" },
	{ 18, "TLS" },
	{ 0, NULL },
};
static const struct vstr overloads[] = {
	{ 1, "Boot file name holds options" },
	{ 2, "Server name holds options" },
	{ 3, "Boot file and server name hold options" },
	{ 0, NULL },
};
static const struct vstr architectures[] = {
	{ 0, "x86 BIOS" },
	{ 6, "x86 UEFI" },
	{ 7, "x64 UEFI" },
	{ 9, "EBC" },
	{ 10, "ARM 32-bit UEFI" },
	{ 11, "ARM 64-bit UEFI" },
	{ 16, "x64 UEFI HTTP" },
	{ 19, "ARM 64-bit UEFI HTTP" },
	{ 0, NULL },
};
const struct vstr dhcp_duid_types[] = {
	{ 1, "Link-layer address plus time" },
	{ 2, "Assigned by vendor" },
	{ 3, "Link-layer address" },
	{ 4, "UUID" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_BOOTP] = { "dhcp.bootp", "BOOTP, without a DHCP message type", FT_BOOL },
	[F_TYPE] = { "dhcp.type", "Message type", FT_U8, FB_DEC, .names = ops },
	[F_HW_TYPE] = { "dhcp.hw.type", "Hardware type", FT_U8, FB_HEX },
	[F_HW_LEN] = { "dhcp.hw.len", "Hardware address length", FT_U8, FB_DEC },
	[F_HOPS] = { "dhcp.hops", "Hops", FT_U8, FB_DEC },
	[F_ID] = { "dhcp.id", "Transaction id", FT_U32, FB_HEX },
	[F_SECS] = { "dhcp.secs", "Seconds elapsed", FT_U16, FB_DEC },
	[F_FLAGS] = { "dhcp.flags", "Flags", FT_U16, FB_HEX },
	[F_BROADCAST] = { "dhcp.flags.bc", "Broadcast", FT_BOOL, FB_NONE, 0x8000, .on = "Broadcast",
			  .off = "Unicast" },
	[F_RESERVED] = { "dhcp.flags.reserved", "Reserved", FT_U16, FB_HEX, 0x7fff },
	[F_IP_CLIENT] = { "dhcp.ip.client", "Client address", FT_IPV4 },
	[F_IP_YOUR] = { "dhcp.ip.your", "Your (client) address", FT_IPV4 },
	[F_IP_SERVER] = { "dhcp.ip.server", "Next server address", FT_IPV4 },
	[F_IP_RELAY] = { "dhcp.ip.relay", "Relay agent address", FT_IPV4 },
	[F_HW_ADDR] = { "dhcp.hw.addr", "Client hardware address", FT_BYTES },
	[F_MAC_ADDR] = { "dhcp.hw.mac_addr", "Client MAC address", FT_ETHER },
	[F_HW_PADDING] = { "dhcp.hw.addr_padding", "Client hardware address padding", FT_BYTES },
	[F_SERVER] = { "dhcp.server", "Server host name", FT_STRING },
	[F_FILE] = { "dhcp.file", "Boot file name", FT_STRING },
	[F_COOKIE] = { "dhcp.cookie", "Magic cookie", FT_IPV4 },
	[F_VENDOR_SPECIFIC] = { "dhcp.vendor_specific_options", "Vendor-specific area (BOOTP)",
				FT_BYTES },
	[F_OPT_TYPE] = { "dhcp.option.type", "Option", FT_U8, FB_DEC, .names = dhcp_options },
	[F_OPT_LEN] = { "dhcp.option.length", "Length", FT_U8, FB_DEC },
	[F_OPT_VALUE] = { "dhcp.option.value", "Value", FT_BYTES },
	[F_OPT_PADDING] = { "dhcp.option.padding", "Padding", FT_BYTES },
	[F_OPT_END] = { "dhcp.option.end", "Option end", FT_U8, FB_DEC },
	[F_SUBNET_MASK] = { "dhcp.option.subnet_mask", "Subnet mask", FT_IPV4 },
	[F_TIME_OFFSET] = { "dhcp.option.time_offset", "Time offset (s)", FT_I32, FB_DEC },
	[F_ROUTER] = { "dhcp.option.router", "Router", FT_IPV4 },
	[F_TIME_SERVER] = { "dhcp.option.time_server", "Time server", FT_IPV4 },
	[F_NAME_SERVER] = { "dhcp.option.name_server", "Name server", FT_IPV4 },
	[F_DOMAIN_NAME_SERVER] = { "dhcp.option.domain_name_server", "Domain name server",
				   FT_IPV4 },
	[F_LOG_SERVER] = { "dhcp.option.log_server", "Log server", FT_IPV4 },
	[F_QUOTES_SERVER] = { "dhcp.option.quotes_server", "Quotes server", FT_IPV4 },
	[F_LPR_SERVER] = { "dhcp.option.lpr_server", "LPR server", FT_IPV4 },
	[F_IMPRESS_SERVER] = { "dhcp.option.impress_server", "Impress server", FT_IPV4 },
	[F_RESOURCE_LOCATION_SERVER] = { "dhcp.option.resource_location_server",
					 "Resource location server", FT_IPV4 },
	[F_HOSTNAME] = { "dhcp.option.hostname", "Host name", FT_STRING },
	[F_BOOT_FILE_SIZE] = { "dhcp.option.boot_file_size", "Boot file size (512-byte blocks)",
			       FT_U16, FB_DEC },
	[F_MERIT_DUMP_FILE] = { "dhcp.option.merit_dump_file", "Merit dump file", FT_STRING },
	[F_DOMAIN_NAME] = { "dhcp.option.domain_name", "Domain name", FT_STRING },
	[F_SWAP_SERVER] = { "dhcp.option.swap_server", "Swap server", FT_IPV4 },
	[F_ROOT_PATH] = { "dhcp.option.root_path", "Root path", FT_STRING },
	[F_EXTENSION_PATH] = { "dhcp.option.extension_path", "Extensions path", FT_STRING },
	[F_IP_FORWARDING] = { "dhcp.option.ip_forwarding", "IP forwarding", FT_BOOL },
	[F_NON_LOCAL_SOURCE_ROUTING] = { "dhcp.option.non_local_source_routing",
					 "Non-local source routing", FT_BOOL },
	[F_POLICY_FILTER_IP] = { "dhcp.option.policy_filter.ip", "Policy filter address", FT_IPV4 },
	[F_POLICY_FILTER_SUBNET_MASK] = { "dhcp.option.policy_filter.subnet_mask",
					  "Policy filter mask", FT_IPV4 },
	[F_MAX_DATAGRAM_REASSEMBLY_SIZE] = { "dhcp.option.max_datagram_reassembly_size",
					     "Maximum datagram reassembly size", FT_U16, FB_DEC },
	[F_DEFAULT_IP_TTL] = { "dhcp.option.default_ip_ttl", "Default IP time to live", FT_U8,
			       FB_DEC },
	[F_PATH_MTU_AGING_TIMEOUT] = { "dhcp.option.path_mtu_aging_timeout",
				       "Path MTU aging timeout (s)", FT_U32, FB_DEC },
	[F_PATH_MTU_PLATEAU_TABLE_ITEM] = { "dhcp.option.path_mtu_plateau_table_item",
					    "Path MTU plateau", FT_U16, FB_DEC },
	[F_INTERFACE_MTU] = { "dhcp.option.interface_mtu", "Interface MTU", FT_U16, FB_DEC },
	[F_ALL_SUBNETS_ARE_LOCAL] = { "dhcp.option.all_subnets_are_local", "All subnets are local",
				      FT_BOOL },
	[F_BROADCAST_ADDRESS] = { "dhcp.option.broadcast_address", "Broadcast address", FT_IPV4 },
	[F_PERFORM_MASK_DISCOVERY] = { "dhcp.option.perform_mask_discovery",
				       "Perform mask discovery", FT_BOOL },
	[F_MASK_SUPPLIER] = { "dhcp.option.mask_supplier", "Mask supplier", FT_BOOL },
	[F_PERFORM_ROUTER_DISCOVER] = { "dhcp.option.perform_router_discover",
					"Perform router discovery", FT_BOOL },
	[F_ROUTER_SOLICITATION_ADDRESS] = { "dhcp.option.router_solicitation_address",
					    "Router solicitation address", FT_IPV4 },
	[F_STATIC_ROUTE_IP] = { "dhcp.option.static_route.ip", "Static route destination",
				FT_IPV4 },
	[F_STATIC_ROUTE_ROUTER] = { "dhcp.option.static_route.router", "Static route router",
				    FT_IPV4 },
	[F_TRAILER_ENCAPSULATION] = { "dhcp.option.trailer_encapsulation", "Trailer encapsulation",
				      FT_BOOL },
	[F_ARP_CACHE_TIMEOUT] = { "dhcp.option.arp_cache_timeout", "ARP cache timeout (s)", FT_U32,
				  FB_DEC },
	[F_ETHERNET_ENCAPSULATION] = { "dhcp.option.ethernet_encapsulation",
				       "Ethernet encapsulation", FT_BOOL },
	[F_TCP_DEFAULT_TTL] = { "dhcp.option.tcp_default_ttl", "TCP default time to live", FT_U8,
				FB_DEC },
	[F_TCP_KEEPALIVE_INTERVAL] = { "dhcp.option.tcp_keepalive_interval",
				       "TCP keepalive interval (s)", FT_U32, FB_DEC },
	[F_TCP_KEEPALIVE_GARBAGE] = { "dhcp.option.tcp_keepalive_garbage", "TCP keepalive garbage",
				      FT_BOOL },
	[F_NIS_DOMAIN] = { "dhcp.option.nis_domain", "NIS domain", FT_STRING },
	[F_NIS_SERVER] = { "dhcp.option.nis_server", "NIS server", FT_IPV4 },
	[F_NTP_SERVER] = { "dhcp.option.ntp_server", "NTP server", FT_IPV4 },
	[F_NETBIOS_OVER_TCPIP_NAME_SERVER] = { "dhcp.option.netbios_over_tcpip_name_server",
					       "NetBIOS name server", FT_IPV4 },
	[F_NETBIOS_OVER_TCPIP_DD_NAME_SERVER] = { "dhcp.option.netbios_over_tcpip_dd_name_server",
						  "NetBIOS datagram distribution server", FT_IPV4 },
	[F_NETBIOS_OVER_TCPIP_NODE_TYPE] = { "dhcp.option.netbios_over_tcpip_node_type",
					     "NetBIOS node type", FT_U8, FB_DEC },
	[F_NETBIOS_OVER_TCPIP_SCOPE] = { "dhcp.option.netbios_over_tcpip_scope", "NetBIOS scope",
					 FT_STRING },
	[F_XWINDOWS_SYSTEM_FONT_SERVER] = { "dhcp.option.xwindows_system_font_server",
					    "X font server", FT_IPV4 },
	[F_XWINDOWS_SYSTEM_DISPLAY_MANAGER] = { "dhcp.option.xwindows_system_display_manager",
						"X display manager", FT_IPV4 },
	[F_REQUESTED_IP_ADDRESS] = { "dhcp.option.requested_ip_address", "Requested address",
				     FT_IPV4 },
	[F_IP_ADDRESS_LEASE_TIME] = { "dhcp.option.ip_address_lease_time", "Lease time (s)", FT_U32,
				      FB_DEC },
	[F_OPTION_OVERLOAD] = { "dhcp.option.option_overload", "Option overload", FT_U8, FB_DEC,
				.names = overloads },
	[F_DHCP] = { "dhcp.option.dhcp", "DHCP message type", FT_U8, FB_DEC,
		     .names = dhcp_messages },
	[F_DHCP_SERVER_ID] = { "dhcp.option.dhcp_server_id", "Server identifier", FT_IPV4 },
	[F_REQUEST_LIST_ITEM] = { "dhcp.option.request_list_item", "Parameter request", FT_U8,
				  FB_DEC, .names = dhcp_options },
	[F_ERROR_MESSAGE] = { "dhcp.option.message", "Message", FT_STRING },
	[F_DHCP_MAX_MESSAGE_SIZE] = { "dhcp.option.dhcp_max_message_size", "Maximum message size",
				      FT_U16, FB_DEC },
	[F_RENEWAL_TIME_VALUE] = { "dhcp.option.renewal_time_value", "Renewal time T1 (s)", FT_U32,
				   FB_DEC },
	[F_REBINDING_TIME_VALUE] = { "dhcp.option.rebinding_time_value", "Rebinding time T2 (s)",
				     FT_U32, FB_DEC },
	[F_VENDOR_CLASS_ID] = { "dhcp.option.vendor_class_id", "Vendor class identifier",
				FT_STRING },
	[F_NIS_PLUS_DOMAIN] = { "dhcp.option.nis_plus_domain", "NIS+ domain", FT_STRING },
	[F_NIS_PLUS_SERVER] = { "dhcp.option.nis_plus_server", "NIS+ server", FT_IPV4 },
	[F_TFTP_SERVER_NAME] = { "dhcp.option.tftp_server_name", "TFTP server name", FT_STRING },
	[F_BOOTFILE_NAME] = { "dhcp.option.bootfile_name", "Boot file name (option)", FT_STRING },
	[F_MOBILE_IP_HOME_AGENT] = { "dhcp.option.mobile_ip_home_agent", "Mobile IP home agent",
				     FT_IPV4 },
	[F_SMTP_SERVER] = { "dhcp.option.smtp_server", "SMTP server", FT_IPV4 },
	[F_POP3_SERVER] = { "dhcp.option.pop3_server", "POP3 server", FT_IPV4 },
	[F_NNTP_SERVER] = { "dhcp.option.nntp_server", "NNTP server", FT_IPV4 },
	[F_DEFAULT_WWW_SERVER] = { "dhcp.option.default_www_server", "Default web server",
				   FT_IPV4 },
	[F_DEFAULT_FINGER_SERVER] = { "dhcp.option.default_finger_server", "Default finger server",
				      FT_IPV4 },
	[F_DEFAULT_IRC_SERVER] = { "dhcp.option.default_irc_server", "Default IRC server",
				   FT_IPV4 },
	[F_STREETTALK_SERVER] = { "dhcp.option.streettalk_server", "StreetTalk server", FT_IPV4 },
	[F_STREETTALK_DA_SERVER] = { "dhcp.option.streettalk_da_server",
				     "StreetTalk directory assistance server", FT_IPV4 },
	[F_CLIENT_LAST_TRANSACTION_TIME] = { "dhcp.option.client_last_transaction_time",
					     "Client last transaction time (s)", FT_U32, FB_DEC },
	[F_ASSOCIATED_IP_OPTION] = { "dhcp.option.associated_ip_option", "Associated address",
				     FT_IPV4 },
	[F_CLIENT_SYSTEM_ARCHITECTURE] = { "dhcp.option.client_system_architecture",
					   "Client system architecture", FT_U16, FB_DEC,
					   .names = architectures },
	[F_TZ_PCODE] = { "dhcp.option.tz_pcode", "Time zone, POSIX", FT_STRING },
	[F_TZ_TCODE] = { "dhcp.option.tz_tcode", "Time zone, name", FT_STRING },
	[F_CAPTIVE_PORTAL] = { "dhcp.option.captive_portal", "Captive portal", FT_STRING },
	[F_DHCP_AUTO_CONFIGURATION] = { "dhcp.option.dhcp_auto_configuration", "Auto-configuration",
					FT_U8, FB_DEC },
	[F_SUBNET_SELECTION_OPTION] = { "dhcp.option.subnet_selection_option", "Subnet selection",
					FT_IPV4 },
	[F_PANA_AGENT] = { "dhcp.option.pana_agent", "PANA agent", FT_IPV4 },
	[F_CAPWAP_ACCESS_CONTROLLER] = { "dhcp.option.capwap_access_controller",
					 "CAPWAP access controller", FT_IPV4 },
	[F_TFTP_SERVER_ADDRESS] = { "dhcp.option.tftp_server_address", "TFTP server address",
				    FT_IPV4 },
	[F_PXE_CONFIG_FILE] = { "dhcp.option.pxe_config_file", "PXELINUX configuration file",
				FT_STRING },
	[F_PXE_PATH_PREFIX] = { "dhcp.option.pxe_path_prefix", "PXELINUX path prefix", FT_STRING },
	[F_PRIVATE_PROXY_AUTODISCOVERY] = { "dhcp.option.private_proxy_autodiscovery",
					    "Web proxy auto-discovery", FT_STRING },
	[F_V6ONLY] = { "tapdeck.dhcp.v6only_wait", "IPv6-only preferred: wait (s)", FT_U32,
		       FB_DEC },
	[F_VENDOR] = { "dhcp.option.vendor.value", "Vendor-specific information", FT_BYTES },
	[F_CLIENT_ID_TYPE] = { "dhcp.client_id.type", "Client identifier type", FT_U8, FB_DEC },
	[F_CLIENT_ID_UNDEF] = { "dhcp.client_id.undef", "Client identifier", FT_STRING },
	[F_CLIENT_UUID] = { "dhcp.client_id.uuid", "Client UUID", FT_STRING },
	[F_CLIENT_IAID] = { "dhcp.client_id.iaid", "Client IAID", FT_STRING },
	[F_DUID_TYPE] = { "dhcp.client_id.duid_type", "DUID type", FT_U16, FB_DEC,
			  .names = dhcp_duid_types },
	[F_LLT_HW_TYPE] = { "dhcp.client_id.duid_llt_hw_type", "Hardware type (LLT)", FT_U16,
			    FB_DEC },
	[F_LL_HW_TYPE] = { "dhcp.client_id.duid_ll_hw_type", "Hardware type (LL)", FT_U16, FB_DEC },
	[F_DUID_TIME] = { "dhcp.client_id.time", "DUID time", FT_U32, FB_DEC },
	[F_DUID_ADDR] = { "dhcp.client_id.link_layer_address", "DUID link-layer address",
			  FT_STRING },
	[F_DUID_ENTERPRISE] = { "dhcp.client_id.enterprise_num", "DUID enterprise number", FT_U32,
				FB_DEC },
	[F_DUID_ID] = { "dhcp.client_id", "DUID identifier", FT_BYTES },
	[F_USER_CLASS] = { "dhcp.option.user_class", "User class instance", FT_U8, FB_DEC },
	[F_USER_CLASS_LEN] = { "dhcp.option.user_class.length", "User class length", FT_U8,
			       FB_DEC },
	[F_USER_CLASS_DATA] = { "dhcp.option.user_class.data", "User class data", FT_BYTES },
	[F_FQDN_FLAGS] = { "dhcp.fqdn.flags", "FQDN flags", FT_U8, FB_HEX },
	[F_FQDN_MBZ] = { "dhcp.fqdn.mbz", "Reserved", FT_U8, FB_HEX, 0xf0 },
	[F_FQDN_N] = { "dhcp.fqdn.n", "Server does no DNS update", FT_BOOL, FB_NONE, 0x8 },
	[F_FQDN_E] = { "dhcp.fqdn.e", "Name is in DNS encoding", FT_BOOL, FB_NONE, 0x4 },
	[F_FQDN_O] = { "dhcp.fqdn.o", "Server overrode S", FT_BOOL, FB_NONE, 0x2 },
	[F_FQDN_S] = { "dhcp.fqdn.s", "Server updates the A record", FT_BOOL, FB_NONE, 0x1 },
	[F_FQDN_RCODE1] = { "dhcp.fqdn.rcode1", "Result of the A update", FT_U8, FB_DEC },
	[F_FQDN_RCODE2] = { "dhcp.fqdn.rcode2", "Result of the PTR update", FT_U8, FB_DEC },
	[F_FQDN_NAME] = { "dhcp.fqdn.name", "Client FQDN", FT_STRING },
	[F_AGENT_SUB] = { "dhcp.option.agent_information_option.suboption", "Relay agent suboption",
			  FT_U8, FB_DEC },
	[F_SUB_LEN] = { "dhcp.option.suboption_length", "Suboption length", FT_U8, FB_DEC },
	[F_AGENT_VALUE] = { "dhcp.option.agent_information_option.value", "Suboption value",
			    FT_BYTES },
	[F_AGENT_CIRCUIT] = { "dhcp.option.agent_information_option.agent_circuit_id",
			      "Agent circuit id", FT_BYTES },
	[F_AGENT_REMOTE] = { "dhcp.option.agent_information_option.agent_remote_id",
			     "Agent remote id", FT_BYTES },
	[F_AGENT_LINK] = { "dhcp.option.agent_information_option.link_selection", "Link selection",
			   FT_IPV4 },
	[F_AGENT_SUBSCRIBER] = { "dhcp.option.agent_information_option.subscriber_id",
				 "Subscriber id", FT_STRING },
	[F_AGENT_FLAGS] = { "dhcp.option.agent_information_option.flags", "Relay agent flags",
			    FT_U8, FB_HEX },
	[F_AGENT_SERVER] = { "dhcp.option.agent_information_option.server_id_override",
			     "Server identifier override", FT_IPV4 },
	[F_AGENT_RELAY_ID] = { "dhcp.option.agent_information_option.relay_agent_id",
			       "Relay agent identifier", FT_BYTES },
	[F_AGENT_VRF] = { "dhcp.option.agent_information_option.vrf_name", "VRF name", FT_STRING },
	[F_AUTH_PROTOCOL] = { "dhcp.option.dhcp_authentication.protocol", "Authentication protocol",
			      FT_U8, FB_DEC },
	[F_AUTH_ALGORITHM] = { "dhcp.option.dhcp_authentication.algorithm",
			       "Authentication algorithm", FT_U8, FB_DEC },
	[F_AUTH_RDM] = { "dhcp.option.dhcp_authentication.rdm", "Replay detection method", FT_U8,
			 FB_DEC },
	[F_AUTH_REPLAY] = { "dhcp.option.dhcp_authentication.rdm_replay_detection",
			    "Replay detection value", FT_U64, FB_HEX },
	[F_NIC_MAJOR] = { "dhcp.client_network_id_major", "Network interface major version", FT_U8,
			  FB_DEC },
	[F_NIC_MINOR] = { "dhcp.client_network_id_minor", "Network interface minor version", FT_U8,
			  FB_DEC },
	[F_SEARCH] = { "dhcp.option.dhcp_dns_domain_search_list_fqdn", "Search domain", FT_STRING },
	[F_SIP_ENCODING] = { "dhcp.option.sip_server.encoding", "SIP server encoding", FT_U8,
			     FB_DEC },
	[F_SIP_NAME] = { "dhcp.option.sip_server.name", "SIP server name", FT_STRING },
	[F_SIP_ADDR] = { "dhcp.option.sip_server.address", "SIP server address", FT_IPV4 },
	[F_ROUTE] = { "dhcp.option.classless_static_route", "Classless static route", FT_BYTES },
	[F_VI_CLASS_ENTERPRISE] = { "dhcp.option.vi_class.enterprise", "Enterprise number", FT_U32,
				    FB_DEC },
	[F_VI_CLASS_LEN] = { "dhcp.option.vi_class.length", "Length", FT_U8, FB_DEC },
	[F_VI_CLASS_DATA] = { "dhcp.option.vi_class.data", "Vendor class", FT_STRING },
	[F_VI_ENTERPRISE] = { "dhcp.option.vi.enterprise", "Enterprise number", FT_U32, FB_DEC },
	[F_VI_LEN] = { "dhcp.option.vi.length", "Length", FT_U8, FB_DEC },
};

/* ---- the header ---- */

/* What must be known before the header is read: option 52, and whether there is an option 53. */
struct scan {
	bool is_dhcp;
	u8 overload;
};

static struct scan scan_options(struct cur c)
{
	struct scan s = { .is_dhcp = false };

	while (cur_left(&c) > 0) {
		u8 code = cur_u8(&c), n;

		if (code == 255)
			break;
		if (code == 0)
			continue;
		n = cur_u8(&c);
		if (code == 53 && n > 0)
			s.is_dhcp = true;
		if (code == 52 && n == 1 && cur_peek(&c, 0) > 0)
			s.overload = (u8)cur_peek(&c, 0);
		cur_skip(&c, n);
	}
	if (s.overload > 3)
		s.overload = 0;
	return s;
}

static void put_hardware_address(struct dis *d, struct cur *c, u8 type, u8 len)
{
	u32 n = MIN(len, 16u);
	bool mac = n == 6 && (type == 1 || type == 6);

	if (n > 0 && d_bytes(d, c, mac ? F_MAC_ADDR : F_HW_ADDR, n) == NULL)
		return;
	if (n < 16 && n > 0)
		d_bytes(d, c, F_HW_PADDING, 16 - n);
	else
		cur_skip(c, 16 - n);
}

/* A text field of n bytes, up to its NUL. The cursor over all of it is returned. */
static struct cur put_name(struct dis *d, struct cur *c, unsigned f, u32 n, bool is_options)
{
	struct cur all = cur_sub(c, n);
	u32 left = cur_left(&all);
	const u8 *p = all.base + all.at, *nul = left > 0 ? memchr(p, 0, left) : NULL;

	if (left < n)
		cur_need(c, n - left);
	else if (!is_options)
		d_mem(d, f, all.at, nul != NULL ? (u32)(nul - p) : n);
	return all;
}

static void put_flags(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 flags = d_be16(d, c, F_FLAGS);

	d_down(d);
	d_bits(d, F_BROADCAST, at, 2, flags);
	d_bits(d, F_RESERVED, at, 2, flags);
	d_up(d);
}

static void dissect(struct dis *d, struct cur *c)
{
	struct dhcp m = { .d = d };
	struct cur ahead = *c;
	struct scan s;
	u8 type, len;

	cur_skip(&ahead, 240);
	s = scan_options(ahead);
	d_u8(d, c, F_TYPE);
	type = d_u8(d, c, F_HW_TYPE);
	len = d_u8(d, c, F_HW_LEN);
	d_u8(d, c, F_HOPS);
	d_be32(d, c, F_ID);
	d_be16(d, c, F_SECS);
	if (!cur_need(c, 2))
		return;
	put_flags(d, c);
	d_be32(d, c, F_IP_CLIENT);
	d_be32(d, c, F_IP_YOUR);
	d_be32(d, c, F_IP_SERVER);
	d_be32(d, c, F_IP_RELAY);
	put_hardware_address(d, c, type, len);
	m.sname = put_name(d, c, F_SERVER, 64, s.overload & 2);
	m.file = put_name(d, c, F_FILE, 128, s.overload & 1);
	if (c->fail != CUR_OK)
		return;
	if (!s.is_dhcp)
		d_gen(d, F_BOOTP, 1);
	if (cur_wire_left(c) == 0)
		return;
	if (!cur_need(c, 4))
		return;
	if (load_be32(c->base + c->at) == COOKIE) {
		d_be32(d, c, F_COOKIE);
		dhcp_options_read(&m, c);
	} else {
		d_bytes(d, c, F_VENDOR_SPECIFIC, 64);
	}
}

/* ---- the list line ---- */

static void put_address(const struct pkt *k, const struct layer *l, struct txt *t, unsigned f,
			const char *before)
{
	const struct val *v = pkt_get(k, l, f);

	if (v == NULL || v->u == 0)
		return;
	txt_puts(t, before);
	show_value(t, k, v);
}

/* "Discover id 0xdeadbeef", "ACK 10.0.0.9 from 10.0.0.1 id 0xdeadbeef" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 type = pkt_get_u(k, l, F_DHCP, 0), op = pkt_get_u(k, l, F_TYPE, 0);
	const char *name = vstr_name(type != 0 ? dhcp_messages : ops, type != 0 ? type : op);
	const struct val *host = pkt_get(k, l, F_HOSTNAME);

	if (name != NULL)
		txt_puts(t, name);
	else
		txt_puts(t, "Unknown message");
	if (op == 2)
		put_address(k, l, t, F_IP_YOUR, " ");
	else
		put_address(k, l, t, F_REQUESTED_IP_ADDRESS, " ");
	if (op == 1)
		put_address(k, l, t, F_IP_CLIENT, " from ");
	put_address(k, l, t, F_DHCP_SERVER_ID, op == 2 ? " from " : " to ");
	put_address(k, l, t, F_IP_RELAY, " relayed by ");
	if (host != NULL) {
		txt_puts(t, " host ");
		show_value(t, k, host);
	}
	txt_printf(t, " id 0x%08x", (unsigned)pkt_get_u(k, l, F_ID, 0));
}

static const u16 info_wants[] = { F_TYPE,	    F_ID,     F_IP_CLIENT, F_IP_YOUR,
				  F_IP_RELAY,	    F_DHCP,   F_HOSTNAME,  F_REQUESTED_IP_ADDRESS,
				  F_DHCP_SERVER_ID, FIELD_END };
static const struct claim claims[] = { { TBL_UDP, 67 }, { TBL_UDP, 68 }, { TBL_UDP, 4011 } };

const struct proto proto_dhcp = {
	.name = "dhcp",
	.title = "Dynamic Host Configuration Protocol",
	.abbrev = "DHCP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_LEAF,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
