/* The state machine of both ends: every edge of RFC 9293 figure 5, the exchanges of its figures,
 *and what loss, duplicates, reordering, captures begun late and garbage make of them.
 *
 * A case is a script of lines
 *	> FLAGS SEQ ACK [LEN] [tSTAMP] [wWINDOW] [kLEFT-RIGHT] = STATE STATE [fault...]
 * '>' from end 0, '<' from end 1, with 'x' behind it: dropped by the wire; '+MS' in front: so much
 * later. FLAGS of SARF, '-' for none, 'T' offers Fast Open. Then the states of both ends, with '?'
 * behind it where it is not sure ('*' for any). Lines "0: STATE..." and "1: STATE..." give the
 *whole history of an end, what was taken back left out.
 */
#include "base/rand.h"
#include "flow/tcp_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct play {
	struct tcp_ends e;
	struct tcp_ends_out out;
	u32 number;
	ns_t now;
	u8 history[2][64];
	int n[2];
};

static void play_begin(struct play *p)
{
	memset(p, 0, sizeof *p);
	tcp_ends_init(&p->e, NULL, false);
	p->now = NS_PER_S;
}

/* As a reader of the edges would keep them. */
static void keep(struct play *p)
{
	for (int i = 0; i < p->out.nedges; i++) {
		const struct tcp_edge *g = &p->out.edge[i];
		u8 *h = p->history[g->end];
		int *n = &p->n[g->end];

		if (*n == 0 || h[*n - 1] != g->from)
			h[(*n)++] = g->from;
		if (g->why == TCP_WHY_TAKEN_BACK) {
			while (*n > 0 && h[*n - 1] != g->to)
				--*n;
			if (*n == 0)
				h[(*n)++] = g->to;
		} else {
			h[(*n)++] = g->to;
		}
		assert_in_range(*n, 1, 60);
	}
}

static void see(struct play *p, struct segment *s)
{
	s->number = ++p->number;
	if (s->ts == 0)
		s->ts = p->now;
	tcp_ends_see(&p->e, s, &p->out);
	keep(p);
}

static enum tcp_state state_by(const char *name)
{
	for (unsigned i = 0; i < TCPS_COUNT; i++)
		if (strcmp(tcp_state_name(i), name) == 0)
			return i;
	fail_msg("no state %s", name);
	return 0;
}

static u32 fault_by(const char *name)
{
	for (unsigned i = 0; i < TCP_FAULT_COUNT; i++)
		if (strcmp(tcp_fault_info(i)->name, name) == 0)
			return 1u << i;
	fail_msg("no fault %s", name);
	return 0;
}

static u16 flags_by(const char *s)
{
	u16 f = 0;

	for (; *s != '\0'; s++)
		f |= *s == 'S'	 ? TCP_SYN
		     : *s == 'A' ? TCP_ACK
		     : *s == 'R' ? TCP_RST
		     : *s == 'F' ? TCP_FIN
				 : 0;
	return f;
}

static void expect_state(const struct play *p, int end, char *want, const char *line)
{
	size_t n = strlen(want);
	bool doubt = n > 0 && want[n - 1] == '?';

	if (doubt)
		want[n - 1] = '\0';
	if (strcmp(want, "*") == 0)
		return;
	if (p->out.state[end] != state_by(want))
		fail_msg("end %d is in %s after: %s", end, tcp_state_name(p->out.state[end]), line);
	if (doubt && p->out.sure[end])
		fail_msg("end %d is too sure after: %s", end, line);
}

static void expect_history(const struct play *p, int end, char *line)
{
	char *save = NULL, *w = strtok_r(line, " ", &save);
	char said[1024] = "";
	int i = 0;

	for (int k = 0; k < p->n[end]; k++)
		snprintf(said + strlen(said), sizeof said - strlen(said), " %s",
			 tcp_state_name(p->history[end][k]));
	while ((w = strtok_r(NULL, " ", &save)) != NULL) {
		if (i >= p->n[end] || p->history[end][i] != state_by(w))
			fail_msg("history of end %d is%s", end, said);
		i++;
	}
	if (i != p->n[end])
		fail_msg("history of end %d is%s", end, said);
}

static void one_line(struct play *p, char *line)
{
	char whole[200], *save = NULL, *w;
	struct segment s = { .tcp = { .win = 65535, .wscale = -1 } };
	u32 number[3] = { 0 }, faults = 0;
	int n = 0;

	snprintf(whole, sizeof whole, "%s", line);
	if (line[1] == ':') {
		expect_history(p, line[0] - '0', line);
		return;
	}
	w = strtok_r(line, " ", &save);
	if (w[0] == '+') {
		p->now += atoll(w + 1) * NS_PER_MS;
		w = strtok_r(NULL, " ", &save);
	}
	p->now += NS_PER_MS;
	s.side = w[0] == '<';
	s.lost = w[1] == 'x';
	w = strtok_r(NULL, " ", &save);
	s.tcp.flags = flags_by(w);
	s.tcp.tfo = strchr(w, 'T') != NULL ? 2 : 0;
	while ((w = strtok_r(NULL, " ", &save)) != NULL && *w != '=')
		if (*w == 'w')
			s.tcp.win = (u16)atoi(w + 1);
		else if (*w == 't')
			s.tcp.has_ts = 1, s.tcp.tsval = (u32)atoi(w + 1);
		else if (sscanf(w, "k%u-%u", &s.tcp.sack[0].left, &s.tcp.sack[0].right) == 2)
			s.tcp.nsack = 1;
		else
			number[n++] = (u32)strtoul(w, NULL, 10);
	s.tcp.seq = number[0];
	s.tcp.ack = number[1];
	s.len = number[2];
	see(p, &s);
	for (int end = 0; end < 2 && (w = strtok_r(NULL, " ", &save)) != NULL; end++)
		expect_state(p, end, w, whole);
	while ((w = strtok_r(NULL, " ", &save)) != NULL)
		faults |= fault_by(w);
	if (p->out.faults != faults)
		fail_msg("faults %x after: %s", p->out.faults, whole);
}

static void go_on(struct play *p, const char *script)
{
	char copy[4096], *save = NULL;

	assert_true(strlen(script) < sizeof copy);
	strcpy(copy, script);
	for (char *l = strtok_r(copy, "\n", &save); l != NULL; l = strtok_r(NULL, "\n", &save))
		one_line(p, l);
}

static void play(const char *script)
{
	struct play p;

	play_begin(&p);
	go_on(&p, script);
}

#define OPEN                                         \
	"> S 100 0 = SYN-SENT SYN-RECEIVED?\n"       \
	"< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n" \
	"> A 101 301 = ESTABLISHED ESTABLISHED?\n"

/* RFC 9293 figures 6 and 12. */
static void opening_and_closing(void **state)
{
	(void)state;
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "< FA 301 102 = TIME-WAIT? LAST-ACK\n"
		  "> A 102 302 = TIME-WAIT CLOSED?\n"
		  "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED\n");
	/* The other side first; ACK and FIN in one segment (note 2 of figure 5). */
	play(OPEN "< FA 301 101 = CLOSE-WAIT? FIN-WAIT-1\n"
		  "> FA 101 302 = LAST-ACK TIME-WAIT?\n"
		  "< A 302 102 = CLOSED? TIME-WAIT\n"
		  "0: CLOSED SYN-SENT ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 TIME-WAIT\n");
}

/* Figure 7. Each end's SYN-ACK brings the other to ESTABLISHED. */
static void simultaneous_open(void **state)
{
	(void)state;
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< S 300 0 = SYN-RECEIVED? SYN-SENT\n"
	     "> SA 100 301 = SYN-RECEIVED ESTABLISHED?\n"
	     "< SA 300 101 = ESTABLISHED? ESTABLISHED?\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED\n"
	     "< A 301 101 = ESTABLISHED ESTABLISHED\n"
	     "0: CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED\n"
	     "1: CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED\n");
	/* The first SYN was lost behind the tap: end 1 gets the SYN-ACK at once. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< S 300 0 = SYN-RECEIVED? SYN-SENT\n"
	     "> SA 100 301 = SYN-RECEIVED *\n"
	     "< A 301 101 = ESTABLISHED? ESTABLISHED\n"
	     "0: CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED\n"
	     "1: CLOSED SYN-SENT ESTABLISHED\n");
	/* The same on a wire that says so. */
	play(">x S 100 0 = SYN-SENT unknown\n"
	     "< S 300 0 = SYN-RECEIVED? SYN-SENT\n"
	     "> SA 100 301 = SYN-RECEIVED ESTABLISHED?\n"
	     "< A 301 101 = ESTABLISHED? ESTABLISHED\n"
	     "0: CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED\n"
	     "1: CLOSED SYN-SENT ESTABLISHED\n");
}

/* Figure 13. */
static void simultaneous_close(void **state)
{
	(void)state;
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< FA 301 101 = CLOSING? FIN-WAIT-1\n"
		  "> A 102 302 = CLOSING TIME-WAIT?\n"
		  "< A 302 102 = TIME-WAIT? TIME-WAIT\n"
		  "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT\n");
	/* The first FIN was lost behind the tap. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< FA 301 101 = CLOSING? FIN-WAIT-1\n"
		  "> A 102 302 = CLOSING *\n"
		  "+300 > FA 101 302 = CLOSING TIME-WAIT?\n"
		  "< A 302 102 = TIME-WAIT? TIME-WAIT\n"
		  "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT\n");
	/* Half of it on a wire that drops the FIN. */
	play(OPEN ">x FA 101 301 = FIN-WAIT-1 ESTABLISHED?\n"
		  "< FA 301 101 = CLOSING? FIN-WAIT-1\n"
		  "> A 102 302 = CLOSING FIN-WAIT-2?\n"
		  "+300 > FA 101 302 = CLOSING TIME-WAIT?\n"
		  "< A 302 102 = TIME-WAIT? TIME-WAIT\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT\n");
}

static void half_close(void **state)
{
	(void)state;
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "< A 301 102 1000 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "> A 102 1301 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "< FA 1301 102 500 = TIME-WAIT? LAST-ACK\n"
		  "> A 102 1802 = TIME-WAIT CLOSED?\n");
}

static void resets(void **state)
{
	(void)state;
	/* Nobody listens. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< RA 0 101 = CLOSED? CLOSED\n"
	     "0: CLOSED SYN-SENT CLOSED\n1: LISTEN CLOSED\n");
	/* A RST without ACK, or of another SYN, does nothing in SYN-SENT. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "<x RA 0 101 = SYN-SENT CLOSED\n"
	     "> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< R 0 0 = SYN-SENT CLOSED rst_ignored\n");
	/* The client went away in SYN-SENT; the server goes back to LISTEN (note 1 of figure 5). */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "> R 101 0 = CLOSED LISTEN?\n"
	     "0: CLOSED SYN-SENT CLOSED\n1: LISTEN SYN-RECEIVED LISTEN\n");
	/* Each synchronized state. */
	play(OPEN "> RA 101 301 = CLOSED CLOSED?\n");
	play(OPEN "< RA 301 101 = CLOSED? CLOSED\n");
	play(OPEN "> FA 101 301 = * *\n< RA 301 101 = CLOSED? CLOSED\n"
		  "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSED\n");
	play(OPEN "> FA 101 301 = * *\n< RA 301 102 = CLOSED? CLOSED\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT CLOSED\n");
	play(OPEN "> FA 101 301 = * *\n< A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n< R 301 0 = CLOSED? "
		  "CLOSED\n");
	play(OPEN "> FA 101 301 = * *\n< FA 301 101 = CLOSING? FIN-WAIT-1\n> R 102 0 = CLOSED "
		  "CLOSED?\n");
	play(OPEN "> FA 101 301 = * *\n< FA 301 102 = TIME-WAIT? LAST-ACK\n> R 102 0 = CLOSED "
		  "CLOSED?\n");
	/* RFC 5961: in the window is not enough; the ACK that answers it draws an exact one. */
	play(OPEN ">x A 101 301 10 = ESTABLISHED ESTABLISHED?\n"
		  "> RA 111 301 = CLOSED ESTABLISHED? rst_not_exact\n"
		  "< A 301 101 = CLOSED ESTABLISHED\n"
		  "> R 101 0 = CLOSED CLOSED?\n");
	play(OPEN "> R 90000 0 = CLOSED ESTABLISHED? rst_ignored\n");
	play(OPEN "> R 50 0 = CLOSED ESTABLISHED? rst_ignored\n");
	/* It goes on for seconds: the reset was lost behind the tap. */
	play(OPEN "> RA 101 301 = CLOSED CLOSED?\n"
		  "< A 301 101 10 = CLOSED CLOSED?\n"
		  "+5000 < A 301 101 10 = CLOSED ESTABLISHED\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED\n");
}

static void handshake_lost_and_repeated(void **state)
{
	(void)state;
	/* The SYN. */
	play(">x S 100 0 = SYN-SENT unknown\n"
	     "+1000 > S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n");
	/* The SYN-ACK, with and without the wire's word. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "<x SA 300 101 = SYN-SENT SYN-RECEIVED\n"
	     "+1000 > S 100 0 = SYN-SENT SYN-RECEIVED\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "1: LISTEN SYN-RECEIVED ESTABLISHED\n");
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "+1000 > S 100 0 = SYN-SENT SYN-RECEIVED\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "0: CLOSED SYN-SENT ESTABLISHED\n");
	/* The ACK: the server repeats itself, the client answers again. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "+1000 < SA 300 101 = ESTABLISHED SYN-RECEIVED\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "1: LISTEN SYN-RECEIVED ESTABLISHED\n");
	/* Data ends the handshake when the ACK was lost; so does a FIN. */
	play("> S 100 0 = * *\n< SA 300 101 = * *\n>x A 101 301 = ESTABLISHED SYN-RECEIVED\n"
	     "> A 101 301 10 = ESTABLISHED ESTABLISHED?\n");
	play("> S 100 0 = * *\n< SA 300 101 = * *\n>x A 101 301 = ESTABLISHED SYN-RECEIVED\n"
	     "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
	     "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT\n");
	/* A wrong SYN-ACK draws a reset and changes nothing (figure 9). */
	play("> S 100 0 = * *\n< SA 90 91 = SYN-SENT * bad_syn_ack\n> R 91 0 = SYN-SENT *\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n");
}

static void fin_lost_and_repeated(void **state)
{
	(void)state;
	/* The last ACK: the FIN comes again. */
	play(OPEN "> FA 101 301 = * *\n< FA 301 102 = TIME-WAIT? LAST-ACK\n"
		  "> A 102 302 = TIME-WAIT CLOSED?\n"
		  "+300 < FA 301 102 = TIME-WAIT LAST-ACK\n"
		  "> A 102 302 = TIME-WAIT CLOSED?\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT LAST-ACK CLOSED\n");
	/* An ACK of a FIN: taken back when the FIN is repeated. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 *\n< A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "+300 > FA 101 301 = FIN-WAIT-1 CLOSE-WAIT\n"
		  "< A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n");
	/* Not when the ACK had hardly passed: it was on its way. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 *\n+200 < A 301 102 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "+10 > FA 101 301 = FIN-WAIT-2? CLOSE-WAIT\n");
	/* A FIN behind a hole: nothing until it is filled. */
	play(OPEN ">x A 101 301 10 = ESTABLISHED ESTABLISHED?\n"
		  "> FA 111 301 = FIN-WAIT-1 ESTABLISHED?\n"
		  "< A 301 101 = FIN-WAIT-1 ESTABLISHED\n"
		  "> A 101 301 10 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 112 = FIN-WAIT-2? CLOSE-WAIT\n");
	/* The same, lost behind the tap: the ACK takes it back. */
	play(OPEN "> A 101 301 10 = ESTABLISHED ESTABLISHED?\n"
		  "> FA 111 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 101 = FIN-WAIT-1 ESTABLISHED\n"
		  "> A 101 301 10 = FIN-WAIT-1 *\n"
		  "< A 301 112 = FIN-WAIT-2? CLOSE-WAIT\n");
	/* Reordered: the FIN overtakes data. */
	play(OPEN "> FA 111 301 = FIN-WAIT-1 ESTABLISHED?\n"
		  "> A 101 301 10 = FIN-WAIT-1 CLOSE-WAIT?\n");
}

/* What an end sent is certain, but not when: a later segment of its own may pass first. */
static void overtaken_by_itself(void **state)
{
	(void)state;
	/* A SYN by its own SYN-ACK. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "< S 300 0 = * SYN-RECEIVED\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "1: CLOSED SYN-SENT SYN-RECEIVED ESTABLISHED\n");
	/* A FIN by the ACK of the other's FIN: they had crossed. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 302 102 = * CLOSE-WAIT\n"
		  "< FA 301 101 = * CLOSING\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING\n");
	/* The same when it was lost before the tap and comes again. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 302 102 = * CLOSE-WAIT\n"
		  "+300 < FA 301 102 = * CLOSING\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSING\n");
	/* A FIN by its own reset; then the other end never had the FIN. */
	play(OPEN "> RA 102 301 = CLOSED ESTABLISHED? rst_not_exact\n"
		  "> FA 101 301 = CLOSED CLOSE-WAIT?\n"
		  "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSED\n");
	/* A FIN that was under way when a reset came. */
	play(OPEN "> RA 101 301 = CLOSED CLOSED?\n"
		  "< FA 301 101 = CLOSED CLOSED?\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED FIN-WAIT-1 CLOSED\n");
	/* Resets cross. */
	play(OPEN "> RA 101 301 = CLOSED CLOSED?\n"
		  "< RA 301 101 = CLOSED CLOSED\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSED\n");
	/* An ACK of a SYN-ACK that is repeated at the same moment stands. */
	play("> S 100 0 = * *\n< SA 300 101 = * *\n> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "< SA 300 101 = ESTABLISHED ESTABLISHED?\n");
	/* The FIN before the reset was lost behind the tap. */
	play(OPEN "> FA 101 301 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "> RA 102 301 = CLOSED CLOSED?\n"
		  "< A 301 101 = CLOSED CLOSED?\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSED\n");
	/* The reset that answers a SYN was lost behind the tap. */
	play("> S 100 0 = * *\n< RA 0 101 = CLOSED? CLOSED\n+1000 > S 100 0 = SYN-SENT "
	     "SYN-RECEIVED?\n"
	     "< RA 0 101 = CLOSED? CLOSED\n0: CLOSED SYN-SENT CLOSED\n");
	/* Figure 9: an old SYN. */
	play("> S 100 0 = * *\n< SA 300 91 = SYN-SENT SYN-RECEIVED? bad_syn_ack\n"
	     "> R 91 0 = SYN-SENT LISTEN?\n< SA 400 101 = ESTABLISHED? SYN-RECEIVED\n");
}

/* What the network doubled is no repetition: its time stamp is not newer. */
static void copies(void **state)
{
	(void)state;
	play("> S 100 0 t5 = * *\n< SA 300 101 t7 = ESTABLISHED? SYN-RECEIVED\n"
	     "> S 100 0 t5 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 101 301 t5 = ESTABLISHED ESTABLISHED?\n"
	     "+1000 < SA 300 101 t7 = ESTABLISHED ESTABLISHED?\n"
	     "> FA 101 301 t6 = * *\n< A 301 102 t8 = FIN-WAIT-2? CLOSE-WAIT\n"
	     "+900 > FA 101 301 t6 = FIN-WAIT-2? CLOSE-WAIT\n"
	     "+900 > FA 101 301 t9 = FIN-WAIT-1 CLOSE-WAIT\n");
}

/* Much data before a FIN is on its way: the FIN is not there before its ACK tells. */
static void fin_behind_much(void **state)
{
	(void)state;
	play(OPEN "> A 101 301 1460 = * *\n> A 1561 301 1460 = * *\n> A 3021 301 1460 = * *\n"
		  "> FA 4481 301 = FIN-WAIT-1 ESTABLISHED?\n"
		  "< A 301 3021 = FIN-WAIT-1 ESTABLISHED\n"
		  "< A 301 4482 = FIN-WAIT-2? CLOSE-WAIT\n"
		  "1: LISTEN SYN-RECEIVED ESTABLISHED CLOSE-WAIT\n");
	/* A hole that only a SACK block shows, and what fills it. */
	play(OPEN "> A 101 301 10 = * *\n> FA 111 301 5 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 101 k111-117 = FIN-WAIT-1 ESTABLISHED\n"
		  "> A 101 301 10 = FIN-WAIT-1 CLOSE-WAIT?\n"
		  "< A 301 117 = FIN-WAIT-2? CLOSE-WAIT\n");
}

static void numbers_wrap(void **state)
{
	(void)state;
	play("> S 4294967290 0 = SYN-SENT *\n"
	     "< SA 4294967295 4294967291 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 4294967291 0 = ESTABLISHED ESTABLISHED?\n"
	     "> A 4294967291 0 10 = ESTABLISHED ESTABLISHED?\n"
	     "> FA 5 0 = FIN-WAIT-1 CLOSE-WAIT?\n"
	     "< FA 0 6 = TIME-WAIT? LAST-ACK\n"
	     "> A 6 1 = TIME-WAIT CLOSED?\n");
}

static void begun_in_the_middle(void **state)
{
	(void)state;
	play("> A 1000 2000 10 = ESTABLISHED? unknown\n"
	     "< A 2000 1010 10 = ESTABLISHED ESTABLISHED\n");
	play("> A 1000 2000 = ESTABLISHED? unknown\n"
	     "> FA 1000 2000 = FIN-WAIT-1? unknown\n"
	     "< FA 2000 1001 = TIME-WAIT? LAST-ACK?\n"
	     "> A 1001 2001 = TIME-WAIT? CLOSED?\n");
	/* From the SYN-ACK on. */
	play("< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n> A 101 301 = ESTABLISHED? ESTABLISHED?\n");
	play("> RA 100 200 = CLOSED CLOSED?\n");
	/* One side only. */
	play("> S 100 0 = SYN-SENT SYN-RECEIVED?\n"
	     "> A 101 301 = ESTABLISHED ESTABLISHED?\n"
	     "> A 101 301 50 = ESTABLISHED ESTABLISHED?\n"
	     "> FA 151 400 = FIN-WAIT-1 CLOSE-WAIT?\n"
	     "0: CLOSED SYN-SENT ESTABLISHED FIN-WAIT-1\n");
	play("< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "< A 301 151 100 = ESTABLISHED? ESTABLISHED\n"
	     "< FA 401 152 = * FIN-WAIT-1\n");
}

static void fast_open(void **state)
{
	(void)state;
	play("> ST 100 0 50 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 151 = ESTABLISHED? SYN-RECEIVED\n"
	     "< A 301 151 20 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 151 321 = ESTABLISHED ESTABLISHED?\n");
	/* The server takes only the SYN. */
	play("> ST 100 0 50 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 101 = ESTABLISHED? SYN-RECEIVED\n"
	     "> A 101 301 50 = ESTABLISHED ESTABLISHED?\n"
	     "< A 301 151 = ESTABLISHED ESTABLISHED\n");
	/* Data, then a FIN before the handshake is over. */
	play("> ST 100 0 50 = SYN-SENT SYN-RECEIVED?\n"
	     "< SA 300 151 = ESTABLISHED? SYN-RECEIVED\n"
	     "< FA 301 151 20 = CLOSE-WAIT? FIN-WAIT-1\n"
	     "> FA 151 322 = LAST-ACK TIME-WAIT?\n"
	     "1: LISTEN SYN-RECEIVED FIN-WAIT-1 TIME-WAIT\n");
}

#define CLOSED_0_FIRST                                                                          \
	OPEN "> FA 101 301 = * *\n< FA 301 102 = TIME-WAIT? LAST-ACK\n> A 102 302 = TIME-WAIT " \
	     "CLOSED?\n"

static void time_wait(void **state)
{
	struct play p;

	(void)state;
	play_begin(&p);
	go_on(&p, CLOSED_0_FIRST);
	assert_int_equal(tcp_ends_at(&p.e, 0, p.now + TCP_2MSL - NS_PER_S, TCP_2MSL),
			 TCPS_TIME_WAIT);
	assert_int_equal(tcp_ends_at(&p.e, 0, p.now + TCP_2MSL, TCP_2MSL), TCPS_CLOSED);
	assert_int_equal(tcp_ends_at(&p.e, 0, NS_NONE, TCP_2MSL), TCPS_TIME_WAIT);
	/* A FIN that comes again begins it anew. */
	go_on(&p, "+200000 < FA 301 102 = TIME-WAIT LAST-ACK\n+100000 > A 102 302 = TIME-WAIT "
		  "CLOSED?\n");
	go_on(&p, "+240000 < A 302 102 = CLOSED *\n");
	/* The other end opens again before: it is let in where its number is newer. */
	play(CLOSED_0_FIRST
	     "< S 9000 0 = SYN-RECEIVED? SYN-SENT\n> SA 500 9001 = SYN-RECEIVED ESTABLISHED?\n");
	play(CLOSED_0_FIRST "< S 200 0 = TIME-WAIT SYN-SENT syn_time_wait\n> A 102 302 = TIME-WAIT "
			    "SYN-SENT bad_syn_ack\n");
	/* Its own port again. */
	play(CLOSED_0_FIRST "> S 9000 0 = SYN-SENT SYN-RECEIVED?\n");
}

static void from_one_connection_to_the_next(void **state)
{
	struct play p;
	struct tcp_ends old;

	(void)state;
	play_begin(&p);
	go_on(&p, CLOSED_0_FIRST);
	old = p.e;
	tcp_ends_init(&p.e, &old, true);
	go_on(&p, "> S 200 0 = SYN-SENT TIME-WAIT syn_time_wait\n");
	tcp_ends_init(&p.e, &old, true);
	go_on(&p, "> S 9000 0 = SYN-SENT SYN-RECEIVED?\n");
	/* Figure 10: one end was started again and knows nothing of the connection. */
	play_begin(&p);
	go_on(&p, OPEN);
	old = p.e;
	tcp_ends_init(&p.e, &old, false);
	go_on(&p, "> S 400 0 = SYN-SENT ESTABLISHED syn_in_sync\n"
		  "< A 301 101 = SYN-SENT ESTABLISHED bad_syn_ack\n"
		  "> R 101 0 = SYN-SENT CLOSED?\n"
		  "> S 400 0 = SYN-SENT SYN-RECEIVED?\n"
		  "< SA 900 401 = ESTABLISHED? SYN-RECEIVED\n");
}

static void what_is_not_allowed(void **state)
{
	(void)state;
	play("> SF 100 0 = * * syn_fin\n");
	play("> SR 100 0 = * * syn_rst\n");
	play("> S 100 0 = * *\n<x SA 300 101 = SYN-SENT *\n> A 101 1 10 = SYN-SENT * early\n");
	play(OPEN "> A 101 301 w100 = * * window_shrunk\n");
	play(OPEN "> A 101 301 60000 = * *\n< A 301 60101 = * *\n> A 60101 301 60000 = * *\n"
		  "< A 301 120101 = * *\n< A 301 50000 = * * ack_old\n");
	play(OPEN "> - 101 301 10 = * * no_ack\n");
	play(OPEN "> SA 101 301 = * * syn_in_sync\n");
	play("> S 100 0 = * *\n< SA 300 101 = * *\n< SA 301 101 = * * syn_changed\n");
	play(OPEN "> A 101 5000 = * * ack_ahead\n");
	play(OPEN "> A 101 301 65535 = * *\n> A 65636 301 10 = * * beyond_window\n");
	play(OPEN "> FA 101 301 = * *\n> A 102 301 10 = FIN-WAIT-1 * after_fin\n");
	play(OPEN "> FA 101 301 = * *\n> FA 150 301 = FIN-WAIT-1 * fin_moved\n");
	play(OPEN "> RA 101 301 = CLOSED *\n> A 101 301 = CLOSED * closed\n");
}

static void variables(void **state)
{
	struct play p;
	struct tcp_vars v;

	(void)state;
	play_begin(&p);
	go_on(&p, "> S 100 0 = * *\n");
	tcp_ends_vars(&p.e, 0, &v);
	assert_int_equal(v.known, TCP_VAR_ISS | TCP_VAR_SND_NXT | TCP_VAR_RCV_WND);
	go_on(&p, "< SA 300 101 = * *\n> A 101 301 = * *\n> A 101 301 50 = * *\n");
	tcp_ends_vars(&p.e, 0, &v);
	assert_int_equal(v.known, 127);
	assert_int_equal(v.iss, 100);
	assert_int_equal(v.irs, 300);
	assert_int_equal(v.snd_una, 101);
	assert_int_equal(v.snd_nxt, 151);
	assert_int_equal(v.rcv_nxt, 301);
	assert_int_equal(v.snd_wnd, 65535);
	tcp_ends_vars(&p.e, 1, &v);
	assert_int_equal(v.rcv_nxt, 151);
	assert_int_equal(v.snd_una, 301);
	assert_int_equal(v.irs, 100);
}

/* Whatever comes, the states stay states and the edges join. */
static void garbage(void **state)
{
	static const u16 flags[] = { TCP_SYN,		TCP_SYN | TCP_ACK,
				     TCP_ACK,		TCP_ACK,
				     TCP_FIN | TCP_ACK, TCP_RST,
				     TCP_RST | TCP_ACK, 0 };
	struct rnd r;
	u32 reached = 0;

	(void)state;
	rnd_init(&r, 9293);
	for (int k = 0; k < 20000; k++) {
		struct tcp_ends e, old;
		struct tcp_ends_out o;
		u8 at[2] = { TCPS_UNKNOWN, TCPS_UNKNOWN };

		tcp_ends_init(&e, NULL, false);
		for (u32 i = 1; i <= 40; i++) {
			struct segment s = { .number = i,
					     .side = (u8)rnd_below(&r, 2),
					     .lost = rnd_below(&r, 8) == 0 };

			s.ts = rnd_below(&r, 30) == 0 ? NS_NONE
						      : (ns_t)rnd_u64(&r) >> rnd_below(&r, 60);
			s.len = rnd_below(&r, 3) == 0 ? (u32)rnd_below(&r, 4) : 0;
			s.tcp.flags = rnd_below(&r, 10) == 0
					      ? (u16)rnd_below(&r, 512)
					      : flags[rnd_below(&r, ARRAY_LEN(flags))];
			s.tcp.seq = rnd_below(&r, 50) == 0 ? (u32)rnd_u64(&r)
							   : (u32)rnd_below(&r, 5) - 2;
			s.tcp.ack = rnd_below(&r, 50) == 0 ? (u32)rnd_u64(&r)
							   : (u32)rnd_below(&r, 5) - 2;
			s.tcp.win = (u16)rnd_u64(&r);
			s.tcp.wscale = (i8)(rnd_below(&r, 17) - 1);
			s.tcp.nsack = (u8)rnd_below(&r, PKT_SACKS + 1);
			for (int j = 0; j < s.tcp.nsack; j++) {
				s.tcp.sack[j].left = (u32)rnd_below(&r, 6) - 2;
				s.tcp.sack[j].right = (u32)rnd_below(&r, 6) - 2;
			}
			s.tcp.has_ts = (u8)rnd_below(&r, 2);
			s.tcp.tsval = (u32)rnd_below(&r, 3);
			tcp_ends_see(&e, &s, &o);
			for (int j = 0; j < o.nedges; j++) {
				const struct tcp_edge *g = &o.edge[j];

				assert_in_range(g->to, 0, TCPS_COUNT - 1);
				assert_in_range(g->why, 0, TCP_WHY_COUNT - 1);
				at[g->end] = g->to;
				reached |= 1u << g->to;
			}
			assert_in_range(o.nedges, 0, TCP_EDGES - 1);
			for (int j = 0; j < 2; j++)
				if (o.nedges > 0 && at[j] != TCPS_UNKNOWN && at[j] != o.state[j])
					at[j] = o.state[j];
			if (rnd_below(&r, 200) == 0) {
				old = e;
				tcp_ends_init(&e, &old, rnd_below(&r, 2));
			}
		}
	}
	assert_int_equal(reached | 1, (1u << TCPS_COUNT) - 1);
}

/* An end sends: mostly what it should, in a chosen mess. */
static void ordinary(struct segment *s, struct rnd *r, u32 nxt[2], u32 acked[2])
{
	int x = s->side = (u8)rnd_below(r, 2);

	s->lost = rnd_below(r, 30) == 0;
	s->len = rnd_below(r, 2) ? (u32)rnd_below(r, 3000) : 0;
	s->tcp.flags = TCP_ACK | (rnd_below(r, 3) ? 0 : TCP_PSH);
	s->tcp.seq = nxt[x];
	s->tcp.ack = acked[x];
	s->tcp.win = (u16)(s->tcp.win - rnd_below(r, 100) * (rnd_below(r, 10) == 0));
	if (rnd_below(r, 40) == 0)
		s->tcp.win = 0;
	s->tcp.wscale = -1;
	s->tcp.has_ts = rnd_below(r, 2);
	s->tcp.tsval = s->number;
	if (rnd_below(r, 20) == 0)
		s->tcp.seq -= (u32)rnd_below(r, 5000);
	else if (rnd_below(r, 20) == 0)
		s->tcp.seq += (u32)rnd_below(r, 5000);
	else
		nxt[x] += s->len;
	if (rnd_below(r, 50) == 0)
		s->tcp.ack += (u32)rnd_below(r, 2000) - 1000;
	if (!s->lost)
		acked[!x] = nxt[x];
	if (rnd_below(r, 200) == 0)
		s->tcp.flags |= 1u << rnd_below(r, 8);
	if (rnd_below(r, 100) == 0)
		s->tcp.nsack = 1, s->tcp.sack[0].left = s->tcp.ack + 10,
		s->tcp.sack[0].right = s->tcp.ack + 20;
}

/* The short way for ordinary segments does just what the long way does. */
static void quick_is_the_same(void **state)
{
	struct rnd r;
	u32 quick = 0;

	(void)state;
	rnd_init(&r, 5961);
	for (int k = 0; k < 300; k++) {
		u32 nxt[2] = { (u32)rnd_u64(&r), (u32)rnd_u64(&r) }, acked[2] = { nxt[1], nxt[0] };
		struct tcp_ends fast, slow, was;
		struct tcp_ends_out of, os;
		bool late = rnd_below(&r, 3) == 0;

		memset(&fast, 0, sizeof fast);
		tcp_ends_init(&fast, NULL, false);
		slow = fast;
		for (u32 i = 0; i < 300; i++) {
			struct segment s = { .number = i + 1,
					     .ts = (ns_t)i * NS_PER_MS,
					     .tcp = { .win = k % 2 ? 60000 : 600,
						      .wscale = late ? -1 : 3 } };

			if (i < 2 && !late) {
				s.side = (u8)i;
				s.tcp.flags = i == 0 ? TCP_SYN : TCP_SYN | TCP_ACK;
				s.tcp.seq = nxt[i]++;
				s.tcp.ack = acked[i];
				acked[!i] = nxt[i];
			} else {
				ordinary(&s, &r, nxt, acked);
			}
			memset(&of, 0, sizeof of);
			memset(&os, 0, sizeof os);
			was = fast;
			tcp_ends_see(&fast, &s, &of);
			quick += was.quiet && fast.quiet;
			slow.quiet = false;
			tcp_ends_see(&slow, &s, &os);
			assert_int_equal(fast.quiet, slow.quiet);
			assert_memory_equal(&of, &os, sizeof of);
			assert_memory_equal(&fast, &slow, sizeof fast);
		}
	}
	assert_true(quick > 20000);
}

static void texts(void **state)
{
	(void)state;
	for (unsigned i = 0; i < TCPS_COUNT; i++)
		assert_non_null(tcp_state_name(i));
	for (unsigned i = 0; i < TCP_WHY_COUNT; i++)
		assert_non_null(tcp_why_name(i));
	for (unsigned i = 0; i < TCP_FAULT_COUNT; i++) {
		assert_non_null(tcp_fault_info(i)->name);
		assert_non_null(strstr(tcp_fault_info(i)->clause, "RFC "));
		assert_int_equal(
			tcp_fault_info(i)->sentence[strlen(tcp_fault_info(i)->sentence) - 1], '.');
	}
	print_message("struct tcp_ends: %zu bytes\n", sizeof(struct tcp_ends));
	assert_true(sizeof(struct tcp_ends) <= 320);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_and_closing),
		cmocka_unit_test(simultaneous_open),
		cmocka_unit_test(simultaneous_close),
		cmocka_unit_test(half_close),
		cmocka_unit_test(resets),
		cmocka_unit_test(handshake_lost_and_repeated),
		cmocka_unit_test(fin_lost_and_repeated),
		cmocka_unit_test(overtaken_by_itself),
		cmocka_unit_test(copies),
		cmocka_unit_test(fin_behind_much),
		cmocka_unit_test(numbers_wrap),
		cmocka_unit_test(begun_in_the_middle),
		cmocka_unit_test(fast_open),
		cmocka_unit_test(time_wait),
		cmocka_unit_test(from_one_connection_to_the_next),
		cmocka_unit_test(what_is_not_allowed),
		cmocka_unit_test(variables),
		cmocka_unit_test(garbage),
		cmocka_unit_test(quick_is_the_same),
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
