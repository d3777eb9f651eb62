/* The deck without a terminal: tasks beside the screen, keys and commands meanwhile. */
#include "app/inside.h"

#include "packet/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { PACKETS = 9000 };

struct fix {
	struct deck *d;
	char path[40];
	ns_t clock;
};

static ns_t clock_now(void *arg)
{
	return ((struct fix *)arg)->clock;
}

/* A pcap of PACKETS empty frames. */
static void make_file(struct fix *f)
{
	static const u32 head[6] = { 0xa1b2c3d4, 4 << 16 | 2, 0, 0, 65535, 1 };
	FILE *out;
	int fd;

	strcpy(f->path, "/tmp/test_deck.XXXXXX");
	fd = mkstemp(f->path);
	assert_true(fd >= 0);
	out = fdopen(fd, "w");
	assert_non_null(out);
	fwrite(head, sizeof head, 1, out);
	for (u32 i = 0; i < PACKETS; i++) {
		u32 packet[4 + 4] = { 1700000000, i, 16, 16 };

		fwrite(packet, sizeof packet, 1, out);
	}
	assert_int_equal(fclose(out), 0);
}

static int set_up(void **state)
{
	struct fix *f = xcalloc(1, sizeof *f);
	struct deck_host host = { .clock = clock_now, .arg = f };
	struct deck_config config = { .state_dir = NULL };
	struct deck_args args = { .file = f->path };
	struct err e = ERR_INIT;

	registry_init();
	make_file(f);
	f->d = deck_new(&config, &host, 80, 24, &e);
	assert_non_null(f->d);
	assert_int_equal(deck_begin(f->d, &args, &e), 0);
	while (deck_update(f->d) || deck_working(f->d))
		usleep(1000);
	assert_int_equal(f->d->world.count, PACKETS);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	deck_free(f->d);
	unlink(f->path);
	free(f);
	return 0;
}

static void await_job(struct deck *d)
{
	for (int i = 0; i < 10000 && deck_busy(d); i++) {
		deck_update(d);
		usleep(1000);
	}
	assert_false(deck_busy(d));
}

#define assert_says(d, part)                                               \
	do {                                                               \
		if (strstr((d)->world.status, part) == NULL)               \
			fail_msg("'%s' in '%s'", part, (d)->world.status); \
	} while (0)

/* ---- a task that waits to be stopped ---- */

static int run_wait(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	(void)arg;
	p->all = 200;
	p->done = 68;
	txt_puts(&out->t, "first line\nsecond ");
	if (sink_line(out, e) < 0)
		return 1;
	while (!p->stop)
		usleep(500);
	txt_puts(&out->t, "line\n");
	return sink_line(out, e) < 0 ? 1 : 0;
}

static void count_free(void *arg)
{
	++*(int *)arg;
}

static void a_task_is_beside_the_screen(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;
	int freed = 0;
	struct task t = { "probe", run_wait, NULL, count_free, &freed };
	struct err e = ERR_INIT;
	char line[80];
	u64 lines = d->world.console.n;

	assert_int_equal(deck_ops.start(d, &t, &e), 0);
	deck_update(d);
	assert_true(deck_busy(d));
	assert_says(d, "probe  34 %  1 lines  ... Esc stops it");
	assert_int_equal(d->world.console.n, lines + 1);
	deck_key(d, 'n'); /* the deck goes on */
	assert_int_equal(d->world.at, 1);
	deck_update(d);

	/* what it works on stays open, and there is one at a time */
	snprintf(line, sizeof line, "open %s", ((struct fix *)*state)->path);
	deck_command(d, line);
	assert_true(d->world.status_bad);
	assert_says(d, "probe is still under way");
	deck_command(d, "export /tmp/test_deck.never");
	assert_says(d, "probe is still under way");
	deck_command(d, "print");
	assert_says(d, "probe is still under way");
	deck_update(d);
	assert_says(d, "probe is still under way"); /* to be read; the progress waits */

	deck_key(d, KEYCODE_ESC);
	await_job(d);
	assert_int_equal(freed, 1);
	assert_says(d, "probe was stopped");
	assert_int_equal(d->world.console.n, lines + 2);
	assert_string_equal(d->world.console.v[lines + 1].text, "second line");
	deck_command(d, line);
	assert_string_equal(d->world.status, "");
}

static void cancel_is_a_command(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;
	int freed = 0;
	struct task t = { "probe", run_wait, NULL, count_free, &freed };
	struct err e = ERR_INIT;
	u32 key;

	deck_command(d, "cancel");
	assert_says(d, "nothing is under way");
	assert_int_equal(deck_ops.start(d, &t, &e), 0);
	assert_int_equal(key_parse("C-c", &key, &e), 0);
	deck_key(d, key);
	await_job(d);
	assert_says(d, "probe was stopped");
}

static void leaving_stops_it(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;
	static int freed;
	struct task t = { "probe", run_wait, NULL, count_free, &freed };
	struct err e = ERR_INIT;

	assert_int_equal(deck_ops.start(d, &t, &e), 0); /* tear_down leaves */
}

static int run_fail(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	(void)arg;
	(void)out;
	(void)p;
	err_set(e, "it broke");
	return 1;
}

static void a_failure_is_told_once(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;
	int freed = 0;
	struct task t = { "probe", run_fail, NULL, count_free, &freed };
	struct err e = ERR_INIT;

	if (deck_ops.start(d, &t, &e) == 0) { /* a slow machine: it comes later */
		await_job(d);
		assert_says(d, "it broke");
		assert_true(d->world.status_bad);
	} else {
		assert_string_equal(e.text, "it broke");
	}
	assert_int_equal(freed, 1);
}

/* ---- print ---- */

static void print_has_a_cap(void **state)
{
	struct fix *f = *state;
	struct deck *d = f->d;
	char line[80];
	size_t lines = d->world.console.n;

	snprintf(line, sizeof line, "print -r %s", f->path);
	deck_command(d, line);
	await_job(d);
	assert_int_equal(d->world.console.n, lines + JOB_LINES);
	assert_says(d, "print: the console shows the first 8000 lines");
	snprintf(line, sizeof line, "print -c 30 -r %s", f->path);
	lines = d->world.console.n + d->world.console_lost;
	deck_command(d, line);
	await_job(d);
	assert_int_equal(d->world.console.n + d->world.console_lost, lines + 30);
	assert_says(d, "30 lines are in the console pane: 4 goes there");
}

static void the_hint_knows_the_keys(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;

	deck_command(d, "unbind 4");
	deck_command(d, "print -c 1");
	await_job(d);
	assert_string_equal(d->world.status, "1 line is in the console pane");
	deck_command(d, "bind F7 focus console");
	deck_command(d, "print -c 2");
	await_job(d);
	assert_string_equal(d->world.status, "2 lines are in the console pane: F7 goes there");
}

/* ---- the prompt ---- */

static void type(struct deck *d, const char *text)
{
	for (; *text != '\0'; text++)
		deck_key(d, (u8)*text);
}

static void a_wrong_filter_has_its_place(void **state)
{
	struct deck *d = ((struct fix *)*state)->d;
	const struct console_line *l;

	type(d, ":filter tcp.port == && udp");
	deck_key(d, KEYCODE_ENTER);
	assert_says(d, "filter, character 13: ");
	assert_true(d->world.console.n >= 3);
	l = &d->world.console.v[d->world.console.n - 3];
	assert_string_equal(l[0].text, "> filter tcp.port == && udp");
	assert_string_equal(l[1].text, "                     ^");
	assert_int_equal(strncmp(l[2].text, "filter, character 13: ", 22), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_task_is_beside_the_screen, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cancel_is_a_command, set_up, tear_down),
		cmocka_unit_test_setup_teardown(leaving_stops_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_failure_is_told_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(print_has_a_cap, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_hint_knows_the_keys, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_wrong_filter_has_its_place, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
