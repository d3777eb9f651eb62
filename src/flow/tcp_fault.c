/* What RFC 9293 does not allow a segment to be, in which state, in words. */
#include "flow/tcp_end.h"

static void check_flags(struct step *c)
{
	const struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	u16 f = c->s->tcp.flags;

	if ((f & (TCP_SYN | TCP_FIN)) == (TCP_SYN | TCP_FIN) && !(f & TCP_RST))
		fault(c, TCP_FAULT_SYN_FIN);
	if ((f & (TCP_SYN | TCP_RST)) == (TCP_SYN | TCP_RST))
		fault(c, TCP_FAULT_SYN_RST);
	if (!(f & (TCP_SYN | TCP_ACK | TCP_RST)))
		fault(c, TCP_FAULT_NO_ACK);
	if (a->over == TCPS_CLOSED && a->why == TCP_WHY_SENT_RST && !(f & (TCP_RST | TCP_SYN)) &&
	    seq_ge(c->s->tcp.seq, a->snd_nxt))
		fault(c, TCP_FAULT_CLOSED);
	if (a->state == TCPS_SYN_SENT && !(f & (TCP_SYN | TCP_RST)) &&
	    (c->s->len > 0 || (f & TCP_FIN)) && (b->flags & F_SPOKE) &&
	    (!(f & TCP_ACK) || !acks(b, c->s->tcp.ack)))
		fault(c, TCP_FAULT_EARLY);
}

static void check_ack(struct step *c)
{
	const struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	const struct tcp_facts *t = &c->s->tcp;
	u32 wnd, slack = a->wscale > 0 ? (1u << MIN(a->wscale, 14)) - 1 : 0;

	if (b->state == TCPS_SYN_SENT && !acks(b, t->ack))
		fault(c, TCP_FAULT_BAD_SYN_ACK);
	else if ((b->flags & F_SPOKE) && (b->has & TCP_VAR_SND_NXT) && seq_gt(t->ack, b->snd_nxt))
		fault(c, TCP_FAULT_ACK_AHEAD);
	if ((b->has & TCP_VAR_SND_UNA) && seq_lt(t->ack, b->snd_una) &&
	    (a->has & TCP_VAR_RCV_WND) && b->snd_una - t->ack > MAX(65535, a->rcv_wnd))
		fault(c, TCP_FAULT_ACK_OLD);
	if ((a->flags & F_RIGHT) && seq_ge(t->ack, a->acked) && !(t->flags & TCP_SYN) &&
	    a->state != TCPS_TIME_WAIT && tcp_end_window(c->e, c->s, &wnd) &&
	    seq_lt(t->ack + wnd + slack, a->right))
		fault(c, TCP_FAULT_SHRUNK);
}

static void check_data(struct step *c)
{
	const struct tcp_end *a = &c->e->end[c->x], *b = &c->e->end[!c->x];
	u32 end = c->s->tcp.seq + c->s->len;

	if (c->s->len == 0 || (c->s->tcp.flags & TCP_RST))
		return;
	if ((a->flags & F_FIN) && seq_gt(end, a->fin_seq))
		fault(c, TCP_FAULT_AFTER_FIN);
	if (!(c->s->tcp.flags & TCP_SYN) && (b->flags & F_RIGHT) && b->began != BEGAN_NOT &&
	    seq_gt(end, b->right + (c->s->len == 1)))
		fault(c, TCP_FAULT_BEYOND_WINDOW);
}

void tcp_fault_check(struct step *c)
{
	check_flags(c);
	if ((c->s->tcp.flags & (TCP_ACK | TCP_RST)) == TCP_ACK)
		check_ack(c);
	check_data(c);
}

const struct tcp_fault_info *tcp_fault_info(enum tcp_fault f)
{
	/* clang-format off */
	static const struct tcp_fault_info info[TCP_FAULT_COUNT] = {
		[TCP_FAULT_SYN_FIN] = { "syn_fin", "RFC 9293 3.10.7.4",
			"A FIN beside a SYN is not processed: nothing can validate it yet." },
		[TCP_FAULT_SYN_RST] = { "syn_rst", "RFC 9293 3.5.2",
			"A reset carries no SYN." },
		[TCP_FAULT_NO_ACK] = { "no_ack", "RFC 9293 3.10.7.4",
			"Behind the handshake every segment acknowledges; one without ACK is dropped." },
		[TCP_FAULT_EARLY] = { "early", "RFC 9293 3.10.2",
			"In SYN-SENT data and FIN wait until the connection is established." },
		[TCP_FAULT_SYN_IN_SYNC] = { "syn_in_sync", "RFC 9293 3.10.7.4",
			"A SYN in a synchronized state is answered by an ACK only (RFC 5961 4)." },
		[TCP_FAULT_SYN_CHANGED] = { "syn_changed", "RFC 9293 3.10.7.4",
			"A SYN that is sent again keeps its initial sequence number." },
		[TCP_FAULT_SYN_TIME_WAIT] = { "syn_time_wait", "RFC 9293 3.10.7.4",
			"TIME-WAIT lets in a SYN only if it is newer than the old connection (RFC 6191)." },
		[TCP_FAULT_BAD_SYN_ACK] = { "bad_syn_ack", "RFC 9293 3.10.7.3",
			"It acknowledges a SYN that was not sent; SYN-SENT answers with a reset." },
		[TCP_FAULT_ACK_AHEAD] = { "ack_ahead", "RFC 9293 3.10.7.4",
			"It acknowledges what was not sent yet; it is answered by an ACK and dropped." },
		[TCP_FAULT_ACK_OLD] = { "ack_old", "RFC 5961 5.2",
			"It acknowledges what was settled more than a window ago; an ACK answers it." },
		[TCP_FAULT_BEYOND_WINDOW] = { "beyond_window", "RFC 9293 3.10.7.4",
			"It carries data beyond the window that the receiver offered." },
		[TCP_FAULT_SHRUNK] = { "window_shrunk", "RFC 9293 3.8.6",
			"A receiver should not move the right edge of its window to the left." },
		[TCP_FAULT_AFTER_FIN] = { "after_fin", "RFC 9293 3.6",
			"Behind its FIN an end has no more data to send." },
		[TCP_FAULT_FIN_MOVED] = { "fin_moved", "RFC 9293 3.6",
			"An end sends one FIN; this one stands at another number than the first." },
		[TCP_FAULT_RST_NOT_EXACT] = { "rst_not_exact", "RFC 9293 3.10.7.4",
			"A reset in the window but not at RCV.NXT is answered by an ACK (RFC 5961 3.2)." },
		[TCP_FAULT_RST_IGNORED] = { "rst_ignored", "RFC 9293 3.5.3",
			"A reset outside the window, or in SYN-SENT without an ACK of the SYN, is dropped." },
		[TCP_FAULT_CLOSED] = { "closed", "RFC 9293 3.10.7.1",
			"An end that is CLOSED sends nothing but resets." },
	};
	/* clang-format on */

	return &info[f];
}
