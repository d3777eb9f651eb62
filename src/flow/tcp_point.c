/* The capture point from the times of a handshake. */
#include "flow/tcp_point.h"

enum { NEAR = 8 }; /* a part of the round trip that is no more than one of so many is near */

void tcp_point_init(struct tcp_point *p)
{
	*p = (struct tcp_point) {
		.syn = NS_NONE,
		.synack = NS_NONE,
		.part = { NS_NONE, NS_NONE },
	};
}

const char *tcp_where_name(enum tcp_where w)
{
	static const char *const name[TCP_WHERE_COUNT] = {
		[TCP_WHERE_UNKNOWN] = "unknown",
		[TCP_WHERE_CLIENT] = "near the client",
		[TCP_WHERE_SERVER] = "near the server",
		[TCP_WHERE_BETWEEN] = "between",
	};

	return name[w];
}

static ns_t span(ns_t from, ns_t to)
{
	ns_t d;

	if (from == NS_NONE || to == NS_NONE || __builtin_sub_overflow(to, from, &d) || d < 0)
		return NS_NONE;
	return d;
}

/* A SYN or SYN-ACK of this side goes by. Of one that comes again the last is kept: an answer that
 * fits its timestamp is to it. */
static void note_syn(struct tcp_point *p, const struct segment *s, int side, ns_t *at)
{
	p->twice[side] = p->seen[side] && p->isn[side] == s->tcp.seq;
	p->seen[side] = true;
	p->isn[side] = s->tcp.seq;
	p->stamps[side] = s->tcp.has_ts;
	p->tsval[side] = s->tcp.tsval;
	*at = s->ts;
}

/* Whether s answers the last SYN of the other side and not one before. */
static bool answers(const struct tcp_point *p, const struct segment *s, int side)
{
	if (!p->twice[!side])
		return true;
	return p->stamps[!side] && s->tcp.has_ts && s->tcp.tsecr == p->tsval[!side];
}

static void conclude(struct tcp_point *p)
{
	ns_t c = p->part[p->client], s = p->part[!p->client], all;

	p->over = true;
	if (c == NS_NONE || s == NS_NONE || __builtin_add_overflow(c, s, &all))
		return;
	if (all == 0)
		p->where = TCP_WHERE_UNKNOWN;
	else if (c <= all / NEAR)
		p->where = TCP_WHERE_CLIENT;
	else if (s <= all / NEAR)
		p->where = TCP_WHERE_SERVER;
	else
		p->where = TCP_WHERE_BETWEEN;
}

bool tcp_point_see(struct tcp_point *p, const struct segment *s)
{
	int side = s->side & 1;
	u16 f = s->tcp.flags;

	if (p->over)
		return false;
	if (f & TCP_RST) {
		p->over = true;
		return false;
	}
	if ((f & TCP_SYN) && !(f & TCP_ACK)) {
		/* Both ends open: neither answers the other (RFC 9293 3.5). */
		if (p->seen[!side]) {
			p->over = true;
			return false;
		}
		p->client = (u8)side;
		note_syn(p, s, side, &p->syn);
		return false;
	}
	if (f & TCP_SYN) {
		p->client = (u8)!side;
		if (p->seen[!side] && s->tcp.ack == p->isn[!side] + 1 && !p->seen[side] &&
		    answers(p, s, side))
			p->part[side] = span(p->syn, s->ts);
		note_syn(p, s, side, &p->synack);
		return false;
	}
	if (!(f & TCP_ACK) || !p->seen[!side] || side != p->client || p->synack == NS_NONE) {
		/* Data without a handshake before it: nothing more will come. */
		p->over = !p->seen[0] && !p->seen[1];
		return false;
	}
	if (s->tcp.ack == p->isn[!side] + 1 && answers(p, s, side))
		p->part[side] = span(p->synack, s->ts);
	conclude(p);
	return true;
}
