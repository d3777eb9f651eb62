/*
 * state_run DIR [N]: makes the connections of scenarios.c between two network namespaces, and
 *leaves in DIR the captures near-a.pcapng, near-b.pcapng, wire.pcapng, the kernel's word on every
 *socket in `kernel', and the connections' names in `names'. N: only that scenario. Ends with status
 *3 and the reason where the machine does not allow it.
 *
 * A step waits for what it says; nothing else waits. X is A or B, K a class of segments (wire.h):
 *	X.listen[:tfo] X.connect X.tfo:N X.accept X.up X.send:N X.read:N X.eof X.err X.poll
 *	X.fin X.close X.rst X.vanish X.cork X.keep X.quiet X.port X.is:STATE
 *	drop:X:K:N dup:X:K:N hold:X:K:N pass:X:K free:X go mark seen:X:K:N
 */
#include "base/types.h"
#include "kernel/ktrace.h"
#include "kernel/scenarios.h"
#include "kernel/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ACTIVE = 1500 }; /* connections at once */

struct end {
	int fd, listener;
	u32 left; /* of a read or send that has begun */
	bool busy;
};

struct run {
	struct scenario sc;
	char *at; /* the next step */
	struct end end[2];
	u32 mark[2][SEG_CLASSES];
	u64 begun;
};

static struct run runs[CONNS];

static u64 now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (u64)t.tv_sec * 1000 + (u64)t.tv_nsec / 1000000;
}

static void fail(const struct run *r, const char *what)
{
	fprintf(stderr, "%s, step %.20s: %s: %s\n", r->sc.name, r->at, what, strerror(errno));
	exit(1);
}

/* ---- sockets ---- */

static struct sockaddr_in addr_of(int end, int conn)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((u16)(FIRST_PORT + conn)) };

	a.sin_addr.s_addr = htonl(wire_address(end));
	return a;
}

static int make(struct run *r, int end)
{
	struct sockaddr_in a = addr_of(end, (int)(r - runs));
	int one = 1, size = 4096, fd;

	wire_enter(end);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		fail(r, "socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	size = 1 << 17;
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		fail(r, "bind");
	return fd;
}

static int state_of(int fd)
{
	struct tcp_info info;
	socklen_t n = sizeof info;

	memset(&info, 0, sizeof info);
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) < 0 ? 0 : info.tcpi_state;
}

static void do_listen(struct run *r, int end, bool tfo)
{
	int q = 16;

	r->end[end].listener = make(r, end);
	if (tfo)
		setsockopt(r->end[end].listener, IPPROTO_TCP, TCP_FASTOPEN, &q, sizeof q);
	if (listen(r->end[end].listener, 16) < 0)
		fail(r, "listen");
}

static void do_connect(struct run *r, int end, u32 data)
{
	struct sockaddr_in to = addr_of(!end, (int)(r - runs));
	static char zeros[1000];
	int fd = r->end[end].fd = make(r, end);
	ssize_t n;

	/* Half of them without time stamps; but only those let an end reuse its own TIME-WAIT. */
	wire_options((r - runs) / 2 % 2 == 0 || strstr(r->sc.name, "TIME-WAIT reused") != NULL,
		     (r - runs) % 5 != 0);
	if (data > 0)
		n = sendto(fd, zeros, data, MSG_FASTOPEN, (struct sockaddr *)&to, sizeof to);
	else
		n = connect(fd, (struct sockaddr *)&to, sizeof to);
	if (n < 0 && errno != EINPROGRESS)
		fail(r, "connect");
}

static bool do_accept(struct run *r, int end)
{
	int one = 1, fd = accept4(r->end[end].listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	if (fd < 0)
		return false;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	r->end[end].fd = fd;
	return true;
}

static bool do_send(struct run *r, struct end *x, u32 n)
{
	static char zeros[65536];
	ssize_t k;

	if (!x->busy)
		x->left = n;
	x->busy = true;
	k = send(x->fd, zeros, MIN(x->left, sizeof zeros), MSG_NOSIGNAL);
	if (k < 0 && errno != EAGAIN)
		fail(r, "send");
	x->left -= k > 0 ? (u32)k : 0;
	x->busy = x->left > 0;
	return !x->busy;
}

static bool do_read(struct run *r, struct end *x, u32 n)
{
	char buf[65536];
	ssize_t k;

	if (!x->busy)
		x->left = n;
	x->busy = true;
	k = recv(x->fd, buf, MIN(x->left, sizeof buf), 0);
	if (k == 0 || (k < 0 && errno != EAGAIN))
		fail(r, "read");
	x->left -= k > 0 ? (u32)k : 0;
	x->busy = x->left > 0;
	return !x->busy;
}

static bool at_end(struct run *r, const struct end *x)
{
	char c;
	ssize_t n = recv(x->fd, &c, 1, 0);

	if (n > 0 || (n < 0 && errno != EAGAIN))
		fail(r, "eof");
	return n == 0;
}

/* An error of the socket, or that its connection is gone. */
static bool broken(const struct end *x)
{
	int st = state_of(x->fd);

	return st == TCP_CLOSE;
}

static void do_close(struct end *x)
{
	close(x->fd);
	x->fd = -1;
}

static void do_reset(struct end *x)
{
	struct linger l = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(x->fd, SOL_SOCKET, SO_LINGER, &l, sizeof l);
	do_close(x);
}

/* As if the machine had been switched off. */
static void do_vanish(struct run *r, struct end *x)
{
	int on = 1;

	if (setsockopt(x->fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) < 0)
		fail(r, "TCP_REPAIR");
	do_close(x);
}

static void do_keep(struct end *x)
{
	int one = 1, two = 2;

	setsockopt(x->fd, IPPROTO_TCP, TCP_KEEPIDLE, &one, sizeof one);
	setsockopt(x->fd, IPPROTO_TCP, TCP_KEEPINTVL, &one, sizeof one);
	setsockopt(x->fd, IPPROTO_TCP, TCP_KEEPCNT, &two, sizeof two);
	setsockopt(x->fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof one);
}

/* ---- steps ---- */

/* A step of an end: true when it is done. */
static bool end_step(struct run *r, int end, const char *op, u32 n)
{
	struct end *x = &r->end[end];
	int one = 1;

#define IS(name) (strcmp(op, name) == 0)
	if (IS("listen"))
		do_listen(r, end, n > 0);
	else if (IS("connect"))
		do_connect(r, end, 0);
	else if (IS("tfo"))
		do_connect(r, end, n);
	else if (IS("accept"))
		return do_accept(r, end);
	else if (IS("up"))
		return state_of(x->fd) != TCP_SYN_SENT && state_of(x->fd) != TCP_SYN_RECV;
	else if (IS("send"))
		return do_send(r, x, n);
	else if (IS("read"))
		return do_read(r, x, n);
	else if (IS("eof"))
		return at_end(r, x);
	else if (IS("err"))
		return broken(x);
	else if (IS("poll"))
		return poll(&(struct pollfd) { .fd = x->fd, .events = POLLIN }, 1, 0) > 0;
	else if (IS("is"))
		return state_of(x->fd) == (int)n;
	else if (IS("fin"))
		shutdown(x->fd, SHUT_WR);
	else if (IS("close"))
		do_close(x);
	else if (IS("rst"))
		do_reset(x);
	else if (IS("vanish"))
		do_vanish(r, x);
	else if (IS("cork"))
		setsockopt(x->fd, IPPROTO_TCP, TCP_CORK, &one, sizeof one);
	else if (IS("keep"))
		do_keep(x);
	else if (IS("port") && x->listener >= 0) {
		close(x->listener); /* to connect from it */
		x->listener = -1;
	} else if (!IS("port") && !IS("quiet"))
		fail(r, "no such step");
#undef IS
	return true;
}

static bool wire_step(struct run *r, const char *step)
{
	int conn = (int)(r - runs), n = 0;
	char op[8], end = 0, k = 0;
	const char *classes = "SKFRDPZ", *at;
	int fields = sscanf(step, "%7[a-z]:%c:%c:%d", op, &end, &k, &n), e = end == 'B';
	enum seg_class c;

	if (strcmp(op, "mark") == 0) {
		for (int i = 0; i < 2; i++)
			for (int j = 0; j < SEG_CLASSES; j++)
				r->mark[i][j] = wire_seen(conn, i, (enum seg_class)j);
		return true;
	}
	if (strcmp(op, "go") == 0) { /* both at once */
		wire_free(conn, 0, -1);
		wire_free(conn, 1, -1);
		return true;
	}
	if (strcmp(op, "free") == 0) {
		wire_free(conn, e, -1);
		return true;
	}
	at = fields >= 3 ? strchr(classes, k) : NULL;
	if (at == NULL)
		fail(r, "no such step");
	c = (enum seg_class)(at - classes);
	if (strcmp(op, "seen") == 0)
		return wire_seen(conn, e, c) - r->mark[e][c] >= (u32)n;
	if (strcmp(op, "pass") == 0)
		wire_free(conn, e, (int)c);
	else
		wire_rule(conn, e, c,
			  op[0] == 'h'	 ? RULE_HOLD
			  : op[1] == 'u' ? RULE_DOUBLE
					 : RULE_DROP,
			  n);
	return true;
}

static bool one_step(struct run *r)
{
	char step[32], op[16], what[16] = "";
	u32 n = 0;

	if (sscanf(r->at, "%31s", step) != 1)
		return false;
	if (step[1] == '.') {
		sscanf(step + 2, "%15[a-z]:%15s", op, what);
		n = strcmp(what, "tfo") == 0 ? 1 : (u32)atoi(what);
		if (!end_step(r, step[0] == 'B', op, n))
			return false;
	} else if (!wire_step(r, step)) {
		return false;
	}
	r->at = strchr(r->at, ' ');
	if (r->at == NULL)
		r->at = r->sc.script + strlen(r->sc.script);
	r->at += strspn(r->at, " ");
	return true;
}

/* Its script is through: what is still open is closed by then. */
static void finish(struct run *r)
{
	for (int i = 0; i < 2; i++) {
		if (r->end[i].fd >= 0)
			close(r->end[i].fd);
		if (r->end[i].listener >= 0)
			close(r->end[i].listener);
		r->end[i].fd = r->end[i].listener = -1;
	}
}

/* ---- all of them ---- */

static void begin_run(struct run *r)
{
	r->at = r->sc.script;
	r->begun = now_ms();
	for (int i = 0; i < 2; i++)
		r->end[i].fd = r->end[i].listener = -1;
}

static void everything(int n)
{
	static int active[ACTIVE];
	int next = 0, count = 0;

	while (next < n || count > 0) {
		bool idle = true;

		for (; count < ACTIVE && next < n; next++) {
			begin_run(&runs[next]);
			active[count++] = next;
		}
		for (int i = 0; i < count; i++) {
			struct run *r = &runs[active[i]];

			while (one_step(r)) {
				idle = false;
				wire_pump();
			}
			if (*r->at == '\0') {
				finish(r);
				wire_pump();
				active[i--] = active[--count];
			} else if (now_ms() - r->begun > 100000) {
				fail(r, "does not end");
			}
		}
		if (wire_pump() == 0 && idle)
			poll(NULL, 0, 1); /* the kernel's timers are what is waited for */
	}
	/* Then the last segments of those that are closed already. */
	for (u64 begun = now_ms(); wire_sockets(0) + wire_sockets(1) > 0;) {
		if (wire_pump() == 0)
			poll(NULL, 0, 1);
		if (now_ms() - begun > 60000) {
			fprintf(stderr, "%d and %d sockets do not end\n", wire_sockets(0),
				wire_sockets(1));
			break;
		}
	}
	wire_pump();
}

static int pick(int only)
{
	int n = 0;

	for (int i = 0; n < CONNS && scenario_get(i, &runs[n].sc); i++)
		if (only < 0 || i == only)
			n++;
	return n;
}

int main(int argc, char **argv)
{
	struct rlimit lim = { 20000, 20000 };
	char path[1024];
	cpu_set_t cpu;
	FILE *f;
	int n;

	if (argc < 2)
		return 2;
	setrlimit(RLIMIT_NOFILE, &lim);
	/* One processor: what is sent has arrived when the call returns. */
	CPU_ZERO(&cpu);
	CPU_SET(sched_getcpu(), &cpu);
	sched_setaffinity(0, sizeof cpu, &cpu);
	n = pick(argc > 2 ? atoi(argv[2]) : -1);
	if (!ktrace_begin())
		return 3;
	wire_begin(argv[1]);
	everything(n);
	wire_end();
	snprintf(path, sizeof path, "%s/kernel", argv[1]);
	ktrace_end(path);
	snprintf(path, sizeof path, "%s/names", argv[1]);
	f = fopen(path, "w");
	for (int i = 0; f != NULL && i < n; i++)
		fprintf(f, "%d %s\n", i, runs[i].sc.name);
	return f == NULL || fclose(f) != 0;
}
