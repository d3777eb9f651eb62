/* The flow pass: a thread that gives every packet of a tape its conversation, and follows the
 * connections. */
#include "tape/pass.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct pass {
	struct tape *tape;
	struct flow *flow;
	struct trace *trace;
	_Atomic bool stop;
	pthread_t thread;
};

enum { BATCH = 512 }; /* packets between two looks at the outside world */

static void *run(void *arg)
{
	struct pass *p = arg;
	struct plan plan;
	struct pkt k;
	u64 n = 0;

	pkt_init(&k);
	plan_init(&plan);
	plan.flow = flow_see;
	plan.flow_arg = p->flow;
	while (!atomic_load(&p->stop)) {
		bool done = tape_done(p->tape);
		u64 end = tape_wait(p->tape, n + 1, 20);

		end = MIN(end, n + BATCH);
		if (end == n && done)
			break;
		for (; n < end; n++) {
			struct frame f;
			u32 id, prev;

			tape_frame(p->tape, n, &f);
			flow_begin(p->flow);
			pkt_decode(&k, &f, &plan);
			id = flow_last(p->flow, &prev);
			tape_set_conv(p->tape, n, id == FLOW_NONE ? TAPE_NONE : id,
				      prev == 0 ? TAPE_NONE : prev - 1);
			trace_note(p->trace, n, p->flow);
		}
		tape_set_passed(p->tape, n);
	}
	plan_fini(&plan);
	pkt_fini(&k);
	return NULL;
}

struct pass *pass_new(struct tape *t, struct flow *fl, struct trace *trace)
{
	struct pass *p = xcalloc(1, sizeof *p);

	p->tape = t;
	p->flow = fl;
	p->trace = trace;
	flow_track(fl, FLOW_WHOLE);
	if (pthread_create(&p->thread, NULL, run, p) != 0)
		die("cannot start a thread for the conversations");
	return p;
}

void pass_free(struct pass *p)
{
	if (p == NULL)
		return;
	atomic_store(&p->stop, true);
	pthread_join(p->thread, NULL);
	free(p);
}
