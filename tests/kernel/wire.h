/* The wire between two network namespaces, in user space: TUN devices at both ends, rules that
 * drop, double or hold back chosen segments of a connection, and three captures of it. */
#ifndef TESTS_KERNEL_WIRE_H
#define TESTS_KERNEL_WIRE_H

#include "base/types.h"

enum { WIRE_ENDS = 2, FIRST_PORT = 2000, CONNS = 20000 };

/* What a segment is; a rule is for one of them. */
enum seg_class {
	SEG_SYN,     /* S: SYN without ACK */
	SEG_SYN_ACK, /* K */
	SEG_FIN,     /* F */
	SEG_RST,     /* R */
	SEG_DATA,    /* D: data without FIN */
	SEG_ACK,     /* P: nothing but an ACK */
	SEG_ZERO,    /* Z: ACK that offers no window; counts as P too */
	SEG_CLASSES
};

enum rule_act { RULE_PASS, RULE_DROP, RULE_DOUBLE, RULE_HOLD };

/* Makes both namespaces, their devices, and the captures: DIR/near-a.pcapng and near-b.pcapng see a
 * segment when its end sends it or gets it, wire.pcapng when it is delivered or dropped. Ends the
 * program with the reason where it cannot. */
void wire_begin(const char *dir);
void wire_end(void);
/* What was added to the monotonic clock for their times, in ns. */
i64 wire_clock(void);

/* The address of an end: another net in each run, because the kernel goes on for minutes with
 * sockets of a run that was broken off, and a tracepoint tells no namespace. */
u32 wire_address(int end);

/* Enters the namespace of an end, so that the next socket is made there. */
void wire_enter(int end);

/* Whether connections that are opened from now on use time stamps and SACK. */
void wire_options(bool timestamps, bool sack);

/* The next `count` segments (0: all) of that class from `end` on this connection. */
void wire_rule(int conn, int end, enum seg_class k, enum rule_act act, int count);
/* Lets go what is held back from `end`, of one class or (-1) all, and holds
 * back no more. */
void wire_free(int conn, int end, int k);
/* Segments of that class from `end` that came in so far. */
u32 wire_seen(int conn, int end, enum seg_class k);

/* Carries what is there to be carried. Returns how many frames that were. */
int wire_pump(void);
/* How many sockets an end's namespace still has. */
int wire_sockets(int end);

/* Ends the program with what errno says: status 3 while wire_begin() is at work, 1 later. */
_Noreturn void wire_die(const char *what);

#endif
