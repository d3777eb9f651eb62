/* Where a command's output goes. */
#include "cmd/sink.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int write_fd(struct sink *s, struct err *e)
{
	size_t done = 0;

	while (done < s->t.n) {
		ssize_t n = write(s->fd, s->t.s + done, s->t.n - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->closed = errno == EPIPE;
			return err_set(e, "cannot write the output: %s", strerror(errno));
		}
		done += (size_t)n;
	}
	return 0;
}

void sink_init(struct sink *s, int (*write_all)(struct sink *, struct err *), void *arg)
{
	*s = (struct sink) { .write = write_all, .arg = arg, .fd = -1, .piece = SINK_PIECE };
	txt_init(&s->t);
}

void sink_init_fd(struct sink *s, int fd)
{
	sink_init(s, write_fd, NULL);
	s->fd = fd;
}

void sink_fini(struct sink *s)
{
	txt_fini(&s->t);
}

int sink_flush(struct sink *s, struct err *e)
{
	int r = s->t.n > 0 ? s->write(s, e) : 0;

	txt_clear(&s->t);
	return r;
}
