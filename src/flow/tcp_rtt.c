/* RFC 6298: samples, smoothing, timeout. */
#include "flow/tcp_rtt.h"

#include "base/err.h"
#include "flow/segment.h"

#include <stdlib.h>
#include <string.h>

static ns_t backed_off(const struct tcp_rtt *r, ns_t rto)
{
	return MIN(rto << r->backoff, TCP_RTT_MAX);
}

static void set_rto(struct tcp_rtt *r)
{
	ns_t vary;

	if (r->srtt == NS_NONE) {
		r->rto = r->rto_linux = backed_off(r, TCP_RTT_MIN);
		return;
	}
	vary = 4 * r->rttvar;
	r->rto = backed_off(r, MAX(r->srtt + MAX(TCP_RTT_CLOCK, vary), TCP_RTT_MIN));
	r->rto_linux = backed_off(r, r->srtt + MAX(TCP_RTT_MIN_LINUX, vary));
}

void tcp_rtt_init(struct tcp_rtt *r)
{
	*r = (struct tcp_rtt) {
		.srtt = NS_NONE, .rttvar = NS_NONE, .min = NS_NONE, .max = NS_NONE, .last = NS_NONE
	};
	set_rto(r);
}

void tcp_rtt_fini(struct tcp_rtt *r)
{
	free(r->timed);
	tcp_rtt_init(r);
}

void tcp_rtt_copy(struct tcp_rtt *to, const struct tcp_rtt *from)
{
	*to = *from;
	to->timed = NULL;
	to->cap = from->n;
	if (from->n > 0) {
		to->timed = xcalloc(from->n, sizeof *to->timed);
		memcpy(to->timed, from->timed, from->n * sizeof *to->timed);
	}
}

static void thin(struct tcp_rtt *r)
{
	u8 n = 0;

	for (u8 i = 1; i < r->n; i = (u8)(i + 2))
		r->timed[n++] = r->timed[i];
	r->n = n;
	if (r->stride < 24)
		r->stride++;
}

void tcp_rtt_sent(struct tcp_rtt *r, u32 end, ns_t ts)
{
	if (r->n <= TCP_RTT_TIMED / 4 && r->stride > 0)
		r->stride--;
	if (++r->skipped < 1u << r->stride)
		return;
	r->skipped = 0;
	if (r->n == TCP_RTT_TIMED)
		thin(r);
	if (r->n == r->cap) {
		r->cap = (u8)MIN(MAX(2 * r->cap, 8), TCP_RTT_TIMED);
		r->timed = xrealloc(r->timed, r->cap * sizeof *r->timed);
	}
	r->timed[r->n++] = (struct tcp_rtt_timed) { .ts = ts, .end = end };
}

void tcp_rtt_again(struct tcp_rtt *r, u32 left, u32 right)
{
	/* Its own entry, and that of the segment whose acknowledgment would acknowledge it too. */
	for (u8 i = 0; i < r->n; i++) {
		if (seq_gt(r->timed[i].end, left))
			r->timed[i].ts = NS_NONE;
		if (seq_ge(r->timed[i].end, right))
			break;
	}
}

ns_t tcp_rtt_acked(struct tcp_rtt *r, u32 una, ns_t ts)
{
	ns_t sample = NS_NONE;
	bool again = false;
	u8 n = 0;

	while (n < r->n && seq_le(r->timed[n].end, una)) {
		ns_t d = tcp_rtt_span(r->timed[n].ts, ts);

		again |= r->timed[n].ts == NS_NONE;
		if (sample == NS_NONE && d != NS_NONE && d >= 0)
			sample = d;
		n++;
	}
	if (n > 0) {
		r->n = (u8)(r->n - n);
		memmove(r->timed, r->timed + n, r->n * sizeof *r->timed);
	}
	/* What was acknowledged together with something sent again may have waited for it. */
	return again ? NS_NONE : sample;
}

void tcp_rtt_sample(struct tcp_rtt *r, ns_t s)
{
	s = MIN(s, 10 * TCP_RTT_MAX);
	if (r->srtt == NS_NONE) {
		r->srtt = s;
		r->rttvar = s / 2;
		r->min = r->max = s;
	} else {
		ns_t d = r->srtt > s ? r->srtt - s : s - r->srtt;

		r->rttvar += (d - r->rttvar) / 4;
		r->srtt += (s - r->srtt) / 8;
		r->min = MIN(r->min, s);
		r->max = MAX(r->max, s);
	}
	if (r->sum < INT64_MAX - s)
		r->sum += s;
	r->last = s;
	if (r->samples < UINT32_MAX)
		r->samples++;
	r->backoff = 0;
	set_rto(r);
}

void tcp_rtt_timeout(struct tcp_rtt *r)
{
	if (r->backoff < 16)
		r->backoff++;
	set_rto(r);
}
