/* conns: the conversations of a capture, one a line. */
#include "base/num.h"
#include "cmd/conns.h"
#include "packet/registry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	P_READ,
	P_DISPLAY_FILTER,
	P_PROTOCOL,
	P_SORT,
	P_REVERSE,
	P_LIMIT,
	P_WIDTH,
	P_PLAYHEAD,
	P_JSON
};

enum {
	CONVERSATIONS = 1 << 18,
	NO_WIDTH = 4096, /* wider is as good as no bound */
};

static const char *const protocols[] = { "tcp", "udp", NULL };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE",
		     .help = "the capture to read; - for standard input",
		     .initial = "the deck's tape" },
	[P_DISPLAY_FILTER] = { 'Y', "filter", P_FILTER, .value = "FILTER",
			       .help = "only conversations of which a packet passes this display "
				       "filter; they are counted whole" },
	[P_PROTOCOL] = { 'p', "protocol", P_CHOICE, .value = "PROTOCOL", .choices = protocols,
			 .help = "only conversations of this protocol" },
	[P_SORT] = { 's', "sort", P_CHOICE, .value = "COLUMN", .choices = conns_order_names,
		     .help = "sort by this column, numbers from the largest on",
		     .initial = "start" },
	[P_REVERSE] = { 'R', "reverse", P_FLAG, .help = "sort the other way round" },
	[P_LIMIT] = { 'c', "count", P_COUNT, .value = "N", .help = "only the first N" },
	[P_WIDTH] = { 'w', "width", P_COUNT, .value = "N",
		      .help = "fit the table into N columns; 0 shows everything",
		      .initial = "the terminal's width, 0 where the output is no terminal" },
	[P_PLAYHEAD] = { 0, "playhead", P_FLAG,
			 .help = "in the deck: as things stand at the playhead, of the packets up "
				 "to there" },
	[P_JSON] = { 'j', "json", P_FLAG, .help = "a JSON object a line, with all there is" },
};

struct job {
	struct conns c;
	enum conns_order by;
	bool reverse, json;
	unsigned width;
	u64 limit;
};

static void job_free(void *arg)
{
	struct job *j = arg;

	conns_fini(&j->c);
	free(j);
}

static int put_json(const struct conns *c, size_t n, struct sink *out, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct conns_row r;

		conns_row(c, c->rows.v[i].id, &r);
		conns_json(&out->t, &r);
		if (sink_line(out, e) < 0)
			return -1;
	}
	return 0;
}

/* What was not counted is said. */
static void tell_bounds(const struct flow *fl, struct sink *out)
{
	u32 gone = flow_evicted(fl), shrunk = flow_shrunk(fl);
	struct txt t;

	txt_init(&t);
	if (gone > 0) {
		txt_count(&t, gone);
		txt_printf(&t, " conversation%s left out: ", gone == 1 ? " is" : "s are");
		txt_count(&t, flow_cap(fl));
		txt_puts(&t, " are kept, and the one that began first is forgotten for each "
			     "further one");
	}
	if (shrunk > 0) {
		txt_puts(&t, gone > 0 ? "; " : "");
		txt_count(&t, shrunk);
		txt_printf(&t, " connection%s still open when ", shrunk == 1 ? " was" : "s were");
		txt_count(&t, FLOW_WHOLE_MAX);
		txt_puts(&t, " others had begun behind it, and were not followed further");
	}
	snprintf(out->note, sizeof out->note, "%s", txt_str(&t));
	txt_fini(&t);
}

static int job_run(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct conns *c = &j->c;
	int r = conns_read(c, p, e);
	size_t n;

	if (p->stop)
		return 0;
	conns_sort(c, j->by, j->reverse);
	n = MIN(c->rows.n, j->limit);
	tell_bounds(c->in.flow, out);
	if ((j->json ? put_json(c, n, out, e) : conns_text(c, n, j->width, out, e)) < 0)
		return 1;
	if (n == 0 && r == 0 && j->limit > 0 && !j->json)
		snprintf(out->note, sizeof out->note, "there is no such conversation");
	return r < 0 ? 1 : 0;
}

static enum conns_order order_of(const char *name)
{
	for (unsigned i = 0; name != NULL && i < ORDERS; i++)
		if (strcmp(name, conns_order_names[i]) == 0)
			return (enum conns_order)i;
	return BY_START;
}

static int set_up(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	struct conns *c = &j->c;
	const char *s = args_get(a, P_DISPLAY_FILTER), *p = args_get(a, P_PROTOCOL);

	registry_init();
	j->by = order_of(args_get(a, P_SORT));
	j->reverse = args_has(a, P_REVERSE);
	j->json = args_has(a, P_JSON);
	j->limit = args_count(a, P_LIMIT, UINT64_MAX);
	j->width = (unsigned)MIN(args_count(a, P_WIDTH, x->width), (u64)NO_WIDTH);
	c->l4 = p == NULL ? 0 : strcmp(p, "tcp") == 0 ? 6 : 17;
	plan_init(&c->plan);
	plan_init(&c->info);
	plan_want_info(&c->info);
	if (args_has(a, P_PLAYHEAD) && (args_has(a, P_READ) || x->world == NULL))
		return err_set(e, "--playhead is for the deck's tape; a file has no playhead");
	if (s != NULL && filter_compile(s, strlen(s), &c->filter, e) < 0)
		return filter_wrong(s, e);
	if (c->filter != NULL)
		filter_want(c->filter, &c->plan);
	if (supply_init(&c->in, x, a, P_READ, 0, e) < 0)
		return -1;
	if (args_has(a, P_PLAYHEAD))
		c->in.end = MIN(c->in.end, x->world->at + 1);
	supply_follow(&c->in, CONVERSATIONS);
	return 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct task t = { "conns", job_run, NULL, job_free, xcalloc(1, sizeof(struct job)) };

	if (set_up(t.arg, x, a, e) < 0) {
		job_free(t.arg);
		return 2;
	}
	return task_run(x, &t, e);
}

static const struct command conns = {
	.name = "conns",
	.group = G_PACKETS,
	.where = IN_BOTH,
	.summary = "list the TCP and UDP conversations of a capture",
	.about =
		"A line a conversation: its number (tcp.stream or udp.stream), the tunnels and "
		"VLANs "
		"it lives in, its two ends (A sent the first packet), packets and bytes of whole "
		"frames, duration, the states of RFC 9293 that A and B were in at the end, "
		"segments "
		"with data that was sent before, the mean round trip from the capture to the "
		"farther "
		"end, and where there is room: packets and bytes each way, start, the most bytes "
		"in "
		"flight, least and largest round trip, which end the capture was taken near, and "
		"how "
		"much of the connection was seen (SYN, SYN-ACK, ACK, Data, FIN, RST). What does "
		"not "
		"fit is left out; -w 0 and --json show all.\n\n"
		"A filter chooses conversations, not packets: one packet that passes is enough, "
		"and "
		"all packets of the conversation are counted, as states and round trips need them. "
		"In the deck the whole tape is counted as far as it is read.\n\n"
		"262,144 conversations are kept; the one that began first is forgotten for each "
		"further one, and a sentence says how many.",
	.examples = "tapdeck conns -r trace.pcapng\tall conversations\n"
		    "tapdeck conns -r trace.pcapng -s bytes -c 10\tthe ten largest\n"
		    "tapdeck conns -r trace.pcapng -Y tcp.analysis.flags -s retrans\tthose in "
		    "trouble\n"
		    "tapdeck conns -r trace.pcapng -Y 'tcp.flags.reset == 1' --json\tJSON of those "
		    "that were reset\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_conns[] = { &conns, NULL };
