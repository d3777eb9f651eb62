/* Link Layer Discovery Protocol (IEEE 802.1AB-2016). */
/*  0       7        16
 *  +-------+---------+-------------------
 *  | type  | length  | value, length bytes      one after the other, chassis, port and time to live
 *  +-------+---------+-------------------      first, an empty one of type 0 last */
#include "packet/dis_lldp.h"

enum {
	TLV_END,
	TLV_CHASSIS,
	TLV_PORT,
	TLV_TTL,
	TLV_PORT_DESC,
	TLV_NAME,
	TLV_DESC,
	TLV_CAP,
	TLV_MGN,
	TLV_ORG = 127
};
enum { FAMILY_IP4 = 1, FAMILY_IP6 = 2 };

static const struct vstr type_names[] = {
	{ TLV_END, "End" },
	{ TLV_CHASSIS, "Chassis id" },
	{ TLV_PORT, "Port id" },
	{ TLV_TTL, "Time to live" },
	{ TLV_PORT_DESC, "Port description" },
	{ TLV_NAME, "System name" },
	{ TLV_DESC, "System description" },
	{ TLV_CAP, "System capabilities" },
	{ TLV_MGN, "Management address" },
	{ TLV_ORG, "Organisation specific" },
	{ 0, NULL },
};
static const struct vstr chassis_names[] = {
	{ 1, "Chassis component" }, { 2, "Interface alias" },
	{ 3, "Port component" },    { 4, "MAC address" },
	{ 5, "Network address" },   { 6, "Interface name" },
	{ 7, "Locally assigned" },  { 0, NULL },
};
static const struct vstr port_names[] = {
	{ 1, "Interface alias" },  { 2, "Port component" },
	{ 3, "MAC address" },	   { 4, "Network address" },
	{ 5, "Interface name" },   { 6, "Agent circuit id" },
	{ 7, "Locally assigned" }, { 0, NULL },
};
static const struct vstr family_names[] = {
	{ FAMILY_IP4, "IPv4" }, { FAMILY_IP6, "IPv6" }, { 6, "IEEE 802" }, { 0, NULL }
};
static const struct vstr if_names[] = {
	{ 1, "Unknown" }, { 2, "Interface index" }, { 3, "System port number" }, { 0, NULL }
};
static const struct vstr oui_names[] = {
	{ 0x0080c2, "IEEE 802.1" }, { 0x00120f, "IEEE 802.3" }, { 0x0012bb, "TIA" }, { 0, NULL }
};
static const struct vstr subtype_1_names[] = {
	{ 1, "Port VLAN" },	    { 2, "Port and protocol VLAN" }, { 3, "VLAN name" },
	{ 4, "Protocol identity" }, { 7, "Link aggregation" },	     { 0, NULL },
};
static const struct vstr subtype_3_names[] = {
	{ 1, "MAC and PHY" },	     { 2, "Power over the link" },	 { 3, "Link aggregation" },
	{ 4, "Maximum frame size" }, { 5, "Energy-efficient Ethernet" }, { 0, NULL },
};

#define FLAG8(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No"
#define FLAG16(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No", .width = 16

static const struct field fields[LLDP_NFIELDS] = {
	[LLDP_TLV_TYPE] = { "lldp.tlv.type", "Type", FT_U16, FB_DEC, 0xfe00, .names = type_names },
	[LLDP_TLV_LEN] = { "lldp.tlv.len", "Length", FT_U16, FB_DEC, 0x01ff },
	[LLDP_CHASSIS_SUBTYPE] = { "lldp.chassis.subtype", "Chassis id kind", FT_U8, FB_DEC,
				   .names = chassis_names },
	[LLDP_CHASSIS_ID] = { "lldp.chassis.id", "Chassis id", FT_BYTES },
	[LLDP_CHASSIS_MAC] = { "lldp.chassis.id.mac", "Chassis id", FT_ETHER },
	[LLDP_CHASSIS_IP4] = { "lldp.chassis.id.ip4", "Chassis id", FT_IPV4 },
	[LLDP_CHASSIS_IP6] = { "lldp.chassis.id.ip6", "Chassis id", FT_IPV6 },
	[LLDP_NETWORK_SUBTYPE] = { "lldp.network_address.subtype", "Address family", FT_U8, FB_DEC,
				   .names = family_names },
	[LLDP_PORT_SUBTYPE] = { "lldp.port.subtype", "Port id kind", FT_U8, FB_DEC,
				.names = port_names },
	[LLDP_PORT_ID] = { "lldp.port.id", "Port id", FT_STRING },
	[LLDP_PORT_MAC] = { "lldp.port.id.mac", "Port id", FT_ETHER },
	[LLDP_PORT_IP4] = { "lldp.port.id.ip4", "Port id", FT_IPV4 },
	[LLDP_PORT_IP6] = { "lldp.port.id.ip6", "Port id", FT_IPV6 },
	[LLDP_TTL] = { "lldp.time_to_live", "Time to live, s", FT_U16, FB_DEC },
	[LLDP_PORT_DESC] = { "lldp.port.desc", "Port description", FT_STRING },
	[LLDP_SYSTEM_NAME] = { "lldp.tlv.system.name", "System name", FT_STRING },
	[LLDP_SYSTEM_DESC] = { "lldp.tlv.system.desc", "System description", FT_STRING },
	[LLDP_CAP] = { "lldp.tlv.system_cap", "Capabilities", FT_U16, FB_HEX },
	[LLDP_CAP_OTHER + 0] = { "lldp.tlv.system_cap.other", "Other", FLAG16(0x0001) },
	[LLDP_CAP_OTHER + 1] = { "lldp.tlv.system_cap.repeater", "Repeater", FLAG16(0x0002) },
	[LLDP_CAP_OTHER + 2] = { "lldp.tlv.system_cap.bridge", "Bridge", FLAG16(0x0004) },
	[LLDP_CAP_OTHER + 3] = { "lldp.tlv.system_cap.wlan_access_pt", "WLAN access point",
				 FLAG16(0x0008) },
	[LLDP_CAP_OTHER + 4] = { "lldp.tlv.system_cap.router", "Router", FLAG16(0x0010) },
	[LLDP_CAP_OTHER + 5] = { "lldp.tlv.system_cap.telephone", "Telephone", FLAG16(0x0020) },
	[LLDP_CAP_OTHER + 6] = { "lldp.tlv.system_cap.docsis_cable_device", "DOCSIS cable device",
				 FLAG16(0x0040) },
	[LLDP_CAP_OTHER + 7] = { "lldp.tlv.system_cap.station_only", "Station only",
				 FLAG16(0x0080) },
	[LLDP_ENABLED] = { "lldp.tlv.enable_system_cap", "Enabled capabilities", FT_U16, FB_HEX },
	[LLDP_ENABLED_OTHER + 0] = { "lldp.tlv.enable_system_cap.other", "Other", FLAG16(0x0001) },
	[LLDP_ENABLED_OTHER + 1] = { "lldp.tlv.enable_system_cap.repeater", "Repeater",
				     FLAG16(0x0002) },
	[LLDP_ENABLED_OTHER + 2] = { "lldp.tlv.enable_system_cap.bridge", "Bridge",
				     FLAG16(0x0004) },
	[LLDP_ENABLED_OTHER + 3] = { "lldp.tlv.enable_system_cap.wlan_access_pt",
				     "WLAN access point", FLAG16(0x0008) },
	[LLDP_ENABLED_OTHER + 4] = { "lldp.tlv.enable_system_cap.router", "Router",
				     FLAG16(0x0010) },
	[LLDP_ENABLED_OTHER + 5] = { "lldp.tlv.enable_system_cap.telephone", "Telephone",
				     FLAG16(0x0020) },
	[LLDP_ENABLED_OTHER + 6] = { "lldp.tlv.enable_system_cap.docsis_cable_device",
				     "DOCSIS cable device", FLAG16(0x0040) },
	[LLDP_ENABLED_OTHER + 7] = { "lldp.tlv.enable_system_cap.station_only", "Station only",
				     FLAG16(0x0080) },
	[LLDP_MGN_LEN] = { "lldp.mgn.address.len", "Address length", FT_U8, FB_DEC },
	[LLDP_MGN_SUBTYPE] = { "lldp.mgn.address.subtype", "Address family", FT_U8, FB_DEC,
			       .names = family_names },
	[LLDP_MGN_IP4] = { "lldp.mgn.addr.ip4", "Management address", FT_IPV4 },
	[LLDP_MGN_IP6] = { "lldp.mgn.addr.ip6", "Management address", FT_IPV6 },
	[LLDP_MGN_HEX] = { "lldp.mgn.addr.hex", "Management address", FT_BYTES },
	[LLDP_MGN_IF_SUBTYPE] = { "lldp.mgn.interface.subtype", "Interface numbering", FT_U8,
				  FB_DEC, .names = if_names },
	[LLDP_MGN_IF_NUMBER] = { "lldp.mgn.interface.number", "Interface number", FT_U32, FB_DEC },
	[LLDP_MGN_OID_LEN] = { "lldp.mgn.obj.len", "Object identifier length", FT_U8, FB_DEC },
	[LLDP_MGN_OID] = { "lldp.mgn.obj.id", "Object identifier", FT_STRING },
	[LLDP_ORG_OUI] = { "lldp.orgtlv.oui", "Organisation", FT_U24, FB_DEC_HEX,
			   .names = oui_names },
	[LLDP_ORG_SUBTYPE] = { "lldp.unknown_subtype", "Subtype", FT_U8, FB_DEC },
	[LLDP_ORG_CONTENT] = { "lldp.unknown_subtype.content", "Content", FT_BYTES },
	[LLDP_1_SUBTYPE] = { "lldp.ieee.802_1.subtype", "IEEE 802.1 subtype", FT_U8, FB_HEX,
			     .names = subtype_1_names },
	[LLDP_1_PVID] = { "lldp.ieee.802_1.port_vlan.id", "Port VLAN", FT_U16, FB_DEC_HEX },
	[LLDP_1_FLAGS] = { "lldp.ieee.802_1.port_and_vlan_id_flag", "Flags", FT_U8, FB_HEX },
	[LLDP_1_FLAG_SUPPORTED] = { "lldp.ieee.802_1.port_and_vlan_id_flag.supported",
				    "Port and protocol VLAN supported", FLAG8(0x02) },
	[LLDP_1_FLAG_ENABLED] = { "lldp.ieee.802_1.port_and_vlan_id_flag.enabled",
				  "Port and protocol VLAN enabled", FLAG8(0x04) },
	[LLDP_1_PPVID] = { "lldp.ieee.802_1.port_proto_vlan.id", "Port and protocol VLAN", FT_U16,
			   FB_DEC_HEX },
	[LLDP_1_VLAN] = { "lldp.ieee.802_1.vlan.id", "VLAN", FT_U16, FB_DEC_HEX },
	[LLDP_1_VLAN_NAME_LEN] = { "lldp.ieee.802_1.vlan.name_len", "VLAN name length", FT_U8,
				   FB_DEC },
	[LLDP_1_VLAN_NAME] = { "lldp.ieee.802_1.vlan.name", "VLAN name", FT_STRING },
	[LLDP_1_PROTO_LEN] = { "lldp.ieee.802_1.proto.id_length", "Protocol identity length", FT_U8,
			       FB_DEC },
	[LLDP_1_PROTO] = { "lldp.ieee.802_1.proto.id", "Protocol identity", FT_BYTES },
	[LLDP_1_AGG] = { "lldp.ieee.802_1.aggregation_status", "Aggregation", FT_U8, FB_HEX },
	[LLDP_1_AGG_CAP] = { "lldp.ieee.802_1.aggregation_status.cap", "Aggregation capable",
			     FLAG8(0x01) },
	[LLDP_1_AGG_ENABLED] = { "lldp.ieee.802_1.aggregation_status.enabled", "Aggregated",
				 FLAG8(0x02) },
	[LLDP_1_AGG_PORTTYPE] = { "lldp.ieee.802_1.aggregation_status.porttype", "Port type", FT_U8,
				  FB_DEC, 0x0c },
	[LLDP_1_AGG_PORT] = { "lldp.ieee.802_1.aggregated_port_id", "Aggregated port", FT_U32,
			      FB_DEC },
	[LLDP_3_SUBTYPE] = { "lldp.ieee.802_3.subtype", "IEEE 802.3 subtype", FT_U8, FB_HEX,
			     .names = subtype_3_names },
	[LLDP_3_AUTONEG] = { "lldp.ieee.802_3.mac_phy_auto_neg_status", "Autonegotiation", FT_U8,
			     FB_HEX },
	[LLDP_3_AUTONEG_SUPPORTED] = { "lldp.ieee.802_3.mac_phy_auto_neg_status.supported",
				       "Supported", FLAG8(0x01) },
	[LLDP_3_AUTONEG_ENABLED] = { "lldp.ieee.802_3.mac_phy_auto_neg_status.enabled", "Enabled",
				     FLAG8(0x02) },
	[LLDP_3_PMD] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps", "Advertised capabilities",
			 FT_U16, FB_HEX },
	[LLDP_3_PMD_FIRST + 0] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_tfd",
				   "1000BASE-T, full duplex", FLAG16(0x0001) },
	[LLDP_3_PMD_FIRST + 1] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_t",
				   "1000BASE-T, half duplex", FLAG16(0x0002) },
	[LLDP_3_PMD_FIRST + 2] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_xfd",
				   "1000BASE-X, full duplex", FLAG16(0x0004) },
	[LLDP_3_PMD_FIRST + 3] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.1000base_x",
				   "1000BASE-X, half duplex", FLAG16(0x0008) },
	[LLDP_3_PMD_FIRST + 4] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_bpause",
				   "Asymmetric and symmetric PAUSE", FLAG16(0x0010) },
	[LLDP_3_PMD_FIRST + 5] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_spause",
				   "Symmetric PAUSE", FLAG16(0x0020) },
	[LLDP_3_PMD_FIRST + 6] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_apause",
				   "Asymmetric PAUSE", FLAG16(0x0040) },
	[LLDP_3_PMD_FIRST + 7] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.fdx_pause",
				   "PAUSE", FLAG16(0x0080) },
	[LLDP_3_PMD_FIRST + 8] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t2fd",
				   "100BASE-T2, full duplex", FLAG16(0x0100) },
	[LLDP_3_PMD_FIRST + 9] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t2",
				   "100BASE-T2, half duplex", FLAG16(0x0200) },
	[LLDP_3_PMD_FIRST + 10] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_txfd",
				    "100BASE-TX, full duplex", FLAG16(0x0400) },
	[LLDP_3_PMD_FIRST + 11] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_tx",
				    "100BASE-TX, half duplex", FLAG16(0x0800) },
	[LLDP_3_PMD_FIRST + 12] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.100base_t4",
				    "100BASE-T4", FLAG16(0x1000) },
	[LLDP_3_PMD_FIRST + 13] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.10base_tfd",
				    "10BASE-T, full duplex", FLAG16(0x2000) },
	[LLDP_3_PMD_FIRST + 14] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.10base_t",
				    "10BASE-T, half duplex", FLAG16(0x4000) },
	[LLDP_3_PMD_FIRST + 15] = { "lldp.ieee.802_3.pmd_auto_neg_advertised_caps.other",
				    "Other or unknown", FLAG16(0x8000) },
	[LLDP_3_MAU] = { "lldp.ieee.802_3.pmd_mau_type", "Operational MAU type", FT_U16, FB_HEX },
	[LLDP_3_MDI] = { "lldp.ieee.802_3.mdi_power_support", "Power over the link", FT_U8,
			 FB_HEX },
	[LLDP_3_MDI_CLASS] = { "lldp.ieee.802_3.mdi_power_support.port_class", "Power sourcing",
			       FLAG8(0x01) },
	[LLDP_3_MDI_SUPPORTED] = { "lldp.ieee.802_3.mdi_power_support.supported", "Supported",
				   FLAG8(0x02) },
	[LLDP_3_MDI_ENABLED] = { "lldp.ieee.802_3.mdi_power_support.enabled", "Enabled",
				 FLAG8(0x04) },
	[LLDP_3_MDI_PAIRS] = { "lldp.ieee.802_3.mdi_power_support.pse_pairs",
			       "Pairs can be controlled", FLAG8(0x08) },
	[LLDP_3_PSE_PAIR] = { "lldp.ieee.802_3.mdi_pse_pair", "Power pair", FT_U8, FB_DEC },
	[LLDP_3_POWER_CLASS] = { "lldp.ieee.802_3.mdi_power_class", "Power class", FT_U8, FB_DEC },
	[LLDP_3_POWER_TYPE] = { "lldp.ieee.802_3.mdi_power_type", "Power type", FT_U8, FB_DEC,
				0xc0 },
	[LLDP_3_POWER_SOURCE] = { "lldp.ieee.802_3.mdi_power_source", "Power source", FT_U8, FB_DEC,
				  0x30 },
	[LLDP_3_POWER_PRIORITY] = { "lldp.ieee.802_3.mdi_power_priority", "Power priority", FT_U8,
				    FB_DEC, 0x0f },
	[LLDP_3_POWER_REQUESTED] = { "lldp.ieee.802_3.mdi_pde_requested", "Requested power, 0.1 W",
				     FT_U16, FB_DEC },
	[LLDP_3_POWER_ALLOCATED] = { "lldp.ieee.802_3.mdi_pse_allocated", "Allocated power, 0.1 W",
				     FT_U16, FB_DEC },
	[LLDP_3_AGG] = { "lldp.ieee.802_3.aggregation_status", "Aggregation", FT_U8, FB_HEX },
	[LLDP_3_AGG_CAP] = { "lldp.ieee.802_3.aggregation_status.cap", "Aggregation capable",
			     FLAG8(0x01) },
	[LLDP_3_AGG_ENABLED] = { "lldp.ieee.802_3.aggregation_status.enabled", "Aggregated",
				 FLAG8(0x02) },
	[LLDP_3_AGG_PORT] = { "lldp.ieee.802_3.aggregated_port_id", "Aggregated port", FT_U32,
			      FB_DEC },
	[LLDP_3_MAX_FRAME] = { "lldp.ieee.802_3.max_frame_size", "Maximum frame size", FT_U16,
			       FB_DEC },
	[LLDP_3_EEE_TX] = { "lldp.ieee.802_3.eee.transmit", "Wake time of the sender, us", FT_U16,
			    FB_DEC },
	[LLDP_3_EEE_RX] = { "lldp.ieee.802_3.eee.receive", "Wake time of the receiver, us", FT_U16,
			    FB_DEC },
	[LLDP_3_EEE_FALLBACK] = { "lldp.ieee.802_3.eee.fallback_receive", "Fallback wake time, us",
				  FT_U16, FB_DEC },
	[LLDP_3_EEE_ECHO_TX] = { "lldp.ieee.802_3.eee.echo_transmit",
				 "Echoed sender's wake time, us", FT_U16, FB_DEC },
	[LLDP_3_EEE_ECHO_RX] = { "lldp.ieee.802_3.eee.echo_receive",
				 "Echoed receiver's wake time, us", FT_U16, FB_DEC },
	[LLDP_IANA_SUBTYPE] = { "lldp.iana.subtype", "IANA subtype", FT_U8, FB_HEX },
	[LLDP_IANA_MUDURL] = { "lldp.iana.mudurl", "Manufacturer usage description", FT_STRING },
};

/* An address behind its family: two fields for the known families, one for the rest. */
static void read_address(struct dis *d, struct cur *c, u8 family, unsigned ip4, unsigned other)
{
	if (family == FAMILY_IP4 && cur_wire_left(c) == 4)
		d_be32(d, c, ip4);
	else if (family == FAMILY_IP6 && cur_wire_left(c) == 16)
		d_bytes(d, c, ip4 + 1, 16);
	else
		d_rest(d, c, other);
}

/* Chassis and port id have the same form; the fields stand in the same order behind `f`. */
static void read_id(struct dis *d, struct cur *c, unsigned f, u8 mac_kind, u8 network_kind)
{
	bool chassis = f == LLDP_CHASSIS_SUBTYPE;
	unsigned id = chassis ? LLDP_CHASSIS_ID : LLDP_PORT_ID;
	u8 kind = d_u8(d, c, f), family;

	if (c->fail != CUR_OK)
		return;
	if (kind == mac_kind) {
		d_bytes(d, c, id + 1, 6);
	} else if (kind == network_kind) {
		family = d_u8(d, c, LLDP_NETWORK_SUBTYPE);
		read_address(d, c, family, id + 2, id);
	} else {
		d_rest(d, c, id);
	}
}

static void put_capabilities(struct dis *d, struct cur *c, unsigned f)
{
	u32 at = c->at;
	u16 v = d_be16(d, c, f);

	if (c->fail != CUR_OK)
		return;
	d_down(d);
	for (unsigned i = 1; i <= 8; i++)
		d_bits(d, f + i, at, 2, v);
	d_up(d);
}

/* The object identifier as dotted text (X.690 8.19); the first number holds two arcs. */
static void put_oid(struct dis *d, struct cur *c, u32 n)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n);
	struct txt t;
	u64 arc = 0;

	if (p == NULL || !d_wants(d, LLDP_MGN_OID))
		return;
	txt_init(&t);
	for (u32 i = 0; i < n; i++) {
		arc = arc << 7 | (p[i] & 0x7f);
		if (p[i] & 0x80)
			continue;
		if (t.n == 0) {
			txt_u64(&t, MIN(arc / 40, 2));
			arc -= MIN(arc / 40, 2) * 40;
		}
		txt_putc(&t, '.');
		txt_u64(&t, arc);
		arc = 0;
	}
	d_text(d, LLDP_MGN_OID, at, n, t.s, t.n);
	txt_fini(&t);
}

static void read_management(struct dis *d, struct cur *c)
{
	u8 len = d_u8(d, c, LLDP_MGN_LEN), family, oid;
	struct cur a;

	if (len == 0) {
		d_mark(d, MARK_LENGTH, c->at, "a management address of length 0");
		return;
	}
	family = d_u8(d, c, LLDP_MGN_SUBTYPE);
	if (c->fail != CUR_OK)
		return;
	a = cur_sub(c, len - 1u);
	read_address(d, &a, family, LLDP_MGN_IP4, LLDP_MGN_HEX);
	d_u8(d, c, LLDP_MGN_IF_SUBTYPE);
	d_be32(d, c, LLDP_MGN_IF_NUMBER);
	oid = d_u8(d, c, LLDP_MGN_OID_LEN);
	if (c->fail == CUR_OK && oid > 0)
		put_oid(d, c, oid);
}

/* Text may be empty: the field is there then, too. */
static void read_text(struct dis *d, struct cur *c, unsigned f)
{
	d_bytes(d, c, f, cur_wire_left(c));
}

static void read_value(struct dis *d, struct cur *c, u8 type)
{
	switch (type) {
	case TLV_CHASSIS: read_id(d, c, LLDP_CHASSIS_SUBTYPE, 4, 5); break;
	case TLV_PORT: read_id(d, c, LLDP_PORT_SUBTYPE, 3, 4); break;
	case TLV_TTL: d_be16(d, c, LLDP_TTL); break;
	case TLV_PORT_DESC: read_text(d, c, LLDP_PORT_DESC); break;
	case TLV_NAME: read_text(d, c, LLDP_SYSTEM_NAME); break;
	case TLV_DESC: read_text(d, c, LLDP_SYSTEM_DESC); break;
	case TLV_CAP:
		put_capabilities(d, c, LLDP_CAP);
		put_capabilities(d, c, LLDP_ENABLED);
		break;
	case TLV_MGN: read_management(d, c); break;
	case TLV_ORG: lldp_organisation(d, c); break;
	default: break;
	}
}

/* Chassis, port and time to live come first, in this order. */
static bool in_order(struct dis *d, u32 at, unsigned i, u8 type)
{
	if (i > 2 || type == TLV_CHASSIS + i)
		return true;
	d_mark(d, MARK_VALUE, at, "LLDP begins with chassis, port and time to live");
	return false;
}

static void dissect(struct dis *d, struct cur *c)
{
	for (unsigned i = 0; c->fail == CUR_OK && cur_wire_left(c) > 0; i++) {
		u32 at = c->at, len;
		u16 head = cur_be16(c);
		u8 type = (u8)(head >> 9);
		struct cur v;

		len = head & 0x1ff;
		if (c->fail != CUR_OK || !in_order(d, at, i, type) || !cur_need(c, len))
			return;
		d_bits(d, LLDP_TLV_TYPE, at, 2, head);
		d_bits(d, LLDP_TLV_LEN, at, 2, head);
		if (type == TLV_END) {
			cur_limit(c, 0);
			d_packet_end(d, c->wire);
			return;
		}
		v = cur_sub(c, len);
		d_down(d);
		read_value(d, &v, type);
		d_up(d);
		if (!d_check(d, &v))
			return;
	}
}

static void put_text(struct txt *t, const struct pkt *k, const struct layer *l, unsigned f)
{
	const struct val *v = pkt_get(k, l, f);

	if (v != NULL)
		txt_escape(t, v->p, v->n);
}

/* "switch1 port eth0 (chassis 00:16:3e:11:22:33) for 120 s" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	const struct val *v;

	put_text(t, k, l, LLDP_SYSTEM_NAME);
	if (t->n > 0 && pkt_get(k, l, LLDP_SYSTEM_NAME) != NULL)
		txt_putc(t, ' ');
	if ((v = pkt_get(k, l, LLDP_CHASSIS_MAC)) != NULL) {
		txt_puts(t, "chassis ");
		txt_mac(t, v->p);
		txt_putc(t, ' ');
	}
	txt_puts(t, "port ");
	put_text(t, k, l, LLDP_PORT_ID);
	if ((v = pkt_get(k, l, LLDP_PORT_MAC)) != NULL)
		txt_mac(t, v->p);
	if ((v = pkt_get(k, l, LLDP_TTL)) != NULL) {
		if (v->u == 0) {
			txt_puts(t, " goes away");
		} else {
			txt_puts(t, " for ");
			txt_u64(t, v->u);
			txt_puts(t, " s");
		}
	}
}

static const u16 info_wants[] = { LLDP_SYSTEM_NAME, LLDP_CHASSIS_MAC, LLDP_PORT_ID,
				  LLDP_PORT_MAC,    LLDP_TTL,	      FIELD_END };
static const struct claim claims[] = { { TBL_ETHERTYPE, 0x88cc } };

const struct proto proto_lldp = {
	.name = "lldp",
	.title = "Link Layer Discovery Protocol",
	.abbrev = "LLDP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),

	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
