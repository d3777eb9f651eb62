/* Capture files that are damaged: cut, with lengths that cannot be, with foreign bytes. Their
 * packets are those of scen_file.c. */
#include "file.h"

#include <stdlib.h>
#include <string.h>

static void w32(struct cap *c, size_t at, u32 v)
{
	for (u32 i = 0; i < 4; i++)
		c->out.mem[at + i] = (u8)(v >> 8 * i);
}

static size_t block_at(const struct cap *c, u32 n)
{
	size_t at = 0;

	while (n--)
		at += file_r32(c, at + 4);
	return at;
}

static void no_bytes(struct cap *c)
{
	(void)c;
}

static void bad_magic(struct cap *c)
{
	file_us_le(c);
	w32(c, 0, 0xdeadbeef);
}

static void not_capture(struct cap *c)
{
	out_raw(&c->out, "This is a text and no capture.\n", 31);
}

static void header_cut(struct cap *c)
{
	file_us_le(c);
	c->out.n = 10;
}

static void magic_only(struct cap *c)
{
	file_us_le(c);
	c->out.n = 4;
}

static void record_cut(struct cap *c)
{
	file_us_le(c);
	c->out.n = file_record_at(c, 5) + 7;
}

static void data_cut(struct cap *c)
{
	file_us_le(c);
	c->out.n = file_record_at(c, 5) + 16 + 20;
}

static void over_snaplen(struct cap *c)
{
	file_us_le(c);
	w32(c, 16, 40); /* the header promises 40 bytes at most */
}

static void cap_over_len(struct cap *c)
{
	file_us_le(c);
	w32(c, file_record_at(c, 4) + 12, 20);
}

static void huge_cap(struct cap *c)
{
	file_us_le(c);
	w32(c, file_record_at(c, 4) + 8, 0x7fffffff);
}

static void negative_cap(struct cap *c)
{
	file_us_le(c);
	w32(c, file_record_at(c, 4) + 8, 0xffffffff);
}

static void large_cap(struct cap *c)
{
	file_us_le(c);
	w32(c, file_record_at(c, 4) + 8, 300000);
}

static void bad_fraction(struct cap *c)
{
	file_us_le(c);
	w32(c, file_record_at(c, 4) + 4, 5000000);
}

static void bad_version(struct cap *c)
{
	file_us_le(c);
	c->out.mem[4] = 9;
}

static void garbage_end(struct cap *c)
{
	file_us_le(c);
	for (u32 i = 0; i < 100; i++)
		out_raw(&c->out, &(u8) { (u8)cap_u32(c) }, 1);
}

static void ng_byte_order(struct cap *c)
{
	file_ng_le(c);
	w32(c, 8, 0x12345678);
}

static void ng_length_odd(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 4, file_r32(c, block_at(c, 6) + 4) + 1);
}

static void ng_length_zero(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 4, 0);
}

static void ng_length_small(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 4, 8);
}

static void ng_length_huge(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 4, 0xfffffff0);
}

static void ng_length_differs(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 7) - 4, file_r32(c, block_at(c, 7) - 4) + 4);
}

static void ng_cut_header(struct cap *c)
{
	file_ng_le(c);
	c->out.n = block_at(c, 6) + 6;
}

static void ng_cut_body(struct cap *c)
{
	file_ng_le(c);
	c->out.n = block_at(c, 6) + 40;
}

static void ng_cut_trailer(struct cap *c)
{
	file_ng_le(c);
	c->out.n = block_at(c, 7) - 2;
}

static void ng_cut_shb(struct cap *c)
{
	file_ng_le(c);
	c->out.n = 20;
}

static void ng_bad_iface(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 8, 77);
}

static void ng_cap_over_block(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 20, 5000);
}

static void ng_huge_cap(struct cap *c)
{
	file_ng_le(c);
	w32(c, block_at(c, 6) + 20, 0xfffffff0);
}

static void ng_option_over(struct cap *c)
{
	struct buf *p, *b;

	file_ng_le(c);
	p = file_packet(c, 10);
	b = file_epb(c, 0, FILE_T0 / 1000 + 10000, p, p->len);
	put16(b, 1);
	put16(b, 4000); /* a comment that is longer than the block */
	putstr(b, "abcd");
	file_epb_end(c, b);
	p = file_packet(c, 11);
	out_packet(&c->out, 0, FILE_T0 + 11000000, p);
}

static void ng_no_iface(struct cap *c)
{
	struct buf *p, *b;

	c->out.ng = true;
	out_shb(&c->out);
	p = file_packet(c, 0);
	file_epb_end(c, file_epb(c, 0, FILE_T0 / 1000, p, p->len));
	p = file_packet(c, 1);
	b = file_body(c);
	put32(b, p->len);
	putb(b, p->p, p->len);
	out_block(&c->out, 3, b);
}

static void ng_no_section(struct cap *c)
{
	size_t first;

	file_ng_le(c);
	first = block_at(c, 1);
	c->out.n -= first;
	memmove(c->out.mem, c->out.mem + first, c->out.n);
}

static void ng_version(struct cap *c)
{
	file_ng_le(c);
	c->out.mem[12] = 2;
}

static void ng_resolutions(struct cap *c)
{
	static const struct iface f[] = {
		{ 1, "a", NULL, 127, 0, 0 },	   { 1, "b", NULL, 255, 0, 0 },
		{ 1, "c", NULL, 20, 0, 0 },	   { 1, "d", NULL, 0x80 | 63, 0, 0 },
		{ 1, "e", NULL, 9, INT64_MAX, 0 }, { 1, "f", NULL, 9, INT64_MIN, 0 }
	};

	c->out.ng = true;
	out_shb(&c->out);
	for (u32 i = 0; i < 6; i++)
		file_idb(c, &f[i]);
	for (u32 i = 0; i < 12; i++) {
		struct buf *p = file_packet(c, i);

		file_epb_end(c, file_epb(c, i % 6, i < 6 ? FILE_T0 : ~0ull, p, p->len));
	}
}

/* The earliest and the latest times that can be kept, and those that 64 bits could hold. */
static void ng_far_times(struct cap *c)
{
	static const struct iface f[] = { { 1, "now", NULL, 9, 0, 0 },
					  { 1, "then", NULL, 9, -4611686018, 0 },
					  { 1, "long ago", NULL, 9, -9223372036, 0 } };
	static const struct {
		u32 iface;
		u64 v;
	} at[] = { { 2, 0 },	     { 1, 0 },		{ 0, FILE_T0 },
		   { 1, 1 },	     { 0, 1ull << 61 }, { 0, (1ull << 62) - 1 },
		   { 0, INT64_MAX }, { 2, 1 },		{ 0, INT64_MAX - 1 } };

	c->out.ng = true;
	out_shb(&c->out);
	for (u32 i = 0; i < 3; i++)
		file_idb(c, &f[i]);
	for (u32 i = 0; i < sizeof at / sizeof at[0]; i++) {
		struct buf *p = file_packet(c, i);

		file_epb_end(c, file_epb(c, at[i].iface, at[i].v, p, p->len));
	}
}

/* ---- gzip: the file is compressed here, so that it can be damaged afterwards ---- */

static void gz_cut(struct cap *c)
{
	file_us_le(c);
	file_deflate(c);
	c->out.n -= c->out.n / 3;
}

static void gz_sum(struct cap *c)
{
	file_us_le(c);
	file_deflate(c);
	c->out.mem[c->out.n - 6] ^= 0xff;
}

static void gz_broken(struct cap *c)
{
	file_us_le(c);
	file_deflate(c);
	memset(c->out.mem + c->out.n / 2, 0xff, 20);
}

static void gz_garbage(struct cap *c)
{
	file_us_le(c);
	file_deflate(c);
	out_raw(&c->out, "garbage behind the end", 22);
}

static void gz_text(struct cap *c)
{
	not_capture(c);
	file_deflate(c);
}

#define F(file, kind, make, what)                 \
	{                                         \
		file, kind, LINK_SELF, make, what \
	}

const struct scen scen_damage[] = {
	F("dmg-empty.pcap", DAMAGED, no_bytes, "a file of no bytes"),
	F("dmg-magic.pcap", DAMAGED, bad_magic, "wrong magic"),
	F("dmg-magic-only.pcap", DAMAGED, magic_only, "only the magic"),
	F("dmg-text.pcap", DAMAGED, not_capture, "a text file"),
	F("dmg-version.pcap", DAMAGED, bad_version, "pcap version 9"),
	F("dmg-header.pcap", DAMAGED, header_cut, "ends in the file's header"),
	F("dmg-record.pcap", DAMAGED, record_cut, "ends in a record's header, after 5 packets"),
	F("dmg-data.pcap", DAMAGED, data_cut, "ends in a packet's bytes, after 5 packets"),
	F("dmg-snaplen.pcap", DAMAGED, over_snaplen,
	  "packets longer than the snapshot length, but whole"),
	F("dmg-caplen.pcap", DAMAGED, cap_over_len, "packet 5: more captured than there was"),
	F("dmg-large.pcap", DAMAGED, large_cap, "packet 5: captured length 300000"),
	F("dmg-huge.pcap", DAMAGED, huge_cap, "packet 5: captured length 2147483647"),
	F("dmg-negative.pcap", DAMAGED, negative_cap, "packet 5: captured length 4294967295"),
	F("dmg-fraction.pcap", DAMAGED, bad_fraction, "packet 5: 5000000 microseconds in a second"),
	F("dmg-garbage.pcap", DAMAGED, garbage_end, "10 packets, then noise"),
	F("dmg-ng-order.pcapng", DAMAGED, ng_byte_order, "unknown byte-order magic"),
	F("dmg-ng-version.pcapng", DAMAGED, ng_version, "pcapng version 2"),
	F("dmg-ng-odd.pcapng", DAMAGED, ng_length_odd,
	  "packet 5: block length not a multiple of 4"),
	F("dmg-ng-zero.pcapng", DAMAGED, ng_length_zero, "packet 5: block length 0"),
	F("dmg-ng-small.pcapng", DAMAGED, ng_length_small, "packet 5: block length 8"),
	F("dmg-ng-huge.pcapng", DAMAGED, ng_length_huge, "packet 5: block length 4294967280"),
	F("dmg-ng-differs.pcapng", DAMAGED, ng_length_differs,
	  "packet 5: the two block lengths differ"),
	F("dmg-ng-header.pcapng", DAMAGED, ng_cut_header,
	  "ends in a block's header, after 4 packets"),
	F("dmg-ng-body.pcapng", DAMAGED, ng_cut_body,
	  "ends in a block's file_body, after 4 packets"),
	F("dmg-ng-trailer.pcapng", DAMAGED, ng_cut_trailer,
	  "ends in a block's last length, after 4 packets"),
	F("dmg-ng-shb.pcapng", DAMAGED, ng_cut_shb, "ends in the section header"),
	F("dmg-ng-iface.pcapng", DAMAGED, ng_bad_iface, "packet 5: interface 77 of 1"),
	F("dmg-ng-caplen.pcapng", DAMAGED, ng_cap_over_block,
	  "packet 5: captured length beyond its block"),
	F("dmg-ng-hugecap.pcapng", DAMAGED, ng_huge_cap, "packet 5: captured length 4294967280"),
	F("dmg-ng-option.pcapng", DAMAGED, ng_option_over, "packet 11: an option beyond its block"),
	F("dmg-ng-noiface.pcapng", DAMAGED, ng_no_iface, "packets, but no interface"),
	F("dmg-ng-nosection.pcapng", DAMAGED, ng_no_section, "begins without a section header"),
	F("dmg-ng-resol.pcapng", DAMAGED, ng_resolutions,
	  "time units from 10^-127 to 2^-127, offsets and times at their limits"),
	F("dmg-ng-far.pcapng", DAMAGED, ng_far_times, "times at the ends of what can be kept"),
	F("dmg-gz-cut.pcap.gzip", DAMAGED, gz_cut, "gzip that ends too soon"),
	F("dmg-gz-sum.pcap.gzip", DAMAGED, gz_sum, "gzip with a wrong checksum"),
	F("dmg-gz-broken.pcap.gzip", DAMAGED, gz_broken, "gzip with wrong bytes in the middle"),
	F("dmg-gz-garbage.pcap.gzip", DAMAGED, gz_garbage, "gzip with garbage behind its end"),
	F("dmg-gz-text.pcap.gzip", DAMAGED, gz_text, "gzip of a text"),
	{ 0 },
};
