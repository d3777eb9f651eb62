/* The mapped bytes behind a tape. A mapping may be longer than its file: pages become readable as
 * the file grows, so one large mapping serves a spool for its whole life. */
#include "tape/spool.h"

#include "tape/source.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef MADV_POPULATE_READ
#define MADV_POPULATE_READ 22 /* Linux 5.14 */
#endif

enum { COPY_STEP = 256 << 10 };
static const u64 ahead_step = 4 << 20;

struct spool {
	struct source *src; /* NULL for a live one */
	int fd;		    /* the temporary or live file; -1 where the source itself is mapped */
	u8 *map;
	u64 map_len;
	u64 size;   /* bytes that are there */
	u64 mapped; /* bytes that spool_ahead() has touched */
	bool ended, stopped, copying, regular;
	bool shrunk;
	struct spool *next; /* in the list of mapped ones */
	struct err err;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t more;
};

/* ---- files that become shorter while they are mapped ---- */

static struct spool *mapped; /* walked by the signal handler, changed under the lock */
static pthread_mutex_t mapped_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction others; /* who had SIGBUS before */
static uintptr_t page_size;

/* Reading a mapped page that the file no longer has: zeros take its place. Any other SIGBUS ends
 * the program as it would have. */
static void on_sigbus(int sig, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	struct spool *s;
	void *page;

	(void)context;
	for (s = __atomic_load_n(&mapped, __ATOMIC_ACQUIRE); s != NULL; s = s->next) {
		if (at - (uintptr_t)s->map >= s->map_len)
			continue;
		page = (void *)(at / page_size * page_size);
		__atomic_store_n(&s->shrunk, true, __ATOMIC_RELEASE);
		if (mmap(page, page_size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			 0) != MAP_FAILED)
			return;
	}
	sigaction(sig, &others, NULL); /* the access is tried again, and is theirs */
}

/* Takes SIGBUS, or takes it back. Called with the lock held. */
static void guard(void)
{
	struct sigaction sa = { .sa_sigaction = on_sigbus, .sa_flags = SA_SIGINFO }, old;

	page_size = (uintptr_t)sysconf(_SC_PAGESIZE);
	if (sigaction(SIGBUS, &sa, &old) == 0 && old.sa_sigaction != on_sigbus)
		others = old;
}

void spool_guard(void)
{
	pthread_mutex_lock(&mapped_lock);
	guard();
	pthread_mutex_unlock(&mapped_lock);
}

static void map_register(struct spool *s)
{
	pthread_mutex_lock(&mapped_lock);
	guard();
	s->next = mapped;
	__atomic_store_n(&mapped, s, __ATOMIC_RELEASE);
	pthread_mutex_unlock(&mapped_lock);
}

static void map_forget(const struct spool *s)
{
	struct spool **at;

	pthread_mutex_lock(&mapped_lock);
	for (at = &mapped; *at != NULL; at = &(*at)->next) {
		if (*at == s) {
			__atomic_store_n(at, s->next, __ATOMIC_RELEASE);
			break;
		}
	}
	pthread_mutex_unlock(&mapped_lock);
}

bool spool_shrunk(const struct spool *s)
{
	return __atomic_load_n(&s->shrunk, __ATOMIC_ACQUIRE);
}

/* ---- */

static struct spool *spool_alloc(void)
{
	struct spool *s = xcalloc(1, sizeof *s);

	s->fd = -1;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->more, NULL);
	return s;
}

/* Maps all of a file that does not grow. */
static int map_file(struct spool *s, int fd, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return err_set(e, "%s", strerror(errno));
	s->size = (u64)st.st_size;
	s->ended = true;
	if (s->size == 0)
		return 0;
	s->map_len = s->size;
	s->map = mmap(NULL, (size_t)s->map_len, PROT_READ, MAP_SHARED, fd, 0);
	if (s->map == MAP_FAILED) {
		s->map = NULL;
		return err_set(e, "cannot be mapped: %s", strerror(errno));
	}
	map_register(s);
	return 0;
}

/* Reserves as much address space as there is for a file that grows. */
static int map_growing(struct spool *s, struct err *e)
{
	u64 len;

	for (len = (u64)1 << 42; len >= (u64)1 << 28; len >>= 1) {
		void *p = mmap(NULL, (size_t)len, PROT_READ, MAP_SHARED, s->fd, 0);

		if (p != MAP_FAILED) {
			s->map = p;
			s->map_len = len;
			map_register(s);
			return 0;
		}
	}
	return err_set(e, "cannot be mapped: %s", strerror(errno));
}

static int temp_file(struct err *e)
{
	const char *dir = getenv("TMPDIR");
	char path[4096];
	int fd;

	if (dir == NULL || *dir == '\0')
		dir = "/tmp";
	fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	snprintf(path, sizeof path, "%s/tapdeck-XXXXXX", dir);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return err_set(e, "no temporary file in %s: %s", dir, strerror(errno));
	unlink(path);
	return fd;
}

int spool_write(struct spool *s, const void *p, size_t n, struct err *e)
{
	const u8 *from = p;
	u64 at = s->size, end = s->size + n;
	ssize_t put;

	if (end > s->map_len)
		return err_set(e, "more than %llu bytes cannot be mapped",
			       (unsigned long long)s->map_len);
	while (at < end) {
		put = pwrite(s->fd, from, (size_t)(end - at), (off_t)at);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0) {
			err_set(e, "writing the tape failed: %s",
				put < 0 ? strerror(errno) : "nothing was written");
			if (ftruncate(s->fd, (off_t)s->size) < 0) /* no half records */
				err_prefix(e, "the file ends in half a record");
			return -1;
		}
		from += put;
		at += (u64)put;
	}
	__atomic_store_n(&s->size, end, __ATOMIC_RELEASE);
	return 0;
}

/* Copies the source into the temporary file. */
static void *copy_main(void *arg)
{
	struct spool *s = arg;
	struct err e = ERR_INIT;
	u8 *buf = xmalloc(COPY_STEP);
	ssize_t got = 0;

	while (!__atomic_load_n(&s->stopped, __ATOMIC_ACQUIRE)) {
		got = source_read(s->src, buf, COPY_STEP, &e);
		if (got <= 0 || spool_write(s, buf, (size_t)got, &e) < 0)
			break;
		pthread_mutex_lock(&s->lock);
		pthread_cond_broadcast(&s->more);
		pthread_mutex_unlock(&s->lock);
	}
	pthread_mutex_lock(&s->lock);
	s->err = e;
	s->ended = true;
	pthread_cond_broadcast(&s->more);
	pthread_mutex_unlock(&s->lock);
	free(buf);
	return NULL;
}

static int start(struct spool *s, struct err *e)
{
	int plain = source_plain_fd(s->src);

	s->regular = source_is_regular(s->src);
	if (plain >= 0)
		return map_file(s, plain, e);
	s->fd = temp_file(e);
	if (s->fd < 0 || map_growing(s, e) < 0)
		return -1;
	if (pthread_create(&s->thread, NULL, copy_main, s) != 0)
		return err_set(e, "cannot start a thread");
	s->copying = true;
	return 0;
}

struct spool *spool_open(const char *path, struct err *e)
{
	struct spool *s = spool_alloc();

	s->src = source_open(path, e);
	if (s->src != NULL) {
		if (start(s, e) == 0)
			return s;
		err_prefix(e, "%s", path);
	}
	spool_close(s);
	return NULL;
}

struct spool *spool_new(int fd, struct err *e)
{
	struct spool *s = spool_alloc();

	s->fd = fd >= 0 ? fd : temp_file(e);
	if (s->fd >= 0 && map_growing(s, e) == 0)
		return s;
	spool_close(s);
	return NULL;
}

void spool_close(struct spool *s)
{
	if (s == NULL)
		return;
	if (s->copying) {
		spool_stop(s);
		pthread_join(s->thread, NULL);
	}
	map_forget(s);
	if (s->map != NULL)
		munmap(s->map, (size_t)s->map_len);
	source_free(s->src);
	if (s->fd >= 0)
		close(s->fd);
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->more);
	free(s);
}

const u8 *spool_base(const struct spool *s)
{
	return s->map != NULL ? s->map : (const u8 *)""; /* an empty file has no mapping */
}

u64 spool_size(const struct spool *s)
{
	return __atomic_load_n(&s->size, __ATOMIC_ACQUIRE);
}

bool spool_ended(struct spool *s, struct err *e)
{
	bool ended;

	pthread_mutex_lock(&s->lock);
	ended = s->ended;
	if (ended)
		*e = s->err;
	pthread_mutex_unlock(&s->lock);
	return ended;
}

u64 spool_wait(struct spool *s, u64 want)
{
	pthread_mutex_lock(&s->lock);
	while (spool_size(s) < want && !s->ended && !s->stopped)
		pthread_cond_wait(&s->more, &s->lock);
	pthread_mutex_unlock(&s->lock);
	return spool_size(s);
}

void spool_stop(struct spool *s)
{
	if (s->src != NULL && s->copying)
		source_stop(s->src);
	pthread_mutex_lock(&s->lock);
	__atomic_store_n(&s->stopped, true, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&s->more);
	pthread_mutex_unlock(&s->lock);
}

bool spool_is_file(const struct spool *s)
{
	return s->regular;
}

void spool_ahead(struct spool *s, u64 at)
{
	u64 len;

	if (at + ahead_step / 2 < s->mapped || s->mapped >= s->size)
		return;
	len = MIN(ahead_step, s->size - s->mapped);
	/* Where the kernel does not know this, pages come one fault at a time instead. */
	madvise(s->map + s->mapped, (size_t)len, MADV_POPULATE_READ);
	s->mapped += len;
}
