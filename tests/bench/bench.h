/* What the benchmarks share: clocks, this process's memory, and sorted times. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include "base/types.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Nanoseconds of CLOCK_MONOTONIC, or of the CPU time that this thread has used. */
static inline double bench_clock(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static inline double bench_now(void)
{
	return bench_clock(CLOCK_MONOTONIC);
}

static inline void bench_sleep(long us)
{
	nanosleep(&(struct timespec) { us / 1000000, us % 1000000 * 1000 }, NULL);
}

/* Anonymous memory of this process in bytes: the pages of mapped files do not count. */
static inline u64 bench_anonymous(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[256];
	u64 kb = 0;

	while (f != NULL && fgets(line, sizeof line, f) != NULL)
		if (strncmp(line, "RssAnon:", 8) == 0)
			kb = strtoull(line + 8, NULL, 10);
	if (f != NULL)
		fclose(f);
	return kb << 10;
}

static inline int bench_by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Sorts n times in ns and prints "NAME median P99 worst" in milliseconds. */
static inline void bench_print_ms(FILE *out, const char *name, double *v, size_t n)
{
	qsort(v, n, sizeof *v, bench_by_size);
	fprintf(out, "%s %.3f %.3f %.3f\n", name, v[n / 2] / 1e6, v[n * 99 / 100] / 1e6, v[n - 1] / 1e6);
}

#endif
