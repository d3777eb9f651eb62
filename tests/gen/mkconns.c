/*
 * mkconns KIND FILE: captures of headers only that are hard on what follows connections, for
 * tests/conns.sh; the same bytes every time.
 *	flood	400,000 SYNs from as many ends, nothing answered
 *	long	one connection that carries 4.6 GB: its numbers come round
 *	years	a connection whose packets are ten years apart
 *	back	a connection whose clock runs backwards
 */
#include "build.h"

#include <stdlib.h>
#include <string.h>

enum { HEADERS = 54, FLOOD = 400000, BIG = 65000, LONG = 70000 };

static struct out out;
static u64 now = 1700000000ull * 1000000000;

static void le32(u8 *p, u32 v)
{
	for (int i = 0; i < 4; i++)
		p[i] = (u8)(v >> 8 * i);
}

/* A segment of which only the headers are captured, in a record of pcap with nanoseconds. */
static void segment(bool back, u32 client, u16 port, u8 flags, u32 seq, u32 ack, u32 len)
{
	u8 r[16 + HEADERS] = { 0 }, *p = r + 16;
	u32 ends[2] = { client, 0x0a000001 };
	u16 ports[2] = { port, 80 };

	le32(r, (u32)(now / 1000000000));
	le32(r + 4, (u32)(now % 1000000000));
	le32(r + 8, HEADERS);
	le32(r + 12, HEADERS + len);
	p[5] = 2;
	p[11] = 1;
	set16(p + 12, 0x0800);
	p[14] = 0x45;
	set16(p + 16, 40 + len);
	p[22] = 64;
	p[23] = 6;
	set32(p + 26, ends[back]);
	set32(p + 30, ends[!back]);
	set16(p + 34, ports[back]);
	set16(p + 36, ports[!back]);
	set32(p + 38, seq);
	set32(p + 42, ack);
	p[46] = 0x50;
	p[47] = flags;
	set16(p + 48, 65535);
	out_raw(&out, r, sizeof r);
}

static void flood(void)
{
	for (u32 i = 0; i < FLOOD; i++) {
		segment(false, 0x0b000000 + i, (u16)(1024 + i % 60000), T_SYN, i * 7919, 0, 0);
		now += 1000;
	}
}

/* A connection whose `n` segments of data are each acknowledged, so many ns apart. */
static void transfer(u32 n, u32 len, i64 step)
{
	u32 seq = 0xfffff000, from = 0x0a000002;

	segment(false, from, 40000, T_SYN, seq, 0, 0);
	now += (u64)step;
	segment(true, from, 40000, T_SYN | T_ACK, 1000, seq + 1, 0);
	now += (u64)step;
	segment(false, from, 40000, T_ACK, ++seq, 1001, 0);
	for (u32 i = 0; i < n; i++) {
		now += (u64)step;
		segment(false, from, 40000, T_ACK, seq, 1001, len);
		seq += len;
		now += (u64)step;
		segment(true, from, 40000, T_ACK, 1001, seq, 0);
	}
	now += (u64)step;
	segment(false, from, 40000, T_FIN | T_ACK, seq, 1001, 0);
	now += (u64)step;
	segment(true, from, 40000, T_FIN | T_ACK, 1001, seq + 1, 0);
	now += (u64)step;
	segment(false, from, 40000, T_ACK, seq + 1, 1002, 0);
}

int main(int argc, char **argv)
{
	const char *kind = argc == 3 ? argv[1] : "";

	if (argc == 3) {
		out_open(&out, argv[2]);
		out.ns = true;
		out_pcap_header(&out, 1);
	}
	if (strcmp(kind, "flood") == 0) {
		flood();
	} else if (strcmp(kind, "long") == 0) {
		transfer(LONG, BIG, 50000);
	} else if (strcmp(kind, "years") == 0) {
		now = 0;
		transfer(2, 1000, (i64)315360000 * 1000000000);
	} else if (strcmp(kind, "back") == 0) {
		transfer(100, 1000, -3000000);
	} else {
		fputs("usage: mkconns flood|long|years|back FILE\n", stderr);
		return 2;
	}
	out_close(&out);
	return 0;
}
