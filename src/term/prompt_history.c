/* The history file of a prompt. */
#include "term/prompt_history.h"

#include "base/err.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_MAX (1 << 20) /* only the end of a larger file is read */

/* The last READ_MAX bytes of a file; NULL where there is none. */
static char *read_tail(const char *path, size_t *n, bool *cut)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *buf;
	ssize_t got;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
		close(fd);
		return NULL;
	}
	*cut = st.st_size > READ_MAX;
	buf = xmalloc(READ_MAX);
	*n = 0;
	if (*cut)
		lseek(fd, st.st_size - READ_MAX, SEEK_SET);
	while (*n < READ_MAX && (got = read(fd, buf + *n, READ_MAX - *n)) > 0)
		*n += (size_t)got;
	close(fd);
	return buf;
}

/* Puts the shorter file in the place of the long one, whole or not at all. */
static void rewrite(const char *path, const char *from, size_t n)
{
	size_t len = strlen(path);
	char *tmp = xmalloc(len + 8);
	int fd;
	bool ok;

	memcpy(tmp, path, len);
	memcpy(tmp + len, ".XXXXXX", 8);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd >= 0) {
		ok = write(fd, from, n) == (ssize_t)n;
		ok = close(fd) == 0 && ok;
		if (!ok || rename(tmp, path) < 0)
			unlink(tmp);
	}
	free(tmp);
}

void history_read(const char *path, void (*add)(void *arg, const char *line, size_t n), void *arg)
{
	size_t n = 0, start = 0, lines = 0;
	bool cut = false;
	char *buf = read_tail(path, &n, &cut);

	if (!buf)
		return;
	for (size_t i = 0; i < n; i++)
		lines += buf[i] == '\n';
	/* Skip what is too old, and the line that the cut went through. */
	for (size_t skip = MAX(lines > HISTORY_MAX ? lines - HISTORY_MAX : 0, (size_t)cut);
	     skip > 0; skip--) {
		const char *nl = memchr(buf + start, '\n', n - start);

		if (!nl)
			break;
		start = (size_t)(nl + 1 - buf);
	}
	if (lines > 4 * HISTORY_MAX || cut)
		rewrite(path, buf + start, n - start);
	while (start < n) {
		const char *nl = memchr(buf + start, '\n', n - start);
		size_t len = (nl ? (size_t)(nl - buf) : n) - start;

		if (len > 0)
			add(arg, buf + start, len);
		start += len + 1;
	}
	free(buf);
}

static void make_folders(const char *path)
{
	char *p = xstrdup(path);

	for (char *slash = strchr(p + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(p, 0700); /* mostly there already */
		*slash = '/';
	}
	free(p);
}

void history_append(const char *path, const char *line, size_t n)
{
	int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = open(path, flags, 0600);
	char *whole;

	if (fd < 0 && errno == ENOENT) {
		make_folders(path);
		fd = open(path, flags, 0600);
	}
	if (fd < 0)
		return;
	/* One write, so that two decks that share the file do not mix their lines. */
	whole = xmalloc(n + 1);
	memcpy(whole, line, n);
	whole[n] = '\n';
	if (write(fd, whole, n + 1) < 0) {
		/* nothing to be done, and not worth a word to the user */
	}
	free(whole);
	close(fd);
}
