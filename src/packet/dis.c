/* The decode of one packet: who reads which layer, what is kept of it, and what goes wrong. */
#include "base/err.h"
#include "base/rand.h"
#include "packet/quick.h"
#include "packet/registry.h"
#include "packet/tables.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void pkt_init(struct pkt *k)
{
	memset(k, 0, sizeof *k);
	arena_init(&k->arena);
	k->first_ts = k->prev_ts = k->prev_shown_ts = NS_NONE;
}

void pkt_fini(struct pkt *k)
{
	free(k->vals);
	arena_fini(&k->arena);
	memset(k, 0, sizeof *k);
}

/* ---- plans ---- */

void plan_init(struct plan *p)
{
	registry_init();
	*p = (struct plan) { 0 };
	p->want = xcalloc(registry_nfields() / 64, sizeof *p->want);
	p->has = xcalloc(registry_nprotos(), 1);
}

void plan_fini(struct plan *p)
{
	free(p->want);
	free(p->has);
	*p = (struct plan) { 0 };
}

void plan_want(struct plan *p, unsigned field)
{
	const struct field *f = field_get(field);
	unsigned proto = field_proto(field);

	if (f != NULL && f->any != NULL) {
		for (const u16 *a = f->any; *a != FIELD_END; a++)
			plan_want(p, field_number(proto, *a));
		return;
	}
	p->want[field / 64] |= UINT64_C(1) << field % 64;
	p->has[proto] = 1;
	p->tracked |= f != NULL && f->tracked;
	if (dispatch.runner[proto].app || (f != NULL && f->of_all_layers))
		p->apps = true;
}

void plan_want_proto(struct plan *p, unsigned proto, bool whole)
{
	if (whole)
		p->has[dispatch.runner[proto].owner] = 1;
	if (dispatch.runner[proto].app)
		p->apps = true;
}

void plan_want_marks(struct plan *p)
{
	p->marks = p->apps = true;
}

void plan_want_all(struct plan *p)
{
	memset(p->want, 0xff, registry_nfields() / 8);
	memset(p->has, 1, registry_nprotos());
	p->tracked = true;
	plan_want_marks(p);
}

void plan_want_info(struct plan *p)
{
	for (unsigned i = 0; i < registry_nprotos(); i++) {
		const u16 *w = proto_get(i)->info_wants;

		for (; w != NULL && *w != FIELD_END; w++)
			plan_want(p, field_number(i, *w));
	}
}

/* ---- values ---- */

struct val *d_put(struct dis *d, unsigned f, u32 off, u32 len)
{
	struct pkt *k = d->k;
	struct val *v;

	if (k->nvals == k->cap_vals) {
		k->cap_vals = k->cap_vals ? k->cap_vals * 2 : 64;
		k->vals = xrealloc(k->vals, k->cap_vals * sizeof *k->vals);
	}
	v = &k->vals[k->nvals];
	if (LIKELY(off <= k->frame->caplen && len <= k->frame->caplen - off))
		k->nvals++; /* otherwise its bytes were not captured: the next one takes its place
			     */
	v->field = (u16)(d->at.base + f);
	v->layer = d->at.layer;
	v->depth = d->at.depth;
	v->gen = 0;
	v->off = off;
	v->len = len;
	v->n = 0;
	v->u = 0;
	return v;
}

void d_bits_put(struct dis *d, unsigned f, u32 off, u32 len, u64 whole)
{
	const struct field *fd = field_get(d->at.base + f);
	u64 v = fd->mask == 0 ? whole : (whole & fd->mask) >> __builtin_ctzll(fd->mask);

	d_put(d, f, off, len)->u = fd->type == FT_BOOL ? v != 0 : v;
}

u64 d_bitset(struct dis *d, struct cur *c, u32 size, unsigned first, unsigned last)
{
	u32 at = c->at;
	const u8 *p = cur_bytes(c, size);
	u64 v = 0;

	if (p == NULL)
		return 0;
	while (size-- > 0)
		v = v << 8 | *p++;
	for (unsigned f = first; f <= last; f++)
		d_bits(d, f, at, c->at - at, v);
	return v;
}

void d_made(struct dis *d, unsigned f, u32 off, u32 len, const void *p, size_t n)
{
	struct val *v;

	if (!d_wants(d, f))
		return;
	v = d_put(d, f, off, len);
	v->p = (const u8 *)arena_strndup(&d->k->arena, p, n);
	v->n = (u32)n;
}

void d_text(struct dis *d, unsigned f, u32 off, u32 len, const char *s, size_t n)
{
	d_made(d, f, off, len, s, n);
}

const struct val *pkt_find(const struct pkt *k, int layer, unsigned field)
{
	for (u32 i = 0; i < k->nvals; i++)
		if (k->vals[i].field == field && (layer < 0 || k->vals[i].layer == layer))
			return &k->vals[i];
	return NULL;
}

const struct val *pkt_get(const struct pkt *k, const struct layer *l, unsigned f)
{
	unsigned field = proto_base(l->proto) + f;
	u8 layer = (u8)(l - k->layers);

	for (u32 i = l->vals; i < k->nvals; i++)
		if (k->vals[i].field == field && k->vals[i].layer == layer)
			return &k->vals[i];
	return NULL;
}

u64 pkt_get_u(const struct pkt *k, const struct layer *l, unsigned f, u64 none)
{
	const struct val *v = pkt_get(k, l, f);

	return v != NULL ? v->u : none;
}

/* ---- marks ---- */

void d_mark(struct dis *d, enum mark kind, u32 off, const char *text)
{
	struct pkt *k = d->k;

	if (d->in_error && kind != MARK_DEPTH) /* a quoted packet is cut short by design */
		return;
	k->marks |= 1u << kind;
	for (unsigned i = 0; i < k->nmarks; i++)
		if (k->mark[i].kind == kind && k->mark[i].layer == d->at.layer)
			return;
	if (k->nmarks < PKT_MARKS)
		k->mark[k->nmarks++] = (struct pkt_mark) { (u8)kind, d->at.layer, off, text };
}

bool d_check(struct dis *d, const struct cur *c)
{
	switch ((enum cur_fail)c->fail) {
	case CUR_OK: return true;
	case CUR_CUT: d_mark(d, MARK_CUT, c->at, "the capture ends before this layer does"); break;
	case CUR_OVER:
		d_mark(d, MARK_MALFORMED, c->at, "the packet ends before this layer does");
		break;
	}
	return false;
}

/* ---- layers ---- */

void d_header_end(struct dis *d, const struct cur *c)
{
	struct layer *l = &d->k->layers[d->at.layer];

	if (l->len == 0)
		l->len = c->at - l->off;
}

/* Adds a layer that begins at c, whose protocol is `id`, with as yet no length. */
static inline struct layer *push_layer(struct dis *d, unsigned id, const struct cur *c)
{
	struct pkt *k = d->k;
	struct layer *l = &k->layers[k->nlayers];

	l->proto = (u16)id;
	l->depth = k->nlayers++;
	l->quoted = d->in_error != 0;
	l->by_type = 0;
	l->off = c->at;
	l->len = 0;
	l->vals = k->nvals;
	l->end = c->end;
	return l;
}

/* Reads the layer of protocol `id` at c: what the plan's `has` says of it is in `has`. */
static void read_layer(struct dis *d, unsigned id, struct cur *c, u8 has)
{
	const struct runner *r = &dispatch.runner[id];
	struct dis_at outer = d->at;
	struct layer *l = push_layer(d, id, c);

	d->at = (struct dis_at) {
		.want = d->plan->want + r->base / 64, .base = r->base, .layer = l->depth, .any = has
	};
	r->dissect(d, c);
	if (UNLIKELY(c->fail != CUR_OK))
		d_check(d, c);
	if (l->len == 0)
		l->len = c->at - l->off;
	l->end = c->end; /* the layer has drawn it in to what its length says */
	d->at = outer;
}

/* The same where it must be read; a leaf that nobody asks for is only noted. */
static inline void run(struct dis *d, unsigned id, struct cur *c)
{
	const struct runner *r = &dispatch.runner[id];
	u8 has = d->plan->has[r->owner];

	if (UNLIKELY(d->k->nlayers == PKT_LAYERS))
		d_mark(d, MARK_DEPTH, c->at, "more than 64 layers: the rest is not read");
	else if (r->leaf && !has && !d->plan->marks)
		push_layer(d, id, c)->len = cur_left(c);
	else
		read_layer(d, id, c, has);
}

static inline bool try(struct dis *d, enum table t, u32 value, struct cur *c)
{
	unsigned id = table_lookup(t, value);

	if (id == 0)
		return false;
	if (LIKELY(cur_wire_left(c) > 0))
		run(d, id - 1, c);
	return true;
}

bool d_try(struct dis *d, enum table t, u32 value, struct cur c)
{
	struct layer *l = &d->k->layers[d->at.layer];
	u32 at = c.at;

	if (!try(d, t, value, &c))
		return false;
	if (l->len == 0)
		l->len = at - l->off;
	return true;
}

void d_data(struct dis *d, struct cur c)
{
	d_header_end(d, &c);
	try(d, TBL_INNER, INNER_DATA, &c);
}

bool d_next(struct dis *d, enum table t, u32 value, struct cur c)
{
	d_header_end(d, &c);
	if (LIKELY(try(d, t, value, &c)))
		return true;
	try(d, TBL_INNER, INNER_DATA, &c);
	return false;
}

bool d_ethertype(struct dis *d, u16 type, struct cur c)
{
	unsigned id = table_lookup(TBL_ETHERTYPE, type);
	u8 layer = d->k->nlayers;

	d_header_end(d, &c);
	if (LIKELY(id != 0))
		run(d, id - 1, &c); /* even where nothing is left: the type promises something */
	else
		d_data(d, c);
	if (LIKELY(layer < d->k->nlayers))
		d->k->layers[layer].by_type = 1;
	return id != 0;
}

bool d_claimed(enum table t, u32 value)
{
	return table_lookup(t, value) != 0;
}

void d_next_port(struct dis *d, enum table t, u16 sport, u16 dport, struct cur c)
{
	u16 low = MIN(sport, dport), high = MAX(sport, dport);

	d_header_end(d, &c);
	if (cur_wire_left(&c) == 0 || (!d->plan->apps && t != TBL_UDP))
		return;
	if (try(d, t, low, &c) || try(d, t, high, &c) || !d->plan->apps)
		return;
	for (const u8 *h = t == TBL_TCP ? dispatch.heur_tcp : dispatch.heur_udp;
	     cur_left(&c) > 0 && *h != 0; h++) {
		const struct proto *p = dispatch.runner[*h - 1u].proto;

		if (t == TBL_TCP ? p->heur_tcp(d, c) : p->heur_udp(d, c)) {
			run(d, *h - 1u, &c);
			return;
		}
	}
	try(d, TBL_INNER, INNER_DATA, &c);
}

void d_scope(struct dis *d, enum scope kind, u64 value)
{
	d->scope = hash_mix(d->scope ^ (u64)kind << 56, value + 1);
}

const struct flow_view *d_flow_quoted(struct dis *d, u8 l4, const u8 *p, bool tcp)
{
	struct facts *x = &d->k->facts, own = *x;
	const struct flow_view *view = &d->k->flow;

	d->k->flow.known = false;
	if (d->plan->flow == NULL || d->ip_src == NULL)
		return view;
	*x = (struct facts) { .net = d->ip_version, .l4 = l4, .src = d->ip_src, .dst = d->ip_dst };
	x->sport = load_be16(p);
	x->dport = load_be16(p + 2);
	x->scope = d->scope;
	x->tcp.wscale = -1;
	if (tcp) {
		x->tcp.seq = load_be32(p + 4);
		x->tcp.ack = load_be32(p + 8);
		x->tcp.flags = load_be16(p + 12) & 0xfff;
	}
	d->k->quoted = true;
	d_flow(d);
	d->k->conv_reversed = !d->k->conv_reversed;
	*x = own;
	return view;
}

/* ---- checksums ---- */

u32 in_sum(const u8 *p, size_t n, u32 sum)
{
	u64 s = sum;

	for (; n >= 4; p += 4, n -= 4)
		s += load_be32(p);
	if (n >= 2) {
		s += load_be16(p);
		p += 2;
		n -= 2;
	}
	if (n > 0)
		s += (u32)*p << 8;
	while (s >> 16 != 0)
		s = (s & 0xffff) + (s >> 16);
	return (u32)s;
}

u32 d_pseudo_sum(const struct dis *d, u8 proto, u32 len)
{
	u32 n = d->ip_version == 6 ? 16 : 4;
	u8 rest[8] = { 0 };
	u32 sum;

	if (d->ip_src == NULL)
		return 0;
	sum = in_sum(d->ip_src, n, 0);
	sum = in_sum(d->ip_dst, n, sum);
	store_be32(rest, len);
	rest[7] = proto;
	return in_sum(rest, sizeof rest, sum);
}

/* ---- the whole packet ---- */

void pkt_decode(struct pkt *k, const struct frame *f, const struct plan *p)
{
	struct cur c = { .base = f->data, .end = f->caplen, .wire = f->len };
	struct dis d = { .k = k, .plan = p };
	struct facts *x = &k->facts;
	unsigned frame = dispatch.frame;

	assert(f->caplen <= f->len);
	k->frame = f;
	k->marks = 0;
	k->nlayers = 1; /* the frame's own, whose values come last but stand first */
	k->nmarks = 0;
	k->conv = PKT_NO_CONV;
	k->quoted = false;
	k->nvals = 0;
	if (k->arena.first != NULL)
		arena_reset(&k->arena);
	x->net = x->l4 = x->frag = x->l2 = 0;
	x->sport = x->dport = 0;
	x->scope = 0;
	x->payload_len = 0;
	k->layers[0] = (struct layer) { .proto = (u16)frame };
	d.at.base = (u16)proto_base(frame);
	d.at.want = p->want + d.at.base / 64;
	if ((f->link != LINK_ETHERNET || !quick_ethernet(&d, c)) &&
	    !d_try(&d, TBL_LINK, f->link, c))
		d_next(&d, TBL_INNER, INNER_LINK, c);
	k->layers[0].len = k->layers[0].end = f->caplen;
	if (p->has[frame]) {
		k->layers[0].vals = k->nvals;
		dispatch.runner[frame].dissect(&d, &c);
	}
	if (f->caplen < f->len)
		k->marks |= 1u << MARK_CUT;
}
