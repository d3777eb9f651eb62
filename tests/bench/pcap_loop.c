/* pcap_loop FILE [RUNS]: the bare pcap_next_ex() loop that `make bench' measures everything
 * against. Prints "packets bytes ns_per_packet" of the fastest run. */
#include <pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	unsigned long long packets = 0, bytes = 0;
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *data;
	double best = 1e300, t;
	pcap_t *p;
	int ret;

	if (argc < 2) {
		fprintf(stderr, "usage: pcap_loop FILE [RUNS]\n");
		return 2;
	}
	while (runs-- > 0) {
		t = now();
		p = pcap_open_offline_with_tstamp_precision(argv[1], PCAP_TSTAMP_PRECISION_NANO,
							    why);
		if (p == NULL) {
			fprintf(stderr, "pcap_loop: %s\n", why);
			return 1;
		}
		packets = bytes = 0;
		while ((ret = pcap_next_ex(p, &h, &data)) == 1) {
			packets++;
			bytes += h->caplen;
		}
		if (ret != PCAP_ERROR_BREAK) {
			fprintf(stderr, "pcap_loop: %s\n", pcap_geterr(p));
			return 1;
		}
		pcap_close(p);
		t = now() - t;
		if (t < best)
			best = t;
	}
	printf("%llu %llu %.1f\n", packets, bytes, packets ? best / (double)packets : 0.0);
	return 0;
}
