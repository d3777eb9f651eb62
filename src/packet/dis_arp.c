/* ARP and RARP (RFC 826, RFC 903), with the probes and announcements of RFC 5227. */
/*  0        2        4    5    6        8
 *  +--------+--------+----+----+--------+-----------+----------+-----------+----------+
 *  |hardware|protocol| hl | pl | opcode | sender hw | sender p | target hw | target p |
 *  +--------+--------+----+----+--------+-----------+----------+-----------+----------+ */
#include "packet/proto.h"

#include <string.h>

enum {
	F_HW_TYPE,
	F_PROTO_TYPE,
	F_HW_SIZE,
	F_PROTO_SIZE,
	F_OPCODE,
	F_GRATUITOUS,
	F_PROBE,
	F_ANNOUNCEMENT,
	F_SRC_HW,
	F_SRC_MAC,
	F_SRC_PROTO,
	F_SRC_IP,
	F_DST_HW,
	F_DST_MAC,
	F_DST_PROTO,
	F_DST_IP,
};

enum { OP_REQUEST = 1, OP_REPLY, OP_RARP_REQUEST, OP_RARP_REPLY, OP_IN_REQUEST = 8, OP_IN_REPLY };

static const struct vstr hw_names[] = {
	{ 1, "Ethernet" },    { 6, "IEEE 802" }, { 15, "Frame relay" },
	{ 32, "InfiniBand" }, { 0, NULL },
};
static const struct vstr proto_names[] = { { 0x0800, "IPv4" }, { 0, NULL } };
static const struct vstr op_names[] = {
	{ OP_REQUEST, "Request" },
	{ OP_REPLY, "Reply" },
	{ OP_RARP_REQUEST, "RARP request" },
	{ OP_RARP_REPLY, "RARP reply" },
	{ OP_IN_REQUEST, "InARP request" },
	{ OP_IN_REPLY, "InARP reply" },
	{ 0, NULL },
};

static const struct field fields[] = {
	[F_HW_TYPE] = { "arp.hw.type", "Hardware type", FT_U16, FB_DEC, .names = hw_names },
	[F_PROTO_TYPE] = { "arp.proto.type", "Protocol type", FT_U16, FB_HEX,
			   .names = proto_names },
	[F_HW_SIZE] = { "arp.hw.size", "Hardware address length", FT_U8, FB_DEC },
	[F_PROTO_SIZE] = { "arp.proto.size", "Protocol address length", FT_U8, FB_DEC },
	[F_OPCODE] = { "arp.opcode", "Operation", FT_U16, FB_DEC, .names = op_names },
	[F_GRATUITOUS] = { "arp.isgratuitous", "Gratuitous: sender and target are the same",
			   FT_BOOL, .on = "Yes" },
	[F_PROBE] = { "arp.isprobe", "Probe: is the address free?", FT_BOOL, .on = "Yes" },
	[F_ANNOUNCEMENT] = { "arp.isannouncement", "Announcement: the address is mine", FT_BOOL,
			     .on = "Yes" },
	[F_SRC_HW] = { "arp.src.hw", "Sender hardware address", FT_BYTES },
	[F_SRC_MAC] = { "arp.src.hw_mac", "Sender MAC address", FT_ETHER },
	[F_SRC_PROTO] = { "arp.src.proto", "Sender protocol address", FT_BYTES },
	[F_SRC_IP] = { "arp.src.proto_ipv4", "Sender IP address", FT_IPV4 },
	[F_DST_HW] = { "arp.dst.hw", "Target hardware address", FT_BYTES },
	[F_DST_MAC] = { "arp.dst.hw_mac", "Target MAC address", FT_ETHER },
	[F_DST_PROTO] = { "arp.dst.proto", "Target protocol address", FT_BYTES },
	[F_DST_IP] = { "arp.dst.proto_ipv4", "Target IP address", FT_IPV4 },
};

static void put_kind(struct dis *d, const u8 *p, u16 op, u32 hl, u32 pl)
{
	static const u8 zeros[6];
	const u8 *spa = p + hl, *tha = p + hl + pl, *tpa = p + 2 * hl + pl;
	bool same = memcmp(spa, tpa, 4) == 0, nobody = hl == 6 && memcmp(tha, zeros, 6) == 0;

	if (op != OP_REQUEST && op != OP_REPLY)
		return;
	if (same)
		d_gen(d, F_GRATUITOUS, 1);
	if (op == OP_REQUEST && nobody) {
		if (same)
			d_gen(d, F_ANNOUNCEMENT, 1);
		else if (memcmp(spa, zeros, 4) == 0)
			d_gen(d, F_PROBE, 1);
	}
}

/* One hardware and one protocol address; F_SRC_HW or F_DST_HW is the first of its four fields. */
static void read_pair(struct dis *d, struct cur *c, unsigned f, bool ether, bool ipv4, u32 hl,
		      u32 pl)
{
	if (hl > 0)
		d_bytes(d, c, ether ? f + 1 : f, hl);
	if (pl == 0)
		return;
	if (ipv4)
		d_be32(d, c, f + 3);
	else
		d_bytes(d, c, f + 2, pl);
}

static void dissect(struct dis *d, struct cur *c)
{
	u16 hw = d_be16(d, c, F_HW_TYPE), proto = d_be16(d, c, F_PROTO_TYPE), op;
	u8 hl = d_u8(d, c, F_HW_SIZE), pl = d_u8(d, c, F_PROTO_SIZE);
	bool ether = (hw == 1 || hw == 6) && hl == 6, ipv4 = proto == 0x0800 && pl == 4;

	op = d_be16(d, c, F_OPCODE);
	if (c->fail != CUR_OK)
		return;
	if (!cur_limit(c, 2u * hl + 2u * pl))
		d_mark(d, MARK_LENGTH, c->at - 4, "the ARP addresses do not fit the packet");
	d_packet_end(d, c->wire);
	if ((op == OP_REQUEST || op == OP_REPLY) && !cur_need(c, 2u * hl + 2u * pl))
		return;
	if (pl == 4 && cur_left(c) >= 2u * hl + 2u * pl)
		put_kind(d, c->base + c->at, op, hl, pl);
	read_pair(d, c, F_SRC_HW, ether, ipv4, hl, pl);
	read_pair(d, c, F_DST_HW, ether, ipv4, hl, pl);
}

static void put_ip(struct txt *t, const struct pkt *k, const struct layer *l, unsigned f)
{
	u8 ip[4];

	store_be32(ip, (u32)pkt_get_u(k, l, f, 0));
	txt_ip4(t, ip);
}

static void put_mac(struct txt *t, const struct pkt *k, const struct layer *l, unsigned f)
{
	const struct val *v = pkt_get(k, l, f);

	if (v != NULL)
		txt_mac(t, v->p);
	else
		txt_putc(t, '?');
}

static void put_request(struct txt *t, const struct pkt *k, const struct layer *l)
{
	txt_puts(t, "Who has ");
	put_ip(t, k, l, F_DST_IP);
	txt_puts(t, "? ");
	if (pkt_get(k, l, F_PROBE) != NULL) {
		txt_puts(t, "(probe)");
		return;
	}
	txt_puts(t, "Tell ");
	put_ip(t, k, l, F_SRC_IP);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 op = pkt_get_u(k, l, F_OPCODE, 0);
	const char *name = vstr_name(op_names, op);

	if (op == OP_RARP_REQUEST && pkt_get(k, l, F_DST_MAC) != NULL) {
		txt_puts(t, "Who is ");
		put_mac(t, k, l, F_DST_MAC);
		txt_puts(t, "?");
	} else if (pkt_get(k, l, F_DST_IP) == NULL) {
		txt_puts(t, name != NULL ? name : "Operation ");
		if (name == NULL)
			txt_u64(t, op);
	} else if (pkt_get(k, l, F_GRATUITOUS) != NULL && pkt_get(k, l, F_PROBE) == NULL) {
		txt_puts(t, pkt_get(k, l, F_ANNOUNCEMENT) != NULL ? "Announcement: "
			    : op == OP_REQUEST			  ? "Gratuitous request: "
								  : "Gratuitous reply: ");
		put_ip(t, k, l, F_SRC_IP);
		txt_puts(t, " is at ");
		put_mac(t, k, l, F_SRC_MAC);
	} else if (op == OP_REQUEST) {
		put_request(t, k, l);
	} else if (op == OP_RARP_REPLY) {
		put_mac(t, k, l, F_DST_MAC);
		txt_puts(t, " is ");
		put_ip(t, k, l, F_DST_IP);
	} else if (op == OP_REPLY) {
		put_ip(t, k, l, F_SRC_IP);
		txt_puts(t, " is at ");
		put_mac(t, k, l, F_SRC_MAC);
	} else {
		txt_puts(t, name != NULL ? name : "Unknown operation");
	}
}

static const u16 info_wants[] = { F_OPCODE, F_GRATUITOUS, F_PROBE,  F_ANNOUNCEMENT, F_SRC_MAC,
				  F_SRC_IP, F_DST_MAC,	  F_DST_IP, FIELD_END };
static const struct claim claims[] = { { TBL_ETHERTYPE, 0x0806 }, { TBL_ETHERTYPE, 0x8035 } };

const struct proto proto_arp = {
	.name = "arp",
	.title = "Address Resolution Protocol",
	.abbrev = "ARP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
