/*
 * world_loop FILE [FILTER]...: opens a capture as the deck does and works it out completely. Prints
 *	open NS BYTES CONVERSATIONS	ns a packet until the whole index is there and every packet has
 *					its conversation; anonymous memory a packet then
 *	track BYTES CONNECTIONS KEPT	of that, trackers of connections, and what is kept to find their
 *					states again; bytes in all
 *	match NS HITS FILTER		ns a packet until the threads have tested every packet
 */
#include "bench.h"

#include "base/err.h"
#include "packet/registry.h"
#include "tape/tests.h"
#include "tape/world.h"

static void open_all(struct world *w, const char *path)
{
	u64 before = bench_anonymous();
	double t = bench_now();
	struct err e = ERR_INIT;
	u64 n, size;
	u32 conns;

	if (world_open(w, path, &e) < 0)
		die("%s", e.text);
	n = tape_wait(w->tape, UINT64_MAX, -1);
	while (tape_passed(w->tape) < n)
		bench_sleep(200);
	t = bench_now() - t;
	world_update(w, 0);
	printf("open %.1f %.1f %u\n", t / (double)n, (double)(bench_anonymous() - before) / (double)n,
	       flow_count(w->flow));
	size = flow_tracked(w->flow, &conns);
	printf("track %llu %u %llu\n", (unsigned long long)size, conns,
	       (unsigned long long)trace_size(w->trace));
}

static void match_all(struct world *w, const char *filter)
{
	double t = bench_now();
	struct err e = ERR_INIT;
	struct test test;
	struct match *m;

	if (test_from_filter(filter, &test, &e) < 0)
		die("%s", e.text);
	m = match_new(w->tape, w->flow, test, 0);
	while (!match_done(m))
		bench_sleep(200);
	t = bench_now() - t;
	printf("match %.1f %llu %s\n", t / (double)w->count, (unsigned long long)match_count(m),
	       filter);
	match_free(m);
}

int main(int argc, char **argv)
{
	struct world w;

	if (argc < 2)
		die("usage: world_loop FILE [FILTER]...");
	registry_init();
	world_init(&w);
	open_all(&w, argv[1]);
	for (int i = 2; i < argc; i++)
		match_all(&w, argv[i]);
	world_fini(&w);
	return 0;
}
