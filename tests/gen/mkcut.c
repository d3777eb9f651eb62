/* mkcut FILE...: decodes every frame of the captures at every length, in as many processes as there
 * are processors. At every length its end is not captured, all of it is decoded and all values are
 * looked at; at some of the first SHORT lengths and every STRIDE-th everything else that must hold,
 * too, and that of frames whose end was never sent. Prints how many decodes that were; aborts where
 * something does not hold.
 *
 * Frames that have the same layers and fields in the same places go through all that once. The
 * others of that shape, thousands of segments that differ in their numbers alone, are decoded at
 * the first SHORT lengths, every STRIDE-th beyond and whole. */
#include "base/rand.h"
#include "packet/registry.h"
#include "tape/reader.h"
#include "unit/decode_check.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { SHORT = 64, STRIDE = 97 };
enum { TEXT_EVERY = 16, PROCESSES_MAX = 8 };

struct cut {
	struct decode_check *check;
	u8 *copy; /* of the frame; what is cut off may not be touched */
	u32 cap;
	u64 count;
	u64 *seen; /* shapes, a hash table; 0: free */
};

enum { SHAPES = 1 << 17 };

/* Is it the first of its shape? */
static bool is_new(struct cut *c, u64 shape)
{
	u64 at = shape % SHAPES;

	for (; c->seen[at] != 0; at = (at + 1) % SHAPES)
		if (c->seen[at] == shape)
			return false;
	c->seen[at] = shape;
	return true;
}

/* What layers and fields a frame has, and where; never 0. */
static u64 shape_of(struct cut *c, const struct frame *f)
{
	const struct pkt *k = decode_check_quick(c->check, f);
	u64 h = hash_mix(f->link, (u64)f->caplen << 32 | f->len);

	h = hash_mix(h, k->marks);
	for (unsigned i = 0; i < k->nlayers; i++)
		h = hash_mix(h, (u64)k->layers[i].proto << 48 ^ (u64)k->layers[i].off << 24 ^
					k->layers[i].end);
	for (u32 i = 0; i < k->nvals; i++)
		h = hash_mix(h, (u64)k->vals[i].field << 48 ^ (u64)k->vals[i].off << 24 ^
					k->vals[i].len);
	return h | 1;
}

/* One length. `all`: it is of a shape that was not seen yet. */
static void decode(struct cut *c, struct frame *f, u32 whole, bool all)
{
	u32 n = f->caplen;
	bool step = n == whole || n % STRIDE == 0;
	bool text = n % TEXT_EVERY == 0 || n == whole;

	if (all && (step || (n < SHORT && text))) {
		decode_check_frame(c->check, f, text);
		f->len = n;
		decode_check_frame(c->check, f, text);
		c->count += 2;
	} else if (all || step || n < SHORT) {
		decode_check_quick(c->check, f);
		c->count++;
	}
}

/* From its whole length down to nothing; a sanitizer learns of each byte that goes. */
static void every_length(struct cut *c, const struct frame *whole, bool all)
{
	struct frame f = *whole;

	if (f.caplen > c->cap) {
		free(c->copy);
		c->cap = f.caplen;
		c->copy = xmalloc(c->cap);
	}
	if (f.caplen > 0)
		memcpy(c->copy, whole->data, f.caplen);
	f.data = c->copy;
	ASAN_POISON_MEMORY_REGION(c->copy + f.caplen, c->cap - f.caplen);
	for (u32 n = whole->caplen;; n--) {
		f.caplen = n;
		f.len = whole->len;
		decode(c, &f, whole->caplen, all);
		if (n == 0)
			break;
		ASAN_POISON_MEMORY_REGION(c->copy + n - 1, 1);
	}
	ASAN_UNPOISON_MEMORY_REGION(c->copy, c->cap);
}

static void take_frame(struct cut *c, const struct frame *f, u64 me, u64 of)
{
	u64 shape = shape_of(c, f);

	if ((shape >> 1) % of == me)
		every_length(c, f, is_new(c, shape));
}

/* One process, of `of` of them: frames of the same shape go to the same. */
static u64 take_files(char **files, long me, long of)
{
	struct cut c = { .check = decode_check_new(), .seen = xcalloc(SHAPES, sizeof *c.seen) };
	for (; *files != NULL; files++) {
		struct err e = ERR_INIT;
		struct reader *r = reader_open(*files, &e);
		struct frame f;

		while (r != NULL && reader_next(r, &f, &e) == 1)
			take_frame(&c, &f, (u64)me, (u64)of);
		if (r != NULL)
			reader_close(r);
	}
	decode_check_free(c.check);
	free(c.copy);
	free(c.seen);
	return c.count;
}

int main(int argc, char **argv)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	u64 *count, sum = 0;
	int bad = 0, status;

	if (argc < 2)
		die("usage: mkcut FILE...");
	registry_init();
	n = CLAMP(n, 1, PROCESSES_MAX);
	count = mmap(NULL, PROCESSES_MAX * sizeof *count, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		die("no memory");
	for (long i = 0; i < n; i++)
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			count[i] = take_files(argv + 1, i, n);
			exit(0); /* with a look for leaks */
		}
	while (wait(&status) > 0)
		bad |= status != 0;
	for (long i = 0; i < n; i++)
		sum += count[i];
	printf("%" PRIu64 "\n", sum);
	return bad;
}
