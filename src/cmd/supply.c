/* The packets that a command goes through, and their conversations. */
#include "cmd/supply.h"

#include "cmd/infile.h"

#include <stdatomic.h>
#include <unistd.h>

enum {
	CONVERSATIONS = 1 << 18,
	TELL = 256, /* packets between two reports of progress */
};

static int from_tape(struct supply *s, const struct world *w, const char *command, u64 from,
		     struct err *e)
{
	if (w == NULL || w->tape == NULL)
		return err_set(e, "%s needs a capture: %s -r FILE", command, command);
	s->tape = w->tape;
	s->flow = w->flow;
	s->trace = w->trace;
	s->at = s->from = from;
	s->end = w->count;
	s->partial = !w->done;
	s->k.first_ts = w->begin;
	if (from > 0)
		s->last_ts = tape_ts(w->tape, from - 1);
	return 0;
}

int supply_init(struct supply *s, const struct ctx *x, const struct args *a, unsigned read,
		u64 from, struct err *e)
{
	const char *path = args_get(a, read);

	*s = (struct supply) { .last_ts = NS_NONE };
	pkt_init(&s->k);
	if (path == NULL)
		return from_tape(s, x->world, a->cmd->name, from, e);
	s->reader = infile_open(x, path, e);
	if (s->reader == NULL)
		return -1;
	s->flow = flow_new(CONVERSATIONS);
	s->own_flow = true;
	return 0;
}

void supply_fini(struct supply *s)
{
	pkt_fini(&s->k);
	retrace_free(s->retrace);
	if (s->own_flow)
		flow_free(s->flow);
	if (s->reader != NULL)
		reader_close(s->reader);
}

static void ask(void *arg, const struct pkt *k, struct flow_view *out)
{
	struct supply *s = arg;

	if (s->own_flow)
		flow_see(s->flow, k, out);
	else if (s->retrace != NULL)
		retrace_look(s->retrace, k, out);
	else
		flow_look(s->flow, k, out);
}

void supply_plan(struct supply *s, struct plan *p)
{
	plan_init(p);
	p->flow = ask;
	p->flow_arg = s;
}

void supply_track(struct supply *s, const struct plan *p)
{
	if (!p->tracked)
		return;
	if (s->own_flow)
		flow_track(s->flow, FLOW_ANALYSIS);
	else
		s->retrace = retrace_new(s->tape, s->flow, s->trace);
}

void supply_follow(struct supply *s, u32 cap)
{
	if (s->own_flow)
		flow_free(s->flow);
	s->flow = flow_new(cap);
	s->own_flow = true;
	flow_track(s->flow, FLOW_WHOLE);
}

static int next_of_tape(struct supply *s, struct frame *f, const struct progress *p)
{
	if (s->at >= s->end)
		return 0;
	while (!s->own_flow && tape_passed(s->tape) <= s->at) { /* its conversation is not known yet */
		if (p->stop)
			return 0;
		usleep(1000);
	}
	tape_frame(s->tape, s->at++, f);
	return 1;
}

static void tell(const struct supply *s, struct progress *p)
{
	u64 done = s->reader != NULL ? reader_offset(s->reader) : s->at - s->from;
	u64 all = s->reader != NULL ? reader_size(s->reader) : s->end - s->from;

	atomic_store_explicit(&p->done, done, memory_order_relaxed);
	atomic_store_explicit(&p->all, all, memory_order_relaxed);
}

int supply_next(struct supply *s, struct frame *f, struct progress *p, struct err *e)
{
	int r;

	if (atomic_load_explicit(&p->stop, memory_order_relaxed))
		return 0;
	r = s->reader != NULL ? reader_next(s->reader, f, e) : next_of_tape(s, f, p);
	if (r <= 0)
		return r;
	if (s->told++ % TELL == 0)
		tell(s, p);
	s->k.prev_ts = s->last_ts;
	if (s->k.first_ts == NS_NONE)
		s->k.first_ts = f->ts;
	if (f->ts != NS_NONE)
		s->last_ts = f->ts;
	return 1;
}

const struct tape_iface *supply_iface(const struct supply *s, u32 iface)
{
	return s->reader != NULL ? reader_iface(s->reader, iface) : tape_iface(s->tape, iface);
}
