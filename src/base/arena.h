/* Memory that is given back all at once: one per packet decode, per filter, per draw. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/types.h"

struct arena_block;
struct arena {
	struct arena_block *first; /* newest block, linked to older ones */
	u8 *at, *end;		   /* the free part of the newest block */
};

void arena_init(struct arena *a);
void arena_fini(struct arena *a);

/* Gives everything back; keeps one block for next time. */
void arena_reset(struct arena *a);

/* n bytes aligned to 8, not initialized. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);

/* A copy of n bytes with a NUL behind them. */
char *arena_strndup(struct arena *a, const char *s, size_t n);

/* Text made by printf. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

#endif
