/* The entry: a file opens the deck, a command is done and over. */
#include "app/loop.h"
#include "app/script.h"
#include "cmd/command.h"
#include "config.h"
#include "packet/registry.h"
#include "ui/canvas.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* One sentence on stderr, foreign bytes in it made safe. */
static void complain(const struct err *e)
{
	struct txt t;

	if (e->text[0] == '\0')
		return;
	txt_init(&t);
	txt_puts(&t, "tapdeck: ");
	txt_escape(&t, e->text, strlen(e->text));
	txt_putc(&t, '\n');
	fwrite(t.s, 1, t.n, stderr);
	txt_fini(&t);
}

/* For a person: the filter that is wrong, and a caret where. */
static void show_place(const struct args *a, const struct err *e)
{
	const char *text = NULL;
	struct txt t;
	size_t n;

	for (unsigned i = 0; a->cmd != NULL && i < a->cmd->nparams; i++)
		if (a->cmd->params[i].type == P_FILTER && text == NULL)
			text = args_get(a, i);
	if (text == NULL || e->at < 0 || (size_t)e->at > strlen(text) || !isatty(STDERR_FILENO))
		return;
	txt_init(&t);
	txt_puts(&t, "  ");
	txt_escape(&t, text, (size_t)e->at);
	n = (size_t)canvas_width(t.s, t.n);
	txt_escape(&t, text + e->at, strlen(text + e->at));
	txt_putc(&t, '\n');
	txt_fill(&t, ' ', n);
	txt_puts(&t, "^\n");
	fwrite(t.s, 1, t.n, stderr);
	txt_fini(&t);
}

/* Columns of the terminal that is written to; 0 where it is none. */
static unsigned columns(void)
{
	struct winsize ws;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 ? ws.ws_col : 80;
}

static int open_deck(const struct deck_args *d, struct sink *out, struct err *e)
{
	if (d->script != NULL)
		return script_run(d, out, e);
	return loop_run(d, e);
}

static int run_command(const struct command *c, int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct args a;
	struct sink out;
	struct ctx x = { .out = &out, .open_deck = open_deck, .width = columns() };
	int status = 2;

	sink_init_fd(&out, STDOUT_FILENO);
	if (args_from_words(&a, c, argc, argv, &e) == 0)
		status = c->run(&x, &a, &e);
	if (status != 0) {
		complain(&e);
		show_place(&a, &e);
	} else if (out.note[0] != '\0' && !out.closed) {
		err_set(&e, "%s", out.note);
		complain(&e);
	}
	args_fini(&a);
	sink_fini(&out);
	return status;
}

static int only_in_deck(const struct command *c)
{
	struct err e = ERR_INIT;

	err_set(&e, "%s works in the deck only: tapdeck FILE, then the key : and the command",
		c->name);
	complain(&e);
	return 2;
}

static bool is_file(const char *word)
{
	struct stat st;

	return strcmp(word, "-") == 0 || strchr(word, '/') != NULL || strchr(word, '.') != NULL ||
	       stat(word, &st) == 0;
}

static int no_command(const char *word)
{
	struct err e = ERR_INIT;

	err_set(&e, "'%s' is neither a command nor a file; 'tapdeck help' lists the commands",
		word);
	complain(&e);
	return 2;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "help";
	const struct command *c;

	if (fcntl(STDIN_FILENO, F_GETFD) < 0) /* closed: nothing of ours shall come to be there */
		open("/dev/null", O_RDONLY);
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	registry_init();
	if (strcmp(word, "--version") == 0) {
		puts("tapdeck " TAPDECK_VERSION);
		return 0;
	}
	if (is_help(word))
		word = "help";
	c = command_find(word, strlen(word));
	if (c != NULL && argc == 3 && is_help(argv[2])) /* COMMAND --help */
		return run_command(command_find("help", 4), 1, argv + 1);
	if (c != NULL && (c->where & IN_SHELL))
		return run_command(c, MAX(argc - 2, 0), argv + 2);
	if (c != NULL)
		return only_in_deck(c);
	if (word[0] != '-' && !is_file(word))
		return no_command(word);
	c = command_find("open", 4); /* a file, options of open, or both */
	return run_command(c, argc - 1, argv + 1);
}
