/* The one language: words of a shell and lines of the prompt into the same arguments, and the
 * places of errors. */
#include "cmd/command.h"
#include "packet/registry.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const char *value(const struct args *a, const char *name, unsigned i)
{
	for (unsigned p = 0; p < a->cmd->nparams; p++)
		if (strcmp(a->cmd->params[p].name, name) == 0)
			return args_nth(a, p, i);
	return NULL;
}

static void a_line(void **state)
{
	struct err e = ERR_INIT;
	struct args a;

	(void)state;
	assert_int_equal(args_from_line(&a, "print -r 'my file.pcap' -c10 -Vx -e ip.src -e ip.dst",
					IN_DECK, &e),
			 0);
	assert_string_equal(a.cmd->name, "print");
	assert_string_equal(value(&a, "read", 0), "my file.pcap");
	assert_string_equal(value(&a, "count", 0), "10");
	assert_non_null(value(&a, "tree", 0));
	assert_non_null(value(&a, "hex", 0));
	assert_string_equal(value(&a, "field", 0), "ip.src");
	assert_string_equal(value(&a, "field", 1), "ip.dst");
	assert_null(value(&a, "field", 2));
	args_fini(&a);
}

static void shell_words(void **state)
{
	char *argv[] = { (char[]) { "--read=x.pcap" }, (char[]) { "--count" }, (char[]) { "3" } };
	const struct command *c = command_find("print", 5);
	struct err e = ERR_INIT;
	struct args a;

	(void)state;
	assert_int_equal(args_from_words(&a, c, 3, argv, &e), 0);
	assert_string_equal(value(&a, "read", 0), "x.pcap");
	assert_string_equal(value(&a, "count", 0), "3");
	args_fini(&a);
}

static void rest_of_the_line_is_raw(void **state)
{
	struct err e = ERR_INIT;
	struct args a;

	(void)state;
	assert_int_equal(
		args_from_line(&a, "filter http.host contains \"a b\" && tcp ", IN_DECK, &e), 0);
	assert_string_equal(value(&a, "FILTER", 0), "http.host contains \"a b\" && tcp");
	args_fini(&a);
	assert_int_equal(args_from_line(&a, "find -x ff fe", IN_DECK, &e), 0);
	assert_non_null(value(&a, "hex", 0));
	assert_string_equal(value(&a, "TEXT", 0), "ff fe");
	args_fini(&a);
	assert_int_equal(args_from_line(&a, "find - x", IN_DECK, &e), 0);
	assert_string_equal(value(&a, "TEXT", 0), "- x");
	args_fini(&a);
	assert_int_equal(args_from_line(&a, "jump -20ms", IN_DECK, &e), 0);
	assert_string_equal(value(&a, "WHERE", 0), "-20ms");
	args_fini(&a);
}

static void empty_lines_and_comments(void **state)
{
	struct err e = ERR_INIT;
	struct args a;

	(void)state;
	assert_int_equal(args_from_line(&a, "   ", IN_DECK, &e), 0);
	assert_null(a.cmd);
	assert_int_equal(args_from_line(&a, "# bind x quit", IN_DECK, &e), 0);
	assert_null(a.cmd);
	args_fini(&a);
}

struct wrong {
	const char *line, *says;
	int at;
};

static void errors_say_what_and_where(void **state)
{
	static const struct wrong wrong[] = {
		{ "nosuch 1", "'nosuch' is no command", 0 },
		{ "print -q", "print has no option -q", 6 },
		{ "print --nope", "print has no option --nope", 6 },
		{ "print -c ten", "'ten' is not a number", 9 },
		{ "print -c", "option -c needs a value", 6 },
		{ "print -T xml", "'xml' is not one of text, json or fields", 9 },
		{ "print -c 1 -c 2", "given twice", 14 },
		{ "print x", "print does not take 'x'", 6 },
		{ "print -e tcp.nosuch", "'tcp.nosuch' is no field", 9 },
		{ "jump", "jump needs WHERE", -1 },
		{ "print 'a", "quote is not closed", 6 },
		{ "focus a b", "focus does not take 'b'", 8 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct err e = ERR_INIT;
		struct args a;

		if (args_from_line(&a, wrong[i].line, IN_DECK, &e) == 0)
			fail_msg("'%s' was taken", wrong[i].line);
		args_fini(&a);
		if (strstr(e.text, wrong[i].says) == NULL)
			fail_msg("'%s' says '%s'", wrong[i].line, e.text);
		if (e.at != wrong[i].at)
			fail_msg("'%s' points at %d", wrong[i].line, e.at);
	}
}

/* Every command has what help and manual need, and its own usage reads back. */
static void the_table_is_whole(void **state)
{
	(void)state;
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);
		struct txt t;

		assert_non_null(c->summary);
		assert_non_null(c->run);
		assert_true(c->where != 0);
		assert_ptr_equal(command_find(c->name, strlen(c->name)), c);
		txt_init(&t);
		command_help(&t, c, 80);
		assert_true(t.n > 20);
		txt_fini(&t);
		for (unsigned j = 0; j < c->nparams; j++) {
			assert_non_null(c->params[j].help);
			assert_true(c->params[j].type != P_CHOICE || c->params[j].choices != NULL);
			for (unsigned k = 0; k < j; k++)
				assert_false(c->params[j].letter != 0 &&
					     c->params[j].letter == c->params[k].letter);
		}
		for (unsigned j = 0; j < i; j++)
			assert_true(strcmp(command_get(j)->name, c->name) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line),
		cmocka_unit_test(shell_words),
		cmocka_unit_test(rest_of_the_line_is_raw),
		cmocka_unit_test(empty_lines_and_comments),
		cmocka_unit_test(errors_say_what_and_where),
		cmocka_unit_test(the_table_is_whole),
	};

	registry_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
