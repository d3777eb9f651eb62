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

enum { MOST = 400 }; /* offers of one kind: more than a screen can show */

struct job {
	const char *line;
	size_t from, cursor; /* the word under way */
	enum where where;
	const struct names *names;
	offer_fn *offer;
	void *arg;
};

static bool fits(const struct job *j, const char *word)
{
	return strncmp(word, j->line + j->from, j->cursor - j->from) == 0;
}

static void give(const struct job *j, const char *word, const char *note, char end)
{
	if (fits(j, word))
		j->offer(j->arg, word, note, end);
}

static void offer_commands(const struct job *j)
{
	for (unsigned i = 0; i < command_count(); i++)
		if (command_get(i)->where & j->where)
			give(j, command_get(i)->name, command_get(i)->summary, ' ');
}

static void offer_names(const struct job *j, char end)
{
	size_t n = j->cursor - j->from;
	unsigned i = registry_lower(j->line + j->from, n), given = 0;

	for (; i < registry_nnames() && given < MOST && fits(j, registry_name(i)->name);
	     i++, given++) {
		const struct reg_name *r = registry_name(i);

		j->offer(j->arg, r->name,
			 r->field >= 0 ? field_get((unsigned)r->field)->title
				       : proto_get((unsigned)r->proto)->title,
			 end);
	}
}

static void offer_files(struct job *j)
{
	char *word = xstrndup(j->line + j->from, j->cursor - j->from), *slash = strrchr(word, '/');
	size_t base = slash != NULL ? (size_t)(slash - word) + 1 : 0;
	char *dir = slash != NULL ? xstrndup(word, base) : xstrdup("./");
	DIR *d = opendir(dir);
	struct dirent *ent;
	struct txt t;

	txt_init(&t);
	while (d != NULL && (ent = readdir(d)) != NULL) {
		if (strncmp(ent->d_name, word + base, strlen(word + base)) != 0 ||
		    (ent->d_name[0] == '.' && word[base] != '.'))
			continue;
		txt_clear(&t);
		txt_putn(&t, word, base);
		txt_puts(&t, ent->d_name);
		if (ent->d_type == DT_DIR)
			txt_putc(&t, '/');
		j->offer(j->arg, txt_str(&t), NULL, ent->d_type == DT_DIR ? '\0' : ' ');
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
	j->from = begin + p.from;
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
	case P_FILTER: offer_filter(j, j->from); break;
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
	case P_FLAG:
	case P_STRING:
	case P_COUNT:
	case P_SPAN:
	case P_BPF:
	case P_KEY:
	case P_REST: break;
	}
}

static bool is_positional(const struct param *p)
{
	return p->letter == 0 && isupper((u8)p->name[0]);
}

static void offer_options(const struct job *j, const struct command *c)
{
	char word[64];

	for (unsigned i = 0; i < c->nparams; i++) {
		const struct param *p = &c->params[i];

		if (is_positional(p))
			continue;
		if (p->letter != 0 && j->cursor - j->from < 2) {
			snprintf(word, sizeof word, "-%c", p->letter);
			give(j, word, p->help, ' ');
		} else {
			snprintf(word, sizeof word, "--%s", p->name);
			give(j, word, p->help, ' ');
		}
	}
}

/* The option whose value comes next, judging by the word before; NULL where there is none. */
static const struct param *option_before(const struct job *j, const struct command *c, size_t first)
{
	size_t end = j->from, at;

	while (end > first && isspace((u8)j->line[end - 1]))
		end--;
	for (at = end; at > first && !isspace((u8)j->line[at - 1]); at--)
		;
	for (unsigned i = 0; i < c->nparams && end > at + 1 && j->line[at] == '-'; i++) {
		const struct param *p = &c->params[i];
		size_t n = strlen(p->name);

		if (is_positional(p) || p->type == P_FLAG)
			continue;
		if ((end == at + 2 && j->line[at + 1] == p->letter) ||
		    (end == at + 2 + n && j->line[at + 1] == '-' &&
		     memcmp(j->line + at + 2, p->name, n) == 0))
			return p;
	}
	return NULL;
}

static const struct param *first_positional(const struct command *c)
{
	for (unsigned i = 0; i < c->nparams; i++)
		if (is_positional(&c->params[i]))
			return &c->params[i];
	return NULL;
}

size_t command_complete(const char *line, size_t cursor, enum where where,
			const struct names *names, offer_fn *offer, void *arg)
{
	struct job j = { line, cursor, cursor, where, names, offer, arg };
	size_t name = strspn(line, " \t"), end = name + strcspn(line + name, " \t"), first;
	const struct command *c;
	const struct param *p;

	while (j.from > 0 && !isspace((u8)line[j.from - 1]))
		j.from--;
	if (cursor <= end) {
		j.from = MIN(name, cursor);
		offer_commands(&j);
		return j.from;
	}
	c = command_find(line + name, end - name);
	if (c == NULL)
		return cursor;
	first = end + strspn(line + end, " \t");
	p = first_positional(c);
	if (p != NULL && p->type == P_REST && strcmp(p->name, "FILTER") == 0) {
		offer_filter(&j, MIN(first, cursor));
		return j.from;
	}
	if ((p = option_before(&j, c, first)) != NULL) {
		offer_value(&j, p);
	} else if (line[j.from] == '-' && j.cursor > j.from) {
		offer_options(&j, c);
	} else if ((p = first_positional(c)) != NULL) {
		offer_value(&j, p);
		if (strcmp(c->name, "columns") == 0)
			offer_names(&j, ' ');
	}
	return j.from;
}
