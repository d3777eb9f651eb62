/* The ladder of one conversation. */
#include "ui/ladder.h"

#include "packet/show.h"

#include <string.h>

struct ladder ladder_layout(int w, int time_w, int margin)
{
	struct ladder l = { .time_x = 2, .time_w = time_w, .left_w = margin, .right_w = margin };

	l.left_x = l.time_x + time_w + 1;
	l.line[0] = l.left_x + margin + 1;
	l.line[1] = MAX(w - 2 - margin - (margin > 0), l.line[0] + 1);
	l.right_x = l.line[1] + 2;
	return l;
}

/* ---- which packets ---- */

enum { SHORT_CHAIN = 1 << 14 };

u64 ladder_last(const struct world *w, const struct conv *c, u64 n)
{
	u64 passed = MIN(w->passed, w->count), first, at;
	bool end; /* its last packet is known */

	if (passed == 0)
		return LADDER_NONE;
	n = MIN(n, passed - 1);
	at = (u64)c->last - 1; /* flow counts packets from 1 */
	end = c->last > 0 && at < passed && tape_conv(w->tape, at) == c->id;
	if (end && at <= n)
		return at;
	/* A conversation of few packets is walked from its own end; one of many mostly has one near
	 * by, and else a search through all is quicker than its links, each in another place. */
	if (end && c->packets[0] + c->packets[1] <= SHORT_CHAIN) {
		while (at != LADDER_NONE && at > n)
			at = ladder_prev(w, at);
		return at;
	}
	first = MIN((u64)c->first - (c->first > 0), n);
	at = tape_conv_last(w->tape, c->id, first, n + 1);
	return at <= n ? at : LADDER_NONE;
}

u64 ladder_prev(const struct world *w, u64 n)
{
	u32 prev = tape_prev(w->tape, n);

	return prev == TAPE_NONE || prev >= n ? LADDER_NONE : prev;
}

u64 ladder_next(const struct world *w, u32 conv, u64 n, u64 last)
{
	u64 to = MIN(last == LADDER_NONE ? w->passed : last + 1, w->passed), at;

	if (n + 1 >= to)
		return LADDER_NONE;
	at = tape_conv_first(w->tape, conv, n + 1, to);
	return at < to ? at : LADDER_NONE;
}

/* ---- what an arrow says ---- */

static void put_flags(struct txt *t, u16 flags)
{
	static const struct {
		u16 bit;
		char name[5];
	} names[] = { { TCP_SYN, "SYN," }, { TCP_FIN, "FIN," }, { TCP_RST, "RST," },
		      { TCP_PSH, "PSH," }, { TCP_ACK, "ACK," }, { TCP_URG, "URG," },
		      { TCP_ECE, "ECE," }, { TCP_CWR, "CWR," }, { TCP_AE, "AE," } };
	size_t from = t->n;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (flags & names[i].bit)
			txt_puts(t, names[i].name);
	if (t->n > from)
		t->n--; /* the last comma */
	else
		txt_puts(t, "no flags");
}

/* What the arrow's sender and receiver count from. */
struct bases {
	u32 seq, ack;
};

/* Parts of a label, from the first that goes when there is no room to the last. */
enum label_form { WITH_APP, WITH_ACK, WITH_WORDS, SHORT };

static void put_sacks(struct txt *t, const struct facts *x, const struct bases *b)
{
	for (unsigned i = 0; i < x->tcp.nsack; i++) {
		txt_puts(t, i == 0 ? "  SACK " : ",");
		txt_u64(t, x->tcp.sack[i].left - b->ack);
		txt_putc(t, '-');
		txt_u64(t, x->tcp.sack[i].right - b->ack);
	}
}

static void put_syn(struct txt *t, const struct facts *x)
{
	if (x->tcp.mss > 0)
		txt_printf(t, " mss %u", x->tcp.mss);
	if (x->tcp.wscale >= 0)
		txt_printf(t, " ws %u", 1u << x->tcp.wscale);
	if (x->tcp.sack_ok)
		txt_puts(t, " sack");
}

static void put_tcp(struct txt *t, const struct conv *c, int side, const struct pkt *k,
		    const struct ladder_opts *o, enum label_form form)
{
	const struct facts *x = &k->facts;
	u16 flags = x->tcp.flags;
	struct bases b = { o->raw || !c->has_base[side] ? 0 : c->base_seq[side],
			   o->raw || !c->has_base[!side] ? 0 : c->base_seq[!side] };
	u32 seq = x->tcp.seq - b.seq;
	bool data = x->payload_len > 0, numbered = data || (flags & (TCP_SYN | TCP_FIN | TCP_RST));

	if (!numbered && (flags & ~(u32)(TCP_ECE | TCP_CWR | TCP_AE)) == TCP_ACK) {
		put_flags(t, flags);
		txt_putc(t, ' ');
		txt_u64(t, x->tcp.ack - b.ack);
		if (form < SHORT)
			put_sacks(t, x, &b);
		else if (x->tcp.nsack > 0)
			txt_puts(t, "  SACK");
	} else {
		put_flags(t, flags);
		txt_puts(t, form < SHORT ? " seq " : " ");
		txt_u64(t, seq);
		if (data) {
			txt_putc(t, ':');
			txt_u64(t, (u32)(seq + x->payload_len));
		}
		if ((flags & TCP_ACK) && (form < WITH_WORDS || (!data && form < SHORT))) {
			txt_puts(t, " ack ");
			txt_u64(t, x->tcp.ack - b.ack);
		}
		if (data && form < SHORT)
			txt_printf(t, " len %u", x->payload_len);
		if (form < WITH_WORDS)
			put_sacks(t, x, &b);
	}
	if ((flags & TCP_SYN) && form < WITH_WORDS)
		put_syn(t, x);
	if (x->tcp.win == 0 && !(flags & TCP_RST))
		txt_puts(t, " win 0");
	if (form == WITH_APP && data && strcmp(show_protocol(k), "TCP") != 0) {
		txt_puts(t, "  ");
		txt_puts(t, show_protocol(k));
		txt_putc(t, ' ');
		show_info(t, k);
	}
}

enum { WORDS_LEAST = 24 }; /* columns in which half a sentence is worth more than a length */

/* UDP says what its payload says, or how long that is. */
static void put_udp(struct txt *t, const struct pkt *k, enum label_form form)
{
	const char *proto = show_protocol(k);
	bool app = strcmp(proto, "UDP") != 0 && strcmp(proto, "Data") != 0;

	if (app && form < SHORT) {
		txt_puts(t, proto);
		if (form <= WITH_ACK) {
			txt_putc(t, ' ');
			show_info(t, k);
		}
		if (form == WITH_ACK)
			return;
		txt_puts(t, "  ");
	}
	txt_printf(t, "len %u", k->facts.payload_len);
}

/* Cuts what was written since `from` to `room` columns; a byte is never less than its part of them.
 */
static void cut(struct txt *t, size_t from, int room)
{
	t->n = from + (size_t)room - 1;
	while ((t->s[t->n] & 0xc0) == 0x80)
		t->n--;
	txt_puts(t, "…");
}

void ladder_label(struct txt *t, const struct conv *c, const struct pkt *k,
		  const struct ladder_opts *o, int room)
{
	int side = k->conv_reversed;
	size_t from = t->n;

	for (int form = WITH_APP; form <= SHORT; form++) {
		t->n = from;
		if (c->l4 == 6)
			put_tcp(t, c, side, k, o, (enum label_form)form);
		else
			put_udp(t, k, (enum label_form)form);
		if (canvas_width(t->s + from, t->n - from) <= room)
			return;
		if (c->l4 != 6 && form == WITH_ACK && room >= WORDS_LEAST) {
			cut(t, from, room);
			return;
		}
	}
}

void ladder_end(struct txt *t, const struct conv *c, int side)
{
	if (c->net == 6) {
		txt_putc(t, '[');
		txt_ip6(t, c->addr[side]);
		txt_putc(t, ']');
	} else {
		txt_ip4(t, c->addr[side]);
	}
	txt_putc(t, ':');
	txt_u64(t, c->port[side]);
}

/* ---- the arrow ---- */

enum {
	ARROW_W = 5, /* of an arrow beside its label: "─ " and " ─▶" */
	LOST_W = 10, /* the same where it ends in "─ ✗ lost" */
	MARK_W = 3,  /* of a mark: the blanks around it and the line before it */
	LABEL_LEAST = 8,
};

/* What stands on an arrow. */
struct words {
	const char *s;
	size_t n;
	int w;
	enum style style;
};

/* Words on the line at x, a blank on either side. Returns the column behind them. */
static int put_words(const struct canvas *c, int x, int y, int w, const struct words *t)
{
	canvas_put(c, x, y, t->style, ' ');
	canvas_cut(c, x + 1, y, w, t->style, t->s, t->n);
	canvas_put(c, x + 1 + w, y, t->style, ' ');
	return x + w + 2;
}

/* A solid line with its head at the far end; what was lost ends on the way. The label stands near
 * the sender, the mark behind it. */
static void draw_arrow(const struct canvas *c, int y, int x0, int x1, bool right, bool lost,
		       const struct words *label, const struct words *mark)
{
	int room = x1 - x0 + 1, mark_w = mark->w > 0 ? mark->w + MARK_W : 0;
	int text_w = CLAMP(room - ARROW_W - mark_w, 0, label->w), all, x;
	enum style style = label->style;

	if (text_w < label->w && text_w < LABEL_LEAST) { /* no room for both */
		text_w = MIN(label->w, MAX(room - ARROW_W, 0));
		mark_w = 0;
	}
	/* "─ LABEL ─ MARK ────▶" and "◀──── MARK ─ LABEL ─" */
	canvas_hline(c, x0, y, room, style, U'─');
	if (text_w > 0)
		put_words(c, right ? x0 + 1 : x1 - 2 - text_w, y, text_w, label);
	if (mark_w > 0)
		put_words(c, right ? x0 + text_w + 4 : x1 - text_w - mark->w - 5, y, mark->w, mark);
	if (!lost) {
		canvas_put(c, right ? x1 : x0, y, style, right ? U'▶' : U'◀');
		return;
	}
	/* the cross stands in the middle, or behind the words where they are longer */
	all = text_w + mark_w;
	if (right) {
		x = MAX(x0 + room / 2, x0 + all + 5);
		canvas_hline(c, x, y, x1 - x + 1, style, ' ');
		canvas_puts(c, x + 1, y, STYLE_LOSS, x + 6 <= x1 ? "✗ lost" : "✗");
	} else {
		x = MIN(x0 + room / 2, x1 - all - 5);
		canvas_hline(c, x0, y, x - x0 + 1, style, ' ');
		canvas_puts(c, x - 6 >= x0 ? x - 6 : x - 1, y, STYLE_LOSS,
			    x - 6 >= x0 ? "lost ✗" : "✗");
	}
}

enum style ladder_style(const struct pkt *k)
{
	return k->frame->lost ? STYLE_LOSS : !k->conv_reversed ? STYLE_FWD : STYLE_REV;
}

enum style ladder_noted(const struct pkt *k, const struct ladder_notes *notes)
{
	if (k->frame->lost)
		return STYLE_LOSS;
	if (notes->dim)
		return STYLE_DIM;
	return notes->mark != NULL && notes->mark_style == STYLE_RETRANS ? STYLE_RETRANS
									 : ladder_style(k);
}

void ladder_draw(const struct ladder *l, const struct canvas *c, int y, const struct conv *conv,
		 const struct pkt *k, const struct ladder_opts *o, const struct ladder_notes *notes)
{
	static const struct ladder_notes none;
	int side = k->conv_reversed, room = l->line[1] - l->line[0] - 1;
	bool lost = k->frame->lost;
	struct words label = { 0 }, mark = { 0 };
	struct txt t;

	if (notes == NULL)
		notes = &none;
	if (notes->mark != NULL) {
		mark = (struct words) { notes->mark, strlen(notes->mark), 0, notes->mark_style };
		mark.w = canvas_width(mark.s, mark.n);
	}
	txt_init(&t);
	ladder_label(&t, conv, k, o,
		     room - (lost ? LOST_W : ARROW_W) - (mark.w > 0 ? mark.w + MARK_W : 0));
	label = (struct words) { t.s, t.n, canvas_width(t.s, t.n), ladder_noted(k, notes) };
	canvas_put(c, l->line[0], y, STYLE_BORDER, side == 0 ? U'├' : U'│');
	canvas_put(c, l->line[1], y, STYLE_BORDER, side == 1 ? U'┤' : U'│');
	if (room > 2)
		draw_arrow(c, y, l->line[0] + 1, l->line[1] - 1, side == 0, lost, &label, &mark);
	if (notes->side[0] != NULL)
		canvas_right(c, l->left_x, y, l->left_w, notes->side_style[0], notes->side[0],
			     strlen(notes->side[0]));
	if (notes->side[1] != NULL)
		canvas_cut(c, l->right_x, y, l->right_w, notes->side_style[1], notes->side[1],
			   strlen(notes->side[1]));
	txt_fini(&t);
}
