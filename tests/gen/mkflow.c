/*
 * mkflow FILE N: a capture of exactly N packets of one TCP connection that never ends, the same
 * bytes for the same N: a sender with some hundred segments in flight, an ACK for every second one,
 * and every thousandth segment lost and sent again. Headers only are captured. For `make bench`.
 */
#include "build.h"

#include <stdlib.h>
#include <string.h>

enum { MSS = 1448, FLIGHT = 200 };

static struct out out;
static struct buf b, opt;
static u64 now = 1700000000ull * 1000000000;

static void segment(bool back, u32 seq, u32 ack, u32 len, u32 sack)
{
	buf_init(&b);
	buf_init(&opt);
	if (sack) {
		putx(&opt, "0101 050a");
		put32(&opt, ack + MSS);
		put32(&opt, sack);
	}
	putz(&b, len);
	push_tcp(&b, &(struct tcp) { .sport = back ? 80 : 40000,
				     .dport = back ? 40000 : 80,
				     .seq = seq,
				     .ack = ack,
				     .flags = T_ACK,
				     .win = 60000,
				     .opt = &opt });
	push_ip4(&b, &(struct ip4) { .src = back ? 0x0a000002 : 0x0a000001,
				     .dst = back ? 0x0a000001 : 0x0a000002 });
	push_eth(&b, maca("02:00:00:00:00:02"), maca("02:00:00:00:00:01"));
	out_packet(&out, 0, now, &b);
	now += 5000;
}

int main(int argc, char **argv)
{
	unsigned long n = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	u32 seq = 1, acked = 1, hole = 0;

	if (n == 0) {
		fputs("usage: mkflow FILE N\n", stderr);
		return 2;
	}
	out_open(&out, argv[1]);
	out.snaplen = 66;
	out_pcap_header(&out, 1);
	for (unsigned long i = 0; i < n; i++) {
		bool full = seq - acked > FLIGHT * MSS;

		if (hole && full) { /* the ACKs of three flights tell of it */
			segment(false, hole, 1, MSS, 0);
			acked = seq;
			hole = 0;
		} else if (i % 3 == 2 && seq != acked) {
			if (!hole && seq - acked > FLIGHT / 2 * MSS)
				acked += 2 * MSS;
			segment(true, 1, acked, 0, hole ? seq : 0);
		} else {
			if (i % 1000 == 0 && !hole) { /* this one is lost */
				acked = hole = seq;
				seq += MSS;
			}
			segment(false, seq, 1, MSS, 0);
			seq += MSS;
		}
	}
	out_close(&out);
	return 0;
}
