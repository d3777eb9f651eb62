/* Verdicts on conversations made by hand: one of each kind, and those that Wireshark's definitions
 * get wrong. */
#include "flow/tcp_verdict.h"

#include "base/rand.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { C, S, MSS = 1000, ISN = 1000, IRS = 50000, MOST = 4096 };

static struct tcp_noted v[MOST];
static size_t n;
static struct tcp_conn conn;
static struct segment next; /* what the next segment has beside what say() is told */
static u32 acked[2];	    /* what each side acknowledges */
static u16 id[2];
static bool stamps;
static u32 recent[2]; /* the last TSval that came from each side */
static struct tcp_verdict got;
static u32 shift; /* added to all of C's numbers */

static void wait_us(i64 us)
{
	next.ts += us * NS_PER_US;
}

static void wait_ms(i64 ms)
{
	wait_us(ms * 1000);
}

/* A segment is captured now; gives its packet number. */
static u32 say(int side, u16 flags, u32 seq, u32 len)
{
	struct segment *s = &next;
	struct tcp_seen seen = { 0 };

	s->number = (u32)n + 1;
	s->side = (u8)side;
	s->len = len;
	if (s->ip_id == 0)
		s->ip_id = ++id[side];
	s->tcp.seq = seq + (side == C ? shift : 0);
	s->tcp.ack = flags & TCP_ACK ? acked[side] + (side == S ? shift : 0) : 0;
	s->tcp.flags = flags;
	if (side == S)
		for (unsigned i = 0; i < s->tcp.nsack; i++) {
			s->tcp.sack[i].left += shift;
			s->tcp.sack[i].right += shift;
		}
	if (stamps) {
		s->tcp.has_ts = 1;
		if (s->tcp.tsval == 0)
			s->tcp.tsval = (u32)(s->ts / NS_PER_MS);
		if (s->tcp.tsecr == 0)
			s->tcp.tsecr = recent[!side];
		recent[side] = s->tcp.tsval;
	}
	assert_true(n < MOST);
	tcp_conn_see(&conn, s, &seen);
	tcp_note(&v[n++], s, &seen);
	*s = (struct segment) { .ts = s->ts + NS_PER_US, .ttl = 64, .header = 40 };
	s->tcp.wscale = -1;
	s->tcp.win = 60000;
	return (u32)n;
}

static u32 data(u32 seq, u32 len)
{
	return say(C, TCP_ACK, seq, len);
}

/* From the server, with up to two SACK blocks. */
static u32 ack(u32 a, u32 l0, u32 r0, u32 l1, u32 r1)
{
	acked[S] = a;
	next.tcp.nsack = (u8)((r0 != 0) + (r1 != 0));
	next.tcp.sack[0].left = l0;
	next.tcp.sack[0].right = r0;
	next.tcp.sack[1].left = l1;
	next.tcp.sack[1].right = r1;
	return say(S, TCP_ACK, IRS + 1, 0);
}

static const struct tcp_verdict *judge(u32 packet)
{
	tcp_verdict(v, n, packet - 1, conn.whole != NULL ? &conn.whole->point : NULL, &got);
	return &got;
}

static void is(u32 packet, enum tcp_kind kind, enum tcp_rule rule)
{
	judge(packet);
	if (got.kind != kind || (rule != TCP_RULE_NONE && got.rule != rule))
		print_message("packet %u: %s by %s, not %s by %s\n", packet, tcp_kind_key(got.kind),
			      tcp_rule_info(got.rule)->name, tcp_kind_key(kind),
			      tcp_rule_info(rule)->name);
	assert_int_equal(got.kind, kind);
	if (rule != TCP_RULE_NONE)
		assert_int_equal(got.rule, rule);
	if (kind != TCP_KIND_NONE)
		assert_true(got.confidence >= 50 && got.confidence <= 100);
}

static bool shows(u32 packet)
{
	for (unsigned i = 0; i < got.nevidence; i++)
		if (got.evidence[i] == packet)
			return true;
	return false;
}

static void begin(u32 from)
{
	tcp_conn_fini(&conn);
	tcp_conn_init(&conn, true, false, NULL, false);
	n = 0;
	shift = from;
	stamps = false;
	memset(recent, 0, sizeof recent);
	id[C] = 100;
	id[S] = 40000;
	next = (struct segment) { .ts = 1000 * NS_PER_S, .ttl = 64, .header = 40 };
	next.tcp.win = 60000;
	acked[C] = IRS + 1;
	acked[S] = ISN + 1;
}

/* A handshake seen where it takes `server` there and back to the server, `client` to the client. */
static void open(i64 client, i64 server, bool stamped)
{
	begin(shift);
	stamps = stamped;
	next.tcp.wscale = 0;
	next.tcp.sack_ok = 1;
	say(C, TCP_SYN, ISN, 0);
	wait_ms(server);
	next.tcp.wscale = 0;
	next.tcp.sack_ok = 1;
	say(S, TCP_SYN | TCP_ACK, IRS, 0);
	wait_ms(client);
	say(C, TCP_ACK, ISN + 1, 0);
}

#define AT(i) (ISN + 1 + (i)*MSS)

static u32 full(u32 i)
{
	return data(AT(i), MSS);
}

static int set_up(void **state)
{
	(void)state;
	shift = 0;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	tcp_conn_fini(&conn);
	return 0;
}

/* ---- lost, and sent again ---- */

/* Ten segments, the third is lost behind the capture, which stands beside the sender. */
static void fast_near_sender(void **state)
{
	u32 lost, d[3], again;

	(void)state;
	open(0, 50, false);
	full(0);
	full(1);
	lost = full(2);
	for (u32 i = 3; i < 10; i++)
		full(i);
	wait_ms(50);
	ack(AT(2), 0, 0, 0, 0);
	for (u32 i = 0; i < 3; i++)
		d[i] = ack(AT(2), AT(3), AT(4 + i), 0, 0);
	again = full(2);
	wait_ms(50);
	ack(AT(10), 0, 0, 0, 0);
	is(again, TCP_KIND_FAST, TCP_RULE_FAST_DUPACKS);
	assert_int_equal(got.was, TCP_FATE_LOST_BEHIND);
	assert_int_equal(got.fate, TCP_FATE_ARRIVED);
	assert_int_equal(got.original, lost);
	assert_int_equal(got.wireshark, TCP_FOUND_FAST_RETRANSMISSION);
	for (u32 i = 0; i < 3; i++)
		assert_true(shows(d[i]));
	is(lost, TCP_KIND_LOST, TCP_RULE_LOST_SACK);
	assert_int_equal(got.fate, TCP_FATE_LOST_BEHIND);
	assert_true(shows(again));
	is(d[0], TCP_KIND_DUPLICATE_ACK, TCP_RULE_DUPLICATE_SACK);
	is(lost - 1, TCP_KIND_NONE, TCP_RULE_NONE);
	assert_int_equal(got.fate, TCP_FATE_ARRIVED);
}

/* The same seen beside the receiver, 50 ms away from the sender: the ACKs are older than 20 ms when
 * the repair comes, and it was lost before it came here. Wireshark: a plain retransmission or out
 * of order. */
static void fast_near_receiver(void **state)
{
	u32 again, behind;

	(void)state;
	open(50, 0, false);
	full(0);
	full(1);
	ack(AT(2), 0, 0, 0, 0);
	behind = full(3);
	ack(AT(2), AT(3), AT(4), 0, 0);
	for (u32 i = 4; i < 6; i++) {
		full(i);
		ack(AT(2), AT(3), AT(1 + i), 0, 0);
	}
	wait_ms(50);
	again = full(2);
	ack(AT(6), 0, 0, 0, 0);
	is(again, TCP_KIND_FAST, TCP_RULE_FAST_DUPACKS);
	assert_int_equal(got.was, TCP_FATE_LOST_BEFORE);
	assert_false(got.wireshark & TCP_FOUND_FAST_RETRANSMISSION);
	is(behind, TCP_KIND_BEHIND_LOSS, TCP_RULE_BEHIND_LOSS);
	assert_true(shows(again));
	assert_int_equal(got.wireshark, TCP_FOUND_LOST_SEGMENT);
}

/* More segments came in the round trip, the last just before the repair: within the initial round
 * trip, so Wireshark calls it out of order. */
static void not_out_of_order(void **state)
{
	u32 again;

	(void)state;
	open(50, 0, false);
	full(0);
	ack(AT(1), 0, 0, 0, 0);
	for (u32 i = 2; i < 8; i++) {
		full(i);
		ack(AT(1), AT(2), AT(1 + i), 0, 0);
		wait_ms(9);
	}
	wait_ms(25);
	again = full(1);
	ack(AT(8), 0, 0, 0, 0);
	is(again, TCP_KIND_FAST, TCP_RULE_NONE);
	assert_int_equal(got.wireshark, TCP_FOUND_OUT_OF_ORDER);
}

/* The other way: overtaken, but long after what should have followed it, for Wireshark's 3 ms (the
 * handshake was not seen). Its timestamp tells. */
static void not_a_retransmission(void **state)
{
	u32 late;

	(void)state;
	begin(0);
	stamps = true;
	full(0);
	ack(AT(1), 0, 0, 0, 0);
	wait_ms(1);
	next.tcp.tsval = 1000005;
	full(2);
	wait_ms(5);
	next.tcp.tsval = 1000006;
	full(3);
	wait_ms(5);
	next.tcp.tsval = 1000004;
	late = full(1);
	ack(AT(4), 0, 0, 0, 0);
	is(late, TCP_KIND_REORDERED, TCP_RULE_ORDER_STAMP);
	assert_int_equal(got.wireshark, TCP_FOUND_RETRANSMISSION);
	is(late - 2, TCP_KIND_BEHIND_REORDERED, TCP_RULE_BEHIND_REORDERED);
	assert_true(shows(late));
}

static void overtaken_by_id(void **state)
{
	u32 late;

	(void)state;
	open(50, 10, false);
	for (u32 i = 0; i < 6; i++)
		full(i);
	next.ip_id = (u16)(id[C] + 2);
	full(7);
	wait_ms(55); /* nearly a round trip: time alone says nothing for certain */
	next.ip_id = (u16)(id[C] + 1);
	late = full(6);
	ack(AT(8), 0, 0, 0, 0);
	is(late, TCP_KIND_REORDERED, TCP_RULE_ORDER_ID);
}

static void overtaken_by_time(void **state)
{
	u32 late;

	(void)state;
	open(25, 25, false);
	full(0);
	next.ip_id = 9;
	full(2);
	wait_ms(4);
	next.ip_id = 7;
	late = full(1);
	ack(AT(3), 0, 0, 0, 0);
	is(late, TCP_KIND_REORDERED, TCP_RULE_ORDER_SOON);
}

static void timeout_and_go_back(void **state)
{
	u32 first, rto, back[2];

	(void)state;
	open(0, 20, false);
	full(0);
	wait_ms(20);
	ack(AT(1), 0, 0, 0, 0);
	first = full(1);
	full(2);
	full(3);
	wait_ms(230);
	rto = full(1);
	wait_ms(20);
	ack(AT(2), 0, 0, 0, 0);
	back[0] = full(2);
	back[1] = full(3);
	wait_ms(20);
	ack(AT(4), 0, 0, 0, 0);
	is(rto, TCP_KIND_TIMEOUT, TCP_RULE_TIMER);
	assert_int_equal(got.was, TCP_FATE_LOST_BEHIND);
	is(back[0], TCP_KIND_GO_BACK, TCP_RULE_GO_BACK);
	assert_true(shows(rto));
	is(back[1], TCP_KIND_GO_BACK, TCP_RULE_GO_BACK);
	is(first, TCP_KIND_LOST, TCP_RULE_LOST_AGAIN);
}

static void tail_loss_probe(void **state)
{
	u32 probe;

	(void)state;
	open(0, 20, false);
	full(0);
	wait_ms(20);
	ack(AT(1), 0, 0, 0, 0);
	full(1);
	full(2);
	full(3);
	wait_ms(42);
	probe = full(3);
	wait_ms(20);
	ack(AT(1), AT(3), AT(4), 0, 0);
	is(probe, TCP_KIND_TLP, TCP_RULE_TLP);
}

static void further_holes(void **state)
{
	u32 a, b;

	(void)state;
	open(0, 30, false);
	for (u32 i = 0; i < 10; i++)
		full(i);
	wait_ms(30);
	ack(AT(1), 0, 0, 0, 0);
	ack(AT(1), AT(2), AT(3), 0, 0);
	ack(AT(1), AT(4), AT(5), AT(2), AT(3));
	ack(AT(1), AT(4), AT(6), AT(2), AT(3));
	ack(AT(1), AT(4), AT(7), AT(2), AT(3));
	a = full(1);
	b = full(3);
	wait_ms(30);
	ack(AT(3), AT(4), AT(10), 0, 0);
	ack(AT(10), 0, 0, 0, 0);
	is(a, TCP_KIND_FAST, TCP_RULE_FAST_DUPACKS);
	is(b, TCP_KIND_RECOVERY, TCP_RULE_RECOVERY_SACK);
	is(b + 1, TCP_KIND_PARTIAL_ACK, TCP_RULE_PARTIAL_ACK);
}

/* Other boundaries than the first time, and new bytes with it. */
static void other_boundaries(void **state)
{
	u32 again;

	(void)state;
	open(0, 20, false);
	data(ISN + 1, 300);
	wait_ms(20);
	acked[S] = ISN + 301;
	say(S, TCP_ACK, IRS + 1, 0);
	data(ISN + 301, 300);
	data(ISN + 601, 300);
	wait_ms(260);
	again = data(ISN + 301, 900);
	wait_ms(20);
	acked[S] = ISN + 1201;
	say(S, TCP_ACK, IRS + 1, 0);
	is(again, TCP_KIND_TIMEOUT, TCP_RULE_TIMER);
	assert_int_equal(got.was, TCP_FATE_LOST_BEHIND);
}

/* ---- not needed ---- */

static void spurious_by_dsack(void **state)
{
	u32 again, told;

	(void)state;
	open(0, 20, false);
	full(0);
	wait_ms(20);
	ack(AT(1), 0, 0, 0, 0);
	full(1);
	wait_ms(240);
	again = full(1);
	wait_ms(3);
	ack(AT(2), 0, 0, 0, 0);
	wait_ms(20);
	told = ack(AT(2), AT(1), AT(2), 0, 0);
	is(again, TCP_KIND_SPURIOUS, TCP_RULE_DSACK);
	assert_int_equal(got.how, TCP_KIND_TIMEOUT);
	assert_int_equal(got.wireshark, TCP_FOUND_RETRANSMISSION); /* it does not look ahead */
	assert_true(shows(told));
	is(again - 1, TCP_KIND_NONE, TCP_RULE_NONE);
	is(told, TCP_KIND_DSACK, TCP_RULE_DSACK_ACK);
	assert_true(shows(again));
}

static void spurious_by_stamp(void **state)
{
	u32 again, first, answer;

	(void)state;
	open(0, 20, true);
	full(0);
	wait_ms(20);
	ack(AT(1), 0, 0, 0, 0);
	first = full(1);
	wait_ms(240);
	again = full(1);
	wait_ms(1);
	next.tcp.tsecr = v[first - 1].seg.tcp.tsval;
	answer = ack(AT(2), 0, 0, 0, 0);
	is(again, TCP_KIND_SPURIOUS, TCP_RULE_EIFEL);
	assert_int_equal(got.evidence[0], answer);
	/* And the other way: it answers the second. */
	full(2);
	wait_ms(1200);
	again = full(2);
	wait_ms(20);
	ack(AT(3), 0, 0, 0, 0);
	is(again, TCP_KIND_TIMEOUT, TCP_RULE_TIMER);
	assert_int_equal(got.was, TCP_FATE_LOST_BEHIND);
}

static void spurious_by_time(void **state)
{
	u32 again;

	(void)state;
	open(0, 100, false);
	full(0);
	wait_ms(320);
	again = full(0);
	wait_ms(5);
	ack(AT(1), 0, 0, 0, 0);
	is(again, TCP_KIND_SPURIOUS, TCP_RULE_ACK_SOON);
}

static void spurious_after_ack(void **state)
{
	u32 again, first;

	(void)state;
	open(50, 0, false);
	full(0);
	first = ack(AT(1), 0, 0, 0, 0);
	wait_ms(300);
	again = full(0);
	is(again, TCP_KIND_SPURIOUS, TCP_RULE_ACKED_BEFORE);
	assert_int_equal(got.evidence[0], first);
	assert_int_equal(got.wireshark, TCP_FOUND_SPURIOUS_RETRANSMISSION);
}

/* ---- one packet twice ---- */

static void copies_and_doubles(void **state)
{
	u32 copy, twice, old;

	(void)state;
	open(10, 10, false);
	full(0);
	next.ip_id = id[C];
	next.ttl = 63;
	copy = full(0); /* behind a router */
	full(1);
	next.ip_id = id[C];
	twice = full(1); /* in the same place */
	wait_ms(10);
	ack(AT(2), 0, 0, 0, 0);
	ack(AT(2), AT(1), AT(2), 0, 0);
	is(copy, TCP_KIND_COPY, TCP_RULE_COPY);
	assert_true(got.wireshark != 0); /* a retransmission or out of order, it thinks */
	is(twice, TCP_KIND_DUPLICATED, TCP_RULE_DUP_ID);
	assert_int_equal(got.confidence, 98);
	/* One that comes very late, of IPv6: its timestamp stands still. */
	open(10, 10, true);
	next.ip_id = 1;
	full(0);
	full(1);
	wait_ms(30);
	old = n;
	full(2);
	v[0].seg.ip_id = v[old].seg.ip_id = 0;
	next.tcp.tsval = v[3].seg.tcp.tsval;
	next.tcp.tsecr = v[3].seg.tcp.tsecr;
	wait_ms(1500);
	next.ip_id = 1;
	twice = full(0);
	v[3].seg.ip_id = v[twice - 1].seg.ip_id = 0;
	is(twice, TCP_KIND_DUPLICATED, TCP_RULE_DUP_STAMP);
}

/* ---- what is missing ---- */

static void missed_by_the_capture(void **state)
{
	u32 behind, a;

	(void)state;
	open(10, 10, false);
	full(0);
	behind = full(2);
	wait_ms(10);
	a = ack(AT(3), 0, 0, 0, 0);
	is(behind, TCP_KIND_BEHIND_MISSED, TCP_RULE_BEHIND_MISSED);
	assert_true(shows(a));
	a = ack(AT(9), 0, 0, 0, 0);
	is(a, TCP_KIND_ACK_UNSEEN, TCP_RULE_ACK_MISSED);
	behind = full(11);
	is(behind, TCP_KIND_BEHIND_GAP, TCP_RULE_BEHIND_GAP);
}

static void ack_before_its_data(void **state)
{
	u32 a;

	(void)state;
	open(10, 10, false);
	full(0);
	a = ack(AT(2), 0, 0, 0, 0);
	full(1);
	is(a, TCP_KIND_ACK_UNSEEN, TCP_RULE_ACK_EARLY);
}

static void lost_on_the_wire(void **state)
{
	u32 lost, again;

	(void)state;
	open(0, 20, false);
	next.lost = 1;
	lost = full(0);
	wait_ms(1010);
	again = full(0);
	wait_ms(20);
	ack(AT(1), 0, 0, 0, 0);
	is(lost, TCP_KIND_LOST, TCP_RULE_LOST_WIRE);
	assert_int_equal(got.confidence, 100);
	is(again, TCP_KIND_TIMEOUT, TCP_RULE_TIMER);
}

/* ---- probes ---- */

static void keep_alives(void **state)
{
	u32 k, a, one;

	(void)state;
	open(10, 10, false);
	full(0);
	ack(AT(1), 0, 0, 0, 0);
	wait_ms(5000);
	k = data(AT(1) - 1, 0);
	a = ack(AT(1), 0, 0, 0, 0);
	is(k, TCP_KIND_KEEP_ALIVE, TCP_RULE_KEEP_ALIVE);
	is(a, TCP_KIND_KEEP_ALIVE_ACK, TCP_RULE_KEEP_ALIVE_ACK);
	wait_ms(5000);
	k = data(AT(1) - 1, 1);
	a = ack(AT(1), 0, 0, 0, 0);
	is(k, TCP_KIND_KEEP_ALIVE, TCP_RULE_KEEP_ALIVE);
	is(a, TCP_KIND_KEEP_ALIVE_ACK, TCP_RULE_KEEP_ALIVE_ACK);
	/* A key was pressed, and its byte was lost: Wireshark says keep-alive. */
	data(AT(1), 1);
	wait_ms(250);
	one = data(AT(1), 1);
	wait_ms(10);
	ack(AT(1) + 1, 0, 0, 0, 0);
	is(one, TCP_KIND_TIMEOUT, TCP_RULE_TIMER);
	assert_int_equal(got.wireshark, TCP_FOUND_KEEP_ALIVE);
}

static void closed_window(void **state)
{
	u32 z, p, q, a;

	(void)state;
	open(10, 10, false);
	for (u32 i = 0; i < 60; i++)
		full(i);
	next.tcp.win = 0;
	z = ack(AT(60), 0, 0, 0, 0);
	wait_ms(300);
	p = data(AT(60), 1);
	next.tcp.win = 0;
	a = ack(AT(60), 0, 0, 0, 0);
	is(z - 1, TCP_KIND_WINDOW_FULL, TCP_RULE_WINDOW_FULL);
	is(z, TCP_KIND_ZERO_WINDOW, TCP_RULE_ZERO_WINDOW);
	is(p, TCP_KIND_PROBE, TCP_RULE_PROBE);
	is(a, TCP_KIND_PROBE_ACK, TCP_RULE_PROBE_ACK);
	wait_ms(600);
	q = data(AT(60), 0); /* as Linux does: nothing, before what it has sent */
	next.tcp.win = 0;
	a = ack(AT(60), 0, 0, 0, 0);
	is(q, TCP_KIND_PROBE, TCP_RULE_PROBE);
	is(a, TCP_KIND_PROBE_ACK, TCP_RULE_PROBE_ACK);
	wait_ms(100);
	next.tcp.win = 5000;
	a = ack(AT(60), 0, 0, 0, 0);
	is(a, TCP_KIND_WINDOW_UPDATE, TCP_RULE_WINDOW_UPDATE);
}

/* ---- others ---- */

static void acknowledgments(void **state)
{
	u32 old, dup, rst;

	(void)state;
	open(10, 10, false);
	full(0);
	full(1);
	ack(AT(2), 0, 0, 0, 0);
	old = ack(AT(1), 0, 0, 0, 0);
	is(old, TCP_KIND_OLD_ACK, TCP_RULE_OLD_ACK);
	full(2);
	full(3);
	ack(AT(3), 0, 0, 0, 0);
	dup = ack(AT(3), 0, 0, 0, 0);
	is(dup, TCP_KIND_DUPLICATE_ACK, TCP_RULE_DUPLICATE_ACK);
	rst = say(C, TCP_RST | TCP_ACK, AT(4), 0);
	is(rst, TCP_KIND_RESET, TCP_RULE_RESET);
}

static void syn_again(void **state)
{
	u32 again;

	(void)state;
	begin(0);
	say(C, TCP_SYN, ISN, 0);
	wait_ms(1000);
	again = say(C, TCP_SYN, ISN, 0);
	is(again, TCP_KIND_TIMEOUT, TCP_RULE_SYN_TIMER);
	say(S, TCP_SYN | TCP_ACK, IRS, 0);
	say(C, TCP_ACK, ISN + 1, 0);
	full(0);
	again = say(C, TCP_SYN | TCP_FIN, AT(1), 0);
	is(again, TCP_KIND_FAULT, TCP_RULE_FAULT);
	assert_int_equal(got.fault, TCP_FAULT_SYN_FIN);
}

static void fin_again(void **state)
{
	u32 again;

	(void)state;
	open(0, 10, false);
	full(0);
	wait_ms(10);
	ack(AT(1), 0, 0, 0, 0);
	say(C, TCP_FIN | TCP_ACK, AT(1), 0);
	wait_ms(230);
	again = say(C, TCP_FIN | TCP_ACK, AT(1), 0);
	wait_ms(10);
	ack(AT(1) + 1, 0, 0, 0, 0);
	is(again, TCP_KIND_TIMEOUT, TCP_RULE_FIN_TIMER);
}

/* The numbers wrap anywhere in between. */
static void across_the_wrap(void **state)
{
	for (u32 i = 0; i < 12; i++) {
		shift = 0u - ISN - i * MSS - 500;
		fast_near_sender(state);
		fast_near_receiver(state);
		further_holes(state);
		spurious_by_dsack(state);
		timeout_and_go_back(state);
	}
	shift = 0;
}

static struct segment noise(struct rnd *r)
{
	struct segment s = { .side = (u8)rnd_below(r, 2), .ttl = 64 };

	s.len = rnd_below(r, 2) ? (u32)rnd_below(r, 3000) : (u32)rnd_below(r, 2);
	s.ts = rnd_below(r, 50) == 0 ? NS_NONE : (ns_t)(rnd_below(r, 1000) * NS_PER_MS);
	s.lost = rnd_below(r, 20) == 0;
	s.ip_id = (u16)rnd_below(r, 40);
	s.iface = (u32)rnd_below(r, 2);
	s.tcp.seq = rnd_below(r, 30) ? 0xfffff000u + (u32)rnd_below(r, 9000)
				     : (u32)rnd_below(r, 1ull << 32);
	s.tcp.ack = rnd_below(r, 30) ? 0xfffff000u + (u32)rnd_below(r, 9000)
				     : (u32)rnd_below(r, 1ull << 32);
	s.tcp.flags = rnd_below(r, 4) ? TCP_ACK : (u16)rnd_below(r, 64);
	s.tcp.win = (u16)(rnd_below(r, 3) * 3000);
	s.tcp.wscale = (i8)rnd_below(r, 3) - 1;
	s.tcp.has_ts = (u8)rnd_below(r, 2);
	s.tcp.tsval = (u32)rnd_below(r, 100);
	s.tcp.tsecr = (u32)rnd_below(r, 100);
	s.tcp.no_len = rnd_below(r, 40) == 0;
	s.tcp.nsack = (u8)rnd_below(r, 5);
	for (unsigned i = 0; i < s.tcp.nsack; i++) {
		s.tcp.sack[i].left = 0xfffff000u + (u32)rnd_below(r, 9000);
		s.tcp.sack[i].right = s.tcp.sack[i].left + (u32)rnd_below(r, 3000);
	}
	return s;
}

static void garbage(void **state)
{
	struct tcp_seen seen = { 0 };
	struct rnd r;

	(void)state;
	rnd_init(&r, 11);
	for (unsigned round = 0; round < 60; round++) {
		begin(0);
		for (u32 i = 0; i < 200; i++) {
			struct segment s = noise(&r);

			s.number = i + 1;
			tcp_conn_see(&conn, &s, &seen);
			tcp_note(&v[n++], &s, &seen);
		}
		for (u32 i = 1; i <= n; i++) {
			judge(i);
			assert_true(got.kind < TCP_KIND_COUNT && got.rule < TCP_RULE_COUNT);
			assert_true(got.nevidence <= TCP_EVIDENCE && got.confidence <= 100);
			assert_int_equal(got.kind == TCP_KIND_NONE, got.confidence == 0);
			for (unsigned k = 0; k < got.nevidence; k++)
				assert_true(got.evidence[k] >= 1 && got.evidence[k] <= n);
		}
	}
}

static void words(void **state)
{
	(void)state;
	for (unsigned k = 1; k < TCP_KIND_COUNT; k++) {
		assert_true(strlen(tcp_kind_name((enum tcp_kind)k)) > 0);
		for (unsigned j = 1; j < k; j++)
			assert_string_not_equal(tcp_kind_key((enum tcp_kind)k),
						tcp_kind_key((enum tcp_kind)j));
	}
	for (unsigned r = 1; r < TCP_RULE_COUNT; r++) {
		const struct tcp_rule_info *i = tcp_rule_info((enum tcp_rule)r);

		assert_true(strlen(i->name) > 0 && strlen(i->sentence) > 20);
		assert_true(i->sentence[strlen(i->sentence) - 1] == '.');
	}
	assert_string_equal(tcp_finding_name(TCP_FOUND_OUT_OF_ORDER), "tcp.analysis.out_of_order");
	assert_string_equal(tcp_finding_name(TCP_FOUND_REUSED_PORTS), "tcp.analysis.reused_ports");
	assert_null(tcp_finding_name(0));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(fast_near_sender),
		TEST(fast_near_receiver),
		TEST(not_out_of_order),
		TEST(not_a_retransmission),
		TEST(overtaken_by_id),
		TEST(overtaken_by_time),
		TEST(timeout_and_go_back),
		TEST(tail_loss_probe),
		TEST(further_holes),
		TEST(other_boundaries),
		TEST(spurious_by_dsack),
		TEST(spurious_by_stamp),
		TEST(spurious_by_time),
		TEST(spurious_after_ack),
		TEST(copies_and_doubles),
		TEST(missed_by_the_capture),
		TEST(ack_before_its_data),
		TEST(lost_on_the_wire),
		TEST(keep_alives),
		TEST(closed_window),
		TEST(acknowledgments),
		TEST(syn_again),
		TEST(fin_again),
		TEST(across_the_wrap),
		TEST(garbage),
		TEST(words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
