/* What must hold for every decoded packet, whatever its bytes. */
#include "decode_check.h"

#include "base/err.h"
#include "packet/registry.h"
#include "packet/show.h"

#if defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(cond) ((cond) ? (void)0 : broken(#cond, __LINE__))

enum { MAX_DEPTH = 24 };

struct decode_check {
	struct pkt k, again;
	struct plan all, none, line, sums;
	struct plan
		*one; /* per protocol: wants its fields and nothing else; made when first needed */
	struct txt t;
};

/* Told with a failure: what was being looked at. */
static const char *looking_at = "";
static const struct frame *at;

static void broken(const char *what, int line)
{
	fprintf(stderr, "decode_check.c:%d: not so: %s (%s, packet %llu cut to %u of %u bytes)\n",
		line, what, looking_at, (unsigned long long)at->number, at->caplen, at->len);
	abort();
}

struct decode_check *decode_check_new(void)
{
	struct decode_check *c = xcalloc(1, sizeof *c);

	pkt_init(&c->k);
	pkt_init(&c->again);
	plan_init(&c->all);
	plan_want_all(&c->all);
	plan_init(&c->none);
	plan_init(&c->line);
	plan_want_info(&c->line);
	plan_init(&c->sums);
	plan_want_all(&c->sums);
	c->sums.checksums = true;
	c->one = xcalloc(registry_nprotos(), sizeof *c->one);
	txt_init(&c->t);
	return c;
}

void decode_check_free(struct decode_check *c)
{
	pkt_fini(&c->k);
	pkt_fini(&c->again);
	plan_fini(&c->all);
	plan_fini(&c->none);
	plan_fini(&c->line);
	plan_fini(&c->sums);
	for (unsigned i = 0; i < registry_nprotos(); i++)
		plan_fini(&c->one[i]);
	free(c->one);
	txt_fini(&c->t);
	free(c);
}

static void check_layers(const struct pkt *k)
{
	u32 caplen = k->frame->caplen;

	CHECK(k->nlayers >= 1 && k->nlayers <= PKT_LAYERS && k->nmarks <= PKT_MARKS);
	for (unsigned i = 0; i < k->nlayers; i++) {
		const struct layer *l = &k->layers[i];

		CHECK(l->proto < registry_nprotos());
		looking_at = proto_get(l->proto)->name;
		CHECK(l->depth == i);
		CHECK(l->off <= caplen && l->len <= caplen - l->off);
		CHECK(l->end <= caplen);
		CHECK(l->vals <= k->nvals);
	}
	for (unsigned i = 0; i < k->nmarks; i++) {
		looking_at = k->mark[i].text;
		CHECK(k->mark[i].kind < MARK_COUNT && k->mark[i].layer < k->nlayers);
		CHECK(k->marks >> k->mark[i].kind & 1);
		CHECK(k->mark[i].off <= k->frame->len);
	}
}

/* A number in hex must fit its digits. (In decimal, what is computed from a byte may be more than a
 * byte and keep Wireshark's type.) */
static bool number_fits(const struct field *f, const struct val *v)
{
	unsigned bits = ftype_int_size(f->type) * 8;

	if (f->type == FT_BOOL)
		return v->u <= 1;
	if ((f->base != FB_HEX && f->base != FB_HEX_DEC) || bits == 0 || bits == 64)
		return true;
	return v->u >> bits == 0;
}

/* Is the value bytes that stand elsewhere? */
static bool has_bytes(u8 type)
{
	return type == FT_IPV6 || type == FT_ETHER || type == FT_EUI64 || type == FT_BYTES ||
	       type == FT_STRING;
}

/* A sanitizer knows at once whether all of it is; otherwise there is nothing to find. */
static bool readable(const u8 *p, u32 n)
{
#if defined __SANITIZE_ADDRESS__
	return __asan_region_is_poisoned((void *)(uintptr_t)p, n) == NULL;
#else
	return p != NULL || n == 0;
#endif
}

static void check_values(const struct pkt *k)
{
	u32 caplen = k->frame->caplen;

	for (u32 i = 0; i < k->nvals; i++) {
		const struct val *v = &k->vals[i];
		const struct field *f = field_get(v->field);

		CHECK(f != NULL);
		looking_at = f->name;
		CHECK(f->any == NULL);
		CHECK(v->layer < k->nlayers && v->depth < MAX_DEPTH);
		CHECK(v->off <= caplen && v->len <= caplen - v->off);
		CHECK(number_fits(f, v));
		CHECK(f->type != FT_IPV6 || v->n == 16);
		CHECK(f->type != FT_ETHER || v->n == 6);
		CHECK(f->type != FT_EUI64 || v->n == 8);
		CHECK(!has_bytes(f->type) || readable(v->p, v->n));
	}
}

/* Nothing that a terminal might obey. */
static void check_text(struct txt *t)
{
	for (size_t i = 0; i < t->n; i++)
		CHECK((u8)t->s[i] >= ' ' && t->s[i] != 0x7f);
	txt_clear(t);
}

static void check_line(struct decode_check *c)
{
	looking_at = "the list line";
	show_tunnels(&c->t, &c->k);
	show_src(&c->t, &c->k, true);
	show_dst(&c->t, &c->k, true);
	txt_puts(&c->t, show_protocol(&c->k));
	show_info(&c->t, &c->k);
	show_marks(&c->t, &c->k);
	check_text(&c->t);
}

static void check_texts(struct decode_check *c)
{
	const struct pkt *k = &c->k;

	for (u32 i = 0; i < k->nvals; i++) {
		looking_at = field_get(k->vals[i].field)->name;
		show_value(&c->t, k, &k->vals[i]);
		check_text(&c->t);
		show_tree(&c->t, k, &k->vals[i]);
		check_text(&c->t);
		show_json(&c->t, k, &k->vals[i]);
		check_text(&c->t);
	}
	for (unsigned i = 0; i < k->nlayers; i++) {
		looking_at = proto_get(k->layers[i].proto)->name;
		show_layer(&c->t, k, &k->layers[i]);
		check_text(&c->t);
	}
	check_line(c);
}

static void check_same(const struct pkt *a, const struct pkt *b)
{
	looking_at = "decoded twice";
	CHECK(a->nlayers == b->nlayers && a->nvals == b->nvals && a->marks == b->marks);
	for (u32 i = 0; i < a->nvals; i++) {
		const struct val *v = &a->vals[i], *w = &b->vals[i];

		CHECK(v->field == w->field && v->layer == w->layer && v->depth == w->depth);
		CHECK(v->off == w->off && v->len == w->len && v->n == w->n);
	}
}

/* What the tracker reads must not depend on what somebody wants to see. */
static void check_facts(const struct facts *a, const struct facts *b)
{
	looking_at = "facts with another plan";
	CHECK(a->net == b->net && a->l4 == b->l4 && a->frag == b->frag && a->l2 == b->l2);
	CHECK(a->net == 0 || (a->src == b->src && a->dst == b->dst));
	CHECK(!a->l2 || (a->eth_src == b->eth_src && a->eth_dst == b->eth_dst));
	CHECK(a->sport == b->sport && a->dport == b->dport && a->scope == b->scope);
	if (a->l4 == 0)
		return;
	CHECK(a->l4_off == b->l4_off && a->payload_off == b->payload_off &&
	      a->payload_len == b->payload_len);
	if (a->l4 != 6)
		return;
	CHECK(a->tcp.seq == b->tcp.seq && a->tcp.ack == b->tcp.ack);
	CHECK(a->tcp.flags == b->tcp.flags && a->tcp.win == b->tcp.win);
	CHECK(a->tcp.mss == b->tcp.mss && a->tcp.wscale == b->tcp.wscale);
	CHECK(a->tcp.nsack == b->tcp.nsack && a->tcp.has_ts == b->tcp.has_ts);
}

/* Layers found by a plan that wants less are those of the whole decode, but for what ports carry.
 */
static void check_fewer_layers(const struct pkt *all, const struct pkt *k)
{
	unsigned j = 0;

	for (unsigned i = 0; i < k->nlayers; i++, j++) {
		const struct layer *l = &k->layers[i], *m = &all->layers[j];
		bool leaf = proto_get(l->proto)->flags & PROTO_LEAF;

		looking_at = proto_get(l->proto)->name;
		while (j < all->nlayers && (m->proto != l->proto || m->off != l->off))
			m = &all->layers[++j];
		CHECK(j < all->nlayers);
		CHECK(l->by_type == m->by_type && l->quoted == m->quoted);
		CHECK(leaf || (l->len == m->len && l->end == m->end));
	}
}

/* Whoever asks for one protocol's fields alone gets what he would get among all others. */
static void check_one(struct decode_check *c, unsigned proto)
{
	struct plan *p = &c->one[proto];
	const struct pkt *k = &c->k, *again = &c->again;
	u32 j = 0;

	if (p->want == NULL) {
		plan_init(p);
		for (unsigned f = 0; f < proto_get(proto)->nfields; f++)
			plan_want(p, field_number(proto, f));
	}
	pkt_decode(&c->again, k->frame, p);
	check_fewer_layers(k, again);
	for (u32 i = 0; i < k->nvals; i++) {
		const struct val *v = &k->vals[i], *w = &again->vals[j];

		if (field_proto(v->field) != proto)
			continue;
		looking_at = field_get(v->field)->name;
		CHECK(j < again->nvals && v->field == w->field && v->depth == w->depth);
		CHECK(v->off == w->off && v->len == w->len && v->n == w->n);
		CHECK(has_bytes(field_get(v->field)->type) ? memcmp(v->p, w->p, v->n) == 0
							   : v->u == w->u);
		j++;
	}
	looking_at = proto_get(proto)->name;
	CHECK(j == again->nvals);
}

void decode_check_frame(struct decode_check *c, const struct frame *f, bool text)
{
	at = f;
	pkt_decode(&c->k, f, &c->all);
	check_layers(&c->k);
	check_values(&c->k);
	if (text)
		check_texts(c);
	pkt_decode(&c->again, f, &c->all);
	check_same(&c->k, &c->again);
	pkt_decode(&c->again, f, &c->none);
	check_layers(&c->again);
	CHECK(c->again.nvals == 0);
	check_fewer_layers(&c->k, &c->again);
	check_facts(&c->k.facts, &c->again.facts);
	for (unsigned i = 0; i < c->k.nlayers; i++)
		if (proto_get(c->k.layers[i].proto)->nfields > 0)
			check_one(c, c->k.layers[i].proto);
	pkt_decode(&c->again, f, &c->sums);
	check_values(&c->again);
	check_facts(&c->k.facts, &c->again.facts);
	if (!text)
		return;
	pkt_decode(&c->k, f, &c->line);
	check_values(&c->k);
	check_line(c);
}

const struct pkt *decode_check_quick(struct decode_check *c, const struct frame *f)
{
	at = f;
	pkt_decode(&c->k, f, &c->all);
	check_layers(&c->k);
	check_values(&c->k);
	return &c->k;
}
