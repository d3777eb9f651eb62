/* Memory that is given back all at once. */
#include "base/arena.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
	struct arena_block *older;
	size_t size;
	u64 data[];
};

enum { BLOCK = 4096 };

void arena_init(struct arena *a)
{
	*a = (struct arena) { 0 };
}

void arena_fini(struct arena *a)
{
	while (a->first != NULL) {
		struct arena_block *b = a->first;

		a->first = b->older;
		free(b);
	}
	*a = (struct arena) { 0 };
}

void arena_reset(struct arena *a)
{
	struct arena_block *b = a->first;

	if (b == NULL)
		return;
	while (b->older != NULL) {
		struct arena_block *o = b->older;

		b->older = o->older;
		free(o);
	}
	a->at = (u8 *)b->data;
	a->end = a->at + b->size;
}

static void new_block(struct arena *a, size_t n)
{
	size_t size = a->first == NULL ? BLOCK : MIN(a->first->size * 2, (size_t)1 << 20);
	struct arena_block *b;

	if (size < n)
		size = n;
	b = xmalloc(sizeof *b + size);
	b->older = a->first;
	b->size = size;
	a->first = b;
	a->at = (u8 *)b->data;
	a->end = a->at + size;
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p;

	n = (n + 7) & ~(size_t)7;
	if ((size_t)(a->end - a->at) < n)
		new_block(a, n);
	p = a->at;
	a->at += n;
	return p;
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1);

	if (n > 0) /* memcpy from NULL is undefined even for none */
		memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char *p;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	p = arena_alloc(a, (size_t)MAX(n, 0) + 1);
	vsnprintf(p, (size_t)MAX(n, 0) + 1, fmt, again);
	va_end(again);
	return p;
}
