/* LLDP's organisationally specific TLVs of IEEE 802.1 (802.1Q annex D) and 802.3 (802.3 clause 79).
 */
#include "packet/dis_lldp.h"

/* The flags of `n` fields from f on, all cut from the same integer. */
static void put_flags(struct dis *d, unsigned f, unsigned n, u32 at, u32 len, u64 v)
{
	d_down(d);
	for (unsigned i = 0; i < n; i++)
		d_bits(d, f + i, at, len, v);
	d_up(d);
}

/* One byte with flags in the `n` fields behind f. */
static void read_flags(struct dis *d, struct cur *c, unsigned f, unsigned n)
{
	u32 at = c->at;
	u8 v = d_u8(d, c, f);

	if (c->fail == CUR_OK)
		put_flags(d, f + 1, n, at, 1, v);
}

/* A length in one byte, then as many bytes. */
static void read_counted(struct dis *d, struct cur *c, unsigned f)
{
	u8 n = d_u8(d, c, f);

	if (c->fail == CUR_OK && n > 0)
		d_bytes(d, c, f + 1, n);
}

static void read_802_1(struct dis *d, struct cur *c)
{
	switch (d_u8(d, c, LLDP_1_SUBTYPE)) {
	case 1: d_be16(d, c, LLDP_1_PVID); break;
	case 2:
		read_flags(d, c, LLDP_1_FLAGS, 2);
		d_be16(d, c, LLDP_1_PPVID);
		break;
	case 3:
		d_be16(d, c, LLDP_1_VLAN);
		read_counted(d, c, LLDP_1_VLAN_NAME_LEN);
		break;
	case 4: read_counted(d, c, LLDP_1_PROTO_LEN); break;
	case 7:
		read_flags(d, c, LLDP_1_AGG, 3);
		d_be32(d, c, LLDP_1_AGG_PORT);
		break;
	default: break;
	}
}

static void read_phy(struct dis *d, struct cur *c)
{
	u32 at;
	u16 v;

	read_flags(d, c, LLDP_3_AUTONEG, 2);
	at = c->at;
	v = d_be16(d, c, LLDP_3_PMD);
	if (c->fail == CUR_OK)
		put_flags(d, LLDP_3_PMD_FIRST, 16, at, 2, v);
	d_be16(d, c, LLDP_3_MAU);
}

static void read_power(struct dis *d, struct cur *c)
{
	u32 at;
	u8 v;

	read_flags(d, c, LLDP_3_MDI, 4);
	d_u8(d, c, LLDP_3_PSE_PAIR);
	d_u8(d, c, LLDP_3_POWER_CLASS);
	if (cur_wire_left(c) == 0)
		return;
	at = c->at;
	v = cur_u8(c);
	if (c->fail != CUR_OK)
		return;
	d_bits(d, LLDP_3_POWER_TYPE, at, 1, v);
	d_bits(d, LLDP_3_POWER_SOURCE, at, 1, v);
	d_bits(d, LLDP_3_POWER_PRIORITY, at, 1, v);
	d_be16(d, c, LLDP_3_POWER_REQUESTED);
	d_be16(d, c, LLDP_3_POWER_ALLOCATED);
}

static void read_802_3(struct dis *d, struct cur *c)
{
	switch (d_u8(d, c, LLDP_3_SUBTYPE)) {
	case 1: read_phy(d, c); break;
	case 2: read_power(d, c); break;
	case 3:
		read_flags(d, c, LLDP_3_AGG, 2);
		d_be32(d, c, LLDP_3_AGG_PORT);
		break;
	case 4: d_be16(d, c, LLDP_3_MAX_FRAME); break;
	case 5:
		d_be16(d, c, LLDP_3_EEE_TX);
		d_be16(d, c, LLDP_3_EEE_RX);
		d_be16(d, c, LLDP_3_EEE_FALLBACK);
		d_be16(d, c, LLDP_3_EEE_ECHO_TX);
		d_be16(d, c, LLDP_3_EEE_ECHO_RX);
		break;
	default: break;
	}
}

/* Organisations that Wireshark reads and we do not: their subtype is not "unknown". */
static bool known_elsewhere(u32 oui)
{
	switch (oui) {
	case 0x0012bb: /* TIA: media endpoints */
	case 0x00000c: /* Cisco */
	case 0x000ecf: /* PROFIBUS */
	case 0x001b21: /* Intel: DCBX */
	case 0x000496: /* Extreme */
	case 0x00040d: /* Avaya */ return true;
	default: return false;
	}
}

void lldp_organisation(struct dis *d, struct cur *c)
{
	u32 oui = d_be24(d, c, LLDP_ORG_OUI);

	if (c->fail != CUR_OK)
		return;
	if (oui == 0x0080c2) {
		read_802_1(d, c);
	} else if (oui == 0x00120f) {
		read_802_3(d, c);
	} else if (oui == 0x00005e) {
		if (d_u8(d, c, LLDP_IANA_SUBTYPE) == 1)
			d_rest(d, c, LLDP_IANA_MUDURL);
		else
			d_rest(d, c, LLDP_ORG_CONTENT);
	} else if (!known_elsewhere(oui)) {
		d_u8(d, c, LLDP_ORG_SUBTYPE);
		d_rest(d, c, LLDP_ORG_CONTENT);
	}
}
