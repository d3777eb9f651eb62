/* UDP (RFC 768). */
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
	F_CHECKSUM,
	F_CHECKSUM_STATUS,
	F_STREAM,
	F_PAYLOAD,
	F_TIME_RELATIVE,
	F_TIME_DELTA
};

static const struct vstr status_names[] = {
	{ 0, "Bad" }, { 1, "Good" }, { 2, "Unverified" }, { 3, "Not present" }, { 0, NULL },
};
static const u16 any_port[] = { F_SRCPORT, F_DSTPORT, FIELD_END };

static const struct field fields[] = {
	[F_SRCPORT] = { "udp.srcport", "Source port", FT_U16, FB_DEC },
	[F_DSTPORT] = { "udp.dstport", "Destination port", FT_U16, FB_DEC },
	[F_PORT] = { "udp.port", "Source or destination port", FT_U16, FB_DEC, .any = any_port },
	[F_LENGTH] = { "udp.length", "Length", FT_U16, FB_DEC },
	[F_CHECKSUM] = { "udp.checksum", "Checksum", FT_U16, FB_HEX },
	[F_CHECKSUM_STATUS] = { "udp.checksum.status", "Checksum status", FT_U8, FB_DEC,
				.names = status_names },
	[F_STREAM] = { "udp.stream", "Stream index", FT_U32, FB_DEC },
	[F_PAYLOAD] = { "udp.payload", "Payload", FT_BYTES },
	[F_TIME_RELATIVE] = { "udp.time_relative", "Time since first frame", FT_RELTIME },
	[F_TIME_DELTA] = { "udp.time_delta", "Time since previous frame", FT_RELTIME },
};

static void put_flow(struct dis *d, const struct flow_view *v)
{
	ns_t ts = d->k->frame->ts;

	if (!v->known)
		return;
	d_gen(d, F_STREAM, v->stream);
	if (ts != NS_NONE && v->first_ts != NS_NONE) {
		d_gen_ns(d, F_TIME_RELATIVE, ts - v->first_ts);
		d_gen_ns(d, F_TIME_DELTA, v->prev_ts == NS_NONE ? 0 : ts - v->prev_ts);
	}
}

/* Checks the checksum at `at` over the datagram of len bytes and says so. */
static void put_checksum_status(struct dis *d, const struct cur *c, u32 at, u32 len, u16 sum)
{
	u32 pseudo;

	if (sum == 0) {
		d_gen(d, F_CHECKSUM_STATUS, 3);
		return;
	}
	if (!d->plan->checksums || d->in_error || c->end - at < len || d->ip_src == NULL) {
		d_gen(d, F_CHECKSUM_STATUS, 2);
		return;
	}
	pseudo = d_pseudo_sum(d, 17, len);
	if (in_sum(c->base + at, len, pseudo) == 0xffff) {
		d_gen(d, F_CHECKSUM_STATUS, 1);
		return;
	}
	d_gen(d, F_CHECKSUM_STATUS, 0);
	if (sum == pseudo)
		d_mark(d, MARK_OFFLOAD, at + 6,
		       "partial UDP checksum, as an offloading sender leaves it");
	else
		d_mark(d, MARK_CHECKSUM, at + 6, "wrong UDP checksum");
}

static void dissect(struct dis *d, struct cur *c)
{
	struct facts *x = &d->k->facts;
	struct flow_view view = { .known = false };
	u32 at = c->at, len;
	u16 sport, dport, sum;

	if (!cur_need(c, 8))
		return;
	sport = d_be16(d, c, F_SRCPORT);
	dport = d_be16(d, c, F_DSTPORT);
	len = d_be16(d, c, F_LENGTH);
	sum = d_be16(d, c, F_CHECKSUM);
	if (len == 0) /* RFC 2675 4, and offloaded super-datagrams */
		len = c->wire - at;
	if (len < 8 || !cur_limit(c, len - 8))
		d_mark(d, MARK_LENGTH, at + 4, "the UDP length does not fit the packet");
	put_checksum_status(d, c, at, len, sum);
	if (!d->in_error) {
		x->l4 = 17;
		x->sport = sport;
		x->dport = dport;
		x->scope = d->scope;
		x->l4_off = at;
		x->payload_off = c->at;
		x->payload_len = cur_wire_left(c);
		if (d->plan->flow != NULL)
			d->plan->flow(d->plan->flow_arg, d->k, &view);
		put_flow(d, &view);
	}
	if (cur_left(c) > 0)
		d_mem(d, F_PAYLOAD, c->at, cur_left(c));
	d_next_port(d, TBL_UDP, sport, dport, *c);
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)l;
	txt_puts(t, "len ");
	txt_u64(t, k->facts.payload_len);
}

static const struct claim claims[] = { { TBL_IPPROTO, 17 } };

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
