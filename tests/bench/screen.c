/*
 * screen [-s WxH] [-i SECONDS] [-k KEYS] [-o FILE] [-u TEXT]... COMMAND...: runs a program on a
 * pseudo-terminal of its own, answers nothing, and prints
 *	first MS	from the start to the end of the first screen: every TEXT has been seen, and
 *			then nothing came for 10 ms; that pause does not count
 *	idle PERCENT	CPU time of the process over -i SECONDS, once it has come to rest
 * -k types keys after the first screen and before the idle time; -o keeps what the program wrote.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { QUIET_MS = 10, TEXTS = 16, LIMIT_MS = 60000, SETTLE_S = 90 };

struct run {
	const char *text[TEXTS];
	int texts;
	struct winsize size;
	double idle; /* seconds */
	const char *keys, *out;
	int fd;
	pid_t pid;
	char *got;
	size_t n;
};

static void usage(void)
{
	fputs("usage: screen [-s WxH] [-i SECONDS] [-k KEYS] [-o FILE] [-u TEXT]... COMMAND...\n",
	      stderr);
	exit(2);
}

/* Reads what comes within ms. False where nothing did. */
static bool more(struct run *r, int ms)
{
	struct pollfd p = { .fd = r->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, ms) <= 0)
		return false;
	r->got = realloc(r->got, r->n + 65536);
	n = r->got != NULL ? read(r->fd, r->got + r->n, 65536) : -1;
	if (n <= 0) {
		fprintf(stderr, "screen: the program ended; it wrote: %.*s\n",
			(int)(r->n < 2000 ? r->n : 2000), r->got != NULL ? r->got : "");
		exit(1);
	}
	r->n += (size_t)n;
	return true;
}

static bool seen(const struct run *r)
{
	for (int i = 0; i < r->texts; i++)
		if (memmem(r->got, r->n, r->text[i], strlen(r->text[i])) == NULL)
			return false;
	return r->n > 0;
}

/* When the first screen was complete. */
static double first_screen(struct run *r, double start)
{
	double last = start;

	for (;;) {
		if (more(r, QUIET_MS))
			last = bench_now();
		else if (seen(r))
			return last;
		if (bench_now() - start > LIMIT_MS * 1e6) {
			fputs("screen: the screen never came\n", stderr);
			exit(1);
		}
	}
}

/* Nanoseconds of CPU that all threads of the program have used. */
static double cpu_of(pid_t pid)
{
	struct timespec t;
	clockid_t id;

	if (clock_getcpuclockid(pid, &id) != 0 || clock_gettime(id, &t) != 0)
		return 0;
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double idle(struct run *r)
{
	double start, cpu;

	/* Until nothing moves and the threads behind the screen are through with the tape: a
	 * second with little work in it. One that never comes to rest is measured as it is. */
	for (int i = 0; i < SETTLE_S; i++) {
		bool moved = false;

		cpu = cpu_of(r->pid);
		start = bench_now();
		while (bench_now() - start < 1e9)
			moved |= more(r, 100);
		if (!moved && cpu_of(r->pid) - cpu < 1e8)
			break;
	}
	cpu = cpu_of(r->pid);
	start = bench_now();
	while (bench_now() - start < r->idle * 1e9)
		more(r, 100);
	return (cpu_of(r->pid) - cpu) / (bench_now() - start) * 100;
}

static void keep(const struct run *r)
{
	FILE *f = r->out != NULL ? fopen(r->out, "w") : NULL;

	if (f != NULL) {
		fwrite(r->got, 1, r->n, f);
		fclose(f);
	}
}

static void take_size(struct run *r, const char *s)
{
	unsigned w, h;

	if (sscanf(s, "%ux%u", &w, &h) != 2)
		usage();
	r->size.ws_col = (unsigned short)w;
	r->size.ws_row = (unsigned short)h;
}

int main(int argc, char **argv)
{
	struct run r = { .size = { .ws_row = 36, .ws_col = 120 } };
	double start;
	int c;

	while ((c = getopt(argc, argv, "+s:i:k:o:u:")) != -1)
		switch (c) {
		case 's': take_size(&r, optarg); break;
		case 'i': r.idle = strtod(optarg, NULL); break;
		case 'k': r.keys = optarg; break;
		case 'o': r.out = optarg; break;
		case 'u':
			if (r.texts < TEXTS)
				r.text[r.texts++] = optarg;
			break;
		default: usage();
		}
	if (optind == argc)
		usage();
	start = bench_now();
	r.pid = forkpty(&r.fd, NULL, NULL, &r.size);
	if (r.pid == 0) {
		execvp(argv[optind], argv + optind);
		_exit(127);
	}
	if (r.pid < 0) {
		fprintf(stderr, "screen: %s\n", strerror(errno));
		return 1;
	}
	printf("first %.1f\n", (first_screen(&r, start) - start) / 1e6);
	fflush(stdout);
	if (r.keys != NULL && write(r.fd, r.keys, strlen(r.keys)) < 0)
		fprintf(stderr, "screen: %s\n", strerror(errno));
	if (r.idle > 0)
		printf("idle %.3f\n", idle(&r));
	keep(&r);
	kill(r.pid, SIGTERM);
	while (waitpid(r.pid, NULL, WNOHANG) == 0) { /* it may still have something to write */
		char rest[4096];
		struct pollfd p = { .fd = r.fd, .events = POLLIN };

		if (poll(&p, 1, 10) > 0 && read(r.fd, rest, sizeof rest) < 0)
			bench_sleep(1000);
	}
	free(r.got);
	return 0;
}
