/*
 * state_compare DIR TAP [SKIP]: compares what the tracker concludes from DIR/TAP.pcapng with what
 * the kernel said about every socket (state_run). Prints how many connections agree, by which rule
 * where the kernel and the standard have different words, and the first that do not. With SKIP the
 * first so many packets of each connection are left out, as in a capture that began later: then an
 * end agrees where its states are the last ones of the kernel's, and one that does not must not be
 * sure. Status 1 where something is wrong. TRACE=N in the environment prints connection N, step by
 * step.
 */
#include "base/err.h"
#include "base/vec.h"
#include "flow/flow.h"
#include "flow/tcp_state.h"
#include "kernel/wire.h"
#include "packet/registry.h"
#include "tape/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STATES = 24, LIVES = 6 };

/* One end of one connection from opening to closing. */
struct life {
	u8 n;
	u8 state[STATES];
	u8 why[STATES];	    /* tracker: enum tcp_why */
	u32 packet[STATES]; /* tracker: that caused it */
	i64 when[STATES];   /* kernel: ns, of which it tells the microseconds */
};
struct lives {
	u8 n;
	struct life life[LIVES];
};

static struct lives kernel[WIRE_ENDS][CONNS], tracker[WIRE_ENDS][CONNS];
static char *name[CONNS];

/* Where the kernel and RFC 9293 differ, or no segment that the tap saw tells. The first that fits
 * counts; those from R_FAR on hold only for an end that the tap is not next to. */
enum rule {
	R_SAME,
	R_FIN_WAIT_2,
	R_REQUEST,
	R_SILENT,
	R_FAR,
	R_SYN_UNSEEN = R_FAR,
	R_ORDER,
	R_LOST,
	R_COUNT,
	R_NONE = R_COUNT,
};
static const char *const rule_text[R_COUNT] = {
	[R_SAME] = "the same states (the kernel says CLOSE for TIME-WAIT)",
	[R_FIN_WAIT_2] = "FIN with ACK of FIN: FIN_WAIT2 on the way (RFC 9293 figure 5, note 2)",
	[R_REQUEST] = "a handshake never completed is a listener's request, not a socket",
	[R_SILENT] = "closed in SYN-SENT without sending a segment",
	[R_SYN_UNSEEN] = "every SYN of this end was lost before the tap",
	[R_LOST] = "behind the tap a FIN or its ACK was lost, and nothing tells which",
	[R_ORDER] = "behind the tap the ACK of a FIN overtook the other's FIN",
};

/* Which end a tap is next to, -1 for none. */
static int near;
static u32 skip;
static int traced = -1;
static u8 sure[WIRE_ENDS][CONNS];  /* of the last state */
static u32 syns[WIRE_ENDS][CONNS]; /* without ACK, that the tap saw */

/* ---- the kernel's ---- */

static const char *const kernel_name[TCPS_COUNT] = {
	[TCPS_UNKNOWN] = "?",
	[TCPS_CLOSED] = "CLOSE",
	[TCPS_LISTEN] = "LISTEN",
	[TCPS_SYN_SENT] = "SYN_SENT",
	[TCPS_SYN_RECEIVED] = "SYN_RECV",
	[TCPS_ESTABLISHED] = "ESTABLISHED",
	[TCPS_FIN_WAIT_1] = "FIN_WAIT1",
	[TCPS_FIN_WAIT_2] = "FIN_WAIT2",
	[TCPS_CLOSE_WAIT] = "CLOSE_WAIT",
	[TCPS_CLOSING] = "CLOSING",
	[TCPS_LAST_ACK] = "LAST_ACK",
	[TCPS_TIME_WAIT] = "TIME_WAIT",
};

static void push(struct life *l, unsigned state)
{
	if (l->n == STATES)
		die("a life of more than %d states", STATES);
	l->state[l->n++] = (u8)state;
}

static struct life *life_new(struct lives *all)
{
	if (all->n == LIVES)
		die("more than %d connections of one pair", LIVES);
	return &all->life[all->n++];
}

static FILE *open_in(const char *dir, const char *file)
{
	char path[1024];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, file);
	f = fopen(path, "r");
	if (f == NULL)
		die("%s: cannot be read", path);
	return f;
}

static void read_kernel(const char *dir)
{
	FILE *f = open_in(dir, "kernel");
	char line[1024];

	while (fgets(line, sizeof line, f) != NULL) {
		char *save = NULL, *w = strtok_r(line, " \n", &save);
		int end = *w == 'B', conn = atoi(strtok_r(NULL, " \n", &save));
		struct life *l = life_new(&kernel[end][conn]);

		while ((w = strtok_r(NULL, " \n", &save)) != NULL) {
			char *at = strchr(w, '@');

			*at = '\0';
			for (unsigned i = 1; i < TCPS_COUNT; i++)
				if (strcmp(w, kernel_name[i]) == 0) {
					push(l, i);
					l->when[l->n - 1] = atoll(at + 1);
				}
		}
	}
	fclose(f);
	f = open_in(dir, "names");
	while (fgets(line, sizeof line, f) != NULL)
		name[atoi(line)] = strdup(strchr(line, ' ') + 1);
	fclose(f);
}

/* ---- the tracker's ---- */

static void push_edge(struct life *l, const struct tcp_edge *g)
{
	push(l, g->to);
	l->why[l->n - 1] = g->why;
	l->packet[l->n - 1] = g->packet;
}

static void note_edge(struct lives *all, const struct tcp_edge *g)
{
	struct life *l = all->n > 0 ? &all->life[all->n - 1] : NULL;
	bool opens = g->to == TCPS_SYN_SENT || g->to == TCPS_SYN_RECEIVED;

	if (g->why == TCP_WHY_TAKEN_BACK) {
		while (l != NULL && l->n > 0 && l->state[l->n - 1] != g->to)
			l->n--;
		if (l != NULL && l->n == 0)
			all->n--;
	} else if (opens && g->from != TCPS_SYN_SENT) {
		l = life_new(all);
		memset(l, 0, sizeof *l);
		push_edge(l, g);
	} else if (l != NULL && l->state[l->n - 1] != TCPS_TIME_WAIT &&
		   l->state[l->n - 1] != g->to && g->from == l->state[l->n - 1]) {
		push_edge(l, g);
	} else if (l == NULL && g->why != TCP_WHY_REFUSED) {
		push_edge(life_new(all), g);
	}
}

/* The packets of a connection, as the tap saw them. */
struct seen {
	i64 ts;
	u32 number, next; /* index of the connection's next one, 0 for none */
	u16 flags;
	u8 end, lost;
};
static VEC(struct seen) seen;
static u32 first[CONNS], last[CONNS];

static void note_packet(int conn, int end, const struct segment *s)
{
	if (seen.n == 0)
		VEC_PUSH(&seen)->next = 0; /* index 0 is none */
	*VEC_PUSH(&seen) = (struct seen) { .ts = s->ts,
					   .number = s->number,
					   .flags = s->tcp.flags,
					   .end = (u8)end,
					   .lost = s->lost };
	if (first[conn] == 0)
		first[conn] = (u32)seen.n - 1;
	else
		seen.v[last[conn]].next = (u32)seen.n - 1;
	last[conn] = (u32)seen.n - 1;
}

struct pair {
	u32 conv;
	bool b_first; /* side 0 is end B */
	struct tcp_ends ends;
	u32 seen;
};

static void trace(const struct segment *s, const struct tcp_ends_out *out, bool b_first)
{
	u16 f = s->tcp.flags;

	printf("%6u %c%s %s%s%s%s seq %u ack %u len %u:", s->number, 'A' + (s->side != b_first),
	       s->lost ? " lost" : "", f & TCP_SYN ? "S" : "", f & TCP_FIN ? "F" : "",
	       f & TCP_RST ? "R" : "", f & TCP_ACK ? "A" : "", s->tcp.seq, s->tcp.ack, s->len);
	for (int i = 0; i < out->nedges; i++) {
		const struct tcp_edge *g = &out->edge[i];

		printf(" %c %s > %s (%s, %u)", 'A' + (g->end != b_first), tcp_state_name(g->from),
		       tcp_state_name(g->to), tcp_why_name(g->why), g->packet);
	}
	for (unsigned i = 0; i < TCP_FAULT_COUNT; i++)
		if (out->faults >> i & 1)
			printf(" [%s]", tcp_fault_info(i)->name);
	printf("\n");
}

/* The kernel keeps to the standard, so hardly anything of what it sends may be flagged. */
static struct {
	u32 right, wrong;
} flagged;

static bool may_flag(int conn, enum tcp_fault f)
{
	const char *n = name[conn];

	if (f == TCP_FAULT_RST_NOT_EXACT)
		return strstr(n, "reset behind") != NULL || strstr(n, "reset overtakes") != NULL ||
		       strstr(n, "reset in FIN-WAIT-1") != NULL;
	if (f == TCP_FAULT_SYN_IN_SYNC || f == TCP_FAULT_BAD_SYN_ACK)
		return strstr(n, "half-open found by a SYN") != NULL;
	return false;
}

static void note_faults(int conn, u32 number, u32 faults)
{
	for (unsigned f = 0; f < TCP_FAULT_COUNT; f++) {
		if (!(faults >> f & 1))
			continue;
		if (may_flag(conn, f)) {
			flagged.right++;
		} else if (flagged.wrong++ < 20 && skip == 0) {
			printf("%d, packet %u is flagged %s: %s", conn, number,
			       tcp_fault_info(f)->name, name[conn]);
		}
	}
}

static void see(struct flow *fl, const struct pkt *k)
{
	static struct pair *pair;
	int conn = k->facts.sport - FIRST_PORT;
	struct conv c;
	struct tcp_ends_out out;
	struct segment s;
	struct pair *p;

	if (pair == NULL)
		pair = xcalloc(CONNS, sizeof *pair);
	if (!flow_get(fl, k->conv, &c) || k->facts.l4 != 6 || conn < 0 || conn >= CONNS)
		die("packet %u is none of ours", (u32)k->frame->number);
	segment_of(&s, k, k->conv_reversed);
	p = &pair[conn];
	if (skip == 0)
		note_packet(conn, c.addr[k->conv_reversed][3] == 2, &s);
	if (p->seen++ < skip)
		return;
	if (p->conv != c.id + 1) {
		struct tcp_ends old = p->ends;
		bool b_first = c.addr[0][3] == 2;

		tcp_ends_init(&p->ends, p->conv != 0 ? &old : NULL, b_first != p->b_first);
		p->conv = c.id + 1;
		p->b_first = b_first;
	}
	if ((s.tcp.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN)
		syns[s.side != p->b_first][conn]++;
	tcp_ends_see(&p->ends, &s, &out);
	if (traced == conn)
		trace(&s, &out, p->b_first);
	note_faults(conn, s.number, out.faults);
	for (int i = 0; i < 2; i++)
		sure[i != p->b_first][conn] = out.sure[i];
	for (int i = 0; i < out.nedges; i++)
		note_edge(&tracker[out.edge[i].end != p->b_first][conn], &out.edge[i]);
}

static u64 read_capture(const char *path)
{
	struct err e = ERR_INIT;
	struct flow *fl = flow_new(1 << 16);
	struct reader *r = reader_open(path, &e);
	struct plan plan;
	struct frame f;
	struct pkt k;
	u64 n = 0;
	int got;

	if (r == NULL)
		die("%s", e.text);
	registry_init();
	plan_init(&plan);
	plan.flow = flow_see;
	plan.flow_arg = fl;
	pkt_init(&k);
	while ((got = reader_next(r, &f, &e)) > 0) {
		flow_begin(fl);
		pkt_decode(&k, &f, &plan);
		see(fl, &k);
		n++;
	}
	if (got < 0)
		die("%s", e.text);
	pkt_fini(&k);
	plan_fini(&plan);
	reader_close(r);
	flow_free(fl);
	return n;
}

static unsigned as_kernel(unsigned st)
{
	return st == TCPS_TIME_WAIT || st == TCPS_LISTEN ? TCPS_CLOSED : st;
}

/* Whether the tracker's states from number `j` on are the kernel's from `i` on. */
static enum rule compare_from(const struct life *k, int i, const struct life *t, int j)
{
	enum rule r = R_SAME;

	for (; j < t->n; j++, i++) {
		if (i < k->n && k->state[i] == TCPS_FIN_WAIT_2 && j > 0 &&
		    t->why[j] == TCP_WHY_GOT_FIN_AND_ACK) {
			r = R_FIN_WAIT_2;
			i++;
		}
		if (i >= k->n || k->state[i] != as_kernel(t->state[j]))
			return R_NONE;
	}
	return i == k->n ? r : R_NONE;
}

/* FIN-WAIT-1, then CLOSING or FIN_WAIT2, then the end. */
static bool other_order(const struct life *k, int i, const struct life *t)
{
	struct life x = *t;

	if (t->n < 3)
		return false;
	if (t->state[t->n - 2] == TCPS_CLOSING)
		x.state[t->n - 2] = TCPS_FIN_WAIT_2;
	else if (t->state[t->n - 2] == TCPS_FIN_WAIT_2)
		x.state[t->n - 2] = TCPS_CLOSING;
	return compare_from(k, i, &x, 0) == R_SAME;
}

/* ---- what caused it ---- */

static struct {
	u32 same, request, orphan, seen, late, wrong;
} cause;

/* The packet that the kernel must have changed its state by at that time: the first that it sent
 * since then (with one of these flags), or the last that it had got. */
static u32 cause_sent(int conn, int end, i64 when, u16 flags)
{
	for (u32 i = first[conn]; i != 0; i = seen.v[i].next)
		if (seen.v[i].end == end && seen.v[i].ts >= when && (seen.v[i].flags & flags) &&
		    (flags != TCP_SYN || !(seen.v[i].flags & TCP_ACK)))
			return seen.v[i].number;
	return 0;
}

static u32 cause_got(int conn, int end, i64 when)
{
	u32 number = 0;

	for (u32 i = first[conn]; i != 0; i = seen.v[i].next)
		if (seen.v[i].end != end && !seen.v[i].lost && seen.v[i].ts <= when)
			number = seen.v[i].number;
	return number;
}

/* Where a timer repeats a SYN-ACK or FIN, or an old copy comes late, while its ACK is on its way,
 * it looks as if it or that ACK was lost, unless time stamps or the pace tell; then the next counts.
 */
static bool crossed(u8 why, const char *what)
{
	if (why == TCP_WHY_GOT_ACK_OF_SYN)
		return strstr(what, "SYN-ACK late") != NULL;
	return (why == TCP_WHY_GOT_ACK_OF_FIN || why == TCP_WHY_GOT_FIN) &&
	       strstr(what, "FIN behind much data") != NULL;
}

static void check_cause(int conn, int end, const struct life *k, int i, const struct life *t, int j)
{
	u32 want;

	switch ((enum tcp_why)t->why[j]) {
	case TCP_WHY_SENT_SYN: want = cause_sent(conn, end, k->when[i], TCP_SYN); break;
	case TCP_WHY_SENT_FIN: want = cause_sent(conn, end, k->when[i], TCP_FIN); break;
	case TCP_WHY_SENT_RST:
	case TCP_WHY_GONE: want = cause_sent(conn, end, k->when[i], TCP_RST); break;
	default: want = cause_got(conn, end, k->when[i]); break;
	}
	if (t->why[j] == TCP_WHY_SEEN) {
		cause.seen++;
	} else if (want == t->packet[j]) {
		cause.same++;
	} else if (j == 0 && t->state[0] == TCPS_SYN_RECEIVED) {
		cause.request++;
	} else if (j > 0 && t->state[j - 1] == TCPS_FIN_WAIT_2 && want < t->packet[j]) {
		cause.orphan++;
	} else if (want < t->packet[j] && crossed(t->why[j], name[conn])) {
		cause.late++;
	} else if (cause.wrong++ < 20) {
		printf("%d, end %c: %s  %s by packet %u (%s), not %u\n", conn, 'A' + end,
		       name[conn], tcp_state_name(t->state[j]), want, tcp_why_name(t->why[j]),
		       t->packet[j]);
	}
}

/* For lives that are the same. */
static void check_causes(int conn, int end, const struct life *k, const struct life *t)
{
	int i = 0;

	for (int j = 0; j < t->n; j++, i++) {
		if (k->state[i] == TCPS_FIN_WAIT_2 && j > 0 && t->why[j] == TCP_WHY_GOT_FIN_AND_ACK)
			i++;
		check_cause(conn, end, k, i, t, j);
	}
}

/* ---- the comparison ---- */

static bool silent(const struct life *k, const struct life *t)
{
	return k->n == 2 && t->n == 1 && k->state[0] == TCPS_SYN_SENT &&
	       t->state[0] == TCPS_SYN_SENT;
}

static enum rule compare(int end, int conn, const struct life *k, const struct life *t)
{
	enum rule r = compare_from(k, 0, t, 0);
	int from = 0;

	if (r != R_NONE) {
		if (near != !end)
			check_causes(conn, end, k, t);
		return r;
	}
	if (silent(k, t))
		return R_SILENT;
	if (near == end)
		return R_NONE;
	if (syns[end][conn] == 0 && near != -1 && k->state[0] == TCPS_SYN_SENT) {
		from = 1;
		if (compare_from(k, from, t, 0) != R_NONE)
			return R_SYN_UNSEEN;
	}
	if (strstr(name[conn], "ACK overtakes FIN") != NULL && other_order(k, from, t))
		return R_ORDER;
	if (near != -1 && strstr(name[conn], "simultaneous, ACK lost") != NULL &&
	    other_order(k, from, t))
		return R_LOST;
	return R_NONE;
}

static bool never_completed(const struct life *t)
{
	return t->state[0] == TCPS_SYN_RECEIVED &&
	       (t->n == 1 || (t->n == 2 && as_kernel(t->state[1]) == TCPS_CLOSED));
}

/* The rule by which all lives of an end agree. */
static enum rule compare_end(int end, int conn)
{
	const struct lives *k = &kernel[end][conn], *t = &tracker[end][conn];
	enum rule worst = R_SAME;
	int i = 0;

	if (t->n == 0 && k->n == 1 && k->life[0].n == 2 && near == !end && syns[end][conn] == 0)
		return R_SYN_UNSEEN;
	for (int j = 0; j < t->n; j++) {
		enum rule r = i < k->n ? compare(end, conn, &k->life[i], &t->life[j]) : R_NONE;

		if (r == R_NONE && never_completed(&t->life[j]))
			r = R_REQUEST;
		else
			i++;
		if (r > worst)
			worst = r;
	}
	return i == k->n ? worst : R_NONE;
}

static void print_lives(const char *who, const struct lives *l, bool as_is)
{
	printf("  %s:", who);
	for (int i = 0; i < l->n; i++) {
		if (i > 0)
			printf(" |");
		for (int j = 0; j < l->life[i].n; j++)
			printf(" %s", as_is ? kernel_name[l->life[i].state[j]]
					    : tcp_state_name(l->life[i].state[j]));
	}
	printf("\n");
}

/* How many states before ESTABLISHED: what was missed of them cannot be known. */
static int handshake(const struct life *t)
{
	int n = 0;

	while (n < t->n - 1 && (t->state[n] == TCPS_SYN_SENT || t->state[n] == TCPS_SYN_RECEIVED))
		n++;
	return n;
}

/* A capture that began late. */
static bool compare_tails(void)
{
	u32 same = 0, guessed = 0, wrong = 0, shown = 0;

	for (int i = 0; i < WIRE_ENDS * CONNS; i++) {
		const struct lives *k = &kernel[i % 2][i / 2], *t = &tracker[i % 2][i / 2];
		/* A refusal is an end without a socket. */
		bool right = t->n <= k->n || (k->n == 0 && t->n == 1 && t->life[0].n == 1 &&
					      t->life[0].state[0] == TCPS_CLOSED);

		if (name[i / 2] == NULL || t->n == 0)
			continue;
		for (int j = 1; right && k->n > 0 && j <= t->n; j++) {
			const struct life *a = &k->life[k->n - j], *b = &t->life[t->n - j];

			right = silent(a, b);
			for (int from = 0; !right && from < a->n; from++)
				right = compare_from(a, from, b, 0) != R_NONE ||
					compare_from(a, from, b, handshake(b)) != R_NONE;
		}
		same += right;
		guessed += !right && !sure[i % 2][i / 2];
		if (right || !sure[i % 2][i / 2])
			continue;
		wrong++;
		if (shown++ >= 40)
			continue;
		printf("%d, end %c: %s", i / 2, 'A' + i % 2, name[i / 2]);
		print_lives("kernel ", k, true);
		print_lives("tracker", t, false);
	}
	printf("%u packets late: %u ends right, %u inferred otherwise, %u sure and wrong\n", skip,
	       same, guessed, wrong);
	return wrong == 0;
}

int main(int argc, char **argv)
{
	u32 agree = 0, conns = 0, count[R_COUNT] = { 0 }, shown = 0;
	char path[1024];
	u64 packets;

	if (argc < 3)
		return 2;
	skip = argc > 3 ? (u32)atoi(argv[3]) : 0;
	if (getenv("TRACE") != NULL)
		traced = atoi(getenv("TRACE"));
	near = strcmp(argv[2], "near-a") == 0 ? 0 : strcmp(argv[2], "near-b") == 0 ? 1 : -1;
	read_kernel(argv[1]);
	snprintf(path, sizeof path, "%s/%s.pcapng", argv[1], argv[2]);
	packets = read_capture(path);
	if (skip > 0)
		return !compare_tails();
	for (int i = 0; i < CONNS; i++) {
		bool same = true;

		if (name[i] == NULL)
			continue;
		conns++;
		for (int end = 0; end < WIRE_ENDS; end++) {
			enum rule r = compare_end(end, i);

			if (r != R_NONE) {
				count[r]++;
				continue;
			}
			same = false;
			if (++shown > 40)
				continue;
			printf("%d, end %c: %s", i, 'A' + end, name[i]);
			print_lives("kernel ", &kernel[end][i], true);
			print_lives("tracker", &tracker[end][i], false);
		}
		agree += same;
	}
	printf("%s: %u of %u connections agree at both ends (%llu packets)\n", argv[2], agree,
	       conns, (unsigned long long)packets);
	for (int i = 0; i < R_COUNT; i++)
		printf("  %5u ends: %s\n", count[i], rule_text[i]);
	printf("  %5u edges: the packet that the kernel changed its state by\n", cause.same);
	printf("  %5u edges: a request becomes a socket with the ACK, in the standard with the "
	       "SYN\n",
	       cause.request);
	printf("  %5u edges: nobody holds the socket: it leaves FIN_WAIT2 at once\n", cause.orphan);
	printf("  %5u edges: of which no segment told when they happened\n", cause.seen);
	printf("  %5u edges: by an earlier ACK: what it answers was repeated meanwhile\n",
	       cause.late);
	printf("  %5u edges: by another packet\n", cause.wrong);
	printf("  %5u violations found where there are some, %u elsewhere\n", flagged.right,
	       flagged.wrong);
	return agree != conns || cause.wrong > 0 || flagged.wrong > 0 || flagged.right == 0;
}
