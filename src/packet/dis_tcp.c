/* TCP (RFC 9293). */
/*   0                   1                   2                   3
 *   0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 *  +-------------------------------+-------------------------------+
 *  |          source port          |       destination port        |
 *  +-------------------------------+-------------------------------+
 *  |                        sequence number                        |
 *  +---------------------------------------------------------------+
 *  |                     acknowledgment number                     |
 *  +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *  | offset| res |A|C|E|U|A|P|R|S|F|            window             |
 *  +-------+-----+-+-+-+-+-+-+-+-+-+-------------------------------+
 *  |           checksum            |         urgent pointer        |
 *  +-------------------------------+-------------------------------+
 *  |                    options, padded to 32 bits                 |
 *  +---------------------------------------------------------------+ */
#include "packet/proto.h"

enum {
	F_SRCPORT,
	F_DSTPORT,
	F_PORT,
	F_STREAM,
	F_LEN,
	F_SEQ,
	F_SEQ_RAW,
	F_NXTSEQ,
	F_ACK,
	F_ACK_RAW,
	F_HDR_LEN,
	F_FLAGS,
	F_FLAGS_RES,
	F_FLAGS_AE,
	F_FLAGS_CWR,
	F_FLAGS_ECE,
	F_FLAGS_URG,
	F_FLAGS_ACK,
	F_FLAGS_PUSH,
	F_FLAGS_RESET,
	F_FLAGS_SYN,
	F_FLAGS_FIN,
	F_FLAGS_STR,
	F_WINDOW_VALUE,
	F_WINDOW,
	F_WINDOW_SCALE,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_URGENT,
	F_OPTIONS,
	F_TIME_RELATIVE,
	F_TIME_DELTA,
	F_PAYLOAD,
};

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 0, NULL }
};
static const u16 any_port[] = { F_SRCPORT, F_DSTPORT, FIELD_END };

static const struct field fields[] = {
	[F_SRCPORT] = { "tcp.srcport", "Source port", FT_U16, FB_DEC },
	[F_DSTPORT] = { "tcp.dstport", "Destination port", FT_U16, FB_DEC },
	[F_PORT] = { "tcp.port", "Source or destination port", FT_U16, FB_DEC, .any = any_port },
	[F_STREAM] = { "tcp.stream", "Stream index", FT_U32, FB_DEC },
	[F_LEN] = { "tcp.len", "TCP segment length", FT_U32, FB_DEC },
	[F_SEQ] = { "tcp.seq", "Sequence number (relative)", FT_U32, FB_DEC },
	[F_SEQ_RAW] = { "tcp.seq_raw", "Sequence number (raw)", FT_U32, FB_DEC },
	[F_NXTSEQ] = { "tcp.nxtseq", "Next sequence number (relative)", FT_U32, FB_DEC },
	[F_ACK] = { "tcp.ack", "Acknowledgment number (relative)", FT_U32, FB_DEC },
	[F_ACK_RAW] = { "tcp.ack_raw", "Acknowledgment number (raw)", FT_U32, FB_DEC },
	[F_HDR_LEN] = { "tcp.hdr_len", "Header length", FT_U8, FB_DEC },
	[F_FLAGS] = { "tcp.flags", "Flags", FT_U16, FB_HEX, 0x0fff },
	[F_FLAGS_RES] = { "tcp.flags.res", "Reserved", FT_BOOL, FB_NONE, 0x0e00, .width = 12 },
	[F_FLAGS_AE] = { "tcp.flags.ns", "Accurate ECN (Nonce)", FT_BOOL, FB_NONE, 0x0100,
			 .width = 12 },
	[F_FLAGS_CWR] = { "tcp.flags.cwr", "Congestion window reduced", FT_BOOL, FB_NONE, 0x0080,
			  .width = 12 },
	[F_FLAGS_ECE] = { "tcp.flags.ecn", "ECN-Echo", FT_BOOL, FB_NONE, 0x0040, .width = 12 },
	[F_FLAGS_URG] = { "tcp.flags.urg", "Urgent", FT_BOOL, FB_NONE, 0x0020, .width = 12 },
	[F_FLAGS_ACK] = { "tcp.flags.ack", "Acknowledgment", FT_BOOL, FB_NONE, 0x0010,
			  .width = 12 },
	[F_FLAGS_PUSH] = { "tcp.flags.push", "Push", FT_BOOL, FB_NONE, 0x0008, .width = 12 },
	[F_FLAGS_RESET] = { "tcp.flags.reset", "Reset", FT_BOOL, FB_NONE, 0x0004, .width = 12 },
	[F_FLAGS_SYN] = { "tcp.flags.syn", "Syn", FT_BOOL, FB_NONE, 0x0002, .width = 12 },
	[F_FLAGS_FIN] = { "tcp.flags.fin", "Fin", FT_BOOL, FB_NONE, 0x0001, .width = 12 },
	[F_FLAGS_STR] = { "tcp.flags.str", "TCP flags", FT_STRING },
	[F_WINDOW_VALUE] = { "tcp.window_size_value", "Window", FT_U16, FB_DEC },
	[F_WINDOW] = { "tcp.window_size", "Calculated window size", FT_U32, FB_DEC },
	[F_WINDOW_SCALE] = { "tcp.window_size_scalefactor", "Window size scaling factor", FT_I32,
			     FB_DEC },
	[F_CHECKSUM] = { "tcp.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "tcp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_URGENT] = { "tcp.urgent_pointer", "Urgent pointer", FT_U16, FB_DEC },
	[F_OPTIONS] = { "tcp.options", "Options", FT_BYTES },
	[F_TIME_RELATIVE] = { "tcp.time_relative", "Time since first frame in this TCP stream",
			      FT_RELTIME },
	[F_TIME_DELTA] = { "tcp.time_delta", "Time since previous frame in this TCP stream",
			   FT_RELTIME },
	[F_PAYLOAD] = { "tcp.payload", "TCP payload", FT_BYTES },
};

/* One option's value into the facts; p is behind kind and length, n bytes long. */
static void note_option(struct facts *x, u8 kind, const u8 *p, u32 n)
{
	if (kind == 2 && n == 2) {
		x->tcp.mss = load_be16(p);
	} else if (kind == 3 && n == 1) {
		x->tcp.wscale = (i8)MIN(*p, 14); /* RFC 7323 2.3: above 14 counts as 14 */
	} else if (kind == 4 && n == 0) {
		x->tcp.sack_ok = 1;
	} else if (kind == 5) {
		for (; n >= 8 && x->tcp.nsack < PKT_SACKS; p += 8, n -= 8) {
			x->tcp.sack[x->tcp.nsack].left = load_be32(p);
			x->tcp.sack[x->tcp.nsack++].right = load_be32(p + 4);
		}
	} else if (kind == 8 && n == 8) {
		x->tcp.has_ts = 1;
		x->tcp.tsval = load_be32(p);
		x->tcp.tsecr = load_be32(p + 4);
	} else if (kind == 34) {
		x->tcp.tfo = n > 0 ? 2 : 1;
	}
}

/* What the tracker needs of the options: a bare walk, no values kept. c is a copy bounded to the
 * options. */
static void note_options(struct facts *x, struct cur c)
{
	x->tcp.mss = 0;
	x->tcp.wscale = -1;
	x->tcp.sack_ok = x->tcp.nsack = x->tcp.has_ts = x->tcp.tfo = 0;
	while (cur_left(&c) > 0) {
		u8 kind = cur_u8(&c), len;

		if (kind == 0)
			return;
		if (kind == 1)
			continue;
		len = cur_u8(&c);
		if (len < 2 || !cur_need(&c, len - 2u))
			return;
		note_option(x, kind, c.base + c.at, len - 2u);
		c.at += len - 2u;
	}
}

static void put_flags(struct dis *d, u32 at, u16 w)
{
	static const char letters[] = "FSRPAUECN";
	char str[12 * 3];
	size_t n = 0;

	d_bits(d, F_FLAGS, at, 2, w);
	d_down(d);
	for (unsigned f = F_FLAGS_RES; f <= F_FLAGS_FIN; f++)
		if (d_wants(d, f))
			d_bits_put(d, f, at, 2, w);
	d_up(d);
	if (!d_wants(d, F_FLAGS_STR))
		return;
	for (int i = 11; i >= 0; i--) {
		bool set = w >> i & 1;

		if (set && i < 9) {
			str[n++] = letters[i];
		} else if (set) {
			str[n++] = 'R';
		} else {
			memcpy(str + n, "\xc2\xb7", 2);
			n += 2;
		}
	}
	d_text(d, F_FLAGS_STR, at, 2, str, n);
}

static void put_checksum(struct dis *d, struct cur *c, u32 at)
{
	u16 sum = d_be16(d, c, F_CHECKSUM);
	u32 len = c->wire - at, pseudo;

	if (!d->plan->checksums || d->in_error || c->end < c->wire || d->ip_src == NULL) {
		d_gen(d, F_CHECKSUM_STATUS, 2);
		return;
	}
	pseudo = d_pseudo_sum(d, 6, len);
	if (in_sum(c->base + at, len, pseudo) == 0xffff) {
		d_gen(d, F_CHECKSUM_STATUS, 1);
		return;
	}
	d_gen(d, F_CHECKSUM_STATUS, 0);
	if (sum == pseudo)
		d_mark(d, MARK_OFFLOAD, at + 16,
		       "partial TCP checksum, as an offloading sender leaves it");
	else
		d_mark(d, MARK_CHECKSUM, at + 16, "wrong TCP checksum");
}

static void put_window(struct dis *d, struct cur *c, u16 flags, const struct flow_view *v)
{
	u16 win = d_be16(d, c, F_WINDOW_VALUE);
	bool scaled = !(flags & TCP_SYN) && v->known && v->wscale >= 0;

	d_gen(d, F_WINDOW, scaled ? (u64)win << v->wscale : win);
	if (!(flags & TCP_SYN) && v->known)
		d_gen(d, F_WINDOW_SCALE, (u64)(i64)(v->wscale < 0 ? v->wscale : 1 << v->wscale));
}

static void put_times(struct dis *d, const struct flow_view *v)
{
	ns_t ts = d->k->frame->ts;

	if (!v->known || ts == NS_NONE || v->first_ts == NS_NONE)
		return;
	d_gen_ns(d, F_TIME_RELATIVE, ts - v->first_ts);
	d_gen_ns(d, F_TIME_DELTA, v->prev_ts == NS_NONE ? 0 : ts - v->prev_ts);
}

static void note_facts(struct dis *d, const struct cur *c, u32 at, u32 hdr_len)
{
	struct facts *x = &d->k->facts;
	const u8 *p = c->base + at;
	struct cur opts = *c;

	x->l4 = 6;
	x->sport = load_be16(p);
	x->dport = load_be16(p + 2);
	x->scope = d->scope;
	x->l4_off = at;
	x->payload_off = at + hdr_len;
	x->payload_len = c->wire - at > hdr_len ? c->wire - at - hdr_len : 0;
	x->tcp.seq = load_be32(p + 4);
	x->tcp.ack = load_be32(p + 8);
	x->tcp.flags = load_be16(p + 12) & 0xfff;
	x->tcp.win = load_be16(p + 14);
	opts.at = MIN(at + 20, opts.end);
	cur_limit(&opts, hdr_len > 20 ? hdr_len - 20 : 0);
	note_options(x, opts);
}

static void put_numbers(struct dis *d, struct cur *c, u32 seg_len, u16 flags,
			const struct flow_view *v)
{
	bool rel = !d->plan->absolute_seq && v->known;
	u32 seq = cur_be32(c), ack = cur_be32(c), at = c->at - 8;
	u32 shown = seq - (rel && v->has_base_seq ? v->base_seq : 0);

	d_u(d, F_SEQ, at, 4, shown);
	d_u(d, F_SEQ_RAW, at, 4, seq);
	d_gen(d, F_NXTSEQ, shown + seg_len + ((flags & TCP_SYN) != 0) + ((flags & TCP_FIN) != 0));
	d_u(d, F_ACK, at + 4, 4,
	    !(flags & TCP_ACK) ? ack : ack - (rel && v->has_base_ack ? v->base_ack : 0));
	d_u(d, F_ACK_RAW, at + 4, 4, ack);
}

static void dissect(struct dis *d, struct cur *c)
{
	struct flow_view view = { .known = false };
	u32 at = c->at, hdr_len, seg_len;
	u16 sport, dport, w;

	if (!cur_need(c, 20))
		return;
	w = load_be16(c->base + at + 12);
	hdr_len = (w >> 12) * 4u;
	seg_len = c->wire - at > hdr_len ? c->wire - at - hdr_len : 0;
	if (!d->in_error) {
		note_facts(d, c, at, hdr_len);
		if (d->plan->flow != NULL)
			d->plan->flow(d->plan->flow_arg, d->k, &view);
	}
	sport = d_be16(d, c, F_SRCPORT);
	dport = d_be16(d, c, F_DSTPORT);
	if (view.known)
		d_gen(d, F_STREAM, view.stream);
	d_gen(d, F_LEN, seg_len);
	put_numbers(d, c, seg_len, w, &view);
	d_u(d, F_HDR_LEN, c->at, 1, hdr_len);
	put_flags(d, c->at, w);
	c->at += 2;
	put_window(d, c, w, &view);
	put_checksum(d, c, at);
	d_be16(d, c, F_URGENT);
	if (hdr_len < 20) {
		d_mark(d, MARK_LENGTH, at + 12, "the TCP header length is below 20");
		return;
	}
	if (hdr_len > 20)
		d_bytes(d, c, F_OPTIONS, hdr_len - 20);
	put_times(d, &view);
	if (c->fail != CUR_OK)
		return;
	if (cur_left(c) > 0)
		d_mem(d, F_PAYLOAD, c->at, cur_left(c));
	d_next_port(d, TBL_TCP, sport, dport, *c);
}

/* "SYN,ACK seq 0 ack 1 win 65160 len 0 mss 1460" */
static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	static const struct {
		u16 bit;
		char name[5];
	} names[] = { { TCP_SYN, "SYN," }, { TCP_FIN, "FIN," }, { TCP_RST, "RST," },
		      { TCP_PSH, "PSH," }, { TCP_ACK, "ACK," }, { TCP_URG, "URG," },
		      { TCP_ECE, "ECE," }, { TCP_CWR, "CWR," }, { TCP_AE, "AE," } };
	const struct facts *x = &k->facts;
	size_t from = t->n;
	u16 flags = (u16)pkt_get_u(k, l, F_FLAGS, 0);

	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].bit)
			txt_puts(t, names[i].name);
	if (t->n > from)
		t->n--; /* the last comma */
	else
		txt_puts(t, "no flags");
	txt_puts(t, " seq ");
	txt_u64(t, pkt_get_u(k, l, F_SEQ, 0));
	if (flags & TCP_ACK) {
		txt_puts(t, " ack ");
		txt_u64(t, pkt_get_u(k, l, F_ACK, 0));
	}
	txt_puts(t, " win ");
	txt_u64(t, pkt_get_u(k, l, F_WINDOW, 0));
	txt_puts(t, " len ");
	txt_u64(t, pkt_get_u(k, l, F_LEN, 0));
	if (x->l4 != 6 || x->l4_off != l->off)
		return;
	if (x->tcp.mss != 0)
		txt_printf(t, " mss %u", x->tcp.mss);
	if (x->tcp.wscale >= 0 && flags & TCP_SYN)
		txt_printf(t, " wscale %d", x->tcp.wscale);
	for (unsigned i = 0; i < x->tcp.nsack; i++) {
		u32 base = x->tcp.ack - (u32)pkt_get_u(k, l, F_ACK, x->tcp.ack);

		txt_puts(t, i == 0 ? " sack " : ",");
		txt_u64(t, x->tcp.sack[i].left - base);
		txt_putc(t, '-');
		txt_u64(t, x->tcp.sack[i].right - base);
	}
}

static const u16 info_wants[] = { F_FLAGS, F_SEQ, F_ACK, F_WINDOW, F_LEN, FIELD_END };
static const struct claim claims[] = { { TBL_IPPROTO, 6 } };

const struct proto proto_tcp = {
	.name = "tcp",
	.title = "Transmission Control Protocol",
	.abbrev = "TCP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
};
