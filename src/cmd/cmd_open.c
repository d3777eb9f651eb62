/* open: the deck on a capture, from the shell or in place of what is open. */
#include "cmd/command.h"
#include "cmd/deck.h"
#include "cmd/infile.h"
#include "filter/filter.h"
#include "tape/world.h"

#include <stdlib.h>
#include <string.h>

enum { P_PATH, P_FILTER_TEXT, P_RUN, P_THEME_NAME, P_ASCII, P_SCRIPT, P_SIZE };

static const struct param params[] = {
	[P_PATH] = { 0, "FILE", P_FILE, .help = "the capture; - for standard input" },
	[P_FILTER_TEXT] = { 'Y', "filter", P_FILTER, .value = "FILTER",
			    .help = "begin with this display filter" },
	[P_RUN] = { 'c', "command", P_STRING, .value = "LINE", .repeat = true,
		    .help = "a command line to run when the deck is open" },
	[P_THEME_NAME] = { 0, "theme", P_THEME, .value = "THEME",
			   .help = "the colours to begin with" },
	[P_ASCII] = { 0, "ascii", P_FLAG, .help = "draw with ASCII only" },
	[P_SCRIPT] = { 0, "script", P_FILE, .value = "SCRIPT",
		       .help = "no screen: type the keys and commands of this file and print what "
			       "it asks for" },
	[P_SIZE] = { 0, "size", P_STRING, .value = "WxH", .help = "the screen's size for --script",
		     .initial = "80x24" },
};

static int parse_size(const char *s, int *w, int *h, struct err *e)
{
	char *end;
	long a = strtol(s, &end, 10), b;

	if (*end == 'x') {
		b = strtol(end + 1, &end, 10);
		if (*end == '\0' && a > 0 && b > 0 && a <= 1000 && b <= 1000) {
			*w = (int)a;
			*h = (int)b;
			return 0;
		}
	}
	return err_set(e, "'%.40s' is no size; write for example 120x40", s);
}

/* In place of what is open: all of it or nothing. */
static int open_in_deck(struct ctx *x, const struct args *a, struct err *e)
{
	const char *file = args_get(a, P_PATH), *filter = args_get(a, P_FILTER_TEXT);

	for (unsigned p = P_RUN; p <= P_SIZE; p++)
		if (args_has(a, p)) {
			err_set(e, "open --%s is for the shell: here the deck is open already",
				params[p].name);
			return 2;
		}
	if (infile_check(x, file, e) < 0 || x->deck->idle(x->deck_arg, e) < 0)
		return 2;
	if (filter != NULL && filter[strspn(filter, " ")] != '\0' &&
	    filter_check(filter, strlen(filter), e) < 0) {
		filter_wrong(filter, e);
		return 2;
	}
	if (world_open(x->world, file, e) < 0)
		return 2;
	return filter != NULL && world_filter(x->world, filter, e) < 0 ? 2 : 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct deck_args d = { .file = args_get(a, P_PATH),
			       .filter = args_get(a, P_FILTER_TEXT),
			       .args = a,
			       .theme = args_get(a, P_THEME_NAME),
			       .ascii = args_has(a, P_ASCII),
			       .script = args_get(a, P_SCRIPT),
			       .w = 80,
			       .h = 24 };
	const char *s;

	if (x->world != NULL)
		return open_in_deck(x, a, e);
	if ((s = args_get(a, P_SIZE)) != NULL && parse_size(s, &d.w, &d.h, e) < 0)
		return 2;
	for (d.ncommands = 0; args_nth(a, P_RUN, d.ncommands) != NULL; d.ncommands++)
		;
	d.command_param = P_RUN;
	return x->open_deck(&d, x->out, e);
}

static const struct command open_command = {
	.name = "open",
	.group = G_FILES,
	.where = IN_BOTH,
	.summary = "open the deck on a capture",
	.about = "'tapdeck FILE' is short for 'tapdeck open FILE'. The tape opens paused at its "
		 "first packet; the list shows the "
		 "whole tape, every other pane the instant of the playhead.",
	.examples = "tapdeck trace.pcapng\tthe deck\ntapdeck open -Y 'tcp.port == 443' "
		    "trace.pcapng\twith a filter\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_open[] = { &open_command, NULL };
