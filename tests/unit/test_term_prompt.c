/* The prompt, driven key by key without a terminal: editing, both key sets, history, search,
 * completion, and whatever a cat on the keyboard types. */
#include "base/rand.h"
#include "base/utf8.h"
#include "term/prompt.h"
#include "term/prompt_history.h"
#include "ui/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/test_prompt.XXXXXX";
static char file[200];

/* Types keys by name, separated by blanks ("a b C-r Enter"); a word in quotes is typed letter by
 * letter. */
static enum prompt_status type(struct prompt *p, const char *keys)
{
	enum prompt_status status = PROMPT_EDITING;

	while (*keys) {
		char word[200];
		size_t n;
		u32 key;

		keys += strspn(keys, " ");
		if (*keys == '\'') {
			const char *end = strchr(keys + 1, '\'');

			for (keys++; keys < end;) {
				keys += utf8_decode(keys, (size_t)(end - keys), &key);
				status = prompt_key(p, key);
			}
			keys++;
			continue;
		}
		n = strcspn(keys, " ");
		memcpy(word, keys, n);
		word[n] = '\0';
		keys += n;
		if (n > 0) {
			assert_int_equal(key_parse(word, &key, NULL), 0);
			status = prompt_key(p, key);
		}
	}
	return status;
}

static void has(struct prompt *p, int line, const char *before, const char *after)
{
	const char *text = prompt_line(p);
	size_t cursor = prompt_cursor(p);

	if (strlen(before) != cursor || strncmp(text, before, cursor) != 0 ||
	    strcmp(text + cursor, after) != 0)
		fail_msg("line %d: \"%.*s|%s\", not \"%s|%s\"", line, (int)cursor, text,
			 text + cursor, before, after);
}
#define HAS(before, after) has(p, __LINE__, before, after)

static struct prompt *make(bool vi, const char *history, prompt_complete_fn *complete)
{
	struct err e = ERR_INIT;
	struct prompt_config config = { .vi = vi, .history_file = history, .complete = complete };
	struct prompt *p = prompt_new(&config, &e);

	if (!p)
		fail_msg("%s", e.text);
	return p;
}

static void emacs(void **state)
{
	struct prompt *p = make(false, NULL, NULL);

	(void)state;
	assert_int_equal(prompt_key(p, 'x'), PROMPT_CANCELLED); /* not begun */
	prompt_start(p, ":", "");
	assert_true(prompt_active(p));
	type(p, "'ping h2 -c 3'");
	HAS("ping h2 -c 3", "");
	type(p, "Home");
	HAS("", "ping h2 -c 3");
	type(p, "C-Right");
	HAS("ping", " h2 -c 3");
	type(p, "Right Delete x");
	HAS("ping x", "2 -c 3");
	type(p, "C-k");
	HAS("ping x", "");
	type(p, "C-a C-y End Left Backspace");
	HAS("2 -c 3ping", "x");
	type(p, "C-u");
	HAS("", "x");
	type(p, "C-e Space 'a b c' C-w");
	HAS("x a b ", "");
	type(p, "M-b M-Backspace C-t");
	assert_int_equal(type(p, "C-e 'done' Enter"), PROMPT_DONE);
	assert_false(prompt_active(p));
	assert_string_equal(prompt_line(p) + strlen(prompt_line(p)) - 4, "done");

	prompt_start(p, ":", "filter tcp");
	HAS("filter tcp", "");
	assert_int_equal(type(p, "C-c"), PROMPT_CANCELLED);
	prompt_start(p, ":", "ab");
	assert_int_equal(type(p, "C-a C-d"), PROMPT_EDITING);
	HAS("", "b");
	assert_int_equal(type(p, "C-d"), PROMPT_EDITING);
	assert_int_equal(type(p, "C-d"), PROMPT_CANCELLED);
	prompt_start(p, ":", "x");
	assert_int_equal(type(p, "Esc"), PROMPT_CANCELLED);
	prompt_start(p, ":", "again"); /* begun twice: the first is given up */
	prompt_start(p, ":", "y");
	HAS("y", "");
	prompt_free(p);
}

static void vi(void **state)
{
	struct prompt *p = make(true, NULL, NULL);

	(void)state;
	prompt_start(p, ":", "");
	type(p, "'one two three' Esc");
	HAS("one two thre", "e");
	type(p, "0 d w");
	HAS("", "two three");
	type(p, "w r X"); /* r reads a second key */
	HAS("two ", "Xhree");
	type(p, "A '!é' Esc h x");
	HAS("two Xhree", "é");
	type(p, "v : @ a"); /* neither an editor nor libedit's own commands */
	assert_int_equal(type(p, "Esc Esc C-c"), PROMPT_CANCELLED);
	prompt_start(p, ":", "kept");
	assert_int_equal(type(p, "Esc 'iX' Enter"), PROMPT_DONE);
	assert_string_equal(prompt_line(p), "kepXt");
	prompt_start(p, ":", "x");
	type(p,
	     "BSpace Esc $ i a Esc $ a b End c"); /* $ on an empty line breaks libedit's cursor */
	HAS("abc", "");
	type(p, "Esc 0 d $ End $ p");
	HAS("", "abc");
	prompt_set_vi(p, false);
	prompt_start(p, ":", "ab");
	type(p, "C-a");
	HAS("", "ab");
	prompt_free(p);
}

static void history(void **state)
{
	struct prompt *p = make(false, file, NULL), *q;
	struct stat st;

	(void)state;
	for (int i = 0; i < 3; i++) {
		static const char *const lines[] = { "ping h2", "drop 1 where tcp.len > 0",
						     " not kept" };

		prompt_start(p, ":", lines[i]);
		assert_int_equal(type(p, "Enter"), PROMPT_DONE);
	}
	prompt_start(p, ":", "");
	type(p, "Up");
	HAS("drop 1 where tcp.len > 0", "");
	type(p, "Up");
	HAS("ping h2", "");
	type(p, "Down Down");
	HAS("", "");
	type(p, "'ng' Up"); /* what contains this */
	HAS("ping h2", "");
	prompt_free(p);

	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	q = make(false, file, NULL);
	p = q;
	prompt_start(p, ":", "");
	type(p, "C-p C-p");
	HAS("ping h2", "");
	prompt_free(p);
}

static void search(void **state)
{
	struct prompt *p = make(false, file, NULL);
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	prompt_start(p, "tapdeck>", "");
	type(p, "C-r 'tcp'");
	assert_string_equal(prompt_line(p), "drop 1 where tcp.len > 0");
	txt_init(&t);
	grid_init(&g, 40, 1, false);
	c = canvas_of(&g);
	prompt_draw(p, &c, -1);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "bck:tcp drop 1 where tcp.len > 0\n");
	assert_int_equal(type(p, "End"), PROMPT_EDITING);
	HAS("drop 1 where tcp.len > 0", "");
	prompt_start(p, ":", "");
	type(p, "C-r 'ping' C-r C-r"); /* no older one: stays */
	assert_string_equal(prompt_line(p), "ping h2");
	type(p, "C-c"); /* gives up the search, not the line */
	assert_true(prompt_active(p));
	HAS("", "");
	type(p, "C-r 'dro'");
	prompt_start(p, ":", "in the middle of a search");
	HAS("in the middle of a search", "");
	type(p, "C-u C-r 'dro'");
	prompt_paste(p, "pasted", 6);
	assert_int_equal(type(p, "Enter"), PROMPT_DONE);
	prompt_start(p, ":", "");
	type(p, "C-r");
	txt_fini(&t);
	grid_fini(&g);
	prompt_free(p); /* in the middle of a search, too */
}

static size_t words(void *arg, const char *line, size_t cursor, struct prompt_choices *out)
{
	static const char *const all[] = { "tcp.flags", "tcp.flags.ack", "tcp.len", "udp.port",
					   "größe" };
	size_t start = cursor;

	(void)arg;
	while (start > 0 && line[start - 1] != ' ')
		start--;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strncmp(all[i], line + start, cursor - start) == 0)
			prompt_offer(out, all[i], "a field", ' ');
	return start;
}

static void completion(void **state)
{
	struct prompt *p = make(false, NULL, words);

	(void)state;
	prompt_start(p, ":", "");
	type(p, "'filter u' Tab");
	HAS("filter udp.port ", "");
	type(p, "'t' Tab");
	HAS("filter udp.port tcp.", "");
	assert_int_equal(prompt_choices(p)->list.n, 0);
	type(p, "Tab");
	assert_int_equal(prompt_choices(p)->list.n, 3);
	assert_string_equal(prompt_choices(p)->list.v[2].word, "tcp.len");
	assert_string_equal(prompt_choices(p)->list.v[2].note, "a field");
	type(p, "f");
	assert_int_equal(prompt_choices(p)->list.n, 0);
	type(p, "Tab .");
	HAS("filter udp.port tcp.flags.", "");
	type(p, "C-u 'gr x' Left Left Tab"); /* in the middle, before a blank: not two of them */
	HAS("größe", " x");
	type(p, "C-e C-u 'zzz' Tab");
	HAS("zzz", "");
	prompt_free(p);
}

static void utf8(void **state)
{
	struct prompt *p = make(false, NULL, NULL);

	(void)state;
	prompt_start(p, ":", "日本 é");
	HAS("日本 é", "");
	type(p, "Left Left Backspace 'ü語'");
	HAS("日ü語", " é");
	prompt_paste(p, "a\x1b[A\r\nb\t\x03\xff\xc2\x9bz", 13);
	HAS("日ü語a[A b \xef\xbf\xbdz", " é"); /* no key in it has done anything */
	type(p, "C-e Enter");
	assert_string_equal(prompt_line(p), "日ü語a[A b \xef\xbf\xbdz é");
	prompt_free(p);
	p = make(true, NULL, NULL);
	prompt_start(p, ":", "abc");
	type(p, "Esc");
	prompt_paste(p, "ddx", 3); /* text in vi's command mode, too */
	HAS("abddx", "c");
	prompt_free(p);
}

static void drawing(void **state)
{
	struct prompt *p = make(false, NULL, NULL);
	struct grid g;
	struct canvas c;
	struct txt t;

	(void)state;
	txt_init(&t);
	grid_init(&g, 20, 1, false);
	c = canvas_of(&g);
	prompt_start(p, "filter:", "tcp.prot == 80");
	type(p, "Home");
	prompt_draw(p, &c, 4);
	assert_int_equal(g.cursor_x, 8);
	assert_int_equal(g.cells[12].style, STYLE_ERROR);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "filter: tcp.prot ==\n");
	type(p, "End");
	prompt_draw(p, &c, -1);
	txt_clear(&t);
	canvas_dump(&g, &t);
	assert_string_equal(txt_str(&t), "filter: …t == 80\n");
	assert_int_equal(g.cursor_x, 8 + 14 - 6);
	for (int w = 0; w < 12; w++) { /* the smallest places */
		grid_resize(&g, w, 1);
		c = canvas_of(&g);
		prompt_draw(p, &c, 3);
	}
	txt_fini(&t);
	grid_fini(&g);
	prompt_free(p);
}

static void very_long(void **state)
{
	struct prompt *p = make(false, NULL, NULL);
	size_t n = 300000;
	char *big = malloc(n);

	(void)state;
	memset(big, 'x', n);
	prompt_start(p, ":", "");
	prompt_paste(p, big, n);
	assert_int_equal(strlen(prompt_line(p)), PROMPT_MAX);
	type(p, "C-a y"); /* full */
	assert_int_equal(strlen(prompt_line(p)), PROMPT_MAX);
	type(p, "C-d y Left C-k C-y");
	assert_int_equal(prompt_line(p)[0], 'y');
	type(p, "C-u M-9 M-9 M-9 M-9 M-9 z C-u C-y C-y C-y");
	assert_int_equal(type(p, "Enter"), PROMPT_DONE);
	free(big);
	prompt_free(p);
}

/* Any keys in any order in either mode: it neither falls over nor hangs nor leaves its caps. */
static void anything(void **state)
{
	struct prompt *p = make(false, file, words);
	struct rnd rnd;
	struct grid g;
	struct canvas c;

	(void)state;
	rnd_init(&rnd, 5);
	grid_init(&g, 30, 1, false);
	c = canvas_of(&g);
	for (int i = 0; i < 60000; i++) {
		u64 r = rnd_u64(&rnd);
		u32 key = (u32)(r >> 16 & 0x7f), mod = 0;

		if (!prompt_active(p)) {
			prompt_set_vi(p, r >> 40 & 1);
			prompt_start(p, ":", "seed text");
		}
		if (r % 7 == 0)
			key = KEYCODE_FIRST + (u32)(r >> 24) % (KEYCODE_LAST - KEYCODE_FIRST + 1);
		else if (r % 7 == 1)
			key = 0x80 + (u32)(r >> 24) % 0x300;
		if (r % 5 == 0)
			mod = KEYMOD_CTRL;
		else if (r % 5 == 1)
			mod = KEYMOD_ALT;
		if ((key == '\r' || key == KEYCODE_ENTER) && r >> 50 & 3)
			continue;
		prompt_key(p, key | mod);
		if (r % 31 == 0)
			prompt_paste(p, (const char *)&r, sizeof r);
		prompt_draw(p, &c, (int)(r >> 33) % 50);
		assert_true(prompt_cursor(p) <= strlen(prompt_line(p)));
		if (strlen(prompt_line(p)) > 20000)
			type(p, "C-c C-c");
	}
	grid_fini(&g);
	prompt_free(p);
}

static void keep(void *arg, const char *line, size_t n)
{
	struct txt *t = arg;

	if (t->n < 100)
		txt_putn(t, line, n);
	txt_putc(t, '|');
}

static void history_files(void **state)
{
	char path[260];
	struct txt t;
	FILE *f;
	size_t bars = 0;

	(void)state;
	txt_init(&t);
	snprintf(path, sizeof path, "%s/a/b/history", dir);
	history_read(path, keep, &t);
	assert_int_equal(t.n, 0);
	history_append(path, "one", 3);
	history_append(path, "two", 3);
	f = fopen(path, "a");
	fputs("\n\nlast without an end", f);
	fclose(f);
	history_read(path, keep, &t);
	assert_string_equal(txt_str(&t), "one|two|last without an end|");
	f = fopen(path, "w");
	for (int i = 0; i < 5000; i++)
		fprintf(f, "%d\n", i);
	fclose(f);
	for (int round = 0; round < 2;
	     round++) { /* the second time from the file that was cut down */
		txt_clear(&t);
		bars = 0;
		history_read(path, keep, &t);
		for (size_t i = 0; i < t.n; i++)
			bars += t.s[i] == '|';
		assert_int_equal(bars, HISTORY_MAX);
		assert_memory_equal(t.s, "4000|4001|", 10);
	}
	history_append("/proc/no/such", "x", 1); /* cannot be written: no harm */
	history_append(dir, "x", 1);
	history_read(dir, keep, &t);
	txt_fini(&t);
}

static void cost(void **state)
{
	struct prompt *p = make(false, NULL, NULL);
	struct timespec a, b;

	(void)state;
	prompt_start(p, ":", "");
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 0; i < 2000; i++)
		type(p, i % 40 == 39 ? "C-u" : "x");
	clock_gettime(CLOCK_MONOTONIC, &b);
	print_message("a key: %.1f us\n", ((double)(b.tv_sec - a.tv_sec) * 1e6 +
					   (double)(b.tv_nsec - a.tv_nsec) / 1e3) /
						  2000);
	prompt_free(p);
}

static int begin(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof file, "%s/history", dir);
	return 0;
}

static int end(void **state)
{
	static const char *const made[] = { "history", "a/b/history", "a/b", "a", "" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(made); i++) {
		char path[300];

		snprintf(path, sizeof path, "%s/%s", dir, made[i]);
		if (unlink(path) < 0)
			rmdir(path);
	}
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(emacs),      cmocka_unit_test(vi),
		cmocka_unit_test(history),    cmocka_unit_test(search),
		cmocka_unit_test(completion), cmocka_unit_test(utf8),
		cmocka_unit_test(drawing),    cmocka_unit_test(very_long),
		cmocka_unit_test(anything),   cmocka_unit_test(history_files),
		cmocka_unit_test(cost),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
