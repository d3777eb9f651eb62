/* Bytes from a terminal into keys, mouse and paste (ECMA-48, xterm's control sequences). Pure: time
 * is an argument. */
#ifndef TERM_INPUT_H
#define TERM_INPUT_H

#include "base/txt.h"
#include "base/types.h"
#include "ui/key.h"

#define INPUT_ESC_WAIT (40 * NS_PER_MS) /* a lone Esc is a key after that */
#define INPUT_PASTE_WAIT (1 * NS_PER_S) /* a paste without its end is over after that */
#define INPUT_PASTE_MAX (1 << 20)	/* more is dropped */
#define INPUT_DOUBLE_WAIT (400 * NS_PER_MS)

struct input {
	struct txt bytes; /* not yet understood */
	size_t at;	  /* how far */
	ns_t last;	  /* when the last byte came */
	u8 erase; /* what the Backspace key sends besides 0x7f (stty erase); 0 for nothing */
	bool pasting;
	struct txt paste;
	struct mouse click; /* the last press, for double clicks */
	ns_t click_time;
	bool doubled; /* a MOUSE_DOUBLE is due */
};

void input_init(struct input *in);
void input_fini(struct input *in);

/* Adds what was read from the terminal. */
void input_feed(struct input *in, const char *bytes, size_t n, ns_t now);

/* The next event; false where there is none yet. */
bool input_next(struct input *in, ns_t now, struct event *ev);

/* How long until waiting alone brings an event (a lone Esc): ns from now, -1 for never. */
ns_t input_wait(const struct input *in, ns_t now);

#endif
