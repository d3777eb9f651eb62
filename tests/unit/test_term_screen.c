/* The terminal code on a real pseudo-terminal: a small deck runs there as the job of a small shell,
 * and whatever is done to it, the terminal must be as before when it is gone or stopped. */
#include "term/screen.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static ns_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (ns_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

/* --- the deck, in a process of its own --- */

static bool flood; /* changes every cell all the time */

static void draw(struct screen *s, struct grid *g, unsigned frame)
{
	struct canvas c;
	int w, h;

	screen_size(s, &w, &h);
	grid_resize(g, w, h);
	c = canvas_of(g);
	canvas_text(&c, 0, 0, STYLE_FWD, "deck %dx%d ▸ 日本 e\u0301", w, h);
	canvas_puts(&c, 0, 1, STYLE_LOSS, "lost ✗");
	for (int y = 2; flood && y < h; y++)
		canvas_fill(&c, 0, y, w, 1, y & 1 ? STYLE_OK : STYLE_REV,
			    'a' + (frame + (unsigned)y) % 26);
	canvas_cursor(&c, 3, 1);
}

static void handle(struct screen *s, FILE *report, const struct event *ev, struct grid *g)
{
	struct txt t;
	struct err e = ERR_INIT;
	int w, h;

	txt_init(&t);
	switch (ev->kind) {
	case EVENT_KEY:
		key_write(ev->key, &t);
		fprintf(report, "key %s\n", txt_str(&t));
		fflush(report);
		if (ev->key == 'c')
			abort();
		if (ev->key == 'd')
			die("as it must be");
		if (ev->key == 'f')
			flood = true;
		if (ev->key == 'z')
			screen_suspend(s);
		if (ev->key == 'y')
			fprintf(report, "copy %d\n", screen_copy(s, "hello", 5, &e));
		if (ev->key == 't')
			screen_title(s, "a\x1b]0;b\a");
		break;
	case EVENT_MOUSE:
		fprintf(report, "mouse %d %d,%d\n", (int)ev->mouse.kind, ev->mouse.x, ev->mouse.y);
		break;
	case EVENT_PASTE: fprintf(report, "paste %.*s\n", (int)ev->paste_n, ev->paste); break;
	case EVENT_RESIZE:
		screen_size(s, &w, &h);
		fprintf(report, "size %dx%d\n", w, h);
		break;
	case EVENT_END: fprintf(report, "end %d\n", ev->signal); break;
	}
	fflush(report);
	if (ev->kind == EVENT_END || (ev->kind == EVENT_KEY && ev->key == 'q')) {
		screen_free(s);
		grid_fini(g);
		txt_fini(&t);
		fclose(report);
		exit(0);
	}
	txt_fini(&t);
}

static void __attribute__((noreturn)) deck(int report_fd)
{
	struct screen_config config = { .theme = theme_find("dark", NULL),
					.charset = CHARSET_UTF8 };
	FILE *report = fdopen(report_fd, "w");
	struct err e = ERR_INIT;
	struct screen *s = screen_new(&config, &e);
	struct grid g;
	struct event ev;

	if (!s) {
		fprintf(report, "error %s\n", e.text);
		fflush(report);
		exit(3);
	}
	fprintf(report, "pid %d %s\n", (int)getpid(), screen_ascii(s) ? "ascii" : "utf8");
	fflush(report);
	grid_init(&g, 0, 0, screen_ascii(s));
	for (unsigned frame = 0;; frame++) {
		struct pollfd pfd[] = { { .fd = screen_input_fd(s), .events = POLLIN },
					{ .fd = screen_signal_fd(s), .events = POLLIN } };
		ns_t wait = screen_push_wait(s, now()), more = screen_event_wait(s, now());

		if (wait == 0) {
			draw(s, &g, frame);
			screen_push(s, &g, now());
			wait = flood ? 0 : NS_PER_S;
		}
		if (more >= 0)
			wait = MIN(wait, more);
		poll(pfd, 2, (int)((wait + NS_PER_MS - 1) / NS_PER_MS));
		while (screen_event(s, now(), &ev))
			handle(s, report, &ev, &g);
	}
}

/* --- the shell that it is a job of --- */

static bool same_modes(const struct termios *a, const struct termios *b)
{
	return a->c_iflag == b->c_iflag && a->c_oflag == b->c_oflag && a->c_lflag == b->c_lflag &&
	       a->c_cflag == b->c_cflag;
}

static void __attribute__((noreturn)) shell(int slave, int report)
{
	static const int crashes[] = { SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL };
	struct termios before, after;
	int status;
	pid_t job;
	bool gone;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	tcgetattr(slave, &before);
	job = fork();
	if (job == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setpgid(0, 0);
		tcsetpgrp(slave, getpid());
		signal(SIGHUP, SIG_DFL);
		signal(SIGTTOU, SIG_DFL);
		for (size_t i = 0; i < ARRAY_LEN(crashes); i++) /* not those of cmocka */
			signal(crashes[i], SIG_DFL);
		dup2(slave, 0);
		dup2(slave, 1);
		deck(report);
	}
	for (;;) {
		waitpid(job, &status, WUNTRACED);
		gone = tcgetattr(slave, &after) < 0;
		if (WIFSTOPPED(status)) { /* as a shell does; and back, as its fg does */
			tcsetpgrp(slave, getpid());
			tcsetpgrp(slave, job);
		}
		dprintf(report, "%s %d ",
			WIFSTOPPED(status)    ? "stopped"
			: WIFSIGNALED(status) ? "signal"
					      : "exit",
			WIFSTOPPED(status)    ? 0
			: WIFSIGNALED(status) ? WTERMSIG(status)
					      : WEXITSTATUS(status));
		if (gone)
			dprintf(report, "gone\n");
		else
			dprintf(report, "%s\n", same_modes(&before, &after) ? "sane" : "insane");
		if (!WIFSTOPPED(status))
			_exit(0);
	}
}

/* --- the test --- */

static int master = -1, report = -1;
static pid_t shell_pid, deck_pid;
static struct txt seen; /* all that the deck wrote to the terminal */
static bool reading;	/* whether the terminal takes anything */

/* Waits for the next line of the report; reads the terminal meanwhile. */
static const char *next_line(void)
{
	static char line[400];
	ns_t until = now() + 20 * NS_PER_S;
	size_t n = 0;

	while (now() < until) {
		struct pollfd pfd[] = { { .fd = report, .events = POLLIN },
					{ .fd = reading ? master : -1, .events = POLLIN } };

		if (poll(pfd, 2, 1000) <= 0)
			continue;
		if (pfd[1].revents) {
			char *at = txt_room(&seen, 65536);
			ssize_t got = read(master, at, 65536);

			if (got > 0)
				seen.n += (size_t)got;
			else
				reading = false;
		} else if (pfd[0].revents) {
			if (read(report, &line[n], 1) != 1 || n + 2 > sizeof line)
				break;
			if (line[n] == '\n') {
				line[n] = '\0';
				return line;
			}
			n++;
		}
	}
	fail_msg("no line from the deck within 20 seconds");
	return "";
}

static void expect_at(int at, const char *want)
{
	const char *line = next_line();

	if (strcmp(line, want) != 0)
		fail_msg("line %d: the deck says \"%s\", not \"%s\"", at, line, want);
}
#define EXPECT(want) expect_at(__LINE__, want)

static void launch(const char *term, int w, int h)
{
	struct winsize ws = { .ws_col = (unsigned short)w, .ws_row = (unsigned short)h };
	int slave, fds[2];
	char word[20] = "";

	setenv("TERM", term, 1);
	unsetenv("TMUX");
	unsetenv("NO_COLOR");
	unsetenv("COLORTERM");
	txt_clear(&seen);
	reading = true;
	assert_int_equal(pipe(fds), 0);
	master = posix_openpt(O_RDWR | O_NOCTTY);
	assert_true(master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	ioctl(master, TIOCSWINSZ, &ws);
	shell_pid = fork();
	if (shell_pid == 0) {
		close(master);
		close(fds[0]);
		shell(slave, fds[1]);
	}
	close(slave);
	close(fds[1]);
	report = fds[0];
	if (strcmp(term, "dumb") != 0 && strcmp(term, "no-such-terminal") != 0) {
		assert_int_equal(sscanf(next_line(), "pid %d %19s", &deck_pid, word), 2);
		assert_string_equal(word, "utf8");
	}
}

static void type(const char *keys)
{
	assert_true(write(master, keys, strlen(keys)) == (ssize_t)strlen(keys));
}

static size_t last_of(const char *what)
{
	size_t n = strlen(what);

	for (size_t i = seen.n; i >= n && i > 0; i--)
		if (memcmp(seen.s + i - n, what, n) == 0)
			return i;
	return 0;
}

/* Reads the terminal until the text has come. */
static void await(const char *text)
{
	ns_t until = now() + 20 * NS_PER_S;

	while (last_of(text) == 0 && now() < until) {
		struct pollfd pfd = { .fd = master, .events = POLLIN };
		char *at = txt_room(&seen, 65536);
		ssize_t got = poll(&pfd, 1, 1000) > 0 ? read(master, at, 65536) : 0;

		seen.n += got > 0 ? (size_t)got : 0;
	}
	if (last_of(text) == 0)
		fail_msg("the terminal has not been sent \"%s\"", text);
}

/* Takes what is left on the terminal, and checks that its last words put everything back. */
static void finish(void)
{
	struct pollfd pfd = { .fd = master, .events = POLLIN };
	char *at;
	ssize_t got = 1;

	while (master >= 0 && got > 0 && poll(&pfd, 1, 0) > 0) {
		at = txt_room(&seen, 65536);
		got = read(master, at, 65536);
		seen.n += got > 0 ? (size_t)got : 0;
	}
	waitpid(shell_pid, NULL, 0);
	if (master >= 0)
		close(master);
	close(report);
	master = -1;
}

static void check_left(void)
{
	static const char *const pairs[][2] = { { "\x1b[?1049h", "\x1b[?1049l" },
						{ "\x1b[?2004h", "\x1b[?2004l" },
						{ "\x1b[?1002h", "\x1b[?1002l" } };

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		assert_true(last_of(pairs[i][1]) > 0);
		if (last_of(pairs[i][1]) < last_of(pairs[i][0]))
			fail_msg("%s was not taken back", pairs[i][0] + 1);
	}
	assert_true(last_of("\x1b[?25h") + 5 > last_of("\x1b[?25l")); /* the cursor is seen */
}

static void keys_and_quit(void **state)
{
	(void)state;
	launch("xterm-256color", 100, 30);
	await("deck 100x30 ▸ 日本 e\u0301");
	type("x");
	EXPECT("key x");
	type("\x1b[1;5C\x1b[<0;290;7M\x03\x1a");
	EXPECT("key C-Right");
	EXPECT("mouse 0 289,6");
	EXPECT("key C-c"); /* keys, not signals */
	EXPECT("key C-z");
	type("\x1b");
	EXPECT("key Esc");
	type("\x1b[200~two\nlines q\x1b[201~");
	EXPECT("paste two");
	EXPECT("lines q");
	type("y");
	EXPECT("key y");
	EXPECT("copy 0");
	type("t");
	EXPECT("key t");
	type("q");
	EXPECT("key q");
	EXPECT("exit 0 sane");
	finish();
	check_left();
	assert_true(last_of("\x1b]52;c;aGVsbG8=\a") > 0);
	assert_true(last_of("\x1b]2;a?]0;b?\a") > 0);
}

static void ways_to_die(void **state)
{
	static const int sigs[] = { SIGTERM, SIGHUP, SIGINT, SIGSEGV };
	char line[60];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sigs); i++) {
		launch("xterm-256color", 80, 24);
		type("x");
		EXPECT("key x");
		kill(deck_pid, sigs[i]);
		if (sigs[i] != SIGSEGV) {
			snprintf(line, sizeof line, "end %d", sigs[i]);
			EXPECT(line);
			EXPECT("exit 0 sane");
		} else {
			const char *last = next_line();

			assert_true(strcmp(last, "signal 11 sane") == 0 ||
				    strcmp(last, "exit 1 sane") == 0); /* ASan exits */
		}
		finish();
		check_left();
	}
	launch("xterm-256color", 80, 24);
	type("c");
	EXPECT("key c");
	EXPECT("signal 6 sane");
	finish();
	check_left();
	launch("xterm-256color", 80, 24);
	type("d");
	EXPECT("key d");
	EXPECT("exit 2 sane");
	finish();
	check_left();
}

static void stop_and_go_on(void **state)
{
	struct winsize ws = { .ws_col = 90, .ws_row = 33 };

	(void)state;
	launch("xterm-256color", 80, 24);
	kill(deck_pid, SIGTSTP);
	EXPECT("stopped 0 sane");
	kill(deck_pid, SIGCONT);
	EXPECT("size 80x24");
	type("z"); /* asked for by a key */
	EXPECT("key z");
	EXPECT("stopped 0 sane");
	check_left();
	ioctl(master, TIOCSWINSZ, &ws); /* meanwhile the window grows */
	txt_clear(&seen);
	kill(deck_pid, SIGCONT);
	type("x");
	for (const char *line = next_line(); strcmp(line, "key x") != 0; line = next_line())
		assert_string_equal(line, "size 90x33");
	ws.ws_col = 60;
	ioctl(master, TIOCSWINSZ, &ws);
	EXPECT("size 60x33");
	kill(deck_pid, SIGSTOP); /* nothing can be restored then */
	EXPECT("stopped 0 insane");
	txt_clear(&seen);
	kill(deck_pid, SIGCONT);
	EXPECT("size 60x33");
	await("deck 60x33"); /* drawn afresh */
	type("q");
	EXPECT("key q");
	EXPECT("exit 0 sane");
	finish();
	check_left();
}

/* The window is closed; and a terminal that takes nothing more, with a program in the middle of
 * writing to it. */
static void lost_and_stuck(void **state)
{
	const char *line;

	(void)state;
	launch("xterm-256color", 80, 24);
	close(master);
	master = -1;
	reading = false;
	line = next_line();
	assert_true(strcmp(line, "end 1") == 0 || strcmp(line, "end 0") == 0);
	EXPECT("exit 0 gone");
	finish();

	launch("xterm-256color", 300, 100);
	type("f");
	EXPECT("key f");
	reading = false;
	for (int i = 0; i < 30; i++) /* long enough to fill what lies between */
		poll(NULL, 0, 20);
	kill(deck_pid, SIGTERM);
	line = next_line();
	if (strcmp(line, "end 15") == 0)
		EXPECT("exit 0 sane");
	else
		assert_string_equal(line, "exit 143 sane");
	finish();
}

static void poor_terminals(void **state)
{
	(void)state;
	launch("vt100", 80, 24);
	await("deck 80x24");
	type("xq");
	EXPECT("key x");
	EXPECT("key q");
	EXPECT("exit 0 sane");
	finish();
	assert_int_equal(last_of("\x1b[3"), 0); /* no colour */
	assert_int_equal(last_of("\x1b[22;2t"), 0);
	launch("dumb", 80, 24);
	EXPECT("error a terminal of type \"dumb\" cannot show a full screen; print the file "
	       "instead");
	EXPECT("exit 3 sane");
	finish();
	launch("no-such-terminal", 80, 24);
	EXPECT("error no description of a terminal \"no-such-terminal\" here; try "
	       "TERM=xterm-256color or TERM=vt100");
	EXPECT("exit 3 sane");
	finish();
}

static int begin(void **state)
{
	(void)state;
	txt_init(&seen);
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

static int end(void **state)
{
	(void)state;
	txt_fini(&seen);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_and_quit),  cmocka_unit_test(ways_to_die),
		cmocka_unit_test(stop_and_go_on), cmocka_unit_test(lost_and_stuck),
		cmocka_unit_test(poor_terminals),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
