/* The bytes behind a tape, mapped: a file as it is, or what a thread writes from a pipe or a gzip
 * file into an unlinked temporary file. */
#ifndef TAPE_SPOOL_H
#define TAPE_SPOOL_H

#include "base/err.h"
#include "base/types.h"

struct spool;

/* Opens `path` ("-" is standard input) and maps it; where it must be copied, starts the thread. */
struct spool *spool_open(const char *path, struct err *e);

/* An empty one for a live tape, in `fd` (owned from now on), or in a temporary file for -1. */
struct spool *spool_new(int fd, struct err *e);

void spool_close(struct spool *s);

/* The first byte. It stays where it is, however much comes. */
const u8 *spool_base(const struct spool *s);

/* Bytes that are there. */
u64 spool_size(const struct spool *s);

/* True when no more will come; *e then has what went wrong, or an empty text. */
bool spool_ended(struct spool *s, struct err *e);

/* Waits until at least `want` bytes are there, or the end, or spool_stop(). Returns spool_size().
 */
u64 spool_wait(struct spool *s, u64 want);

/* Appends to a live one. -1 with a sentence where the disk is full and so on. */
int spool_write(struct spool *s, const void *p, size_t n, struct err *e);

/* Makes spool_wait() and the copying thread return; any thread. */
void spool_stop(struct spool *s);

/* True where reading from the source never waits for somebody (a file, compressed or not). */
bool spool_is_file(const struct spool *s);

/* True when the file became shorter under our eyes: what was cut off reads as zeros from then on
 * (instead of ending the program by SIGBUS), and must not be believed. */
bool spool_shrunk(const struct spool *s);

/* Takes SIGBUS, which tells of that, again: to be called after somebody else took it. */
void spool_guard(void);

/* Will touch the bytes from `at` on in order: has the next few megabytes mapped. */
void spool_ahead(struct spool *s, u64 at);

#endif
