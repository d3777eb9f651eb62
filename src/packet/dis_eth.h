/* What Ethernet and the VLAN tags have in common: one table of fields, and the rules for what may
 * stand behind the network packet. */
#ifndef PACKET_DIS_ETH_H
#define PACKET_DIS_ETH_H

#include "packet/proto.h"

/* Field numbers of proto_eth, which proto_vlan and proto_ieee8021ad speak with. */
enum {
	ETH_DST,
	ETH_DST_OUI,
	ETH_DST_LG,
	ETH_DST_IG,
	ETH_SRC,
	ETH_SRC_OUI,
	ETH_SRC_LG,
	ETH_SRC_IG,
	ETH_ADDR,
	ETH_ADDR_OUI,
	ETH_LG,
	ETH_IG,
	ETH_TYPE,
	ETH_LEN,
	ETH_INVALID_LENTYPE,
	ETH_PADDING,
	ETH_TRAILER,
	ETH_FCS,
	ETH_FCS_STATUS,
	VLAN_PRIORITY,
	VLAN_DEI,
	VLAN_ID,
	VLAN_ETYPE,
	VLAN_LEN,
	VLAN_TRAILER,
	AD_PRIORITY,
	AD_DEI,
	AD_ID,
	AD_SVID,
	AD_CVID,
	ETH_NFIELDS
};

extern const struct proto proto_eth;

/* Names of Ethernet types: also for GRE, LLC/SNAP, Linux cooked, Geneve. */
extern const struct vstr ethertype_names[];

enum {
	ETH_MAX_LEN = 1500,    /* a type up to here is an 802.3 length */
	ETH_MIN_TYPE = 0x0600, /* a type from here on is an Ethernet type */
	ETH_NO_FIELD = -1,     /* for eth_payload: padding only; no 802.3 lengths */
};

enum eth_fcs {
	FCS_NEVER, /* inside a tunnel or a tag */
	FCS_GUESS, /* by the length of the trailer, as Wireshark does */
	FCS_THERE, /* the capture says so */
};

/* Hands on what follows an Ethernet type or 802.3 length at c (`type` was read from it); then
 * accounts for what the network packet inside leaves over: padding zeros up to the 60 bytes of a
 * minimal frame, a trailer (field `trailer`), a frame check sequence. `len_field` takes an 802.3
 * length. `start` is where the frame (FCS included) begins. */
void eth_payload(struct dis *d, struct cur *c, u16 type, u32 start, int trailer, int len_field,
		 enum eth_fcs fcs);

#endif
