/* Captures of routing protocols: OSPF versions 2 and 3, RIP versions 1 and 2, RIPng. */
#include "caps.h"

#include <string.h>

/* ---- OSPF ---- */

/* ISO 8473 checksum over data from offset 2, whose place is at offset at (RFC 905 annex B, RFC
 * 2328 12.1.7). */
static void fletcher(u8 *data, u32 n, u32 at)
{
	i64 c0 = 0, c1 = 0, x, y;
	u8 *p = data + 2;

	n -= 2;
	at -= 2;
	p[at] = p[at + 1] = 0;
	for (u32 i = 0; i < n; i++) {
		c0 = (c0 + p[i]) % 255;
		c1 = (c1 + c0) % 255;
	}
	x = ((i64)(n - at - 1) * c0 - c1) % 255;
	if (x <= 0)
		x += 255;
	y = 510 - c0 - x;
	if (y > 255)
		y -= 255;
	p[at] = (u8)x;
	p[at + 1] = (u8)y;
}

static void ospf2_send(struct cap *c, struct buf *b, u8 type, u16 auth, const char *dst)
{
	u32 body = b->len, group = ip4a(dst);
	u8 *p = push(b, 24), mac[6] = { 1, 0, 0x5e };
	bool multicast = group >> 28 == 14;

	p[0] = 2;
	p[1] = type;
	set16(p + 2, body + 24);
	buf_mark(b, p + 2, 2, MARK_LEN);
	set32(p + 4, c->a.ip);
	set32(p + 8, 0);
	set16(p + 14, auth);
	if (auth == 2) { /* a digest follows the packet; the checksum is not used */
		p[18] = 1;
		p[19] = 16;
		set32(p + 20, 1234);
		putfill(b, 16);
	} else {
		set16(p + 12, sum_fold(sum_add(sum_add(0, p, 16), p + 24, body)));
		buf_mark(b, p + 12, 2, MARK_SUM);
		if (auth == 1)
			memcpy(p + 16, "secret\0\0", 8);
	}
	b->proto = 89;
	push_ip4(b, &(struct ip4) { .src = c->a.ip,
				    .dst = multicast ? group : c->b.ip,
				    .ttl = 1,
				    .tos = 0xc0 });
	set32(mac + 2, group & 0x7fffff);
	mac[2] = 0x5e;
	push_eth(b, multicast ? mac : c->b.mac, c->a.mac);
	cap_frame(c, b);
}

/* Begin a link state advertisement: its header, whose length and checksum lsa_end fills in. */
static u32 lsa(struct buf *b, u16 age, u16 options_and_type, u32 id, u32 router, u32 seq)
{
	u32 at = b->len;

	put16(b, age);
	put16(b, options_and_type);
	put32(b, id);
	put32(b, router);
	put32(b, seq);
	put32(b, 0);
	return at;
}

static void lsa_end(struct buf *b, u32 at)
{
	u32 n = b->len - at;

	set16(b->p + at + 18, n);
	buf_mark(b, b->p + at + 18, 2, MARK_LEN);
	fletcher(b->p + at, n, 16);
}

static void lsa_hex(struct buf *b, u16 type, u32 id, u32 router, const char *hex)
{
	u32 at = lsa(b, 7, type, id, router, 0x80000001);

	putx(b, hex);
	lsa_end(b, at);
}

static const char *const v2_bodies[] = {
	/* router */
	("00 00 0003 0a000002 0a000001 02 00 000a c0a80100 ffffff00 03 00 0001 0a000009 0a000001 "
	 "01 "
	 "00 0040"),
	"ffffff00 0a000001 0a000002",	       /* network */
	"ffffff00 00000014",		       /* summary */
	"00000000 0000000a",		       /* summary, of a border router */
	"ffff0000 80000014 00000000 00000000", /* external */
	"ffff0000 00000014 0a000002 00000007", /* not so stubby */
};

static void v2_headers(struct cap *c, struct buf *b)
{
	static const u16 types[] = { 1, 2, 3, 4, 5, 7 };

	for (u32 i = 0; i < 6; i++) {
		struct buf *one = cap_opt(c);

		lsa_hex(one, (u16)(0x0200 | types[i]), c->a.ip + i, c->a.ip, v2_bodies[i]);
		putb(b, one->p, 20);
	}
}

static void make_ospf(struct cap *c)
{
	static const u16 types[] = { 1, 2, 3, 4, 5, 7 };
	struct buf *b;

	for (u16 auth = 0; auth < 3; auth++) { /* hello, with each kind of authentication */
		b = cap_new(c);
		putx(b, "ffffff00 000a 02 01 00000028");
		put32(b, c->a.ip);
		put32(b, auth ? c->b.ip : 0);
		if (auth)
			put32(b, c->b.ip);
		ospf2_send(c, b, 1, auth, "224.0.0.5");
	}
	b = cap_new(c);
	putx(b, "05dc 42 07 00001234"); /* database description: first, more, master */
	ospf2_send(c, b, 2, 0, "10.0.0.1");
	b = cap_new(c);
	putx(b, "05dc 02 01 00001235");
	v2_headers(c, b);
	ospf2_send(c, b, 2, 0, "10.0.0.1");
	b = cap_new(c);
	for (u32 i = 0; i < 3; i++) {
		put32(b, i + 1);
		put32(b, c->a.ip);
		put32(b, c->a.ip);
	}
	ospf2_send(c, b, 3, 0, "10.0.0.1");
	b = cap_new(c);
	put32(b, 6);
	for (u32 i = 0; i < 6; i++)
		lsa_hex(b, (u16)(0x0200 | types[i]), 0xc0a80100 + i, c->a.ip, v2_bodies[i]);
	ospf2_send(c, b, 4, 0, "224.0.0.6");
	b = cap_new(c);
	v2_headers(c, b);
	ospf2_send(c, b, 5, 0, "224.0.0.5");
}

static void ospf3_send(struct cap *c, struct buf *b, u8 type, u8 instance, bool multicast)
{
	static const u8 group[6] = { 0x33, 0x33, 0, 0, 0, 5 };
	u8 *p = push(b, 16), pseudo[40] = { 0 };
	const u8 *src = ip6a("fe80::1"), *dst = ip6a(multicast ? "ff02::5" : "fe80::2");

	p[0] = 3;
	p[1] = type;
	set16(p + 2, b->len);
	buf_mark(b, p + 2, 2, MARK_LEN);
	set32(p + 4, c->a.ip);
	p[14] = instance;
	memcpy(pseudo, src, 16);
	memcpy(pseudo + 16, dst, 16);
	set32(pseudo + 32, b->len);
	pseudo[39] = 89;
	set16(p + 12, sum_fold(sum_add(sum_add(0, pseudo, 40), p, b->len)));
	buf_mark(b, p + 12, 2, MARK_SUM);
	b->proto = 89;
	push_ip6(b, &(struct ip6) { .src = src, .dst = dst, .hlim = 1, .tc = 0xc0 });
	push_eth(b, multicast ? group : c->b.mac, c->a.mac);
	cap_frame(c, b);
}

static const struct {
	u16 type;
	const char *hex;
} v3_bodies[] = {
	{ 0x2001,
	  "01 000013 02 00 000a 00000003 00000004 0a000002 01 00 0040 00000005 00000006 0a000003" },
	{ 0x2002, "00 000013 0a000001 0a000002" },
	{ 0x2003, "0000000a 40 00 0000 20010db800010000" },
	{ 0x2004, "00 000013 00000014 0a000009" },
	{ 0x4005, "04 000014 38 00 0000 20010db8020000 00" },
	{ 0x0008,
	  "01 000013 fe800000000000000000000000000001 00000001 40 00 0000 20010db800010000" },
	{ 0x2009, "0001 2001 00000000 0a000001 40 00 000a 20010db800010000" },
};

static void make_ospf3(struct cap *c)
{
	struct buf *b;

	for (u8 i = 0; i < 2; i++) {
		b = cap_new(c);
		putx(b, "00000003 01 000013 000a 0028");
		put32(b, c->a.ip);
		put32(b, i ? c->b.ip : 0);
		if (i)
			put32(b, c->b.ip);
		ospf3_send(c, b, 1, i, true);
	}
	for (u32 i = 0; i < 2; i++) {
		b = cap_new(c);
		putx(b, i ? "00 000013 05dc 00 01 00001235" : "00 000013 05dc 00 07 00001234");
		for (u32 k = 0; i && k < 7; k++) {
			struct buf *one = cap_opt(c);

			lsa_hex(one, v3_bodies[k].type, k + 1, c->a.ip, v3_bodies[k].hex);
			putb(b, one->p, 20);
		}
		ospf3_send(c, b, 2, 0, false);
	}
	b = cap_new(c);
	for (u32 k = 0; k < 7; k++) {
		put16(b, 0);
		put16(b, v3_bodies[k].type);
		put32(b, k + 1);
		put32(b, c->a.ip);
	}
	ospf3_send(c, b, 3, 0, false);
	b = cap_new(c);
	put32(b, 7);
	for (u32 k = 0; k < 7; k++)
		lsa_hex(b, v3_bodies[k].type, k + 1, c->a.ip, v3_bodies[k].hex);
	ospf3_send(c, b, 4, 0, true);
	b = cap_new(c);
	for (u32 k = 0; k < 7; k++) {
		struct buf *one = cap_opt(c);

		lsa_hex(one, v3_bodies[k].type, k + 1, c->a.ip, v3_bodies[k].hex);
		putb(b, one->p, 20);
	}
	ospf3_send(c, b, 5, 0, true);
}

/* ---- RIP ---- */

static void rip(struct cap *c, const char *hex, const char *dst)
{
	struct buf *b = cap_new(c);
	u32 to = ip4a(dst);
	u8 mac[6] = { 1, 0, 0x5e, 0, 0, 9 };

	if (to == 0xffffffff)
		memset(mac, 255, 6);
	putx(b, hex);
	push_udp(b, 520, 520);
	push_ip4(b, &(struct ip4) { .src = c->a.ip,
				    .dst = to,
				    .ttl = to == 0xffffffff ? 64 : 1,
				    .tos = 0xc0 });
	push_eth(b, mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_rip(struct cap *c)
{
	rip(c, "01 01 0000 0000 0000 00000000 00000000 00000000 00000010", "255.255.255.255");
	rip(c,
	    "02 01 0000 0002 0000 c0a80100 00000000 00000000 00000001 0002 0000 0a000000 00000000 "
	    "00000000 0000000f",
	    "255.255.255.255");
	rip(c, "01 02 0000 0000 0000 00000000 00000000 00000000 00000010", "224.0.0.9");
	rip(c,
	    "02 02 0000 0002 0000 c0a80100 ffffff00 00000000 00000001 0002 0007 0a010000 ffff0000 "
	    "c0a80002 00000010"
	    "0002 0000 00000000 00000000 00000000 00000002",
	    "224.0.0.9");
	rip(c,
	    "02 02 0000 ffff 0002 73656372657400000000000000000000 0002 0000 c0a80100 ffffff00 "
	    "00000000 00000001",
	    "224.0.0.9");
}

static void ripng(struct cap *c, const char *hex)
{
	static const u8 group[6] = { 0x33, 0x33, 0, 0, 0, 9 };
	struct buf *b = cap_new(c);

	putx(b, hex);
	push_udp(b, 521, 521);
	push_ip6(b,
		 &(struct ip6) {
			 .src = ip6a("fe80::1"), .dst = ip6a("ff02::9"), .hlim = 255, .tc = 0xc0 });
	push_eth(b, group, c->a.mac);
	cap_frame(c, b);
}

static void make_ripng(struct cap *c)
{
	ripng(c, "01 01 0000 00000000000000000000000000000000 0000 00 10");
	ripng(c, "02 01 0000 20010db8000100000000000000000000 0000 40 01 "
		 "20010db8000200000000000000000000 0007 40 10");
	ripng(c, "02 01 0000 fe800000000000000000000000000009 0000 00 ff "
		 "00000000000000000000000000000000 0000 00 02");
}

const struct scen scen_routing[] = {
	{ "ospf.pcap", GOOD, 1, make_ospf,
	  "OSPF version 2: all packet types, six kinds of LSA, three kinds of authentication" },
	{ "ospf3.pcap", GOOD, 1, make_ospf3,
	  "OSPF version 3: all packet types, seven kinds of LSA" },
	{ "rip.pcap", GOOD, 1, make_rip,
	  "RIP versions 1 and 2: requests, responses, authentication" },
	{ "ripng.pcap", GOOD, 1, make_ripng, "RIPng: request, responses, next hop" },
	{ 0 },
};
