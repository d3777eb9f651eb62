/* Work that takes as long as a capture is large. */
#include "cmd/task.h"

#include "cmd/deck.h"

int task_run(struct ctx *x, const struct task *t, struct err *e)
{
	struct progress p = { 0 };
	struct err late = ERR_INIT;
	int status;

	if (x->deck != NULL) {
		if (x->deck->idle(x->deck_arg, e) == 0)
			return x->deck->start(x->deck_arg, t, e);
		t->free(t->arg);
		return 1;
	}
	status = t->run(t->arg, x->out, &p, e);
	if (sink_flush(x->out, &late) < 0 && status == 0) {
		*e = late;
		status = 1;
	}
	t->free(t->arg);
	return x->out->closed ? 0 : status;
}
