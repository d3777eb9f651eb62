/* One coroutine: a function with a stack of its own that can wait in the middle. */
#ifndef TERM_FIBER_H
#define TERM_FIBER_H

#include "base/types.h"

#if defined(__SANITIZE_ADDRESS__)
#define UNDER_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define UNDER_ASAN 1
#endif
#endif

struct fiber;

/* Makes it; fn(arg) begins at the first fiber_resume(). It must never return. */
struct fiber *fiber_new(void (*fn)(void *arg), void *arg, size_t stack);
/* Frees the stack. What fn still holds on it is its own affair: let it put things away first. */
void fiber_free(struct fiber *f);

/* Runs it until it calls fiber_wait(). */
void fiber_resume(struct fiber *f);
/* From inside: back to the one who resumed it. */
void fiber_wait(struct fiber *f);

#endif
