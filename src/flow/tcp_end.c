/* The numbers of one end: what passed towards it, what it acknowledged, its window. */
#include "flow/tcp_end.h"

static void range_drop(struct tcp_end *a, int i)
{
	a->nrange--;
	for (; i < a->nrange; i++)
		a->range[i] = a->range[i + 1];
}

/* Ranges that touch the edge become part of it. */
static void range_join(struct tcp_end *a)
{
	for (int i = 0; i < a->nrange;) {
		if (seq_gt(a->range[i].left, a->rcv_nxt)) {
			i++;
			continue;
		}
		if (seq_gt(a->range[i].right, a->rcv_nxt))
			a->rcv_nxt = a->range[i].right;
		range_drop(a, i);
		i = 0;
	}
}

static void range_add(struct tcp_end *a, u32 left, u32 right)
{
	int i = 0;

	while (i < a->nrange) {
		if (seq_gt(left, a->range[i].right) || seq_lt(right, a->range[i].left)) {
			i++;
			continue;
		}
		if (seq_lt(a->range[i].left, left))
			left = a->range[i].left;
		if (seq_gt(a->range[i].right, right))
			right = a->range[i].right;
		range_drop(a, i);
		i = 0;
	}
	if (a->nrange == TCP_RANGES) {
		if (seq_gt(left, a->range[TCP_RANGES - 1].left))
			return;
		a->nrange--;
	}
	for (i = a->nrange; i > 0 && seq_gt(a->range[i - 1].left, left); i--)
		a->range[i] = a->range[i - 1];
	a->range[i].left = left;
	a->range[i].right = right;
	a->nrange++;
}

void tcp_end_arrival(struct tcp_end *a, u32 seq, u32 end)
{
	if (!(a->has & TCP_VAR_RCV_NXT)) {
		a->rcv_nxt = end;
		a->has |= TCP_VAR_RCV_NXT;
	} else if (seq_gt(seq, a->rcv_nxt)) {
		if (seq != end)
			range_add(a, seq, end);
	} else if (seq_gt(end, a->rcv_nxt)) {
		a->rcv_nxt = end;
		if (a->nrange > 0)
			range_join(a);
	}
}

bool tcp_end_window(const struct tcp_ends *e, const struct segment *s, u32 *wnd)
{
	i8 mine = e->end[s->side].wscale, other = e->end[!s->side].wscale;

	*wnd = s->tcp.win;
	if (s->tcp.flags & TCP_SYN || mine == -1 || other == -1)
		return true;
	if (mine < 0 || other < 0)
		return s->tcp.win == 0;
	*wnd <<= MIN(mine, 14);
	return true;
}

void tcp_end_ack(struct step *c)
{
	struct tcp_end *a = &c->e->end[c->x];
	const struct tcp_facts *t = &c->s->tcp;
	u32 wnd;

	if ((a->has & HAS_ACKED) && seq_lt(t->ack, a->acked))
		return; /* an old one */
	a->acked = t->ack;
	a->has |= HAS_ACKED;
	if (!(a->has & TCP_VAR_RCV_NXT) || seq_gt(t->ack, a->rcv_nxt) || (t->flags & TCP_SYN)) {
		a->rcv_nxt = t->ack;
		a->has |= TCP_VAR_RCV_NXT;
		range_join(a);
	} else if (t->nsack > 0 && seq_gt(t->sack[0].left, t->ack)) {
		/* A hole, and what stands behind it (RFC 2018): more than a tap can know. */
		a->rcv_nxt = t->ack;
		a->nrange = 0;
		for (int i = 0; i < t->nsack; i++)
			if (seq_gt(t->sack[i].left, t->ack) &&
			    seq_gt(t->sack[i].right, t->sack[i].left))
				range_add(a, t->sack[i].left, t->sack[i].right);
	}
	if (!tcp_end_window(c->e, c->s, &wnd))
		return;
	if (!(a->flags & F_RIGHT) || seq_gt(t->ack + wnd, a->right))
		a->right = t->ack + wnd;
	a->flags |= F_RIGHT;
	a->rcv_wnd = wnd;
	a->has |= TCP_VAR_RCV_WND;
}
