/* Whatever was shown before: what paint.h sends makes a terminal show the grid. The terminal is a
 * small one of our own, that fails on every sequence it was not promised. */
#include "base/rand.h"
#include "base/utf8.h"
#include "term/paint.h"

#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include <cmocka.h>

enum { W_MAX = 90, H_MAX = 40 };

/* --- a terminal --- */

struct spot {
	wchar_t text[4]; /* "" in the right half of a wide character */
	struct look look;
};

static struct {
	struct spot at[H_MAX][W_MAX];
	int w, h, x, y, top, bottom;
	bool pending; /* the last column was written: the next character wraps */
	bool xenl;
	struct look now;
	u64 bytes;
} vt;

static const struct look plain_look = { .fg = COLOR_DEFAULT, .bg = COLOR_DEFAULT };

static void vt_blank(int y, int from, int to)
{
	for (int x = from; x < to; x++)
		vt.at[y][x] = (struct spot) { .text = L" ", .look = { vt.now.bg, vt.now.bg, 0 } };
}

static void vt_size(int w, int h)
{
	vt.w = w;
	vt.h = h;
	vt.x = vt.y = vt.top = 0;
	vt.bottom = h - 1;
	vt.pending = false;
	for (int y = 0; y < H_MAX; y++) /* anything may stand there */
		for (int x = 0; x < W_MAX; x++)
			vt.at[y][x] = (struct spot) { L"#", { 1, 2, LOOK_BOLD } };
}

static void vt_scroll(int by)
{
	int n = vt.bottom - vt.top;

	if (by > 0)
		memmove(vt.at[vt.top], vt.at[vt.top + 1], (size_t)n * sizeof vt.at[0]);
	else
		memmove(vt.at[vt.top + 1], vt.at[vt.top], (size_t)n * sizeof vt.at[0]);
	vt_blank(by > 0 ? vt.bottom : vt.top, 0, vt.w);
}

static void vt_line_feed(void)
{
	if (vt.y == vt.bottom)
		vt_scroll(1);
	else
		vt.y++;
}

/* The other half of a wide character goes with the one at x. */
static void vt_break(int x)
{
	if (vt.at[vt.y][x].text[0] == L'\0' && x > 0)
		vt.at[vt.y][x - 1].text[0] = L' ', vt.at[vt.y][x - 1].text[1] = L'\0';
	else if (x + 1 < vt.w && vt.at[vt.y][x + 1].text[0] == L'\0')
		vt.at[vt.y][x + 1].text[0] = L' ';
}

static void vt_char(u32 cp)
{
	int width = wcwidth((wchar_t)cp);

	assert_true(width >= 0);
	if (width == 0) {
		int x = vt.pending ? vt.w - 1 : vt.x - 1;
		wchar_t *t;

		if (vt.at[vt.y][x].text[0] == L'\0')
			x--;
		t = vt.at[vt.y][x].text;
		assert_true(wcslen(t) < 3);
		t[wcslen(t) + 1] = L'\0';
		t[wcslen(t)] = (wchar_t)cp;
		return;
	}
	assert_false(vt.pending); /* nobody shall rely on it */
	assert_true(vt.x + width <= vt.w);
	for (int i = 0; i < width; i++)
		vt_break(vt.x + i);
	vt.at[vt.y][vt.x] = (struct spot) { { (wchar_t)cp, 0 }, vt.now };
	if (width == 2)
		vt.at[vt.y][vt.x + 1] = (struct spot) { .look = vt.now };
	vt.x += width;
	if (vt.x < vt.w)
		return;
	if (vt.xenl) {
		vt.pending = true;
	} else {
		vt.x = 0;
		vt_line_feed();
	}
}

static void vt_sgr(const int *v, int n)
{
	for (int i = 0; i < n; i++) {
		i32 *to = v[i] == 38 ? &vt.now.fg : &vt.now.bg;

		if (v[i] == 0)
			vt.now = plain_look;
		else if (v[i] == 1)
			vt.now.attr |= LOOK_BOLD;
		else if (v[i] == 2)
			vt.now.attr |= LOOK_DIM;
		else if (v[i] == 4)
			vt.now.attr |= LOOK_UNDERLINE;
		else if (v[i] == 7)
			vt.now.attr |= LOOK_REVERSE;
		else if (v[i] == 38 || v[i] == 48)
			*to = v[i + 2], i += 2;
		else if (v[i] == 39)
			vt.now.fg = COLOR_DEFAULT;
		else if (v[i] == 49)
			vt.now.bg = COLOR_DEFAULT;
		else
			fail_msg("SGR %d", v[i]);
	}
}

static const char *vt_csi(const char *p)
{
	int v[8] = { 0 }, n = 0;

	while ((*p >= '0' && *p <= '9') || *p == ';') {
		if (*p == ';')
			n++;
		else
			v[n] = v[n] * 10 + *p - '0';
		p++;
		assert_true(n < 8);
	}
	n++;
	vt.pending &= *p == 'm';
	switch (*p) {
	case 'H':
		vt.y = MAX(v[0], 1) - 1;
		vt.x = MAX(v[1], 1) - 1;
		break;
	case 'G': vt.x = MAX(v[0], 1) - 1; break;
	case 'J':
		for (int y = 0; y < vt.h; y++)
			vt_blank(y, 0, vt.w);
		break;
	case 'K': vt_break(vt.x), vt_blank(vt.y, vt.x, vt.w); break;
	case 'X':
		assert_true(vt.x + v[0] <= vt.w);
		vt_break(vt.x), vt_blank(vt.y, vt.x, vt.x + v[0]);
		break;
	case 'r':
		vt.top = v[0] - 1;
		vt.bottom = v[1] - 1;
		vt.x = vt.y = 0;
		assert_true(vt.top >= 0 && vt.top < vt.bottom && vt.bottom < vt.h);
		break;
	case 'm': vt_sgr(v, n); break;
	default: fail_msg("CSI ... %c", *p);
	}
	if (vt.x < 0 || vt.x >= vt.w + vt.pending || vt.y < 0 || vt.y >= vt.h)
		fail_msg("CSI %d;%d%c leads out of the screen of %dx%d", v[0], v[1], *p, vt.w,
			 vt.h);
	return p + 1;
}

static void vt_take(const struct txt *t)
{
	const char *p = t->s, *end = p + t->n;
	u32 cp;

	vt.bytes += t->n;
	while (p < end) {
		if (p[0] == '\x1b' && p[1] == '[') {
			p = vt_csi(p + 2);
		} else if (p[0] == '\x1b') {
			assert_int_equal(p[1], 'M');
			assert_int_equal(vt.y, vt.top);
			vt_scroll(-1);
			p += 2;
		} else if (*p == '\n') {
			assert_int_equal(vt.y, vt.bottom);
			vt_scroll(1);
			p++;
		} else {
			int n = utf8_decode(p, (size_t)(end - p), &cp);

			assert_true(n > 0 && cp >= ' ');
			vt_char(cp);
			p += n;
		}
	}
}

/* --- its description --- */

static void param(struct txt *out, const char *cap, int a, int b)
{
	for (; *cap; cap++) {
		if (cap[0] == '%' && cap[1] == 'a')
			txt_u64(out, (u64)a), cap++;
		else if (cap[0] == '%' && cap[1] == 'A')
			txt_u64(out, (u64)a + 1), cap++;
		else if (cap[0] == '%' && cap[1] == 'B')
			txt_u64(out, (u64)b + 1), cap++;
		else
			txt_putc(out, *cap);
	}
}

static const struct paint_caps kinds[] = {
	{
		/* much as xterm */
		.cup = "\x1b[%i%p1%d;%p2%dH",
		.clear = "\x1b[H\x1b[2J",
		.sgr0 = "\x1b[m",
		.hpa = "\x1b[%i%p1%dG",
		.el = "\x1b[K",
		.ech = "\x1b[%aX",
		.csr = "\x1b[%A;%Br",
		.ind = "\n",
		.ri = "\x1bM",
		.bold = "\x1b[1m",
		.dim = "\x1b[2m",
		.smul = "\x1b[4m",
		.rev = "\x1b[7m",
		.setaf = "\x1b[38;5;%am",
		.setab = "\x1b[48;5;%am",
		.op = "\x1b[39;49m",
		.am = true,
		.xenl = true,
		.param = param,
	},
	{
		/* less, and with sequences of its own; the last column wraps at once */
		.cup = "\x1b[%A;%BH",
		.clear = "\x1b[H\x1b[J",
		.sgr0 = "\x1b[0m",
		.el = "\x1b[K",
		.csr = "\x1b[%A;%Br",
		.ind = "\n",
		.ri = "\x1bM",
		.bold = "\x1b[1m",
		.rev = "\x1b[7m",
		.setaf = "\x1b[38;5;%am",
		.setab = "\x1b[48;5;%am",
		.op = "\x1b[39;49m",
		.am = true,
		.ncv = 32, /* not bold and colour together */
		.param = param,
	},
	{
		/* the least */
		.cup = "\x1b[%A;%BH",
		.clear = "\x1b[H\x1b[J",
		.sgr0 = "\x1b[m",
		.am = true,
		.xenl = true,
		.param = param,
	},
};

/* --- what it must show --- */

/* The look of a cell as far as this terminal can show it. */
static struct look shown_look(const struct paint *p, const struct cell *c)
{
	struct look l = theme_look(p->theme, p->depth, (enum style)c->style, c->shade);
	const struct paint_caps *k = &p->caps;
	bool color = l.fg != COLOR_DEFAULT || l.bg != COLOR_DEFAULT;

	if (!k->bold || (color && (k->ncv & 32)))
		l.attr &= (u8)~LOOK_BOLD;
	l.attr &= (u8) ~((k->dim ? 0 : LOOK_DIM) | (k->smul ? 0 : LOOK_UNDERLINE) |
			 (k->rev ? 0 : LOOK_REVERSE));
	if (!k->setaf)
		l.fg = l.bg = COLOR_DEFAULT;
	return l;
}

static bool empty(const struct spot *s)
{
	return wcscmp(s->text, L" ") == 0 && s->look.bg == COLOR_DEFAULT &&
	       !(s->look.attr & (LOOK_REVERSE | LOOK_UNDERLINE));
}

static struct spot wanted(const struct paint *p, const struct cell *row, int x, int w)
{
	static const struct cell blank = { .ch = ' ', .width = 1 };
	const struct cell *c = x < w ? &row[x] : &blank;
	struct spot s = { .look = shown_look(p, c) };

	if (c->width == 2 && x + 1 == vt.w)
		return (struct spot) { L" ", plain_look };
	if (c->width == 0) { /* as the left half shows it */
		s = wanted(p, row, x - 1, w);
		if (s.text[0] != L'?')
			s.text[0] = L'\0';
		return s;
	}
	s.text[0] = (wchar_t)grid_glyph(&p->shown, c);
	if (p->shown.ascii || (c->ch < 0x80 && !c->mark[0]))
		return s;
	if (wcwidth((wchar_t)c->ch) != c->width)
		s.text[0] = L'?';
	else if (vt.xenl || x + c->width < vt.w) /* else no mark can be put there */
		for (int i = 0, n = 1; i < 2 && c->mark[i]; i++)
			if (wcwidth(c->mark[i]) == 0)
				s.text[n++] = c->mark[i];
	return s;
}

static void check(const struct paint *p, const struct grid *g, const char *when, int step)
{
	static const struct cell nothing[W_MAX];

	for (int y = 0; y < vt.h; y++)
		for (int x = 0; x < vt.w; x++) {
			const struct cell *row = y < g->h ? &g->cells[y * g->w] : nothing;
			struct spot want = wanted(p, row, x, y < g->h ? g->w : 0);
			const struct spot *is = &vt.at[y][x];

			if (!vt.xenl && y == vt.h - 1 && x >= vt.w - 2) /* that corner */
				continue;
			if (empty(&want) && empty(is))
				continue;
			if (wcscmp(want.text, is->text) != 0 || want.look.fg != is->look.fg ||
			    want.look.bg != is->look.bg || want.look.attr != is->look.attr)
				fail_msg("%s, step %d: at %d,%d of %dx%d stands \"%ls\" (%d on %d, "
					 "%x), not "
					 "\"%ls\" (%d on %d, %x)",
					 when, step, x, y, vt.w, vt.h, is->text, is->look.fg,
					 is->look.bg, is->look.attr, want.text, want.look.fg,
					 want.look.bg, want.look.attr);
		}
}

/* --- the test --- */

static void paint(struct paint *p, const struct grid *g)
{
	struct txt out;

	txt_init(&out);
	paint_grid(p, g, &out);
	vt_take(&out);
	assert_int_equal(vt.now.fg, COLOR_DEFAULT);
	assert_int_equal(vt.now.bg, COLOR_DEFAULT);
	assert_int_equal(vt.now.attr, 0);
	assert_int_equal(vt.top, 0);
	assert_int_equal(vt.bottom, vt.h - 1);
	txt_clear(&out);
	paint_cursor(p, (int)(vt.bytes % (u64)vt.w), (int)(vt.bytes % (u64)vt.h), &out);
	vt_take(&out);
	txt_fini(&out);
}

static const char *const words[] = {
	"a",	 "packet", "10.0.0.1:40112",	   "日本", "e\u0301o\u0308", "─────", "│",
	"⣀⣠⣴⣶⣿", "  ",	   "                    ", "…",	   "ｗｉｄｅ",	     "×",     "✗",
	"◀──",	 "한국어", "0123456789abcdef"
};

static enum style any_style(struct rnd *r)
{
	return rnd_below(r, 3) > 0 ? STYLE_DEFAULT : (enum style)rnd_below(r, N_STYLES);
}

static void change(struct grid *g, struct rnd *r)
{
	struct canvas c = canvas_of(g);
	int x = (int)rnd_below(r, (u64)g->w), y = (int)rnd_below(r, (u64)g->h), by;
	int w = (int)rnd_below(r, (u64)g->w) + 1, h = (int)rnd_below(r, (u64)g->h) + 1;
	size_t row = (size_t)g->w * sizeof *g->cells;

	switch (rnd_below(r, 12)) {
	case 0: canvas_fill(&c, x, y, w, 1, any_style(r), ' '); break;
	case 1: canvas_fill(&c, x, y, w, h, any_style(r), U'─'); break;
	case 2: canvas_shade(&c, x, y, w, 1, 1u << rnd_below(r, 5)); break;
	case 3: canvas_restyle(&c, x, y, w, 1, any_style(r)); break;
	case 4: /* a list moves on */
		by = MIN((int)rnd_below(r, 4) + 1, h - 1);
		h = MIN(h, g->h - y) - by;
		if (h > 0 && rnd_below(r, 2))
			memmove(&g->cells[y * g->w], &g->cells[(y + by) * g->w], (size_t)h * row);
		else if (h > 0)
			memmove(&g->cells[(y + by) * g->w], &g->cells[y * g->w], (size_t)h * row);
		break;
	case 5:
		if (rnd_below(r, 20) == 0)
			grid_clear(g);
		break;
	default:
		for (int i = 0; i < 4; i++, y++)
			x = canvas_puts(&c, x, y, any_style(r),
					words[rnd_below(r, ARRAY_LEN(words))]);
	}
}

/* Rows that differ from each other, so that it is seen where they go. */
static void fill(struct grid *g, struct rnd *r)
{
	struct canvas c = canvas_of(g);

	for (int y = 0; y < g->h; y++)
		canvas_text(&c, 0, y, any_style(r), "%d %s %llu", y,
			    words[rnd_below(r, ARRAY_LEN(words))],
			    (unsigned long long)rnd_below(r, UINT32_MAX));
}

static void resize(struct paint *p, struct grid *g, struct rnd *r)
{
	int w = (int)rnd_below(r, W_MAX - 1) + 2, h = (int)rnd_below(r, H_MAX - 1) + 2;

	paint_resize(p, w, h);
	vt_size(w, h);
	if (rnd_below(r, 4) > 0) /* else one of another size comes */
		grid_resize(g, w, h);
	fill(g, r);
}

static void shows_the_grid(const struct paint_caps *caps, enum color_depth depth, bool ascii)
{
	struct rnd r = { (u64)depth * 2 + ascii + 1 };
	struct paint p;
	struct grid g;

	vt.xenl = caps->xenl;
	vt.now = (struct look) { 3, 4, LOOK_REVERSE };
	paint_init(&p, caps, depth, ascii);
	paint_theme(&p, theme_find(theme_name(0), NULL));
	grid_init(&g, 40, 12, ascii);
	resize(&p, &g, &r);
	for (int step = 0; step < 3000; step++) {
		int n = (int)rnd_below(&r, 6);

		for (int i = 0; i < n; i++)
			change(&g, &r);
		if (rnd_below(&r, 100) == 0)
			resize(&p, &g, &r);
		if (rnd_below(&r, 100) == 0)
			paint_theme(&p, theme_find(theme_name(rnd_below(&r, 2)), NULL));
		paint(&p, &g);
		check(&p, &g, caps == kinds ? "much as xterm" : "less than xterm", step);
	}
	grid_fini(&g);
	paint_fini(&p);
}

static void whatever_changes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		shows_the_grid(&kinds[i], i == 2 ? DEPTH_MONO : DEPTH_256, false);
		shows_the_grid(&kinds[i], i == 2 ? DEPTH_MONO : DEPTH_8, true);
	}
}

/* Bytes for what stands in g now. */
static u64 cost(struct paint *p, const struct grid *g)
{
	u64 before = vt.bytes;

	paint(p, g);
	return vt.bytes - before;
}

static void few_bytes(void **state)
{
	struct rnd r = { 7 };
	struct paint p;
	struct grid g;
	struct canvas c;

	(void)state;
	vt.xenl = true;
	paint_init(&p, kinds, DEPTH_256, false);
	paint_theme(&p, theme_find(theme_name(0), NULL));
	paint_resize(&p, 80, 24);
	vt_size(80, 24);
	grid_init(&g, 80, 24, false);
	c = canvas_of(&g);
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++)
			canvas_put(&c, x, y, STYLE_DEFAULT, 'a' + (u32)rnd_below(&r, 26));
	assert_in_range(cost(&p, &g), 80 * 24, 80 * 24 + 24 * 10 + 40);
	assert_in_range(cost(&p, &g), 0, 8); /* the cursor alone */
	canvas_put(&c, 40, 12, STYLE_DEFAULT, 'A');
	assert_in_range(cost(&p, &g), 1, 20);
	memmove(&g.cells[80], &g.cells[160], 80 * 20 * sizeof *g.cells); /* a list by a row */
	canvas_fill(&c, 0, 21, 80, 1, STYLE_DEFAULT, ' ');
	assert_in_range(cost(&p, &g), 1, 50);
	check(&p, &g, "moved up", 0);
	memmove(&g.cells[240], &g.cells[80], 80 * 18 * sizeof *g.cells); /* back by two */
	canvas_fill(&c, 0, 1, 80, 2, STYLE_DEFAULT, ' ');
	assert_in_range(cost(&p, &g), 1, 60);
	check(&p, &g, "moved down", 0);
	canvas_fill(&c, 10, 5, 60, 1, STYLE_DEFAULT, ' ');
	canvas_fill(&c, 10, 6, 70, 1, STYLE_DEFAULT, ' ');
	assert_in_range(cost(&p, &g), 1, 40); /* erased, not written */
	grid_fini(&g);
	paint_fini(&p);
}

static int begin(void **state)
{
	(void)state;
	return setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8") ? 0 : -1;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whatever_changes),
		cmocka_unit_test(few_bytes),
	};

	return cmocka_run_group_tests(tests, begin, NULL);
}
