/* The playhead: position, playing, stepping, marks. */
#include "tape/playhead.h"

#include <stdio.h>
#include <string.h>

static const double seconds = 1e9;

void playhead_init(struct playhead *p)
{
	memset(p, 0, sizeof *p);
	p->ts = NS_NONE;
	p->speed = 1;
}

void playhead_fini(struct playhead *p)
{
	VEC_FREE(&p->marks);
}

/* ---- where it stands ---- */

/* From here on, tape time runs from `now`. */
static void anchor(struct playhead *p, ns_t now)
{
	p->anchor_now = now;
	p->anchor_ts = p->ts;
	p->anchor_n = p->n;
}

static void place(struct playhead *p, const struct playhead_tape *t, u64 n)
{
	p->n = n;
	p->ts = t->clock(t->arg, n);
	p->placed = true;
}

/* Stands at the first packet as soon as there is one. False on an empty tape. */
static bool ready(struct playhead *p, const struct playhead_tape *t)
{
	if (!p->placed && t->count(t->arg) > 0)
		place(p, t, 0);
	return p->placed;
}

static u64 last(const struct playhead_tape *t)
{
	return t->count(t->arg) - 1;
}

/* ---- playing ---- */

static i64 saturate(double v)
{
	return v >= 9.2e18 ? INT64_MAX : v <= -9.2e18 ? INT64_MIN + 1 : (i64)v;
}

/* a + v without leaving what 64 bits hold. */
static ns_t add(ns_t a, double v)
{
	ns_t sum;

	return __builtin_add_overflow(a, saturate(v), &sum) ? INT64_MAX : sum;
}

static double elapsed(const struct playhead *p, ns_t now)
{
	return now > p->anchor_now ? (double)(now - p->anchor_now) : 0;
}

/* Packets a second where time does not decide, 0 where it does. */
static double packet_rate(const struct playhead *p)
{
	if (p->speed <= PLAYHEAD_FLAT_OUT)
		return PLAYHEAD_FLAT_RATE;
	return p->ts == NS_NONE ? PLAYHEAD_TIMELESS * p->speed : 0;
}

/* At the last packet there is: the end, or a wait for more. */
static void arrived(struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	place(p, t, last(t));
	if (t->done(t->arg))
		p->state = PLAYHEAD_PAUSED;
	else
		anchor(p, now); /* time does not run on while the tape stands still */
}

static void play_packets(struct playhead *p, const struct playhead_tape *t, ns_t now, double rate)
{
	double past = elapsed(p, now) / seconds * rate;
	u64 to = p->anchor_n + (u64)MIN(past, 1e18);

	if (to >= last(t))
		arrived(p, t, now);
	else if (to > p->n)
		place(p, t, to);
	if (p->speed > PLAYHEAD_FLAT_OUT && p->ts != NS_NONE) /* from this packet on, there are times */
		anchor(p, now);
}

/* a - b as wall time at the speed. */
static double wall(const struct playhead *p, ns_t a, ns_t b)
{
	ns_t d;

	return (__builtin_sub_overflow(a, b, &d) ? 9.2e18 : (double)d) / p->speed;
}

/* The silence after packet n is longer than anybody shall wait. */
static bool is_gap(const struct playhead *p, const struct playhead_tape *t)
{
	return p->max_gap > 0 && p->n < last(t) &&
	       wall(p, t->clock(t->arg, p->n + 1), t->clock(t->arg, p->n)) > (double)p->max_gap;
}

static void skip_gap(struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	if (!is_gap(p, t) || wall(p, p->ts, t->clock(t->arg, p->n)) < (double)p->max_gap)
		return;
	place(p, t, p->n + 1);
	anchor(p, now);
}

static void play_time(struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	ns_t ts = add(p->anchor_ts, elapsed(p, now) * p->speed);
	u64 n = t->find(t->arg, ts);

	if (n > last(t)) {
		arrived(p, t, now);
		return;
	}
	p->n = n - 1; /* all packets of this instant, also where stepping stopped within them */
	p->ts = MAX(ts, p->ts);
	skip_gap(p, t, now);
}

bool playhead_tick(struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	struct playhead old = *p;
	double rate;

	if (!ready(p, t))
		return false;
	if (!old.placed)
		anchor(p, now);
	switch (p->state) {
	case PLAYHEAD_PAUSED: break;
	case PLAYHEAD_LIVE: place(p, t, last(t)); break;
	case PLAYHEAD_PLAYING:
		rate = packet_rate(p);
		if (rate > 0)
			play_packets(p, t, now, rate);
		else
			play_time(p, t, now);
		break;
	}
	return !old.placed || p->n != old.n || p->ts != old.ts || p->state != old.state;
}

ns_t playhead_due(const struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	double rate = packet_rate(p), at;

	if (p->state != PLAYHEAD_PLAYING || !p->placed || p->n >= last(t))
		return -1; /* at the end, more packets wake the loop */
	if (rate > 0)
		at = (double)(p->n + 1 - p->anchor_n) / rate * seconds;
	else if (is_gap(p, t))
		at = wall(p, t->clock(t->arg, p->n), p->anchor_ts) + (double)p->max_gap;
	else
		at = wall(p, t->clock(t->arg, p->n + 1), p->anchor_ts);
	at -= elapsed(p, now);
	return at <= 0 ? 0 : saturate(at);
}

/* ---- orders ---- */

void playhead_play(struct playhead *p, const struct playhead_tape *t, ns_t now)
{
	if (ready(p, t) && p->n >= last(t) && t->done(t->arg))
		place(p, t, 0);
	p->state = PLAYHEAD_PLAYING;
	anchor(p, now);
}

void playhead_pause(struct playhead *p)
{
	p->state = PLAYHEAD_PAUSED;
}

void playhead_live(struct playhead *p, const struct playhead_tape *t)
{
	p->state = PLAYHEAD_LIVE;
	if (ready(p, t))
		place(p, t, last(t));
}

void playhead_set_speed(struct playhead *p, double speed, ns_t now)
{
	p->speed = speed <= PLAYHEAD_FLAT_OUT
			   ? PLAYHEAD_FLAT_OUT
			   : CLAMP(speed, PLAYHEAD_MIN_SPEED, PLAYHEAD_MAX_SPEED);
	anchor(p, now);
}

bool playhead_step(struct playhead *p, const struct playhead_tape *t, i64 n)
{
	u64 to, end;

	if (!ready(p, t))
		return false;
	p->state = PLAYHEAD_PAUSED;
	end = last(t);
	if (n < 0)
		to = p->n < -(u64)n ? 0 : p->n - -(u64)n;
	else
		to = (u64)n > end - MIN(p->n, end) ? end : p->n + (u64)n;
	if (to == p->n)
		return false;
	place(p, t, to);
	return true;
}

void playhead_seek(struct playhead *p, const struct playhead_tape *t, u64 n, ns_t now)
{
	if (!ready(p, t))
		return;
	if (p->state == PLAYHEAD_LIVE)
		p->state = PLAYHEAD_PAUSED;
	place(p, t, MIN(n, last(t)));
	anchor(p, now);
}

void playhead_seek_time(struct playhead *p, const struct playhead_tape *t, ns_t ts, ns_t now)
{
	u64 n = t->find(t->arg, ts);

	playhead_seek(p, t, n > 0 ? n - 1 : 0, now);
	if (p->placed && n > 0 && n <= last(t) && p->ts != NS_NONE && ts > p->ts) {
		p->ts = ts; /* between two packets */
		anchor(p, now);
	}
}

/* ---- marks ---- */

const struct playhead_mark *playhead_find_mark(const struct playhead *p, const char *name)
{
	size_t i;

	for (i = 0; i < p->marks.n; i++)
		if (strcmp(p->marks.v[i].name, name) == 0)
			return &p->marks.v[i];
	return NULL;
}

bool playhead_unmark(struct playhead *p, const char *name)
{
	const struct playhead_mark *m = playhead_find_mark(p, name);

	if (m == NULL)
		return false;
	VEC_REMOVE(&p->marks, (size_t)(m - p->marks.v));
	return true;
}

const char *playhead_mark(struct playhead *p, u64 n, const char *name)
{
	struct playhead_mark m = { .n = n };
	size_t i;
	int k = 1;

	if (name != NULL)
		snprintf(m.name, sizeof m.name, "%s", name);
	else
		do
			snprintf(m.name, sizeof m.name, "%d", k++);
		while (playhead_find_mark(p, m.name) != NULL);
	playhead_unmark(p, m.name);
	VEC_RESERVE(&p->marks, p->marks.n + 1);
	for (i = p->marks.n++; i > 0 && p->marks.v[i - 1].n > n; i--)
		p->marks.v[i] = p->marks.v[i - 1];
	p->marks.v[i] = m;
	return p->marks.v[i].name;
}

const struct playhead_mark *playhead_next_mark(const struct playhead *p, u64 n, int dir)
{
	const struct playhead_mark *found = NULL;
	size_t i;

	for (i = 0; i < p->marks.n; i++) {
		const struct playhead_mark *m = &p->marks.v[i];

		if (dir > 0 && m->n > n)
			return m;
		if (dir < 0 && m->n < n)
			found = m;
	}
	return found;
}
