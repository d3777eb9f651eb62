/* UDP (RFC 768) and UDP-Lite (RFC 3828), which has a checksum coverage where UDP has its length. */
/*  0      2      4      6      8
 *  +------+------+------+------+----------
 *  | sport| dport|length|cksum | payload
 *  +------+------+------+------+---------- */
#include "packet/proto.h"

enum {
	F_SRCPORT,
	F_DSTPORT,
	F_PORT,
	F_LENGTH,
	F_COVERAGE,
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_STREAM,
	F_PAYLOAD,
	F_TIME_RELATIVE,
	F_TIME_DELTA
};

static const struct vstr status_names[] = {
	{ 0, "Bad" },	      { 1, "Good" },	{ 2, "Unverified" },
	{ 3, "Not present" }, { 4, "Illegal" }, { 0, NULL },
};
static const u16 any_port[] = { F_SRCPORT, F_DSTPORT, FIELD_END };

static const struct field fields[] = {
	[F_SRCPORT] = { "udp.srcport", "Source port", FT_U16, FB_DEC },
	[F_DSTPORT] = { "udp.dstport", "Destination port", FT_U16, FB_DEC },
	[F_PORT] = { "udp.port", "Source or destination port", FT_U16, FB_DEC, .any = any_port },
	[F_LENGTH] = { "udp.length", "Length", FT_U16, FB_DEC },
	[F_COVERAGE] = { "udp.checksum_coverage", "Checksum coverage", FT_U16, FB_DEC },
	[F_CHECKSUM] = { "udp.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "udp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_STREAM] = { "udp.stream", "Stream index", FT_U32, FB_DEC },
	[F_PAYLOAD] = { "udp.payload", "Payload", FT_BYTES },
	[F_TIME_RELATIVE] = { "udp.time_relative", "Time since first frame", FT_RELTIME },
	[F_TIME_DELTA] = { "udp.time_delta", "Time since previous frame", FT_RELTIME },
};

static void put_times(struct dis *d, const struct flow_view *v)
{
	ns_t ts = d->k->frame->ts;

	if (!v->known || ts == NS_NONE || v->first_ts == NS_NONE)
		return;
	d_gen_ns(d, F_TIME_RELATIVE, ts - v->first_ts);
	d_gen_ns(d, F_TIME_DELTA, v->prev_ts == NS_NONE ? 0 : ts - v->prev_ts);
}

/* Is the checksum over `cover` bytes of a datagram of len bytes right? Wireshark's codes. */
static u8 check_sum(struct dis *d, const struct cur *c, u32 at, u32 len, u32 cover)
{
	u16 sum = load_be16(c->base + at + 6);
	u32 pseudo;

	if (sum == 0) /* RFC 8200 8.1, RFC 3828 3.1: only UDP over IPv4 may leave it out */
		return d->ip_version == 4 && d->l4 == 17 ? 3 : 4;
	if (!d->plan->checksums || d->in_error || d->fragment || c->end - at < cover ||
	    d->ip_src == NULL)
		return 2;
	pseudo = d_pseudo_sum(d, d->l4, len);
	if (in_sum(c->base + at, cover, pseudo) == 0xffff)
		return 1;
	if (sum == pseudo)
		d_mark(d, MARK_OFFLOAD, at + 6,
		       "partial UDP checksum, as an offloading sender leaves it");
	else
		d_mark(d, MARK_CHECKSUM, at + 6, "wrong UDP checksum");
	return 0;
}

/* The header's values; c is a copy: it may end anywhere. */
static void put_header(struct dis *d, struct cur c, u8 status, const struct flow_view *v)
{
	bool lite = d->l4 == 136;

	d_be16(d, &c, F_SRCPORT);
	d_be16(d, &c, F_DSTPORT);
	d_be16(d, &c, lite ? F_COVERAGE : F_LENGTH);
	d_be16(d, &c, F_CHECKSUM);
	if (c.fail != CUR_OK)
		return;
	d_gen(d, F_CHECKSUM_STATUS, status);
	if (v->known)
		d_gen(d, F_STREAM, v->stream);
	if (cur_left(&c) > 0) {
		if (!d->in_error)
			put_times(d, v);
		d_mem(d, F_PAYLOAD, c.at, cur_left(&c));
	}
}

/* The datagram's length and, for UDP-Lite, how much of it the checksum covers. */
static u32 limit(struct dis *d, struct cur *c, u32 at, u32 *cover)
{
	u32 field = load_be16(c->base + at + 4), there = c->wire - at;

	if (d->l4 == 136) {
		if ((field != 0 && field < 8) || field > there)
			d_mark(d, MARK_LENGTH, at + 4, "a UDP-Lite coverage that does not fit");
		*cover = field == 0 || field > there ? there : field;
		return there;
	}
	if (UNLIKELY(field == 0)) /* RFC 2675 4, and offloaded super-datagrams */
		field = there;
	if (UNLIKELY(field < 8 || field > there)) {
		if (field < 8 || !d->fragment)
			d_mark(d, MARK_LENGTH, at + 4, "the UDP length does not fit the packet");
		field = MAX(field, 8);
	} else {
		c->wire = at + field;
		c->end = MIN(c->end, c->wire);
	}
	*cover = field;
	return field;
}

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	static const struct flow_view unknown = { .known = false };
	const struct flow_view *view;
	const u8 *p = c->base + c->at;
	u32 at = c->at, len, cover;

	if (UNLIKELY(cur_left(c) < 8)) {
		put_header(d, *c, 2, &unknown);
		cur_need(c, 8);
		return;
	}
	len = limit(d, c, at, &cover);
	if (LIKELY(!d->in_error)) {
		x->l4 = 17;
		x->sport = load_be16(p);
		x->dport = load_be16(p + 2);
		x->scope = d->scope;
		x->l4_off = at;
		x->payload_off = at + 8;
		x->payload_len = c->wire - at - 8;
		view = d_flow(d);
	} else {
		view = d_flow_quoted(d, 17, p, false);
	}
	if (UNLIKELY(d_any(d) || d->plan->checksums))
		put_header(d, *c, check_sum(d, c, at, len, cover), view);
	c->at = at + 8;
	d_next_port(d, TBL_UDP, load_be16(p), load_be16(p + 2), *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)l;
	txt_puts(t, "len ");
	txt_u64(t, k->facts.payload_len);
}

static const struct claim claims[] = { { TBL_IPPROTO, 17 } };
static const struct claim lite_claims[] = { { TBL_IPPROTO, 136 } };

const struct proto proto_udp = {
	.name = "udp",
	.title = "User Datagram Protocol",
	.abbrev = "UDP",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
};

const struct proto proto_udplite = {
	.name = "udplite",
	.title = "Lightweight User Datagram Protocol",
	.abbrev = "UDP-Lite",
	.fields_of = &proto_udp,
	.claims = lite_claims,
	.nclaims = ARRAY_LEN(lite_claims),
	.dissect = dissect,
	.info = info,
};
