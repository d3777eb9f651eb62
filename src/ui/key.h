/* Keys, mouse and paste as values, and the names people write for keys ("C-r", "M-x", "F5",
 * "S-Tab"). */
#ifndef UI_KEY_H
#define UI_KEY_H

#include "base/err.h"
#include "base/txt.h"
#include "base/types.h"

/* A key is a Unicode character or one of these, with modifier bits. Control letters are the
 * lower-case letter with KEYMOD_CTRL (C-i is Tab, C-m is Enter, C-[ is Esc). Shift is only a bit
 * with keys that are not characters. */
enum key_code {
	KEYCODE_FIRST = 0x110000,
	KEYCODE_ENTER = KEYCODE_FIRST,
	KEYCODE_TAB,
	KEYCODE_ESC,
	KEYCODE_BACKSPACE,
	KEYCODE_DELETE,
	KEYCODE_INSERT,
	KEYCODE_UP,
	KEYCODE_DOWN,
	KEYCODE_LEFT,
	KEYCODE_RIGHT,
	KEYCODE_HOME,
	KEYCODE_END,
	KEYCODE_PGUP,
	KEYCODE_PGDN,
	KEYCODE_F1, /* F1..F24 follow each other */
	KEYCODE_F24 = KEYCODE_F1 + 23,
	KEYCODE_LAST = KEYCODE_F24,
};
#define KEYMOD_CTRL (1u << 24)
#define KEYMOD_ALT (1u << 25)
#define KEYMOD_SHIFT (1u << 26)
#define KEY_NONE 0u
#define KEY_BASE(k) ((k)&0xffffffu)

enum mouse_kind {
	MOUSE_PRESS,
	MOUSE_DOUBLE, /* comes after the press of the second click */
	MOUSE_DRAG,
	MOUSE_RELEASE,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
};
struct mouse {
	enum mouse_kind kind;
	int x, y; /* columns and rows from 0 on the screen; relative to the inside when handed to a
		     pane */
	int button;   /* 1 left, 2 middle, 3 right; 0 for the wheel */
	unsigned mod; /* KEYMOD_ bits */
};

/* What comes from the user, or from a script that plays one. */
enum event_kind {
	EVENT_KEY,
	EVENT_MOUSE,
	EVENT_PASTE,  /* text, never to be taken as keys */
	EVENT_RESIZE, /* the size may have changed, and the screen must be drawn afresh */
	EVENT_END,    /* asked to end: a signal, or the terminal is gone */
};
struct event {
	enum event_kind kind;
	u32 key;
	struct mouse mouse;
	const char *paste; /* n bytes, borrowed until the next event is asked for */
	size_t paste_n;
	int signal; /* of EVENT_END; 0 where the terminal is gone */
};

/* "C-r", "M-x", "S-Tab", "F5", "Up", "Space", "PgDn", "g", "é": sets *key. -1 with a sentence for
 * anything else. */
int key_parse(const char *s, u32 *key, struct err *e);
/* The name that key_parse() takes. */
void key_write(u32 key, struct txt *out);

/* Keys that have a name, NULL at the end: what completion offers. */
extern const char *const key_names[];

#endif
