/* What drawings need of one conversation of the tape. */
#include "tape/series.h"

#include <stdlib.h>

struct series {
	const struct tape *tape;
	struct flow *flow;
	struct retrace *retrace;
	struct conv conv;
	u64 next; /* packet to look at, none of the conversation before it is missing */
	struct plan plan;
	struct pkt k;
	struct tcp_series side[2];
	struct tcp_series *into;     /* where segments go: side, or closer */
	struct tcp_series closer[2]; /* packets first..last; n 0: nothing */
	u32 first, last;
};

/* A layer of a packet: that of the conversation is taken. */
static void look(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct series *s = arg;
	const struct tcp_seen *seen;
	struct segment g;

	flow_look(s->flow, k, out);
	if (!out->known || out->id != s->conv.id || k->quoted)
		return;
	seen = retrace_seen(s->retrace, k->frame->number - 1);
	if (seen == NULL)
		return;
	segment_of(&g, k, out->reversed);
	for (int side = 0; side < 2; side++)
		tcp_series_see(&s->into[side], &g, seen);
}

struct series *series_new(const struct tape *tape, struct flow *fl, const struct trace *t,
			  const struct conv *c)
{
	struct series *s = xcalloc(1, sizeof *s);

	s->tape = tape;
	s->flow = fl;
	s->conv = *c;
	s->next = c->first - 1u; /* flow counts packets from 1 */
	s->retrace = retrace_new(tape, fl, t);
	plan_init(&s->plan);
	s->plan.flow = look;
	s->plan.flow_arg = s;
	pkt_init(&s->k);
	for (int side = 0; side < 2; side++)
		tcp_series_init(&s->side[side], side);
	s->into = s->side;
	return s;
}

void series_free(struct series *s)
{
	if (s == NULL)
		return;
	for (int side = 0; side < 2; side++) {
		tcp_series_fini(&s->side[side]);
		tcp_series_fini(&s->closer[side]);
	}
	retrace_free(s->retrace);
	plan_fini(&s->plan);
	pkt_fini(&s->k);
	free(s);
}

static void take(struct series *s, u64 n)
{
	struct frame f;

	tape_frame(s->tape, n, &f);
	pkt_decode(&s->k, &f, &s->plan);
}

void series_work(struct series *s, u64 passed, u32 most)
{
	u64 n;

	while (s->next < passed && most-- > 0) {
		n = tape_conv_first(s->tape, s->conv.id, s->next, passed);
		s->next = n < passed ? n + 1 : passed;
		if (n == passed)
			return;
		take(s, n);
	}
}

bool series_ready(const struct series *s, u64 passed)
{
	return s->next >= passed;
}

double series_part(const struct series *s, u64 passed)
{
	u64 first = s->conv.first - 1u;

	return passed > first ? MIN((double)(s->next - first) / (double)(passed - first), 1.0) : 1;
}

/* Numbers go on from what the columns before say. */
static void find_base(struct series *s, int side, u32 from)
{
	const struct tcp_series *all = &s->side[side];
	i64 rel = 1, acked = 1;

	for (u32 i = 0; i < from; i++) {
		const struct tcp_column *c = &all->col[i];

		if (tcp_range_any(c->span[SPAN_FRESH]))
			rel = c->span[SPAN_FRESH].hi;
		if (tcp_range_any(c->level[LEVEL_ACK]))
			acked = MAX(acked, c->level[LEVEL_ACK].hi);
	}
	/* Any number and its relative one do. */
	tcp_series_base(&s->closer[side], all->raw - (u32)(all->rel - rel), rel, acked);
}

const struct tcp_series *series_closer(struct series *s, int side, u32 from, u32 to)
{
	const struct tcp_series *all = &s->side[0];
	u64 segments = 0, end;
	u32 first, last;

	to = MIN(to, all->n);
	if (all->bin == 0 || from >= to)
		return NULL;
	for (u32 i = from; i < to && segments < SERIES_MAX; i++)
		segments += all->col[i].n;
	if (segments >= SERIES_MAX)
		return NULL;
	first = all->col[from].first;
	last = all->col[to - 1].last;
	if (s->closer[0].n > 0 && s->first == first && s->last == last)
		return &s->closer[side];
	s->first = first;
	s->last = last;
	for (int k = 0; k < 2; k++) {
		tcp_series_fini(&s->closer[k]);
		tcp_series_init(&s->closer[k], k);
		find_base(s, k, from);
	}
	s->into = s->closer;
	end = last; /* packets count from 1 there, from 0 here */
	for (u64 n = first - 1u; n < end; n = tape_conv_first(s->tape, s->conv.id, n + 1, end))
		take(s, n);
	s->into = s->side;
	return s->closer[0].n > 0 ? &s->closer[side] : NULL;
}

u32 series_conv(const struct series *s)
{
	return s->conv.id;
}

const struct tcp_series *series_side(const struct series *s, int side)
{
	return &s->side[side & 1];
}
