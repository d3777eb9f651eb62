/* The verdict on any packet of a tape. */
#ifndef TAPE_VERDICT_H
#define TAPE_VERDICT_H

#include "flow/tcp_verdict.h"
#include "tape/trace.h"

/* Looks so many packets of the tape far, both ways, for a conversation's TCP_VERDICT_PAST and
 * TCP_VERDICT_AHEAD segments. */
enum { JUDGE_REACH = 1 << 20 };

/* Keeps the stretch of the conversation that was asked for last. Of one thread. */
struct judge;

/* `r` and what it is made from must outlive it. */
struct judge *judge_new(const struct tape *tape, struct retrace *r);
void judge_free(struct judge *j);

/* The verdict on packet n < tape_passed(), from what has passed so far: on a tape that grows it may
 * change. False where the packet's conversation is not of TCP or forgotten; *out is all written.
 * Some milliseconds where the packet lies outside the stretch that is kept, microseconds within. */
bool judge_verdict(struct judge *j, u64 n, struct tcp_verdict *out);

#endif
