/* The packets: the list of the whole tape, and below it the tree and the bytes of the packet at the
 * playhead. The chosen row is the playhead: the keys move it, the wheel only looks around. */
#include "ui/columns.h"
#include "ui/fieldtree.h"
#include "ui/hexview.h"
#include "ui/list.h"
#include "ui/pane.h"

#include "packet/registry.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

enum part { PART_LIST, PART_TREE, PART_HEX };

enum {
	GUTTER = 3,	  /* playhead, mark, blank */
	SPLIT_H = 13,	  /* below this inside height one part fills the pane */
	LIST_H = 5,	  /* title and rows that the list keeps */
	DETAIL_H = 4,	  /* rule and rows that tree and bytes want together at least */
	BOTH_H = 11,	  /* the same for tree and bytes, one below the other */
	HEX_H = 5,	  /* of it for the bytes */
	SIDE_W = 118,	  /* from this width on tree and bytes stand side by side */
	SHARE_STEP = 100, /* thousandths of the height */
	SAMPLE = 100,	  /* first packets that columns are measured by */
};

/* Where the parts stand inside the pane; h is 0 where one is not in view. */
struct area {
	int x, y, w, h;
};
struct areas {
	struct area list, tree, hex; /* rows of text, without title and rules */
	bool rule;		     /* a rule above the tree (and bytes) */
	bool stacked;		     /* and another above the bytes */
};

struct packets {
	struct pane pane;
	enum part part; /* which has the keys */
	bool tree_on, hex_on;
	int share; /* of the height for tree and bytes, in thousandths */
	int rows;  /* that the list can ever need; -1 while that is not known */

	struct list list; /* only its top and page: the chosen row is the playhead */
	struct columns columns;
	u64 sampled; /* packets that the columns were measured by before the first step */
	const struct tape *seen_tape;
	const struct match *seen_match;
	u64 seen_at, seen_row, seen_top; /* playhead, its row, the packet in the first line */
	u64 seen_count;

	struct folds folds;
	struct list tree;
	struct tree_place chosen;
	u32 byte;
	u64 hex_top;
};

/* ---- where things are ---- */

static struct areas single(const struct packets *p, int w, int h)
{
	struct areas a = { 0 };

	switch (p->part) {
	case PART_LIST: a.list = (struct area) { 0, 1, w, MAX(h - 1, 0) }; break;
	case PART_TREE: a.tree = (struct area) { 0, 0, w, h }; break;
	case PART_HEX: a.hex = (struct area) { 0, 0, w, h }; break;
	}
	return a;
}

static struct areas arrange(const struct packets *p)
{
	int w = p->pane.w, h = p->pane.h, detail, y, side = hex_width(16) + 1;
	struct areas a = { 0 };

	if (h < SPLIT_H || (!p->tree_on && !p->hex_on))
		return single(p, w, h);
	detail = CLAMP(h * p->share / 1000, DETAIL_H, h - LIST_H);
	if (p->rows >= 0) /* a short tape leaves more to the tree */
		detail = MAX(detail, h - 1 - MAX(p->rows, LIST_H - 1));
	y = h - detail;
	a.list = (struct area) { 0, 1, w, y - 1 };
	a.rule = true;
	a.tree = (struct area) { 0, y + 1, w, detail - 1 };
	if (!p->tree_on) {
		a.hex = a.tree;
		a.tree.h = 0;
	} else if (p->hex_on && w >= SIDE_W) {
		a.tree.w = w - side - 1;
		a.hex = (struct area) { w - side + 1, y + 1, side - 1, detail - 1 };
	} else if (p->hex_on && detail >= BOTH_H) {
		int hex = MAX(HEX_H, detail * 2 / 5);

		a.tree.h -= hex;
		a.hex = (struct area) { 0, h - hex + 1, w, hex - 1 };
		a.stacked = true;
	} else if (p->hex_on && p->part == PART_HEX) { /* room for one only */
		a.hex = a.tree;
		a.tree.h = 0;
	}
	return a;
}

static struct canvas view(const struct canvas *c, const struct area *a)
{
	return canvas_sub(c, a->x, a->y, a->w, a->h);
}

/* The whole pane with the frame that always stands around the inside: for rules that join it. */
static struct canvas framed(const struct canvas *c)
{
	return (struct canvas) { c->g, c->x - 1, c->y - 1, c->w + 2, c->h + 2 };
}

/* ---- following the playhead ---- */

static bool empty(const struct world *w)
{
	return w->tape == NULL || w->count == 0;
}

/* The row of the playhead is in the list itself (not only near it). */
static bool at_listed(const struct world *w, u64 row)
{
	return row < world_rows(w) && world_row_packet(w, row) == w->at;
}

/* Brings the playhead's row into view: by a line where it stepped, to the middle where it jumped,
 * and a page at a time while playing, so that the rows stand still. */
static void follow(struct packets *p, const struct world *w, u64 row)
{
	u64 page = (u64)MAX(p->list.page, 1), old = p->list.top;
	bool near = row + 1 >= p->seen_row && row <= p->seen_row + 1;

	if (near && w->head.state == PLAYHEAD_PAUSED) {
		list_to(&p->list, row);
		return;
	}
	list_center(&p->list, row);
	if (w->head.state != PLAYHEAD_PAUSED && page > 8) {
		p->list.top = old;
		p->list.cursor = row;
		if (row < old + 2 || row + 2 >= old + page)
			p->list.top = row > page / 4 ? row - page / 4 : 0;
		if (p->list.top + page > p->list.n)
			p->list.top = p->list.n > page ? p->list.n - page : 0;
	}
}

/* Rows came in before the view (a filter being worked out): the rows that are seen stay. */
static void hold(struct packets *p, const struct world *w, u64 row)
{
	u64 line;

	if (p->seen_row >= p->list.top && p->seen_row - p->list.top < (u64)p->list.page) {
		line = p->seen_row - p->list.top;
		p->list.top = row > line ? row - line : 0;
	} else {
		p->list.top = world_packet_row(w, p->seen_top);
	}
	p->list.cursor = p->list.top;
}

static void update_list(struct packets *p, const struct world *w, int page)
{
	u64 rows = world_rows(w), row = rows > 0 ? world_packet_row(w, w->at) : 0;
	bool fresh = p->seen_tape != w->tape || p->seen_match != w->match ||
		     (p->list.n == 0 && rows > 0);
	struct list *l = &p->list;

	if (p->seen_tape != w->tape) {
		columns_reset(&p->columns);
		p->sampled = 0;
	}
	/* The columns begin as wide as what the tape begins with needs, lest they move at the first
	 * steps. */
	for (; p->sampled < MIN(w->count, SAMPLE); p->sampled++)
		columns_see(&p->columns, w, world_line(w, p->sampled));
	if (!fresh && rows != l->n && row != p->seen_row && w->at == p->seen_at)
		hold(p, w, row);
	list_set(l, rows, page);
	if (fresh)
		list_center(l, row);
	else if (w->at != p->seen_at)
		follow(p, w, row);
	p->seen_tape = w->tape;
	p->seen_match = w->match;
	p->seen_at = w->at;
	p->seen_row = row;
	p->seen_top = l->top < rows ? world_row_packet(w, l->top) : 0;
	for (u64 y = 0; y < (u64)l->page && l->top + y < rows; y++)
		columns_see(&p->columns, w, world_line(w, world_row_packet(w, l->top + y)));
}

static void update_detail(struct packets *p, const struct world *w, const struct areas *a)
{
	const struct pkt *k = world_full(w, w->at);
	struct tree_rows t = { 0 };
	unsigned per = hex_per_row(MAX(a->hex.w, 1));
	u64 rows, line;

	tree_build(&t, k, &p->folds);
	list_set(&p->tree, t.rows.n, a->tree.h);
	if (t.rows.n > 0)
		list_to(&p->tree, tree_find(&t, k, &p->chosen));
	if (p->part != PART_HEX && t.rows.n > 0 && t.rows.v[p->tree.cursor].len > 0)
		p->byte = t.rows.v[p->tree.cursor].off;
	p->byte = k->frame->caplen > 0 ? MIN(p->byte, k->frame->caplen - 1) : 0;
	tree_fini(&t);

	rows = (k->frame->caplen + per - 1) / per;
	line = p->byte / per;
	if (line < p->hex_top)
		p->hex_top = line;
	else if (a->hex.h > 0 && line >= p->hex_top + (u64)a->hex.h)
		p->hex_top = line - (u64)a->hex.h + 1;
	if (p->hex_top + (u64)a->hex.h > rows)
		p->hex_top = rows > (u64)a->hex.h ? rows - (u64)a->hex.h : 0;
}

static void init(struct pane *pane)
{
	struct packets *p = (struct packets *)pane;

	p->tree_on = p->hex_on = true;
	p->share = 450;
	p->rows = -1;
}

static void fini(struct pane *pane)
{
	folds_fini(&((struct packets *)pane)->folds);
}

static void update(struct pane *pane, const struct world *w)
{
	struct packets *p = (struct packets *)pane;
	struct areas a;

	p->rows = w->done && w->count < 1000 ? (int)w->count : -1;
	a = arrange(p);
	if (empty(w)) {
		list_set(&p->list, 0, a.list.h);
		p->seen_tape = w->tape;
		return;
	}
	update_list(p, w, a.list.h);
	update_detail(p, w, &a);
}

/* ---- drawing ---- */

static void title(const struct pane *pane, const struct world *w, struct txt *left,
		  struct txt *right)
{
	(void)pane;
	txt_puts(left, "packets");
	if (empty(w))
		return;
	if (w->filter != NULL) {
		txt_puts(left, " ─ ");
		txt_puts(left, w->filter);
	}
	txt_puts(right, "#");
	txt_u64(right, w->at + 1);
	txt_puts(right, " of ");
	txt_u64(right, w->count);
	if (w->match == NULL)
		return;
	txt_printf(right, " · %" PRIu64 " listed", world_rows(w));
	if (!match_done(w->match) && w->count > 0)
		txt_printf(right, ", %3" PRIu64 " %% filtered",
			   match_tested(w->match) * 100 / w->count);
}

static bool is_marked(const struct world *w, u64 n)
{
	size_t lo = 0, hi = w->head.marks.n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (w->head.marks.v[mid].n < n)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < w->head.marks.n && w->head.marks.v[lo].n == n;
}

/* The style of a packet's addresses: the direction in its conversation. */
static enum style direction(const struct pkt *k)
{
	if (k->conv == PKT_NO_CONV || k->facts.net == 0)
		return STYLE_DEFAULT;
	return k->conv_reversed ? STYLE_REV : STYLE_FWD;
}

/* What the trackers noted of a packet, in one letter. */
static void draw_found(const struct canvas *c, int y, u32 found)
{
	static const struct {
		u32 found;
		u32 letter;
		enum style style;
	} signs[] = {
		{ TRACE_COPY, U'=', STYLE_DIM },
		{ TRACE_FAULT, U'!', STYLE_WARN },
		{ TCP_FOUND_RETRANSMISSION | TCP_FOUND_FAST_RETRANSMISSION |
			  TCP_FOUND_SPURIOUS_RETRANSMISSION,
		  U'r', STYLE_RETRANS },
		{ TCP_FOUND_DUPLICATE_ACK, U'd', STYLE_WARN },
		{ TCP_FOUND_OUT_OF_ORDER, U'o', STYLE_WARN },
		{ TCP_FOUND_LOST_SEGMENT | TCP_FOUND_ACK_LOST_SEGMENT, U'g', STYLE_WARN },
		{ TCP_FOUND_ZERO_WINDOW | TCP_FOUND_ZERO_WINDOW_PROBE |
			  TCP_FOUND_ZERO_WINDOW_PROBE_ACK | TCP_FOUND_WINDOW_FULL,
		  U'w', STYLE_WARN },
		{ TRACE_STATE, U's', STYLE_STATE },
	};

	for (size_t i = 0; i < ARRAY_LEN(signs); i++)
		if (found & signs[i].found) {
			canvas_put(c, 1, y, signs[i].style, signs[i].letter);
			return;
		}
}

static void draw_gutter(const struct world *w, const struct canvas *c, int y, const struct pkt *k,
			u64 n, bool head)
{
	const u32 bad = 1u << MARK_MALFORMED | 1u << MARK_LENGTH | 1u << MARK_CHECKSUM |
			1u << MARK_DEPTH | 1u << MARK_VALUE;

	if (head)
		canvas_put(c, 0, y, STYLE_STRONG, n == w->at ? U'▶' : U'▸');
	if (k->frame->lost)
		canvas_put(c, 1, y, STYLE_LOSS, U'✗');
	else if (is_marked(w, n))
		canvas_put(c, 1, y, STYLE_MARK, U'◆');
	else if (k->marks & bad)
		canvas_put(c, 1, y, STYLE_WARN, '!');
	else
		draw_found(c, y, w->trace != NULL ? trace_found(w->trace, n) : 0);
}

/* Lights a text where it stands in a row, whatever its case. */
static void shade_text(const struct canvas *c, int y, const char *text)
{
	const struct cell *row = &c->g->cells[(size_t)(c->y + y) * (size_t)c->g->w + (size_t)c->x];
	int n = text != NULL ? (int)strlen(text) : 0, i;

	for (int x = GUTTER; n > 0 && x + n <= c->w; x++) {
		for (i = 0; i < n && row[x + i].ch < 0x7f; i++)
			if (tolower((int)row[x + i].ch) != tolower((u8)text[i]))
				break;
		if (i == n)
			canvas_shade(c, x, y, n, 1, SHADE_MATCH);
	}
}

static void draw_row(const struct packets *p, const struct world *w, const struct canvas *c, int y,
		     u64 n, const struct column_fit *fit, size_t nfit)
{
	const struct pkt *k = world_line(w, n);
	enum style base = k->frame->lost ? STYLE_LOSS : STYLE_DEFAULT;
	enum style dir = k->frame->lost ? STYLE_LOSS : direction(k);
	bool head = p->seen_row == world_packet_row(w, n) && n <= w->at;

	draw_gutter(w, c, y, k, n, head);
	columns_draw(w, fit, nfit, c, GUTTER, y, k, base, dir);
	if (n > w->at) {
		canvas_shade(c, 0, y, c->w, 1, SHADE_DIM);
	} else if (n == w->at) { /* one bar in one colour */
		canvas_restyle(c, 0, y, c->w, 1, dir);
		canvas_shade(c, 0, y, c->w, 1, SHADE_PLAYHEAD);
	}
	if (w->found != NULL && match_has(w->found, n)) {
		canvas_shade(c, GUTTER, y, fit[0].w, 1, SHADE_MATCH);
		shade_text(c, y, w->search);
	}
}

static void draw_list(const struct packets *p, const struct world *w, const struct canvas *c,
		      const struct area *a)
{
	struct column_fit fit[COLUMNS_MAX];
	size_t n = columns_fit(&p->columns, w, MAX(a->w - GUTTER, 0), fit);
	struct canvas rows = view(c, a), all = framed(c);
	struct txt t;

	columns_head(w, fit, n, c, GUTTER, a->y - 1);
	for (u64 y = 0; y < (u64)rows.h && p->list.top + y < p->list.n; y++)
		draw_row(p, w, &rows, (int)y, world_row_packet(w, p->list.top + y), fit, n);
	list_draw_thumb(&p->list, &all, all.w - 1, a->y + 1,
			p->pane.focus ? STYLE_FOCUS : STYLE_BORDER);
	if (p->list.n > 0)
		return;
	txt_init(&t);
	if (w->match != NULL && !match_done(w->match))
		txt_puts(&t, "No packet passes the filter so far.");
	else
		txt_puts(&t, "No packet passes the filter. Type  filter  with nothing behind it "
			     "(: is the prompt) to list all packets.");
	pane_draw_empty(&rows, txt_str(&t));
	txt_fini(&t);
}

static void draw_tree_row(const struct packets *p, const struct canvas *c, int y,
			  const struct pkt *k, const struct tree_row *r, bool chosen)
{
	bool cursor = chosen && p->pane.focus && p->part == PART_TREE;
	enum style style = r->kind == TREE_MARK		      ? STYLE_WARN
			   : chosen && !cursor		      ? STYLE_FIELD
			   : r->kind == TREE_LAYER	      ? STYLE_STRONG
			   : k->vals[r->i].gen && r->len == 0 ? STYLE_DIM
							      : STYLE_DEFAULT;
	int x = r->depth * 2;
	struct txt t;

	txt_init(&t);
	tree_put(&t, k, r);
	if (r->folds)
		canvas_put(c, x, y, STYLE_KEY, r->open ? U'▾' : U'▸');
	else if (r->kind == TREE_MARK)
		canvas_put(c, x, y, STYLE_WARN, '!');
	canvas_cut(c, x + 2, y, c->w - x - 2, style, t.s, t.n);
	if (cursor)
		canvas_shade(c, 0, y, c->w, 1, SHADE_CURSOR);
	txt_fini(&t);
}

static void draw_tree(const struct packets *p, const struct canvas *c, const struct pkt *k,
		      const struct tree_rows *t)
{
	for (u64 y = 0; y < (u64)c->h && p->tree.top + y < t->rows.n; y++) {
		u64 row = p->tree.top + y;

		draw_tree_row(p, c, (int)y, k, &t->rows.v[row], row == p->tree.cursor);
	}
}

static void draw_hex(const struct packets *p, const struct canvas *c, const struct pkt *k,
		     const struct tree_row *r)
{
	struct hexview v = {
		.data = k->frame->data,
		.n = k->frame->caplen,
		.top = p->hex_top,
		.byte = p->byte,
		.cursor = p->pane.focus && p->part == PART_HEX,
	};

	if (r != NULL) {
		v.off = r->off;
		v.len = r->len;
	}
	hex_draw(&v, c);
}

/* "#38  1514 bytes, 96 captured" */
static void put_frame(struct txt *t, const struct pkt *k)
{
	txt_printf(t, "#%" PRIu64 "  %u bytes", k->frame->number, k->frame->len);
	if (k->frame->caplen < k->frame->len)
		txt_printf(t, ", %u captured", k->frame->caplen);
}

/* "tcp.srcport  bytes 34-35" */
static void put_chosen(struct txt *t, const struct tree_row *r)
{
	if (r == NULL)
		return;
	txt_puts(t, tree_name(r));
	if (r->len == 1)
		txt_printf(t, "  byte %u", r->off);
	else if (r->len > 1)
		txt_printf(t, "  bytes %u-%u", r->off, r->off + r->len - 1);
}

/* The rules over tree and bytes, with what they show. */
static void draw_rules(const struct packets *p, const struct canvas *c, const struct areas *a,
		       const struct pkt *k, const struct tree_row *chosen)
{
	struct canvas all = framed(c);
	enum style style = STYLE_BORDER;
	int y = (a->tree.h > 0 ? a->tree.y : a->hex.y);
	struct txt frame, field;

	txt_init(&frame);
	txt_init(&field);
	put_frame(&frame, k);
	put_chosen(&field, chosen);
	if (a->hex.h == 0 || a->tree.h == 0) {
		txt_puts(&frame, "  ");
		txt_puts(&frame, txt_str(&field));
	}
	canvas_box_rule(&all, y, p->pane.focus, txt_str(&frame));
	if (a->stacked)
		canvas_box_rule(&all, a->hex.y, p->pane.focus,
				field.n > 0 ? txt_str(&field) : NULL);
	if (a->tree.h > 0 && a->hex.h > 0 && !a->stacked) {
		int x = a->hex.x - 2;

		canvas_put(c, x, y - 1, style, U'┬');
		canvas_vline(c, x, y, a->hex.h, style, U'│');
		if (field.n > 0) {
			canvas_fill(c, x + 2, y - 1, (int)field.n + 2, 1, STYLE_TITLE, ' ');
			canvas_putn(c, x + 3, y - 1, STYLE_TITLE, field.s, field.n);
		}
	}
	txt_fini(&frame);
	txt_fini(&field);
}

static void draw(const struct pane *pane, const struct world *w, const struct canvas *c)
{
	const struct packets *p = (const struct packets *)pane;
	struct areas a = arrange(p);
	struct tree_rows t = { 0 };
	const struct tree_row *chosen = NULL;
	struct canvas part;
	const struct pkt *k;

	if (empty(w)) {
		pane_draw_empty(c, w->tape == NULL ? pane->type->empty
				   : w->done	   ? "This capture holds no packets."
						   : "No packet has come yet.");
		return;
	}
	if (a.list.h > 0 || a.tree.h + a.hex.h == 0)
		draw_list(p, w, c, &a.list);
	if (a.tree.h + a.hex.h == 0)
		return;
	k = world_full(w, w->at);
	tree_build(&t, k, &p->folds);
	if (p->tree.cursor < t.rows.n)
		chosen = &t.rows.v[p->tree.cursor];
	if (a.rule)
		draw_rules(p, c, &a, k, chosen);
	part = view(c, &a.tree);
	draw_tree(p, &part, k, &t);
	part = view(c, &a.hex);
	draw_hex(p, &part, k, chosen);
	tree_fini(&t);
}

/* ---- keys ---- */

static struct wish jump(u64 n)
{
	return wish_run("jump packet %" PRIu64, n + 1);
}

static struct wish jump_row(const struct world *w, u64 row)
{
	u64 rows = world_rows(w);

	if (rows == 0)
		return wish_say("no packet is listed");
	row = MIN(row, rows - 1);
	return world_row_packet(w, row) == w->at ? wish_done() : jump(world_row_packet(w, row));
}

/* The playhead by so many rows. From between two listed packets the first step goes to the nearer
 * one on that side. */
static struct wish move(const struct world *w, i64 by)
{
	u64 rows = world_rows(w), row = rows > 0 ? world_packet_row(w, w->at) : 0;

	if (rows > 0 && !at_listed(w, row)) {
		if (by < 0 && world_row_packet(w, row) < w->at)
			by++;
		else if (by > 0 && world_row_packet(w, row) > w->at)
			by--;
	}
	if (by == 0)
		return jump_row(w, row);
	if (by < 0 && row == 0)
		return wish_say("this is the first packet of the list");
	if (by > 0 && rows > 0 && row == rows - 1)
		return wish_say(w->done ? "this is the last packet of the list"
					: "this is the last packet so far");
	if (by < 0)
		return jump_row(w, row > (u64)-by ? row - (u64)-by : 0);
	return jump_row(w, row + (u64)by);
}

static struct wish act_list(struct packets *p, const struct world *w, const char *verb)
{
	i64 page = MAX(p->list.page - 1, 1);

	if (strcmp(verb, "up") == 0)
		return move(w, -1);
	if (strcmp(verb, "down") == 0)
		return move(w, 1);
	if (strcmp(verb, "page-up") == 0)
		return move(w, -page);
	if (strcmp(verb, "page-down") == 0)
		return move(w, page);
	if (strcmp(verb, "top") == 0)
		return jump_row(w, 0);
	if (strcmp(verb, "bottom") == 0)
		return jump_row(w, UINT64_MAX);
	if (strcmp(verb, "left") == 0)
		return wish_say("fold and unfold work in the tree: t or Enter goes there");
	if (strcmp(verb, "right") == 0 || strcmp(verb, "enter") == 0) {
		p->tree_on = true;
		p->part = PART_TREE;
		return wish_done();
	}
	return wish_unknown();
}

static struct wish choose(struct packets *p, const struct pkt *k, const struct tree_rows *t,
			  u64 row)
{
	if (row < t->rows.n) {
		p->chosen = tree_remember(k, &t->rows.v[row]);
		list_to(&p->tree, row);
	}
	return wish_done();
}

static struct wish fold(struct packets *p, const struct pkt *k, const struct tree_rows *t,
			const struct tree_row *r, int open)
{
	bool now = open < 0 ? !r->open : open > 0;

	if (r->folds && r->open != now) {
		folds_set(&p->folds, r->key, now);
		return wish_done();
	}
	if (open == 0) /* folded or nothing to fold: up to what it lies under */
		return choose(p, k, t, tree_parent(t, (size_t)(r - t->rows.v)));
	if (r->folds) /* open already: into it */
		return choose(p, k, t, (u64)(r - t->rows.v) + 1);
	if (open < 0 && r->len > 0) {
		p->hex_on = true;
		p->part = PART_HEX;
		p->byte = r->off;
		return wish_done();
	}
	return wish_say(r->len > 0 ? "nothing lies below this field; Enter goes to its bytes"
				   : "this value is computed: it has no bytes of its own");
}

static struct wish act_tree(struct packets *p, const struct pkt *k, const struct tree_rows *t,
			    const char *verb)
{
	const struct tree_row *r = &t->rows.v[p->tree.cursor];

	if (strcmp(verb, "left") == 0)
		return fold(p, k, t, r, 0);
	if (strcmp(verb, "right") == 0)
		return fold(p, k, t, r, 1);
	if (strcmp(verb, "enter") == 0)
		return fold(p, k, t, r, -1);
	if (list_verb(&p->tree, verb))
		return choose(p, k, t, p->tree.cursor);
	return wish_unknown();
}

static struct wish act_hex(struct packets *p, const struct pkt *k, const struct tree_rows *t,
			   const char *verb)
{
	struct areas a = arrange(p);
	i64 per = hex_per_row(MAX(a.hex.w, 1)), page = per * MAX(a.hex.h - 1, 1), row;
	i64 at = p->byte, last = (i64)k->frame->caplen - 1;
	const struct {
		const char *name;
		i64 to;
	} moves[] = {
		{ "left", at - 1 },   { "right", at + 1 },	{ "up", at - per },
		{ "down", at + per }, { "page-up", at - page }, { "page-down", at + page },
		{ "top", 0 },	      { "bottom", last },
	};

	if (strcmp(verb, "enter") == 0)
		return wish_say("t goes to the tree, Esc back to the list");
	for (size_t i = 0; i < ARRAY_LEN(moves); i++) {
		if (strcmp(verb, moves[i].name) != 0 || last < 0)
			continue;
		/* up and down keep their column: no half steps at the ends */
		if ((i == 2 || i == 3) && (moves[i].to < 0 || moves[i].to > last))
			return wish_done();
		p->byte = (u32)CLAMP(moves[i].to, 0, last);
		row = tree_at_byte(t, p->byte);
		return row < 0 ? wish_done() : choose(p, k, t, (u64)row);
	}
	return wish_unknown();
}

/* What one does with the chosen field, wherever the keys are. */
static struct wish act_field(const struct packets *p, const struct pkt *k,
			     const struct tree_rows *t, const char *verb)
{
	const struct tree_row *r = &t->rows.v[p->tree.cursor];
	struct wish wish = wish_unknown();
	struct txt text;

	txt_init(&text);
	if (strcmp(verb, "filter") == 0 || strcmp(verb, "filter-not") == 0) {
		if (!tree_filter(&text, k, r))
			wish = wish_say("a mark cannot be filtered by; choose a field");
		else if (strcmp(verb, "filter") == 0)
			wish = wish_run("filter %s", txt_str(&text));
		else
			wish = wish_run("filter !(%s)", txt_str(&text));
	} else if (strcmp(verb, "copy") == 0) {
		tree_value(&text, k, r);
		wish = wish_run("copy %s", txt_str(&text));
	} else if (strcmp(verb, "copy-filter") == 0) {
		wish = tree_filter(&text, k, r) ? wish_run("copy %s", txt_str(&text))
						: wish_say("a mark has no name to filter by");
	}
	txt_fini(&text);
	return wish;
}

/* A key that goes to a part: opens it; a second time closes it and goes back to the list. */
static struct wish to_part(struct packets *p, enum part part, bool *on)
{
	if (p->part == part) {
		*on = false;
		p->part = PART_LIST;
	} else {
		*on = true;
		p->part = part;
	}
	return wish_done();
}

static struct wish act_parts(struct packets *p, const char *verb)
{
	if (strcmp(verb, "tree") == 0)
		return to_part(p, PART_TREE, &p->tree_on);
	if (strcmp(verb, "hex") == 0)
		return to_part(p, PART_HEX, &p->hex_on);
	if (strcmp(verb, "back") == 0) {
		if (p->part == PART_LIST)
			return wish_say("the list has the keys; Enter goes to the tree");
		p->part = p->part == PART_HEX && p->tree_on ? PART_TREE : PART_LIST;
		return wish_done();
	}
	if (strcmp(verb, "expand") == 0 || strcmp(verb, "collapse") == 0) {
		folds_all(&p->folds, *verb == 'e' ? 1 : -1);
		return wish_done();
	}
	if (strcmp(verb, "more") == 0 || strcmp(verb, "less") == 0) {
		int to = p->share + (*verb == 'm' ? SHARE_STEP : -SHARE_STEP);

		if (p->pane.h < SPLIT_H)
			return wish_say("the pane is too low for two parts; z makes it larger");
		p->share = CLAMP(to, 150, 850);
		return wish_done();
	}
	return wish_unknown();
}

static struct wish act(struct pane *pane, const struct world *w, const char *verb)
{
	struct packets *p = (struct packets *)pane;
	struct tree_rows t = { 0 };
	const struct pkt *k;
	struct wish wish;

	if (strcmp(verb, "scroll-up") == 0 || strcmp(verb, "scroll-down") == 0) {
		list_verb(&p->list, verb);
		return wish_done();
	}
	if (empty(w))
		return wish_say("there are no packets: type  open FILE");
	wish = act_parts(p, verb);
	if (wish.kind != WISH_UNKNOWN)
		return wish;
	k = world_full(w, w->at);
	tree_build(&t, k, &p->folds);
	if (p->tree.cursor < t.rows.n) {
		wish = act_field(p, k, &t, verb);
		if (wish.kind == WISH_UNKNOWN && p->part == PART_TREE)
			wish = act_tree(p, k, &t, verb);
		else if (wish.kind == WISH_UNKNOWN && p->part == PART_HEX)
			wish = act_hex(p, k, &t, verb);
	}
	tree_fini(&t);
	if (wish.kind == WISH_UNKNOWN && p->part == PART_LIST)
		wish = act_list(p, w, verb);
	return wish;
}

/* ---- mouse ---- */

static bool hits(const struct area *a, const struct mouse *m)
{
	return m->x >= a->x && m->x < a->x + a->w && m->y >= a->y && m->y < a->y + a->h;
}

static struct wish mouse_list(struct packets *p, const struct world *w, const struct mouse *m,
			      int y)
{
	u64 row = list_row_at(&p->list, y);

	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
		list_scroll(&p->list, m->kind == MOUSE_WHEEL_UP ? -3 : 3);
		return wish_done();
	}
	if (row == LIST_NONE || m->kind == MOUSE_RELEASE)
		return wish_unknown();
	p->part = PART_LIST;
	if (m->kind == MOUSE_DOUBLE) {
		p->tree_on = true;
		p->part = PART_TREE;
		return wish_done();
	}
	/* the page stays where it is: follow() finds the row in view */
	return jump_row(w, row);
}

static struct wish mouse_tree(struct packets *p, const struct world *w, const struct mouse *m,
			      int y)
{
	const struct pkt *k = world_full(w, w->at);
	struct wish wish = wish_unknown();
	struct mouse inside = *m;
	struct tree_rows t = { 0 };

	inside.y = y;
	tree_build(&t, k, &p->folds);
	if (list_mouse(&p->tree, &inside) && p->tree.cursor < t.rows.n) {
		const struct tree_row *r = &t.rows.v[p->tree.cursor];
		bool mark = m->x >= r->depth * 2 && m->x < r->depth * 2 + 2;

		if (m->kind == MOUSE_PRESS || m->kind == MOUSE_DOUBLE)
			p->part = PART_TREE;
		wish = choose(p, k, &t, p->tree.cursor);
		if (r->folds &&
		    ((m->kind == MOUSE_PRESS && mark) || (m->kind == MOUSE_DOUBLE && !mark)))
			folds_set(&p->folds, r->key, !r->open);
	}
	tree_fini(&t);
	return wish;
}

static struct wish mouse_hex(struct packets *p, const struct world *w, const struct mouse *m,
			     const struct area *a)
{
	const struct pkt *k = world_full(w, w->at);
	struct hexview v = { .data = k->frame->data, .n = k->frame->caplen, .top = p->hex_top };
	struct tree_rows t = { 0 };
	i64 byte = hex_byte_at(&v, a->w, m->x - a->x, m->y - a->y), row;

	if (m->kind == MOUSE_WHEEL_UP || m->kind == MOUSE_WHEEL_DOWN) {
		p->part = PART_HEX; /* so that the bytes lead and the view need not go back */
		tree_build(&t, k, &p->folds);
		act_hex(p, k, &t, m->kind == MOUSE_WHEEL_UP ? "up" : "down");
		tree_fini(&t);
		return wish_done();
	}
	if (byte < 0 || m->kind == MOUSE_RELEASE)
		return wish_unknown();
	p->part = PART_HEX;
	p->byte = (u32)byte;
	tree_build(&t, k, &p->folds);
	row = tree_at_byte(&t, p->byte);
	if (row >= 0)
		choose(p, k, &t, (u64)row);
	tree_fini(&t);
	return wish_done();
}

static struct wish mouse(struct pane *pane, const struct world *w, const struct mouse *m)
{
	struct packets *p = (struct packets *)pane;
	struct areas a = arrange(p);

	if (empty(w))
		return wish_unknown();
	if (hits(&a.list, m))
		return mouse_list(p, w, m, m->y - a.list.y);
	if (hits(&a.tree, m))
		return mouse_tree(p, w, m, m->y - a.tree.y);
	if (hits(&a.hex, m))
		return mouse_hex(p, w, m, &a.hex);
	return wish_unknown();
}

static const struct binding keys[] = {
	{ "Up", "act up", "one packet back; one line up in the tree and the bytes", 0, NULL },
	{ "Down", "act down", "one packet on; one line down in the tree and the bytes", 0, NULL },
	{ "k", "act up", "the same as Up", 0, NULL },
	{ "j", "act down", "the same as Down", 0, NULL },
	{ "PgUp", "act page-up", "a page back", 0, NULL },
	{ "PgDn", "act page-down", "a page on", 0, NULL },
	{ "Home", "act top", "first listed packet, first line", 0, NULL },
	{ "End", "act bottom", "last listed packet, last line", 0, NULL },
	{ "C-Up", "act scroll-up", "look further back, the playhead stays", 0, NULL },
	{ "C-Down", "act scroll-down", "look further on, the playhead stays", 0, NULL },
	{ "Enter", "act enter",
	  "from the list into the tree; fold and unfold; from a field to its bytes", 4, "tree" },
	{ "Esc", "act back", "from the bytes to the tree, from the tree to the list", 0, NULL },
	{ "Left", "act left", "fold, or up to the layer; one byte back", 0, NULL },
	{ "Right", "act right", "unfold, or into it; one byte on", 0, NULL },
	{ "t", "act tree", "go to the tree; there: close it", 0, NULL },
	{ "x", "act hex", "go to the bytes; there: close them", 5, "bytes" },
	{ "e", "act expand", "unfold everything", 0, NULL },
	{ "E", "act collapse", "fold everything", 0, NULL },
	{ "+", "act more", "more room for tree and bytes", 0, NULL },
	{ "-", "act less", "less room for tree and bytes", 0, NULL },
	{ "a", "act filter", "list only packets with the chosen field's value", 6, "as filter" },
	{ "A", "act filter-not", "list only packets without it", 0, NULL },
	{ "y", "act copy", "copy the chosen field's value", 0, NULL },
	{ "M-y", "act copy-filter", "copy the chosen field as a filter", 0, NULL },
};

const struct pane_type pane_packets = {
	.name = "packets",
	.about = "The packets of the tape as a list, and the one at the playhead as a tree of "
		 "fields and "
		 "as bytes.",
	.empty = "No capture is open. Press : and type  open FILE",
	.size = sizeof(struct packets),
	.min_w = 40,
	.min_h = 8,
	.weight = 600,
	.col2 = 0,
	.col3 = 1,
	.init = init,
	.fini = fini,
	.title = title,
	.update = update,
	.draw = draw,
	.act = act,
	.mouse = mouse,
	.keys = keys,
	.n_keys = ARRAY_LEN(keys),
};
