/*
 * A transfer over TCP, with all that matters about it set by hand.
 *
 * xfer serve PORT: accept one connection, read until the first message (a line "BYTES\n" and that
 * many bytes) is complete, answer "ok\n", read the end, close. xfer send ADDRESS PORT [-p
 * SOURCE-PORT] [-n BYTES] [-w WRITE-SIZE] [-i MS] [-c CONGESTION-CONTROL]: send such a message, in
 * writes of WRITE-SIZE (0: one) every MS milliseconds, wait for the answer, close.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *ip, const char *port)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
				 .sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };

	if (ip && inet_pton(AF_INET, ip, &a.sin_addr) != 1)
		die(ip);
	return a;
}

static int tcp_socket(const struct sockaddr_in *local)
{
	int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
	    bind(fd, (const struct sockaddr *)local, sizeof *local))
		die("bind");
	return fd;
}

static int serve(const char *port)
{
	struct sockaddr_in a = address(NULL, port);
	int l = tcp_socket(&a), fd, window = 65535, buffer = 1 << 20;
	size_t have = 0, want = SIZE_MAX;
	char buf[4096];
	ssize_t n;

	/* No window scale, and a buffer that never fills: a window that stays at 65535. A growing
	 * one makes duplicate ACKs look like updates. */
	setsockopt(l, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
	setsockopt(l, IPPROTO_TCP, TCP_WINDOW_CLAMP, &window, sizeof window);
	if (listen(l, 1) || (fd = accept(l, NULL, NULL)) < 0)
		die("accept");
	while ((n = read(fd, buf, sizeof buf)) > 0) {
		if (!have) {
			char *end = memchr(buf, '\n', (size_t)n);

			if (!end)
				return 1;
			want = strtoul(buf, NULL, 10) + (size_t)(end + 1 - buf);
		}
		have += (size_t)n;
		if (have == want && write(fd, "ok\n", 3) != 3)
			die("answer");
	}
	close(fd);
	return have == want ? 0 : 1;
}

static int transfer(int argc, char **argv)
{
	const char *cc = NULL, *sport = "0";
	size_t bytes = 10000, chunk = 0, at = 0;
	struct sockaddr_in local, peer;
	int one = 1, fd, o;
	long ms = 0;
	char *data, answer[16];

	peer = address(argv[0], argv[1]);
	optind = 2;
	while ((o = getopt(argc, argv, "p:n:w:i:c:")) != -1) {
		switch (o) {
		case 'p': sport = optarg; break;
		case 'n': bytes = strtoul(optarg, NULL, 10); break;
		case 'w': chunk = strtoul(optarg, NULL, 10); break;
		case 'i': ms = strtol(optarg, NULL, 10); break;
		case 'c': cc = optarg; break;
		default: return 2;
		}
	}
	local = address(NULL, sport);
	fd = tcp_socket(&local);
	if (cc && setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cc, (socklen_t)strlen(cc)))
		die(cc);
	if (chunk)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	if (connect(fd, (struct sockaddr *)&peer, sizeof peer))
		die("connect");
	if (!(data = malloc(bytes + 32)))
		die("memory");
	int head = snprintf(data, 32, "%zu\n", bytes);

	for (size_t i = 0; i < bytes; i++)
		data[(size_t)head + i] = i % 64 == 63 ? '\n' : (char)('a' + i / 64 % 26);
	bytes += (size_t)head;
	while (at < bytes) {
		size_t n = !chunk || bytes - at < chunk ? bytes - at : chunk;

		if (at && ms)
			nanosleep(&(struct timespec) { .tv_sec = ms / 1000,
						       .tv_nsec = ms % 1000 * 1000000 },
				  NULL);
		if (write(fd, data + at, n) != (ssize_t)n)
			die("write");
		at += n;
	}
	o = read(fd, answer, sizeof answer) == 3 ? 0 : 1;
	close(fd);
	free(data);
	return o;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "serve"))
		return serve(argv[2]);
	if (argc >= 4 && !strcmp(argv[1], "send"))
		return transfer(argc - 2, argv + 2);
	fputs("usage: xfer serve PORT | xfer send ADDRESS PORT [-p PORT] [-n BYTES] [-w SIZE] [-i "
	      "MS] [-c CONTROL]\n",
	      stderr);
	return 2;
}
