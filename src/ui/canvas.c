/* The grid, its views, and the one door through which text comes onto them. */
#include "ui/canvas.h"

#include "base/err.h"
#include "base/utf8.h"
#include "ui/canvas_ascii.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define ELLIPSIS 0x2026
#define REPLACEMENT 0xfffd

static const struct cell blank = { .ch = ' ', .width = 1 };

void grid_init(struct grid *g, int w, int h, bool ascii)
{
	*g = (struct grid) { .cursor_x = -1, .cursor_y = -1, .ascii = ascii };
	grid_resize(g, w, h);
}

void grid_fini(struct grid *g)
{
	free(g->cells);
	g->cells = NULL;
	g->w = g->h = 0;
}

void grid_resize(struct grid *g, int w, int h)
{
	w = MAX(w, 0);
	h = MAX(h, 0);
	if (w != g->w || h != g->h || !g->cells) {
		g->cells = xrealloc(g->cells, MAX((size_t)w * (size_t)h, 1) * sizeof *g->cells);
		g->w = w;
		g->h = h;
	}
	grid_clear(g);
}

void grid_clear(struct grid *g)
{
	size_t n = (size_t)g->w * (size_t)g->h, done = MIN(n, 1);

	if (n > 0)
		g->cells[0] = blank;
	for (; done < n; done += MIN(done, n - done))
		memcpy(&g->cells[done], g->cells, MIN(done, n - done) * sizeof blank);
	g->cursor_x = g->cursor_y = -1;
}

u32 grid_glyph(const struct grid *g, const struct cell *cell)
{
	if (!g->ascii || (cell->ch < 0x80 && cell->ch != 0))
		return cell->ch;
	return canvas_ascii(cell->ch);
}

static void put_utf8(struct txt *out, u32 cp)
{
	char *at = txt_room(out, 4);

	out->n += (size_t)utf8_encode(cp, at);
}

void canvas_dump(const struct grid *g, struct txt *out)
{
	for (int y = 0; y < g->h; y++) {
		const struct cell *row = &g->cells[(size_t)y * (size_t)g->w];
		size_t end = out->n;

		for (int x = 0; x < g->w; x++) {
			u32 ch = grid_glyph(g, &row[x]);

			if (ch == 0)
				continue;
			put_utf8(out, ch);
			for (int i = 0; i < 2 && !g->ascii && row[x].mark[i]; i++)
				put_utf8(out, row[x].mark[i]);
			if (ch != ' ')
				end = out->n;
		}
		out->n = end;
		txt_putc(out, '\n');
	}
}

static char style_letter(const struct cell *cell)
{
#define STYLE_LETTER(NAME, letter, name, about) letter,
	static const char letters[] = { STYLE_LIST(STYLE_LETTER) };
#undef STYLE_LETTER

	if (cell->shade & SHADE_MATCH)
		return 'M';
	if (cell->shade & SHADE_PLAYHEAD)
		return 'P';
	if (cell->shade & SHADE_CURSOR)
		return 'C';
	if (cell->shade & SHADE_SELECT)
		return 'S';
	if (cell->ch == ' ')
		return ' ';
	return cell->shade & SHADE_DIM ? '-' : letters[cell->style];
}

void canvas_dump_styles(const struct grid *g, struct txt *out)
{
	for (int y = 0; y < g->h; y++) {
		const struct cell *row = &g->cells[(size_t)y * (size_t)g->w];
		size_t end = out->n;

		for (int x = 0; x < g->w; x++) {
			char letter = style_letter(&row[x]);

			txt_putc(out, letter);
			if (letter != ' ')
				end = out->n;
		}
		out->n = end;
		txt_putc(out, '\n');
	}
}

struct canvas canvas_of(struct grid *g)
{
	return (struct canvas) { .g = g, .x = 0, .y = 0, .w = g->w, .h = g->h };
}

struct canvas canvas_sub(const struct canvas *c, int x, int y, int w, int h)
{
	int x0 = CLAMP(x, 0, c->w), y0 = CLAMP(y, 0, c->h);
	i64 x1 = CLAMP((i64)x + w, x0, c->w), y1 = CLAMP((i64)y + h, y0, c->h);

	return (struct canvas) {
		.g = c->g, .x = c->x + x0, .y = c->y + y0, .w = (int)x1 - x0, .h = (int)y1 - y0
	};
}

/* What we draw with: each a column wide. */
static bool is_drawn(u32 cp)
{
	return (cp >= 0x2500 && cp < 0x25fd) || (cp >= 0x2800 && cp < 0x2900);
}

/* Columns of a character that may be shown, 0 for any that may not stand alone. */
static int shown_width(u32 cp)
{
	if (is_drawn(cp))
		return 1;
	return utf8_is_safe(cp) ? utf8_width(cp) : 0;
}

/* Takes the next character with its marks from [p, end) into *cell (style and shade left 0).
 * Returns the bytes used. */
static size_t next_char(const char *p, const char *end, struct cell *cell)
{
	const char *start = p;
	u32 cp;
	int len, marks = 0;

	*cell = blank;
	if (*p >= ' ' && *p < 0x7f) {
		cell->ch = (u8)*p++;
	} else {
		len = utf8_decode(p, (size_t)(end - p), &cp);
		p += MAX(len, 1);
		cell->width = (u8)(len > 0 ? shown_width(cp) : 0);
		cell->ch = cell->width > 0 ? cp
					   : REPLACEMENT; /* a mark with nothing to stand on, too */
		cell->width = MAX(cell->width, 1);
	}
	/* The lowest combining mark, U+0300, begins with byte 0xcc. */
	while (p < end && (u8)*p >= 0xcc) {
		len = utf8_decode(p, (size_t)(end - p), &cp);
		if (len == 0 || !utf8_is_safe(cp) || utf8_width(cp) != 0)
			break;
		if (marks < 2 && cp <= 0xffff && cell->ch != REPLACEMENT)
			cell->mark[marks++] = (u16)cp;
		p += len;
	}
	return (size_t)(p - start);
}

/* Blanks the other half of a wide character, one half of which at x is about to be overwritten. */
static void break_wide(struct cell *row, int x, int w)
{
	if (row[x].width == 2 && x + 1 < w) {
		row[x + 1].ch = ' ';
		row[x + 1].width = 1;
	} else if (row[x].width == 0 && x > 0) {
		row[x - 1].ch = ' ';
		row[x - 1].width = 1;
		row[x - 1].mark[0] = row[x - 1].mark[1] = 0;
	}
}

static void set_cell(struct grid *g, int x, int y, const struct cell *cell)
{
	struct cell *row = &g->cells[(size_t)y * (size_t)g->w];

	if (row[x].width != 1)
		break_wide(row, x, g->w);
	row[x] = *cell;
}

/* The cells x .. x+n-1 of a row of the grid, all about to be overwritten by characters of width 1.
 */
static struct cell *take_run(struct grid *g, int x, int y, int n)
{
	struct cell *row = &g->cells[(size_t)y * (size_t)g->w];

	if (row[x].width != 1)
		break_wide(row, x, g->w);
	if (row[x + n - 1].width != 1)
		break_wide(row, x + n - 1, g->w);
	return row + x;
}

/* Puts one character with its style; a wide one that would be cut at an edge shows as a blank. */
static void put_cell(const struct canvas *c, int x, int y, enum style style, struct cell cell)
{
	struct cell half = { .ch = ' ', .width = 1, .style = (u8)style };

	cell.style = (u8)style;
	if (cell.width == 1) {
		if (x >= 0 && x < c->w)
			set_cell(c->g, c->x + x, c->y + y, &cell);
		return;
	}
	if (x >= 0 && x + 1 < c->w) {
		set_cell(c->g, c->x + x, c->y + y, &half);
		half.ch = 0;
		half.width = 0;
		set_cell(c->g, c->x + x + 1, c->y + y, &half);
		c->g->cells[(size_t)(c->y + y) * (size_t)c->g->w + (size_t)(c->x + x)] = cell;
	} else if (x >= 0 && x < c->w) {
		set_cell(c->g, c->x + x, c->y + y, &half);
	} else if (x == -1 && c->w > 0) {
		set_cell(c->g, c->x, c->y + y, &half);
	}
}

/* Most text is plain ASCII: how many of n bytes are such that nothing can combine with them. */
static size_t plain_run(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= ' ' && s[i] < 0x7f)
		i++;
	return i > 0 && i < n ? i - 1 : i; /* a mark may follow the last one */
}

int canvas_width(const char *s, size_t n)
{
	const char *end = s + n;
	struct cell cell;
	size_t plain = plain_run(s, n);
	int w = (int)plain;

	s += plain;
	while (s < end) {
		s += next_char(s, end, &cell);
		w += cell.width;
	}
	return w;
}

/* Puts n plain ASCII characters. */
static void put_plain(const struct canvas *c, int x, int y, enum style style, const char *s,
		      size_t n)
{
	i64 from = MAX(0, -(i64)x), to = MIN((i64)n, (i64)c->w - x);
	struct cell *run;

	if (from >= to)
		return;
	run = take_run(c->g, c->x + x + (int)from, c->y + y, (int)(to - from));
	for (i64 i = from; i < to; i++)
		*run++ = (struct cell) { .ch = (u8)s[i], .width = 1, .style = (u8)style };
}

int canvas_putn(const struct canvas *c, int x, int y, enum style style, const char *s, size_t n)
{
	const char *end = s + n;
	struct cell cell;
	bool row = y >= 0 && y < c->h;

	while (s < end) {
		size_t plain = plain_run(s, (size_t)(end - s));

		if (plain > 0) {
			if (row)
				put_plain(c, x, y, style, s, plain);
			s += plain;
			x += (int)plain;
			continue;
		}
		s += next_char(s, end, &cell);
		if (row && x < c->w)
			put_cell(c, x, y, style, cell);
		x += cell.width;
	}
	return x;
}

int canvas_puts(const struct canvas *c, int x, int y, enum style style, const char *s)
{
	return canvas_putn(c, x, y, style, s, strlen(s));
}

int canvas_text(const struct canvas *c, int x, int y, enum style style, const char *fmt, ...)
{
	char buf[512];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(buf, sizeof buf, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if ((size_t)n >= sizeof buf) {
		struct txt t;

		txt_init(&t);
		va_start(ap, fmt);
		txt_vprintf(&t, fmt, ap);
		va_end(ap);
		x = canvas_putn(c, x, y, style, t.s, t.n);
		txt_fini(&t);
		return x;
	}
	return canvas_putn(c, x, y, style, buf, (size_t)n);
}

int canvas_put(const struct canvas *c, int x, int y, enum style style, u32 ch)
{
	struct cell cell = { .ch = ch, .width = 1, .style = (u8)style };
	char buf[4];

	if (!is_drawn(ch) && (ch < ' ' || ch >= 0x7f))
		return canvas_putn(c, x, y, style, buf, (size_t)utf8_encode(ch, buf));
	if (x >= 0 && x < c->w && y >= 0 && y < c->h)
		set_cell(c->g, c->x + x, c->y + y, &cell);
	return x + 1;
}

int canvas_cut(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
	       size_t n)
{
	const char *end = s + n, *fits = s;
	size_t plain = plain_run(s, n);
	struct cell cell;
	int used = 0, fits_used = 0;

	if (w <= 0)
		return x;
	used = (int)MIN(plain, (size_t)w);
	s += used;
	fits_used = s == end ? used : MIN(used, w - 1);
	fits += fits_used;
	while (s < end) { /* `fits` is what may stay where an ellipsis must follow */
		const char *next = s + next_char(s, end, &cell);

		if (used + cell.width > w)
			break;
		used += cell.width;
		s = next;
		if (used < w) {
			fits = s;
			fits_used = used;
		}
	}
	if (s == end) {
		canvas_putn(c, x, y, style, end - n, n);
	} else {
		canvas_putn(c, x, y, style, end - n, (size_t)(fits - (end - n)));
		canvas_put(c, x + fits_used, y, style, ELLIPSIS);
		used = fits_used + 1;
	}
	canvas_fill(c, x + used, y, w - used, 1, style, ' ');
	return x + w;
}

int canvas_right(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
		 size_t n)
{
	const char *end = s + n;
	struct cell cell;
	int left = canvas_width(s, n);

	if (w <= 0)
		return x;
	if (left > w) {
		while (left > w - 1) {
			s += next_char(s, end, &cell);
			left -= cell.width;
		}
		canvas_fill(c, x, y, w - left, 1, style, ' ');
		canvas_put(c, x + w - left - 1, y, style, ELLIPSIS);
	} else {
		canvas_fill(c, x, y, w - left, 1, style, ' ');
	}
	canvas_putn(c, x + w - left, y, style, s, (size_t)(end - s));
	return x + w;
}

int canvas_num(const struct canvas *c, int x, int y, int w, enum style style, u64 v)
{
	char digits[20];
	size_t at = sizeof digits;

	do {
		digits[--at] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0);
	return canvas_right(c, x, y, w, style, digits + at, sizeof digits - at);
}

size_t canvas_wrap(const char *s, size_t n, int w)
{
	const char *p = s, *end = s + n, *blank_end = NULL;
	struct cell cell;
	int used = 0;

	while (p < end && *p != '\n') {
		const char *next = p + next_char(p, end, &cell);

		if (*p == ' ') {
			blank_end = next; /* a blank may hang over the edge */
		} else if (used + cell.width > w) {
			if (blank_end)
				return (size_t)(blank_end - s);
			return (size_t)((p > s ? p : next) - s);
		}
		used += cell.width;
		p = next;
	}
	return (size_t)(p - s) + (p < end);
}

int canvas_para(const struct canvas *c, int x, int y, int w, enum style style, const char *s,
		size_t n)
{
	int rows = 0;

	while (n > 0) {
		size_t take = canvas_wrap(s, n, w), show = take;

		while (show > 0 && (s[show - 1] == ' ' || s[show - 1] == '\n'))
			show--;
		canvas_putn(c, x, y + rows++, style, s, show);
		s += take;
		n -= take;
	}
	return rows;
}

void canvas_fill(const struct canvas *c, int x, int y, int w, int h, enum style style, u32 ch)
{
	struct canvas area = canvas_sub(c, x, y, w, h);
	struct cell cell = { .ch = ch, .width = 1, .style = (u8)style };

	for (int row = 0; row < area.h && area.w > 0; row++) {
		struct cell *run = take_run(c->g, area.x, area.y + row, area.w);

		for (int col = 0; col < area.w; col++)
			run[col] = cell;
	}
}

void canvas_shade(const struct canvas *c, int x, int y, int w, int h, unsigned shade)
{
	struct canvas area = canvas_sub(c, x, y, w, h);

	for (int row = 0; row < area.h; row++)
		for (int col = 0; col < area.w; col++)
			c->g->cells[(size_t)(area.y + row) * (size_t)c->g->w +
				    (size_t)(area.x + col)]
				.shade |= (u8)shade;
}

void canvas_restyle(const struct canvas *c, int x, int y, int w, int h, enum style style)
{
	struct canvas area = canvas_sub(c, x, y, w, h);

	for (int row = 0; row < area.h; row++)
		for (int col = 0; col < area.w; col++)
			c->g->cells[(size_t)(area.y + row) * (size_t)c->g->w +
				    (size_t)(area.x + col)]
				.style = (u8)style;
}

void canvas_cursor(const struct canvas *c, int x, int y)
{
	bool inside = x >= 0 && x < c->w && y >= 0 && y < c->h;

	c->g->cursor_x = inside ? c->x + x : -1;
	c->g->cursor_y = inside ? c->y + y : -1;
}
