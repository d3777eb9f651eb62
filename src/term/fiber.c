/* A coroutine on ucontext, known to AddressSanitizer where that is built in. */
#include "term/fiber.h"

#include "base/err.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef UNDER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif

struct fiber {
	ucontext_t inside, outside;
	void (*fn)(void *arg);
	void *arg;
	char *map; /* a guard page, then the stack */
	size_t map_size, guard;
#ifdef UNDER_ASAN
	void *fake_inside, *fake_outside;
	const void *outside_stack;
	size_t outside_size;
#endif
};

static void __attribute__((noreturn)) enter(unsigned hi, unsigned lo)
{
	struct fiber *f =
		(struct fiber *)(((uintptr_t)hi << 16 << 16) | lo); /* makecontext passes ints */

#ifdef UNDER_ASAN
	__sanitizer_finish_switch_fiber(NULL, &f->outside_stack, &f->outside_size);
#endif
	f->fn(f->arg);
	abort(); /* it must not return: nothing stands below it */
}

struct fiber *fiber_new(void (*fn)(void *arg), void *arg, size_t stack)
{
	struct fiber *f = xcalloc(1, sizeof *f);
	uintptr_t self = (uintptr_t)f;

	f->fn = fn;
	f->arg = arg;
	f->guard = (size_t)sysconf(_SC_PAGESIZE);
	f->map_size = f->guard + (stack + f->guard - 1) / f->guard * f->guard;
	f->map = mmap(NULL, f->map_size, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (f->map == MAP_FAILED)
		die("out of memory");
	mprotect(f->map, f->guard, PROT_NONE);
	getcontext(&f->inside);
	f->inside.uc_stack.ss_sp = f->map + f->guard;
	f->inside.uc_stack.ss_size = f->map_size - f->guard;
	f->inside.uc_link = NULL;
	makecontext(&f->inside, (void (*)(void))enter, 2, (unsigned)(self >> 16 >> 16),
		    (unsigned)self);
	return f;
}

void fiber_free(struct fiber *f)
{
	if (!f)
		return;
	munmap(f->map, f->map_size);
	free(f);
}

void fiber_resume(struct fiber *f)
{
#ifdef UNDER_ASAN
	__sanitizer_start_switch_fiber(&f->fake_outside, f->map + f->guard, f->map_size - f->guard);
#endif
	swapcontext(&f->outside, &f->inside);
#ifdef UNDER_ASAN
	__sanitizer_finish_switch_fiber(f->fake_outside, NULL, NULL);
#endif
}

void fiber_wait(struct fiber *f)
{
#ifdef UNDER_ASAN
	__sanitizer_start_switch_fiber(&f->fake_inside, f->outside_stack, f->outside_size);
#endif
	swapcontext(&f->inside, &f->outside);
#ifdef UNDER_ASAN
	__sanitizer_finish_switch_fiber(f->fake_inside, &f->outside_stack, &f->outside_size);
#endif
}
