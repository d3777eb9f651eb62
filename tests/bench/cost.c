/*
 * cost COMMAND...: runs a command with its output thrown away and prints "wall cpu rss": wall-clock
 * and CPU time (user and system, all threads) in ns, and the most memory it held, in KiB. Ends as the
 * command ended; the signal of a reader that stops early is no failure.
 */
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double ns_of(struct timeval t)
{
	return (double)t.tv_sec * 1e9 + (double)t.tv_usec * 1e3;
}

int main(int argc, char **argv)
{
	double start = bench_now(), end;
	struct rusage u;
	int status;
	pid_t pid;

	if (argc < 2) {
		fputs("usage: cost COMMAND...\n", stderr);
		return 2;
	}
	pid = fork();
	if (pid == 0) {
		int fd = open("/dev/null", O_RDWR);

		if (fd < 0 || dup2(fd, 0) < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
			_exit(126);
		execvp(argv[1], argv + 1);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0) {
		fprintf(stderr, "cost: %s\n", strerror(errno));
		return 1;
	}
	end = bench_now();
	printf("%.0f %.0f %ld\n", end - start, ns_of(u.ru_utime) + ns_of(u.ru_stime), u.ru_maxrss);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
