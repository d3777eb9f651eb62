/* The columns of the packet list. */
#include "ui/columns.h"

#include "packet/registry.h"
#include "packet/show.h"

#include <string.h>

enum {
	GAP = 1,
	END_MIN = 8, /* an address column at least, and at most: without and with ports */
	END_NARROW = 15,
	END_MAX = 22,
	END_MAX_WIDE = 47,
	FIELD_MIN = 4,
	FIELD_MAX = 24,
	INFO_WISH = 30, /* below this the info column asks the others to give way */
};

/* What is wrong, not merely incomplete. */
#define BAD_MARKS                                                                            \
	(1u << MARK_MALFORMED | 1u << MARK_LENGTH | 1u << MARK_CHECKSUM | 1u << MARK_DEPTH | \
	 1u << MARK_VALUE)

static size_t count(const struct world *w)
{
	return MIN(w->columns.n, (size_t)COLUMNS_MAX);
}

void columns_reset(struct columns *c)
{
	*c = (struct columns) { 0 };
}

static bool same_address(const struct facts *x)
{
	return x->net != 0 && x->l4_off > 0 && memcmp(x->src, x->dst, x->net == 4 ? 4 : 16) == 0;
}

/* One end; without its port unless that is all that tells the two ends apart. */
static void put_end(struct txt *t, const struct pkt *k, bool dst, bool ports)
{
	if (!ports && same_address(&k->facts)) {
		txt_putc(t, ':');
		txt_u64(t, dst ? k->facts.dport : k->facts.sport);
		return;
	}
	if (dst)
		show_dst(t, k, ports);
	else
		show_src(t, k, ports);
}

static void see_end(struct columns *c, size_t i, const struct pkt *k, bool dst, struct txt *t)
{
	put_end(t, k, dst, true);
	if (k->facts.net == 0) {
		c->seen_mac[i] = MAX(c->seen_mac[i], (int)t->n);
		return;
	}
	c->seen[i] = MAX(c->seen[i], (int)t->n);
	txt_clear(t);
	put_end(t, k, dst, false);
	c->seen_bare[i] = MAX(c->seen_bare[i], (int)t->n);
}

void columns_see(struct columns *c, const struct world *w, const struct pkt *k)
{
	struct txt t;

	txt_init(&t);
	for (size_t i = 0; i < count(w); i++) {
		const struct column *col = &w->columns.v[i];

		txt_clear(&t);
		switch ((enum column_kind)col->kind) {
		case COL_SRC:
		case COL_DST: see_end(c, i, k, col->kind == COL_DST, &t); break;
		case COL_PROTO: c->seen[i] = MAX(c->seen[i], (int)strlen(show_protocol(k))); break;
		case COL_IFACE:
		case COL_FIELD:
			column_put(w, &t, col, k);
			c->seen[i] = MAX(c->seen[i], canvas_width(t.s, t.n));
			break;
		case COL_TIME:
			world_put_time(w, &t, k);
			c->seen[i] = MAX(c->seen[i], (int)t.n);
			break;
		case COL_NUMBER:
		case COL_LEN:
		case COL_INFO: break;
		}
	}
	txt_fini(&t);
}

static int digits(u64 v)
{
	int n = 1;

	for (; v >= 10; v /= 10)
		n++;
	return n;
}

/* Packet numbers: steps, so that a growing tape moves the columns at most twice. */
static int number_width(const struct world *w)
{
	int n = digits(w->count);

	return n <= 4 ? 4 : n <= 6 ? 6 : n <= 8 ? 8 : 10;
}

/* Seconds since the first packet take no more digits in front than the tape is long, at least two.
 */
static int seconds_width(const struct world *w, int decimals)
{
	u64 span = w->end > w->begin && w->begin != NS_NONE
			   ? (u64)(w->end - w->begin) / (u64)NS_PER_S
			   : 0;

	return MAX(digits(span), 2) + 1 + decimals;
}

static int time_width(const struct world *w, int d)
{
	switch (w->time) {
	case TIME_RELATIVE: return seconds_width(w, d);
	case TIME_DELTA:
	case TIME_SHOWN: return seconds_width(w, MAX(d, 6)); /* here the last decimals count */
	case TIME_ABSOLUTE: return 9 + d;
	case TIME_DATE: return 20 + d;
	case TIME_EPOCH: return 11 + d;
	}
	return 0;
}

static int end_width(const struct columns *c, size_t i, bool brief, int width)
{
	int most = width >= 140 ? END_MAX_WIDE : width >= 90 ? END_MAX : END_NARROW;
	int seen = brief ? c->seen_bare[i] : c->seen[i];

	if (!brief)
		most = MAX(most, END_MAX);
	/* on a narrow screen MAC addresses are cut rather than all else moved aside for them */
	if (seen == 0 || width >= 90)
		seen = MAX(seen, c->seen_mac[i]);
	return CLAMP(seen, END_MIN, most);
}

static int natural(const struct columns *c, const struct world *w, size_t i,
		   const struct column_fit *fit, int width)
{
	const struct column *col = &w->columns.v[i];
	int title = (int)strlen(column_title(col));

	switch ((enum column_kind)col->kind) {
	case COL_NUMBER: return number_width(w);
	case COL_TIME: return time_width(w, fit->decimals);
	case COL_SRC:
	case COL_DST: return end_width(c, i, fit->brief, width);
	case COL_PROTO: return CLAMP(c->seen[i], 4, 9);
	case COL_LEN: return 6;
	case COL_IFACE: return CLAMP(MAX(c->seen[i], title), FIELD_MIN, 12);
	case COL_FIELD: return CLAMP(MAX(c->seen[i], MIN(title, 12)), FIELD_MIN, FIELD_MAX);
	case COL_INFO: break;
	}
	return 0;
}

/* Gives the info column what is left. Negative where the others do not fit. */
static int spread(const struct columns *c, const struct world *w, int width, struct column_fit *fit)
{
	int used = 0, info = -1;

	for (size_t i = 0; i < count(w); i++) {
		if (w->columns.v[i].kind == COL_INFO)
			info = (int)i;
		else if (fit[i].w > 0)
			used += (fit[i].w = natural(c, w, i, &fit[i], width)) + GAP;
	}
	if (info < 0) /* the last column needs no gap behind it */
		return INFO_WISH + (width - used + GAP);
	fit[info].w = MAX(width - used, 0);
	return width - used;
}

/* What gives way, in this order, until the info column has its wish: to shorter addresses, to so
 * many decimals, or altogether. */
enum { GONE = -1, NO_PORTS = -2 };
static const struct {
	u8 kind;
	int to;
} yields[] = {
	{ COL_TIME, 6 },     { COL_SRC, NO_PORTS }, { COL_DST, NO_PORTS },
	{ COL_LEN, GONE },   { COL_TIME, 3 },	    { COL_IFACE, GONE },
	{ COL_PROTO, GONE }, { COL_DST, GONE },	    { COL_SRC, GONE },
};

size_t columns_fit(const struct columns *c, const struct world *w, int width,
		   struct column_fit *fit)
{
	size_t n = count(w);
	int wish = MIN(INFO_WISH, width / 3);

	for (size_t i = 0; i < n; i++)
		fit[i] = (struct column_fit) { .w = 1, .decimals = w->digits };
	for (size_t y = 0; y <= ARRAY_LEN(yields); y++) {
		if (spread(c, w, width, fit) >= wish || y == ARRAY_LEN(yields))
			break;
		for (size_t i = 0; i < n; i++) {
			if (w->columns.v[i].kind != yields[y].kind)
				continue;
			if (yields[y].to == GONE)
				fit[i].w = 0;
			else if (yields[y].to == NO_PORTS)
				fit[i].brief = true;
			else
				fit[i].decimals = MIN(w->digits, yields[y].to);
		}
	}
	return n;
}

static bool to_the_right(u8 kind)
{
	return kind == COL_NUMBER || kind == COL_TIME || kind == COL_LEN;
}

/* For columns that are narrower than their title. */
static const char *short_title(const struct column *col)
{
	switch ((enum column_kind)col->kind) {
	case COL_DST: return "Dest.";
	case COL_PROTO: return "Prot";
	case COL_LEN: return "Len";
	case COL_IFACE: return "If";
	case COL_FIELD: /* the last part of its name says most */
		return strrchr(column_title(col), '.') ? strrchr(column_title(col), '.') + 1
						       : column_title(col);
	case COL_NUMBER:
	case COL_TIME:
	case COL_SRC:
	case COL_INFO: break;
	}
	return column_title(col);
}

void columns_head(const struct world *w, const struct column_fit *fit, size_t n,
		  const struct canvas *c, int x, int y)
{
	for (size_t i = 0; i < n; i++) {
		const char *title = column_title(&w->columns.v[i]);

		if (fit[i].w <= 0)
			continue;
		if ((int)strlen(title) > fit[i].w)
			title = short_title(&w->columns.v[i]);
		if (to_the_right(w->columns.v[i].kind) && (int)strlen(title) <= fit[i].w)
			canvas_right(c, x, y, fit[i].w, STYLE_TITLE, title, strlen(title));
		else
			canvas_cut(c, x, y, fit[i].w, STYLE_TITLE, title, strlen(title));
		x += fit[i].w + GAP;
	}
}

/* The time without the blanks in front that its column does not need, and without the decimals that
 * find no room. */
static void draw_time(const struct world *w, const struct canvas *c, int x, int y,
		      const struct column_fit *fit, enum style style, const struct pkt *k,
		      struct txt *t)
{
	int decimals = w->time == TIME_DELTA || w->time == TIME_SHOWN ? MAX(fit->decimals, 6)
								      : fit->decimals;
	size_t skip = 0;

	world_put_time(w, t, k);
	while (skip < t->n && t->s[skip] == ' ')
		skip++;
	if (k->frame->ts != NS_NONE && decimals < w->digits)
		t->n -= (size_t)(w->digits - decimals);
	canvas_right(c, x, y, fit->w, style, t->s + skip, t->n - skip);
}

static void draw_info(const struct canvas *c, int x, int y, int w, enum style base,
		      const struct pkt *k, bool proto, struct txt *t)
{
	size_t text;

	if (proto && strcmp(show_protocol(k), "TCP") != 0) { /* its column found no room */
		txt_puts(t, show_protocol(k));
		txt_putc(t, ' ');
	}
	show_tunnels(t, k);
	show_info(t, k);
	if (k->frame->lost)
		txt_puts(t, "  lost on the wire");
	text = t->n;
	show_marks(t, k);
	canvas_cut(c, x, y, w, base, t->s, t->n);
	if (t->n > text && k->marks & BAD_MARKS) {
		int at = canvas_width(t->s, text);

		canvas_restyle(c, x + at, y, MAX(w - at, 0), 1, STYLE_WARN);
	}
}

static void draw_cell(const struct world *w, const struct column *col, const struct column_fit *fit,
		      const struct canvas *c, int x, int y, const struct pkt *k, enum style base,
		      enum style style, bool proto, struct txt *t)
{
	enum style quiet = base == STYLE_DEFAULT ? STYLE_DIM : base;

	txt_clear(t);
	switch ((enum column_kind)col->kind) {
	case COL_NUMBER: canvas_num(c, x, y, fit->w, quiet, k->frame->number); return;
	case COL_TIME: draw_time(w, c, x, y, fit, base, k, t); return;
	case COL_LEN: canvas_num(c, x, y, fit->w, base, k->frame->len); return;
	case COL_SRC:
	case COL_DST:
		put_end(t, k, col->kind == COL_DST, !fit->brief);
		canvas_cut(c, x, y, fit->w, style, t->s, t->n);
		return;
	case COL_PROTO:
		txt_puts(t, show_protocol(k));
		canvas_cut(c, x, y, fit->w, quiet, t->s, t->n);
		return;
	case COL_INFO: draw_info(c, x, y, fit->w, base, k, proto, t); return;
	case COL_IFACE:
	case COL_FIELD:
		column_put(w, t, col, k);
		canvas_cut(c, x, y, fit->w, base, t->s, t->n);
		return;
	}
}

void columns_draw(const struct world *w, const struct column_fit *fit, size_t n,
		  const struct canvas *c, int x, int y, const struct pkt *k, enum style base,
		  enum style style)
{
	bool proto = false;
	struct txt t;

	for (size_t i = 0; i < n; i++)
		proto |= w->columns.v[i].kind == COL_PROTO && fit[i].w <= 0;
	txt_init(&t);
	for (size_t i = 0; i < n; i++) {
		if (fit[i].w <= 0)
			continue;
		draw_cell(w, &w->columns.v[i], &fit[i], c, x, y, k, base, style, proto, &t);
		x += fit[i].w + GAP;
	}
	txt_fini(&t);
}
