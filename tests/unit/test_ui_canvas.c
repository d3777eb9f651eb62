/* The canvas: what text may do to the screen, clipping, frames, graphs, dumps. */
#include "base/rand.h"
#include "base/utf8.h"
#include "ui/canvas.h"
#include "ui/canvas_ascii.h"
#include "ui/pane.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static struct grid grid;
static struct canvas all;

static void fresh(int w, int h, bool ascii)
{
	grid_fini(&grid);
	grid_init(&grid, w, h, ascii);
	all = canvas_of(&grid);
}

static void shows_at(int line, const char *want)
{
	struct txt t;

	txt_init(&t);
	canvas_dump(&grid, &t);
	txt_str(&t);
	if (strcmp(t.s, want) != 0)
		print_error("line %d:\n%s", line, t.s);
	assert_string_equal(t.s, want);
	txt_fini(&t);
}
#define SHOWS(want) shows_at(__LINE__, want)

static void styles_at(const char *want)
{
	struct txt t;

	txt_init(&t);
	canvas_dump_styles(&grid, &t);
	assert_string_equal(txt_str(&t), want);
	txt_fini(&t);
}

static void text_and_clipping(void **state)
{
	struct canvas sub;

	(void)state;
	fresh(10, 3, false);
	assert_int_equal(canvas_puts(&all, 0, 0, STYLE_DEFAULT, "hello"), 5);
	assert_int_equal(canvas_text(&all, 7, 1, STYLE_DEFAULT, "%d-%d", 12, 34), 12);
	canvas_puts(&all, -2, 2, STYLE_DEFAULT, "abcd");
	canvas_puts(&all, 0, -1, STYLE_DEFAULT, "no");
	canvas_puts(&all, 0, 3, STYLE_DEFAULT, "no");
	SHOWS("hello\n       12-\ncd\n");

	fresh(6, 3, false);
	sub = canvas_sub(&all, 2, 1, 3, 1);
	canvas_puts(&sub, -1, 0, STYLE_DEFAULT, "abcdefgh");
	canvas_puts(&sub, 0, 1, STYLE_DEFAULT, "no");
	canvas_fill(&sub, -5, -5, 3, 20, STYLE_DEFAULT, '#');
	SHOWS("\n  bcd\n\n");
	sub = canvas_sub(&all, -3, -3, 5, 5);
	assert_int_equal(sub.w, 2);
	assert_int_equal(sub.h, 2);
	sub = canvas_sub(&all, 100, 0, 5, 5);
	assert_int_equal(sub.w, 0);
	sub = canvas_sub(&all, 1, 1, INT32_MAX, -4);
	assert_int_equal(sub.w, 5);
	assert_int_equal(sub.h, 0);
}

static void hostile_text(void **state)
{
	(void)state;
	fresh(12, 1, false);
	canvas_putn(&all, 0, 0, STYLE_DEFAULT,
		    "a\x1b[2J\n\t\x7f"
		    "b",
		    9);
	SHOWS("a\uFFFD[2J\uFFFD\uFFFD\uFFFDb\n");
	fresh(12, 1, false);
	/* C1, overlong, lone continuation, surrogate, cut off at the end */
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "\xc2\x9b|\xc0\xaf|\x80|\xed\xa0\x80|\xe2\x82");
	SHOWS("\uFFFD|\uFFFD\uFFFD|\uFFFD|\uFFFD\uFFFD\uFFFD|\uFFFD\n");
	fresh(12, 1, false);
	/* bidi override, zero width space, joiner, BOM, tag, a NUL in the middle */
	canvas_putn(&all, 0, 0, STYLE_DEFAULT, "\u202Ea\u200Bb\u200Dc\uFEFF\U000E0041\0x", 21);
	SHOWS("\uFFFDa\uFFFDb\uFFFDc\uFFFD\uFFFD\uFFFDx\n");
}

static void marks_and_wide(void **state)
{
	(void)state;
	fresh(8, 1, false);
	/* e with acute and cedilla and three more; only two stay, one column */
	assert_int_equal(canvas_puts(&all, 0, 0, STYLE_DEFAULT, "e\u0301\u0327\u0302\u0303\u0304x"),
			 2);
	SHOWS("e\u0301\u0327x\n");
	fresh(8, 1, false);
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "a");
	canvas_puts(&all, 1, 0, STYLE_DEFAULT, "\u0301z"); /* must not land on the a */
	SHOWS("a\uFFFDz\n");

	fresh(6, 1, false);
	assert_int_equal(canvas_puts(&all, 0, 0, STYLE_DEFAULT, "日本語"), 6);
	SHOWS("日本語\n");
	canvas_puts(&all, 1, 0, STYLE_DEFAULT, "x"); /* over a right half */
	SHOWS(" x本語\n");
	canvas_puts(&all, 4, 0, STYLE_DEFAULT, "y"); /* over a left half */
	SHOWS(" x本y\n");
	fresh(5, 1, false);
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "日本語"); /* the last is cut by the edge */
	SHOWS("日本\n");
	canvas_puts(&all, -1, 0, STYLE_DEFAULT, "語a");
	SHOWS(" a本\n");
	/* a wide one laid across the seam of two wide ones blanks both outer halves */
	fresh(6, 1, false);
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "日本語");
	canvas_puts(&all, 1, 0, STYLE_DEFAULT, "Ｗ");
	SHOWS(" Ｗ 語\n");
	fresh(4, 1, true);
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "日e\u0301");
	SHOWS("\?\?e\n");
}

static void cut_and_right(void **state)
{
	(void)state;
	fresh(8, 4, false);
	canvas_fill(&all, 0, 0, 8, 4, STYLE_DEFAULT, '.');
	canvas_cut(&all, 0, 0, 5, STYLE_DEFAULT, "abc", 3);
	canvas_cut(&all, 0, 1, 5, STYLE_DEFAULT, "abcde", 5);
	canvas_cut(&all, 0, 2, 5, STYLE_DEFAULT, "abcdef", 6);
	canvas_cut(&all, 0, 3, 4, STYLE_DEFAULT, "a日本", 7);
	SHOWS("abc  ...\nabcde...\nabcd…...\na日…....\n");
	canvas_fill(&all, 0, 0, 8, 4, STYLE_DEFAULT, '.');
	canvas_right(&all, 1, 0, 5, STYLE_DEFAULT, "abc", 3);
	canvas_right(&all, 1, 1, 5, STYLE_DEFAULT, "abcdefg", 7);
	canvas_right(&all, 1, 2, 4, STYLE_DEFAULT, "日本a", 7);
	canvas_num(&all, 1, 3, 6, STYLE_DEFAULT, 40960);
	SHOWS(".  abc..\n.…defg..\n.…本a...\n. 40960.\n");
	fresh(3, 2, true);
	canvas_num(&all, 0, 0, 3, STYLE_DEFAULT, UINT64_MAX);
	canvas_num(&all, 0, 1, 3, STYLE_DEFAULT, 0);
	SHOWS("~15\n  0\n");
}

static void wrapping(void **state)
{
	const char *text = "three duplicate ACKs, then\none more: abcdefghijklmnop";

	(void)state;
	fresh(12, 7, false);
	assert_int_equal(canvas_para(&all, 0, 0, 12, STYLE_DEFAULT, text, strlen(text)), 6);
	SHOWS("three\nduplicate\nACKs, then\none more:\nabcdefghijkl\nmnop\n\n");
	assert_int_equal(canvas_wrap("日本", 6, 1), 3); /* always gets on */
	assert_int_equal(canvas_wrap("\n\n", 2, 5), 1);
	assert_int_equal(canvas_wrap("ab  cd", 6, 3), 4);
}

static void frames(void **state)
{
	struct canvas in;

	(void)state;
	fresh(20, 5, false);
	in = canvas_box(&all, false, "links", "near h1");
	assert_int_equal(in.w, 18);
	assert_int_equal(in.h, 3);
	canvas_puts(&in, 0, 0, STYLE_DEFAULT, "x");
	canvas_box_rule(&all, 2, false, "hex");
	SHOWS("┌ links ─ near h1 ─┐\n│x                 │\n├─ hex ────────────┤\n│                 "
	      " │\n└──────────────────┘\n");
	fresh(12, 3, true);
	canvas_box(&all, true, "a long title", NULL);
	canvas_box_rule(&all, 1, true, NULL);
	SHOWS("+ a long~ =+\n+----------+\n+==========+\n");
	for (int w = 0; w < 9; w++) {
		for (int h = 0; h < 4; h++) { /* nothing leaves the smallest frames */
			fresh(w, h, false);
			canvas_box(&all, w & 1, "title", "right");
			canvas_box_rule(&all, 1, false, "t");
		}
	}
	fresh(20, 2, false);
	canvas_box(&all, true, "t", NULL);
	styles_at("f f ffffffffffffffff\nffffffffffffffffffff\n");
}

static void figures(void **state)
{
	const double v[] = { 1, 2, 3, 4, 5, 6, 7, 8, (double)NAN, 100 };

	(void)state;
	fresh(8, 3, false);
	canvas_bar(&all, 0, 0, 8, STYLE_FWD, 0.5);
	canvas_bar(&all, 0, 1, 8, STYLE_FWD, 0.08);
	canvas_bar(&all, 0, 2, 8, STYLE_FWD, 7);
	SHOWS("████░░░░\n▋░░░░░░░\n████████\n");
	fresh(6, 2, false);
	canvas_graph(&all, 0, 0, 6, 2, STYLE_GRAPH, v, 10, 8);
	SHOWS("  ⣠⣾⢸\n⣠⣾⣿⣿⢸\n");
	fresh(6, 1, true);
	canvas_graph(&all, 0, 0, 3, 1, STYLE_GRAPH, v, 8, 8); /* the last six */
	SHOWS(":##\n");
	fresh(2, 1, false);
	canvas_dots(&all, 0, 0, 3, 3, STYLE_GRAPH);
	SHOWS("⠑⢄\n");
	canvas_dot(&all, -1, 0, STYLE_GRAPH);
	canvas_dot(&all, 4, 0, STYLE_GRAPH);
	canvas_dot(&all, 0, 4, STYLE_GRAPH);
	canvas_dots(&all, INT32_MIN, 0, INT32_MAX, 3, STYLE_GRAPH);
	canvas_bar(&all, 0, 0, 2, STYLE_FWD, (double)NAN);
	SHOWS("░░\n");
}

static void shades_and_styles(void **state)
{
	(void)state;
	fresh(12, 2, false);
	canvas_puts(&all, 0, 0, STYLE_FWD, "fwd");
	canvas_puts(&all, 4, 0, STYLE_LOSS, "✗ lost");
	canvas_puts(&all, 0, 1, STYLE_REV, "future");
	canvas_shade(&all, 0, 1, 12, 1, SHADE_DIM);
	styles_at(">>> x xxxx\n------\n");
	canvas_shade(&all, 0, 0, 12, 1, SHADE_CURSOR);
	canvas_shade(&all, 6, 0, 4, 1, SHADE_MATCH);
	styles_at("CCCCCCMMMMCC\n------\n");
	canvas_puts(&all, 0, 0, STYLE_DEFAULT, "over"); /* text takes the shade away */
	styles_at("    CCMMMMCC\n------\n");
	canvas_restyle(&all, 0, 1, 3, 1, STYLE_LOSS);
	assert_int_equal(grid.cells[12].style, STYLE_LOSS);
	canvas_cursor(&all, 3, 1);
	assert_int_equal(grid.cursor_x, 3);
	canvas_cursor(&all, 12, 1);
	assert_int_equal(grid.cursor_x, -1);
}

/* Whatever is drawn where: the grid stays well formed, and an ASCII dump is ASCII. */
static void random_drawing(void **state)
{
	struct rnd rnd;

	(void)state;
	rnd_init(&rnd, 7);
	for (int round = 0; round < 3000; round++) {
		char text[24];
		struct canvas sub;
		struct txt t;

		fresh((int)rnd_below(&rnd, 12), (int)rnd_below(&rnd, 4), round & 1);
		for (int k = 0; k < 6; k++) {
			int x = (int)rnd_below(&rnd, 20) - 8, y = (int)rnd_below(&rnd, 6) - 1;
			size_t n = 0;

			sub = canvas_sub(&all, x / 2, y / 2, (int)rnd_below(&rnd, 12), 3);
			while (n < 20) {
				u64 r = rnd_u64(&rnd);

				if (r % 3 == 0)
					text[n++] = (char)(r >> 8);
				else
					n += (size_t)utf8_encode(
						(u32[]) { 0x65e5, 0x301, 'x', 0x2588 }[r >> 8 & 3],
						text + n);
			}
			canvas_putn(&sub, x, y, STYLE_OK, text, n);
			canvas_cut(&sub, x, y, (int)rnd_below(&rnd, 9) - 1, STYLE_OK, text, n);
			canvas_right(&sub, x, y, (int)rnd_below(&rnd, 9) - 1, STYLE_OK, text, n);
			canvas_para(&sub, x, y, (int)rnd_below(&rnd, 9), STYLE_OK, text, n);
			canvas_dot(&sub, x, y, STYLE_OK);
		}
		for (int i = 0; i < grid.w * grid.h; i++) {
			const struct cell *cell = &grid.cells[i];
			int x = i % grid.w;

			assert_true(cell->width <= 2);
			assert_true((cell->width == 0) == (cell->ch == 0));
			if (cell->width == 2)
				assert_true(x + 1 < grid.w && cell[1].width == 0);
			if (cell->width == 0)
				assert_true(x > 0 && cell[-1].width == 2);
			if (cell->ch)
				assert_true(utf8_is_safe(cell->ch) &&
					    utf8_width(cell->ch) == cell->width);
		}
		txt_init(&t);
		canvas_dump(&grid, &t);
		for (size_t i = 0; grid.ascii && i < t.n; i++)
			assert_true(t.s[i] == '\n' || (t.s[i] >= ' ' && t.s[i] < 0x7f));
		txt_fini(&t);
	}
}

/* The stand-ins of everything that panes draw with; a '?' here is a sign nobody thought of. */
static void stand_ins(void **state)
{
	const char *ours = "▸▾▶◀◂▲▼─│┌┐└┘├┤━┃┏┓┗┛┠┨╴✗✓…⏸⏵█▌░⇄←→↑↓·•●○◆×µ≤"
			   "≥"
			   "≠"
			   "±"
			   "°"
			   "—"
			   "–"
			   "⣿"
			   "⡀"
			   "⠀";
	const char *end = ours + strlen(ours);

	(void)state;
	while (ours < end) {
		u32 cp = 0;

		ours += utf8_decode(ours, (size_t)(end - ours), &cp);
		assert_int_equal(utf8_width(cp), 1);
		if (canvas_ascii(cp) == '?')
			fail_msg("U+%04X has no stand-in", cp);
	}
	assert_int_equal(canvas_ascii(U'▸'), '>');
	assert_int_equal(canvas_ascii(U'✗'), 'x');
	assert_int_equal(canvas_ascii(U'…'), '~');
	assert_int_equal(canvas_ascii(U'─'), '-');
	assert_int_equal(canvas_ascii(0x65e5), '?');
}

/* Drawing a full screen of text is cheap: the budget for all of a redraw is 2 ms. */
static void cost(void **state)
{
	const char *line =
		"   33  .398  h1 ▸ h2  TCP  40112 ▸ 5001  seq 5793 len 1448 win 64256 ─────";
	struct timespec a, b;
	double us;

	(void)state;
	fresh(200, 60, false);
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 50; i++) {
		grid_clear(&grid);
		for (int y = 0; y < 60; y++)
			for (int x = 0; x < 200; x += 75)
				canvas_puts(&all, x, y, STYLE_FWD, line);
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	us = ((double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3) / 50;
	print_message("full draw at 200x60: %.0f us\n", us);
	assert_true(us <
		    20000); /* far off, so that a sanitizer or a busy machine does not fail it */
}

static int tidy(void **state)
{
	(void)state;
	grid_fini(&grid);
	return 0;
}

/* Cutting text, by characters one after the other. */
static void cuts(void **state)
{
	static const char *const parts[] = { "a",    "bc ",  "10.0.0.1", "日", "e\u0301", "─",
					     "\x01", "\xff", "…",	 "o",  "packet" };
	struct cell want[40];
	struct rnd r = { 5 };
	struct txt t;

	(void)state;
	txt_init(&t);
	for (int round = 0; round < 20000; round++) {
		int w = (int)rnd_below(&r, 24) + 1, n = 0, all_w;

		txt_clear(&t);
		for (u64 i = rnd_below(&r, 6); i > 0; i--)
			txt_puts(&t, parts[rnd_below(&r, ARRAY_LEN(parts))]);
		txt_str(&t);
		fresh(80, 2, false);
		all_w = canvas_putn(&all, 0, 0, STYLE_FWD, t.s, t.n);
		assert_int_equal(canvas_width(t.s, t.n), all_w);
		canvas_puts(&all, 0, 1, STYLE_DEFAULT, "日日日日日日日日日日日日日日日日");
		assert_int_equal(canvas_cut(&all, 2, 1, w, STYLE_FWD, t.s, t.n), 2 + w);
		while (n < (all_w <= w ? all_w : w - 1)) {
			int more = grid.cells[n].width;

			if (all_w > w && n + more > w - 1)
				break;
			for (int i = 0; i < more; i++, n++)
				want[n] = grid.cells[n];
		}
		if (all_w > w)
			want[n++] = (struct cell) { .ch = U'…', .width = 1, .style = STYLE_FWD };
		while (n < w)
			want[n++] = (struct cell) { .ch = ' ', .width = 1, .style = STYLE_FWD };
		assert_memory_equal(&grid.cells[80 + 2], want, (size_t)w * sizeof *want);
		assert_int_equal(grid.cells[80 + 1].ch, 0); /* what stands beside it is whole */
		assert_int_equal(grid.cells[80 + 2 + w].width, w % 2 ? 1 : 2);
	}
	txt_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_and_clipping),
		cmocka_unit_test(hostile_text),
		cmocka_unit_test(marks_and_wide),
		cmocka_unit_test(cut_and_right),
		cmocka_unit_test(wrapping),
		cmocka_unit_test(frames),
		cmocka_unit_test(figures),
		cmocka_unit_test(shades_and_styles),
		cmocka_unit_test(random_drawing),
		cmocka_unit_test(stand_ins),
		cmocka_unit_test(cuts),
		cmocka_unit_test(cost),
	};

	return cmocka_run_group_tests(tests, NULL, tidy);
}
