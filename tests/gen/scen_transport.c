/* Captures of UDP and SCTP. */
#include "caps.h"

#include <string.h>

static void make_udp(struct cap *c)
{
	static const u32 sizes[] = { 0, 1, 2, 17, 18, 19, 100, 511, 1400 };
	struct buf *b;

	for (u32 i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		cap_peers(c);
		b = cap_new(c);
		putfill(b, sizes[i]);
		push_udp(b, cap_port(c), i & 1 ? 9 : 40000);
		cap_l4(c, b);
	}
	b = cap_new(c); /* no checksum, which IPv4 allows */
	putfill(b, 64);
	push_udp_nosum(b, cap_port(c), 9);
	cap_l4_v4(c, b);
	b = cap_new(c); /* a checksum that comes out as 0 is sent as ffff */
	putz(b, 2);
	push_udp(b, 1000, 9);
	push_ip4(b, &(struct ip4) { .src = c->a.ip, .dst = c->b.ip });
	u32 sum = get16(b->p + 26);

	b = cap_new(c);
	put16(b, sum);
	push_udp(b, 1000, 9);
	cap_v4(c, b);
	b = cap_new(c); /* echo both ways, between well-known ports */
	putstr(b, "hello, echo");
	push_udp(b, 40001, 7);
	cap_l4(c, b);
	cap_swap(c);
	b = cap_new(c);
	putstr(b, "hello, echo");
	push_udp(b, 7, 40001);
	cap_l4(c, b);
	b = cap_new(c);
	putstr(b, "no ports");
	push_udp(b, 0, 9);
	cap_l4(c, b);
}

/* ---- SCTP (RFC 9260) ---- */

/* A chunk: type, flags, length, then its body in hex, padded to 4. */
static void chunk(struct buf *b, u8 type, u8 flags, const char *hex, u32 data)
{
	u32 at;

	put8(b, type);
	put8(b, flags);
	at = len_open(b, 2);
	putx(b, hex);
	putfill(b, data);
	len_close(b, at, 4);
	pad_to(b, 4);
}

static void sctp_end(struct cap *c, struct buf *b, u32 tag)
{
	u8 *p = push(b, 12);
	u32 crc;

	set16(p, 40005);
	set16(p + 2, 9);
	set32(p + 4, tag);
	crc = crc32c(p, b->len);
	p[8] = (u8)crc;
	p[9] = (u8)(crc >> 8);
	p[10] = (u8)(crc >> 16);
	p[11] = (u8)(crc >> 24);
	buf_mark(b, p + 8, 4, MARK_SUM);
	b->proto = 132;
	cap_l4(c, b);
	cap_swap(c);
}

struct sctp_row {
	u32 tag;
	u8 type, flags;
	const char *hex;
	u32 data;
};

static const struct sctp_row sctp_rows[] = {
	{ 0, 1, 0,
	  "11111111 00010000 000a 0800 00000100 0005 0008 0a000001 0005 0008 c0a80001 c000 0004 "
	  "8008 0006 c00f",
	  0 },
	{ 0x11111111, 2, 0,
	  "22222222 00010000 000a 0800 00000200 0007 0014 000102030405060708090a0b0c0d0e0f c000 "
	  "0004",
	  0 },
	{ 0x22222222, 10, 0, "", 16 },
	{ 0x11111111, 11, 0, "", 0 },
	{ 0x22222222, 0, 3, "00000100 0001 0000 00000000", 100 },
	{ 0x22222222, 0, 2, "00000101 0001 0001 00000000", 200 },
	{ 0x22222222, 0, 0, "00000102 0001 0001 00000000", 200 },
	{ 0x22222222, 0, 1, "00000104 0001 0001 00000000", 33 },
	{ 0x22222222, 0, 7, "00000105 0002 0000 00000000", 5 },
	{ 0x11111111, 3, 0, "00000102 00010000 0001 0000 0002 0003", 0 },
	{ 0x11111111, 3, 0, "00000105 00010000 0000 0001 00000102", 0 },
	{ 0x22222222, 4, 0, "0001 000c 0102030405060708", 0 },
	{ 0x11111111, 5, 0, "0001 000c 0102030405060708", 0 },
	{ 0x11111111, 9, 0, "0001 0008 0063 0000", 0 },
	{ 0x22222222, 192, 0, "00000106 0001 0002", 0 },
	{ 0x22222222, 7, 0, "00000200", 0 },
	{ 0x11111111, 8, 0, "", 0 },
	{ 0x22222222, 14, 0, "", 0 },
	{ 0x22222222, 6, 0, "000c 0008 62796521", 0 },
	{ 0x22222222, 12, 0, "00000200", 0 },
	{ 0x22222222, 13, 0, "00000200", 0 },
};

static void make_sctp(struct cap *c)
{
	struct buf *b;

	for (size_t i = 0; i < sizeof sctp_rows / sizeof *sctp_rows; i++) {
		const struct sctp_row *r = &sctp_rows[i];

		b = cap_new(c);
		chunk(b, r->type, r->flags, r->hex, r->data);
		sctp_end(c, b, r->tag);
	}
	b = cap_new(c); /* several chunks in one packet */
	chunk(b, 3, 0, "00000105 00010000 0000 0000", 0);
	chunk(b, 0, 3, "00000300 0001 0005 00000000", 41);
	chunk(b, 0, 3, "00000301 0001 0006 00000000", 42);
	sctp_end(c, b, 0x22222222);
}

const struct scen scen_transport[] = {
	{ "udp.pcap", GOOD, 1, make_udp,
	  "UDP of many lengths, without checksum, with checksum ffff, echo, port 0" },
	{ "sctp.pcap", GOOD, 1, make_sctp,
	  "an SCTP association with every common chunk, bundled chunks" },
	{ 0 },
};
