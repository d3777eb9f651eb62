/* A list that grows in place, for one writer and many readers. */
#include "tape/grow.h"

#include "base/err.h"

#include <stdlib.h>
#include <string.h>

void grow_init(struct grow *g, size_t element_size)
{
	memset(g, 0, sizeof *g);
	g->size = (u32)element_size;
}

void grow_fini(struct grow *g)
{
	size_t k;

	for (k = 0; k < ARRAY_LEN(g->chunk); k++)
		free(g->chunk[k]);
	memset(g, 0, sizeof *g);
}

void grow_push(struct grow *g, const void *element)
{
	int k = 63 - __builtin_clzll(g->n + 64) - 6;

	if (g->chunk[k] == NULL)
		g->chunk[k] = xmalloc(((size_t)64 << k) * g->size);
	memcpy(grow_at(g, g->n), element, g->size);
	__atomic_store_n(&g->n, g->n + 1, __ATOMIC_RELEASE);
}
