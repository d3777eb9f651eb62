/* A decoded packet: layers, the fields that were asked for, the facts that the hot path needs, and
 * marks. */
#ifndef PACKET_PKT_H
#define PACKET_PKT_H

#include "base/arena.h"
#include "base/types.h"
#include "packet/field.h"
#include "packet/frame.h"
#include "packet/tcp_report.h"

enum {
	PKT_LAYERS = 64, /* the cap on nesting, outermost included; beyond it: MARK_DEPTH and the
			    rest is data */
	PKT_MARKS = 16,	 /* marks kept per packet; the bits of all of them are in pkt.marks */
	PKT_SACKS = 4,
	PKT_NO_CONV = 0xffffffff,
};

/* What is wrong or worth a look with a packet. A malformed packet is data with a mark, never an
 * error. */
enum mark {
	MARK_CUT,	/* the capture ends before the packet does (snaplen) */
	MARK_MALFORMED, /* bytes that a layer needs were never there */
	MARK_LENGTH,	/* a length field contradicts its surroundings */
	MARK_CHECKSUM,	/* a checksum is wrong (only where plan.checksums asked) */
	MARK_OFFLOAD, /* a checksum is wrong, but just as an offloading sender leaves it: partial */
	MARK_TRAILING, /* bytes behind the end of the packet that are not padding zeros */
	MARK_DEPTH,    /* more layers than PKT_LAYERS */
	MARK_VALUE,    /* a value that its RFC forbids */
	MARK_COUNT
};

struct pkt_mark {
	u8 kind; /* enum mark */
	u8 layer;
	u32 off;	  /* where in the frame */
	const char *text; /* a sentence, static or in the packet's arena */
};

struct layer {
	u16 proto; /* registry number */
	u8 depth;  /* 0 outermost */
	u8 quoted : 1;	/* part of the packet that an ICMP error quotes: it did not travel itself */
	u8 by_type : 1; /* found by an Ethernet type: frame.protocols says "ethertype:" before it */
	u32 off;   /* first byte in the frame */
	u32 len;   /* bytes of the layer's own header (what it read before its payload) */
	u32 end;   /* where its captured bytes end, payload included, padding behind it not */
	u32 vals;  /* its first value; its values are val[vals..], not always contiguous: compare
		      val.layer */
};

/* One field of this packet. */
struct val {
	u16 field; /* registry number */
	u8 layer;  /* index into layers */
	u8 depth;  /* 0 directly below the layer, 1 below the last value of depth 0, ... */
	u8 gen;	   /* computed, not read from the packet: shown in [brackets] */
	u8 spare[3];
	u32 off, len; /* its bytes in the frame; len 0 for a computed value without bytes */
	u32 n;	      /* length of p */
	union {
		u64 u;
		i64 i;
		double f;
		const u8 *p; /* borrowed from the frame or the packet's arena */
	};
};

enum tcp_flag {
	TCP_FIN = 0x01,
	TCP_SYN = 0x02,
	TCP_RST = 0x04,
	TCP_PSH = 0x08,
	TCP_ACK = 0x10,
	TCP_URG = 0x20,
	TCP_ECE = 0x40,
	TCP_CWR = 0x80,
	TCP_AE = 0x100,
};

/* What the trackers need of a TCP header. */
struct tcp_facts {
	u32 seq, ack; /* raw, host order */
	u16 flags;    /* enum tcp_flag */
	u16 win;      /* raw */
	u16 mss;      /* 0: no option */
	i8 wscale;    /* -1: no option */
	u8 sack_ok;   /* SACK permitted option seen */
	u8 nsack;
	u8 has_ts;
	u8 tfo; /* Fast Open option: 1 request, 2 with a cookie */
	u8 no_len; /* how much data it carries is not known: a first fragment, or shorter than its
		      own header */
	u32 tsval, tsecr;
	struct {
		u32 left, right; /* raw sequence numbers, right exclusive */
	} sack[PKT_SACKS];
};

/* What the tracker and the list line need of a packet, always filled, of the innermost network and
 * transport layer (addresses inside an ICMP error do not count). Pointers are into the frame. */
struct facts {
	u8 net;	 /* 0 none, 4, 6 */
	u8 l4;	 /* IP protocol number of the transport header that was read (6, 17, 132), 0 none */
	u8 frag; /* a fragment other than the first */
	u8 l2;	 /* Ethernet addresses are known */
	u8 ttl;	 /* of the network header: time to live or hop limit */
	u16 ip_id; /* its identification; 0 for IPv6 */
	const u8 *src, *dst;	     /* network addresses, 4 or 16 bytes by net */
	const u8 *eth_src, *eth_dst; /* innermost Ethernet addresses, valid where l2 */
	u16 sport, dport;
	u64 scope;  /* hash of what the conversation lives in: VLANs, VNIs, GRE keys...; 0 for none
		     */
	u32 l4_off; /* offset of the transport header */
	u32 payload_off; /* offset of the transport payload */
	u32 payload_len; /* its length on the wire; the captured part may be shorter */
	struct tcp_facts tcp; /* valid where l4 is 6 */
};

/* What the flow room tells a transport layer about its conversation (all raw sequence arithmetic is
 * modulo 2^32). */
struct flow_view {
	bool known;
	u32 id;	       /* of the conversation, all transports together */
	u32 stream;    /* tcp.stream or udp.stream: from 0 */
	bool reversed; /* this packet goes against the direction of the conversation's first packet
			*/
	bool has_base_seq, has_base_ack;
	u32 base_seq; /* raw number that is relative 0 in this packet's direction */
	u32 base_ack; /* the same for its acknowledgment number */
	int wscale;   /* shift of this packet's window; -1 unknown (handshake not seen), -2 not used
		       */
	ns_t first_ts, prev_ts; /* times of the conversation's first and previous packet; NS_NONE
				   for none */
	const struct tcp_report *tcp; /* what the trackers say of this segment, borrowed until the
					 next packet; NULL where nobody tracks */
};

struct pkt;

/* How a packet is to be decoded. Built once, used for many packets; const while decoding. */
struct plan {
	u64 *want;	   /* bit per field number */
	u8 *has;	   /* per protocol: any field of it is wanted */
	bool apps;	   /* what TCP, UDP and SCTP ports carry must be named or read, not only the tunnels in
			    UDP; the calls below see to it */
	bool marks;	   /* leaf protocols must be read to the end for their marks */
	bool checksums;	   /* verify checksums */
	bool absolute_seq; /* tcp.seq and tcp.ack raw instead of relative */
	bool tracked; /* a field is wanted that the flow room's trackers work out: see field.tracked */
	/* Asked once for each TCP and UDP layer, outermost first, after k->facts are filled for it.
	 * May be NULL. */
	void (*flow)(void *arg, const struct pkt *k, struct flow_view *out);
	void *flow_arg;
	/* Times that only the caller knows, for frame.time_delta and friends. */
};

struct pkt {
	const struct frame *frame; /* borrowed: must outlive the packet's use */
	struct facts facts;
	u32 conv; /* the innermost conversation that the flow room knows it by; PKT_NO_CONV for none
		   */
	bool quoted; /* it is about that conversation, an ICMP error that quotes one of its packets */
	struct flow_view flow; /* what the flow room said of the last transport layer that was read */
	bool conv_reversed; /* it goes against the direction of that conversation's first packet */
	u32 marks;	    /* bit per enum mark */
	u8 nlayers, nmarks;
	u32 nvals;
	struct layer layers[PKT_LAYERS];
	struct pkt_mark mark[PKT_MARKS];
	struct val *vals;
	u32 cap_vals;
	struct arena arena;
	ns_t first_ts;	    /* of the tape, set by the caller before pkt_decode; NS_NONE unknown (no
			       frame.time_relative) */
	ns_t prev_ts;	    /* of the previous packet in the file */
	ns_t prev_shown_ts; /* of the previous packet that passed the display filter */
};

void pkt_init(struct pkt *k);
void pkt_fini(struct pkt *k);

/* A plan that wants nothing: layers, facts and marks up to the transport layer and the tunnels, none of what
 * ports carry. It needs the registry. */
void plan_init(struct plan *p);
void plan_fini(struct plan *p);
/* Wants one field (an `any` field: all that it stands for). */
void plan_want(struct plan *p, unsigned field);
/* Wants everything. */
void plan_want_all(struct plan *p);
/* Wants to know whether protocol `proto` is there; `whole`: with its length, so that it has to be read. */
void plan_want_proto(struct plan *p, unsigned proto, bool whole);
/* Wants all marks, those of application protocols too. */
void plan_want_marks(struct plan *p);
/* Wants what list lines are written from (every protocol's info fields). */
void plan_want_info(struct plan *p);

/* Decodes f into k (whose earlier content is gone). Never fails: what is wrong becomes a mark. */
void pkt_decode(struct pkt *k, const struct frame *f, const struct plan *p);

/* The first value of a field in layer `layer` (-1: any), or NULL. `field` is a registry number. */
const struct val *pkt_find(const struct pkt *k, int layer, unsigned field);

#endif
