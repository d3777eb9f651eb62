/* Work that takes as long as a capture is large. At the shell it is done at once; in the deck a
 * thread does it while the screen goes on, what it prints comes into the console as it comes, and
 * Esc ends it. */
#ifndef CMD_TASK_H
#define CMD_TASK_H

#include "cmd/command.h"

/* What the thread and the screen tell each other. */
struct progress {
	_Atomic bool stop;     /* to the thread: end soon */
	_Atomic u64 done, all; /* of whatever there is to do; all 0 where nobody knows */
};

struct task {
	const char *name; /* the command's */
	/* Does it. Prints into *out, with sink_line() behind each record. Returns the exit status,
	 * e says why it is not 0. In the deck it may use the tape and the conversations as they
	 * were when it began, but not the world. */
	int (*run)(void *arg, struct sink *out, struct progress *p, struct err *e);
	/* In the deck, when run() has returned 0 and was not stopped: what is to be shown beside
	 * the console's lines. Called by the thread that draws. May be NULL. */
	void (*show)(void *arg, struct ctx *x);
	void (*free)(void *arg);
	void *arg; /* the task's own */
};

/* Does it, or begins it in the deck; frees it in any case. Returns the exit status. */
int task_run(struct ctx *x, const struct task *t, struct err *e);

#endif
