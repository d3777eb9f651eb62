/* The deck on the terminal: ready source, then world, then one redraw at most every 33 ms. */
#include "app/loop.h"

#include "app/deck.h"
#include "term/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct loop {
	struct deck *deck;
	struct screen *screen;
	char *title; /* the window's */
	bool dirty;
	int ended; /* the signal that asked us to end, SIGHUP where the terminal is gone; else 0 */
};

static ns_t monotonic(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* ---- what the deck asks ---- */

static ns_t host_clock(void *arg)
{
	(void)arg;
	return monotonic();
}

static int host_copy(void *arg, const char *text, size_t n, struct err *e)
{
	struct loop *l = arg;

	return l->screen != NULL ? screen_copy(l->screen, text, n, e)
				 : err_set(e, "the screen is not open yet");
}

static void host_redraw(void *arg)
{
	struct loop *l = arg;
	int w, h;

	if (l->screen == NULL)
		return;
	screen_size(l->screen, &w, &h);
	deck_resize(l->deck, w, h);
}

static void host_suspend(void *arg)
{
	struct loop *l = arg;

	if (l->screen != NULL)
		screen_suspend(l->screen);
	l->dirty = true;
}

static void host_look(void *arg)
{
	struct loop *l = arg;

	if (l->screen != NULL)
		screen_set_theme(l->screen, deck_theme(l->deck));
	l->dirty = true;
}

/* ---- the loop ---- */

static void take_event(struct loop *l, const struct event *ev)
{
	int w, h;

	switch (ev->kind) {
	case EVENT_KEY: deck_key(l->deck, ev->key); break;
	case EVENT_MOUSE: deck_mouse(l->deck, &ev->mouse); break;
	case EVENT_PASTE: deck_paste(l->deck, ev->paste, ev->paste_n); break;
	case EVENT_RESIZE:
		screen_size(l->screen, &w, &h);
		deck_resize(l->deck, w, h);
		break;
	case EVENT_END: l->ended = ev->signal != 0 ? ev->signal : SIGHUP; break;
	}
}

static ns_t sooner(ns_t a, ns_t b)
{
	return a < 0 ? b : b < 0 ? a : MIN(a, b);
}

/* How long nothing needs to be done, in ms rounded up; -1 for ever. */
static int sleep_ms(const struct loop *l)
{
	ns_t now = monotonic(), wait = screen_event_wait(l->screen, now);

	if (l->dirty)
		wait = sooner(wait, screen_push_wait(l->screen, now));
	else
		wait = sooner(wait,
			      MAX(deck_due(l->deck),
				  deck_due(l->deck) < 0 ? -1 : screen_push_wait(l->screen, now)));
	if (deck_working(l->deck)) /* threads that cannot wake us */
		wait = sooner(wait, 50 * NS_PER_MS);
	if (world_collecting(deck_world(l->deck))) /* work for this one */
		wait = 0;
	return wait < 0 ? -1 : (int)MIN((wait + NS_PER_MS - 1) / NS_PER_MS, (ns_t)60000);
}

static void wait_for_something(struct loop *l)
{
	const struct world *w = deck_world(l->deck);
	struct pollfd p[3] = {
		{ .fd = screen_input_fd(l->screen), .events = POLLIN },
		{ .fd = screen_signal_fd(l->screen), .events = POLLIN },
		{ .fd = w->tape != NULL && !w->done ? tape_fd(w->tape) : -1, .events = POLLIN },
	};

	if (poll(p, ARRAY_LEN(p), sleep_ms(l)) > 0 && (p[2].revents & POLLIN))
		tape_fd_clear(w->tape);
}

/* The window is called as the tape. */
static void name_window(struct loop *l)
{
	const char *name = deck_world(l->deck)->name;

	if (name == NULL || (l->title != NULL && strcmp(l->title, name) == 0))
		return;
	free(l->title);
	l->title = xstrdup(name);
	screen_title(l->screen, name);
}

static void run(struct loop *l)
{
	struct event ev;

	while (!l->ended && !deck_world(l->deck)->quit) {
		l->dirty |= deck_update(l->deck);
		name_window(l);
		if (l->dirty && screen_push_wait(l->screen, monotonic()) == 0) {
			screen_push(l->screen, deck_draw(l->deck), monotonic());
			l->dirty = false;
		}
		wait_for_something(l);
		while (!l->ended && screen_event(l->screen, monotonic(), &ev)) {
			take_event(l, &ev);
			l->dirty = true;
		}
	}
}

/* ---- beginning ---- */

/* ${NAME}/tapdeck, or ~/fallback/tapdeck; NULL where there is no home. */
static char *own_dir(const char *name, const char *fallback)
{
	const char *base = getenv(name), *home = getenv("HOME");
	struct txt t;
	char *s;

	if ((base == NULL || base[0] != '/') && (home == NULL || home[0] != '/'))
		return NULL;
	txt_init(&t);
	if (base != NULL && base[0] == '/')
		txt_printf(&t, "%s/tapdeck", base);
	else
		txt_printf(&t, "%s/%s/tapdeck", home, fallback);
	s = xstrdup(txt_str(&t));
	txt_fini(&t);
	return s;
}

/* The capture comes through standard input, and the tape has a descriptor of its own for it: now
 * the keyboard gets its place. */
static int take_keyboard(struct err *e)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC);

	if (tty < 0 || dup2(tty, STDIN_FILENO) < 0)
		return err_set(e, "cannot open the keyboard /dev/tty: %s", strerror(errno));
	close(tty);
	return 0;
}

enum { FIRST_SCREEN_MS = 50, FIRST_SCREEN = 200 };

static int open_screen(struct loop *l, const struct deck_args *a, struct err *e)
{
	struct screen_config c = { .theme = deck_theme(l->deck),
				   .charset = a->ascii ? CHARSET_ASCII : CHARSET_LOCALE };
	struct world *w = deck_world(l->deck);

	l->screen = screen_new(&c, e);
	if (l->screen == NULL)
		return -1;
	tape_guard(); /* the screen's guard has taken all signals of a crash */
	deck_set_ascii(l->deck, screen_ascii(l->screen));
	host_redraw(l);
	tape_wait(w->tape, FIRST_SCREEN, FIRST_SCREEN_MS);
	return 0;
}

static int run_deck(struct loop *l, const struct deck_args *a, struct err *e)
{
	char *config_dir = own_dir("XDG_CONFIG_HOME", ".config");
	int r;

	if (config_dir != NULL) {
		struct txt t;

		txt_init(&t);
		txt_printf(&t, "%s/tapdeck.conf", config_dir);
		deck_source(l->deck, txt_str(&t));
		txt_fini(&t);
		free(config_dir);
	}
	r = deck_begin(l->deck, a, e) < 0 ? 2 : 0;
	if (r == 0 && !isatty(STDOUT_FILENO)) {
		err_set(e, "the deck needs a terminal; without one use 'tapdeck print -r %s'",
			a->file);
		r = 2;
	}
	if (r == 0 && strcmp(a->file, "-") == 0 && take_keyboard(e) < 0)
		r = 2;
	if (r == 0 && open_screen(l, a, e) < 0)
		r = 1;
	if (r == 0) {
		run(l);
		r = l->ended ? 128 + l->ended : 0; /* as a shell tells it */
	}
	screen_free(l->screen);
	l->screen = NULL;
	free(l->title);
	l->title = NULL;
	return r;
}

int loop_run(const struct deck_args *a, struct err *e)
{
	struct loop l = { .dirty = true };
	struct deck_host host = { host_clock, host_copy, host_redraw, host_suspend, host_look, &l };
	struct deck_config config = { .state_dir = NULL, .ascii = a->ascii };
	char *state_dir;
	int r = 1;

	if (strcmp(a->file, "-") == 0 && isatty(STDIN_FILENO)) {
		err_set(e, "standard input is the keyboard; pipe a capture into 'tapdeck -'");
		return 2;
	}
	state_dir = own_dir("XDG_STATE_HOME", ".local/state");
	config.state_dir = state_dir;
	l.deck = deck_new(&config, &host, 80, 24, e);
	if (l.deck != NULL)
		r = run_deck(&l, a, e);
	deck_free(l.deck);
	free(state_dir);
	return r;
}
