/* Verdicts at any packet: the segments of its conversation around it, kept while one asks for
 * neighbours. */
#include "tape/verdict.h"

#include "base/vec.h"

#include <stdlib.h>

struct judge {
	const struct tape *tape;
	struct retrace *retrace;
	u32 conv;   /* TAPE_NONE: nothing is kept */
	u64 passed; /* what had passed when it was made */
	bool point_known;
	bool from_begin, to_end; /* there is nothing before, or was nothing behind */
	struct tcp_point point;
	VEC(struct tcp_noted) v;
};

struct judge *judge_new(const struct tape *tape, struct retrace *r)
{
	struct judge *j = xcalloc(1, sizeof *j);

	j->tape = tape;
	j->retrace = r;
	j->conv = TAPE_NONE;
	return j;
}

void judge_free(struct judge *j)
{
	if (j == NULL)
		return;
	VEC_FREE(&j->v);
	free(j);
}

/* The place of packet n in what is kept, or of the first behind it. */
static size_t place_of(const struct judge *j, u64 n)
{
	size_t lo = 0, hi = j->v.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (j->v.v[mid].seg.number < n + 1)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Is packet n kept, with all around it that a verdict looks at? */
static bool holds(const struct judge *j, u32 conv, u64 n)
{
	size_t i = place_of(j, n);

	if (j->conv != conv || i == j->v.n || j->v.v[i].seg.number != n + 1)
		return false;
	if (i < TCP_VERDICT_PAST && !j->from_begin)
		return false;
	return j->v.n - i > TCP_VERDICT_AHEAD || (j->to_end && j->passed == tape_passed(j->tape));
}

/* The first packet of the window around n: half as much again as is needed, so that neighbours find
 * it too. */
static u64 first_of(struct judge *j, u64 n)
{
	u64 p = n, least = n > JUDGE_REACH ? n - JUDGE_REACH : 0;

	j->from_begin = false;
	for (unsigned i = 0; i < TCP_VERDICT_PAST * 3 / 2; i++) {
		u32 prev = tape_prev(j->tape, p);

		if (prev == TAPE_NONE || prev < least) {
			j->from_begin = true;
			break;
		}
		p = prev;
	}
	return p;
}

static bool note(struct judge *j, u64 n)
{
	const struct segment *s = retrace_segment(j->retrace, n);
	struct segment copy;

	if (s == NULL)
		return false;
	copy = *s;
	tcp_note(VEC_PUSH(&j->v), &copy, retrace_seen(j->retrace, n));
	return true;
}

/* The capture point, as known at packet n. */
static void find_point(struct judge *j, u64 n)
{
	const struct tcp_conn *c = retrace_conn(j->retrace, n);

	j->point_known = c != NULL && c->whole != NULL;
	if (j->point_known)
		j->point = c->whole->point;
}

static void collect(struct judge *j, u32 conv, u64 n)
{
	u64 passed = tape_passed(j->tape), to = MIN(passed, n + JUDGE_REACH), last = n;
	u64 first = first_of(j, n);
	bool told = j->conv == conv && j->point_known && j->point.over;
	unsigned behind = 0;

	j->conv = conv;
	j->passed = passed;
	j->to_end = false;
	j->v.n = 0;
	if (retrace_seen(j->retrace, first) == NULL)
		return; /* not of TCP */
	for (u64 p = first; behind <= TCP_VERDICT_AHEAD * 3 / 2;) {
		if (note(j, p))
			last = p;
		behind += p >= n;
		p = tape_conv_first(j->tape, conv, p + 1, to);
		if (p >= to) {
			j->to_end = true;
			break;
		}
	}
	if (!told)
		find_point(j, last);
}

bool judge_verdict(struct judge *j, u64 n, struct tcp_verdict *out)
{
	u32 conv = tape_conv(j->tape, n);
	size_t i;

	*out = (struct tcp_verdict) { 0 };
	if (conv == TAPE_NONE)
		return false;
	if (!holds(j, conv, n))
		collect(j, conv, n);
	i = place_of(j, n);
	if (i == j->v.n || j->v.v[i].seg.number != n + 1)
		return false;
	tcp_verdict(j->v.v, j->v.n, i, j->point_known ? &j->point : NULL, out);
	return true;
}
