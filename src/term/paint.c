/* What has changed on the screen, as bytes. */
#include "term/paint.h"

#include "base/utf8.h"

#include <wchar.h>

enum {
	BRIDGE = 5, /* so many unchanged characters are cheaper than a move of the cursor */
	ERASE = 14, /* and so many blanks are dearer than erasing and a move */
	SCROLL_ROWS =
		3, /* that must come from elsewhere as they are before scrolling is thought of */
	SCROLL_CELLS = 60, /* that it must save */
};

enum { PLAIN = 0 }; /* the look of no attribute and no colour, first of all */

/* Bits of "no_color_video" in terminfo(5). */
enum { NCV_UNDERLINE = 2, NCV_REVERSE = 4, NCV_DIM = 16, NCV_BOLD = 32 };

static const struct cell blank = { .ch = ' ', .width = 1 };

void paint_init(struct paint *p, const struct paint_caps *caps, enum color_depth depth, bool ascii)
{
	*p = (struct paint) { .caps = *caps, .depth = depth, .stale = true, .now = -1 };
	p->ansi_cup = strcmp(caps->cup, "\x1b[%i%p1%d;%p2%dH") == 0;
	p->ansi_hpa = caps->hpa && strcmp(caps->hpa, "\x1b[%i%p1%dG") == 0;
	p->sgr0_all = strstr(caps->sgr0, "\x1b[m") || strstr(caps->sgr0, "\x1b[0");
	p->x = p->y = -1;
	grid_init(&p->shown, 0, 0, ascii);
}

void paint_fini(struct paint *p)
{
	grid_fini(&p->shown);
	VEC_FREE(&p->hashes);
	VEC_FREE(&p->looks);
}

void paint_resize(struct paint *p, int w, int h)
{
	grid_resize(&p->shown, w, h);
	p->stale = true;
}

/* --- looks --- */

/* Takes all attributes and colours away. */
static void put_plain(const struct paint *p, struct txt *out)
{
	if (!p->sgr0_all && p->caps.op)
		txt_puts(out, p->caps.op);
	txt_puts(out, p->caps.sgr0);
}

static void keep(char *to, size_t size, const struct txt *t)
{
	size_t n = t->n < size ? t->n : 0; /* none so long is known: then it looks plain */

	if (n > 0)
		memcpy(to, t->s, n);
	to[n] = '\0';
}

static void make_look(const struct paint *p, struct paint_look *l)
{
	const struct paint_caps *c = &p->caps;
	const struct {
		u8 attr;
		unsigned ncv;
		const char *cap;
	} attrs[] = {
		{ LOOK_BOLD, NCV_BOLD, c->bold },
		{ LOOK_DIM, NCV_DIM, c->dim },
		{ LOOK_UNDERLINE, NCV_UNDERLINE, c->smul },
		{ LOOK_REVERSE, NCV_REVERSE, c->rev },
	};
	bool fg = l->look.fg != COLOR_DEFAULT && c->setaf,
	     bg = l->look.bg != COLOR_DEFAULT && c->setab;
	struct txt t;

	txt_init(&t);
	put_plain(p, &t);
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++) {
		if (!(l->look.attr & attrs[i].attr) || !attrs[i].cap ||
		    ((fg || bg) && (attrs[i].ncv & c->ncv)))
			continue;
		l->attr |= attrs[i].attr;
		txt_puts(&t, attrs[i].cap);
	}
	l->empty = !bg && !(l->attr & (LOOK_REVERSE | LOOK_UNDERLINE));
	if (bg)
		c->param(&t, c->setab, l->look.bg, 0);
	if (fg)
		c->param(&t, c->setaf, l->look.fg, 0);
	keep(l->all, sizeof l->all, &t);
	txt_clear(&t);
	if (fg)
		c->param(&t, c->setaf, l->look.fg, 0);
	keep(l->fg, sizeof l->fg, &t);
	txt_fini(&t);
}

static bool same_look(const struct look *a, const struct look *b)
{
	return a->fg == b->fg && a->bg == b->bg && a->attr == b->attr;
}

static size_t add_look(struct paint *p, struct look look)
{
	struct paint_look *l;
	size_t i = 0;

	while (i < p->looks.n && !same_look(&p->looks.v[i].look, &look))
		i++;
	if (i == p->looks.n) {
		l = VEC_PUSH(&p->looks);
		*l = (struct paint_look) { .look = look };
		make_look(p, l);
	}
	return i;
}

/* Which of the looks a style and shade have. */
static int new_look(struct paint *p, unsigned style, unsigned shade)
{
	size_t i = add_look(p, theme_look(p->theme, p->depth, (enum style)style, shade));

	p->look_of[style][shade] = (u16)(i + 1);
	return (int)i;
}

static inline int look_of(struct paint *p, const struct cell *c)
{
	u16 i = p->look_of[c->style][c->shade];

	return LIKELY(i > 0) ? i - 1 : new_look(p, c->style, c->shade);
}

static void set_look(struct paint *p, int i, struct txt *out)
{
	const struct paint_look *l = &p->looks.v[i],
				*old = p->now >= 0 ? &p->looks.v[p->now] : NULL;

	if (i == p->now)
		return;
	if (old && old->attr == l->attr && old->look.bg == l->look.bg && l->fg[0])
		txt_puts(out, l->fg);
	else
		txt_puts(out, l->all);
	p->now = i;
}

void paint_theme(struct paint *p, const struct theme *theme)
{
	p->theme = theme;
	memset(p->look_of, 0, sizeof p->look_of);
	p->looks.n = 0;
	add_look(p, (struct look) { .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT });
	p->now = -1;
	p->stale = true;
}

/* Any look in which a blank shows nothing. */
static void set_empty(struct paint *p, struct txt *out)
{
	if (p->now < 0 || !p->looks.v[p->now].empty)
		set_look(p, PLAIN, out);
}

/* --- cells --- */

/* Shows nothing at all. */
static inline bool is_empty(struct paint *p, const struct cell *c)
{
	int look;

	if (c->ch != ' ' || c->mark[0] != 0)
		return false;
	look = look_of(p, c); /* which may move p->looks.v */
	return p->looks.v[look].empty;
}

static inline bool same_cell(const struct cell *a, const struct cell *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

/* Looks the same on the terminal, though style or shade may differ. */
static bool seen_same(struct paint *p, const struct cell *a, const struct cell *b)
{
	if (a->ch != b->ch || a->mark[0] != b->mark[0] || a->mark[1] != b->mark[1] ||
	    a->width != b->width)
		return false;
	if (look_of(p, a) == look_of(p, b))
		return true;
	return is_empty(p, a) && is_empty(p, b);
}

static void put_utf8(struct txt *out, u32 cp)
{
	char *at = txt_room(out, 4);

	out->n += (size_t)utf8_encode(cp, at);
}

/* The character of a cell, not its look. */
static void put_glyph(const struct paint *p, const struct cell *cell, struct txt *out)
{
	u32 ch = cell->ch;

	if (LIKELY(ch < 0x80 && cell->mark[0] == 0)) { /* the canvas lets no control through */
		txt_putc(out, ch >= ' ' && ch < 0x7f ? (char)ch : '?');
		return;
	}
	if (p->shown.ascii) {
		txt_fill(out, (char)grid_glyph(&p->shown, cell), cell->width);
		return;
	}
	/* Where libc thinks otherwise of a width, so may the terminal: keep the columns. */
	if ((ch < 0x2500 || ch >= 0x2900) && wcwidth((wchar_t)ch) != cell->width) {
		txt_puts(out, cell->width == 2 ? "??" : "?");
		return;
	}
	put_utf8(out, ch);
	if (p->x + cell->width >= p->shown.w && p->caps.am && !p->caps.xenl)
		return; /* the cursor is on the next line now: marks would stand there */
	for (int i = 0; i < 2 && cell->mark[i]; i++)
		if (wcwidth(cell->mark[i]) == 0)
			put_utf8(out, cell->mark[i]);
}

/* --- the cursor --- */

static void put_csi(struct txt *out, int a, int b, char end)
{
	txt_puts(out, "\x1b[");
	txt_u64(out, (u64)a);
	if (b > 0) {
		txt_putc(out, ';');
		txt_u64(out, (u64)b);
	}
	txt_putc(out, end);
}

static void move_to(struct paint *p, int x, int y, struct txt *out)
{
	if (p->y == y && p->x == x)
		return;
	if (p->y == y && p->ansi_hpa)
		put_csi(out, x + 1, 0, 'G');
	else if (p->y == y && p->caps.hpa)
		p->caps.param(out, p->caps.hpa, x, 0);
	else if (p->ansi_cup)
		put_csi(out, y + 1, x + 1, 'H');
	else
		p->caps.param(out, p->caps.cup, y, x);
	p->x = x;
	p->y = y;
}

/* Goes to column x of row y by writing what stands there already, where that is cheap. */
static void go_on_to(struct paint *p, const struct cell *row, int x, int y, struct txt *out)
{
	if (p->y == y && p->x >= 0 && p->x < x && x - p->x < BRIDGE) {
		int from = p->x;

		while (from < x && row[from].ch < 0x7f && row[from].ch >= ' ' &&
		       row[from].mark[0] == 0 && row[from].width == 1 &&
		       look_of(p, &row[from]) == p->now)
			from++;
		if (from == x) {
			for (int i = p->x; i < x; i++)
				txt_putc(out, (char)row[i].ch);
			p->x = x;
			return;
		}
	}
	move_to(p, x, y, out);
}

/* --- rows --- */

/* Erases from x on where that is all that is left to do for some cells. Returns how many are done,
 * 0 where they are better written. */
static int erase(struct paint *p, const struct cell *old, const struct cell *row, int x, int y,
		 struct txt *out)
{
	int w = p->shown.w, n = 0;

	if (!p->caps.el && !p->caps.ech)
		return 0;
	while (x + n < w && is_empty(p, &row[x + n]))
		n++;
	if (x + n == w && p->caps.el && n > 3) {
		go_on_to(p, row, x, y, out);
		set_empty(p, out);
		txt_puts(out, p->caps.el);
		return n;
	}
	while (n > 0 && seen_same(p, &old[x + n - 1], &row[x + n - 1]))
		n--;
	if (n < ERASE || !p->caps.ech)
		return 0;
	go_on_to(p, row, x, y, out);
	set_empty(p, out);
	p->caps.param(out, p->caps.ech, n, 0);
	return n;
}

/* One cell, with the cursor where it belongs. */
static void paint_cell(struct paint *p, const struct cell *row, const struct cell *cell, int x,
		       int y, struct txt *out)
{
	int look = look_of(p, cell);

	if (p->x != x || p->y != y)
		go_on_to(p, row, x, y, out);
	if (cell->ch == ' ' && is_empty(p, cell))
		set_empty(p, out);
	else if (look != p->now)
		set_look(p, look, out);
	put_glyph(p, cell, out);
	p->x += cell->width;
	if (p->x >= p->shown.w)
		p->x = p->y = -1; /* terminals differ in where it is now */
}

static void paint_row(struct paint *p, struct cell *old, const struct cell *row, int y,
		      struct txt *out)
{
	int w = p->shown.w, end = w, n;

	if (p->caps.am && !p->caps.xenl && y == p->shown.h - 1)
		end = w - 1; /* in the last corner the whole screen would move up */
	for (int x = 0; x < end; x++) {
		const struct cell *cell = x + row[x].width <= end ? &row[x] : &blank;

		if (same_cell(&old[x], cell) || cell->ch == 0 || seen_same(p, &old[x], cell))
			continue;
		n = cell->ch == ' ' && is_empty(p, cell) ? erase(p, old, row, x, y, out) : 0;
		if (n > 0)
			x += n - 1;
		else
			paint_cell(p, row, cell, x, y, out);
		if (x >= end) /* erasing has reached that corner */
			old[w - 1] = row[w - 1];
	}
	memcpy(old, row, (size_t)end * sizeof *old);
	if (end < w && end > 0 && row[end - 1].width == 2)
		old[end - 1] = blank;
}

/* --- scrolling --- */

static u64 hash_row(const struct cell *row, int w)
{
	const u8 *b = (const u8 *)row;
	size_t n = (size_t)w * sizeof *row;
	u64 h = 1469598103934665603u, v;

	for (; n >= sizeof v; n -= sizeof v, b += sizeof v) {
		memcpy(&v, b, sizeof v);
		h = (h ^ v) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	if (n > 0) {
		v = 0;
		memcpy(&v, b, n);
		h = (h ^ v) * 0x9e3779b97f4a7c15u;
		h ^= h >> 29;
	}
	return h;
}

/* By how many rows most of what is new would have to move up (negative: down) to be in place, 0
 * where it does not pay to ask. */
static int likely_shift(const u64 *old, const u64 *new, int h)
{
	int votes[2 * 16 + 1] = { 0 }, best = 0, most = SCROLL_ROWS - 1;

	for (int y = 0; y < h; y++) {
		if (old[y] == new[y])
			continue;
		for (int d = -16; d <= 16; d++)
			if (y + d >= 0 && y + d < h && old[y + d] == new[y])
				votes[d + 16]++;
	}
	for (int d = 1; d <= 16; d++) {
		if (votes[16 + d] > most) {
			most = votes[16 + d];
			best = d;
		}
		if (votes[16 - d] > most) {
			most = votes[16 - d];
			best = -d;
		}
	}
	return best;
}

static int differing(const struct cell *a, const struct cell *b, int w)
{
	int n = 0;

	for (int x = 0; x < w; x++)
		n += !same_cell(&a[x], b ? &b[x] : &blank);
	return n;
}

/* Rows from..to-1 that gain most when they move by d; returns how many cells need not be written.
 */
static int best_band(const struct paint *p, const struct grid *g, int d, int *from, int *to)
{
	int w = p->shown.w, h = p->shown.h, sum = 0, start = 0, best = 0;
	const struct cell *old = p->shown.cells, *new = g->cells;

	for (int y = 0; y < h; y++) {
		const struct cell *row = &new[(size_t)y * (size_t)w];

		if (y + d < 0 || y + d >= h) {
			sum = 0;
			start = y + 1;
			continue;
		}
		sum += differing(&old[(size_t)y * (size_t)w], row, w) -
		       differing(&old[(size_t)(y + d) * (size_t)w], row, w);
		if (sum <= 0) {
			sum = 0;
			start = y + 1;
		} else if (sum > best) {
			best = sum;
			*from = start;
			*to = y + 1;
		}
	}
	return best;
}

/* Moves the rows a..b-1 by d on the terminal, and in what we know of it. */
static void scroll(struct paint *p, int a, int b, int d, struct txt *out)
{
	size_t w = (size_t)p->shown.w;
	struct cell *cells = p->shown.cells;
	int n = d < 0 ? -d : d, fresh = d > 0 ? b - n : a;

	set_empty(p, out);
	p->caps.param(out, p->caps.csr, a, b - 1);
	p->x = p->y = -1; /* csr puts the cursor elsewhere */
	move_to(p, 0, d > 0 ? b - 1 : a, out);
	for (int i = 0; i < n; i++)
		txt_puts(out, d > 0 ? p->caps.ind : p->caps.ri);
	p->caps.param(out, p->caps.csr, 0, p->shown.h - 1);
	p->x = p->y = -1;
	memmove(&cells[(size_t)(d > 0 ? a : a + n) * w], &cells[(size_t)(d > 0 ? a + n : a) * w],
		(size_t)(b - a - n) * w * sizeof *cells);
	for (size_t i = (size_t)fresh * w; i < (size_t)(fresh + n) * w; i++)
		cells[i] = blank;
}

/* Lists move by a row when a person steps: then the terminal can move what it has. */
static void scroll_what_moved(struct paint *p, const struct grid *g, struct txt *out)
{
	int w = p->shown.w, h = p->shown.h, d, from = 0, to = 0, gain;
	u64 *old = p->hashes.v, *new = p->hashes.v + h;

	if (!p->caps.csr || !p->caps.ind || !p->caps.ri)
		return;
	d = likely_shift(old, new, h);
	if (d == 0)
		return;
	gain = best_band(p, g, d, &from, &to);
	if (gain == 0)
		return;
	/* What moves out of the band makes place for blanks. */
	if (d > 0)
		to += d;
	else
		from += d;
	for (int i = 0; i < (d < 0 ? -d : d); i++) {
		int y = d > 0 ? to - 1 - i : from + i;
		const struct cell *row = &g->cells[(size_t)y * (size_t)w];

		gain += differing(&p->shown.cells[(size_t)y * (size_t)w], row, w) -
			differing(row, NULL, w);
	}
	if (gain >= SCROLL_CELLS)
		scroll(p, from, to, d, out);
}

/* --- all of it --- */

/* g in the size of the terminal, without half characters at its edge. */
static const struct grid *fitted(struct paint *p, const struct grid *g, struct grid *own)
{
	int w = p->shown.w, h = p->shown.h;
	bool fits = g->w == w && g->h == h;

	for (int y = 0; fits && y < h && w > 0; y++)
		fits = g->cells[(size_t)(y + 1) * (size_t)w - 1].width != 2;
	if (fits)
		return g;
	grid_init(own, w, h, g->ascii);
	for (int y = 0; y < MIN(h, g->h); y++) {
		struct cell *row = &own->cells[(size_t)y * (size_t)w];

		memcpy(row, &g->cells[(size_t)y * (size_t)g->w],
		       (size_t)MIN(w, g->w) * sizeof *row);
		if (w > 0 && row[w - 1].width == 2)
			row[w - 1] = blank;
	}
	return own;
}

static bool same_row(const struct paint *p, const struct grid *g, int y)
{
	size_t w = (size_t)p->shown.w, at = (size_t)y * w;

	return memcmp(&p->shown.cells[at], &g->cells[at], w * sizeof *g->cells) == 0;
}

void paint_grid(struct paint *p, const struct grid *g, struct txt *out)
{
	int w = p->shown.w, h = p->shown.h, changed = 0;
	struct grid own = { 0 };

	if (w == 0 || h == 0)
		return;
	g = fitted(p, g, &own);
	VEC_RESERVE(&p->hashes, (size_t)h * 2);
	if (p->stale) {
		put_plain(p, out);
		txt_puts(out, p->caps.clear);
		grid_clear(&p->shown);
		p->now = -1;
		p->x = p->y = -1;
	}
	for (int y = 0; y < h; y++) {
		if (!p->stale && same_row(p, g, y)) {
			p->hashes.v[h + y] = p->hashes.v[y];
			continue;
		}
		p->hashes.v[h + y] = hash_row(&g->cells[(size_t)y * (size_t)w], w);
		changed++;
	}
	if (!p->stale && changed >= SCROLL_ROWS)
		scroll_what_moved(p, g, out);
	for (int y = 0; y < h && changed > 0; y++)
		if (!same_row(p, g, y))
			paint_row(p, &p->shown.cells[(size_t)y * (size_t)w],
				  &g->cells[(size_t)y * (size_t)w], y, out);
	memcpy(p->hashes.v, p->hashes.v + h, (size_t)h * sizeof *p->hashes.v);
	if (p->now >= 0)
		set_look(p, PLAIN, out);
	p->stale = false;
	grid_fini(&own);
}

void paint_cursor(struct paint *p, int x, int y, struct txt *out)
{
	move_to(p, x, y, out);
}
