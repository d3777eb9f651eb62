/* Captures of the link layer: Ethernet framings, VLANs, ARP, STP, LLDP, MPLS, PPPoE, and the other
 * link types. */
#include "caps.h"

#include <string.h>

static const u8 bcast[6] = { 255, 255, 255, 255, 255, 255 }, nobody[6];

/* A small UDP datagram over IPv4 or IPv6, as contents for the layers below. */
static struct buf *some_ip(struct cap *c, bool v6)
{
	struct buf *b = cap_new(c);

	cap_peers(c);
	putfill(b, rng_in(&c->rng, 20, 80));
	push_udp(b, cap_port(c), 9);
	if (v6)
		push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
	else
		push_ip4(b,
			 &(struct ip4) { .src = c->a.ip, .dst = c->b.ip, .id = (u16)cap_u32(c) });
	return b;
}

static struct buf *some_arp(struct cap *c)
{
	struct buf *b = cap_new(c);

	cap_peers(c);
	push_arp(b,
		 &(struct arp) {
			 .op = 1, .sha = c->a.mac, .tha = nobody, .spa = c->a.ip, .tpa = c->b.ip });
	return b;
}

/* ---- Ethernet ---- */

static void llc(struct cap *c, const char *head, u32 data)
{
	struct buf *b = cap_new(c);

	putx(b, head);
	putfill(b, data);
	push_802_3(b, c->b.mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void snap(struct cap *c, struct buf *b, u32 oui, u16 pid)
{
	u8 *p = push(b, 8);

	p[0] = p[1] = 0xaa;
	p[2] = 3;
	p[3] = (u8)(oui >> 16);
	p[4] = (u8)(oui >> 8);
	p[5] = (u8)oui;
	set16(p + 6, pid);
	push_802_3(b, c->b.mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_ethernet(struct cap *c)
{
	static const u8 mcast4[6] = { 1, 0, 0x5e, 0, 0, 9 }, mcast6[6] = { 0x33, 0x33, 0, 0, 0, 9 };
	struct buf *b;

	for (int i = 0; i < 4; i++) {
		b = some_ip(c, i & 1);
		push_eth(b, i < 2 ? c->b.mac : i == 2 ? mcast4 : mcast6, c->a.mac);
		cap_frame(c, b);
	}
	for (int i = 0; i < 2;
	     i++) { /* ethertypes for local experiments, and configuration testing's short frame */
		b = cap_new(c);
		putfill(b, i ? 300 : 20);
		b->eth = i ? 0x88b5 : 0x88b6;
		cap_eth(c, b);
	}
	llc(c, "46 46 03", 40);		/* UI */
	llc(c, "46 47 af 81 01 00", 0); /* XID response */
	llc(c, "00 01 f3", 30);		/* TEST response */
	llc(c, "46 46 04 06", 50);	/* I, N(S) 2, N(R) 3 */
	llc(c, "46 47 01 09", 0);	/* RR, N(R) 4, final */
	llc(c, "46 46 05 0a", 0);	/* RNR */
	llc(c, "46 46 7f", 0);		/* SABME */
	llc(c, "46 47 73", 0);		/* UA */
	for (int i = 0; i < 3; i++) {
		b = some_ip(c, false);
		snap(c, b, 0, b->eth);
	}
	b = some_ip(c, true);
	snap(c, b, 0, b->eth);
	b = some_arp(c);
	snap(c, b, 0, b->eth);
	b = cap_new(c);
	putfill(b, 64);
	snap(c, b, 0x00005e, 0x1234);
	b = some_ip(c, false); /* a frame with a trailer after the IP packet, and one with a frame
				  check sequence */
	push_eth(b, c->b.mac, c->a.mac);
	putx(b, "01 02 03 04 05 06 07");
	cap_frame(c, b);
}

static void make_vlan(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 12; i++) {
		b = some_ip(c, i & 1);
		if (i >= 8)
			push_vlan(b, 0x8100, (u16)(0x2000 * i + rng_in(&c->rng, 1, 4094)));
		push_vlan(b, 0x8100, (u16)(i << 13 | (i & 1) << 12 | rng_in(&c->rng, 0, 4095)));
		cap_eth(c, b);
	}
	b = some_arp(c);
	push_vlan(b, 0x8100, 100);
	cap_eth(c, b);
	b = some_ip(c, false); /* priority tag */
	push_vlan(b, 0x8100, 0xe000);
	cap_eth(c, b);
	b = cap_new(c); /* 802.3 in a VLAN */
	putx(b, "46 46 03");
	putfill(b, 60);
	b->eth = (u16)b->len;
	push_vlan(b, 0x8100, 7);
	cap_eth(c, b);
	b = some_ip(c, false);
	push_mpls(b, 1000, 0, true, 64);
	push_vlan(b, 0x8100, 30);
	cap_eth(c, b);
}

static void make_qinq(struct cap *c)
{
	for (int i = 0; i < 16; i++) {
		struct buf *b = some_ip(c, i & 1);

		if (i % 4 == 3)
			push_vlan(b, 0x8100, (u16)rng_in(&c->rng, 1, 4094));
		push_vlan(b, 0x8100, (u16)cap_u32(c));
		push_vlan(b, i & 2 ? 0x9100 : 0x88a8, (u16)cap_u32(c));
		if (i >= 12)
			push_vlan(b, 0x88a8, (u16)cap_u32(c));
		cap_eth(c, b);
	}
	struct buf *b = some_arp(c);

	push_vlan(b, 0x8100, 20);
	push_vlan(b, 0x88a8, 10);
	cap_eth(c, b);
}

/* ---- ARP ---- */

static void arp(struct cap *c, u16 op, const u8 *dst, const u8 *tha, u32 spa, u32 tpa)
{
	struct buf *b = cap_new(c);

	push_arp(b,
		 &(struct arp) { .op = op, .sha = c->a.mac, .tha = tha, .spa = spa, .tpa = tpa });
	push_eth(b, dst, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_arp(struct cap *c)
{
	for (int i = 0; i < 3; i++) {
		cap_peers(c);
		arp(c, 1, bcast, nobody, c->a.ip, c->b.ip);
		cap_swap(c);
		arp(c, 2, c->b.mac, c->b.mac, c->a.ip, c->b.ip);
	}
	for (int i = 0; i < 3; i++)
		arp(c, 1, bcast, nobody, 0, c->a.ip); /* probe, RFC 5227 */
	for (int i = 0; i < 2; i++)
		arp(c, 1, bcast, nobody, c->a.ip, c->a.ip); /* announcement */
	arp(c, 1, bcast, bcast, c->a.ip, c->a.ip);
	arp(c, 2, bcast, bcast, c->a.ip, c->a.ip); /* gratuitous reply */
	arp(c, 2, bcast, c->a.mac, c->a.ip, c->a.ip);
	arp(c, 1, c->b.mac, c->b.mac, c->a.ip, c->b.ip); /* unicast poll */
	arp(c, 3, bcast, c->a.mac, 0, 0);		 /* RARP */
	cap_swap(c);
	arp(c, 4, c->b.mac, c->b.mac, c->a.ip, c->b.ip);
	arp(c, 8, c->b.mac, c->b.mac, c->a.ip, 0); /* inverse ARP */
	arp(c, 9, c->b.mac, c->b.mac, c->a.ip, c->b.ip);
}

/* ---- STP ---- */

static void bpdu(struct cap *c, const char *hex)
{
	static const u8 group[6] = { 1, 0x80, 0xc2, 0, 0, 0 };
	struct buf *b = cap_new(c);

	putx(b, "42 42 03");
	putx(b, hex);
	push_802_3(b, group, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
	cap_wait(c, 2000);
}

static void make_stp(struct cap *c)
{
	static const u8 pvst[6] = { 1, 0, 0x0c, 0xcc, 0xcc, 0xcd };
	struct buf *b;

	bpdu(c, "0000 00 00 00 8000 0200 5e00 0001 0000 0000 8000 0200 5e00 0001 8001 0000 1400 "
		"0200 0f00");
	bpdu(c, "0000 00 00 01 8064 0200 5e00 0001 0000 0013 9064 0200 5e00 0002 8002 0100 1400 "
		"0200 0f00");
	bpdu(c, "0000 00 00 80 6001 0200 5e00 0003 0000 0004 f001 0200 5e00 0004 4009 0280 1400 "
		"0200 0f00");
	bpdu(c, "0000 00 80"); /* topology change notification */
	bpdu(c, "0000 02 02 0e 8000 0200 5e00 0001 0000 4e20 8000 0200 5e00 0005 8003 0100 1400 "
		"0200 0f00 00");
	bpdu(c, "0000 02 02 3c 8000 0200 5e00 0001 0000 0000 8000 0200 5e00 0001 8001 0000 1400 "
		"0200 0f00 00");
	bpdu(c, "0000 02 02 79 1000 0200 5e00 0001 0003 0d40 2000 0200 5e00 0007 80ff 0300 1400 "
		"0200 0f00 00");
	b = cap_new(c); /* per-VLAN spanning tree: SNAP, with the VLAN in a TLV at the end */
	putx(b, "0000 00 00 00 8064 0200 5e00 0001 0000 0000 8064 0200 5e00 0001 8001 0000 1400 "
		"0200 0f00");
	putx(b, "00 0000 0002 0064");
	u8 *p = push(b, 8);

	memcpy(p, "\xaa\xaa\x03\x00\x00\x0c\x01\x0b", 8);
	push_802_3(b, pvst, c->a.mac);
	cap_frame(c, b);
}

/* ---- LLDP ---- */

static void tlv(struct buf *b, u32 type, const char *hex, const char *text)
{
	u8 head[2];
	u32 at = b->len;

	putb(b, "\0", 2);
	if (hex)
		putx(b, hex);
	if (text)
		putstr(b, text);
	set16(head, type << 9 | (b->len - at - 2));
	memcpy(b->p + at, head, 2);
	buf_mark(b, b->p + at, 2, MARK_LEN);
}

static void lldp_end(struct cap *c, struct buf *b, u32 group)
{
	static const u8 groups[3][6] = { { 1, 0x80, 0xc2, 0, 0, 0x0e },
					 { 1, 0x80, 0xc2, 0, 0, 3 },
					 { 1, 0x80, 0xc2, 0, 0, 0 } };

	put16(b, 0);
	b->eth = 0x88cc;
	push_eth(b, groups[group], c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
	cap_wait(c, 30000);
}

static void make_lldp(struct cap *c)
{
	struct buf *b = cap_new(c);

	tlv(b, 1, "04 0200 5e00 0001", NULL);
	tlv(b, 2, "05", "eth0");
	tlv(b, 3, "0078", NULL);
	lldp_end(c, b, 0);

	b = cap_new(c);
	tlv(b, 1, "04 0200 5e00 0001", NULL);
	tlv(b, 2, "03 0200 5e00 0009", NULL);
	tlv(b, 3, "0e11", NULL);
	tlv(b, 4, NULL, "GigabitEthernet0/1 to the lab");
	tlv(b, 5, NULL, "switch-1.example.net");
	tlv(b, 6, NULL, "A switch of the test lab, release 7");
	tlv(b, 7, "0014 0004", NULL);
	tlv(b, 8, "05 01 c0a80101 02 00000003 00", NULL);
	tlv(b, 8, "11 02 20010db8000000000000000000000001 02 00000003 00", NULL);
	tlv(b, 8, "07 06 02005e000001 01 00000000 05 2b06010401", NULL);
	tlv(b, 127, "0080c2 01 0064", NULL);
	tlv(b, 127, "0080c2 02 06 00c8", NULL);
	tlv(b, 127, "0080c2 03 0064 05", "users");
	tlv(b, 127, "0080c2 04 02 888e", NULL);
	tlv(b, 127, "0080c2 06 0001", NULL);
	tlv(b, 127, "0080c2 07 03 00000001", NULL);
	tlv(b, 127, "00120f 01 03 6c03 001e", NULL);
	tlv(b, 127, "00120f 02 07 01 00", NULL);
	tlv(b, 127, "00120f 03 01 00000000", NULL);
	tlv(b, 127, "00120f 04 05f2", NULL);
	lldp_end(c, b, 0);

	b = cap_new(c);
	tlv(b, 1, "05 01 c0a80102", NULL);
	tlv(b, 2, "07", "port-7");
	tlv(b, 3, "0078", NULL);
	tlv(b, 7, "00b4 0080", NULL);
	tlv(b, 127, "0012bb 01 000f 01", NULL);
	tlv(b, 127, "0012bb 02 01 40 65ae", NULL);
	tlv(b, 127, "0012bb 05", "1.0");
	tlv(b, 127, "0012bb 0a", "phone");
	tlv(b, 127, "00005e 07 0102030405", NULL);
	lldp_end(c, b, 1);

	b = cap_new(c); /* shutdown: time to live 0 */
	tlv(b, 1, "07", "local-chassis");
	tlv(b, 2, "01", "alias");
	tlv(b, 3, "0000", NULL);
	lldp_end(c, b, 2);
}

/* ---- MPLS ---- */

static void some_label(struct cap *c, struct buf *b, u32 tc, bool bottom)
{
	u32 label = rng_in(&c->rng, 16, 0xfffff);

	push_mpls(b, label, tc & 7, bottom, (u8)rng_in(&c->rng, 2, 255));
}

static void pseudowire(struct cap *c, bool control_word, u32 labels)
{
	struct buf *b = some_ip(c, rng_below(&c->rng, 2));

	if (rng_below(&c->rng, 2))
		push_vlan(b, 0x8100, 33);
	push_eth(b, maca("00:0c:29:11:22:33"), maca("00:0c:29:44:55:66"));
	if (control_word)
		set32(push(b, 4), rng_in(&c->rng, 0, 65535));
	for (u32 i = 0; i < labels; i++)
		some_label(c, b, i, i == 0);
	cap_eth(c, b);
}

static void make_mpls(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 12; i++) {
		b = some_ip(c, i & 1);
		for (u32 k = 0; k < 1 + i / 3; k++)
			some_label(c, b, i + k, k == 0);
		cap_eth(c, b);
	}
	b = some_ip(c, false);
	push_mpls(b, 0, 5, true, 64); /* IPv4 explicit null */
	cap_eth(c, b);
	b = some_ip(c, true);
	push_mpls(b, 2, 0, true, 64); /* IPv6 explicit null */
	cap_eth(c, b);
	b = some_ip(c, false);
	push_mpls(b, 17, 0, true, 64);
	push_mpls(b, 1, 0, false, 64); /* router alert */
	b->eth = 0x8848;	       /* multicast */
	cap_eth(c, b);
	for (u32 i = 0; i < 6; i++)
		pseudowire(c, true, 1 + i % 3);
	b = some_ip(c, false);
	push_mpls(b, 4000, 0, true, 63);
	push_gre(b, 0, 0, 0);
	push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
	cap_eth(c, b);
}

/* ---- PPPoE and PPP ---- */

static void push_pppoe(struct buf *b, u8 code, u16 session)
{
	u8 *p = push(b, 6);

	p[0] = 0x11;
	p[1] = code;
	set16(p + 2, session);
	set16(p + 4, b->len - 6);
	buf_mark(b, p + 4, 2, MARK_LEN);
	b->eth = code ? 0x8863 : 0x8864;
}

static void tag(struct buf *b, u16 type, const void *p, size_t n)
{
	u32 at;

	put16(b, type);
	at = len_open(b, 2);
	putb(b, p, n);
	len_close(b, at, 0);
}

static void discovery(struct cap *c, u8 code, u16 session, const u8 *dst, struct buf *b)
{
	push_pppoe(b, code, session);
	push_eth(b, dst, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_pppoe_discovery(struct cap *c)
{
	struct buf *b = cap_new(c);

	tag(b, 0x0101, "", 0);
	tag(b, 0x0103, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	tag(b, 0x0120, "\x05\xdc", 2);
	discovery(c, 0x09, 0, bcast, b); /* PADI */
	cap_swap(c);
	b = cap_new(c);
	tag(b, 0x0101, "internet", 8);
	tag(b, 0x0101, "voice", 5);
	tag(b, 0x0102, "access-1", 8);
	tag(b, 0x0103, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	tag(b, 0x0104, "cookie-of-16-byt", 16);
	tag(b, 0x0110, "\xaa\xbb\xcc", 3);
	discovery(c, 0x07, 0, c->b.mac, b); /* PADO */
	cap_swap(c);
	b = cap_new(c);
	tag(b, 0x0101, "internet", 8);
	tag(b, 0x0103, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	tag(b, 0x0104, "cookie-of-16-byt", 16);
	tag(b, 0x0105, "\x00\x00\x0d\xe9\x01\x04test", 10);
	discovery(c, 0x19, 0, c->b.mac, b); /* PADR */
	cap_swap(c);
	b = cap_new(c);
	tag(b, 0x0101, "internet", 8);
	tag(b, 0x0103, "\x01\x02\x03\x04\x05\x06\x07\x08", 8);
	tag(b, 0x0000, "", 0);
	discovery(c, 0x65, 0x2f01, c->b.mac, b); /* PADS */
	b = cap_new(c);
	tag(b, 0x0201, "no such service", 15);
	tag(b, 0x0202, "busy", 4);
	tag(b, 0x0203, "out of order", 12);
	discovery(c, 0x65, 0, c->b.mac, b);
	b = cap_new(c);
	tag(b, 0x0203, "closing", 7);
	discovery(c, 0xa7, 0x2f01, c->b.mac, b); /* PADT */
}

/* A control packet of PPP: code, id, length, then the hex and text. */
static struct buf *control(struct cap *c, u16 proto, u8 code, u8 id, const char *hex,
			   const char *text)
{
	struct buf *b = cap_new(c);
	u32 at;

	put8(b, code);
	put8(b, id);
	at = len_open(b, 2);
	putx(b, hex);
	putstr(b, text);
	len_close(b, at, 4);
	b->ppp = proto;
	return b;
}

struct ppp_row {
	u16 proto;
	u8 code, id;
	bool back;
	const char *hex, *text;
};

static const struct ppp_row ppp_rows[] = {
	{ 0xc021, 1, 1, false, "0104 05d4 0506 11223344", "" },
	{ 0xc021, 1, 1, true, "0104 05d4 0304 c023 0506 55667788", "" },
	{ 0xc021, 2, 1, true, "0104 05d4 0506 11223344", "" },
	{ 0xc021, 3, 1, false, "0305 c22305", "" },
	{ 0xc021, 1, 2, true, "0104 05d4 0305 c22305 0506 55667788 0702 0802 0206 000a0000", "" },
	{ 0xc021, 4, 2, false, "0702 0802", "" },
	{ 0xc021, 1, 3, true, "0104 05d4 0305 c22305 0506 55667788", "" },
	{ 0xc021, 2, 3, false, "0104 05d4 0305 c22305 0506 55667788", "" },
	{ 0xc223, 1, 9, true, "10 000102030405060708090a0b0c0d0e0f", "access-1" },
	{ 0xc223, 2, 9, false, "10 f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", "alice" },
	{ 0xc223, 3, 9, true, "", "welcome" },
	{ 0xc223, 4, 10, true, "", "bad secret" },
	{ 0xc023, 1, 4, false, "05 616c696365 06 736563726574", "" },
	{ 0xc023, 2, 4, true, "07 77656c636f6d65", "" },
	{ 0xc023, 3, 5, true, "06 64656e696564", "" },
	{ 0x8021, 1, 1, false, "0306 00000000 8106 00000000 8306 00000000", "" },
	{ 0x8021, 3, 1, true, "0306 0a400002 8106 08080808 8306 08080404", "" },
	{ 0x8021, 1, 2, false, "0306 0a400002 8106 08080808 8306 08080404", "" },
	{ 0x8021, 2, 2, true, "0306 0a400002 8106 08080808 8306 08080404", "" },
	{ 0x8021, 4, 3, true, "0206 002d0f01", "" },
	{ 0x8057, 1, 1, false, "010a 0200 5eff fe00 0001", "" },
	{ 0x8057, 2, 1, true, "010a 0200 5eff fe00 0001", "" },
	{ 0x80fd, 1, 1, false, "1206 01000020", "" },
	{ 0xc021, 8, 7, true, "80fd 0101 000a 1206 01000020", "" },
	{ 0xc021, 9, 1, false, "11223344", "" },
	{ 0xc021, 10, 1, true, "55667788", "" },
	{ 0xc021, 11, 2, false, "11223344 00", "" },
	{ 0xc021, 12, 3, false, "11223344", "identification" },
	{ 0xc021, 5, 8, false, "", "bye" },
	{ 0xc021, 6, 8, true, "", "" },
	{ 0xc021, 7, 9, true, "0e 01 0004", "" },
};

/* Every row of the control table, then IP packets, each with its PPP protocol field pushed, to
 * finish(). */
static void ppp_session(struct cap *c, void (*finish)(struct cap *, struct buf *, bool back))
{
	for (size_t i = 0; i < sizeof ppp_rows / sizeof *ppp_rows; i++) {
		const struct ppp_row *r = &ppp_rows[i];
		struct buf *b = control(c, r->proto, r->code, r->id, r->hex, r->text);

		set16(push(b, 2), b->ppp);
		finish(c, b, r->back);
	}
	for (u32 i = 0; i < 6; i++) {
		struct buf *b = some_ip(c, i & 1);

		if (i >= 4)
			push_mpls(b, 99 + i, 0, true, 64);
		set16(push(b, 2), b->ppp);
		finish(c, b, i & 1);
	}
}

static void in_pppoe(struct cap *c, struct buf *b, bool back)
{
	push_pppoe(b, 0, 0x2f01);
	if (rng_below(&c->rng, 5) == 0)
		push_vlan(b, 0x8100, 7);
	if (back)
		push_eth(b, c->a.mac, c->b.mac);
	else
		push_eth(b, c->b.mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_pppoe_session(struct cap *c)
{
	ppp_session(c, in_pppoe);
}

static void in_ppp(struct cap *c, struct buf *b, bool back)
{
	(void)back;
	if (b->p[0] & 1 || rng_below(&c->rng, 2))
		set16(push(b, 2), 0xff03);
	else if (b->p[0] == 0 && rng_below(&c->rng, 2)) /* compressed protocol field */
		b->p++, b->len--;
	cap_frame(c, b);
}

static void make_ppp(struct cap *c)
{
	ppp_session(c, in_ppp);
}

static void in_hdlc(struct cap *c, struct buf *b, bool back)
{
	(void)back;
	set16(push(b, 2), 0xff03);
	cap_frame(c, b);
}

static void make_ppp_hdlc(struct cap *c)
{
	ppp_session(c, in_hdlc);
}

/* ---- other link types ---- */

static void raw(struct cap *c, bool v4, bool v6)
{
	for (u32 i = 0; i < 8; i++) {
		struct buf *b = some_ip(c, v4 && v6 ? i & 1 : v6);

		if (i == 6)
			push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
		if (i == 7 && v6)
			push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		if (v4 ? true : b->eth == 0x86dd)
			cap_frame(c, b);
	}
}

static void make_raw(struct cap *c)
{
	raw(c, true, true);
}

static void make_raw4(struct cap *c)
{
	raw(c, true, false);
}

static void make_raw6(struct cap *c)
{
	raw(c, false, true);
}

static void family(struct cap *c, bool big)
{
	static const u8 families[] = { 2, 24, 28, 30, 2, 30, 2, 24 };

	for (u32 i = 0; i < 8; i++) {
		struct buf *b = some_ip(c, families[i] != 2);

		push(b, 4)[big ? 3 : 0] = families[i];
		cap_frame(c, b);
	}
}

static void make_null_le(struct cap *c)
{
	family(c, false);
}

static void make_null_be(struct cap *c)
{
	c->out.n = 0;
	c->out.be = true;
	out_pcap_header(&c->out, 0);
	family(c, true);
}

static void make_null_swapped(struct cap *c)
{
	family(c, true);
}

static void make_loop(struct cap *c)
{
	family(c, true);
}

static struct buf *cooked_body(struct cap *c, u32 i)
{
	struct buf *b;

	if (i % 4 == 2)
		return some_arp(c);
	b = some_ip(c, i & 1);
	if (i % 4 == 3)
		push_vlan(b, 0x8100, 12);
	return b;
}

static void make_sll(struct cap *c)
{
	for (u32 i = 0; i < 10; i++) {
		struct buf *b = cooked_body(c, i);
		u8 *p = push(b, 16);

		set16(p, i % 5);
		set16(p + 2, i == 9 ? 772 : 1);
		set16(p + 4, i == 9 ? 0 : 6);
		if (i != 9)
			memcpy(p + 6, c->a.mac, 6);
		set16(p + 14, b->eth);
		cap_frame(c, b);
	}
}

static void make_sll2(struct cap *c)
{
	for (u32 i = 0; i < 10; i++) {
		struct buf *b = cooked_body(c, i);
		u8 *p = push(b, 20);

		set16(p, b->eth);
		set32(p + 4, 2 + i % 3);
		set16(p + 8, i == 9 ? 772 : 1);
		p[10] = (u8)(i % 5);
		p[11] = i == 9 ? 0 : 6;
		if (i != 9)
			memcpy(p + 12, c->a.mac, 6);
		cap_frame(c, b);
	}
}

static void make_unknown(struct cap *c)
{
	for (u32 i = 0; i < 5; i++) {
		struct buf *b = cap_new(c);

		putfill(b, i * 33);
		cap_frame(c, b);
	}
}

const struct scen scen_link[] = {
	{ "ethernet.pcap", GOOD, 1, make_ethernet,
	  "Ethernet II, 802.3 with LLC and SNAP, unknown types, trailer" },
	{ "vlan.pcap", GOOD, 1, make_vlan,
	  "802.1Q: priorities, ids, priority tags, around IP, ARP, 802.3, MPLS" },
	{ "qinq.pcap", GOOD, 1, make_qinq,
	  "stacked tags with 0x88a8 and 0x9100, two to four deep" },
	{ "arp.pcap", GOOD, 1, make_arp,
	  "request, reply, probe, announcement, gratuitous, RARP, inverse ARP" },
	{ "stp.pcap", GOOD, 1, make_stp,
	  "STP configuration and topology change, RSTP, per-VLAN STP" },
	{ "lldp.pcap", GOOD, 1, make_lldp,
	  "LLDP: mandatory, optional, 802.1, 802.3, MED and unknown TLVs, shutdown" },
	{ "mpls.pcap", GOOD, 1, make_mpls,
	  "label stacks over IPv4, IPv6, pseudowires, multicast, in GRE" },
	{ "pppoe-discovery.pcap", GOOD, 1, make_pppoe_discovery,
	  "PADI, PADO, PADR, PADS, errors, PADT with all tags" },
	{ "pppoe-session.pcap", GOOD, 1, make_pppoe_session,
	  "LCP, PAP, CHAP, IPCP, IPV6CP, CCP, IPv4, IPv6, MPLS" },
	{ "ppp.pcap", GOOD, 9, make_ppp,
	  "link type PPP, with and without address and control, compressed protocol" },
	{ "ppp-hdlc.pcap", GOOD, 50, make_ppp_hdlc, "link type PPP in HDLC-like framing" },
	{ "raw.pcap", GOOD, 101, make_raw, "link type raw IP, both versions" },
	{ "raw-12.pcap", GOOD, 12, make_raw, "link type 12, which means raw IP on most systems" },
	{ "raw-ipv4.pcap", GOOD, 228, make_raw4, "link type raw IPv4" },
	{ "raw-ipv6.pcap", GOOD, 229, make_raw6, "link type raw IPv6" },
	{ "null-le.pcap", GOOD, 0, make_null_le,
	  "link type null, little-endian families in a little-endian file" },
	{ "null-be.pcap", GOOD, LINK_SELF, make_null_be,
	  "link type null, big-endian families in a big-endian file" },
	{ "null-swapped.pcap", GOOD, 0, make_null_swapped,
	  "link type null, big-endian families in a little-endian file" },
	{ "loop.pcap", GOOD, 108, make_loop, "link type loop: families in network order" },
	{ "sll.pcap", GOOD, 113, make_sll, "link type Linux cooked 1" },
	{ "sll2.pcap", GOOD, 276, make_sll2, "link type Linux cooked 2" },
	{ "unknown-link.pcap", ODD, 147, make_unknown, "link type 147 (user 0): bytes only" },
	{ 0 },
};
