/* Where a capture's bytes come from, in order: a file, a pipe, standard input or memory, through
 * gzip where the first bytes say so. */
#ifndef TAPE_SOURCE_H
#define TAPE_SOURCE_H

#include "base/err.h"
#include "base/types.h"

#include <sys/types.h>

struct source;

/* Opens `path`, "-" for standard input. NULL with a sentence (with the path in it) where it cannot
 * be opened, is a directory and so on. Reads nothing yet. */
struct source *source_open(const char *path, struct err *e);

/* n bytes of memory, borrowed until source_free(). */
struct source *source_mem(const u8 *p, size_t n);

void source_free(struct source *s);

/* Up to n of the next bytes, as soon as there are any. 0 at the end; -1 with a sentence on an
 * error, after everything readable was given. A gzip stream is inflated by a thread of its own. */
ssize_t source_read(struct source *s, u8 *buf, size_t n, struct err *e);

/* Makes a read that waits, and every later one, return 0. From any thread. */
void source_stop(struct source *s);

/* The descriptor of a regular file that is not compressed, for mapping; -1 for all others. Reads
 * the first bytes to know. */
int source_plain_fd(struct source *s);

/* True for a regular file (compressed or not): reading it never waits for somebody. */
bool source_is_regular(const struct source *s);

#endif
