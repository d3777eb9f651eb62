/* A growing array of anything: VEC(struct foo) list = {0}; *VEC_PUSH(&list) = (struct foo){…};
 * VEC_FREE(&list). */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/err.h"
#include "base/types.h"

#include <stdlib.h>
#include <string.h>

#define VEC(type)           \
	struct {            \
		type *v;    \
		size_t n;   \
		size_t cap; \
	}

/* Makes room for at least `want` elements in all. */
#define VEC_RESERVE(vec, want)                                                        \
	do {                                                                          \
		if ((vec)->cap < (want)) {                                            \
			size_t c_ = (vec)->cap + (vec)->cap / 2;                      \
			(vec)->cap = MAX(MAX(c_, (size_t)(want)), 8);                 \
			(vec)->v = xrealloc((vec)->v, (vec)->cap * sizeof *(vec)->v); \
		}                                                                     \
	} while (0)

/* One more element, not initialized; gives its address, which holds until the next push. */
#define VEC_PUSH(vec)                           \
	({                                      \
		VEC_RESERVE(vec, (vec)->n + 1); \
		&(vec)->v[(vec)->n++];          \
	})

/* Takes element i out, keeping the order of the rest. */
#define VEC_REMOVE(vec, i)                                                                         \
	do {                                                                                       \
		size_t i_ = (i);                                                                   \
		memmove(&(vec)->v[i_], &(vec)->v[i_ + 1], ((vec)->n - i_ - 1) * sizeof *(vec)->v); \
		(vec)->n--;                                                                        \
	} while (0)

#define VEC_FREE(vec)            \
	do {                     \
		free((vec)->v);  \
		(vec)->v = NULL; \
		(vec)->n = 0;    \
		(vec)->cap = 0;  \
	} while (0)

#endif
