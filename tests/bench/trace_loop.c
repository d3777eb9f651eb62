/*
 * trace_loop FILE: opens a capture as the deck does, waits until all of it is there, and asks for
 *the state of a connection at packets of it. Prints in milliseconds median, 99 % and worst leap
 *at any packet, nothing looked at before back	a packet before the last one asked for
 *	on	a packet behind it
 * and	kept BYTES	a packet, for this
 */
#include "bench.h"

#include "base/err.h"
#include "base/rand.h"
#include "packet/registry.h"
#include "tape/world.h"

enum { LEAPS = 1000, STEPS = 20000 };

static double took[STEPS];

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void tell(const char *what, unsigned n)
{
	qsort(took, n, sizeof *took, by_size);
	printf("%s %.4f %.4f %.4f\n", what, took[n / 2] / 1e6, took[n - 1 - n / 100] / 1e6,
	       took[n - 1] / 1e6);
}

static double ask(struct retrace *r, u64 n)
{
	double t = bench_now();

	retrace_conn(r, n);
	retrace_seen(r, n);
	return bench_now() - t;
}

int main(int argc, char **argv)
{
	struct err e = ERR_INIT;
	struct retrace *r;
	struct world w;
	struct rnd rnd;
	u64 n, at;

	if (argc != 2)
		die("usage: trace_loop FILE");
	registry_init();
	world_init(&w);
	rnd_init(&rnd, 1);
	if (world_open(&w, argv[1], &e) < 0)
		die("%s", e.text);
	n = tape_wait(w.tape, UINT64_MAX, -1);
	while (tape_passed(w.tape) < n)
		bench_sleep(200);
	for (unsigned i = 0; i < LEAPS; i++) {
		r = retrace_new(w.tape, w.flow, w.trace);
		took[i] = ask(r, rnd_below(&rnd, n));
		retrace_free(r);
	}
	tell("leap", LEAPS);
	r = retrace_new(w.tape, w.flow, w.trace);
	at = n / 2;
	for (unsigned i = 0; i < STEPS && at > 0; i++)
		took[i] = ask(r, at--);
	tell("back", STEPS);
	for (unsigned i = 0; i < STEPS && at + 1 < n; i++)
		took[i] = ask(r, at++);
	tell("on", STEPS);
	printf("kept %.2f\n", (double)trace_size(w.trace) / (double)n);
	retrace_free(r);
	world_fini(&w);
	return 0;
}
