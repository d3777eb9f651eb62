/* The table of what keys do: defaults, the user's changes, look-up and help. */
#include "ui/keymap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

void keymap_init(struct keymap *m)
{
	*m = (struct keymap) { 0 };
}

void keymap_fini(struct keymap *m)
{
	for (size_t i = 0; i < m->rows.n; i++)
		free(m->rows.v[i].own);
	VEC_FREE(&m->rows);
}

static struct bound *own_row(const struct keymap *m, const char *context, u32 key)
{
	for (size_t i = 0; i < m->rows.n; i++)
		if (m->rows.v[i].key == key && strcmp(m->rows.v[i].context, context) == 0)
			return &m->rows.v[i];
	return NULL;
}

void keymap_add(struct keymap *m, const char *context, const struct binding *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err e = ERR_INIT;
		u32 key = KEY_NONE;

		if (key_parse(rows[i].key, &key, &e) < 0)
			assert(!"a default binding has a key that does not exist");
		assert(!own_row(m, context, key));
		*VEC_PUSH(&m->rows) = (struct bound) {
			.context = context,
			.key = key,
			.command = rows[i].command,
			.note = rows[i].note,
			.label = rows[i].label ? rows[i].label : rows[i].note,
			.hint = rows[i].hint,
		};
	}
}

/* The map's own spelling of a context, for rows to borrow; NULL where no row has it. */
static const char *known_context(const struct keymap *m, const char *context, struct err *e)
{
	struct txt all;

	if (strcmp(context, KEYS_GLOBAL) == 0)
		return KEYS_GLOBAL;
	for (size_t i = 0; i < m->rows.n; i++)
		if (strcmp(m->rows.v[i].context, context) == 0)
			return m->rows.v[i].context;
	txt_init(&all);
	txt_puts(&all, KEYS_GLOBAL);
	for (size_t i = 0; i < m->rows.n; i++) {
		const char *name = m->rows.v[i].context;
		bool first = strcmp(name, KEYS_GLOBAL) != 0;

		for (size_t k = 0; k < i && first; k++)
			first = strcmp(m->rows.v[k].context, name) != 0;
		if (first)
			txt_printf(&all, ", %s", name);
	}
	err_set(e, "keys belong to a pane or to %s, and \"%s\" is none: there are %s", KEYS_GLOBAL,
		context, txt_str(&all));
	txt_fini(&all);
	return NULL;
}

int keymap_bind(struct keymap *m, const char *context, const char *key, const char *command,
		struct err *e)
{
	const char *known = known_context(m, context, e);
	struct bound *row;
	u32 code;

	if (!known || key_parse(key, &code, e) < 0)
		return -1;
	if (command[strspn(command, " ")] == '\0')
		return err_set(
			e, "bind needs a command line behind the key; unbind takes a binding away");
	row = own_row(m, known, code);
	if (!row)
		row = VEC_PUSH(&m->rows);
	else
		free(row->own);
	*row = (struct bound) { .context = known, .key = code, .own = xstrdup(command) };
	row->command = row->note = row->label = row->own;
	return 0;
}

int keymap_unbind(struct keymap *m, const char *context, const char *key, struct err *e)
{
	const char *known = known_context(m, context, e);
	struct bound *row;
	u32 code;

	if (!known || key_parse(key, &code, e) < 0)
		return -1;
	row = own_row(m, known, code);
	if (!row)
		return err_set(e, "%s has no binding in %s", key, context);
	free(row->own);
	VEC_REMOVE(&m->rows, (size_t)(row - m->rows.v));
	return 0;
}

const struct bound *keymap_find(const struct keymap *m, const char *context, u32 key)
{
	const struct bound *row = own_row(m, context, key);

	return row ? row : own_row(m, KEYS_GLOBAL, key);
}

/* Place i < rows.n walks the context's own rows, then the same again the global ones. */
const struct bound *keymap_next(const struct keymap *m, const char *context, size_t *at)
{
	bool only_global = strcmp(context, KEYS_GLOBAL) == 0;

	while (*at < 2 * m->rows.n) {
		size_t i = (*at)++;
		const struct bound *row = &m->rows.v[i % m->rows.n];

		if (i < m->rows.n) {
			if (strcmp(row->context, context) == 0)
				return row;
		} else if (!only_global && strcmp(row->context, KEYS_GLOBAL) == 0 &&
			   !own_row(m, context, row->key)) {
			return row;
		}
	}
	return NULL;
}

bool keymap_key_of(const struct keymap *m, const char *context, const char *command,
		   struct txt *out)
{
	const struct bound *row;
	size_t at = 0;

	while ((row = keymap_next(m, context, &at)))
		if (strcmp(row->command, command) == 0) {
			key_write(row->key, out);
			return true;
		}
	return false;
}

size_t keymap_hints(const struct keymap *m, const char *context, const struct bound **out,
		    size_t max)
{
	const struct bound *row;
	size_t n = 0, at = 0;

	while ((row = keymap_next(m, context, &at))) {
		bool global =
			strcmp(row->context, KEYS_GLOBAL) == 0 && strcmp(context, KEYS_GLOBAL) != 0;
		size_t i = n;

		if (row->hint == 0)
			continue;
		/* Insertion by (own before global, hint); what comes later goes behind its equals.
		 */
		while (i > 0) {
			bool g = strcmp(out[i - 1]->context, KEYS_GLOBAL) == 0 &&
				 strcmp(context, KEYS_GLOBAL) != 0;

			if (g < global || (g == global && out[i - 1]->hint <= row->hint))
				break;
			i--;
		}
		if (i >= max)
			continue;
		if (n < max)
			n++;
		memmove(&out[i + 1], &out[i], (n - 1 - i) * sizeof out[0]);
		out[i] = row;
	}
	return n;
}

void keymap_help(const struct keymap *m, const char *context, struct txt *out)
{
	const struct bound *row;
	const char *head = NULL;
	size_t at = 0;

	while ((row = keymap_next(m, context, &at))) {
		size_t line;

		if (!head || strcmp(head, row->context) != 0) {
			if (head)
				txt_putc(out, '\n');
			head = row->context;
			txt_printf(out, "%s\n",
				   strcmp(head, KEYS_GLOBAL) == 0 ? "everywhere" : head);
		}
		line = out->n;
		txt_puts(out, "  ");
		key_write(row->key, out);
		txt_pad(out, line, 12);
		txt_puts(out, "  ");
		txt_puts(out, row->note);
		if (row->own)
			txt_puts(out, "  (yours)");
		txt_putc(out, '\n');
	}
}
