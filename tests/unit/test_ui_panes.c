/* The packets, links and transport panes on a small tape made here: what they show at the playhead,
 * and what their keys wish for. */
#include "packet/registry.h"
#include "tape/world.h"
#include "ui/fieldtree.h"
#include "ui/hexview.h"
#include "ui/ladder.h"
#include "ui/pane.h"
#include "ui/rategraph.h"
#include "unit/capture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct pane_type pane_packets, pane_links, pane_transport;

/* ---- a tape ---- */

static void sum(u8 *at, const u8 *p, size_t n)
{
	u32 s = 0;

	for (size_t i = 0; i + 1 < n; i += 2)
		s += (u32)load_be16(p + i);
	while (s >> 16)
		s = (s & 0xffff) + (s >> 16);
	store_be16(at, (u16)~s);
}

/* Ethernet, IPv4 and the first 20 bytes of TCP; the payload is zeros. Returns the length. */
static u32 tcp(u8 *p, bool back, u32 seq, u32 ack, u8 flags, u16 len)
{
	static const u8 macs[] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0 };

	memset(p, 0, 54u + len);
	memcpy(p, macs, sizeof macs);
	p[14] = 0x45;
	store_be16(p + 16, (u16)(40 + len));
	p[22] = 64;
	p[23] = 6;
	store_be32(p + 26, back ? 0x0a000002 : 0x0a000001);
	store_be32(p + 30, back ? 0x0a000001 : 0x0a000002);
	sum(p + 24, p + 14, 20);
	store_be16(p + 34, back ? 5001 : 40112);
	store_be16(p + 36, back ? 40112 : 5001);
	store_be32(p + 38, (back ? 9000 : 1000) + seq);
	store_be32(p + 42, (back ? 1000 : 9000) + ack);
	p[46] = 0x50;
	p[47] = flags;
	store_be16(p + 48, 8192);
	return 54u + len;
}

static void put(struct capture *c, ns_t at, u32 dir, bool lost, const u8 *p, u32 n)
{
	size_t block = c_block(c, 6);
	u64 ts = (u64)(1700000000000000 + at / 1000);

	c_u32(c, 0);
	c_u32(c, (u32)(ts >> 32));
	c_u32(c, (u32)ts);
	c_u32(c, n);
	c_u32(c, n);
	c_bytes(c, p, n);
	while (c->n % 4 != 0)
		c_int(c, 0, 1);
	c_opt_int(c, 2, dir, 4);
	if (lost)
		c_opt(c, 1, "dropped by the wire", 19);
	c_opt(c, 0, "", 0);
	c_end(c, block);
}

enum { PACKETS = 9 };

/* A handshake, three segments of which the second is lost, what the other end says, the second one
 * again, and an ARP request. */
static void make_tape(struct capture *c)
{
	static const u8 arp[42] = { 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8,	6, 0, 1,
				    8,	 0,   6,   4,	0,   1,	  2, 0, 0, 0, 0, 1, 10, 0, 0, 1 };
	static u8 p[2000];

	c_section(c);
	c_iface(c, 1, 6, "h1");
	put(c, 0, 2, false, p, tcp(p, false, 0, 0, 2, 0));
	put(c, 10 * NS_PER_MS, 1, false, p, tcp(p, true, 0, 1, 0x12, 0));
	put(c, 11 * NS_PER_MS, 2, false, p, tcp(p, false, 1, 1, 0x10, 0));
	put(c, 20 * NS_PER_MS, 2, false, p, tcp(p, false, 1, 1, 0x10, 1000));
	put(c, 21 * NS_PER_MS, 2, true, p, tcp(p, false, 1001, 1, 0x10, 1000));
	put(c, 22 * NS_PER_MS, 2, false, p, tcp(p, false, 2001, 1, 0x18, 1000));
	put(c, 30 * NS_PER_MS, 1, false, p, tcp(p, true, 1, 1001, 0x10, 0));
	put(c, 31 * NS_PER_MS, 2, false, p, tcp(p, false, 1001, 1, 0x10, 1000));
	put(c, 40 * NS_PER_MS, 2, false, arp, sizeof arp);
}

struct fix {
	struct world w;
	struct grid g;
	struct txt t;
	char path[40];
};

static void settle(struct world *w)
{
	struct timespec ms = { 0, NS_PER_MS };

	for (int i = 0; i < 5000; i++) {
		world_update(w, 0);
		if (w->done && w->passed == w->count && (w->match == NULL || match_done(w->match)))
			return;
		nanosleep(&ms, NULL);
	}
	fail_msg("the tape was not read in five seconds");
}

static int set_up(void **state)
{
	struct fix *f = xcalloc(1, sizeof *f);
	struct capture *c = xcalloc(1, sizeof *c);
	struct err e = ERR_INIT;
	int fd;

	registry_init();
	strcpy(f->path, "/tmp/test_ui_panes.XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	make_tape(c);
	assert_int_equal(write(fd, c->p, c->n), c->n);
	close(fd);
	free(c);
	world_init(&f->w);
	assert_int_equal(world_open(&f->w, f->path, &e), 0);
	settle(&f->w);
	assert_int_equal(f->w.count, PACKETS);
	grid_init(&f->g, 0, 0, false);
	txt_init(&f->t);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	unlink(f->path);
	world_fini(&f->w);
	grid_fini(&f->g);
	txt_fini(&f->t);
	free(f);
	return 0;
}

/* Packets are numbered from 1 here, as on the screen. */
static void at(struct fix *f, u64 number)
{
	world_goto(&f->w, number - 1);
	world_update(&f->w, 0);
}

static const char *shown(struct fix *f, struct pane *p, int w, int h)
{
	struct canvas c;

	grid_resize(&f->g, w, h);
	c = canvas_of(&f->g);
	pane_update(p, &f->w, w, h);
	pane_draw(p, &f->w, &c);
	txt_clear(&f->t);
	canvas_dump(&f->g, &f->t);
	return txt_str(&f->t);
}

/* The first h lines of what was shown last, without the columns from x on to the frame: those are
 * the dissectors' own. */
static const char *upper_left(struct fix *f, int x, int h)
{
	struct canvas c = canvas_of(&f->g);

	canvas_fill(&c, x, 2, c.w - x - 1, h - 2, STYLE_DEFAULT, ' ');
	canvas_fill(&c, 0, h, c.w, c.h - h, STYLE_DEFAULT, ' ');
	txt_clear(&f->t);
	canvas_dump(&f->g, &f->t);
	while (f->t.n > 1 && f->t.s[f->t.n - 2] == '\n')
		f->t.n--;
	return txt_str(&f->t);
}

/* The strongest shade or the style of a cell, as style dumps write it. */
static char style_at(struct fix *f, int x, int y)
{
	const char *s;

	txt_clear(&f->t);
	canvas_dump_styles(&f->g, &f->t);
	s = txt_str(&f->t);
	for (; y > 0; y--)
		s = strchr(s, '\n') + 1;
	return s[x];
}

static struct wish press(struct fix *f, struct pane *p, const char *verb)
{
	struct wish wish = p->type->act(p, &f->w, verb);
	unsigned long long n;

	if (wish.kind == WISH_RUN && sscanf(wish.text, "jump packet %llu", &n) == 1)
		at(f, n);
	shown(f, p, 70, 30);
	return wish;
}

static void runs(struct wish wish, const char *line)
{
	assert_int_equal(wish.kind, WISH_RUN);
	assert_string_equal(wish.text, line);
}

/* ---- packets ---- */

static void list_and_details(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);

	at(f, 5);
	assert_non_null(strstr(shown(f, p, 70, 30), "├─ #5  1054 bytes ─"));
	assert_non_null(strstr(f->t.s, "├─ tcp  bytes 34-53 ─"));
	assert_int_equal(style_at(f, 20, 6), 'P'); /* the playhead's row is lit */
	assert_int_equal(style_at(f, 20, 7), '-'); /* what follows has not happened yet */
	assert_int_equal(style_at(f, 20, 5), '>'); /* directions */
	assert_string_equal(
		upper_left(f, 41, 11),
		"┌ packets ───────────────────────────────────────────────── #5 of 9 ─┐\n"
		"│    No.      Time Source   Dest.    Prot Info                       │\n"
		"│ s    1  0.000000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│ s    2  0.010000 10.0.0.2 10.0.0.1 TCP                             │\n"
		"│ s    3  0.011000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│      4  0.020000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│▶✗    5  0.021000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│      6  0.022000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│      7  0.030000 10.0.0.2 10.0.0.1 TCP                             │\n"
		"│ o    8  0.031000 10.0.0.1 10.0.0.2 TCP                             │\n"
		"│      9  0.040000 02:00:0… ff:ff:f… ARP                             │\n");
	at(f, 6);
	shown(f, p, 70, 30);
	assert_int_equal(style_at(f, 2, 6), 'x'); /* lost */
	assert_int_equal(style_at(f, 20, 3), '<');
	pane_free(p);
}

static void list_keys(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);
	struct mouse m = { .kind = MOUSE_PRESS, .button = 1, .x = 10, .y = 4 };
	struct wish wish;

	at(f, 1);
	shown(f, p, 70, 30);
	assert_int_equal(press(f, p, "up").kind, WISH_SAY);
	runs(press(f, p, "down"), "jump packet 2");
	runs(press(f, p, "bottom"), "jump packet 9");
	assert_int_equal(press(f, p, "down").kind, WISH_SAY);
	runs(press(f, p, "page-up"), "jump packet 1");
	wish = p->type->mouse(p, &f->w, &m);
	runs(wish, "jump packet 4");
	/* looking around moves nothing but the view */
	shown(f, p, 70, 8);
	m.kind = MOUSE_WHEEL_DOWN;
	assert_int_equal(p->type->mouse(p, &f->w, &m).kind, WISH_DONE);
	assert_null(strstr(shown(f, p, 70, 8), "▶"));
	assert_int_equal(f->w.at, 0);
	at(f, 2);
	assert_non_null(strstr(shown(f, p, 70, 8), "▶"));
	assert_int_equal(p->type->act(p, &f->w, "no such verb").kind, WISH_UNKNOWN);
	pane_free(p);
}

/* A list that a filter made short: steps go over what is listed, from wherever the playhead is. */
static void filtered(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);
	struct err e = ERR_INIT;

	assert_int_equal(world_filter(&f->w, "tcp.len > 0", &e), 0);
	settle(&f->w);
	at(f, 7); /* between the third and the fourth of 4 5 6 8 */
	assert_non_null(strstr(shown(f, p, 70, 12), "▸     6"));
	assert_non_null(strstr(shown(f, p, 70, 12), "#7 of 9 · 4 listed"));
	runs(press(f, p, "up"), "jump packet 6");
	at(f, 7);
	runs(press(f, p, "down"), "jump packet 8");
	at(f, 1); /* before all of them */
	assert_null(strstr(shown(f, p, 70, 12), "▸"));
	runs(press(f, p, "down"), "jump packet 4");
	assert_int_equal(world_filter(&f->w, "tcp.port == 9", &e), 0);
	settle(&f->w);
	assert_non_null(strstr(shown(f, p, 70, 12), "No packet passes the filter"));
	assert_int_equal(press(f, p, "down").kind, WISH_SAY);
	assert_int_equal(world_filter(&f->w, "", &e), 0);
	pane_free(p);
}

static void tree_keys(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);

	p->focus = true;
	at(f, 4);
	shown(f, p, 70, 30);
	press(f, p, "enter"); /* into the tree, where tcp is chosen */
	runs(press(f, p, "filter"), "filter tcp");
	press(f, p, "down");
	runs(press(f, p, "filter"), "filter tcp.srcport == 40112");
	runs(press(f, p, "filter-not"), "filter !(tcp.srcport == 40112)");
	runs(press(f, p, "copy"), "copy 40112");
	assert_non_null(strstr(shown(f, p, 70, 30), "tcp.srcport  bytes 34-35"));
	at(f, 7); /* the same field of another packet */
	shown(f, p, 70, 30);
	runs(press(f, p, "copy"), "copy 5001");
	assert_non_null(strstr(shown(f, p, 70, 30), "Destination port"));
	press(f, p, "left"); /* up to the layer, which is folded then */
	press(f, p, "left");
	assert_null(strstr(shown(f, p, 70, 30), "Destination port"));
	press(f, p, "right");
	assert_non_null(strstr(shown(f, p, 70, 30), "Destination port"));
	/* fields within fields: the flags are folded until one asks */
	shown(f, p, 70, 160);
	assert_null(strstr(f->t.s, "Syn: Not set"));
	press(f, p, "expand");
	assert_non_null(strstr(shown(f, p, 70, 160), "Syn: Not set"));
	press(f, p, "collapse");
	assert_null(strstr(shown(f, p, 70, 160), "Source port"));
	press(f, p, "back");
	runs(press(f, p, "down"), "jump packet 8"); /* the list has the keys again */
	pane_free(p);
}

static void bytes(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);
	struct mouse m = { .kind = MOUSE_PRESS, .button = 1 };
	const char *s;

	p->focus = true;
	at(f, 4);
	shown(f, p, 70, 30);
	press(f, p, "hex"); /* its cursor begins at the layer's first byte */
	press(f, p, "right");
	press(f, p, "right");
	runs(press(f, p, "copy-filter"), "copy tcp.dstport == 5001");
	press(f, p, "hex"); /* closes the bytes */
	assert_null(strstr(shown(f, p, 70, 30), "0020  "));
	press(f, p, "hex");
	s = shown(f, p, 70, 30);
	assert_non_null(strstr(s, "0020  "));
	for (m.y = -2; s <= strstr(f->t.s, "0020  ");
	     m.y++) /* -1: the frame, -1: it ends a line later */
		s = strchr(s, '\n') + 1;
	m.x = 6 + 3 * 6 + 1; /* the second digit of byte 0x26 */
	p->type->mouse(p, &f->w, &m);
	runs(press(f, p, "copy-filter"), "copy tcp.seq == 1");
	pane_free(p);
}

static void low(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_packets);

	at(f, 4);
	assert_null(strstr(shown(f, p, 60, 10), "Source port"));
	press(f, p, "enter");
	assert_non_null(strstr(shown(f, p, 60, 10), "Source port"));
	assert_null(strstr(shown(f, p, 60, 10), "No."));
	press(f, p, "back");
	assert_non_null(strstr(shown(f, p, 60, 10), "No."));
	for (int w = 0; w < 30; w++)
		for (int h = 0; h < 20; h++)
			shown(f, p, w, h);
	pane_free(p);
}

/* ---- transport ---- */

static void ladder(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_transport);

	at(f, 8);
	assert_string_equal(
		shown(f, p, 80, 19),
		"┌ transport ─ tcp.stream 0 ───────────────────────────────── time on the tape ─┐\n"
		"│                     10.0.0.1:40112                    10.0.0.2:5001          │\n"
		"│                     ┬                                             ┬          │\n"
		"│   0.000000 SYN-SENT ├─ SYN seq 0 ────────────────────────────────▶│ SYN-RCVD │\n"
		"│   0.010000    ESTAB │◀────────────────────── SYN,ACK seq 0 ack 1 ─┤          │\n"
		"│   0.011000          ├─ ACK 1 ────────────────────────────────────▶│ ESTAB    │\n"
		"│   0.020000          ├─ ACK seq 1:1001 ack 1 len 1000 ────────────▶│          │\n"
		"│   0.021000          ├─ ACK seq 1001:2001 ack 1 len 1000 ── ✗ lost │          │\n"
		"│   0.022000          ├─ PSH,ACK seq 2001:3001 ack 1 len 1000 ─────▶│          │\n"
		"│   0.030000          │◀───────────────────────────────── ACK 1001 ─┤          │\n"
		"│▶  0.031000          ├─ ACK seq 1001:2001 ack 1 len 1000 ─ again ─▶│          │\n"
		"│                     ┊                                             ┊          │\n"
		"├─ behind #8 ─ near the client ─ retransmission, 60 % ─────────────────────────┤\n"
		"│◀ ESTABLISHED            fast recovery  ▶ ESTABLISHED               slow start│\n"
		"│SND.UNA       1001 SND.NXT        3001  SND.UNA          1 SND.NXT           1│\n"
		"│RCV.NXT          1 RCV.WND        8192  RCV.NXT       3001 RCV.WND        8192│\n"
		"│cwnd          6432 ssthresh       4288  cwnd          5360 ssthresh          ?│\n"
		"│in flight ████▍░░░░░░░░░│░░┃      2000  in flight ░░░░░░░░░░░│░░░░░┃         0│\n"
		"└──────────────────────────────────────────────────────────────────────────────┘"
		"\n");
	assert_int_equal(style_at(f, 30, 7), 'x');
	assert_int_equal(style_at(f, 30, 10), 'P');
	at(f, 4); /* nothing of what comes later */
	assert_null(strstr(shown(f, p, 80, 19), "lost"));
	assert_non_null(strstr(f->t.s, "SND.NXT        1001"));
	at(f, 9); /* not of this conversation: it stays, its last packet is no longer lit */
	assert_non_null(strstr(shown(f, p, 80, 19), "▸  0.031"));
	assert_null(strstr(f->t.s, "▶  0.031"));
	pane_free(p);
}

static void ladder_keys(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_transport);

	p->focus = true;
	at(f, 8);
	shown(f, p, 70, 8);
	assert_int_equal(press(f, p, "jump").kind, WISH_SAY);
	assert_int_equal(press(f, p, "down").kind, WISH_SAY);
	press(f, p, "up");
	press(f, p, "up");
	runs(press(f, p, "jump"), "jump packet 6");
	runs(press(f, p, "why"), "why 6");
	press(f, p, "top");
	runs(press(f, p, "jump"), "jump packet 1");
	at(f, 8);
	shown(f, p, 70, 8); /* three rows */
	assert_null(strstr(f->t.s, "SYN seq"));
	p->type->act(p, &f->w, "page-up");
	p->type->act(p, &f->w, "page-up");
	p->type->act(p, &f->w, "page-up");
	assert_non_null(strstr(shown(f, p, 70, 8), "SYN seq"));
	assert_non_null(strstr(f->t.s, "looking back"));
	p->type->act(p, &f->w, "bottom");
	assert_null(strstr(shown(f, p, 70, 8), "looking back"));
	p->type->act(p, &f->w, "raw");
	assert_non_null(strstr(shown(f, p, 100, 8), "seq 2001:3001"));
	p->type->act(p, &f->w, "delta");
	assert_non_null(strstr(shown(f, p, 70, 8), "+0.001"));
	pane_free(p);
}

/* The same packet looks the same, however one came there; and nothing draws outside any size. */
static void both_ways(void **state)
{
	static const struct {
		int w, h;
	} sizes[] = { { 40, 8 }, { 66, 26 }, { 80, 11 }, { 120, 40 } };
	struct fix *f = *state;
	char *seen[PACKETS];

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct pane *p = pane_new(&pane_transport);

		if (i == 1)
			p->type->act(p, &f->w, "diagram");
		for (u64 n = 0; n < PACKETS; n++) {
			at(f, n + 1);
			seen[n] = xstrdup(shown(f, p, sizes[i].w, sizes[i].h));
		}
		for (u64 n = PACKETS; n-- > 0;) {
			at(f, n + 1);
			assert_string_equal(shown(f, p, sizes[i].w, sizes[i].h), seen[n]);
		}
		for (u64 n = 0; n < PACKETS; n++) {
			at(f, n * 5 % PACKETS + 1);
			assert_string_equal(shown(f, p, sizes[i].w, sizes[i].h),
					    seen[n * 5 % PACKETS]);
		}
		for (u64 n = 0; n < PACKETS; n++)
			free(seen[n]);
		pane_free(p);
	}
}

/* The state diagram: both ends stand in brackets, and the edges that brought them there are lit. */
static void diagram(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_transport);

	at(f, 2);
	shown(f, p, 66, 26);
	assert_null(strstr(f->t.s, "LISTEN"));
	assert_int_equal(press(f, p, "diagram").kind, WISH_DONE);
	assert_non_null(strstr(shown(f, p, 66, 26), "▶[ESTABLISHED"));
	assert_non_null(strstr(f->t.s, " SYN-RECEIVED]"));
	assert_non_null(strstr(f->t.s, "[ SYN-SENT → ESTAB #2: received SYN, ACK"));
	at(f, 3);
	assert_non_null(strstr(shown(f, p, 66, 26), "▶[ESTABLISHED]◀"));
	shown(f, p, 66, 16); /* too low for both: the diagram alone */
	assert_null(strstr(f->t.s, "ACK 1 "));
	assert_non_null(strstr(f->t.s, "[ESTABLISHED]"));
	press(f, p, "diagram");
	assert_non_null(strstr(shown(f, p, 66, 16), "ACK 1 "));
	shown(f, p, 42, 16);
	assert_int_equal(press(f, p, "diagram").kind, WISH_SAY); /* too narrow */
	pane_free(p);
}

/* What an arrow says grows shorter with its room, and what was lost never reaches the other line.
 */
static void arrows(void **state)
{
	struct fix *f = *state;
	struct conv conv, *c = &conv;
	struct ladder_opts o = { 0 };
	struct txt t;

	assert_true(flow_get(f->w.flow, 0, c));
	txt_init(&t);
	ladder_label(&t, c, world_line(&f->w, 5), &o, 100);
	assert_string_equal(txt_str(&t), "PSH,ACK seq 2001:3001 ack 1 len 1000");
	txt_clear(&t);
	ladder_label(&t, c, world_line(&f->w, 5), &o, 33);
	assert_string_equal(txt_str(&t), "PSH,ACK seq 2001:3001 len 1000");
	txt_clear(&t);
	ladder_label(&t, c, world_line(&f->w, 5), &o, 20);
	assert_string_equal(txt_str(&t), "PSH,ACK 2001:3001");
	txt_fini(&t);
	for (int w = 0; w < 90; w++) {
		struct ladder l = ladder_layout(w, 8, w > 60 ? 10 : 0);
		struct canvas view;

		grid_resize(&f->g, w, 1);
		view = canvas_of(&f->g);
		ladder_draw(&l, &view, 0, c, world_line(&f->w, 4), &o, NULL);
		txt_clear(&f->t);
		canvas_dump(&f->g, &f->t);
		assert_null(strstr(txt_str(&f->t), "▶"));
		if (w > 30)
			assert_non_null(strstr(f->t.s, "✗"));
	}
}

static void chain(void **state)
{
	struct fix *f = *state;
	struct conv conv, *c = &conv;

	assert_true(flow_get(f->w.flow, 0, c));
	assert_int_equal(ladder_last(&f->w, c, 8), 7); /* not the ARP request */
	assert_int_equal(ladder_last(&f->w, c, 3), 3);
	assert_int_equal(ladder_prev(&f->w, 7), 6);
	assert_true(ladder_prev(&f->w, 0) == LADDER_NONE);
	assert_int_equal(ladder_next(&f->w, 0, 0, 7), 1);
	assert_true(ladder_next(&f->w, 0, 7, 8) == LADDER_NONE);
}

/* ---- links ---- */

static void graphs(void **state)
{
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_links);

	at(f, 9);
	assert_string_equal(shown(f, p, 60, 12),
			    "┌ links ─────────────────── over 10 ms, 1 ms a dot (auto) ─┐\n"
			    "│h1 ▸ out   877 kbit/s                     peak 2.53 Mbit/s│\n"
			    "│                                              │   5 Mbit/s│\n"
			    "│                                    ⢠⣤⣤⣤⡄     │           │\n"
			    "│                         ⢀⣀⣀⣀⣀⡀⣀⣀⣀⣀⣠⣿⣿⣿⣿⣿⣧⣤⣤⣤⣤◂    0 bit/s│\n"
			    "│ 4.37 kB  7 packets                       mean  873 kbit/s│\n"
			    "│h1 ◂ in      0  bit/s                     peak 43.2 kbit/s│\n"
			    "│                                              │   5 Mbit/s│\n"
			    "│                                              │           │\n"
			    "│                              ⢀⣀⣀⣀⣀⡀    ⢀⣀⣀⣀⣀⡀◂    0 bit/s│\n"
			    "│  108 B   2 packets                       mean 21.6 kbit/s│\n"
			    "└──────────────────────────────────────────────────────────┘\n");
	p->type->act(p, &f->w, "base");
	assert_non_null(strstr(shown(f, p, 60, 12), "over 100 ms, 10 ms a dot ─"));
	at(f, 1); /* nothing of what comes later */
	assert_non_null(strstr(shown(f, p, 60, 12), "   54 B   1 packet "));
	pane_free(p);
}

/* The text from `what` up to the frame or two blanks. */
static void figure(struct fix *f, struct pane *p, int w, const char *what, char *out, size_t n)
{
	const char *s = strstr(shown(f, p, w, 12), what), *end;

	assert_non_null(s);
	end = strstr(s, "│");
	assert_non_null(end);
	snprintf(out, n, "%.*s", (int)(end - s), s);
}

/* What is a number is the same in a narrow pane and in a wide one. */
static void figures_know_no_width(void **state)
{
	static const char *const what[] = { "peak", "mean" };
	struct fix *f = *state;
	struct pane *p = pane_new(&pane_links);
	char a[80], b[80];

	for (u64 n = 0; n < 10; n++) {
		at(f, n);
		for (int base = 0; base < 8; base++) {
			for (size_t i = 0; i < ARRAY_LEN(what); i++) {
				figure(f, p, 60, what[i], a, sizeof a);
				for (int w = 64; w < 240; w += 25) {
					figure(f, p, w, what[i], b, sizeof b);
					assert_string_equal(a, b);
				}
			}
			p->type->act(p, &f->w, "base");
		}
	}
	pane_free(p);
}

static void rates(void **state)
{
	struct fix *f = *state;
	struct rates *r = xmalloc(sizeof *r);
	struct rate_base b;
	struct txt t;

	/* 22 ms in, bins of 10 ms: packets 1, 2 and 3, 4 to 6 */
	b = rate_base(f->w.tape, f->w.begin, f->w.begin + 22 * NS_PER_MS, 6, 10 * NS_PER_MS, 4,
		      rate_over(10 * NS_PER_MS));
	rates_get(r, f->w.tape, 0, TAPE_DIR_ANY, &b);
	assert_true(r->v[0] < 0); /* before the tape began */
	assert_int_equal(r->v[1], 54 * 800);
	assert_int_equal(r->v[2], 108 * 800);
	assert_int_equal(r->v[3], 3 * 1054 * 800);
	assert_int_equal(r->top, r->v[3]);
	assert_int_equal(r->now, (54 * 3 + 1054 * 3) * 80); /* over 100 ms */
	assert_int_equal(r->so_far.packets, 6);
	/* the mean is since the beginning, however little the graph shows */
	b = rate_base(f->w.tape, f->w.begin, f->w.begin + 22 * NS_PER_MS, 6, 10 * NS_PER_MS, 1,
		      rate_over(10 * NS_PER_MS));
	rates_get(r, f->w.tape, 0, TAPE_DIR_ANY, &b);
	assert_int_equal(r->mean, (u64)(54 * 3 + 1054 * 3) * 8 * 1000 / 22);
	/* bins below 10 ms are means over 10 ms: what a single packet is must not look like a rate
	 */
	b = rate_base(f->w.tape, f->w.begin, f->w.begin + 22 * NS_PER_MS, 6, NS_PER_MS, 30,
		      rate_over(NS_PER_MS));
	rates_get(r, f->w.tape, 0, DIR_OUT, &b);
	assert_int_equal(r->v[29], 3 * 1054 * 800 + 54 * 0);
	assert_int_equal(r->v[27], 1054 * 800 + 54 * 800);
	assert_int_equal(r->peak, 3 * 1054 * 800);
	/* 31 to 40 ms of the other end: one segment at 30, which an aligned bin counts apart */
	b = rate_base(f->w.tape, f->w.begin, f->w.begin + 35 * NS_PER_MS, 8, NS_PER_MS, 30,
		      rate_over(NS_PER_MS));
	rates_get(r, f->w.tape, 0, DIR_OUT, &b);
	assert_true(r->peak >= r->now && r->peak >= r->mean);
	free(r);

	assert_int_equal(rate_round_bin(0, 10), NS_PER_MS);
	assert_int_equal(rate_round_bin(NS_PER_S, 100), 20 * NS_PER_MS);
	assert_true(rate_round_bin(INT64_MAX, 2) > 0);
	assert_int_equal(rate_scale(0), 1000);
	assert_int_equal(rate_scale(1001), 2000);
	assert_int_equal(rate_scale(5e6), 5000000);
	txt_init(&t);
	rate_put_scale(&t, 2e7);
	txt_putc(&t, ' ');
	rate_put_span(&t, 20 * NS_PER_S);
	assert_string_equal(txt_str(&t), "20 Mbit/s 20 s");
	txt_fini(&t);
}

/* ---- nothing to show ---- */

static void nothing(void **state)
{
	const struct pane_type *types[] = { &pane_packets, &pane_links, &pane_transport };
	struct fix *f = *state;
	struct fix none = { .g = f->g, .t = f->t };

	world_init(&none.w);
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct pane *p = pane_new(types[i]);

		assert_non_null(strstr(shown(&none, p, 60, 12), "open FILE"));
		for (size_t k = 0; k < types[i]->n_keys; k++) {
			assert_int_equal(strncmp(types[i]->keys[k].command, "act ", 4), 0);
			assert_true(p->type->act(p, &none.w, types[i]->keys[k].command + 4).kind !=
				    WISH_UNKNOWN);
		}
		pane_free(p);
	}
	world_fini(&none.w);
	f->g = none.g;
	f->t = none.t;
}

/* Every key of every pane does something or says why not, wherever one is. */
static void every_key(void **state)
{
	const struct pane_type *types[] = { &pane_packets, &pane_links, &pane_transport };
	struct fix *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct pane *p = pane_new(types[i]);

		for (u64 n = 1; n <= PACKETS; n++) {
			at(f, n);
			shown(f, p, 60, 12);
			for (size_t k = 0; k < types[i]->n_keys; k++) {
				const char *verb = types[i]->keys[k].command + 4;

				if (press(f, p, verb).kind == WISH_UNKNOWN)
					fail_msg("%s: '%s' does nothing", types[i]->name, verb);
			}
		}
		pane_free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_and_details),
		cmocka_unit_test(list_keys),
		cmocka_unit_test(filtered),
		cmocka_unit_test(tree_keys),
		cmocka_unit_test(bytes),
		cmocka_unit_test(low),
		cmocka_unit_test(ladder),
		cmocka_unit_test(ladder_keys),
		cmocka_unit_test(both_ways),
		cmocka_unit_test(diagram),
		cmocka_unit_test(arrows),
		cmocka_unit_test(chain),
		cmocka_unit_test(graphs),
		cmocka_unit_test(rates),
		cmocka_unit_test(figures_know_no_width),
		cmocka_unit_test(nothing),
		cmocka_unit_test(every_key),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
