/* Names of keys, and the table of what they do. */
#include "ui/keymap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void names(void **state)
{
	static const struct {
		const char *in;
		u32 key;
		const char *out;
	} ok[] = {
		{ "g", 'g', "g" },
		{ "G", 'G', "G" },
		{ "-", '-', "-" },
		{ "C--", '-' | KEYMOD_CTRL, "C--" },
		{ "Space", ' ', "Space" },
		{ "C-r", 'r' | KEYMOD_CTRL, "C-r" },
		{ "C-R", 'r' | KEYMOD_CTRL, "C-r" },
		{ "C-i", KEYCODE_TAB, "Tab" },
		{ "C-m", KEYCODE_ENTER, "Enter" },
		{ "M-x", 'x' | KEYMOD_ALT, "M-x" },
		{ "M-C-x", 'x' | KEYMOD_ALT | KEYMOD_CTRL, "C-M-x" },
		{ "f5", KEYCODE_F1 + 4, "F5" },
		{ "F24", KEYCODE_F24, "F24" },
		{ "F", 'F', "F" },
		{ "S-Tab", KEYCODE_TAB | KEYMOD_SHIFT, "S-Tab" },
		{ "pagedown", KEYCODE_PGDN, "PgDn" },
		{ "é", 0xe9, "é" },
		{ "日", 0x65e5, "日" },
		{ "C-S-Left", KEYCODE_LEFT | KEYMOD_CTRL | KEYMOD_SHIFT, "C-S-Left" },
	};
	static const char *const bad[] = { "",	   "F0",  "F25",  "C-",	    "S-a",    "gg",
					   "\x1b", "C-é", "\xff", "\u202e", "Hyper-x" };
	struct err e = ERR_INIT;
	struct txt t;
	u32 key;

	(void)state;
	txt_init(&t);
	for (size_t i = 0; i < ARRAY_LEN(ok); i++) {
		key = 0;
		assert_int_equal(key_parse(ok[i].in, &key, &e), 0);
		assert_int_equal(key, ok[i].key);
		txt_clear(&t);
		key_write(key, &t);
		assert_string_equal(txt_str(&t), ok[i].out);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		e.text[0] = '\0';
		assert_int_equal(key_parse(bad[i], &key, &e), -1);
		assert_true(e.text[0] != '\0');
	}
	txt_fini(&t);
}

static const struct binding global_rows[] = {
	{ "Space", "play toggle", "play or pause", 2, "play" },
	{ "n", "step 1", "step to the next packet", 1, "step" },
	{ "q", "quit", "leave", 0, NULL },
};
static const struct binding packets_rows[] = {
	{ "Enter", "act open", "open the packet", 1, "open" },
	{ "n", "act next", "next match", 0, NULL },
	{ "/", "search", "search", 2, NULL },
};

static void table(void **state)
{
	const struct bound *hints[3], *row;
	struct keymap m;
	struct err e = ERR_INIT;
	struct txt t;
	size_t at = 0, n = 0;

	(void)state;
	keymap_init(&m);
	keymap_add(&m, KEYS_GLOBAL, global_rows, ARRAY_LEN(global_rows));
	keymap_add(&m, "packets", packets_rows, ARRAY_LEN(packets_rows));
	assert_string_equal(keymap_find(&m, "packets", 'n')->command, "act next");
	assert_string_equal(keymap_find(&m, "links", 'n')->command, "step 1");
	assert_string_equal(keymap_find(&m, "packets", 'q')->command, "quit");
	assert_null(keymap_find(&m, "packets", 'z'));

	assert_int_equal(keymap_hints(&m, "packets", hints, 3), 3);
	assert_string_equal(hints[0]->label, "open");
	assert_string_equal(hints[1]->label, "search");
	assert_string_equal(hints[2]->label, "play"); /* "step" is covered by the pane's own n */
	assert_int_equal(keymap_hints(&m, "packets", hints, 1), 1);
	assert_string_equal(hints[0]->label, "open");
	assert_int_equal(keymap_hints(&m, KEYS_GLOBAL, hints, 3), 2);
	assert_string_equal(hints[0]->label, "step");

	while ((row = keymap_next(&m, "packets", &at)))
		n++;
	assert_int_equal(n, 5);

	assert_int_equal(keymap_bind(&m, "packets", "n", "jump next", &e), 0);
	assert_int_equal(keymap_bind(&m, "packets", "C-n", "jump 1", &e), 0);
	assert_int_equal(keymap_bind(&m, "packets", "C-n", "jump 2", &e), 0);
	assert_string_equal(keymap_find(&m, "packets", 'n')->command, "jump next");
	assert_int_equal(keymap_unbind(&m, "packets", "n", &e), 0);
	assert_string_equal(keymap_find(&m, "packets", 'n')->command, "step 1");
	assert_int_equal(keymap_unbind(&m, "packets", "n", &e), -1);
	assert_string_equal(e.text, "n has no binding in packets");
	assert_int_equal(keymap_bind(&m, "pakets", "n", "x", &e), -1);
	assert_string_equal(e.text, "keys belong to a pane or to global, and \"pakets\" is none: "
				    "there are global, packets");
	assert_int_equal(keymap_bind(&m, "packets", "n", "  ", &e), -1);

	txt_init(&t);
	keymap_help(&m, "packets", &t);
	assert_string_equal(txt_str(&t), "packets\n"
					 "  Enter       open the packet\n"
					 "  /           search\n"
					 "  C-n         jump 2  (yours)\n"
					 "\n"
					 "everywhere\n"
					 "  Space       play or pause\n"
					 "  n           step to the next packet\n"
					 "  q           leave\n");
	txt_fini(&t);
	keymap_fini(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(table) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
