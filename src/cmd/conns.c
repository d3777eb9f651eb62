/* The conversations of a capture: the pass that counts them, and their order. */
#include "cmd/conns.h"

#include "base/rand.h"
#include "packet/show.h"

#include <stdlib.h>

const char *const conns_order_names[] = {
	[BY_STREAM] = "stream",
	[BY_FROM] = "from",
	[BY_TO] = "to",
	[BY_SCOPE] = "scope",
	[BY_PACKETS] = "packets",
	[BY_PACKETS_OUT] = "packets-out",
	[BY_PACKETS_BACK] = "packets-back",
	[BY_BYTES] = "bytes",
	[BY_BYTES_OUT] = "bytes-out",
	[BY_BYTES_BACK] = "bytes-back",
	[BY_START] = "start",
	[BY_DURATION] = "duration",
	[BY_STATE] = "state",
	[BY_RETRANS] = "retrans",
	[BY_RTT] = "rtt",
	[BY_RTT_MIN] = "rtt-min",
	[BY_RTT_MAX] = "rtt-max",
	[BY_FLIGHT] = "flight",
	[BY_POINT] = "point",
	[BY_SEEN] = "seen",
	[ORDERS] = NULL,
};

/* ---- the pass ---- */

/* One of the packet's conversations, outermost first. */
static void see(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct conns *c = arg;
	struct flow *fl = c->in.flow;
	u32 before = flow_count(fl);
	unsigned i = c->ntouched;

	flow_see(fl, k, out);
	if (!out->known || i == PKT_LAYERS)
		return;
	if (out->id >= before) {
		u32 slot = out->id % flow_cap(fl);

		if (slot == c->extra.n)
			(void)VEC_PUSH(&c->extra);
		c->extra.v[slot] = (struct conns_extra) { .early = NS_NONE, .late = NS_NONE };
		c->any_fresh |= k->facts.scope != 0;
	}
	if (k->quoted)
		return;
	c->touched[i] = out->id % flow_cap(fl);
	c->side[i] = out->reversed;
	c->layer[i] = (u8)(k->nlayers - 1);
	c->fresh[i] = out->id >= before ? k->facts.scope : 0;
	c->ntouched++;
}

static void grow_scopes(struct conns *c)
{
	size_t n = MAX(c->scope_of.cap * 2, 64);

	VEC_FREE(&c->scope_of);
	VEC_RESERVE(&c->scope_of, n);
	c->scope_of.cap = c->scope_of.n = n;
	memset(c->scope_of.v, 0, n * sizeof *c->scope_of.v);
	for (u32 i = 1; i < c->scope.n; i++) {
		size_t at = (size_t)c->scope.v[i].hash & (n - 1);

		while (c->scope_of.v[at] != 0)
			at = (at + 1) & (n - 1);
		c->scope_of.v[at] = i;
	}
}

/* Where a scope stands in the table, or shall stand: *at; its index, 0 where it is new. */
static u32 find_scope(const struct conns *c, u64 hash, size_t *at)
{
	size_t mask = c->scope_of.n - 1;

	for (*at = (size_t)hash & mask; c->scope_of.v[*at] != 0; *at = (*at + 1) & mask)
		if (c->scope.v[c->scope_of.v[*at]].hash == hash)
			return c->scope_of.v[*at];
	return 0;
}

/* Names the scopes of the packet's new conversations. Its tunnels are not known by their numbers
 * without another look. */
static void name_scopes(struct conns *c, const struct frame *f)
{
	bool looked = false;

	for (unsigned i = 0; i < c->ntouched; i++) {
		struct txt t;
		size_t at;
		u32 s;

		if (c->fresh[i] == 0)
			continue;
		if (c->scope.n * 2 >= c->scope_of.n)
			grow_scopes(c);
		s = find_scope(c, c->fresh[i], &at);
		if (s == 0) {
			if (c->scope.n == 0)
				*VEC_PUSH(&c->scope) = (struct conns_scope) { 0 };
			if (!looked)
				pkt_decode(&c->in.k, f, &c->info);
			looked = true;
			txt_init(&t);
			show_scope(&t, &c->in.k, c->layer[i]);
			s = c->scope_of.v[at] = (u32)c->scope.n;
			*VEC_PUSH(&c->scope) =
				(struct conns_scope) { c->fresh[i], xstrndup(t.s, t.n) };
			txt_fini(&t);
		}
		c->extra.v[c->touched[i]].scope = s;
	}
}

static void count(struct conns_extra *x, const struct frame *f, int side, bool passes)
{
	x->bytes[side] += f->len;
	x->passes |= passes;
	if (f->ts == NS_NONE)
		return;
	if (x->early == NS_NONE || f->ts < x->early)
		x->early = f->ts;
	x->late = MAX(x->late, f->ts); /* NS_NONE is less than any time */
}

int conns_read(struct conns *c, struct progress *p, struct err *e)
{
	struct frame f;
	int r;

	c->plan.flow = see;
	c->plan.flow_arg = c;
	while ((r = supply_next(&c->in, &f, p, e)) > 0) {
		bool passes;

		c->ntouched = 0;
		c->any_fresh = false;
		pkt_decode(&c->in.k, &f, &c->plan);
		passes = c->filter == NULL || filter_match(c->filter, &c->in.k);
		for (unsigned i = 0; i < c->ntouched; i++)
			count(&c->extra.v[c->touched[i]], &f, c->side[i], passes);
		if (UNLIKELY(c->any_fresh))
			name_scopes(c, &f);
	}
	return r;
}

void conns_fini(struct conns *c)
{
	for (size_t i = 0; i < c->scope.n; i++)
		free(c->scope.v[i].name);
	VEC_FREE(&c->scope);
	VEC_FREE(&c->scope_of);
	VEC_FREE(&c->extra);
	VEC_FREE(&c->rows);
	plan_fini(&c->plan);
	plan_fini(&c->info);
	filter_free(c->filter);
	supply_fini(&c->in);
}

/* ---- rows ---- */

static void put_rtt(struct conns_row *r)
{
	const struct tcp_sum *s = &r->tcp;
	ns_t avg[2];
	int far;

	for (int i = 0; i < 2; i++)
		avg[i] = s->samples[i] > 0 ? s->rtt_sum[i] / s->samples[i] : NS_NONE;
	far = avg[1] > avg[0];
	r->rtt_avg = avg[far];
	r->rtt_min = avg[far] != NS_NONE ? s->rtt_min[far] : NS_NONE;
	r->rtt_max = avg[far] != NS_NONE ? s->rtt_max[far] : NS_NONE;
}

void conns_row(const struct conns *c, u32 id, struct conns_row *r)
{
	const struct tcp_conn *conn = flow_conn_of(c->in.flow, id);

	memset(r, 0, sizeof *r);
	flow_get(c->in.flow, id, &r->c);
	r->x = c->extra.v[id % flow_cap(c->in.flow)];
	r->scope = r->x.scope != 0 ? c->scope.v[r->x.scope].name : "";
	r->begin = c->in.k.first_ts;
	r->duration = tcp_rtt_span(r->x.early, r->x.late);
	if (conn != NULL) {
		tcp_conn_sum(conn, &r->tcp);
		r->completeness = conn->analysis.completeness;
	}
	put_rtt(r);
}

/* ---- order ---- */

static i64 sum(u64 a, u64 b)
{
	return (i64)MIN(a + b, (u64)INT64_MAX);
}

static i64 key_of(const struct conns_row *r, enum conns_order by)
{
	const struct conv *c = &r->c;
	bool tcp = c->l4 == 6;

	switch (by) {
	case BY_FROM:
	case BY_TO:
	case BY_SCOPE:
	case ORDERS: return 0; /* compared as what they are */
	case BY_STREAM: return (i64)c->l4 << 32 | c->stream;
	case BY_PACKETS: return sum(c->packets[0], c->packets[1]);
	case BY_PACKETS_OUT: return c->packets[0];
	case BY_PACKETS_BACK: return c->packets[1];
	case BY_BYTES: return sum(r->x.bytes[0], r->x.bytes[1]);
	case BY_BYTES_OUT: return sum(r->x.bytes[0], 0);
	case BY_BYTES_BACK: return sum(r->x.bytes[1], 0);
	case BY_START: return c->first;
	case BY_DURATION: return r->duration;
	case BY_STATE: return tcp ? r->tcp.state[0] * TCPS_COUNT + r->tcp.state[1] : NS_NONE;
	case BY_RETRANS: return tcp ? sum(r->tcp.again[0], r->tcp.again[1]) : NS_NONE;
	case BY_RTT: return r->rtt_avg;
	case BY_RTT_MIN: return r->rtt_min;
	case BY_RTT_MAX: return r->rtt_max;
	case BY_FLIGHT: return tcp ? MAX(r->tcp.max_flight[0], r->tcp.max_flight[1]) : NS_NONE;
	case BY_POINT: return tcp ? r->tcp.where : NS_NONE;
	case BY_SEEN: return tcp ? r->completeness : NS_NONE;
	}
	return 0;
}

/* Names and the like go from the first on, numbers from the largest. */
static bool ascends(enum conns_order by)
{
	return by <= BY_SCOPE || by == BY_START || by == BY_STATE || by == BY_POINT;
}

static int compare_ends(const struct conv *a, const struct conv *b, int side)
{
	int d = a->net - b->net;

	if (d == 0)
		d = memcmp(a->addr[side], b->addr[side], a->net == 6 ? 16 : 4);
	return d != 0 ? d : a->port[side] - b->port[side];
}

struct order {
	const struct conns *c;
	enum conns_order by;
	int sign;
};

static int compare_text(const struct order *o, u32 x, u32 y)
{
	struct conv a, b;
	u32 cap = flow_cap(o->c->in.flow), s, u;

	if (o->by == BY_SCOPE) {
		s = o->c->extra.v[x % cap].scope;
		u = o->c->extra.v[y % cap].scope;
		if (s == 0 || u == 0) /* those that have none come last */
			return o->sign * ((s == 0) - (u == 0));
		return strcmp(o->c->scope.v[s].name, o->c->scope.v[u].name);
	}
	flow_get(o->c->in.flow, x, &a);
	flow_get(o->c->in.flow, y, &b);
	return compare_ends(&a, &b, o->by == BY_TO);
}

static int compare(const void *p, const void *q, void *arg)
{
	const struct conns_key *a = p, *b = q;
	const struct order *o = arg;
	int d;

	if ((a->key == NS_NONE) != (b->key == NS_NONE))
		return a->key == NS_NONE ? 1 : -1;
	d = o->by == BY_FROM || o->by == BY_TO || o->by == BY_SCOPE
		    ? compare_text(o, a->id, b->id)
		    : (a->key > b->key) - (a->key < b->key);
	return d != 0 ? o->sign * d : (a->id > b->id) - (a->id < b->id);
}

void conns_sort(struct conns *c, enum conns_order by, bool reverse)
{
	struct order o = { c, by, ascends(by) != reverse ? 1 : -1 };
	const struct flow *fl = c->in.flow;

	for (u32 id = flow_evicted(fl), n = flow_count(fl); id < n; id++) {
		struct conns_row r;
		struct conv v;

		if (!c->extra.v[id % flow_cap(fl)].passes || !flow_get(fl, id, &v))
			continue;
		/* What nothing but an error quotes was not seen itself. */
		if ((c->l4 != 0 && v.l4 != c->l4) || v.packets[0] + v.packets[1] == 0)
			continue;
		*VEC_PUSH(&c->rows) = (struct conns_key) { id, id };
		if (by != BY_START) {
			conns_row(c, id, &r);
			c->rows.v[c->rows.n - 1].key = key_of(&r, by);
		}
	}
	if (c->rows.n > 0 && (by != BY_START || reverse))
		qsort_r(c->rows.v, c->rows.n, sizeof *c->rows.v, compare, &o);
}
