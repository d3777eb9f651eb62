/* States of connections at any packet. */
#include "tape/trace.h"

#include "base/vec.h"
#include "tape/grow.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is kept ---- */

enum {
	STEP = 512,   /* segments of a connection between two copies of its state */
	LARGE = 4096, /* copies of so many bytes are made four times as rarely */
	HUGE = 32768, /* and these sixteen times */
};

struct unusual {
	u32 packet;
	u32 found; /* enum tcp_finding, enum trace_flag */
};

struct checkpoint {
	u32 packet;   /* the state is that behind it... */
	bool initial; /* ... or before it: the connection's first, which began with what was known
			 of its ends */
	u32 conv;
	struct tcp_conn *state;
};

struct trace {
	struct grow unusual, checkpoints; /* both in order of packets */
	_Atomic u64 copied;		  /* bytes of the states */
};

struct trace *trace_new(void)
{
	struct trace *t = xcalloc(1, sizeof *t);

	grow_init(&t->unusual, sizeof(struct unusual));
	grow_init(&t->checkpoints, sizeof(struct checkpoint));
	return t;
}

static const struct unusual *unusual_at(const struct trace *t, u64 i)
{
	return grow_at(&t->unusual, i);
}

static const struct checkpoint *checkpoint_at(const struct trace *t, u64 i)
{
	return grow_at(&t->checkpoints, i);
}

void trace_free(struct trace *t)
{
	if (t == NULL)
		return;
	for (u64 i = 0; i < grow_count(&t->checkpoints); i++) {
		tcp_conn_fini(checkpoint_at(t, i)->state);
		free(checkpoint_at(t, i)->state);
	}
	grow_fini(&t->unusual);
	grow_fini(&t->checkpoints);
	free(t);
}

/* Is it time to keep the state? */
static bool due(const struct tcp_conn *c)
{
	size_t size;

	if (c->segments % STEP != 0)
		return false;
	size = tcp_conn_size(c);
	return c->segments % (size < LARGE ? STEP : size < HUGE ? STEP * 4 : STEP * 16) == 0;
}

u32 trace_flags(const struct tcp_seen *s)
{
	u32 found = s->report.found;

	if (!s->whole)
		return found;
	found |= s->copy_of != 0 ? TRACE_COPY : 0;
	found |= s->ends.nedges > 0 ? TRACE_STATE : 0;
	found |= s->ends.faults != 0 ? TRACE_FAULT : 0;
	for (int side = 0; side < 2; side++)
		found |= s->cong[side].why != TCP_WHY_NONE ? TRACE_PHASE : 0;
	return found;
}

static void keep(struct trace *t, u64 n, const struct flow *fl, const struct tcp_conn *c,
		 bool initial)
{
	struct checkpoint p = { .packet = (u32)n, .initial = initial };
	u32 prev;

	p.conv = flow_last(fl, &prev);
	p.state = xmalloc(sizeof *p.state);
	tcp_conn_copy(p.state, c);
	t->copied += tcp_conn_size(p.state);
	grow_push(&t->checkpoints, &p);
}

void trace_note(struct trace *t, u64 n, const struct flow *fl)
{
	const struct tcp_conn *c = flow_conn(fl), *initial = flow_initial(fl);
	u32 found;

	if (c == NULL)
		return;
	found = trace_flags(flow_seen(fl));
	if (found != 0)
		grow_push(&t->unusual, &(struct unusual) { (u32)n, found });
	if (UNLIKELY(initial != NULL))
		keep(t, n, fl, initial, true);
	if (UNLIKELY(due(c)))
		keep(t, n, fl, c, false);
}

/* How many of the unusual packets lie before packet n. */
static u64 unusual_before(const struct trace *t, u64 n)
{
	u64 lo = 0, hi = grow_count(&t->unusual);

	while (lo < hi) {
		u64 mid = lo + (hi - lo) / 2;

		if (unusual_at(t, mid)->packet < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

u32 trace_found(const struct trace *t, u64 n)
{
	u64 i = unusual_before(t, n);

	return i < grow_count(&t->unusual) && unusual_at(t, i)->packet == n
		       ? unusual_at(t, i)->found
		       : 0;
}

u64 trace_next(const struct trace *t, u64 n, u32 found)
{
	u64 count = grow_count(&t->unusual);

	for (u64 i = unusual_before(t, n); i < count; i++)
		if (unusual_at(t, i)->found & found)
			return unusual_at(t, i)->packet;
	return TAPE_NONE;
}

u64 trace_prev(const struct trace *t, u64 n, u32 found)
{
	for (u64 i = unusual_before(t, n); i-- > 0;)
		if (unusual_at(t, i)->found & found)
			return unusual_at(t, i)->packet;
	return TAPE_NONE;
}

u64 trace_next_of(const struct trace *t, const struct tape *tape, u32 conv, u64 n, u64 last,
		  u32 found)
{
	u64 count = grow_count(&t->unusual);

	for (u64 i = unusual_before(t, n); i < count; i++) {
		const struct unusual *u = unusual_at(t, i);

		if (u->packet > last)
			break;
		if ((u->found & found) && tape_conv(tape, u->packet) == conv)
			return u->packet;
	}
	return TAPE_NONE;
}

u64 trace_prev_of(const struct trace *t, const struct tape *tape, u32 conv, u64 n, u64 first,
		  u32 found)
{
	for (u64 i = unusual_before(t, n); i-- > 0;) {
		const struct unusual *u = unusual_at(t, i);

		if (u->packet < first)
			break;
		if ((u->found & found) && tape_conv(tape, u->packet) == conv)
			return u->packet;
	}
	return TAPE_NONE;
}

u64 trace_size(const struct trace *t)
{
	return sizeof *t + grow_count(&t->unusual) * sizeof(struct unusual) +
	       grow_count(&t->checkpoints) * sizeof(struct checkpoint) + t->copied;
}

/* The last checkpoint at or before packet n, + 1. */
static u64 checkpoints_until(const struct trace *t, u64 n)
{
	u64 lo = 0, hi = grow_count(&t->checkpoints);

	while (lo < hi) {
		u64 mid = lo + (hi - lo) / 2;

		if (checkpoint_at(t, mid)->packet <= n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* ---- the way back ---- */

enum {
	STRETCHES = 64,
	STRETCH_MAX = 16384, /* packets in one: when it is full it is begun anew */
	WALK_MAX = 20000,    /* packets that are walked over: more than lie between two checkpoints,
				those that ICMP errors quote and that do not count included */
};

struct step {
	u32 packet;
	struct tcp_seen seen;
	struct segment seg; /* number 0: it did not travel */
};

/* Packets of one connection that follow each other. */
struct stretch {
	u32 conv;
	u64 used; /* when, 0: empty */
	VEC(struct step) steps;
	struct tcp_conn before, behind; /* states in front of the first, behind the last */
};

struct retrace {
	const struct tape *tape;
	struct flow *flow;
	const struct trace *trace;
	struct stretch stretch[STRETCHES];
	u64 clock;
	VEC(u32) walk; /* packets to be replayed, the last one first */
	struct plan plan;
	struct pkt k;
	struct tcp_conn at; /* what retrace_conn said... */
	bool at_known;	    /* ... of this packet */
	u32 at_conv, at_packet;
	/* The replay under way. */
	u32 conv;
	struct tcp_conn *conn;
	struct tcp_seen *seen;
	struct segment seg;
};

/* A TCP layer of a packet that is replayed. */
static void replay_layer(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct retrace *r = arg;

	flow_look(r->flow, k, out);
	if (!out->known || out->id != r->conv)
		return;
	if (k->quoted) {
		tcp_conn_silent(r->conn, r->seen);
		return;
	}
	segment_of(&r->seg, k, out->reversed);
	tcp_conn_see(r->conn, &r->seg, r->seen);
}

struct retrace *retrace_new(const struct tape *tape, struct flow *fl, const struct trace *t)
{
	struct retrace *r = xcalloc(1, sizeof *r);

	r->tape = tape;
	r->flow = fl;
	r->trace = t;
	plan_init(&r->plan);
	r->plan.flow = replay_layer;
	r->plan.flow_arg = r;
	pkt_init(&r->k);
	tcp_conn_init(&r->at, false, false, NULL, false);
	return r;
}

static void stretch_clear(struct stretch *s)
{
	if (s->used == 0)
		return;
	tcp_conn_fini(&s->before);
	tcp_conn_fini(&s->behind);
	s->steps.n = 0;
	s->used = 0;
}

void retrace_free(struct retrace *r)
{
	if (r == NULL)
		return;
	for (unsigned i = 0; i < STRETCHES; i++) {
		stretch_clear(&r->stretch[i]);
		VEC_FREE(&r->stretch[i].steps);
	}
	VEC_FREE(&r->walk);
	tcp_conn_fini(&r->at);
	plan_fini(&r->plan);
	pkt_fini(&r->k);
	free(r);
}

/* What packet n does to state c of connection `conv`. */
static void replay(struct retrace *r, u32 conv, struct tcp_conn *c, u32 n, struct tcp_seen *out)
{
	struct frame f;

	*out = (struct tcp_seen) { 0 };
	r->conv = conv;
	r->conn = c;
	r->seen = out;
	r->seg.number = 0;
	tape_frame(r->tape, n, &f);
	pkt_decode(&r->k, &f, &r->plan);
}

/* The stretch of a connection, or the one that was not used for the longest time. */
static struct stretch *stretch_of(struct retrace *r, u32 conv)
{
	struct stretch *oldest = &r->stretch[0];

	for (unsigned i = 0; i < STRETCHES; i++) {
		struct stretch *s = &r->stretch[i];

		if (s->used != 0 && s->conv == conv)
			return s;
		if (s->used < oldest->used)
			oldest = s;
	}
	return oldest;
}

static bool is_initial(const struct checkpoint *c, u32 packet, u32 conv)
{
	return c->initial && c->packet == packet && c->conv == conv;
}

/* Collects the packets of a connection from n back to where its state is known: behind packet
 * `known` (TAPE_NONE: not), at a checkpoint, which is given, or at its beginning. False where
 * neither is found. */
static bool walk_back(struct retrace *r, u32 conv, u64 n, u32 known, const struct checkpoint **cp,
		      bool *reached)
{
	u64 i = checkpoints_until(r->trace, n);

	*cp = NULL;
	*reached = false;
	r->walk.n = 0;
	for (u32 p = (u32)n; p != TAPE_NONE && tape_conv(r->tape, p) == conv;
	     p = tape_prev(r->tape, p)) {
		if (p == known) {
			*reached = true;
			return true;
		}
		while (i > 0 && checkpoint_at(r->trace, i - 1)->packet > p)
			i--;
		if (i > 0 && is_initial(checkpoint_at(r->trace, i - 1), p, conv)) {
			*cp = checkpoint_at(r->trace, i - 1);
			*VEC_PUSH(&r->walk) = p;
			return true;
		}
		/* The checkpoint's own packet is asked for: its report is from what is before. */
		if (p != n && i > 0 && checkpoint_at(r->trace, i - 1)->packet == p &&
		    checkpoint_at(r->trace, i - 1)->conv == conv) {
			*cp = checkpoint_at(r->trace, i - 1);
			return true;
		}
		if (r->walk.n == WALK_MAX)
			return false;
		*VEC_PUSH(&r->walk) = p;
	}
	return true;
}

/* Replays what was walked over, behind what the stretch has. */
static void go_on(struct retrace *r, struct stretch *s)
{
	VEC_RESERVE(&s->steps, s->steps.n + r->walk.n);
	for (size_t i = r->walk.n; i-- > 0;) {
		struct step *st = VEC_PUSH(&s->steps);

		st->packet = r->walk.v[i];
		replay(r, s->conv, &s->behind, st->packet, &st->seen);
		st->seg = r->seg;
	}
}

static const struct step *step_of(const struct stretch *s, u64 n)
{
	size_t lo = 0, hi = s->steps.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->steps.v[mid].packet < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < s->steps.n && s->steps.v[lo].packet == n ? &s->steps.v[lo] : NULL;
}

/* The stretch that has packet n in it, made where there is none. NULL: it cannot be told. */
static struct stretch *stretch_with(struct retrace *r, u64 n)
{
	u32 conv = tape_conv(r->tape, n), known = TAPE_NONE;
	const struct checkpoint *cp;
	struct stretch *s;
	struct conv c;
	bool reached;

	if (conv == TAPE_NONE || !flow_get(r->flow, conv, &c) || c.l4 != 6)
		return NULL;
	s = stretch_of(r, conv);
	if (s->used != 0 && s->conv == conv) {
		if (step_of(s, n) != NULL) {
			s->used = ++r->clock;
			return s;
		}
		if (s->steps.n < STRETCH_MAX && s->steps.v[s->steps.n - 1].packet < n)
			known = s->steps.v[s->steps.n - 1].packet;
	}
	if (!walk_back(r, conv, n, known, &cp, &reached))
		return NULL;
	if (!reached) {
		stretch_clear(s);
		s->conv = conv;
		if (cp != NULL)
			tcp_conn_copy(&s->before, cp->state);
		else
			tcp_conn_init(&s->before, true, c.reused, NULL, false);
		tcp_conn_copy(&s->behind, &s->before);
	}
	s->used = ++r->clock;
	go_on(r, s);
	return s;
}

const struct tcp_seen *retrace_seen(struct retrace *r, u64 n)
{
	const struct stretch *s = stretch_with(r, n);

	return s != NULL ? &step_of(s, n)->seen : NULL;
}

const struct segment *retrace_segment(struct retrace *r, u64 n)
{
	const struct stretch *s = stretch_with(r, n);
	const struct step *st = s != NULL ? step_of(s, n) : NULL;

	return st != NULL && st->seg.number != 0 ? &st->seg : NULL;
}

const struct tcp_conn *retrace_conn(struct retrace *r, u64 n)
{
	const struct stretch *s = stretch_with(r, n);
	const struct checkpoint *cp;
	struct tcp_seen seen;
	struct conv c;
	bool reached;

	if (s == NULL)
		return NULL;
	if (s->steps.v[s->steps.n - 1].packet == n)
		return &s->behind;
	/* Steps go on from where the last question left it; all else from the last checkpoint. */
	if (r->at_known && r->at_conv == s->conv && r->at_packet == n)
		return &r->at;
	if (!walk_back(r, s->conv, n,
		       r->at_known && r->at_conv == s->conv ? r->at_packet : TAPE_NONE, &cp,
		       &reached) ||
	    !flow_get(r->flow, s->conv, &c))
		return NULL;
	if (!reached) {
		tcp_conn_fini(&r->at);
		if (cp != NULL)
			tcp_conn_copy(&r->at, cp->state);
		else
			tcp_conn_init(&r->at, true, c.reused, NULL, false);
	}
	for (size_t i = r->walk.n; i-- > 0;)
		replay(r, s->conv, &r->at, r->walk.v[i], &seen);
	r->at_known = true;
	r->at_conv = s->conv;
	r->at_packet = (u32)n;
	return &r->at;
}

void retrace_look(void *retrace, const struct pkt *k, struct flow_view *out)
{
	struct retrace *r = retrace;
	u64 n = k->frame->number - 1;
	const struct tcp_seen *seen;

	flow_look(r->flow, k, out);
	if (out->known && k->facts.l4 == 6 && n < tape_passed(r->tape) &&
	    tape_conv(r->tape, n) == out->id && (seen = retrace_seen(r, n)) != NULL)
		out->tcp = &seen->report;
}
