/*
 * Capture files as such: formats, byte orders, time units, every pcapng block. Their packets are
 * all alike: number i (from 0) is a UDP datagram of 20 + i bytes at T0 + i milliseconds, so that a
 * reader's answer is known.
 */
#include "file.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct buf *file_packet(struct cap *c, u32 i)
{
	struct buf *b = cap_new(c);

	putfill(b, 20 + i);
	push_udp(b, (u16)(50000 + i), 9);
	push_ip4(b, &(struct ip4) { .src = 0xc0a80001, .dst = 0xc0a80002, .id = (u16)i });
	push_eth(b, maca("02:00:00:00:00:02"), maca("02:00:00:00:00:01"));
	pad_eth(b);
	return b;
}

static void packets(struct cap *c, u32 n)
{
	for (u32 i = 0; i < n; i++)
		out_packet(&c->out, 0, FILE_T0 + i * 1000000ull, file_packet(c, i));
}

/* ---- pcap ---- */

static void pcap(struct cap *c, bool be, bool ns, u32 n)
{
	c->out.be = be;
	c->out.ns = ns;
	out_pcap_header(&c->out, 1);
	packets(c, n);
}

void file_us_le(struct cap *c)
{
	pcap(c, false, false, 10);
}

static void make_us_be(struct cap *c)
{
	pcap(c, true, false, 10);
}

static void make_ns_le(struct cap *c)
{
	pcap(c, false, true, 10);
}

static void make_ns_be(struct cap *c)
{
	pcap(c, true, true, 10);
}

static void make_empty(struct cap *c)
{
	pcap(c, false, false, 0);
}

static void make_zero_records(struct cap *c)
{
	pcap(c, false, false, 2);
	cap_new(c);
	out_packet(&c->out, 0, FILE_T0 + 2000000, &c->pk); /* a packet of no bytes */
	out_packet(&c->out, 0, FILE_T0 + 3000000, file_packet(c, 3));
}

static void make_backwards(struct cap *c)
{
	pcap(c, false, true, 3);
	out_packet(&c->out, 0, FILE_T0, file_packet(c, 3)); /* time goes back, and stands still */
	out_packet(&c->out, 0, FILE_T0 - 5000000000ull, file_packet(c, 4));
	out_packet(&c->out, 0, FILE_T0 - 5000000000ull, file_packet(c, 5));
	out_packet(&c->out, 0, 0, file_packet(c, 6));			       /* 1970 */
	out_packet(&c->out, 0, 4294967295ull * 1000000000, file_packet(c, 7)); /* 2106 */
}

static void make_fcs(struct cap *c)
{
	c->out.ns = false;
	out_pcap_header(
		&c->out,
		1 | 0x24000000); /* f = 1: a frame check sequence of 4 bytes behind each frame */
	for (u32 i = 0; i < 3; i++) {
		struct buf *b = file_packet(c, i);
		u32 fcs = (u32)crc32(0, b->p, b->len);

		b->swab = true;
		put32(b, fcs);
		out_packet(&c->out, 0, FILE_T0 + i * 1000000ull, b);
	}
}

/* ---- pcapng ---- */

struct buf *file_body(struct cap *c)
{
	out_body(&c->out, &c->tmp);
	return &c->tmp;
}

static void opt_text(struct buf *b, u16 code, const char *s)
{
	put_opt(b, code, s, strlen(s));
}

static void opt_end(struct buf *b)
{
	put32(b, 0);
}

/* Options of one number each, in the file's byte order. */
static void opt_8(struct buf *b, u16 code, u8 v)
{
	put_opt(b, code, &v, 1);
}

static void opt_32(struct buf *b, u16 code, u32 v)
{
	put16(b, code);
	put16(b, 4);
	put32(b, v);
}

static void opt_64(struct buf *b, u16 code, u64 v)
{
	put16(b, code);
	put16(b, 8);
	put64(b, v);
}

static void shb_full(struct cap *c, i64 length)
{
	struct buf *b = file_body(c);

	put32(b, 0x1a2b3c4d);
	put16(b, 1);
	put16(b, 0);
	put64(b, (u64)length);
	opt_text(b, 2, "x86_64 with two cores");
	opt_text(b, 3, "Linux 6.1");
	opt_text(b, 4, "mkcaps");
	opt_text(b, 1, "the first comment");
	opt_text(b, 1, "and a second, with an umlaut: \xc3\xbc");
	opt_end(b);
	out_block(&c->out, 0x0a0d0d0a, b);
}

void file_idb(struct cap *c, const struct iface *f)
{
	struct buf *b = file_body(c);

	put16(b, f->link);
	put16(b, 0);
	put32(b, f->snaplen);
	opt_text(b, 2, f->name);
	if (f->about)
		opt_text(b, 3, f->about);
	if (f->resol >= 0)
		opt_8(b, 9, (u8)f->resol);
	if (f->offset)
		opt_64(b, 14, (u64)f->offset);
	opt_end(b);
	out_block(&c->out, 1, b);
}

/* The time in the unit of an if_tsresol. */
static u64 in_units(u64 ns, int resol)
{
	unsigned __int128 t = ns;

	if (resol < 0)
		resol = 6;
	if (resol & 0x80)
		return (u64)((t << (resol & 0x7f)) / 1000000000);
	for (; resol < 9; resol++)
		t /= 10;
	for (; resol > 9; resol--)
		t *= 10;
	return (u64)t;
}

/* An Enhanced Packet Block without its options; end it with epb_end. */
struct buf *file_epb(struct cap *c, u32 ifid, u64 ticks, const struct buf *p, u32 cap)
{
	struct buf *b = file_body(c);

	put32(b, ifid);
	put32(b, (u32)(ticks >> 32));
	put32(b, (u32)ticks);
	put32(b, cap);
	put32(b, p->len);
	putb(b, p->p, cap);
	pad_to(b, 4);
	return b;
}

void file_epb_end(struct cap *c, struct buf *b)
{
	out_block(&c->out, 6, b);
}

static void ng(struct cap *c, bool be, bool ns, u32 n)
{
	c->out.ng = true;
	c->out.be = be;
	c->out.ns = ns;
	out_shb(&c->out);
	out_idb(&c->out, 1, "eth0");
	packets(c, n);
}

void file_ng_le(struct cap *c)
{
	ng(c, false, false, 10);
}

static void make_ng_be(struct cap *c)
{
	ng(c, true, false, 10);
}

static void make_ng_ns_le(struct cap *c)
{
	ng(c, false, true, 10);
}

static void make_ng_ns_be(struct cap *c)
{
	ng(c, true, true, 10);
}

static void make_ng_empty(struct cap *c)
{
	out_shb(&c->out);
}

static void make_ng_ifaces(struct cap *c)
{
	static const struct iface f[] = {
		{ 1, "eth0", "the first", -1, 0, 262144 },
		{ 1, "eth1", NULL, 9, 0, 0 },
		{ 101, "tun0", NULL, 3, 0, 65535 },
		{ 113, "any", "cooked", 6, 0, 0 },
		{ 0, "lo0", NULL, 0x80 | 20, 0, 0 },
		{ 276, "cooked2", NULL, 0x80 | 30, 0, 0 },
		{ 1, "eth6", NULL, 0, 0, 0 },
		{ 1, "eth7", NULL, 7, 1700000000, 0 },
		{ 1, "eth8", NULL, 0x80 | 0, 0, 0 },
		{ 9, "ppp0", NULL, 8, 0, 0 },
	};

	for (u32 be = 0; be < 2;
	     be++) { /* the second section is of the other byte order, and has its own interfaces */
		c->out.be = be;
		shb_full(c, -1);
		for (u32 i = 0; i < 10; i++)
			file_idb(c, &f[i]);
		for (u32 i = 0; i < 40; i++) {
			const struct iface *d = &f[i * 7 % 10];
			struct buf *p = file_packet(c, i);
			u64 t = FILE_T0 + (be * 40 + i) * 1000000ull - (u64)d->offset * 1000000000;
			u8 *h;

			if (d->link != 1) {
				p->p += 14;
				p->len -= 14;
			}
			if (d->link == 113) {
				h = push(p, 16);
				set16(h, 4);
				set16(h + 2, 1);
				set16(h + 4, 6);
				set16(h + 14, 0x0800);
			} else if (d->link == 276) {
				h = push(p, 20);
				set16(h, 0x0800);
				set32(h + 4, 3);
				set16(h + 8, 1);
				h[11] = 6;
			} else if (d->link == 0) {
				push(p, 4)[be ? 3 : 0] = 2;
			} else if (d->link == 9) {
				set32(push(p, 4), 0xff030021);
			}
			file_epb_end(c, file_epb(c, i * 7 % 10, in_units(t, d->resol), p, p->len));
		}
	}
}

/* Every kind of block and option. */
static void blocks(struct cap *c)
{
	struct buf *b, *p;

	shb_full(c, -1);
	b = file_body(c); /* an interface with everything said */
	put16(b, 1);
	put16(b, 0);
	put32(b, 65535);
	opt_text(b, 2, "eth0");
	opt_text(b, 3, "a description");
	put_opt(b, 4, "\xc0\xa8\x00\x01\xff\xff\xff\x00", 8);
	put_opt(b, 5, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01\x40", 17);
	put_opt(b, 6, "\x02\0\0\0\0\x01", 6);
	opt_64(b, 8, 1000000000);
	opt_8(b, 9, 9);
	put_opt(b, 11, "\0udp port 9", 11);
	opt_text(b, 12, "Linux");
	opt_8(b, 13, 0);
	opt_text(b, 15, "a network card");
	opt_64(b, 16, 1000000000);
	opt_64(b, 17, 1000000000);
	opt_text(b, 1, "comment of an interface");
	opt_end(b);
	out_block(&c->out, 1, b);

	p = file_packet(c, 0); /* a packet with everything said */
	b = file_epb(c, 0, FILE_T0, p, p->len);
	opt_32(b, 2, 0x00000001); /* inbound */
	put_opt(b, 3, "\x02\xde\xad\xbe\xef", 5);
	opt_64(b, 4, 7);
	opt_64(b, 5, 0x1122334455667788);
	opt_32(b, 6, 3);
	put_opt(b, 7, "\x01\0\0\0\0\0\0\0\x02", 9);
	opt_text(b, 1, "dropped by the wire");
	opt_text(b, 1, "a second comment; \x1b[31m not red \x07");
	opt_end(b);
	file_epb_end(c, b);
	p = file_packet(c, 1);
	b = file_epb(c, 0, FILE_T0 + 1000000, p, p->len);
	opt_32(b, 2, 0x00000002); /* outbound */
	opt_end(b);
	file_epb_end(c, b);
	p = file_packet(c, 2); /* options without an end */
	b = file_epb(c, 0, FILE_T0 + 2000000, p, p->len);
	opt_text(b, 1, "no end of options");
	file_epb_end(c, b);
	p = file_packet(c, 3); /* cut */
	b = file_epb(c, 0, FILE_T0 + 3000000, p, 42);
	file_epb_end(c, b);
	p = file_packet(c, 4); /* a Simple Packet Block: no time */
	b = file_body(c);
	put32(b, p->len);
	putb(b, p->p, p->len);
	out_block(&c->out, 3, b);
	p = file_packet(c, 5); /* the old Packet Block */
	b = file_body(c);
	put16(b, 0);
	put16(b, 0xffff);
	put32(b, (u32)((FILE_T0 + 5000000) >> 32));
	put32(b, (u32)(FILE_T0 + 5000000));
	put32(b, p->len);
	put32(b, p->len);
	putb(b, p->p, p->len);
	pad_to(b, 4);
	opt_text(b, 1, "an old block");
	opt_end(b);
	out_block(&c->out, 2, b);

	b = file_body(c); /* name resolution */
	put_opt(b, 1, "\xc0\xa8\x00\x01h1\0h1.example.net\0", 22);
	put_opt(b, 1, "\xc0\xa8\x00\x02h2\0", 7);
	put_opt(b, 2, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01h1\0", 19);
	put32(b, 0);
	opt_text(b, 2, "resolver.example.net");
	opt_end(b);
	out_block(&c->out, 4, b);
	b = file_body(c); /* interface statistics */
	put32(b, 0);
	put32(b, (u32)((FILE_T0 + 6000000) >> 32));
	put32(b, (u32)(FILE_T0 + 6000000));
	for (u16 code = 2; code < 9; code++) {
		if (code < 4) {
			put16(b, code);
			put16(b, 8);
			put32(b, (u32)(FILE_T0 >> 32));
			put32(b, (u32)FILE_T0);
		} else {
			opt_64(b, code, 100u + code);
		}
	}
	opt_text(b, 1, "comment of the statistics");
	opt_end(b);
	out_block(&c->out, 5, b);
	b = file_body(c); /* a systemd Journal Export Block */
	putstr(b, "__REALTIME_TIMESTAMP=1700000000125000\nMESSAGE=a line of the "
		  "journal\nPRIORITY=6\n_PID=1\n");
	out_block(&c->out, 9, b);
	b = file_body(c); /* one with a binary field: its length is always little-endian */
	putstr(b, "__REALTIME_TIMESTAMP=1700000000126000\nMESSAGE\n");
	b->swab = true;
	put64(b, 9);
	putb(b, "two\nlines\n", 10);
	out_block(&c->out, 9, b);
	b = file_body(c); /* custom blocks: to be copied, not to be copied */
	put32(b, 32473);
	putstr(b, "custom data");
	out_block(&c->out, 0x00000bad, b);
	b = file_body(c);
	put32(b, 32473);
	putstr(b, "custom data not to be copied");
	out_block(&c->out, 0x40000bad, b);
	b = file_body(c); /* secrets */
	put32(b, 0x544c534b);
	put32(b, 12);
	putstr(b, "# no secrets");
	out_block(&c->out, 10, b);
	b = file_body(c); /* a block type of local use */
	putstr(b, "something else");
	out_block(&c->out, 0x80000001, b);
	b = file_body(c);
	out_block(&c->out, 0x0000beef, b); /* unknown, and empty */
	p = file_packet(c, 6);
	file_epb_end(c, file_epb(c, 0, FILE_T0 + 6000000, p, p->len));
}

static void make_ng_blocks_le(struct cap *c)
{
	blocks(c);
}

static void make_ng_blocks_be(struct cap *c)
{
	c->out.be = true;
	blocks(c);
}

static void make_ng_sections(struct cap *c)
{
	static const struct iface f = { 1, "eth0", NULL, 9, 0, 0 };

	for (u32 s = 0; s < 4;
	     s++) { /* each in the other byte order; two of them say how long they are */
		size_t start = c->out.n, n;
		u8 *len;

		c->out.be = s & 1;
		shb_full(c, -1);
		start = c->out.n;
		file_idb(c, &f);
		for (u32 i = 0; i < 3; i++) {
			struct buf *p = file_packet(c, s * 3 + i);

			file_epb_end(c,
				     file_epb(c, 0, FILE_T0 + (s * 3 + i) * 1000000ull, p, p->len));
		}
		if (s < 2)
			continue;
		n = c->out.n - start;
		for (len = c->out.mem + start; memcmp(len, "\xff\xff\xff\xff\xff\xff\xff\xff", 8);
		     len--)
			;
		for (u32 k = 0; k < 8; k++)
			len[k] = (u8)((u64)n >> 8 * (c->out.be ? 7 - k : k));
	}
}

static void make_ng_spb(struct cap *c)
{
	static const struct iface f = { 1, "eth0", NULL, -1, 0, 50 };
	struct buf *b, *p;

	out_shb(&c->out);
	file_idb(c, &f);
	for (u32 i = 0; i < 5;
	     i++) { /* the interface's snapshot length says how much of it is there */
		p = file_packet(c, i);
		b = file_body(c);
		put32(b, p->len);
		putb(b, p->p, p->len < 50 ? p->len : 50);
		out_block(&c->out, 3, b);
	}
}

u32 file_r32(const struct cap *c, size_t at)
{
	const u8 *p = c->out.mem + at;

	return p[0] | (u32)p[1] << 8 | (u32)p[2] << 16 | (u32)p[3] << 24;
}

/* Where record n (from 0) of a little-endian pcap file begins. */
size_t file_record_at(const struct cap *c, u32 n)
{
	size_t at = 24;

	while (n--)
		at += 16 + file_r32(c, at + 8);
	return at;
}

static void ng_many_ifaces(struct cap *c)
{
	c->out.ng = true;
	out_shb(&c->out);
	for (u32 i = 0; i < 3000; i++)
		out_idb(&c->out, 1, "eth");
	for (u32 i = 0; i < 3; i++)
		out_packet(&c->out, i * 1499, FILE_T0 + i * 1000000ull, file_packet(c, i));
}

void file_deflate(struct cap *c)
{
	static u8 out[1 << 16];
	z_stream z = { 0 };

	if (deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	z.next_in = c->out.mem;
	z.avail_in = (unsigned)c->out.n;
	z.next_out = out;
	z.avail_out = sizeof out;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	c->out.n = 0;
	out_raw(&c->out, out, z.total_out);
	deflateEnd(&z);
}

static void make_gz_members(struct cap *c)
{
	size_t half;
	static u8 first[1 << 16];
	size_t n;

	/* Two members one after the other, as of two compressed halves of one file. */
	file_us_le(c);
	half = file_record_at(c, 5);
	n = c->out.n - half;
	memcpy(first, c->out.mem + half, n);
	c->out.n = half;
	file_deflate(c);

	static u8 left[1 << 16];
	size_t m = c->out.n;

	memcpy(left, c->out.mem, m);
	c->out.n = 0;
	out_raw(&c->out, first, n);
	file_deflate(c);
	n = c->out.n;
	memcpy(first, c->out.mem, n);
	c->out.n = 0;
	out_raw(&c->out, left, m);
	out_raw(&c->out, first, n);
}

#define F(file, kind, make, what)                 \
	{                                         \
		file, kind, LINK_SELF, make, what \
	}

const struct scen scen_file[] = {
	F("fmt-us-le.pcap", GOOD, file_us_le, "pcap, microseconds, little-endian"),
	F("fmt-us-be.pcap", GOOD, make_us_be, "pcap, microseconds, big-endian"),
	F("fmt-ns-le.pcap", GOOD, make_ns_le, "pcap, nanoseconds, little-endian"),
	F("fmt-ns-be.pcap", GOOD, make_ns_be, "pcap, nanoseconds, big-endian"),
	F("fmt-gz.pcap.gz", GOOD, file_us_le, "pcap, gzip"),
	F("fmt-gz-members.gzip", GOOD, make_gz_members,
	  "pcap in two gzip members, with another suffix"),
	F("fmt-empty.pcap", GOOD, make_empty, "pcap without a packet"),
	F("fmt-zero.pcap", ODD, make_zero_records, "pcap with a packet of no bytes"),
	F("fmt-backwards.pcap", GOOD, make_backwards, "time goes back, stands still, 1970, 2106"),
	F("fmt-fcs.pcap", ODD, make_fcs,
	  "the link type says that frames carry their check sequence"),
	F("fmt-ng-le.pcapng", GOOD, file_ng_le, "pcapng, microseconds, little-endian"),
	F("fmt-ng-be.pcapng", GOOD, make_ng_be, "pcapng, microseconds, big-endian"),
	F("fmt-ng-ns-le.pcapng", GOOD, make_ng_ns_le, "pcapng, nanoseconds, little-endian"),
	F("fmt-ng-ns-be.pcapng", GOOD, make_ng_ns_be, "pcapng, nanoseconds, big-endian"),
	F("fmt-ng-gz.pcapng.gz", GOOD, make_ng_blocks_le, "pcapng with all blocks, gzip"),
	F("fmt-ng-empty.pcapng", GOOD, make_ng_empty, "pcapng with a section header only"),
	F("fmt-ng-ifaces.pcapng", GOOD, make_ng_ifaces,
	  "ten interfaces of seven time units and six link types, two sections"),
	F("fmt-ng-blocks.pcapng", GOOD, make_ng_blocks_le,
	  "every kind of block and option, little-endian"),
	F("fmt-ng-blocks-be.pcapng", GOOD, make_ng_blocks_be,
	  "every kind of block and option, big-endian"),
	F("fmt-ng-sections.pcapng", GOOD, make_ng_sections,
	  "four sections of alternating byte order, two with their length"),
	F("fmt-ng-spb.pcapng", GOOD, make_ng_spb,
	  "Simple Packet Blocks, cut by the interface's snapshot length"),
	F("fmt-ng-many.pcapng", GOOD, ng_many_ifaces, "3000 interfaces"),
	{ 0 },
};
