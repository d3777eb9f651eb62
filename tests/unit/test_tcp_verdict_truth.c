/* Verdicts against the truth: a path whose network tells what it did to every packet, tapped near
 * its sender, near its receiver and between. Prints how many are right, beside Wireshark's. */
#include "flow/tcp_verdict.h"
#include "../gen/path.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PACKETS = 8000, RUNS = 30 };

static struct path_packet tape[PACKETS];
static struct tcp_noted v[PACKETS];

struct score {
	u32 all, ours, theirs,
		doubled;    /* packets that are not simply FIRST, or were called something */
	u32 how, how_right; /* of what was sent again: what made the sender do it */
	u32 where, where_right;
	u32 gaps, gaps_right;
	u32 confusion[PATH_WHATS][PATH_WHATS];
};

static struct segment segment_from(const struct path_packet *p, const struct path_config *c, u32 i)
{
	struct segment s = { .number = i + 1, .side = p->side, .ttl = 64, .header = 40 };

	s.ts = p->ts;
	s.len = p->len;
	s.ip_id = p->ip_id;
	s.tcp.seq = p->seq + (p->side ? 7000000u : 4294950000u);
	s.tcp.ack = p->flags & TCP_ACK ? p->ack + (p->side ? 4294950000u : 7000000u) : 0;
	s.tcp.flags = p->flags;
	s.tcp.win = p->win;
	s.tcp.wscale = p->flags & TCP_SYN ? 0 : -1;
	s.tcp.sack_ok = c->sack && (p->flags & TCP_SYN);
	s.tcp.has_ts = c->stamps;
	s.tcp.tsval = c->stamps ? p->tsval : 0;
	s.tcp.tsecr = c->stamps ? p->tsecr : 0;
	s.tcp.nsack = p->nsack;
	for (unsigned b = 0; b < p->nsack; b++) {
		s.tcp.sack[b].left = p->sack[b][0] + 4294950000u;
		s.tcp.sack[b].right = p->sack[b][1] + 4294950000u;
	}
	return s;
}

static enum path_what ours(const struct tcp_verdict *o)
{
	switch (o->kind) {
	case TCP_KIND_REORDERED: return PATH_OVERTAKEN;
	case TCP_KIND_COPY:
	case TCP_KIND_DUPLICATED: return PATH_DOUBLED;
	case TCP_KIND_SPURIOUS: return PATH_NEEDLESS;
	default: return tcp_kind_resent((enum tcp_kind)o->kind) ? PATH_AGAIN : PATH_FIRST;
	}
}

/* What Wireshark's flags say, as kindly as can be: it has no word for what the network doubled. */
static enum path_what theirs(u16 found)
{
	if (found & TCP_FOUND_SPURIOUS_RETRANSMISSION)
		return PATH_NEEDLESS;
	if (found & TCP_FOUND_OUT_OF_ORDER)
		return PATH_OVERTAKEN;
	return found & (TCP_FOUND_RETRANSMISSION | TCP_FOUND_FAST_RETRANSMISSION) ? PATH_AGAIN
										  : PATH_FIRST;
}

static enum path_how how_of(const struct tcp_verdict *o)
{
	switch (o->kind == TCP_KIND_SPURIOUS ? o->how : o->kind) {
	case TCP_KIND_FAST:
	case TCP_KIND_EARLY: return PATH_FAST;
	case TCP_KIND_RECOVERY: return PATH_RECOVERY;
	case TCP_KIND_TIMEOUT: return PATH_TIMEOUT;
	case TCP_KIND_GO_BACK: return PATH_GO_BACK;
	case TCP_KIND_TLP: return PATH_PROBE;
	default: return PATH_NOT;
	}
}

static enum path_gap gap_of(enum tcp_kind k)
{
	return k == TCP_KIND_BEHIND_LOSS	? PATH_GAP_LOST
	       : k == TCP_KIND_BEHIND_REORDERED ? PATH_GAP_LATE
	       : k == TCP_KIND_BEHIND_MISSED	? PATH_GAP_MISSED
						: PATH_NO_GAP;
}

static void run(const struct path_config *c, struct score *t)
{
	u32 n = path_run(c, tape, PACKETS);
	struct tcp_seen seen = { 0 };
	struct tcp_conn conn;

	assert_true(n > c->segments && n < PACKETS);
	tcp_conn_init(&conn, true, false, NULL, false);
	for (u32 i = 0; i < n; i++) {
		struct segment s = segment_from(&tape[i], c, i);

		tcp_conn_see(&conn, &s, &seen);
		tcp_note(&v[i], &s, &seen);
	}
	for (u32 i = 0; i < n; i++) {
		const struct path_packet *p = &tape[i];
		struct tcp_verdict o;
		enum path_what a, b;

		if (p->len == 0)
			continue;
		tcp_verdict(v, n, i, &conn.whole->point, &o);
		a = ours(&o);
		b = theirs(v[i].found);
		t->confusion[p->what][a]++;
		if (p->gap != PATH_NO_GAP && o.kind != TCP_KIND_LOST) {
			t->gaps++;
			t->gaps_right += gap_of((enum tcp_kind)o.kind) == (enum path_gap)p->gap;
			if (gap_of((enum tcp_kind)o.kind) != (enum path_gap)p->gap &&
			    getenv("TRUTH_WORDS") != NULL)
				print_message("  gap %u: truth %d, ours %s by %s (%u%%)\n", i + 1,
					      p->gap, tcp_kind_key((enum tcp_kind)o.kind),
					      tcp_rule_info((enum tcp_rule)o.rule)->name,
					      o.confidence);
		}
		if (p->what == PATH_FIRST && p->lost != (o.fate == TCP_FATE_LOST_BEHIND) &&
		    o.fate != TCP_FATE_UNKNOWN && getenv("TRUTH_WORDS") != NULL)
			print_message("  fate of %u: %s, lost %d\n", i + 1,
				      tcp_fate_name((enum tcp_fate)o.fate), p->lost);
		if (p->what == PATH_FIRST && o.fate != TCP_FATE_UNKNOWN) {
			t->where++;
			t->where_right += p->lost == (o.fate == TCP_FATE_LOST_BEHIND);
		}
		if (p->what == PATH_FIRST && a == PATH_FIRST && b == PATH_FIRST)
			continue;
		t->all++;
		t->doubled += p->what == PATH_DOUBLED;
		t->ours += a == p->what;
		t->theirs += b == p->what;
		if (a != p->what && getenv("TRUTH_WORDS") != NULL)
			print_message("  %u: truth %d how %d, ours %s by %s (%u%%)\n", i + 1,
				      p->what, p->how, tcp_kind_key((enum tcp_kind)o.kind),
				      tcp_rule_info((enum tcp_rule)o.rule)->name, o.confidence);
		if (p->how == PATH_NOT || (a != PATH_AGAIN && a != PATH_NEEDLESS))
			continue;
		t->how++;
		t->how_right += how_of(&o) == (enum path_how)p->how;
		if (how_of(&o) != (enum path_how)p->how && getenv("TRUTH_WORDS") != NULL)
			print_message("  %u: how %d, ours %s by %s\n", i + 1, p->how,
				      tcp_kind_key((enum tcp_kind)(o.how ? o.how : o.kind)),
				      tcp_rule_info((enum tcp_rule)o.rule)->name);
	}
	tcp_conn_fini(&conn);
}

static u32 percent10(u32 part, u32 of)
{
	return of == 0 ? 1000 : (u32)((u64)part * 1000 / of);
}

/* All runs of one place, with everything in a packet that tells, or with nothing. */
static void place(const char *name, ns_t before, ns_t behind, bool rich, bool rough,
		  struct score *t)
{
	memset(t, 0, sizeof *t);
	for (u32 r = 0; r < RUNS; r++) {
		struct path_config c = { .seed = 100 + r, .before = before, .behind = behind };

		c.segments = 1200;
		c.stamps = c.ids = rich;
		c.sack = rich || r % 2 == 0;
		c.probes = r % 3 == 0;
		c.lost_before = 60;
		c.lost_behind = 60;
		c.late = 40;
		c.doubled = 30;
		c.acks_lost = 50;
		if (rough) {
			c.jitter = 8 * NS_PER_MS;
			c.missed = 20;
		}
		run(&c, t);
	}
	print_message("%-14s %-18s%s: of %4u unusual, right %5.1f %%, Wireshark %5.1f %% (%5.1f %% "
		      "of what is "
		      "not doubled); why %5.1f %%; fate %5.1f %% of %u; holes %5.1f %% of %u\n",
		      name, rich ? "stamps and ids" : "neither", rough ? "rough" : "     ", t->all,
		      percent10(t->ours, t->all) / 10.0, percent10(t->theirs, t->all) / 10.0,
		      percent10(t->theirs, t->all - t->doubled) / 10.0,
		      percent10(t->how_right, t->how) / 10.0,
		      percent10(t->where_right, t->where) / 10.0, t->where,
		      percent10(t->gaps_right, t->gaps) / 10.0, t->gaps);
	for (unsigned i = PATH_FIRST; i < PATH_WHATS; i++)
		print_message(
			"   truth %u: first %u overtaken %u doubled %u again %u needless %u\n", i,
			t->confusion[i][1], t->confusion[i][2], t->confusion[i][3],
			t->confusion[i][4], t->confusion[i][5]);
}

static void against_the_truth(void **state)
{
	static const struct {
		const char *name;
		ns_t before, behind;
	} places[] = {
		{ "near sender", 50 * NS_PER_US, 25 * NS_PER_MS },
		{ "between", 10 * NS_PER_MS, 15 * NS_PER_MS },
		{ "near receiver", 25 * NS_PER_MS, 50 * NS_PER_US },
	};

	(void)state;
	for (unsigned how = 0; how < 4; how++)
		for (unsigned i = 0; i < ARRAY_LEN(places); i++) {
			bool rich = how & 1, rough = how & 2;
			struct score t;

			place(places[i].name, places[i].before, places[i].behind, rich, rough, &t);
			assert_true(percent10(t.ours, t.all) >= (rich ? 930 : 850));
			assert_true(t.ours > t.theirs);
			assert_true(percent10(t.gaps_right, t.gaps) >= 970);
			assert_true(percent10(t.how_right, t.how) >= 850);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(against_the_truth) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
