/* Themes: what each style looks like, in true colour and in 16 colours; the depths between are
 * computed. */
#include "ui/theme.h"

#include "base/utf8.h"

#include <string.h>

#define NO (-1)
#define B LOOK_BOLD
#define D LOOK_DIM
#define U LOOK_UNDERLINE
#define R LOOK_REVERSE

/* One style in one theme. */
struct paint {
	i32 fg, bg; /* 0xRRGGBB or NO for the terminal's own */
	i8 fg16, bg16;
	u8 attr; /* in colour */
};

struct theme {
	const char *name;
	bool mono;	/* attributes only, whatever the terminal can do */
	i32 ink, paper; /* what the terminal's own colours are taken to be, for mixing */
	i32 cursor_bg, select_bg, match_fg, match_bg; /* shades */
	i8 match_fg16, match_bg16;
	struct paint paint[N_STYLES];
};

/* Attributes where there is no colour. What matters reads without them too: ✗, ▶, FR, arrows. */
static const u8 mono_attr[N_STYLES] = {
	[STYLE_DIM] = D,     [STYLE_STRONG] = B, [STYLE_FOCUS] = B,  [STYLE_TITLE] = B,
	[STYLE_TAB_ON] = R,  [STYLE_KEY] = B,	 [STYLE_PROMPT] = B, [STYLE_LOSS] = B,
	[STYLE_RETRANS] = B, [STYLE_STATE] = B,	 [STYLE_FIELD] = R,  [STYLE_MARK] = U,
	[STYLE_ERROR] = B,   [STYLE_WARN] = B,
};

/* Two calm hues for the directions, one warm for loss, all else quiet. */
static const struct theme themes[] = {
	{
		.name = "dark",
		.ink = 0xd0d4da, .paper = 0x14171c,
		.cursor_bg = 0x2b3a4d, .select_bg = 0x2a2f3a,
		.match_fg = 0x14171c, .match_bg = 0xe3c565, .match_fg16 = 0, .match_bg16 = 3,
		.paint = {
			[STYLE_DEFAULT] = { NO, NO, NO, NO, 0 },
			[STYLE_DIM] = { 0x828a96, NO, NO, NO, 0 },
			[STYLE_STRONG] = { 0xffffff, NO, NO, NO, B },
			[STYLE_BORDER] = { 0x4a525e, NO, NO, NO, 0 },
			[STYLE_FOCUS] = { 0xe6e9ee, NO, NO, NO, B },
			[STYLE_TITLE] = { 0xa9b1bd, NO, NO, NO, 0 },
			[STYLE_BAR] = { 0xc3c9d2, 0x232932, NO, NO, 0 },
			[STYLE_TAB] = { 0x828a96, NO, NO, NO, 0 },
			[STYLE_TAB_ON] = { 0x14171c, 0xa9b1bd, NO, NO, 0 },
			[STYLE_KEY] = { 0xe6e9ee, NO, NO, NO, B },
			[STYLE_PROMPT] = { 0xe6e9ee, NO, NO, NO, B },
			[STYLE_FWD] = { 0x6cb6e0, NO, 6, NO, 0 },
			[STYLE_REV] = { 0xb7a3e3, NO, 5, NO, 0 },
			[STYLE_LOSS] = { 0xff6b4a, NO, 1, NO, B },
			[STYLE_RETRANS] = { 0xffa25c, NO, 3, NO, 0 },
			[STYLE_STATE] = { 0xf2f4f7, NO, NO, NO, B },
			[STYLE_GRAPH] = { 0x9fb4c7, NO, NO, NO, 0 },
			[STYLE_FIELD] = { 0x14171c, 0x8fc1e3, 0, 6, 0 },
			[STYLE_MARK] = { 0xe3c565, NO, 3, NO, U },
			[STYLE_ERROR] = { 0xff6b4a, NO, 1, NO, B },
			[STYLE_WARN] = { 0xe3c565, NO, 3, NO, 0 },
			[STYLE_OK] = { 0x8cc88c, NO, 2, NO, 0 },
		},
	},
	{
		.name = "light",
		.ink = 0x24292f, .paper = 0xffffff,
		.cursor_bg = 0xd6e4f2, .select_bg = 0xe8ebef,
		.match_fg = 0x24292f, .match_bg = 0xffdf70, .match_fg16 = 0, .match_bg16 = 3,
		.paint = {
			[STYLE_DEFAULT] = { NO, NO, NO, NO, 0 },
			[STYLE_DIM] = { 0x6a737d, NO, NO, NO, 0 },
			[STYLE_STRONG] = { 0x000000, NO, NO, NO, B },
			[STYLE_BORDER] = { 0xb4bbc4, NO, NO, NO, 0 },
			[STYLE_FOCUS] = { 0x24292f, NO, NO, NO, B },
			[STYLE_TITLE] = { 0x4b535c, NO, NO, NO, 0 },
			[STYLE_BAR] = { 0x3a424b, 0xe6e9ed, NO, NO, 0 },
			[STYLE_TAB] = { 0x6a737d, NO, NO, NO, 0 },
			[STYLE_TAB_ON] = { 0xffffff, 0x4b535c, NO, NO, 0 },
			[STYLE_KEY] = { 0x24292f, NO, NO, NO, B },
			[STYLE_PROMPT] = { 0x24292f, NO, NO, NO, B },
			[STYLE_FWD] = { 0x0a639c, NO, 4, NO, 0 },
			[STYLE_REV] = { 0x6b45b0, NO, 5, NO, 0 },
			[STYLE_LOSS] = { 0xc6290c, NO, 1, NO, B },
			[STYLE_RETRANS] = { 0xad5300, NO, 1, NO, 0 },
			[STYLE_STATE] = { 0x000000, NO, NO, NO, B },
			[STYLE_GRAPH] = { 0x4a6278, NO, NO, NO, 0 },
			[STYLE_FIELD] = { 0xffffff, 0x2a6f9e, 7, 4, 0 },
			[STYLE_MARK] = { 0x8a6100, NO, 3, NO, U },
			[STYLE_ERROR] = { 0xc6290c, NO, 1, NO, B },
			[STYLE_WARN] = { 0x8a6100, NO, 3, NO, 0 },
			[STYLE_OK] = { 0x1f7a33, NO, 2, NO, 0 },
		},
	},
	{
		.name = "projector", /* readable from the last row: strong ink, few greys */
		.ink = 0xffffff, .paper = 0x000000,
		.cursor_bg = 0x00386c, .select_bg = 0x383838,
		.match_fg = 0x000000, .match_bg = 0xffff00, .match_fg16 = 0, .match_bg16 = 11,
		.paint = {
			[STYLE_DEFAULT] = { 0xffffff, 0x000000, 15, 0, 0 },
			[STYLE_DIM] = { 0xc0c0c0, 0x000000, 7, 0, 0 },
			[STYLE_STRONG] = { 0xffffff, 0x000000, 15, 0, B },
			[STYLE_BORDER] = { 0xa0a0a0, 0x000000, 7, 0, 0 },
			[STYLE_FOCUS] = { 0xffff00, 0x000000, 11, 0, B },
			[STYLE_TITLE] = { 0xffffff, 0x000000, 15, 0, B },
			[STYLE_BAR] = { 0x000000, 0xe0e0e0, 0, 7, 0 },
			[STYLE_TAB] = { 0xc0c0c0, 0x000000, 7, 0, 0 },
			[STYLE_TAB_ON] = { 0x000000, 0xffff00, 0, 11, B },
			[STYLE_KEY] = { 0xffff00, 0x000000, 11, 0, B },
			[STYLE_PROMPT] = { 0xffff00, 0x000000, 11, 0, B },
			[STYLE_FWD] = { 0x5fd7ff, 0x000000, 14, 0, B },
			[STYLE_REV] = { 0xe0b0ff, 0x000000, 13, 0, B },
			[STYLE_LOSS] = { 0xff5f3f, 0x000000, 9, 0, B },
			[STYLE_RETRANS] = { 0xffaf00, 0x000000, 11, 0, B },
			[STYLE_STATE] = { 0xffffff, 0x000000, 15, 0, B },
			[STYLE_GRAPH] = { 0x5fd7ff, 0x000000, 14, 0, 0 },
			[STYLE_FIELD] = { 0x000000, 0x5fd7ff, 0, 14, B },
			[STYLE_MARK] = { 0xffff00, 0x000000, 11, 0, U },
			[STYLE_ERROR] = { 0xff5f3f, 0x000000, 9, 0, B },
			[STYLE_WARN] = { 0xffff00, 0x000000, 11, 0, B },
			[STYLE_OK] = { 0x5fff5f, 0x000000, 10, 0, B },
		},
	},
	{ .name = "mono", .mono = true },
};

const struct theme *theme_find(const char *name, struct err *e)
{
	char all[100] = "";
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(themes); i++) {
		size_t len = strlen(themes[i].name);

		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
		if (n + len + 3 > sizeof all)
			continue;
		memcpy(all + n, i > 0 ? ", " : "", i > 0 ? 2 : 0);
		n += i > 0 ? 2 : 0;
		memcpy(all + n, themes[i].name, len);
		n += len;
	}
	err_set(e, "there is no theme \"%s\"; there are %.*s", name, (int)n, all);
	return NULL;
}

const char *theme_name(size_t i)
{
	return i < ARRAY_LEN(themes) ? themes[i].name : NULL;
}

enum color_depth theme_depth(int colors, bool rgb, const char *no_color)
{
	if ((no_color && *no_color) || colors < 8)
		return DEPTH_MONO;
	if (rgb)
		return DEPTH_RGB;
	return colors >= 256 ? DEPTH_256 : colors >= 16 ? DEPTH_16 : DEPTH_8;
}

static int part_of(i32 rgb, int shift)
{
	return rgb >> shift & 0xff;
}

/* Halfway between two colours. */
static i32 mix(i32 a, i32 b)
{
	i32 out = 0;

	for (int shift = 0; shift <= 16; shift += 8)
		out |= (part_of(a, shift) + part_of(b, shift)) / 2 << shift;
	return out;
}

static bool is_grey(i32 rgb)
{
	int r = part_of(rgb, 16), g = part_of(rgb, 8), b = part_of(rgb, 0);

	return MAX(MAX(r, g), b) - MIN(MIN(r, g), b) < 32;
}

static int distance(i32 a, i32 b)
{
	int sum = 0;

	for (int shift = 0; shift <= 16; shift += 8) {
		int d = part_of(a, shift) - part_of(b, shift);

		sum += d * d;
	}
	return sum;
}

/* The nearest of the 6x6x6 cube (16..231) and the grey ramp (232..255) of 256-colour terminals. */
static i32 nearest_256(i32 rgb)
{
	static const u8 step[] = { 0, 95, 135, 175, 215, 255 };
	i32 cube = 0, index = 16, grey, grey_level;

	for (int shift = 16; shift >= 0; shift -= 8) {
		int v = part_of(rgb, shift), i = 0;

		while (i < 5 && step[i + 1] - v < v - step[i])
			i++;
		cube |= step[i] << shift;
		index += i * (shift == 16 ? 36 : shift == 8 ? 6 : 1);
	}
	grey = (part_of(rgb, 16) + part_of(rgb, 8) + part_of(rgb, 0)) / 3;
	grey = CLAMP((grey - 3) / 10, 0, 23);
	grey_level = (8 + 10 * grey) * 0x010101;
	return distance(rgb, grey_level) < distance(rgb, cube) ? 232 + grey : index;
}

static i32 fit(i32 rgb, enum color_depth depth)
{
	return rgb == NO || depth == DEPTH_RGB ? rgb : nearest_256(rgb);
}

/* Rich colours: shades are backgrounds, and what has not happened yet is mixed with the paper. */
static struct look look_rich(const struct theme *t, enum color_depth depth, const struct paint *p,
			     unsigned shade)
{
	i32 fg = p->fg, bg = p->bg;
	u8 attr = p->attr;

	if (shade & SHADE_DIM) {
		fg = mix(fg == NO ? t->ink : fg, t->paper);
		attr &= (u8)~B;
	}
	if (shade & SHADE_SELECT)
		bg = t->select_bg;
	if (shade & SHADE_CURSOR)
		bg = t->cursor_bg;
	if (shade &
	    SHADE_PLAYHEAD) { /* one even bar, on which the hues darken (or lighten) but stay */
		fg = fg == NO || is_grey(fg) ? t->paper : mix(fg, t->paper);
		bg = t->ink;
		if (shade & SHADE_CURSOR)
			attr |= B | U;
	}
	if (shade & SHADE_MATCH) {
		fg = t->match_fg;
		bg = t->match_bg;
		attr &= (u8)~R;
	}
	return (struct look) { .fg = fit(fg, depth), .bg = fit(bg, depth), .attr = attr };
}

/* Few colours or none: shades are attributes, for no background goes with every ink. */
static u8 shade_attr(u8 attr, unsigned shade)
{
	if (shade & SHADE_DIM)
		attr = (u8)((attr & ~B) | D);
	if (shade & (SHADE_SELECT | SHADE_CURSOR))
		attr |= U;
	if (shade & SHADE_CURSOR)
		attr = (u8)((attr & ~D) | B);
	if (shade & SHADE_PLAYHEAD)
		attr ^= R;
	return attr;
}

struct look theme_look(const struct theme *t, enum color_depth depth, enum style style,
		       unsigned shade)
{
	const struct paint *p = &t->paint[style];
	struct look look = { COLOR_DEFAULT, COLOR_DEFAULT, 0 };

	if (t->mono || depth == DEPTH_MONO) {
		look.attr = shade_attr(mono_attr[style], shade);
		if (shade & SHADE_MATCH) /* stands out of a reversed row too */
			look.attr = (u8)((look.attr | B) ^ R);
		return look;
	}
	if (depth >= DEPTH_256)
		return look_rich(t, depth, p, shade);
	look.fg = p->fg16;
	look.bg = p->bg16;
	/* A style with no colour of its own in 16 has its monochrome attributes. */
	look.attr = shade_attr(p->fg16 == NO && p->bg16 == NO ? mono_attr[style] : p->attr, shade);
	if (shade & SHADE_MATCH) {
		look.fg = t->match_fg16;
		look.bg = t->match_bg16;
		look.attr &= (u8)~R;
	}
	if (depth == DEPTH_8) { /* bright ink is bold there */
		if (look.fg >= 8)
			look.attr |= B;
		look.fg = look.fg < 0 ? look.fg : look.fg & 7;
		look.bg = look.bg < 0 ? look.bg : look.bg & 7;
	}
	return look;
}

static void print_color(struct txt *out, enum color_depth depth, i32 color, int base)
{
	if (color == COLOR_DEFAULT)
		return;
	if (depth == DEPTH_RGB)
		txt_printf(out, ";%d;2;%d;%d;%d", base + 8, part_of(color, 16), part_of(color, 8),
			   part_of(color, 0));
	else if (color >= 16)
		txt_printf(out, ";%d;5;%d", base + 8, color);
	else
		txt_printf(out, ";%d", color < 8 ? base + color : base + 60 + color - 8);
}

static void print_look(struct txt *out, enum color_depth depth, struct look look)
{
	static const struct {
		u8 bit;
		const char *sgr;
	} attrs[] = { { B, ";1" }, { D, ";2" }, { U, ";4" }, { R, ";7" } };

	txt_puts(out, "\x1b[0");
	for (size_t i = 0; i < ARRAY_LEN(attrs); i++)
		if (look.attr & attrs[i].bit)
			txt_puts(out, attrs[i].sgr);
	print_color(out, depth, look.fg, 30);
	print_color(out, depth, look.bg, 40);
	txt_putc(out, 'm');
}

void theme_print(const struct theme *theme, enum color_depth depth, const struct grid *g,
		 struct txt *out)
{
	for (int y = 0; y < g->h; y++) {
		const struct cell *row = &g->cells[(size_t)y * (size_t)g->w];
		int last = -1;

		for (int x = 0; x < g->w; x++) {
			u32 ch = grid_glyph(g, &row[x]);
			int key = row[x].style << 8 | row[x].shade;
			char *at;

			if (ch == 0)
				continue;
			if (key != last)
				print_look(out, depth,
					   theme_look(theme, depth, (enum style)row[x].style,
						      row[x].shade));
			last = key;
			at = txt_room(out, 12);
			out->n += (size_t)utf8_encode(ch, at);
			for (int i = 0; i < 2 && !g->ascii && row[x].mark[i]; i++) {
				at = txt_room(out, 4);
				out->n += (size_t)utf8_encode(row[x].mark[i], at);
			}
		}
		txt_puts(out, "\x1b[0m\n");
	}
}
