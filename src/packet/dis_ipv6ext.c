/* IPv6 routing header (RFC 8200 4.4, RFC 6275 6.4, RFC 8754) and fragment header (RFC 8200 4.5). */
/*  routing:  | next header | length / 8 | type | segments left | by type ...
 *  fragment: | next header | reserved | offset (13), reserved (2), more (1) | identification (32) |
 */
#include "packet/ipv6.h"

enum { RT_SOURCE = 0, RT_MOBILE = 2, RT_SEGMENT = 4 };

static void read_addresses(struct dis *d, struct cur *c, unsigned f, u32 most)
{
	while (most-- > 0 && cur_left(c) >= 16)
		d_bytes(d, c, f, 16);
}

/* The last address stands at offset `at`, while there are segments left; the first segment in the
 * case of segment routing, whose list is reversed. Pseudo-headers use it (RFC 8200 8.1). */
static void final_destination(struct dis *d, const struct cur *c, u32 at)
{
	if (at < c->at || c->end - at < 16 || at > c->end)
		return;
	d->ip_dst = c->base + at;
	if (!d->in_error)
		d->k->facts.dst = d->ip_dst;
}

static void read_route(struct dis *d, struct cur *c, u8 type, u8 left)
{
	u8 last;

	switch (type) {
	case RT_SOURCE:
		d_bytes(d, c, IP6_RT_SRC_RESERVED, 4);
		if (left > 0 && cur_wire_left(c) >= 16)
			final_destination(d, c, c->at + (cur_wire_left(c) / 16 - 1) * 16);
		read_addresses(d, c, IP6_RT_SRC_ADDR, 128);
		d_mark(d, MARK_VALUE, c->at, "routing header type 0 is deprecated (RFC 5095)");
		break;
	case RT_MOBILE:
		d_bytes(d, c, IP6_RT_MIP_RESERVED, 4);
		if (left > 0)
			final_destination(d, c, c->at);
		d_bytes(d, c, IP6_RT_MIP_HOME, 16);
		break;
	case RT_SEGMENT:
		last = d_u8(d, c, IP6_RT_SRH_LAST);
		d_u8(d, c, IP6_RT_SRH_FLAGS);
		d_bytes(d, c, IP6_RT_SRH_TAG, 2);
		if (left > 0)
			final_destination(d, c, c->at);
		read_addresses(d, c, IP6_RT_SRH_ADDR, last + 1u);
		break;
	default: d_rest(d, c, IP6_RT_UNKNOWN);
	}
}

static void dissect_routing(struct dis *d, struct cur *c)
{
	u8 next = d_u8(d, c, IP6_RT_NXT), len = d_u8(d, c, IP6_RT_LEN), type, left;
	u32 bytes = (len + 1u) * 8;
	struct cur body;

	if (c->fail != CUR_OK)
		return;
	d_gen(d, IP6_RT_LEN_OCT, bytes);
	if (bytes - 2 > cur_wire_left(c)) {
		d_mark(d, MARK_LENGTH, c->at - 1, "an IPv6 extension header's length does not fit");
		bytes = cur_wire_left(c) + 2;
	}
	body = cur_sub(c, bytes - 2);
	type = d_u8(d, &body, IP6_RT_TYPE);
	left = d_u8(d, &body, IP6_RT_SEGLEFT);
	read_route(d, &body, type, left);
	d_check(d, &body);
	d->l4 = next;
	d_next(d, TBL_IPPROTO, next, *c);
}

static void dissect_fragment(struct dis *d, struct cur *c)
{
	u8 next = d_u8(d, c, IP6_FRAG_NXT), fragment = d->fragment;
	u32 at;
	u16 v;

	d_u8(d, c, IP6_FRAG_RESERVED);
	at = c->at;
	v = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_bits(d, IP6_FRAG_OFFSET, at, 2, v);
	d_bits(d, IP6_FRAG_BITS, at, 2, v);
	d_bits(d, IP6_FRAG_MORE, at, 2, v);
	d_be32(d, c, IP6_FRAG_IDENT);
	if (c->fail != CUR_OK)
		return;
	if (v >> 3 != 0) {
		if (!d->in_error)
			d->k->facts.frag = 1;
		d_data(d, *c);
		return;
	}
	d->l4 = next;
	d->fragment = fragment || (v & 1);
	d_next(d, TBL_IPPROTO, next, *c);
	d->fragment = fragment;
}

/* "Fragment at 1448 id 0x000003e8, UDP" */
static void fragment_info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	u64 next = pkt_get_u(k, l, IP6_FRAG_NXT, 0);
	const char *name = vstr_name(ipv6_next_names, next);

	txt_puts(t, "Fragment at ");
	txt_u64(t, pkt_get_u(k, l, IP6_FRAG_OFFSET, 0) * 8);
	txt_puts(t, pkt_get_u(k, l, IP6_FRAG_MORE, 0) ? " id 0x" : " (last) id 0x");
	txt_hex(t, pkt_get_u(k, l, IP6_FRAG_IDENT, 0), 8);
	txt_puts(t, ", ");
	if (name != NULL)
		txt_puts(t, name);
	else
		txt_u64(t, next);
}

static const u16 fragment_wants[] = { IP6_FRAG_NXT, IP6_FRAG_OFFSET, IP6_FRAG_MORE, IP6_FRAG_IDENT,
				      FIELD_END };

/* Nothing is behind it (RFC 8200 4.7); what is there all the same is to be ignored. */
static void dissect_none(struct dis *d, struct cur *c)
{
	d_data(d, *c);
}

static const struct claim routing_claims[] = { { TBL_IPPROTO, 43 } };
static const struct claim fragment_claims[] = { { TBL_IPPROTO, 44 } };
static const struct claim none_claims[] = { { TBL_IPPROTO, 59 } };

const struct proto proto_ip6routing = {
	.name = "ipv6.routing",
	.title = "IPv6 routing header",
	.abbrev = "IPv6",
	.flags = PROTO_WHOLE,
	.fields_of = &proto_ipv6,
	.claims = routing_claims,
	.nclaims = ARRAY_LEN(routing_claims),
	.dissect = dissect_routing,
};

const struct proto proto_ip6frag = {
	.name = "ipv6.fraghdr",
	.title = "IPv6 fragment header",
	.abbrev = "IPv6",
	.fields_of = &proto_ipv6,
	.claims = fragment_claims,
	.nclaims = ARRAY_LEN(fragment_claims),
	.dissect = dissect_fragment,
	.info = fragment_info,
	.info_wants = fragment_wants,
};

const struct proto proto_ip6none = {
	.name = "tapdeck.ipv6.none",
	.title = "IPv6 no next header",
	.abbrev = "IPv6",
	.fields_of = &proto_ipv6,
	.flags = PROTO_UNNAMED,
	.claims = none_claims,
	.nclaims = ARRAY_LEN(none_claims),
	.dissect = dissect_none,
};
