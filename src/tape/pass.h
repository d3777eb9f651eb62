/* The flow pass: a thread that gives every packet of a tape its conversation, right behind the
 * index. */
#ifndef TAPE_PASS_H
#define TAPE_PASS_H

#include "flow/flow.h"
#include "tape/tape.h"
#include "tape/trace.h"

struct pass;

/* Starts it: it tracks connections in fl, and keeps in `trace` what is needed to find their states
 * again. All three must outlive it. */
struct pass *pass_new(struct tape *t, struct flow *fl, struct trace *trace);
/* Stops it and waits for it. */
void pass_free(struct pass *p);

#endif
