/* Bytes of a packet as offsets, hex and ASCII. "0010  45 00 05 dc 1c 46 40 00  40 06 …  E....F@."
 */
#include "ui/hexview.h"

enum { OFFSET_W = 6 }; /* four digits and two blanks; six digits begin in column -2 of long ones */

static int offset_width(u32 n)
{
	return n > 0x10000 ? OFFSET_W + 2 : OFFSET_W;
}

/* The column of byte i in hex, behind the offset: a wider gap after each eight. */
static int hex_column(unsigned i)
{
	return (int)(i * 3 + i / 8);
}

int hex_width(unsigned per_row)
{
	return OFFSET_W + hex_column(per_row - 1) + 2 + 2 + (int)per_row;
}

unsigned hex_per_row(int w)
{
	return w >= hex_width(16) ? 16 : w >= hex_width(8) ? 8 : 4;
}

static void draw_byte(const struct hexview *v, const struct canvas *c, int x, int text_x, int y,
		      u32 at)
{
	static const char digits[] = "0123456789abcdef";
	unsigned i = at % hex_per_row(c->w);
	bool lit = v->len > 0 && at >= v->off && at - v->off < v->len;
	enum style style = lit ? STYLE_FIELD : STYLE_DEFAULT;
	u8 b = v->data[at];
	char hex[2] = { digits[b >> 4], digits[b & 15] };
	bool text = b >= ' ' && b < 0x7f;

	x += hex_column(i);
	canvas_putn(c, x, y, style, hex, 2);
	/* the gaps inside a lit run are lit too, so that it reads as one */
	if (lit && i + 1 < hex_per_row(c->w) && at + 1 - v->off < v->len && at + 1 < v->n)
		canvas_fill(c, x + 2, y, hex_column(i + 1) - hex_column(i) - 2, 1, style, ' ');
	canvas_put(c, text_x + (int)i, y,
		   lit	  ? STYLE_FIELD
		   : text ? STYLE_DEFAULT
			  : STYLE_DIM,
		   text ? b : U'·');
	if (v->cursor && at == v->byte) {
		canvas_shade(c, x, y, 2, 1, SHADE_CURSOR);
		canvas_shade(c, text_x + (int)i, y, 1, 1, SHADE_CURSOR);
	}
}

void hex_draw(const struct hexview *v, const struct canvas *c)
{
	unsigned per = hex_per_row(c->w);
	int x = offset_width(v->n), text_x = x + hex_column(per - 1) + 4;

	for (int y = 0; y < c->h; y++) {
		u64 from = (v->top + (u64)y) * per;

		if (from >= v->n)
			break;
		canvas_text(c, 0, y, STYLE_DIM, "%0*x", x - 2, (unsigned)from);
		for (u64 at = from; at < MIN(from + per, (u64)v->n); at++)
			draw_byte(v, c, x, text_x, y, (u32)at);
	}
}

i64 hex_byte_at(const struct hexview *v, int w, int x, int y)
{
	unsigned per = hex_per_row(w);
	int hex = x - offset_width(v->n), text = hex - hex_column(per - 1) - 4;
	u64 at = (v->top + (u64)y) * per;
	i64 i = -1;

	if (text >= 0)
		i = text < (int)per ? text : -1;
	else
		for (unsigned b = 0; b < per; b++)
			if (hex >= hex_column(b) && hex < hex_column(b) + 2)
				i = b;
	return y >= 0 && i >= 0 && at + (u64)i < v->n ? (i64)at + i : -1;
}
