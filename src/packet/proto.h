/* What a protocol is, and the calls its dissector makes. Adding one is one file dis_NAME.c that
 * ends in `const struct proto proto_NAME = {`; the build collects them. */
#ifndef PACKET_PROTO_H
#define PACKET_PROTO_H

#include "base/txt.h"
#include "packet/cur.h"
#include "packet/field.h"
#include "packet/pkt.h"

/* Where a protocol can be found. A protocol states what it claims in its own file. */
enum table {
	TBL_LINK,      /* LINKTYPE_ value */
	TBL_ETHERTYPE, /* also GRE, LLC/SNAP with OUI 0, Linux cooked, Geneve, VXLAN-GPE after
			  mapping */
	TBL_LLC,       /* DSAP */
	TBL_IPPROTO,
	TBL_PPP, /* PPP protocol number */
	TBL_UDP, /* port, either side; the lower one is asked first */
	TBL_TCP,
	TBL_SCTP,
	TBL_SNAP,  /* organisation code << 16 | protocol, where the organisation is not 0: a short
		      list */
	TBL_INNER, /* enum inner: protocols that others call by meaning */
	TBL_COUNT
};

/* Keys of TBL_INNER. */
enum inner {
	INNER_DATA,	 /* bytes that nobody claims */
	INNER_ETHERNET,	 /* a MAC frame without FCS, inside a tunnel */
	INNER_IP,	 /* IPv4 or IPv6 by its version nibble */
	INNER_DNS,	 /* a DNS message (behind TCP's length, mDNS, LLMNR) */
	INNER_ICMP_EXT,	 /* extensions behind the packet that an ICMP error quotes */
	INNER_PPP,	 /* from the PPP protocol number on */
	INNER_LLC,	 /* IEEE 802.2 */
	INNER_LINK,	 /* a frame of a link type that nobody claims */
	INNER_ERSPAN,	 /* behind GRE with a sequence number: types II and III */
	INNER_ERSPAN_I,	 /* the same without: no header of its own */
	INNER_PW_ETHERNET, /* a MAC frame, perhaps behind a pseudowire control word */
	INNER_PW_CONTROL, /* the same with */
	INNER_PW_PLAIN,	  /* and without */
	INNER_PPP_FRAME, /* PPP, perhaps with address and control in front */
};

struct claim {
	u8 table;
	u32 value;
};

struct dis;

enum proto_flag {
	PROTO_LEAF = 1, /* nothing below it and no facts: need not be read where none of its fields
			   is wanted */
	PROTO_TUNNEL =
		2, /* its `tag` is shown in front of the innermost conversation: "VXLAN 42" */
	PROTO_UNNAMED = 8, /* a layer in the tree, but no name in frame.protocols */
	PROTO_WHOLE = 16, /* in the filter its bytes go on to the end of its payload, as in Wireshark:
			     tcp[20] is the first byte behind a short header */
};

struct proto {
	const char *name;   /* filter name: "tcp" */
	const char *title;  /* "Transmission Control Protocol" */
	const char *abbrev; /* list column: "TCP" */
	const struct field *
		fields; /* by local number; FIELD(…) index = the number that the dissector passes */
	u16 nfields;
	u16 flags; /* enum proto_flag */
	/* Speaks with another protocol's fields and has none of its own: mdns with dns.*, the IPv6
	 * extension headers with ipv6.*. NULL for most. */
	const struct proto *fields_of;
	const struct claim *claims;
	u16 nclaims;
	/* Reads one layer at c (bounded by the enclosing layer) and hands its payload on. */
	void (*dissect)(struct dis *d, struct cur *c);
	/* Guess by content: true where the bytes at c look like this protocol. Asked for TCP
	 * (heur_tcp) or UDP (heur_udp) payloads that no port claims. Must be cheap and sure. */
	bool (*heur_tcp)(const struct dis *d, struct cur c);
	bool (*heur_udp)(const struct dis *d, struct cur c);
	/* Writes the list line's last column for layer l: only ASCII and escaped foreign bytes
	 * (txt_escape). Values come from pkt_get(); the fields it needs are named in info_wants,
	 * ended by FIELD_END. */
	void (*info)(const struct pkt *k, const struct layer *l, struct txt *t);
	const u16 *info_wants;
	/* Writes the tunnel's tag: "GRE", "GRE key 7", "VXLAN 42". Its fields go into info_wants
	 * too. */
	void (*tag)(const struct pkt *k, const struct layer *l, struct txt *t);
};

/* ---- for dissectors ---- */

/* One decode under way. Dissectors use the calls below, and read no member but these. */
struct dis {
	struct pkt *k;
	const struct plan *plan;
	/* What belongs to the running protocol: put aside as one while the next layer is read. */
	struct dis_at {
		const u64 *want; /* its words of plan->want */
		u16 base;	 /* its first field number */
		u8 layer;
		u8 depth; /* tree depth of the next value */
		u8 any;	  /* is any of its fields wanted? */
	} at;
	u8 in_error; /* inside the packet that an ICMP error quotes: leave facts and checks alone */
	u8 l4;	     /* network layer's protocol number, for what is above */
	u64 scope;
	const u8 *ip_src, *ip_dst; /* addresses of the nearest network layer (for pseudo-headers),
				      NULL for none */
	u8 ip_version;
	u8 fragment;	/* first fragment of a packet: what is in it may end early, and no checksum
			   holds */
	u32 packet_end; /* where the network packet inside the current link frame ends on the wire;
			   0 unknown */
	u8 end_layer;	/* the layer that may say so: directly below the link frame */
};

/* Is the field (local number) wanted by anybody? Reading a header costs nothing more where it is
 * not. */
static inline bool d_wants(const struct dis *d, unsigned f)
{
	return d->at.want[f >> 6] >> (f & 63) & 1;
}

/* Is any of the fields first..last wanted? For groups of values that are rarely asked for. */
static inline bool d_wants_some(const struct dis *d, unsigned first, unsigned last)
{
	u64 from = ~UINT64_C(0) << (first & 63), to = ~UINT64_C(0) >> (63 - (last & 63));

	if (first >> 6 == last >> 6)
		return (d->at.want[first >> 6] & from & to) != 0;
	for (unsigned w = (first >> 6) + 1; w < last >> 6; w++)
		if (d->at.want[w] != 0)
			return true;
	return (d->at.want[first >> 6] & from) != 0 || (d->at.want[last >> 6] & to) != 0;
}

/* Is any field of the running protocol wanted? Where not, a layer on the hot path reads no more of
 * its header than facts and hand-over need. */
static inline bool d_any(const struct dis *d)
{
	return d->at.any;
}

/* Adds a value, unless its bytes lie beyond what was captured. Callers go through the inline
 * functions below. */
struct val *d_put(struct dis *d, unsigned f, u32 off, u32 len);

/* A number that stands at off, len (computed elsewhere or read before). */
static inline void d_u(struct dis *d, unsigned f, u32 off, u32 len, u64 v)
{
	if (d_wants(d, f))
		d_put(d, f, off, len)->u = v;
}

/* A bit field: `whole` is the integer at off, len; the field's mask says which bits. */
void d_bits_put(struct dis *d, unsigned f, u32 off, u32 len, u64 whole);
static inline void d_bits(struct dis *d, unsigned f, u32 off, u32 len, u64 whole)
{
	if (d_wants(d, f))
		d_bits_put(d, f, off, len, whole);
}

/* Reads a big-endian integer of `size` bytes and adds the bit fields first to last of it; nothing
 * where it is not all there (0 then). */
u64 d_bitset(struct dis *d, struct cur *c, u32 size, unsigned first, unsigned last);

/* Bytes or text or an address that stand at off; they must be captured (as cur_bytes has said). */
static inline void d_mem(struct dis *d, unsigned f, u32 off, u32 len)
{
	struct val *v;

	if (!d_wants(d, f))
		return;
	v = d_put(d, f, off, len);
	v->p = d->k->frame->data + off;
	v->n = len;
}

/* A text that was made: copied into the packet's arena. off, len: the bytes it was made from. */
void d_text(struct dis *d, unsigned f, u32 off, u32 len, const char *s, size_t n);
/* n bytes that were made (a decoded address, say), copied likewise. */
void d_made(struct dis *d, unsigned f, u32 off, u32 len, const void *p, size_t n);

/* A heading (FT_NONE) over len bytes at off; what follows goes below it until d_up. */
static inline void d_head(struct dis *d, unsigned f, u32 off, u32 len)
{
	if (d_wants(d, f))
		d_put(d, f, off, len);
}
static inline void d_down(struct dis *d)
{
	d->at.depth++;
}
static inline void d_up(struct dis *d)
{
	d->at.depth--;
}

/* Computed values: no bytes of their own, shown in [brackets]. */
static inline void d_gen(struct dis *d, unsigned f, u64 v)
{
	struct val *x;

	if (!d_wants(d, f))
		return;
	x = d_put(d, f, 0, 0);
	x->u = v;
	x->gen = 1;
}
static inline void d_gen_ns(struct dis *d, unsigned f, ns_t v)
{
	d_gen(d, f, (u64)v);
}

/* Read and add in one step: the value is returned, and added where it was there and is wanted. */
#define D_READER(name, type, reader, size)                                        \
	static inline type name(struct dis *d, struct cur *c, unsigned f)         \
	{                                                                         \
		u32 at = c->at;                                                   \
		type v = reader(c);                                               \
		if (UNLIKELY(d_wants(d, f)) && c->at == at + (size) && size != 0) \
			d_put(d, f, at, size)->u = v;                             \
		return v;                                                         \
	}
D_READER(d_u8, u8, cur_u8, 1)
D_READER(d_be16, u16, cur_be16, 2)
D_READER(d_be24, u32, cur_be24, 3)
D_READER(d_be32, u32, cur_be32, 4) /* also FT_IPV4 */
D_READER(d_be64, u64, cur_be64, 8)
D_READER(d_le16, u16, cur_le16, 2)
D_READER(d_le32, u32, cur_le32, 4)

/* n bytes as FT_BYTES, FT_STRING, FT_ETHER (6), FT_IPV6 (16), FT_EUI64 (8); returns them, or NULL
 * where not all there. */
static inline const u8 *d_bytes(struct dis *d, struct cur *c, unsigned f, u32 n)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, n);

	if (p != NULL)
		d_mem(d, f, at, n);
	return p;
}

/* All that is left of c as FT_BYTES (nothing where nothing is left). */
static inline void d_rest(struct dis *d, struct cur *c, unsigned f)
{
	if (cur_left(c) > 0)
		d_bytes(d, c, f, cur_left(c));
}

/* A mark on the packet at offset off, with a static sentence. The first of each kind per layer
 * counts. */
void d_mark(struct dis *d, enum mark kind, u32 off, const char *text);

/* Ends a layer's own reading: turns a cursor's sticky failure into MARK_CUT or MARK_MALFORMED
 * (once). The dispatcher does it for the cursor that a dissector was called with; call it for
 * sub-cursors. Returns true where all was read. */
bool d_check(struct dis *d, const struct cur *c);

/* Called by what carries its own length (IP, ARP): what stands behind `end` in the link frame
 * directly around it is padding or trailer. */
static inline void d_packet_end(struct dis *d, u32 end)
{
	if (d->at.layer == d->end_layer)
		d->packet_end = end;
}

/* Called by what only stands in front (MPLS): the next layer may say where the packet ends. */
static inline void d_packet_end_passes(struct dis *d)
{
	if (d->at.layer == d->end_layer)
		d->end_layer = d->k->nlayers;
}

/* Sets the layer's header length to where c stands, if not said otherwise: the dispatcher does it
 * at the first hand-over. */
void d_header_end(struct dis *d, const struct cur *c);

/* Hands the payload c (a copy: the caller's cursor does not move) to whoever claims value in table;
 * to INNER_DATA where nobody does (false then). Empty payloads are not handed on. */
bool d_next(struct dis *d, enum table t, u32 value, struct cur c);
/* The same without the fall-back to data: false where nobody claims it, nothing done. */
bool d_try(struct dis *d, enum table t, u32 value, struct cur c);
/* An Ethernet type and what it names; frame.protocols will say "ethertype:" in front of it. */
bool d_ethertype(struct dis *d, u16 type, struct cur c);
/* Whether somebody claims value. */
bool d_claimed(enum table t, u32 value);
/* TCP, UDP and SCTP payloads: by port, the lower one first, then by heur_*, then data. Where the plan
 * does not care what ports carry, only tunnels in UDP are looked for. */
void d_next_port(struct dis *d, enum table t, u16 sport, u16 dport, struct cur c);
/* INNER_DATA. */
void d_data(struct dis *d, struct cur c);

/* What the conversation lives in changes from here on: a VLAN, a VNI, a key. */
enum scope {
	SCOPE_VLAN = 1,
	SCOPE_MPLS,
	SCOPE_GRE,
	SCOPE_VXLAN,
	SCOPE_GENEVE,
	SCOPE_NVGRE,
	SCOPE_ERSPAN,
	SCOPE_GTP,
	SCOPE_PPPOE,
	SCOPE_IPIP
};
void d_scope(struct dis *d, enum scope kind, u64 value);

/* Asks the flow room about the transport layer whose facts have just been filled. The answer stays with
 * the packet until the next transport layer asks. */
static inline const struct flow_view *d_flow(struct dis *d)
{
	struct flow_view *view = &d->k->flow;

	view->known = false;
	if (d->plan->flow == NULL)
		return view;
	d->plan->flow(d->plan->flow_arg, d->k, view);
	if (UNLIKELY(d->plan->absolute_seq))
		view->base_seq = view->base_ack = 0;
	if (view->known) {
		d->k->conv = view->id;
		d->k->conv_reversed = view->reversed;
	}
	return view;
}

/* The same for the header at p (ports first) that an ICMP error quotes: the facts stay those of the packet itself, which
 * travels against the packet that it quotes. `tcp`: a whole TCP header is there. */
const struct flow_view *d_flow_quoted(struct dis *d, u8 l4, const u8 *p, bool tcp);

/* The Internet checksum (RFC 1071) over n bytes, folded, not inverted; `sum` carries on an earlier
 * one. A block is valid where the result over all of it, checksum included, is 0xffff. */
u32 in_sum(const u8 *p, size_t n, u32 sum);
/* Sum of the pseudo-header of d's nearest network layer (RFC 9293 3.1, RFC 8200 8.1), to be carried
 * on. */
u32 d_pseudo_sum(const struct dis *d, u8 proto, u32 len);

/* ---- for info and tag ---- */

/* The first value of local field f of layer l, or NULL. */
const struct val *pkt_get(const struct pkt *k, const struct layer *l, unsigned f);
/* The same as a number, or `none`. */
u64 pkt_get_u(const struct pkt *k, const struct layer *l, unsigned f, u64 none);

#endif
