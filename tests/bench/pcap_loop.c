/* pcap_loop FILE [RUNS]: the bare pcap_next_ex() loop that `make bench' measures everything
 * against. Prints "packets bytes wall cpu": of the fastest run, in ns a packet. */
#include "bench.h"

#include <pcap.h>


int main(int argc, char **argv)
{
	long runs = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
	unsigned long long packets = 0, bytes = 0;
	char why[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const u_char *data;
	double best = 1e300, best_cpu = 1e300, t, cpu;
	pcap_t *p;
	int ret;

	if (argc < 2) {
		fprintf(stderr, "usage: pcap_loop FILE [RUNS]\n");
		return 2;
	}
	while (runs-- > 0) {
		t = bench_now();
		cpu = bench_clock(CLOCK_THREAD_CPUTIME_ID);
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
		t = bench_now() - t;
		cpu = bench_clock(CLOCK_THREAD_CPUTIME_ID) - cpu;
		best = MIN(best, t);
		best_cpu = MIN(best_cpu, cpu);
	}
	if (packets == 0)
		packets = 1;
	printf("%llu %llu %.1f %.1f\n", packets, bytes, best / (double)packets,
	       best_cpu / (double)packets);
	return 0;
}
