/*
 * tape_loop read|index|graph FILE [RUNS]: times the tape as pcap_loop times libpcap; the fastest of
 * RUNS counts. read: the streaming reader from front to end, "packets bytes ns_per_packet". index:
 * opening and indexing the whole file, the same and more. graph: 200 columns of rates, the peak
 * over the same span, and a jump, at random playheads.
 */
#include "bench.h"

#include "base/rand.h"
#include "tape/reader.h"
#include "tape/tape.h"

enum { COLUMNS = 200, GRAPHS = 400 };

static double run_read(const char *path, u64 *packets, u64 *bytes)
{
	struct err e = ERR_INIT;
	double t = bench_now();
	struct reader *r = reader_open(path, &e);
	struct frame f;
	int ret;

	if (r == NULL)
		die("%s", e.text);
	*packets = *bytes = 0;
	while ((ret = reader_next(r, &f, &e)) == 1) {
		++*packets;
		*bytes += f.caplen;
	}
	if (ret < 0)
		die("%s", e.text);
	reader_close(r);
	return bench_now() - t;
}

static struct tape *open_tape(const char *path)
{
	struct err e = ERR_INIT;
	struct tape *t = tape_open(path, &e);

	if (t == NULL)
		die("%s", e.text);
	return t;
}

static double run_index(const char *path, u64 *packets, u64 *bytes, double *first, double *rss)
{
	u64 before = bench_anonymous();
	double start = bench_now(), end;
	struct tape *t = open_tape(path);
	u64 all;

	tape_wait(t, 60, -1);
	*first = (bench_now() - start) / 1e6;
	tape_wait(t, UINT64_MAX, -1);
	end = bench_now();
	if (tape_error(t) != NULL)
		die("%s", tape_error(t));
	*packets = tape_count(t);
	tape_progress(t, bytes, &all);
	for (all = 0; all < *packets; all++) /* the flow pass fills its half */
		tape_set_conv(t, all, 1, TAPE_NONE);
	*rss = (double)(bench_anonymous() - before) / (double)*packets;
	tape_close(t);
	return end - start;
}

static void print_times(const char *what, double *v)
{
	qsort(v, GRAPHS, sizeof *v, bench_by_size);
	printf("%s: median %.1f us, 99 %% under %.1f us, worst %.1f us\n", what,
	       v[GRAPHS / 2] / 1e3, v[GRAPHS * 99 / 100] / 1e3, v[GRAPHS - 1] / 1e3);
}

static void run_graph(const char *path)
{
	static double graph[GRAPHS], peak[GRAPHS], jump[GRAPHS];
	struct tape *t = open_tape(path);
	u64 count = tape_wait(t, UINT64_MAX, -1), out[COLUMNS], n, check = 0;
	struct rnd r = { 1 };
	ns_t first, last, span, ts;
	struct frame f;
	int i;

	first = tape_clock(t, 0);
	last = tape_clock(t, count - 1);
	for (i = 0; i < GRAPHS; i++) {
		n = rnd_below(&r, count);
		span = (last - first) >> (i % 12); /* from the whole tape to a small part of it */
		ts = tape_clock(t, n);
		graph[i] = bench_now();
		tape_rate_bins(t, 0, TAPE_DIR_ANY, ts - span, MAX(span / COLUMNS, 1), COLUMNS,
			       n + 1, out);
		graph[i] = bench_now() - graph[i];
		peak[i] = bench_now();
		check += tape_peak_10ms(t, 0, TAPE_DIR_ANY, ts - span, ts, n + 1);
		peak[i] = bench_now() - peak[i];
		ts = first + (ns_t)rnd_below(&r, (u64)(last - first));
		jump[i] = bench_now();
		tape_frame(t, tape_find_time(t, ts) - 1, &f);
		check += f.data[0];
		jump[i] = bench_now() - jump[i];
		check += out[0];
	}
	print_times("graph of 200 columns", graph);
	print_times("peak", peak);
	print_times("jump", jump);
	printf("(checked %llu)\n", (unsigned long long)check);
	tape_close(t);
}

int main(int argc, char **argv)
{
	long runs = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
	double best = 1e300, first = 0, rss = 0, t;
	u64 packets = 0, bytes = 0;
	bool index = argc > 2 && strcmp(argv[1], "index") == 0;

	if (argc > 2 && strcmp(argv[1], "graph") == 0) {
		run_graph(argv[2]);
		return 0;
	}
	if (argc < 3 || (!index && strcmp(argv[1], "read") != 0))
		die("usage: tape_loop read|index|graph FILE [RUNS]");
	while (runs-- > 0) {
		t = index ? run_index(argv[2], &packets, &bytes, &first, &rss)
			  : run_read(argv[2], &packets, &bytes);
		best = MIN(best, t);
	}
	printf("%llu %llu %.1f", (unsigned long long)packets, (unsigned long long)bytes,
	       packets ? best / (double)packets : 0.0);
	if (index)
		printf(" first %.2f ms, %.1f bytes a packet", first, rss);
	putchar('\n');
	return 0;
}
