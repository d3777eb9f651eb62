/* What the trackers of the flow room say of one TCP segment: what the fields tcp.analysis.* and
 * tcp.completeness are written from. */
#ifndef PACKET_TCP_REPORT_H
#define PACKET_TCP_REPORT_H

#include "base/types.h"

/* What is unusual about a segment, as Wireshark 4.0 defines it. */
enum tcp_finding {
	TCP_FOUND_RETRANSMISSION = 1 << 0,
	TCP_FOUND_FAST_RETRANSMISSION = 1 << 1,
	TCP_FOUND_SPURIOUS_RETRANSMISSION = 1 << 2,
	TCP_FOUND_OUT_OF_ORDER = 1 << 3,
	TCP_FOUND_LOST_SEGMENT = 1 << 4,
	TCP_FOUND_ACK_LOST_SEGMENT = 1 << 5,
	TCP_FOUND_DUPLICATE_ACK = 1 << 6,
	TCP_FOUND_KEEP_ALIVE = 1 << 7,
	TCP_FOUND_KEEP_ALIVE_ACK = 1 << 8,
	TCP_FOUND_ZERO_WINDOW = 1 << 9,
	TCP_FOUND_ZERO_WINDOW_PROBE = 1 << 10,
	TCP_FOUND_ZERO_WINDOW_PROBE_ACK = 1 << 11,
	TCP_FOUND_WINDOW_UPDATE = 1 << 12,
	TCP_FOUND_WINDOW_FULL = 1 << 13,
	TCP_FOUND_REUSED_PORTS = 1 << 14,
};

/* How much of its life was seen of a conversation. */
enum tcp_complete {
	TCP_HAS_SYN = 1,
	TCP_HAS_SYN_ACK = 2,
	TCP_HAS_ACK = 4,
	TCP_HAS_DATA = 8,
	TCP_HAS_FIN = 16,
	TCP_HAS_RST = 32,
};

/* Fast Open (RFC 7413), as far as the handshake tells. */
enum tcp_tfo {
	TCP_TFO_NONE,
	TCP_TFO_SYN,	  /* a SYN that brings a cookie */
	TCP_TFO_ACCEPTED, /* a SYN-ACK that acknowledges the SYN's data */
	TCP_TFO_IGNORED,  /* a SYN-ACK that does not */
};

struct tcp_report {
	u16 found;	   /* enum tcp_finding */
	u8 said;	   /* there is something to say: [SEQ/ACK analysis] is in the tree */
	u8 completeness;   /* enum tcp_complete, before this segment */
	u8 tfo;		   /* enum tcp_tfo */
	u32 acks_frame;	   /* number of the segment's packet that this one acknowledges; 0 none */
	u32 in_flight;	   /* bytes sent and not acknowledged after this segment; 0 unknown */
	u32 push_bytes;	   /* bytes sent since the last PSH, this segment's included */
	u32 dup_ack_num;   /* this is the n-th duplicate... */
	u32 dup_ack_frame; /* ... of the ACK in this packet */
	u32 rto_frame;	   /* the packet that `rto` is counted from */
	ns_t ack_rtt; /* since the packet acks_frame; 0: nothing to say, as for all times here */
	ns_t initial_rtt; /* of the handshake */
	ns_t rto;	  /* how long the retransmission was delayed */
};

#endif
