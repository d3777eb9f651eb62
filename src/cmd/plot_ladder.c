/* The ladder on paper: an arrow a segment between two lines of life, and the states of both ends
 * where they change. */
#include "cmd/plot.h"

#include "base/txt.h"

enum {
	HEAD = 112, /* down to the first row */
	ROW = 29,
	SLANT = 9, /* an arrow falls by so much */
	FOOT = 30,
	STATES = 128, /* beside a line of life */
	TIMES = 86,
};

double plot_ladder_height(u32 rows)
{
	return HEAD + (double)ROW * rows + FOOT;
}

static void put_flags(struct txt *t, u16 flags)
{
	static const struct {
		u16 flag;
		const char *name;
	} names[] = { { TCP_SYN, "SYN" }, { TCP_FIN, "FIN" }, { TCP_RST, "RST" },
		      { TCP_PSH, "PSH" }, { TCP_URG, "URG" }, { TCP_ACK, "ACK" } };
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].flag) {
			txt_printf(t, "%s%s", any ? "," : "", names[i].name);
			any = true;
		}
	if (!any)
		txt_puts(t, "no flags");
}

static void put_label(struct txt *t, const struct plot_row *r)
{
	put_flags(t, r->flags);
	if (r->len > 0)
		txt_printf(t, "  seq %lld:%lld", (long long)r->seq,
			   (long long)(r->seq + (i64)r->len));
	else
		txt_printf(t, "  seq %lld", (long long)r->seq);
	if (r->flags & TCP_ACK)
		txt_printf(t, "  ack %lld", (long long)r->ack);
	txt_printf(t, "  len %u", r->len);
	if (r->again)
		txt_puts(t, "  sent again");
	if (r->lost)
		txt_puts(t, "  dropped");
}

static void arrow(struct plot *p, const double life[2], double y, const struct plot_row *r)
{
	int a = r->side, sign = a ? -1 : 1;
	double from = life[a] + 3 * sign, to = life[!a] - 3 * sign, end = y + SLANT;
	double mx = from + (to - from) * 0.85, my = y + SLANT * 0.85;

	page_pen(p->page, r->again ? RED : a ? GREEN : BLUE, 1.3);
	page_dash(p->page, r->lost ? 5 : 0, r->lost ? 3 : 0);
	page_move(p->page, from, y);
	page_to(p->page, r->lost ? mx : to, r->lost ? my : end);
	page_stroke(p->page);
	page_dash(p->page, 0, 0);
	if (r->lost) { /* it ends on the way */
		page_pen(p->page, INK, 1.8);
		page_move(p->page, mx - 5, my - 5);
		page_to(p->page, mx + 5, my + 5);
		page_move(p->page, mx + 5, my - 5);
		page_to(p->page, mx - 5, my + 5);
		page_stroke(p->page);
		return;
	}
	page_move(p->page, to, end);
	page_to(p->page, to - 9 * sign, end - 4.5);
	page_to(p->page, to - 8 * sign, end + 3);
	page_fill(p->page);
}

/* The states of both ends, where they are others than before. */
static void states(struct plot *p, const double life[2], double y, const struct plot_row *r,
		   bool first)
{
	for (int side = 0; side < 2; side++) {
		if (!first && r->state[side] == r->was[side])
			continue;
		page_pen(p->page, INK, 1);
		page_rect(p->page, life[side] - 3, (side == r->side ? y : y + SLANT) - 3, 6, 6, INK,
			  1);
		page_text(p->page, life[side] + (side ? 10 : -10),
			  (side == r->side ? y : y + SLANT) + 4, side ? AT_LEFT : AT_RIGHT, 12,
			  true, tcp_state_name((enum tcp_state)r->state[side]));
	}
}

static void row(struct plot *p, const double life[2], double y, const struct plot_row *r,
		bool first)
{
	struct txt t;

	txt_init(&t);
	page_pen(p->page, GREY, 1);
	if (r->ts != NS_NONE) {
		txt_seconds(&t, r->ts - p->begin, 6, 0);
		page_text(p->page, 24 + TIMES - 10, y + 4, AT_RIGHT, 12, false, txt_str(&t));
	}
	txt_clear(&t);
	txt_printf(&t, "#%u", r->number);
	page_text(p->page, p->w - 24, y + 4, AT_RIGHT, 12, false, txt_str(&t));
	arrow(p, life, y, r);
	txt_clear(&t);
	put_label(&t, r);
	/* The words stand where the arrow begins, on the side where it is high. */
	page_pen(p->page, INK, 1);
	page_text(p->page, life[r->side] + (r->side ? -14 : 14), y - 4,
		  r->side ? AT_RIGHT : AT_LEFT, 12, r->again || r->lost, txt_str(&t));
	states(p, life, y, r, first);
	txt_fini(&t);
}

void plot_ladder(struct plot *p)
{
	double life[2] = { 24 + TIMES + STATES, p->w - 24 - 52 - STATES };
	double bottom = HEAD + (double)ROW * p->rows;

	page_pen(p->page, GREY, 1);
	page_text(p->page, 24 + TIMES - 10, HEAD - 30, AT_RIGHT, 12, false, "seconds");
	page_text(p->page, p->w - 24, HEAD - 30, AT_RIGHT, 12, false, "packet");
	for (int side = 0; side < 2; side++) {
		page_pen(p->page, side ? GREEN : BLUE, 1);
		page_text(p->page, life[side], HEAD - 30, AT_MIDDLE, 13, true, p->end[side]);
		page_pen(p->page, GREY, 1.2);
		page_move(p->page, life[side], HEAD - 22);
		page_to(p->page, life[side], bottom);
		page_stroke(p->page);
	}
	for (u32 i = 0; i < p->rows; i++)
		row(p, life, HEAD + (double)ROW * i, &p->row[i], i == 0);
}
