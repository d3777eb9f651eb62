/* Congestion control from traces made by hand: each phase and edge, RFC 6298's arithmetic, Karn's
 * rule, the scoreboard, and what must not matter: wrap, odd times, garbage. */
#include "base/rand.h"
#include "flow/tcp_cong.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MSS = 1000, RTT = 40 };

/* A connection in the making. Side 0 sends; data numbers count segments of MSS from 0. */
struct trace {
	struct tcp_cong c;
	struct tcp_cong_out o;
	u32 iss, number;
	ns_t now;
	u32 next; /* segment */
	u32 win;
	bool stamps;
};

static void see(struct trace *t, struct segment s)
{
	s.number = ++t->number;
	s.ts = t->now;
	s.header = 40;
	if (t->stamps) {
		s.tcp.has_ts = 1;
		s.tcp.tsval = (u32)(t->now / NS_PER_MS);
	}
	tcp_cong_see(&t->c, &s, &t->o);
}

static void pass(struct trace *t, int ms)
{
	t->now += ms * NS_PER_MS;
}

static struct segment syn(struct trace *t, int side)
{
	struct segment s = { .side = (u8)side };

	s.tcp.seq = side ? 777 : t->iss;
	s.tcp.flags = side ? TCP_SYN | TCP_ACK : TCP_SYN;
	s.tcp.ack = side ? t->iss + 1 : 0;
	s.tcp.mss = MSS;
	s.tcp.wscale = 0;
	s.tcp.sack_ok = 1;
	s.tcp.win = 65535;
	return s;
}

static struct trace begin(u32 iss)
{
	struct trace t = { .iss = iss, .now = 1000 * NS_PER_S, .win = 65535 };

	tcp_cong_init(&t.c, 0);
	see(&t, syn(&t, 0));
	assert_int_equal(t.o.phase, TCP_PHASE_HANDSHAKE);
	assert_int_equal(t.o.why, TCP_WHY_SYN);
	pass(&t, RTT);
	see(&t, syn(&t, 1));
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.why, TCP_WHY_ESTABLISHED);
	assert_true(t.o.rtt == RTT * NS_PER_MS);
	return t;
}

/* Segment i goes out; `len` bytes of it. */
static void part(struct trace *t, u32 i, u32 len)
{
	struct segment s = { .side = 0, .len = len };

	s.tcp.seq = t->iss + 1 + i * MSS;
	s.tcp.flags = TCP_ACK;
	see(t, s);
}

static void again(struct trace *t, u32 i)
{
	part(t, i, MSS);
}

static void send(struct trace *t, u32 n)
{
	while (n-- > 0)
		part(t, t->next++, MSS);
}

/* Everything below segment `to` is acknowledged, and the segments from left to right - 1
 * selectively. */
static void sack(struct trace *t, u32 to, u32 left, u32 right)
{
	struct segment s = { .side = 1 };

	s.tcp.seq = 778;
	s.tcp.ack = t->iss + 1 + to * MSS;
	s.tcp.flags = TCP_ACK;
	s.tcp.win = (u16)t->win;
	if (left < right) {
		s.tcp.nsack = 1;
		s.tcp.sack[0].left = t->iss + 1 + left * MSS;
		s.tcp.sack[0].right = t->iss + 1 + right * MSS;
	}
	see(t, s);
}

static void ack(struct trace *t, u32 to)
{
	sack(t, to, 0, 0);
}

/* One round of slow start: each segment's acknowledgment lets two out. */
static void double_up(struct trace *t)
{
	u32 una = (t->c.una - t->iss - 1) / MSS, end = t->next;

	pass(t, RTT);
	while (una < end) {
		ack(t, ++una);
		send(t, 2);
	}
}

/* One round of congestion avoidance: one more than before. */
static void add_one(struct trace *t)
{
	u32 una = (t->c.una - t->iss - 1) / MSS, end = t->next;

	pass(t, RTT);
	while (una < end) {
		ack(t, ++una);
		send(t, una == end ? 2 : 1);
	}
}

static void slow_start_doubles(void **state)
{
	struct trace t = begin(5);

	(void)state;
	send(&t, 10);
	assert_int_equal(t.o.flight, 10 * MSS);
	assert_int_equal(t.o.cwnd, 10 * MSS);
	assert_int_equal(t.o.ssthresh, TCP_CONG_UNKNOWN);
	double_up(&t);
	assert_int_equal(t.o.flight, 20 * MSS);
	double_up(&t);
	assert_int_equal(t.o.cwnd, 40 * MSS);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	ack(&t, t.next);
	assert_int_equal(t.o.limit, TCP_LIMIT_CWND);
	assert_int_equal(t.c.goodput, t.next * MSS);
	assert_int_equal(t.c.again_bytes, 0);
	tcp_cong_fini(&t.c);
}

/* The window grows no longer, though nothing is lost. */
static void slow_start_ends_without_a_loss(void **state)
{
	struct trace t = begin(5);
	u32 una;

	(void)state;
	send(&t, 10);
	double_up(&t);
	pass(&t, RTT);
	una = 10;
	for (int i = 0; i < 12; i++) {
		ack(&t, ++una);
		send(&t, 1);
	}
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	assert_int_equal(t.o.cwnd, 20 * MSS);
	assert_int_equal(t.o.ssthresh, 20 * MSS);
	/* And does again: it was no HyStart, so the sender is not CUBIC. */
	while (t.c.phase == TCP_PHASE_AVOIDANCE && t.next < 300) {
		ack(&t, ++una);
		send(&t, 2);
	}
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.ssthresh, TCP_CONG_UNKNOWN);
	assert_int_equal(t.c.w.algorithm, TCP_ALGORITHM_RENO);
	tcp_cong_fini(&t.c);
}

static void hystart_hears_the_delay(void **state)
{
	struct trace t = begin(5);
	u32 una = 0;
	int why = 0;

	(void)state;
	send(&t, 10);
	double_up(&t);
	/* A round that begins 10 ms late. */
	pass(&t, RTT + 10);
	for (una = 10; una < 30 && why == 0; una++) {
		ack(&t, una + 1);
		why = t.o.why;
		send(&t, 2);
	}
	assert_int_equal(why, TCP_WHY_NO_GROWTH);
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	assert_in_range(una, 18, 21); /* after eight samples */
	tcp_cong_fini(&t.c);
	/* Reno would not. */
	t = begin(5);
	tcp_cong_algorithm(&t.c, TCP_ALGORITHM_RENO);
	send(&t, 10);
	double_up(&t);
	pass(&t, RTT + 10);
	for (una = 10; una < 30; una++) {
		ack(&t, una + 1);
		send(&t, 2);
	}
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	tcp_cong_fini(&t.c);
}

/* Segment 10 of 20 is lost. Returns in fast recovery, segment 10 sent again. */
static struct trace lose_one(bool with_sack)
{
	struct trace t = begin(100);
	u32 i;

	t.c.sack = with_sack;
	send(&t, 10);
	double_up(&t);
	pass(&t, RTT);
	for (i = 11; i <= 13; i++) {
		if (with_sack)
			sack(&t, 10, 11, i + 1);
		else
			ack(&t, 10);
		assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
		assert_int_equal(t.o.flight, (20 - (i - 10)) * MSS);
	}
	again(&t, 10);
	return t;
}

static void fast_recovery_with_sack(void **state)
{
	struct trace t = lose_one(true);

	(void)state;
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	assert_int_equal(t.o.was, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.why, TCP_WHY_SACK);
	assert_int_equal(t.o.cause, t.number - 1);
	assert_true(t.o.again);
	assert_false(t.o.probe);
	/* 20 out, 3 of them sacked, one lost and sent again. */
	assert_int_equal(t.o.flight, 17 * MSS);
	assert_int_equal(t.o.ssthresh, 14 * MSS); /* CUBIC, as long as nothing tells otherwise */
	for (u32 i = 14; i < 30; i++)
		sack(&t, 10, 11, i + 1);
	assert_int_equal(t.o.flight, 1 * MSS);
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	pass(&t, RTT);
	ack(&t, 30);
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	assert_int_equal(t.o.why, TCP_WHY_RECOVERED);
	assert_int_equal(t.o.flight, 0);
	assert_null(t.c.board);
	/* It has halved its window: that is Reno. */
	send(&t, 10);
	ack(&t, 31);
	assert_int_equal(t.o.ssthresh, 10 * MSS);
	assert_int_equal(t.c.w.algorithm, TCP_ALGORITHM_RENO);
	assert_int_equal(t.c.again_bytes, MSS);
	assert_int_equal(t.c.goodput, 31 * MSS);
	tcp_cong_fini(&t.c);
}

static void fast_recovery_without_sack(void **state)
{
	struct trace t = lose_one(false);

	(void)state;
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	assert_int_equal(t.o.why, TCP_WHY_DUPACKS);
	/* A partial acknowledgment does not end it (RFC 6582). */
	pass(&t, RTT);
	ack(&t, 12);
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	again(&t, 12);
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	assert_int_equal(t.o.why, TCP_WHY_NONE);
	pass(&t, RTT);
	ack(&t, 30); /* all that was out, but no more */
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	send(&t, 1);
	ack(&t, 31);
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	tcp_cong_fini(&t.c);
}

static void sent_again_without_a_cause(void **state)
{
	struct trace t = begin(0);

	(void)state;
	send(&t, 10);
	pass(&t, RTT);
	ack(&t, 1);
	again(&t, 1);
	assert_int_equal(t.o.why, TCP_WHY_EARLY);
	tcp_cong_fini(&t.c);
}

/* The receiver says that what was sent again had come already. */
static void a_needless_recovery_is_undone(void **state)
{
	struct trace t = lose_one(true);
	struct segment s = { .side = 1 };

	(void)state;
	pass(&t, RTT);
	s.tcp.ack = t.iss + 1 + 30 * MSS;
	s.tcp.flags = TCP_ACK;
	s.tcp.win = 65535;
	s.tcp.nsack = 1;
	s.tcp.sack[0].left = t.iss + 1 + 10 * MSS;
	s.tcp.sack[0].right = t.iss + 1 + 11 * MSS;
	see(&t, s);
	assert_int_equal(t.o.why, TCP_WHY_UNDONE);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_true(t.o.cwnd >= 20 * MSS); /* and this acknowledgment counts */
	assert_int_equal(t.o.ssthresh, TCP_CONG_UNKNOWN);
	tcp_cong_fini(&t.c);
}

/* A timeout came too early: the first acknowledgment behind it echoes what went out before. */
static void a_timestamp_undoes_a_timeout(void **state)
{
	for (int late = 0; late < 2; late++) {
		struct trace t = begin(100);
		struct segment s = { .side = 1 };
		u32 first;

		(void)state;
		t.stamps = true;
		send(&t, 10);
		double_up(&t);
		first = (u32)(t.now / NS_PER_MS);
		pass(&t, 300);
		again(&t, 10);
		assert_int_equal(t.o.phase, TCP_PHASE_LOSS);
		pass(&t, 10);
		s.tcp.ack = t.iss + 1 + 11 * MSS;
		s.tcp.flags = TCP_ACK;
		s.tcp.win = 65535;
		s.tcp.tsecr = late ? first + 300 : first;
		see(&t, s);
		assert_int_equal(t.o.phase, late ? TCP_PHASE_LOSS : TCP_PHASE_SLOW_START);
		assert_int_equal(t.o.why, late ? TCP_WHY_NONE : TCP_WHY_UNDONE);
		if (!late)
			assert_int_equal(t.o.flight, 19 * MSS);
		tcp_cong_fini(&t.c);
	}
}

/* The receiver's window is scaled, that of its SYN is not. */
static void windows_are_scaled(void **state)
{
	struct trace t = { .iss = 5, .now = NS_PER_S, .win = 300 };
	struct segment s;

	(void)state;
	tcp_cong_init(&t.c, 0);
	s = syn(&t, 0);
	s.tcp.wscale = 3;
	see(&t, s);
	s = syn(&t, 1);
	s.tcp.wscale = 7;
	see(&t, s);
	assert_int_equal(t.o.rwnd, 65535);
	send(&t, 1);
	ack(&t, 1);
	assert_int_equal(t.o.rwnd, 300 << 7);
	tcp_cong_fini(&t.c);
}

/* A loaded host takes several acknowledgments at once and then answers all of them: still slow
 * start. */
static void acknowledgments_at_once(void **state)
{
	struct trace t = begin(5);
	u32 una = 0;

	(void)state;
	send(&t, 10);
	for (int round = 0; round < 2; round++) {
		u32 end = t.next;

		pass(&t, RTT);
		while (una + 5 <= end) {
			t.now += 100 * NS_PER_US;
			for (int i = 0; i < 5; i++)
				ack(&t, ++una);
			send(&t, 10);
		}
	}
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.cwnd, 40 * MSS);
	assert_true(t.c.w.sure);
	tcp_cong_fini(&t.c);
}

/* After recovery holes are left above it: the next one begins at once. */
static void one_recovery_after_the_other(void **state)
{
	struct trace t = lose_one(true);

	(void)state;
	send(&t, 5); /* 30 to 34; 30 is lost */
	sack(&t, 10, 11, 30);
	again(&t, 30);
	sack(&t, 10, 31, 35);
	pass(&t, RTT);
	sack(&t, 30, 31, 35);
	assert_int_equal(t.o.phase, TCP_PHASE_RECOVERY);
	assert_int_equal(t.o.why, TCP_WHY_SACK);
	ack(&t, 35);
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	tcp_cong_fini(&t.c);
}

static void timeout_and_back(void **state)
{
	struct trace t = begin(0xfffffff0u);

	(void)state;
	send(&t, 10);
	double_up(&t);
	pass(&t, 300);
	again(&t, 10);
	assert_int_equal(t.o.phase, TCP_PHASE_LOSS);
	assert_int_equal(t.o.why, TCP_WHY_TIMEOUT);
	assert_int_equal(t.o.cause, t.number);
	assert_int_equal(t.o.flight, MSS);
	assert_int_equal(t.o.cwnd, MSS);
	assert_int_equal(t.o.ssthresh, 14 * MSS);
	assert_true(t.o.rto_linux > 400 * NS_PER_MS); /* doubled */
	/* Once more: told again, ssthresh stays. */
	pass(&t, 500);
	again(&t, 10);
	assert_int_equal(t.o.why, TCP_WHY_TIMEOUT);
	assert_int_equal(t.o.ssthresh, 14 * MSS);
	assert_true(t.o.rto_linux > 800 * NS_PER_MS);
	pass(&t, RTT);
	ack(&t, 11);
	assert_true(t.o.rtt == NS_NONE); /* Karn */
	assert_int_equal(t.o.phase, TCP_PHASE_LOSS);
	again(&t, 11);
	again(&t, 12);
	assert_int_equal(t.o.flight, 2 * MSS);
	assert_int_equal(t.o.cwnd, 2 * MSS);
	pass(&t, RTT);
	ack(&t, 30);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.why, TCP_WHY_RECOVERED);
	send(&t, 2);
	while (t.c.phase == TCP_PHASE_SLOW_START && t.next < 300)
		double_up(&t);
	assert_int_equal(t.o.phase, TCP_PHASE_AVOIDANCE);
	assert_in_range(t.o.cwnd, 14 * MSS, 18 * MSS);
	tcp_cong_fini(&t.c);
}

static void a_tail_loss_probe_changes_nothing(void **state)
{
	struct trace t = begin(0);

	(void)state;
	send(&t, 5);
	pass(&t, 90);
	again(&t, 4);
	assert_true(t.o.probe);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.flight, 6 * MSS); /* both may be on their way */
	sack(&t, 0, 4, 5);
	again(&t, 0);
	assert_int_equal(t.o.why, TCP_WHY_SACK);
	tcp_cong_fini(&t.c);
}

static void idle_restart(void **state)
{
	struct trace t = lose_one(true);

	(void)state;
	pass(&t, RTT);
	ack(&t, 30);
	send(&t, 14);
	for (int i = 0; i < 10; i++)
		add_one(&t);
	assert_int_equal(t.o.cwnd, 24 * MSS);
	pass(&t, RTT);
	ack(&t, t.next);
	pass(&t, 10000);
	send(&t, 1);
	assert_int_equal(t.o.why, TCP_WHY_IDLE);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	assert_int_equal(t.o.cwnd, 10 * MSS);
	assert_int_equal(t.o.ssthresh, 18 * MSS); /* three quarters of what was used */
	tcp_cong_fini(&t.c);
}

static void limits(void **state)
{
	struct trace t = begin(0);

	(void)state;
	t.win = 12 * MSS;
	send(&t, 3);
	part(&t, t.next++, 10);
	pass(&t, RTT);
	ack(&t, 1);
	assert_int_equal(t.o.limit, TCP_LIMIT_APP);
	assert_int_equal(t.o.cwnd, 10 * MSS); /* which is not used, so it does not grow */
	tcp_cong_fini(&t.c);
	t = begin(0);
	t.win = 12 * MSS;
	send(&t, 10);
	pass(&t, RTT);
	for (u32 i = 1; i <= 10; i++) {
		ack(&t, i);
		send(&t, i <= 2 ? 2 : 1); /* until the receiver's window is full */
	}
	ack(&t, 11);
	assert_int_equal(t.o.limit, TCP_LIMIT_RWND);
	assert_int_equal(t.o.rwnd, 12 * MSS);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	tcp_cong_fini(&t.c);
}

static void rfc6298(void **state)
{
	struct tcp_rtt r;

	(void)state;
	tcp_rtt_init(&r);
	assert_true(tcp_rtt_rto(&r) == NS_PER_S);
	tcp_rtt_sample(&r, 400 * NS_PER_MS); /* 2.2 */
	assert_true(r.srtt == 400 * NS_PER_MS);
	assert_true(r.rttvar == 200 * NS_PER_MS);
	assert_true(tcp_rtt_rto(&r) == 1200 * NS_PER_MS);
	tcp_rtt_sample(&r, 600 * NS_PER_MS); /* 2.3: RTTVAR first, with the old SRTT */
	assert_true(r.rttvar == 200 * NS_PER_MS);
	assert_true(r.srtt == 425 * NS_PER_MS);
	tcp_rtt_sample(&r, 425 * NS_PER_MS);
	assert_true(r.rttvar == 150 * NS_PER_MS);
	assert_true(tcp_rtt_rto(&r) == 1025 * NS_PER_MS);
	tcp_rtt_timeout(&r); /* 5.5 */
	assert_true(tcp_rtt_rto(&r) == 2050 * NS_PER_MS);
	for (int i = 0; i < 100; i++)
		tcp_rtt_timeout(&r);
	assert_true(tcp_rtt_rto(&r) == TCP_RTT_MAX);
	tcp_rtt_sample(&r, 425 * NS_PER_MS);
	assert_true(tcp_rtt_rto(&r) == NS_PER_S); /* 2.4: no less */
	assert_true(tcp_rtt_rto_linux(&r) == 875 * NS_PER_MS);
	assert_true(r.min == 400 * NS_PER_MS && r.max == 600 * NS_PER_MS);
	assert_int_equal(r.samples, 4);
	for (int i = 0; i < 200; i++)
		tcp_rtt_sample(&r, 10 * NS_PER_MS);
	assert_true(tcp_rtt_rto_linux(&r) < 211 * NS_PER_MS);
	for (int i = 0; i < 100000; i++)
		tcp_rtt_sample(&r,
			       INT64_MAX); /* a ten-year round trip is cut, and no sum runs over */
	assert_true(r.sum > 0);
	tcp_rtt_fini(&r);
}

static void karn(void **state)
{
	struct tcp_rtt r, copy;

	(void)state;
	tcp_rtt_init(&r);
	for (u32 i = 1; i <= 4; i++)
		tcp_rtt_sent(&r, i * 100, i * 10);
	tcp_rtt_copy(&copy, &r);
	assert_true(tcp_rtt_acked(&r, 100, 500) == 490);
	tcp_rtt_again(&r, 200, 300);
	assert_true(tcp_rtt_acked(&r, 200, 500) == 480);
	assert_true(tcp_rtt_acked(&r, 400, 500) ==
		    NS_NONE); /* 300 was sent again, 400 waited for it */
	assert_true(tcp_rtt_acked(&copy, 400, 500) ==
		    490); /* the first of them, as a timestamp would tell */
	assert_true(tcp_rtt_acked(&copy, 400, 500) == NS_NONE);
	tcp_rtt_sent(&copy, 500, 600);
	assert_true(tcp_rtt_acked(&copy, 500, 599) == NS_NONE); /* the clock went back */
	tcp_rtt_fini(&r);
	tcp_rtt_fini(&copy);
}

/* What went out twice is timed where the timestamp tells which of the two came. */
static void a_timestamp_tells_the_sendings_apart(void **state)
{
	struct trace t = begin(0);
	struct segment s = { .side = 1 };

	(void)state;
	t.stamps = true;
	send(&t, 1);
	pass(&t, 300);
	again(&t, 0);
	pass(&t, RTT);
	s.tcp.ack = t.iss + 1 + MSS;
	s.tcp.flags = TCP_ACK;
	s.tcp.tsecr = (u32)((t.now - RTT * NS_PER_MS) / NS_PER_MS);
	see(&t, s);
	assert_true(t.o.rtt == RTT * NS_PER_MS);
	tcp_cong_fini(&t.c);
}

static void many_are_timed_thinly(void **state)
{
	struct tcp_rtt r;

	(void)state;
	tcp_rtt_init(&r);
	for (u32 i = 1; i <= 100000; i++)
		tcp_rtt_sent(&r, i, i);
	assert_true(r.n <= TCP_RTT_TIMED && r.n >= TCP_RTT_TIMED / 2 - 1);
	for (u8 i = 1; i < r.n; i++)
		assert_true(seq_gt(r.timed[i].end, r.timed[i - 1].end));
	assert_true(r.timed[r.n - 1].end > 90000);
	assert_true(tcp_rtt_acked(&r, 100000, 200000) != NS_NONE);
	assert_int_equal(r.n, 0);
	tcp_rtt_fini(&r);
}

/* The scoreboard against a byte map. */
static void scoreboard(void **state)
{
	enum { BYTES = 600 };
	struct rnd rnd;
	u32 base = 0xffffff00u;

	(void)state;
	rnd_init(&rnd, 1);
	for (int round = 0; round < 2000; round++) {
		struct tcp_board b = { .n = 0 };
		u8 map[BYTES] = { 0 };
		u32 una = 0;

		for (int i = 0; i < 40; i++) {
			u32 l = (u32)rnd_below(&rnd, BYTES), r = l + (u32)rnd_below(&rnd, 60);
			enum board_kind k = (enum board_kind)rnd_below(&rnd, 2);
			u32 fresh = 0, count[2] = { 0, 0 };
			bool joined = b.n == TCP_BOARD_RANGES;

			l = MAX(l, una);
			r = MIN(r, BYTES);
			for (u32 j = l; j < r; j++)
				if (map[j] == 0 || (k == BOARD_SACKED && map[j] == 2)) {
					map[j] = (u8)(k + 1);
					fresh++;
				}
			u32 got = tcp_board_add(&b, base + l, base + r, k);

			if (b.n >= TCP_BOARD_RANGES - 1 || joined)
				break; /* from here on it is allowed to simplify */
			assert_int_equal(got, fresh);
			if (i % 7 == 6) {
				una += (u32)rnd_below(&rnd, 40);
				memset(map, 0, una);
				tcp_board_advance(&b, base + una);
			}
			for (u32 j = 0; j < BYTES; j++)
				if (map[j] != 0)
					count[map[j] - 1]++;
			assert_int_equal(tcp_board_bytes(&b, BOARD_SACKED, base, base + BYTES),
					 count[0]);
			assert_int_equal(tcp_board_bytes(&b, BOARD_AGAIN, base, base + BYTES),
					 count[1]);
		}
	}
}

static void a_full_scoreboard_simplifies(void **state)
{
	struct tcp_board b = { .n = 0 };

	(void)state;
	for (u32 i = 0; i < 1000; i++)
		tcp_board_add(&b, i * 100, i * 100 + 50, BOARD_SACKED);
	assert_int_equal(b.n, TCP_BOARD_RANGES);
	assert_int_equal(tcp_board_top(&b, 0), 99950);
	assert_in_range(tcp_board_bytes(&b, BOARD_SACKED, 0, 100000), 50000, 100000);
	for (u32 i = 0; i < 1000; i++)
		tcp_board_add(&b, i * 100, i * 100 + 70, i % 2 ? BOARD_AGAIN : BOARD_SACKED);
	assert_int_equal(b.n, TCP_BOARD_RANGES);
	tcp_board_forget_again(&b);
	assert_int_equal(tcp_board_bytes(&b, BOARD_AGAIN, 0, 100000), 0);
}

/* The same trace, wherever the numbers wrap, gives the same. */
static void numbers_wrap(void **state)
{
	struct tcp_cong_out first = { 0 };

	(void)state;
	for (u32 iss = 0; iss < 60000; iss += 501) {
		struct trace t = begin(iss == 0 ? 100 : 0u - iss);

		send(&t, 10);
		double_up(&t);
		pass(&t, RTT);
		sack(&t, 10, 11, 14);
		again(&t, 10);
		send(&t, 3);
		if (iss == 0)
			first = t.o;
		assert_int_equal(t.o.phase, first.phase);
		assert_int_equal(t.o.flight, first.flight);
		assert_int_equal(t.o.cwnd, first.cwnd);
		tcp_cong_fini(&t.c);
	}
}

/* More than 4 GB, with the numbers all around. */
static void a_long_stream(void **state)
{
	struct trace t = begin(0);

	(void)state;
	send(&t, 10);
	for (u32 i = 1; i < 4400000; i++) {
		if (i % 10 == 0)
			pass(&t, RTT);
		ack(&t, i);
		send(&t, 1);
	}
	assert_true(t.c.goodput > UINT64_C(4300000000));
	assert_int_equal(t.o.flight, 10 * MSS);
	assert_in_range(t.o.cwnd, 10 * MSS, 11 * MSS);
	tcp_cong_fini(&t.c);
}

static void odd_times(void **state)
{
	struct trace t = begin(0);

	(void)state;
	send(&t, 10);
	t.now -= 3600 * NS_PER_S;
	ack(&t, 5);
	assert_true(t.o.rtt == NS_NONE);
	send(&t, 5);
	t.now += INT64_C(10) * 365 * 86400 * NS_PER_S;
	ack(&t, 15);
	send(&t, 1);
	assert_int_equal(t.o.phase, TCP_PHASE_SLOW_START);
	t.now = NS_NONE;
	send(&t, 1);
	ack(&t, 16);
	again(&t, 16);
	t.now = INT64_MAX;
	send(&t, 1);
	again(&t, 16);
	t.now = INT64_MIN + 1;
	send(&t, 1);
	ack(&t, 18);
	assert_true(t.o.rto > 0 && t.o.rto <= TCP_RTT_MAX);
	tcp_cong_fini(&t.c);
}

static void begun_in_the_middle(void **state)
{
	struct trace t = { .iss = 999, .now = NS_PER_S, .win = 500 };

	(void)state;
	tcp_cong_init(&t.c, 0);
	ack(&t, 7); /* of what was never seen */
	assert_int_equal(t.o.phase, TCP_PHASE_NONE);
	send(&t, 3);
	assert_int_equal(t.o.flight, 3 * MSS);
	assert_int_equal(t.c.phase, TCP_PHASE_SLOW_START);
	pass(&t, RTT);
	ack(&t, 3);
	assert_true(t.o.rtt == RTT * NS_PER_MS);
	assert_int_equal(t.o.rwnd, TCP_CONG_UNKNOWN); /* its scale is not known */
	/* A gap of two gigabytes in the capture: it begins anew. */
	part(&t, 2000000, MSS);
	assert_int_equal(t.o.flight, MSS);
	tcp_cong_fini(&t.c);
}

/* Only one side was captured: nothing is ever acknowledged, or there is nothing to acknowledge. */
static void one_sided(void **state)
{
	struct trace t = { .iss = 0, .now = NS_PER_S };
	struct tcp_cong c;

	(void)state;
	tcp_cong_init(&t.c, 0);
	for (int i = 0; i < 100000; i++) {
		pass(&t, 1);
		send(&t, 1);
	}
	assert_true(t.c.sent_bytes == UINT64_C(100000) * MSS);
	tcp_cong_copy(&c, &t.c);
	tcp_cong_fini(&t.c);
	assert_int_equal(c.nxt - c.una, 100000 * MSS);
	assert_in_range(tcp_cong_size(&c), sizeof c, sizeof c + 1024 + 512);
	tcp_cong_fini(&c);
	tcp_cong_init(&t.c, 1);
	send(&t, 10);
	assert_int_equal(t.o.phase, TCP_PHASE_NONE);
	tcp_cong_fini(&t.c);
}

/* At the receiver's end what an acknowledgment causes comes a round trip later. */
static void seen_from_the_other_end(void **state)
{
	struct trace t = begin(0);

	(void)state;
	t.c.stamps = true;
	t.c.mss[0] = t.c.mss[1] = MSS + 12;
	tcp_cong_point(&t.c, RTT * NS_PER_MS);
	t.stamps = true;
	send(&t, 10);
	for (u32 i = 1; i <= 10; i++)
		ack(&t, i);
	assert_int_equal(t.o.flight, 10 * MSS); /* the sender knows of none of them */
	pass(&t, RTT);
	for (u32 i = 0; i < 20; i++) {
		struct segment s = { .side = 0, .len = MSS };

		s.tcp.seq = t.iss + 1 + t.next++ * MSS;
		s.tcp.flags = TCP_ACK;
		s.tcp.tsecr = (u32)(t.now / NS_PER_MS) - RTT;
		see(&t, s);
	}
	assert_int_equal(t.o.flight, 20 * MSS);
	assert_int_equal(t.o.cwnd, 20 * MSS);
	for (u32 i = 0; i < 1000; i++) /* more than can wait */
		ack(&t, 11 + i % 20);
	tcp_cong_fini(&t.c);
}

static void every_name_is_there(void **state)
{
	(void)state;
	for (int i = 0; i < TCP_PHASE_COUNT; i++)
		assert_non_null(tcp_phase_name((enum tcp_phase)i));
	for (int i = 0; i < TCP_PHASE_WHY_COUNT; i++)
		assert_non_null(tcp_phase_why_name((enum tcp_phase_why)i));
	for (int i = 0; i < TCP_LIMIT_COUNT; i++)
		assert_non_null(tcp_limit_name((enum tcp_limit)i));
	for (int i = 0; i < TCP_ALGORITHM_COUNT; i++)
		assert_non_null(tcp_algorithm_name((enum tcp_algorithm)i));
}

/* Segments of chance: nothing runs off, and what is said stays in its range. A copy goes on as the
 * original does. */
static void garbage(void **state)
{
	struct rnd r;

	(void)state;
	rnd_init(&r, 42);
	for (int round = 0; round < 1000; round++) {
		struct tcp_cong c, d;
		struct tcp_cong_out o, p;
		ns_t now = (ns_t)rnd_below(&r, INT64_MAX);
		u32 seq = (u32)rnd_u64(&r), copied = (u32)rnd_below(&r, 1500);
		bool wild = round % 3 == 0;

		tcp_cong_init(&c, round & 1);
		if (round % 4 == 1)
			tcp_cong_point(&c, 30 * NS_PER_MS);
		for (u32 i = 0; i < 2000; i++) {
			struct segment s = { .number = i,
					     .side = (u8)rnd_below(&r, 2),
					     .header = 40 };

			now += (ns_t)rnd_below(&r, 1u << rnd_below(&r, 30)) - (wild ? 1000 : 0);
			s.ts = rnd_below(&r, 50) == 0 ? (ns_t)rnd_u64(&r) : now;
			s.len = rnd_below(&r, 3)
					? 1448
					: (u32)rnd_below(&r, 1u << rnd_below(&r, wild ? 32 : 16));
			s.tcp.seq = wild ? (u32)rnd_u64(&r) : seq + (u32)rnd_below(&r, 100) * 1448;
			s.tcp.ack = wild ? (u32)rnd_u64(&r) : seq + (u32)rnd_below(&r, 100) * 1448;
			s.tcp.flags = rnd_below(&r, 20) ? TCP_ACK : (u16)rnd_below(&r, 512);
			s.tcp.win = (u16)rnd_u64(&r);
			s.tcp.mss = (u16)rnd_below(&r, 1u << rnd_below(&r, 17));
			s.tcp.wscale = (i8)((int)rnd_below(&r, 30) - 1);
			s.tcp.sack_ok = rnd_below(&r, 2) != 0;
			s.tcp.has_ts = rnd_below(&r, 2) != 0;
			s.tcp.tsval = (u32)rnd_u64(&r);
			s.tcp.tsecr = (u32)rnd_u64(&r);
			s.tcp.nsack = (u8)rnd_below(&r, PKT_SACKS + 1);
			for (u8 j = 0; j < s.tcp.nsack; j++) {
				s.tcp.sack[j].left =
					wild ? (u32)rnd_u64(&r)
					     : s.tcp.ack + (u32)rnd_below(&r, 50) * 1448;
				s.tcp.sack[j].right = s.tcp.sack[j].left + (u32)rnd_below(&r, 9000);
			}
			if (i % 32 == 0)
				seq += 20 * 1448;
			tcp_cong_see(&c, &s, &o);
			assert_true(o.phase < TCP_PHASE_COUNT && o.why < TCP_PHASE_WHY_COUNT &&
				    o.limit < TCP_LIMIT_COUNT);
			assert_true(o.rto > 0 && o.rto <= TCP_RTT_MAX);
			assert_true(o.flight <= (1u << 31) + (1u << 26));
			if (i == copied)
				tcp_cong_copy(&d, &c);
			if (i > copied) {
				tcp_cong_see(&d, &s, &p);
				assert_memory_equal(&o, &p, sizeof o);
			}
		}
		tcp_cong_fini(&c);
		tcp_cong_fini(&d);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(slow_start_doubles),
		cmocka_unit_test(slow_start_ends_without_a_loss),
		cmocka_unit_test(hystart_hears_the_delay),
		cmocka_unit_test(fast_recovery_with_sack),
		cmocka_unit_test(fast_recovery_without_sack),
		cmocka_unit_test(sent_again_without_a_cause),
		cmocka_unit_test(a_needless_recovery_is_undone),
		cmocka_unit_test(a_timestamp_undoes_a_timeout),
		cmocka_unit_test(windows_are_scaled),
		cmocka_unit_test(acknowledgments_at_once),
		cmocka_unit_test(one_recovery_after_the_other),
		cmocka_unit_test(timeout_and_back),
		cmocka_unit_test(a_tail_loss_probe_changes_nothing),
		cmocka_unit_test(idle_restart),
		cmocka_unit_test(limits),
		cmocka_unit_test(rfc6298),
		cmocka_unit_test(karn),
		cmocka_unit_test(a_timestamp_tells_the_sendings_apart),
		cmocka_unit_test(many_are_timed_thinly),
		cmocka_unit_test(scoreboard),
		cmocka_unit_test(a_full_scoreboard_simplifies),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(a_long_stream),
		cmocka_unit_test(odd_times),
		cmocka_unit_test(begun_in_the_middle),
		cmocka_unit_test(one_sided),
		cmocka_unit_test(seen_from_the_other_end),
		cmocka_unit_test(every_name_is_there),
		cmocka_unit_test(garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
