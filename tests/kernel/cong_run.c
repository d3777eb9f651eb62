/* cong_run SCENARIO reno|cubic FOLDER: one transfer of the kernel's TCP over a path made here,
 *recorded at both ends, and beside it what the kernel says of its own congestion control. Without
 *arguments: the scenarios.
 *
 * Two network namespaces with a TAP device each; between them, in this one thread, a queue of a
 *given rate and length, a delay, and losses that are chosen by what a segment carries and not by
 *when it comes. A frame written to a TAP device has been through the kernel's TCP when write()
 *returns, so TCP_INFO asked right behind it is exact, packet by packet.
 *
 * FOLDER/sender.pcap, middle.pcap and receiver.pcap are captures of three places, FOLDER/truth has
 *a line for each change: time in ns, as in the captures; ca_state; cwnd and ssthresh in segments;
 *srtt, rttvar, rto in us; in flight in segments Ends with status 77 and one sentence where the
 *system does not allow it. Nothing is left behind: all of it is the process's own. */
#include "base/err.h"
#include "base/rand.h"
#include "base/vec.h"
#include "tape/writer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/tcp.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { SLOTS = 4096, FRAME = 2048, DROPS = 12, MSS = 1448, PORT = 5001, SKIP = 77 };

struct scenario {
	const char *name;
	double mbit, ms;  /* rate of the path, delay of each way */
	u32 queue;	  /* frames that may wait for the rate; 0: any number */
	u32 bytes;	  /* to be sent */
	u32 per_mille;	  /* of the segments get lost by chance */
	int rcvbuf;	  /* of the receiver, bytes; 0: the system's */
	u32 write, pause; /* the application writes so much, then waits so many ms; 0: all it can */
	u32 rest, rest_ms; /* after so many writes it waits longer */
	bool no_sack, no_stamps;
	u16 late[4], behind; /* these segments, when they come first, are overtaken by so many */
	u16 stall, stall_ms; /* at this segment the path stands still */
	/* The segment that carries byte `segment` * MSS is lost the first `times` times. */
	struct {
		u16 segment, count; /* and the count - 1 behind it */
		u8 times;
	} drop[DROPS];
};

static const struct scenario scenarios[] = {
	{ .name = "clean", .mbit = 20, .ms = 20, .bytes = 4000000 },
	{ .name = "single",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 100,
	  .bytes = 6000000,
	  .drop = { { 300, 1, 1 }, { 1100, 1, 1 }, { 2300, 1, 1 }, { 3500, 1, 1 } } },
	{ .name = "burst",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 100,
	  .bytes = 5000000,
	  .drop = { { 400, 8, 1 }, { 1600, 20, 1 }, { 2800, 5, 1 } } },
	{ .name = "timeout",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 100,
	  .bytes = 5000000,
	  .drop = { { 400, 60, 2 }, { 1500, 1, 4 }, { 2400, 5, 2 } } },
	{ .name = "tail", .mbit = 10, .ms = 20, .queue = 30, .bytes = 5000000 },
	{ .name = "random", .mbit = 20, .ms = 15, .queue = 200, .bytes = 5000000, .per_mille = 5 },
	{ .name = "window", .mbit = 20, .ms = 20, .bytes = 3000000, .rcvbuf = 40000 },
	{ .name = "window2", .mbit = 20, .ms = 20, .bytes = 4000000, .rcvbuf = 110000 },
	{ .name = "application",
	  .mbit = 20,
	  .ms = 20,
	  .bytes = 1800000,
	  .write = 40000,
	  .pause = 60,
	  .rest = 15,
	  .rest_ms = 900,
	  .drop = { { 500, 1, 1 } } },
	{ .name = "reorder",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 100,
	  .bytes = 4000000,
	  .late = { 120, 1400, 2000 },
	  .behind = 6,
	  .drop = { { 700, 1, 1 } } },
	{ .name = "stall",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 300,
	  .bytes = 4000000,
	  .stall = 1500,
	  .stall_ms = 400,
	  .drop = { { 300, 1, 1 } } },
	{ .name = "newreno",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 300,
	  .bytes = 4000000,
	  .no_sack = true,
	  .drop = { { 150, 1, 1 }, { 1500, 3, 1 }, { 2200, 1, 1 } } },
	{ .name = "nostamps",
	  .mbit = 20,
	  .ms = 20,
	  .queue = 60,
	  .bytes = 4000000,
	  .no_stamps = true,
	  .drop = { { 900, 2, 1 } } },
};

struct slot {
	ns_t due;
	u32 len;
	u8 bytes[FRAME];
};

/* A frame in the middle of the path: its time is known before it is there. */
struct passing {
	ns_t ts;
	u32 len;
	u8 *bytes;
};

/* One way: first in, first out. */
struct way {
	struct slot *q;
	u32 head, tail;
	ns_t free_at; /* when the last frame has left the queue */
};

struct run {
	const struct scenario *sc;
	int tap[2], sock[2], listener;
	struct way way[2];
	struct slot held; /* a frame that is being overtaken */
	u32 overtaken;
	struct writer *out[3]; /* what each end sees, and what is seen half-way */
	VEC(struct passing) middle;
	FILE *truth;
	char last[128];
	u8 copies[8192]; /* how often each segment was sent, by its number */
	u32 isn;	 /* of the sender */
	u32 written, writes;
	ns_t write_at;
	bool closed;
};

/* ---- the two hosts ---- */

static void skip(const char *what)
{
	printf("%s: %s\n", what, strerror(errno));
	exit(SKIP);
}

static bool put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return ok;
}

/* Users may have namespaces only inside one of their own. */
static void own_users(void)
{
	uid_t u = geteuid();
	gid_t g = getegid();
	char map[64];

	if (u == 0)
		return;
	if (unshare(CLONE_NEWUSER) != 0)
		skip("user namespaces are not allowed");
	put("/proc/self/setgroups", "deny");
	snprintf(map, sizeof map, "0 %u 1", (unsigned)u);
	put("/proc/self/uid_map", map);
	snprintf(map, sizeof map, "0 %u 1", (unsigned)g);
	put("/proc/self/gid_map", map);
}

static struct sockaddr_in host(int i, u16 port)
{
	return (struct sockaddr_in) { .sin_family = AF_INET,
				      .sin_port = htons(port),
				      .sin_addr.s_addr = htonl(0x0a000001u + (u32)i) };
}

static void want(int ret, const char *what)
{
	if (ret < 0)
		skip(what);
}

static int tap_open(int i)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI };
	struct sockaddr_in a = host(i, 0), mask = { .sin_family = AF_INET }, peer = host(!i, 0);
	struct arpreq arp = { .arp_flags = ATF_PERM | ATF_COM };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	int s = socket(AF_INET, SOCK_DGRAM, 0);

	want(fd, "/dev/net/tun");
	mask.sin_addr.s_addr = htonl(0xffffff00);
	strcpy(r.ifr_name, "tap0");
	want(ioctl(fd, TUNSETIFF, &r), "a TAP device");
	r.ifr_hwaddr = (struct sockaddr) { .sa_family = ARPHRD_ETHER,
					   .sa_data = { 2, 0, 0, 0, 0, (char)(i + 1) } };
	want(ioctl(s, SIOCSIFHWADDR, &r), "its address");
	memcpy(&r.ifr_addr, &a, sizeof a);
	want(ioctl(s, SIOCSIFADDR, &r), "its IP address");
	memcpy(&r.ifr_netmask, &mask, sizeof mask);
	want(ioctl(s, SIOCSIFNETMASK, &r), "its mask");
	r.ifr_flags = IFF_UP | IFF_RUNNING | IFF_BROADCAST;
	want(ioctl(s, SIOCSIFFLAGS, &r), "its coming up");
	memcpy(&arp.arp_pa, &peer, sizeof peer);
	arp.arp_ha = (struct sockaddr) { .sa_family = ARPHRD_ETHER,
					 .sa_data = { 2, 0, 0, 0, 0, (char)(!i + 1) } };
	strcpy(arp.arp_dev, "tap0");
	want(ioctl(s, SIOCSARP, &arp), "its neighbour");
	close(s);
	return fd;
}

static void host_begin(struct run *r, int i)
{
	struct sockaddr_in a = host(i, PORT);

	want(unshare(CLONE_NEWNET), "network namespaces are not allowed");
	put("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
	put("/proc/sys/net/ipv6/conf/all/disable_ipv6", "1");
	put("/proc/sys/net/ipv4/tcp_sack", r->sc->no_sack ? "0" : "1");
	put("/proc/sys/net/ipv4/tcp_timestamps", r->sc->no_stamps ? "0" : "1");
	r->tap[i] = tap_open(i);
	r->sock[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	want(r->sock[i], "a socket");
	if (i == 0)
		return;
	r->listener = r->sock[1];
	r->sock[1] = -1;
	if (r->sc->rcvbuf != 0)
		want(setsockopt(r->listener, SOL_SOCKET, SO_RCVBUF, &r->sc->rcvbuf, sizeof(int)),
		     "SO_RCVBUF");
	want(bind(r->listener, (struct sockaddr *)&a, sizeof a), "bind");
	want(listen(r->listener, 1), "listen");
}

/* ---- what is written down ---- */

static ns_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (ns_t)t.tv_sec * NS_PER_S + t.tv_nsec;
}

static void record(struct run *r, int end, ns_t now, const u8 *p, u32 n)
{
	static const struct tape_iface iface = { .link = 1 };
	struct frame f = { .ts = now, .data = p, .caplen = n, .len = n, .link = 1 };
	struct err e = ERR_INIT;

	if (writer_frame(r->out[end], &f, &iface, &e) < 0)
		die("%s", e.text);
}

static void ask(struct run *r)
{
	struct tcp_info t;
	socklen_t n = sizeof t;
	char line[128];

	if (getsockopt(r->sock[0], IPPROTO_TCP, TCP_INFO, &t, &n) != 0 ||
	    t.tcpi_state == 2 /* SYN-SENT */ || t.tcpi_state == 7 /* closed */)
		return;
	snprintf(line, sizeof line, "%u %u %u %u %u %u %u", t.tcpi_ca_state, t.tcpi_snd_cwnd,
		 t.tcpi_snd_ssthresh, t.tcpi_rtt, t.tcpi_rttvar, t.tcpi_rto,
		 t.tcpi_unacked - t.tcpi_sacked - t.tcpi_lost + t.tcpi_retrans);
	if (strcmp(line, r->last) == 0)
		return;
	strcpy(r->last, line);
	fprintf(r->truth, "%lld %s\n", (long long)now_ns(), line);
}

/* ---- the path ---- */

enum fate { PASSES, LOST, HELD };

/* What happens to a frame of the sender: chosen by what it carries and how often that was sent. */
static enum fate fate(struct run *r, const u8 *p, u32 n)
{
	const struct scenario *sc = r->sc;
	u32 hl, seq, len, rel, copy;
	struct rnd g;

	if (n < 54 || load_be16(p + 12) != 0x0800 || p[23] != 6)
		return PASSES;
	hl = (p[46] >> 4) * 4u;
	seq = load_be32(p + 38);
	len = load_be16(p + 16) - 20u - hl;
	if (p[47] & 2)
		r->isn = seq + 1;
	if (len == 0)
		return PASSES;
	rel = (seq - r->isn) / MSS;
	copy = ++r->copies[rel % ARRAY_LEN(r->copies)];
	if (copy == 1 && sc->stall_ms != 0 && rel == sc->stall)
		r->way[0].free_at = now_ns() + sc->stall_ms * NS_PER_MS;
	for (size_t i = 0; i < ARRAY_LEN(sc->late); i++)
		if (copy == 1 && sc->late[i] != 0 && rel == sc->late[i])
			return HELD;
	for (int i = 0; i < DROPS && sc->drop[i].times != 0; i++)
		if (rel >= sc->drop[i].segment && rel < sc->drop[i].segment + sc->drop[i].count &&
		    copy <= sc->drop[i].times)
			return LOST;
	rnd_init(&g, hash_mix(rel, copy));
	return rnd_below(&g, 1000) < sc->per_mille ? LOST : PASSES;
}

static void pass_middle(struct run *r, ns_t ts, const struct slot *s)
{
	u8 *p = xmalloc(s->len);

	memcpy(p, s->bytes, s->len);
	*VEC_PUSH(&r->middle) = (struct passing) { ts, s->len, p };
}

static int by_time(const void *a, const void *b)
{
	ns_t x = ((const struct passing *)a)->ts, y = ((const struct passing *)b)->ts;

	return x < y ? -1 : x > y;
}

static void record_middle(struct run *r)
{
	qsort(r->middle.v, r->middle.n, sizeof *r->middle.v, by_time);
	for (size_t i = 0; i < r->middle.n; i++) {
		record(r, 2, r->middle.v[i].ts, r->middle.v[i].bytes, r->middle.v[i].len);
		free(r->middle.v[i].bytes);
	}
	VEC_FREE(&r->middle);
}

/* The frame in the slot at the tail waits for the rate, then for the delay; or finds the queue
 * full. */
static void enqueue(struct run *r, int from)
{
	const struct scenario *sc = r->sc;
	struct way *w = &r->way[from];
	struct slot *s = &w->q[w->tail % SLOTS];
	ns_t now = now_ns();

	if (w->tail - w->head == SLOTS - 2)
		die("cong_run: %u frames are on the path", SLOTS);
	w->free_at = MAX(w->free_at, now);
	if (sc->queue != 0 &&
	    (w->free_at - now) / (ns_t)(1514 * 8000 / sc->mbit) >= sc->queue + sc->stall_ms)
		return;
	w->free_at += (ns_t)(s->len * 8.0 * 1000 / sc->mbit);
	s->due = w->free_at + (ns_t)(sc->ms * NS_PER_MS);
	pass_middle(r, s->due - (ns_t)(sc->ms * NS_PER_MS / 2), s);
	w->tail++;
}

static void receive(struct run *r, int from)
{
	struct way *w = &r->way[from];

	for (;;) {
		struct slot *s = &w->q[w->tail % SLOTS];
		ssize_t n = read(r->tap[from], s->bytes, FRAME);
		enum fate f = PASSES;

		if (n <= 0)
			return;
		s->len = (u32)n;
		record(r, from, now_ns(), s->bytes, s->len);
		if (from == 0) {
			ask(r);
			f = fate(r, s->bytes, s->len);
		}
		if (f == HELD) {
			r->held = *s;
			r->overtaken = r->sc->behind;
		} else if (f == PASSES) {
			enqueue(r, from);
			if (from == 0 && r->overtaken > 0 && --r->overtaken == 0) {
				w->q[w->tail % SLOTS] = r->held;
				enqueue(r, 0);
			}
		}
	}
}

/* Delivers what is due. When the next is, or 0. */
static ns_t deliver(struct run *r, int from)
{
	struct way *w = &r->way[from];

	while (w->head != w->tail) {
		struct slot *s = &w->q[w->head % SLOTS];
		ns_t now = now_ns();

		if (s->due > now)
			return s->due;
		w->head++;
		record(r, !from, now, s->bytes, s->len);
		if (write(r->tap[!from], s->bytes, s->len) < 0 && errno != EIO)
			die("cong_run: writing to a TAP device: %s", strerror(errno));
		if (from == 1) {
			ask(r);
			receive(r, 0); /* what it caused stands right behind it in the capture */
		}
	}
	return 0;
}

/* ---- the applications ---- */

static void send_some(struct run *r, ns_t now)
{
	static const char data[65536];
	const struct scenario *sc = r->sc;

	while (!r->closed && now >= r->write_at) {
		u32 left = sc->bytes - r->written, n = sizeof data;
		ssize_t got;

		if (sc->write != 0)
			n = sc->write - r->written % sc->write;
		got = write(r->sock[0], data, MIN(MIN(left, n), sizeof data));
		if (got <= 0)
			return;
		r->written += (u32)got;
		if (r->written == sc->bytes) {
			shutdown(r->sock[0], SHUT_WR);
			r->closed = true;
		} else if (sc->write != 0 && r->written % sc->write == 0) {
			r->writes++;
			r->write_at = now + NS_PER_MS * (r->writes % sc->rest == 0 ? sc->rest_ms
										   : sc->pause);
		}
	}
}

/* True when both ends are done. */
static bool receive_some(struct run *r)
{
	static char buf[65536];
	ssize_t n;

	if (r->sock[1] < 0) {
		r->sock[1] = accept4(r->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
		return false;
	}
	while ((n = read(r->sock[1], buf, sizeof buf)) > 0)
		;
	if (n == 0) {
		shutdown(r->sock[1], SHUT_WR);
		return read(r->sock[0], buf, 1) == 0;
	}
	return false;
}

static void loop(struct run *r)
{
	ns_t end = now_ns() + 40 * NS_PER_S;

	for (;;) {
		ns_t a = deliver(r, 0), b = deliver(r, 1), now, next;
		struct pollfd p[] = { { .fd = r->tap[0], .events = POLLIN },
				      { .fd = r->tap[1], .events = POLLIN },
				      { .fd = r->sock[1] < 0 ? r->listener : r->sock[1],
					.events = POLLIN },
				      { .fd = r->sock[0], .events = POLLIN } };
		struct timespec t;

		now = now_ns();
		send_some(r, now);
		receive(r, 0);
		if (receive_some(r) && r->way[0].head == r->way[0].tail &&
		    r->way[1].head == r->way[1].tail)
			return;
		receive(r, 1);
		if (now > end)
			die("cong_run: %s does not end", r->sc->name);
		next = MIN(a != 0 ? a : end, b != 0 ? b : end);
		if (r->sc->write != 0 && !r->closed && r->write_at > now)
			next = MIN(next, r->write_at);
		else if (!r->closed)
			p[3].events |= POLLOUT;
		if (r->way[0].head != r->way[0].tail)
			next = MIN(next, r->way[0].q[r->way[0].head % SLOTS].due);
		if (r->way[1].head != r->way[1].tail)
			next = MIN(next, r->way[1].q[r->way[1].head % SLOTS].due);
		next = MAX(next - now_ns(), 0);
		t = (struct timespec) { .tv_sec = next / NS_PER_S, .tv_nsec = next % NS_PER_S };
		ppoll(p, r->written == 0 ? 3 : 4, &t, NULL);
	}
}

static struct writer *capture(const char *folder, const char *name)
{
	char path[512];
	struct err e = ERR_INIT;
	struct writer *w;

	snprintf(path, sizeof path, "%s/%s.pcap", folder, name);
	if ((w = writer_open(path, WRITER_PCAP_NS, &e)) == NULL)
		die("%s", e.text);
	return w;
}

static const struct scenario *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
		if (strcmp(scenarios[i].name, name) == 0)
			return &scenarios[i];
	die("cong_run: there is no scenario %s", name);
}

int main(int argc, char **argv)
{
	static struct run r;
	struct sockaddr_in to = host(1, PORT);
	struct err e = ERR_INIT;
	char path[512];

	if (argc == 1) {
		for (size_t i = 0; i < ARRAY_LEN(scenarios); i++)
			puts(scenarios[i].name);
		return 0;
	}
	if (argc != 4)
		die("usage: cong_run SCENARIO reno|cubic FOLDER");
	r.sc = find(argv[1]);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_TIMERSLACK, 1);
	own_users();
	for (int i = 0; i < 2; i++) {
		host_begin(&r, i);
		r.way[i].q = xcalloc(SLOTS, sizeof *r.way[i].q);
	}
	want(setsockopt(r.sock[0], IPPROTO_TCP, TCP_CONGESTION, argv[2],
			(socklen_t)strlen(argv[2])),
	     argv[2]);
	r.out[0] = capture(argv[3], "sender");
	r.out[1] = capture(argv[3], "receiver");
	r.out[2] = capture(argv[3], "middle");
	snprintf(path, sizeof path, "%s/truth", argv[3]);
	if ((r.truth = fopen(path, "w")) == NULL)
		die("%s: %s", path, strerror(errno));
	if (connect(r.sock[0], (struct sockaddr *)&to, sizeof to) != 0 && errno != EINPROGRESS)
		die("cong_run: connect: %s", strerror(errno));
	loop(&r);
	record_middle(&r);
	for (int i = 0; i < 3; i++)
		if (writer_close(r.out[i], &e) < 0)
			die("%s", e.text);
	return fclose(r.truth) != 0;
}
