/* VLAN tags: 802.1Q (also under the older type 0x9100) and 802.1ad (IEEE 802.1Q-2018 9). */
/*  0        3   4           16       32
 *  +--------+---+-----------+--------+
 *  |priority|DEI|  VLAN id  |  type  |
 *  +--------+---+-----------+--------+ */
#include "packet/dis_eth.h"

/* The three fields of a tag, `id` the last of them. */
static void read_tag(struct dis *d, struct cur *c, unsigned prio, unsigned id)
{
	u32 at = c->at;
	u16 tci = cur_be16(c);

	if (c->fail != CUR_OK)
		return;
	d_bits(d, prio, at, 2, tci);
	d_bits(d, prio + 1, at, 2, tci);
	d_bits(d, id, at, 2, tci);
	d_scope(d, SCOPE_VLAN, tci & 0x0fff);
}

static void dissect_q(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 type;

	read_tag(d, c, VLAN_PRIORITY, VLAN_ID);
	type = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	if (type > ETH_MAX_LEN)
		d_u(d, VLAN_ETYPE, c->at - 2, 2, type);
	eth_payload(d, c, type, at, VLAN_TRAILER, VLAN_LEN, FCS_NEVER);
}

/* Two service tags in a row are read as one layer, the second as the customer's. */
static void dissect_ad(struct dis *d, struct cur *c)
{
	bool two = cur_peek(c, 2) == 0x88 && cur_peek(c, 3) == 0xa8;
	u32 at = c->at;
	u16 type;

	if (!cur_need(c, two ? 8 : 4))
		return;
	if (two) {
		read_tag(d, c, AD_PRIORITY, AD_SVID);
		cur_skip(c, 2);
		read_tag(d, c, AD_PRIORITY, AD_CVID);
	} else {
		read_tag(d, c, AD_PRIORITY, AD_ID);
	}
	type = cur_be16(c);
	if (c->fail == CUR_OK)
		eth_payload(d, c, type, at, ETH_NO_FIELD, ETH_NO_FIELD, FCS_NEVER);
}

static void put_tag(struct txt *t, const char *what, u64 id)
{
	txt_puts(t, what);
	txt_u64(t, id);
}

/* The VLAN of the tag at `at`, from its own bytes, so that a list of packets need not keep it of
 * each; 0 where it was not captured. */
static u64 id_at(const struct pkt *k, const struct layer *l, u32 at)
{
	struct cur c = { .base = k->frame->data, .at = l->off, .end = l->end, .wire = l->end };

	cur_skip(&c, at);
	return cur_be16(&c) & 0xfff;
}

static void tag_q(const struct pkt *k, const struct layer *l, struct txt *t)
{
	put_tag(t, "VLAN ", id_at(k, l, 0));
}

static void tag_ad(const struct pkt *k, const struct layer *l, struct txt *t)
{
	put_tag(t, "S-VLAN ", id_at(k, l, 0));
	if (l->len == 8)
		put_tag(t, " VLAN ", id_at(k, l, 4));
}

static const struct claim claims_q[] = { { TBL_ETHERTYPE, 0x8100 }, { TBL_ETHERTYPE, 0x9100 } };
static const struct claim claims_ad[] = { { TBL_ETHERTYPE, 0x88a8 } };

const struct proto proto_vlan = {
	.name = "vlan",
	.title = "802.1Q virtual LAN",
	.abbrev = "VLAN",
	.fields_of = &proto_eth,
	.flags = PROTO_TUNNEL,
	.claims = claims_q,
	.nclaims = ARRAY_LEN(claims_q),
	.dissect = dissect_q,
	.tag = tag_q,
};

const struct proto proto_ieee8021ad = {
	.name = "ieee8021ad",
	.title = "802.1ad provider bridge tag",
	.abbrev = "802.1ad",
	.fields_of = &proto_eth,
	.flags = PROTO_TUNNEL,
	.claims = claims_ad,
	.nclaims = ARRAY_LEN(claims_ad),
	.dissect = dissect_ad,
	.tag = tag_ad,
};
