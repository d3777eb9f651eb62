/* Captures of DHCP for IPv4 and IPv6. */
#include "caps.h"

#include <string.h>

/* ---- DHCPv4 (RFC 2131, 2132) ---- */

struct lease {
	u32 xid, client, server, relay;
	const u8 *mac, *server_mac;
	u16 flags, secs;
};

static void opt4(struct buf *b, u8 code, const char *hex)
{
	u32 at;

	put8(b, code);
	at = len_open(b, 1);
	putx(b, hex);
	len_close(b, at, 0);
}

static void opt4_text(struct buf *b, u8 code, const char *text)
{
	u32 at;

	put8(b, code);
	at = len_open(b, 1);
	putstr(b, text);
	len_close(b, at, 0);
}

static void opt4_addr(struct buf *b, u8 code, u32 a)
{
	put8(b, code);
	put8(b, 4);
	buf_mark(b, b->p + b->len - 1, 1, MARK_LEN);
	put32(b, a);
}

/* The fixed part and the message type. */
static struct buf *bootp(struct cap *c, const struct lease *l, u8 type, u32 ciaddr, u32 yiaddr)
{
	struct buf *b = cap_new(c);
	bool reply = type == 2 || type == 5 || type == 6;

	put8(b, reply ? 2 : 1);
	put8(b, 1);
	put8(b, 6);
	put8(b, l->relay ? 1 : 0);
	put32(b, l->xid);
	put16(b, l->secs);
	put16(b, l->flags);
	put32(b, ciaddr);
	put32(b, yiaddr);
	put32(b, reply ? l->server : 0);
	put32(b, l->relay);
	putmac(b, l->mac);
	putz(b, 10 + 64 + 128);
	put32(b, 0x63825363);
	if (type) {
		put8(b, 53);
		put8(b, 1);
		put8(b, type);
	}
	return b;
}

/* Close the options, pad to 300 bytes as BOOTP had it, and send from the client or the server. */
static void send4(struct cap *c, const struct lease *l, struct buf *b, bool reply, u32 src, u32 dst)
{
	static const u8 all[6] = { 255, 255, 255, 255, 255, 255 };

	put8(b, 255);
	if (b->len < 300)
		putz(b, 300 - b->len);
	if (l->relay)
		push_udp(b, 67, 67);
	else
		push_udp(b, reply ? 67 : 68, reply ? 68 : 67);
	push_ip4(b, &(struct ip4) { .src = src, .dst = dst, .tos = reply ? 0 : 0x10, .ttl = 128 });
	push_eth(b,
		 dst == 0xffffffff ? all
		 : reply	   ? l->mac
				   : l->server_mac,
		 reply ? l->server_mac : l->mac);
	cap_frame(c, b);
}

static void client_options(struct buf *b, const struct lease *l)
{
	u32 at;

	put8(b, 61);
	at = len_open(b, 1);
	put8(b, 1);
	putmac(b, l->mac);
	len_close(b, at, 0);
	opt4_text(b, 12, "laptop");
	opt4_text(b, 60, "vendor-class 1.0");
	opt4(b, 55, "01 03 06 0c 0f 1a 1c 21 2a 2b 77 79 fc");
	opt4(b, 57, "05dc");
	opt4(b, 77, "05 7573657273");
	opt4(b, 81, "00 00 00 6c6170746f702e6578616d706c652e6e6574");
	opt4(b, 93, "0007");
	opt4(b, 94, "01 03 10");
	opt4(b, 97, "00 000102030405060708090a0b0c0d0e0f");
}

static void server_options(struct buf *b, const struct lease *l)
{
	opt4_addr(b, 54, l->server);
	opt4(b, 51, "00000e10");
	opt4(b, 58, "00000708");
	opt4(b, 59, "00000c4e");
	opt4(b, 1, "ffffff00");
	opt4_addr(b, 3, l->server);
	opt4(b, 6, "c0a80001 08080808");
	opt4_text(b, 15, "example.net");
	opt4(b, 26, "05dc");
	opt4_addr(b, 28, l->server | 0xff);
	opt4(b, 33, "0a000000 c0a80001");
	opt4(b, 42, "c0a80001 c0a80002");
	opt4(b, 43, "01 04 0a000001");
	opt4(b, 44, "c0a80003");
	opt4(b, 46, "08");
	opt4_text(b, 66, "boot.example.net");
	opt4_text(b, 67, "pxelinux.0");
	opt4(b, 119, "07 6578616d706c65 03 6e6574 00 03 6c6162 c000");
	opt4(b, 121, "18 0a0102 c0a80001 00 c0a80001");
	opt4(b, 150, "c0a80004");
	opt4_text(b, 252, "http://wpad.example.net/wpad.dat");
}

static void make_dhcp(struct cap *c)
{
	const u8 *mac = maca("02:00:00:00:00:05"), *server_mac = maca("02:00:00:00:00:01");
	struct lease l = { .xid = 0x3903f326,
			   .client = 0xc0a80064,
			   .server = 0xc0a80001,
			   .mac = mac,
			   .server_mac = server_mac };
	struct buf *b = bootp(c, &l, 1, 0, 0);

	client_options(b, &l); /* discover */
	opt4_addr(b, 50, l.client);
	send4(c, &l, b, false, 0, 0xffffffff);
	b = bootp(c, &l, 2, 0, l.client); /* offer */
	server_options(b, &l);
	send4(c, &l, b, true, l.server, l.client);
	b = bootp(c, &l, 3, 0, 0); /* request */
	opt4_addr(b, 50, l.client);
	opt4_addr(b, 54, l.server);
	client_options(b, &l);
	send4(c, &l, b, false, 0, 0xffffffff);
	b = bootp(c, &l, 5, 0, l.client); /* acknowledgment */
	server_options(b, &l);
	send4(c, &l, b, true, l.server, l.client);
	cap_wait(c, 1800000);
	l.xid++;
	b = bootp(c, &l, 3, l.client, 0); /* renewal */
	client_options(b, &l);
	send4(c, &l, b, false, l.client, l.server);
	b = bootp(c, &l, 5, l.client, l.client);
	server_options(b, &l);
	send4(c, &l, b, true, l.server, l.client);
	cap_wait(c, 1350000);
	l.xid++;
	b = bootp(c, &l, 3, l.client, 0); /* rebinding */
	send4(c, &l, b, false, l.client, 0xffffffff);
	b = bootp(c, &l, 6, 0, 0); /* refusal */
	opt4_addr(b, 54, l.server);
	opt4_text(b, 56, "wrong network");
	send4(c, &l, b, true, l.server, 0xffffffff);
	b = bootp(c, &l, 4, 0, 0); /* decline */
	opt4_addr(b, 50, l.client);
	opt4_addr(b, 54, l.server);
	send4(c, &l, b, false, 0, 0xffffffff);
	b = bootp(c, &l, 7, l.client, 0); /* release */
	opt4_addr(b, 54, l.server);
	send4(c, &l, b, false, l.client, l.server);
	b = bootp(c, &l, 8, l.client, 0); /* inform */
	opt4(b, 55, "01 03 06");
	send4(c, &l, b, false, l.client, 0xffffffff);

	l.flags = 0x8000; /* broadcast wanted; seconds count */
	l.secs = 7;
	l.xid = 0xdeadbeef;
	b = bootp(c, &l, 1, 0, 0);
	opt4(b, 80, ""); /* rapid commit */
	opt4(b, 116, "01");
	send4(c, &l, b, false, 0, 0xffffffff);
	b = bootp(c, &l, 5, 0, l.client);
	opt4_addr(b, 54, l.server);
	opt4(b, 80, "");
	opt4(b, 51, "ffffffff");
	putx(b, "00 00 00"); /* padding in between */
	opt4(b, 1, "ffffff00");
	send4(c, &l, b, true, l.server, 0xffffffff);

	l.flags = 0;
	l.relay = 0xc0a80501; /* through a relay, which adds its information */
	b = bootp(c, &l, 1, 0, 0);
	opt4(b, 82, "01 04 65746830 02 06 020000000009");
	send4(c, &l, b, false, l.relay, l.server);
	b = bootp(c, &l, 2, 0, 0xc0a80564);
	opt4_addr(b, 54, l.server);
	opt4(b, 125, "00000de9 05 01 03 616263");
	opt4(b, 82, "01 04 65746830 02 06 020000000009");
	send4(c, &l, b, true, l.server, l.relay);

	l.relay = 0; /* names in the fixed fields, and options overloaded into them */
	b = bootp(c, &l, 2, 0, l.client);
	memcpy(b->p + 44, "tftp-server", 11);
	memcpy(b->p + 108, "boot.img", 8);
	opt4_addr(b, 54, l.server);
	send4(c, &l, b, true, l.server, l.client);
	b = bootp(c, &l, 2, 0, l.client);
	memcpy(b->p + 108,
	       "\x0f\x0b"
	       "example.net\xff",
	       14);
	opt4_addr(b, 54, l.server);
	opt4(b, 52, "01");
	send4(c, &l, b, true, l.server, l.client);
	b = bootp(c, &l, 0, 0, 0); /* plain BOOTP: no message type */
	opt4(b, 1, "ffffff00");
	send4(c, &l, b, false, 0, 0xffffffff);
}

/* ---- DHCPv6 (RFC 8415) ---- */

static const char client_id[] = "0001 0001 2b3c4d5e 020000000005",
		  server_id[] = "0003 0001 020000000001";

static void opt6(struct buf *b, u16 code, const char *hex)
{
	u32 at;

	put16(b, code);
	at = len_open(b, 2);
	putx(b, hex);
	len_close(b, at, 0);
}

/* Identity associations, whose options nest. */
static void ia(struct buf *b, u16 code, const char *inner_hex, u16 inner_code)
{
	u32 at;

	put16(b, code);
	at = len_open(b, 2);
	put32(b, 0x00000005);
	if (code != 4) {
		put32(b, 1800);
		put32(b, 2880);
	}
	if (inner_hex)
		opt6(b, inner_code, inner_hex);
	len_close(b, at, 0);
}

static struct buf *dhcp6(struct cap *c, u8 type, u32 xid)
{
	struct buf *b = cap_new(c);

	put8(b, type);
	put24(b, xid);
	return b;
}

static void send6(struct cap *c, struct buf *b, bool reply)
{
	const u8 *all = ip6a("ff02::1:2");
	static const u8 group[6] = { 0x33, 0x33, 0, 1, 0, 2 };

	push_udp(b, reply ? 547 : 546, reply ? 546 : 547);
	if (reply)
		push_ip6(b, &(struct ip6) { .src = ip6a("fe80::1"), .dst = ip6a("fe80::5") });
	else
		push_ip6(b, &(struct ip6) { .src = ip6a("fe80::5"), .dst = all, .hlim = 1 });
	push_eth(b, reply ? c->b.mac : group, c->a.mac);
	cap_frame(c, b);
}

static const char address[] = "20010db8000000000000000000000064 00000e10 00001c20";
static const char prefix[] = "00000e10 00001c20 38 20010db8010000000000000000000000";

static void server6(struct buf *b)
{
	opt6(b, 1, client_id);
	opt6(b, 2, server_id);
	ia(b, 3, address, 5);
	ia(b, 25, prefix, 26);
	opt6(b, 23, "20010db8000000000000000000000053 20010db8000000000000000000005353");
	opt6(b, 24, "07 6578616d706c65 03 6e6574 00");
	opt6(b, 31, "20010db8000000000000000000000123");
	opt6(b, 56, "0001 0010 20010db8000000000000000000000123");
}

static void client6(struct buf *b, u8 type, bool server)
{
	opt6(b, 1, client_id);
	if (server)
		opt6(b, 2, server_id);
	opt6(b, 8, "0000");
	opt6(b, 6, "0017 0018 001f 0038");
	opt6(b, 16, "00000de9 0004 74657374");
	if (type == 1 || type == 3 || type == 5 || type == 6)
		opt6(b, 39, "01 06 6c6170746f70 07 6578616d706c65 03 6e6574 00");
}

static void relay6(struct cap *c, bool reply)
{
	struct buf *b = cap_new(c);
	u32 at;

	put8(b, reply ? 13 : 12);
	put8(b, 0);
	put6(b, ip6a("2001:db8:5::1"));
	put6(b, ip6a("fe80::5"));
	opt6(b, 18, "65746830");
	opt6(b, 37, "00000de9 0102030405");
	put16(b, 9);
	at = len_open(b, 2);
	put8(b, reply ? 7 : 1);
	put24(b, 0x112233);
	if (reply) {
		server6(b);
	} else {
		client6(b, 1, false);
		ia(b, 3, NULL, 0);
	}
	len_close(b, at, 0);
	push_udp(b, 547, 547);
	push_ip6(b, &(struct ip6) { .src = ip6a(reply ? "2001:db8::1" : "2001:db8:5::1"),
				    .dst = ip6a(reply ? "2001:db8:5::1" : "2001:db8::1") });
	cap_eth(c, b);
}

static void make_dhcpv6(struct cap *c)
{
	static const u8 with_addresses[] = { 3, 5, 6, 8, 9, 4 };
	struct buf *b = dhcp6(c, 1, 0x112233);

	client6(b, 1, false); /* solicit */
	ia(b, 3, NULL, 0);
	ia(b, 25, NULL, 0);
	ia(b, 4, NULL, 0);
	opt6(b, 14, "");
	send6(c, b, false);
	b = dhcp6(c, 2, 0x112233);
	server6(b);
	opt6(b, 7, "ff");
	send6(c, b, true);
	for (u32 i = 0; i < sizeof with_addresses;
	     i++) { /* request, renew, rebind, release, decline, confirm; and replies */
		b = dhcp6(c, with_addresses[i], 0x112240 + i);
		client6(b, with_addresses[i], with_addresses[i] != 6);
		ia(b, 3, address, 5);
		ia(b, 25, prefix, 26);
		send6(c, b, false);
		b = dhcp6(c, 7, 0x112240 + i);
		server6(b);
		opt6(b, 13, "0000 616c6c2077656c6c");
		send6(c, b, true);
	}
	b = dhcp6(c, 7, 0x112250); /* no address to be had */
	opt6(b, 1, "0004 000102030405060708090a0b0c0d0e0f");
	opt6(b, 2, "0002 00000de9 01020304");
	ia(b, 3, "0002 6e6f6e65", 13);
	send6(c, b, true);
	b = dhcp6(c, 11, 0x112251); /* information request */
	client6(b, 11, false);
	send6(c, b, false);
	b = dhcp6(c, 10, 0x112252); /* reconfigure */
	opt6(b, 1, client_id);
	opt6(b, 2, server_id);
	opt6(b, 19, "05");
	opt6(b, 11, "03 01 00 0000000000000001 02 000102030405060708090a0b0c0d0e0f");
	send6(c, b, true);
	relay6(c, false);
	relay6(c, true);
	b = dhcp6(c, 7, 0x112253); /* vendor options, and one that nobody knows */
	opt6(b, 1, client_id);
	opt6(b, 17, "00000de9 0001 0004 61626364");
	opt6(b, 65000, "0102");
	send6(c, b, true);
}

const struct scen scen_dhcp[] = {
	{ "dhcp.pcap", GOOD, 1, make_dhcp,
	  "DHCPv4: full exchange, renew, rebind, refusal, release, inform, relay, overload, "
	  "BOOTP" },
	{ "dhcpv6.pcap", GOOD, 1, make_dhcpv6,
	  "DHCPv6: solicit to reply, IA_NA, IA_TA, IA_PD, relay, reconfigure" },
	{ 0 },
};
