/* The screen: panes, themes, keys, and leaving. */
#include "base/num.h"
#include "cmd/command.h"
#include "cmd/deck.h"
#include "tape/world.h"

#include <string.h>

enum { P_FIRST };

static const struct param nothing[0];
static const struct param pane_param[] = {
	[P_FIRST] = { 0, "PANE", P_PANE,
		      .help = "packets, links, transport, console; next or previous" },
};
static const struct param pane_optional[] = {
	[P_FIRST] = { 0, "PANE", P_PANE, .optional = true, .help = "the pane",
		      .initial = "the one that has the keys" },
};

static int status_of(int r)
{
	return r < 0 ? 2 : 0;
}

static int run_focus(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->focus(x->deck_arg, args_get(a, P_FIRST), e));
}

static int run_zoom(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->zoom(x->deck_arg, args_get(a, P_FIRST), e));
}

static int run_hide(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->show(x->deck_arg, args_get(a, P_FIRST), false, e));
}

static int run_show(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->show(x->deck_arg, args_get(a, P_FIRST), true, e));
}

/* ---- resize ---- */

static const char *const directions[] = { "wider", "narrower", "higher", "lower", "reset", NULL };
static const struct param resize_params[] = {
	[P_FIRST] = { 0, "HOW", P_CHOICE, .choices = directions,
		      .help = "what to do with the pane that has the keys" },
};

static int run_resize(struct ctx *x, const struct args *a, struct err *e)
{
	const char *how = args_get(a, P_FIRST);

	if (strcmp(how, "reset") == 0)
		return status_of(x->deck->reset_layout(x->deck_arg, e));
	return status_of(x->deck->grow(x->deck_arg,
				       strcmp(how, "wider") == 0      ? 2
				       : strcmp(how, "narrower") == 0 ? -2
								      : 0,
				       strcmp(how, "higher") == 0  ? 1
				       : strcmp(how, "lower") == 0 ? -1
								   : 0,
				       e));
}

/* ---- looks ---- */

static const struct param theme_params[] = {
	[P_FIRST] = { 0, "THEME", P_THEME, .optional = true, .help = "a theme",
		      .initial = "the next one" },
};

static int run_theme(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->theme(x->deck_arg, args_get(a, P_FIRST), e));
}

static const char *const charsets[] = { "utf-8", "ascii", NULL };
static const struct param charset_params[] = {
	[P_FIRST] = { 0, "CHARSET", P_CHOICE, .choices = charsets,
		      .help = "what the screen is drawn with" },
};

static int run_charset(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->charset(x->deck_arg, args_get(a, P_FIRST), e));
}

static const char *const modes[] = { "emacs", "vi", NULL };
static const struct param edit_params[] = {
	[P_FIRST] = { 0, "MODE", P_CHOICE, .choices = modes,
		      .help = "whose keys edit the prompt's line" },
};

static int run_edit(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->edit_mode(x->deck_arg, args_get(a, P_FIRST), e));
}

/* ---- keys ---- */

enum { P_CONTEXT, P_KEYNAME, P_COMMANDLINE };
static const struct param bind_params[] = {
	[P_CONTEXT] = { 'p', "pane", P_PANE, .value = "PANE",
			.help = "only while this pane has the keys" },
	[P_KEYNAME] = { 0, "KEY", P_KEY, .help = "a key: x, C-r, M-x, F5, Space, PgDn, S-Tab ..." },
	[P_COMMANDLINE] = { 0, "COMMAND", P_LINE, .help = "the command line that it runs" },
};
static const struct param unbind_params[] = {
	[P_CONTEXT] = { 'p', "pane", P_PANE, .value = "PANE", .help = "the binding of this pane" },
	[P_KEYNAME] = { 0, "KEY", P_KEY, .help = "the key" },
};

static int run_bind(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->bind(x->deck_arg, args_get(a, P_CONTEXT), args_get(a, P_KEYNAME),
				       args_get(a, P_COMMANDLINE), e));
}

static int run_unbind(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(
		x->deck->unbind(x->deck_arg, args_get(a, P_CONTEXT), args_get(a, P_KEYNAME), e));
}

static int run_keys(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	(void)e;
	x->deck->keys(x->deck_arg);
	return 0;
}

static const struct param act_params[] = {
	[P_FIRST] = { 0, "VERB", P_REST,
		      .help = "a verb of the pane that has the keys: down, page-up ... ('keys' "
			      "shows them)" },
};

static int run_act(struct ctx *x, const struct args *a, struct err *e)
{
	return status_of(x->deck->act(x->deck_arg, args_get(a, P_FIRST), e));
}

static const struct param prompt_params[] = {
	[P_FIRST] = { 0, "TEXT", P_LINE, .optional = true,
		      .help = "what stands in the line already" },
};

static int run_prompt(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_FIRST);
	struct txt t;

	(void)e;
	txt_init(&t);
	if (s != NULL)
		txt_printf(&t, "%s ", s);
	x->deck->prompt(x->deck_arg, txt_str(&t));
	txt_fini(&t);
	return 0;
}

/* ---- copy, redraw, quit ---- */

static const struct param copy_params[] = {
	[P_FIRST] = { 0, "TEXT", P_REST, .optional = true, .help = "what to copy",
		      .initial = "the playhead's list line" },
};

static int run_copy(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_FIRST);
	struct txt t;
	int r;

	txt_init(&t);
	if (s != NULL) {
		txt_puts(&t, s);
	} else if (x->world->count > 0) {
		const struct pkt *k = world_line(x->world, x->world->at);

		for (size_t i = 0; i < x->world->columns.n; i++) {
			txt_puts(&t, i > 0 ? "  " : "");
			column_put(x->world, &t, &x->world->columns.v[i], k);
		}
	}
	r = t.n > 0 ? x->deck->copy(x->deck_arg, t.s, t.n, e)
		    : err_set(e, "there is nothing to copy");
	txt_fini(&t);
	return r < 0 ? 1 : 0;
}

static int run_redraw(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	(void)e;
	x->deck->redraw(x->deck_arg);
	return 0;
}

static int run_suspend(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	(void)e;
	x->deck->suspend(x->deck_arg);
	return 0;
}

static int run_cancel(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	return x->deck->cancel(x->deck_arg, e) < 0 ? 1 : 0;
}

static int run_quit(struct ctx *x, const struct args *a, struct err *e)
{
	(void)a;
	(void)e;
	x->world->quit = true;
	return 0;
}

#define SCREEN_COMMAND(id, word, in_group, text, ps, ...)                                \
	static const struct command id = { .name = word,                                 \
					   .group = in_group,                            \
					   .where = IN_DECK,                             \
					   .summary = text,                              \
					   .params = ps,                                 \
					   .nparams = sizeof(ps) / sizeof(struct param), \
					   .run = run_##id,                              \
					   ##__VA_ARGS__ };

SCREEN_COMMAND(focus, "focus", G_SCREEN, "give a pane the keys", pane_param)
SCREEN_COMMAND(zoom, "zoom", G_SCREEN, "let one pane fill the screen, or go back", pane_optional)
SCREEN_COMMAND(hide, "hide", G_SCREEN, "take a pane off the screen", pane_optional)
SCREEN_COMMAND(show, "show", G_SCREEN, "put a pane on the screen", pane_param)
SCREEN_COMMAND(resize, "resize", G_SCREEN, "change the size of the pane that has the keys",
	       resize_params)
SCREEN_COMMAND(theme, "theme", G_SCREEN, "choose colours", theme_params)
SCREEN_COMMAND(charset, "charset", G_SCREEN, "draw with UTF-8 or ASCII", charset_params)
SCREEN_COMMAND(edit, "edit-mode", G_SCREEN, "edit the prompt's line with emacs or vi keys",
	       edit_params)
SCREEN_COMMAND(bind, "bind", G_SCREEN, "let a key run a command line", bind_params,
	       .examples = "bind F5 filter tcp.flags.reset == 1\tresets on a key\n")
SCREEN_COMMAND(unbind, "unbind", G_SCREEN, "take a key's binding away", unbind_params)
SCREEN_COMMAND(act, "act", G_SCREEN, "do what a pane's key does", act_params)
SCREEN_COMMAND(prompt, "prompt", G_SCREEN, "open the prompt", prompt_params)
SCREEN_COMMAND(copy, "copy", G_SCREEN, "copy to the terminal's clipboard", copy_params,
	       .about = "By the escape sequence OSC 52, which reaches the clipboard of the machine "
			"that you sit at, also over "
			"ssh and through tmux, where the terminal allows it.")
SCREEN_COMMAND(cancel, "cancel", G_FILES, "stop what print, export or follow is still doing",
	       nothing)
SCREEN_COMMAND(redraw, "redraw", G_SCREEN, "draw the whole screen anew", nothing)
SCREEN_COMMAND(suspend, "suspend", G_SCREEN, "stop the program until the shell's fg", nothing)
SCREEN_COMMAND(keys, "keys", G_HELP, "show what the keys do", nothing)
SCREEN_COMMAND(quit, "quit", G_HELP, "leave the deck", nothing)

const struct command *const cmds_screen[] = {
	&focus, &zoom,	 &hide, &show,	 &resize,  &theme, &charset, &edit, &bind, &unbind,
	&act,	&prompt, &copy, &redraw, &suspend, &keys,  &cancel,  &quit, NULL,
};
