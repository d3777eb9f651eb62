/* Files that take their place by rename(2), so that a failure leaves what was there. */
#include "tape/newfile.h"

#include "base/txt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The name to write under: a new file beside the path. */
static int open_beside(struct newfile *f, const struct stat *old)
{
	struct txt t;
	mode_t mask = umask(0);

	umask(mask);
	txt_init(&t);
	txt_printf(&t, "%s.XXXXXX", f->path);
	f->temp = xstrdup(txt_str(&t));
	txt_fini(&t);
	f->fd = mkostemp(f->temp, O_CLOEXEC);
	if (f->fd < 0) {
		free(f->temp);
		f->temp = NULL;
		return -1;
	}
	return fchmod(f->fd, old != NULL ? old->st_mode & 0777 : 0666 & ~mask);
}

static int open_path(struct newfile *f, const char *path)
{
	struct stat st;
	char *real;
	bool is = stat(path, &st) == 0;

	if (is && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (is && !S_ISREG(st.st_mode)) {
		f->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return f->fd < 0 ? -1 : 0;
	}
	if (is && access(path, W_OK) < 0)
		return -1;
	real = is ? realpath(path, NULL) : NULL; /* a link stays a link */
	f->path = real != NULL ? real : xstrdup(path);
	return open_beside(f, is ? &st : NULL);
}

int newfile_open(struct newfile *f, const char *path, struct err *e)
{
	*f = (struct newfile) { .fd = -1 };
	if (strcmp(path, "-") == 0)
		f->fd = dup(STDOUT_FILENO);
	else if (open_path(f, path) < 0) {
		err_set(e, "%s cannot be written: %s", path, strerror(errno));
		newfile_abort(f);
		return -1;
	}
	if (f->fd < 0)
		return err_set(e, "standard output cannot be written: %s", strerror(errno));
	return 0;
}

/* close(2) and rename(2) may be the first to notice that the disk is full. */
int newfile_close(struct newfile *f, struct err *e)
{
	int fd = f->fd, r = 0;

	f->fd = -1;
	if ((fd >= 0 && close(fd) < 0) || (f->temp != NULL && rename(f->temp, f->path) < 0)) {
		r = err_set(e, "%s cannot be written: %s",
			    f->path != NULL ? f->path : "the capture", strerror(errno));
	} else {
		free(f->temp);
		f->temp = NULL;
	}
	newfile_abort(f);
	return r;
}

void newfile_abort(struct newfile *f)
{
	if (f->fd >= 0)
		close(f->fd);
	if (f->temp != NULL)
		unlink(f->temp);
	free(f->temp);
	free(f->path);
	*f = (struct newfile) { .fd = -1 };
}
