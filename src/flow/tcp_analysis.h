/* What Wireshark 4.0 says of the segments of one TCP connection: tcp.analysis.* and
 * tcp.completeness, one segment after the other. */
#ifndef FLOW_TCP_ANALYSIS_H
#define FLOW_TCP_ANALYSIS_H

#include "flow/segment.h"
#include "packet/tcp_report.h"

enum {
	TCP_UNACKED_MAX = 10000, /* unacknowledged segments that are remembered of each side; later
				    ones are not, as in Wireshark */
};

/* A segment that waits for its acknowledgment. */
struct tcp_unacked {
	u32 seq, end; /* raw; end is behind it */
	u32 frame;
	ns_t ts;
};

/* They stand at v[head..head + n), the oldest first. */
struct tcp_unacked_list {
	struct tcp_unacked *v;
	u16 head, n, cap;
	bool ordered; /* each begins where the one before ends or behind it */
	/* Where they are not, so that not all have to be looked at for each segment: */
	bool spanned;  /* low and high are known */
	bool settled;  /* none was added since `ack` took its share */
	u32 low, high; /* the first byte and the one behind the last, by relative numbers */
	u32 ack;
};

/* What is remembered of one side's segments. Numbers are raw; 0 is "not known" where Wireshark has
 * it so. */
struct tcp_analysis_side {
	struct tcp_unacked_list unacked;
	ns_t next_ts;	/* when next_seq was reached... */
	u32 next_frame; /* ... and by which packet */
	u32 next_seq;	/* expected next */
	u32 whole_seq;	/* what the other side may acknowledge of what was seen without a hole */
	u32 base_seq;	/* relative 0 */
	u32 window;	/* as sent */
	u32 last_ack;
	ns_t last_ts;	  /* of the last segment */
	u32 first_of_ack; /* the packet that brought last_ack first */
	u32 dup_acks;	  /* how often it was repeated */
	u32 push_bytes;	  /* sent since the last PSH */
	u32 sacked;	  /* bytes in the SACK blocks of the last segment */
	u16 found;	  /* enum tcp_finding of the last segment */
	i8 wscale;	  /* as in struct conv */
	bool has_base;
	bool in_flight_known; /* no hole since the other side's last ACK */
	bool syn_window;      /* `window` is from a SYN: never scaled */
	bool pushed;	      /* the last segment with data had PSH */
};

struct tcp_analysis {
	struct tcp_analysis_side side[2];
	ns_t syn_ts;	  /* of the last SYN without ACK; 0 none */
	ns_t initial_rtt; /* 0 unknown */
	u8 completeness;  /* enum tcp_complete */
	bool begun;	  /* a segment was seen */
	bool reused;	  /* an earlier conversation had the same ends */
	bool tfo;	  /* the SYN brought a Fast Open cookie */
};

/* `reused`: another conversation had these ends before. */
void tcp_analysis_init(struct tcp_analysis *a, bool reused);
void tcp_analysis_fini(struct tcp_analysis *a);
/* Makes *to, which holds nothing, the same as *from. */
void tcp_analysis_copy(struct tcp_analysis *to, const struct tcp_analysis *from);
/* Bytes that it holds beside itself. */
size_t tcp_analysis_extra(const struct tcp_analysis *a);

/* The next segment, in capture order; *r is all written. A time of NS_NONE counts as 0, as in
 * Wireshark. */
void tcp_analysis_see(struct tcp_analysis *a, const struct segment *s, struct tcp_report *r);

#endif
