/* Moving on the tape: play, pause, step, jump, marks. */
#include "base/num.h"
#include "cmd/command.h"
#include "cmd/deck.h"
#include "tape/world.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* "2", "2x", "0.5x", "max": a speed. */
static int parse_speed(const char *s, double *out, struct err *e)
{
	char *end;
	double v;

	if (strcmp(s, "max") == 0) {
		*out = PLAYHEAD_FLAT_OUT;
		return 0;
	}
	v = strtod(s, &end);
	if (end == s || (*end != '\0' && strcmp(end, "x") != 0) ||
	    !(v >= PLAYHEAD_MIN_SPEED && v <= PLAYHEAD_MAX_SPEED))
		return err_set(e, "'%.40s' is no speed: 0.01x to 1000x, or max for flat out", s);
	*out = v;
	return 0;
}

static int need_tape(const struct ctx *x, struct err *e)
{
	if (x->world->tape == NULL)
		return err_set(e, "nothing is open: open FILE");
	if (x->world->count == 0)
		return err_set(e, "there is no packet on the tape%s", x->world->done ? "" : " yet");
	return 0;
}

/* ---- play, pause, toggle, speed ---- */

enum { P_SPEED };
static const struct param speed_optional[] = {
	[P_SPEED] = { 0, "SPEED", P_STRING, .optional = true,
		      .help = "0.01x to 1000x of the tape's own time, or max" },
};

static int play_at(struct ctx *x, const char *speed, struct err *e)
{
	double v;

	if (need_tape(x, e) < 0)
		return 2;
	if (speed != NULL) {
		if (parse_speed(speed, &v, e) < 0)
			return 2;
		world_set_speed(x->world, v, x->deck->clock(x->deck_arg));
	}
	world_play(x->world, x->deck->clock(x->deck_arg));
	return 0;
}

static int run_play(struct ctx *x, const struct args *a, struct err *e)
{
	return play_at(x, args_get(a, P_SPEED), e);
}

static int run_pause(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	(void)e;
	world_pause(x->world);
	return 0;
}

static int run_toggle(struct ctx *x, const struct args *a, struct err *e)
{
	if (x->world->head.state == PLAYHEAD_PAUSED)
		return play_at(x, NULL, e);
	return run_pause(x, a, e);
}

/* The speeds that faster and slower go through. */
static const double gears[] = { 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1,   2,
				5,    10,   20,	  50,  100, 200, 500, 1000 };

static double next_gear(double now, int dir)
{
	if (now <= PLAYHEAD_FLAT_OUT)
		return dir < 0 ? gears[ARRAY_LEN(gears) - 1] : now;
	for (size_t i = 0; i < ARRAY_LEN(gears); i++) {
		size_t j = dir > 0 ? i : ARRAY_LEN(gears) - 1 - i;

		if (dir > 0 ? gears[j] > now : gears[j] < now)
			return gears[j];
	}
	return dir > 0 ? PLAYHEAD_FLAT_OUT : now;
}

static const struct param speed_needed[] = {
	[P_SPEED] = { 0, "SPEED", P_STRING,
		      .help = "0.01x to 1000x, max for flat out, + for the next gear, - for the "
			      "one below" },
};

static int run_speed(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_SPEED);
	double v = x->world->head.speed;

	if (strcmp(s, "+") == 0 || strcmp(s, "-") == 0)
		v = next_gear(v, *s == '+' ? 1 : -1);
	else if (parse_speed(s, &v, e) < 0)
		return 2;
	world_set_speed(x->world, v, x->deck->clock(x->deck_arg));
	if (v <= PLAYHEAD_FLAT_OUT)
		world_status(x->world, false, "speed: flat out");
	else
		world_status(x->world, false, "speed: %gx", v);
	return 0;
}

/* ---- skip ---- */

enum { P_SPAN_OR_OFF };
static const struct param skip_params[] = {
	[P_SPAN_OR_OFF] = { 0, "SPAN", P_STRING, .optional = true,
			    .help = "how long a silence between packets lasts at most while "
				    "playing, by your clock: 2s, 500ms; off for as long as it was",
			    .initial = "tells what holds" },
};

static int run_skip(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_SPAN_OR_OFF);
	ns_t v = x->world->head.max_gap;
	struct txt t;

	if (s != NULL && strcmp(s, "off") == 0) {
		v = 0;
	} else if (s != NULL) {
		if (num_span(s, strlen(s), &v, e) < 0)
			return 2;
		if (v <= 0) {
			err_set(e, "a silence lasts longer than that: write 2s, 500ms or off");
			return 2;
		}
	}
	world_set_skip(x->world, v, x->deck->clock(x->deck_arg));
	txt_init(&t);
	if (v > 0) {
		txt_puts(&t, "a silence lasts ");
		txt_seconds(&t, v, v % NS_PER_S == 0 ? 0 : 3, 0);
		txt_puts(&t, " s at most");
	} else {
		txt_puts(&t, "silences last as long as they did");
	}
	world_status(x->world, false, "%s", txt_str(&t));
	txt_fini(&t);
	return 0;
}

/* ---- step ---- */

enum { P_BY };
static const struct param step_params[] = {
	[P_BY] = { 0, "N", P_STRING, .optional = true, .help = "packets to go, negative for back",
		   .initial = "1" },
};

/* A step that leads nowhere says why. */
static void step_and_say(struct world *w, i64 by)
{
	u64 before = w->at;

	world_step(w, by);
	if (w->at != before || w->status[0] != '\0' || by == 0)
		return;
	if (by > 0)
		world_status(w, false,
			     w->done ? "this is the last packet"
				     : "this is the last packet so far");
	else
		world_status(w, false, "this is the first packet");
}

static int run_step(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_BY);
	i64 by = 1;

	if (s != NULL && num_i64(s, strlen(s), &by) < 0) {
		err_set(e, "'%.40s' is no number of packets", s);
		return 2;
	}
	if (need_tape(x, e) < 0)
		return 2;
	step_and_say(x->world, by);
	return 0;
}

static int run_step_back(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_BY);
	i64 by = 1;

	if (s != NULL && num_i64(s, strlen(s), &by) < 0) {
		err_set(e, "'%.40s' is no number of packets", s);
		return 2;
	}
	if (need_tape(x, e) < 0)
		return 2;
	step_and_say(x->world, -MAX(by, -INT64_MAX));
	return 0;
}

/* ---- jump ---- */

enum { P_WHERE };
static const struct param jump_params[] = {
	[P_WHERE] = { 0, "WHERE", P_REST,
		      .help = "a packet number, packet N, time T (since the beginning, or a date "
			      "and time in UTC; +T and -T "
			      "from here), mark NAME, next-mark, previous-mark, first, last, "
			      "match, previous-match; next-state, next-retransmission and "
			      "next-anomaly of the TCP connection that is shown, or of all with "
			      "'anywhere' behind it; previous-state and so on; cause" },
};

static int jump_packet(struct ctx *x, const char *s, struct err *e)
{
	u64 n;

	if (num_u64(s, strlen(s), &n) < 0 || n == 0)
		return err_set(e, "'%.40s' is no packet number; they begin at 1", s);
	if (n > x->world->count)
		return err_set(e, "there is no packet %llu%s: the tape has %llu",
			       (unsigned long long)n, x->world->done ? "" : " yet",
			       (unsigned long long)x->world->count);
	world_goto(x->world, n - 1);
	return 0;
}

/* a + b, at the ends of time where that is beyond them. */
static ns_t sum(ns_t a, ns_t b)
{
	ns_t s;

	return !__builtin_add_overflow(a, b, &s) ? s : b < 0 ? INT64_MIN + 1 : INT64_MAX;
}

static int jump_time(struct ctx *x, const char *s, struct err *e)
{
	const struct world *w = x->world;
	ns_t t;

	if (w->begin == NS_NONE)
		return err_set(e, "the packets of this tape have no times");
	if (strchr(s, '-') != NULL && strchr(s, '-') != s) {
		if (num_time(s, strlen(s), &t, e) < 0)
			return -1;
	} else {
		const char *bare = *s == '+' || *s == '-' ? s + 1 : s;

		if (num_span(bare, strlen(bare), &t, e) < 0)
			return -1;
		t = *s == '+' ? sum(w->now, t) : *s == '-' ? sum(w->now, -t) : sum(w->begin, t);
	}
	world_goto_time(x->world, t);
	if (t < w->begin)
		world_status(x->world, false,
			     "that is before the beginning of the tape: this is its first packet");
	else if (t > w->end)
		world_status(x->world, false,
			     w->done ? "that is behind the end of the tape: this is its last packet"
				     : "the tape has not come so far yet: this is its last packet");
	return 0;
}

static int jump_mark(struct ctx *x, const char *name, int dir, struct err *e)
{
	const struct playhead_mark *m =
		dir == 0 ? playhead_find_mark(&x->world->head, name)
			 : playhead_next_mark(&x->world->head, x->world->at, dir);

	if (m == NULL)
		return dir == 0 ? err_set(e, "there is no mark '%.40s'; 'marks' lists them", name)
				: err_set(e, "there is no mark %s here; 'mark NAME' makes one",
					  dir > 0 ? "after" : "before");
	world_status(x->world, false, "mark '%s'", m->name);
	world_goto(x->world, m->n);
	return 0;
}

/* To the first listed packet, or the last for UINT64_MAX. */
static int jump_row(struct world *w, u64 row, struct err *e)
{
	u64 rows = world_rows(w);

	if (rows == 0)
		return err_set(e,
			       w->match != NULL && !match_done(w->match)
				       ? "the filter is still being worked out"
				       : "no packet passes the filter; 'filter' alone lists all");
	world_goto(w, world_row_packet(w, MIN(row, rows - 1)));
	return 0;
}

/* The text behind the first word, NULL where that is not `word`. */
static const char *after_word(const char *s, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(s, word, n) != 0 || (s[n] != ' ' && s[n] != '\0'))
		return NULL;
	return s + n + strspn(s + n, " ");
}

/* What to look for in what the trackers noted. */
static const struct {
	const char *word; /* behind "next-" or "previous-" */
	u32 found;	  /* enum tcp_finding, enum trace_flag */
	const char *what;
} notes[] = {
	{ "state", TRACE_STATE, "change of state" },
	{ "retransmission",
	  TCP_FOUND_RETRANSMISSION | TCP_FOUND_FAST_RETRANSMISSION |
		  TCP_FOUND_SPURIOUS_RETRANSMISSION,
	  "retransmission" },
	{ "anomaly", TRACE_ANOMALY, "anomaly" },
};

/* "next-state", "previous-anomaly anywhere": false where it is neither. */
static bool parse_note(const char *s, int *dir, size_t *i, bool *all)
{
	const char *rest;

	*dir = strncmp(s, "next-", 5) == 0 ? 1 : strncmp(s, "previous-", 9) == 0 ? -1 : 0;
	if (*dir == 0)
		return false;
	s += *dir > 0 ? 5 : 9;
	for (*i = 0; *i < ARRAY_LEN(notes); ++*i)
		if ((rest = after_word(s, notes[*i].word)) != NULL) {
			*all = strcmp(rest, "anywhere") == 0;
			return *all || *rest == '\0';
		}
	return false;
}

static int jump_note(struct ctx *x, int dir, size_t i, bool all, struct err *e)
{
	struct world *w = x->world;
	struct conv c;
	u64 n;

	if (!all && (w->conv_at == FLOW_NONE || !flow_get(w->flow, w->conv_at, &c) || c.l4 != 6))
		return err_set(e,
			       "there is no TCP connection here; 'jump %s-%s anywhere' looks "
			       "through the whole tape",
			       dir > 0 ? "next" : "previous", notes[i].word);
	if (all)
		n = dir > 0 ? trace_next(w->trace, w->at + 1, notes[i].found)
			    : trace_prev(w->trace, w->at, notes[i].found);
	else
		n = dir > 0 ? trace_next_of(w->trace, w->tape, w->conv_at, w->at + 1,
					    c.last > 0 ? c.last - 1u : 0, notes[i].found)
			    : trace_prev_of(w->trace, w->tape, w->conv_at, w->at,
					    c.first > 0 ? c.first - 1u : 0, notes[i].found);
	if (n == TAPE_NONE || n >= w->passed)
		return err_set(e, "there is no %s %s %s%s", notes[i].what,
			       dir > 0 ? "after" : "before", "this packet",
			       dir > 0 && w->passed < w->count ? " as far as the tape is read"
			       : all			       ? ""
							       : " in this connection");
	world_goto(w, n);
	return 0;
}

/* The packet that made the one at the playhead do what it does, 0 for none; packets from 1. */
static u32 cause_of(const struct world *w, const char **what)
{
	const struct tcp_seen *s = w->at < w->passed ? world_seen(w, w->at) : NULL;
	u32 here = (u32)w->at + 1;
	struct tcp_verdict v;

	if (s == NULL)
		return 0;
	if (s->whole && s->copy_of != 0) {
		*what = "it is a copy of this packet";
		return s->copy_of;
	}
	for (int side = 0; s->whole && side < 2; side++)
		if (s->cong[side].why != TCP_WHY_NONE && s->cong[side].cause != 0 &&
		    s->cong[side].cause != here) {
			*what = tcp_phase_why_name((enum tcp_phase_why)s->cong[side].why);
			return s->cong[side].cause;
		}
	if (world_verdict(w, w->at, &v) && v.kind != TCP_KIND_NONE) {
		if (v.original != 0 && tcp_kind_resent((enum tcp_kind)v.kind)) {
			*what = "what it carries was sent first here";
			return v.original;
		}
		if (v.nevidence > 0 && v.evidence[0] != here && v.kind != TCP_KIND_DUPLICATE_ACK) {
			*what = tcp_rule_info((enum tcp_rule)v.rule)->sentence;
			return v.evidence[0];
		}
	}
	s = world_seen(w, w->at);
	for (unsigned i = 0; s->whole && i < s->ends.nedges; i++)
		if (s->ends.edge[i].packet != 0 && s->ends.edge[i].packet != here) {
			*what = tcp_why_name((enum tcp_why)s->ends.edge[i].why);
			return s->ends.edge[i].packet;
		}
	if (s->report.dup_ack_frame != 0) {
		*what = "it repeats the ACK of this packet";
		return s->report.dup_ack_frame;
	}
	if (s->report.rto_frame != 0) {
		*what = "what it carries was sent first here";
		return s->report.rto_frame;
	}
	*what = "it acknowledges this packet";
	return s->report.acks_frame;
}

static int jump_cause(struct ctx *x, struct err *e)
{
	const char *what = "";
	u32 n = cause_of(x->world, &what);

	if (n == 0)
		return err_set(e, "nothing on the tape is known to have caused this packet");
	world_goto(x->world, n - 1);
	world_status(x->world, false, "#%u: %s", n, what);
	return 0;
}

static int run_jump(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_WHERE), *rest;
	int r = 0, dir;
	size_t note;
	bool all;

	if (need_tape(x, e) < 0)
		return 2;
	if (parse_note(s, &dir, &note, &all))
		r = jump_note(x, dir, note, all, e);
	else if (strcmp(s, "cause") == 0)
		r = jump_cause(x, e);
	else if ((rest = after_word(s, "packet")) != NULL)
		r = jump_packet(x, rest, e);
	else if ((rest = after_word(s, "time")) != NULL)
		r = jump_time(x, rest, e);
	else if ((rest = after_word(s, "mark")) != NULL)
		r = jump_mark(x, rest, 0, e);
	else if (strcmp(s, "next-mark") == 0)
		r = jump_mark(x, NULL, 1, e);
	else if (strcmp(s, "previous-mark") == 0)
		r = jump_mark(x, NULL, -1, e);
	else if (strcmp(s, "first") == 0)
		r = jump_row(x->world, 0, e);
	else if (strcmp(s, "last") == 0)
		r = jump_row(x->world, UINT64_MAX, e);
	else if (strcmp(s, "match") == 0)
		world_find_go(x->world, 1);
	else if (strcmp(s, "previous-match") == 0)
		world_find_go(x->world, -1);
	else if (isdigit((u8)*s) && s[strspn(s, "0123456789")] == '\0')
		r = jump_packet(x, s, e);
	else if (isdigit((u8)*s) || *s == '+' || *s == '-')
		r = jump_time(x, s, e);
	else
		r = err_set(e,
			    "jump where? '%.40s' is no packet number, time, mark NAME, first, "
			    "last, match, next-state, next-retransmission, next-anomaly or cause",
			    s);
	return r < 0 ? 2 : 0;
}

/* ---- marks ---- */

enum { P_NAME };
static const struct param mark_params[] = {
	[P_NAME] = { 0, "NAME", P_STRING, .optional = true, .help = "what to call it",
		     .initial = "a number" },
};
static const struct param unmark_params[] = {
	[P_NAME] = { 0, "NAME", P_MARK, .help = "the mark to take away" },
};

static int run_mark(struct ctx *x, const struct args *a, struct err *e)
{
	if (need_tape(x, e) < 0)
		return 2;
	world_mark(x->world, args_has(a, P_NAME) ? args_get(a, P_NAME) : "");
	return 0;
}

static int run_unmark(struct ctx *x, const struct args *a, struct err *e)
{
	return world_unmark(x->world, args_get(a, P_NAME), e) < 0 ? 2 : 0;
}

static int run_marks(struct ctx *x, const struct args *a, struct err *e)
{
	const struct world *w = x->world;

	(void)a;
	if (w->head.marks.n == 0) {
		err_set(e, "there are no marks yet: 'mark NAME' makes one at the playhead");
		return 1;
	}
	for (size_t i = 0; i < w->head.marks.n; i++) {
		const struct playhead_mark *m = &w->head.marks.v[i];

		txt_u64w(&x->out->t, m->n + 1, 8, ' ');
		txt_puts(&x->out->t, "  ");
		world_put_clock(w, &x->out->t, tape_clock(w->tape, m->n));
		txt_puts(&x->out->t, "  ");
		txt_escape(&x->out->t, m->name, strlen(m->name));
		txt_putc(&x->out->t, '\n');
	}
	return sink_flush(x->out, e) < 0 ? 1 : 0;
}

#define TIME_COMMAND(id, word, short_name, text, ps, ...)                                \
	static const struct command id = { .name = word,                                 \
					   .alias = short_name,                          \
					   .group = G_TIME,                              \
					   .where = IN_DECK,                             \
					   .summary = text,                              \
					   .params = ps,                                 \
					   .nparams = sizeof(ps) / sizeof(struct param), \
					   .run = run_##id,                              \
					   ##__VA_ARGS__ };

static const struct param nothing[0];

TIME_COMMAND(play, "play", NULL, "play from the playhead on", speed_optional,
	     .examples = "play 0.1x\tten times slower than it happened\n")
TIME_COMMAND(pause, "pause", NULL, "stop the tape where it is", nothing)
TIME_COMMAND(toggle, "toggle", NULL, "play where paused, pause where playing", nothing)
TIME_COMMAND(speed, "speed", NULL, "set how fast the tape plays", speed_needed)
TIME_COMMAND(skip, "skip", NULL, "cut long silences short while playing", skip_params,
	     .examples = "skip 2s\tno silence longer than two seconds\nskip off\tall of them\n")
TIME_COMMAND(step, "step", NULL, "go on by listed packets", step_params)
TIME_COMMAND(step_back, "back", NULL, "go back by listed packets", step_params)
TIME_COMMAND(jump, "jump", "goto", "move the playhead somewhere", jump_params,
	     .examples = "jump 38\tto packet 38\njump time 1.5\t1.5 seconds after the beginning\n"
			 "jump +20ms\t20 ms on\njump mark lost\tto the mark 'lost'\n"
			 "jump next-state\twhere an end of this TCP connection changes its state\n"
			 "jump previous-anomaly anywhere\tof any connection\n")
TIME_COMMAND(mark, "mark", NULL, "put a mark at the playhead", mark_params)
TIME_COMMAND(unmark, "unmark", NULL, "take a mark away", unmark_params)
TIME_COMMAND(marks, "marks", NULL, "list the marks", nothing)

const struct command *const cmds_time[] = {
	&play,	    &pause, &toggle, &speed,  &skip,  &step,
	&step_back, &jump,  &mark,   &unmark, &marks, NULL,
};
