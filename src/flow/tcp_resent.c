/* Verdicts on segments whose numbers were passed before: sent again, overtaken, or doubled. */
#include "flow/tcp_look.h"

enum { ID_STEP = 512 }; /* identifications of one connection that follow each other lie closer */

static i32 stamp_diff(const struct segment *a, const struct segment *b)
{
	return (i32)(a->tcp.tsval - b->tcp.tsval);
}

static bool stamps(const struct segment *a, const struct segment *b)
{
	return a->tcp.has_ts && b->tcp.has_ts;
}

static i32 id_diff(const struct segment *a, const struct segment *b)
{
	return (i16)(u16)(a->ip_id - b->ip_id);
}

/* Does this side count its packets in the IP identification? Every segment with new data before
 * this one has to fit, four at the least. */
static bool ids_count(const struct look *l)
{
	const struct segment *prev = NULL;
	unsigned pairs = 0;

	for (size_t j = l->lo; j < l->i; j++) {
		const struct segment *s = &l->v[j].seg;

		if (!sent_by(&l->v[j], l->x) || (s->tcp.flags & TCP_SYN) ||
		    (prev != NULL && seq_lt(s->tcp.seq, segment_end(prev))))
			continue;
		if (s->ip_id == 0)
			return false;
		if (prev != NULL) {
			if (id_diff(s, prev) <= 0 || id_diff(s, prev) > ID_STEP)
				return false;
			pairs++;
		}
		prev = s;
	}
	return pairs >= 3;
}

/* The first segment captured before this one that was to follow it; NULL none. */
static const struct segment *opener(const struct look *l)
{
	for (size_t j = l->lo; j < l->i; j++)
		if (sent_by(&l->v[j], l->x) && seq_ge(l->v[j].seg.tcp.seq, l->end))
			return &l->v[j].seg;
	return NULL;
}

/* The last segment before this one with some of the same bytes; NULL none. */
static const struct segment *before(const struct look *l)
{
	for (size_t j = l->i; j-- > l->lo;)
		if (sent_by(&l->v[j], l->x) && overlaps(&l->v[j].seg, l->seq, l->end))
			return &l->v[j].seg;
	return NULL;
}

static bool ordered(struct look *l, enum tcp_rule r, unsigned confidence, const struct segment *by)
{
	look_say(l, TCP_KIND_REORDERED, r, confidence);
	look_evidence(l, by->number);
	return true;
}

/* By what the sender wrote into it: was it sent before `other`, which was captured before it? */
static bool sent_earlier(struct look *l, const struct segment *other, bool ids)
{
	if (stamps(l->s, other) && stamp_diff(l->s, other) < 0)
		return ordered(l, TCP_RULE_ORDER_STAMP, 99, other);
	if (ids && l->s->ip_id != 0 && id_diff(l->s, other) < 0 && id_diff(l->s, other) > -ID_STEP)
		return ordered(l, TCP_RULE_ORDER_ID, 97, other);
	return false;
}

/* Was it sent behind `open`? 0 nobody knows. */
static enum tcp_rule sent_later(const struct look *l, const struct segment *open, bool ids)
{
	if (open == NULL)
		return TCP_RULE_NONE;
	if (stamps(l->s, open) && stamp_diff(l->s, open) > 0)
		return TCP_RULE_AGAIN_STAMP;
	if (ids && l->s->ip_id != 0 && id_diff(l->s, open) > 0)
		return TCP_RULE_AGAIN_ID;
	return TCP_RULE_NONE;
}

/* It fills a hole with what was never seen, soon: was it only overtaken? */
static bool overtaken_soon(struct look *l, const struct segment *open)
{
	ns_t since = open != NULL ? passed(open->ts, l->s->ts) : NS_NONE;
	bool same = open != NULL && stamps(l->s, open) && stamp_diff(l->s, open) == 0;

	if (since == NS_NONE)
		return false;
	if (l->rtt == NS_NONE || l->rtt < NS_PER_MS)
		return since < 3 * NS_PER_MS && ordered(l, TCP_RULE_ORDER_SOON, 60, open);
	if (since < l->rtt / 4 * 3)
		return ordered(l, TCP_RULE_ORDER_SOON, since < l->rtt / 2 ? 95 : 80, open);
	return same && l->rtt >= 20 * NS_PER_MS && ordered(l, TCP_RULE_ORDER_SOON, 60, open);
}

/* The same segment, header and all, as far as a sender can change it. */
static bool twin(const struct segment *a, const struct segment *b)
{
	return a->tcp.seq == b->tcp.seq && a->len == b->len && a->tcp.ack == b->tcp.ack &&
	       a->tcp.win == b->tcp.win && a->tcp.flags == b->tcp.flags &&
	       a->tcp.has_ts == b->tcp.has_ts && a->tcp.tsval == b->tcp.tsval &&
	       a->tcp.tsecr == b->tcp.tsecr;
}

/* Has the sender's clock gone on behind `s`, before this segment came? */
static u32 clock_went_on(const struct look *l, const struct segment *s)
{
	for (size_t j = l->i; j-- > l->lo && l->v[j].seg.number > s->number;)
		if (l->v[j].seg.side == l->x && l->v[j].copy_of == 0 && l->v[j].seg.tcp.has_ts &&
		    stamp_diff(&l->v[j].seg, s) > 0)
			return l->v[j].seg.number;
	return 0;
}

static bool doubled(struct look *l, enum tcp_rule r, unsigned confidence, const struct segment *o)
{
	look_say(l, TCP_KIND_DUPLICATED, r, confidence);
	l->out->original = o->number;
	look_evidence(l, o->number);
	return true;
}

/* Two of one packet, where no identification says so? */
static bool is_doubled(struct look *l, const struct past *p, const struct segment *o, bool ids)
{
	ns_t since = passed(o->ts, l->s->ts);
	u32 later;

	if (!twin(l->s, o))
		return false;
	if (l->s->ip_id != 0 && l->s->ip_id != o->ip_id)
		return false;
	if (ids && l->s->ip_id != 0)
		return doubled(l, TCP_RULE_DUP_ID, 97, o);
	later = o->tcp.has_ts ? clock_went_on(l, o) : 0;
	if (later != 0) {
		doubled(l, TCP_RULE_DUP_STAMP, 93, o);
		look_evidence(l, later);
		return true;
	}
	if (since != NS_NONE && since < 10 * NS_PER_MS && l->rtt != NS_NONE && since < l->rtt / 4 &&
	    !(p->again && p->una == l->seq))
		return doubled(l, TCP_RULE_DUP_SOON, 90, o);
	return false;
}

/* ---- what made the sender do it ---- */

static void show_dups(struct look *l, const struct past *p)
{
	for (u32 i = 0; i < MIN(p->dups, 3); i++)
		look_evidence(l, p->dup[i]);
}

static void in_recovery(struct look *l, const struct past *p)
{
	if (p->by_timer) {
		look_say(l, TCP_KIND_GO_BACK, TCP_RULE_GO_BACK, 92);
	} else if (p->sacked > 0 && seq_gt(p->sack_top, l->seq)) {
		look_say(l, TCP_KIND_RECOVERY, TCP_RULE_RECOVERY_SACK, 95);
		look_evidence(l, p->sack_packet);
	} else {
		look_say(l, TCP_KIND_RECOVERY, TCP_RULE_RECOVERY_PARTIAL, 90);
	}
	look_evidence(l, p->first_again);
}

static void timeout(struct look *l, const struct past *p)
{
	enum tcp_rule r =
		l->s->tcp.flags & TCP_FIN && l->s->len == 0 ? TCP_RULE_FIN_TIMER : TCP_RULE_TIMER;

	if (l->at->probe && l->end == p->top)
		look_say(l, TCP_KIND_TLP, TCP_RULE_TLP, 80);
	else
		look_say(l, TCP_KIND_TIMEOUT, r, l->at->why == TCP_WHY_TIMEOUT ? 95 : 88);
}

static void mechanism(struct look *l, const struct past *p)
{
	bool timer = look_timer(l, p, l->s);
	bool above = p->sacked > 0 && seq_gt(p->sack_top, l->seq);

	if (l->s->tcp.flags & TCP_SYN) {
		look_say(l, TCP_KIND_TIMEOUT, TCP_RULE_SYN_TIMER, 97);
	} else if (timer) {
		timeout(l, p);
	} else if (p->again) {
		in_recovery(l, p);
	} else if (p->dups >= 3 && p->una == l->seq) {
		look_say(l, TCP_KIND_FAST, TCP_RULE_FAST_DUPACKS, 97);
		show_dups(l, p);
		look_evidence(l, above ? p->sack_packet : 0);
	} else if (above && p->sacked > 2 * p->mss) {
		look_say(l, TCP_KIND_FAST, TCP_RULE_FAST_SACK, 95);
		look_evidence(l, p->sack_packet);
	} else if (above || (p->dups > 0 && p->una == l->seq)) {
		look_say(l, TCP_KIND_EARLY, TCP_RULE_RACK, 88);
		look_evidence(l, p->sack_packet);
		show_dups(l, p);
	} else if (l->end == p->top && p->dups == 0 && l->rtt != NS_NONE &&
		   passed(p->last_sent, l->s->ts) >= l->rtt) {
		look_say(l, TCP_KIND_TLP, TCP_RULE_TLP, l->at->probe ? 95 : 80);
	} else {
		look_say(l, TCP_KIND_AGAIN, TCP_RULE_AGAIN, 60);
	}
}

/* ---- was it needed? ---- */

static void spurious(struct look *l, enum tcp_rule r, unsigned confidence, u32 packet)
{
	struct tcp_verdict *o = l->out;

	/* What proves it comes first. */
	for (unsigned i = MIN(o->nevidence, TCP_EVIDENCE - 1); i > 0; i--)
		o->evidence[i] = o->evidence[i - 1];
	o->nevidence = (u8)MIN(o->nevidence + 1, TCP_EVIDENCE);
	o->evidence[0] = packet;
	o->how = o->kind;
	o->was = TCP_FATE_ARRIVED;
	look_say(l, TCP_KIND_SPURIOUS, r, confidence);
}

/* Where the receiver had reported all of it before it passed here; 0 nowhere. */
static u32 sacked_before(const struct look *l)
{
	for (size_t j = l->i; j-- > l->lo;) {
		const struct tcp_facts *t = &l->v[j].seg.tcp;

		if (!acked_by(&l->v[j], !l->x))
			continue;
		for (unsigned b = look_dsack(&l->v[j].seg); b < t->nsack; b++)
			if (seq_le(t->sack[b].left, l->seq) && seq_ge(t->sack[b].right, l->end))
				return l->v[j].seg.number;
	}
	return 0;
}

static bool reports(const struct segment *s, const struct look *l)
{
	return look_dsack(s) && seq_le(s->tcp.sack[0].left, l->seq) &&
	       seq_ge(s->tcp.sack[0].right, l->end);
}

/* The first acknowledgment of all of it. */
struct answer {
	const struct segment *ack, *dsack;
	u32 again; /* packets that carry it once more before that */
};

static struct answer answer_of(const struct look *l)
{
	struct answer a = { NULL, NULL, 0 };
	unsigned later = 0, twice = 0;

	for (size_t j = l->i + 1; j < l->hi; j++) {
		const struct segment *s = &l->v[j].seg;

		if (sent_by(&l->v[j], l->x) && overlaps(s, l->seq, l->end)) {
			later++;
			a.again += a.ack == NULL;
		}
		if (!acked_by(&l->v[j], !l->x))
			continue;
		if (a.ack == NULL && seq_ge(s->tcp.ack, l->end))
			a.ack = s;
		/* Each report is for one sending too many: the last ones. */
		if (reports(s, l) && ++twice > later) {
			a.dsack = s;
			break;
		}
	}
	return a;
}

static bool eifel(const struct look *l, const struct past *p, const struct segment *ack)
{
	u32 first = p->again ? p->first_tsval : l->s->tcp.tsval;

	if (ack == NULL || !stamps(l->s, ack) || (l->s->tcp.flags & TCP_SYN))
		return false;
	/* Only what stands at the left edge makes the receiver echo anew (RFC 7323 4.3). */
	if (!p->told || seq_lt(p->told_ack, l->seq))
		return false;
	return (i32)(ack->tcp.tsecr - first) < 0;
}

static void needed(struct look *l, const struct past *p, bool lost)
{
	struct answer a = answer_of(l);
	ns_t took = a.ack != NULL ? passed(l->s->ts, a.ack->ts) : NS_NONE;
	bool seen = l->out->original != 0;
	u32 packet;

	if (lost && !(p->told && seq_ge(p->told_ack, l->end))) {
		l->out->was = TCP_FATE_LOST_BEHIND; /* the wire said so */
	} else if (p->told && seq_ge(p->told_ack, l->end)) {
		spurious(l, TCP_RULE_ACKED_BEFORE, 99, p->told_packet);
	} else if ((packet = sacked_before(l)) != 0) {
		spurious(l, TCP_RULE_SACKED_BEFORE, 97, packet);
	} else if (a.dsack != NULL) {
		spurious(l, TCP_RULE_DSACK, 97, a.dsack->number);
	} else if (eifel(l, p, a.ack)) {
		spurious(l, TCP_RULE_EIFEL, 95, a.ack->number);
	} else if (seen && a.again == 0 && l->away >= 2 * NS_PER_MS && took >= 0 &&
		   took < l->away / 4 * 3) {
		spurious(l, TCP_RULE_ACK_SOON, 85, a.ack->number);
	} else {
		l->out->was = seen ? TCP_FATE_LOST_BEHIND : TCP_FATE_LOST_BEFORE;
		look_evidence(l, a.ack != NULL ? a.ack->number : 0);
	}
}

void look_behind(struct look *l, const struct past *p)
{
	const struct segment *o = before(l), *open = opener(l);
	bool ids = ids_count(l);
	enum tcp_rule later;

	if (o != NULL) {
		if (sent_earlier(l, o, ids)) {
			l->out->original = o->number;
			return;
		}
		if (is_doubled(l, p, o, ids))
			return;
	} else if (open != NULL && sent_earlier(l, open, ids)) {
		return;
	}
	later = sent_later(l, open, ids);
	if (o == NULL && later == TCP_RULE_NONE && overtaken_soon(l, open))
		return;
	mechanism(l, p);
	if (l->out->rule == TCP_RULE_AGAIN && o == NULL)
		look_say(l, TCP_KIND_AGAIN, later != TCP_RULE_NONE ? later : TCP_RULE_AGAIN_LATE,
			 later != TCP_RULE_NONE ? 95 : 80);
	l->out->original = o != NULL ? o->number : 0;
	look_evidence(l, l->out->original);
	if (o == NULL && open != NULL)
		look_evidence(l, open->number);
	needed(l, p, o != NULL && o->lost);
}

/* ---- copies ---- */

/* How many of the hundred segments around it are copies, in percent: a tap that sees all twice, or
 * a network that doubled one? */
static unsigned share_of_copies(const struct look *l)
{
	size_t from = l->i - l->lo > 50 ? l->i - 50 : l->lo, to = MIN(l->hi, l->i + 50), n = 0;

	for (size_t j = from; j < to; j++)
		n += l->v[j].copy_of != 0;
	return to > from ? (unsigned)(n * 100 / (to - from)) : 0;
}

void look_copy(struct look *l)
{
	const struct segment *o = NULL;
	struct answer a;

	for (size_t j = l->i; j-- > l->lo && o == NULL;)
		if (l->v[j].seg.number == l->at->copy_of)
			o = &l->v[j].seg;
	l->out->original = l->at->copy_of;
	look_evidence(l, l->at->copy_of);
	if (o == NULL || o->ttl != l->s->ttl || o->iface != l->s->iface) {
		look_say(l, TCP_KIND_COPY, TCP_RULE_COPY, 98);
		return;
	}
	a = answer_of(l);
	if (carries(l->s) && a.dsack != NULL) {
		look_say(l, TCP_KIND_DUPLICATED, TCP_RULE_DUP_ID, 98);
		look_evidence(l, a.dsack->number);
	} else if (share_of_copies(l) >= 30) {
		look_say(l, TCP_KIND_COPY, TCP_RULE_COPY, 92);
	} else {
		look_say(l, TCP_KIND_DUPLICATED, TCP_RULE_DUP_ID, 80);
	}
}

/* ---- what became of it ---- */

static bool is_sacked(const struct segment *s, const struct look *l)
{
	for (unsigned b = look_dsack(s); b < s->tcp.nsack; b++)
		if (seq_le(s->tcp.sack[b].left, l->seq) && seq_ge(s->tcp.sack[b].right, l->end))
			return true;
	return false;
}

/* It was sent again at k, before any answer. */
static void resent_at(struct look *l, size_t k)
{
	struct tcp_verdict again;
	struct past past;
	struct look m;

	look_init(&m, l->v, l->hi, k, l->p, &again);
	look_past(&m, &past);
	look_behind(&m, &past);
	if (again.kind == TCP_KIND_SPURIOUS || again.kind == TCP_KIND_REORDERED) {
		l->out->fate = TCP_FATE_ARRIVED;
		return;
	}
	if (!tcp_kind_resent(again.kind))
		return;
	l->out->fate = TCP_FATE_LOST_BEHIND;
	if (l->out->kind != TCP_KIND_NONE)
		return;
	if (past.sacked > 0 && seq_gt(past.sack_top, l->end))
		look_say(l, TCP_KIND_LOST, TCP_RULE_LOST_SACK, 97);
	else
		look_say(l, TCP_KIND_LOST, TCP_RULE_LOST_AGAIN,
			 again.kind == TCP_KIND_FAST ? 93 : 85);
	look_evidence(l, m.s->number);
	for (unsigned i = 0; i < again.nevidence; i++)
		if (again.evidence[i] != l->s->number)
			look_evidence(l, again.evidence[i]);
}

void look_fate(struct look *l)
{
	if (l->s->lost) {
		l->out->fate = TCP_FATE_LOST_BEHIND;
		if (l->out->kind == TCP_KIND_NONE)
			look_say(l, TCP_KIND_LOST, TCP_RULE_LOST_WIRE, 100);
		return;
	}
	for (size_t j = l->i + 1; j < l->hi; j++) {
		const struct segment *s = &l->v[j].seg;

		if (acked_by(&l->v[j], !l->x) && (seq_ge(s->tcp.ack, l->end) || is_sacked(s, l))) {
			l->out->fate = TCP_FATE_ARRIVED;
			return;
		}
		if (sent_by(&l->v[j], l->x) && overlaps(s, l->seq, l->end)) {
			resent_at(l, j);
			return;
		}
	}
}
