/* What verdicts are called, and their rules in words. */
#include "flow/tcp_verdict.h"

/* clang-format off */
static const struct {
	const char *key, *name;
} kinds[TCP_KIND_COUNT] = {
	[TCP_KIND_NONE] = { "", "" },
	[TCP_KIND_COPY] = { "copy", "captured twice" },
	[TCP_KIND_DUPLICATED] = { "duplicated", "duplicated by the network" },
	[TCP_KIND_REORDERED] = { "reordered", "out of order" },
	[TCP_KIND_FAST] = { "fast_retransmission", "fast retransmission" },
	[TCP_KIND_RECOVERY] = { "recovery_retransmission", "retransmission in recovery" },
	[TCP_KIND_EARLY] = { "early_retransmission", "early retransmission" },
	[TCP_KIND_TLP] = { "tail_loss_probe", "tail loss probe" },
	[TCP_KIND_TIMEOUT] = { "timeout_retransmission", "timeout retransmission" },
	[TCP_KIND_GO_BACK] = { "go_back_retransmission", "retransmission behind a timeout" },
	[TCP_KIND_AGAIN] = { "retransmission", "retransmission" },
	[TCP_KIND_SPURIOUS] = { "spurious_retransmission", "spurious retransmission" },
	[TCP_KIND_KEEP_ALIVE] = { "keep_alive", "keep-alive" },
	[TCP_KIND_KEEP_ALIVE_ACK] = { "keep_alive_ack", "keep-alive answer" },
	[TCP_KIND_PROBE] = { "zero_window_probe", "zero window probe" },
	[TCP_KIND_PROBE_ACK] = { "zero_window_probe_ack", "zero window probe answer" },
	[TCP_KIND_PORTS_REUSED] = { "ports_reused", "ports used again" },
	[TCP_KIND_FAULT] = { "fault", "against the standard" },
	[TCP_KIND_RESET] = { "reset", "reset" },
	[TCP_KIND_LOST] = { "lost", "lost behind the capture" },
	[TCP_KIND_BEHIND_LOSS] = { "behind_loss", "first behind a loss" },
	[TCP_KIND_BEHIND_REORDERED] = { "overtaking", "overtook what comes later" },
	[TCP_KIND_BEHIND_MISSED] = { "behind_missed", "first behind what was not captured" },
	[TCP_KIND_BEHIND_GAP] = { "behind_gap", "first behind a gap" },
	[TCP_KIND_ACK_UNSEEN] = { "ack_unseen", "ACK of what was not seen" },
	[TCP_KIND_OLD_ACK] = { "old_ack", "old ACK" },
	[TCP_KIND_DSACK] = { "dsack", "ACK of a duplicate" },
	[TCP_KIND_DUPLICATE_ACK] = { "duplicate_ack", "duplicate ACK" },
	[TCP_KIND_PARTIAL_ACK] = { "partial_ack", "partial ACK" },
	[TCP_KIND_ZERO_WINDOW] = { "zero_window", "zero window" },
	[TCP_KIND_WINDOW_UPDATE] = { "window_update", "window update" },
	[TCP_KIND_WINDOW_FULL] = { "window_full", "window full" },
};

static const struct tcp_rule_info rules[TCP_RULE_COUNT] = {
	[TCP_RULE_NONE] = { "", "", "" },
	[TCP_RULE_COPY] = { "copy", "RFC 6864 4",
		"The same packet was captured before: equal in its header, seen at another interface or hop." },
	[TCP_RULE_DUP_ID] = { "duplicate_id", "RFC 6864 4",
		"It has the identification of a packet before it, at the same place: no sender repeats that so soon." },
	[TCP_RULE_DUP_SOON] = { "duplicate_soon", "",
		"The same header came again sooner than any answer could have made its sender repeat it." },
	[TCP_RULE_DUP_STAMP] = { "duplicate_stamp", "RFC 7323 5.4",
		"The same header came again with its old timestamp, although the sender's clock has gone on since." },
	[TCP_RULE_ORDER_STAMP] = { "order_stamp", "RFC 7323 5.4",
		"Its timestamp is older than that of what came before it, so it was sent earlier and overtaken." },
	[TCP_RULE_ORDER_ID] = { "order_id", "",
		"Its IP identification stands where it belongs in the order of sending, so it was overtaken." },
	[TCP_RULE_ORDER_SOON] = { "order_soon", "RFC 4653 2",
		"The hole was filled before news of it could have gone around to the sender and back." },
	[TCP_RULE_AGAIN_STAMP] = { "again_stamp", "RFC 7323 5.4",
		"Its timestamp is younger than that of what came behind the hole, so it was sent after that." },
	[TCP_RULE_AGAIN_ID] = { "again_id", "",
		"Its IP identification follows those of what came behind the hole, so it was sent after that." },
	[TCP_RULE_AGAIN_LATE] = { "again_late", "",
		"The hole was filled a round trip or more after it opened: time for the sender to hear of it." },
	[TCP_RULE_FAST_DUPACKS] = { "fast_dupacks", "RFC 5681 3.2",
		"Three duplicate ACKs asked for it and had time to reach the sender." },
	[TCP_RULE_FAST_SACK] = { "fast_sack", "RFC 6675 4",
		"SACK blocks report three segments or more above it, so the sender took it for lost." },
	[TCP_RULE_RECOVERY_SACK] = { "recovery_sack", "RFC 6675 5",
		"In recovery it fills a further hole below what SACK blocks report." },
	[TCP_RULE_RECOVERY_PARTIAL] = { "recovery_partial", "RFC 6582 3.2",
		"A partial ACK in recovery asked for it." },
	[TCP_RULE_RACK] = { "rack", "RFC 8985 6.2",
		"Less than three segments above it were reported, but what was sent later had arrived and time was up." },
	[TCP_RULE_TLP] = { "tlp", "RFC 8985 7.3",
		"The last segment was sent again about two round trips after it, before the timer: a probe." },
	[TCP_RULE_TIMER] = { "timer", "RFC 6298 5.4",
		"No ACK came for a retransmission timeout, and the earliest unacknowledged segment was sent again." },
	[TCP_RULE_SYN_TIMER] = { "syn_timer", "RFC 6298 5.4",
		"The handshake was not answered in time, and its segment was sent again." },
	[TCP_RULE_FIN_TIMER] = { "fin_timer", "RFC 6298 5.4",
		"The FIN was not acknowledged in time, and was sent again." },
	[TCP_RULE_GO_BACK] = { "go_back", "RFC 5681 3.1",
		"Behind a timeout the sender sends all again from the first unacknowledged byte, in slow start." },
	[TCP_RULE_AGAIN] = { "again", "RFC 9293 3.8.1",
		"Bytes that were sent before are sent again; what made the sender do so was not seen." },
	[TCP_RULE_ACKED_BEFORE] = { "acked_before", "RFC 9293 3.4",
		"The receiver had acknowledged all of it before it passed here again." },
	[TCP_RULE_SACKED_BEFORE] = { "sacked_before", "RFC 2018 3",
		"The receiver had reported all of it by SACK before it passed here again." },
	[TCP_RULE_DSACK] = { "dsack", "RFC 2883 4",
		"The receiver reports that this data reached it twice: the first sending was not lost." },
	[TCP_RULE_EIFEL] = { "eifel", "RFC 3522 3.2",
		"The first ACK that covers it echoes a timestamp from before it was sent again." },
	[TCP_RULE_ACK_SOON] = { "ack_soon", "",
		"The ACK that covers it came sooner than the way to the receiver and back takes." },
	[TCP_RULE_KEEP_ALIVE] = { "keep_alive", "RFC 9293 3.8.4",
		"Nothing or one byte just before SND.NXT, all of it acknowledged: it only asks for an ACK." },
	[TCP_RULE_KEEP_ALIVE_ACK] = { "keep_alive_ack", "RFC 9293 3.8.4",
		"It answers a keep-alive by repeating the last ACK." },
	[TCP_RULE_PROBE] = { "probe", "RFC 9293 3.8.6.1",
		"Into a closed window the sender sends a little, to hear when it opens." },
	[TCP_RULE_PROBE_ACK] = { "probe_ack", "RFC 9293 3.8.6.1",
		"It answers a probe: the window is still closed." },
	[TCP_RULE_PORTS_REUSED] = { "ports_reused", "RFC 9293 3.6.1",
		"A SYN between ends that had another connection before." },
	[TCP_RULE_FAULT] = { "fault", "RFC 9293 3.10",
		"The standard does not allow it in this state." },
	[TCP_RULE_RESET] = { "reset", "RFC 9293 3.5.2",
		"A reset ends the connection at once, or refuses it." },
	[TCP_RULE_LOST_WIRE] = { "lost_wire", "",
		"The wire itself marked it as dropped." },
	[TCP_RULE_LOST_AGAIN] = { "lost_again", "RFC 9293 3.8.1",
		"It was sent again, and only that was answered." },
	[TCP_RULE_LOST_SACK] = { "lost_sack", "RFC 6675 4",
		"SACK blocks report what was sent after it and leave it out, and it was sent again." },
	[TCP_RULE_BEHIND_LOSS] = { "behind_loss", "",
		"What belongs before it was lost before it came here: a retransmission fills the hole." },
	[TCP_RULE_BEHIND_REORDERED] = { "behind_reordered", "",
		"What belongs before it was sent earlier and comes later." },
	[TCP_RULE_BEHIND_MISSED] = { "behind_missed", "RFC 9293 3.4",
		"The receiver acknowledged what belongs before it, so it arrived: the capture missed it." },
	[TCP_RULE_BEHIND_GAP] = { "behind_gap", "",
		"Something belongs before it that was neither captured nor acknowledged." },
	[TCP_RULE_ACK_MISSED] = { "ack_missed", "RFC 9293 3.4",
		"It acknowledges what never passed here: the capture missed it." },
	[TCP_RULE_ACK_EARLY] = { "ack_early", "",
		"It acknowledges what was captured after it: the capture's order is not that of the wire." },
	[TCP_RULE_OLD_ACK] = { "old_ack", "RFC 9293 3.4",
		"A later ACK of its sender came before it: it was overtaken." },
	[TCP_RULE_DSACK_ACK] = { "dsack_ack", "RFC 2883 4",
		"Its first SACK block reports data that had arrived before." },
	[TCP_RULE_DUPLICATE_ACK] = { "duplicate_ack", "RFC 5681 2",
		"It repeats the last ACK without data while data is out: something arrived out of order." },
	[TCP_RULE_DUPLICATE_SACK] = { "duplicate_sack", "RFC 6675 2",
		"It repeats the last ACK and reports by SACK what arrived behind a hole." },
	[TCP_RULE_PARTIAL_ACK] = { "partial_ack", "RFC 6582 3.2",
		"It acknowledges some, but not all, of what was out when the loss was found." },
	[TCP_RULE_ZERO_WINDOW] = { "zero_window", "RFC 9293 3.8.6",
		"Its sender has no room for more data." },
	[TCP_RULE_WINDOW_UPDATE] = { "window_update", "RFC 9293 3.8.6",
		"It only says how much room there is now." },
	[TCP_RULE_WINDOW_FULL] = { "window_full", "RFC 9293 3.8.6",
		"It ends where the window of the other side ends: the receiver limits the sender." },
};
/* clang-format on */

const char *tcp_kind_name(enum tcp_kind k)
{
	return kinds[k].name;
}

const char *tcp_kind_key(enum tcp_kind k)
{
	return kinds[k].key;
}

const char *tcp_fate_name(enum tcp_fate f)
{
	static const char *const name[TCP_FATE_COUNT] = {
		[TCP_FATE_UNKNOWN] = "unknown",
		[TCP_FATE_ARRIVED] = "arrived",
		[TCP_FATE_LOST_BEFORE] = "lost before the capture",
		[TCP_FATE_LOST_BEHIND] = "lost behind the capture",
	};

	return name[f];
}

const struct tcp_rule_info *tcp_rule_info(enum tcp_rule r)
{
	return &rules[r];
}

const char *tcp_finding_name(u16 found)
{
	static const char *const name[] = {
		"tcp.analysis.retransmission",
		"tcp.analysis.fast_retransmission",
		"tcp.analysis.spurious_retransmission",
		"tcp.analysis.out_of_order",
		"tcp.analysis.lost_segment",
		"tcp.analysis.ack_lost_segment",
		"tcp.analysis.duplicate_ack",
		"tcp.analysis.keep_alive",
		"tcp.analysis.keep_alive_ack",
		"tcp.analysis.zero_window",
		"tcp.analysis.zero_window_probe",
		"tcp.analysis.zero_window_probe_ack",
		"tcp.analysis.window_update",
		"tcp.analysis.window_full",
		"tcp.analysis.reused_ports",
	};
	unsigned bit = found != 0 ? (unsigned)__builtin_ctz(found) : ARRAY_LEN(name);

	return bit < ARRAY_LEN(name) ? name[bit] : NULL;
}
