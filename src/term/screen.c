/* The terminal by way of curses, which only draws here: input is decoded by term/input.h, signals
 * come from term/guard.h. This is the one file that includes curses. */
#include "term/screen.h"

#include "base/utf8.h"
#include "term/guard.h"
#include "term/input.h"

#define NCURSES_WIDECHAR 1
#define NCURSES_NOMACROS 1
#include <curses.h>
#include <term.h>

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define DRAIN_WAIT (10 * NS_PER_MS) /* before looking again at a terminal that is behind */

struct paint {
	bool known;
	attr_t attr;
	int pair;
};

struct screen {
	SCREEN *curses;
	struct termios modes; /* as they were */
	bool started;
	struct grid shown; /* what the terminal shows */
	bool stale;	   /* it may show anything */
	const struct theme *theme;
	enum color_depth depth;
	bool ascii, mouse, xterm;
	struct paint paint[N_STYLES][N_SHADES];
	struct input input;
	bool lost; /* the terminal is gone */
	bool titled;
	ns_t pushed;	    /* when last */
	struct txt on, off; /* sequences around the screen, beyond those of curses */
	struct txt reset;   /* all that puts the terminal back, for the guard */
};

/* --- talking to the terminal beside curses --- */

/* Writes all, as long as the terminal takes it: not longer than a second. */
static void send(struct screen *s, const char *p, size_t n)
{
	while (n > 0 && !s->lost) {
		ssize_t k = write(STDOUT_FILENO, p, n);
		struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };

		if (k > 0) {
			p += k;
			n -= (size_t)k;
		} else if (k < 0 && errno != EINTR && errno != EAGAIN) {
			s->lost = true;
		} else if (poll(&pfd, 1, 1000) == 0) {
			return;
		}
	}
}

/* Appends a capability without its padding ("$<5>"). */
static void put_cap(struct txt *t, const char *name)
{
	const char *p = tigetstr(name);

	if (!p || p == (char *)-1)
		return;
	while (*p) {
		const char *end = p[0] == '$' && p[1] == '<' ? strchr(p, '>') : NULL;

		if (end)
			p = end + 1;
		else
			txt_putc(t, *p++);
	}
}

/* True for the many that understand xterm's sequences: titles, clipboard. The Linux console, VT100
 * and the like do not. */
static bool is_xterm_like(const char *term)
{
	static const char *const kin[] = { "xterm", "tmux",    "screen",  "rxvt",    "alacritty",
					   "foot",  "kitty",   "st-",	  "vte",     "konsole",
					   "gnome", "wezterm", "contour", "ghostty", "mintty",
					   "putty", "iterm" };

	for (size_t i = 0; i < ARRAY_LEN(kin); i++)
		if (strncmp(term, kin[i], strlen(kin[i])) == 0)
			return true;
	return false;
}

/* --- starting --- */

enum described { UNKNOWN, NO_CURSOR, USABLE };

/* What is known of a type of terminal. Asked before newterm(), which leaks where it fails. */
static enum described describe(const char *term)
{
	const char *cup;
	int status;
	enum described d;

	if (setupterm(term, STDOUT_FILENO, &status) != OK)
		return UNKNOWN;
	cup = tigetstr("cup");
	d = cup && cup != (char *)-1 ? USABLE : NO_CURSOR;
	del_curterm(cur_term);
	return d;
}

/* The description of the same terminal that takes RGB values, where there is one and the user's
 * terminal says it can: "xterm-direct" for "xterm-256color". The palette is never touched: it would
 * outlive a crash. */
static bool direct_term(const char *term, char *out, size_t size)
{
	const char *ct = getenv("COLORTERM"), *no = getenv("NO_COLOR");
	size_t n = strcspn(term, "-");

	if (!ct || (strcmp(ct, "truecolor") != 0 && strcmp(ct, "24bit") != 0) || (no && *no) ||
	    n + 8 > size)
		return false;
	memcpy(out, term, n);
	memcpy(out + n, "-direct", 8);
	return describe(out) == USABLE;
}

static void choose_charset(struct screen *s, enum screen_charset want)
{
	bool utf8;

	if (!setlocale(LC_CTYPE, ""))
		setlocale(LC_CTYPE, "C");
	utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (want == CHARSET_UTF8 && !utf8)
		utf8 = setlocale(LC_CTYPE, "C.UTF-8") || setlocale(LC_CTYPE, "en_US.UTF-8");
	s->ascii = want == CHARSET_ASCII || !utf8;
}

/* What is switched on beyond curses, and all that must be switched off. */
static void make_sequences(struct screen *s)
{
	const char *smcup = tigetstr("smcup");
	/* Newer descriptions of xterm keep the title by themselves. */
	bool own_title = s->xterm && !(smcup && smcup != (char *)-1 && strstr(smcup, "\x1b[22;"));

	txt_puts(&s->on, "\x1b[?2004h"); /* bracketed paste */
	if (s->mouse)
		txt_puts(&s->on, "\x1b[?1002h\x1b[?1006h"); /* presses, drags; any column */
	if (own_title)
		txt_puts(&s->on, "\x1b[22;2t"); /* keep the title */
	if (s->mouse)
		txt_puts(&s->off, "\x1b[?1006l\x1b[?1002l");
	txt_puts(&s->off, "\x1b[?2004l");
	if (own_title)
		txt_puts(&s->off, "\x1b[23;2t");
	txt_putn(&s->reset, s->off.s, s->off.n);
	put_cap(&s->reset, "op");
	put_cap(&s->reset, "sgr0");
	put_cap(&s->reset, "cnorm");
	put_cap(&s->reset, "rmcup");
	txt_putc(&s->reset, '\r');
}

static void read_size(struct screen *s)
{
	struct winsize ws;
	int w = 80, h = 24;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0 && ws.ws_row > 0) {
		w = MIN(ws.ws_col, 2000);
		h = MIN(ws.ws_row, 1000);
	}
	if (w != COLS || h != LINES)
		resizeterm(h, w);
	grid_resize(&s->shown, w, h);
	s->stale = true;
}

static void begin_modes(struct screen *s)
{
	raw();
	noecho();
	nonl();
	curs_set(0);
	leaveok(stdscr, FALSE);
	scrollok(stdscr, FALSE);
	idlok(stdscr, TRUE); /* scrolling lists by the terminal's own means */
	send(s, s->on.s, s->on.n);
}

/* newterm() with SIGTSTP in other hands: where curses finds it in its own, it ignores it during
 * each refresh() from then on, and one that comes just then is lost. */
static SCREEN *new_term(const char *term)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old;
	SCREEN *sc;

	sigemptyset(&ignore.sa_mask);
	sigaction(SIGTSTP, &ignore, &old);
	sc = newterm(term, stdout, stdin);
	sigaction(SIGTSTP, &old, NULL);
	return sc;
}

static int start_curses(struct screen *s, struct err *e)
{
	const char *term = getenv("TERM");
	char direct[64];
	bool rgb;

	if (!term || !*term)
		return err_set(e, "TERM is not set, so nothing is known of this terminal; try "
				  "TERM=xterm-256color");
	switch (describe(term)) {
	case UNKNOWN:
		return err_set(e,
			       "no description of a terminal \"%s\" here; try TERM=xterm-256color "
			       "or TERM=vt100",
			       term);
	case NO_CURSOR:
		return err_set(e,
			       "a terminal of type \"%s\" cannot show a full screen; print the "
			       "file instead",
			       term);
	case USABLE: break;
	}
	rgb = direct_term(term, direct, sizeof direct);
	s->curses = new_term(rgb ? direct : term);
	if (!s->curses)
		return err_set(e, "curses does not start on a terminal of type \"%s\"", term);
	if (has_colors()) {
		start_color();
		use_default_colors();
	}
	s->depth = theme_depth(has_colors() ? COLORS : 0, rgb && COLORS > 256, getenv("NO_COLOR"));
	s->xterm = is_xterm_like(term);
	return 0;
}

struct screen *screen_new(const struct screen_config *config, struct err *e)
{
	struct screen *s = xcalloc(1, sizeof *s);

	txt_init(&s->on);
	txt_init(&s->off);
	txt_init(&s->reset);
	input_init(&s->input);
	s->theme = config->theme;
	s->mouse = !config->no_mouse;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &s->modes) < 0) {
		err_set(e, "standard input and output must be a terminal");
		screen_free(s);
		return NULL;
	}
	choose_charset(s, config->charset);
	if (start_curses(s, e) < 0) {
		screen_free(s);
		return NULL;
	}
	s->input.erase = s->modes.c_cc[VERASE] == 0x7f ? 0 : s->modes.c_cc[VERASE];
	make_sequences(s);
	grid_init(&s->shown, 0, 0, s->ascii);
	guard_begin(STDOUT_FILENO, &s->modes, s->reset.s, s->reset.n);
	s->started = true;
	read_size(s);
	begin_modes(s);
	return s;
}

/* The terminal as it was before, for a while or for good. */
static void leave(struct screen *s)
{
	send(s, s->off.s, s->off.n); /* a terminal that is gone gives errors, which do no harm */
	curs_set(1);
	endwin();
	tcsetattr(STDIN_FILENO, TCSADRAIN, &s->modes);
	guard_arm(false);
}

void screen_free(struct screen *s)
{
	if (!s)
		return;
	if (s->started) {
		leave(s);
		guard_end();
	} else if (s->curses) {
		endwin();
	}
	if (s->curses)
		delscreen(s->curses);
	grid_fini(&s->shown);
	input_fini(&s->input);
	txt_fini(&s->on);
	txt_fini(&s->off);
	txt_fini(&s->reset);
	free(s);
}

void screen_size(const struct screen *s, int *w, int *h)
{
	*w = s->shown.w;
	*h = s->shown.h;
}

bool screen_ascii(const struct screen *s)
{
	return s->ascii;
}

void screen_set_theme(struct screen *s, const struct theme *theme)
{
	s->theme = theme;
	memset(s->paint, 0, sizeof s->paint);
	s->stale = true;
}

/* --- drawing --- */

static struct paint paint_of(struct screen *s, const struct cell *cell)
{
	struct paint *p = &s->paint[cell->style][cell->shade];
	struct look look;

	if (p->known)
		return *p;
	look = theme_look(s->theme, s->depth, (enum style)cell->style, cell->shade);
	p->attr = A_NORMAL;
	p->attr |= look.attr & LOOK_BOLD ? A_BOLD : 0;
	p->attr |= look.attr & LOOK_DIM ? A_DIM : 0;
	p->attr |= look.attr & LOOK_UNDERLINE ? A_UNDERLINE : 0;
	p->attr |= look.attr & LOOK_REVERSE ? A_REVERSE : 0;
	p->pair = 0;
	if (look.fg != COLOR_DEFAULT || look.bg != COLOR_DEFAULT)
		p->pair = MAX(alloc_pair(look.fg, look.bg),
			      0); /* out of pairs: the default colours */
	p->known = true;
	return *p;
}

/* One cell as curses wants it. */
static void put_cell(struct screen *s, int x, int y, const struct cell *cell)
{
	struct paint paint = paint_of(s, cell);
	wchar_t text[4] = { (wchar_t)grid_glyph(&s->shown, cell), 0, 0, 0 };
	cchar_t out;

	if (text[0] == 0) /* the right half comes with the left one */
		return;
	if (!s->ascii && (cell->ch >= 0x80 || cell->mark[0])) {
		/* Where libc thinks otherwise of a width, so may the terminal: keep the columns. */
		if (wcwidth(text[0]) != cell->width)
			text[0] = L'?';
		for (int i = 0; i < 2 && cell->mark[i] && text[0] != L'?'; i++)
			if (wcwidth(cell->mark[i]) == 0)
				text[wcslen(text)] = cell->mark[i];
	}
	if (setcchar(&out, text, paint.attr, 0, &paint.pair) != OK)
		return;
	mvadd_wch(y, x, &out);
	if (text[0] == L'?' && cell->width == 2)
		mvadd_wch(y, x + 1, &out);
}

ns_t screen_push_wait(const struct screen *s, ns_t now)
{
	struct pollfd pfd = { .fd = STDOUT_FILENO, .events = POLLOUT };
	int queued = 0;

	if (s->pushed != 0 && now < s->pushed + SCREEN_FRAME)
		return s->pushed + SCREEN_FRAME - now;
	if (ioctl(STDOUT_FILENO, TIOCOUTQ, &queued) == 0 && queued > 0)
		return DRAIN_WAIT;
	if (poll(&pfd, 1, 0) == 0)
		return DRAIN_WAIT;
	return 0;
}

void screen_push(struct screen *s, const struct grid *g, ns_t now)
{
	static const struct cell blank = { .ch = ' ', .width = 1 };
	int w = s->shown.w, h = s->shown.h;

	if (s->lost)
		return;
	if (s->stale) {
		grid_clear(&s->shown);
		clear();
		clearok(stdscr, TRUE);
	}
	for (int y = 0; y < h; y++) {
		struct cell *old = &s->shown.cells[(size_t)y * (size_t)w];
		const struct cell *row = y < g->h ? &g->cells[(size_t)y * (size_t)g->w] : NULL;

		if (row && g->w == w && memcmp(old, row, (size_t)w * sizeof *row) == 0)
			continue;
		for (int x = 0; x < w; x++) {
			const struct cell *new = row &&x < g->w ? &row[x] : &blank;

			if (new->width == 2 && x + 1 >= w)
				new = &blank;
			if (memcmp(&old[x], new, sizeof *new) == 0)
				continue;
			old[x] = *new;
			put_cell(s, x, y, new);
		}
	}
	s->stale = false;
	if (g->cursor_x >= 0 && g->cursor_x < w && g->cursor_y < h) {
		move(g->cursor_y, g->cursor_x);
		curs_set(1);
	} else {
		curs_set(0);
	}
	refresh();
	s->pushed = now;
}

/* --- events --- */

int screen_input_fd(const struct screen *s)
{
	(void)s;
	return STDIN_FILENO;
}

int screen_signal_fd(const struct screen *s)
{
	(void)s;
	return guard_fd();
}

ns_t screen_event_wait(const struct screen *s, ns_t now)
{
	return input_wait(&s->input, now);
}

/* Back on the screen after a stop; someone else may have had the terminal meanwhile. */
static void come_back(struct screen *s)
{
	guard_arm(true);
	reset_prog_mode();
	refresh();
	begin_modes(s);
	read_size(s);
}

static void stop(struct screen *s, bool group)
{
	leave(s);
	guard_stop(group);
	come_back(s);
}

void screen_suspend(struct screen *s)
{
	stop(s, true);
}

/* One caught signal; true where it makes an event. */
static bool take_signal(struct screen *s, struct event *ev)
{
	char byte;

	if (read(guard_fd(), &byte, 1) != 1)
		return false;
	ev->kind = EVENT_RESIZE;
	switch (byte) {
	case SIGTSTP: stop(s, false); return true;
	case SIGCONT: come_back(s); return true; /* after a SIGSTOP, which nobody sees coming */
	case SIGWINCH: read_size(s); return true;
	default:
		guard_noticed();
		ev->kind = EVENT_END;
		ev->signal = byte;
		return true;
	}
}

bool screen_event(struct screen *s, ns_t now, struct event *ev)
{
	struct pollfd pfd = { .fd = STDIN_FILENO, .events = POLLIN };
	char buf[4096];
	ssize_t n;

	*ev = (struct event) { 0 };
	if (take_signal(s, ev) || input_next(&s->input, now, ev))
		return true;
	while (!s->lost && poll(&pfd, 1, 0) > 0) {
		n = read(STDIN_FILENO, buf, sizeof buf);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			break;
		if (n <= 0) {
			s->lost = true;
			*ev = (struct event) { .kind = EVENT_END };
			return true;
		}
		input_feed(&s->input, buf, (size_t)n, now);
		if (input_next(&s->input, now, ev))
			return true;
	}
	return false;
}

/* --- clipboard and title --- */

static void base64(struct txt *t, const char *bytes, size_t n)
{
	static const char digit[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const u8 *p = (const u8 *)bytes;

	for (size_t i = 0; i < n; i += 3) {
		u32 v = (u32)p[i] << 16 | (i + 1 < n ? (u32)p[i + 1] << 8 : 0) |
			(i + 2 < n ? p[i + 2] : 0);

		txt_putc(t, digit[v >> 18]);
		txt_putc(t, digit[v >> 12 & 63]);
		txt_putc(t, i + 1 < n ? digit[v >> 6 & 63] : '=');
		txt_putc(t, i + 2 < n ? digit[v & 63] : '=');
	}
}

int screen_copy(struct screen *s, const char *text, size_t n, struct err *e)
{
	struct txt t;

	if (n > SCREEN_COPY_MAX)
		return err_set(e,
			       "%zu bytes are too many to copy through a terminal (at most %d); "
			       "export to a file instead",
			       n, SCREEN_COPY_MAX);
	if (!s->xterm)
		return err_set(
			e, "a terminal of type \"%s\" has no clipboard; export to a file instead",
			getenv("TERM"));
	txt_init(&t);
	txt_puts(&t, "\x1b]52;c;");
	base64(&t, text, n);
	txt_putc(&t, '\a');
	if (getenv("TMUX")) { /* tmux takes it itself (set-clipboard on) or passes it through
				 (allow-passthrough on) */
		size_t len = t.n;

		txt_puts(&t, "\x1bPtmux;\x1b");
		txt_grow(&t, len + 1);
		txt_putn(&t, t.s, len);
		txt_puts(&t, "\x1b\\");
	}
	send(s, t.s, t.n);
	txt_fini(&t);
	return 0;
}

void screen_title(struct screen *s, const char *text)
{
	const char *end = text + strlen(text);
	struct txt t;

	if (!s->xterm)
		return;
	txt_init(&t);
	if (*text == '\0') {
		txt_puts(&t, "\x1b[23;2t\x1b[22;2t");
	} else {
		txt_puts(&t, "\x1b]2;");
		while (text < end &&
		       t.n < 200) { /* the one door again: no byte of it may end the sequence */
			u32 cp;
			int len = utf8_decode(text, (size_t)(end - text), &cp);

			if (len > 0 && utf8_is_safe(cp) && (!s->ascii || cp < 0x80))
				txt_putn(&t, text, (size_t)len);
			else
				txt_putc(&t, '?');
			text += MAX(len, 1);
		}
		txt_putc(&t, '\a');
	}
	send(s, t.s, t.n);
	txt_fini(&t);
}
