/* The trackers of one TCP connection. */
#include "flow/tcp_conn.h"

#include "base/err.h"

#include <stdlib.h>

static struct tcp_whole *whole_new(const struct tcp_ends *before, bool swapped)
{
	struct tcp_whole *w = xcalloc(1, sizeof *w);

	tcp_copies_init(&w->copies);
	tcp_point_init(&w->point);
	tcp_ends_init(&w->ends, before, swapped);
	for (int side = 0; side < 2; side++)
		tcp_cong_init(&w->cong[side], side);
	return w;
}

static void whole_free(struct tcp_whole *w)
{
	if (w == NULL)
		return;
	for (int side = 0; side < 2; side++)
		tcp_cong_fini(&w->cong[side]);
	free(w);
}

void tcp_conn_init(struct tcp_conn *c, bool whole, bool reused, const struct tcp_ends *before,
		   bool swapped)
{
	*c = (struct tcp_conn) { .reused = reused };
	tcp_analysis_init(&c->analysis, reused);
	if (whole)
		c->whole = whole_new(before, swapped);
}

void tcp_conn_fini(struct tcp_conn *c)
{
	tcp_analysis_fini(&c->analysis);
	whole_free(c->whole);
	free(c->sum);
	c->whole = NULL;
	c->sum = NULL;
}

void tcp_conn_copy(struct tcp_conn *to, const struct tcp_conn *from)
{
	*to = (struct tcp_conn) { .segments = from->segments, .reused = from->reused };
	tcp_analysis_copy(&to->analysis, &from->analysis);
	if (from->whole != NULL) {
		to->whole = xmalloc(sizeof *to->whole);
		*to->whole = *from->whole;
		for (int side = 0; side < 2; side++)
			tcp_cong_copy(&to->whole->cong[side], &from->whole->cong[side]);
	}
	if (from->sum != NULL) {
		to->sum = xmalloc(sizeof *to->sum);
		*to->sum = *from->sum;
	}
}

size_t tcp_conn_size(const struct tcp_conn *c)
{
	size_t n = sizeof *c + tcp_analysis_extra(&c->analysis);

	if (c->whole != NULL)
		n += sizeof *c->whole - sizeof c->whole->cong +
		     tcp_cong_size(&c->whole->cong[0]) + tcp_cong_size(&c->whole->cong[1]);
	return n + (c->sum != NULL ? sizeof *c->sum : 0);
}

/* Where everything stands, with nothing done. */
static void stand(const struct tcp_whole *w, struct tcp_seen *out)
{
	tcp_ends_now(&w->ends, &out->ends);
	for (int side = 0; side < 2; side++)
		tcp_cong_now(&w->cong[side], &out->cong[side]);
}

static void see_whole(struct tcp_whole *w, const struct segment *s, struct tcp_seen *out)
{
	out->copy_of = tcp_copies_see(&w->copies, s);
	if (UNLIKELY(out->copy_of != 0)) {
		w->copied++;
		stand(w, out);
		return;
	}
	if (UNLIKELY(!w->point.over) && tcp_point_see(&w->point, s))
		for (int side = 0; side < 2; side++)
			tcp_cong_point(&w->cong[side], tcp_point_lag(&w->point, side));
	tcp_ends_see(&w->ends, s, &out->ends);
	for (int side = 0; side < 2; side++)
		tcp_cong_see(&w->cong[side], s, &out->cong[side]);
	w->again[s->side] += out->cong[s->side].again;
}

void tcp_conn_see(struct tcp_conn *c, const struct segment *s, struct tcp_seen *out)
{
	c->segments++;
	tcp_analysis_see(&c->analysis, s, &out->report);
	if (c->sum != NULL && c->whole == NULL) {
		c->whole = whole_new(NULL, false);
		c->sum->partly = true;
	}
	out->whole = c->whole != NULL;
	out->copy_of = 0;
	if (c->whole != NULL)
		see_whole(c->whole, s, out);
}

void tcp_conn_silent(const struct tcp_conn *c, struct tcp_seen *out)
{
	*out = (struct tcp_seen) { .whole = c->whole != NULL };
	out->report.completeness = c->analysis.completeness;
	if (c->whole != NULL)
		stand(c->whole, out);
}

static bool is_over(u8 state)
{
	return state == TCPS_CLOSED || state == TCPS_TIME_WAIT;
}

bool tcp_conn_over(const struct tcp_conn *c)
{
	return c->whole != NULL && is_over(c->whole->ends.end[0].state) &&
	       is_over(c->whole->ends.end[1].state);
}

static void add_side(struct tcp_sum *sum, int side, const struct tcp_whole *w)
{
	const struct tcp_cong *c = &w->cong[side];
	const struct tcp_rtt *r = &c->rtt;

	sum->state[side] = w->ends.end[side].state;
	sum->again[side] += w->again[side];
	sum->goodput[side] += c->goodput;
	sum->again_bytes[side] += c->again_bytes;
	sum->header_bytes[side] += c->header_bytes;
	sum->max_flight[side] = MAX(sum->max_flight[side], c->max_flight);
	if (r->samples == 0)
		return;
	sum->rtt_min[side] = sum->samples[side] == 0 ? r->min : MIN(sum->rtt_min[side], r->min);
	sum->rtt_max[side] = MAX(sum->rtt_max[side], r->max);
	sum->rtt_sum[side] += r->sum;
	sum->samples[side] += r->samples;
}

void tcp_conn_sum(const struct tcp_conn *c, struct tcp_sum *out)
{
	*out = c->sum != NULL ? *c->sum : (struct tcp_sum) { 0 };
	if (c->whole == NULL)
		return;
	out->copies += c->whole->copied;
	if (c->sum == NULL)
		out->where = c->whole->point.where;
	for (int side = 0; side < 2; side++)
		add_side(out, side, c->whole);
}

void tcp_conn_shrink(struct tcp_conn *c)
{
	struct tcp_sum sum;

	if (c->whole == NULL)
		return;
	tcp_conn_sum(c, &sum);
	if (c->sum == NULL)
		c->sum = xmalloc(sizeof *c->sum);
	*c->sum = sum;
	whole_free(c->whole);
	c->whole = NULL;
}
