/* What fits at the cursor of a command line: commands, options, choices, fields, filters, files,
 * interfaces, marks. */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "cmd/command.h"

/* Takes one offer: a word, a note on it (may be NULL), and what to put behind it where it is the
 * only one (' ' or 0). */
typedef void offer_fn(void *arg, const char *word, const char *note, char end);

/* Where names come from that only a running deck knows; all may be NULL. */
struct names {
	const struct world *world; /* marks, interfaces */
	const char *const *panes;  /* NULL-terminated */
	const char *const *themes;
	const char *const *keys;
};

/* Offers what fits into `line` at byte `cursor` for commands of `where`. Files are looked up on
 * disk. Returns the byte where the word to replace begins. */
size_t command_complete(const char *line, size_t cursor, enum where where,
			const struct names *names, offer_fn *offer, void *arg);

#endif
