/* IPv4 (RFC 791, RFC 2474, RFC 3168). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------+-------+-----------+---+-------------------------------+
 *  |version|  IHL  |    DSCP   |ECN|          total length         |
 *  +-------+-------+-----------+---+-+-+-+-------------------------+
 *  |         identification        |0|D|M|     fragment offset     |
 *  +---------------+---------------+-+-+-+-------------------------+
 *  | time to live  |   protocol    |        header checksum        |
 *  +---------------+---------------+-------------------------------+
 *  |                         source address                        |
 *  +---------------------------------------------------------------+
 *  |                       destination address                     |
 *  +---------------------------------------------------------------+
 *  |                    options, padded to 32 bits                 |
 *  +---------------------------------------------------------------+ */
#include "packet/proto.h"

enum {
	F_VERSION,
	F_HDR_LEN,
	F_DSFIELD,
	F_DSCP,
	F_ECN,
	F_LEN,
	F_ID,
	F_FLAGS,
	F_RB,
	F_DF,
	F_MF,
	F_FRAG_OFFSET,
	F_TTL,
	F_PROTO,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_SRC,
	F_DST,
	F_ADDR,
	F_OPTIONS,
};

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const u16 any_addr[] = { F_SRC, F_DST, FIELD_END };

static const struct field fields[] = {
	[F_VERSION] = { "ip.version", "Version", FT_U8, FB_DEC, 0xf0 },
	[F_HDR_LEN] = { "ip.hdr_len", "Header length", FT_U8, FB_DEC },
	[F_DSFIELD] = { "ip.dsfield", "Differentiated services field", FT_U8, FB_HEX },
	[F_DSCP] = { "ip.dsfield.dscp", "Differentiated services codepoint", FT_U8, FB_DEC, 0xfc },
	[F_ECN] = { "ip.dsfield.ecn", "Explicit congestion notification", FT_U8, FB_DEC, 0x03 },
	[F_LEN] = { "ip.len", "Total length", FT_U16, FB_DEC },
	[F_ID] = { "ip.id", "Identification", FT_U16, FB_HEX_DEC },
	[F_FLAGS] = { "ip.flags", "Flags", FT_U8, FB_HEX, 0xe0 },
	[F_RB] = { "ip.flags.rb", "Reserved bit", FT_BOOL, FB_NONE, 0x80 },
	[F_DF] = { "ip.flags.df", "Don't fragment", FT_BOOL, FB_NONE, 0x40 },
	[F_MF] = { "ip.flags.mf", "More fragments", FT_BOOL, FB_NONE, 0x20 },
	[F_FRAG_OFFSET] = { "ip.frag_offset", "Fragment offset", FT_U16, FB_DEC },
	[F_TTL] = { "ip.ttl", "Time to live", FT_U8, FB_DEC },
	[F_PROTO] = { "ip.proto", "Protocol", FT_U8, FB_DEC },
	[F_CHECKSUM] = { "ip.checksum", "Header checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "ip.checksum.status", "Header checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_SRC] = { "ip.src", "Source address", FT_IPV4 },
	[F_DST] = { "ip.dst", "Destination address", FT_IPV4 },
	[F_ADDR] = { "ip.addr", "Source or destination address", FT_IPV4, .any = any_addr },
	[F_OPTIONS] = { "ip.options", "Options", FT_BYTES },
};

static void read_flags(struct dis *d, u32 at, u16 frag)
{
	u8 flags = (u8)(frag >> 8);

	d_bits(d, F_FLAGS, at, 1, flags);
	d_down(d);
	d_bits(d, F_RB, at, 1, flags);
	d_bits(d, F_DF, at, 1, flags);
	d_bits(d, F_MF, at, 1, flags);
	d_up(d);
	d_u(d, F_FRAG_OFFSET, at, 2, (u64)(frag & 0x1fff) * 8);
}

static void read_checksum(struct dis *d, struct cur *c, u32 at, u32 hdr_len)
{
	d_be16(d, c, F_CHECKSUM);
	if (!d->plan->checksums || d->in_error || c->end - at < hdr_len) {
		d_gen(d, F_CHECKSUM_STATUS, 2);
		return;
	}
	if (in_sum(c->base + at, hdr_len, 0) == 0xffff) {
		d_gen(d, F_CHECKSUM_STATUS, 1);
	} else {
		d_gen(d, F_CHECKSUM_STATUS, 0);
		d_mark(d, MARK_CHECKSUM, at + 10, "wrong IPv4 header checksum");
	}
}

/* Everything behind the header: bounded by the total length. */
static void hand_on(struct dis *d, struct cur *c, u32 total, u32 at, u16 frag, u8 proto)
{
	if (total == 0) { /* segmentation offload leaves it 0: take what is there */
		total = c->wire - at;
	} else if (total < c->at - at || !cur_limit(c, total - (c->at - at))) {
		d_mark(d, MARK_LENGTH, at + 2, "the IPv4 total length does not fit the packet");
	}
	d->packet_end = c->wire;
	if ((frag & 0x1fff) != 0) {
		if (!d->in_error)
			d->k->facts.frag = 1;
		d_data(d, *c);
		return;
	}
	d->l4 = proto;
	d_next(d, TBL_IPPROTO, proto, *c);
}

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	u32 at = c->at, hdr_len, total;
	u16 frag;
	u8 first, proto, tos;

	if (!cur_need(c, 20))
		return;
	first = cur_u8(c);
	hdr_len = (first & 15) * 4u;
	d_bits(d, F_VERSION, at, 1, first);
	d_u(d, F_HDR_LEN, at, 1, hdr_len);
	tos = d_u8(d, c, F_DSFIELD);
	d_down(d);
	d_bits(d, F_DSCP, at + 1, 1, tos);
	d_bits(d, F_ECN, at + 1, 1, tos);
	d_up(d);
	total = d_be16(d, c, F_LEN);
	d_be16(d, c, F_ID);
	frag = cur_be16(c);
	read_flags(d, at + 6, frag);
	d_u8(d, c, F_TTL);
	proto = d_u8(d, c, F_PROTO);
	read_checksum(d, c, at, hdr_len);
	d->ip_version = 4;
	d->ip_src = c->base + at + 12;
	d->ip_dst = c->base + at + 16;
	if (!d->in_error) {
		x->net = 4;
		x->src = d->ip_src;
		x->dst = d->ip_dst;
		x->l4 = 0;
		x->frag = 0;
	}
	d_be32(d, c, F_SRC);
	d_be32(d, c, F_DST);
	if (hdr_len < 20) {
		d_mark(d, MARK_LENGTH, at, "the IPv4 header length is below 20");
		return;
	}
	if (hdr_len > 20)
		d_bytes(d, c, F_OPTIONS, hdr_len - 20);
	if (c->fail == CUR_OK)
		hand_on(d, c, total, at, frag, proto);
}

static const struct claim claims[] = {
	{ TBL_ETHERTYPE, 0x0800 },
	{ TBL_IPPROTO, 4 },
	{ TBL_PPP, 0x0021 },
};

const struct proto proto_ip = {
	.name = "ip",
	.title = "Internet Protocol Version 4",
	.abbrev = "IPv4",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
};
