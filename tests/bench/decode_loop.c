/*
 * decode_loop WHAT FILE [RUNS [FILTER]]: where a packet's time goes, in one thread and without
 * output. Prints "WHAT ns" of CPU time a packet in the fastest run, for each WHAT of a list with
 * commas:
 *	read	the streaming reader alone; all others have it in them
 *	facts	decoded with nothing wanted
 *	flow	that, and its conversation
 *	track	that, and its connection tracked
 *	fields	decoded for ip.src, ip.dst, tcp.flags, and its conversation
 *	info	decoded for the list line
 *	filter	decoded for FILTER, and asked
 *	all	decoded for the tree
 */
#include "bench.h"

#include "base/err.h"
#include "filter/filter.h"
#include "flow/flow.h"
#include "packet/registry.h"
#include "tape/reader.h"

struct work {
	struct plan plan;
	struct pkt k;
	struct flow *flow;
	struct filter *filter;
	bool decode;
};

static void want(struct plan *p, const char *name)
{
	int f = field_find(name, strlen(name));

	if (f < 0)
		die("there is no field %s", name);
	plan_want(p, (unsigned)f);
}

static void prepare(struct work *w, const char *what, const char *filter)
{
	struct err e = ERR_INIT;

	plan_init(&w->plan);
	pkt_init(&w->k);
	w->decode = strcmp(what, "read") != 0;
	if (strcmp(what, "read") == 0 || strcmp(what, "facts") == 0)
		return;
	w->flow = flow_new(1 << 18);
	w->plan.flow = flow_see;
	w->plan.flow_arg = w->flow;
	if (strcmp(what, "fields") == 0) {
		want(&w->plan, "ip.src");
		want(&w->plan, "ip.dst");
		want(&w->plan, "tcp.flags");
	} else if (strcmp(what, "info") == 0) {
		plan_want_info(&w->plan);
	} else if (strcmp(what, "all") == 0) {
		plan_want_all(&w->plan);
	} else if (strcmp(what, "filter") == 0) {
		if (filter_compile(filter, strlen(filter), &w->filter, &e) < 0)
			die("%s", e.text);
		filter_want(w->filter, &w->plan);
	} else if (strcmp(what, "track") == 0) {
		flow_track(w->flow, FLOW_ANALYSIS);
	} else if (strcmp(what, "flow") != 0) {
		die("decode_loop knows no '%s'", what);
	}
}

static double run(const char *what, const char *path, const char *filter, u64 *hits)
{
	struct err e = ERR_INIT;
	struct work w = { 0 };
	struct reader *r;
	struct frame f;
	u64 n = 0;
	double t;

	prepare(&w, what, filter);
	t = bench_clock(CLOCK_THREAD_CPUTIME_ID);
	r = reader_open(path, &e);
	if (r == NULL)
		die("%s", e.text);
	while (reader_next(r, &f, &e) == 1) {
		n++;
		if (!w.decode)
			continue;
		if (w.flow != NULL)
			flow_begin(w.flow);
		pkt_decode(&w.k, &f, &w.plan);
		if (w.filter != NULL)
			*hits += filter_match(w.filter, &w.k);
	}
	t = bench_clock(CLOCK_THREAD_CPUTIME_ID) - t;
	reader_close(r);
	plan_fini(&w.plan);
	pkt_fini(&w.k);
	flow_free(w.flow);
	filter_free(w.filter);
	return n > 0 ? t / (double)n : 0;
}

int main(int argc, char **argv)
{
	long runs = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
	const char *filter = argc > 4 ? argv[4] : "tcp.flags.syn == 1 && tcp.dstport == 1";
	u64 hits = 0;

	if (argc < 3)
		die("usage: decode_loop WHAT[,WHAT]... FILE [RUNS [FILTER]]");
	registry_init();
	for (char *s = strtok(argv[1], ","); s != NULL; s = strtok(NULL, ",")) {
		double best = 1e300, t;

		for (long i = 0; i < runs; i++)
			t = run(s, argv[2], filter, &hits), best = MIN(best, t);
		printf("%s %.1f\n", s, best);
	}
	return 0;
}
