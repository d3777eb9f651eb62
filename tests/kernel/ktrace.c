/* The kernel's own word on the states of its sockets. */
#include "kernel/ktrace.h"
#include "base/vec.h"
#include "kernel/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

/* One socket, from its first change of state to CLOSE. */
struct life {
	int end, conn;
	char states[480];
};

static char root[64] = "/sys/kernel/tracing", instance[128];

static int put(const char *name, const char *value)
{
	char path[256];
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "%s/%s", instance, name);
	fd = open(path, O_WRONLY | O_TRUNC);
	if (fd < 0)
		return -1;
	n = write(fd, value, strlen(value));
	close(fd);
	return n < 0 ? -1 : 0;
}

/* The instance goes when this process does, however it ends. */
static void guard(void)
{
	int p[2];
	char c;

	if (pipe(p) < 0 || fork() != 0) {
		close(p[0]); /* the other end stays open as long as we live */
		return;
	}
	setsid();
	close(p[1]);
	for (int fd = 0; fd < 1024; fd++)
		if (fd != p[0])
			close(fd);
	while (read(p[0], &c, 1) > 0)
		;
	rmdir(instance);
	_exit(0);
}

int ktrace_begin(void)
{
	/* In a mount namespace of our own, so that nobody else sees the mount. */
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
		fprintf(stderr, "no mount namespace: %s\n", strerror(errno));
		return 0;
	}
	snprintf(instance, sizeof instance, "%s/instances", root);
	if (access(instance, F_OK) < 0 && mount("tracefs", root, "tracefs", 0, NULL) < 0) {
		fprintf(stderr, "tracefs cannot be mounted: %s\n", strerror(errno));
		return 0;
	}
	snprintf(instance, sizeof instance, "%s/instances/tapdeck-%d", root, (int)getpid());
	if (mkdir(instance, 0700) < 0) {
		fprintf(stderr, "no tracefs instance: %s\n", strerror(errno));
		return 0;
	}
	guard();
	if (put("buffer_size_kb", "16384") < 0 || put("trace_clock", "mono") < 0 ||
	    put("events/sock/inet_sock_set_state/enable", "1") < 0) {
		fprintf(stderr, "no tracepoint sock:inet_sock_set_state: %s\n", strerror(errno));
		rmdir(instance);
		return 0;
	}
	return 1;
}

static const char *after(const char *line, const char *key)
{
	const char *p = strstr(line, key);

	return p == NULL ? NULL : p + strlen(key);
}

struct lives {
	VEC(struct life) all;
	u32 open[WIRE_ENDS][CONNS]; /* the one that is not over, + 1 */
};

static void begin(struct lives *l, int end, int conn)
{
	*VEC_PUSH(&l->all) = (struct life) { .end = end, .conn = conn };
	l->open[end][conn] = (u32)l->all.n;
}

/* "... 1234.567890: inet_sock_set_state: ..." */
static i64 time_of(const char *line)
{
	const char *p = strstr(line, ": inet_sock");
	long long s = 0, us = 0;

	while (p != NULL && p > line && p[-1] != ' ')
		p--;
	if (p == NULL || sscanf(p, "%lld.%lld", &s, &us) != 2)
		wire_die("the trace has other times than we can read");
	return s * 1000000000 + us * 1000 + wire_clock();
}

/* One line of the trace. An end has one socket at a time on a connection, its listener aside. */
static void note(struct lives *l, const char *line)
{
	const char *from = after(line, "saddr="), *sport = after(line, "sport=");
	const char *old = after(line, "oldstate=TCP_"), *now = after(line, "newstate=TCP_");
	char was[32], is[32];
	struct life *x;
	unsigned a[4];
	int end, conn;
	size_t n;

	if (from == NULL || sport == NULL || old == NULL || now == NULL ||
	    sscanf(old, "%31[A-Z_0-9]", was) != 1 || sscanf(now, "%31[A-Z_0-9]", is) != 1)
		return;
	if (sscanf(from, "%u.%u.%u.%u", &a[0], &a[1], &a[2], &a[3]) != 4)
		return;
	end = a[3] == 2;
	if ((a[0] << 24 | a[1] << 16 | a[2] << 8 | a[3]) != wire_address(end))
		return;
	conn = atoi(sport) - FIRST_PORT;
	if (conn < 0 || conn >= CONNS || strcmp(is, "LISTEN") == 0 || strcmp(was, is) == 0 ||
	    (strcmp(was, "LISTEN") == 0 && strcmp(is, "CLOSE") == 0))
		return;
	if (l->open[end][conn] == 0) {
		if (strcmp(was, "CLOSE") != 0 && strcmp(was, "LISTEN") != 0)
			wire_die("the trace misses events");
		begin(l, end, conn);
	}
	x = &l->all.v[l->open[end][conn] - 1];
	n = strlen(x->states);
	snprintf(x->states + n, sizeof x->states - n, " %s@%lld", is, (long long)time_of(line));
	if (strcmp(is, "CLOSE") == 0)
		l->open[end][conn] = 0;
}

void ktrace_end(const char *path)
{
	char name[256], line[1024];
	static struct lives l;
	FILE *in, *out;
	bool missed = false;

	put("tracing_on", "0");
	snprintf(name, sizeof name, "%s/trace", instance);
	in = fopen(name, "r");
	out = fopen(path, "w");
	if (in == NULL || out == NULL)
		wire_die("reading the trace");
	while (fgets(line, sizeof line, in) != NULL)
		if (strstr(line, "LOST") != NULL)
			missed = true;
		else
			note(&l, line);
	fclose(in);
	for (size_t i = 0; i < l.all.n; i++)
		fprintf(out, "%c %d%s\n", 'A' + l.all.v[i].end, l.all.v[i].conn, l.all.v[i].states);
	fclose(out);
	VEC_FREE(&l.all);
	rmdir(instance);
	if (missed)
		wire_die("the trace has lost events");
}
