/* Which packets of a tape pass a test: a display filter, a search. Worked out by threads behind the
 * deck, asked at any time. */
#ifndef TAPE_MATCH_H
#define TAPE_MATCH_H

#include "base/err.h"
#include "flow/flow.h"
#include "tape/tape.h"

/* A test on packets. Both functions may be called from several threads at once. */
struct test {
	void (*want)(const void *arg, struct plan *p);
	/* `scratch` is one thread's own, for text that a test has to make. */
	bool (*pass)(const void *arg, const struct pkt *k, struct txt *scratch);
	void (*free_arg)(void *arg);
	void *arg; /* owned by the match */
};

struct match;

/* Starts to test all packets of t, those near packet `from` first. Takes test.arg. tape and flow
 * must outlive it. */
struct match *match_new(struct tape *t, struct flow *fl, struct test test, u64 from);
void match_free(struct match *m);

/* Packets tested so far, and how many of them passed. */
u64 match_tested(const struct match *m);
u64 match_count(const struct match *m);
bool match_done(const struct match *m);

enum { MATCH_PENDING = 1 };
#define MATCH_NONE UINT64_MAX

/* The first packet >= n (last packet <= n) that passes: MATCH_NONE where there is none. *pending is
 * set where a packet on the way was not tested yet: ask again later. */
u64 match_next(const struct match *m, u64 n, bool *pending);
u64 match_prev(const struct match *m, u64 n, bool *pending);

/* Does packet n pass? False where it was not tested yet. */
bool match_has(const struct match *m, u64 n);

/* How many packets below n pass, as far as tested; and the k-th (from 0) that passes, MATCH_NONE
 * beyond. */
u64 match_rank(const struct match *m, u64 n);
u64 match_nth(const struct match *m, u64 k);

#endif
