/* tape_loop read FILE [RUNS]: the streaming reader from front to end; prints "packets bytes
 * ns_per_packet" of the fastest run, like pcap_loop. */
#include "tape/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int read_all(const char *path, u64 *packets, u64 *bytes, struct err *e)
{
	struct reader *r = reader_open(path, e);
	struct frame f;
	int ret;

	if (r == NULL)
		return -1;
	*packets = *bytes = 0;
	while ((ret = reader_next(r, &f, e)) == 1) {
		++*packets;
		*bytes += f.caplen;
	}
	reader_close(r);
	return ret;
}

int main(int argc, char **argv)
{
	long runs = argc > 3 ? strtol(argv[3], NULL, 10) : 1;
	struct err e = ERR_INIT;
	u64 packets = 0, bytes = 0;
	double best = 1e300, t;

	if (argc < 3 || strcmp(argv[1], "read") != 0)
		die("usage: tape_loop read FILE [RUNS]");
	while (runs-- > 0) {
		t = now();
		if (read_all(argv[2], &packets, &bytes, &e) < 0)
			die("%s", e.text);
		t = now() - t;
		if (t < best)
			best = t;
	}
	printf("%llu %llu %.1f\n", (unsigned long long)packets, (unsigned long long)bytes,
	       packets ? best / (double)packets : 0.0);
	return 0;
}
