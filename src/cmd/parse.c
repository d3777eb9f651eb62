/* Words into arguments: the same table reads the shell's argv and the prompt's lines. */
#include "base/num.h"
#include "cmd/command.h"
#include "packet/registry.h"

#include <assert.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define COMMANDS(x) extern const struct command *const cmds_##x[];
#include "cmd/registry_gen.h"
#undef COMMANDS

static const struct command *const *const families[] = {
#define COMMANDS(x) cmds_##x,
#include "cmd/registry_gen.h"
#undef COMMANDS
};

enum { MAX_COMMANDS = 128 };

static const struct command **all_commands(unsigned *n)
{
	static const struct command *all[MAX_COMMANDS];
	static unsigned count;

	if (count == 0) {
		unsigned c = 0;

		for (unsigned i = 0; i < ARRAY_LEN(families); i++)
			for (const struct command *const *p = families[i]; *p != NULL; p++) {
				unsigned at = c++;

				assert(c <= MAX_COMMANDS);
				for (; at > 0 && strcmp(all[at - 1]->name, (*p)->name) > 0; at--)
					all[at] = all[at - 1];
				all[at] = *p;
			}
		count = c;
	}
	*n = count;
	return all;
}

unsigned command_count(void)
{
	unsigned n;

	all_commands(&n);
	return n;
}

const struct command *command_get(unsigned i)
{
	unsigned n;
	const struct command **all = all_commands(&n);

	assert(i < n);
	return all[i];
}

static bool is_name(const char *a, const char *s, size_t n)
{
	return a != NULL && strlen(a) == n && memcmp(a, s, n) == 0;
}

const struct command *command_find(const char *name, size_t n)
{
	unsigned count;
	const struct command **all = all_commands(&count);

	for (unsigned i = 0; i < count; i++)
		if (is_name(all[i]->name, name, n) || is_name(all[i]->alias, name, n))
			return all[i];
	return NULL;
}

void args_fini(struct args *a)
{
	for (size_t i = 0; i < a->owned.n; i++)
		free(a->owned.v[i]);
	VEC_FREE(&a->owned);
	VEC_FREE(&a->list);
}

const char *args_nth(const struct args *a, unsigned p, unsigned i)
{
	for (size_t j = 0; j < a->list.n; j++)
		if (a->list.v[j].param == p && i-- == 0)
			return a->list.v[j].text;
	return NULL;
}

u64 args_count(const struct args *a, unsigned p, u64 none)
{
	const char *s = args_get(a, p);
	u64 v;

	return s != NULL && num_u64(s, strlen(s), &v) == 0 ? v : none;
}

/* A word of the input and where it begins in the line. */
struct word {
	const char *s;
	int at;
	bool plain; /* not quoted: may be an option */
};

struct words {
	VEC(struct word) list;
	const char *line; /* NULL at the shell */
};

static int check_choice(const struct param *p, const struct word *w, struct err *e)
{
	struct txt t;

	for (const char *const *c = p->choices; *c != NULL; c++)
		if (strcmp(*c, w->s) == 0)
			return 0;
	txt_init(&t);
	for (const char *const *c = p->choices; *c != NULL; c++) {
		txt_puts(&t, c == p->choices ? "" : c[1] == NULL ? " or " : ", ");
		txt_puts(&t, *c);
	}
	err_set_at(e, w->at, "'%.60s' is not one of %s", w->s, txt_str(&t));
	txt_fini(&t);
	return -1;
}

/* Checks a value by its type, as far as that needs nothing but the value. */
static int check_value(const struct param *p, const struct word *w, struct err *e)
{
	size_t n = strlen(w->s);
	ns_t span;
	u64 v;

	switch ((enum param_type)p->type) {
	case P_COUNT:
		if (num_u64(w->s, n, &v) < 0)
			return err_set_at(e, w->at, "'%.60s' is not a number from 0", w->s);
		return 0;
	case P_SPAN: return num_span(w->s, n, &span, e);
	case P_CHOICE: return check_choice(p, w, e);
	case P_FIELD:
		if (field_find(w->s, n) < 0 && proto_find(w->s, n) < 0)
			return err_set_at(
				e, w->at,
				"'%.60s' is no field or protocol; 'tapdeck fields' lists them",
				w->s);
		return 0;
	case P_COMMAND:
		if (command_find(w->s, n) == NULL)
			return err_set_at(e, w->at, "'%.60s' is no command; 'help' lists them",
					  w->s);
		return 0;
	case P_FLAG:
	case P_STRING:
	case P_FILE:
	case P_OUTFILE:
	case P_FILTER:
	case P_BPF:
	case P_KEY:
	case P_PANE:
	case P_THEME:
	case P_IFACE:
	case P_MARK:
	case P_LINE:
	case P_REST: break;
	}
	return 0;
}

static int take(struct args *a, unsigned param, const struct word *w, struct err *e)
{
	const struct param *p = &a->cmd->params[param];

	if (!p->repeat && args_has(a, param))
		return err_set_at(e, w->at,
				  param_is_positional(p) ? "%s is given twice"
							 : "option --%s is given twice",
				  p->name);
	if (check_value(p, w, e) < 0) {
		if (e != NULL && e->at < 0)
			e->at = w->at;
		return -1;
	}
	*VEC_PUSH(&a->list) = (struct arg) { param, w->s, w->at };
	return 0;
}

static int find_letter(const struct command *c, char letter)
{
	for (unsigned i = 0; i < c->nparams; i++)
		if (c->params[i].letter == letter)
			return (int)i;
	return -1;
}

static int find_long(const struct command *c, const char *name, size_t n)
{
	for (unsigned i = 0; i < c->nparams; i++)
		if (!param_is_positional(&c->params[i]) && is_name(c->params[i].name, name, n))
			return (int)i;
	return -1;
}

/* The value of option `param`: the rest of its own word, or the next word. */
static int take_option(struct args *a, unsigned param, const char *rest, const struct words *ws,
		       size_t *i, struct err *e)
{
	const struct word *w = &ws->list.v[*i];
	struct word value = { rest, w->at, false };

	if (rest == NULL) {
		if (*i + 1 >= ws->list.n)
			return err_set_at(e, w->at, "option %.40s needs a value: %s", w->s,
					  a->cmd->params[param].value);
		value = ws->list.v[++*i];
	}
	return take(a, param, &value, e);
}

static int take_long(struct args *a, const struct words *ws, size_t *i, struct err *e)
{
	const struct word *w = &ws->list.v[*i];
	const char *name = w->s + 2, *eq = strchr(name, '=');
	int p = find_long(a->cmd, name, eq != NULL ? (size_t)(eq - name) : strlen(name));
	struct word flag = { "", w->at, false };

	if (p < 0)
		return err_set_at(e, w->at, "%s has no option %.60s; see 'help %s'", a->cmd->name,
				  w->s, a->cmd->name);
	if (a->cmd->params[p].type == P_FLAG)
		return eq != NULL ? err_set_at(e, w->at, "option --%s takes no value",
					       a->cmd->params[p].name)
				  : take(a, (unsigned)p, &flag, e);
	return take_option(a, (unsigned)p, eq != NULL ? eq + 1 : NULL, ws, i, e);
}

/* "-x", "-xV", "-c10", "-c 10". */
static int take_letters(struct args *a, const struct words *ws, size_t *i, struct err *e)
{
	const struct word *w = &ws->list.v[*i];

	for (const char *s = w->s + 1; *s != '\0'; s++) {
		int p = find_letter(a->cmd, *s);
		struct word flag = { "", w->at, false };

		if (p < 0)
			return err_set_at(
				e, w->at,
				isprint((u8)*s) ? "%s has no option -%c; see 'help %s'"
						: "%s has no such option (byte %d); see 'help %s'",
				a->cmd->name, *s, a->cmd->name);
		if (a->cmd->params[p].type != P_FLAG)
			return take_option(a, (unsigned)p, s[1] != '\0' ? s + 1 : NULL, ws, i, e);
		if (take(a, (unsigned)p, &flag, e) < 0)
			return -1;
	}
	return 0;
}

/* The next positional parameter that can take a word. */
static int next_positional(const struct args *a)
{
	for (unsigned i = 0; i < a->cmd->nparams; i++) {
		const struct param *p = &a->cmd->params[i];

		if (param_is_positional(p) && (p->repeat || !args_has(a, i)))
			return (int)i;
	}
	return -1;
}

/* All words from i on as one text: the line as it stands, or the shell's words with blanks between.
 */
static int take_rest(struct args *a, unsigned param, const struct words *ws, size_t i,
		     struct err *e)
{
	struct word all = { NULL, ws->list.v[i].at, false };
	struct txt t;

	txt_init(&t);
	if (ws->line != NULL) {
		txt_puts(&t, ws->line + all.at);
		while (t.n > 0 && isspace((u8)t.s[t.n - 1]))
			t.n--;
	} else {
		for (size_t j = i; j < ws->list.n; j++) {
			txt_puts(&t, j > i ? " " : "");
			txt_puts(&t, ws->list.v[j].s);
		}
	}
	all.s = *VEC_PUSH(&a->owned) = xstrndup(t.s, t.n);
	txt_fini(&t);
	return take(a, param, &all, e);
}

static int check_complete(const struct args *a, struct err *e)
{
	struct txt t;

	for (unsigned i = 0; i < a->cmd->nparams; i++) {
		const struct param *p = &a->cmd->params[i];

		if (!param_is_positional(p) || p->optional || args_has(a, i))
			continue;
		txt_init(&t);
		command_usage(&t, a->cmd);
		err_set(e, "%s needs %s: %s", a->cmd->name, p->name, txt_str(&t));
		txt_fini(&t);
		return -1;
	}
	return 0;
}

/* "-" alone is a word, and so is a negative number. */
static bool is_option(const struct command *c, const char *s)
{
	return s[0] == '-' && s[1] != '\0' && !(isdigit((u8)s[1]) && find_letter(c, s[1]) < 0);
}

static int match_words(struct args *a, const struct words *ws, struct err *e)
{
	bool options = true;

	for (size_t i = 0; i < ws->list.n; i++) {
		const struct word *w = &ws->list.v[i];
		int p = next_positional(a), r;
		bool option = options && w->plain && is_option(a->cmd, w->s);

		if (options && w->plain && strcmp(w->s, "--") == 0) {
			options = false;
			continue;
		}
		if (p >= 0 && param_is_rest(&a->cmd->params[p]) && !option)
			return take_rest(a, (unsigned)p, ws, i, e) < 0 ? -1 : check_complete(a, e);
		if (option && w->s[1] == '-')
			r = take_long(a, ws, &i, e);
		else if (option)
			r = take_letters(a, ws, &i, e);
		else if (p < 0)
			r = err_set_at(e, w->at, "%s does not take '%.60s'; see 'help %s'",
				       a->cmd->name, w->s, a->cmd->name);
		else
			r = take(a, (unsigned)p, w, e);
		if (r < 0)
			return -1;
	}
	return check_complete(a, e);
}

int args_from_words(struct args *a, const struct command *c, int argc, char *const *argv,
		    struct err *e)
{
	struct words ws = { .line = NULL };
	int r;

	*a = (struct args) { .cmd = c };
	for (int i = 0; i < argc; i++)
		*VEC_PUSH(&ws.list) = (struct word) { argv[i], -1, true };
	r = match_words(a, &ws, e);
	VEC_FREE(&ws.list);
	return r;
}

int line_word(const char *line, size_t *i, struct txt *t, bool *plain)
{
	char quote = '\0';

	*plain = true;
	for (; line[*i] != '\0'; (*i)++) {
		char c = line[*i];

		if (quote != '\0' && c == quote) {
			quote = '\0';
		} else if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
			*plain = false;
		} else if (c == '\\' && quote != '\'' && line[*i + 1] != '\0') {
			txt_putc(t, line[++*i]);
		} else if (quote == '\0' && isspace((u8)c)) {
			break;
		} else {
			txt_putc(t, c);
		}
	}
	return quote == '\0' ? 0 : -1;
}

static int split_line(struct args *a, struct words *ws, const char *line, size_t i, struct err *e)
{
	ws->line = line;
	for (;;) {
		struct txt t;
		struct word w;
		int closed;

		while (isspace((u8)line[i]))
			i++;
		if (line[i] == '\0')
			return 0;
		txt_init(&t);
		w.at = (int)i;
		closed = line_word(line, &i, &t, &w.plain);
		w.s = *VEC_PUSH(&a->owned) = xstrndup(t.s, t.n);
		txt_fini(&t);
		*VEC_PUSH(&ws->list) = w;
		if (closed < 0)
			return err_set_at(e, w.at, "this quote is not closed");
	}
}

/* Does the command take the rest of the line raw from its first argument on? Then quotes in it are
 * not ours. */
static bool rest_first(const struct command *c)
{
	for (unsigned i = 0; i < c->nparams; i++)
		if (param_is_positional(&c->params[i]))
			return param_is_rest(&c->params[i]);
	return false;
}

int args_from_line(struct args *a, const char *line, enum where where, struct err *e)
{
	struct words ws = { .line = line };
	size_t i = strspn(line, " \t"), n = strcspn(line + i, " \t\r\n");
	const char *rest;
	int r;

	*a = (struct args) { .cmd = NULL };
	if (n == 0 || line[i] == '#')
		return 0;
	a->cmd = command_find(line + i, n);
	if (a->cmd == NULL)
		return err_set_at(e, (int)i, "'%.*s' is no command; 'help' lists them",
				  (int)MIN(n, 60), line + i);
	if (!(a->cmd->where & where))
		return err_set_at(
			e, (int)i,
			where == IN_DECK
				? "%s is for the shell: tapdeck %s"
				: "%s works in the deck: open one with 'tapdeck FILE' (%s)",
			a->cmd->name, a->cmd->name);
	i += n;
	rest = line + i + strspn(line + i, " \t\r\n");
	if (rest_first(a->cmd) && *rest != '\0' && *rest != '-') {
		*VEC_PUSH(&ws.list) = (struct word) { rest, (int)(rest - line), true };
		r = match_words(a, &ws, e);
	} else {
		r = split_line(a, &ws, line, i, e) < 0 ? -1 : match_words(a, &ws, e);
	}
	VEC_FREE(&ws.list);
	return r;
}

int command_run_line(struct ctx *x, const char *line, enum where where, struct err *e)
{
	struct args a;
	int r = args_from_line(&a, line, where, e) < 0 ? 2 : 0;

	if (r == 0 && a.cmd != NULL)
		r = a.cmd->run(x, &a, e);
	args_fini(&a);
	return r;
}
