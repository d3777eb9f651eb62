/* Bytes of a packet as offsets, hex and ASCII, with a field's bytes lit. */
#ifndef UI_HEXVIEW_H
#define UI_HEXVIEW_H

#include "ui/canvas.h"

struct hexview {
	const u8 *data;
	u32 n;
	u64 top;      /* first row */
	u32 off, len; /* bytes to be lit; len 0: none */
	u32 byte;     /* the chosen byte, shown where `cursor` */
	bool cursor;
};

/* Bytes a row that fit into w columns: 16, 8 or 4. */
unsigned hex_per_row(int w);
/* Columns that a row takes with so many bytes. */
int hex_width(unsigned per_row);
void hex_draw(const struct hexview *v, const struct canvas *c);
/* The byte at column x of row y (counted from `top`), in hex or ASCII; -1 where there is none. */
i64 hex_byte_at(const struct hexview *v, int w, int x, int y);

#endif
