/* A list that one thread appends to while others read: elements never move, and an element is
 * readable as soon as the count says so. No locks. */
#ifndef TAPE_GROW_H
#define TAPE_GROW_H

#include "base/types.h"

/* Chunk k holds 64 << k elements, so a few pointers reach any size. */
struct grow {
	u8 *chunk[27];
	u32 size; /* bytes of an element */
	u64 n;
};

void grow_init(struct grow *g, size_t element_size);
void grow_fini(struct grow *g);

/* Appends a copy of one element (element_size bytes). One thread at a time. */
void grow_push(struct grow *g, const void *element);

/* How many elements may be read; any thread. */
static inline u64 grow_count(const struct grow *g)
{
	return __atomic_load_n(&g->n, __ATOMIC_ACQUIRE);
}

/* Element i < grow_count(). */
static inline void *grow_at(const struct grow *g, u64 i)
{
	int k = 63 - __builtin_clzll(i + 64) - 6;

	return g->chunk[k] + (i + 64 - ((u64)64 << k)) * g->size;
}

#endif
