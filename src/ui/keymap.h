/* What keys do: rows of {key, command line, note}, from which dispatch, help and rebinding all
 * come. */
#ifndef UI_KEYMAP_H
#define UI_KEYMAP_H

#include "base/err.h"
#include "base/types.h"
#include "base/vec.h"
#include "ui/key.h"

#define KEYS_GLOBAL "global" /* the context that every pane falls back on */

/* One default binding, in a const table. `command` is a command line as at the prompt; "act VERB"
 * is an action of the pane that has the keys (pane.h). */
struct binding {
	const char *key;     /* as for key_parse() */
	const char *command; /* static text */
	const char *note;    /* what it does, for help: an imperative, no full stop */
	int hint;	     /* place in the status line's short list, 1 first; 0: only in help */
	const char *label;   /* the word for the status line; NULL: the note */
};

/* One binding in force. */
struct bound {
	const char *context; /* KEYS_GLOBAL or a pane's name; borrowed, static */
	u32 key;
	const char *command, *note, *label;
	int hint;
	char *own; /* command text that the user gave, freed with the map; NULL for defaults */
};

struct keymap {
	VEC(struct bound) rows; /* in table order: the order of help */
};

void keymap_init(struct keymap *m);
void keymap_fini(struct keymap *m);

/* Adds a table of defaults for a context (static text). A wrong key name or a key that stands twice
 * in the same context is a bug (assert). */
void keymap_add(struct keymap *m, const char *context, const struct binding *rows, size_t n);

/* Binds a key to a command line in a context that has rows already (or KEYS_GLOBAL), replacing what
 * was there. */
int keymap_bind(struct keymap *m, const char *context, const char *key, const char *command,
		struct err *e);
/* Takes a binding away. -1 where there is none. */
int keymap_unbind(struct keymap *m, const char *context, const char *key, struct err *e);

/* What a key does in a context: its own row, else the global one, else NULL. Valid until the map
 * changes. */
const struct bound *keymap_find(const struct keymap *m, const char *context, u32 key);

/* Appends the name of the first key that runs `command` in a context; false where none does. */
bool keymap_key_of(const struct keymap *m, const char *context, const char *command,
		   struct txt *out);

/* The rows that hold in a context (its own, then the global ones that it does not cover), for help.
 * `*at` is the caller's place, 0 to begin; NULL at the end. */
const struct bound *keymap_next(const struct keymap *m, const char *context, size_t *at);

/* Up to `max` rows with a hint for the status line, best first: those of the context before the
 * global ones. */
size_t keymap_hints(const struct keymap *m, const char *context, const struct bound **out,
		    size_t max);

/* Help as text, one line a row ("  C-r      follow stream"), keys aligned. */
void keymap_help(const struct keymap *m, const char *context, struct txt *out);

#endif
