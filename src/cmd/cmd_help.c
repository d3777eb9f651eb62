/* help: what there is to type; also the source of the manual page and of shell completion. */
#include "cmd/command.h"

enum { P_TOPIC, P_MAN, P_COMPLETION };

static const char *const shells[] = { "bash", "zsh", "fish", NULL };

static const struct param params[] = {
	[P_TOPIC] = { 0, "COMMAND", P_COMMAND, .optional = true, .help = "the command to explain" },
	[P_MAN] = { 0, "man", P_FLAG, .help = "print the manual page tapdeck(1) as mdoc" },
	[P_COMPLETION] = { 0, "completion", P_CHOICE, .value = "SHELL", .choices = shells,
			   .help = "print the completion script of a shell" },
};

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	enum where here = x->world != NULL ? IN_DECK : IN_SHELL;
	struct txt *t = &x->out->t;
	const char *topic = args_get(a, P_TOPIC);

	if (args_has(a, P_MAN)) {
		commands_manual(t);
	} else if (args_has(a, P_COMPLETION)) {
		commands_completion(t, args_get(a, P_COMPLETION));
	} else if (topic != NULL) {
		command_help(t, command_find(topic, strlen(topic)), 80);
	} else {
		if (here == IN_SHELL)
			txt_puts(t, "usage: tapdeck FILE              open the deck on a capture\n"
				    "       tapdeck COMMAND [ARG]...  do one command\n\n");
		commands_overview(t, here, 80);
		txt_puts(t, here == IN_SHELL
				    ? "\n'tapdeck help COMMAND' explains one; in the deck, ? lists "
				      "the keys.\n"
				    : "\n'help COMMAND' explains one; ? lists the keys.\n");
	}
	return sink_flush(x->out, e) < 0 ? 1 : 0;
}

static const struct command help = {
	.name = "help",
	.group = G_HELP,
	.where = IN_BOTH,
	.summary = "list the commands, or explain one",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_help[] = { &help, NULL };
