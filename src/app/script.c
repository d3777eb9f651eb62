/* The deck off the screen. */
#include "app/script.h"

#include "app/deck.h"
#include "base/num.h"
#include "base/utf8.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct script {
	struct deck *deck;
	struct sink *out;
	ns_t clock;
	struct txt clip;
};

static ns_t host_clock(void *arg)
{
	return ((struct script *)arg)->clock;
}

static int host_copy(void *arg, const char *text, size_t n, struct err *e)
{
	struct script *s = arg;

	(void)e;
	txt_clear(&s->clip);
	txt_putn(&s->clip, text, n);
	return 0;
}

/* Until everything that works by itself behind the deck has come to rest. */
static void settle(struct script *s)
{
	struct world *w = deck_world(s->deck);

	for (;;) {
		deck_update(s->deck);
		if (w->tape == NULL ||
		    (w->done && w->passed == w->count &&
		     (w->match == NULL || match_done(w->match)) &&
		     (w->found == NULL || match_done(w->found)) && w->losses_seen == w->count &&
		     !world_collecting(w) && !deck_busy(s->deck)))
			break;
		usleep(500);
	}
	deck_update(s->deck);
	deck_draw(s->deck);
}

static int press(struct script *s, const char *names, struct err *e)
{
	while (*names != '\0') {
		size_t n = strcspn(names, " ");
		char *name = xstrndup(names, n);
		u32 key;
		int r = n > 0 ? key_parse(name, &key, e) : 0;

		free(name);
		if (r < 0)
			return -1;
		if (n > 0) {
			deck_key(s->deck, key);
			settle(s);
		}
		names += n + (names[n] == ' ');
	}
	return 0;
}

static void type(struct script *s, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n;) {
		u32 cp;
		int len = utf8_decode(text + i, n - i, &cp);

		if (len > 0)
			deck_key(s->deck, cp);
		i += len > 0 ? (size_t)len : 1;
	}
	settle(s);
}

static int two_numbers(const char *text, const char *between, int *a, int *b, struct err *e)
{
	char *end;
	long x = strtol(text, &end, 10), y;

	if (end == text || *end == '\0' || strchr(between, *end) == NULL)
		return err_set(e, "'%.40s' is not two numbers", text);
	y = strtol(end + 1, &end, 10);
	if (*end != '\0' || x < 0 || y < 0 || x > 10000 || y > 10000)
		return err_set(e, "'%.40s' is not two numbers", text);
	*a = (int)x;
	*b = (int)y;
	return 0;
}

static int mouse(struct script *s, enum mouse_kind kind, const char *text, struct err *e)
{
	struct mouse m = { .kind = kind,
			   .button = kind == MOUSE_PRESS || kind == MOUSE_DRAG ? 1 : 0 };

	if (two_numbers(text, " ", &m.x, &m.y, e) < 0)
		return -1;
	deck_mouse(s->deck, &m);
	settle(s);
	return 0;
}

static int click(struct script *s, const char *text, struct err *e)
{
	struct mouse m = { .kind = MOUSE_RELEASE, .button = 1 };

	if (mouse(s, MOUSE_PRESS, text, e) < 0 || two_numbers(text, " ", &m.x, &m.y, e) < 0)
		return -1;
	deck_mouse(s->deck, &m);
	settle(s);
	return 0;
}

static int tick(struct script *s, const char *text, struct err *e)
{
	ns_t span;

	if (num_span(text, strlen(text), &span, e) < 0)
		return -1;
	s->clock += span;
	settle(s);
	return 0;
}

static int resize(struct script *s, const char *text, struct err *e)
{
	int w, h;

	if (two_numbers(text, "x", &w, &h, e) < 0)
		return -1;
	deck_resize(s->deck, w, h);
	settle(s);
	return 0;
}

static int run_word(struct script *s, const char *word, const char *rest, struct err *e)
{
	struct txt *t = &s->out->t;

	if (strcmp(word, "key") == 0)
		return press(s, rest, e);
	if (strcmp(word, "click") == 0)
		return click(s, rest, e);
	if (strcmp(word, "drag") == 0)
		return mouse(s, MOUSE_DRAG, rest, e);
	if (strcmp(word, "wheel-up") == 0)
		return mouse(s, MOUSE_WHEEL_UP, rest, e);
	if (strcmp(word, "wheel-down") == 0)
		return mouse(s, MOUSE_WHEEL_DOWN, rest, e);
	if (strcmp(word, "tick") == 0)
		return tick(s, rest, e);
	if (strcmp(word, "size") == 0)
		return resize(s, rest, e);
	if (strcmp(word, "type") == 0)
		type(s, rest);
	else if (strcmp(word, "paste") == 0)
		deck_paste(s->deck, rest, strlen(rest));
	else if (strcmp(word, "cmd") == 0)
		deck_command(s->deck, rest);
	else if (strcmp(word, "dump") == 0)
		canvas_dump(deck_draw(s->deck), t);
	else if (strcmp(word, "styles") == 0)
		canvas_dump_styles(deck_draw(s->deck), t);
	else if (strcmp(word, "ansi") == 0)
		theme_print(deck_theme(s->deck), DEPTH_256, deck_draw(s->deck), t);
	else if (strcmp(word, "clip") == 0)
		txt_printf(t, "%s\n", txt_str(&s->clip));
	else if (strcmp(word, "wait") != 0)
		return err_set(e, "a script has no '%.40s'", word);
	settle(s);
	return sink_line(s->out, e);
}

static int run_file(struct script *s, FILE *f, const char *name, struct err *e)
{
	char *line = NULL;
	size_t cap = 0;
	int at = 0, r = 0;

	while (r == 0 && !deck_world(s->deck)->quit && getline(&line, &cap, f) >= 0) {
		size_t n;

		at++;
		line[strcspn(line, "\n")] = '\0';
		n = strcspn(line, " ");
		if (n == 0 || line[0] == '#')
			continue;
		if (line[n] != '\0')
			line[n++] = '\0';
		r = run_word(s, line, line + n, e);
	}
	if (r < 0)
		err_prefix(e, "%s:%d", name, at);
	free(line);
	return r;
}

int script_run(const struct deck_args *a, struct sink *out, struct err *e)
{
	struct script s = { .out = out };
	struct deck_host host = { .clock = host_clock, .copy = host_copy, .arg = &s };
	struct deck_config config = { .ascii = a->ascii };
	FILE *f = strcmp(a->script, "-") == 0 ? stdin : fopen(a->script, "r");
	int r = -1;

	if (f == NULL) {
		err_set(e, "cannot read the script %s: %s", a->script, strerror(errno));
		return 2;
	}
	txt_init(&s.clip);
	s.deck = deck_new(&config, &host, a->w, a->h, e);
	if (s.deck != NULL && deck_begin(s.deck, a, e) == 0) {
		settle(&s);
		r = run_file(&s, f, a->script, e);
		if (r == 0)
			r = sink_flush(out, e);
	}
	deck_free(s.deck);
	txt_fini(&s.clip);
	if (f != stdin)
		fclose(f);
	return r < 0 ? 2 : 0;
}
