/* Short words of the transport pane. */
#include "ui/tcpwords.h"

const char *tcpwords_state(enum tcp_state s, bool brief)
{
	if (s == TCPS_UNKNOWN)
		return "";
	return brief ? tcp_state_brief(s) : tcp_state_name(s);
}

enum style tcpwords_edge_style(const struct tcp_edge *e)
{
	switch ((enum tcp_why)e->why) {
	case TCP_WHY_SENT_RST:
	case TCP_WHY_GOT_RST:
	case TCP_WHY_REFUSED:
	case TCP_WHY_GONE: return STYLE_LOSS;
	case TCP_WHY_TAKEN_BACK: return STYLE_WARN;
	case TCP_WHY_SENT_SYN:
	case TCP_WHY_GOT_SYN:
	case TCP_WHY_GOT_SYN_ACK:
	case TCP_WHY_GOT_ACK_OF_SYN:
	case TCP_WHY_SENT_FIN:
	case TCP_WHY_GOT_FIN:
	case TCP_WHY_GOT_ACK_OF_FIN:
	case TCP_WHY_GOT_FIN_AND_ACK:
	case TCP_WHY_2MSL:
	case TCP_WHY_SEEN:
	case TCP_WHY_COUNT: break;
	}
	return STYLE_STATE;
}

const char *tcpwords_phase(enum tcp_phase p)
{
	switch (p) {
	case TCP_PHASE_AVOIDANCE: return "cong. avoidance";
	case TCP_PHASE_NONE:
	case TCP_PHASE_COUNT: return "";
	case TCP_PHASE_HANDSHAKE:
	case TCP_PHASE_SLOW_START:
	case TCP_PHASE_RECOVERY:
	case TCP_PHASE_LOSS: break;
	}
	return tcp_phase_name(p);
}

/* ---- marks, by what the trackers say ---- */

/* What the sender's congestion control says of a segment with data that was sent before. */
static const char *again(const struct tcp_cong_out *c, const struct tcp_report *r, bool brief)
{
	if (c->probe)
		return brief ? "probe" : "tail loss probe";
	if (c->why == TCP_WHY_TIMEOUT)
		return brief ? "timeout" : "timeout retransmission";
	if (c->why == TCP_WHY_EARLY)
		return brief ? "early" : "early retransmission";
	if (r->found & TCP_FOUND_SPURIOUS_RETRANSMISSION)
		return brief ? "spurious" : "spurious retransmission";
	if (c->phase == TCP_PHASE_RECOVERY && c->was != TCP_PHASE_RECOVERY)
		return brief ? "fast" : "fast retransmission";
	return brief ? "again" : "retransmission";
}

static const struct {
	u16 found;
	u8 style;
	const char *brief, *word;
} findings[] = {
	{ TCP_FOUND_SPURIOUS_RETRANSMISSION, STYLE_RETRANS, "spurious", "spurious retransmission" },
	{ TCP_FOUND_FAST_RETRANSMISSION, STYLE_RETRANS, "fast", "fast retransmission" },
	{ TCP_FOUND_RETRANSMISSION, STYLE_RETRANS, "again", "retransmission" },
	{ TCP_FOUND_OUT_OF_ORDER, STYLE_WARN, "order", "out of order" },
	{ TCP_FOUND_KEEP_ALIVE, STYLE_WARN, "alive?", "keep-alive" },
	{ TCP_FOUND_ZERO_WINDOW_PROBE, STYLE_WARN, "probe", "zero window probe" },
	{ TCP_FOUND_LOST_SEGMENT, STYLE_WARN, "gap", "behind a gap" },
	{ TCP_FOUND_ACK_LOST_SEGMENT, STYLE_WARN, "unseen", "ACK of what was not seen" },
	{ TCP_FOUND_KEEP_ALIVE_ACK, STYLE_WARN, "alive", "keep-alive answer" },
	{ TCP_FOUND_ZERO_WINDOW_PROBE_ACK, STYLE_WARN, "closed", "probe answer" },
	{ TCP_FOUND_ZERO_WINDOW, STYLE_WARN, "closed", "zero window" },
	{ TCP_FOUND_WINDOW_FULL, STYLE_WARN, "full", "window full" },
	{ TCP_FOUND_WINDOW_UPDATE, STYLE_DIM, "window", "window update" },
	{ TCP_FOUND_REUSED_PORTS, STYLE_DIM, "reused", "ports used again" },
};

static void put_fault(struct txt *t, u32 faults, bool brief)
{
	unsigned f = (unsigned)__builtin_ctz(faults);

	if (brief || f >= TCP_FAULT_COUNT) {
		txt_puts(t, "fault");
		return;
	}
	txt_puts(t, "! ");
	for (const char *s = tcp_fault_info((enum tcp_fault)f)->name; *s != '\0'; s++)
		txt_putc(t, *s == '_' ? ' ' : *s);
}

bool tcpwords_quick(struct txt *t, const struct tcp_seen *s, int side, bool brief,
		    enum style *style)
{
	*style = STYLE_RETRANS;
	if (s->whole && s->copy_of != 0) {
		*style = STYLE_DIM;
		txt_puts(t, "copy");
		if (!brief)
			txt_printf(t, " of #%u", s->copy_of);
		return true;
	}
	if (s->whole && s->ends.faults != 0) {
		*style = STYLE_ERROR;
		put_fault(t, s->ends.faults, brief);
		return true;
	}
	if (s->whole && s->cong[side].again) {
		txt_puts(t, again(&s->cong[side], &s->report, brief));
		return true;
	}
	if (s->report.found & TCP_FOUND_DUPLICATE_ACK) {
		*style = STYLE_WARN;
		txt_printf(t, "%s %u", brief ? "dup" : "duplicate", s->report.dup_ack_num);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(findings); i++)
		if (s->report.found & findings[i].found) {
			*style = (enum style)findings[i].style;
			txt_puts(t, brief ? findings[i].brief : findings[i].word);
			return true;
		}
	return false;
}

/* ---- marks, by the verdict ---- */

/* In brief, at most 9 letters. */
static const struct {
	u8 style;
	const char *brief;
} marks[TCP_KIND_COUNT] = {
	[TCP_KIND_COPY] = { STYLE_DIM, "copy" },
	[TCP_KIND_DUPLICATED] = { STYLE_WARN, "doubled" },
	[TCP_KIND_REORDERED] = { STYLE_WARN, "late" },
	[TCP_KIND_FAST] = { STYLE_RETRANS, "fast" },
	[TCP_KIND_RECOVERY] = { STYLE_RETRANS, "again" },
	[TCP_KIND_EARLY] = { STYLE_RETRANS, "early" },
	[TCP_KIND_TLP] = { STYLE_RETRANS, "probe" },
	[TCP_KIND_TIMEOUT] = { STYLE_RETRANS, "timeout" },
	[TCP_KIND_GO_BACK] = { STYLE_RETRANS, "again" },
	[TCP_KIND_AGAIN] = { STYLE_RETRANS, "again" },
	[TCP_KIND_SPURIOUS] = { STYLE_RETRANS, "spurious" },
	[TCP_KIND_KEEP_ALIVE] = { STYLE_WARN, "alive?" },
	[TCP_KIND_KEEP_ALIVE_ACK] = { STYLE_WARN, "alive" },
	[TCP_KIND_PROBE] = { STYLE_WARN, "open?" },
	[TCP_KIND_PROBE_ACK] = { STYLE_WARN, "closed" },
	[TCP_KIND_PORTS_REUSED] = { STYLE_DIM, "reused" },
	[TCP_KIND_FAULT] = { STYLE_ERROR, "fault" },
	[TCP_KIND_RESET] = { STYLE_LOSS, "reset" },
	[TCP_KIND_LOST] = { STYLE_LOSS, "lost" },
	[TCP_KIND_BEHIND_LOSS] = { STYLE_WARN, "gap" },
	[TCP_KIND_BEHIND_REORDERED] = { STYLE_WARN, "overtook" },
	[TCP_KIND_BEHIND_MISSED] = { STYLE_WARN, "gap" },
	[TCP_KIND_BEHIND_GAP] = { STYLE_WARN, "gap" },
	[TCP_KIND_ACK_UNSEEN] = { STYLE_WARN, "unseen" },
	[TCP_KIND_OLD_ACK] = { STYLE_WARN, "old" },
	[TCP_KIND_DSACK] = { STYLE_WARN, "dsack" },
	[TCP_KIND_DUPLICATE_ACK] = { STYLE_WARN, "dup" },
	[TCP_KIND_PARTIAL_ACK] = { STYLE_WARN, "partial" },
	[TCP_KIND_ZERO_WINDOW] = { STYLE_WARN, "closed" },
	[TCP_KIND_WINDOW_UPDATE] = { STYLE_DIM, "window" },
	[TCP_KIND_WINDOW_FULL] = { STYLE_WARN, "full" },
};

bool tcpwords_mark(struct txt *t, const struct tcp_seen *s, const struct tcp_verdict *v, bool brief,
		   enum style *style)
{
	if (v->kind >= TCP_KIND_COUNT || marks[v->kind].brief == NULL)
		return false;
	*style = (enum style)marks[v->kind].style;
	if (v->kind == TCP_KIND_FAULT && !brief) {
		txt_puts(t, "! ");
		for (const char *n = tcp_fault_info((enum tcp_fault)v->fault)->name; *n != '\0';
		     n++)
			txt_putc(t, *n == '_' ? ' ' : *n);
		return true;
	}
	txt_puts(t, brief ? marks[v->kind].brief : tcp_kind_name((enum tcp_kind)v->kind));
	if (v->kind == TCP_KIND_DUPLICATE_ACK && s->report.dup_ack_num > 0)
		txt_printf(t, " %u", s->report.dup_ack_num);
	else if (v->kind == TCP_KIND_COPY && !brief)
		txt_printf(t, ", #%u", s->copy_of);
	return true;
}
