/* The one language: a command is one entry in a table. The shell, the prompt, key bindings and lab
 * scripts speak it; parsing, usage, completion, help and the manual come from the entry. */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/err.h"
#include "base/vec.h"
#include "cmd/sink.h"

/* What a word means: how it is checked and completed. */
enum param_type {
	P_FLAG, /* an option without a value */
	P_STRING,
	P_FILE,	   /* a file to read; "-" is standard input */
	P_OUTFILE, /* a file to write */
	P_FILTER,  /* a display filter */
	P_BPF,	   /* a capture filter */
	P_FIELD,   /* a field or protocol name */
	P_COUNT,   /* a number from 0 */
	P_SPAN,	   /* "20ms", "1.5" */
	P_CHOICE,  /* one of param.choices */
	P_COMMAND, /* a command's name */
	P_KEY,	   /* a key's name */
	P_PANE,	   /* a pane's name */
	P_THEME,   /* a theme's name */
	P_IFACE,   /* an interface of the tape */
	P_MARK,	   /* a mark's name */
	P_LINE,	   /* a command line: the rest of the line as it is */
	P_REST,	   /* the rest of the line as it is, blanks and quotes included; at the shell: all
		      further words */
};

/* One option or argument of a command. */
struct param {
	char letter;	   /* option letter, 0 for a positional argument or a long option only */
	const char *name;  /* long option ("read") or the argument's name in usage ("PACKET": upper
			      case = positional) */
	u8 type;	   /* enum param_type */
	bool optional;	   /* positional only; options always are */
	bool repeat;	   /* may come again */
	const char *value; /* what usage calls an option's value: "FILE" */
	const char *const *choices; /* P_CHOICE: NULL-terminated */
	const char *help;	    /* a phrase for usage and manual */
	const char *initial; /* what holds where the option is not given, for the manual; NULL:
				nothing to say */
};

enum where { IN_SHELL = 1, IN_DECK = 2, IN_BOTH = 3 };

struct args;
struct world;
struct deck_ops;

/* How to open the deck from the shell. */
struct deck_args {
	const char *file, *filter, *theme, *script; /* NULL where not given, but for file */
	bool ascii;
	int w, h;		 /* with a script */
	const struct args *args; /* the -c commands are its values of param command_param */
	unsigned command_param, ncommands;
};

/* What a command runs against. */
struct ctx {
	struct sink *out;
	struct world *world;	     /* the deck's, NULL at the shell */
	const struct deck_ops *deck; /* what only the screen can do, NULL at the shell */
	void *deck_arg;
	/* Opens the deck and returns its exit status; NULL inside one. */
	int (*open_deck)(const struct deck_args *d, struct sink *out, struct err *e);
	unsigned width; /* columns of the terminal or pane that out goes to; 0: it goes to none */
};

enum group { G_FILES, G_TIME, G_PACKETS, G_SCREEN, G_HELP, G_COUNT };

struct command {
	const char *name;
	const char *alias;    /* a second, short name, or NULL */
	u8 group;	      /* enum group: heading in help */
	u8 where;	      /* enum where */
	const char *summary;  /* one line, a phrase that begins with a verb */
	const char *about;    /* paragraphs for the manual, separated by blank lines; may be NULL */
	const char *examples; /* lines "command<TAB>what it does"; may be NULL */
	const struct param *params;
	unsigned nparams;
	/* Returns the exit status: 0, 1 for a failure at run time, 2 where the arguments are wrong;
	 * e says why. */
	int (*run)(struct ctx *x, const struct args *a, struct err *e);
};

/* The words of one call, matched against its command's params. */
struct arg {
	unsigned param;	  /* index into command.params */
	const char *text; /* terminated */
	int at;		  /* where it stands in the line, -1 at the shell */
};
struct args {
	const struct command *cmd;
	VEC(struct arg) list;
	VEC(char *) owned;
};

/* All commands, sorted by name; i below command_count(). */
unsigned command_count(void);
const struct command *command_get(unsigned i);
/* By name or alias (n bytes), or NULL. */
const struct command *command_find(const char *name, size_t n);

/* Words of a shell (argv behind the command's name) into a. 0, or -1 with a sentence. args_fini()
 * in any case. */
int args_from_words(struct args *a, const struct command *c, int argc, char *const *argv,
		    struct err *e);
/* A line of the prompt, the command's name included: "goto 17", quotes and backslashes as in a
 * shell. Finds the command too. An empty line or a comment (#) leaves a->cmd NULL and returns 0.
 * e->at is the place of an error. */
int args_from_line(struct args *a, const char *line, enum where where, struct err *e);
void args_fini(struct args *a);

/* The word of a line that begins at *i, without its quotes and backslashes, appended to t; *i goes
 * behind it. *plain: nothing of it is quoted. -1 where a quote is not closed: the word is the rest
 * of the line then. */
int line_word(const char *line, size_t *i, struct txt *t, bool *plain);
/* Does this parameter take the rest of the line raw? */
static inline bool param_is_rest(const struct param *p)
{
	return p->type == P_REST || p->type == P_LINE;
}
/* Has it its place in the line, not an option's name? */
static inline bool param_is_positional(const struct param *p)
{
	return p->letter == 0 && p->name[0] >= 'A' && p->name[0] <= 'Z';
}

/* The i-th value of parameter p (0 the first), or NULL. */
const char *args_nth(const struct args *a, unsigned p, unsigned i);
static inline const char *args_get(const struct args *a, unsigned p)
{
	return args_nth(a, p, 0);
}
static inline bool args_has(const struct args *a, unsigned p)
{
	return args_nth(a, p, 0) != NULL;
}
/* A P_COUNT value (checked already), or `none`. */
u64 args_count(const struct args *a, unsigned p, u64 none);

/* Runs a line in ctx: args_from_line, the call, args_fini. Returns the exit status. */
int command_run_line(struct ctx *x, const char *line, enum where where, struct err *e);

/* "print -r FILE [-Y FILTER] …" without the program's name. */
void command_usage(struct txt *t, const struct command *c);
/* Usage, summary, options and examples as text, `width` columns. */
void command_help(struct txt *t, const struct command *c, unsigned width);
/* All commands for one place, by group, a line each. */
void commands_overview(struct txt *t, enum where where, unsigned width);
/* tapdeck.1 (mdoc(7)), and completion for "bash", "zsh", "fish". -1 for another shell. */
void commands_manual(struct txt *t);
int commands_completion(struct txt *t, const char *shell);

#endif
