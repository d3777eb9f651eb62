/* The variables of both ends of a TCP connection. */
#include "ui/tcppanel.h"

#include "base/num.h"
#include "ui/tcpwords.h"

#include <string.h>

enum {
	HALVES_W = 50, /* below this width only the states are shown */
	GAP = 2,       /* between the halves */
	LABEL_W = 10,  /* of bars */
	NUMBER_W = 10, /* behind bars */
	TINY_H = 7,    /* inside heights from which on there are bars, */
	SMALL_H = 12,  /* and more and more numbers */
	MIDDLE_H = 20,
	LARGE_H = 34,
};

/* Rows, most wanted first. */
enum row {
	ROW_STATE,
	ROW_BAR, /* all three in one */
	ROW_SND,
	ROW_RCV,
	ROW_CWND,
	ROW_WND,
	ROW_RTT,
	ROW_RTO,
	ROW_FLIGHT, /* instead of ROW_BAR */
	ROW_CWND_BAR,
	ROW_RWND_BAR,
};

static const u8 tiny[] = { ROW_STATE, ROW_BAR };
static const u8 small[] = { ROW_STATE, ROW_SND, ROW_RCV, ROW_CWND, ROW_BAR };
static const u8 middle[] = {
	ROW_STATE, ROW_SND, ROW_WND, ROW_RCV, ROW_CWND, ROW_RTT, ROW_RTO, ROW_BAR,
};
static const u8 large[] = {
	ROW_STATE, ROW_SND, ROW_WND,	ROW_RCV,      ROW_CWND,
	ROW_RTT,   ROW_RTO, ROW_FLIGHT, ROW_CWND_BAR, ROW_RWND_BAR,
};

struct rows {
	const u8 *v;
	int n;
};

static struct rows rows_for(int w, int h)
{
	if (w < HALVES_W || h < TINY_H)
		return (struct rows) { tiny, 1 };
	if (h < SMALL_H)
		return (struct rows) { tiny, ARRAY_LEN(tiny) };
	if (h < MIDDLE_H)
		return (struct rows) { small, ARRAY_LEN(small) };
	if (h < LARGE_H)
		return (struct rows) { middle, ARRAY_LEN(middle) };
	return (struct rows) { large, ARRAY_LEN(large) };
}

int tcppanel_height(int w, int h)
{
	return rows_for(w, h).n;
}

/* The rows for a height that tcppanel_height() gave. */
static struct rows rows_of(int n)
{
	return n <= 2			    ? (struct rows) { tiny, n }
	       : n <= (int)ARRAY_LEN(small) ? (struct rows) { small, n }
	       : n < (int)ARRAY_LEN(large)  ? (struct rows) { middle, n }
					    : (struct rows) { large, n };
}

/* One end's half. */
struct half {
	const struct canvas *c;
	int x, w, side;
	enum style style; /* of its direction */
	struct tcp_vars vars;
	const struct tcp_cong_out *cong; /* NULL unknown */
	u32 base[2];			 /* what its own numbers count from, and the other's */
	double scale;			 /* bytes of a full bar */
};

/* ---- a label and a value ---- */

/* A label in a cell of w columns: the same whatever value stands beside it. */
static const char *fitting(const char *label, int w)
{
	static const struct {
		const char *label, *brief;
		int w; /* where the whole label leaves room for its values */
	} words[] = {
		{ "SND.UNA", "UNA", 15 }, { "SND.NXT", "NXT", 15 },  { "SND.WND", "WND", 15 },
		{ "RCV.NXT", "RCV", 15 }, { "RCV.WND", "RWND", 15 }, { "ssthresh", "ssth", 15 },
		{ "RTTVAR", "VAR", 17 },
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strcmp(words[i].label, label) == 0 && w < words[i].w)
			return words[i].brief;
	return label;
}

/* In the i-th of two cells of a row. */
static void put_cell(const struct half *f, int y, int i, const char *label, const struct txt *t)
{
	int w = (f->w - 1) / 2, x = f->x + i * (w + 1), value;

	if (i == 1)
		w = f->w - w - 1;
	value = MIN(canvas_width(t->s, t->n), w);
	label = fitting(label, w);
	canvas_cut(f->c, x, y, MAX(MIN((int)strlen(label), w - value - 1), 0), STYLE_DIM, label,
		   strlen(label));
	canvas_right(f->c, x + w - value, y, value,
		     t->n == 1 && t->s[0] == '?' ? STYLE_DIM : STYLE_DEFAULT, t->s, t->n);
}

static void put_u64(const struct half *f, int y, int i, const char *label, bool known, u64 v)
{
	struct txt t;

	txt_init(&t);
	if (known)
		txt_u64(&t, v);
	else
		txt_putc(&t, '?');
	put_cell(f, y, i, label, &t);
	txt_fini(&t);
}

static void put_bytes(const struct half *f, int y, int i, const char *label, u32 v)
{
	put_u64(f, y, i, label, f->cong != NULL && v != TCP_CONG_UNKNOWN, v);
}

static void put_time(const struct half *f, int y, int i, const char *label, ns_t v)
{
	struct txt t;

	txt_init(&t);
	if (f->cong == NULL || v == NS_NONE || v < 0)
		txt_putc(&t, '?');
	else
		txt_span(&t, v);
	put_cell(f, y, i, label, &t);
	txt_fini(&t);
}

static void put_seq(const struct half *f, int y, int i, const char *label, u8 var, u32 v, u32 base)
{
	put_u64(f, y, i, label, f->vars.known & var, (u32)(v - base));
}

/* What keeps it from sending more, by the variable that says so. */
static void put_limit(const struct half *f, int y)
{
	static const char *const word[TCP_LIMIT_COUNT] = {
		[TCP_LIMIT_UNKNOWN] = "?",
		[TCP_LIMIT_APP] = "app",
		[TCP_LIMIT_RWND] = "rwnd",
		[TCP_LIMIT_CWND] = "cwnd",
	};
	struct txt t;

	txt_init(&t);
	txt_puts(&t, word[f->cong != NULL ? f->cong->limit : TCP_LIMIT_UNKNOWN]);
	put_cell(f, y, 1, "limit", &t);
	txt_fini(&t);
}

/* ---- states and bars ---- */

static void put_state(const struct half *f, int y, const struct tcp_seen *seen)
{
	enum tcp_state s = seen != NULL ? (enum tcp_state)seen->ends.state[f->side] : TCPS_UNKNOWN;
	const char *phase = f->cong != NULL ? tcpwords_phase((enum tcp_phase)f->cong->phase) : "";
	const char *name = s == TCPS_UNKNOWN ? "unknown" : tcpwords_state(s, false);
	int x = f->x, room;
	bool brief;

	x = canvas_puts(f->c, x, y, f->style, f->side == 0 ? "◀ " : "▶ ");
	/* "◀ ", the state, a blank, the phase */
	brief = 3 + canvas_width(name, strlen(name)) + canvas_width(phase, strlen(phase)) > f->w;
	x = canvas_puts(f->c, x, y, STYLE_STATE,
			s == TCPS_UNKNOWN ? name : tcpwords_state(s, brief));
	room = f->x + f->w - x - 1;
	if (room < canvas_width(phase, strlen(phase)))
		return;
	if (phase[0] != '\0')
		canvas_right(f->c, x + 1, y, room,
			     f->cong->phase >= TCP_PHASE_RECOVERY ? STYLE_RETRANS : STYLE_DEFAULT,
			     phase, strlen(phase));
}

static bool known(u32 v)
{
	return v != TCP_CONG_UNKNOWN;
}

/* "in flight ██████▌░░░│░░   10136": label, bar, number. */
static void put_bar(const struct half *f, int y, const char *label, u32 v, bool ticks)
{
	int x = f->x + LABEL_W, w = f->w - LABEL_W - NUMBER_W;
	struct txt t;

	if (w < 4)
		return;
	canvas_puts(f->c, f->x, y, STYLE_DIM, label);
	txt_init(&t);
	if (f->cong != NULL && known(v)) {
		canvas_bar(f->c, x, y, w, f->style, v / f->scale);
		txt_u64(&t, v);
		if (v > f->scale)
			canvas_put(f->c, x + w - 1, y, f->style, U'»');
	} else {
		canvas_bar(f->c, x, y, w, STYLE_DIM, 0);
		txt_putc(&t, '?');
	}
	canvas_right(f->c, x + w + 1, y, NUMBER_W - 1, STYLE_DEFAULT, t.s, t.n);
	txt_fini(&t);
	if (!ticks || f->cong == NULL)
		return;
	if (known(f->cong->rwnd) && f->cong->rwnd <= f->scale)
		canvas_put(f->c, x + MIN((int)(f->cong->rwnd / f->scale * w), w - 1), y,
			   STYLE_STRONG, U'┃');
	if (known(f->cong->cwnd) && f->cong->cwnd <= f->scale)
		canvas_put(f->c, x + MIN((int)(f->cong->cwnd / f->scale * w), w - 1), y,
			   STYLE_STRONG, U'│');
}

/* One scale for all bars, the same while the numbers stay within a power of two. A receiver's
 * window that is far wider than what is sent into it leaves the picture. */
static double common_scale(const struct tcp_seen *s)
{
	u64 sent = 1, window = 0, scale = 1024;

	for (int i = 0; s != NULL && i < 2; i++) {
		const struct tcp_cong_out *c = &s->cong[i];

		sent = MAX(sent, known(c->flight) ? c->flight : 0);
		sent = MAX(sent, known(c->cwnd) ? c->cwnd : 0);
		window = MAX(window, known(c->rwnd) ? c->rwnd : 0);
	}
	while (scale < sent)
		scale *= 2;
	if (window > scale && window <= 4 * scale)
		while (scale < window)
			scale *= 2;
	return (double)scale;
}

static void draw_row(const struct half *f, int y, enum row row, const struct tcp_seen *seen)
{
	const struct tcp_vars *v = &f->vars;
	static const struct tcp_cong_out nothing = { .srtt = NS_NONE };
	const struct tcp_cong_out *c = f->cong != NULL ? f->cong : &nothing;

	switch (row) {
	case ROW_STATE: put_state(f, y, seen); break;
	case ROW_BAR: put_bar(f, y, "in flight", c->flight, true); break;
	case ROW_SND:
		put_seq(f, y, 0, "SND.UNA", TCP_VAR_SND_UNA, v->snd_una, f->base[0]);
		put_seq(f, y, 1, "SND.NXT", TCP_VAR_SND_NXT, v->snd_nxt, f->base[0]);
		break;
	case ROW_RCV:
		put_seq(f, y, 0, "RCV.NXT", TCP_VAR_RCV_NXT, v->rcv_nxt, f->base[1]);
		put_seq(f, y, 1, "RCV.WND", TCP_VAR_RCV_WND, v->rcv_wnd, 0);
		break;
	case ROW_WND:
		put_seq(f, y, 0, "SND.WND", TCP_VAR_SND_WND, v->snd_wnd, 0);
		put_seq(f, y, 1, "ISS", TCP_VAR_ISS, v->iss, 0);
		break;
	case ROW_CWND:
		put_bytes(f, y, 0, "cwnd", c->cwnd);
		put_bytes(f, y, 1, "ssthresh", c->ssthresh);
		break;
	case ROW_RTT:
		put_time(f, y, 0, "SRTT", c->srtt);
		put_time(f, y, 1, "RTTVAR", c->srtt != NS_NONE ? c->rttvar : NS_NONE);
		break;
	case ROW_RTO:
		put_time(f, y, 0, "RTO", c->rto);
		put_limit(f, y);
		break;
	case ROW_FLIGHT: put_bar(f, y, "in flight", c->flight, false); break;
	case ROW_CWND_BAR: put_bar(f, y, "cwnd", c->cwnd, false); break;
	case ROW_RWND_BAR: put_bar(f, y, "rwnd", c->rwnd, false); break;
	}
}

void tcppanel_draw(const struct tcppanel *p, const struct canvas *c)
{
	struct rows rows = rows_of(c->h);
	bool whole = p->seen != NULL && p->seen->whole;
	const struct tcp_seen *seen = whole ? p->seen : NULL;

	for (int side = 0; side < 2; side++) {
		int w = (c->w - GAP) / 2;
		struct half f = {
			.c = c,
			.x = side == 0 ? 0 : c->w - w,
			.w = w,
			.side = side,
			.style = side == 0 ? STYLE_FWD : STYLE_REV,
			.cong = whole && seen->cong[side].phase != TCP_PHASE_NONE
					? &seen->cong[side]
					: NULL,
			.scale = common_scale(seen),
		};

		for (int i = 0; i < 2; i++)
			if (!p->raw && p->conv->has_base[side ^ i])
				f.base[i] = p->conv->base_seq[side ^ i];
		if (p->state != NULL && p->state->whole != NULL)
			tcp_ends_vars(&p->state->whole->ends, side, &f.vars);
		for (int y = 0; y < rows.n; y++)
			draw_row(&f, y, (enum row)rows.v[y], seen);
	}
}
