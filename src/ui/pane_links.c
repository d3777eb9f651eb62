/* The links: how much each interface carried up to the playhead, as figures and as a graph whose
 * right edge is the playhead's instant. */
#include "ui/list.h"
#include "ui/pane.h"
#include "ui/rategraph.h"

#include "base/num.h"
#include "base/vec.h"
#include "tape/world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	IFACES_SHOWN = 1024, /* the title says when there are more */
	NAME_W = 15,	     /* "name ▸ out" at most; less where nobody needs it */
	RATE_W = 11,	     /* of txt_rate() */
	AXIS_W = 11,	     /* " 100 Mbit/s" */
	AXIS_FROM = 44,	     /* inside width from which on the graph has a scale at its side */
	BLOCK_MIN = 3,
	BLOCK_MAX = 9,
};

/* One graph: an interface in one direction, or in all where its directions are not known. */
struct series {
	u32 iface;
	u8 dir;
};

struct links {
	struct pane pane;
	VEC(struct series) series;
	u32 ifaces; /* that the series were made for */
	u64 count;  /* likewise */
	const struct tape *tape;
	struct list list; /* of series; only its top counts */
	size_t base;	  /* index into bases */
};

/* What a dot of the graph stands for; 0: whatever puts the whole tape into view. */
static const ns_t bases[] = { 0, 10 * NS_PER_MS, 100 * NS_PER_MS, NS_PER_S, 10 * NS_PER_S };

static bool has_rates(const struct world *w)
{
	return w->tape != NULL && w->count > 0 && w->begin != NS_NONE && w->now != NS_NONE;
}

/* The interfaces and their directions, over the whole tape: so that no graph is split in two while
 * it plays. */
static void find_series(struct links *l, const struct world *w)
{
	u32 n = MIN(tape_ifaces(w->tape), (u32)IFACES_SHOWN);

	l->series.n = 0;
	for (u32 i = 0; i < n; i++) {
		struct tape_amount out = tape_amount(w->tape, i, DIR_OUT, 0, w->count);
		struct tape_amount in = tape_amount(w->tape, i, DIR_IN, 0, w->count);

		if (out.packets == 0 && in.packets == 0) {
			*VEC_PUSH(&l->series) = (struct series) { i, TAPE_DIR_ANY };
			continue;
		}
		*VEC_PUSH(&l->series) = (struct series) { i, DIR_OUT };
		*VEC_PUSH(&l->series) = (struct series) { i, DIR_IN };
		if (tape_amount(w->tape, i, DIR_UNKNOWN, 0, w->count).packets > 0)
			*VEC_PUSH(&l->series) = (struct series) { i, DIR_UNKNOWN };
	}
}

/* Lines that each series gets, and how many are in view. */
struct blocks {
	int h;	   /* lines of one */
	int n;	   /* in view */
	int graph; /* of them for the graph */
};

static struct blocks blocks(const struct links *l)
{
	int n = (int)l->series.n, h = l->pane.h;
	struct blocks b = { .h = BLOCK_MIN };

	if (n > 0 && h / n >= BLOCK_MIN)
		b.h = MIN(h / n, BLOCK_MAX);
	else if (n > 0 && h / n == BLOCK_MIN - 1) /* all of them, without the last line */
		b.h = BLOCK_MIN - 1;
	b.h = MIN(b.h, MAX(h, 1));
	b.n = MAX(h / b.h, 1);
	b.graph = b.h >= BLOCK_MIN ? b.h - 2 : b.h - 1;
	return b;
}

static int graph_width(const struct links *l)
{
	return MIN(l->pane.w - 1 - (l->pane.w >= AXIS_FROM ? AXIS_W : 0), RATE_BINS_MAX / 2);
}

static ns_t bin_of(const struct links *l, const struct world *w)
{
	if (bases[l->base] > 0)
		return bases[l->base];
	return rate_round_bin(MAX(w->end - w->begin, 0), (u32)MAX(graph_width(l), 1) * 2);
}

enum { NOMINAL_BINS = 200 };

/* Nothing that is a number may depend on the pane's width, so the span of the rate does not. */
static ns_t over_of(const struct links *l, const struct world *w)
{
	return rate_over(bases[l->base] > 0
				 ? bases[l->base]
				 : rate_round_bin(MAX(w->end - w->begin, 0), NOMINAL_BINS));
}

static void update(struct pane *pane, const struct world *w)
{
	struct links *l = (struct links *)pane;

	if (!has_rates(w)) {
		l->series.n = 0;
		l->tape = NULL;
		return;
	}
	if (l->tape != w->tape || l->ifaces != tape_ifaces(w->tape) || l->count != w->count)
		find_series(l, w);
	l->tape = w->tape;
	l->ifaces = tape_ifaces(w->tape);
	l->count = w->count;
	list_set(&l->list, l->series.n, blocks(l).n);
}

static void title(const struct pane *pane, const struct world *w, struct txt *left,
		  struct txt *right)
{
	const struct links *l = (const struct links *)pane;
	ns_t bin;
	u32 n;

	txt_puts(left, "links");
	if (!has_rates(w))
		return;
	n = tape_ifaces(w->tape);
	if (n > IFACES_SHOWN)
		txt_printf(left, " ─ the first %d of %u", IFACES_SHOWN, n);
	else if (l->list.n > (u64)l->list.page)
		txt_printf(left, " ─ %" PRIu64 " of %" PRIu64, l->list.top + 1, l->list.n);
	bin = bin_of(l, w);
	if (l->pane.w >= AXIS_FROM) {
		txt_puts(right, "over ");
		rate_put_span(right, over_of(l, w));
		txt_puts(right, ", ");
	}
	rate_put_span(right, bin);
	txt_puts(right, l->base == 0 && l->pane.w >= AXIS_FROM ? " a dot (auto)" : " a dot");
}

/* ---- one series ---- */

static enum style style_of(u8 dir)
{
	return dir == DIR_OUT ? STYLE_FWD : dir == DIR_IN ? STYLE_REV : STYLE_GRAPH;
}

static void put_name(struct txt *t, const struct world *w, const struct series *s)
{
	const struct tape_iface *f = tape_iface(w->tape, s->iface);

	if (f->name != NULL && f->name[0] != '\0')
		txt_puts(t, f->name);
	else
		txt_printf(t, "if%u", s->iface);
}

static const char *dir_name(u8 dir)
{
	return dir == DIR_OUT	    ? " ▸ out"
	       : dir == DIR_IN	    ? " ◂ in "
	       : dir == DIR_UNKNOWN ? " ? "
				    : "";
}

/* Columns of the widest name with its direction, so that the figures stand below each other. */
static int name_width(const struct links *l, const struct world *w)
{
	int most = 4, limit = MAX(NAME_W, l->pane.w - 48);
	struct txt t;

	txt_init(&t);
	for (size_t i = 0; i < l->series.n; i++) {
		txt_clear(&t);
		put_name(&t, w, &l->series.v[i]);
		txt_puts(&t, dir_name(l->series.v[i].dir));
		most = MAX(most, canvas_width(t.s, t.n));
		if (most >= limit)
			break;
	}
	txt_fini(&t);
	return MIN(most, limit);
}

/* "eth0 ▸ out   9.41 Mbit/s      peak 9.60 Mbit/s" */
static void draw_head(const struct world *w, const struct canvas *c, const struct series *s,
		      const struct rates *r, int name_w)
{
	enum style style = style_of(s->dir);
	int dir_w, x;
	struct txt t;

	txt_init(&t);
	put_name(&t, w, s);
	dir_w = canvas_width(dir_name(s->dir), strlen(dir_name(s->dir)));
	canvas_cut(c, 0, 0, name_w - dir_w, STYLE_STRONG, t.s, t.n);
	canvas_puts(c, MIN(canvas_width(t.s, t.n), name_w - dir_w), 0, style, dir_name(s->dir));
	txt_clear(&t);
	txt_rate(&t, r->now);
	x = canvas_putn(c, name_w + 2, 0, STYLE_STRONG, t.s, t.n);
	txt_clear(&t);
	txt_puts(&t, "peak ");
	txt_rate(&t, r->peak);
	if (x + 2 + (int)t.n <= c->w)
		canvas_right(c, c->w - (int)t.n, 0, (int)t.n, STYLE_DIM, t.s, t.n);
	txt_fini(&t);
}

static void draw_graph(const struct canvas *c, int y, int h, int graph_w, enum style style,
		       const struct rates *r, u32 nbins, double scale)
{
	struct txt t;

	canvas_graph(c, 0, y, graph_w, h, style, r->v, nbins, scale);
	canvas_vline(c, graph_w, y, h - 1, STYLE_BORDER, U'│');
	canvas_put(c, graph_w, y + h - 1, STYLE_STRONG, U'◂');
	if (graph_w + 1 >= c->w)
		return;
	txt_init(&t);
	rate_put_scale(&t, scale);
	canvas_right(c, graph_w + 2, y, AXIS_W - 1, STYLE_DIM, t.s, t.n);
	if (h > 1)
		canvas_right(c, graph_w + 2, y + h - 1, AXIS_W - 1, STYLE_DIM, "0 bit/s", 7);
	txt_fini(&t);
}

/* Packets that the capture itself says it missed. */
static void put_drops(struct txt *t, const struct tape_iface *f)
{
	u64 os = iface_stat(&f->dropped_os), nic = iface_stat(&f->dropped_if);

	if (os != IFACE_UNKNOWN && os > 0)
		txt_printf(t, "  capture missed %" PRIu64, os);
	if (nic != IFACE_UNKNOWN && nic > 0)
		txt_printf(t, "  interface dropped %" PRIu64, nic);
}

/* " 1.23 MB   1 234 packets                mean 8.90 Mbit/s" */
static void draw_foot(const struct world *w, const struct canvas *c, int y, const struct series *s,
		      const struct rates *r)
{
	struct txt t, drops, mean;
	size_t from;
	int x;

	txt_init(&t);
	txt_init(&drops);
	txt_init(&mean);
	txt_bytes(&t, r->so_far.bytes);
	txt_puts(&t, "  ");
	from = t.n;
	txt_count(&t, r->so_far.packets);
	txt_count(&mean, w->count); /* as wide as it can ever get */
	x = (int)mean.n - (int)(t.n - from);
	txt_clear(&mean);
	while (x-- > 0)
		txt_putc(&mean, ' ');
	txt_putn(&mean, t.s + from, t.n - from);
	t.n = from;
	txt_putn(&t, mean.s, mean.n);
	txt_clear(&mean);
	txt_puts(&t, r->so_far.packets == 1 ? " packet" : " packets");
	x = canvas_putn(c, 0, y, STYLE_DIM, t.s, t.n);
	txt_puts(&mean, "mean ");
	txt_rate(&mean, r->mean);
	put_drops(&drops, tape_iface(w->tape, s->iface));
	if (drops.n > 0) /* more than the mean, a person must know this */
		x = canvas_putn(c, x, y, STYLE_WARN, drops.s, drops.n);
	if (x + 1 + (int)mean.n <= c->w)
		canvas_right(c, c->w - (int)mean.n, y, (int)mean.n, STYLE_DIM, mean.s, mean.n);
	txt_fini(&t);
	txt_fini(&drops);
	txt_fini(&mean);
}

/* Both directions of an interface are drawn on one scale: that of the busier one. */
static double scale_of(const struct links *l, const struct world *w, size_t at,
		       const struct rates *own, const struct rate_base *b)
{
	double top = own->top;
	struct rates *other = NULL;

	for (size_t i = at >= 2 ? at - 2 : 0; i < MIN(at + 3, l->series.n); i++) {
		if (i == at || l->series.v[i].iface != l->series.v[at].iface)
			continue;
		if (other == NULL)
			other = xmalloc(sizeof *other);
		rates_get(other, w->tape, l->series.v[i].iface, l->series.v[i].dir, b);
		top = MAX(top, other->top);
	}
	free(other);
	return rate_scale(top);
}

static void draw(const struct pane *pane, const struct world *w, const struct canvas *c)
{
	const struct links *l = (const struct links *)pane;
	struct blocks bl = blocks(l);
	int graph_w = graph_width(l), name_w;
	struct rate_base base;
	struct rates *r;

	if (!has_rates(w) || l->series.n == 0) {
		pane_draw_empty(c, w->tape == NULL ? pane->type->empty
				   : w->count == 0
					   ? "Nothing was carried yet."
					   : "The packets of this capture have no times, so there "
					     "are no rates.");
		return;
	}
	if (graph_w < 2)
		return;
	base = rate_base(w->tape, w->begin, w->now, w->at + 1, bin_of(l, w), (u32)graph_w * 2,
			 over_of(l, w));
	name_w = name_width(l, w);
	r = xmalloc(sizeof *r);
	for (int i = 0; i < bl.n && l->list.top + (u64)i < l->series.n; i++) {
		size_t at = (size_t)l->list.top + (size_t)i;
		const struct series *s = &l->series.v[at];
		struct canvas part = canvas_sub(c, 0, i * bl.h, c->w, bl.h);

		rates_get(r, w->tape, s->iface, s->dir, &base);
		draw_head(w, &part, s, r, name_w);
		if (bl.graph > 0)
			draw_graph(&part, 1, bl.graph, graph_w, style_of(s->dir), r, base.nbins,
				   scale_of(l, w, at, r, &base));
		if (bl.h >= BLOCK_MIN)
			draw_foot(w, &part, bl.h - 1, s, r);
	}
	free(r);
}

/* ---- keys ---- */

static struct wish act(struct pane *pane, const struct world *w, const char *verb)
{
	struct links *l = (struct links *)pane;
	i64 page = MAX(l->list.page, 1);
	const struct {
		const char *name;
		i64 by;
	} moves[] = {
		{ "up", -1 },	       { "down", 1 },	      { "page-up", -page },
		{ "page-down", page }, { "top", -INT32_MAX }, { "bottom", INT32_MAX },
	};

	(void)w;
	if (strcmp(verb, "base") == 0 || strcmp(verb, "base-back") == 0) {
		l->base = (l->base + (verb[4] ? ARRAY_LEN(bases) - 1 : 1)) % ARRAY_LEN(bases);
		return wish_done();
	}
	if (l->list.n <= (u64)l->list.page)
		return wish_say("all links are in view; b changes the time base");
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (strcmp(verb, moves[i].name) == 0) {
			list_scroll(&l->list, moves[i].by);
			return wish_done();
		}
	}
	return wish_unknown();
}

/* A click on the graph goes to that time. */
static struct wish mouse(struct pane *pane, const struct world *w, const struct mouse *m)
{
	struct links *l = (struct links *)pane;
	struct rate_base b;
	ns_t ts;

	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
		list_scroll(&l->list, m->kind == MOUSE_WHEEL_UP ? -1 : 1);
		return wish_done();
	}
	if (!has_rates(w) || m->kind != MOUSE_PRESS || m->x < 0 || m->x >= graph_width(l))
		return wish_unknown();
	b = rate_base(w->tape, w->begin, w->now, w->at + 1, bin_of(l, w), (u32)graph_width(l) * 2,
		      over_of(l, w));
	ts = b.t0 + b.bin * (ns_t)(m->x * 2 + 2) - 1; /* the end of what the column holds */
	ts = CLAMP(ts, w->begin, w->now) - w->begin;
	return wish_run("jump time %lld.%09lld", (long long)(ts / NS_PER_S),
			(long long)(ts % NS_PER_S));
}

static void fini(struct pane *pane)
{
	VEC_FREE(&((struct links *)pane)->series);
}

static const struct binding keys[] = {
	{ "b", "act base", "what a dot of the graph stands for: auto, 10 ms, 100 ms, 1 s, 10 s", 4,
	  "time base" },
	{ "B", "act base-back", "the same backwards", 0, NULL },
	{ "Up", "act up", "links further up", 0, NULL },
	{ "Down", "act down", "links further down", 0, NULL },
	{ "k", "act up", "the same as Up", 0, NULL },
	{ "j", "act down", "the same as Down", 0, NULL },
	{ "PgUp", "act page-up", "a page up", 0, NULL },
	{ "PgDn", "act page-down", "a page down", 0, NULL },
	{ "Home", "act top", "the first link", 0, NULL },
	{ "End", "act bottom", "the last link", 0, NULL },
};

const struct pane_type pane_links = {
	.name = "links",
	.about = "What each interface carried up to the playhead: the rate now (over the span that "
		 "is "
		 "named beside it), a graph of the past, and since the beginning of the tape the "
		 "peak (the fullest 10 ms), the mean, and all bytes and packets.",
	.empty = "No capture is open. Press : and type  open FILE",
	.size = sizeof(struct links),
	.min_w = 30,
	.min_h = 5,
	.weight = 300,
	.col2 = 0,
	.col3 = 0,
	.fini = fini,
	.title = title,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
	.keys = keys,
	.n_keys = ARRAY_LEN(keys),
};
