/* A TCP conversation's data put in order again. */
#include "flow/stream.h"

#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

struct waiting {
	u32 seq, n, len;
	u64 packet;
	u8 *p;
};

struct side {
	bool begun;
	u32 next;		  /* sequence number that is due */
	VEC(struct waiting) wait; /* behind `next`, by sequence number */
	size_t bytes;
};

struct stream {
	struct side side[2];
	stream_fn *fn;
	void *arg;
};

struct stream *stream_new(stream_fn *fn, void *arg)
{
	struct stream *s = xcalloc(1, sizeof *s);

	s->fn = fn;
	s->arg = arg;
	return s;
}

void stream_free(struct stream *s)
{
	if (s == NULL)
		return;
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < s->side[i].wait.n; j++)
			free(s->side[i].wait.v[j].p);
		VEC_FREE(&s->side[i].wait);
	}
	free(s);
}

/* Hands on a segment that begins at or before what is due: the new part of it. */
static void deliver(struct stream *s, int side, const struct waiting *w)
{
	struct side *d = &s->side[side];
	u32 old = d->next - w->seq; /* bytes of it that came before */

	if ((i32)(w->seq + w->len - d->next) <= 0)
		return;
	if (old < w->n)
		s->fn(s->arg, side, w->packet, w->p + old, w->n - old, 0);
	if (w->len > MAX(w->n, old)) /* the capture cut it short */
		s->fn(s->arg, side, w->packet, NULL, 0, w->len - MAX(w->n, old));
	d->next = w->seq + w->len;
}

/* Hands on what waits, as far as it follows without a hole; over the first hole too where `force`.
 */
static void drain(struct stream *s, int side, bool force)
{
	struct side *d = &s->side[side];

	while (d->wait.n > 0) {
		struct waiting w = d->wait.v[0];
		u32 hole = w.seq - d->next;

		if ((i32)hole > 0) {
			if (!force)
				return;
			s->fn(s->arg, side, w.packet, NULL, 0, hole);
			d->next = w.seq;
			force = false;
		}
		VEC_REMOVE(&d->wait, 0);
		d->bytes -= w.n;
		deliver(s, side, &w);
		free(w.p);
	}
}

static void keep(struct side *d, const struct waiting *w)
{
	size_t i = d->wait.n;
	u8 *copy = xmalloc(w->n);

	if (w->n > 0)
		memcpy(copy, w->p, w->n);
	VEC_PUSH(&d->wait);
	for (; i > 0 && (i32)(d->wait.v[i - 1].seq - w->seq) > 0; i--)
		d->wait.v[i] = d->wait.v[i - 1];
	d->wait.v[i] = *w;
	d->wait.v[i].p = copy;
	d->bytes += w->n;
}

void stream_segment(struct stream *s, int side, u64 packet, u32 seq, bool syn, const u8 *p, u32 n,
		    u32 len)
{
	struct side *d = &s->side[side];
	struct waiting w = { seq + syn, MIN(n, len), len, packet, (u8 *)(uintptr_t)p };

	if (!d->begun || syn) {
		if (d->begun && (i32)(w.seq - d->next) <= 0) /* a repeated SYN changes nothing */
			return;
		d->begun = true;
		d->next = w.seq;
	}
	if (len == 0)
		return;
	if ((i32)(w.seq - d->next) > 0) {
		keep(d, &w);
		if (d->bytes > STREAM_WAITING_MAX)
			drain(s, side, true);
		return;
	}
	deliver(s, side, &w);
	drain(s, side, false);
}

void stream_end(struct stream *s)
{
	for (int i = 0; i < 2; i++)
		while (s->side[i].wait.n > 0)
			drain(s, i, true);
}
