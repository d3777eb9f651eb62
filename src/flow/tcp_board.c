/* The scoreboard of RFC 6675: a short sorted list of ranges. */
#include "flow/tcp_board.h"

#include "flow/segment.h"

#include <assert.h>
#include <string.h>

/* A list that may be too long while it is being put together: a new range can cut each of those
 * that are there in two. */
struct rebuilt {
	u32 n;
	struct board_range r[2 * TCP_BOARD_RANGES + 2];
};

static void append(struct rebuilt *o, u32 left, u32 right, u8 kind)
{
	struct board_range *last = o->n > 0 ? &o->r[o->n - 1] : NULL;

	if (seq_ge(left, right))
		return;
	if (last != NULL && last->kind == kind && last->right == left) {
		last->right = right;
		return;
	}
	assert(o->n < ARRAY_LEN(o->r));
	o->r[o->n++] = (struct board_range) { left, right, kind };
}

/* Joins the two neighbours of a kind with the least between them; where there are none, the lowest
 * goes. */
static void shorten(struct rebuilt *o)
{
	u32 best = 0, least = UINT32_MAX;

	for (u32 i = 1; i < o->n; i++) {
		u32 gap = o->r[i].left - o->r[i - 1].right;

		if (o->r[i].kind == o->r[i - 1].kind && gap < least) {
			least = gap;
			best = i;
		}
	}
	if (best > 0)
		o->r[best - 1].right = o->r[best].right;
	o->n--;
	memmove(&o->r[best], &o->r[best + 1], (o->n - best) * sizeof *o->r);
}

static void keep(struct tcp_board *b, struct rebuilt *o)
{
	while (o->n > TCP_BOARD_RANGES)
		shorten(o);
	memcpy(b->r, o->r, o->n * sizeof *b->r);
	b->n = o->n;
}

/* The usual cases, without building the list anew: known already, or a range grows into what lies
 * before the next. -1: none of them. */
static i64 add_quickly(struct tcp_board *b, u32 left, u32 right, enum board_kind kind)
{
	u32 i = b->n;

	while (i > 0 && seq_gt(b->r[i - 1].left, left))
		i--;
	if (i == 0 || b->r[i - 1].kind != kind || seq_gt(left, b->r[i - 1].right))
		return -1;
	if (seq_le(right, b->r[i - 1].right))
		return 0;
	if (i < b->n && seq_ge(right, b->r[i].left))
		return -1;
	left = b->r[i - 1].right;
	b->r[i - 1].right = right;
	return right - left;
}

u32 tcp_board_add(struct tcp_board *b, u32 left, u32 right, enum board_kind kind)
{
	struct rebuilt o;
	u32 fresh = 0, at = left;
	bool strong = kind == BOARD_SACKED;
	i64 quick;

	if (seq_ge(left, right))
		return 0;
	quick = add_quickly(b, left, right, kind);
	if (quick >= 0)
		return (u32)quick;
	o.n = 0;
	for (u32 i = 0; i < b->n; i++) {
		struct board_range r = b->r[i];

		if (seq_le(r.right, left) || seq_ge(r.left, right)) {
			if (seq_ge(r.left, right) && at != right) {
				fresh += right - at;
				append(&o, at, right, (u8)kind);
				at = right;
			}
			append(&o, r.left, r.right, r.kind);
			continue;
		}
		append(&o, r.left, seq_lt(r.left, left) ? left : r.left, r.kind);
		if (seq_gt(r.left, at)) {
			fresh += r.left - at;
			append(&o, at, r.left, (u8)kind);
			at = r.left;
		}
		u32 end = seq_lt(r.right, right) ? r.right : right;

		if (r.kind != kind && strong)
			fresh += end - at;
		append(&o, at, end, strong ? (u8)kind : r.kind);
		at = end;
		append(&o, end, r.right, r.kind);
	}
	if (seq_lt(at, right)) {
		fresh += right - at;
		append(&o, at, right, (u8)kind);
	}
	keep(b, &o);
	return fresh;
}

void tcp_board_advance(struct tcp_board *b, u32 una)
{
	u32 n = 0;

	for (u32 i = 0; i < b->n; i++) {
		struct board_range r = b->r[i];

		if (seq_le(r.right, una))
			continue;
		if (seq_lt(r.left, una))
			r.left = una;
		b->r[n++] = r;
	}
	b->n = n;
}

void tcp_board_forget_again(struct tcp_board *b)
{
	u32 n = 0;

	for (u32 i = 0; i < b->n; i++)
		if (b->r[i].kind == BOARD_SACKED)
			b->r[n++] = b->r[i];
	b->n = n;
}

u32 tcp_board_bytes(const struct tcp_board *b, enum board_kind kind, u32 left, u32 right)
{
	u32 sum = 0;

	for (u32 i = 0; i < b->n; i++) {
		u32 l = b->r[i].left, r = b->r[i].right;

		if (b->r[i].kind != kind)
			continue;
		l = seq_lt(l, left) ? left : l;
		r = seq_gt(r, right) ? right : r;
		if (seq_lt(l, r))
			sum += r - l;
	}
	return sum;
}

u32 tcp_board_pipe(const struct tcp_board *b, u32 from, u32 nxt)
{
	u32 pipe = nxt - from;

	for (u32 i = 0; i < b->n; i++) {
		u32 left = b->r[i].left, right = b->r[i].right;

		if (b->r[i].kind == BOARD_AGAIN)
			pipe += right - left;
		else if (seq_gt(right, from))
			pipe -= right - (seq_lt(left, from) ? from : left);
	}
	return pipe;
}

u32 tcp_board_top(const struct tcp_board *b, u32 una)
{
	for (u32 i = b->n; i-- > 0;)
		if (b->r[i].kind == BOARD_SACKED)
			return b->r[i].right;
	return una;
}
