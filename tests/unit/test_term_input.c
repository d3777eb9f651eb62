/* Bytes from terminals into keys: every dialect we know, in one piece and torn, and noise. */
#include "base/rand.h"
#include "term/input.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Feeds bytes `step` at a time and writes what came out as names. */
static const char *read_all(const char *bytes, size_t n, size_t step, struct txt *out)
{
	static const char *const mouse[] = { "press",	"double",   "drag",
					     "release", "wheel-up", "wheel-down" };
	struct input in;
	struct event ev;
	ns_t now = 0;

	input_init(&in);
	txt_clear(out);
	for (size_t i = 0; i < n + step; i += step) {
		if (i < n)
			input_feed(&in, bytes + i, MIN(step, n - i), now += NS_PER_MS);
		else
			now += 2 * NS_PER_S; /* then nothing for a while */
		while (input_next(&in, now, &ev)) {
			if (out->n > 0)
				txt_putc(out, ' ');
			if (ev.kind == EVENT_KEY)
				key_write(ev.key, out);
			else if (ev.kind == EVENT_PASTE)
				txt_printf(out, "paste(%.*s)", (int)ev.paste_n, ev.paste);
			else
				txt_printf(out, "%s%d(%d,%d)", mouse[ev.mouse.kind],
					   ev.mouse.button, ev.mouse.x, ev.mouse.y);
		}
	}
	assert_true(input_wait(&in, now) == -1);
	input_fini(&in);
	return txt_str(out);
}

static void dialects(void **state)
{
	static const struct {
		const char *bytes, *keys;
	} is[] = {
		{ "aG\xc3\xa9\xe6\x97\xa5 ", "a G é 日 Space" },
		{ "\x01\x12\t\r\x7f\x1f", "C-a C-r Tab Enter Backspace C-_" },
		{ "\x1b", "Esc" },
		{ "\x1b\x1b", "Esc Esc" },
		{ "\x1bx\x1b\xc3\xa9\x1b\x7f\x1b\r\x1b\x06", "M-x M-é M-Backspace M-Enter C-M-f" },
		{ "\x1b[A\x1bOB\x1b[1;5C\x1b[1;2D\x1b[1;3A", "Up Down C-Right S-Left M-Up" },
		{ "\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[7~\x1b[8~", "Home End Home End Home End" },
		{ "\x1b[2~\x1b[3~\x1b[5~\x1b[6;5~", "Insert Delete PgUp C-PgDn" },
		{ "\x1bOP\x1b[11~\x1b[15~\x1b[17~\x1b[24~\x1b[[B\x1b[34~\x1b[1;2P",
		  "F1 F1 F5 F6 F12 F2 F20 S-F1" },
		{ "\x1b[Z\x1b[27;5;13~\x1b[97;5u\x1b[13;2u", "S-Tab C-Enter C-a S-Enter" },
		{ "\x1b[<0;5;7M\x1b[<32;6;7M\x1b[<0;6;7m\x1b[<65;300;80M",
		  "press1(4,6) drag1(5,6) release1(5,6) wheel-down0(299,79)" },
		{ "\x1b[<0;5;7M\x1b[<0;5;7m\x1b[<0;5;7M\x1b[<0;5;7m",
		  "press1(4,6) release1(4,6) press1(4,6) double1(4,6) release1(4,6)" },
		{ "\x1b[<35;5;7M\x1b[<0;0;0M\x1b[<66;1;1Mx", "x" },
		{ "a\x1b[200~one\rtwo\x1b[Aq\x1b[201~b", "a paste(one\rtwo\x1b[Aq) b" },
		{ "\x1b[200~no end", "paste(no end)" },
		{ "\x1b[200~\x1b[201~\x1b[201~z", "paste() z" },
		{ "\x1b[?62;4c\x1b[>0;1;2c\x1b[I\x1b[12;40Rz", "z" },
		{ "\xff\x80\xc3(\xe6\x97", "(" },
		{ "\x1b[", "M-[" },
		{ "\x1bO", "M-O" },
		{ "\x1b[1;5", "" },
	};
	struct txt t;

	(void)state;
	txt_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(is); i++) {
		size_t n = strlen(is[i].bytes);

		for (size_t step = 1; step <= n; step++) {
			read_all(is[i].bytes, n, step, &t);
			if (strcmp(txt_str(&t), is[i].keys) != 0)
				fail_msg("row %zu in steps of %zu: \"%s\", not \"%s\"", i, step,
					 t.s, is[i].keys);
		}
	}
	assert_string_equal(read_all("\0a", 2, 1, &t), "C-Space a");
	txt_fini(&t);
}

static void erase_and_waiting(void **state)
{
	struct input in;
	struct event ev;

	(void)state;
	input_init(&in);
	assert_true(input_wait(&in, 0) == -1);
	input_feed(&in, "\x08", 1, 0);
	assert_true(input_next(&in, 0, &ev));
	assert_int_equal(ev.key, 'h' | KEYMOD_CTRL);
	in.erase = 8;
	input_feed(&in, "\x08", 1, 0);
	assert_true(input_next(&in, 0, &ev));
	assert_int_equal(ev.key, KEYCODE_BACKSPACE);
	input_feed(&in, "\x1b", 1, 100);
	assert_false(input_next(&in, 100, &ev));
	assert_true(input_wait(&in, 100) == INPUT_ESC_WAIT);
	assert_true(input_wait(&in, 100 + INPUT_ESC_WAIT) == 0);
	assert_true(input_next(&in, 100 + INPUT_ESC_WAIT, &ev));
	assert_int_equal(ev.key, KEYCODE_ESC);
	input_fini(&in);
}

static void noise(void **state)
{
	static const char *const parts[] = { "\x1b", "[", "O", "<", ";", "200~", "201~",
					     "1",    "M", "m", "u", "~", "\xc3" };
	struct input in;
	struct rnd rnd;
	struct event ev;
	ns_t now = 0;

	(void)state;
	rnd_init(&rnd, 9);
	input_init(&in);
	for (int i = 0; i < 300000; i++) {
		u64 r = rnd_u64(&rnd);
		char c = (char)(r >> 8);

		if (r & 1)
			input_feed(&in, &c, 1, now);
		else
			input_feed(&in, parts[(r >> 8) % ARRAY_LEN(parts)],
				   strlen(parts[(r >> 8) % ARRAY_LEN(parts)]), now);
		if ((r >> 20) % 64 == 0)
			now += NS_PER_S;
		now += (ns_t)(r >> 40 & 0xffffff);
		while (input_next(&in, now, &ev))
			if (ev.kind == EVENT_MOUSE)
				assert_true(ev.mouse.x >= 0 && ev.mouse.y >= 0);
		assert_true(in.bytes.n - in.at < 2 * 64 || in.pasting);
		assert_true(in.paste.n <= INPUT_PASTE_MAX);
	}
	now += 2 * NS_PER_S;
	while (input_next(&in, now, &ev))
		;
	assert_true(input_wait(&in, now) == -1); /* whatever came: it does not stay stuck */
	input_fini(&in);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialects),
		cmocka_unit_test(erase_and_waiting),
		cmocka_unit_test(noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
