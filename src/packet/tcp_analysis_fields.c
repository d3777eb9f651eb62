/* What the flow room's trackers say of a TCP segment, as fields. */
#include "packet/tcp.h"

/* In the order in which they are told. */
static const struct {
	u16 found;
	u16 field;
} findings[] = {
	{ TCP_FOUND_REUSED_PORTS, TCP_F_REUSED_PORTS },
	{ TCP_FOUND_RETRANSMISSION, TCP_F_RETRANSMISSION },
	{ TCP_FOUND_FAST_RETRANSMISSION, TCP_F_FAST_RETRANSMISSION },
	{ TCP_FOUND_FAST_RETRANSMISSION, TCP_F_RETRANSMISSION },
	{ TCP_FOUND_SPURIOUS_RETRANSMISSION, TCP_F_SPURIOUS_RETRANSMISSION },
	{ TCP_FOUND_SPURIOUS_RETRANSMISSION, TCP_F_RETRANSMISSION },
	{ TCP_FOUND_OUT_OF_ORDER, TCP_F_OUT_OF_ORDER },
	{ TCP_FOUND_LOST_SEGMENT, TCP_F_LOST_SEGMENT },
	{ TCP_FOUND_ACK_LOST_SEGMENT, TCP_F_ACK_LOST_SEGMENT },
	{ TCP_FOUND_WINDOW_UPDATE, TCP_F_WINDOW_UPDATE },
	{ TCP_FOUND_WINDOW_FULL, TCP_F_WINDOW_FULL },
	{ TCP_FOUND_KEEP_ALIVE, TCP_F_KEEP_ALIVE },
	{ TCP_FOUND_KEEP_ALIVE_ACK, TCP_F_KEEP_ALIVE_ACK },
	{ TCP_FOUND_ZERO_WINDOW_PROBE, TCP_F_ZERO_WINDOW_PROBE },
	{ TCP_FOUND_ZERO_WINDOW, TCP_F_ZERO_WINDOW },
	{ TCP_FOUND_ZERO_WINDOW_PROBE_ACK, TCP_F_ZERO_WINDOW_PROBE_ACK },
	{ TCP_FOUND_DUPLICATE_ACK, TCP_F_DUPLICATE_ACK },
};

static void put_time(struct dis *d, unsigned f, ns_t t)
{
	if (t != 0)
		d_gen_ns(d, f, t);
}

static void put_number(struct dis *d, unsigned f, u32 v)
{
	if (v != 0)
		d_gen(d, f, v);
}

static void put_findings(struct dis *d, const struct tcp_report *r)
{
	d_gen(d, TCP_F_ANALYSIS_FLAGS, 0);
	d_down(d);
	for (unsigned i = 0; i < ARRAY_LEN(findings); i++)
		if (r->found & findings[i].found)
			d_gen(d, findings[i].field, 0);
	if (r->rto != 0) {
		put_time(d, TCP_F_RTO, r->rto);
		put_number(d, TCP_F_RTO_FRAME, r->rto_frame);
	}
	d_up(d);
	if (!(r->found & TCP_FOUND_DUPLICATE_ACK))
		return;
	d_gen(d, TCP_F_DUPLICATE_ACK_NUM, r->dup_ack_num);
	d_gen(d, TCP_F_DUPLICATE_ACK_FRAME, r->dup_ack_frame);
	d_down(d);
	d_gen(d, TCP_F_DUPLICATE_ACK, 0); /* twice, as tshark has it */
	d_up(d);
}

void tcp_analysis_fields(struct dis *d, const struct tcp_report *r)
{
	d_gen(d, TCP_F_ANALYSIS, 0);
	d_down(d);
	if (r->acks_frame != 0) {
		put_number(d, TCP_F_ACKS_FRAME, r->acks_frame);
		put_time(d, TCP_F_ACK_RTT, r->ack_rtt);
	}
	put_time(d, TCP_F_INITIAL_RTT, r->initial_rtt);
	if (r->in_flight != 0) {
		put_number(d, TCP_F_IN_FLIGHT, r->in_flight);
		d_gen(d, TCP_F_PUSH_BYTES, r->push_bytes);
	}
	if (r->found != 0)
		put_findings(d, r);
	d_up(d);
}
