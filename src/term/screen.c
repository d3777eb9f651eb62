/* The terminal by way of curses, which knows its description and its modes here: what goes out is
 * made by term/paint.h, input is decoded by term/input.h, signals come from term/guard.h. This is
 * the one file that includes curses. */
#include "term/screen.h"

#include "base/utf8.h"
#include "term/guard.h"
#include "term/input.h"
#include "term/paint.h"

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

/* Capabilities without their padding, which terminals have not needed for long. */
enum cap {
	CAP_CUP,
	CAP_CLEAR,
	CAP_SGR0,
	CAP_HPA,
	CAP_EL,
	CAP_ECH,
	CAP_CSR,
	CAP_IND,
	CAP_RI,
	CAP_BOLD,
	CAP_DIM,
	CAP_SMUL,
	CAP_REV,
	CAP_SETAF,
	CAP_SETAB,
	CAP_OP,
	CAP_CIVIS,
	CAP_CNORM,
	N_CAPS
};
static const char cap_names[N_CAPS][8] = { "cup", "clear", "sgr0",  "hpa",  "el",    "ech",
					   "csr", "ind",   "ri",    "bold", "dim",   "smul",
					   "rev", "setaf", "setab", "op",   "civis", "cnorm" };

struct screen {
	SCREEN *curses;
	struct termios modes; /* as they were */
	bool started;
	char *cap[N_CAPS]; /* NULL: it has none */
	struct paint paint;
	bool painting;	/* paint is there */
	struct txt out; /* a frame on its way */
	bool cursor;	/* is seen */
	enum color_depth depth;
	bool ascii, mouse, xterm;
	struct input input;
	bool lost; /* the terminal is gone */
	bool told; /* so it was said */
	bool titled;
	ns_t pushed;	    /* when last */
	struct txt on, off; /* sequences around the screen, beyond those of curses */
	struct txt reset;   /* all that puts the terminal back, for the guard */
};

/* --- talking to the terminal beside curses --- */

/* Writes all, as long as the terminal takes it: what it has not taken for a second is lost, and so
 * is what we know of it. */
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
			s->paint.stale = true;
			return;
		}
	}
}

/* Appends a capability without its padding ("$<5>"). False where there is none. */
static bool put_cap(struct txt *t, const char *name)
{
	const char *p = tigetstr(name);

	if (!p || p == (char *)-1)
		return false;
	while (*p) {
		const char *end = p[0] == '$' && p[1] == '<' ? strchr(p, '>') : NULL;

		if (end)
			p = end + 1;
		else
			txt_putc(t, *p++);
	}
	return true;
}

static void put_param(struct txt *t, const char *cap, int a, int b)
{
	const char *s = tiparm(cap, a, b);

	if (s)
		txt_puts(t, s);
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

/* Reads what the terminal can do, for painting. */
static int read_caps(struct screen *s, struct err *e)
{
	struct paint_caps c = { .param = put_param };
	struct txt t;

	txt_init(&t);
	for (int i = 0; i < N_CAPS; i++) {
		txt_clear(&t);
		if (put_cap(&t, cap_names[i]))
			s->cap[i] = xstrdup(txt_str(&t));
	}
	txt_fini(&t);
	if (!s->cap[CAP_CLEAR])
		return err_set(e, "a terminal of type \"%s\" cannot clear its screen",
			       getenv("TERM"));
	c.cup = s->cap[CAP_CUP];
	c.clear = s->cap[CAP_CLEAR];
	c.sgr0 = s->cap[CAP_SGR0] ? s->cap[CAP_SGR0] : "";
	c.hpa = s->cap[CAP_HPA];
	c.el = s->cap[CAP_EL];
	c.ech = s->cap[CAP_ECH];
	c.csr = s->cap[CAP_CSR];
	c.ind = s->cap[CAP_IND];
	c.ri = s->cap[CAP_RI];
	if (s->cap[CAP_SGR0]) { /* what cannot be taken away is not begun */
		c.bold = s->cap[CAP_BOLD];
		c.dim = s->cap[CAP_DIM];
		c.smul = s->cap[CAP_SMUL];
		c.rev = s->cap[CAP_REV];
		c.setaf = s->cap[CAP_SETAF];
		c.setab = s->cap[CAP_SETAB];
	}
	c.op = s->cap[CAP_OP];
	c.ncv = (unsigned)MAX(tigetnum("ncv"), 0);
	c.am = tigetflag("am") > 0;
	c.xenl = tigetflag("xenl") > 0;
	paint_init(&s->paint, &c, s->depth, s->ascii);
	s->painting = true;
	return 0;
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
	paint_resize(&s->paint, w, h);
}

static void begin_modes(struct screen *s)
{
	raw();
	noecho();
	nonl();
	refresh(); /* the screen is curses' own up to here, and ours from here on */
	curs_set(0);
	s->cursor = false;
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
	txt_init(&s->out);
	input_init(&s->input);
	s->mouse = !config->no_mouse;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &s->modes) < 0) {
		err_set(e, "standard input and output must be a terminal");
		screen_free(s);
		return NULL;
	}
	choose_charset(s, config->charset);
	if (start_curses(s, e) < 0 || read_caps(s, e) < 0) {
		screen_free(s);
		return NULL;
	}
	paint_theme(&s->paint, config->theme);
	s->input.erase = s->modes.c_cc[VERASE] == 0x7f ? 0 : s->modes.c_cc[VERASE];
	make_sequences(s);
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
	curs_set(1);		     /* curses has not heard of ours: it always shows it */
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
	if (s->painting)
		paint_fini(&s->paint);
	for (int i = 0; i < N_CAPS; i++)
		free(s->cap[i]);
	txt_fini(&s->out);
	input_fini(&s->input);
	txt_fini(&s->on);
	txt_fini(&s->off);
	txt_fini(&s->reset);
	free(s);
}

void screen_size(const struct screen *s, int *w, int *h)
{
	*w = s->paint.shown.w;
	*h = s->paint.shown.h;
}

bool screen_ascii(const struct screen *s)
{
	return s->ascii;
}

void screen_set_theme(struct screen *s, const struct theme *theme)
{
	paint_theme(&s->paint, theme);
}

/* --- drawing --- */

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
	bool cursor = g->cursor_x >= 0 && g->cursor_x < s->paint.shown.w && g->cursor_y >= 0 &&
		      g->cursor_y < s->paint.shown.h;
	enum cap change = cursor ? CAP_CNORM : CAP_CIVIS;
	bool all = s->paint.stale;

	if (s->lost)
		return;
	txt_clear(&s->out);
	paint_grid(&s->paint, g, &s->out);
	if (cursor)
		paint_cursor(&s->paint, g->cursor_x, g->cursor_y, &s->out);
	if ((cursor != s->cursor || all) && s->cap[change])
		txt_puts(&s->out, s->cap[change]);
	s->cursor = cursor;
	send(s, s->out.s, s->out.n);
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
			break;
		}
		input_feed(&s->input, buf, (size_t)n, now);
		if (input_next(&s->input, now, ev))
			return true;
	}
	if (s->lost && !s->told) {
		s->told = true;
		*ev = (struct event) { .kind = EVENT_END };
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
