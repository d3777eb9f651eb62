/* The state diagram of RFC 9293. */
#include "ui/tcpdiagram.h"

#include "ui/tcpwords.h"

#include <string.h>

/* clang-format off */
static const char *const art[] = {
	"                     CLOSED",
	"            ╭───────────┴───────────╮",
	"         LISTEN ───────────────▶ SYN-SENT",
	"            │                 ╭─────┤",
	"      SYN-RECEIVED ◀──────────╯     │",
	"            ├──────▶ ESTABLISHED ◀──╯",
	"            ▼         │       │",
	"       FIN-WAIT-1 ◀───╯       ╰─▶ CLOSE-WAIT",
	"         │     ╰──▶ CLOSING           │",
	"         ▼             │              ▼",
	"     FIN-WAIT-2        ▼           LAST-ACK",
	"         ╰───────▶ TIME-WAIT ▶ CLOSED ◀╯",
};

/* Where the states stand in it. CLOSED is there twice: where connections begin, and in the last
 * place, where they end. */
static const struct {
	u8 x, y;
} place[TCPS_COUNT + 1] = {
	[TCPS_CLOSED] = { 21, 0 },	 [TCPS_LISTEN] = { 9, 2 },	[TCPS_SYN_SENT] = { 33, 2 },
	[TCPS_SYN_RECEIVED] = { 6, 4 },	 [TCPS_ESTABLISHED] = { 21, 5 }, [TCPS_FIN_WAIT_1] = { 7, 7 },
	[TCPS_CLOSE_WAIT] = { 34, 7 },	 [TCPS_CLOSING] = { 20, 8 },	[TCPS_FIN_WAIT_2] = { 5, 10 },
	[TCPS_LAST_ACK] = { 35, 10 },	 [TCPS_TIME_WAIT] = { 19, 11 },	[TCPS_COUNT] = { 31, 11 },
};

/* Which of its cells belong to an edge: up to two strokes. */
static const struct {
	u8 from, to;
	struct {
		u8 x, y, w, h;
	} stroke[2];
} edges[] = {
	{ TCPS_CLOSED, TCPS_LISTEN, { { 12, 1, 13, 1 } } },
	{ TCPS_CLOSED, TCPS_SYN_SENT, { { 24, 1, 13, 1 } } },
	{ TCPS_LISTEN, TCPS_SYN_RECEIVED, { { 12, 3, 1, 1 } } },
	{ TCPS_LISTEN, TCPS_SYN_SENT, { { 16, 2, 16, 1 } } },
	{ TCPS_SYN_SENT, TCPS_SYN_RECEIVED, { { 30, 3, 7, 1 }, { 19, 4, 12, 1 } } },
	{ TCPS_SYN_SENT, TCPS_ESTABLISHED, { { 36, 3, 1, 3 }, { 33, 5, 4, 1 } } },
	{ TCPS_SYN_RECEIVED, TCPS_ESTABLISHED, { { 12, 5, 8, 1 } } },
	{ TCPS_SYN_RECEIVED, TCPS_FIN_WAIT_1, { { 12, 5, 1, 2 } } },
	{ TCPS_ESTABLISHED, TCPS_FIN_WAIT_1, { { 22, 6, 1, 1 }, { 18, 7, 5, 1 } } },
	{ TCPS_ESTABLISHED, TCPS_CLOSE_WAIT, { { 30, 6, 1, 1 }, { 30, 7, 3, 1 } } },
	{ TCPS_FIN_WAIT_1, TCPS_FIN_WAIT_2, { { 9, 8, 1, 2 } } },
	{ TCPS_FIN_WAIT_1, TCPS_CLOSING, { { 15, 8, 4, 1 } } },
	/* RFC 9293, note 3 to the figure: a FIN that acknowledges ours does both at once */
	{ TCPS_FIN_WAIT_1, TCPS_TIME_WAIT, { { 9, 8, 1, 2 }, { 9, 11, 9, 1 } } },
	{ TCPS_FIN_WAIT_2, TCPS_TIME_WAIT, { { 9, 11, 9, 1 } } },
	{ TCPS_CLOSING, TCPS_TIME_WAIT, { { 23, 9, 1, 2 } } },
	{ TCPS_CLOSE_WAIT, TCPS_LAST_ACK, { { 38, 8, 1, 2 } } },
	{ TCPS_LAST_ACK, TCPS_CLOSED, { { 38, 11, 2, 1 } } },
	{ TCPS_TIME_WAIT, TCPS_CLOSED, { { 29, 11, 1, 1 } } },
};
/* clang-format on */

/* What an end did before the capture is taken for the ordinary. */
static u8 from_of(const struct tcp_edge *e)
{
	if (e->from != TCPS_UNKNOWN)
		return e->from;
	return e->to == TCPS_SYN_SENT	    ? TCPS_CLOSED
	       : e->to == TCPS_SYN_RECEIVED ? TCPS_LISTEN
					    : TCPS_UNKNOWN;
}

static void light_edge(const struct canvas *c, const struct tcp_edge *e, enum style style)
{
	for (size_t i = 0; i < ARRAY_LEN(edges); i++) {
		if (edges[i].from != from_of(e) || edges[i].to != e->to)
			continue;
		for (int k = 0; k < 2; k++)
			canvas_restyle(c, edges[i].stroke[k].x, edges[i].stroke[k].y,
				       edges[i].stroke[k].w, edges[i].stroke[k].h, style);
	}
}

/* "[LAST-ACK" for the left end, "LAST-ACK]" for the right one. */
static void light_state(const struct tcpdiagram *d, const struct canvas *c, int side)
{
	u8 s = d->state[side];
	const char *name = tcp_state_name((enum tcp_state)s);
	int w = (int)strlen(name), at = s;
	enum style style = side == 0 ? STYLE_FWD : STYLE_REV;

	if (s == TCPS_UNKNOWN)
		return;
	if (s == TCPS_CLOSED && d->last[side].to == TCPS_CLOSED && d->last[side].from > TCPS_LISTEN)
		at = TCPS_COUNT;
	canvas_puts(c, place[at].x, place[at].y, d->state[0] == d->state[1] ? STYLE_STATE : style,
		    name);
	canvas_put(c, side == 0 ? place[at].x - 1 : place[at].x + w, place[at].y, style,
		   side == 0 ? '[' : ']');
}

/* "[ SYN-SENT → ESTABLISHED #2: received SYN, ACK" */
static void put_last(const struct tcpdiagram *d, const struct canvas *c, int side)
{
	const struct tcp_edge *e = &d->last[side];
	enum style style = e->packet == d->packet ? STYLE_STATE : STYLE_DIM;
	int y = (int)ARRAY_LEN(art) + side;
	struct txt t;

	if (e->to == TCPS_UNKNOWN)
		return;
	txt_init(&t);
	txt_puts(&t, side == 0 ? "[ " : "] ");
	if (e->from != TCPS_UNKNOWN)
		txt_printf(&t, "%s → ", tcpwords_state((enum tcp_state)e->from, true));
	txt_puts(&t, tcpwords_state((enum tcp_state)e->to, true));
	if (e->packet != 0)
		txt_printf(&t, " #%u", e->packet);
	txt_printf(&t, ": %s", tcp_why_name((enum tcp_why)e->why));
	canvas_cut(c, 0, y, c->w, style, t.s, t.n);
	txt_fini(&t);
}

void tcpdiagram_draw(const struct tcpdiagram *d, const struct canvas *c)
{
	for (size_t y = 0; y < ARRAY_LEN(art); y++)
		canvas_puts(c, 0, (int)y, STYLE_DIM, art[y]);
	for (int side = 0; side < 2; side++)
		if (d->last[side].packet != d->packet)
			light_edge(c, &d->last[side], side == 0 ? STYLE_FWD : STYLE_REV);
	for (int side = 0; side < 2; side++)
		if (d->last[side].packet == d->packet)
			light_edge(c, &d->last[side], STYLE_STATE);
	for (int side = 0; side < 2; side++) {
		light_state(d, c, side);
		put_last(d, c, side);
	}
}
