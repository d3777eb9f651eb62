/*
 * deck_loop FILE [WxH [JUMPS [FRAMES]]]: the deck on a terminal of its own that swallows
 *everything: jumps and redraws, as the program does them. Prints for each "NAME median P99 worst"
 *in milliseconds:
 *	packet	wall time of a jump to a random packet, until all panes are drawn and sent
 *	time	the same to a random time
 *	cpu	CPU time of these jumps
 *	play	CPU time of a redraw while playing at the tape's own pace, drawing and sending the
 *		difference
 *	draw	the drawing alone
 */
#include "bench.h"

#include "app/deck.h"
#include "base/rand.h"
#include "packet/registry.h"
#include "term/screen.h"

#include <errno.h>
#include <locale.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 100000 };

static int n_jumps = 1000, n_frames = 1000;

static ns_t fake_now; /* the deck's clock: a frame is 33 ms of it, however long it takes us */

static ns_t host_clock(void *arg)
{
	(void)arg;
	return fake_now;
}

/* Makes a pseudo-terminal our standard input and output; a child reads what comes out of it. The
 * figures go where standard output was. */
static FILE *take_terminal(int w, int h, pid_t *reader)
{
	struct winsize size = { .ws_row = (unsigned short)h, .ws_col = (unsigned short)w };
	FILE *out = fdopen(dup(STDOUT_FILENO), "w");
	int master, slave;

	if (out == NULL || openpty(&master, &slave, NULL, NULL, &size) < 0)
		die("no pseudo-terminal: %s", strerror(errno));
	*reader = fork();
	if (*reader == 0) {
		char buf[65536];

		close(slave);
		while (read(master, buf, sizeof buf) > 0)
			;
		_exit(0);
	}
	close(master);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	close(slave);
	return out;
}

/* Everything on the screen; returns the time it took by clock `id`, of which *draw was drawing. */
static double redraw(struct deck *d, struct screen *s, clockid_t id, double *draw)
{
	double t = bench_clock(id);
	struct grid *g;

	deck_update(d);
	g = deck_draw(d);
	*draw = bench_clock(id) - t;
	screen_push(s, g, fake_now);
	fake_now += SCREEN_FRAME;
	return bench_clock(id) - t;
}

static void jumps(struct deck *d, struct screen *s, FILE *out)
{
	static double packet[MOST], time[MOST], cpu[2 * MOST];
	struct world *w = deck_world(d);
	struct rnd r = { 1 };
	double draw, t, c;

	for (int i = 0; i < n_jumps; i++) {
		t = bench_now();
		c = bench_clock(CLOCK_THREAD_CPUTIME_ID);
		world_goto(w, rnd_below(&r, w->count));
		redraw(d, s, CLOCK_MONOTONIC, &draw);
		packet[i] = bench_now() - t;
		cpu[2 * i] = bench_clock(CLOCK_THREAD_CPUTIME_ID) - c;
		t = bench_now();
		world_goto_time(w, w->begin + (ns_t)rnd_below(&r, (u64)(w->end - w->begin) + 1));
		redraw(d, s, CLOCK_MONOTONIC, &draw);
		time[i] = bench_now() - t;
		cpu[2 * i + 1] = bench_clock(CLOCK_THREAD_CPUTIME_ID) - c - cpu[2 * i];
	}
	if (n_jumps == 0)
		return;
	bench_print_ms(out, "packet", packet, (size_t)n_jumps);
	bench_print_ms(out, "time", time, (size_t)n_jumps);
	bench_print_ms(out, "cpu", cpu, (size_t)n_jumps * 2);
}

static void play(struct deck *d, struct screen *s, FILE *out)
{
	static double frame[MOST], draw[MOST];
	struct world *w = deck_world(d);

	world_goto(w, 0);
	world_set_speed(w, 1, fake_now);
	world_play(w, fake_now);
	for (int i = 0; i < n_frames; i++)
		frame[i] = redraw(d, s, CLOCK_THREAD_CPUTIME_ID, &draw[i]);
	bench_print_ms(out, "play", frame, (size_t)n_frames);
	bench_print_ms(out, "draw", draw, (size_t)n_frames);
}

static void run(const char *path, int w, int h, FILE *out)
{
	const struct deck_host host = { .clock = host_clock };
	const struct deck_config dc = { .state_dir = NULL };
	struct deck_args a = { .file = path };
	struct screen_config sc = { .charset = CHARSET_UTF8 };
	struct err e = ERR_INIT;
	struct deck *d = deck_new(&dc, &host, w, h, &e);
	struct screen *s;

	if (d == NULL || deck_begin(d, &a, &e) < 0)
		die("%s", e.text);
	sc.theme = deck_theme(d);
	s = screen_new(&sc, &e);
	if (s == NULL)
		die("%s", e.text);
	tape_wait(deck_world(d)->tape, UINT64_MAX, -1);
	while (tape_passed(deck_world(d)->tape) < tape_count(deck_world(d)->tape))
		bench_sleep(1000);
	deck_update(d);
	jumps(d, s, out);
	play(d, s, out);
	screen_free(s);
	deck_free(d);
}

int main(int argc, char **argv)
{
	int w = 200, h = 60;
	pid_t reader;
	FILE *out;

	if (argc < 2 || (argc > 2 && sscanf(argv[2], "%dx%d", &w, &h) != 2))
		die("usage: deck_loop FILE [WxH [JUMPS [FRAMES]]]");
	if (argc > 3)
		n_jumps = CLAMP(atoi(argv[3]), 0, MOST);
	if (argc > 4)
		n_frames = CLAMP(atoi(argv[4]), 0, MOST);
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	registry_init();
	out = take_terminal(w, h, &reader);
	run(argv[1], w, h, out);
	fclose(out);
	kill(reader, SIGTERM);
	waitpid(reader, NULL, 0);
	return 0;
}
