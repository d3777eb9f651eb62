/* The world at the playhead: everything that panes show and commands change. Panes get it const. */
#ifndef TAPE_WORLD_H
#define TAPE_WORLD_H

#include "base/txt.h"
#include "base/vec.h"
#include "flow/flow.h"
#include "packet/show.h"
#include "tape/match.h"
#include "tape/playhead.h"
#include "tape/series.h"
#include "tape/tape.h"
#include "tape/trace.h"
#include "tape/verdict.h"

/* Columns of the packet list: a fixed kind or any field. */
enum column_kind {
	COL_NUMBER,
	COL_TIME,
	COL_SRC,
	COL_DST,
	COL_PROTO,
	COL_LEN,
	COL_INFO,
	COL_IFACE,
	COL_FIELD
};
struct column {
	u8 kind;   /* enum column_kind */
	u16 field; /* COL_FIELD: registry number */
};

/* What commands print in the deck. Lines end up here; the oldest go when CONSOLE_CAP is reached
 * (the pane says so). */
enum { CONSOLE_CAP = 10000, LOSSES_CAP = 1000 };
enum console_kind { LINE_OUTPUT, LINE_COMMAND, LINE_ERROR };
struct console_line {
	char *text;
	u8 kind; /* enum console_kind */
};

struct decoder;

struct world {
	/* The tape; all NULL or 0 while nothing is open. */
	struct tape *tape;
	struct flow *flow;
	struct trace *trace; /* states of connections at any packet: struct retrace finds them */
	char *path;	     /* as opened */
	char *name;	     /* its last part, for titles */

	/* A snapshot that holds for one round of update, draw and keys. Packets count from 0. */
	u64 count;	 /* packets there are */
	u64 passed;	 /* of them, with a conversation */
	bool done;	 /* the tape is read to its end */
	ns_t begin, end; /* tape clock at the first packet that has a time, and at the last packet;
			    NS_NONE where no packet has one */
	u64 at; /* the packet at the playhead: the last one that has happened. 0 where count is 0 */
	ns_t now; /* the playhead's time; between packets while playing */
	struct playhead
		head; /* what moves `at` and `now`: state, speed, marks (sorted by packet) */

	/* Which packets are listed. */
	char *filter;	     /* text; NULL: all packets */
	struct match *match; /* NULL: all packets */
	bool settled;	     /* the filter was worked out at the snapshot, or there is none */
	char *search;	     /* what `find` looks for, for titles; NULL: nothing */
	struct match *found;
	int find_dir; /* a search that waits for its answer: +1, -1; 0 for none. Moving the playhead
			 ends the wait */
	u64 find_from; /* where it began */

	VEC(u64)
	losses; /* the first packets that the wire dropped, for the time bar; LOSSES_CAP at most */
	u64 losses_seen; /* packets looked at for it */

	u32 conv;    /* the conversation that was chosen to stay; FLOW_NONE: the playhead's */
	u32 conv_at; /* the conversation to show: conv, or that of the last packet up to the
			playhead that has one */

	enum time_format time; /* show.h */
	int digits; /* decimals of times: 6, or 9 where an interface of the tape has them */
	VEC(struct column) columns;

	VEC(struct console_line) console;
	u64 console_lost; /* lines that fell off the top */

	char status[400]; /* one sentence for the status line, "" for none */
	bool status_bad;

	struct decoder *decoder;
	bool quit;
};

/* ---- for panes: reading ---- */

/* Packet n decoded for a list line (facts, info fields, column fields) or for the tree (everything,
 * checksums too). Borrowed until the next call of the same function. n < count. */
const struct pkt *world_line(const struct world *w, u64 n);
const struct pkt *world_full(const struct world *w, u64 n);

/* What the trackers say of packet n of a TCP connection, and the connection's state behind it;
 * borrowed until the next call. NULL where there is none. In any order; n < passed. */
const struct tcp_seen *world_seen(const struct world *w, u64 n);
const struct tcp_conn *world_conn(const struct world *w, u64 n);

/* The verdict on packet n, some milliseconds where it lies far from the one before. False where
 * there is none. */
bool world_verdict(const struct world *w, u64 n, struct tcp_verdict *out);

/* What drawings need of TCP conversation `conv` and what one side of it sent, borrowed until the
 * world changes; all of the tape, what lies behind the playhead included. NULL where there is none.
 * A long one is collected while the deck goes on: *part (0..1) says how much of it is there. The
 * one asked for last is kept. */
const struct tcp_series *world_series(const struct world *w, u32 conv, int side, double *part);
/* Its columns from..to-1 more closely, where that is possible (series_closer); NULL otherwise. */
const struct tcp_series *world_series_closer(const struct world *w, u32 conv, int side, u32 from,
					     u32 to);
/* It wants world_update() to be called without a pause. */
bool world_collecting(const struct world *w);

/* The packet's time as the chosen format writes it, fixed width for one format. */
void world_put_time(const struct world *w, struct txt *t, const struct pkt *k);
/* A point on the tape relative to its beginning: "00:00:12.345678". */
void world_put_clock(const struct world *w, struct txt *t, ns_t ts);

/* Rows of the packet list: packets that pass the filter. */
u64 world_rows(const struct world *w);
u64 world_row_packet(const struct world *w, u64 row); /* row < world_rows() */
/* The row of packet n; where n is not listed, the row of the last listed packet before it (0 if
 * there is none). */
u64 world_packet_row(const struct world *w, u64 n);

/* A column's title ("Source"), and its text for a decoded packet. */
const char *column_title(const struct column *c);
void column_put(const struct world *w, struct txt *t, const struct column *c, const struct pkt *k);
/* "time", "src", "ip.ttl"; -1 with a sentence where it is neither a column nor a field. */
int column_parse(const char *s, struct column *c, struct err *e);
const char *column_name(const struct column *c);
/* To be called after w->columns was changed: list lines are decoded for them from then on. */
void world_columns_changed(struct world *w);

/* ---- for commands and the loop: changing ---- */

void world_init(struct world *w);
void world_fini(struct world *w);

/* Opens a capture in place of what was open. -1 with a sentence: then what was open stays. */
int world_open(struct world *w, const char *path, struct err *e);

/* Takes the snapshot anew and moves a running playhead to where it is at `wall` (any monotonic
 * clock, ns). True where anything that is shown may have changed. */
bool world_update(struct world *w, ns_t wall);
/* Wall time until the playhead reaches the next packet: how long the loop may sleep. -1: it does
 * not move by itself. */
ns_t world_due(const struct world *w, ns_t wall);

void world_play(struct world *w, ns_t wall);
void world_pause(struct world *w);
void world_set_speed(struct world *w, double speed, ns_t wall);
/* A silence between packets lasts at most so long by the wall's clock; 0: as long as it did. */
void world_set_skip(struct world *w, ns_t max_gap, ns_t wall);
/* Steps over listed packets: +1 to the next, -1 to the one before. Pauses. */
void world_step(struct world *w, i64 by);
void world_goto(struct world *w, u64 n);	/* clamped */
void world_goto_time(struct world *w, ns_t ts); /* tape clock, clamped */

/* Sets the display filter; "" for all packets. The playhead stays. -1 with place and reason. */
int world_filter(struct world *w, const char *text, struct err *e);

/* What find looks for. */
enum find_kind { FIND_TEXT, FIND_REGEX, FIND_HEX };
/* Begins a search. */
int world_find(struct world *w, enum find_kind kind, const char *text, struct err *e);
/* Moves to the next (dir > 0) or previous hit as soon as it is known; the status line says what
 * happens. */
void world_find_go(struct world *w, int dir);

/* A mark at the playhead; "" makes a name. */
void world_mark(struct world *w, const char *name);
int world_unmark(struct world *w, const char *name, struct err *e);

/* The console. Text may hold several lines; foreign bytes must have been escaped. */
void world_say(struct world *w, enum console_kind kind, const char *text, size_t n);
/* The status line. */
void world_status(struct world *w, bool bad, const char *fmt, ...) PRINTF_LIKE(3, 4);

#endif
