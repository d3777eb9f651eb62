/* Ethernet II and 802.3 (IEEE 802.3-2018 3.2), with the guesses about padding, trailer and frame
 * check sequence that Wireshark makes. */
/*  0        6        12     14
 *  +--------+--------+------+----------------+---------+-----+
 *  | dst    | src    | type | payload        | padding | FCS |
 *  +--------+--------+------+----------------+---------+-----+ */
#include "packet/dis_eth.h"

#include <string.h>

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const u16 any_addr[] = { ETH_DST, ETH_SRC, FIELD_END };
static const u16 any_oui[] = { ETH_DST_OUI, ETH_SRC_OUI, FIELD_END };
static const u16 any_lg[] = { ETH_DST_LG, ETH_SRC_LG, FIELD_END };
static const u16 any_ig[] = { ETH_DST_IG, ETH_SRC_IG, FIELD_END };

#define LG_TITLE "Locally administered address"
#define IG_TITLE "Group address (multicast or broadcast)"
#define BIT(m) FT_BOOL, FB_NONE, m, .on = "Yes", .off = "No", .width = 24

static const struct vstr prio_names[] = {
	{ 0, "Best effort" },		{ 1, "Background" },	      { 2, "Excellent effort" },
	{ 3, "Critical applications" }, { 4, "Video, below 100 ms" }, { 5, "Voice, below 10 ms" },
	{ 6, "Internetwork control" },	{ 7, "Network control" },     { 0, NULL },
};

const struct vstr ethertype_names[] = {
	{ 0x0800, "IPv4" },
	{ 0x0806, "ARP" },
	{ 0x0842, "Wake-on-LAN" },
	{ 0x22f0, "AVTP" },
	{ 0x22f3, "TRILL" },
	{ 0x6558, "Transparent Ethernet bridging" },
	{ 0x8035, "RARP" },
	{ 0x809b, "AppleTalk" },
	{ 0x8100, "802.1Q VLAN" },
	{ 0x8137, "IPX" },
	{ 0x86dd, "IPv6" },
	{ 0x8808, "Ethernet flow control" },
	{ 0x8809, "Slow protocols" },
	{ 0x880b, "PPP" },
	{ 0x8847, "MPLS" },
	{ 0x8848, "MPLS with upstream-assigned label" },
	{ 0x8863, "PPPoE discovery" },
	{ 0x8864, "PPPoE session" },
	{ 0x888e, "EAPOL" },
	{ 0x88a8, "802.1ad provider bridge" },
	{ 0x88be, "ERSPAN I and II" },
	{ 0x22eb, "ERSPAN III" },
	{ 0x88cc, "LLDP" },
	{ 0x88e5, "MACsec" },
	{ 0x88e7, "802.1ah backbone bridge" },
	{ 0x88f7, "PTP" },
	{ 0x8902, "CFM" },
	{ 0x894f, "NSH" },
	{ 0x9000, "Loopback" },
	{ 0x9100, "QinQ (0x9100)" },
	{ 0, NULL },
};

static const struct field fields[ETH_NFIELDS] = {
	[ETH_DST] = { "eth.dst", "Destination", FT_ETHER },
	[ETH_DST_OUI] = { "eth.dst.oui", "Destination vendor (OUI)", FT_U24, FB_DEC_HEX },
	[ETH_DST_LG] = { "eth.dst.lg", LG_TITLE, BIT(0x020000) },
	[ETH_DST_IG] = { "eth.dst.ig", IG_TITLE, BIT(0x010000) },
	[ETH_SRC] = { "eth.src", "Source", FT_ETHER },
	[ETH_SRC_OUI] = { "eth.src.oui", "Source vendor (OUI)", FT_U24, FB_DEC_HEX },
	[ETH_SRC_LG] = { "eth.src.lg", LG_TITLE, BIT(0x020000) },
	[ETH_SRC_IG] = { "eth.src.ig", IG_TITLE, BIT(0x010000) },
	[ETH_ADDR] = { "eth.addr", "Source or destination", FT_ETHER, .any = any_addr },
	[ETH_ADDR_OUI] = { "eth.addr.oui", "Source or destination vendor", FT_U24, FB_DEC_HEX,
			   .any = any_oui },
	[ETH_LG] = { "eth.lg", LG_TITLE, FT_BOOL, FB_NONE, 0x020000, .any = any_lg, .width = 24 },
	[ETH_IG] = { "eth.ig", IG_TITLE, FT_BOOL, FB_NONE, 0x010000, .any = any_ig, .width = 24 },
	[ETH_TYPE] = { "eth.type", "Type", FT_U16, FB_HEX, .names = ethertype_names },
	[ETH_LEN] = { "eth.len", "Length", FT_U16, FB_DEC },
	[ETH_INVALID_LENTYPE] = { "eth.invalid_lentype", "Neither a length nor a type", FT_U16,
				  FB_HEX_DEC },
	[ETH_PADDING] = { "eth.padding", "Padding", FT_BYTES },
	[ETH_TRAILER] = { "eth.trailer", "Trailer", FT_BYTES },
	[ETH_FCS] = { "eth.fcs", "Frame check sequence", FT_U32, FB_HEX },
	[ETH_FCS_STATUS] = { "eth.fcs.status", "Frame check sequence status", FT_U8, FB_DEC,
			     .names = status_names },
	[VLAN_PRIORITY] = { "vlan.priority", "Priority", FT_U16, FB_DEC, 0xe000,
			    .names = prio_names },
	[VLAN_DEI] = { "vlan.dei", "Drop eligible", FT_BOOL, FB_NONE, 0x1000, .on = "Yes",
		       .off = "No", .width = 16 },
	[VLAN_ID] = { "vlan.id", "VLAN", FT_U16, FB_DEC, 0x0fff },
	[VLAN_ETYPE] = { "vlan.etype", "Type", FT_U16, FB_HEX, .names = ethertype_names },
	[VLAN_LEN] = { "vlan.len", "Length", FT_U16, FB_DEC },
	[VLAN_TRAILER] = { "vlan.trailer", "Trailer", FT_BYTES },
	[AD_PRIORITY] = { "ieee8021ad.priority", "Priority", FT_U16, FB_DEC, 0xe000,
			  .names = prio_names },
	[AD_DEI] = { "ieee8021ad.dei", "Drop eligible", FT_U16, FB_DEC, 0x1000 },
	[AD_ID] = { "ieee8021ad.id", "Service VLAN", FT_U16, FB_DEC, 0x0fff },
	[AD_SVID] = { "ieee8021ad.svid", "Service VLAN of two", FT_U16, FB_DEC, 0x0fff },
	[AD_CVID] = { "ieee8021ad.cvid", "Customer VLAN", FT_U16, FB_DEC, 0x0fff },
};

static void put_addr(struct dis *d, unsigned f, u32 at, const u8 *p)
{
	u32 oui = (u32)p[0] << 16 | load_be16(p + 1);

	d_mem(d, f, at, 6);
	d_down(d);
	d_u(d, f + 1, at, 3, oui);
	d_bits(d, f + 2, at, 3, oui);
	d_bits(d, f + 3, at, 3, oui);
	d_up(d);
}

/* ---- what follows the type ---- */

/* CRC-32 of IEEE 802.3 3.2.9, a bit at a time: only for those who ask for checksums. */
static u32 crc32(const u8 *p, u32 n)
{
	u32 crc = 0xffffffff;

	for (; n > 0; n--, p++) {
		crc ^= *p;
		for (int i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
	}
	return ~crc;
}

static void put_fcs(struct dis *d, const struct cur *whole, u32 start, u32 at)
{
	u64 status = 2;

	if (whole->end < at + 4)
		return;
	d_u(d, ETH_FCS, at, 4, load_be32(whole->base + at));
	if (d->plan->checksums) {
		status = crc32(whole->base + start, at - start) == load_le32(whole->base + at);
		if (!status)
			d_mark(d, MARK_CHECKSUM, at, "wrong Ethernet frame check sequence");
	}
	d_gen(d, ETH_FCS_STATUS, status);
}

/* How many of the `rep` bytes at `from` pad the frame to 60 bytes; -1 where they are not captured.
 */
static int padding(const struct dis *d, const struct cur *c, u32 from, u32 rep)
{
	static const u8 zeros[60];
	u32 total = d->k->frame->len, before = total - rep, need;

	if (total < 60 || before >= 60 || rep < 60 - before)
		return 0;
	need = 60 - before;
	if (memcmp(c->base + from, zeros, MIN(need, c->end - from)) != 0)
		return 0;
	return c->end - from < need ? -1 : (int)need;
}

static bool is_zero(const u8 *p, u32 n)
{
	for (; n > 0; n--)
		if (*p++ != 0)
			return false;
	return true;
}

/* Padding, trailer and FCS: the bytes of the frame from `from` on. */
static void put_trailer(struct dis *d, const struct cur *whole, u32 start, u32 from, int trailer,
			enum eth_fcs fcs)
{
	u32 rep = whole->wire - from, cap;
	int pad;
	bool has_fcs;

	if (from >= whole->end)
		return;
	pad = padding(d, whole, from, rep);
	if (pad < 0)
		return;
	if (pad > 0)
		d_mem(d, ETH_PADDING, from, (u32)pad);
	from += (u32)pad;
	rep -= (u32)pad;
	has_fcs = fcs != FCS_NEVER && rep >= 4 && (fcs == FCS_THERE || whole->wire - start >= 64);
	if (has_fcs)
		rep -= 4;
	cap = MIN(rep, whole->end - from);
	if (cap > 0 && trailer != ETH_NO_FIELD)
		d_mem(d, (unsigned)trailer, from, cap);
	if (!is_zero(whole->base + from, cap))
		d_mark(d, MARK_TRAILING, from, "bytes behind the end of the network packet");
	if (has_fcs)
		put_fcs(d, whole, start, from + rep);
}

/* 802.3: a length, then LLC (or Novell's raw IPX, which begins with ffff). */
static void hand_on_802_3(struct dis *d, struct cur *c, u16 len, unsigned len_field)
{
	struct cur p;

	d_u(d, len_field, c->at - 2, 2, len);
	if (len > cur_wire_left(c)) {
		d_mark(d, MARK_LENGTH, c->at - 2,
		       "the 802.3 length goes past the end of the frame");
		len = (u16)cur_wire_left(c);
	}
	p = *c;
	cur_limit(&p, len);
	d->packet_end = p.wire;
	if (cur_peek(&p, 0) == 0xff && cur_peek(&p, 1) == 0xff)
		d_next(d, TBL_ETHERTYPE, 0x8137, p);
	else
		d_next(d, TBL_INNER, INNER_LLC, p);
}

void eth_payload(struct dis *d, struct cur *c, u16 type, u32 start, int trailer, int len_field,
		 enum eth_fcs fcs)
{
	u32 outer = d->packet_end, end;
	u8 outer_layer = d->end_layer;

	d->packet_end = 0;
	d->end_layer = d->k->nlayers;
	if (UNLIKELY(type <= ETH_MAX_LEN && len_field != ETH_NO_FIELD))
		hand_on_802_3(d, c, type, (unsigned)len_field);
	else
		d_ethertype(d, type, *c);
	end = d->packet_end;
	d->packet_end = outer;
	d->end_layer = outer_layer;
	if (end != 0 && end < c->wire)
		put_trailer(d, c, start, end, trailer, fcs);
}

/* The want bits of all fields of the two addresses, tested at once. */
#define ADDR_FIELDS ((UINT64_C(2) << ETH_SRC_IG) - 1)

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	u32 at = c->at;
	const u8 *p;
	u16 type;

	p = cur_bytes(c, 14);
	if (p == NULL)
		return;
	if (!d->in_error) {
		x->l2 = 1;
		x->net = x->l4 = 0; /* the outer addresses are not those of the inner frame */
		x->eth_dst = p;
		x->eth_src = p + 6;
	}
	type = load_be16(p + 12);
	if (UNLIKELY((d->at.want[0] & ADDR_FIELDS) != 0)) {
		put_addr(d, ETH_DST, at, p);
		put_addr(d, ETH_SRC, at + 6, p + 6);
	}
	if (type >= ETH_MIN_TYPE || type == 0)
		d_u(d, ETH_TYPE, at + 12, 2, type);
	if (UNLIKELY(p[6] & 1))
		d_mark(d, MARK_VALUE, at + 6, "the source is a group address");
	if (UNLIKELY(type > ETH_MAX_LEN && type < ETH_MIN_TYPE)) {
		d_u(d, ETH_INVALID_LENTYPE, at + 12, 2, type);
		d_mark(d, MARK_VALUE, at + 12, "neither an 802.3 length nor an Ethernet type");
		d_data(d, *c);
		return;
	}
	eth_payload(d, c, type, at, ETH_TRAILER, type != 0 ? ETH_LEN : ETH_NO_FIELD,
		    d->at.layer > 1		? FCS_NEVER
		    : d->k->frame->fcs_len == 4 ? FCS_THERE
						: FCS_GUESS);
}

/* From the header's own bytes, so that a list of packets need not keep eth.type of each. */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	struct cur c = { .base = k->frame->data, .at = l->off, .end = k->frame->caplen };
	u16 type;
	const char *name;

	cur_skip(&c, 12);
	type = cur_be16(&c);
	name = vstr_name(ethertype_names, type);
	if (c.fail != CUR_OK) {
		txt_puts(t, "cut short");
	} else if (name != NULL) {
		txt_puts(t, name);
	} else if (type > ETH_MAX_LEN || type == 0) {
		txt_puts(t, "Type 0x");
		txt_hex(t, type, 4);
	} else {
		txt_puts(t, "802.3 length ");
		txt_u64(t, type);
	}
}

static const struct claim claims[] = {
	{ TBL_LINK, 1 },
	{ TBL_INNER, INNER_ETHERNET },
	{ TBL_ETHERTYPE, 0x6558 },
};

const struct proto proto_eth = {
	.name = "eth",
	.title = "Ethernet",
	.abbrev = "ETH",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};
