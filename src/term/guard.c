/* Signal handlers for a program that has a terminal in its hands. In handlers only what POSIX calls
 * async-signal-safe. */
#include "term/guard.h"

#include "base/err.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define GRACE 5 /* seconds that the program has after a signal to end */

/* Signals know no argument, so this one thing in the program is global. */
static struct {
	volatile sig_atomic_t armed;
	volatile sig_atomic_t ending; /* the signal that asked to end */
	int fd;
	struct termios modes;
	const char *reset;
	size_t reset_n;
	int pipe[2];
	bool running;
	char *stack; /* for handlers, in case of a stack overflow */
} guard = { .pipe = { -1, -1 } };

static const int to_pipe[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };
static const int crashes[] = { SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGALRM };
static bool was_ignored[ARRAY_LEN(to_pipe)]; /* nohup and the like: stays so */
static struct sigaction old_crash[ARRAY_LEN(crashes)];

static void restore(void)
{
	size_t at = 0;

	if (!guard.armed)
		return;
	guard.armed = 0;
	/* A terminal that takes nothing must not hold up the end: what is still queued is dropped.
	 */
	fcntl(guard.fd, F_SETFL, fcntl(guard.fd, F_GETFL) | O_NONBLOCK);
	for (int tries = 0; at < guard.reset_n && tries < 3; tries++) {
		ssize_t n = write(guard.fd, guard.reset + at, guard.reset_n - at);

		if (n > 0)
			at += (size_t)n;
		else if (n < 0 && errno == EAGAIN)
			tcflush(guard.fd, TCOFLUSH);
	}
	fcntl(guard.fd, F_SETFL, fcntl(guard.fd, F_GETFL) & ~O_NONBLOCK);
	tcsetattr(guard.fd, TCSANOW, &guard.modes);
}

static void on_signal(int sig)
{
	int saved = errno;
	char byte = (char)sig;

	if (sig == SIGTERM || sig == SIGHUP || sig == SIGINT || sig == SIGQUIT) {
		guard.ending = sig;
		alarm(GRACE);
	}
	if (write(guard.pipe[1], &byte, 1) < 0) {
		/* The pipe is full of signals already. */
	}
	errno = saved;
}

static void on_crash(int sig)
{
	restore();
	if (sig == SIGALRM) /* the loop did not come for the end in time */
		_exit(128 + (guard.ending ? guard.ending : SIGTERM));
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		if (crashes[i] == sig)
			sigaction(sig, &old_crash[i], NULL);
	raise(sig);
}

void guard_begin(int fd, const struct termios *modes, const char *reset, size_t n)
{
	static bool once;
	size_t stack_size = 64 * 1024;
	struct sigaction sa = { .sa_handler = on_signal };
	stack_t st = { .ss_size = stack_size };

	assert(!guard.running);
	guard.fd = fd;
	guard.modes = *modes;
	guard.reset = reset;
	guard.reset_n = n;
	guard.ending = 0;
	if (pipe2(guard.pipe, O_CLOEXEC | O_NONBLOCK) < 0)
		die("no pipe for signals: %s", strerror(errno));
	guard.stack = xmalloc(stack_size);
	st.ss_sp = guard.stack;
	sigaltstack(&st, NULL);
	sigemptyset(&sa.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(to_pipe); i++) {
		struct sigaction old;

		sigaction(to_pipe[i], NULL, &old);
		was_ignored[i] = old.sa_handler == SIG_IGN;
		if (!was_ignored[i] || to_pipe[i] == SIGWINCH)
			sigaction(to_pipe[i], &sa, NULL);
	}
	sa.sa_handler = on_crash;
	sa.sa_flags = SA_ONSTACK | (int)SA_RESETHAND | SA_NODEFER;
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigaction(crashes[i], &sa, &old_crash[i]);
	if (!once)
		atexit(restore);
	once = true;
	guard.running = true;
	guard.armed = 1;
}

void guard_end(void)
{
	stack_t off = { .ss_flags = SS_DISABLE };

	if (!guard.running)
		return;
	guard.armed = 0;
	alarm(0);
	for (size_t i = 0; i < ARRAY_LEN(to_pipe);
	     i++) /* curses has put its own there, which must not stay */
		signal(to_pipe[i], was_ignored[i] ? SIG_IGN : SIG_DFL);
	for (size_t i = 0; i < ARRAY_LEN(crashes); i++)
		sigaction(crashes[i], &old_crash[i], NULL);
	sigaltstack(&off, NULL);
	free(guard.stack);
	close(guard.pipe[0]);
	close(guard.pipe[1]);
	guard.pipe[0] = guard.pipe[1] = -1;
	guard.running = false;
}

int guard_fd(void)
{
	return guard.pipe[0];
}

void guard_arm(bool on)
{
	guard.armed = on;
}

void guard_noticed(void)
{
	alarm(0);
}

void guard_stop(bool group)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL }, ours;
	sigset_t set, old;
	char caught[64];
	ssize_t n;

	sigemptyset(&dfl.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaction(SIGTSTP, &dfl, &ours);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	kill(group ? 0 : getpid(), SIGTSTP); /* stops here */
	sigprocmask(SIG_SETMASK, &old, NULL);
	sigaction(SIGTSTP, &ours, NULL);
	/* The SIGCONT of this stop is known; what else came stays. */
	n = read(guard.pipe[0], caught, sizeof caught);
	for (ssize_t i = 0; i < n; i++)
		if (caught[i] != SIGCONT && write(guard.pipe[1], &caught[i], 1) < 0)
			break;
}
