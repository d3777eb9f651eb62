/* The world at the playhead: stepping over a filter, jumps, searches, marks, rows, columns,
 * console. */
#include "tape/world.h"

#include "capture.h"
#include "packet/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKETS = 12 };

struct fix {
	struct world w;
	char path[40];
};

/* Packets 10 ms apart; every third (0, 3, 6, 9) holds "needle" and is 100 bytes long, others 60. */
static void make_tape(struct capture *c)
{
	static const u8 head[14] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xb5 };

	c_pcap(c, 0xa1b2c3d4, 1);
	for (u32 i = 0; i < PACKETS; i++) {
		u32 len = i % 3 == 0 ? 100 : 60;

		c_u32(c, 1700000000);
		c_u32(c, i * 10000);
		c_u32(c, len);
		c_u32(c, len);
		c_bytes(c, head, sizeof head);
		c_bytes(c, i % 3 == 0 ? "Needle" : "nothin", 6);
		c_fill(c, len - 20, 0);
	}
}

static void settle(struct world *w)
{
	for (int i = 0; i < 5000; i++) {
		world_update(w, 0);
		if (w->done && w->passed == w->count &&
		    (w->match == NULL || match_done(w->match)) &&
		    (w->found == NULL || match_done(w->found))) {
			world_update(w, 0);
			return;
		}
		usleep(1000);
	}
	fail_msg("not settled in five seconds");
}

static int set_up(void **state)
{
	struct fix *f = xcalloc(1, sizeof *f);
	struct capture *c = xcalloc(1, sizeof *c);
	struct err e = ERR_INIT;
	int fd;

	registry_init();
	strcpy(f->path, "/tmp/test_world.XXXXXX");
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
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	world_fini(&f->w);
	unlink(f->path);
	free(f);
	return 0;
}

static void filter(struct world *w, const char *text)
{
	struct err e = ERR_INIT;

	assert_int_equal(world_filter(w, text, &e), 0);
	settle(w);
}

static void opens_at_the_first_packet(void **state)
{
	struct world *w = &((struct fix *)*state)->w;

	assert_int_equal(w->at, 0);
	assert_int_equal(w->head.state, PLAYHEAD_PAUSED);
	assert_int_equal(w->end - w->begin, 110 * NS_PER_MS);
	assert_int_equal(w->now, w->begin);
}

static void steps_and_jumps_stay_on_the_tape(void **state)
{
	struct world *w = &((struct fix *)*state)->w;

	world_step(w, -1);
	assert_int_equal(w->at, 0);
	world_step(w, 5);
	assert_int_equal(w->at, 5);
	world_step(w, INT64_MAX);
	assert_int_equal(w->at, PACKETS - 1);
	world_step(w, -INT64_MAX);
	assert_int_equal(w->at, 0);
	world_goto(w, UINT64_MAX);
	assert_int_equal(w->at, PACKETS - 1);
	world_goto_time(w, w->begin + 35 * NS_PER_MS);
	assert_int_equal(w->at, 3);
	assert_int_equal(w->now, w->begin + 35 * NS_PER_MS);
	world_goto_time(w, INT64_MAX);
	assert_int_equal(w->at, PACKETS - 1);
	world_goto_time(w, INT64_MIN + 1);
	assert_int_equal(w->at, 0);
}

static void a_filter_is_stepped_over(void **state)
{
	struct world *w = &((struct fix *)*state)->w;

	world_goto(w, 4);
	filter(w, "frame.len == 100");
	assert_int_equal(w->at, 4); /* the playhead stays */
	assert_int_equal(world_rows(w), 4);
	assert_int_equal(world_row_packet(w, 2), 6);
	assert_int_equal(world_packet_row(w, 6), 2);
	assert_int_equal(world_packet_row(w, 7), 2); /* the one before */
	world_step(w, 1);
	assert_int_equal(w->at, 6);
	world_step(w, -2);
	assert_int_equal(w->at, 0);
	world_step(w, -1);
	assert_int_equal(w->at, 0);
	assert_non_null(strstr(w->status, "no earlier packet"));
	world_step(w, 100);
	assert_int_equal(w->at, 9);
	assert_non_null(strstr(w->status, "no later packet"));
	filter(w, "  ");
	assert_null(w->filter);
	assert_int_equal(world_rows(w), PACKETS);
}

static void a_wrong_filter_changes_nothing(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	struct err e = ERR_INIT;

	filter(w, "frame.len == 100");
	assert_int_equal(world_filter(w, "frame.len ==", &e), -1);
	assert_true(e.at >= 0 && e.text[0] != '\0');
	assert_string_equal(w->filter, "frame.len == 100");
	assert_int_equal(world_rows(w), 4);
}

static void nothing_passes(void **state)
{
	struct world *w = &((struct fix *)*state)->w;

	world_goto(w, 5);
	filter(w, "frame.len == 1");
	assert_int_equal(world_rows(w), 0);
	assert_int_equal(world_packet_row(w, 5), 0);
	world_step(w, 1);
	world_step(w, -1);
	assert_int_equal(w->at, 5);
}

static void finds(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	struct err e = ERR_INIT;

	world_find_go(w, 1);
	assert_true(w->status_bad); /* nothing was searched for yet */
	assert_int_equal(world_find(w, FIND_TEXT, "needle", &e), 0);
	settle(w);
	world_find_go(w, 1);
	assert_int_equal(w->at, 3); /* after the playhead, not at it */
	world_find_go(w, 1);
	world_find_go(w, 1);
	assert_int_equal(w->at, 9);
	world_find_go(w, 1);
	assert_int_equal(w->at, 9);
	assert_true(w->status_bad);
	world_find_go(w, -1);
	assert_int_equal(w->at, 6);
	world_goto(w, 0);
	world_find_go(w, -1);
	assert_int_equal(w->at, 0);
	assert_int_equal(world_find(w, FIND_HEX, "6e 6f:74-68", &e), 0);
	settle(w);
	world_find_go(w, 1);
	assert_int_equal(w->at, 1);
	assert_int_equal(world_find(w, FIND_REGEX, "n(ee", &e), -1);
	assert_string_equal(w->search, "6e 6f:74-68"); /* what was there stays */
	assert_int_equal(world_find(w, FIND_HEX, "6", &e), -1);
	assert_int_equal(world_find(w, FIND_REGEX, "^n|EE", &e), 0);
}

static void a_search_waits_for_its_answer(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	struct err e = ERR_INIT;

	assert_int_equal(world_find(w, FIND_TEXT, "needle", &e), 0);
	world_find_go(w, 1); /* may be known at once or not */
	settle(w);
	assert_int_equal(w->at, 3);
	assert_int_equal(w->find_dir, 0);
}

static void marks(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	struct err e = ERR_INIT;

	world_goto(w, 7);
	world_mark(w, "b");
	world_goto(w, 2);
	world_mark(w, "a");
	world_mark(w, "");
	assert_int_equal(w->head.marks.n, 3);
	assert_int_equal(w->head.marks.v[0].n, 2);
	assert_int_equal(w->head.marks.v[2].n, 7);
	world_goto(w, 9);
	world_mark(w, "a"); /* moves */
	assert_int_equal(w->head.marks.n, 3);
	assert_int_equal(playhead_find_mark(&w->head, "a")->n, 9);
	assert_int_equal(world_unmark(w, "a", &e), 0);
	assert_int_equal(world_unmark(w, "a", &e), -1);
	assert_int_equal(w->head.marks.n, 2);
}

static void columns(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	struct err e = ERR_INIT;
	struct column c;
	struct txt t;

	txt_init(&t);
	assert_int_equal(column_parse("nosuch", &c, &e), -1);
	assert_int_equal(column_parse("len", &c, &e), 0);
	assert_string_equal(column_title(&c), "Length");
	column_put(w, &t, &c, world_line(w, 3));
	assert_string_equal(txt_str(&t), "100");
	assert_int_equal(column_parse("eth.type", &c, &e), 0);
	assert_string_equal(column_name(&c), "eth.type");
	*VEC_PUSH(&w->columns) = c;
	world_columns_changed(w);
	txt_clear(&t);
	column_put(w, &t, &c, world_line(w, 3));
	assert_string_equal(txt_str(&t), "0x88b5");
	txt_clear(&t);
	world_put_clock(w, &t, w->begin + 61 * NS_PER_S);
	assert_string_equal(txt_str(&t), "00:01:01.000000");
	txt_fini(&t);
}

static void opening_keeps_the_filter_or_everything(void **state)
{
	struct fix *f = *state;
	struct world *w = &f->w;
	struct err e = ERR_INIT;

	filter(w, "frame.len == 100");
	world_goto(w, 5);
	assert_int_equal(world_open(w, "/nonexistent/x.pcap", &e), -1);
	assert_int_equal(w->at, 5); /* what was open stays */
	assert_int_equal(w->count, PACKETS);
	assert_int_equal(world_open(w, w->path, &e), 0);
	settle(w);
	assert_int_equal(w->at, 0);
	assert_int_equal(world_rows(w), 4);
	assert_int_equal(w->find_dir, 0);
}

static void the_console_drops_its_oldest_lines(void **state)
{
	struct world *w = &((struct fix *)*state)->w;
	char line[32];

	world_say(w, LINE_OUTPUT, "a\n\nb", 4);
	assert_int_equal(w->console.n, 3);
	assert_string_equal(w->console.v[1].text, "");
	for (int i = 0; i < CONSOLE_CAP; i++)
		world_say(w, LINE_OUTPUT, line, (size_t)snprintf(line, sizeof line, "%d\n", i));
	assert_true(w->console.n <= CONSOLE_CAP);
	assert_int_equal(w->console.n + w->console_lost, CONSOLE_CAP + 3);
	snprintf(line, sizeof line, "%d", CONSOLE_CAP - 1);
	assert_string_equal(w->console.v[w->console.n - 1].text, line);
}

static void nothing_is_open(void **state)
{
	struct world w;
	struct err e = ERR_INIT;

	(void)state;
	world_init(&w);
	assert_false(world_update(&w, 0));
	assert_int_equal(world_due(&w, 0), -1);
	world_step(&w, 1);
	world_goto(&w, 3);
	world_goto_time(&w, 3);
	world_play(&w, 0);
	world_pause(&w);
	world_mark(&w, "");
	assert_true(w.status_bad);
	assert_int_equal(world_find(&w, FIND_TEXT, "x", &e), -1);
	assert_int_equal(world_filter(&w, "tcp", &e), 0);
	assert_int_equal(world_rows(&w), 0);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		TEST(opens_at_the_first_packet),
		TEST(steps_and_jumps_stay_on_the_tape),
		TEST(a_filter_is_stepped_over),
		TEST(a_wrong_filter_changes_nothing),
		TEST(nothing_passes),
		TEST(finds),
		TEST(a_search_waits_for_its_answer),
		TEST(marks),
		TEST(columns),
		TEST(opening_keeps_the_filter_or_everything),
		TEST(the_console_drops_its_oldest_lines),
		cmocka_unit_test(nothing_is_open),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
