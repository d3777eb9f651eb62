/* A ring of packets between two threads. They tell each other of their progress a batch at a time.
 */
#include "cmd/relay.h"

#include "base/err.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SLOTS = 128, BATCH = 16 };

struct slot {
	struct frame frame;
	struct pkt k;
	int tag;
	u8 *bytes; /* the frame's and its comment's */
	size_t cap;
};

struct relay {
	int (*take)(void *arg, const struct pkt *k, int tag);
	void *arg;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more, room;
	/* Counted from the beginning; under the lock. */
	u64 given, taken;
	bool end;
	int status; /* of the taker; it has ended where not 0 */
	/* The giver's own. */
	u64 next, seen_taken;
	struct slot slot[SLOTS];
};

/* ---- the taker ---- */

static u64 wait_for_more(struct relay *r, u64 taken)
{
	u64 given;

	pthread_mutex_lock(&r->lock);
	while (r->given == taken && !r->end)
		pthread_cond_wait(&r->more, &r->lock);
	given = r->given;
	pthread_mutex_unlock(&r->lock);
	return given;
}

static void tell_taken(struct relay *r, u64 taken, int status)
{
	pthread_mutex_lock(&r->lock);
	r->taken = taken;
	r->status = status;
	pthread_cond_signal(&r->room);
	pthread_mutex_unlock(&r->lock);
}

static void *take_all(void *arg)
{
	struct relay *r = arg;
	u64 taken = 0, given;
	int status = 0;

	while (status == 0 && (given = wait_for_more(r, taken)) > taken) {
		while (taken < given && status == 0) {
			struct slot *s = &r->slot[taken++ % SLOTS];

			status = r->take(r->arg, &s->k, s->tag);
			if (taken % BATCH == 0 && taken < given)
				tell_taken(r, taken, status);
		}
		tell_taken(r, taken, status);
	}
	return NULL;
}

/* ---- the giver ---- */

struct relay *relay_new(int (*take)(void *arg, const struct pkt *k, int tag), void *arg)
{
	struct relay *r;

	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		return NULL;
	r = xcalloc(1, sizeof *r);
	r->take = take;
	r->arg = arg;
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->more, NULL);
	pthread_cond_init(&r->room, NULL);
	for (unsigned i = 0; i < SLOTS; i++)
		pkt_init(&r->slot[i].k);
	if (pthread_create(&r->thread, NULL, take_all, r) == 0)
		return r;
	free(r);
	return NULL;
}

/* Tells of all that was handed over; waits for room where there is none. False where the taker has
 * ended. */
static bool tell_given(struct relay *r)
{
	bool goes_on;

	pthread_mutex_lock(&r->lock);
	if (r->given < r->next) {
		r->given = r->next;
		pthread_cond_signal(&r->more);
	}
	while (r->next - r->taken == SLOTS && r->status == 0)
		pthread_cond_wait(&r->room, &r->lock);
	r->seen_taken = r->taken;
	goes_on = r->status == 0;
	pthread_mutex_unlock(&r->lock);
	return goes_on;
}

static void copy_frame(struct slot *s, const struct frame *f)
{
	size_t n = (size_t)f->caplen + (f->comment != NULL ? f->comment_len : 0);

	if (s->cap < n) {
		s->cap = n + n / 2;
		s->bytes = xrealloc(s->bytes, s->cap);
	}
	s->frame = *f;
	if (f->caplen > 0)
		memcpy(s->bytes, f->data, f->caplen);
	s->frame.data = s->bytes;
	if (f->comment == NULL)
		return;
	memcpy(s->bytes + f->caplen, f->comment, f->comment_len);
	s->frame.comment = (const char *)s->bytes + f->caplen;
}

struct pkt *relay_slot(struct relay *r, const struct frame *f)
{
	struct slot *s = &r->slot[r->next % SLOTS];

	if (r->next - r->seen_taken == SLOTS && !tell_given(r))
		return NULL;
	copy_frame(s, f);
	return &s->k;
}

const struct frame *relay_frame(const struct relay *r)
{
	return &r->slot[r->next % SLOTS].frame;
}

void relay_push(struct relay *r, int tag)
{
	r->slot[r->next++ % SLOTS].tag = tag;
	if (r->next % BATCH == 0)
		tell_given(r);
}

int relay_end(struct relay *r)
{
	int status;

	pthread_mutex_lock(&r->lock);
	r->given = r->next;
	r->end = true;
	pthread_cond_signal(&r->more);
	pthread_mutex_unlock(&r->lock);
	pthread_join(r->thread, NULL);
	status = r->status;
	for (unsigned i = 0; i < SLOTS; i++) {
		pkt_fini(&r->slot[i].k);
		free(r->slot[i].bytes);
	}
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->more);
	pthread_cond_destroy(&r->room);
	free(r);
	return status;
}
