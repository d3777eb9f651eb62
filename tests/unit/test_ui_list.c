/* The scroller and the page of text: nothing is ever out of view or out of range. */
#include "base/rand.h"
#include "ui/list.h"
#include "ui/overlay.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void check(const struct list *l)
{
	if (l->n == 0) {
		assert_true(l->cursor == 0 && l->top == 0);
		return;
	}
	assert_true(l->cursor < l->n);
	assert_true(l->cursor >= l->top);
	if (l->page > 0)
		assert_true(l->cursor < l->top + (u64)l->page);
	assert_true(l->top == 0 || l->top + (u64)l->page <= l->n);
}

static void moving(void **state)
{
	struct list l = { 0 };

	(void)state;
	list_set(&l, 100, 10);
	list_move(&l, 7);
	assert_int_equal(l.top, 0); /* two rows of context below */
	list_move(&l, 1);
	assert_int_equal(l.top, 1);
	assert_true(list_verb(&l, "bottom"));
	assert_int_equal(l.cursor, 99);
	assert_int_equal(l.top, 90);
	assert_true(list_verb(&l, "page-up"));
	assert_int_equal(l.cursor, 90);
	assert_int_equal(l.top, 88);
	assert_true(list_verb(&l, "top"));
	assert_false(list_verb(&l, "fly"));
	list_move(&l, INT64_MIN);
	assert_int_equal(l.cursor, 0);
	list_move(&l, INT64_MAX);
	assert_int_equal(l.cursor, 99);
	list_center(&l, 50);
	assert_int_equal(l.top, 45);
	list_center(&l, 47); /* in view already: the page stands still */
	assert_int_equal(l.top, 45);
	assert_int_equal(list_row_at(&l, 3), 48);
	assert_int_equal(list_line_of(&l, 54), 9);
	assert_int_equal(list_line_of(&l, 55), -1);
	assert_true(list_row_at(&l, 10) == LIST_NONE);
}

static void keeps_its_place(void **state)
{
	struct list l = { 0 };

	(void)state;
	list_set(&l, 1000, 20);
	list_center(&l, 500);
	assert_int_equal(l.top, 490);
	list_set(&l, 1000, 40); /* twice as high: still in the middle */
	assert_int_equal(l.cursor, 500);
	assert_int_equal(l.top, 480);
	list_set(&l, 1000, 0); /* hidden for a while */
	list_set(&l, 1000, 40);
	assert_int_equal(l.cursor, 500);
	list_set(&l, 10, 40); /* a filter leaves ten */
	assert_int_equal(l.cursor, 9);
	assert_int_equal(l.top, 0);
	list_set(&l, 0, 40);
	check(&l);
	list_set(&l, UINT64_MAX - 1, 40);
	list_to(&l, UINT64_MAX);
	check(&l);
}

static void follows(void **state)
{
	struct list l = { .may_follow = true, .follow = true };

	(void)state;
	list_set(&l, 0, 5);
	list_set(&l, 30, 5);
	assert_int_equal(l.cursor, 29);
	list_set(&l, 40, 5);
	assert_int_equal(l.cursor, 39);
	list_move(&l, -1);
	list_set(&l, 50, 5);
	assert_int_equal(l.cursor, 38);
	list_verb(&l, "bottom");
	list_set(&l, 60, 5);
	assert_int_equal(l.cursor, 59);
	l.may_follow = false;
	list_verb(&l, "bottom");
	assert_false(l.follow);
}

static void mouse(void **state)
{
	struct list l = { 0 };
	struct mouse m = { .kind = MOUSE_PRESS, .y = 9 };

	(void)state;
	list_set(&l, 100, 10);
	assert_true(list_mouse(&l, &m));
	assert_int_equal(l.cursor, 9);
	assert_int_equal(l.top, 0); /* a click does not move the page */
	m.kind = MOUSE_WHEEL_DOWN;
	list_mouse(&l, &m);
	assert_int_equal(l.top, 3);
	m.y = 10;
	m.kind = MOUSE_PRESS;
	assert_false(list_mouse(&l, &m));
}

static void anything(void **state)
{
	const char *verbs[] = { "up",	     "down", "page-up", "page-down", "half-up",
				"half-down", "top",  "bottom",	"scroll-up", "scroll-down" };
	struct list l = { 0 };
	struct rnd rnd;

	(void)state;
	rnd_init(&rnd, 3);
	for (int i = 0; i < 200000; i++) {
		u64 r = rnd_u64(&rnd);

		switch (r % 6) {
		case 0: list_set(&l, rnd_below(&rnd, 50), (int)rnd_below(&rnd, 12)); break;
		case 1: list_move(&l, (i64)rnd_below(&rnd, 40) - 20); break;
		case 2: list_scroll(&l, (i64)rnd_below(&rnd, 40) - 20); break;
		case 3: list_center(&l, rnd_below(&rnd, 60)); break;
		case 4: l.may_follow = r >> 8 & 1; break;
		default: list_verb(&l, verbs[(r >> 8) % ARRAY_LEN(verbs)]); break;
		}
		check(&l);
	}
}

static void thumb(void **state)
{
	struct list l = { 0 };
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	grid_init(&g, 1, 5, true);
	c = canvas_of(&g);
	txt_init(&t);
	list_set(&l, 5, 5);
	list_draw_thumb(&l, &c, 0, 0, STYLE_BORDER);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "\n\n\n\n\n");
	list_set(&l, 1000, 5);
	list_verb(&l, "bottom");
	list_draw_thumb(&l, &c, 0, 0, STYLE_BORDER);
	txt_clear(&t);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "\n\n\n\n#\n");
	txt_fini(&t);
	grid_fini(&g);
}

static void page_of_text(void **state)
{
	const char *text =
		"packets\n  n  next packet\n  C-r  a note that is longer than the page\n";
	struct mouse m = { .kind = MOUSE_PRESS, .x = 0, .y = 0 };
	struct overlay o;
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	overlay_init(&o);
	txt_init(&t);
	grid_init(&g, 30, 8, true);
	c = canvas_of(&g);
	assert_false(overlay_key(&o, 'x')); /* closed: not for it */
	overlay_draw(&o, &c);
	overlay_show(&o, "keys", text, strlen(text), true);
	overlay_draw(&o, &c);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "\n"
					 " + keys ====================+\n"
					 " | packets                  |\n"
					 " |   n  next packet         |\n"
					 " |   C-r  a note that is    |\n"
					 " | longer than the page     |\n"
					 " +==========================+\n"
					 "\n");
	txt_clear(&t);
	canvas_dump_styles(&g, &t);
	assert_string_equal(txt_str(&t), "\n"
					 " f ffff fffffffffffffffffffff\n"
					 " f ttttttt                  f\n"
					 " f   h                      f\n"
					 " f   hhh                    f\n"
					 " f                          f\n"
					 " ffffffffffffffffffffffffffff\n"
					 "\n");
	grid_resize(&g, 30, 6); /* a smaller screen: it scrolls */
	c = canvas_of(&g);
	overlay_draw(&o, &c);
	assert_true(overlay_key(&o, KEYCODE_END));
	overlay_draw(&o, &c);
	txt_clear(&t);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "\n"
					 " + keys ======= Esc closes =+\n"
					 " |   C-r  a note that is    |\n"
					 " | longer than the page     |\n"
					 " +==========================+\n"
					 "\n");
	m.x = 5;
	m.y = 2;
	assert_true(overlay_mouse(&o, &m));
	assert_true(o.open);
	m.x = 0;
	assert_true(overlay_mouse(&o, &m));
	assert_false(o.open);
	assert_false(overlay_mouse(&o, &m));
	txt_fini(&t);
	grid_fini(&g);
	overlay_fini(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moving),	cmocka_unit_test(keeps_its_place),
		cmocka_unit_test(follows),	cmocka_unit_test(mouse),
		cmocka_unit_test(anything),	cmocka_unit_test(thumb),
		cmocka_unit_test(page_of_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
