/*
 * tap -o FILE [-a ADDRESS=NAME]... HOST:INTERFACE...: record several interfaces, each in the
 * network namespace of its host
 * (/run/netns/HOST), into one pcapng file, in the order of time. Inner interfaces first. "Inbound"
 * is what the interface received. Runs until SIGTERM.
 */
#define _GNU_SOURCE
#include "ng.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TAPS = 16, PACKETS = 10000 };

struct packet {
	uint64_t ns;
	uint32_t ifid, len;
	enum ng_direction dir;
	uint8_t *bytes;
};

static struct packet packets[PACKETS];
static size_t npackets;
static volatile sig_atomic_t done;

static void on_signal(int sig)
{
	(void)sig;
	done = 1;
}

static void die(const char *what)
{
	fprintf(stderr, "tap: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Enter the host's namespace and open its interface there; the socket stays in it. */
static int open_tap(const char *where)
{
	const char *colon = strchr(where, ':');
	char path[300];
	struct sockaddr_ll a = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	int one = 1, size = 4 << 20, ns, fd;

	if (!colon || snprintf(path, sizeof path, "/run/netns/%.*s", (int)(colon - where), where) >=
			      (int)sizeof path)
		die(where);
	ns = open(path, O_RDONLY | O_CLOEXEC);
	if (ns < 0 || setns(ns, CLONE_NEWNET) || !(a.sll_ifindex = (int)if_nametoindex(colon + 1)))
		die(where);
	close(ns);
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) ||
	    bind(fd, (struct sockaddr *)&a, sizeof a))
		die(where);
	return fd;
}

static void receive(int fd, uint32_t ifid)
{
	static uint8_t buf[65536];
	union {
		struct cmsghdr align;
		char space[256];
	} control;

	for (;;) {
		struct sockaddr_ll from;
		struct iovec io = { .iov_base = buf, .iov_len = sizeof buf };
		struct msghdr m = { .msg_name = &from,
				    .msg_namelen = sizeof from,
				    .msg_iov = &io,
				    .msg_iovlen = 1,
				    .msg_control = &control,
				    .msg_controllen = sizeof control };
		ssize_t n = recvmsg(fd, &m, 0);
		struct packet *p = &packets[npackets];
		struct timespec t = { 0 };

		if (n <= 0)
			return;
		if (npackets == PACKETS || !(p->bytes = malloc((size_t)n)))
			die("too many packets");
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
				memcpy(&t, CMSG_DATA(c), sizeof t);
		memcpy(p->bytes, buf, (size_t)n);
		p->ns = (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
		p->ifid = ifid;
		p->len = (uint32_t)n;
		p->dir = from.sll_pkttype == PACKET_OUTGOING ? NG_OUT : NG_IN;
		npackets++;
	}
}

/*
 * A packet that is unpacked keeps the stamp of its arrival: what comes in with equal times came by
 * the outer interface, which stands later in the list, first.
 */
static int by_time(const void *a, const void *b)
{
	const struct packet *x = a, *y = b;

	if (x->ns != y->ns)
		return x->ns < y->ns ? -1 : 1;
	return (int)y->ifid - (int)x->ifid;
}

int main(int argc, char **argv)
{
	static struct ng g;
	const char *path = NULL;
	char *names[16];
	struct pollfd p[TAPS];
	int nnames = 0, ntaps, o;

	while ((o = getopt(argc, argv, "o:a:")) != -1) {
		switch (o) {
		case 'o': path = optarg; break;
		case 'a':
			if (nnames < 16)
				names[nnames++] = optarg;
			break;
		default: return 2;
		}
	}
	ntaps = argc - optind;
	if (!path || ntaps < 1 || ntaps > TAPS) {
		fputs("usage: tap -o FILE [-a ADDRESS=NAME]... HOST:INTERFACE...\n", stderr);
		return 2;
	}
	signal(SIGTERM, on_signal);
	signal(SIGINT, on_signal);
	ng_open(&g, path, "tapdeck's tap", NULL);
	for (int i = 0; i < ntaps; i++) {
		p[i] = (struct pollfd) { .fd = open_tap(argv[optind + i]), .events = POLLIN };
		ng_interface(&g, argv[optind + i], NULL, 0);
	}
	if (nnames)
		ng_names(&g, names, nnames);
	while (!done && (poll(p, (nfds_t)ntaps, 1000) >= 0 || errno == EINTR))
		for (int i = 0; i < ntaps; i++)
			receive(p[i].fd, (uint32_t)i);
	qsort(packets, npackets, sizeof *packets, by_time);
	for (size_t i = 0; i < npackets; i++)
		ng_packet(&g, packets[i].ifid, packets[i].ns, packets[i].dir, packets[i].bytes,
			  packets[i].len, NULL);
	ng_close(&g);
	return 0;
}
