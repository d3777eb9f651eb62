/* Bytes in order from a file, pipe or memory, inflated where they are gzip (RFC 1952). */
#include "tape/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { INPUT = 64 << 10, RING = 1 << 20, INFLATE_STEP = 64 << 10 };

/* Inflated bytes on their way from the thread that makes them to the one that reads them. */
struct ring {
	u8 *buf; /* RING bytes */
	u64 put, got;
	bool end; /* nothing more will be put; err says why where text is not empty */
	struct err err;
	pthread_mutex_t lock;
	pthread_cond_t moved;
	pthread_t thread;
};

struct source {
	int fd; /* -1 for memory */
	bool regular, looked, gzip, stopped;
	int stopfd; /* readable when source_stop() was called */
	const u8 *mem;
	size_t mem_left;
	u8 *in; /* INPUT bytes read ahead from fd: in[at..n) */
	size_t at, n;
	u64 in_offset; /* compressed bytes taken from `in` before `at` counts */
	z_stream z;
	bool z_end;	    /* between two members of a gzip file */
	struct err pending; /* to be told after the bytes that came with it */
	struct ring *ring;
};

static struct source *source_new(void)
{
	struct source *s = xcalloc(1, sizeof *s);

	s->fd = s->stopfd = -1;
	return s;
}

struct source *source_open(const char *path, struct err *e)
{
	struct source *s;
	struct stat st;
	bool in = strcmp(path, "-") == 0;
	int fd = in ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0 || fstat(fd, &st) < 0) {
		err_set(e, "%s: %s", in ? "standard input" : path,
			errno == ENOENT ? "no such file" : strerror(errno));
		if (fd >= 0)
			close(fd);
		return NULL;
	}
	if (S_ISDIR(st.st_mode) || (in && isatty(fd))) {
		if (S_ISDIR(st.st_mode))
			err_set(e, "%s: is a directory, not a capture", path);
		else
			err_set(e, "standard input is the terminal: pipe a capture into it");
		close(fd);
		return NULL;
	}
	s = source_new();
	s->fd = fd;
	s->regular = S_ISREG(st.st_mode);
	if (!s->regular)
		s->stopfd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	s->in = xmalloc(INPUT);
	return s;
}

struct source *source_mem(const u8 *p, size_t n)
{
	struct source *s = source_new();

	s->mem = p;
	s->mem_left = n;
	s->in = xmalloc(INPUT);
	return s;
}

/* ---- raw bytes ---- */

/* read(2) that returns early, with 0, when the source is stopped. */
static ssize_t raw_read(struct source *s, u8 *buf, size_t n, struct err *e)
{
	ssize_t got;

	if (s->fd < 0) {
		n = MIN(n, s->mem_left);
		if (n > 0)
			memcpy(buf, s->mem, n);
		s->mem += n;
		s->mem_left -= n;
		return (ssize_t)n;
	}
	for (;;) {
		struct pollfd p[2] = { { s->fd, POLLIN, 0 }, { s->stopfd, POLLIN, 0 } };

		if (s->stopfd >= 0 && poll(p, 2, -1) < 0 && errno == EINTR)
			continue;
		if (__atomic_load_n(&s->stopped, __ATOMIC_ACQUIRE))
			return 0;
		got = read(s->fd, buf, n);
		if (got >= 0)
			return got;
		if (errno != EINTR && errno != EAGAIN)
			return err_set(e, "reading failed: %s", strerror(errno));
	}
}

/* Fills the empty read-ahead buffer. Returns what read gave. */
static ssize_t fill(struct source *s, struct err *e)
{
	ssize_t got;

	s->in_offset += s->n;
	s->at = s->n = 0;
	got = raw_read(s, s->in, INPUT, e);
	if (got > 0)
		s->n = (size_t)got;
	return got;
}

/* Reads the first bytes and decides whether they are gzip. */
static int look(struct source *s, struct err *e)
{
	ssize_t got;

	if (s->looked)
		return 0;
	s->looked = true;
	while (s->n < 2) { /* a pipe may give one byte at a time */
		got = raw_read(s, s->in + s->n, INPUT - s->n, e);
		if (got < 0)
			return -1;
		if (got == 0)
			return 0;
		s->n += (size_t)got;
	}
	/* The third byte of gzip is the method, always 8; a capture never begins like this. */
	s->gzip = s->in[0] == 0x1f && s->in[1] == 0x8b;
	if (s->gzip && inflateInit2(&s->z, 15 + 16) != Z_OK)
		die("out of memory (zlib)");
	return 0;
}

/* ---- gzip ---- */

/* Between two members: another may follow, zeros are padding, anything else is damage. Returns 1
 * when a member begins, 0 at the end, -1 on damage. */
static int next_member(struct source *s, struct err *e)
{
	ssize_t got;

	for (;;) {
		if (s->at == s->n) {
			got = fill(s, e);
			if (got <= 0)
				return (int)got;
		}
		if (s->in[s->at] == 0x1f)
			break;
		if (s->in[s->at] != 0)
			return err_set(e,
				       "the gzip data is followed by other bytes at offset %llu "
				       "of the compressed file",
				       (unsigned long long)(s->in_offset + s->at));
		s->at++;
	}
	inflateReset(&s->z);
	s->z_end = false;
	return 1;
}

/* Inflates up to n bytes. */
static ssize_t gzip_read(struct source *s, u8 *buf, size_t n, struct err *e)
{
	ssize_t got;
	int ret;

	s->z.next_out = buf;
	s->z.avail_out = (uInt)n;
	while (s->z.avail_out == n && s->pending.text[0] == '\0') {
		if (s->z_end) {
			ret = next_member(s, &s->pending);
			if (ret == 0)
				return 0;
			if (ret < 0)
				break;
		}
		if (s->at == s->n) {
			got = fill(s, &s->pending);
			if (got < 0)
				break;
			if (got == 0 && __atomic_load_n(&s->stopped, __ATOMIC_ACQUIRE))
				return 0;
			if (got == 0) {
				err_set(&s->pending, "the gzip data is cut short after %llu bytes",
					(unsigned long long)s->in_offset);
				break;
			}
		}
		s->z.next_in = s->in + s->at;
		s->z.avail_in = (uInt)(s->n - s->at);
		ret = inflate(&s->z, Z_NO_FLUSH);
		s->at = s->n - s->z.avail_in;
		if (ret == Z_STREAM_END)
			s->z_end = true;
		else if (ret != Z_OK && ret != Z_BUF_ERROR)
			err_set(&s->pending, "the gzip data is damaged at offset %llu (%s)",
				(unsigned long long)(s->in_offset + s->at),
				s->z.msg ? s->z.msg : "zlib gives no reason");
	}
	if (s->z.avail_out < n)
		return (ssize_t)(n - s->z.avail_out);
	*e = s->pending;
	return -1;
}

static void *ring_main(void *arg)
{
	struct source *s = arg;
	struct ring *r = s->ring;
	struct err e = ERR_INIT;
	size_t room, at;
	ssize_t got;

	for (;;) {
		pthread_mutex_lock(&r->lock);
		while (r->put - r->got == RING && !s->stopped)
			pthread_cond_wait(&r->moved, &r->lock);
		room = RING - (size_t)(r->put - r->got);
		pthread_mutex_unlock(&r->lock);
		at = (size_t)(r->put % RING); /* only this thread moves put */
		got = 0;
		if (!__atomic_load_n(&s->stopped, __ATOMIC_ACQUIRE))
			got = gzip_read(s, r->buf + at, MIN(MIN(room, RING - at), INFLATE_STEP),
					&e);
		pthread_mutex_lock(&r->lock);
		if (got > 0)
			r->put += (u64)got;
		r->end = got <= 0;
		if (got < 0)
			r->err = e;
		pthread_cond_broadcast(&r->moved);
		pthread_mutex_unlock(&r->lock);
		if (got <= 0)
			return NULL;
	}
}

static void ring_start(struct source *s)
{
	struct ring *r = xcalloc(1, sizeof *r);

	r->buf = xmalloc(RING);
	pthread_mutex_init(&r->lock, NULL);
	pthread_cond_init(&r->moved, NULL);
	s->ring = r;
	if (pthread_create(&r->thread, NULL, ring_main, s) != 0)
		die("cannot start a thread");
}

static void ring_free(struct ring *r)
{
	pthread_join(r->thread, NULL);
	pthread_mutex_destroy(&r->lock);
	pthread_cond_destroy(&r->moved);
	free(r->buf);
	free(r);
}

static ssize_t ring_read(struct ring *r, u8 *buf, size_t n, struct err *e)
{
	size_t have, at;

	pthread_mutex_lock(&r->lock);
	while (r->put == r->got && !r->end)
		pthread_cond_wait(&r->moved, &r->lock);
	have = (size_t)(r->put - r->got);
	pthread_mutex_unlock(&r->lock);
	if (have == 0) {
		if (r->err.text[0] == '\0')
			return 0;
		*e = r->err;
		return -1;
	}
	at = (size_t)(r->got % RING);
	n = MIN(n, MIN(have, RING - at));
	memcpy(buf, r->buf + at, n);
	pthread_mutex_lock(&r->lock);
	r->got += n;
	pthread_cond_broadcast(&r->moved);
	pthread_mutex_unlock(&r->lock);
	return (ssize_t)n;
}

/* ---- */

ssize_t source_read(struct source *s, u8 *buf, size_t n, struct err *e)
{
	struct err unused;

	if (e == NULL)
		e = &unused;
	if (look(s, e) < 0)
		return -1;
	if (s->gzip && s->fd < 0)
		return gzip_read(s, buf, n, e);
	if (s->gzip) {
		if (s->ring == NULL)
			ring_start(s);
		return ring_read(s->ring, buf, n, e);
	}
	if (s->at == s->n)
		return raw_read(s, buf, n, e);
	n = MIN(n, s->n - s->at);
	memcpy(buf, s->in + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

void source_stop(struct source *s)
{
	u64 one = 1;

	__atomic_store_n(&s->stopped, true, __ATOMIC_RELEASE);
	if (s->stopfd >= 0 && write(s->stopfd, &one, sizeof one) < 0)
		return; /* it was full, so it is readable already */
	if (s->ring != NULL) {
		pthread_mutex_lock(&s->ring->lock);
		pthread_cond_broadcast(&s->ring->moved);
		pthread_mutex_unlock(&s->ring->lock);
	}
}

void source_free(struct source *s)
{
	if (s == NULL)
		return;
	if (s->ring != NULL) {
		source_stop(s);
		ring_free(s->ring);
	}
	if (s->gzip)
		inflateEnd(&s->z);
	if (s->fd >= 0)
		close(s->fd);
	if (s->stopfd >= 0)
		close(s->stopfd);
	free(s->in);
	free(s);
}

int source_plain_fd(struct source *s)
{
	struct err e = ERR_INIT;

	if (!s->regular || look(s, &e) < 0 || s->gzip)
		return -1;
	return s->fd;
}

bool source_is_regular(const struct source *s)
{
	return s->regular;
}
