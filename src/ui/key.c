/* Names of keys, both ways. */
#include "ui/key.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <strings.h>

/* The first name of a code is the one that is written. */
static const struct {
	const char *name;
	u32 key;
} names[] = {
	{ "Enter", KEYCODE_ENTER },	 { "Return", KEYCODE_ENTER },
	{ "Tab", KEYCODE_TAB },		 { "Esc", KEYCODE_ESC },
	{ "Escape", KEYCODE_ESC },	 { "Backspace", KEYCODE_BACKSPACE },
	{ "BSpace", KEYCODE_BACKSPACE }, { "Delete", KEYCODE_DELETE },
	{ "Del", KEYCODE_DELETE },	 { "Insert", KEYCODE_INSERT },
	{ "Ins", KEYCODE_INSERT },	 { "Up", KEYCODE_UP },
	{ "Down", KEYCODE_DOWN },	 { "Left", KEYCODE_LEFT },
	{ "Right", KEYCODE_RIGHT },	 { "Home", KEYCODE_HOME },
	{ "End", KEYCODE_END },		 { "PgUp", KEYCODE_PGUP },
	{ "PageUp", KEYCODE_PGUP },	 { "PgDn", KEYCODE_PGDN },
	{ "PageDown", KEYCODE_PGDN },	 { "Space", ' ' },
};

const char *const key_names[] = {
	"Space", "Enter", "Tab",  "S-Tab", "Esc",  "Backspace", "Delete", "Insert", "Up", "Down",
	"Left",	 "Right", "Home", "End",   "PgUp", "PgDn",	"F1",	  "F2",	    "F3", "F4",
	"F5",	 "F6",	  "F7",	  "F8",	   "F9",   "F10",	"F11",	  "F12",    NULL,
};

static u32 named(const char *s)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcasecmp(s, names[i].name) == 0)
			return names[i].key;
	if ((s[0] == 'F' || s[0] == 'f') && s[1] >= '1' && s[1] <= '9') {
		char *end;
		long f = strtol(s + 1, &end, 10);

		if (*end == '\0' && f <= 24)
			return KEYCODE_F1 + (u32)f - 1;
	}
	return KEY_NONE;
}

/* C-i and the like are what terminals send for Tab, Enter and Esc. */
static u32 fold_ctrl(u32 key)
{
	u32 base = KEY_BASE(key);

	if (!(key & KEYMOD_CTRL))
		return key;
	if (base >= 'A' && base <= 'Z')
		base += 'a' - 'A';
	switch (base) {
	case 'i': return KEYCODE_TAB | (key & KEYMOD_ALT);
	case 'm': return KEYCODE_ENTER | (key & KEYMOD_ALT);
	case '[': return KEYCODE_ESC | (key & KEYMOD_ALT);
	default: return base | (key & ~0xffffffu);
	}
}

int key_parse(const char *s, u32 *key, struct err *e)
{
	const char *p = s;
	u32 mod = 0, base;
	int len;

	while (p[0] && p[1] == '-' && p[2]) {
		if (p[0] == 'C')
			mod |= KEYMOD_CTRL;
		else if (p[0] == 'M' || p[0] == 'A')
			mod |= KEYMOD_ALT;
		else if (p[0] == 'S')
			mod |= KEYMOD_SHIFT;
		else
			break;
		p += 2;
	}
	base = named(p);
	if (base == KEY_NONE) {
		size_t n = strlen(p);

		len = utf8_decode(p, n, &base);
		if (len == 0 || (size_t)len != n || !utf8_is_safe(base) || utf8_width(base) == 0)
			return err_set(e,
				       "\"%s\" is not a key: write g, G, C-r, M-x, F5, Up, PgDn, "
				       "Space, S-Tab",
				       s);
	}
	if ((mod & KEYMOD_SHIFT) && base < KEYCODE_FIRST)
		return err_set(
			e, "\"%s\" is not a key: write the shifted character itself, as in G or ?",
			s);
	if ((mod & KEYMOD_CTRL) && base < KEYCODE_FIRST && base >= 0x80)
		return err_set(e, "\"%s\" is not a key: no terminal sends Ctrl with that character",
			       s);
	*key = fold_ctrl(base | mod);
	return 0;
}

void key_write(u32 key, struct txt *out)
{
	u32 base = KEY_BASE(key);

	if (key & KEYMOD_CTRL)
		txt_puts(out, "C-");
	if (key & KEYMOD_ALT)
		txt_puts(out, "M-");
	if (key & KEYMOD_SHIFT)
		txt_puts(out, "S-");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].key == base) {
			txt_puts(out, names[i].name);
			return;
		}
	}
	if (base >= KEYCODE_F1 && base <= KEYCODE_F24) {
		txt_putc(out, 'F');
		txt_u64(out, base - KEYCODE_F1 + 1);
	} else {
		char *at = txt_room(out, 4);

		out->n += (size_t)utf8_encode(base, at);
	}
}
