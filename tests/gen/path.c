/* The sender is TCP with fast recovery (SACK or NewReno), timeouts and probes, written as simply as
 * the truth allows; the receiver acknowledges every second segment, and at once what is out of
 * order. */
#include "path.h"

#include "base/rand.h"

#include <assert.h>
#include <string.h>

enum { SEGMENTS = 2000, EVENTS = 1024, FIN = 1, SYN = 2, ACK = 16 };
enum { AT_TAP, AT_END, TIMER, DELAYED, APP };
#define MS NS_PER_MS

struct event {
	ns_t t;
	u64 order;
	u8 type;
	u64 which; /* of a timer: outdated when it is not the last */
	struct path_packet p;
	u32 k;	   /* segment */
	u64 sent;  /* order of sending */
	bool copy; /* made by the network */
};

struct path {
	const struct path_config *c;
	struct path_packet *out;
	u32 n, most;
	struct rnd rnd;
	ns_t now, queue[2], busy[2]; /* busy: when the last packet of a side passed the tap */
	struct event ev[EVENTS];
	u32 nev;
	u64 order;
	u16 id[2];
	/* sender */
	u32 una, nxt, limit, cwnd, ssthresh, recover, dups, backoff;
	bool recovery, loss, probed;
	u8 sacked[SEGMENTS], again[SEGMENTS], gone[SEGMENTS], times[SEGMENTS];
	bool delivered[SEGMENTS];
	ns_t sent_at[SEGMENTS], srtt, var;
	u64 timer;
	u32 recent; /* TSval to echo */
	/* tap */
	u32 top;
	bool skipped[SEGMENTS]; /* passed and was not captured */
	/* receiver */
	u32 rcv, echo, pending, last_k;
	u8 have[SEGMENTS];
	u64 delayed;
};

static bool chance(struct path *p, u32 in10000)
{
	return rnd_below(&p->rnd, 10000) < in10000;
}

static u32 stamp(const struct path *p, int side)
{
	return (u32)(p->now / MS) + (side ? 77777 : 1234);
}

static struct event *post(struct path *p, ns_t t, u8 type)
{
	struct event *e = &p->ev[p->nev++];

	assert(p->nev < EVENTS);
	memset(e, 0, sizeof *e);
	e->t = t;
	e->order = p->order++;
	e->type = type;
	return e;
}

/* A packet leaves an end. */
static void leave(struct path *p, struct path_packet pk, u32 k, u64 sent)
{
	bool data = pk.len > 0, from = pk.side;
	ns_t first = from ? p->c->behind : p->c->before, at;
	struct event *e;

	pk.win = 60000;
	pk.ip_id = p->c->ids ? ++p->id[from] : 0;
	pk.tsval = stamp(p, from);
	pk.tsecr = from ? p->echo : p->recent;
	if (data ? chance(p, p->c->lost_before) : !(pk.flags & SYN) && chance(p, p->c->acks_lost))
		return;
	pk.lost = data ? chance(p, p->c->lost_behind)
		       : !(pk.flags & SYN) && chance(p, p->c->acks_lost);
	if (data && !pk.lost)
		p->delivered[k] = true;
	if (p->c->jitter > 0) /* it rises and falls slowly */
		p->queue[from] =
			CLAMP(p->queue[from] + (ns_t)rnd_below(&p->rnd, (u64)p->c->jitter / 4) -
				      p->c->jitter / 8,
			      0, p->c->jitter);
	at = MAX(p->now + first + p->queue[from], p->busy[from] + (data ? 200 : 10) * NS_PER_US);
	if (data && chance(p, p->c->late))
		at += (ns_t)rnd_below(&p->rnd, (u64)(p->c->before + p->c->behind)) + MS / 2;
	else
		p->busy[from] = at;
	e = post(p, at, AT_TAP);
	e->p = pk;
	e->k = k;
	e->sent = sent;
	if (!data || !chance(p, p->c->doubled))
		return;
	e = post(p, at + (ns_t)rnd_below(&p->rnd, (u64)MS) + 20 * NS_PER_US, AT_TAP);
	e->p = pk;
	e->p.lost = false;
	p->delivered[k] = true;
	e->k = k;
	e->copy = true;
}

static ns_t rto(const struct path *p)
{
	ns_t r = p->srtt == 0 ? 1000 * MS : p->srtt + MAX(200 * MS, 4 * p->var);

	return r << MIN(p->backoff, 6);
}

static void arm(struct path *p)
{
	ns_t t = rto(p);
	struct event *e;
	bool probe = p->c->probes && p->c->sack && !p->probed && !p->recovery && !p->loss &&
		     p->srtt > 0 && p->nxt > p->una + 1 && p->backoff == 0;

	if (probe)
		t = MIN(t, MAX(2 * p->srtt, 10 * MS));
	e = post(p, p->now + t, TIMER);
	e->k = probe;
	e->which = ++p->timer;
}

static void emit(struct path *p, u32 k, enum path_how how)
{
	struct path_packet pk = {
		.flags = ACK, .seq = 1 + k * PATH_MSS, .ack = 1, .len = PATH_MSS
	};

	pk.how = (u8)how;
	pk.what = p->times[k] == 0 ? PATH_FIRST : p->delivered[k] ? PATH_NEEDLESS : PATH_AGAIN;
	p->times[k]++;
	p->sent_at[k] = p->now;
	leave(p, pk, k, p->order);
}

static u32 pipe(const struct path *p)
{
	u32 n = 0;

	for (u32 k = p->una; k < p->nxt; k++)
		n += !p->sacked[k] && (!p->gone[k] || p->again[k]);
	return p->c->sack || p->loss ? n : n - MIN(n, p->dups);
}

/* RFC 6675: three segments above it are reported. */
static void mark_gone(struct path *p)
{
	u32 above = 0;

	for (u32 k = p->nxt; k-- > p->una;) {
		if (!p->sacked[k] && above >= 3)
			p->gone[k] = 1;
		above += p->sacked[k];
	}
}

static void send_what_may_go(struct path *p)
{
	if (p->loss || (p->recovery && p->c->sack))
		for (u32 k = p->una; k < p->nxt && pipe(p) < p->cwnd; k++)
			if (p->gone[k] && !p->again[k] && !p->sacked[k]) {
				p->again[k] = 1;
				emit(p, k, p->loss ? PATH_GO_BACK : PATH_RECOVERY);
			}
	while (p->nxt < p->limit && pipe(p) < p->cwnd && p->nxt < p->una + 55) {
		emit(p, p->nxt++, PATH_NOT);
		arm(p);
	}
}

static void enter_recovery(struct path *p)
{
	p->recovery = true;
	p->recover = p->nxt;
	p->ssthresh = MAX(p->cwnd / 2, 2);
	p->cwnd = p->ssthresh;
	p->gone[p->una] = p->again[p->una] = 1;
	emit(p, p->una, PATH_FAST);
	arm(p);
}

static void timer(struct path *p, bool probe)
{
	if (p->una == p->nxt)
		return;
	if (probe) {
		p->probed = true;
		emit(p, p->nxt - 1, PATH_PROBE);
		arm(p);
		return;
	}
	p->loss = true;
	p->recovery = false;
	p->recover = p->nxt;
	p->ssthresh = MAX(p->cwnd / 2, 2);
	p->cwnd = 1;
	p->dups = 0;
	p->backoff++;
	for (u32 k = p->una; k < p->nxt; k++) {
		p->gone[k] = !p->sacked[k];
		p->again[k] = 0;
	}
	p->again[p->una] = 1;
	emit(p, p->una, PATH_TIMEOUT);
	arm(p);
}

static void sample(struct path *p, ns_t r)
{
	p->var =
		p->srtt == 0 ? r / 2 : (3 * p->var + (p->srtt > r ? p->srtt - r : r - p->srtt)) / 4;
	p->srtt = p->srtt == 0 ? r : (7 * p->srtt + r) / 8;
}

static void advance(struct path *p, u32 to)
{
	if (p->times[to - 1] == 1)
		sample(p, p->now - p->sent_at[to - 1]);
	for (u32 k = p->una; k < to && !p->recovery; k++)
		p->cwnd += p->cwnd < p->ssthresh || k % 16 == 0;
	p->cwnd = MIN(p->cwnd, 50);
	p->una = to;
	p->dups = p->backoff = 0;
	p->probed = false;
	if (to >= p->recover)
		p->recovery = p->loss = false;
	else if (p->recovery && !p->c->sack) {
		p->gone[to] = p->again[to] = 1;
		emit(p, to, PATH_RECOVERY);
	}
	p->timer++;
	if (p->una < p->nxt)
		arm(p);
	else
		post(p, p->now + (ns_t)(1 + rnd_below(&p->rnd, 300)) * MS, APP);
}

static void at_sender(struct path *p, const struct path_packet *a)
{
	u32 ack = (a->ack - 1) / PATH_MSS, news = 0;

	p->recent = a->tsval;
	for (u32 b = 0; b < a->nsack; b++)
		for (u32 k = (a->sack[b][0] - 1) / PATH_MSS; k < (a->sack[b][1] - 1) / PATH_MSS;
		     k++) {
			news += k >= ack && !p->sacked[k];
			p->sacked[k] |= k >= ack;
		}
	if (ack > p->una)
		advance(p, ack);
	else if (ack == p->una && p->nxt > p->una && (!p->c->sack || news > 0))
		p->dups++;
	mark_gone(p);
	if (!p->recovery && !p->loss && p->nxt > p->una && (p->dups >= 3 || p->gone[p->una]))
		enter_recovery(p);
	send_what_may_go(p);
}

/* ---- receiver ---- */

static void answer(struct path *p, i64 twice)
{
	struct path_packet a = { .side = 1, .flags = ACK, .seq = 1, .ack = 1 + p->rcv * PATH_MSS };
	u32 at = p->last_k;

	p->pending = 0;
	p->delayed++;
	if (p->c->sack && twice >= 0) {
		a.sack[0][0] = 1 + (u32)twice * PATH_MSS;
		a.sack[0][1] = a.sack[0][0] + PATH_MSS;
		a.nsack = 1;
	}
	for (u32 tries = 0; p->c->sack && tries < 2 && a.nsack < PATH_SACKS; tries++) {
		u32 l = at, r = at;

		if (at > p->rcv && p->have[at]) {
			while (p->have[l - 1])
				l--;
			while (p->have[r])
				r++;
			a.sack[a.nsack][0] = 1 + l * PATH_MSS;
			a.sack[a.nsack++][1] = 1 + r * PATH_MSS;
		}
		for (at = p->rcv + 1; at < p->nxt && (!p->have[at] || (at >= l && at < r)); at++)
			;
		if (at >= p->nxt)
			break;
	}
	leave(p, a, 0, 0);
}

static void at_receiver(struct path *p, const struct event *e)
{
	u32 k = e->k, was = p->rcv;
	bool twice = k < p->rcv || p->have[k];

	if (e->p.seq == 1 + p->rcv * PATH_MSS || k < p->rcv)
		p->echo = (i32)(e->p.tsval - p->echo) > 0 && k <= p->rcv ? e->p.tsval : p->echo;
	p->have[k] = 1;
	while (p->have[p->rcv])
		p->rcv++;
	p->last_k = k;
	if (twice || k != was || p->rcv != was + 1 || ++p->pending >= 2) {
		answer(p, twice ? (i64)k : -1);
		return;
	}
	post(p, p->now + 40 * MS, DELAYED)->which = ++p->delayed;
}

/* ---- tap ---- */

static void at_tap(struct path *p, const struct event *e)
{
	struct path_packet pk = e->p;
	ns_t rest = pk.side ? p->c->before : p->c->behind;
	u32 end = pk.seq + pk.len;
	struct event *to;

	pk.ts = p->now;
	if (pk.len > 0) {
		if (e->copy)
			pk.what = PATH_DOUBLED;
		else if (pk.what == PATH_FIRST && end < p->top)
			pk.what = PATH_OVERTAKEN;
	}
	if (p->n < p->most && !(pk.len > 0 && chance(p, p->c->missed))) {
		p->out[p->n++] = pk;
		if (pk.len > 0)
			p->top = MAX(p->top, end);
	} else {
		p->skipped[e->k] = true;
	}
	if (pk.lost)
		return;
	to = post(p, p->now + rest, AT_END);
	to->p = pk;
	to->k = e->k;
}

static void at_end(struct path *p, const struct event *e)
{
	struct path_packet a = { .flags = ACK, .seq = 1, .ack = 1 };

	if (e->p.flags == SYN) {
		p->echo = e->p.tsval;
		leave(p, (struct path_packet) { .side = 1, .flags = SYN | ACK, .ack = 1 }, 0, 0);
	} else if (e->p.flags & SYN) {
		p->recent = e->p.tsval;
		leave(p, a, 0, 0);
		post(p, p->now, APP);
	} else if (e->p.side == 0 && e->p.len > 0) {
		at_receiver(p, e);
	} else if (e->p.side == 1) {
		at_sender(p, &e->p);
	}
}

static void happen(struct path *p, const struct event *e)
{
	switch (e->type) {
	case AT_TAP: at_tap(p, e); break;
	case AT_END: at_end(p, e); break;
	case TIMER:
		if (e->which == p->timer)
			timer(p, e->k != 0);
		break;
	case DELAYED:
		if (e->which == p->delayed && p->pending > 0)
			answer(p, -1);
		break;
	default: /* the application has more */
		p->limit = MIN(p->limit + 1 + (u32)rnd_below(&p->rnd, 60), p->c->segments);
		send_what_may_go(p);
	}
}

/* The truth about the holes: the first segment of each counts. */
static void find_gaps(struct path *p)
{
	u32 top = 1;

	for (u32 i = 0; i < p->n; i++) {
		struct path_packet *q = &p->out[i];

		if (q->len == 0)
			continue;
		if (q->seq > top)
			q->gap = p->skipped[top / PATH_MSS] ? PATH_GAP_MISSED : PATH_GAP_LOST;
		for (u32 j = i + 1; j < p->n && q->gap == PATH_GAP_LOST; j++)
			if (p->out[j].what == PATH_OVERTAKEN && p->out[j].seq == top)
				q->gap = PATH_GAP_LATE;
		top = MAX(top, q->seq + q->len);
	}
}

u32 path_run(const struct path_config *c, struct path_packet *out, u32 most)
{
	static struct path path;
	struct path *p = &path;

	memset(p, 0, sizeof *p);
	assert(c->segments < SEGMENTS - 2);
	p->c = c;
	p->out = out;
	p->most = most;
	p->now = 1700000000 * NS_PER_S;
	p->cwnd = 10;
	p->ssthresh = 40;
	p->id[0] = 3000;
	p->id[1] = 9000;
	rnd_init(&p->rnd, c->seed);
	leave(p, (struct path_packet) { .flags = SYN }, 0, 0);
	for (u32 steps = 0; p->nev > 0 && steps < 200000 && p->rcv < c->segments; steps++) {
		u32 first = 0;
		struct event e;

		for (u32 i = 1; i < p->nev; i++)
			if (p->ev[i].t < p->ev[first].t ||
			    (p->ev[i].t == p->ev[first].t && p->ev[i].order < p->ev[first].order))
				first = i;
		e = p->ev[first];
		p->ev[first] = p->ev[--p->nev];
		p->now = e.t;
		happen(p, &e);
	}
	find_gaps(p);
	return p->n;
}

const char *const path_scene[PATH_SCENES] = { "tcp-path-sender", "tcp-path-between",
					      "tcp-path-receiver" };

struct path_config path_scene_config(unsigned scene, unsigned i)
{
	static const ns_t before[PATH_SCENES] = { 50 * NS_PER_US, 10 * MS, 25 * MS };
	static const ns_t behind[PATH_SCENES] = { 25 * MS, 15 * MS, 50 * NS_PER_US };

	return (struct path_config) {
		.seed = 7 + i,
		.before = before[scene],
		.behind = behind[scene],
		.segments = 300,
		.stamps = i % 2 == 0,
		.ids = i % 2 == 0,
		.sack = i < 3,
		.probes = i == 1,
		.lost_before = 120,
		.lost_behind = 120,
		.late = 80,
		.doubled = 50,
		.acks_lost = 80,
	};
}
