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
		tcp_series_see(&s->side[side], &g, seen);
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
	return s;
}

void series_free(struct series *s)
{
	if (s == NULL)
		return;
	for (int side = 0; side < 2; side++)
		tcp_series_fini(&s->side[side]);
	retrace_free(s->retrace);
	plan_fini(&s->plan);
	pkt_fini(&s->k);
	free(s);
}

void series_work(struct series *s, u64 passed, u32 most)
{
	u64 n;

	while (s->next < passed && most-- > 0) {
		struct frame f;

		n = tape_conv_first(s->tape, s->conv.id, s->next, passed);
		s->next = n < passed ? n + 1 : passed;
		if (n == passed)
			return;
		tape_frame(s->tape, n, &f);
		pkt_decode(&s->k, &f, &s->plan);
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

u32 series_conv(const struct series *s)
{
	return s->conv.id;
}

const struct tcp_series *series_side(const struct series *s, int side)
{
	return &s->side[side & 1];
}
