/* Linux cooked captures, version 1 and 2: what `any` and links without an Ethernet header give. */
/*  0        2        4        6                 14       16
 *  +--------+--------+--------+-----------------+--------+
 *  |  type  |hardware| length | address, padded |protocol|                                   SLL
 *  +--------+--------+--------+-----------------+--------+
 *  |protocol| zeros  | interface index |hardware|type|len | address, padded to 8 bytes |      SLL2
 *  +--------+--------+-----------------+--------+----+----+----------------------------+ */
#include "packet/dis_eth.h"

enum {
	F_PKTTYPE,
	F_HATYPE,
	F_HALEN,
	F_SRC_ETH,
	F_SRC_IP,
	F_SRC_OTHER,
	F_UNUSED,
	F_ETYPE,
	F_LTYPE,
	F_GRETYPE,
	F_TRAILER,
	F_IFINDEX,
};

enum { ARPHRD_IPGRE = 778, ARPHRD_NETLINK = 824 };
enum { LTYPE_802_3 = 1, LTYPE_802_2 = 4, ADDR_SPACE = 8 };

static const struct vstr pkttype_names[] = {
	{ 0, "To us" },	     { 1, "Broadcast" },  { 2, "Multicast" },
	{ 3, "To another" }, { 4, "Sent by us" }, { 0, NULL },
};
static const struct vstr hatype_names[] = {
	{ 1, "Ethernet" },
	{ 512, "PPP" },
	{ 768, "IPIP tunnel" },
	{ 769, "IPv6 tunnel" },
	{ 772, "Loopback" },
	{ 776, "6in4 tunnel" },
	{ 778, "GRE tunnel" },
	{ 803, "IEEE 802.11 radiotap" },
	{ 824, "Netlink" },
	{ 65534, "None" },
	{ 0, NULL },
};
static const struct vstr ltype_names[] = {
	{ LTYPE_802_3, "802.3 without LLC" },
	{ LTYPE_802_2, "LLC" },
	{ 0x000c, "CAN" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_PKTTYPE] = { "sll.pkttype", "Packet type", FT_U16, FB_DEC, .names = pkttype_names },
	[F_HATYPE] = { "sll.hatype", "Hardware type", FT_U16, FB_DEC, .names = hatype_names },
	[F_HALEN] = { "sll.halen", "Address length", FT_U16, FB_DEC },
	[F_SRC_ETH] = { "sll.src.eth", "Source", FT_ETHER },
	[F_SRC_IP] = { "sll.src.ipv4", "Source", FT_IPV4 },
	[F_SRC_OTHER] = { "sll.src.other", "Source", FT_BYTES },
	[F_UNUSED] = { "sll.unused", "Unused", FT_BYTES },
	[F_ETYPE] = { "sll.etype", "Protocol", FT_U16, FB_HEX, .names = ethertype_names },
	[F_LTYPE] = { "sll.ltype", "Protocol", FT_U16, FB_HEX, .names = ltype_names },
	[F_GRETYPE] = { "sll.gretype", "Protocol", FT_U16, FB_HEX, .names = ethertype_names },
	[F_TRAILER] = { "sll.trailer", "Trailer", FT_BYTES },
	[F_IFINDEX] = { "sll.ifindex", "Interface index", FT_U32, FB_DEC },
};

/* The address field is 8 bytes wide; `n` of them mean something. */
static void read_address(struct dis *d, struct cur *c, u32 n)
{
	u32 used = MIN(n, ADDR_SPACE);

	if (n == 6)
		d_bytes(d, c, F_SRC_ETH, 6);
	else if (n == 4)
		d_be32(d, c, F_SRC_IP);
	else if (n > 0)
		d_bytes(d, c, F_SRC_OTHER, used);
	if (used < ADDR_SPACE)
		d_bytes(d, c, F_UNUSED, ADDR_SPACE - used);
}

/* `at` is where the protocol stood. */
static void hand_on(struct dis *d, const struct cur *c, u32 at, u16 proto, u16 hatype)
{
	u32 end;

	if (hatype == ARPHRD_IPGRE) {
		d_u(d, F_GRETYPE, at, 2, proto);
		d_next(d, TBL_ETHERTYPE, proto, *c);
	} else if (hatype == ARPHRD_NETLINK) {
		d_data(d, *c);
	} else if (proto < ETH_MIN_TYPE) {
		d_u(d, F_LTYPE, at, 2, proto);
		if (proto == LTYPE_802_2)
			d_next(d, TBL_INNER, INNER_LLC, *c);
		else
			d_data(d, *c);
	} else {
		d_u(d, F_ETYPE, at, 2, proto);
		d->packet_end = 0;
		d->end_layer = d->k->nlayers;
		d_ethertype(d, proto, *c);
		end = d->packet_end;
		if (end != 0 && end < c->end)
			d_mem(d, F_TRAILER, end, c->end - end);
	}
}

static void dissect(struct dis *d, struct cur *c)
{
	u16 hatype, proto;
	u32 len;

	d_be16(d, c, F_PKTTYPE);
	hatype = d_be16(d, c, F_HATYPE);
	len = d_be16(d, c, F_HALEN);
	if (c->fail == CUR_OK)
		read_address(d, c, len);
	proto = cur_be16(c);
	if (c->fail == CUR_OK)
		hand_on(d, c, c->at - 2, proto, hatype);
}

static void dissect_v2(struct dis *d, struct cur *c)
{
	u32 at = c->at, len;
	u16 proto = cur_be16(c), hatype;

	cur_skip(c, 2);
	d_be32(d, c, F_IFINDEX);
	hatype = d_be16(d, c, F_HATYPE);
	d_u8(d, c, F_PKTTYPE);
	len = d_u8(d, c, F_HALEN);
	if (c->fail == CUR_OK)
		read_address(d, c, len);
	if (c->fail == CUR_OK)
		hand_on(d, c, at, proto, hatype);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 type = pkt_get_u(k, l, F_ETYPE, 0x10000);
	const char *name = vstr_name(ethertype_names, type);

	if (name != NULL)
		txt_puts(t, name);
	else if (type <= 0xffff)
		txt_printf(t, "Type 0x%04x", (unsigned)type);
	else
		txt_puts(t, "Not decoded");
}

static const u16 info_wants[] = { F_ETYPE, FIELD_END };
static const struct claim claims[] = { { TBL_LINK, 113 } };
static const struct claim claims_v2[] = { { TBL_LINK, 276 } };

const struct proto proto_sll = {
	.name = "sll",
	.title = "Linux cooked capture",
	.abbrev = "SLL",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};

const struct proto proto_sll2 = {
	.name = "sll",
	.title = "Linux cooked capture, version 2",
	.abbrev = "SLL2",
	.fields_of = &proto_sll,
	.claims = claims_v2,
	.nclaims = ARRAY_LEN(claims_v2),
	.dissect = dissect_v2,
	.info = info,
};
