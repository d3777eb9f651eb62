/* One sentence about what went wrong, made where it is known and shown where the caller decides. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/types.h"

struct err {
	char text[400]; /* UTF-8, no newline, no final full stop needed; "" when nothing is wrong */
	int at; /* place in the input that it speaks of (byte offset), -1 where there is none */
};

/* Nothing wrong yet. */
#define ERR_INIT                     \
	{                            \
		.text = "", .at = -1 \
	}

/* Sets the sentence; always returns -1, so that a function can `return err_set(e, …)`. e may be
 * NULL. */
int err_set(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* The same, with the byte offset `at` in the text that the sentence speaks of. */
int err_set_at(struct err *e, int at, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Puts "prefix: " before the sentence that is there. Returns -1. */
int err_prefix(struct err *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Prints "tapdeck: sentence" to stderr and exits with status 2. Only for "cannot start" (main, out
 * of memory); the terminal must have been restored already. */
void die(const char *fmt, ...) PRINTF_LIKE(1, 2) __attribute__((noreturn));

/* malloc and friends that never return NULL: out of memory ends the program with one sentence. */
void *xmalloc(size_t n);
void *xcalloc(size_t n, size_t size);
void *xrealloc(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);

#endif
