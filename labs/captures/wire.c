/*
 * wire [-o FILE] [-n NAME] [-s BIT/S] [-d MS] [-x N,N...] [-a ADDRESS=NAME]... IF1 IF2: a wire
 * between two interfaces, in user space. wire -p IF: switch off everything of IF that makes frames
 * other than they are on a real wire, and end.
 *
 * What comes in at one interface goes out at the other, through a queue of the given rate, then
 * after the given delay. -x names TCP segments with data from IF1 by their number (the first is 1)
 * that get lost behind the queue.
 *
 * The capture is what a tap at the end of IF1 sees: a frame from IF1 when it comes in, a frame from
 * IF2 when it is delivered. "Outbound" is from IF1, "inbound" to it. A lost frame is in it, with
 * the comment "dropped by the wire". Runs until SIGTERM or SIGINT, then completes the capture.
 * Needs CAP_NET_RAW, and for -p CAP_NET_ADMIN.
 */
#define _GNU_SOURCE
#include "ng.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 1024, FRAME = 2048, DROPS = 32 };

struct frame {
	uint64_t due;
	uint32_t len;
	bool lost;
	uint8_t bytes[FRAME];
};

/* One way: a queue in order of arrival, which is the order of delivery too. */
struct way {
	struct frame q[SLOTS];
	uint32_t head, tail; /* taken from head, put at tail, modulo SLOTS */
	uint64_t free_at;    /* when the last frame has left the queue */
	int out;
};

struct wire {
	struct ng ng;
	bool record;
	uint64_t rate, delay; /* bit/s (0: no limit), ns */
	uint32_t drop[DROPS];
	int ndrop;
	uint32_t segments; /* with data, from the first interface, so far */
	uint64_t captured, start;
	int64_t realtime; /* to be added to the monotonic clock */
	struct way way[2];
};

static volatile sig_atomic_t done;

static void on_signal(int sig)
{
	(void)sig;
	done = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
	exit(1);
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- interfaces ---- */

static void set_offload(int fd, struct ifreq *r, uint32_t command)
{
	struct ethtool_value v = { .cmd = command, .data = 0 };

	r->ifr_data = (char *)&v;
	ioctl(fd, SIOCETHTOOL, r); /* what the interface has not got need not be switched off */
}

static void plain(const char *name)
{
	static const uint32_t commands[] = { ETHTOOL_STXCSUM, ETHTOOL_SSG, ETHTOOL_STSO,
					     ETHTOOL_SGSO, ETHTOOL_SGRO };
	struct ifreq r = { 0 };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0 || strlen(name) >= sizeof r.ifr_name)
		die(name);
	memcpy(r.ifr_name, name, strlen(name));
	for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
		set_offload(fd, &r, commands[i]);
	close(fd);
}

static int open_interface(const char *name)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_ALL),
				 .sll_ifindex = (int)if_nametoindex(name) };
	int one = 1, fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);

	if (fd < 0 || !a.sll_ifindex ||
	    setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof one) ||
	    bind(fd, (struct sockaddr *)&a, sizeof a))
		die(name);
	return fd;
}

/* ---- frames ---- */

/* Whether it is a TCP segment over IPv4 that carries data. */
static bool has_data(const uint8_t *p, uint32_t n)
{
	uint32_t ihl, total, doff;

	if (n < 54 || p[12] != 8 || p[13] != 0 || p[23] != 6)
		return false;
	ihl = (p[14] & 15u) * 4;
	total = (uint32_t)p[16] << 8 | p[17];
	if (14 + ihl + 20 > n)
		return false;
	doff = (p[14 + ihl + 12] >> 4) * 4u;
	return total > ihl + doff;
}

static bool is_lost(struct wire *w, int from, const struct frame *f)
{
	if (from || !has_data(f->bytes, f->len))
		return false;
	w->segments++;
	for (int i = 0; i < w->ndrop; i++)
		if (w->drop[i] == w->segments)
			return true;
	return false;
}

static void capture(struct wire *w, uint64_t now, enum ng_direction dir, const struct frame *f)
{
	if (!w->record)
		return;
	ng_packet(&w->ng, 0, now + (uint64_t)w->realtime, dir, f->bytes, f->len,
		  f->lost ? "dropped by the wire" : NULL);
	w->captured++;
}

static void receive(struct wire *w, int from, int fd)
{
	struct way *y = &w->way[from];

	for (;;) {
		struct frame *f = &y->q[y->tail % SLOTS];
		ssize_t n;
		uint64_t now, leaves;

		if (y->tail - y->head == SLOTS) {
			fprintf(stderr, "wire: the queue is full\n");
			return;
		}
		if ((n = recv(fd, f->bytes, FRAME, 0)) <= 0)
			return;
		now = clock_ns(CLOCK_MONOTONIC);
		f->len = (uint32_t)n;
		f->lost = is_lost(w, from, f);
		if (!from)
			capture(w, now, NG_OUT, f);
		leaves = now > y->free_at ? now : y->free_at;
		if (w->rate)
			leaves += f->len * 8 * 1000000000ull / w->rate;
		y->free_at = leaves;
		f->due = leaves + w->delay;
		if (!f->lost)
			y->tail++;
	}
}

/* Deliver what is due. Returns when the next one will be, or 0 when nothing waits. */
static uint64_t deliver(struct wire *w, int from, uint64_t now)
{
	struct way *y = &w->way[from];

	while (y->head != y->tail && y->q[y->head % SLOTS].due <= now) {
		struct frame *f = &y->q[y->head++ % SLOTS];

		if (from)
			capture(w, clock_ns(CLOCK_MONOTONIC), NG_IN, f);
		if (send(y->out, f->bytes, f->len, 0) < 0 && errno != ENETDOWN)
			die("sending");
	}
	return y->head == y->tail ? 0 : y->q[y->head % SLOTS].due;
}

static void run(struct wire *w, int fd[2])
{
	struct pollfd p[2] = { { .fd = fd[0], .events = POLLIN },
			       { .fd = fd[1], .events = POLLIN } };

	while (!done) {
		uint64_t now = clock_ns(CLOCK_MONOTONIC), a = deliver(w, 0, now),
			 b = deliver(w, 1, now);
		uint64_t next = !a || (b && b < a) ? b : a, wait;
		struct timespec t;

		now = clock_ns(CLOCK_MONOTONIC);
		wait = !next ? 1000000000 : next > now ? next - now : 0;
		t = (struct timespec) { .tv_sec = (time_t)(wait / 1000000000),
					.tv_nsec = (long)(wait % 1000000000) };
		if (ppoll(p, 2, &t, NULL) < 0 && errno != EINTR)
			die("waiting");
		receive(w, 0, fd[0]);
		receive(w, 1, fd[1]);
	}
}

static int parse_drops(struct wire *w, char *s)
{
	for (char *t = strtok(s, ","); t; t = strtok(NULL, ",")) {
		if (w->ndrop == DROPS)
			return -1;
		w->drop[w->ndrop++] = (uint32_t)strtoul(t, NULL, 10);
	}
	return 0;
}

int main(int argc, char **argv)
{
	static struct wire w;
	const char *path = NULL, *name = "wire";
	char *names[16];
	int nnames = 0, fd[2], o;

	while ((o = getopt(argc, argv, "o:n:s:d:x:a:p:")) != -1) {
		switch (o) {
		case 'o': path = optarg; break;
		case 'n': name = optarg; break;
		case 's': w.rate = strtoull(optarg, NULL, 10); break;
		case 'd': w.delay = (uint64_t)(strtod(optarg, NULL) * 1e6); break;
		case 'x':
			if (parse_drops(&w, optarg))
				return 2;
			break;
		case 'a':
			if (nnames < 16)
				names[nnames++] = optarg;
			break;
		case 'p': plain(optarg); return 0;
		default: return 2;
		}
	}
	if (argc - optind != 2) {
		fputs("usage: wire [-o FILE] [-n NAME] [-s BIT/S] [-d MS] [-x N,N...] [-a "
		      "ADDRESS=NAME]... IF1 IF2\n"
		      "       wire -p IF\n",
		      stderr);
		return 2;
	}
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	prctl(PR_SET_TIMERSLACK, 1);
	sched_setscheduler(
		0, SCHED_FIFO,
		&(struct sched_param) { .sched_priority = 1 }); /* better so, but it goes without */
	for (int i = 0; i < 2; i++) {
		fd[i] = open_interface(argv[optind + i]);
		w.way[!i].out = fd[i];
	}
	w.start = clock_ns(CLOCK_MONOTONIC);
	w.realtime = (int64_t)(clock_ns(CLOCK_REALTIME) - w.start);
	if (path) {
		w.record = true;
		ng_open(&w.ng, path, "tapdeck's wire", NULL);
		ng_interface(&w.ng, name, "a wire in user space, seen from its first end", w.rate);
		if (nnames)
			ng_names(&w.ng, names, nnames);
	}
	run(&w, fd);
	if (path) {
		ng_statistics(&w.ng, 0, w.start + (uint64_t)w.realtime,
			      clock_ns(CLOCK_MONOTONIC) + (uint64_t)w.realtime, w.captured);
		ng_close(&w.ng);
	}
	return 0;
}
