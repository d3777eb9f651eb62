/* The flow pass: a thread that gives every packet of a tape its conversation, right behind the
 * index. */
#ifndef TAPE_PASS_H
#define TAPE_PASS_H

#include "flow/flow.h"
#include "tape/tape.h"

struct pass;

/* Starts it; the tape and the table must outlive it. */
struct pass *pass_new(struct tape *t, struct flow *fl);
/* Stops it and waits for it. */
void pass_free(struct pass *p);

#endif
