/* Captures of the network layer: IPv4 with options and fragments, IPv6 with extension headers,
 * ICMP, ICMPv6, IGMP. */
#include "caps.h"

#include <string.h>

/* ---- IPv4 ---- */

static struct buf *some_udp(struct cap *c, u32 n)
{
	struct buf *b = cap_new(c);

	cap_peers(c);
	putfill(b, n);
	push_udp(b, cap_port(c), 9);
	return b;
}

static void options4(struct cap *c, const char *hex, u32 final)
{
	struct buf *b = some_udp(c, 24), *opt = cap_opt(c);

	putx(opt, hex);
	/* Every option but the two of one byte has its length in the second. */
	for (u32 i = 0; i < opt->len && opt->p[i];) {
		if (opt->p[i] == 1) {
			i++;
			continue;
		}
		buf_mark(opt, opt->p + i + 1, 1, MARK_LEN);
		i += opt->p[i + 1];
	}
	push_ip4(b, &(struct ip4) { .src = c->a.ip,
				    .dst = c->b.ip,
				    .final = final,
				    .id = (u16)cap_u32(c),
				    .opt = opt });
	cap_eth(c, b);
}

static void make_ipv4(struct cap *c)
{
	static const u8 protos[] = { 253, 254, 59, 200, 77 };
	struct buf *b;

	for (u32 i = 0; i < 8; i++) { /* service classes, congestion marks, hop limits, the flags */
		b = some_udp(c, 10 + 7 * i);
		push_ip4(b, &(struct ip4) { .src = c->a.ip,
					    .dst = c->b.ip,
					    .ttl = (u8)(1 + i * 36),
					    .tos = (u8)(i * 37),
					    .id = (u16)cap_u32(c),
					    .frag = i & 1 ? 0x4000 : 0 });
		cap_eth(c, b);
	}
	for (u32 i = 0; i < sizeof protos; i++) {
		b = cap_new(c);
		putfill(b, 20 + i);
		b->proto = protos[i];
		cap_v4(c, b);
	}
	b = cap_new(c); /* no data at all */
	b->proto = 253;
	cap_v4(c, b);
	b = some_udp(c, 1472);
	cap_v4(c, b);
	b = some_udp(c, 8000); /* a jumbo frame */
	cap_v4(c, b);
}

static void make_ipv4_options(struct cap *c)
{
	options4(c, "01 01 01 00", 0);
	options4(c, "07 0b 04 00000000 00000000 00", 0);
	options4(c, "07 0b 08 0a010101 00000000 00", 0);
	options4(c,
		 "07 27 28 0a010101 0a010102 0a010103 0a010104 0a010105 0a010106 0a010107 0a010108 "
		 "0a010109 00",
		 0);
	options4(c, "44 0c 0d 00 00100000 00200000", 0);
	options4(c, "44 14 0d 01 0a010101 00112233 0a010102 00000000", 0);
	options4(c, "44 0c 05 33 0a010101 00000000", 0);
	options4(c, "83 07 04 0a090909 00", 0x0a090909);
	options4(c, "83 0b 08 0a010101 0a010102 00", 0x0a010102);
	options4(c, "89 07 04 0a090908 00", 0x0a090908);
	options4(c, "94 04 0000", 0);
	options4(c, "94 04 0001", 0);
	options4(c, "88 04 1234", 0);
	options4(c, "0b 04 05dc 0c 04 0240", 0);
	options4(c, "52 0c 1234 0001 0002 0a010101 00", 0);
	options4(c, "82 0b 0000 0000 0000 000000 00", 0);
	options4(c, "94 04 0000 07 07 04 00000000 00", 0);
	options4(c, "9e 06 01020304 01 00", 0); /* one that nobody knows */
	options4(c, "19 08 26 00 00000000", 0); /* quick start */
}

/* Send b, an IP payload, in fragments of at most mtu bytes each (a multiple of 8). */
static void fragments4(struct cap *c, const struct buf *b, u32 mtu, u16 id)
{
	for (u32 at = 0; at < b->len; at += mtu) {
		u32 n = b->len - at < mtu ? b->len - at : mtu;
		struct buf *f = &c->copy;

		buf_init(f);
		putb(f, b->p + at, n);
		f->proto = b->proto;
		push_ip4(f,
			 &(struct ip4) { .src = c->a.ip,
					 .dst = c->b.ip,
					 .id = id,
					 .frag = (u16)(at / 8 | (at + n < b->len ? 0x2000 : 0)) });
		cap_eth(c, f);
	}
}

static void make_ipv4_fragments(struct cap *c)
{
	struct buf *b;

	/* The checksum of the whole goes in before it is cut up: build it, take the header off
	 * again. */
	for (u32 i = 0; i < 3; i++) {
		b = some_udp(c, 2000 + 700 * i);
		push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
		b->p += 20;
		b->len -= 20;
		b->proto = 17;
		fragments4(c, b, i == 1 ? 552 : 1480, (u16)(100 + i));
	}
	b = cap_new(c);
	putfill(b, 3000);
	push_icmp4(b, 8, 0, 0x00010001);
	fragments4(c, b, 1480, 200);
	b = cap_new(c);
	putfill(b, 500);
	b->proto = 253;
	fragments4(c, b, 96, 300);
}

/* ---- IPv6 ---- */

static void ext(struct cap *c, struct buf *b, u8 proto, const char *hex)
{
	struct buf *o = cap_opt(c);

	putx(o, hex);
	push_ext6(b, proto, o);
}

static void v6_end(struct cap *c, struct buf *b, const u8 *final)
{
	u32 r = cap_u32(c);

	push_ip6(b, &(struct ip6) { .src = c->a.ip6,
				    .dst = c->b.ip6,
				    .final = final,
				    .tc = (u8)r,
				    .flow = r >> 8 & 0xfffff,
				    .hlim = (u8)rng_in(&c->rng, 2, 255) });
	cap_eth(c, b);
}

static void make_ipv6(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 6; i++) {
		b = some_udp(c, 30 * i);
		v6_end(c, b, NULL);
	}
	b = cap_new(c);
	v6_end(c, b, NULL); /* no next header, nothing behind it */
	b = cap_new(c);
	putfill(b, 16);
	v6_end(c, b, NULL); /* no next header, and bytes behind it, which are to be ignored */
	b = cap_new(c);
	putfill(b, 40);
	b->proto = 253;
	v6_end(c, b, NULL);
}

/* An authentication header with icv bytes of check value; its length counts 4-byte units less 2
 * (RFC 4302). */
static void push_ah(struct cap *c, struct buf *b, u32 icv)
{
	u8 *p = push(b, 12 + icv);

	p[0] = b->proto;
	p[1] = (u8)((12 + icv) / 4 - 2);
	set32(p + 4, cap_u32(c));
	set32(p + 8, 7);
	memset(p + 12, 0xa5, icv);
	buf_mark(b, p + 1, 1, MARK_LEN);
	b->proto = 51;
}

static void make_ipv6_extensions(struct cap *c)
{
	static const char hbh[] = "01 04 00000000", alert[] = "0502 0000 0100",
			  rfc[] = "3e02 0102 0100";
	const u8 *last = ip6a("2001:db8:ffff::9");
	struct buf *b, *o;

	b = some_udp(c, 20);
	ext(c, b, 0, hbh);
	v6_end(c, b, NULL);
	b = some_udp(c, 21);
	ext(c, b, 0, alert);
	v6_end(c, b, NULL);
	b = some_udp(c, 22);
	ext(c, b, 60, "04 01 05 01 00 00"); /* tunnel encapsulation limit, Pad1s follow */
	v6_end(c, b, NULL);
	b = some_udp(c, 23);
	ext(c, b, 60, rfc); /* an option of the experiments */
	v6_end(c, b, NULL);
	b = some_udp(c, 24); /* home address; the checksum is made with it as the source */
	o = cap_opt(c);
	putx(o, "01 02 0000 c9 10");
	put6(o, c->a.ip6);
	push_ext6(b, 60, o);
	v6_end(c, b, NULL);

	b = some_udp(c, 25); /* routing type 0, two addresses, one left */
	o = cap_opt(c);
	putx(o, "00 01 00000000");
	put6(o, ip6a("2001:db8:ffff::1"));
	put6(o, last);
	push_ext6(b, 43, o);
	v6_end(c, b, last);
	b = some_udp(c, 26); /* type 2 */
	o = cap_opt(c);
	putx(o, "02 01 00000000");
	put6(o, last);
	push_ext6(b, 43, o);
	v6_end(c, b, last);
	b = some_udp(c, 27); /* segment routing: the list stands in reverse */
	o = cap_opt(c);
	putx(o, "04 02 02 00 0000");
	put6(o, last);
	put6(o, ip6a("2001:db8:ffff::2"));
	put6(o, ip6a("2001:db8:ffff::3"));
	push_ext6(b, 43, o);
	v6_end(c, b, last);
	b = some_udp(c, 28); /* segment routing with a tag and padding TLV, at its last segment */
	o = cap_opt(c);
	putx(o, "04 00 00 00 00c8");
	put6(o, last);
	putx(o, "04 06 000000000000");
	push_ext6(b, 43, o);
	memcpy(c->b.ip6, last, 16);
	v6_end(c, b, last);

	for (u32 i = 0; i < 3; i++) {
		b = some_udp(c, 30 + i);
		push_ah(c, b, 12 + 4 * i);
		v6_end(c, b, NULL);
	}
	b = some_udp(c, 33);
	push_ah(c, b, 12);
	cap_v4(c, b);
	b = cap_new(c); /* encapsulating security payload: nothing to read but SPI and sequence
			   number */
	put32(b, 0x1001);
	put32(b, 1);
	putfill(b, 64);
	b->proto = 50;
	v6_end(c, b, NULL);
	b = some_udp(c, 34); /* all of them, in the order that RFC 8200 recommends */
	ext(c, b, 60, "01 04 00000000");
	push_ah(c, b, 12);
	push_frag6(b, 0, false, 9); /* an atomic fragment */
	o = cap_opt(c);
	putx(o, "02 01 00000000");
	put6(o, last);
	push_ext6(b, 43, o);
	ext(c, b, 60, "01 0c 000000000000000000000000");
	ext(c, b, 0, alert);
	v6_end(c, b, last);
}

static void fragments6(struct cap *c, const struct buf *b, u32 mtu, u32 id)
{
	for (u32 at = 0; at < b->len; at += mtu) {
		u32 n = b->len - at < mtu ? b->len - at : mtu;
		struct buf *f = &c->copy;

		buf_init(f);
		putb(f, b->p + at, n);
		f->proto = b->proto;
		push_frag6(f, at, at + n < b->len, id);
		push_ip6(f, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		cap_eth(c, f);
	}
}

static void make_ipv6_fragments(struct cap *c)
{
	for (u32 i = 0; i < 3; i++) {
		struct buf *b = i == 2 ? cap_new(c) : some_udp(c, 2000 + 800 * i);

		if (i == 2) {
			putfill(b, 2500);
			push_icmp6(b, 128, 0, 0x00050006);
		}
		u8 proto = b->proto;

		push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
		b->p += 40;
		b->len -= 40;
		b->proto = proto;
		fragments6(c, b, 1448, 1000 + i);
	}
}

/* ---- ICMP ---- */

/* What an error quotes: an IP header and the first n bytes of what it carried. */
static struct buf *quoted(struct cap *c, bool v6, u32 n)
{
	struct buf *b = cap_new(c), *opt = cap_opt(c);
	u32 head = v6 ? 40 : 20;

	if (rng_below(&c->rng, 2)) {
		putfill(b, 600);
		push_udp(b, cap_port(c), 33434);
	} else {
		putx(opt, "020405b4 0402 01 030307 0101");
		push_tcp(b, &(struct tcp) { .sport = cap_port(c),
					    .dport = 22,
					    .seq = 0x16b17c3f,
					    .flags = T_SYN,
					    .opt = opt });
	}
	if (v6)
		push_ip6(b, &(struct ip6) { .src = c->b.ip6, .dst = c->a.ip6, .hlim = 1 });
	else
		push_ip4(b,
			 &(struct ip4) {
				 .src = c->b.ip, .dst = c->a.ip, .ttl = 1, .id = (u16)cap_u32(c) });
	if (b->len > head + n)
		b->len = head + n;
	b->nmarks = 0;
	return b;
}

static void icmp(struct cap *c, u8 type, u8 code, u32 rest, u32 quote)
{
	struct buf *b = quoted(c, false, quote);

	push_icmp4(b, type, code, rest);
	cap_v4(c, b);
}

static void icmp_body(struct cap *c, u8 type, u8 code, u32 rest, const char *hex)
{
	struct buf *b = cap_new(c);

	putx(b, hex);
	push_icmp4(b, type, code, rest);
	cap_v4(c, b);
}

static void echo4(struct cap *c, u32 n, u32 id, u32 seq)
{
	for (int dir = 0; dir < 2; dir++) {
		struct buf *b = cap_new(c);

		putfill(b, n);
		push_icmp4(b, dir ? 0 : 8, 0, id << 16 | seq);
		buf_copy(&c->copy, b);
		cap_v4(c, &c->copy);
		cap_swap(c);
	}
}

static void make_icmp(struct cap *c)
{
	for (u32 i = 0; i < 4; i++) {
		cap_peers(c);
		echo4(c, (const u32[]) { 56, 0, 1000, 7 }[i], cap_u32(c) & 0xffff, i + 1);
	}
	for (u32 code = 0; code < 16; code++)
		icmp(c, 3, (u8)code, code == 4 ? 1400 : 0, code % 3 ? 8 : 32);
	icmp(c, 3, 4, 576, 8);
	icmp(c, 4, 0, 0, 8);
	for (u32 code = 0; code < 4; code++)
		icmp(c, 5, (u8)code, c->a.ip + 1, 8);
	icmp(c, 11, 0, 0, 8);
	icmp(c, 11, 0, 0, 128);
	icmp(c, 11, 1, 0, 8);
	icmp(c, 12, 0, 20u << 24, 8);
	icmp(c, 12, 1, 0, 8);
	icmp_body(c, 13, 0, 0x00070001, "02aabb01 00000000 00000000");
	icmp_body(c, 14, 0, 0x00070001, "02aabb01 02aabb05 02aabb06");
	icmp_body(c, 15, 0, 0x00080001, "");
	icmp_body(c, 16, 0, 0x00080001, "");
	icmp_body(c, 17, 0, 0x00090001, "00000000");
	icmp_body(c, 18, 0, 0x00090001, "ffffff00");
	icmp_body(c, 10, 0, 0, "");
	icmp_body(c, 9, 0, 0x02020708, "c0a80001 00000000 c0a80002 00000010");
	/* A traceroute's answer with the label stack of the router in an extension (RFC 4884,
	 * 4950). */
	struct buf *b = quoted(c, false, 108);

	if (b->len < 128)
		putz(b, 128 - b->len);
	u32 at = b->len;

	putx(b, "2000 0000 000c 0101 00064140 00065101");
	set16(b->p + at + 2, sum_fold(sum_add(0, b->p + at, b->len - at)));
	push_icmp4(b, 11, 0, 32u << 16);
	cap_v4(c, b);
}

/* ---- ICMPv6 ---- */

static void link_local(struct peer *p)
{
	static const u8 prefix[16] = { 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 2, 0, 0x5e, 0xff, 0xfe, 0 };
	u8 low[2] = { p->ip6[14], p->ip6[15] };

	memcpy(p->ip6, prefix, 16);
	memcpy(p->ip6 + 14, low, 2);
}

/* To a multicast group's address and frame. */
static void to_group6(struct cap *c, const char *group)
{
	memcpy(c->b.ip6, ip6a(group), 16);
	c->b.mac[0] = c->b.mac[1] = 0x33;
	memcpy(c->b.mac + 2, c->b.ip6 + 12, 4);
}

static void nd_end(struct cap *c, struct buf *b, const u8 *src)
{
	push_ip6(b, &(struct ip6) { .src = src, .dst = c->b.ip6, .hlim = 255 });
	cap_eth(c, b);
}

/* Options of neighbour discovery: type, length in units of 8, body. */
static void nd_opt(struct buf *b, u8 type, const char *hex)
{
	u32 at = b->len, n;

	put8(b, type);
	put8(b, 0);
	putx(b, hex);
	n = b->len - at;
	putz(b, (8 - n % 8) % 8);
	b->p[at + 1] = (u8)((b->len - at) / 8);
	buf_mark(b, b->p + at + 1, 1, MARK_LEN);
}

static void nd_lla(struct buf *b, u8 type, const u8 *mac)
{
	put8(b, type);
	put8(b, 1);
	buf_mark(b, b->p + b->len - 1, 1, MARK_LEN);
	putmac(b, mac);
}

static void make_icmpv6(struct cap *c)
{
	struct buf *b;

	for (u32 i = 0; i < 4; i++) {
		cap_peers(c);
		for (u8 type = 128; type < 130; type++) {
			b = cap_new(c);
			putfill(b, 8 + i * 100);
			push_icmp6(b, type, 0, 0x12340000 | i);
			cap_v6(c, b);
			cap_swap(c);
		}
	}
	for (u32 code = 0; code < 8; code++) {
		b = quoted(c, true, code & 1 ? 8 : 300);
		push_icmp6(b, 1, (u8)code, 0);
		cap_v6(c, b);
	}
	for (u32 i = 0; i < 2; i++) {
		b = quoted(c, true, 1192);
		push_icmp6(b, 2, 0, i ? 1280 : 1400);
		cap_v6(c, b);
		b = quoted(c, true, 60);
		push_icmp6(b, 3, (u8)i, 0);
		cap_v6(c, b);
		b = quoted(c, true, 60);
		push_icmp6(b, 4, (u8)(1 + i), 40);
		cap_v6(c, b);
	}
}

static void make_neighbour(struct cap *c)
{
	static const u8 any[16];
	struct peer self, other;
	struct buf *b;

	link_local(&c->a);
	link_local(&c->b);
	self = c->a;
	other = c->b;
	for (int i = 0; i < 2; i++) { /* duplicate address detection, then resolution */
		b = cap_new(c);
		put6(b, i ? other.ip6 : self.ip6);
		if (i)
			nd_lla(b, 1, self.mac);
		else
			nd_opt(b, 14, "010203040506");
		push_icmp6(b, 135, 0, 0);
		to_group6(c, "ff02::1:ff00:1");
		memcpy(c->b.ip6 + 13, (i ? other.ip6 : self.ip6) + 13, 3);
		memcpy(c->b.mac + 2, c->b.ip6 + 12, 4);
		nd_end(c, b, i ? self.ip6 : any);
	}
	for (u32 i = 0; i < 3; i++) {
		b = cap_new(c);
		put6(b, other.ip6);
		nd_lla(b, 2, other.mac);
		push_icmp6(b, 136, 0, (const u32[]) { 0x60000000, 0xe0000000, 0x20000000 }[i]);
		c->a = other;
		c->b = self;
		if (i == 2)
			to_group6(c, "ff02::1");
		nd_end(c, b, c->a.ip6);
	}
	c->a = self;
	to_group6(c, "ff02::2");
	b = cap_new(c);
	nd_lla(b, 1, self.mac);
	push_icmp6(b, 133, 0, 0);
	nd_end(c, b, self.ip6);
	b = cap_new(c);
	push_icmp6(b, 133, 0, 0);
	nd_end(c, b, any);

	to_group6(c, "ff02::1");
	b = cap_new(c);
	put32(b, 30000);
	put32(b, 1000);
	nd_lla(b, 1, self.mac);
	nd_opt(b, 5, "0000 000005dc");
	nd_opt(b, 3, "40 c0 00278d00 00093a80 00000000 20010db8000100000000000000000000");
	nd_opt(b, 3, "30 80 00000e10 00000708 00000000 fd000000000100000000000000000000");
	nd_opt(b, 25,
	       "0000 00000708 20010db8000000000000000000000053 20010db8000000000000000000005353");
	nd_opt(b, 31, "0000 00000708 07 6578616d706c65 03 6e6574 00");
	nd_opt(b, 24, "30 08 00000708 20010db8ffff0000");
	push_icmp6(b, 134, 0, 64u << 24 | 0xc80708);
	nd_end(c, b, self.ip6);
	b = cap_new(c);
	put64(b, 0);
	push_icmp6(b, 134, 0, 0);
	nd_end(c, b, self.ip6);

	c->b = other;
	b = quoted(c, true, 200);
	pad_to(b, 8);
	struct buf *q = cap_tmp(c);

	put6(q, other.ip6);
	put6(q, ip6a("2001:db8::77"));
	nd_lla(q, 2, other.mac);
	putx(q, "04");
	put8(q, (b->len + 8) / 8);
	putz(q, 6);
	putbuf(q, b);
	push_icmp6(q, 137, 0, 0);
	nd_end(c, q, self.ip6);
	b = cap_new(c);
	put6(b, other.ip6);
	put6(b, other.ip6);
	push_icmp6(b, 137, 0, 0);
	nd_end(c, b, self.ip6);
}

static void mld_end(struct cap *c, struct buf *b, u8 type, u32 rest, const char *group)
{
	push_icmp6(b, type, 0, rest);
	ext(c, b, 0, "0502 0000 0100");
	to_group6(c, group);
	push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6, .hlim = 1 });
	cap_eth(c, b);
}

/* A record of an MLDv2 report: type, group, sources. */
static void mld_record(struct buf *b, u8 type, const char *group, u32 sources)
{
	put8(b, type);
	put8(b, 0);
	put16(b, sources);
	buf_mark(b, b->p + b->len - 2, 2, MARK_LEN);
	put6(b, ip6a(group));
	for (u32 i = 0; i < sources; i++) {
		put6(b, ip6a("2001:db8::100"));
		b->p[b->len - 1] = (u8)i;
	}
}

static void make_mld(struct cap *c)
{
	struct buf *b;

	link_local(&c->a);
	b = cap_new(c); /* version 1: general query, query of a group, report, done */
	put6(b, ip6a("::"));
	mld_end(c, b, 130, 10000u << 16, "ff02::1");
	b = cap_new(c);
	put6(b, ip6a("ff02::fb"));
	mld_end(c, b, 130, 1000u << 16, "ff02::fb");
	b = cap_new(c);
	put6(b, ip6a("ff02::fb"));
	mld_end(c, b, 131, 0, "ff02::fb");
	b = cap_new(c);
	put6(b, ip6a("ff02::fb"));
	mld_end(c, b, 132, 0, "ff02::2");
	b = cap_new(c); /* version 2 */
	put6(b, ip6a("::"));
	putx(b, "027d 0000");
	mld_end(c, b, 130, 10000u << 16, "ff02::1");
	b = cap_new(c);
	put6(b, ip6a("ff3e::1234"));
	putx(b, "0a7d 0002");
	put6(b, ip6a("2001:db8::1"));
	put6(b, ip6a("2001:db8::2"));
	mld_end(c, b, 130, 1000u << 16, "ff3e::1234");
	b = cap_new(c);
	for (u8 t = 1; t <= 6; t++)
		mld_record(b, t, t & 1 ? "ff3e::1234" : "ff02::1:ff00:9", t % 3);
	mld_end(c, b, 143, 6, "ff02::16");
	b = cap_new(c);
	mld_record(b, 4, "ff02::fb", 0);
	mld_end(c, b, 143, 1, "ff02::16");
}

/* ---- IGMP ---- */

static void igmp(struct cap *c, const char *hex, const char *dst)
{
	struct buf *b = cap_new(c), *opt = cap_opt(c);
	u32 group = ip4a(dst);
	u8 mac[6] = { 1, 0, 0x5e };

	putx(b, hex);
	set16(b->p + 2, sum_fold(sum_add(0, b->p, b->len)));
	buf_mark(b, b->p + 2, 2, MARK_SUM);
	b->proto = 2;
	putx(opt, "94040000");
	push_ip4(b,
		 &(struct ip4) { .src = c->a.ip, .dst = group, .ttl = 1, .tos = 0xc0, .opt = opt });
	set32(mac + 2, group & 0x7fffff);
	mac[2] = 0x5e;
	push_eth(b, mac, c->a.mac);
	pad_eth(b);
	cap_frame(c, b);
}

static void make_igmp(struct cap *c)
{
	igmp(c, "11 00 0000 00000000", "224.0.0.1"); /* version 1 */
	igmp(c, "12 00 0000 e1010203", "225.1.2.3");
	igmp(c, "11 64 0000 00000000", "224.0.0.1"); /* version 2 */
	igmp(c, "11 0a 0000 e1010203", "225.1.2.3");
	igmp(c, "16 00 0000 e1010203", "225.1.2.3");
	igmp(c, "17 00 0000 e1010203", "224.0.0.2");
	igmp(c, "11 64 0000 00000000 02 7d 0000", "224.0.0.1"); /* version 3 */
	igmp(c, "11 8a 0000 e8010101 0a 8c 0002 0a000001 0a000002", "232.1.1.1");
	igmp(c, "22 00 0000 0000 0001 04 00 0000 e00000fb", "224.0.0.22");
	igmp(c,
	     "22 00 0000 0000 0006 01 00 0001 e8010101 0a000001 02 00 0000 e00000fb 03 00 0002 "
	     "e8010102 0a000001 0a000002"
	     "04 00 0000 e1010203 05 00 0001 e8010101 0a000003 06 00 0001 e8010101 0a000001",
	     "224.0.0.22");
	igmp(c, "22 00 0000 0000 0001 01 01 0000 e1010203 01020304",
	     "224.0.0.22"); /* with auxiliary data */
}

const struct scen scen_ip[] = {
	{ "ipv4.pcap", GOOD, 1, make_ipv4,
	  "IPv4: classes, ECN, flags, unknown protocols, empty, jumbo" },
	{ "ipv4-options.pcap", GOOD, 1, make_ipv4_options,
	  "record route, timestamps, source routes, router alert, others" },
	{ "ipv4-fragments.pcap", GOOD, 1, make_ipv4_fragments,
	  "fragments of UDP, ICMP and an unknown protocol" },
	{ "ipv6.pcap", GOOD, 1, make_ipv6,
	  "IPv6: classes, flow labels, no next header, unknown protocol" },
	{ "ipv6-extensions.pcap", GOOD, 1, make_ipv6_extensions,
	  "hop-by-hop, destination, routing 0 2 4, AH, ESP, all at once" },
	{ "ipv6-fragments.pcap", GOOD, 1, make_ipv6_fragments, "fragments of UDP and ICMPv6" },
	{ "icmp.pcap", GOOD, 1, make_icmp,
	  "echo, all errors with what they quote, timestamps, masks, routers, extension" },
	{ "icmpv6.pcap", GOOD, 1, make_icmpv6, "echo and all errors" },
	{ "neighbour.pcap", GOOD, 1, make_neighbour, "NS, NA, RS, RA with its options, redirect" },
	{ "mld.pcap", GOOD, 1, make_mld, "MLD versions 1 and 2: queries, reports, done" },
	{ "igmp.pcap", GOOD, 1, make_igmp, "IGMP versions 1 to 3: queries, reports, leave" },
	{ 0 },
};
