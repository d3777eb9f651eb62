/* Usage, help, the manual page and shell completion: all of them written from the command table. */
#include "cmd/command.h"

#include <ctype.h>
#include <string.h>

static const char *const group_titles[G_COUNT] = {
	[G_FILES] = "Files and packets", [G_TIME] = "Time", [G_PACKETS] = "Finding and choosing",
	[G_SCREEN] = "The screen",	 [G_HELP] = "Help",
};

/* So many that they are listed in the text, and not in the usage. */
static bool are_many(const struct param *p)
{
	size_t n = 0;

	for (const char *const *c = p->choices; *c != NULL; c++)
		n += strlen(*c) + 1;
	return n > 60;
}

static void put_choices(struct txt *t, const struct param *p)
{
	const char *between = are_many(p) ? ", " : "|";

	for (const char *const *c = p->choices; *c != NULL; c++) {
		txt_puts(t, c != p->choices ? between : "");
		txt_puts(t, *c);
	}
}

/* "-Y FILTER", "--raw", "text|json|fields" */
static void put_param(struct txt *t, const struct param *p)
{
	if (param_is_positional(p)) {
		if (p->type == P_CHOICE)
			put_choices(t, p);
		else
			txt_puts(t, p->name);
		return;
	}
	if (p->letter != 0)
		txt_printf(t, "-%c", p->letter);
	else
		txt_printf(t, "--%s", p->name);
	if (p->type == P_FLAG)
		return;
	txt_putc(t, ' ');
	if (p->type == P_CHOICE && !are_many(p))
		put_choices(t, p);
	else
		txt_puts(t, p->value);
}

void command_usage(struct txt *t, const struct command *c)
{
	txt_puts(t, c->name);
	for (unsigned i = 0; i < c->nparams; i++) {
		const struct param *p = &c->params[i];
		bool brackets = !param_is_positional(p) || p->optional;

		txt_puts(t, brackets ? " [" : " ");
		put_param(t, p);
		if (brackets)
			txt_putc(t, ']');
		if (p->repeat)
			txt_puts(t, "...");
	}
}

/* Text broken at blanks to `width` columns, lines after the first indented. */
static void put_wrapped(struct txt *t, const char *s, unsigned indent, unsigned col, unsigned width)
{
	while (*s != '\0') {
		size_t n = strcspn(s, " \n");

		if (col > indent && col + n > width) {
			while (t->n > 0 && t->s[t->n - 1] == ' ')
				t->n--;
			txt_putc(t, '\n');
			txt_fill(t, ' ', indent);
			col = indent;
		}
		txt_putn(t, s, n);
		col += (unsigned)n;
		s += n;
		if (*s == '\n') {
			txt_putc(t, '\n');
			txt_fill(t, ' ', indent);
			col = indent;
			s++;
		} else if (*s == ' ') {
			txt_putc(t, ' ');
			col++;
			s++;
		}
	}
	while (t->n > 0 && t->s[t->n - 1] == ' ')
		t->n--;
	txt_putc(t, '\n');
}

static void put_param_help(struct txt *t, const struct param *p, unsigned width)
{
	size_t from = t->n;

	txt_puts(t, "  ");
	if (param_is_positional(p)) {
		txt_puts(t, p->name);
	} else {
		if (p->letter != 0)
			txt_printf(t, "-%c, ", p->letter);
		else
			txt_puts(t, "    ");
		txt_printf(t, "--%s", p->name);
		if (p->type != P_FLAG)
			txt_printf(t, " %s", p->value);
	}
	if (t->n - from > 24) {
		txt_putc(t, '\n');
		from = t->n;
	}
	txt_pad(t, from, 26);
	from = t->n;
	{
		struct txt h;

		txt_init(&h);
		txt_puts(&h, p->help);
		if (p->type == P_CHOICE) {
			txt_puts(&h, ": ");
			put_choices(&h, p);
		}
		if (p->initial != NULL)
			txt_printf(&h, " (%s if not given)", p->initial);
		put_wrapped(t, txt_str(&h), 26, 26, width);
		txt_fini(&h);
	}
}

static void put_examples(struct txt *t, const char *s)
{
	while (*s != '\0') {
		size_t n = strcspn(s, "\n"), tab = strcspn(s, "\t");
		size_t from = t->n;

		txt_puts(t, "  ");
		txt_putn(t, s, MIN(n, tab));
		if (tab < n) {
			if (t->n - from > 44) {
				txt_putc(t, '\n');
				from = t->n;
			}
			txt_pad(t, from, 46);
			txt_putn(t, s + tab + 1, n - tab - 1);
		}
		txt_putc(t, '\n');
		s += n + (s[n] == '\n');
	}
}

void command_help(struct txt *t, const struct command *c, unsigned width)
{
	struct txt u;

	txt_init(&u);
	command_usage(&u, c);
	txt_puts(t, "usage: ");
	put_wrapped(t, txt_str(&u), 7, 7, width);
	txt_fini(&u);
	txt_printf(t, "%c%s.\n", toupper((u8)c->summary[0]), c->summary + 1);
	if (c->alias != NULL)
		txt_printf(t, "Short name: %s.\n", c->alias);
	if (c->about != NULL) {
		txt_putc(t, '\n');
		put_wrapped(t, c->about, 0, 0, width);
	}
	if (c->nparams > 0)
		txt_putc(t, '\n');
	for (unsigned i = 0; i < c->nparams; i++)
		put_param_help(t, &c->params[i], width);
	if (c->examples != NULL) {
		txt_puts(t, "\nExamples:\n");
		put_examples(t, c->examples);
	}
}

void commands_overview(struct txt *t, enum where where, unsigned width)
{
	for (unsigned g = 0; g < G_COUNT; g++) {
		bool title = false;

		for (unsigned i = 0; i < command_count(); i++) {
			const struct command *c = command_get(i);
			size_t from;

			if (c->group != g || !(c->where & where))
				continue;
			if (!title)
				txt_printf(t, "%s%s\n", t->n > 0 ? "\n" : "", group_titles[g]);
			title = true;
			from = t->n;
			txt_puts(t, "  ");
			txt_puts(t, c->name);
			if (c->alias != NULL)
				txt_printf(t, " (%s)", c->alias);
			txt_pad(t, from, 20);
			put_wrapped(t, c->summary, 20, 20, width);
		}
	}
}

/* ---- the manual page ---- */

/* Text inside a line for mdoc: backslashes doubled. */
static void put_mdoc_inside(struct txt *t, const char *s)
{
	for (; *s != '\0'; s++)
		if (*s == '\\')
			txt_puts(t, "\\e");
		else
			txt_putc(t, *s);
}

/* A line of text for mdoc: a leading dot or quote is made harmless, too. */
static void put_mdoc(struct txt *t, const char *s)
{
	if (*s == '.' || *s == '\'')
		txt_puts(t, "\\&");
	put_mdoc_inside(t, s);
}

enum { MDOC_WIDTH = 78 };

/* A paragraph for mdoc: filled lines, and each sentence on a line of its own. */
static void put_mdoc_filled(struct txt *t, const char *s)
{
	size_t from = t->n;

	while (*(s += strspn(s, " ")) != '\0') {
		size_t n = strcspn(s, " ");
		char *word = xstrndup(s, n);

		if (t->n > from && t->n - from + 1 + n > MDOC_WIDTH) {
			txt_putc(t, '\n');
			from = t->n;
		} else if (t->n > from) {
			txt_putc(t, ' ');
		}
		if (t->n == from)
			put_mdoc(t, word);
		else
			put_mdoc_inside(t, word);
		s += n;
		if (strchr(".!?", word[n - 1]) != NULL && s[strspn(s, " ")] != '\0') {
			txt_putc(t, '\n');
			from = t->n;
		}
		free(word);
	}
	txt_putc(t, '\n');
}

/* The same as one macro argument. */
static void put_mdoc_quoted(struct txt *t, const char *s)
{
	txt_putc(t, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			txt_puts(t, "\\(dq");
		else if (*s == '\\')
			txt_puts(t, "\\e");
		else
			txt_putc(t, *s);
	}
	txt_putc(t, '"');
}

static void man_param(struct txt *t, const struct param *p)
{
	struct txt u;

	txt_puts(t, ".It ");
	if (param_is_positional(p)) {
		txt_printf(t, "Ar %s", p->name);
	} else {
		if (p->letter != 0)
			txt_printf(t, "Fl %c , Fl \\-%s", p->letter, p->name);
		else
			txt_printf(t, "Fl \\-%s", p->name);
		if (p->type != P_FLAG)
			txt_printf(t, " Ar %s", p->value);
	}
	txt_putc(t, '\n');
	txt_init(&u);
	txt_puts(&u, p->help);
	if (p->type == P_CHOICE) {
		txt_puts(&u, ": ");
		put_choices(&u, p);
	}
	if (p->initial != NULL)
		txt_printf(&u, " (%s if not given)", p->initial);
	txt_putc(&u, '.');
	put_mdoc_filled(t, txt_str(&u));
	txt_fini(&u);
}

static void man_command(struct txt *t, const struct command *c)
{
	struct txt u;

	txt_init(&u);
	command_usage(&u, c);
	txt_puts(t, ".It Xo\n.Ic ");
	put_mdoc_quoted(t, txt_str(&u));
	txt_puts(t, "\n.Xc\n");
	txt_clear(&u);
	txt_printf(&u, "%c%s.", toupper((u8)c->summary[0]), c->summary + 1);
	put_mdoc_filled(t, txt_str(&u));
	txt_fini(&u);
	if (c->alias != NULL)
		txt_printf(t, "Short name:\n.Ic %s .\n", c->alias);
	if (c->about != NULL) {
		txt_puts(t, ".Pp\n");
		for (const char *s = c->about; *s != '\0';) {
			size_t n = strcspn(s, "\n");

			if (n == 0) {
				txt_puts(t, ".Pp\n");
			} else {
				char *line = xstrndup(s, n);

				put_mdoc_filled(t, line);
				free(line);
			}
			s += n + (s[n] == '\n');
		}
	}
	if (c->nparams == 0)
		return;
	txt_puts(t, ".Bl -tag -width 12n -compact\n");
	for (unsigned i = 0; i < c->nparams; i++)
		man_param(t, &c->params[i]);
	txt_puts(t, ".El\n");
}

static void man_examples(struct txt *t)
{
	txt_puts(t, ".Sh EXAMPLES\n.Bl -tag -width Ds\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const char *s = command_get(i)->examples;

		while (s != NULL && *s != '\0') {
			size_t n = strcspn(s, "\n"), tab = strcspn(s, "\t");
			char *line = xstrndup(s, MIN(n, tab)),
			     *note = xstrndup(s + MIN(tab + 1, n), n > tab ? n - tab - 1 : 0);

			txt_puts(t, ".It Li ");
			put_mdoc_quoted(t, line);
			txt_putc(t, '\n');
			put_mdoc_filled(t, note);
			free(line);
			free(note);
			s += n + (s[n] == '\n');
		}
	}
	txt_puts(t, ".El\n");
}

void commands_manual(struct txt *t)
{
	txt_puts(t,
		 ".\\\" Generated from the command table; do not edit.\n"
		 ".Dd $Mdocdate$\n.Dt TAPDECK 1\n.Os\n.Sh NAME\n.Nm tapdeck\n.Nd a tape deck for "
		 "networks\n"
		 ".Sh SYNOPSIS\n.Nm\n.Op Ar FILE\n.Nm\n.Ar command\n.Op Ar argument ...\n.Sh "
		 "DESCRIPTION\n.Nm\n"
		 "opens a packet capture like a tape: every pane shows the world at the\n"
		 "playhead, and play, pause, step and rewind move all of them together.\n"
		 "With a\n.Ar FILE\nit opens the deck; with a command it does that command and "
		 "ends.\n"
		 "The same commands work at the shell, at the deck's prompt (the key\n.Ic \\&: )\n"
		 "and in key bindings.\n.Pp\n"
		 "FILE may be pcap or pcapng in any variant, compressed with gzip or not, or\n.Ql "
		 "-\n"
		 "for standard input.\n");
	for (unsigned g = 0; g < G_COUNT; g++) {
		txt_puts(t, ".Ss ");
		put_mdoc(t, group_titles[g]);
		txt_puts(t, "\n.Bl -tag -width Ds\n");
		for (unsigned i = 0; i < command_count(); i++)
			if (command_get(i)->group == g)
				man_command(t, command_get(i));
		txt_puts(t, ".El\n");
	}
	txt_puts(t, ".Sh ENVIRONMENT\n.Bl -tag -width Ds\n"
		    ".It Ev NO_COLOR\nIf set, colour is not used.\n"
		    ".It Ev COLORTERM\n.Ql truecolor\nallows 24-bit colour.\n"
		    ".It Ev TMPDIR\nWhere compressed and piped captures are unpacked, unlinked at "
		    "once.\n.El\n"
		    ".Sh FILES\n.Bl -tag -width Ds\n"
		    ".It Pa ~/.config/tapdeck/tapdeck.conf\n"
		    "Command lines that are run when the deck opens:\n.Ic bind , theme , "
		    "columns\nand the like.\n"
		    ".It Pa ~/.local/state/tapdeck/\nThe prompt's history and the remembered "
		    "layout.\n.El\n"
		    ".Sh EXIT STATUS\n0 on success, 1 for a failure at run time, 2 where the\n"
		    "arguments are wrong or a file cannot be opened.\n");
	man_examples(t);
	txt_puts(t, ".Sh SEE ALSO\n.Xr wireshark-filter 4 ,\n.Xr pcap-filter 7 ,\n.Xr tcpdump 8\n");
}

/* ---- shell completion ---- */

static void put_names(struct txt *t, const char *sep)
{
	bool first = true;

	for (unsigned i = 0; i < command_count(); i++) {
		if (!(command_get(i)->where & IN_SHELL))
			continue;
		txt_puts(t, first ? "" : sep);
		txt_puts(t, command_get(i)->name);
		first = false;
	}
}

static void put_options(struct txt *t, const struct command *c)
{
	for (unsigned i = 0; i < c->nparams; i++) {
		if (param_is_positional(&c->params[i]))
			continue;
		if (c->params[i].letter != 0)
			txt_printf(t, "-%c ", c->params[i].letter);
		txt_printf(t, "--%s ", c->params[i].name);
	}
}

static void completion_bash(struct txt *t)
{
	txt_puts(t,
		 "# bash completion for tapdeck, generated from its command table\n_tapdeck()\n{\n"
		 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} "
		 "cmd=${COMP_WORDS[1]}\n"
		 "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\tCOMPREPLY=($(compgen -W \"");
	put_names(t, " ");
	txt_puts(t, "\" -- \"$cur\") $(compgen -f -- \"$cur\"))\n\t\treturn\n\tfi\n\tcase \"$cmd "
		    "$prev\" in\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);

		for (unsigned j = 0; (c->where & IN_SHELL) && j < c->nparams; j++) {
			const struct param *p = &c->params[j];

			if (param_is_positional(p) || p->type == P_FLAG)
				continue;
			txt_printf(t, "\t\"%s --%s\"", c->name, p->name);
			if (p->letter != 0)
				txt_printf(t, "|\"%s -%c\"", c->name, p->letter);
			txt_puts(t, ") ");
			if (p->type == P_CHOICE) {
				txt_puts(t, "COMPREPLY=($(compgen -W \"");
				for (const char *const *s = p->choices; *s != NULL; s++)
					txt_printf(t, "%s ", *s);
				txt_puts(t, "\" -- \"$cur\")); return");
			} else if (p->type == P_FIELD) {
				txt_puts(t, "COMPREPLY=($(compgen -W \"$(tapdeck fields --names)\" "
					    "-- \"$cur\")); return");
			} else {
				txt_puts(t, "COMPREPLY=($(compgen -f -- \"$cur\")); return");
			}
			txt_puts(t, " ;;\n");
		}
	}
	txt_puts(t, "\tesac\n\tcase \"$cmd\" in\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);

		if (!(c->where & IN_SHELL))
			continue;
		txt_printf(t, "\t%s) COMPREPLY=($(compgen -W \"", c->name);
		put_options(t, c);
		txt_puts(t, "\" -- \"$cur\")) ;;\n");
	}
	txt_puts(
		t,
		"\tesac\n\t[ -n \"${COMPREPLY[*]}\" ] || COMPREPLY=($(compgen -f -- \"$cur\"))\n}\n"
		"complete -o filenames -F _tapdeck tapdeck\n");
}

/* A phrase inside single quotes of zsh and fish: quotes and brackets taken out. */
static void put_phrase(struct txt *t, const char *s)
{
	for (; *s != '\0'; s++)
		if (strchr("'[]:\\\n", *s) == NULL)
			txt_putc(t, *s);
}

static void completion_zsh(struct txt *t)
{
	txt_puts(t, "#compdef tapdeck\n# generated from tapdeck's command table\n_tapdeck() "
		    "{\n\tlocal -a commands\n"
		    "\tcommands=(\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);

		if (!(c->where & IN_SHELL))
			continue;
		txt_printf(t, "\t\t'%s:", c->name);
		put_phrase(t, c->summary);
		txt_puts(t, "'\n");
	}
	txt_puts(t, "\t)\n\tif (( CURRENT == 2 )); then\n\t\t_describe command "
		    "commands\n\t\t_files\n\t\treturn\n\tfi\n"
		    "\tlocal cmd=$words[2]\n\tshift words; (( CURRENT-- ))\n\tcase $cmd in\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);

		if (!(c->where & IN_SHELL))
			continue;
		txt_printf(t, "\t%s) _arguments", c->name);
		for (unsigned j = 0; j < c->nparams; j++) {
			const struct param *p = &c->params[j];

			if (param_is_positional(p))
				continue;
			for (int lng = p->letter == 0; lng < 2; lng++) {
				txt_printf(t, " '%s%s", p->repeat ? "*" : "", lng ? "--" : "-");
				if (lng)
					txt_puts(t, p->name);
				else
					txt_putc(t, p->letter);
				txt_putc(t, '[');
				put_phrase(t, p->help);
				txt_putc(t, ']');
				if (p->type == P_CHOICE) {
					txt_printf(t, ":%s:(", p->name);
					for (const char *const *s = p->choices; *s != NULL; s++)
						txt_printf(t, "%s%s", s == p->choices ? "" : " ",
							   *s);
					txt_putc(t, ')');
				} else if (p->type == P_FIELD) {
					txt_printf(t, ":%s:($(tapdeck fields --names))", p->name);
				} else if (p->type != P_FLAG) {
					txt_printf(t, ":%s:_files", p->name);
				}
				txt_putc(t, '\'');
			}
		}
		txt_puts(t, " '*:file:_files' ;;\n");
	}
	txt_puts(t, "\tesac\n}\n_tapdeck \"$@\"\n");
}

static void completion_fish(struct txt *t)
{
	txt_puts(t, "# fish completion for tapdeck, generated from its command table\n");
	for (unsigned i = 0; i < command_count(); i++) {
		const struct command *c = command_get(i);

		if (!(c->where & IN_SHELL))
			continue;
		txt_printf(t, "complete -c tapdeck -n __fish_use_subcommand -a %s -d '", c->name);
		put_phrase(t, c->summary);
		txt_puts(t, "'\n");
		for (unsigned j = 0; j < c->nparams; j++) {
			const struct param *p = &c->params[j];

			if (param_is_positional(p))
				continue;
			txt_printf(t,
				   "complete -c tapdeck -n '__fish_seen_subcommand_from %s' -l %s",
				   c->name, p->name);
			if (p->letter != 0)
				txt_printf(t, " -s %c", p->letter);
			if (p->type != P_FLAG)
				txt_puts(t, " -r");
			if (p->type == P_FIELD)
				txt_puts(t, " -x -a '(tapdeck fields --names)'");
			if (p->type == P_CHOICE) {
				txt_puts(t, " -x -a '");
				for (const char *const *s = p->choices; *s != NULL; s++)
					txt_printf(t, "%s ", *s);
				txt_putc(t, '\'');
			}
			txt_puts(t, " -d '");
			put_phrase(t, p->help);
			txt_puts(t, "'\n");
		}
	}
}

int commands_completion(struct txt *t, const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		completion_bash(t);
	else if (strcmp(shell, "zsh") == 0)
		completion_zsh(t);
	else if (strcmp(shell, "fish") == 0)
		completion_fish(t);
	else
		return -1;
	return 0;
}
