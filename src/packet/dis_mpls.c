/* MPLS label stacks (RFC 3032) and what is below them: IP by its version nibble, or a pseudowire
 * with or without a control word (RFC 4385, RFC 4448). */
/*  0                    20    23  24       32
 *  +---------------------+-----+---+--------+
 *  |        label        | exp | S |  TTL   |
 *  +---------------------+-----+---+--------+ */
#include "packet/registry.h"

enum { F_LABEL, F_EXP, F_BOTTOM, F_TTL, F_CW, F_CW_SEQ };

enum { LABEL_OAM = 14, MAX_LABELS = 64 };

static const struct vstr label_names[] = {
	{ 0, "IPv4 explicit null" },	  { 1, "Router alert" },
	{ 2, "IPv6 explicit null" },	  { 3, "Implicit null" },
	{ 7, "Entropy label indicator" }, { 13, "Generic associated channel" },
	{ LABEL_OAM, "OAM alert" },	  { 0, NULL },
};

static const struct field fields[] = {
	[F_LABEL] = { "mpls.label", "Label", FT_U32, FB_DEC_HEX, 0xfffff000, .names = label_names },
	[F_EXP] = { "mpls.exp", "Traffic class", FT_U32, FB_DEC, 0x00000e00 },
	[F_BOTTOM] = { "mpls.bottom", "Bottom of stack", FT_U32, FB_DEC, 0x00000100 },
	[F_TTL] = { "mpls.ttl", "Time to live", FT_U32, FB_DEC, 0x000000ff },
	[F_CW] = { "pweth.cw", "Pseudowire control word", FT_BOOL, FB_NONE },
	[F_CW_SEQ] = { "pweth.cw.sequence_number", "Sequence number", FT_U16, FB_DEC },
};

/* Is there a MAC frame at c, without a control word in front? */
static bool looks_ethernet(struct cur c)
{
	u16 type;

	cur_skip(&c, 12);
	type = cur_be16(&c);
	return c.fail == CUR_OK && (d_claimed(TBL_ETHERTYPE, type) ||
				    (type >= 3 && type <= 1500 && type <= cur_wire_left(&c)));
}

/* The first nibble tells, whatever the label. */
static void hand_on(struct dis *d, const struct cur *c, u32 label)
{
	int first = cur_peek(c, 0);

	if (label == LABEL_OAM)
		d_data(d, *c);
	else if (first >> 4 == 4)
		d_next(d, TBL_ETHERTYPE, 0x0800, *c);
	else if (first >> 4 == 6)
		d_next(d, TBL_ETHERTYPE, 0x86dd, *c);
	else if (first >> 4 == 0)
		d_next(d, TBL_INNER, INNER_PW_ETHERNET, *c);
	else
		d_data(d, *c);
}

static void dissect(struct dis *d, struct cur *c)
{
	u32 entry = 0;

	for (unsigned i = 0; !(entry & 0x100); i++) {
		u32 at = c->at;

		entry = cur_be32(c);
		if (c->fail != CUR_OK)
			return;
		if (i == MAX_LABELS) {
			d_mark(d, MARK_DEPTH, at, "more than 64 MPLS labels");
			return;
		}
		if (UNLIKELY(d->at.any)) {
			d_bits(d, F_LABEL, at, 4, entry);
			d_bits(d, F_EXP, at, 4, entry);
			d_bits(d, F_BOTTOM, at, 4, entry);
			d_bits(d, F_TTL, at, 4, entry);
		}
	}
	d_scope(d, SCOPE_MPLS, 0); /* labels differ by direction */
	d_packet_end_passes(d);
	hand_on(d, c, entry >> 12);
}

/* Four zero bits begin a control word; or a MAC address that begins with them, without one. */
static void dissect_guess(struct dis *d, struct cur *c)
{
	struct cur behind = *c;
	u16 reserved = cur_be16(&behind);

	cur_skip(&behind, 2);
	if (looks_ethernet(*c) && (reserved != 0 || !looks_ethernet(behind)))
		d_next(d, TBL_INNER, INNER_PW_PLAIN, *c);
	else
		d_next(d, TBL_INNER, INNER_PW_CONTROL, *c);
}

static void dissect_plain(struct dis *d, struct cur *c)
{
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

static void dissect_control(struct dis *d, struct cur *c)
{
	u32 at = c->at;
	u16 seq;

	cur_skip(c, 2);
	seq = cur_be16(c);
	if (c->fail != CUR_OK)
		return;
	d_u(d, F_CW, at, 4, 1);
	d_u(d, F_CW_SEQ, at + 2, 2, seq);
	d_next(d, TBL_INNER, INNER_ETHERNET, *c);
}

/* "MPLS 100/16": the stack from the top. */
static void put_labels(const struct pkt *k, const struct layer *l, struct txt *t, char between)
{
	unsigned n = 0;

	for (u32 i = l->vals; i < k->nvals; i++) {
		const struct val *v = &k->vals[i];

		if (v->layer != l - k->layers || field_get(v->field) != &fields[F_LABEL])
			continue;
		if (n++ > 0)
			txt_putc(t, between);
		txt_u64(t, v->u);
	}
}

static void info(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "Labels ");
	put_labels(k, l, t, ' ');
}

static void tag(const struct pkt *k, const struct layer *l, struct txt *t)
{
	txt_puts(t, "MPLS ");
	put_labels(k, l, t, '/');
}

static void tag_pw(const struct pkt *k, const struct layer *l, struct txt *t)
{
	(void)k;
	(void)l;
	txt_puts(t, "PW");
}

static const u16 info_wants[] = { F_LABEL, FIELD_END };
static const struct claim claims[] = {
	{ TBL_ETHERTYPE, 0x8847 }, { TBL_ETHERTYPE, 0x8848 }, { TBL_IPPROTO, 137 },
	{ TBL_UDP, 6635 },	   { TBL_PPP, 0x0281 },	      { TBL_PPP, 0x0283 },
};
static const struct claim claims_guess[] = { { TBL_INNER, INNER_PW_ETHERNET } };
static const struct claim claims_plain[] = { { TBL_INNER, INNER_PW_PLAIN } };
static const struct claim claims_control[] = { { TBL_INNER, INNER_PW_CONTROL } };

const struct proto proto_mpls = {
	.name = "mpls",
	.title = "Multiprotocol Label Switching",
	.abbrev = "MPLS",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.flags = PROTO_TUNNEL,
	.claims = claims,
	.nclaims = ARRAY_LEN(claims),
	.dissect = dissect,
	.info = info,
	.info_wants = info_wants,
	.tag = tag,
};

const struct proto proto_pwethheuristic = {
	.name = "pwethheuristic",
	.title = "Ethernet pseudowire",
	.abbrev = "PW",
	.fields_of = &proto_mpls,
	.flags = PROTO_TUNNEL,
	.claims = claims_guess,
	.nclaims = ARRAY_LEN(claims_guess),
	.dissect = dissect_guess,
	.tag = tag_pw,
};

const struct proto proto_pwethnocw = {
	.name = "pwethnocw",
	.title = "Ethernet pseudowire without control word",
	.abbrev = "PW",
	.fields_of = &proto_mpls,
	.claims = claims_plain,
	.nclaims = ARRAY_LEN(claims_plain),
	.dissect = dissect_plain,
};

const struct proto proto_pwethcw = {
	.name = "pwethcw",
	.title = "Ethernet pseudowire control word",
	.abbrev = "PW",
	.fields_of = &proto_mpls,
	.claims = claims_control,
	.nclaims = ARRAY_LEN(claims_control),
	.dissect = dissect_control,
};
