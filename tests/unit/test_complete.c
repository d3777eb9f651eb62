/* What Tab offers: commands, options, files that need quoting, and command lines inside others. */
#include "cmd/complete.h"

#include "base/txt.h"
#include "packet/registry.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MOST = 64 };

struct offers {
	char *word[MOST];
	size_t n;
	char end;
};

static void take(void *arg, const char *word, const char *note, char end)
{
	struct offers *o = arg;

	(void)note;
	if (o->n < MOST)
		o->word[o->n++] = strdup(word);
	o->end = end;
}

static int by_word(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The line as it is after Tab where one word fits, otherwise the words with " | " between. */
static const char *tab(const char *line)
{
	static const char *const panes[] = { "packets", "links", NULL };
	static const char *const keys[] = { "Space", "F5", NULL };
	static struct txt t;
	const struct names names = { .panes = panes, .keys = keys };
	struct offers o = { .n = 0 };
	size_t from = command_complete(line, strlen(line), IN_DECK, &names, take, &o);

	txt_clear(&t);
	if (o.n == 1)
		txt_putn(&t, line, from);
	qsort(o.word, o.n, sizeof o.word[0], by_word);
	for (size_t i = 0; i < o.n; i++) {
		txt_puts(&t, i > 0 ? " | " : "");
		txt_puts(&t, o.word[i]);
		free(o.word[i]);
	}
	if (o.n == 1 && o.end != '\0')
		txt_putc(&t, o.end);
	return txt_str(&t);
}

static char folder[40];

static int set_up(void **state)
{
	static const char *const names[] = { "two words.pcap", "it's.pcap",  "a\"b\\c.pcap",
					     "plain.pcap",     "-dash.pcap", "bad\nname" };

	(void)state;
	registry_init();
	strcpy(folder, "/tmp/test_complete.XXXXXX");
	if (mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("my dir", 0700) != 0 ||
	    symlink("my dir", "link") != 0)
		return -1;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		close(open(names[i], O_CREAT | O_WRONLY, 0600));
	close(open("my dir/in it.pcap", O_CREAT | O_WRONLY, 0600));
	return 0;
}

static int tear_down(void **state)
{
	char line[80];

	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", folder);
	return chdir("/") != 0 || system(line) != 0 ? -1 : 0;
}

/* What Tab makes of the line, and the file that the parser then reads. */
static void file(const char *line, const char *want, const char *name)
{
	struct args a;
	struct err e = ERR_INIT;

	assert_string_equal(tab(line), want);
	assert_int_equal(args_from_line(&a, want, IN_DECK, &e), 0);
	assert_string_equal(args_get(&a, 0), name);
	args_fini(&a);
}

static void files_are_quoted(void **state)
{
	(void)state;
	file("open tw", "open two\\ words.pcap ", "two words.pcap");
	file("open 'tw", "open 'two words.pcap' ", "two words.pcap");
	file("open \"tw", "open \"two words.pcap\" ", "two words.pcap");
	file("open two\\ w", "open two\\ words.pcap ", "two words.pcap");
	file("open 'two w", "open 'two words.pcap' ", "two words.pcap");
	file("open \"two w", "open \"two words.pcap\" ", "two words.pcap");
	file("open two\\", "open two\\ words.pcap ", "two words.pcap");
	file("open it", "open it\\'s.pcap ", "it's.pcap");
	file("open 'it", "open 'it'\\''s.pcap' ", "it's.pcap");
	file("open \"it", "open \"it's.pcap\" ", "it's.pcap");
	file("open a", "open a\\\"b\\\\c.pcap ", "a\"b\\c.pcap");
	file("open \"a", "open \"a\\\"b\\\\c.pcap\" ", "a\"b\\c.pcap");
	file("open 'a", "open 'a\"b\\c.pcap' ", "a\"b\\c.pcap");
	file("open pl", "open plain.pcap ", "plain.pcap");
	file("open -- -", "open -- ./-dash.pcap ", "./-dash.pcap");
	file("print -r tw", "print -r two\\ words.pcap ", "two words.pcap");
	assert_string_equal(tab("open bad"), "");
}

static void folders_go_on(void **state)
{
	(void)state;
	assert_string_equal(tab("open my"), "open my\\ dir/");
	assert_string_equal(tab("open 'my"), "open 'my dir/");
	assert_string_equal(tab("open li"), "open link/");
	file("open my\\ dir/", "open my\\ dir/in\\ it.pcap ", "my dir/in it.pcap");
	file("open 'my dir/", "open 'my dir/in it.pcap' ", "my dir/in it.pcap");
}

static void lines_inside_lines(void **state)
{
	(void)state;
	assert_string_equal(tab("bind F"), "bind F5 ");
	assert_string_equal(tab("bind F5 fil"), "bind F5 filter ");
	assert_string_equal(tab("bind -p packets F5 filter tcp.dstp"),
			    "bind -p packets F5 filter tcp.dstport");
	assert_string_equal(tab("bind --pane li"), "bind --pane links ");
	assert_string_equal(tab("bind F5 zoom li"), "bind F5 zoom links ");
	assert_string_equal(tab("bind F5 open tw"), "bind F5 open two\\ words.pcap ");
	assert_string_equal(tab("prompt zoom pac"), "prompt zoom packets ");
	assert_string_equal(tab("focus "), "links | packets");
	assert_string_equal(tab("focus links "), "");
}

static void options_and_filters(void **state)
{
	(void)state;
	assert_string_equal(tab("print --hel"), "");
	assert_string_equal(tab("print --coun"), "print --count ");
	assert_string_equal(tab("print -Y 'tcp.dstp"), "print -Y 'tcp.dstport");
	assert_string_equal(tab("print -Y 'udp && tcp.dstp"), "print -Y 'udp && tcp.dstport");
	assert_string_equal(tab("filter ip.src == \"x\" && tcp.dstp"),
			    "filter ip.src == \"x\" && tcp.dstport");
	assert_string_equal(tab("print -e ip.ttl -e tcp.dstp"), "print -e ip.ttl -e tcp.dstport ");
	assert_string_equal(tab("columns number sr"), "");
	assert_string_equal(tab("columns number ip.tt"), "columns number ip.ttl ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_are_quoted),
		cmocka_unit_test(folders_go_on),
		cmocka_unit_test(lines_inside_lines),
		cmocka_unit_test(options_and_filters),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
