/* The live tape: packets are encoded into a buffer, and a flush hands the batch to the file and the
 * index together, so that readers never see a packet whose bytes are not there. */
#include "tape/inside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct tape *tape_new(const char *path, bool replace, struct err *e)
{
	struct spool *spool;
	struct tape *t;
	int fd = -1;

	if (path != NULL) {
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0666);
		if (fd < 0) {
			err_set(e, "%s cannot be recorded to: %s", path, strerror(errno));
			return NULL;
		}
	}
	spool = spool_new(fd, e);
	if (spool == NULL)
		return NULL;
	t = tape_alloc(spool);
	t->live = writer_open_mem(&t->pending, WRITER_PCAPNG);
	return t;
}

int tape_add_iface(struct tape *t, const struct tape_iface *iface, struct err *e)
{
	struct tape_iface f = *iface;
	int i;

	f.form = FORM_PCAPNG;
	f.big = false;
	f.tsresol = 9;
	f.tsoffset = 0;
	f.section_first = 0;
	f.received = f.dropped_if = f.dropped_os = IFACE_UNKNOWN;
	i = iface_list_add(&t->rec.ifaces, &f);
	if (i < 0)
		return err_set(e, "more than %d interfaces", IFACE_MAX);
	return writer_iface(t->live, (u32)i, tape_iface(t, (u32)i), e) < 0 ? -1 : i;
}

/* Says again why nothing can be appended any more. */
static int failed(const struct tape *t, struct err *e)
{
	if (e != NULL)
		*e = t->err;
	return -1;
}

int tape_append(struct tape *t, const struct frame *f, struct err *e)
{
	u64 at = spool_size(t->spool) + t->pending.n;

	if (t->err.text[0] != '\0') /* the disk was full */
		return failed(t, e);
	if (t->rec.packets == INDEX_MAX_PACKETS)
		return err_set(e, "the tape is full: it has %u packets", INDEX_MAX_PACKETS);
	if (writer_frame(t->live, f, NULL, e) < 0)
		return -1;
	t->rec.packets++;
	index_add(t->index, f, at);
	return 0;
}

int tape_append_event(struct tape *t, ns_t ts, const struct event_field *f, size_t n, struct err *e)
{
	struct event_place p = { .before = t->rec.packets, .ts = ts };
	size_t begin = t->pending.n, end;

	if (t->err.text[0] != '\0')
		return failed(t, e);
	if (writer_event(t->live, ts, f, n, e) < 0)
		return -1;
	end = t->pending.n - 4;
	while (end > begin + 8 && t->pending.s[end - 1] == '\0') /* the padding */
		end--;
	p.offset = spool_size(t->spool) + begin + 8;
	p.len = (u32)(end - begin - 8);
	*VEC_PUSH(&t->pending_events) = p;
	return 0;
}

int tape_append_stats(struct tape *t, u32 iface, u64 received, u64 dropped_if, u64 dropped_os,
		      ns_t ts, struct err *e)
{
	struct tape_iface *f = iface_list_get(&t->rec.ifaces, iface);

	__atomic_store_n(&f->received, received, __ATOMIC_RELAXED);
	__atomic_store_n(&f->dropped_if, dropped_if, __ATOMIC_RELAXED);
	__atomic_store_n(&f->dropped_os, dropped_os, __ATOMIC_RELAXED);
	return writer_stats(t->live, iface, f, ts, e);
}

int tape_flush(struct tape *t, struct err *e)
{
	size_t i;

	if (t->err.text[0] == '\0')
		spool_write(t->spool, t->pending.s, t->pending.n, &t->err);
	if (t->err.text[0] != '\0')
		return failed(t, e);
	txt_clear(&t->pending);
	for (i = 0; i < t->pending_events.n; i++)
		grow_push(&t->events, &t->pending_events.v[i]);
	t->pending_events.n = 0;
	index_publish(t->index);
	__atomic_store_n(&t->indexed, spool_size(t->spool), __ATOMIC_RELAXED);
	tape_tell(t);
	return 0;
}

int tape_finish(struct tape *t, struct err *e)
{
	int ret = tape_flush(t, e);

	__atomic_store_n(&t->done, true, __ATOMIC_RELEASE);
	tape_tell(t);
	return ret;
}
