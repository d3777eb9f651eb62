/* Captures of name resolution: DNS over UDP and TCP, mDNS, LLMNR. */
#include "caps.h"

#include <string.h>

/* A pointer to where a name was put before; at counts from the message's first byte. */
static void put_pointer(struct buf *b, u32 at)
{
	put16(b, 0xc000 | at);
}

static struct buf *message(struct cap *c, u32 flags, u32 qd, u32 an, u32 ns, u32 ar)
{
	struct buf *b = cap_new(c);

	put16(b, cap_u32(c));
	put16(b, flags);
	put16(b, qd);
	put16(b, an);
	put16(b, ns);
	put16(b, ar);
	return b;
}

static void question(struct buf *b, const char *name, u32 type, u32 class)
{
	put_dname(b, name);
	put16(b, type);
	put16(b, class);
}

/* A resource record whose owner is the name at 12 (the question's), or with owner given that name.
 * Returns its length's place. */
static u32 rr(struct buf *b, const char *owner, u32 type, u32 class, u32 ttl)
{
	if (owner)
		put_dname(b, owner);
	else
		put_pointer(b, 12);
	put16(b, type);
	put16(b, class);
	put32(b, ttl);
	return len_open(b, 2);
}

static void rr_hex(struct buf *b, const char *owner, u32 type, u32 ttl, const char *hex)
{
	u32 at = rr(b, owner, type, 1, ttl);

	putx(b, hex);
	len_close(b, at, 0);
}

static void rr_name(struct buf *b, const char *owner, u32 type, u32 ttl, const char *before,
		    const char *name)
{
	u32 at = rr(b, owner, type, 1, ttl);

	putx(b, before);
	put_dname(b, name);
	len_close(b, at, 0);
}

static void put_text(struct buf *b, const char *s)
{
	put8(b, (u32)strlen(s));
	putstr(b, s);
}

/* The records that take more than hex and a name. */
static void rr_soa(struct buf *b, const char *owner)
{
	u32 at = rr(b, owner, 6, 1, 3600);

	put_dname(b, "ns1.example.net");
	put_dname(b, "hostmaster.example.net");
	put32(b, 2024010101);
	put32(b, 7200);
	put32(b, 3600);
	put32(b, 1209600);
	put32(b, 300);
	len_close(b, at, 0);
}

static void rr_txt(struct buf *b, const char *owner)
{
	u32 at = rr(b, owner, 16, 1, 60);

	put_text(b, "v=spf1 mx -all");
	put_text(b, "");
	put_text(b, "a second string; with \"quotes\" and \x01 control");
	len_close(b, at, 0);
}

static void rr_naptr(struct buf *b)
{
	u32 at = rr(b, NULL, 35, 1, 60);

	put16(b, 100);
	put16(b, 10);
	put_text(b, "U");
	put_text(b, "E2U+sip");
	put_text(b, "!^.*$!sip:info@example.net!");
	put_dname(b, "");
	len_close(b, at, 0);
}

static void rr_rrsig(struct buf *b)
{
	u32 at = rr(b, NULL, 46, 1, 300);

	put16(b, 1);
	put8(b, 13);
	put8(b, 3);
	put32(b, 300);
	put32(b, 1702000000);
	put32(b, 1700000000);
	put16(b, 12345);
	put_dname(b, "example.net");
	putfill(b, 64);
	len_close(b, at, 0);
}

static void rr_nsec(struct buf *b)
{
	u32 at = rr(b, NULL, 47, 1, 300);

	put_dname(b, "x.example.net");
	putx(b, "00 07 62 01 80 08 00 03 80"); /* A NS SOA MX TXT AAAA RRSIG NSEC DNSKEY */
	len_close(b, at, 0);
}

static void rr_svcb(struct buf *b, u32 type)
{
	u32 at = rr(b, NULL, type, 1, 300);

	put16(b, 1);
	put_dname(b, type == 65 ? "" : "svc.example.net");
	putx(b, "0001 0006 02 6832 02 6833"); /* alpn: h2, h3 */
	putx(b, "0003 0002 20fb");
	putx(b, "0004 0008 c0a80001 c0a80002");
	putx(b, "0006 0010 20010db8000000000000000000000001");
	len_close(b, at, 0);
}

/* EDNS: the owner is the root, the class the sender's size, the TTL flags. */
static void rr_opt(struct buf *b, u32 size, u32 flags, const char *options)
{
	u32 at;

	put8(b, 0);
	put16(b, 41);
	put16(b, size);
	put32(b, flags);
	at = len_open(b, 2);
	putx(b, options);
	len_close(b, at, 0);
}

static void over_udp(struct cap *c, struct buf *b, u16 sport, u16 dport)
{
	push_udp(b, sport, dport);
	cap_l4(c, b);
}

/* A question and its answer, whose records answer() writes; n of them. */
static void lookup(struct cap *c, const char *name, u32 type, u32 n, void (*answer)(struct buf *))
{
	u16 port = cap_port(c), id;
	struct buf *b;

	cap_peers(c);
	b = message(c, 0x0100, 1, 0, 0, 0);
	id = (u16)get16(b->p);
	question(b, name, type, 1);
	over_udp(c, b, port, 53);
	cap_swap(c);
	b = message(c, 0x8180, 1, n, 0, 0);
	set16(b->p, id);
	question(b, name, type, 1);
	answer(b);
	over_udp(c, b, 53, port);
	cap_swap(c);
}

static void answer_a(struct buf *b)
{
	rr_hex(b, NULL, 1, 300, "c0a80001");
	rr_hex(b, NULL, 1, 300, "c0a80002");
	rr_hex(b, NULL, 1, 0x7fffffff, "cb007107");
}

static void answer_aaaa(struct buf *b)
{
	rr_hex(b, NULL, 28, 300, "20010db8000000000000000000000001");
	rr_hex(b, NULL, 28, 300, "00000000000000000000ffffc0a80001");
}

static void answer_cname(struct buf *b)
{
	rr_name(b, NULL, 5, 60, "", "web.cdn.example.org");
	rr_hex(b, "web.cdn.example.org", 1, 60, "c6336401");
}

static void answer_ns(struct buf *b)
{
	rr_name(b, NULL, 2, 86400, "", "ns1.example.net");
	rr_name(b, NULL, 2, 86400, "", "ns2.example.net");
}

static void answer_mx(struct buf *b)
{
	rr_name(b, NULL, 15, 3600, "000a", "mail.example.net");
	rr_name(b, NULL, 15, 3600, "0014", "backup.example.net");
}

static void answer_txt(struct buf *b)
{
	rr_txt(b, NULL);
}

static void answer_soa(struct buf *b)
{
	rr_soa(b, NULL);
}

static void answer_ptr(struct buf *b)
{
	rr_name(b, NULL, 12, 3600, "", "host1.example.net");
}

static void answer_srv(struct buf *b)
{
	rr_name(b, NULL, 33, 60, "0001 0002 13c4", "sip1.example.net");
	rr_name(b, NULL, 33, 60, "000a 0000 13c4", "sip2.example.net");
}

static void answer_caa(struct buf *b)
{
	rr_hex(b, NULL, 257, 60, "00 05 6973737565 63612e6578616d706c65");
	rr_hex(b, NULL, 257, 60, "80 05 696f646566 6d61696c746f3a61406578616d706c65");
}

static void answer_ds(struct buf *b)
{
	rr_hex(b, NULL, 43, 60,
	       "3039 0d 02 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
}

static void answer_dnskey(struct buf *b)
{
	rr_hex(b, NULL, 48, 60,
	       "0101 03 0d 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	       "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
}

static void answer_svcb(struct buf *b)
{
	rr_svcb(b, 64);
}

static void answer_https(struct buf *b)
{
	rr_svcb(b, 65);
}

static void answer_hinfo(struct buf *b)
{
	rr_hex(b, NULL, 13, 60, "05 52464338 34 00");
}

static void answer_unknown(struct buf *b)
{
	rr_hex(b, NULL, 65280, 60, "0102030405");
}

static void make_dns(struct cap *c)
{
	struct buf *b;

	lookup(c, "www.example.net", 1, 3, answer_a);
	lookup(c, "www.example.net", 28, 2, answer_aaaa);
	lookup(c, "shop.example.net", 1, 2, answer_cname);
	lookup(c, "example.net", 2, 2, answer_ns);
	lookup(c, "example.net", 15, 2, answer_mx);
	lookup(c, "example.net", 16, 1, answer_txt);
	lookup(c, "example.net", 6, 1, answer_soa);
	lookup(c, "1.0.168.192.in-addr.arpa", 12, 1, answer_ptr);
	lookup(c, "_sip._udp.example.net", 33, 2, answer_srv);
	lookup(c, "4.3.2.1.e164.arpa", 35, 1, rr_naptr);
	lookup(c, "example.net", 257, 2, answer_caa);
	lookup(c, "example.net", 43, 1, answer_ds);
	lookup(c, "example.net", 48, 1, answer_dnskey);
	lookup(c, "www.example.net", 46, 1, rr_rrsig);
	lookup(c, "example.net", 47, 1, rr_nsec);
	lookup(c, "_dns.example.net", 64, 1, answer_svcb);
	lookup(c, "www.example.net", 65, 1, answer_https);
	lookup(c, "www.example.net", 13, 1, answer_hinfo);
	lookup(c, "www.example.net", 65280, 1, answer_unknown);
	lookup(c, "", 2, 2, answer_ns);
	lookup(c, "a-label-of-sixty-three-bytes-is-the-longest-that-there-can-be-x.example.net", 1,
	       3, answer_a);
	b = message(c, 0x0120, 1, 0, 0, 1); /* EDNS with a cookie and client subnet */
	question(b, "www.example.net", 1, 1);
	rr_opt(b, 1232, 0x8000, "000a 0008 0102030405060708 0008 0007 0001 18 00 c0a801");
	over_udp(c, b, 40053, 53);
	b = message(c, 0x8583, 1, 0, 1,
		    1); /* no such name, authoritative, with the SOA of the zone */
	question(b, "nothing.example.net", 1, 1);
	rr_soa(b, "example.net");
	rr_opt(b, 4096, 0, "");
	over_udp(c, b, 53, 40053);
	b = message(c, 0x8182, 1, 0, 0, 0); /* server failure */
	question(b, "broken.example.net", 1, 1);
	over_udp(c, b, 53, 40054);
	b = message(c, 0x8380, 1, 0, 0, 0); /* truncated: ask by TCP */
	question(b, "large.example.net", 16, 1);
	over_udp(c, b, 53, 40055);
	b = message(c, 0x8180, 1, 2, 1, 2); /* names that point into names that point */
	question(b, "www.a.example.net", 1, 1);
	u32 at = rr(b, NULL, 5, 1, 60);

	putx(b, "03 637363");
	put_pointer(b, 16);
	len_close(b, at, 0);
	put_pointer(b, at / 4 + 2 - (u32)(b->p - b->mem));
	putx(b, "0001 0001 0000003c 0004 c0a80009");
	rr_name(b, "a.example.net", 2, 60, "", "ns1.example.net");
	rr_hex(b, "ns1.example.net", 1, 60, "c0a80035");
	rr_hex(b, "ns1.example.net", 28, 60, "20010db8000000000000000000000035");
	over_udp(c, b, 53, 40056);
	b = message(c, 0x2800, 1, 0, 0, 0); /* dynamic update */
	question(b, "example.net", 6, 1);
	over_udp(c, b, 40057, 53);
	b = message(c, 0x2400, 1, 0, 0, 0); /* notify */
	question(b, "example.net", 6, 1);
	over_udp(c, b, 40058, 53);
}

static void over_tcp(struct cap *c, struct buf *b, u16 sport, u16 dport, u32 seq, u32 ack)
{
	push_tcp(b, &(struct tcp) { .sport = sport,
				    .dport = dport,
				    .seq = seq,
				    .ack = ack,
				    .flags = T_PSH | T_ACK,
				    .win = 500 });
	cap_l4(c, b);
}

static void make_dns_tcp(struct cap *c)
{
	struct buf *b = message(c, 0x0100, 1, 0, 0, 1);
	u32 n;

	question(b, "example.net", 255, 1);
	rr_opt(b, 1232, 0, "");
	n = b->len;
	set16(push(b, 2), n);
	over_tcp(c, b, 50123, 53, 1000, 2000);
	cap_swap(c);
	b = message(c, 0x8180, 1, 6, 0, 0);
	question(b, "example.net", 255, 1);
	answer_ns(b);
	answer_mx(b);
	answer_soa(b);
	answer_txt(b);
	u32 m = b->len;

	set16(push(b, 2), m);
	over_tcp(c, b, 53, 50123, 2000, 1000 + n + 2);
	cap_swap(c);
	struct buf *two = cap_tmp(c); /* two questions in one segment */

	for (u32 i = 0; i < 2; i++) {
		b = message(c, 0x0100, 1, 0, 0, 0);
		question(b, i ? "b.example.net" : "a.example.net", 1, 1);
		put16(two, b->len);
		putbuf(two, b);
	}
	over_tcp(c, two, 50123, 53, 1000 + n + 2, 2000 + m + 2);
}

/* To a multicast group over both versions. */
static void to_group(struct cap *c, const struct buf *b, const char *group4, const char *group6)
{
	u8 mac[6] = { 0x01, 0x00, 0x5e };
	struct buf *f = &c->copy;
	const u8 *g6 = ip6a(group6);

	buf_copy(f, b);
	push_ip4(f, &(struct ip4) { .src = c->a.ip, .dst = ip4a(group4), .ttl = 255 });
	memcpy(mac + 3, f->p + 17, 3);
	mac[3] &= 0x7f;
	push_eth(f, mac, c->a.mac);
	pad_eth(f);
	cap_frame(c, f);
	buf_copy(f, b);
	push_ip6(f, &(struct ip6) { .src = c->a.ip6, .dst = g6, .hlim = 255 });
	mac[0] = mac[1] = 0x33;
	memcpy(mac + 2, g6 + 12, 4);
	push_eth(f, mac, c->a.mac);
	cap_frame(c, f);
}

static void mdns(struct cap *c, struct buf *b)
{
	set16(b->p, 0);
	push_udp(b, 5353, 5353);
	to_group(c, b, "224.0.0.251", "ff02::fb");
}

static void make_mdns(struct cap *c)
{
	struct buf *b = message(c, 0, 1, 0, 0, 0);
	u32 at;

	question(b, "printer.local", 1, 1);
	mdns(c, b);
	b = message(c, 0, 2, 1, 0,
		    0); /* several questions, one that wants a unicast answer, a known answer */
	question(b, "_ipp._tcp.local", 12, 0x8001);
	question(b, "_http._tcp.local", 12, 1);
	rr_name(b, NULL, 12, 4500, "", "Old Printer._ipp._tcp.local");
	mdns(c, b);
	b = message(c, 0x8400, 0, 1, 0, 3); /* an announcement, with the cache flush bit */
	rr_name(b, "_ipp._tcp.local", 12, 4500, "", "Printer._ipp._tcp.local");
	at = rr(b, "Printer._ipp._tcp.local", 33, 0x8001, 120);
	putx(b, "0000 0000 0277");
	put_dname(b, "printer.local");
	len_close(b, at, 0);
	at = rr(b, "Printer._ipp._tcp.local", 16, 0x8001, 4500);
	put_text(b, "txtvers=1");
	put_text(b, "rp=ipp/print");
	len_close(b, at, 0);
	at = rr(b, "printer.local", 1, 0x8001, 120);
	put32(b, c->a.ip);
	len_close(b, at, 0);
	mdns(c, b);
	b = message(c, 0, 1, 0, 1,
		    0); /* a probe: the record that it would like is in the authority section */
	question(b, "printer.local", 255, 0x8001);
	rr_hex(b, "printer.local", 1, 120, "c0a80009");
	mdns(c, b);
	b = message(c, 0x8400, 0, 1, 0, 0); /* goodbye: TTL 0 */
	rr_name(b, "_ipp._tcp.local", 12, 0, "", "Printer._ipp._tcp.local");
	mdns(c, b);
}

static void make_llmnr(struct cap *c)
{
	for (u32 i = 0; i < 3; i++) {
		struct buf *b = message(c, 0, 1, 0, 0, 0);
		u16 port = cap_port(c), id = (u16)get16(b->p);

		question(b, "fileserver", i == 1 ? 28 : 1, 1);
		push_udp(b, port, 5355);
		to_group(c, b, "224.0.0.252", "ff02::1:3");
		cap_swap(c);
		b = message(c, i == 2 ? 0x8500 : 0x8000, 1, 1, 0, 0);
		set16(b->p, id);
		question(b, "fileserver", i == 1 ? 28 : 1, 1);
		if (i == 1)
			rr_hex(b, NULL, 28, 30, "fe800000000000000000000000000009");
		else
			rr_hex(b, NULL, 1, 30, "c0a80009");
		push_udp(b, 5355, port);
		cap_l4(c, b);
		cap_swap(c);
	}
}

const struct scen scen_name[] = {
	{ "dns.pcap", GOOD, 1, make_dns,
	  "DNS: all common record types, compression, EDNS, errors, update, notify" },
	{ "dns-tcp.pcap", GOOD, 1, make_dns_tcp, "DNS over TCP, two messages in one segment" },
	{ "mdns.pcap", GOOD, 1, make_mdns,
	  "multicast DNS: queries, known answers, announcement, probe, goodbye" },
	{ "llmnr.pcap", GOOD, 1, make_llmnr, "LLMNR queries and answers" },
	{ 0 },
};
