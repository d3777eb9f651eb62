/* A task that a command gave to the deck: a thread does it, the screen goes on. */
#include "app/inside.h"
#include "base/num.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { BLINK_MS = 20 }; /* what takes no longer is waited for, so its result is there at once */

/* In the thread: what the task prints goes to where the console will take it. */
static int hand_over(struct sink *s, struct err *e)
{
	struct job *j = s->arg;
	const char *p = s->t.s, *end = p + s->t.n;

	(void)e;
	pthread_mutex_lock(&j->lock);
	while (p < end && j->lines < JOB_LINES && j->bytes < JOB_BYTES) {
		const char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = nl != NULL ? (size_t)(nl - p) + 1 : (size_t)(end - p);

		n = MIN(n, (size_t)(JOB_BYTES - j->bytes));
		txt_putn(&j->ready, p, n);
		j->lines += nl != NULL;
		j->bytes += n;
		p += n;
	}
	pthread_mutex_unlock(&j->lock);
	j->full = p < end;
	s->closed = j->full;
	return j->full ? -1 : 0;
}

static void *job_main(void *arg)
{
	struct job *j = arg;
	struct err late = ERR_INIT;

	j->status = j->task.run(j->task.arg, &j->out, &j->progress, &j->said);
	sink_flush(&j->out, &late);
	j->finished = true;
	return NULL;
}

/* Puts what has come into the console; a line that has not ended yet only with `all`. */
static bool take_lines(struct deck *d, bool all)
{
	struct job *j = &d->job;
	struct txt got;
	size_t n;

	txt_init(&got);
	pthread_mutex_lock(&j->lock);
	for (n = j->ready.n; n > 0 && !all && j->ready.s[n - 1] != '\n'; n--)
		;
	if (n > 0) {
		txt_putn(&got, j->ready.s, n);
		j->ready.n -= n;
		memmove(j->ready.s, j->ready.s + n, j->ready.n);
	}
	j->shown = j->lines;
	pthread_mutex_unlock(&j->lock);
	if (n > 0)
		world_say(&d->world, LINE_OUTPUT, got.s, got.n);
	txt_fini(&got);
	return n > 0;
}

/* Says how far it is, unless there is something else to be read. */
static bool tell(struct deck *d)
{
	struct job *j = &d->job;
	u64 done = j->progress.done, all = j->progress.all;
	char text[sizeof j->telling];
	struct txt t;

	if (d->world.status[0] != '\0' && strcmp(d->world.status, j->telling) != 0)
		return false;
	txt_init(&t);
	txt_printf(&t, "%s", j->task.name);
	if (all > 0)
		txt_printf(&t, "  %u %%", (unsigned)(MIN(done, all) * 100 / all));
	if (j->shown > 0) {
		txt_puts(&t, "  ");
		txt_count(&t, j->shown);
		txt_puts(&t, " lines");
	}
	txt_puts(&t, j->progress.stop ? "  stopping ..." : "  ... Esc stops it");
	snprintf(text, sizeof text, "%s", txt_str(&t));
	txt_fini(&t);
	if (strcmp(text, d->world.status) == 0)
		return false;
	memcpy(j->telling, text, sizeof text);
	world_status(&d->world, false, "%s", text);
	return true;
}

/* It has ended: its status, with a sentence where that is not 0. */
static int take_result(struct deck *d, struct err *e)
{
	struct job *j = &d->job;
	struct ctx x = deck_ctx(d);
	int status = j->full || j->progress.stop ? 0 : j->status;

	pthread_join(j->thread, NULL);
	j->running = false;
	take_lines(d, true);
	if (strcmp(d->world.status, j->telling) == 0)
		d->world.status[0] = '\0';
	if (status != 0)
		*e = j->said;
	else if (j->progress.stop)
		world_status(&d->world, false, "%s was stopped", j->task.name);
	else if (j->full)
		world_status(&d->world, false,
			     "%s: the console shows the first %llu lines, 'tapdeck %s -r FILE' at "
			     "the shell all of them",
			     j->task.name, (unsigned long long)j->lines, j->task.name);
	else if (j->out.note[0] != '\0')
		world_status(&d->world, false, "%s", j->out.note);
	else if (j->task.show != NULL)
		j->task.show(j->task.arg, &x);
	j->task.free(j->task.arg);
	sink_fini(&j->out);
	txt_fini(&j->ready);
	pthread_mutex_destroy(&j->lock);
	return status;
}

bool deck_job_update(struct deck *d, bool wait)
{
	struct job *j = &d->job;
	struct err e = ERR_INIT;
	u64 lines;

	if (!j->running)
		return false;
	if (!wait && !j->finished) {
		bool changed = take_lines(d, false);

		return tell(d) || changed;
	}
	lines = j->lines;
	if (take_result(d, &e) != 0) {
		world_status(&d->world, true, "%s", e.text);
		world_say(&d->world, LINE_ERROR, e.text, strlen(e.text));
	}
	deck_tell_lines(d, lines);
	return true;
}

int job_idle(void *arg, struct err *e)
{
	const struct job *j = &((struct deck *)arg)->job;

	return j->running ? err_set(e, "%s is still under way: wait for it, or Esc stops it",
				    j->task.name)
			  : 0;
}

int job_cancel(void *arg, struct err *e)
{
	struct job *j = &((struct deck *)arg)->job;

	if (!j->running)
		return err_set(e, "nothing is under way that could be stopped");
	j->progress.stop = true;
	((struct deck *)arg)->world.status[0] = '\0';
	tell(arg);
	return 0;
}

int job_start(void *arg, const struct task *t, struct err *e)
{
	struct deck *d = arg;
	struct job *j = &d->job;

	*j = (struct job) { .task = *t, .said = ERR_INIT };
	pthread_mutex_init(&j->lock, NULL);
	txt_init(&j->ready);
	sink_init(&j->out, hand_over, j);
	j->out.piece = 1; /* lines come as they are made */
	if (pthread_create(&j->thread, NULL, job_main, j) != 0)
		die("cannot start a thread for %s", t->name);
	j->running = true;
	for (int ms = 0; ms < BLINK_MS && !j->finished; ms++)
		usleep(1000);
	if (j->finished)
		return take_result(d, e);
	tell(d);
	return 0;
}
