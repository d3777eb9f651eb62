/*
 * damage cut FILE: reads every beginning of a capture. damage flip FILE: reads it with one or a few
 * bits flipped, 1,000 times, the same ones in each run. By the reader and by the tape, which must
 * agree. Prints how many that were. damage ifaces N: writes a pcapng with N interfaces and one
 * packet to standard output.
 */
#include "base/rand.h"
#include "packet/pkt.h"
#include "packet/registry.h"
#include "tape/reader.h"
#include "tape/tape.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct {
	struct plan plan;
	struct pkt k;
	char path[64];
	int fd;
} dm;

static u64 read_all(const u8 *p, size_t n, struct err *e)
{
	struct reader *r = reader_open_mem(p, n, e);
	struct frame f;
	u64 count = 0;

	if (r == NULL)
		return 0;
	while (reader_next(r, &f, e) > 0) {
		pkt_decode(&dm.k, &f, &dm.plan);
		count++;
	}
	reader_close(r);
	return count;
}

static u64 tape_all(const u8 *p, size_t n, struct err *e)
{
	struct tape *t;
	u64 count;

	if (ftruncate(dm.fd, 0) < 0 || pwrite(dm.fd, p, n, 0) != (ssize_t)n)
		abort();
	t = tape_open(dm.path, e);
	if (t == NULL)
		return 0;
	tape_wait(t, UINT64_MAX, -1);
	count = tape_count(t);
	if (tape_error(t) != NULL)
		err_set(e, "%s", tape_error(t));
	for (u64 i = 0; i < count; i++) {
		struct frame f;

		tape_frame(t, i, &f);
		pkt_decode(&dm.k, &f, &dm.plan);
	}
	tape_close(t);
	return count;
}

/* The bytes stand in memory of just their size, so that a sanitizer sees what is read beyond. */
static void one(const u8 *p, size_t n, const char *what, u64 which)
{
	struct err a = ERR_INIT, b = ERR_INIT;
	u8 *copy = malloc(n > 0 ? n : 1);
	u64 x, y;

	if (copy == NULL)
		abort();
	memcpy(copy, p, n);
	x = read_all(copy, n, &a);
	y = tape_all(copy, n, &b);
	free(copy);
	if (x != y || (a.text[0] != '\0') != (b.text[0] != '\0')) {
		printf("%s %llu: reader %llu (%s), tape %llu (%s)\n", what,
		       (unsigned long long)which, (unsigned long long)x, a.text,
		       (unsigned long long)y, b.text);
		exit(1);
	}
}

static void flip(const u8 *p, size_t n)
{
	u8 *bent = malloc(n);
	struct rnd r;

	if (bent == NULL)
		abort();
	rnd_init(&r, 20261122);
	for (u64 i = 0; i < 1000; i++) {
		memcpy(bent, p, n);
		for (u64 k = 0; k < 1 + i % 3; k++) {
			u64 bit = rnd_below(&r, n * 8);

			bent[bit / 8] ^= (u8)(1 << bit % 8);
		}
		one(bent, n, "flip", i);
	}
	free(bent);
	printf("1000 files\n");
}

static int ifaces(unsigned long n)
{
	static const u8 section[28] = { 0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0,    0,	   0x4d, 0x3c,
					0x2b, 0x1a, 1,	  0,	0,  0, 0xff, 0xff, 0xff, 0xff,
					0xff, 0xff, 0xff, 0xff, 28, 0, 0,    0 };
	static const u8 iface[20] = {
		1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0
	};
	static const u8 packet[32] = { 6, 0, 0, 0, 32, 0, 0, 0, 0, 0, 0, 0, 0,	0, 0, 0,
				       0, 0, 0, 0, 0,  0, 0, 0, 0, 0, 0, 0, 32, 0, 0, 0 };

	fwrite(section, 1, sizeof section, stdout);
	for (unsigned long i = 0; i < n; i++) {
		fwrite(iface, 1, sizeof iface, stdout);
		if (i == 0)
			fwrite(packet, 1, sizeof packet, stdout);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}

static u8 *load(const char *path, size_t *n)
{
	FILE *f = fopen(path, "r");
	u8 *p = malloc(1 << 20);

	if (f == NULL || p == NULL) {
		perror(path);
		exit(2);
	}
	*n = fread(p, 1, 1 << 20, f);
	fclose(f);
	return p;
}

int main(int argc, char **argv)
{
	size_t n;
	u8 *p;

	if (argc == 3 && strcmp(argv[1], "ifaces") == 0)
		return ifaces(strtoul(argv[2], NULL, 10));
	if (argc != 3) {
		fprintf(stderr, "usage: damage cut|flip FILE | damage ifaces N\n");
		return 2;
	}
	registry_init();
	plan_init(&dm.plan);
	plan_want_all(&dm.plan);
	pkt_init(&dm.k);
	dm.fd = memfd_create("damaged", 0);
	snprintf(dm.path, sizeof dm.path, "/proc/self/fd/%d", dm.fd);
	p = load(argv[2], &n);
	if (strcmp(argv[1], "flip") == 0) {
		flip(p, n);
	} else {
		for (size_t i = 0; i <= n; i++)
			one(p, i, "cut", i);
		printf("%zu files\n", n + 1);
	}
	free(p);
	plan_fini(&dm.plan);
	pkt_fini(&dm.k);
	return 0;
}
