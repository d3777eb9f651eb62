/* The file that keeps what was entered: a line an entry, UTF-8, oldest first. */
#ifndef TERM_PROMPT_HISTORY_H
#define TERM_PROMPT_HISTORY_H

#include "base/types.h"

#define HISTORY_MAX 1000 /* entries in memory and, when it is tidied, in the file */

/* Hands every entry of the file to add(), the last HISTORY_MAX of them, oldest first. Nothing where
 * there is no file. A file that grew far beyond that is cut down. */
void history_read(const char *path, void (*add)(void *arg, const char *line, size_t n), void *arg);

/* Adds an entry at the end, at once, so that nothing is lost when the deck is killed. Makes the
 * file (mode 0600) and the folders above it (0700) where they are missing. A disk that cannot be
 * written costs the entry, no more. */
void history_append(const char *path, const char *line, size_t n);

#endif
