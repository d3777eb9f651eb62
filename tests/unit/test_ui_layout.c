/* The layout at every size: panes tile the screen, nothing is lost, resizing does what it says. */
#include "base/rand.h"
#include "ui/layout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { LINKS, PACKETS, TRANSPORT, CONSOLE };

static struct layout make(void)
{
	struct layout l;

	layout_init(&l);
	layout_add(&l, "links", 30, 6, 220, 0, 0);
	layout_add(&l, "packets", 40, 9, 780, 0, 1);
	layout_add(&l, "transport", 44, 11, 700, 1, 2);
	layout_add(&l, "console", 30, 6, 300, 1, 0);
	return l;
}

/* Every cell between the bars belongs to exactly one pane, every pane that is not hidden is in view
 * or the tab line is. */
static void check(const struct layout *l, int w, int h)
{
	struct layout_view v;
	int lost = 0, area = 0, body;

	layout_compute(l, w, h, &v);
	if (v.too_small)
		return;
	body = h - 3 - v.tabs.h;
	for (int i = 0; i < l->n; i++) {
		const struct rect *r = &v.pane[i];

		lost += r->w == 0 && !l->slot[i].hidden;
		if (r->w == 0)
			continue;
		assert_false(l->slot[i].hidden && !(l->zoom && i == l->focus));
		assert_true(r->x >= 0 && r->y >= 1 + v.tabs.h && r->x + r->w <= w &&
			    r->y + r->h <= h - 2);
		assert_true(r->w >= 24 && r->h >= 3);
		area += r->w * r->h;
		assert_int_equal(layout_pane_at(&v, r->x, r->y), i);
		assert_int_equal(layout_pane_at(&v, r->x + r->w - 1, r->y + r->h - 1), i);
	}
	assert_int_equal(area, w * body);
	assert_int_equal(lost > 0, v.tabs.h);
	assert_true(v.pane[l->focus].w > 0);
}

static void view_is(const struct layout *l, int w, int h, const char *want)
{
	struct layout_view v;
	struct txt t;

	layout_compute(l, w, h, &v);
	txt_init(&t);
	for (int i = 0; i < l->n; i++)
		if (v.pane[i].w > 0)
			txt_printf(&t, "%s %dx%d+%d+%d ", l->slot[i].name, v.pane[i].w, v.pane[i].h,
				   v.pane[i].x, v.pane[i].y);
	if (v.tabs.h > 0)
		txt_puts(&t, "tabs ");
	assert_string_equal(txt_str(&t), want);
	txt_fini(&t);
}

static void sizes(void **state)
{
	struct layout l = make();
	struct layout_view v;
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	layout_compute(&l, 40, 10, &v);
	assert_true(v.too_small);
	view_is(&l, 40, 10, "");
	view_is(&l, 80, 24, "packets 80x9+0+2 transport 80x11+0+11 tabs ");
	view_is(&l, 100, 30,
		"links 45x6+0+1 packets 45x21+0+7 transport 55x18+45+1 console 55x9+45+19 ");
	view_is(&l, 120, 36,
		"links 54x7+0+1 packets 54x26+0+8 transport 66x23+54+1 console 66x10+54+24 ");
	view_is(&l, 200, 60,
		"links 90x12+0+1 packets 90x45+0+13 transport 110x39+90+1 console 110x18+90+40 ");
	view_is(&l, 400, 100,
		"links 100x41+0+1 packets 140x97+100+1 transport 160x97+240+1 console "
		"100x56+0+42 ");
	txt_init(&t);
	grid_init(&g, 40, 2, true);
	c = canvas_of(&g);
	layout_compute(&l, 40, 2, &v);
	layout_draw_too_small(&v, &c);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "tapdeck needs 50x12; this is 40x2\n\n");
	grid_fini(&g);
	txt_fini(&t);
	for (int w = 0; w <= 300; w += 7)
		for (int h = 0; h <= 110; h += 3)
			check(&l, w, h);
}

static void focus_and_tabs(void **state)
{
	struct layout l = make();
	struct layout_view v;
	struct err e = ERR_INIT;
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	assert_int_equal(l.focus, PACKETS);
	layout_focus_next(&l, 1);
	layout_focus_next(&l, 1);
	assert_int_equal(l.focus, CONSOLE); /* comes into view, and the oldest goes */
	view_is(&l, 80, 24, "transport 80x14+0+2 console 80x6+0+16 tabs ");
	layout_compute(&l, 80, 24, &v);
	assert_int_equal(layout_tab_at(&l, &v, 0), -1);
	assert_int_equal(layout_tab_at(&l, &v, 1), LINKS);
	assert_int_equal(layout_tab_at(&l, &v, 12), PACKETS);
	assert_int_equal(layout_tab_at(&l, &v, 79), -1);
	grid_init(&g, 80, 24, false);
	c = canvas_of(&g);
	txt_init(&t);
	layout_draw_tabs(&l, &v, &c);
	canvas_dump(&g, &t);
	t.n = (size_t)((char *)memchr(t.s + 1, '\n', t.n - 1) - t.s);
	assert_string_equal(txt_str(&t), "\n  1 links   2 packets   3 transport  [4 console]");
	txt_fini(&t);
	grid_fini(&g);

	layout_focus_next(&l, 1);
	assert_int_equal(l.focus, LINKS);
	layout_focus_next(&l, -1);
	assert_int_equal(l.focus, CONSOLE);
	l.zoom = true;
	view_is(&l, 120, 36, "console 120x32+0+2 tabs ");
	l.zoom = false;
	assert_int_equal(layout_hide(&l, CONSOLE, &e), 0);
	assert_int_equal(l.focus, LINKS);
	view_is(&l, 120, 36, "links 54x7+0+1 packets 54x26+0+8 transport 66x33+54+1 ");
	layout_hide(&l, TRANSPORT, &e); /* an empty column goes */
	view_is(&l, 120, 36, "links 120x7+0+1 packets 120x26+0+8 ");
	layout_hide(&l, PACKETS, &e);
	view_is(&l, 120, 36, "links 120x33+0+1 ");
	assert_int_equal(layout_hide(&l, LINKS, &e), -1);
	assert_string_equal(e.text, "links is the last pane; show another one first");
	layout_focus_next(&l, 1);
	assert_int_equal(l.focus, LINKS);
	layout_focus(&l, TRANSPORT);
	view_is(&l, 120, 36, "links 54x33+0+1 transport 66x33+54+1 ");
}

static void resizing(void **state)
{
	struct layout l = make();
	struct layout_view v;
	struct layout_edge edge;

	(void)state;
	layout_compute(&l, 120, 36, &v);
	assert_true(layout_grow(&l, &v, 4, 0));
	view_is(&l, 120, 36,
		"links 58x7+0+1 packets 58x26+0+8 transport 62x23+58+1 console 62x10+58+24 ");
	assert_true(
		layout_grow(&l, &v, 0, -3)); /* packets is the last of its column: links grows */
	view_is(&l, 120, 36,
		"links 58x10+0+1 packets 58x23+0+11 transport 62x23+58+1 console 62x10+58+24 ");
	layout_compute(&l, 120, 36, &v);
	assert_true(layout_grow(&l, &v, -1000, -1000));
	layout_compute(&l, 120, 36, &v);
	assert_false(layout_grow(&l, &v, -1, -1));
	view_is(&l, 120, 36,
		"links 24x24+0+1 packets 24x9+0+25 transport 96x23+24+1 console 96x10+24+24 ");
	layout_focus(&l, TRANSPORT);
	layout_grow(&l, &v, -6, 0);
	view_is(&l, 120, 36,
		"links 30x24+0+1 packets 30x9+0+25 transport 90x23+30+1 console 90x10+30+24 ");

	l = make();
	layout_compute(&l, 120, 36, &v);
	edge = layout_edge_at(&l, &v, 53, 20);
	assert_int_equal(edge.kind, EDGE_COL);
	layout_drag(&l, &v, edge, 60, 3);
	layout_compute(&l, 120, 36, &v);
	assert_int_equal(v.pane[TRANSPORT].x, 60);
	edge = layout_edge_at(&l, &v, 10, 8); /* the title line of packets */
	assert_int_equal(edge.kind, EDGE_ROW);
	assert_int_equal(edge.index, LINKS);
	layout_drag(&l, &v, edge, 10, 15);
	layout_compute(&l, 120, 36, &v);
	assert_int_equal(v.pane[LINKS].y + v.pane[LINKS].h - 1, 15);
	assert_int_equal(layout_edge_at(&l, &v, 10, 1).kind, EDGE_NONE);
	assert_int_equal(layout_edge_at(&l, &v, 10, 20).kind, EDGE_NONE);
	check(&l, 120, 36);
}

static void saved(void **state)
{
	struct layout l = make(), m = make();
	struct layout_view v;
	struct err e = ERR_INIT;
	struct txt a, b;
	static const char *const bad[] = { "links",	     "links=0",
					   "links=x",	     "split2=0",
					   "split2=1000",    "split3=500,200",
					   "split3=500",     "split2=5x",
					   "packets=999999", "=5",
					   "split3=1,2,3",   "links=99999999999999999999" };

	(void)state;
	txt_init(&a);
	txt_init(&b);
	layout_compute(&l, 120, 36, &v);
	layout_grow(&l, &v, 7, -3);
	layout_focus(&l, TRANSPORT);
	layout_hide(&l, CONSOLE, &e);
	l.zoom = true;
	layout_save(&l, &a);
	assert_string_equal(txt_str(&a), "split2=508 split3=250,600 focus=transport zoom links=300 "
					 "packets=690 transport=700 console=-300");
	assert_int_equal(layout_load(&m, a.s, &e), 0);
	layout_save(&m, &b);
	assert_string_equal(txt_str(&b), a.s);
	assert_int_equal(layout_load(&m, "guide=40 focus=guide  links=10\n", &e),
			 0); /* from another version */
	assert_int_equal(m.focus, TRANSPORT);
	assert_int_equal(m.slot[LINKS].weight, 10);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct layout before = m;

		e.text[0] = '\0';
		if (strcmp(bad[i], "=5") != 0) /* the name of no pane */
			assert_int_equal(layout_load(&m, bad[i], &e), -1);
		assert_true(strcmp(bad[i], "=5") == 0 || e.text[0] != '\0');
		assert_memory_equal(&before, &m, sizeof m);
	}
	assert_int_equal(
		layout_load(&m, "links=-1 packets=-1 transport=-1 console=-1 focus=links", &e), 0);
	check(&m, 80, 24);
	txt_fini(&a);
	txt_fini(&b);
}

static void anything(void **state)
{
	struct layout l = make();
	struct layout_view v;
	struct rnd rnd;

	(void)state;
	rnd_init(&rnd, 11);
	for (int i = 0; i < 50000; i++) {
		int w = 40 + (int)rnd_below(&rnd, 300), h = 8 + (int)rnd_below(&rnd, 100);
		int x = (int)rnd_below(&rnd, (u64)w), y = (int)rnd_below(&rnd, (u64)h);

		layout_compute(&l, w, h, &v);
		switch (rnd_below(&rnd, 6)) {
		case 0: layout_focus(&l, (int)rnd_below(&rnd, 4)); break;
		case 1: layout_hide(&l, (int)rnd_below(&rnd, 4), NULL); break;
		case 2:
			layout_grow(&l, &v, (int)rnd_below(&rnd, 20) - 10,
				    (int)rnd_below(&rnd, 20) - 10);
			break;
		case 3: layout_focus_next(&l, (int)rnd_below(&rnd, 3) - 1); break;
		case 4: l.zoom = rnd_below(&rnd, 4) == 0; break;
		default:
			layout_drag(&l, &v, layout_edge_at(&l, &v, x, y),
				    (int)rnd_below(&rnd, (u64)w), (int)rnd_below(&rnd, (u64)h));
			break;
		}
		check(&l, w, h);
		for (int k = 0; k < l.n; k++)
			assert_true(l.slot[k].weight > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),    cmocka_unit_test(focus_and_tabs),
		cmocka_unit_test(resizing), cmocka_unit_test(saved),
		cmocka_unit_test(anything),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
