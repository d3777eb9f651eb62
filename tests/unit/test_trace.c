/* States of connections at any packet: worked out from what was kept, in any order, they are what
 * one pass from the beginning finds. */
#include "tape/trace.h"

#include "base/rand.h"
#include "packet/registry.h"
#include "tape/pass.h"
#include "tape/tests.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKETS = 30000, TALKS = 5, FRAME = 54 };

struct talk {
	u32 next[2], ack[2];
	u16 port;
};

struct fix {
	struct tape *tape;
	struct flow *fl;
	struct trace *trace;
	struct pass *pass;
	struct tcp_seen *truth; /* by packet */
	u32 *conv, *segments;
};

static struct rnd rnd;

/* An Ethernet frame of a TCP segment of connection i; its data are not captured. */
static void build(struct frame *f, u8 *p, struct talk *t, unsigned i)
{
	bool side = rnd_below(&rnd, 3) == 0;
	u32 len = rnd_below(&rnd, 3) == 0 ? 0 : 1 + (u32)rnd_below(&rnd, 1400);
	u32 seq = t->next[side], back = (u32)rnd_below(&rnd, 5000);
	u16 flags = TCP_ACK;

	memset(p, 0, FRAME);
	switch (rnd_below(&rnd, 12)) {
	case 0: seq -= back; break;
	case 1: seq += back; break;
	case 2: t->ack[side] = t->next[!side]; break;
	case 3: t->ack[side] += back % 700; break;
	default: break;
	}
	if (rnd_below(&rnd, 4000) == 0) { /* the ports once more */
		flags = TCP_SYN;
		seq += 100000;
	}
	p[12] = 8;
	p[14] = 0x45;
	store_be16(p + 16, (u16)(40 + len));
	p[22] = 64;
	p[23] = 6;
	p[29] = side ? 2 : 1;
	p[33] = side ? 1 : 2;
	store_be16(p + 34, side ? 9 : t->port);
	store_be16(p + 36, side ? t->port : 9);
	store_be32(p + 38, seq);
	store_be32(p + 42, t->ack[side]);
	p[46] = 0x50;
	p[47] = (u8)flags;
	store_be16(p + 48, rnd_below(&rnd, 50) == 0 ? 0 : 5000);
	if ((i32)(seq + len - t->next[side]) > 0)
		t->next[side] = seq + len;
	*f = (struct frame) { .data = p, .caplen = FRAME, .len = FRAME + len, .link = 1 };
	/* Connection 0 never acknowledges: its list grows. */
	if (i == 0 && side)
		store_be32(p + 42, 1);
}

/* Always the same packets. */
static void fill(struct fix *f, void (*between)(struct fix *f))
{
	struct talk talk[TALKS];
	struct err e = ERR_INIT;
	u8 bytes[FRAME];
	struct frame fr;
	ns_t now = NS_PER_S;

	rnd_init(&rnd, 5);
	for (unsigned i = 0; i < TALKS; i++)
		talk[i] = (struct talk) { { 1, 1000000 }, { 1000000, 1 }, (u16)(1000 + i) };
	for (u64 n = 0; n < PACKETS; n++) {
		u64 pick = rnd_below(&rnd, 100);
		/* One has nearly all, one a few, far apart. */
		unsigned i = pick < 50 ? 0 : pick < 90 ? 1 : pick < 97 ? 2 : n % 5000 < 3 ? 4 : 3;

		build(&fr, bytes, &talk[i], i);
		now += (ns_t)rnd_below(&rnd, 5000000);
		fr.ts = now;
		assert_int_equal(tape_append(f->tape, &fr, &e), 0);
		if (between == NULL || n % 500 != 499)
			continue;
		assert_int_equal(tape_flush(f->tape, &e), 0);
		between(f);
	}
	assert_int_equal(tape_flush(f->tape, &e), 0);
}

/* The truth: one pass in order, as `print` does it. */
static void from_the_beginning(struct fix *f)
{
	struct flow *fl = flow_new(1 << 12);
	struct plan plan;
	struct frame fr;
	struct pkt k;
	u32 prev;

	pkt_init(&k);
	plan_init(&plan);
	plan.flow = flow_see;
	plan.flow_arg = fl;
	flow_track(fl, FLOW_WHOLE);
	for (u64 n = 0; n < PACKETS; n++) {
		tape_frame(f->tape, n, &fr);
		flow_begin(fl);
		pkt_decode(&k, &fr, &plan);
		f->conv[n] = flow_last(fl, &prev);
		f->truth[n] = *flow_seen(fl);
		f->segments[n] = flow_conn(fl)->segments;
	}
	pkt_fini(&k);
	plan_fini(&plan);
	flow_free(fl);
}

static void fix_init(struct fix *f)
{
	struct err e = ERR_INIT;
	struct tape_iface iface = { .link = 1, .tsresol = 9 };

	f->tape = tape_new(NULL, false, &e);
	assert_non_null(f->tape);
	assert_int_equal(tape_add_iface(f->tape, &iface, &e), 0);
	f->fl = flow_new(1 << 12);
	f->trace = trace_new();
	f->pass = pass_new(f->tape, f->fl, f->trace);
}

static void fix_fini(struct fix *f)
{
	pass_free(f->pass);
	trace_free(f->trace);
	flow_free(f->fl);
	tape_close(f->tape);
}

static int set_up(void **state)
{
	struct fix *f = xcalloc(1, sizeof *f);

	registry_init();
	fix_init(f);
	fill(f, NULL);
	f->truth = xcalloc(PACKETS, sizeof *f->truth);
	f->conv = xcalloc(PACKETS, sizeof *f->conv);
	f->segments = xcalloc(PACKETS, sizeof *f->segments);
	from_the_beginning(f);
	for (int i = 0; i < 10000 && tape_passed(f->tape) < PACKETS; i++)
		usleep(1000);
	assert_int_equal(tape_passed(f->tape), PACKETS);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	fix_fini(f);
	free(f->truth);
	free(f->conv);
	free(f->segments);
	free(f);
	return 0;
}

static void same(struct fix *f, struct retrace *r, u64 n)
{
	const struct tcp_seen *p = retrace_seen(r, n), *t = &f->truth[n];

	assert_int_equal(tape_conv(f->tape, n), f->conv[n]);
	assert_non_null(p);
	assert_true(p->whole);
	assert_memory_equal(&p->report, &t->report, sizeof p->report);
	assert_int_equal(p->copy_of, t->copy_of);
	assert_int_equal(p->ends.faults, t->ends.faults);
	assert_int_equal(p->ends.nedges, t->ends.nedges);
	for (unsigned i = 0; i < p->ends.nedges; i++) {
		assert_int_equal(p->ends.edge[i].packet, t->ends.edge[i].packet);
		assert_int_equal(p->ends.edge[i].from, t->ends.edge[i].from);
		assert_int_equal(p->ends.edge[i].to, t->ends.edge[i].to);
	}
	for (int side = 0; side < 2; side++) {
		const struct tcp_cong_out *a = &p->cong[side], *b = &t->cong[side];

		assert_int_equal(p->ends.state[side], t->ends.state[side]);
		assert_int_equal(a->phase, b->phase);
		assert_int_equal(a->limit, b->limit);
		assert_int_equal(a->flight, b->flight);
		assert_int_equal(a->cwnd, b->cwnd);
		assert_int_equal(a->ssthresh, b->ssthresh);
		assert_int_equal(a->rtt, b->rtt);
		assert_int_equal(a->srtt, b->srtt);
		assert_int_equal(a->rto, b->rto);
	}
}

static void both_ways(void **state)
{
	struct fix *f = *state;
	struct retrace *r = retrace_new(f->tape, f->fl, f->trace);

	for (u64 n = 0; n < PACKETS; n++)
		same(f, r, n);
	for (u64 n = PACKETS; n-- > 0;)
		same(f, r, n);
	for (u64 n = 1000; n < 9000; n++) /* one back, two on */
		same(f, r, n % 3 == 0 ? n - 2 : n);
	retrace_free(r);
}

static void by_leaps(void **state)
{
	struct fix *f = *state;

	for (unsigned i = 0; i < 20; i++) { /* each with nothing looked at before */
		struct retrace *r = retrace_new(f->tape, f->fl, f->trace);

		for (unsigned j = 0; j < 20; j++)
			same(f, r, rnd_below(&rnd, PACKETS));
		same(f, r, PACKETS - 1);
		retrace_free(r);
	}
}

static void states(void **state)
{
	struct fix *f = *state;
	struct retrace *r = retrace_new(f->tape, f->fl, f->trace);

	for (unsigned j = 0; j < 500; j++) {
		u64 n = rnd_below(&rnd, PACKETS);

		assert_int_equal(retrace_conn(r, n)->segments, f->segments[n]);
	}
	retrace_free(r);
}

static void unusual_packets(void **state)
{
	struct fix *f = *state;
	u64 next = TAPE_NONE, prev = TAPE_NONE;
	enum { KIND = TCP_FOUND_RETRANSMISSION | TCP_FOUND_ZERO_WINDOW | TRACE_STATE };

	for (u64 n = 0; n < PACKETS; n++) {
		assert_int_equal(trace_found(f->trace, n), trace_flags(&f->truth[n]));
		assert_int_equal(trace_prev(f->trace, n, KIND), prev);
		if (trace_flags(&f->truth[n]) & KIND)
			prev = n;
	}
	for (u64 n = PACKETS; n-- > 0;) {
		if (trace_flags(&f->truth[n]) & KIND)
			next = n;
		if (n % 7 == 0)
			assert_int_equal(trace_next(f->trace, n, KIND), next);
	}
	assert_int_not_equal(next, TAPE_NONE);
}

/* Ten packets of those that the pass has seen so far, while it goes on. */
static void look_around(struct fix *f)
{
	struct retrace *r = retrace_new(f->tape, f->fl, f->trace);
	struct rnd own = { tape_count(f->tape) };
	u64 passed = tape_passed(f->tape);

	for (unsigned i = 0; i < 10 && passed > 0; i++) {
		u64 n = rnd_below(&own, passed);

		same(f, r, n);
		assert_int_equal(trace_found(f->trace, n), trace_flags(&f->truth[n]));
	}
	retrace_free(r);
}

static void while_it_grows(void **state)
{
	struct fix f = *(struct fix *)*state;

	fix_init(&f);
	fill(&f, look_around);
	fix_fini(&f);
}

/* A filter that looks at what the trackers say, over all of the tape. */
static void filtered(void **state)
{
	struct fix *f = *state;
	struct err e = ERR_INIT;
	struct test test;
	struct match *m;

	assert_int_equal(test_from_filter("tcp.analysis.retransmission || "
					  "tcp.analysis.bytes_in_flight > 50000",
					  &test, &e),
			 0);
	m = match_new(f->tape, f->fl, test, PACKETS / 2);
	for (int i = 0; i < 10000 && match_tested(m) < PACKETS; i++)
		usleep(1000);
	for (u64 n = 0; n < PACKETS; n++)
		assert_int_equal(match_has(m, n),
				 f->truth[n].report.in_flight > 50000 ||
					 f->truth[n].report.found &
						 (TCP_FOUND_RETRANSMISSION |
						  TCP_FOUND_FAST_RETRANSMISSION |
						  TCP_FOUND_SPURIOUS_RETRANSMISSION));
	match_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways),	  cmocka_unit_test(by_leaps),
		cmocka_unit_test(states),	  cmocka_unit_test(unusual_packets),
		cmocka_unit_test(while_it_grows), cmocka_unit_test(filtered),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
