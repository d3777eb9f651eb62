/* The inside of a tape, for tape.c and live.c only. */
#ifndef TAPE_INSIDE_H
#define TAPE_INSIDE_H

#include "base/vec.h"
#include "tape/index.h"
#include "tape/record.h"
#include "tape/spool.h"
#include "tape/tape.h"
#include "tape/writer.h"

#include <pthread.h>

/* An event as the tape remembers it. */
struct event_place {
	u64 offset, before;
	ns_t ts;
	u32 len;
};

struct tape {
	struct spool *spool;
	struct record rec; /* of the indexing thread; its interfaces are for all */
	struct index *index;
	struct grow events;
	u64 passed;
	u64 indexed; /* bytes */
	pthread_t thread;
	bool running;
	int fd;
	pthread_mutex_t lock;
	pthread_cond_t progress;
	u64 want; /* the fewest packets that somebody waits for */
	bool done, stopped, header;
	struct err err;
	struct writer *live; /* of a live tape: writes into `pending` */
	struct txt pending;  /* what tape_flush() will hand to the spool */
	VEC(struct event_place) pending_events;
};

/* A tape over `spool`, which is its own from now on; no thread runs yet. */
struct tape *tape_alloc(struct spool *spool);

/* Wakes everybody who waits for more. */
void tape_tell(struct tape *t);

#endif
