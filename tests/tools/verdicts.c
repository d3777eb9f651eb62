/*
 * verdicts FILE: our verdict on every TCP packet of a capture, by way of the tape, one line each:
 * packet, kind, rule, what became of it, of what it repeats, confidence, Wireshark's fields by
 * comma, evidence by comma. verdicts --truth SCENE: what the network did to every packet of a
 * capture of mkcaps: packet, what, why, lost behind the tap. verdicts --time FILE: the longest time
 * that one verdict took of the processor on the way through the capture and back, and by leaps, in
 * microseconds.
 */
#include "base/rand.h"
#include "packet/registry.h"
#include "tape/pass.h"
#include "tape/verdict.h"

#include "gen/path.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
	struct tape *tape;
	struct flow *flow;
	struct trace *trace;
	struct pass *pass;
	struct retrace *retrace;
	struct judge *judge;
	u64 count;
} of;

static bool begin(const char *path)
{
	struct err e = ERR_INIT;

	registry_init();
	of.tape = tape_open(path, &e);
	if (of.tape == NULL) {
		fprintf(stderr, "verdicts: %s\n", e.text);
		return false;
	}
	of.flow = flow_new(1 << 16);
	of.trace = trace_new();
	of.pass = pass_new(of.tape, of.flow, of.trace);
	while (!tape_done(of.tape) || tape_passed(of.tape) < tape_count(of.tape))
		usleep(1000);
	of.retrace = retrace_new(of.tape, of.flow, of.trace);
	of.judge = judge_new(of.tape, of.retrace);
	of.count = tape_count(of.tape);
	return true;
}

static void end(void)
{
	judge_free(of.judge);
	retrace_free(of.retrace);
	pass_free(of.pass);
	trace_free(of.trace);
	flow_free(of.flow);
	tape_close(of.tape);
}

static const char *or_dash(const char *s)
{
	return *s != '\0' ? s : "-";
}

static void say(u64 n, const struct tcp_verdict *v)
{
	printf("%llu %s %s %s %s %u ", (unsigned long long)n + 1,
	       or_dash(tcp_kind_key((enum tcp_kind)v->kind)),
	       or_dash(tcp_rule_info((enum tcp_rule)v->rule)->name),
	       v->fate == TCP_FATE_UNKNOWN	 ? "-"
	       : v->fate == TCP_FATE_LOST_BEHIND ? "lost"
						 : "arrived",
	       v->was == TCP_FATE_UNKNOWN	? "-"
	       : v->was == TCP_FATE_LOST_BEHIND ? "behind"
	       : v->was == TCP_FATE_LOST_BEFORE ? "before"
						: "arrived",
	       v->confidence);
	for (u16 f = v->wireshark; f != 0; f &= (u16)(f - 1))
		printf("%s%s", f != v->wireshark ? "," : "", tcp_finding_name(f));
	printf("%s", v->wireshark != 0 ? " " : "- ");
	for (unsigned i = 0; i < v->nevidence; i++)
		printf("%s%u", i > 0 ? "," : "", v->evidence[i]);
	puts(v->nevidence > 0 ? "" : "-");
}

static void say_all(void)
{
	struct tcp_verdict v;

	for (u64 n = 0; n < of.count; n++)
		if (judge_verdict(of.judge, n, &v))
			say(n, &v);
}

/* The first time its verdict is kept, then compared. */
static double ask(struct tcp_verdict *v, u64 n, bool first, u64 *differ)
{
	struct timespec a, b;
	struct tcp_verdict now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &a);
	judge_verdict(of.judge, n, &now);
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &b);
	if (first)
		v[n] = now;
	else
		*differ += memcmp(&v[n], &now, sizeof now) != 0;
	return (double)(b.tv_sec - a.tv_sec) * 1e6 + (double)(b.tv_nsec - a.tv_nsec) / 1e3;
}

static void time_all(void)
{
	struct tcp_verdict *v = xcalloc(of.count + 1, sizeof *v);
	double there = 0, back = 0, leap = 0, sum = 0;
	u64 differ = 0;
	struct rnd r;

	rnd_init(&r, 1);
	for (u64 n = 0; n < of.count; n++) {
		double t = ask(v, n, true, &differ);

		sum += t;
		there = MAX(there, t);
	}
	for (u64 n = of.count; n-- > 0;) {
		double t = ask(v, n, false, &differ);

		back = MAX(back, t);
	}
	for (unsigned i = 0; i < 200 && of.count > 0; i++) {
		double t = ask(v, rnd_below(&r, of.count), false, &differ);

		leap = MAX(leap, t);
	}
	printf("%llu packets: on %.0f us at most, %.2f us on average; back %.0f us; leap %.0f us; "
	       "%llu differ\n",
	       (unsigned long long)of.count, there, of.count > 0 ? sum / (double)of.count : 0, back,
	       leap, (unsigned long long)differ);
	free(v);
}

static int truth(const char *name)
{
	static const char *const what[] = { "other",   "first", "overtaken",
					    "doubled", "again", "needless" };
	static const char *const how[] = { "-", "fast", "recovery", "timeout", "go_back", "probe" };
	static struct path_packet p[8000];
	unsigned scene = 0;
	u32 number = 0;

	while (scene < PATH_SCENES && strcmp(path_scene[scene], name) != 0)
		scene++;
	if (scene == PATH_SCENES)
		return 2;
	for (unsigned i = 0; i < PATH_PER_SCENE; i++) {
		struct path_config c = path_scene_config(scene, i);
		u32 n = path_run(&c, p, ARRAY_LEN(p));

		for (u32 k = 0; k < n; k++)
			printf("%u %s %s %s\n", ++number, what[p[k].what], how[p[k].how],
			       p[k].lost ? "lost" : "-");
	}
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "--truth") == 0)
		return truth(argv[2]);
	if (argc < 2 || !begin(argv[argc - 1]))
		return 2;
	if (argc == 3)
		time_all();
	else
		say_all();
	end();
	return 0;
}
