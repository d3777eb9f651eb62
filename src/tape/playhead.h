/* The playhead: where on the tape the world is shown, and how it moves. Pure: the tape is seen
 * through three questions, and the time is an argument. */
#ifndef TAPE_PLAYHEAD_H
#define TAPE_PLAYHEAD_H

#include "base/types.h"
#include "base/vec.h"

#define PLAYHEAD_MIN_SPEED 0.01
#define PLAYHEAD_MAX_SPEED 1000.0
#define PLAYHEAD_FLAT_OUT 0.0 /* as speed: no waiting */

/* Packets a second of the wall clock: of a tape without times at 1x, and flat out. */
enum { PLAYHEAD_TIMELESS = 10, PLAYHEAD_FLAT_RATE = 1000000 };

/* A tape as the playhead sees it. See tape.h: the clock never runs backwards. */
struct playhead_tape {
	const void *arg;
	u64 (*count)(const void *arg);	       /* packets there are */
	bool (*done)(const void *arg);	       /* there will be no more */
	ns_t (*clock)(const void *arg, u64 n); /* the tape clock at packet n, NS_NONE for none */
	u64 (*find)(const void *arg, ns_t ts); /* how many packets have a clock <= ts */
};

enum playhead_state {
	PLAYHEAD_PAUSED,
	PLAYHEAD_PLAYING, /* tape time passes at the speed */
	PLAYHEAD_LIVE,	  /* rides at the end of the tape */
};

struct playhead_mark {
	u64 n;
	char name[32];
};

struct playhead {
	u64 n;	 /* the packet at the playhead: the last that has happened. 0 on an empty tape */
	ns_t ts; /* tape time: clock(n) <= ts, and before the next packet's while playing */
	enum playhead_state state;
	double speed;
	ns_t max_gap; /* silence between packets lasts at most so much wall time; 0: as it was */
	VEC(struct playhead_mark) marks; /* sorted by packet */

	ns_t anchor_now, anchor_ts; /* playing: at `now` the tape stood at `ts`, packet `n` */
	u64 anchor_n;
	bool placed; /* false until the first packet is there */
};

/* Paused at the first packet, 1x. */
void playhead_init(struct playhead *p);
void playhead_fini(struct playhead *p);

/* Moves with the time: call it before each redraw. `now` is any steady clock in ns. Returns true
 * when the playhead's packet, time or state changed. At the end of a finished tape it pauses; at
 * the end of one that still fills it waits there, and goes on when there is more. */
bool playhead_tick(struct playhead *p, const struct playhead_tape *t, ns_t now);

/* Wall time from `now` until the next packet is due: how long the loop may sleep. 0: at once; -1:
 * nothing will move by itself. */
ns_t playhead_due(const struct playhead *p, const struct playhead_tape *t, ns_t now);

/* Plays from where it stands (from the beginning where it stands at the end of a finished tape). */
void playhead_play(struct playhead *p, const struct playhead_tape *t, ns_t now);
void playhead_pause(struct playhead *p);

/* Rides at the end from now on. */
void playhead_live(struct playhead *p, const struct playhead_tape *t);

/* Clamped to PLAYHEAD_MIN_SPEED..PLAYHEAD_MAX_SPEED; PLAYHEAD_FLAT_OUT is itself. */
void playhead_set_speed(struct playhead *p, double speed, ns_t now);

/* n packets on (back for negative n), clamped to the tape. Pauses. True when it moved. */
bool playhead_step(struct playhead *p, const struct playhead_tape *t, i64 n);

/* To packet n, or to the last one. Keeps playing where it played; leaves the live end. */
void playhead_seek(struct playhead *p, const struct playhead_tape *t, u64 n, ns_t now);

/* To a time: the last packet with a clock <= ts, the first where there is none. */
void playhead_seek_time(struct playhead *p, const struct playhead_tape *t, ns_t ts, ns_t now);

/* Sets a mark at packet n; a name that is there already moves. NULL names it by the first free
 * number. Returns the mark's name, which holds until marks change. */
const char *playhead_mark(struct playhead *p, u64 n, const char *name);

/* Takes the mark away; false where there is none of that name. */
bool playhead_unmark(struct playhead *p, const char *name);

/* A mark by name, and the nearest behind or before packet n (dir > 0 or < 0); NULL for none. */
const struct playhead_mark *playhead_find_mark(const struct playhead *p, const char *name);
const struct playhead_mark *playhead_next_mark(const struct playhead *p, u64 n, int dir);

#endif
