/* What is drawn of one direction of a TCP conversation over time. */
#include "flow/tcp_series.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

static const struct tcp_range none = { INT64_MAX, INT64_MIN };

struct tcp_range tcp_range_join(struct tcp_range a, struct tcp_range b)
{
	return (struct tcp_range) { MIN(a.lo, b.lo), MAX(a.hi, b.hi) };
}

void tcp_series_init(struct tcp_series *s, int side)
{
	*s = (struct tcp_series) { .side = (u8)side, .begin = NS_NONE, .clock = NS_NONE };
	s->col = xcalloc(SERIES_MAX, sizeof *s->col);
}

void tcp_series_fini(struct tcp_series *s)
{
	free(s->col);
	s->col = NULL;
	s->n = 0;
}

void tcp_series_copy(struct tcp_series *to, const struct tcp_series *from)
{
	*to = *from;
	to->col = xcalloc(SERIES_MAX, sizeof *to->col);
	memcpy(to->col, from->col, from->n * sizeof *to->col);
}

void tcp_series_base(struct tcp_series *s, u32 raw, i64 rel, i64 acked)
{
	s->based = true;
	s->raw = raw;
	s->rel = rel;
	s->top = s->counted = MAX(acked, 1);
}

void tcp_series_forget(struct tcp_series *s)
{
	s->n = 0;
	s->bin = 0;
	s->segments = s->again = s->lost = 0;
	s->timed = false;
}

/* ---- columns ---- */

/* Adds a block to those of a column: what touches becomes one, and where there is no more room the
 * two that are nearest to each other do. They stay sorted. */
static void add_sack(struct tcp_column *c, struct tcp_range r)
{
	struct tcp_range v[PKT_SACKS + 1];
	u8 n = 0, i = 0;

	while (i < c->nsack && c->sack[i].hi < r.lo)
		v[n++] = c->sack[i++];
	while (i < c->nsack && c->sack[i].lo <= r.hi)
		r = tcp_range_join(r, c->sack[i++]);
	v[n++] = r;
	while (i < c->nsack)
		v[n++] = c->sack[i++];
	if (n > PKT_SACKS) {
		u8 best = 0;

		for (u8 k = 1; k + 1 < n; k++)
			if (v[k + 1].lo - v[k].hi < v[best + 1].lo - v[best].hi)
				best = k;
		v[best].hi = v[best + 1].hi;
		memmove(&v[best + 1], &v[best + 2], (size_t)(n - best - 2) * sizeof v[0]);
		n--;
	}
	memcpy(c->sack, v, n * sizeof v[0]);
	c->nsack = n;
}

/* b stands behind a. */
static void join(struct tcp_column *a, const struct tcp_column *b)
{
	a->t1 = b->t1;
	a->last = b->last;
	a->n += b->n;
	a->n_again += b->n_again;
	a->n_lost += b->n_lost;
	a->flags |= b->flags;
	for (int i = 0; i < SPAN_COUNT; i++)
		a->span[i] = tcp_range_join(a->span[i], b->span[i]);
	for (int i = 0; i < LEVEL_COUNT; i++) {
		a->level[i] = tcp_range_join(a->level[i], b->level[i]);
		if (tcp_range_any(b->level[i]))
			a->at[i] = b->at[i];
	}
	for (u8 i = 0; i < b->nsack; i++)
		add_sack(a, b->sack[i]);
	a->goodput += b->goodput;
	a->again += b->again;
	a->header += b->header;
}

/* Which stretch of time a column begins in. */
static u64 bin_of(const struct tcp_series *s, ns_t t)
{
	return ((u64)t - (u64)s->begin) / (u64)s->bin;
}

static void shrink(struct tcp_series *s)
{
	u64 span = (u64)s->clock - (u64)s->begin;

	s->bin = s->bin == 0 ? (ns_t)(span / SERIES_COLUMNS) + 1 : s->bin * 2;
	while (span / (u64)s->bin >= SERIES_COLUMNS)
		s->bin *= 2;
	for (u32 i = 0, n = s->n, k = 0; i < n; i++) {
		if (i > 0 && bin_of(s, s->col[i].t0) == bin_of(s, s->col[k].t0)) {
			join(&s->col[k], &s->col[i]);
			s->n--;
		} else if (i > 0) {
			s->col[++k] = s->col[i];
		}
	}
}

static void push(struct tcp_series *s, const struct tcp_column *c)
{
	if (s->bin > 0 && bin_of(s, c->t0) == bin_of(s, s->col[s->n - 1].t0)) {
		join(&s->col[s->n - 1], c);
		return;
	}
	s->col[s->n++] = *c;
	if (s->n == SERIES_MAX)
		shrink(s);
}

/* ---- one segment ---- */

static void set_level(struct tcp_column *c, enum tcp_level l, i64 v)
{
	c->level[l] = (struct tcp_range) { v, v };
	c->at[l] = v;
}

static void set_bytes(struct tcp_column *c, enum tcp_level l, u32 v)
{
	if (v != TCP_CONG_UNKNOWN)
		set_level(c, l, v);
}

static void set_time(struct tcp_column *c, enum tcp_level l, ns_t v)
{
	if (v != NS_NONE)
		set_level(c, l, v);
}

static i64 relative(const struct tcp_series *s, u32 seq)
{
	return s->rel + seq_diff(seq, s->raw);
}

/* Sequence numbers are relative to the SYN's; without one, the first byte that is known of is 1. */
static void find_base(struct tcp_series *s, const struct segment *g)
{
	if (g->side != s->side && (s->based || !(g->tcp.flags & TCP_ACK)))
		return;
	if (g->side == s->side && s->based && !(g->tcp.flags & TCP_SYN && s->top <= 1))
		return;
	s->based = true;
	s->raw = g->side != s->side ? g->tcp.ack : g->tcp.seq;
	s->rel = g->side == s->side && (g->tcp.flags & TCP_SYN) ? 0 : 1;
	s->top = s->counted = 1;
}

static bool was_sent_before(const struct tcp_seen *seen, int side)
{
	return seen->whole ? seen->cong[side].again
			   : seen->report.found &
				     (TCP_FOUND_RETRANSMISSION | TCP_FOUND_FAST_RETRANSMISSION |
				      TCP_FOUND_SPURIOUS_RETRANSMISSION);
}

/* This direction's own segment. */
static void sent(struct tcp_series *s, struct tcp_column *c, const struct segment *g,
		 const struct tcp_seen *seen)
{
	i64 from = relative(s, g->tcp.seq), to = from + (i64)(u32)(segment_end(g) - g->tcp.seq);
	bool again = was_sent_before(seen, s->side);

	c->header = g->header;
	c->flags = (g->tcp.flags & TCP_SYN ? COLUMN_SYN : 0) |
		   (g->tcp.flags & TCP_FIN ? COLUMN_FIN : 0) |
		   (g->tcp.flags & TCP_RST ? COLUMN_RST : 0);
	if (to == from)
		return;
	c->span[again ? SPAN_AGAIN : SPAN_FRESH] = (struct tcp_range) { from, to };
	c->n_again = again;
	c->again = again ? g->len : 0;
	s->again += again;
	if (g->lost) {
		c->span[SPAN_LOST] = (struct tcp_range) { from, to };
		c->n_lost = 1;
		s->lost++;
	}
	if (g->len > 0)
		s->top = MAX(s->top, from + (i64)g->len + (g->tcp.flags & TCP_SYN ? 1 : 0));
	if (!again) { /* what numbers are near to, so that they may wrap */
		s->raw = g->tcp.seq;
		s->rel = from;
	}
}

/* What the other side says of it. */
static void answered(struct tcp_series *s, struct tcp_column *c, const struct segment *g,
		     const struct tcp_seen *seen)
{
	u32 window = seen->whole ? seen->cong[s->side].rwnd : TCP_CONG_UNKNOWN;
	i64 ack, data;

	if (!s->based || !(g->tcp.flags & TCP_ACK) || g->lost || g->tcp.flags & TCP_RST)
		return;
	ack = relative(s, g->tcp.ack);
	data = MIN(ack, s->top);
	set_level(c, LEVEL_ACK, ack);
	if (window != TCP_CONG_UNKNOWN)
		set_level(c, LEVEL_WINDOW, ack + (i64)window);
	if (data > s->counted) {
		c->goodput = (u64)(data - s->counted);
		s->counted = data;
	}
	for (u8 i = 0; i < g->tcp.nsack && i < PKT_SACKS; i++) {
		i64 left = relative(s, g->tcp.sack[i].left);
		i64 right = left + seq_diff(g->tcp.sack[i].right, g->tcp.sack[i].left);

		if (left < right)
			add_sack(c, (struct tcp_range) { left, right });
	}
}

static void tracked(struct tcp_column *c, const struct tcp_cong_out *o)
{
	if (o->phase == TCP_PHASE_NONE)
		return;
	set_bytes(c, LEVEL_FLIGHT, o->flight);
	set_bytes(c, LEVEL_CWND, o->cwnd);
	set_bytes(c, LEVEL_SSTHRESH, o->ssthresh);
	set_bytes(c, LEVEL_RWND, o->rwnd);
	set_time(c, LEVEL_RTT, o->rtt);
	set_time(c, LEVEL_SRTT, o->srtt);
	if (o->srtt != NS_NONE)
		set_time(c, LEVEL_RTO, o->rto_linux);
}

/* The clock behind a segment. What stands before the first that has a time happened then. */
static void tick(struct tcp_series *s, ns_t ts)
{
	if (ts == NS_NONE) {
		if (s->n == 0)
			s->begin = s->clock = 0;
	} else if (!s->timed) {
		s->timed = true;
		s->begin = s->clock = ts;
		for (u32 i = 0; i < s->n; i++)
			s->col[i].t0 = s->col[i].t1 = ts;
	} else {
		s->clock = MAX(s->clock, ts);
	}
}

void tcp_series_see(struct tcp_series *s, const struct segment *g, const struct tcp_seen *seen)
{
	struct tcp_column c = { .first = g->number, .last = g->number, .n = 1 };

	if (seen->copy_of != 0)
		return;
	s->segments++;
	tick(s, g->ts);
	c.t0 = c.t1 = s->clock;
	for (int i = 0; i < SPAN_COUNT; i++)
		c.span[i] = none;
	for (int i = 0; i < LEVEL_COUNT; i++)
		c.level[i] = none;
	find_base(s, g);
	if (g->side == s->side)
		sent(s, &c, g, seen);
	else
		answered(s, &c, g, seen);
	if (seen->whole)
		tracked(&c, &seen->cong[s->side]);
	push(s, &c);
}

/* ---- reading ---- */

u32 tcp_series_before(const struct tcp_series *s, ns_t t)
{
	u32 lo = 0, hi = s->n;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (s->col[mid].t0 <= t)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

u32 tcp_series_until(const struct tcp_series *s, u32 number)
{
	u32 lo = 0, hi = s->n;

	while (lo < hi) {
		u32 mid = lo + (hi - lo) / 2;

		if (s->col[mid].first <= number)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

struct tcp_range tcp_series_level(const struct tcp_series *s, enum tcp_level l, u32 from, u32 to)
{
	struct tcp_range r = none;

	for (u32 i = from; i < to; i++)
		r = tcp_range_join(r, s->col[i].level[l]);
	return r;
}

struct tcp_range tcp_series_span(const struct tcp_series *s, enum tcp_span k, u32 from, u32 to)
{
	struct tcp_range r = none;

	for (u32 i = from; i < to; i++)
		r = tcp_range_join(r, s->col[i].span[k]);
	return r;
}

/* Adds a part of what a column holds to a bin. */
static void add_part(struct tcp_bytes *b, const struct tcp_column *c, double part)
{
	b->goodput += (double)c->goodput * part;
	b->again += (double)c->again * part;
	b->header += (double)c->header * part;
}

void tcp_series_bins(const struct tcp_series *s, u32 from, u32 to, ns_t t0, ns_t bin, u32 n,
		     struct tcp_bytes *out)
{
	double end = (double)bin * n;

	memset(out, 0, n * sizeof *out);
	for (u32 i = from; i < to; i++) {
		const struct tcp_column *c = &s->col[i];
		double a = (double)c->t0 - (double)t0, b = (double)c->t1 - (double)t0;

		if (b < 0 || a >= end)
			continue;
		if (c->t0 == c->t1) {
			add_part(&out[(u32)(a / (double)bin)], c, 1);
			continue;
		}
		for (u32 k = (u32)(MAX(a, 0) / (double)bin); k < n && (double)bin * k < b; k++) {
			double lo = MAX(a, (double)bin * k), hi = MIN(b, (double)bin * (k + 1));

			add_part(&out[k], c, (hi - lo) / (b - a));
		}
	}
}

const char *tcp_level_name(enum tcp_level l)
{
	switch (l) {
	case LEVEL_ACK: return "acknowledged";
	case LEVEL_WINDOW: return "receive window";
	case LEVEL_FLIGHT: return "in flight";
	case LEVEL_CWND: return "cwnd (est.)";
	case LEVEL_SSTHRESH: return "ssthresh (est.)";
	case LEVEL_RWND: return "receive window";
	case LEVEL_RTT: return "sample";
	case LEVEL_SRTT: return "SRTT";
	case LEVEL_RTO: return "RTO";
	case LEVEL_COUNT: break;
	}
	return "";
}
