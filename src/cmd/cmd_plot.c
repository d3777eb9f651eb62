/* plot: a conversation drawn for a report. */
#include "base/num.h"
#include "base/vec.h"
#include "cmd/command.h"
#include "cmd/infile.h"
#include "cmd/plot.h"
#include "cmd/supply.h"
#include "packet/registry.h"
#include "tape/newfile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { P_READ, P_STREAM, P_KIND, P_OUTPUT, P_FORMAT, P_SIZE, P_DIRECTION, P_RANGE };

/* In the order of enum plot_kind and enum page_kind. */
static const char *const kinds[] = { "sequence", "flight", "rtt", "throughput", "ladder", NULL };
static const char *const formats[] = { "svg", "pdf", "png", NULL };
enum direction { BUSIER, FORWARD, REVERSE };
static const char *const directions[] = { "busier", "forward", "reverse", NULL };

static const struct param params[] = {
	[P_READ] = { 'r', "read", P_FILE, .value = "FILE", .help = "the capture to read",
		     .initial = "the deck's tape" },
	[P_STREAM] = { 's', "stream", P_COUNT, .value = "N",
		       .help = "the conversation tcp.stream N",
		       .initial = "the conversation of the transport pane, or 0" },
	[P_KIND] = { 'k', "kind", P_CHOICE, .value = "KIND", .choices = kinds,
		     .help = "what to draw", .initial = "sequence" },
	[P_OUTPUT] = { 'o', "output", P_OUTFILE, .value = "FILE",
		       .help = "the drawing; - for standard output", .initial = "standard output" },
	[P_FORMAT] = { 'F', "format", P_CHOICE, .value = "FORMAT", .choices = formats,
		       .help = "how to write it",
		       .initial = "what the file's name ends in, svg on standard output" },
	[P_SIZE] = { 0, "size", P_STRING, .value = "WxH", .help = "in points; pixels for png",
		     .initial = "900x540; a ladder is as long as its arrows need" },
	[P_DIRECTION] = { 'd', "direction", P_CHOICE, .value = "WHOSE", .choices = directions,
			  .help = "whose data: forward is from the end that began",
			  .initial = "busier, that of which there is more" },
	[P_RANGE] = { 'n', "packets", P_STRING, .value = "A-B",
		      .help = "only what is in packets number A to B" },
};

enum {
	LEAST = 300, /* points: less has no room for words */
	MOST = 10000,
	WIDTH = 900,
	HEIGHT = 540,
	LADDER_ROWS = 300,
};

struct job {
	struct supply in;
	struct plan plan;
	struct retrace *retrace; /* the deck's tape */
	u32 number;
	struct conv conv;
	bool known;
	enum plot_kind kind;
	enum page_kind format;
	enum direction direction;
	char *path;
	u32 w, h;     /* 0: as it is best */
	u64 from, to; /* packets */
	bool begun;   /* the first of them was seen */
	struct tcp_series series[2];
	VEC(struct plot_row) rows;
	u64 left_out;
	u8 state[2]; /* behind the last segment */
	ns_t begin;
};

/* ---- what is drawn ---- */

static void take_row(struct job *j, const struct segment *s, const struct tcp_seen *seen,
		     const struct flow_view *view)
{
	struct plot_row r = {
		.number = s->number,
		.ts = s->ts,
		.side = s->side,
		.lost = s->lost,
		.again = seen->whole && seen->cong[s->side].again,
		.flags = s->tcp.flags,
		.seq = (u32)(s->tcp.seq - (view->has_base_seq ? view->base_seq : 0)),
		.ack = (u32)(s->tcp.ack - (view->has_base_ack ? view->base_ack : 0)),
		.len = s->len,
	};

	for (int side = 0; side < 2; side++) {
		r.was[side] = j->state[side];
		r.state[side] = seen->whole ? seen->ends.state[side] : TCPS_UNKNOWN;
		j->state[side] = r.state[side];
	}
	if (s->number < j->from || s->number > j->to)
		return;
	if (j->rows.n == LADDER_ROWS)
		j->left_out++;
	else
		*VEC_PUSH(&j->rows) = r;
}

static void take(struct job *j, const struct pkt *k, const struct flow_view *view,
		 const struct tcp_seen *seen)
{
	struct segment s;

	segment_of(&s, k, view->reversed);
	if (j->begin == NS_NONE)
		j->begin = s.ts;
	if (seen->copy_of != 0)
		return;
	if (j->kind == PLOT_LADDER)
		take_row(j, &s, seen, view);
	if (s.number > j->to)
		return;
	for (int side = 0; side < 2; side++) {
		if (!j->begun && s.number >= j->from)
			tcp_series_forget(&j->series[side]);
		tcp_series_see(&j->series[side], &s, seen);
	}
	j->begun |= s.number >= j->from;
}

/* A layer of a packet: if it is of the conversation, it is taken. */
static void look(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct job *j = arg;
	const struct tcp_seen *seen;

	if (j->retrace != NULL) {
		flow_look(j->in.flow, k, out);
		if (out->known && out->id == j->conv.id && !k->quoted &&
		    (seen = retrace_seen(j->retrace, k->frame->number - 1)) != NULL)
			take(j, k, out, seen);
		return;
	}
	flow_see(j->in.flow, k, out);
	if (k->facts.l4 != 6 || !out->known || out->stream != j->number)
		return;
	if (!j->known)
		j->known = flow_get(j->in.flow, out->id, &j->conv);
	if (!k->quoted && (seen = flow_seen(j->in.flow)) != NULL)
		take(j, k, out, seen);
}

static int read_file(struct job *j, struct progress *p, struct err *e)
{
	struct frame f;
	int r;

	while ((r = supply_next(&j->in, &f, p, e)) > 0)
		pkt_decode(&j->in.k, &f, &j->plan);
	return r;
}

static void read_tape(struct job *j, struct progress *p)
{
	const struct tape *t = j->in.tape;
	u64 end = j->conv.last;

	p->all = end;
	for (u64 n = j->conv.first - 1; n < end && !p->stop;
	     n = tape_conv_first(t, j->conv.id, n + 1, end)) {
		struct frame f;

		tape_frame(t, n, &f);
		pkt_decode(&j->in.k, &f, &j->plan);
		p->done = n;
	}
}

/* ---- the drawing ---- */

static int direction_of(const struct job *j)
{
	switch (j->direction) {
	case FORWARD: return 0;
	case REVERSE: return 1;
	case BUSIER: break;
	}
	return j->series[1].top > j->series[0].top;
}

/* -1 where nothing is left to draw. */
static int prepare(struct job *j, struct plot *p, struct err *e)
{
	const struct tcp_series *s = &j->series[direction_of(j)];

	p->w = j->w != 0 ? j->w : WIDTH;
	p->h = j->h != 0		? j->h
	       : j->kind == PLOT_LADDER ? plot_ladder_height((u32)j->rows.n)
					: HEIGHT;
	if (j->kind == PLOT_LADDER) {
		p->row = j->rows.v;
		p->rows = (u32)j->rows.n;
	} else {
		p->series = s;
		p->to = j->begun ? s->n : 0;
	}
	if (j->kind == PLOT_LADDER ? p->rows == 0 : p->from >= p->to)
		return err_set(e, "none of the conversation's segments is in these packets");
	return 0;
}

static int draw(struct job *j, struct err *e)
{
	struct plot p = { .kind = j->kind,
			  .stream = j->number,
			  .left_out = j->left_out,
			  .begin = j->begin != NS_NONE ? j->begin : 0 };
	struct txt end[2];
	struct newfile f;
	int r = prepare(j, &p, e);

	if (r < 0 || newfile_open(&f, j->path, e) < 0)
		return -1;
	for (int side = 0; side < 2; side++) {
		txt_init(&end[side]);
		conv_end(&end[side], &j->conv, side);
		p.end[side] = txt_str(&end[side]);
	}
	p.page = page_new(j->format, p.w, p.h, f.fd, e);
	if (p.page != NULL) {
		plot_draw(&p);
		r = page_close(p.page, e);
	} else {
		r = -1;
	}
	if (r == 0)
		r = newfile_close(&f, e);
	else
		newfile_abort(&f);
	for (int side = 0; side < 2; side++)
		txt_fini(&end[side]);
	return r;
}

static int job_run(void *arg, struct sink *out, struct progress *p, struct err *e)
{
	struct job *j = arg;
	struct err damage = ERR_INIT;
	int r = 0;

	(void)out;
	if (j->retrace != NULL)
		read_tape(j, p);
	else
		r = read_file(j, p, &damage);
	if (p->stop) {
		err_set(e, "stopped");
		return 1;
	}
	if (!j->known) {
		if (r < 0)
			err_set(e, "%s", damage.text);
		else
			err_set(e, "there is no TCP stream %u in this capture", j->number);
		return 1;
	}
	if (draw(j, e) < 0)
		return 1;
	if (r < 0) /* what is readable was drawn */
		err_set(e, "%s", damage.text);
	return r < 0 ? 1 : 0;
}

static void job_show(void *arg, struct ctx *x)
{
	const struct job *j = arg;

	world_status(x->world, false, "the drawing is in %s", j->path);
	world_say(x->world, LINE_OUTPUT, x->world->status, strlen(x->world->status));
}

static void job_free(void *arg)
{
	struct job *j = arg;

	for (int side = 0; side < 2; side++)
		tcp_series_fini(&j->series[side]);
	VEC_FREE(&j->rows);
	retrace_free(j->retrace);
	plan_fini(&j->plan);
	supply_fini(&j->in);
	free(j->path);
	free(j);
}

/* ---- what was asked for ---- */

static int choice(const struct args *a, unsigned p, const char *const *of)
{
	const char *s = args_get(a, p);

	for (int i = 0; s != NULL && of[i] != NULL; i++)
		if (strcmp(of[i], s) == 0)
			return i;
	return 0;
}

static int parse_size(struct job *j, const char *s, struct err *e)
{
	const char *x = strchr(s, 'x');
	u64 w, h;

	if (x == NULL || num_u64(s, (size_t)(x - s), &w) < 0 ||
	    num_u64(x + 1, strlen(x + 1), &h) < 0 || w < LEAST || w > MOST || h < LEAST || h > MOST)
		return err_set(e,
			       "'%.40s' is no size: write for example 1200x800, each from %d to %d",
			       s, LEAST, MOST);
	j->w = (u32)w;
	j->h = (u32)h;
	return 0;
}

static int parse_range(struct job *j, const char *s, struct err *e)
{
	const char *dash = strchr(s, '-');
	size_t n = dash != NULL ? (size_t)(dash - s) : strlen(s);

	if ((n > 0 && num_u64(s, n, &j->from) < 0) ||
	    (dash != NULL && dash[1] != '\0' && num_u64(dash + 1, strlen(dash + 1), &j->to) < 0) ||
	    j->from > j->to)
		return err_set(
			e, "'%.40s' is no range of packets; write for example 10-20, 10- or 7", s);
	if (dash == NULL)
		j->to = j->from;
	return 0;
}

static int find_format(struct job *j, const struct args *a, struct err *e)
{
	const char *dot = strrchr(j->path, '.');

	if (args_has(a, P_FORMAT) || strcmp(j->path, "-") == 0) {
		j->format = (enum page_kind)choice(a, P_FORMAT, formats);
		return 0;
	}
	for (int i = 0; dot != NULL && formats[i] != NULL; i++)
		if (strcmp(dot + 1, formats[i]) == 0) {
			j->format = (enum page_kind)i;
			return 0;
		}
	return err_set(e, "%s ends in none of .svg, .pdf and .png: --format says what it shall be",
		       j->path);
}

static int find_output(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	j->path = xstrdup(args_has(a, P_OUTPUT) ? args_get(a, P_OUTPUT) : "-");
	if (strcmp(j->path, "-") == 0 && x->deck != NULL)
		return err_set(e, "standard output is the screen here: name a file with -o");
	if (strcmp(j->path, "-") == 0 && isatty(STDOUT_FILENO))
		return err_set(e, "standard output is a terminal: name a file with -o");
	if (infile_plain(x, j->path, e) < 0)
		return -1;
	return find_format(j, a, e);
}

/* The conversation of the deck's tape. */
static int find_conversation(struct job *j, const struct world *w, bool by_number, struct err *e)
{
	if (by_number ? !flow_stream(w->flow, 6, j->number, &j->conv)
		      : w->conv_at == FLOW_NONE || !flow_get(w->flow, w->conv_at, &j->conv) ||
				j->conv.l4 != 6) {
		if (by_number)
			err_set(e, "there is no TCP stream %u in this capture", j->number);
		else
			err_set(e, "there is no TCP conversation at the playhead to draw");
		return 1;
	}
	j->number = j->conv.stream;
	j->known = true;
	j->retrace = retrace_new(w->tape, w->flow, w->trace);
	return 0;
}

/* Returns the exit status. */
static int set_up(struct job *j, const struct ctx *x, const struct args *a, struct err *e)
{
	registry_init();
	for (int side = 0; side < 2; side++)
		tcp_series_init(&j->series[side], side);
	j->begin = NS_NONE;
	j->from = 1;
	j->to = UINT64_MAX;
	j->kind = (enum plot_kind)choice(a, P_KIND, kinds);
	j->direction = (enum direction)choice(a, P_DIRECTION, directions);
	if (args_count(a, P_STREAM, 0) >= FLOW_NONE) {
		err_set(e, "'%.40s' is more than any stream's number", args_get(a, P_STREAM));
		return 2;
	}
	j->number = (u32)args_count(a, P_STREAM, 0);
	if ((args_has(a, P_SIZE) && parse_size(j, args_get(a, P_SIZE), e) < 0) ||
	    (args_has(a, P_RANGE) && parse_range(j, args_get(a, P_RANGE), e) < 0) ||
	    find_output(j, x, a, e) < 0 || supply_init(&j->in, x, a, P_READ, 0, e) < 0)
		return 2;
	supply_plan(&j->in, &j->plan);
	j->plan.flow = look;
	j->plan.flow_arg = j;
	if (!args_has(a, P_READ))
		return find_conversation(j, x->world, args_has(a, P_STREAM), e);
	flow_track(j->in.flow, FLOW_WHOLE);
	return 0;
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	struct task t = { "plot", job_run, job_show, job_free, xcalloc(1, sizeof(struct job)) };
	int status = set_up(t.arg, x, a, e);

	if (status == 0)
		return task_run(x, &t, e);
	job_free(t.arg);
	return status;
}

static const struct command plot_command = {
	.name = "plot",
	.group = G_PACKETS,
	.where = IN_BOTH,
	.summary = "draw a TCP conversation for a report",
	.about =
		"sequence draws the data of one direction as bars of sequence numbers over time, "
		"with "
		"what was sent again, what the wire dropped, the line of acknowledgments, that of "
		"the "
		"window and the SACK blocks. flight draws bytes in flight beside the estimates of "
		"cwnd and ssthresh and the receiver's window; rtt the samples, SRTT and RTO; "
		"throughput goodput, what was sent again, and headers; ladder every segment as an "
		"arrow, with the states of both ends.\n\n"
		"A long conversation is drawn from some thousand stretches of time, each with the "
		"least and the greatest of what is in it. The same capture gives the same file, to "
		"the byte, with the same fonts.",
	.examples =
		"tapdeck plot -r trace.pcapng -s 3 -o seq.svg\ttime-sequence graph of tcp.stream "
		"3\n"
		"tapdeck plot -r trace.pcapng -k ladder -n 1-40 -o start.pdf\tits first arrows\n"
		"plot -k flight -o flight.png\tin the deck: the conversation that is shown\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_plot[] = { &plot_command, NULL };
