/*
 * A mutating fuzz driver for compilers without libFuzzer; takes the same targets and the options that
 * tests/fuzz/run uses: -max_total_time=S -seed=N -max_len=N -timeout=S -rss_limit_mb=N
 * -artifact_prefix=P, then seed files and folders. With file arguments only and -runs=0 it replays them.
 * Where the compiler offers -fsanitize-coverage=trace-pc, inputs that reach new code join the corpus.
 */
#include <dirent.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
void __sanitizer_cov_trace_pc(void);

enum { MAP_BITS = 14, CORPUS_CAP = 8192, SEED_CAP = 1 << 20 };

struct input {
	uint8_t *data;
	size_t size;
};

static uint8_t hits[1 << MAP_BITS]; /* edges of this run */
static uint8_t seen[1 << MAP_BITS]; /* edges of all runs, by magnitude of their count */
static uintptr_t last_pc;

static struct input corpus[CORPUS_CAP];
static size_t corpus_len;

static uint64_t chance = 1;
static size_t max_len = 4096;
static unsigned timeout_s = 10;
static char artifact[4096];
static uint8_t *shared; /* the running input, in a file that survives a crash: length, then bytes */

void __sanitizer_cov_trace_pc(void)
{
	uintptr_t pc = (uintptr_t)__builtin_return_address(0);

	pc = (pc * 0x9e3779b97f4a7c15u) >> 40;
	hits[(pc ^ last_pc) & ((1u << MAP_BITS) - 1)]++;
	last_pc = pc >> 1;
}

static uint64_t roll(uint64_t below)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return below ? chance % below : 0;
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* True when this run took an edge that no run took before, or a new order of magnitude more often. */
static bool is_new(void)
{
	bool news = false;

	for (size_t i = 0; i < sizeof(hits); i++) {
		uint64_t eight;

		if (i % 8 == 0) {
			memcpy(&eight, hits + i, sizeof(eight));
			if (!eight) {
				i += 7;
				continue;
			}
		}
		if (!hits[i])
			continue;
		uint8_t order = (uint8_t)(1u << (31 - __builtin_clz(hits[i])));
		if (!(seen[i] & order)) {
			seen[i] |= order;
			news = true;
		}
	}
	return news;
}

static void on_alarm(int sig)
{
	static const char msg[] = "fuzz driver: an input takes too long\n";

	(void)sig;
	if (write(2, msg, sizeof(msg) - 1) < 0)
		_exit(70);
	_exit(70);
}

/* Runs the target on a copy of exactly that size, so that a read past the end is caught. */
static bool run_one(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	if (size)
		memcpy(copy, data, size);
	if (shared) {
		uint64_t n = size;
		memcpy(shared + sizeof(n), data, size);
		memcpy(shared, &n, sizeof(n));
	}
	memset(hits, 0, sizeof(hits));
	last_pc = 0;
	alarm(timeout_s);
	LLVMFuzzerTestOneInput(copy, size);
	alarm(0);
	free(copy);
	return is_new();
}

static void corpus_add(const uint8_t *data, size_t size)
{
	struct input *in;

	if (corpus_len == CORPUS_CAP) { /* full: the new one replaces one at random */
		in = &corpus[roll(CORPUS_CAP)];
		free(in->data);
	} else {
		in = &corpus[corpus_len++];
	}
	in->data = malloc(size ? size : 1);
	if (!in->data)
		abort();
	memcpy(in->data, data, size);
	in->size = size;
}

static void load(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return;
	if (S_ISDIR(st.st_mode)) {
		DIR *d = opendir(path);
		struct dirent *e;

		while (d && (e = readdir(d))) {
			char sub[4096];

			if (e->d_name[0] == '.')
				continue;
			snprintf(sub, sizeof(sub), "%s/%s", path, e->d_name);
			load(sub);
		}
		if (d)
			closedir(d);
		return;
	}
	static uint8_t buf[SEED_CAP];
	FILE *f = fopen(path, "rb");

	if (!f)
		return;
	size_t n = fread(buf, 1, max_len < SEED_CAP ? max_len : SEED_CAP, f);
	fclose(f);
	corpus_add(buf, n);
}

static size_t insert(uint8_t *p, size_t n, size_t at, const uint8_t *from, size_t len)
{
	if (len > max_len - n)
		len = max_len - n;
	memmove(p + at + len, p + at, n - at);
	memmove(p + at, from, len);
	return n + len;
}

/* One random change of the n bytes at p; returns the new length. */
static size_t mutate(uint8_t *p, size_t n)
{
	static const uint8_t edges[] = { 0, 1, 0x7f, 0x80, 0xff, 0xfe, 4, 8, 16, 20, 40, 64 };
	static const struct input none;
	uint8_t block[64];
	size_t at = roll(n), len;
	const struct input *other;

	switch (n ? roll(9) : 4) {
	case 0: p[at] ^= (uint8_t)(1u << roll(8)); break;
	case 1: p[at] = (uint8_t)roll(256); break;
	case 2: p[at] = edges[roll(sizeof(edges))]; break;
	case 3: p[at] = (uint8_t)(p[at] + roll(33) - 16); break;
	case 4:
		for (size_t i = 0; i < sizeof(block); i++)
			block[i] = (uint8_t)roll(256);
		return insert(p, n, n ? at : 0, block, 1 + roll(roll(4) ? 4 : sizeof(block)));
	case 5:
		len = 1 + roll(n - at < 64 ? n - at : 64);
		if (len > n - at)
			len = n - at;
		memmove(p + at, p + at + len, n - at - len);
		return n - len;
	case 6: return at;
	case 7:
		len = 1 + roll(sizeof(block) - 1);
		if (len > n - at)
			len = n - at;
		memcpy(block, p + at, len);
		return insert(p, n, roll(n), block, len);
	case 8:
		other = corpus_len ? &corpus[roll(corpus_len)] : &none;
		if (!other->size)
			break;
		len = roll(other->size) + 1;
		at = at < other->size ? at : other->size - 1;
		if (len > other->size - at)
			len = other->size - at;
		if (len > max_len - at)
			len = max_len - at;
		memcpy(p + at, other->data + at, len);
		return at + len > n ? at + len : n;
	}
	return n;
}

static void share(void)
{
	char path[4200];
	FILE *f;

	snprintf(path, sizeof(path), "%srunning", artifact);
	f = fopen(path, "w+b");
	if (!f || ftruncate(fileno(f), (off_t)(max_len + sizeof(uint64_t))) < 0) {
		fprintf(stderr, "fuzz driver: cannot write %s\n", path);
		exit(2);
	}
	shared = mmap(NULL, max_len + sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fileno(f), 0);
	fclose(f);
	if (shared == MAP_FAILED)
		exit(2);
}

static bool option(const char *arg, const char *name, unsigned long *value)
{
	size_t n = strlen(name);

	if (strncmp(arg, name, n) != 0)
		return false;
	*value = strtoul(arg + n, NULL, 10);
	return true;
}

int main(int argc, char **argv)
{
	unsigned long seconds = 60, runs = ~0ul, seed = 1, v, rss_mb = 2048, done = 0;
	double start = now();

	for (int i = 1; i < argc; i++) {
		if (option(argv[i], "-max_total_time=", &seconds) || option(argv[i], "-runs=", &runs) ||
		    option(argv[i], "-seed=", &seed) || option(argv[i], "-rss_limit_mb=", &rss_mb))
			continue;
		if (option(argv[i], "-max_len=", &v))
			max_len = v;
		else if (option(argv[i], "-timeout=", &v))
			timeout_s = (unsigned)v;
		else if (!strncmp(argv[i], "-artifact_prefix=", 17))
			snprintf(artifact, sizeof(artifact), "%s", argv[i] + 17);
	}
	chance = (seed + 1) * 0x9e3779b97f4a7c15u;
	signal(SIGALRM, on_alarm);
	if (LLVMFuzzerInitialize)
		LLVMFuzzerInitialize(&argc, &argv);
	share();
	for (int i = 1; i < argc; i++)
		if (argv[i][0] != '-')
			load(argv[i]);
	for (size_t i = 0; i < corpus_len; i++, done++)
		run_one(corpus[i].data, corpus[i].size);

	uint8_t *p = malloc(max_len);

	if (!p)
		abort();
	for (; done < runs && now() - start < (double)seconds; done++) {
		size_t n = 0;
		struct rusage ru;

		if (corpus_len) {
			const struct input *in = &corpus[roll(corpus_len)];
			n = in->size;
			memcpy(p, in->data, n);
		}
		for (uint64_t k = 1 + roll(roll(2) ? 2 : 12); k; k--)
			n = mutate(p, n);
		if (run_one(p, n))
			corpus_add(p, n);
		if (done % 1024 == 0 && !getrusage(RUSAGE_SELF, &ru) && (unsigned long)ru.ru_maxrss / 1024 > rss_mb) {
			fprintf(stderr, "fuzz driver: more than %lu MB in use\n", rss_mb);
			return 71;
		}
	}
	free(p);
	printf("Done %lu runs in %.0f second(s), corpus %zu\n", done, now() - start, corpus_len);
	for (size_t i = 0; i < corpus_len; i++)
		free(corpus[i].data);
	return 0;
}
