/* Captures of tunnels, and cap_nest, which puts any packet into a chain of them. */
#include "caps.h"

#include <string.h>

/* ---- headers that only tunnels need ---- */

static void push_outer(struct cap *c, struct buf *b, bool v6)
{
	if (v6)
		push_ip6(b, &(struct ip6) { .src = c->a.ip6,
					    .dst = c->b.ip6,
					    .flow = cap_u32(c) & 0xfffff });
	else
		push_ip4(b, &(struct ip4) { .src = c->a.ip,
					    .dst = c->b.ip,
					    .id = (u16)cap_u32(c),
					    .frag = 0x4000 });
}

/* A tunnel's UDP: over IPv4 the checksum may be missing. */
static void push_tunnel_udp(struct cap *c, struct buf *b, u16 port, bool v6)
{
	if (v6 || rng_below(&c->rng, 2))
		push_udp(b, cap_port(c), port);
	else
		push_udp_nosum(b, cap_port(c), port);
	push_outer(c, b, v6);
}

static void push_frame(struct buf *b)
{
	push_eth(b, maca("02:42:ac:11:00:02"), maca("02:42:ac:11:00:03"));
}

/* VXLAN with any flags; group is the policy id of the group extension, next the protocol of GPE. */
static void push_vxlan_any(struct buf *b, u8 flags, u8 flags2, u16 group_or_next, u32 vni)
{
	push_vxlan(b, vni);
	b->p[0] = flags;
	b->p[1] = flags2;
	set16(b->p + 2, group_or_next);
}

/* Geneve (RFC 8926): options hold whole options in units of 4 bytes. */
static void push_geneve(struct buf *b, u8 flags, u32 vni, const struct buf *options)
{
	u32 n = options ? options->len : 0;
	u8 *p = push(b, 8 + n);

	p[0] = (u8)(n / 4);
	p[1] = flags;
	set16(p + 2, b->eth);
	set32(p + 4, vni << 8);
	if (n)
		memcpy(p + 8, options->p, n);
	buf_mark(b, p, 1, MARK_LEN);
}

/* A Geneve option: class, type, body in hex of whole units of 4. */
static void geneve_option(struct buf *o, u16 class, u8 type, const char *hex)
{
	u32 at = o->len;

	put16(o, class);
	put8(o, type);
	put8(o, 0);
	putx(o, hex);
	o->p[at + 3] = (u8)((o->len - at - 4) / 4);
	buf_mark(o, o->p + at + 3, 1, MARK_LEN);
}

static void push_erspan2(struct buf *b, u16 vlan, u16 session, u32 index)
{
	u8 *p = push(b, 8);

	set16(p, 1u << 12 | vlan);
	set16(p + 2, 5u << 13 | 3u << 11 | session);
	set32(p + 4, index);
	b->eth = 0x88be;
}

/* Type III: 12 bytes, and 8 more of a platform's own when platform is not 0. */
static void push_erspan3(struct buf *b, u16 vlan, u16 session, u32 stamp, u8 platform)
{
	u8 *p = push(b, platform ? 20 : 12);

	set16(p, 2u << 12 | vlan);
	set16(p + 2, 2u << 13 | session);
	set32(p + 4, stamp);
	set16(p + 8, 7);
	set16(p + 10, 0x8000 | 3u << 4 | (platform ? 1 : 0));
	if (platform) {
		set32(p + 12, (u32)platform << 26 | 0x1234);
		set32(p + 16, 0x00abcdef);
	}
	b->eth = 0x22eb;
}

/* GRE version 1 (RFC 2637). ack: an acknowledgment number, or -1. */
static void push_pptp(struct buf *b, u16 call, i64 seq, i64 ack)
{
	u32 payload = b->len, n = 8 + (seq >= 0 ? 4u : 0) + (ack >= 0 ? 4u : 0);
	u8 *p = push(b, n), *q = p + 8;

	set16(p, 0x2001u | (seq >= 0 ? 0x1000 : 0) | (ack >= 0 ? 0x0080 : 0));
	set16(p + 2, 0x880b);
	set16(p + 4, payload);
	buf_mark(b, p + 4, 2, MARK_LEN);
	set16(p + 6, call);
	if (seq >= 0) {
		set32(q, (u32)seq);
		q += 4;
	}
	if (ack >= 0)
		set32(q, (u32)ack);
	b->proto = 47;
}

/* GTP-U (3GPP 29.281). opt: the optional four bytes and extension headers, or NULL; flags E 4, S 2,
 * PN 1. */
static void push_gtp(struct buf *b, u8 flags, u8 type, u32 teid, const struct buf *opt)
{
	u32 n = opt ? opt->len : 0;
	u8 *p = push(b, 8 + n);

	p[0] = (u8)(0x30 | flags);
	p[1] = type;
	set16(p + 2, b->len - 8);
	buf_mark(b, p + 2, 2, MARK_LEN);
	set32(p + 4, teid);
	if (n)
		memcpy(p + 8, opt->p, n);
}

/* ---- nesting ---- */

enum nest {
	N_IPIP,
	N_GRE,
	N_GRE_MPLS,
	N_VXLAN,
	N_NVGRE,
	N_ERSPAN2,
	N_ERSPAN3,
	N_GTP,
	N_GPE,
	N_GENEVE3,
	N_GENEVE2,
	N_PPTP,
	N_COUNT
};

static void tags(struct cap *c, struct buf *b)
{
	if (rng_below(&c->rng, 3) == 0)
		push_vlan(b, 0x8100, (u16)rng_in(&c->rng, 1, 4094));
}

/* One tunnel around an IP packet, which gives an IP packet again. */
static void nest_step(struct cap *c, struct buf *b, enum nest kind, bool v6)
{
	struct buf *o;
	u32 r = cap_u32(c);

	switch (kind) {
	case N_IPIP: push_outer(c, b, v6); break;
	case N_GRE_MPLS:
	case N_GRE:
		if (kind == N_GRE_MPLS)
			push_mpls(b, rng_in(&c->rng, 16, 0xfffff), 0, true, 64);
		push_gre(b, (u16)(r & (G_KEY | G_SEQ | G_CSUM)), r, r >> 16);
		push_outer(c, b, v6);
		break;
	case N_VXLAN:
		tags(c, b);
		push_frame(b);
		push_vxlan(b, rng_in(&c->rng, 1, 0xffffff));
		push_tunnel_udp(c, b, 4789, v6);
		break;
	case N_NVGRE:
		tags(c, b);
		push_frame(b);
		push_gre(b, G_KEY, cap_u32(c), 0);
		push_outer(c, b, v6);
		break;
	case N_ERSPAN2:
		tags(c, b);
		push_frame(b);
		push_erspan2(b, r & 0xfff, r >> 12 & 0x3ff, r >> 4 & 0xfffff);
		push_gre(b, G_SEQ, 0, cap_u32(c));
		push_outer(c, b, v6);
		break;
	case N_ERSPAN3:
		push_frame(b);
		push_erspan3(b, r & 0xfff, r >> 12 & 0x3ff, r, 0);
		push_gre(b, G_SEQ, 0, cap_u32(c));
		push_outer(c, b, v6);
		break;
	case N_GTP:
		push_gtp(b, 0, 255, cap_u32(c), NULL);
		push_udp(b, 2152, 2152);
		push_outer(c, b, v6);
		break;
	case N_GPE:
		push_vxlan_any(b, 0x0c, 0, b->eth == 0x86dd ? 2 : 1, rng_in(&c->rng, 1, 0xffffff));
		push_tunnel_udp(c, b, 4790, v6);
		break;
	case N_GENEVE2:
		tags(c, b);
		push_frame(b);
		o = cap_opt(c);
		geneve_option(o, 0x0102, 0x80, "00010002");
		push_geneve(b, 0x40, rng_in(&c->rng, 1, 0xffffff), o);
		push_tunnel_udp(c, b, 6081, v6);
		break;
	case N_GENEVE3:
		push_geneve(b, 0, rng_in(&c->rng, 1, 0xffffff), NULL);
		push_tunnel_udp(c, b, 6081, v6);
		break;
	case N_PPTP:
		set16(push(b, 2), b->ppp);
		set16(push(b, 2), 0xff03);
		push_pptp(b, 77, cap_u32(c) & 0xffff, -1);
		push_outer(c, b, false);
		break;
	case N_COUNT: break;
	}
}

/* The frame around the outermost IP packet. */
static void nest_link(struct cap *c, struct buf *b)
{
	u8 *p;

	switch (rng_below(&c->rng, 6)) {
	case 0: push_vlan(b, 0x8100, (u16)rng_in(&c->rng, 1, 4094)); break;
	case 1:
		push_vlan(b, 0x8100, (u16)rng_in(&c->rng, 1, 4094));
		push_vlan(b, 0x88a8, (u16)rng_in(&c->rng, 1, 4094));
		break;
	case 2:
		push_mpls(b, rng_in(&c->rng, 16, 0xfffff), 0, true, 64);
		push_mpls(b, rng_in(&c->rng, 16, 0xfffff), 0, false, 63);
		break;
	case 3:
		set16(push(b, 2), b->ppp);
		p = push(b, 6);
		p[0] = 0x11;
		set16(p + 2, 9);
		set16(p + 4, b->len - 6);
		buf_mark(b, p + 4, 2, MARK_LEN);
		b->eth = 0x8864;
		break;
	case 4: /* a pseudowire: the whole frame behind labels and a control word */
		push_frame(b);
		set32(push(b, 4), 0);
		push_mpls(b, 5000, 0, true, 64);
		break;
	case 5: break;
	}
	cap_eth(c, b);
}

void cap_nest(struct cap *c, struct buf *b, u32 depth)
{
	struct peer a = c->a, z = c->b;
	enum nest kind;

	while (depth--) {
		cap_peers(c);
		kind = (enum nest)rng_below(&c->rng, N_COUNT);
		nest_step(c, b, kind, rng_below(&c->rng, 2));
	}
	nest_link(c, b);
	c->a = a;
	c->b = z;
}

/* ---- what is carried ---- */

static struct buf *inner(struct cap *c, u32 i)
{
	struct buf *b = cap_new(c);

	cap_peers(c);
	putfill(b, 20 + i % 7 * 30);
	if (i % 3 == 0) {
		push_icmp4(b, 8, 0, 0x00420000 | i);
		push_ip4(b, &(struct ip4) { .src = 0x20000005, .dst = 0x20000002, .id = (u16)i });
		return b;
	}
	if (i % 3 == 1)
		push_udp(b, cap_port(c), 9);
	else
		push_tcp(b, &(struct tcp) { .sport = cap_port(c),
					    .dport = 9,
					    .seq = 7000 * i,
					    .ack = 9000 * i,
					    .flags = T_ACK,
					    .win = 500 });
	if (i & 1)
		push_ip6(b, &(struct ip6) { .src = ip6a("2001:db8:32::5"),
					    .dst = ip6a("2001:db8:32::2") });
	else
		push_ip4(b, &(struct ip4) { .src = 0x20000005, .dst = 0x20000002, .id = (u16)i });
	return b;
}

static void outer(struct cap *c, struct buf *b, bool v6)
{
	cap_peers(c);
	if (v6)
		cap_v6(c, b);
	else
		cap_v4(c, b);
}

/* ---- GRE ---- */

static void make_gre(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 16; i++) { /* all flags */
		b = inner(c, i);
		push_gre(b, (u16)((i & 1) * G_KEY | (i >> 1 & 1) * G_SEQ | (i >> 2 & 1) * G_CSUM),
			 42 + i, 1000 + i);
		outer(c, b, i & 8);
	}
	for (u32 i = 0; i < 4; i++) { /* bridging */
		b = inner(c, i);
		push_frame(b);
		push_gre(b, i & 1 ? G_SEQ : 0, 0, i);
		outer(c, b, i & 2);
	}
	b = inner(c, 4);
	push_mpls(b, 300, 0, true, 64);
	push_gre(b, 0, 0, 0);
	outer(c, b, false);
	b = cap_new(c); /* a keep-alive: the answer is packed inside */
	b->eth = 0;
	push_gre(b, 0, 0, 0);
	push_ip4(b, &(struct ip4) { .src = c->b.ip, .dst = c->a.ip });
	push_gre(b, 0, 0, 0);
	cap_v4(c, b);
	b = cap_new(c); /* a protocol for experiments */
	putfill(b, 50);
	b->eth = 0x88b5;
	push_gre(b, G_KEY, 7, 0);
	outer(c, b, false);
}

static void make_gre_routing(struct cap *c)
{
	for (u32 i = 0; i < 3; i++) {
		struct buf *b = inner(c, i), *o = cap_opt(c);
		u16 flags = (u16)(0x4000 | (i == 2 ? G_KEY | G_SEQ | 0x0800 : 0));

		put16(o, flags);
		put16(o, b->eth);
		put32(o, 0);
		if (i == 2) {
			put32(o, 42);
			put32(o, 5);
		}
		putx(o, "0800 00 08 0a000001 0a000002");
		if (i)
			putx(o, "0800 04 08 0a000003 0a000004");
		putx(o, "0000 00 00");
		memcpy(push(b, o->len), o->p, o->len);
		b->proto = 47;
		outer(c, b, false);
	}
}

static void make_pptp(struct cap *c)
{
	for (u32 i = 0; i < 6; i++) {
		struct buf *b;

		if (i == 4) { /* an acknowledgment alone */
			b = cap_new(c);
			push_pptp(b, 5, -1, 12);
		} else if (i == 5) { /* LCP echo */
			b = cap_new(c);
			putx(b, "ff03 c021 09 01 0008 11223344");
			push_pptp(b, 5, 13, 12);
		} else {
			b = inner(c, i);
			set16(push(b, 2), b->ppp);
			if (i & 1)
				set16(push(b, 2), 0xff03);
			push_pptp(b, 5, 10 + i, i & 2 ? (i64)i : -1);
		}
		outer(c, b, false);
	}
}

static void make_nvgre(struct cap *c)
{
	for (u32 i = 0; i < 6; i++) {
		struct buf *b = inner(c, i);

		push_frame(b);
		push_gre(b, G_KEY, 5001 << 8 | i, 0); /* virtual subnet 5001, flow i */
		outer(c, b, i & 1);
	}
}

static void make_erspan(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 3;
	     i++) { /* type I has no header of its own, and no sequence number says so */
		b = inner(c, i);
		push_frame(b);
		b->eth = 0x88be;
		push_gre(b, 0, 0, 0);
		outer(c, b, false);
	}
	for (u32 i = 0; i < 4; i++) {
		b = inner(c, i);
		if (i & 1)
			push_vlan(b, 0x8100, 200);
		push_frame(b);
		push_erspan2(b, (u16)(100 + i), (u16)(1 + i), 3 + i);
		push_gre(b, G_SEQ, 0, 77 + i);
		outer(c, b, i & 2);
	}
	for (u32 i = 0; i < 6; i++) {
		b = inner(c, i);
		push_frame(b);
		push_erspan3(b, (u16)(100 + i), (u16)(1 + i), 0x01020304 + i,
			     (const u8[]) { 0, 3, 4, 0, 5, 6 }[i]);
		push_gre(b, G_SEQ, 0, 88 + i);
		outer(c, b, i & 2);
	}
}

/* ---- over UDP ---- */

static void make_vxlan(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 8; i++) {
		b = inner(c, i);
		if (i == 5)
			push_vlan(b, 0x8100, 11);
		push_frame(b);
		if (i == 6)
			push_vxlan_any(b, 0x88, 0, 0x0123, 43); /* group policy */
		else if (i == 7)
			push_vxlan_any(b, 0x88, 0x48, 0x0123, 43);
		else
			push_vxlan(b, (const u32[]) { 42, 42, 1, 0xffffff, 0, 77 }[i]);
		cap_peers(c);
		push_tunnel_udp(c, b, 4789, i & 1);
		cap_eth(c, b);
	}
	b = cap_new(c); /* ARP inside */
	push_arp(b, &(struct arp) { .op = 1,
				    .sha = c->a.mac,
				    .tha = (const u8[6]) { 0 },
				    .spa = 0x20000005,
				    .tpa = 0x20000002 });
	push_eth(b, (const u8[6]) { 255, 255, 255, 255, 255, 255 }, c->a.mac);
	push_vxlan(b, 42);
	push_udp(b, cap_port(c), 4789);
	cap_l4(c, b);
	b = inner(c, 0); /* VXLAN in GRE, as in an overlay of two networks */
	push_frame(b);
	push_vxlan(b, 42);
	push_udp(b, 48078, 4789);
	push_ip4(b, &(struct ip4) { .src = ip4a("111.0.0.2"), .dst = ip4a("110.0.0.2") });
	push_gre(b, 0, 0, 0);
	push_ip4(b, &(struct ip4) { .src = ip4a("102.0.0.2"), .dst = ip4a("101.0.0.2") });
	cap_eth(c, b);
}

static void gpe(struct cap *c, struct buf *b, u8 flags, u8 next)
{
	push_vxlan_any(b, flags, 0, next, 4242);
	push_udp(b, cap_port(c), 4790);
	cap_l4(c, b);
}

static void make_vxlan_gpe(struct cap *c)
{
	struct buf *b = inner(c, 0);

	gpe(c, b, 0x0c, 1);
	b = inner(c, 1);
	gpe(c, b, 0x0c, 2);
	b = inner(c, 2);
	push_frame(b);
	gpe(c, b, 0x0c, 3);
	b = inner(c, 3); /* a network service header with the fixed context, then IPv4 */
	u8 *p = push(b, 24);

	set32(p, 0x0fc60101);
	set32(p + 4, 0x00000aff);
	gpe(c, b, 0x0c, 4);
	b = inner(c, 3);
	push_mpls(b, 100, 0, true, 64);
	gpe(c, b, 0x0c, 5);
	b = inner(c, 4);
	push_frame(b);
	gpe(c, b, 0x0d, 3); /* an operations packet */
	b = inner(c, 4);
	push_frame(b);
	gpe(c, b, 0x0e, 3); /* flooded */
}

static void make_geneve(struct cap *c)
{
	for (u32 i = 0; i < 10; i++) {
		struct buf *b = inner(c, i), *o = cap_opt(c);
		bool frame = i % 3 != 2;

		if (frame)
			push_frame(b);
		for (u32 k = 0; k < i % 4; k++)
			geneve_option(o, (const u16[]) { 0x0102, 0xffff, 0x0104 }[k],
				      (u8)(k == 1 ? 0x81 : 3),
				      (const char *[]) { "00010002", "",
							 "0102030405060708 090a0b0c" }[k]);
		if (i % 4 == 3)
			geneve_option(o, 0x0100, 7, "");
		push_geneve(b, i % 4 >= 2 ? 0x40 : i == 8 ? 0x80 : 0, 1000 + i, o->len ? o : NULL);
		push_udp(b, cap_port(c), 6081);
		cap_l4(c, b);
	}
}

static void make_gtp(struct cap *c)
{
	struct buf *b, *o;

	for (u32 i = 0; i < 4; i++) {
		b = inner(c, i);
		push_gtp(b, 0, 255, 0x1000 + i, NULL);
		push_udp(b, 2152, 2152);
		cap_l4(c, b);
	}
	for (u32 i = 0; i < 4; i++) { /* sequence number, N-PDU number */
		b = inner(c, i);
		o = cap_opt(c);
		put16(o, i & 1 ? 100 + i : 0);
		put8(o, i & 2 ? 9 : 0);
		put8(o, 0);
		push_gtp(b, (u8)(i & 1 ? 2 : 0) | (u8)(i & 2 ? 1 : 0), 255, 0x2000 + i,
			 i ? o : NULL);
		push_udp(b, 2152, 2152);
		cap_l4(c, b);
	}
	static const char *const ext[] = {
		"0000 00 85 01 0009 00",	    /* PDU session container, downlink, flow 9 */
		"0000 00 85 01 1007 00",	    /* uplink, flow 7 */
		"0000 00 c0 01 1234 00",	    /* PDCP number */
		"0000 00 40 01 0868 00",	    /* UDP port */
		"0007 00 c0 01 1234 85 01 0009 00", /* two of them, and a sequence number */
		"0000 00 82 02 800102 000000 00",   /* long PDCP number */
	};

	for (u32 i = 0; i < sizeof ext / sizeof *ext; i++) {
		b = inner(c, i);
		o = cap_opt(c);
		putx(o, ext[i]);
		buf_mark(o, o->p + 4, 1, MARK_LEN);
		push_gtp(b, i == 4 ? 6 : 4, 255, 0x3000 + i, o);
		push_udp(b, 2152, 2152);
		cap_l4(c, b);
	}
	static const struct {
		u8 type;
		const char *opt, *body;
	} control[] = {
		{ 1, "0001 0000", "" },				     /* echo request */
		{ 2, "0001 0000", "0e 00" },			     /* echo response: recovery */
		{ 26, "0002 0000", "10 00001000 85 0004 0a000001" }, /* error indication */
		{ 31, "0003 0000", "8d 02 85c0" }, /* supported extension headers */
		{ 254, "0000 0000", "" },	   /* end marker */
	};

	for (u32 i = 0; i < sizeof control / sizeof *control; i++) {
		b = cap_new(c);
		putx(b, control[i].body);
		o = cap_opt(c);
		putx(o, control[i].opt);
		push_gtp(b, control[i].type == 254 ? 0 : 2, control[i].type,
			 control[i].type == 254 ? 0x1000 : 0, control[i].type == 254 ? NULL : o);
		push_udp(b, i & 1 ? 2152 : cap_port(c), i & 1 ? cap_port(c) : 2152);
		cap_l4(c, b);
	}
}

/* ---- IP in IP ---- */

static void make_ipip(struct cap *c)
{
	for (u32 i = 0; i < 12; i++) {
		struct buf *b = inner(c, i);

		for (u32 k = 0; k < i / 6; k++)
			push_outer(c, b, rng_below(&c->rng, 2));
		outer(c, b, i & 1);
		b = inner(c, i);
		outer(c, b, i & 2);
	}
}

const struct scen scen_tunnel[] = {
	{ "gre.pcap", GOOD, 1, make_gre,
	  "GRE version 0: all flags, v4 and v6 both sides, Ethernet, MPLS, keep-alive, unknown" },
	{ "gre-routing.pcap", GOOD, 1, make_gre_routing,
	  "GRE version 0 with source route entries" },
	{ "gre-pptp.pcap", GOOD, 1, make_pptp,
	  "GRE version 1 with PPP: sequence and acknowledgment numbers" },
	{ "nvgre.pcap", GOOD, 1, make_nvgre, "NVGRE" },
	{ "erspan.pcap", GOOD, 1, make_erspan,
	  "ERSPAN types I, II and III, with and without the platform's subheader" },
	{ "vxlan.pcap", GOOD, 1, make_vxlan,
	  "VXLAN over v4 and v6, group policy, VLAN and ARP inside, inside GRE" },
	{ "vxlan-gpe.pcap", GOOD, 1, make_vxlan_gpe,
	  "VXLAN-GPE: IPv4, IPv6, Ethernet, NSH, MPLS, operations" },
	{ "geneve.pcap", GOOD, 1, make_geneve,
	  "Geneve with none to four options, Ethernet and IP inside, control" },
	{ "gtp.pcap", GOOD, 1, make_gtp,
	  "GTP-U: user packets, numbers, extension headers, echo, errors, end marker" },
	{ "ipip.pcap", GOOD, 1, make_ipip, "IPIP, 6in4, 4in6, 6in6, two and three deep" },
	{ 0 },
};
