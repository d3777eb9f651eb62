/*
 * Captures of TCP connections in trouble, made by chance: loss, copies, reordering, zero windows,
 * probes, keep-alives, retransmissions of every kind, reused ports, segments that make no sense.
 * What is right about them only another program can say: they are compared with tshark.
 */
#include "caps.h"

#include <string.h>

/* One end of a connection. Numbers are raw. */
struct side {
	u32 isn, next, acked; /* next to be sent; acknowledged by the other side */
	u32 rcv;	      /* next to be received, as it says in its ACKs */
	u16 win;
	int scale; /* offered; -1 none */
	bool ts, fin;
};

struct talk {
	struct cap *c;
	struct side s[2]; /* 0 is the client */
	u16 port[2];
	bool v6, tunnel;
	u64 now;
	u32 mss;
	u32 sack[3][2]; /* blocks of the next ACK */
	u32 nsack;
	struct peer peer[2];
};

/* ---- one segment ---- */

static void options(struct talk *t, struct buf *opt, int side, u16 flags)
{
	const struct side *s = &t->s[side];

	if (flags & T_SYN) {
		putx(opt, "020405b4");
		if (s->scale >= 0) {
			putx(opt, "01 0303");
			put8(opt, (u32)s->scale);
		}
		putx(opt, "0101 0402");
	}
	if (s->ts) {
		putx(opt, "0101 080a");
		put32(opt, (u32)(t->now / 1000000));
		put32(opt, (u32)(t->now / 1000000) - 5);
	}
	if (t->nsack) {
		putx(opt, "0101 05");
		put8(opt, 2 + 8 * t->nsack);
		for (u32 i = 0; i < t->nsack; i++) {
			put32(opt, t->sack[i][0]);
			put32(opt, t->sack[i][1]);
		}
		t->nsack = 0;
	}
}

static void around(struct talk *t, struct buf *b)
{
	struct cap *c = t->c;

	if (t->v6)
		push_ip6(b, &(struct ip6) { .src = c->a.ip6, .dst = c->b.ip6 });
	else
		push_ip4(b,
			 &(struct ip4) { .src = c->a.ip, .dst = c->b.ip, .id = (u16)cap_u32(c) });
	if (t->tunnel && t->port[0] & 1) {
		push_gre(b, G_KEY, 42, 0);
		push_ip4(b, &(struct ip4) { .src = 0x0a636301, .dst = 0x0a636302 });
	} else if (t->tunnel) {
		push_eth(b, c->b.mac, c->a.mac);
		push_vxlan(b, 77);
		push_udp(b, 49152, 4789);
		push_ip4(b, &(struct ip4) { .src = 0x0a636301, .dst = 0x0a636302 });
	}
	cap_eth(c, b);
}

static void segment(struct talk *t, int side, u16 flags, u32 seq, u32 ack, u32 len, u16 win)
{
	struct cap *c = t->c;
	struct buf *b = cap_new(c), *opt = cap_opt(c);

	c->a = t->peer[side];
	c->b = t->peer[!side];
	options(t, opt, side, flags);
	for (u32 i = 0; i < len; i++)
		put8(b, 'a' + (seq + i) % 26);
	push_tcp(b, &(struct tcp) { .sport = t->port[side],
				    .dport = t->port[!side],
				    .seq = seq,
				    .ack = flags & T_ACK ? ack : 0,
				    .flags = flags,
				    .win = win,
				    .opt = opt });
	c->ns = t->now;
	around(t, b);
}

/* ---- time ---- */

/* Times around the limits that matter: 3 ms, 20 ms, the handshake's round trip. */
static void wait(struct talk *t)
{
	static const u32 us[] = {
		1,    30,    400,   900,   2900,  2999,	 3000,	 3001,	  3100,
		9000, 10000, 11000, 15000, 19999, 20000, 20001,	 21000,	  50000,
		1,    5,     20,    100,   200,	  700,	 200000, 1000000, 60000000
	};

	t->now += us[rng_below(&t->c->rng, sizeof us / sizeof *us)] * 1000ull;
	if (rng_below(&t->c->rng, 100) == 0) /* a clock that was set back */
		t->now -= 5000000;
}

/* ---- what may happen ---- */

static bool one_in(struct talk *t, u32 n)
{
	return rng_below(&t->c->rng, n) == 0;
}

static u32 some_len(struct talk *t)
{
	return one_in(t, 4) ? rng_in(&t->c->rng, 1, 20) : t->mss;
}

static u16 psh(struct talk *t)
{
	return one_in(t, 3) ? T_PSH | T_ACK : T_ACK;
}

static void ack(struct talk *t, int side)
{
	struct side *s = &t->s[side];

	segment(t, side, T_ACK, s->next, s->rcv, 0, s->win);
}

/* New data; `seen` says whether the capture has it. */
static void send(struct talk *t, int side, bool seen)
{
	struct side *s = &t->s[side];
	u32 len = some_len(t);

	if (seen)
		segment(t, side, psh(t), s->next, s->rcv, len, s->win);
	s->next += len;
}

/* The other side has all that was sent up to somewhere. */
static void receive(struct talk *t, int side)
{
	struct side *s = &t->s[side], *o = &t->s[!side];
	u32 out = o->next - s->rcv;

	if (out == 0 || out > 0x7fffffff)
		return;
	s->rcv = one_in(t, 3) ? s->rcv + rng_in(&t->c->rng, 1, out) : o->next;
}

static void swapped(struct talk *t, int side)
{
	struct side *s = &t->s[side];
	u32 a = some_len(t), b = some_len(t);

	segment(t, side, psh(t), s->next + a, s->rcv, b, s->win);
	wait(t);
	segment(t, side, psh(t), s->next, s->rcv, a, s->win);
	s->next += a + b;
}

/* Something that was sent before, once more: from where it is not acknowledged, or anywhere. */
static void again(struct talk *t, int side)
{
	struct side *s = &t->s[side];
	u32 back = s->next - t->s[!side].rcv, len = some_len(t), seq;

	if (back == 0 || back > 100000)
		back = t->mss * 3;
	seq = one_in(t, 2) ? s->next - back : s->next - rng_in(&t->c->rng, 1, back);
	if (seq + len - s->next < 0x7fffffff && !one_in(t, 5))
		len = s->next - seq;
	if (len > 1460)
		len = 1460;
	segment(t, side, psh(t), seq, s->rcv, len, s->win);
	if ((int32_t)(seq + len - s->next) > 0)
		s->next = seq + len;
}

/* A hole, the ACKs that tell of it, the retransmission. */
static void fast(struct talk *t, int side)
{
	struct side *s = &t->s[side], *o = &t->s[!side];
	u32 hole = s->next, n = rng_in(&t->c->rng, 1, 5), end;

	ack(t, !side);
	send(t, side, one_in(t, 3));
	end = s->next;
	for (u32 i = 0; i < n; i++)
		send(t, side, true);
	o->rcv = hole;
	for (u32 i = 0; i < n; i++) {
		t->sack[0][0] = end;
		t->sack[0][1] = s->next - (n - 1 - i) * 10;
		t->nsack = !one_in(t, 4);
		if (t->nsack && one_in(t, 4)) {
			t->sack[1][0] = hole - 100; /* a duplicate, told second or first */
			t->sack[1][1] = hole - 50;
			t->nsack = 2;
		}
		if (t->nsack == 2 && one_in(t, 2) && !t->s[!side].ts) {
			t->sack[2][0] = s->next + 1000;
			t->sack[2][1] = s->next + 2000;
			t->nsack = 3;
		}
		ack(t, !side);
		if (one_in(t, 2))
			t->now += 100000;
	}
	wait(t);
	segment(t, side, T_ACK, hole, s->rcv, end - hole, s->win);
	wait(t);
	o->rcv = s->next;
	ack(t, !side);
}

static void shut_window(struct talk *t, int side)
{
	struct side *s = &t->s[side], *o = &t->s[!side];
	u16 win = s->win;

	receive(t, side);
	s->win = 0;
	ack(t, side);
	for (u32 n = rng_below(&t->c->rng, 3); n; n--) {
		wait(t);
		segment(t, !side, T_ACK, o->next, o->rcv, 1, o->win);
		if (one_in(t, 3))
			continue;
		wait(t);
		ack(t, side);
	}
	if (one_in(t, 3))
		send(t, !side, true); /* takes up what the probe had */
	s->win = one_in(t, 2) ? win : (u16)rng_in(&t->c->rng, 1, 65535);
	wait(t);
	ack(t, side);
}

static void keep_alive(struct talk *t, int side)
{
	struct side *s = &t->s[side];

	ack(t, !side);
	segment(t, side, T_ACK, s->next - 1, s->rcv, one_in(t, 2), s->win);
	wait(t);
	if (!one_in(t, 4))
		ack(t, !side);
}

/* Data up to the very end of the other side's window. */
static void fill(struct talk *t, int side)
{
	struct side *s = &t->s[side], *o = &t->s[!side];
	int scale = s->scale >= 0 && o->scale >= 0 ? o->scale : 0;
	u32 room;

	o->win = (u16)rng_in(&t->c->rng, 1, 2000 >> scale);
	ack(t, !side);
	room = o->rcv + ((u32)o->win << scale) - s->next;
	while (room - 1 < 4000) {
		u32 len = room < t->mss ? room : t->mss;

		segment(t, side, T_ACK, s->next, s->rcv, len, s->win);
		s->next += len;
		room -= len;
	}
}

static void nonsense(struct talk *t, int side)
{
	struct side *s = &t->s[side];
	static const u16 flags[] = { T_ACK,	    T_PSH | T_ACK, T_FIN | T_ACK, T_RST,
				     T_RST | T_ACK, T_SYN,	   T_SYN | T_ACK, 0,
				     T_FIN,	    T_SYN | T_FIN, T_URG | T_ACK };
	u32 far = one_in(t, 2) ? rng_below(&t->c->rng, 5000) : cap_u32(t->c);

	segment(t, side, flags[rng_below(&t->c->rng, 11)], one_in(t, 2) ? s->next : s->next + far,
		one_in(t, 2) ? s->rcv : s->rcv - far, one_in(t, 2) ? 0 : some_len(t),
		one_in(t, 2) ? s->win : (u16)far);
}

static void handshake(struct talk *t)
{
	struct side *c = &t->s[0], *s = &t->s[1];
	u32 tries = one_in(t, 5) ? 2 : 1;

	for (u32 i = 0; i < tries; i++) {
		segment(t, 0, T_SYN, c->isn, 0, one_in(t, 20) ? 10 : 0, 64240);
		wait(t);
	}
	for (u32 i = 0; i < tries && !one_in(t, 10); i++) {
		segment(t, 1, T_SYN | T_ACK, s->isn, c->isn + 1, 0, 65160);
		wait(t);
	}
	if (!one_in(t, 10))
		ack(t, 0);
}

static void something(struct talk *t)
{
	int side = one_in(t, 3);

	wait(t);
	switch (rng_below(&t->c->rng, 20)) {
	case 0:
	case 1:
	case 2:
	case 3:
	case 4: send(t, side, true); break;
	case 5: send(t, side, false); break;
	case 6:
	case 7:
	case 8:
		receive(t, side);
		ack(t, side);
		break;
	case 9: ack(t, side); break;
	case 10: swapped(t, side); break;
	case 11:
	case 12: again(t, side); break;
	case 13:
	case 14: fast(t, side); break;
	case 15: shut_window(t, side); break;
	case 16: keep_alive(t, side); break;
	case 17: fill(t, side); break;
	case 18:
		t->s[side].win = (u16)rng_in(&t->c->rng, 100, 65535);
		ack(t, side);
		break;
	case 19:
		if (one_in(t, 6))
			nonsense(t, side);
		break;
	}
}

static void finish(struct talk *t)
{
	for (int i = 0; i < 2; i++) {
		int side = one_in(t, 2);
		struct side *s = &t->s[side];

		receive(t, side);
		segment(t, side, one_in(t, 6) ? T_RST | T_ACK : T_FIN | T_ACK, s->next, s->rcv,
			one_in(t, 3) ? 10 : 0, s->win);
		if (one_in(t, 4))
			segment(t, side, T_FIN | T_ACK, s->next, s->rcv, 0, s->win);
		s->next++;
		wait(t);
		t->s[!side].rcv = s->next;
		ack(t, !side);
	}
}

static void begin(struct talk *t)
{
	for (int i = 0; i < 2; i++) {
		struct side *s = &t->s[i];

		s->isn = one_in(t, 3) ? 0u - rng_in(&t->c->rng, 1, 20000) : cap_u32(t->c);
		s->next = s->isn + 1;
		s->win = (u16)rng_in(&t->c->rng, 200, 65535);
		s->scale = one_in(t, 4) ? -1 : (int)rng_below(&t->c->rng, 10);
		s->ts = one_in(t, 3);
	}
	t->s[0].rcv = t->s[1].next;
	t->s[1].rcv = t->s[0].next;
	t->mss = one_in(t, 2) ? 100 : 1460;
	if (!one_in(t, 6)) /* the others begin before the capture */
		handshake(t);
}

static void one_talk(struct cap *c, bool tunnel)
{
	struct talk t = { .c = c, .now = c->ns, .tunnel = tunnel };

	cap_peers(c);
	t.peer[0] = c->a;
	t.peer[1] = c->b;
	t.port[0] = cap_port(c);
	t.port[1] = 9;
	t.v6 = rng_below(&c->rng, 2);
	/* Once more with the same ports, now and then. */
	do {
		begin(&t);
		for (u32 n = rng_in(&c->rng, 5, 60); n; n--)
			something(&t);
		if (!one_in(&t, 5))
			finish(&t);
	} while (one_in(&t, 4));
}

static void make_trouble(struct cap *c)
{
	for (u32 i = 0; i < 60; i++)
		one_talk(c, false);
}

static void make_trouble_tunnel(struct cap *c)
{
	for (u32 i = 0; i < 30; i++)
		one_talk(c, true);
}

/* More than any list of unacknowledged segments holds, then all acknowledged, and again. */
static void make_long_flight(struct cap *c)
{
	struct talk t = { .c = c, .now = c->ns, .port = { 50000, 9 }, .mss = 2 };

	cap_peers(c);
	t.peer[0] = c->a;
	t.peer[1] = c->b;
	begin(&t);
	t.mss = 2;
	for (u32 i = 0; i < 11000; i++)
		send(&t, 0, i % 1000 != 999);
	again(&t, 0);
	again(&t, 0);
	t.s[1].rcv += 3000;
	ack(&t, 1);
	send(&t, 0, true);
	t.s[1].rcv = t.s[0].next;
	ack(&t, 1);
	send(&t, 0, true);
}

const struct scen scen_trouble[] = {
	{ "tcp-trouble.pcap", GOOD, 1, make_trouble,
	  "connections with losses, copies, reordering, zero windows, probes, keep-alives, reused "
	  "ports, by chance" },
	{ "tcp-trouble-2.pcap", GOOD, 1, make_trouble, "others of the kind" },
	{ "tcp-trouble-3.pcap", GOOD, 1, make_trouble, "others of the kind" },
	{ "tcp-trouble-tunnel.pcap", GOOD, 1, make_trouble_tunnel,
	  "others of the kind, in VXLAN and GRE" },
	{ "tcp-long-flight.pcap", GOOD, 1, make_long_flight,
	  "thousands of segments without an acknowledgment" },
	{ 0 },
};
