/* What fits at the cursor of a command line. */
#include "cmd/complete.h"

#include "filter/filter.h"
#include "packet/registry.h"
#include "tape/world.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MOST = 400 }; /* offers of one kind: more than a screen can show */

struct job {
	const char *line;
	size_t from, cursor; /* the word under way: what an offer takes the place of */
	const char *word;    /* what it says, n bytes */
	size_t n;
	char quote; /* it is inside these quotes; 0: blanks are escaped */
	bool raw;   /* the parser of lines does not read it: offers are given as they are */
	enum where where;
	const struct names *names;
	offer_fn *offer;
	void *arg;
};

static bool fits(const struct job *j, const char *word)
{
	return strncmp(word, j->word, j->n) == 0;
}

/* From here on the line is not ours to read. */
static void begin_raw(struct job *j, size_t from)
{
	j->from = from;
	j->word = j->line + from;
	j->n = j->cursor - from;
	j->raw = true;
}

/* A word as line_word() reads it, in the quotes that were begun or with backslashes. */
static void put_quoted(const struct job *j, struct txt *t, const char *word, char end)
{
	if (j->quote != '\0')
		txt_putc(t, j->quote);
	for (; *word != '\0'; word++) {
		if (j->quote == '\'' && *word == '\'') {
			txt_puts(t, "'\\'"); /* out of them, the quote itself, and in again */
		} else if (j->quote == '"' ? strchr("\"\\", *word) != NULL
					   : j->quote == '\0' && (isspace((u8)*word) ||
								  strchr("\"'\\", *word) != NULL)) {
			txt_putc(t, '\\');
		}
		txt_putc(t, *word);
	}
	if (j->quote != '\0' && end == ' ')
		txt_putc(t, j->quote);
}

static void put(const struct job *j, const char *word, const char *note, char end)
{
	struct txt t;

	if (j->raw) {
		j->offer(j->arg, word, note, end);
		return;
	}
	txt_init(&t);
	put_quoted(j, &t, word, end);
	j->offer(j->arg, txt_str(&t), note, end);
	txt_fini(&t);
}

static void give(const struct job *j, const char *word, const char *note, char end)
{
	if (fits(j, word))
		put(j, word, note, end);
}

static void offer_commands(const struct job *j)
{
	for (unsigned i = 0; i < command_count(); i++)
		if (command_get(i)->where & j->where)
			give(j, command_get(i)->name, command_get(i)->summary, ' ');
}

static void offer_names(const struct job *j, char end)
{
	unsigned i = registry_lower(j->word, j->n), given = 0;

	for (; i < registry_nnames() && given < MOST && fits(j, registry_name(i)->name);
	     i++, given++) {
		const struct reg_name *r = registry_name(i);

		put(j, r->name,
		    r->field >= 0 ? field_get((unsigned)r->field)->title
				  : proto_get((unsigned)r->proto)->title,
		    end);
	}
}

/* No name that a line cannot hold. */
static bool has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if (iscntrl((u8)*s))
			return true;
	return false;
}

static bool is_dir(const char *dir, const struct dirent *ent)
{
	struct stat st;
	struct txt t;
	bool yes;

	if (ent->d_type != DT_LNK && ent->d_type != DT_UNKNOWN)
		return ent->d_type == DT_DIR;
	txt_init(&t);
	txt_printf(&t, "%s%s", dir, ent->d_name);
	yes = stat(txt_str(&t), &st) == 0 && S_ISDIR(st.st_mode);
	txt_fini(&t);
	return yes;
}

static void offer_files(struct job *j)
{
	char *word = xstrndup(j->word, j->n), *slash = strrchr(word, '/');
	size_t base = slash != NULL ? (size_t)(slash - word) + 1 : 0;
	char *dir = slash != NULL ? xstrndup(word, base) : xstrdup("./");
	DIR *d = opendir(dir);
	struct dirent *ent;
	struct txt t;

	txt_init(&t);
	while (d != NULL && (ent = readdir(d)) != NULL) {
		bool folder;

		if (strncmp(ent->d_name, word + base, strlen(word + base)) != 0 ||
		    (ent->d_name[0] == '.' && word[base] != '.') || has_control(ent->d_name))
			continue;
		folder = is_dir(dir, ent);
		txt_clear(&t);
		txt_putn(&t, word, base);
		if (base == 0 && ent->d_name[0] == '-') /* no option */
			txt_puts(&t, "./");
		txt_puts(&t, ent->d_name);
		if (folder)
			txt_putc(&t, '/');
		put(j, txt_str(&t), NULL, folder ? '\0' : ' ');
	}
	if (d != NULL)
		closedir(d);
	txt_fini(&t);
	free(dir);
	free(word);
}

/* Names of the values that `field` can have. */
static void offer_values(const struct job *j, int field)
{
	const struct field *f = field >= 0 ? field_get((unsigned)field) : NULL;
	char word[32];

	for (const struct vstr *v = f != NULL ? f->names : NULL; v != NULL && v->s != NULL; v++) {
		snprintf(word, sizeof word, "%u", v->v);
		give(j, word, v->s, ' ');
	}
	if (f != NULL && f->type == FT_BOOL) {
		give(j, "1", f->on != NULL ? f->on : "set", ' ');
		give(j, "0", f->off != NULL ? f->off : "not set", ' ');
	}
}

/* Inside a display filter that begins at byte `begin` of the line. */
static void offer_filter(struct job *j, size_t begin)
{
	struct filter_place p;
	const char *s;

	filter_place(j->line + begin, strlen(j->line + begin), j->cursor - begin, &p);
	begin_raw(j, begin + p.from);
	switch (p.expect) {
	case FILTER_EXPECT_OPERAND:
		offer_names(j, '\0');
		if (j->cursor > j->from)
			for (unsigned i = 0; (s = filter_function(i)) != NULL; i++)
				give(j, s, "function", '(');
		break;
	case FILTER_EXPECT_OPERATOR:
		for (unsigned i = 0; (s = filter_operator(i)) != NULL; i++)
			give(j, s, NULL, ' ');
		break;
	case FILTER_EXPECT_VALUE: offer_values(j, p.field); break;
	case FILTER_EXPECT_LOGIC:
		give(j, "and", "both", ' ');
		give(j, "or", "either", ' ');
		break;
	case FILTER_EXPECT_NOTHING: break;
	}
}

static void offer_list(const struct job *j, const char *const *words)
{
	for (; words != NULL && *words != NULL; words++)
		give(j, *words, NULL, ' ');
}

static void offer_value(struct job *j, const struct param *p)
{
	const struct world *w = j->names->world;

	switch ((enum param_type)p->type) {
	case P_FILE:
	case P_OUTFILE: offer_files(j); break;
	case P_FIELD: offer_names(j, ' '); break;
	case P_COMMAND: offer_commands(j); break;
	case P_FILTER: offer_filter(j, j->from + (j->quote != '\0')); break;
	case P_CHOICE: offer_list(j, p->choices); break;
	case P_IFACE:
		for (u32 i = 0; w != NULL && w->tape != NULL && i < tape_ifaces(w->tape); i++)
			if (tape_iface(w->tape, i)->name != NULL)
				give(j, tape_iface(w->tape, i)->name, NULL, ' ');
		break;
	case P_MARK:
		for (size_t i = 0; w != NULL && i < w->head.marks.n; i++)
			give(j, w->head.marks.v[i].name, "mark", ' ');
		break;
	case P_PANE: offer_list(j, j->names->panes); break;
	case P_THEME: offer_list(j, j->names->themes); break;
	case P_KEY: offer_list(j, j->names->keys); break;
	case P_FLAG:
	case P_STRING:
	case P_COUNT:
	case P_SPAN:
	case P_BPF:
	case P_LINE:
	case P_REST: break;
	}
}

static void offer_options(const struct job *j, const struct command *c)
{
	char word[64];

	for (unsigned i = 0; i < c->nparams; i++) {
		const struct param *p = &c->params[i];

		if (param_is_positional(p))
			continue;
		if (p->letter != 0 && j->n < 2) {
			snprintf(word, sizeof word, "-%c", p->letter);
			give(j, word, p->help, ' ');
		} else {
			snprintf(word, sizeof word, "--%s", p->name);
			give(j, word, p->help, ' ');
		}
	}
}

/* The option that `word` names and whose value is the next word; NULL where there is none. */
static const struct param *option_of(const struct command *c, const char *word)
{
	for (unsigned i = 0; i < c->nparams && word[0] == '-'; i++) {
		const struct param *p = &c->params[i];

		if (!param_is_positional(p) && p->type != P_FLAG &&
		    (word[1] == '-' ? strcmp(word + 2, p->name) == 0
				    : p->letter != 0 && word[1] == p->letter && word[2] == '\0'))
			return p;
	}
	return NULL;
}

/* The parameter that the n-th word that is no option is for. */
static const struct param *positional(const struct command *c, unsigned n)
{
	for (unsigned i = 0; i < c->nparams; i++)
		if (param_is_positional(&c->params[i]) && (c->params[i].repeat || n-- == 0))
			return &c->params[i];
	return NULL;
}

/* Where the cursor stands among a command's words. */
struct spot {
	const struct param *param; /* what the word under way is for; NULL: nothing known */
	bool option;		   /* that is an option's value */
	bool rest;		   /* it is raw from j->from on */
	bool plain;
	bool over; /* "--" came: no more options */
	struct txt word;
};

/* Reads the words behind the command's name, at byte i of the line up to the cursor. */
static void find_spot(struct job *j, const struct command *c, const char *head, size_t i,
		      struct spot *s)
{
	unsigned npos = 0;

	for (;;) {
		const struct param *option = s->option ? s->param : NULL;

		i += strspn(head + i, " \t");
		txt_clear(&s->word);
		j->from = i;
		if (option == NULL)
			s->param = positional(c, npos);
		s->rest = option == NULL && s->param != NULL && param_is_rest(s->param) &&
			  (s->over || head[i] != '-');
		if (s->rest || head[i] == '\0')
			return;
		if (line_word(head, &i, &s->word, &s->plain) < 0 || head[i] == '\0')
			return;
		s->option = false;
		if (option != NULL)
			continue;
		if (s->plain && !s->over && strcmp(txt_str(&s->word), "--") == 0) {
			s->over = true;
		} else if (s->plain && !s->over && s->word.n > 1 && s->word.s[0] == '-') {
			s->param = option_of(c, txt_str(&s->word));
			s->option = s->param != NULL;
		} else {
			npos++;
		}
	}
}

/* The word under way, as the parser would read it. */
static void take_word(struct job *j, const char *head, struct spot *s)
{
	const char *raw = head + j->from;
	size_t n = strlen(raw), slashes = 0;

	if ((raw[0] == '"' || raw[0] == '\'') && strchr(raw + 1, raw[0]) == NULL)
		j->quote = raw[0];
	while (slashes < n && raw[n - 1 - slashes] == '\\')
		slashes++;
	if (slashes % 2 == 1 && j->quote != '\'' &&
	    s->word.n > 0) /* it waits for its second half */
		s->word.n--;
	j->word = txt_str(&s->word);
	j->n = s->word.n;
}

static void complete_arguments(struct job *j, const struct command *c, size_t i)
{
	char *head = xstrndup(j->line, j->cursor);
	struct spot s = { .plain = true };

	txt_init(&s.word);
	find_spot(j, c, head, i, &s);
	if (s.rest && s.param->type == P_LINE) {
		j->from += command_complete(j->line + j->from, j->cursor - j->from, j->where,
					    j->names, j->offer, j->arg);
	} else if (s.rest) {
		if (strcmp(s.param->name, "FILTER") == 0)
			offer_filter(j, j->from);
	} else {
		take_word(j, head, &s);
		if (!s.option && !s.over && s.plain && j->n > 0 && j->word[0] == '-')
			offer_options(j, c);
		else if (s.param != NULL)
			offer_value(j, s.param);
		if (s.param != NULL && !s.option && strcmp(c->name, "columns") == 0)
			offer_names(j, ' ');
	}
	txt_fini(&s.word);
	free(head);
}

size_t command_complete(const char *line, size_t cursor, enum where where,
			const struct names *names, offer_fn *offer, void *arg)
{
	size_t name = strspn(line, " \t"), end = name + strcspn(line + name, " \t");
	struct job j = { .line = line,
			 .from = cursor,
			 .cursor = cursor,
			 .where = where,
			 .names = names,
			 .offer = offer,
			 .arg = arg };
	const struct command *c;

	if (cursor <= end) {
		begin_raw(&j, MIN(name, cursor));
		offer_commands(&j);
		return j.from;
	}
	c = command_find(line + name, end - name);
	if (c != NULL)
		complete_arguments(&j, c, end);
	return j.from;
}
