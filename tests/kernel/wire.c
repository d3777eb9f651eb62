/* The wire between two network namespaces, in user space. */
#include "kernel/wire.h"

#include "../../labs/captures/ng.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { FRAME = 2048, RULES = 6, TAPS = 3 };

struct rule {
	u8 end, seg, act;
	int count; /* 0: without end */
	bool on;
};

struct held {
	struct held *next;
	u32 len;
	u8 seg;
	u8 bytes[];
};

struct conn {
	struct rule rule[RULES];
	struct held *held[WIRE_ENDS];
	u32 seen[WIRE_ENDS][SEG_CLASSES];
};

static struct {
	int ns[WIRE_ENDS], tun[WIRE_ENDS], stat[WIRE_ENDS];
	int timestamps[WIRE_ENDS], sack[WIRE_ENDS]; /* their sysctls */
	struct ng tap[TAPS];			    /* near end 0, near end 1, between */
	struct conn conn[CONNS];
	i64 realtime;
	bool begun;
} w;

void wire_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(w.begun ? 1 : 3);
}

static u64 clock_ns(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (u64)t.tv_sec * 1000000000u + (u64)t.tv_nsec;
}

/* ---- namespaces ---- */

static void sysctl(const char *name, const char *value)
{
	char path[200];
	int fd;

	snprintf(path, sizeof path, "/proc/sys/net/%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return; /* an older kernel has not all of them */
	if (write(fd, value, strlen(value)) < 0)
		wire_die(path);
	close(fd);
}

u32 wire_address(int end)
{
	return 0xc6120001u + ((u32)getpid() & 511) * 256 + (u32)end; /* of 198.18.0.0/15 */
}

static void set_up(int s, const char *name, int end)
{
	struct ifreq r = { 0 };
	struct sockaddr_in a = { .sin_family = AF_INET };

	strcpy(r.ifr_name, name);
	a.sin_addr.s_addr = htonl(wire_address(end));
	memcpy(&r.ifr_addr, &a, sizeof a);
	if (ioctl(s, SIOCSIFADDR, &r) < 0)
		wire_die("setting an address");
	a.sin_addr.s_addr = htonl(wire_address(!end));
	memcpy(&r.ifr_dstaddr, &a, sizeof a);
	if (ioctl(s, SIOCSIFDSTADDR, &r) < 0)
		wire_die("setting an address");
	r.ifr_qlen = 10000;
	ioctl(s, SIOCSIFTXQLEN, &r);
	r.ifr_flags = IFF_UP | IFF_RUNNING | IFF_POINTOPOINT;
	if (ioctl(s, SIOCSIFFLAGS, &r) < 0)
		wire_die("bringing a device up");
}

static void open_end(int end)
{
	struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "tun0" };
	int s;

	if (unshare(CLONE_NEWNET) < 0)
		wire_die("making a network namespace");
	w.ns[end] = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	sysctl("ipv6/conf/all/disable_ipv6", "1");
	sysctl("ipv6/conf/default/disable_ipv6", "1");
	sysctl("ipv4/tcp_congestion_control", "reno");
	sysctl("ipv4/tcp_fastopen", "519");
	sysctl("ipv4/tcp_invalid_ratelimit", "0");
	sysctl("ipv4/tcp_no_metrics_save", "1");
	w.timestamps[end] = open("/proc/sys/net/ipv4/tcp_timestamps", O_WRONLY | O_CLOEXEC);
	w.sack[end] = open("/proc/sys/net/ipv4/tcp_sack", O_WRONLY | O_CLOEXEC);
	w.tun[end] = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (w.tun[end] < 0 || ioctl(w.tun[end], TUNSETIFF, &r) < 0)
		wire_die("/dev/net/tun");
	s = socket(AF_INET, SOCK_DGRAM, 0);
	set_up(s, r.ifr_name, end);
	close(s);
	w.stat[end] = open("/proc/thread-self/net/sockstat", O_RDONLY | O_CLOEXEC);
	if (w.stat[end] < 0)
		wire_die("/proc/net/sockstat");
}

void wire_enter(int end)
{
	if (setns(w.ns[end], CLONE_NEWNET) < 0)
		wire_die("entering a network namespace");
}

void wire_options(bool timestamps, bool sack)
{
	for (int i = 0; i < WIRE_ENDS; i++)
		if (pwrite(w.timestamps[i], timestamps ? "1" : "0", 1, 0) < 0 ||
		    pwrite(w.sack[i], sack ? "1" : "0", 1, 0) < 0)
			wire_die("sysctl");
}

int wire_sockets(int end)
{
	char text[1024];
	ssize_t n = pread(w.stat[end], text, sizeof text - 1, 0);
	const char *tcp;

	if (n <= 0)
		wire_die("/proc/net/sockstat");
	text[n] = '\0';
	tcp = strstr(text, "TCP: inuse ");
	return tcp == NULL ? 0 : atoi(tcp + 11);
}

void wire_begin(const char *dir)
{
	static const char *const name[TAPS] = { "near-a", "near-b", "wire" };

	w.realtime = (i64)(clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC));
	for (int i = 0; i < WIRE_ENDS; i++)
		open_end(i);
	for (int i = 0; i < TAPS; i++) {
		char path[1024];

		snprintf(path, sizeof path, "%s/%s.pcapng", dir, name[i]);
		ng_open(&w.tap[i], path, "tapdeck's tests", NULL);
		ng_interface(&w.tap[i], name[i], NULL, 0);
	}
	w.begun = true;
}

i64 wire_clock(void)
{
	return w.realtime;
}

void wire_end(void)
{
	for (int i = 0; i < TAPS; i++)
		ng_close(&w.tap[i]);
}

/* ---- frames ---- */

static void record(int tap, int from, const u8 *p, u32 n, bool lost)
{
	u8 frame[FRAME + 14] = {
		2, 0, 0, 0, 0, (u8)(2 - from), 2, 0, 0, 0, 0, (u8)(1 + from), 8, 0
	};

	memcpy(frame + 14, p, n);
	ng_packet(&w.tap[tap], 0, clock_ns(CLOCK_MONOTONIC) + (u64)w.realtime, NG_UNKNOWN, frame,
		  n + 14, lost ? "dropped by the wire" : NULL);
}

static void deliver(int from, const u8 *p, u32 n)
{
	record(2, from, p, n, false);
	record(!from, from, p, n, false);
	if (write(w.tun[!from], p, n) != (ssize_t)n)
		wire_die("writing a frame");
}

/* The connection that a frame is of, its class in *k; -1 for what is not ours. */
static int classify(const u8 *p, u32 n, enum seg_class *k, bool *zero)
{
	u32 ihl = (p[0] & 15u) * 4, doff, len;
	const u8 *t = p + ihl;
	int conn;
	u8 f;

	if (n < 40 || p[0] >> 4 != 4 || p[9] != 6)
		return -1;
	doff = (t[12] >> 4) * 4u;
	len = load_be16(p + 2) - ihl - doff;
	f = t[13];
	*zero = false;
	if (f & 4)
		*k = SEG_RST;
	else if (f & 2)
		*k = f & 16 ? SEG_SYN_ACK : SEG_SYN;
	else if (f & 1)
		*k = SEG_FIN;
	else
		*k = len > 0 ? SEG_DATA : SEG_ACK;
	*zero = *k == SEG_ACK && load_be16(t + 14) == 0;
	conn = load_be16(t) - FIRST_PORT;
	return conn >= 0 && conn < CONNS && load_be16(t) == load_be16(t + 2) ? conn : -1;
}

static enum rule_act fate(struct conn *c, int from, enum seg_class k)
{
	for (int i = 0; i < RULES; i++) {
		struct rule *r = &c->rule[i];

		if (!r->on || r->end != from || r->seg != k)
			continue;
		if (r->count > 0 && --r->count == 0)
			r->on = false;
		return r->act;
	}
	return RULE_PASS;
}

static void hold(struct conn *c, int from, enum seg_class k, const u8 *p, u32 n)
{
	struct held *h = malloc(sizeof *h + n), **last = &c->held[from];

	if (h == NULL)
		abort();
	h->next = NULL;
	h->len = n;
	h->seg = (u8)k;
	memcpy(h->bytes, p, n);
	while (*last != NULL)
		last = &(*last)->next;
	*last = h;
}

static void carry(int from, const u8 *p, u32 n)
{
	enum seg_class k;
	bool zero;
	int id = classify(p, n, &k, &zero);
	enum rule_act act;

	if (id < 0)
		return;
	w.conn[id].seen[from][k]++;
	w.conn[id].seen[from][SEG_ZERO] += zero;
	act = fate(&w.conn[id], from, k);
	record(from, from, p, n, false);
	switch (act) {
	case RULE_DROP: record(2, from, p, n, true); break;
	case RULE_HOLD: hold(&w.conn[id], from, k, p, n); break;
	case RULE_DOUBLE:
		deliver(from, p, n);
		deliver(from, p, n);
		break;
	case RULE_PASS: deliver(from, p, n); break;
	}
}

int wire_pump(void)
{
	u8 buf[FRAME];
	int frames = 0, before;

	do {
		before = frames;
		for (int from = 0; from < WIRE_ENDS; from++) {
			ssize_t n;

			while ((n = read(w.tun[from], buf, sizeof buf)) > 0) {
				carry(from, buf, (u32)n);
				frames++;
			}
			if (n < 0 && errno != EAGAIN)
				wire_die("reading a frame");
		}
	} while (frames > before);
	return frames;
}

void wire_rule(int conn, int end, enum seg_class k, enum rule_act act, int count)
{
	for (int i = 0; i < RULES; i++) {
		struct rule *r = &w.conn[conn].rule[i];

		if (r->on)
			continue;
		*r = (struct rule) {
			.end = (u8)end, .seg = (u8)k, .act = (u8)act, .count = count, .on = true
		};
		return;
	}
	wire_die("too many rules");
}

void wire_free(int conn, int end, int k)
{
	struct conn *c = &w.conn[conn];
	struct held **p = &c->held[end], *go = NULL, **last = &go;

	for (int i = 0; i < RULES; i++)
		if (c->rule[i].end == end && c->rule[i].act == RULE_HOLD &&
		    (k < 0 || c->rule[i].seg == k))
			c->rule[i].on = false;
	while (*p != NULL) {
		struct held *h = *p;

		if (k >= 0 && h->seg != k) {
			p = &h->next;
			continue;
		}
		*p = h->next;
		h->next = NULL;
		*last = h;
		last = &h->next;
	}
	for (struct held *h = go, *next; h != NULL; h = next) {
		next = h->next;
		deliver(end, h->bytes, h->len);
		free(h);
	}
}

u32 wire_seen(int conn, int end, enum seg_class k)
{
	return w.conn[conn].seen[end][k];
}
