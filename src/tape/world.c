/* The world at the playhead: opening, moving, listing. */
#include "tape/world.h"

#include "base/num.h"
#include "packet/registry.h"
#include "tape/pass.h"
#include "tape/tests.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECK_CONVERSATIONS = 1 << 20 };

/* One way of decoding, with the packet and frame that it last made. Its plan asks flow_look, or
 * retrace_look where it wants what follows from earlier packets. */
struct lens {
	struct plan plan;
	struct pkt k;
	struct frame f;
};

/* Scratch memory behind a const world. */
struct decoder {
	struct lens line, full;
	struct pass *pass;
	struct retrace *retrace;
	struct judge *judge;
	struct series *series; /* of the conversation that is drawn; NULL: of none */
};

enum { SERIES_PIECE = 4096 }; /* segments between two looks at the keyboard */

/* ---- decoding ---- */

static void lens_init(struct lens *l)
{
	plan_init(&l->plan);
	pkt_init(&l->k);
}

static void lens_fini(struct lens *l)
{
	plan_fini(&l->plan);
	pkt_fini(&l->k);
}

static const struct pkt *look(const struct world *w, struct lens *l, u64 n)
{
	u64 shown = MATCH_NONE;
	bool pending;

	tape_frame(w->tape, n, &l->f);
	l->plan.flow = l->plan.tracked ? retrace_look : flow_look;
	l->plan.flow_arg = l->plan.tracked ? (void *)w->decoder->retrace : w->flow;
	l->k.first_ts = w->begin;
	l->k.prev_ts = n > 0 ? tape_ts(w->tape, n - 1) : NS_NONE;
	if (n > 0)
		shown = w->match != NULL ? match_prev(w->match, n - 1, &pending) : n - 1;
	l->k.prev_shown_ts = shown != MATCH_NONE ? tape_ts(w->tape, shown) : NS_NONE;
	pkt_decode(&l->k, &l->f, &l->plan);
	return &l->k;
}

const struct pkt *world_line(const struct world *w, u64 n)
{
	return look(w, &w->decoder->line, n);
}

const struct pkt *world_full(const struct world *w, u64 n)
{
	return look(w, &w->decoder->full, n);
}

const struct tcp_seen *world_seen(const struct world *w, u64 n)
{
	return n < w->passed ? retrace_seen(w->decoder->retrace, n) : NULL;
}

const struct tcp_conn *world_conn(const struct world *w, u64 n)
{
	return n < w->passed ? retrace_conn(w->decoder->retrace, n) : NULL;
}

bool world_verdict(const struct world *w, u64 n, struct tcp_verdict *out)
{
	return n < w->passed && judge_verdict(w->decoder->judge, n, out);
}

const struct tcp_series *world_series(const struct world *w, u32 conv, int side, double *part)
{
	struct decoder *d = w->decoder;
	struct conv c;

	*part = 0;
	if (d->series == NULL || series_conv(d->series) != conv) {
		series_free(d->series);
		d->series = NULL;
		if (w->flow == NULL || !flow_get(w->flow, conv, &c) || c.l4 != 6)
			return NULL;
		d->series = series_new(w->tape, w->flow, w->trace, &c);
		series_work(d->series, w->passed, SERIES_PIECE);
	}
	*part = series_part(d->series, w->passed);
	return series_side(d->series, side);
}

const struct tcp_series *world_series_closer(const struct world *w, u32 conv, int side, u32 from,
					     u32 to)
{
	struct series *s = w->decoder->series;

	return s != NULL && series_conv(s) == conv ? series_closer(s, side, from, to) : NULL;
}

bool world_collecting(const struct world *w)
{
	return w->decoder != NULL && w->decoder->series != NULL &&
	       !series_ready(w->decoder->series, w->passed);
}

/* The next piece. */
static bool collect_series(struct world *w)
{
	if (!world_collecting(w))
		return false;
	series_work(w->decoder->series, w->passed, SERIES_PIECE);
	return true;
}

void world_columns_changed(struct world *w)
{
	struct lens *l = &w->decoder->line;

	plan_fini(&l->plan);
	plan_init(&l->plan);
	plan_want_info(&l->plan);
	l->plan.marks = true;
	for (size_t i = 0; i < w->columns.n; i++)
		if (w->columns.v[i].kind == COL_FIELD)
			plan_want(&l->plan, w->columns.v[i].field);
}

/* ---- beginning and end ---- */

void world_init(struct world *w)
{
	static const u8 first[] = { COL_NUMBER, COL_TIME, COL_SRC, COL_DST,
				    COL_PROTO,	COL_LEN,  COL_INFO };

	*w = (struct world) { .conv = FLOW_NONE,
			      .settled = true,
			      .conv_at = FLOW_NONE,
			      .digits = 6,
			      .begin = NS_NONE,
			      .end = NS_NONE };
	playhead_init(&w->head);
	w->decoder = xcalloc(1, sizeof *w->decoder);
	lens_init(&w->decoder->line);
	lens_init(&w->decoder->full);
	plan_want_all(&w->decoder->full.plan);
	w->decoder->full.plan.checksums = true;
	for (unsigned i = 0; i < ARRAY_LEN(first); i++)
		*VEC_PUSH(&w->columns) = (struct column) { .kind = first[i] };
	world_columns_changed(w);
}

/* Everything that belongs to the open tape. */
static void close_tape(struct world *w)
{
	double speed = w->head.speed;
	ns_t max_gap = w->head.max_gap;

	match_free(w->match);
	match_free(w->found);
	w->match = w->found = NULL;
	pass_free(w->decoder->pass);
	judge_free(w->decoder->judge);
	w->decoder->judge = NULL;
	series_free(w->decoder->series);
	w->decoder->series = NULL;
	retrace_free(w->decoder->retrace);
	w->decoder->pass = NULL;
	w->decoder->retrace = NULL;
	if (w->tape != NULL)
		tape_close(w->tape);
	flow_free(w->flow);
	trace_free(w->trace);
	w->trace = NULL;
	w->tape = NULL;
	w->flow = NULL;
	free(w->path);
	free(w->name);
	free(w->search);
	w->path = w->name = w->search = NULL;
	w->count = w->passed = w->at = 0;
	VEC_FREE(&w->losses);
	w->losses_seen = 0;
	w->find_dir = 0;
	w->done = false;
	w->settled = true;
	w->now = NS_NONE;
	w->conv = w->conv_at = FLOW_NONE;
	w->begin = w->end = NS_NONE;
	playhead_fini(&w->head);
	playhead_init(&w->head);
	w->head.speed = speed; /* how it is played is not the tape's */
	w->head.max_gap = max_gap;
}

void world_fini(struct world *w)
{
	close_tape(w);
	playhead_fini(&w->head);
	free(w->filter);
	lens_fini(&w->decoder->line);
	lens_fini(&w->decoder->full);
	free(w->decoder);
	for (size_t i = 0; i < w->console.n; i++)
		free(w->console.v[i].text);
	VEC_FREE(&w->console);
	VEC_FREE(&w->columns);
}

int world_open(struct world *w, const char *path, struct err *e)
{
	struct tape *t = tape_open(path, e);
	const char *slash;
	char *kept;

	if (t == NULL)
		return -1;
	kept = xstrdup(path); /* path may be w->path itself */
	close_tape(w);
	w->tape = t;
	w->path = kept;
	slash = strrchr(kept, '/');
	w->name = xstrdup(strcmp(kept, "-") == 0 ? "standard input"
			  : slash != NULL	 ? slash + 1
						 : kept);
	w->flow = flow_new(DECK_CONVERSATIONS);
	w->trace = trace_new();
	w->decoder->pass = pass_new(t, w->flow, w->trace);
	w->decoder->retrace = retrace_new(t, w->flow, w->trace);
	w->decoder->judge = judge_new(t, w->decoder->retrace);
	if (w->filter != NULL) {
		char *text = w->filter;

		w->filter = NULL;
		world_filter(w, text, NULL);
		free(text);
	}
	return 0;
}

/* ---- the playhead's view of the tape ---- */

static u64 view_count(const void *arg)
{
	return tape_count(arg);
}
static bool view_done(const void *arg)
{
	return tape_done(arg);
}
static ns_t view_clock(const void *arg, u64 n)
{
	return tape_clock(arg, n);
}
static u64 view_find(const void *arg, ns_t ts)
{
	return tape_find_time(arg, ts);
}

static struct playhead_tape view(const struct world *w)
{
	return (struct playhead_tape) { w->tape, view_count, view_done, view_clock, view_find };
}

enum { LOOK_BACK = 4096 }; /* packets before the playhead that are asked for a conversation */

/* The conversation of the last packet up to the playhead that has one. */
static u32 conversation_at(const struct world *w)
{
	for (u64 i = 0; i < LOOK_BACK && i <= w->at; i++) {
		u64 n = w->at - i;
		u32 c = n < w->passed ? tape_conv(w->tape, n) : TAPE_NONE;

		if (c != TAPE_NONE)
			return c;
	}
	return FLOW_NONE;
}

static void take_snapshot(struct world *w)
{
	/* What says that nothing more will come is asked first: what came before it is seen then.
	 */
	w->settled = w->match == NULL || match_done(w->match);
	w->done = tape_done(w->tape);
	w->count = tape_count(w->tape);
	w->passed = tape_passed(w->tape);
	w->passed = MIN(w->passed, w->count);
	if (w->count > 0) {
		if (w->begin == NS_NONE)
			w->begin = tape_begin(w->tape);
		w->end = tape_clock(w->tape, w->count - 1);
	}
	w->digits = 6;
	for (u32 i = 0; i < tape_ifaces(w->tape); i++)
		if (tape_iface(w->tape, i)->tsresol > 6)
			w->digits = 9;
}

static void take_playhead(struct world *w)
{
	w->at = w->count > 0 ? MIN(w->head.n, w->count - 1) : 0;
	w->now = w->head.ts;
	w->conv_at = w->conv != FLOW_NONE ? w->conv : w->count > 0 ? conversation_at(w) : FLOW_NONE;
}

enum { LOSS_BATCH = 100000 }; /* packets looked at between two draws: a tenth of a millisecond */

/* Goes on collecting the packets that were lost on the wire. True where there are more. */
static bool collect_losses(struct world *w)
{
	u64 end = MIN(w->count, w->losses_seen + LOSS_BATCH), n = w->losses_seen;
	size_t before = w->losses.n;

	while (n < end && w->losses.n < LOSSES_CAP) {
		n = tape_lost_first(w->tape, n, end);
		if (n < end)
			*VEC_PUSH(&w->losses) = n++;
	}
	/* with enough of them the rest is not looked at */
	w->losses_seen = w->losses.n < LOSSES_CAP ? n : w->count;
	return w->losses.n != before;
}

static bool find_pending(struct world *w);

bool world_update(struct world *w, ns_t wall)
{
	u64 count = w->count, passed = w->passed, at = w->at;
	struct playhead_tape v;
	bool done = w->done, settled = w->settled, moved;

	if (w->tape == NULL)
		return false;
	take_snapshot(w);
	v = view(w);
	moved = playhead_tick(&w->head, &v, wall);
	take_playhead(w);
	moved |= find_pending(w);
	moved |= collect_losses(w);
	moved |= collect_series(w);
	return moved || count != w->count || passed != w->passed || done != w->done ||
	       at != w->at || !settled; /* once more after the filter was worked out */
}

ns_t world_due(const struct world *w, ns_t wall)
{
	struct playhead_tape v = view(w);

	return w->tape != NULL ? playhead_due(&w->head, &v, wall) : -1;
}

void world_play(struct world *w, ns_t wall)
{
	struct playhead_tape v = view(w);

	if (w->tape == NULL)
		return;
	w->find_dir = 0;
	playhead_play(&w->head, &v, wall);
}

void world_pause(struct world *w)
{
	playhead_pause(&w->head);
}

void world_set_speed(struct world *w, double speed, ns_t wall)
{
	playhead_set_speed(&w->head, speed, wall);
}

void world_set_skip(struct world *w, ns_t max_gap, ns_t wall)
{
	w->head.max_gap = max_gap;
	playhead_set_speed(&w->head, w->head.speed, wall); /* from here on */
}

void world_goto(struct world *w, u64 n)
{
	struct playhead_tape v = view(w);

	if (w->tape == NULL)
		return;
	w->find_dir = 0;
	playhead_pause(&w->head);
	playhead_seek(&w->head, &v, n, 0);
	take_playhead(w);
}

void world_goto_time(struct world *w, ns_t ts)
{
	struct playhead_tape v = view(w);

	if (w->tape == NULL)
		return;
	w->find_dir = 0;
	playhead_pause(&w->head);
	playhead_seek_time(&w->head, &v, ts, 0);
	take_playhead(w);
}

/* Over listed packets, as far as the filter's answers are there. */
void world_step(struct world *w, i64 by)
{
	u64 n = w->at;
	bool pending = false;

	if (w->count == 0)
		return;
	if (w->match == NULL) {
		struct playhead_tape v = view(w);

		w->find_dir = 0;
		playhead_step(&w->head, &v, by);
		take_playhead(w);
		return;
	}
	for (; by > 0; by--) {
		u64 next = match_next(w->match, n + 1, &pending);

		if (next == MATCH_NONE)
			break;
		n = next;
	}
	for (; by < 0 && n > 0; by++) {
		u64 next = match_prev(w->match, n - 1, &pending);

		if (next == MATCH_NONE)
			break;
		n = next;
	}
	pending |= by > 0 && !w->done;
	world_goto(w, n);
	if (by != 0)
		world_status(w, false,
			     pending  ? "the filter is still being worked out there"
			     : by > 0 ? "no later packet passes the filter"
				      : "no earlier packet passes the filter");
}

/* ---- rows ---- */

u64 world_rows(const struct world *w)
{
	u64 n = w->match != NULL ? match_count(w->match) : w->count;

	return MIN(n, w->count);
}

u64 world_row_packet(const struct world *w, u64 row)
{
	u64 n = w->match != NULL ? match_nth(w->match, row) : row;

	return n < w->count ? n : w->count - 1;
}

u64 world_packet_row(const struct world *w, u64 n)
{
	u64 r;

	if (w->match == NULL)
		return n;
	r = match_rank(w->match, n + 1);
	return r > 0 ? r - 1 : 0;
}

/* ---- filter and search ---- */

int world_filter(struct world *w, const char *text, struct err *e)
{
	struct test test;

	while (isspace((u8)*text))
		text++;
	if (*text != '\0' && test_from_filter(text, &test, e) < 0)
		return -1;
	match_free(w->match);
	w->match = NULL;
	text = *text != '\0' ? xstrdup(text) : NULL;
	free(w->filter);
	w->filter = (char *)(uintptr_t)text;
	w->settled = text == NULL || w->tape == NULL;
	if (text == NULL)
		return 0;
	if (w->tape != NULL)
		w->match = match_new(w->tape, w->flow, test, w->at);
	else
		test.free_arg(test.arg);
	return 0;
}

int world_find(struct world *w, enum find_kind kind, const char *text, struct err *e)
{
	struct test test;

	if (w->tape == NULL)
		return err_set(e, "nothing is open to search in: open FILE");
	if (test_from_find(kind, text, &test, e) < 0)
		return -1;
	match_free(w->found);
	free(w->search);
	w->search = xstrdup(text);
	w->found = match_new(w->tape, w->flow, test, w->at);
	return 0;
}

void world_find_go(struct world *w, int dir)
{
	if (w->found == NULL) {
		world_status(w, true, "nothing was searched for yet: find TEXT");
		return;
	}
	w->find_from = w->at;
	w->find_dir = dir;
	find_pending(w);
}

/* Goes on with a search that waits for its answer. True when it moved or said something. */
static bool find_pending(struct world *w)
{
	bool pending = false, down = w->find_dir > 0;
	u64 n;

	if (w->find_dir == 0 || w->found == NULL)
		return false;
	if (down)
		n = w->find_from + 1 < w->count ? match_next(w->found, w->find_from + 1, &pending)
						: MATCH_NONE;
	else
		n = w->find_from > 0 ? match_prev(w->found, w->find_from - 1, &pending)
				     : MATCH_NONE;
	if (n != MATCH_NONE) {
		w->find_dir = 0;
		world_goto(w, n);
		world_status(w, false, "found '%.100s'", w->search);
	} else if (pending || (down && !w->done)) {
		world_status(w, false, "searching for '%.100s' ...", w->search);
	} else {
		w->find_dir = 0;
		world_status(w, true, "'%.100s' does not come %s this packet", w->search,
			     down ? "after" : "before");
	}
	return true;
}

/* ---- marks, console, status ---- */

void world_mark(struct world *w, const char *name)
{
	if (w->count == 0)
		world_status(w, true, "there is no packet to mark");
	else
		world_status(w, false, "packet %llu is marked '%s'", (unsigned long long)w->at + 1,
			     playhead_mark(&w->head, w->at, *name != '\0' ? name : NULL));
}

int world_unmark(struct world *w, const char *name, struct err *e)
{
	return playhead_unmark(&w->head, name) ? 0 : err_set(e, "there is no mark '%.40s'", name);
}

static void say_line(struct world *w, enum console_kind kind, const char *text, size_t n)
{
	if (w->console.n == CONSOLE_CAP) {
		size_t drop = CONSOLE_CAP / 10; /* in one go: moving the rest costs */

		for (size_t i = 0; i < drop; i++)
			free(w->console.v[i].text);
		w->console.n -= drop;
		memmove(w->console.v, w->console.v + drop, w->console.n * sizeof *w->console.v);
		w->console_lost += drop;
	}
	*VEC_PUSH(&w->console) = (struct console_line) { xstrndup(text, n), (u8)kind };
}

void world_say(struct world *w, enum console_kind kind, const char *text, size_t n)
{
	while (n > 0) {
		const char *nl = memchr(text, '\n', n);
		size_t len = nl != NULL ? (size_t)(nl - text) : n;

		say_line(w, kind, text, len);
		len += nl != NULL;
		text += len;
		n -= len;
	}
}

void world_status(struct world *w, bool bad, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(w->status, sizeof w->status, fmt, ap);
	va_end(ap);
	w->status_bad = bad;
}

/* ---- times and columns ---- */

void world_put_time(const struct world *w, struct txt *t, const struct pkt *k)
{
	show_time(t, k, w->time, w->digits);
}

void world_put_clock(const struct world *w, struct txt *t, ns_t ts)
{
	ns_t v = 0;

	if (ts != NS_NONE && w->begin != NS_NONE && __builtin_sub_overflow(ts, w->begin, &v))
		v = INT64_MAX;
	if (v < 0) {
		txt_putc(t, '-');
		v = -v;
	}
	txt_u64w(t, (u64)(v / (3600 * NS_PER_S)), 2, '0');
	txt_putc(t, ':');
	txt_u64w(t, (u64)(v / (60 * NS_PER_S) % 60), 2, '0');
	txt_putc(t, ':');
	txt_u64w(t, (u64)(v / NS_PER_S % 60), 2, '0');
	txt_putc(t, '.');
	txt_u64w(t, (u64)(v % NS_PER_S / (w->digits == 9 ? 1 : NS_PER_US)), w->digits == 9 ? 9 : 6,
		 '0');
}

static const struct {
	const char *name, *title;
} kinds[] = {
	[COL_NUMBER] = { "number", "No." },    [COL_TIME] = { "time", "Time" },
	[COL_SRC] = { "src", "Source" },       [COL_DST] = { "dst", "Destination" },
	[COL_PROTO] = { "proto", "Protocol" }, [COL_LEN] = { "len", "Length" },
	[COL_INFO] = { "info", "Info" },       [COL_IFACE] = { "iface", "Interface" },
};

const char *column_title(const struct column *c)
{
	return c->kind == COL_FIELD ? field_get(c->field)->name : kinds[c->kind].title;
}

const char *column_name(const struct column *c)
{
	return c->kind == COL_FIELD ? field_get(c->field)->name : kinds[c->kind].name;
}

int column_parse(const char *s, struct column *c, struct err *e)
{
	int f;

	for (unsigned i = 0; i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].name, s) == 0) {
			*c = (struct column) { .kind = (u8)i };
			return 0;
		}
	f = field_find(s, strlen(s));
	if (f < 0)
		return err_set(e,
			       "'%.60s' is no column (number time src dst proto len info iface) "
			       "and no field",
			       s);
	*c = (struct column) { COL_FIELD, (u16)f };
	return 0;
}

static void put_iface(struct txt *t, const struct pkt *k)
{
	if (k->frame->iface_name != NULL)
		txt_escape(t, k->frame->iface_name, strlen(k->frame->iface_name));
	else
		txt_printf(t, "if%u", k->frame->iface);
}

void column_put(const struct world *w, struct txt *t, const struct column *c, const struct pkt *k)
{
	switch ((enum column_kind)c->kind) {
	case COL_NUMBER: txt_u64(t, k->frame->number); break;
	case COL_TIME: world_put_time(w, t, k); break;
	case COL_SRC: show_src(t, k, true); break;
	case COL_DST: show_dst(t, k, true); break;
	case COL_PROTO: txt_puts(t, show_protocol(k)); break;
	case COL_LEN: txt_u64(t, k->frame->len); break;
	case COL_INFO:
		show_tunnels(t, k);
		show_info(t, k);
		show_marks(t, k);
		break;
	case COL_IFACE: put_iface(t, k); break;
	case COL_FIELD: show_field(t, k, c->field); break;
	}
}
