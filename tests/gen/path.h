/*
 * A TCP sender and a receiver with a tap somewhere on the path between them, and a network that
 * loses, delays and doubles packets on either half: what the tap sees, and the truth about each
 * packet, which no tap can see.
 */
#ifndef TESTS_GEN_PATH_H
#define TESTS_GEN_PATH_H

#include "base/types.h"

enum path_what {
	PATH_OTHER,	/* handshake, acknowledgment */
	PATH_FIRST,	/* sent once, in order */
	PATH_OVERTAKEN, /* sent once, and late at the tap */
	PATH_DOUBLED,	/* the network made two of it: the second */
	PATH_AGAIN,	/* sent again, because every sending before it was lost */
	PATH_NEEDLESS,	/* sent again, although one had arrived or was on its way */
	PATH_WHATS
};

/* What stands before a packet that begins behind all that was captured before it. */
enum path_gap { PATH_NO_GAP, PATH_GAP_LOST, PATH_GAP_LATE, PATH_GAP_MISSED, PATH_GAPS };

enum path_how { PATH_NOT, PATH_FAST, PATH_RECOVERY, PATH_TIMEOUT, PATH_GO_BACK, PATH_PROBE };

struct path_config {
	u64 seed;
	ns_t before, behind; /* one way: from the sender to the tap, from there to the receiver */
	u32 segments;	     /* of data */
	bool stamps, sack, ids; /* ids: IP identifications count; otherwise there are none */
	bool probes;		/* tail loss probes */
	ns_t jitter;		/* what queues add on the way to the tap, at most */
	/* In 10,000 packets. */
	u32 lost_before, lost_behind, late, doubled, acks_lost, missed;
};

enum { PATH_SACKS = 3, PATH_MSS = 200 };

struct path_packet {
	ns_t ts; /* at the tap */
	u8 side; /* 0 the sender of the data */
	u8 what, how, gap;
	bool lost; /* behind the tap */
	u16 flags, win, ip_id;
	u32 seq, ack, len; /* relative: the SYNs are 0 */
	u32 tsval, tsecr;
	u8 nsack;
	u32 sack[PATH_SACKS][2];
};

/* Writes up to `most` packets, in the order of the tap; gives how many. */
u32 path_run(const struct path_config *c, struct path_packet *out, u32 most);

/* The captures that mkcaps makes of it: the tap near the sender, between, near the receiver; four
 * connections each. */
enum { PATH_SCENES = 3, PATH_PER_SCENE = 4 };
extern const char *const path_scene[PATH_SCENES]; /* "tcp-path-sender", ... */
struct path_config path_scene_config(unsigned scene, unsigned i);

#endif
