/* libedit, run as a coroutine: it asks for a key and thereby waits, we draw its line and hand it
 * the next key.
 *
 * Its unbuffered and readline-compatible modes break every function that reads a second key
 * (incremental search, vi's r, quoted insert), so it runs in its ordinary mode on the slave of a
 * private pseudo-terminal (it refuses to edit where there is no terminal) and writes its own idea
 * of the screen to /dev/null. Keys that are not characters come to it as the C1 codes 0x80 to 0x9f,
 * which nobody can type: unlike escape sequences these need no look-ahead, so that Esc in vi mode
 * acts at once. */
#include "term/prompt.h"

#include "base/utf8.h"
#include "term/fiber.h"
#include "term/prompt_history.h"
#include "ui/key.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#ifdef UNDER_ASAN
/* tgetent(), which libedit calls, loses eight bytes a time. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:_nc_trim_sgr0";
}
#endif

#define STACK_SIZE (256 * 1024)

struct prompt {
	EditLine *el;
	HistoryW *history;
	FILE *null;
	int master, slave;
	struct fiber *fiber;
	char *history_file;
	prompt_complete_fn *complete;
	void *arg;
	bool vi;

	wchar_t queue[2]; /* what the editor reads next */
	int queued;
	bool ending;  /* the editor's next read finds the end of input */
	bool editing; /* between prompt_start() and the end of the line */
	enum prompt_status status;

	struct txt label;
	struct txt line;   /* as last seen */
	struct txt search; /* "bck:pattern" while history is searched */
	size_t cursor;
	struct prompt_choices choices;
};

/* What libedit would do for keys that are not characters, by mode. */
static const struct {
	u32 key;
	wchar_t code; /* what we send it */
	const wchar_t *emacs, *vi;
} special[] = {
	{ KEYCODE_UP, 0x80, L"ed-search-prev-history", L"ed-prev-history" },
	{ KEYCODE_DOWN, 0x81, L"ed-search-next-history", L"ed-next-history" },
	{ KEYCODE_LEFT, 0x82, L"ed-prev-char", L"ed-prev-char" },
	{ KEYCODE_RIGHT, 0x83, L"ed-next-char", L"ed-next-char" },
	{ KEYCODE_HOME, 0x84, L"ed-move-to-beg", L"ed-move-to-beg" },
	{ KEYCODE_END, 0x85, L"ed-move-to-end", L"deck-end" },
	{ KEYCODE_DELETE, 0x86, L"ed-delete-next-char", L"ed-delete-next-char" },
	{ KEYCODE_LEFT | KEYMOD_CTRL, 0x87, L"ed-prev-word", L"ed-prev-word" },
	{ KEYCODE_RIGHT | KEYMOD_CTRL, 0x88, L"em-next-word", L"em-next-word" },
	{ KEYCODE_LEFT | KEYMOD_ALT, 0x87, L"ed-prev-word", L"ed-prev-word" },
	{ KEYCODE_RIGHT | KEYMOD_ALT, 0x88, L"em-next-word", L"em-next-word" },
	{ KEYCODE_BACKSPACE | KEYMOD_ALT, 0x89, L"ed-delete-prev-word", L"ed-delete-prev-word" },
	{ KEYCODE_BACKSPACE | KEYMOD_CTRL, 0x89, L"ed-delete-prev-word", L"ed-delete-prev-word" },
	{ KEYCODE_BACKSPACE, 0x8a, L"ed-delete-prev-char", L"ed-delete-prev-char" },
	{ KEYCODE_TAB, 0x8b, L"deck-complete", L"deck-complete" },
};

void prompt_offer(struct prompt_choices *out, const char *word, const char *note, char end)
{
	*VEC_PUSH(&out->list) = (struct prompt_choice) { .word = xstrdup(word),
							 .note = note ? xstrdup(note) : NULL,
							 .end = end };
}

static void forget_choices(struct prompt *p)
{
	for (size_t i = 0; i < p->choices.list.n; i++) {
		free(p->choices.list.v[i].word);
		free(p->choices.list.v[i].note);
	}
	p->choices.list.n = 0;
}

/* --- text in and out of the editor --- */

static void put_wide(struct txt *out, const wchar_t *s, const wchar_t *end)
{
	for (; s < end; s++) {
		u32 cp = (u32)*s;
		char *at = txt_room(out, 4);

		if (cp == 0 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
			cp = 0xfffd;
		out->n += (size_t)utf8_encode(cp, at);
	}
}

/* Some of libedit's vi functions (3.1-20221030: $ and End on an empty line, counts with operators)
 * leave the cursor or the end outside its buffer, and the next key would write there. */
static bool is_sound(struct prompt *p)
{
	const LineInfoW *li = el_wline(p->el);

	return li->lastchar >= li->buffer && li->cursor >= li->buffer && li->cursor <= li->lastchar;
}

/* Reads the editor's line; while it searches it keeps "\nbck:pattern" behind the text. */
static void look(struct prompt *p)
{
	const LineInfoW *li = el_wline(p->el);
	const wchar_t *text_end = li->buffer;

	while (text_end < li->lastchar && *text_end != L'\n')
		text_end++;
	txt_clear(&p->line);
	txt_clear(&p->search);
	put_wide(&p->line, li->buffer, MIN(li->cursor, text_end));
	p->cursor = p->line.n;
	put_wide(&p->line, MIN(li->cursor, text_end), text_end);
	if (text_end < li->lastchar)
		put_wide(&p->search, text_end + 1, li->lastchar);
	txt_str(&p->line);
	txt_str(&p->search);
}

static size_t line_chars(struct prompt *p)
{
	const LineInfoW *li = el_wline(p->el);

	return (size_t)(li->lastchar - li->buffer);
}

/* Inserts UTF-8 at the cursor; control characters become blanks (line ends, tabs) or nothing. */
static void insert(struct prompt *p, const char *s, size_t n)
{
	const char *end = s + n;
	wchar_t *wide = xmalloc((n + 1) * sizeof *wide);
	size_t used = line_chars(p), room = used < PROMPT_MAX ? PROMPT_MAX - used : 0, k = 0;
	bool after_cr = false;

	while (s < end && k < room) {
		u32 cp = 0xfffd;
		int len = utf8_decode(s, (size_t)(end - s), &cp);
		bool was_cr = after_cr;

		s += MAX(len, 1);
		after_cr = cp == '\r';
		if (cp == '\n' && was_cr)
			continue;
		if (cp == '\n' || cp == '\r' || cp == '\t')
			cp = ' ';
		if (cp >= ' ' && (cp < 0x7f || cp >= 0xa0))
			wide[k++] = (wchar_t)cp;
	}
	wide[k] = L'\0';
	if (k > 0)
		el_winsertstr(p->el, wide);
	free(wide);
}

/* --- the editor's side of the coroutine --- */

/* EL_GETCFN: what the editor calls for its next character. */
static int next_char(EditLine *el, wchar_t *out)
{
	struct prompt *p;

	el_wget(el, EL_CLIENTDATA, &p);
	while (p->queued == 0 && !p->ending)
		fiber_wait(p->fiber);
	if (p->queued == 0)
		return 0;
	*out = p->queue[0];
	p->queued--;
	memmove(p->queue, p->queue + 1, (size_t)p->queued * sizeof *p->queue);
	return 1;
}

static wchar_t *no_prompt(EditLine *el)
{
	static wchar_t empty[] = L"";

	(void)el;
	return empty;
}

/* Runs on the coroutine's stack, for ever: one line after the other. */
static void __attribute__((noreturn)) edit_lines(void *arg)
{
	struct prompt *p = arg;

	for (;;) {
		int n = 0;
		const wchar_t *line;

		while (!p->editing)
			fiber_wait(p->fiber);
		line = el_wgets(p->el, &n);
		p->status = PROMPT_CANCELLED;
		if (line && n > 0 && !p->ending) {
			p->status = PROMPT_DONE;
			txt_clear(&p->line);
			txt_clear(&p->search);
			put_wide(&p->line, line, line + n - (line[n - 1] == L'\n'));
			p->cursor = p->line.n;
			txt_str(&p->line);
		}
		p->editing = false;
		p->ending = false;
		p->queued = 0;
	}
}

/* Bytes that all choices share at their beginning, whole characters only. */
static size_t common_prefix(const struct prompt_choices *c)
{
	size_t n = strlen(c->list.v[0].word);

	for (size_t i = 1; i < c->list.n; i++) {
		size_t k = 0;

		while (k < n && c->list.v[i].word[k] == c->list.v[0].word[k])
			k++;
		n = k;
	}
	while (n > 0 && ((u8)c->list.v[0].word[n] & 0xc0) == 0x80)
		n--;
	return n;
}

/* Characters in n bytes of well-formed text. */
static int chars_in(const char *s, size_t n)
{
	int count = 0;

	for (size_t i = 0; i < n; i++)
		count += ((u8)s[i] & 0xc0) != 0x80;
	return count;
}

/* The function behind Tab. */
static unsigned char complete(EditLine *el, int ch)
{
	struct prompt *p;
	size_t start, share;

	(void)ch;
	el_wget(el, EL_CLIENTDATA, &p);
	forget_choices(p);
	if (!p->complete)
		return CC_NORM;
	look(p);
	start = p->complete(p->arg, p->line.s, p->cursor, &p->choices);
	assert(start <= p->cursor);
	if (p->choices.list.n == 0)
		return CC_REFRESH_BEEP;
	share = common_prefix(&p->choices);
	if (share >= p->cursor - start) { /* never takes away what was typed */
		int typed = chars_in(p->line.s + start, p->cursor - start);

		if (typed > 0)
			el_wdeletestr(el, typed);
		insert(p, p->choices.list.v[0].word, share);
	}
	if (p->choices.list.n == 1) {
		if (p->choices.list.v[0].end && p->line.s[p->cursor] != p->choices.list.v[0].end)
			insert(p, &p->choices.list.v[0].end, 1);
		forget_choices(p);
	} else if (share > p->cursor - start) {
		forget_choices(p); /* it got further; another Tab shows them */
	}
	return CC_REFRESH;
}

/* End in vi mode: libedit's own stops before the last character, in insert mode too. */
static unsigned char go_to_end(EditLine *el, int ch)
{
	(void)ch;
	el_cursor(el, PROMPT_MAX * 1000);
	return CC_CURSOR;
}

/* --- making it --- */

static void bind(struct prompt *p, bool vi_command, const wchar_t *key, const wchar_t *fn)
{
	if (vi_command)
		el_wset(p->el, EL_BIND, L"-a", key, fn, NULL);
	else
		el_wset(p->el, EL_BIND, key, fn, NULL);
}

/* A character as EL_BIND reads it: backslash and three octal digits. */
static void bind_code(struct prompt *p, bool vi_command, wchar_t code, const wchar_t *fn)
{
	wchar_t key[5] = { L'\\', L'0' + (code >> 6 & 7), L'0' + (code >> 3 & 7), L'0' + (code & 7),
			   0 };

	bind(p, vi_command, key, fn);
}

/* Ends the line that is being edited, if any. */
static void cancel(struct prompt *p)
{
	if (!p->editing)
		return;
	p->queued = 0;
	p->ending = true;
	/* The read that is pending ends; a search in progress may read once more on its way out. */
	while (p->editing)
		fiber_resume(p->fiber);
	p->status = PROMPT_CANCELLED;
}

void prompt_set_vi(struct prompt *p, bool vi)
{
	cancel(p); /* the editor may be within a key sequence of the tables that go */
	p->vi = vi;
	el_wset(p->el, EL_EDITOR, vi ? L"vi" : L"emacs"); /* sets all bindings afresh */
	for (wchar_t c = 0xa0; c <= 0xff; c++) /* letters whatever the locale says, not Meta */
		bind_code(p, false, c, L"ed-insert");
	for (wchar_t c = 0x80; c < 0xa0; c++)
		bind_code(p, false, c, L"ed-unassigned");
	for (size_t i = 0; i < ARRAY_LEN(special); i++) {
		bind_code(p, false, special[i].code, vi ? special[i].vi : special[i].emacs);
		if (vi)
			bind_code(p, true, special[i].code, special[i].vi);
	}
	bind(p, false, L"^R", L"em-inc-search-prev");
	bind(p, false, L"^S", L"em-inc-search-next");
	bind(p, false, L"^W", L"ed-delete-prev-word");
	bind(p, false, L"^U", L"vi-kill-line-prev");
	bind(p, false, L"^K", L"ed-kill-line");
	bind(p, false, L"^Y", L"em-yank");
	if (vi) {
		bind(p, true, L"^R", L"em-inc-search-prev");
		bind(p, true, L"v", L"ed-unassigned"); /* would start an editor on the terminal */
		bind(p, true, L":", L"ed-unassigned"); /* would run libedit's own commands */
		/* Repeats what was inserted key by key, a search in it too, and writes before its
		 * buffer then. */
		bind(p, true, L".", L"ed-unassigned");
	} else {
		bind(p, false, L"\\033x", L"ed-unassigned"); /* as that */
		bind(p, false, L"\\033X", L"ed-unassigned");
	}
}

/* A pseudo-terminal in raw mode, wide enough that libedit never folds a line of ours. */
static int open_pty(struct prompt *p, struct err *e)
{
	struct winsize ws = { .ws_row = 100, .ws_col = 200 };
	struct termios tio;
	char name[64];

	p->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->master < 0 || grantpt(p->master) < 0 || unlockpt(p->master) < 0 ||
	    ptsname_r(p->master, name, sizeof name) != 0)
		return err_set(e, "no pseudo-terminal for the prompt: %s (is /dev/pts mounted?)",
			       strerror(errno));
	p->slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (p->slave < 0)
		return err_set(e, "cannot open %s for the prompt: %s", name, strerror(errno));
	if (tcgetattr(p->slave, &tio) == 0) {
		cfmakeraw(&tio);
		tcsetattr(p->slave, TCSANOW, &tio);
	}
	ioctl(p->slave, TIOCSWINSZ, &ws);
	p->null = fopen("/dev/null", "r+e");
	if (!p->null)
		return err_set(e, "cannot open /dev/null: %s", strerror(errno));
	return 0;
}

static void add_history(void *arg, const char *line, size_t n)
{
	struct prompt *p = arg;
	wchar_t wide[PROMPT_MAX + 1];
	const char *end = line + n;
	size_t k = 0;
	HistEventW ev;

	while (line < end && k < PROMPT_MAX) {
		u32 cp = 0xfffd;
		int len = utf8_decode(line, (size_t)(end - line), &cp);

		line += MAX(len, 1);
		if (cp >= ' ' &&
		    (cp < 0x7f || cp >= 0xa0)) /* a spoilt file must not bring in a '\n' or NUL */
			wide[k++] = (wchar_t)cp;
	}
	wide[k] = L'\0';
	if (k > 0)
		history_w(p->history, &ev, H_ENTER, wide);
}

struct prompt *prompt_new(const struct prompt_config *config, struct err *e)
{
	struct prompt *p = xcalloc(1, sizeof *p);
	HistEventW ev;

	p->master = p->slave = -1;
	p->status = PROMPT_CANCELLED;
	p->complete = config->complete;
	p->arg = config->arg;
	txt_init(&p->label);
	txt_init(&p->line);
	txt_init(&p->search);
	txt_str(&p->line);
	if (open_pty(p, e) < 0) {
		prompt_free(p);
		return NULL;
	}
	p->el = el_init_fd("tapdeck", p->null, p->null, p->null, p->slave, p->slave, p->slave);
	p->history = history_winit();
	if (!p->el || !p->history) {
		err_set(e, "libedit does not start (TERM=%s)",
			getenv("TERM") ? getenv("TERM") : "");
		prompt_free(p);
		return NULL;
	}
	history_w(p->history, &ev, H_SETSIZE, HISTORY_MAX);
	history_w(p->history, &ev, H_SETUNIQUE, 1);
	el_wset(p->el, EL_CLIENTDATA, p);
	el_wset(p->el, EL_SIGNAL, 0);
	el_wset(p->el, EL_GETCFN, next_char);
	el_wset(p->el, EL_PROMPT, no_prompt);
	el_wset(p->el, EL_HIST, history_w, p->history);
	el_wset(p->el, EL_ADDFN, L"deck-complete", L"complete the word", complete);
	el_wset(p->el, EL_ADDFN, L"deck-end", L"go behind the last character", go_to_end);
	prompt_set_vi(p, config->vi);
	if (config->history_file) {
		p->history_file = xstrdup(config->history_file);
		history_read(p->history_file, add_history, p);
	}
	p->fiber = fiber_new(edit_lines, p, STACK_SIZE);
	return p;
}

void prompt_free(struct prompt *p)
{
	if (!p)
		return;
	if (p->fiber)
		cancel(p);
	fiber_free(p->fiber);
	if (p->el)
		el_end(p->el);
	if (p->history)
		history_wend(p->history);
	if (p->null)
		fclose(p->null);
	if (p->slave >= 0)
		close(p->slave);
	if (p->master >= 0)
		close(p->master);
	forget_choices(p);
	VEC_FREE(&p->choices.list);
	txt_fini(&p->label);
	txt_fini(&p->line);
	txt_fini(&p->search);
	free(p->history_file);
	free(p);
}

/* --- using it --- */

void prompt_start(struct prompt *p, const char *label, const char *text)
{
	cancel(p);
	forget_choices(p);
	txt_clear(&p->label);
	txt_puts(&p->label, label);
	p->editing = true;
	p->status = PROMPT_EDITING;
	fiber_resume(p->fiber); /* up to its first read */
	insert(p, text, strlen(text));
	look(p);
}

/* Puts the editor back on its feet, with the text as it can still be read. */
static void mend(struct prompt *p)
{
	const LineInfoW *li;

	if (!p->editing || is_sound(p))
		return;
	li = el_wline(p->el);
	txt_clear(&p->line);
	put_wide(&p->line, li->buffer,
		 li->lastchar); /* nothing where the end lies before the beginning */
	cancel(p);
	p->editing = true;
	p->status = PROMPT_EDITING;
	fiber_resume(p->fiber);
	insert(p, p->line.s, p->line.n);
	p->queue[p->queued++] = 0x1b; /* back to command mode, where it happened */
	fiber_resume(p->fiber);
}

/* What the editor is to read for a key. Returns the number of characters, 0 for a key that means
 * nothing here. */
static int encode(u32 key, wchar_t out[2])
{
	u32 base = KEY_BASE(key);
	int n = 0;

	for (size_t i = 0; i < ARRAY_LEN(special); i++) {
		if (special[i].key == key) {
			out[0] = special[i].code;
			return 1;
		}
	}
	if (key & KEYMOD_ALT)
		out[n++] = 0x1b;
	if (base == KEYCODE_ENTER)
		out[n++] = L'\r';
	else if (base == KEYCODE_ESC)
		out[n++] = 0x1b;
	else if (base >= KEYCODE_FIRST || base < ' ' || (base >= 0x7f && base < 0xa0))
		return 0;
	else if (!(key & KEYMOD_CTRL))
		out[n++] = (wchar_t)base;
	else if ((base >= 'a' && base <= 'z') || (base >= '[' && base <= '_') || base == '@')
		out[n++] = (wchar_t)(base & 0x1f);
	else
		return 0;
	return n;
}

/* A line that was entered goes into the history, unless it is blank or begins with a blank. */
static void remember(struct prompt *p)
{
	if (p->line.n == 0 || p->line.s[0] == ' ')
		return;
	add_history(p, p->line.s, p->line.n);
	if (p->history_file)
		history_append(p->history_file, p->line.s, p->line.n);
}

enum prompt_status prompt_key(struct prompt *p, u32 key)
{
	wchar_t keys[2];
	int n;

	if (!p->editing)
		return PROMPT_CANCELLED;
	forget_choices(p);
	/* In a search Esc and C-c only end the search, which libedit does itself. */
	if (p->search.n == 0 && (key == ('c' | KEYMOD_CTRL) || (key == KEYCODE_ESC && !p->vi))) {
		cancel(p);
		return p->status;
	}
	if (key == ('c' | KEYMOD_CTRL))
		key = 'g' | KEYMOD_CTRL;
	n = encode(key, keys);
	if (n == 0 || (n == 1 && keys[0] >= ' ' && keys[0] < 0x80 && line_chars(p) >= PROMPT_MAX))
		return PROMPT_EDITING;
	for (int i = 0; i < n && p->editing; i++) {
		p->queue[p->queued++] = keys[i];
		fiber_resume(p->fiber);
		mend(p);
	}
	if (p->status == PROMPT_EDITING)
		look(p);
	else if (p->status == PROMPT_DONE)
		remember(p);
	return p->status;
}

void prompt_paste(struct prompt *p, const char *text, size_t n)
{
	if (!p->editing || p->search.n > 0)
		return;
	forget_choices(p);
	insert(p, text, MIN(n, (size_t)PROMPT_MAX * 4));
	look(p);
}

bool prompt_active(const struct prompt *p)
{
	return p->editing;
}

const char *prompt_line(const struct prompt *p)
{
	return p->line.s;
}

size_t prompt_cursor(const struct prompt *p)
{
	return p->cursor;
}

const struct prompt_choices *prompt_choices(const struct prompt *p)
{
	return &p->choices;
}

void prompt_draw(const struct prompt *p, const struct canvas *c, int bad)
{
	const struct txt *label = p->search.n > 0 ? &p->search : &p->label;
	int x = canvas_putn(c, 0, 0, STYLE_PROMPT, label->s, label->n) + 1, at, shift = 0;
	struct canvas field;

	x = MIN(x, c->w / 2); /* a long label leaves half the line */
	field = canvas_sub(c, x, 0, c->w - x, 1);
	at = canvas_width(p->line.s, p->cursor);
	if (at >= field.w) /* scrolled by half a field, so that it does not creep with every key */
		shift = (at - field.w / 2) / MAX(field.w / 2, 1) * MAX(field.w / 2, 1);
	canvas_fill(&field, 0, 0, field.w, 1, STYLE_DEFAULT, ' ');
	canvas_putn(&field, -shift, 0, STYLE_DEFAULT, p->line.s, p->line.n);
	if (bad >= 0 && (size_t)bad <= p->line.n)
		canvas_restyle(&field, canvas_width(p->line.s, (size_t)bad) - shift, 0, 1, 1,
			       STYLE_ERROR);
	if (shift > 0)
		canvas_put(&field, 0, 0, STYLE_DIM, 0x2026);
	if (p->editing)
		canvas_cursor(&field, at - shift, 0);
}
