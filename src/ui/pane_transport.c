/* The transport: the ladder of one conversation up to the playhead, the newest packet at the foot,
 * and for TCP the states and variables of both ends behind it; or another view of it.
 */
#include "ui/ladder.h"
#include "ui/pane.h"
#include "ui/tcpdiagram.h"
#include "ui/tcppanel.h"
#include "ui/tcpwords.h"
#include "ui/transport_views.h"

#include "base/vec.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	VIEWS_MAX = 8,
	HEAD_H = 2,	   /* the two ends, and where their lines begin */
	TIME_BRIEF = 52,   /* below this inside width times have three decimals */
	TIME_TCP = 72,	   /* the same where states need the room */
	STATES_W = 100,	   /* from this width on states are written in full, */
	STATES_BRIEF = 52, /* and from this in brief */
	MARKS_W = 88,	   /* from this width on marks are written in full */
	WHEEL = 3,
	PANEL_LEAST = 6, /* inside height for a panel at all, and for a rule above it */
	RULE_LEAST = 12,
	DIAGRAM_ROWS = 21, /* inside height for the diagram below some arrows, */
	BESIDE_W = 108,	   /* and inside size for it beside the panel */
	BESIDE_H = 28,
};

struct transport {
	struct pane pane;
	const struct tape *seen_tape;
	u64 seen_at;
	u32 conv;
	u64 last;   /* its last packet up to the playhead; LADDER_NONE: none */
	u64 foot;   /* the packet in the last line: `last`, or before it where one scrolled back */
	u64 chosen; /* the row of the cursor; LADDER_NONE: the cursor is not shown */
	bool delta; /* times count from the row before */
	bool raw;
	bool diagram;		/* on where it is off by itself, and off where it is on */
	int panel_h;		/* rows of the panel below the ladder, its rule included; 0: none */
	u8 view;		/* 0: the ladder, else transport_views[view - 1] */
	void *state[VIEWS_MAX]; /* theirs; NULL until first shown */
};

/* The packets in view, oldest first. */
struct rows {
	VEC(u64) n;
	bool more; /* there are older ones */
};

/* As it is now, in *c; NULL where there is none. */
static const struct conv *conversation(const struct transport *p, const struct world *w,
				       struct conv *c)
{
	return w->flow != NULL && p->conv != FLOW_NONE && flow_get(w->flow, p->conv, c) ? c : NULL;
}

/* Rows for packets: what lies below the newest one has not happened yet. */
static int page(const struct transport *p)
{
	int h = p->pane.h - HEAD_H - p->panel_h;

	return MAX(h - (h > 3) - (h > 23), 1);
}

/* Fills the page upwards from its foot. */
static void rows_get(struct rows *r, const struct transport *p, const struct world *w)
{
	u64 n = p->foot;

	r->n.n = 0;
	for (int i = 0; i < page(p) && n != LADDER_NONE; i++) {
		*VEC_PUSH(&r->n) = n;
		n = ladder_prev(w, n);
	}
	r->more = n != LADDER_NONE;
	for (size_t i = 0; i < r->n.n / 2; i++) {
		u64 other = r->n.v[r->n.n - 1 - i];

		r->n.v[r->n.n - 1 - i] = r->n.v[i];
		r->n.v[i] = other;
	}
}

static void rows_free(struct rows *r)
{
	VEC_FREE(&r->n);
}

/* How many packets stand before n, up to `most`. */
static int before(const struct world *w, u64 n, int most)
{
	int i = 0;

	while (i < most && (n = ladder_prev(w, n)) != LADDER_NONE)
		i++;
	return i;
}

/* Moves the foot by rows: not above the first full page, not below the newest. */
static void scroll(struct transport *p, const struct world *w, i64 by)
{
	u64 n;

	for (; by < 0 && before(w, p->foot, page(p)) >= page(p); by++)
		p->foot = ladder_prev(w, p->foot);
	for (; by > 0 && p->foot != p->last; by--) {
		n = ladder_next(w, p->conv, p->foot, p->last);
		if (n == LADDER_NONE)
			break;
		p->foot = n;
	}
}

/* The last packet of the conversation, found from where it was: a step costs a step. */
static u64 find_last(const struct transport *p, const struct world *w, const struct conv *c,
		     bool same)
{
	const u64 near = 4096;
	u64 n = p->last, next;

	if (!same || n == LADDER_NONE || w->at > p->seen_at + near || w->at < p->seen_at)
		return ladder_last(w, c, w->at);
	while ((next = ladder_next(w, c->id, n, w->at)) != LADDER_NONE)
		n = next;
	return n;
}

/* Where the state diagram stands. */
enum where { NOWHERE, BESIDE, INSTEAD, ALONE };
static enum where diagram_at(const struct transport *p)
{
	int w = p->pane.w, h = p->pane.h;

	if (w >= BESIDE_W && h >= BESIDE_H)
		return p->diagram ? NOWHERE : BESIDE;
	if (!p->diagram || w < TCPDIAGRAM_W || h < TCPDIAGRAM_H - 2)
		return NOWHERE;
	return h >= DIAGRAM_ROWS ? INSTEAD : ALONE;
}

/* Rows of variables: all of them beside the diagram, which is higher. */
static int variables_height(const struct transport *p)
{
	return tcppanel_height(p->pane.w, diagram_at(p) == BESIDE ? INT_MAX : p->pane.h);
}

/* Rows below the ladder of a TCP connection. */
static int panel_height(const struct transport *p)
{
	int rows = variables_height(p);

	if (p->pane.h < PANEL_LEAST)
		return 0;
	switch (diagram_at(p)) {
	case NOWHERE: break;
	case BESIDE:
	case INSTEAD: rows = MAX(rows, TCPDIAGRAM_H); break;
	case ALONE: return p->pane.h;
	}
	return rows + (p->pane.h >= RULE_LEAST);
}

/* The view to draw instead of the ladder, NULL for none: only TCP has them. */
static const struct transport_view *view_of(const struct transport *p, const struct conv *c)
{
	return p->view > 0 && c != NULL && c->l4 == 6 && p->last != LADDER_NONE
		       ? transport_views[p->view - 1]
		       : NULL;
}

static void update_view(struct transport *p, const struct world *w, const struct conv *c)
{
	const struct transport_view *v = view_of(p, c);
	void **state = &p->state[p->view];

	if (v == NULL)
		return;
	if (*state == NULL)
		*state = xcalloc(1, MAX(v->size, 1));
	if (v->update != NULL)
		v->update(*state, w, &(struct transport_at) { c, p->last }, p->pane.w, p->pane.h);
}

static void update(struct pane *pane, const struct world *w)
{
	struct transport *p = (struct transport *)pane;
	bool same = p->seen_tape == w->tape && p->conv == w->conv_at;
	bool moved = !same || p->seen_at != w->at;
	const struct conv *c;
	struct conv now;
	u64 last;

	p->seen_tape = w->tape;
	p->conv = w->tape != NULL ? w->conv_at : FLOW_NONE;
	c = conversation(p, w, &now);
	p->panel_h = c != NULL && c->l4 == 6 ? panel_height(p) : 0;
	if (c == NULL || w->count == 0) {
		p->last = p->foot = p->chosen = LADDER_NONE;
		return;
	}
	last = find_last(p, w, c, same);
	if (moved || last != p->last || p->foot == LADDER_NONE || last == LADDER_NONE) {
		p->foot = last;
		p->chosen = LADDER_NONE;
	}
	p->last = last;
	p->seen_at = w->at;
	update_view(p, w, c);
}

static void init(struct pane *pane)
{
	struct transport *p = (struct transport *)pane;

	p->conv = FLOW_NONE;
	p->last = p->foot = p->chosen = LADDER_NONE;
}

static void fini(struct pane *pane)
{
	struct transport *p = (struct transport *)pane;

	for (unsigned i = 1; i < VIEWS_MAX; i++) {
		if (p->state[i] != NULL && transport_views[i - 1]->fini != NULL)
			transport_views[i - 1]->fini(p->state[i]);
		free(p->state[i]);
	}
}

/* ---- drawing ---- */

static const char *l4_name(const struct conv *c)
{
	return c->l4 == 6 ? "tcp" : "udp";
}

static void title(const struct pane *pane, const struct world *w, struct txt *left,
		  struct txt *right)
{
	const struct transport *p = (const struct transport *)pane;
	struct conv now;
	const struct conv *c = conversation(p, w, &now);

	txt_puts(left, "transport");
	if (c == NULL)
		return;
	txt_printf(left, " ─ %s.stream %u", l4_name(c), c->stream);
	if (w->conv != FLOW_NONE)
		txt_puts(left, " (held)");
	if (view_of(p, c) != NULL)
		txt_puts(right, view_of(p, c)->title);
	else if (p->foot != p->last)
		txt_puts(right, "looking back; End returns");
	else if (p->pane.w >= TIME_BRIEF)
		txt_puts(right, p->delta ? "time since the row above" : "time on the tape");
}

/* ".398" of the tape's time or "+.010" since the row before, in fixed columns. */
static int time_width(const struct transport *p, const struct world *w, int decimals)
{
	u64 s = w->end > w->begin && w->begin != NS_NONE ? (u64)(w->end - w->begin) / (u64)NS_PER_S
							 : 0;
	int digits = 1;

	for (; s >= 10; s /= 10)
		digits++;
	return MAX(digits, 2) + 1 + decimals + p->delta;
}

static void draw_time(const struct transport *p, const struct world *w, const struct canvas *c,
		      const struct ladder *l, int y, const struct pkt *k, ns_t above, int decimals)
{
	ns_t from = p->delta ? above : w->begin;
	struct txt t;

	if (k->frame->ts == NS_NONE || from == NS_NONE)
		return;
	txt_init(&t);
	if (p->delta && k->frame->ts >= from)
		txt_putc(&t, '+');
	txt_seconds(&t, k->frame->ts - from, decimals, 0);
	canvas_right(c, l->time_x, y, l->time_w, STYLE_DIM, t.s, t.n);
	txt_fini(&t);
}

/* "10.0.0.1:40112        ⇄        10.0.0.2:5001" over the lifelines. */
static void draw_head(const struct canvas *c, const struct ladder *l, const struct conv *conv,
		      bool more)
{
	int mid = (l->line[0] + l->line[1]) / 2, x, w;
	struct txt t;

	txt_init(&t);
	ladder_end(&t, conv, 0);
	w = canvas_width(t.s, t.n);
	x = CLAMP(mid - w, l->left_x, l->line[0]); /* into the margin where it is long */
	canvas_right(c, x, 0, MIN(w, mid - x), STYLE_FWD, t.s, t.n);
	txt_clear(&t);
	ladder_end(&t, conv, 1);
	w = canvas_width(t.s, t.n);
	x = MAX(mid + 2, MIN(l->line[1] + 1, l->right_x + l->right_w) - w);
	canvas_right(c, x, 0, MIN(w, l->right_x + l->right_w - x), STYLE_REV, t.s, t.n);
	for (int side = 0; side < 2; side++)
		canvas_put(c, l->line[side], 1, STYLE_BORDER, more ? U'┊' : U'┬');
	if (more)
		canvas_puts(c, l->time_x + l->time_w - 1, 1, STYLE_DIM, "↑");
	txt_fini(&t);
}

/* The lifelines go on below the newest packet, into what has not happened yet. */
static void draw_future(const struct canvas *c, const struct ladder *l, int y)
{
	for (int side = 0; side < 2; side++)
		canvas_vline(c, l->line[side], y, c->h - y, STYLE_BORDER, U'┊');
}

static ns_t time_before(const struct world *w, u64 n)
{
	u64 prev = ladder_prev(w, n);

	return prev == LADDER_NONE ? tape_ts(w->tape, n) : tape_ts(w->tape, prev);
}

/* How rows are drawn, the same for all of a page. */
struct sheet {
	struct ladder l;
	const struct conv *conv;
	int decimals;
	bool tcp;
	int states; /* columns for states; 0: none */
	bool marks; /* in full */
};

static struct sheet sheet_of(const struct transport *p, const struct world *w,
			     const struct conv *conv, int width)
{
	struct sheet s = { .conv = conv, .tcp = conv->l4 == 6 };

	s.states = !s.tcp || width < STATES_BRIEF ? 0
		   : width < STATES_W		  ? TCPWORDS_STATE_BRIEF
						  : TCPWORDS_STATE;
	s.marks = width >= MARKS_W;
	s.decimals = width < (s.states > 0 ? TIME_TCP : TIME_BRIEF) ? 3 : MIN(w->digits, 6);
	s.l = ladder_layout(width, time_width(p, w, s.decimals), s.states);
	return s;
}

/* Something was noted of a segment that a verdict can say more of. That may look at a thousand
 * segments around it: it is asked for only then, and where nothing moves. */
static bool noted(const struct tcp_seen *s)
{
	return (trace_flags(s) & ~(u32)(TRACE_STATE | TRACE_PHASE)) != 0 ||
	       (s->whole && (s->cong[0].again || s->cong[1].again));
}

/* What is unusual about a segment. */
static bool mark_get(struct txt *mark, const struct world *w, const struct sheet *s, u64 n,
		     const struct tcp_seen *seen, int side, enum style *style)
{
	struct tcp_verdict v;

	if (!noted(seen))
		return false;
	if (w->head.state == PLAYHEAD_PAUSED && world_verdict(w, n, &v))
		return tcpwords_mark(mark, seen, &v, !s->marks, style);
	return tcpwords_quick(mark, seen, side, !s->marks, style);
}

/* What is said beside an arrow and on it; `mark` holds the text. */
static void notes_get(struct ladder_notes *notes, struct txt *mark, const struct world *w,
		      const struct sheet *s, u64 n, const struct pkt *k,
		      const struct tcp_seen *seen)
{
	enum style style;

	if (mark_get(mark, w, s, n, seen, k->conv_reversed, &style)) {
		notes->mark = txt_str(mark);
		notes->mark_style = style;
	}
	notes->dim = seen->copy_of != 0;
	for (unsigned i = 0; seen->whole && s->states > 0 && i < seen->ends.nedges; i++) {
		const struct tcp_edge *e = &seen->ends.edge[i];

		notes->side[e->end] = tcpwords_state((enum tcp_state)seen->ends.state[e->end],
						     s->states < TCPWORDS_STATE);
		notes->side_style[e->end] = tcpwords_edge_style(e);
	}
}

static void draw_row(const struct transport *p, const struct world *w, const struct canvas *c,
		     const struct sheet *s, int y, u64 n)
{
	const struct tcp_seen *found = s->tcp ? world_seen(w, n) : NULL;
	struct tcp_seen seen;
	const struct pkt *k = world_line(w, n);
	struct ladder_opts o = { .raw = p->raw };
	struct ladder_notes notes = { 0 };
	struct txt mark;

	txt_init(&mark);
	if (found != NULL) {
		seen = *found; /* the verdict may take it away */
		notes_get(&notes, &mark, w, s, n, k, &seen);
	}
	if (n == p->last)
		canvas_put(c, 0, y, STYLE_STRONG, n == w->at ? U'▶' : U'▸');
	draw_time(p, w, c, &s->l, y, k, time_before(w, n), s->decimals);
	ladder_draw(&s->l, c, y, s->conv, k, &o, &notes);
	if (n == w->at) { /* one bar in one colour */
		canvas_restyle(c, 0, y, c->w, 1, ladder_noted(k, &notes));
		canvas_shade(c, 0, y, c->w, 1, SHADE_PLAYHEAD);
	} else if (n == p->chosen && p->pane.focus) {
		canvas_shade(c, 0, y, c->w, 1, SHADE_CURSOR);
	}
	txt_fini(&mark);
}

/* The states before the first row, quietly beside the upper ends of the lifelines. */
static void draw_states_above(const struct world *w, const struct canvas *c, const struct sheet *s,
			      u64 first)
{
	u64 prev = ladder_prev(w, first);
	const struct tcp_seen *seen =
		s->states > 0 && prev != LADDER_NONE ? world_seen(w, prev) : NULL;

	if (seen == NULL || !seen->whole)
		return;
	for (int side = 0; side < 2; side++) {
		const char *name = tcpwords_state((enum tcp_state)seen->ends.state[side],
						  s->states < TCPWORDS_STATE);

		if (side == 0)
			canvas_right(c, s->l.left_x, 1, s->l.left_w, STYLE_DIM, name, strlen(name));
		else
			canvas_cut(c, s->l.right_x, 1, s->l.right_w, STYLE_DIM, name, strlen(name));
	}
}

static void draw_diagram(const struct transport *p, const struct tcp_seen *seen,
			 const struct tcp_conn *state, const struct canvas *c)
{
	struct tcpdiagram d = { .packet = (u32)p->last + 1 };

	if (seen != NULL && seen->whole && state != NULL && state->whole != NULL)
		for (int side = 0; side < 2; side++) {
			d.state[side] = seen->ends.state[side];
			tcp_ends_edge(&state->whole->ends, side, &d.last[side]);
		}
	tcpdiagram_draw(&d, c);
}

/* What stands below the ladder is drawn from. */
struct below {
	struct tcp_verdict verdict; /* on the last packet */
	bool judged;		    /* there is one worth a word; only while nothing moves */
	enum tcp_where where;
	enum where diagram;
};

/* "behind #38 ── near the client ── fast retransmission, 99 %" */
static void draw_rule(const struct transport *p, const struct below *b, const struct canvas *c,
		      int y)
{
	struct canvas all = { c->g, c->x - 1, c->y - 1, c->w + 2, c->h + 2 };
	struct txt t;

	txt_init(&t);
	txt_printf(&t, "behind #%" PRIu64, p->last + 1);
	if (b->where != TCP_WHERE_UNKNOWN)
		txt_printf(&t, " ─ %s", tcp_where_name(b->where));
	if (b->judged && b->diagram != BESIDE)
		txt_printf(&t, " ─ %s, %u %%", tcp_kind_name((enum tcp_kind)b->verdict.kind),
			   b->verdict.confidence);
	canvas_box_rule(&all, y, p->pane.focus, txt_str(&t));
	txt_fini(&t);
}

/* The verdict in words, in what room is left beside the diagram. */
static void draw_verdict(const struct below *b, const struct canvas *c)
{
	const struct tcp_rule_info *rule = tcp_rule_info((enum tcp_rule)b->verdict.rule);
	struct txt t;
	int x;

	if (!b->judged)
		return;
	x = canvas_puts(c, 0, 0, STYLE_KEY, "w");
	x = canvas_text(c, x, 0, STYLE_STRONG, " %s",
			tcp_kind_name((enum tcp_kind)b->verdict.kind));
	canvas_text(c, x, 0, STYLE_DIM, ", %u %% sure", b->verdict.confidence);
	txt_init(&t);
	txt_printf(&t, "%s %s", rule->sentence, rule->clause);
	canvas_para(c, 2, 1, c->w - 2, STYLE_DEFAULT, t.s, t.n);
	txt_fini(&t);
}

/* What both ends know, below the ladder. */
static void draw_panel(const struct transport *p, const struct world *w, const struct canvas *c,
		       const struct conv *conv)
{
	struct below b = { .diagram = diagram_at(p) };
	bool rule = c->h >= RULE_LEAST && b.diagram != ALONE;
	int h = p->panel_h - rule, y = c->h - h, x = c->w - TCPDIAGRAM_W;
	int vars = variables_height(p);
	const struct tcp_conn *state;
	const struct tcp_seen *seen;
	struct canvas part;

	seen = world_seen(w, p->last);
	b.judged = seen != NULL && w->head.state == PLAYHEAD_PAUSED &&
		   (noted(seen) || world_line(w, p->last)->frame->lost) &&
		   world_verdict(w, p->last, &b.verdict) && b.verdict.kind != TCP_KIND_NONE;
	state = world_conn(w, p->last);
	seen = world_seen(w, p->last);
	b.where = state != NULL && state->whole != NULL ? (enum tcp_where)state->whole->point.where
							: TCP_WHERE_UNKNOWN;
	if (rule)
		draw_rule(p, &b, c, y);
	if (b.diagram != NOWHERE) {
		part = canvas_sub(c, b.diagram == BESIDE ? x : MAX(x / 2, 0), y, TCPDIAGRAM_W, h);
		draw_diagram(p, seen, state, &part);
	}
	if (b.diagram == NOWHERE || b.diagram == BESIDE) {
		part = canvas_sub(c, 0, y, b.diagram == BESIDE ? x - 1 : c->w, vars);
		tcppanel_draw(&(struct tcppanel) { conv, seen, state, p->raw }, &part);
	}
	if (b.diagram == BESIDE) {
		part = canvas_sub(c, 0, y + vars, x - 2, h - vars);
		draw_verdict(&b, &part);
	}
}

static void draw_none(const struct pane *pane, const struct world *w, const struct canvas *c)
{
	if (w->tape == NULL)
		pane_draw_empty(c, pane->type->empty);
	else if (w->flow != NULL && w->conv_at != FLOW_NONE && w->conv_at < flow_evicted(w->flow))
		pane_draw_empty(c, "This conversation was forgotten: the tape holds more than are "
				   "remembered at once.");
	else if (w->count > 0 && w->passed <= w->at && !w->done)
		pane_draw_empty(c, "Conversations are being worked out up to here…");
	else if (w->conv != FLOW_NONE)
		pane_draw_empty(
			c, "The conversation has not begun at this point of the tape. Press n to "
			   "step on.");
	else
		pane_draw_empty(
			c, "No TCP or UDP conversation up to here. Press n to step on, or Space "
			   "to play.");
}

static void draw(const struct pane *pane, const struct world *w, const struct canvas *c)
{
	const struct transport *p = (const struct transport *)pane;
	struct conv now;
	const struct conv *conv = conversation(p, w, &now);
	struct canvas above = canvas_sub(c, 0, 0, c->w, c->h - p->panel_h);
	struct rows r = { 0 };
	struct sheet s;

	if (conv == NULL || p->last == LADDER_NONE) {
		draw_none(pane, w, c);
		return;
	}
	if (view_of(p, conv) != NULL) {
		view_of(p, conv)->draw(p->state[p->view], w,
				       &(struct transport_at) { conv, p->last }, c);
		return;
	}
	if (p->panel_h >= c->h) {
		draw_panel(p, w, c, conv);
		return;
	}
	s = sheet_of(p, w, conv, c->w);
	rows_get(&r, p, w);
	draw_head(&above, &s.l, conv, r.more);
	if (r.n.n > 0)
		draw_states_above(w, &above, &s, r.n.v[0]);
	for (size_t i = 0; i < r.n.n; i++)
		draw_row(p, w, &above, &s, HEAD_H + (int)i, r.n.v[i]);
	draw_future(&above, &s.l, HEAD_H + (int)r.n.n);
	rows_free(&r);
	if (p->panel_h > 0)
		draw_panel(p, w, c, conv);
}

/* ---- keys ---- */

/* The cursor by one row; the page follows. */
static struct wish move(struct transport *p, const struct world *w, int by)
{
	u64 from = p->chosen != LADDER_NONE ? p->chosen : p->last, to;
	struct rows r = { 0 };

	to = by < 0 ? ladder_prev(w, from) : ladder_next(w, p->conv, from, p->last);
	if (to == LADDER_NONE)
		return wish_say(by < 0 ? "this is the first packet of the conversation"
				       : "nothing newer has happened yet: n steps on");
	p->chosen = to;
	if (to > p->foot)
		p->foot = to;
	rows_get(&r, p, w);
	if (r.n.n > 0 && to < r.n.v[0])
		scroll(p, w, -1);
	rows_free(&r);
	return wish_done();
}

static struct wish ends(struct transport *p, const struct world *w, bool top)
{
	struct conv now;
	const struct conv *c = conversation(p, w, &now);

	p->chosen = LADDER_NONE;
	p->foot = p->last;
	if (!top || c == NULL)
		return wish_done();
	p->chosen = p->foot = c->first - 1u; /* flow counts packets from 1 */
	for (int i = 1; i < page(p); i++) {
		u64 n = ladder_next(w, p->conv, p->foot, p->last);

		if (n == LADDER_NONE)
			break;
		p->foot = n;
	}
	return wish_done();
}

/* "view": the next one, "view NAME": that one. */
static struct wish choose_view(struct transport *p, const char *name)
{
	u8 i = 0;

	if (*name == '\0') {
		p->view = transport_views[p->view] != NULL ? p->view + 1 : 0;
		return wish_done();
	}
	if (strcmp(name, "ladder") != 0)
		while (transport_views[i] != NULL && strcmp(transport_views[i]->name, name) != 0)
			i++;
	if (strcmp(name, "ladder") != 0 && transport_views[i] == NULL)
		return wish_unknown();
	p->view = strcmp(name, "ladder") != 0 ? i + 1 : 0;
	return wish_done();
}

static bool is_of_graphs(const char *verb)
{
	static const char *const verbs[] = {
		"zoom-in", "zoom-out", "left", "right", "all", "other"
	};

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (strcmp(verb, verbs[i]) == 0)
			return true;
	return false;
}

static struct wish act(struct pane *pane, const struct world *w, const char *verb)
{
	struct transport *p = (struct transport *)pane;
	i64 step = MAX(page(p) - 1, 1);
	struct conv now;
	const struct transport_view *v = view_of(p, conversation(p, w, &now));

	if (strncmp(verb, "view", 4) == 0 && (verb[4] == ' ' || verb[4] == '\0'))
		return choose_view(p, verb + 4 + strspn(verb + 4, " "));
	if (v != NULL && v->act != NULL && p->state[p->view] != NULL) {
		struct wish wish = v->act(p->state[p->view], w,
					  &(struct transport_at) { &now, p->last }, verb);

		if (wish.kind != WISH_UNKNOWN)
			return wish;
	}

	if (v == NULL && is_of_graphs(verb))
		return wish_say("that is for the graphs: v changes the view");
	if (strcmp(verb, "delta") == 0) {
		p->delta = !p->delta;
		return wish_done();
	}
	if (strcmp(verb, "raw") == 0) {
		p->raw = !p->raw;
		return wish_done();
	}
	if (strcmp(verb, "diagram") == 0) {
		p->diagram = !p->diagram;
		if (p->diagram && diagram_at(p) == NOWHERE && p->pane.w < BESIDE_W) {
			p->diagram = false;
			return wish_say("the state diagram needs more room: z zooms this pane");
		}
		return wish_done();
	}
	if (p->last == LADDER_NONE)
		return wish_say("no conversation up to here: n steps to the next packet");
	if (strcmp(verb, "up") == 0 || strcmp(verb, "down") == 0)
		return move(p, w, *verb == 'u' ? -1 : 1);
	if (strcmp(verb, "page-up") == 0 || strcmp(verb, "page-down") == 0) {
		scroll(p, w, verb[5] == 'u' ? -step : step);
		return wish_done();
	}
	if (strcmp(verb, "scroll-up") == 0 || strcmp(verb, "scroll-down") == 0) {
		scroll(p, w, verb[7] == 'u' ? -WHEEL : WHEEL);
		return wish_done();
	}
	if (strcmp(verb, "top") == 0 || strcmp(verb, "bottom") == 0)
		return ends(p, w, *verb == 't');
	if (strcmp(verb, "why") == 0)
		return wish_run("why %" PRIu64,
				(p->chosen != LADDER_NONE ? p->chosen : p->last) + 1);
	if (strcmp(verb, "jump") == 0) {
		if (p->chosen == LADDER_NONE)
			return wish_say("choose an arrow with Up and Down first");
		return wish_run("jump packet %" PRIu64, p->chosen + 1);
	}
	return wish_unknown();
}

static struct wish mouse(struct pane *pane, const struct world *w, const struct mouse *m)
{
	struct transport *p = (struct transport *)pane;
	struct wish wish = wish_unknown();
	struct rows r = { 0 };
	int y = m->y - HEAD_H;
	struct conv now;
	const struct transport_view *v = view_of(p, conversation(p, w, &now));

	if (p->last == LADDER_NONE)
		return wish;
	if (v != NULL)
		return v->mouse != NULL && p->state[p->view] != NULL
			       ? v->mouse(p->state[p->view], w,
					  &(struct transport_at) { &now, p->last }, m)
			       : wish;
	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
		scroll(p, w, m->kind == MOUSE_WHEEL_UP ? -WHEEL : WHEEL);
		return wish_done();
	}
	rows_get(&r, p, w);
	if (y >= 0 && (size_t)y < r.n.n && m->kind == MOUSE_PRESS) {
		p->chosen = r.n.v[y];
		wish = wish_done();
	} else if (y >= 0 && (size_t)y < r.n.n && m->kind == MOUSE_DOUBLE) {
		wish = wish_run("jump packet %" PRIu64, r.n.v[y] + 1);
	}
	rows_free(&r);
	return wish;
}

static const struct binding keys[] = {
	{ "Up", "act up", "choose the arrow above", 0, NULL },
	{ "Down", "act down", "choose the arrow below", 0, NULL },
	{ "k", "act up", "the same as Up", 0, NULL },
	{ "j", "act down", "the same as Down", 0, NULL },
	{ "PgUp", "act page-up", "look a page back", 0, NULL },
	{ "PgDn", "act page-down", "look a page on", 0, NULL },
	{ "C-Up", "act scroll-up", "look three arrows back", 0, NULL },
	{ "C-Down", "act scroll-down", "look three arrows on", 0, NULL },
	{ "Home", "act top", "the conversation's first packet", 0, NULL },
	{ "End", "act bottom", "back to the newest packet", 0, NULL },
	{ "v", "act view", "the next view: ladder, sequence numbers, graphs", 6, "view" },
	{ "+", "act zoom-in", "in graphs: less time, larger", 0, NULL },
	{ "-", "act zoom-out", "in graphs: more time", 0, NULL },
	{ "Left", "act left", "in graphs: look back in time", 0, NULL },
	{ "Right", "act right", "in graphs: look on in time", 0, NULL },
	{ "0", "act all", "in graphs: the whole conversation", 0, NULL },
	{ "o", "act other", "in graphs: the other direction", 0, NULL },
	{ "Enter", "act jump", "move the playhead to the chosen arrow", 4, "jump there" },
	{ "w", "act why", "tell why the chosen arrow, or the newest, is what it is", 3, "why" },
	{ "d", "act delta", "times on the tape, or since the row above", 0, NULL },
	{ "D", "act diagram", "show or hide the state diagram", 7, "states" },
	{ "r", "act raw", "relative sequence numbers, or those on the wire", 0, NULL },
};

const struct pane_type pane_transport = {
	.name = "transport",
	.about = "The ladder of one conversation up to the playhead: that of the packet at the "
		 "playhead, or the one that f holds.",
	.empty = "No capture is open. Press : and type  open FILE",
	.size = sizeof(struct transport),
	.min_w = 40,
	.min_h = 8,
	.weight = 700,
	.col2 = 1,
	.col3 = 2,
	.init = init,
	.fini = fini,
	.title = title,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
	.keys = keys,
	.n_keys = ARRAY_LEN(keys),
};
