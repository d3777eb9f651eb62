/* Themes: every style tells itself apart where it must, on every kind of terminal. */
#include "ui/theme.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct theme *get(const char *name)
{
	const struct theme *t = theme_find(name, NULL);

	assert_non_null(t);
	return t;
}

static bool same(struct look a, struct look b)
{
	return a.fg == b.fg && a.bg == b.bg && a.attr == b.attr;
}

static void names(void **state)
{
	struct err e = ERR_INIT;
	size_t n = 0;

	(void)state;
	while (theme_name(n))
		assert_non_null(theme_find(theme_name(n++), &e));
	assert_int_equal(n, 4);
	assert_null(theme_find("pink", &e));
	assert_string_equal(e.text,
			    "there is no theme \"pink\"; there are dark, light, projector, mono");
}

/* The playhead, the chosen row, matches and what is yet to come differ from plain rows and from
 * each other. */
static void shades_differ(void **state)
{
	static const unsigned shade[] = { 0,
					  SHADE_DIM,
					  SHADE_CURSOR,
					  SHADE_PLAYHEAD,
					  SHADE_MATCH,
					  SHADE_PLAYHEAD | SHADE_CURSOR,
					  SHADE_PLAYHEAD | SHADE_MATCH };
	size_t n = ARRAY_LEN(shade);

	(void)state;
	for (size_t t = 0; theme_name(t); t++)
		for (int depth = DEPTH_MONO; depth <= DEPTH_RGB; depth++)
			for (size_t i = 0; i < n; i++)
				for (size_t k = 0; k < i; k++) {
					struct look a, b;

					/* a match looks the same wherever it is, in colour */
					if (depth > DEPTH_MONO && i == 6 && k == 4)
						continue;
					a = theme_look(get(theme_name(t)), (enum color_depth)depth,
						       STYLE_DEFAULT, shade[i]);
					b = theme_look(get(theme_name(t)), (enum color_depth)depth,
						       STYLE_DEFAULT, shade[k]);
					if (same(a, b))
						fail_msg("%s, depth %d: shades %u and %u look the "
							 "same",
							 theme_name(t), depth, shade[i], shade[k]);
				}
}

static void meaning_differs(void **state)
{
	static const enum style style[] = { STYLE_FWD, STYLE_REV, STYLE_LOSS, STYLE_DEFAULT };

	(void)state;
	for (size_t t = 0; t < 3; t++)
		for (int depth = DEPTH_8; depth <= DEPTH_RGB; depth++)
			for (size_t i = 0; i < ARRAY_LEN(style); i++)
				for (size_t k = 0; k < i; k++)
					assert_false(same(
						theme_look(get(theme_name(t)),
							   (enum color_depth)depth, style[i], 0),
						theme_look(get(theme_name(t)),
							   (enum color_depth)depth, style[k], 0)));
}

static void ranges(void **state)
{
	static const i32 colors[] = { 0, 8, 16, 256, 0x1000000 };

	(void)state;
	for (size_t t = 0; theme_name(t); t++)
		for (int depth = DEPTH_MONO; depth <= DEPTH_RGB; depth++)
			for (int s = 0; s < N_STYLES; s++)
				for (unsigned shade = 0; shade < N_SHADES; shade++) {
					struct look look = theme_look(get(theme_name(t)),
								      (enum color_depth)depth,
								      (enum style)s, shade);

					assert_true(look.fg >= -1 &&
						    look.fg < MAX(colors[depth], 0) + (depth == 0));
					assert_true(look.bg >= -1 &&
						    look.bg < MAX(colors[depth], 0) + (depth == 0));
					if (depth == DEPTH_MONO)
						assert_true(look.fg == -1 && look.bg == -1);
				}
}

static void depths(void **state)
{
	(void)state;
	assert_int_equal(theme_depth(-1, false, NULL), DEPTH_MONO);
	assert_int_equal(theme_depth(256, false, "1"), DEPTH_MONO);
	assert_int_equal(theme_depth(256, false, ""), DEPTH_256);
	assert_int_equal(theme_depth(8, false, NULL), DEPTH_8);
	assert_int_equal(theme_depth(16, false, NULL), DEPTH_16);
	assert_int_equal(theme_depth(0x1000000, true, NULL), DEPTH_RGB);
}

/* Contrast by WCAG 2.1 (relative luminance): text 4.5 to 1 on the paper, 7 to 1 on a projector. */
static double channel(int v)
{
	double c = v / 255.0, p = 1;

	if (c <= 0.03928)
		return c / 12.92;
	c = (c + 0.055) / 1.055;
	p = c * c; /* c^2.4 lies between c^2 and c^3; a mean of both is near enough */
	return p * (0.6 + 0.4 * c);
}

static double luminance(i32 rgb)
{
	return 0.2126 * channel(rgb >> 16 & 0xff) + 0.7152 * channel(rgb >> 8 & 0xff) +
	       0.0722 * channel(rgb & 0xff);
}

static double contrast(i32 a, i32 b)
{
	double la = luminance(a), lb = luminance(b);

	return (MAX(la, lb) + 0.05) / (MIN(la, lb) + 0.05);
}

static void readable(void **state)
{
	static const struct {
		const char *name;
		i32 ink, paper;
		double least;
	} on[] = {
		{ "dark", 0xd0d4da, 0x14171c, 4.5 },
		{ "light", 0x24292f, 0xffffff, 4.5 },
		{ "projector", 0xffffff, 0x000000, 7 },
	};

	(void)state;
	for (size_t t = 0; t < ARRAY_LEN(on); t++)
		for (int s = 0; s < N_STYLES; s++)
			for (unsigned shade = 0; shade <= SHADE_PLAYHEAD; shade += SHADE_CURSOR) {
				struct look look = theme_look(get(on[t].name), DEPTH_RGB,
							      (enum style)s, shade);
				i32 fg = look.fg < 0 ? on[t].ink : look.fg,
				    bg = look.bg < 0 ? on[t].paper : look.bg;

				if (s == STYLE_BORDER || s == STYLE_FIELD || s == STYLE_TAB_ON ||
				    s == STYLE_BAR)
					continue; /* no text, or on a paper of their own */
				if (contrast(fg, bg) < (shade ? 3 : on[t].least))
					fail_msg(
						"%s: style %d shade %u has a contrast of only %.1f",
						on[t].name, s, shade, contrast(fg, bg));
			}
}

static void printed(void **state)
{
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	txt_init(&t);
	grid_init(&g, 4, 1, false);
	c = canvas_of(&g);
	canvas_puts(&c, 0, 0, STYLE_LOSS, "✗");
	theme_print(get("dark"), DEPTH_16, &g, &t);
	assert_string_equal(txt_str(&t), "\x1b[0;1;31m✗\x1b[0m   \x1b[0m\n");
	txt_clear(&t);
	theme_print(get("dark"), DEPTH_RGB, &g, &t);
	assert_string_equal(txt_str(&t), "\x1b[0;1;38;2;255;107;74m✗\x1b[0m   \x1b[0m\n");
	txt_fini(&t);
	grid_fini(&g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),	   cmocka_unit_test(shades_differ),
		cmocka_unit_test(meaning_differs), cmocka_unit_test(ranges),
		cmocka_unit_test(depths),	   cmocka_unit_test(readable),
		cmocka_unit_test(printed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
