/* cong_compare [-v] [-a reno|cubic] {CAPTURE TRUTH}...: what the tracker infers from captures
 * against what the kernel said (cong_run). Prints one line for all of them together: seconds
 * compared; how often the kernel changed its phase; percent of the time in which the phase is
 * right; the error of cwnd in percent, median over the time and what it stays below for nine tenths
 * of it; medians of that of ssthresh (where both know one), of what is in flight, SRTT, RTO; the
 * worst confusion; where the captures were taken. -v: both, line by line. -a: what the tracker is
 * told beforehand. */
#include "base/vec.h"
#include "flow/flow.h"
#include "flow/tcp_cong.h"
#include "flow/tcp_point.h"
#include "tape/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct state {
	ns_t ts;
	u8 phase;
	u32 cwnd, ssthresh, flight; /* segments */
	double srtt, rto;	    /* ms */
};

typedef VEC(struct state) states;

/* One value with the time for which it held. */
struct weighed {
	double error, time;
};

static bool verbose;

struct feed {
	struct tcp_cong cong;
	struct tcp_point point;
	struct flow *flow;
	struct pkt pkt;
	struct flow_view view;
	states got;
};

static void see(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct feed *f = arg;
	struct tcp_cong_out o;
	struct segment s;
	u32 mss;

	flow_see(f->flow, k, out);
	if (k->facts.l4 != 6)
		return;
	segment_of(&s, k, out->reversed);
	tcp_cong_see(&f->cong, &s, &o);
	if (tcp_point_see(&f->point, &s))
		tcp_cong_point(&f->cong, tcp_point_lag(&f->point, 0));
	mss = tcp_cong_mss(&f->cong);
	*VEC_PUSH(&f->got) = (struct state) {
		.ts = s.ts,
		.phase = o.phase,
		.cwnd = o.cwnd == TCP_CONG_UNKNOWN ? 0 : o.cwnd / mss,
		.ssthresh = o.ssthresh == TCP_CONG_UNKNOWN ? 0 : o.ssthresh / mss,
		.flight = o.flight / mss,
		.srtt = o.srtt == NS_NONE ? 0 : (double)o.srtt / 1e6,
		.rto = (double)o.rto_linux / 1e6,
	};
	if (verbose && o.why != 0)
		printf("# %.6f packet %u, caused by %u: %s, %s\n", (double)s.ts / 1e9, s.number,
		       o.cause, tcp_phase_name(o.phase), tcp_phase_why_name(o.why));
}

static void infer(struct feed *f, const char *path, int algorithm)
{
	struct err e = ERR_INIT;
	struct reader *r = reader_open(path, &e);
	struct plan plan;
	struct frame frame;
	int ret;

	if (r == NULL)
		die("%s", e.text);
	tcp_cong_init(&f->cong, 0);
	tcp_point_init(&f->point);
	if (algorithm >= 0)
		tcp_cong_algorithm(&f->cong, (enum tcp_algorithm)algorithm);
	f->flow = flow_new(1024);
	pkt_init(&f->pkt);
	plan_init(&plan);
	plan.flow = see;
	plan.flow_arg = f;
	while ((ret = reader_next(r, &frame, &e)) == 1)
		pkt_decode(&f->pkt, &frame, &plan);
	if (ret < 0)
		die("%s", e.text);
	plan_fini(&plan);
	pkt_fini(&f->pkt);
	flow_free(f->flow);
	reader_close(r);
}

static void read_truth(states *t, const char *path)
{
	FILE *f = fopen(path, "r");
	long long ts;
	unsigned ca, cwnd, ssthresh, rtt, rttvar, rto, flight;

	if (f == NULL)
		die("%s cannot be read", path);
	while (fscanf(f, "%lld %u %u %u %u %u %u %u", &ts, &ca, &cwnd, &ssthresh, &rtt, &rttvar,
		      &rto, &flight) == 8) {
		u8 phase = ca == 4	     ? TCP_PHASE_LOSS
			   : ca == 3	     ? TCP_PHASE_RECOVERY
			   : cwnd < ssthresh ? TCP_PHASE_SLOW_START
					     : TCP_PHASE_AVOIDANCE;

		*VEC_PUSH(t) = (struct state) { .ts = ts,
						.phase = phase,
						.cwnd = cwnd,
						.ssthresh = ssthresh >= 0x7fffffff ? 0 : ssthresh,
						.flight = flight,
						.srtt = rtt / 1e3,
						.rto = rto / 1e3 };
	}
	fclose(f);
}

static int by_error(const void *a, const void *b)
{
	double x = ((const struct weighed *)a)->error, y = ((const struct weighed *)b)->error;

	return x < y ? -1 : x > y;
}

typedef VEC(struct weighed) errors;

static void weigh(errors *e, double got, double true_value, double time)
{
	*VEC_PUSH(e) = (struct weighed) { fabs(got - true_value) / true_value * 100, time };
}

/* What `share` of the time stays below. */
static double quantile(errors *e, double share)
{
	double sum = 0, so_far = 0;

	if (e->n == 0)
		return 0;
	qsort(e->v, e->n, sizeof *e->v, by_error);
	for (size_t i = 0; i < e->n; i++)
		sum += e->v[i].time;
	for (size_t i = 0; i < e->n; i++)
		if ((so_far += e->v[i].time) >= sum * share)
			return e->v[i].error;
	return e->v[e->n - 1].error;
}

struct verdict {
	double time, right;
	u32 changes;
	u32 places;					   /* bit per enum tcp_where */
	double confused[TCP_PHASE_COUNT][TCP_PHASE_COUNT]; /* true, inferred */
	errors cwnd, ssthresh, flight, srtt, rto;
};

static void span(struct verdict *v, const struct state *t, const struct state *g, double d)
{
	v->time += d;
	v->confused[t->phase][g->phase] += d;
	if (t->phase == g->phase)
		v->right += d;
	if (t->cwnd > 0)
		weigh(&v->cwnd, g->cwnd, t->cwnd, d);
	if (t->flight > 0)
		weigh(&v->flight, g->flight, t->flight, d);
	if (t->ssthresh > 0 && g->ssthresh > 0)
		weigh(&v->ssthresh, g->ssthresh, t->ssthresh, d);
	if (t->srtt > 0 && g->srtt > 0)
		weigh(&v->srtt, g->srtt, t->srtt, d);
	if (t->rto > 0 && g->srtt > 0)
		weigh(&v->rto, g->rto, t->rto, d);
	if (verbose)
		printf("%.6f %.6f %s %u %u %u %.3f | %s %u %u %u %.3f\n", (double)t->ts / 1e9, d,
		       tcp_phase_name(t->phase), t->cwnd, t->ssthresh, t->flight, t->srtt,
		       tcp_phase_name(g->phase), g->cwnd, g->ssthresh, g->flight, g->srtt);
}

/* Both are true from their time to their next; compares while both hold. */
static void compare(struct verdict *v, const states *truth, const states *got)
{
	size_t i = 0, j = 0;
	ns_t at;

	if (truth->n < 2 || got->n < 2)
		die("nothing to compare");
	at = MAX(truth->v[0].ts, got->v[0].ts);
	while (i + 1 < truth->n && j + 1 < got->n) {
		ns_t next = MIN(truth->v[i + 1].ts, got->v[j + 1].ts);

		if (next > at) {
			span(v, &truth->v[i], &got->v[j], (double)(next - at) / 1e9);
			at = next;
		}
		if (truth->v[i + 1].ts <= next)
			i++;
		else
			j++;
	}
}

static u32 changes(const states *s)
{
	u32 n = 0;

	for (size_t i = 1; i < s->n; i++)
		n += s->v[i].phase != s->v[i - 1].phase;
	return n;
}

static void add(struct verdict *v, const char *capture, const char *truth_path, int algorithm)
{
	static struct feed f;
	states truth = { .v = NULL };
	ns_t lag;

	memset(&f, 0, sizeof f);
	infer(&f, capture, algorithm);
	read_truth(&truth, truth_path);
	/* What is seen of the sender is as old as the way to here is long. */
	lag = tcp_point_lag(&f.point, 0);
	for (size_t i = 0; lag != NS_NONE && i < truth.n; i++)
		truth.v[i].ts += lag / 2;
	v->places |= 1u << f.point.where;
	compare(v, &truth, &f.got);
	v->changes += changes(&truth);
	tcp_cong_fini(&f.cong);
	VEC_FREE(&f.got);
	VEC_FREE(&truth);
}

static void print(struct verdict *v)
{
	double worst = 0;
	int a = 0, b = 0;

	for (int i = 0; i < TCP_PHASE_COUNT; i++)
		for (int j = 0; j < TCP_PHASE_COUNT; j++)
			if (i != j && v->confused[i][j] > worst) {
				worst = v->confused[i][j];
				a = i;
				b = j;
			}
	printf("%.2f %u %.2f %.2f %.2f %.2f %.2f %.2f %.2f", v->time, v->changes,
	       v->right / v->time * 100, quantile(&v->cwnd, 0.5), quantile(&v->cwnd, 0.9),
	       quantile(&v->ssthresh, 0.5), quantile(&v->flight, 0.5), quantile(&v->srtt, 0.5),
	       quantile(&v->rto, 0.5));
	if (worst / v->time > 0.002)
		printf(" %.1f%% %s taken for %s", worst / v->time * 100,
		       tcp_phase_name((enum tcp_phase)a), tcp_phase_name((enum tcp_phase)b));
	for (int i = 0; i < TCP_WHERE_COUNT; i++)
		if (v->places & 1u << i)
			printf(" (%s)", tcp_where_name((enum tcp_where)i));
	putchar('\n');
	VEC_FREE(&v->cwnd);
	VEC_FREE(&v->flight);
	VEC_FREE(&v->ssthresh);
	VEC_FREE(&v->srtt);
	VEC_FREE(&v->rto);
}

int main(int argc, char **argv)
{
	static struct verdict v;
	int o, algorithm = -1;

	while ((o = getopt(argc, argv, "va:")) != -1) {
		switch (o) {
		case 'v': verbose = true; break;
		case 'a':
			algorithm = strcmp(optarg, "reno") == 0 ? TCP_ALGORITHM_RENO
								: TCP_ALGORITHM_CUBIC;
			break;
		default: return 2;
		}
	}
	if (argc - optind < 2 || (argc - optind) % 2 != 0)
		die("usage: cong_compare [-v] [-a reno|cubic] {CAPTURE TRUTH}...");
	for (o = optind; o < argc; o += 2)
		add(&v, argv[o], argv[o + 1], algorithm);
	print(&v);
	return 0;
}
