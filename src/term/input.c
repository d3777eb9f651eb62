/* The decoder of terminal input. */
#include "term/input.h"

#include "base/utf8.h"

#define ESC 0x1b
#define SEQ_MAX 64 /* no control sequence that we know is longer */

void input_init(struct input *in)
{
	*in = (struct input) { .click_time = NS_NONE };
	txt_init(&in->bytes);
	txt_init(&in->paste);
}

void input_fini(struct input *in)
{
	txt_fini(&in->bytes);
	txt_fini(&in->paste);
}

void input_feed(struct input *in, const char *bytes, size_t n, ns_t now)
{
	if (in->at > 0) { /* what was understood goes */
		memmove(in->bytes.s, in->bytes.s + in->at, in->bytes.n - in->at);
		in->bytes.n -= in->at;
		in->at = 0;
	}
	txt_putn(&in->bytes, bytes, n);
	in->last = now;
}

/* How a try to understand the bytes ended: their number when it did; or */
#define MORE 0 /* the rest has yet to come */

/* xterm's modifier parameter: 1 + bits. */
static u32 modifiers(int param)
{
	int bits = param > 1 ? param - 1 : 0;

	return (bits & 1 ? KEYMOD_SHIFT : 0) | (bits & (2 | 8) ? KEYMOD_ALT : 0) |
	       (bits & 4 ? KEYMOD_CTRL : 0);
}

/* A character with modifiers as key_parse() would write it. */
static u32 char_key(u32 ch, u32 mod)
{
	if (ch == '\r')
		return KEYCODE_ENTER | mod;
	if (ch == '\t')
		return KEYCODE_TAB | mod;
	if (ch == ESC)
		return KEYCODE_ESC | mod;
	if (ch == 0x7f)
		return KEYCODE_BACKSPACE | mod;
	if (ch < ' ') /* 0 is what C-Space and C-@ send */
		return (ch == 0 ? ' ' : ch < 27 ? ch + 'a' - 1 : ch + 'A' - 1) | KEYMOD_CTRL | mod;
	if (mod & KEYMOD_CTRL && ch >= 'A' && ch <= 'Z')
		ch += 'a' - 'A';
	return ch | (mod & ~KEYMOD_SHIFT);
}

/* The keys of "CSI n ~" (VT220, xterm, rxvt). */
static u32 tilde_key(int n)
{
	static const u32 edit[] = { 0,		 KEYCODE_HOME, KEYCODE_INSERT, KEYCODE_DELETE,
				    KEYCODE_END, KEYCODE_PGUP, KEYCODE_PGDN,   KEYCODE_HOME,
				    KEYCODE_END };
	static const u8 f[] = { 0,  1,	2,  3,	4, 5,  0,  6, 7,  8,  9,  10, 0,
				11, 12, 13, 14, 0, 15, 16, 0, 17, 18, 19, 20 };

	if (n > 0 && n < (int)ARRAY_LEN(edit))
		return edit[n];
	if (n >= 10 && n - 10 < (int)ARRAY_LEN(f) && f[n - 10] > 0)
		return KEYCODE_F1 + f[n - 10] - 1;
	return KEY_NONE;
}

/* The keys that are told apart by their final letter, after CSI or SS3. */
static u32 letter_key(char c)
{
	switch (c) {
	case 'A': return KEYCODE_UP;
	case 'B': return KEYCODE_DOWN;
	case 'C': return KEYCODE_RIGHT;
	case 'D': return KEYCODE_LEFT;
	case 'F': return KEYCODE_END;
	case 'H': return KEYCODE_HOME;
	case 'M': return KEYCODE_ENTER; /* keypad */
	case 'P': return KEYCODE_F1;
	case 'Q': return KEYCODE_F1 + 1;
	case 'R': return KEYCODE_F1 + 2;
	case 'S': return KEYCODE_F1 + 3;
	case 'Z': return KEYCODE_TAB | KEYMOD_SHIFT;
	default: return KEY_NONE;
	}
}

/* xterm's SGR mouse report: CSI < button ; x ; y M or m. */
static bool mouse_event(struct input *in, const int param[3], bool release, ns_t now,
			struct event *ev)
{
	int b = param[0];
	struct mouse *m = &ev->mouse;
	bool near;

	*m = (struct mouse) { .x = param[1] - 1, .y = param[2] - 1, .button = (b & 3) + 1 };
	m->mod = (b & 4 ? KEYMOD_SHIFT : 0) | (b & 8 ? KEYMOD_ALT : 0) | (b & 16 ? KEYMOD_CTRL : 0);
	ev->kind = EVENT_MOUSE;
	if (m->x < 0 || m->y < 0 || b >= 128)
		return false;
	if (b & 64) {
		m->kind = b & 1 ? MOUSE_WHEEL_DOWN : MOUSE_WHEEL_UP;
		m->button = 0;
		return (b & 3) < 2 && !release; /* no sideways wheel */
	}
	if ((b & 3) == 3) /* moved without a button */
		return false;
	m->kind = release ? MOUSE_RELEASE : b & 32 ? MOUSE_DRAG : MOUSE_PRESS;
	if (m->kind != MOUSE_PRESS)
		return true;
	near = in->click.x == m->x && in->click.y == m->y && in->click.button == m->button;
	in->doubled = near && in->click_time != NS_NONE && now - in->click_time < INPUT_DOUBLE_WAIT;
	in->click = *m;
	in->click_time = in->doubled ? NS_NONE : now; /* a third click begins anew */
	return true;
}

/* Reads up to three numbers of a control sequence's parameters. */
static void parse_params(const char *p, size_t n, int param[3])
{
	int k = 0;

	param[0] = param[1] = param[2] = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] == ';' || p[i] == ':')
			k++;
		else if (k < 3 && p[i] >= '0' && p[i] <= '9' && param[k] < 100000000)
			param[k] = param[k] * 10 + (p[i] - '0');
	}
}

/* CSI, from the ESC on. Sets *got where it means something; what is unknown is passed over. */
static size_t csi(struct input *in, const char *p, size_t n, ns_t now, struct event *ev, bool *got)
{
	size_t i = 2;
	int param[3];
	u32 key = KEY_NONE;

	if (n > 2 && p[2] == '[') { /* Linux console: F1 to F5 are CSI [ A to E */
		if (n < 4)
			return MORE;
		*got = p[3] >= 'A' && p[3] <= 'E';
		ev->key = KEYCODE_F1 + (u32)(p[3] - 'A');
		return 4;
	}
	while (i < n && i < SEQ_MAX && (u8)p[i] >= 0x20 && (u8)p[i] < 0x40)
		i++;
	if (i == n)
		return MORE;
	if (i == SEQ_MAX || (u8)p[i] < 0x40 || (u8)p[i] > 0x7e)
		return i; /* not a sequence: what broke it is looked at again */
	parse_params(p + 2, i - 2, param);
	if (p[2] == '<' && (p[i] == 'M' || p[i] == 'm')) {
		*got = mouse_event(in, param, p[i] == 'm', now, ev);
		return i + 1;
	}
	if (p[2] == '<' || p[2] == '?' || p[2] == '>' ||
	    p[2] == '=') /* an answer of the terminal */
		return i + 1;
	if (p[i] == '~' && param[0] == 200) {
		in->pasting = true;
		txt_clear(&in->paste);
		return i + 1;
	}
	if (p[i] == '~' && param[0] == 27) /* modifyOtherKeys: 27 ; modifier ; character */
		key = char_key((u32)param[2], modifiers(param[1]));
	else if (p[i] == 'u') /* the same in the other order */
		key = char_key((u32)param[0], modifiers(param[1]));
	else if (p[i] == '~')
		key = tilde_key(param[0]) | modifiers(param[1]);
	else if (param[0] <= 1) /* else the report of a place */
		key = letter_key(p[i]) | modifiers(param[1]);
	*got = KEY_BASE(key) != KEY_NONE && KEY_BASE(key) <= KEYCODE_LAST &&
	       (KEY_BASE(key) >= KEYCODE_FIRST || utf8_is_safe(KEY_BASE(key)));
	ev->key = key;
	return i + 1;
}

/* What begins with ESC. `late`: nothing more comes. */
static size_t escape(struct input *in, const char *p, size_t n, ns_t now, bool late,
		     struct event *ev, bool *got)
{
	size_t used = MORE;
	u32 cp;
	int len;

	if (n == 1 && !late)
		return MORE;
	if (n == 1 || p[1] == ESC) {
		*got = true;
		ev->key = KEYCODE_ESC;
		return 1;
	}
	if (p[1] == '[' || (p[1] == 'O' && n > 2)) {
		if (p[1] == '[') {
			used = csi(in, p, n, now, ev, got);
		} else {
			ev->key = letter_key(p[2]);
			*got = ev->key != KEY_NONE;
			used = 3;
		}
		if (used != MORE || (!late && n < SEQ_MAX))
			return used;
		if (n > 2) /* a torn sequence is no key */
			return n;
	}
	if (p[1] == 'O' && !late)
		return MORE;
	len = utf8_decode(p + 1, n - 1, &cp);
	if (len == 0) {
		if (!late && (u8)p[1] >= 0xc2 && n < 5)
			return MORE;
		return 2;
	}
	*got = (u8)p[1] < 0x80 || utf8_is_safe(cp);
	ev->key = char_key(cp, KEYMOD_ALT);
	return 1 + (size_t)len;
}

/* One key or sequence at p. */
static size_t understand(struct input *in, const char *p, size_t n, ns_t now, bool late,
			 struct event *ev, bool *got)
{
	u32 cp;
	int len;

	if (p[0] == ESC)
		return escape(in, p, n, now, late, ev, got);
	if (in->erase && (u8)p[0] == in->erase) {
		*got = true;
		ev->key = KEYCODE_BACKSPACE;
		return 1;
	}
	len = utf8_decode(p, n, &cp);
	if (len == 0) {
		/* A character may come in pieces. Anything else that is no UTF-8 is dropped byte by
		 * byte. */
		return !late && (u8)p[0] >= 0xc2 && (u8)p[0] < 0xf5 && n < 4 ? MORE : 1;
	}
	*got = cp < 0x80 || utf8_is_safe(cp);
	ev->key = char_key(cp, 0);
	return (size_t)len;
}

/* Takes pasted bytes up to the end mark. True when the paste is complete. */
static bool take_paste(struct input *in, ns_t now)
{
	static const char mark[] = "\x1b[201~";
	const char *p = in->bytes.s + in->at;
	size_t n = in->bytes.n - in->at, take = n, keep = 0;
	const char *end = n > 0 ? memmem(p, n, mark, sizeof mark - 1) : NULL;

	if (end)
		take = (size_t)(end - p);
	else /* the mark may have come in part */
		for (keep = MIN(n, sizeof mark - 2);
		     keep > 0 && memcmp(p + n - keep, mark, keep) != 0;)
			keep--;
	take -= keep;
	txt_putn(&in->paste, p, MIN(take, INPUT_PASTE_MAX - in->paste.n));
	in->at += take + (end ? sizeof mark - 1 : 0);
	if (!end && now - in->last < INPUT_PASTE_WAIT)
		return false;
	in->pasting = false;
	return true;
}

bool input_next(struct input *in, ns_t now, struct event *ev)
{
	*ev = (struct event) { .kind = EVENT_KEY };
	if (in->doubled) {
		in->doubled = false;
		ev->kind = EVENT_MOUSE;
		ev->mouse = in->click;
		ev->mouse.kind = MOUSE_DOUBLE;
		return true;
	}
	while (in->at < in->bytes.n || in->pasting) {
		bool got = false, late = now - in->last >= INPUT_ESC_WAIT;
		size_t used;

		*ev = (struct event) { .kind = EVENT_KEY };
		if (in->pasting) {
			if (!take_paste(in, now))
				return false;
			ev->kind = EVENT_PASTE;
			ev->paste = txt_str(&in->paste);
			ev->paste_n = in->paste.n;
			return true;
		}
		used = understand(in, in->bytes.s + in->at, in->bytes.n - in->at, now, late, ev,
				  &got);
		if (used == MORE)
			return false;
		in->at += used;
		if (got)
			return true;
	}
	return false;
}

ns_t input_wait(const struct input *in, ns_t now)
{
	ns_t until;

	if (in->doubled)
		return 0;
	if (in->at >= in->bytes.n && !in->pasting)
		return -1;
	until = in->last + (in->pasting ? INPUT_PASTE_WAIT : INPUT_ESC_WAIT);
	return MAX(until - now, 0);
}
