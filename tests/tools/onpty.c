/*
 * onpty [-o OUTPUT] SCRIPT PROGRAM [ARG...]: runs a program on a terminal of its own, as a job of a
 *shell would run, and checks what it does to that terminal. SCRIPT has one order a line; the first
 *wrong one ends the run with a sentence.
 *
 *	size WxH	the window's size; before the start, or at any time (SIGWINCH)
 *	expect TEXT	waits until TEXT was written since the last order that said something to the
 *program type TEXT	\e \r \t \\ \xNN are understood signal NAME	to the program: TERM, HUP,
 *INT, QUIT, TSTP, CONT, STOP, WINCH
 *	stopped		waits until it is stopped; the terminal must be as it was before
 *	halted		waits until it is stopped, by SIGSTOP, which leaves the terminal as it is
 *	fg		what the shell's fg does
 *	stty OPTION	somebody else changes the terminal while the program is stopped: echo or
 *-echo hangup		the terminal goes away truncate FILE N	cuts a file short quiet
 *waits until nothing was written for 150 ms
 *	exit N		waits for the end: exit status N, the terminal as before
 *	killed NAME	waits for the end by a signal, the terminal as before
 *
 * A terminal is as before when its termios are, and when every mode that was switched on by CSI ? N
 *h is off again, the cursor visible, the colours plain and the character set plain.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 20000, SILENCE = 150 }; /* ms */

static struct {
	int master; /* -1 after a hangup */
	int shell;  /* our end of the line to the shell process */
	pid_t shell_pid, job;
	struct termios before;
	char *out; /* all that was written */
	size_t n, mark;
	int line;
	const char *script;
	char news; /* from the shell: 'S' stopped, 'X' exited, 'K' killed */
	int status;
	FILE *copy;
} pt = { .master = -1 };

__attribute__((format(printf, 1, 2))) static void fail(const char *fmt, ...)
{
	va_list ap;

	printf("%s:%d: ", pt.script, pt.line);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	if (pt.job > 0 && pt.news != 'X' && pt.news != 'K')
		kill(pt.job, SIGKILL);
	exit(1);
}

static long long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* ---- the shell: leader of the session, parent of the job ---- */

static void tell(int fd, char what, int value)
{
	struct {
		char what;
		int value;
	} msg;

	memset(&msg, 0, sizeof msg);
	msg.what = what;
	msg.value = value;
	if (write(fd, &msg, sizeof msg) < 0)
		_exit(3);
}

static void shell_main(int slave, int line, char **argv)
{
	pid_t job;
	char order;
	int status, sync[2];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGHUP, SIG_IGN); /* to tell how the job ends */
	signal(SIGTTOU, SIG_IGN);
	if (pipe(sync) < 0)
		_exit(3);
	job = fork();
	if (job == 0) {
		char go;

		signal(SIGHUP, SIG_DFL);
		signal(SIGTTOU, SIG_DFL);
		close(sync[1]);
		if (read(sync[0], &go, 1) < 0)
			_exit(3);
		close(sync[0]);
		close(line);
		dup2(slave, 0);
		dup2(slave, 1);
		dup2(slave, 2);
		if (slave > 2)
			close(slave);
		execvp(argv[0], argv);
		_exit(127);
	}
	setpgid(job, job);
	tcsetpgrp(slave, job);
	close(sync[0]);
	close(sync[1]); /* go */
	tell(line, 'J', job);
	for (;;) {
		if (waitpid(job, &status, WUNTRACED) != job)
			_exit(3);
		tcsetpgrp(slave, getpgrp());
		if (!WIFSTOPPED(status))
			break;
		tell(line, 'S', WSTOPSIG(status));
		if (read(line, &order, 1) != 1)
			_exit(3);
		tcsetpgrp(slave, job);
		kill(-job, SIGCONT);
	}
	tell(line, WIFEXITED(status) ? 'X' : 'K',
	     WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status));
	if (read(line, &order, 1) < 0) /* until the terminal was looked at */
		_exit(3);
	_exit(0);
}

/* ---- what comes ---- */

static void keep(const char *p, size_t n)
{
	pt.out = realloc(pt.out, pt.n + n + 1);
	if (pt.out == NULL)
		exit(3);
	memcpy(pt.out + pt.n, p, n);
	pt.n += n;
	pt.out[pt.n] = '\0';
	if (pt.copy != NULL)
		fwrite(p, 1, n, pt.copy);
}

/* Takes what comes within `ms`. False where nothing came. */
static bool pump(int ms)
{
	struct pollfd p[2] = { { .fd = pt.master, .events = POLLIN },
			       { .fd = pt.shell, .events = POLLIN } };
	struct {
		char what;
		int value;
	} msg;
	char buf[65536];
	bool got = false;

	if (poll(p, 2, ms) <= 0)
		return false;
	if (p[0].revents) {
		ssize_t n = read(pt.master, buf, sizeof buf);

		if (n > 0) {
			keep(buf, (size_t)n);
			return true; /* all of it, before the news */
		}
	}
	if (p[1].revents && read(pt.shell, &msg, sizeof msg) == (ssize_t)sizeof msg) {
		pt.news = msg.what;
		pt.status = msg.value;
		if (msg.what == 'J')
			pt.job = msg.value;
		got = true;
	} else if (p[1].revents & POLLHUP) {
		fail("the shell is gone");
	}
	return got;
}

static bool ended(void)
{
	return pt.news == 'X' || pt.news == 'K';
}

static void await_news(const char *which)
{
	long long until = now_ms() + PATIENCE;

	while (strchr(which, pt.news) == NULL || pt.news == '\0') {
		if (ended())
			fail("it ended too early (%s %d): %.300s",
			     pt.news == 'X' ? "exit" : "signal", pt.status,
			     pt.out + (pt.n > 300 ? pt.n - 300 : 0));
		if (now_ms() > until)
			fail("not within %d s", PATIENCE / 1000);
		pump(50);
	}
	while (pump(20)) {
	}
}

/* ---- is the terminal as it was? ---- */

static void check_termios(void)
{
	struct termios t;

	if (pt.master < 0)
		return;
	if (tcgetattr(pt.master, &t) < 0)
		fail("the terminal's modes cannot be read");
	if (t.c_iflag != pt.before.c_iflag || t.c_oflag != pt.before.c_oflag ||
	    t.c_cflag != pt.before.c_cflag || t.c_lflag != pt.before.c_lflag ||
	    memcmp(t.c_cc, pt.before.c_cc, sizeof t.c_cc) != 0)
		fail("stty is not as before: iflag %x %x oflag %x %x lflag %x %x",
		     pt.before.c_iflag, t.c_iflag, pt.before.c_oflag, t.c_oflag, pt.before.c_lflag,
		     t.c_lflag);
}

struct modes {
	bool on[8192];	/* CSI ? N h */
	bool plain;	/* no attributes */
	bool shifted;	/* SO */
	bool line_draw; /* ESC ( 0 */
	int titles;	/* pushed */
};

/* CSI at p; returns its length. */
static size_t csi(struct modes *m, const char *p, const char *end)
{
	const char *s = p + 2;
	bool question = s < end && *s == '?';
	int v[16] = { 0 }, k = 0;

	for (s += question; s < end && (isdigit((unsigned char)*s) || *s == ';'); s++) {
		if (*s == ';')
			k = k < 15 ? k + 1 : k;
		else if (v[k] < 100000)
			v[k] = v[k] * 10 + *s - '0';
	}
	if (s == end)
		return (size_t)(s - p);
	for (int i = 0; question && (*s == 'h' || *s == 'l') && i <= k; i++)
		if (v[i] < 8192)
			m->on[v[i]] = *s == 'h';
	if (!question && *s == 'm')
		m->plain = v[k] == 0 || v[k] == 10; /* 10: the usual font, in some sgr0 */
	if (!question && *s == 't')
		m->titles += v[0] == 22 ? 1 : v[0] == 23 ? -1 : 0;
	return (size_t)(s + 1 - p);
}

static void check_modes(void)
{
	static struct modes m;
	const char *p = pt.out, *end = p + pt.n;

	memset(&m, 0, sizeof m);
	m.on[25] = m.on[7] = m.plain = true;
	while (p < end) {
		if (*p == '\x0e' || *p == '\x0f')
			m.shifted = *p == '\x0e';
		if (*p != '\x1b' || p + 1 == end) {
			p++;
		} else if (p[1] == '[') {
			p += csi(&m, p, end);
		} else if (p[1] == '(' && p + 2 < end) {
			m.line_draw = p[2] == '0';
			p += 3;
		} else {
			p += 2;
		}
	}
	if (!m.on[25])
		fail("the cursor is hidden");
	if (!m.plain)
		fail("the colours are not plain");
	if (m.shifted || m.line_draw)
		fail("the character set is not plain");
	if (m.titles != 0)
		fail("%d titles are kept", m.titles);
	for (int i = 0; i < 8192; i++)
		if (m.on[i] && i != 25 && i != 7)
			fail("mode ?%d is still on", i);
}

static void check_sane(void)
{
	check_termios();
	if (pt.master >= 0)
		check_modes();
}

/* ---- orders ---- */

static int signal_of(const char *name)
{
	static const struct {
		const char *name;
		int sig;
	} list[] = { { "TERM", SIGTERM }, { "HUP", SIGHUP },	{ "INT", SIGINT },
		     { "QUIT", SIGQUIT }, { "TSTP", SIGTSTP },	{ "CONT", SIGCONT },
		     { "STOP", SIGSTOP }, { "WINCH", SIGWINCH } };

	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].sig;
	fail("no signal %s", name);
	return 0;
}

static void type(const char *s)
{
	char buf[4096];
	size_t n = 0;

	for (; *s != '\0' && n < sizeof buf; s++) {
		char hex[3] = { 0 };

		buf[n++] = *s;
		if (*s != '\\' || s[1] == '\0')
			continue;
		s++;
		switch (*s) {
		case 'e': buf[n - 1] = '\x1b'; break;
		case 'r': buf[n - 1] = '\r'; break;
		case 't': buf[n - 1] = '\t'; break;
		case 'x':
			memcpy(hex, s + 1, strnlen(s + 1, 2));
			buf[n - 1] = (char)strtol(hex, NULL, 16);
			s += strlen(hex);
			break;
		default: buf[n - 1] = *s;
		}
	}
	pt.mark = pt.n;
	if (write(pt.master, buf, n) != (ssize_t)n)
		fail("the terminal does not take '%s'", s);
}

static void expect(const char *text)
{
	long long until = now_ms() + PATIENCE;

	while (pt.n == pt.mark ||
	       memmem(pt.out + pt.mark, pt.n - pt.mark, text, strlen(text)) == NULL) {
		if (ended())
			fail("ended (%s %d) without '%s': %.300s",
			     pt.news == 'X' ? "exit" : "signal", pt.status, text,
			     pt.out + (pt.n > 300 ? pt.n - 300 : 0));
		if (now_ms() > until)
			fail("'%s' did not come", text);
		pump(50);
	}
}

static void set_size(const char *s)
{
	struct winsize ws = { 0 };
	int w, h;

	if (sscanf(s, "%dx%d", &w, &h) != 2)
		fail("'%s' is no size", s);
	ws.ws_col = (unsigned short)w;
	ws.ws_row = (unsigned short)h;
	pt.mark = pt.n;
	ioctl(pt.master, TIOCSWINSZ, &ws);
}

static void set_echo(bool on)
{
	struct termios t;

	tcgetattr(pt.master, &t);
	t.c_lflag = on ? t.c_lflag | ECHO : t.c_lflag & ~(tcflag_t)ECHO;
	tcsetattr(pt.master, TCSANOW, &t);
	pt.before = t;
}

static void fg(void)
{
	pt.mark = pt.n;
	pt.news = '\0';
	if (write(pt.shell, "c", 1) != 1)
		fail("the shell is gone");
}

static void send_signal(const char *name)
{
	pt.mark = pt.n;
	if (ended() || kill(pt.job, signal_of(name)) < 0)
		fail("there is nobody to get SIG%s", name);
}

static void cut(char *rest)
{
	char *size = strchr(rest, ' ');

	if (size == NULL)
		fail("truncate FILE N");
	*size++ = '\0';
	pt.mark = pt.n;
	if (truncate(rest, strtol(size, NULL, 10)) < 0)
		fail("%s: %s", rest, strerror(errno));
}

static void order(char *line)
{
	char *rest = strchr(line, ' ');

	if (rest != NULL)
		*rest++ = '\0';
	else
		rest = line + strlen(line);
	if (strcmp(line, "size") == 0) {
		set_size(rest);
	} else if (strcmp(line, "expect") == 0) {
		expect(rest);
	} else if (strcmp(line, "type") == 0) {
		type(rest);
	} else if (strcmp(line, "signal") == 0) {
		send_signal(rest);
	} else if (strcmp(line, "stopped") == 0) {
		await_news("S");
		check_sane();
	} else if (strcmp(line, "halted") == 0) {
		await_news("S");
	} else if (strcmp(line, "fg") == 0) {
		fg();
	} else if (strcmp(line, "stty") == 0) {
		set_echo(strcmp(rest, "echo") == 0);
	} else if (strcmp(line, "quiet") == 0) {
		while (pump(SILENCE) && !ended()) {
		}
	} else if (strcmp(line, "truncate") == 0) {
		cut(rest);
	} else if (strcmp(line, "hangup") == 0) {
		close(pt.master);
		pt.master = -1;
	} else if (strcmp(line, "exit") == 0) {
		await_news("XK");
		if (pt.news != 'X' || pt.status != (int)strtol(rest, NULL, 10))
			fail("%s %d, not exit %s: %.300s", pt.news == 'X' ? "exit" : "signal",
			     pt.status, rest, pt.n > 300 ? pt.out + pt.n - 300 : pt.out);
		check_sane();
	} else if (strcmp(line, "killed") == 0) {
		await_news("XK");
		if (pt.news != 'K' || pt.status != signal_of(rest))
			fail("%s %d, not killed by SIG%s", pt.news == 'X' ? "exit" : "signal",
			     pt.status, rest);
		check_sane();
	} else {
		fail("no order '%s'", line);
	}
}

static void start(char **argv, struct winsize *ws)
{
	int slave, pair[2];

	if (openpty(&pt.master, &slave, NULL, NULL, ws) < 0 || tcgetattr(slave, &pt.before) < 0 ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		exit(3);
	pt.shell = pair[0];
	pt.shell_pid = fork();
	if (pt.shell_pid == 0) {
		close(pair[0]);
		close(pt.master);
		shell_main(slave, pair[1], argv);
	}
	close(pair[1]);
	close(slave);
}

int main(int argc, char **argv)
{
	struct winsize ws = { .ws_col = 80, .ws_row = 24 };
	char *line = NULL;
	size_t cap = 0;
	FILE *f;
	int at = 1;

	if (argc > 3 && strcmp(argv[1], "-o") == 0) {
		pt.copy = fopen(argv[2], "w");
		at = 3;
	}
	if (argc < at + 2) {
		fprintf(stderr, "usage: onpty [-o OUTPUT] SCRIPT PROGRAM [ARG...]\n");
		return 2;
	}
	pt.script = argv[at];
	f = strcmp(pt.script, "-") == 0 ? stdin : fopen(pt.script, "r");
	if (f == NULL) {
		perror(pt.script);
		return 2;
	}
	signal(SIGPIPE, SIG_IGN);
	start(argv + at + 1, &ws);
	while (pt.news != 'J' && pump(PATIENCE)) {
	}
	pt.news = '\0';
	while (getline(&line, &cap, f) >= 0) {
		pt.line++;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			order(line);
	}
	if (!ended()) {
		pt.line++;
		fail("the script ends before the program");
	}
	kill(pt.shell_pid, SIGKILL);
	waitpid(pt.shell_pid, NULL, 0);
	if (pt.copy != NULL)
		fclose(pt.copy);
	free(line);
	free(pt.out);
	return 0;
}
