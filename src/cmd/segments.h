/* The segments of one TCP connection as `trace` writes them down: lines for people, or JSON. */
#ifndef CMD_SEGMENTS_H
#define CMD_SEGMENTS_H

#include "base/txt.h"
#include "flow/flow.h"
#include "flow/tcp_verdict.h"

/* One segment and what is known of it. */
struct traced {
	struct tcp_noted noted;
	struct tcp_seen seen;
	ns_t begin;		/* of the capture; NS_NONE */
	u32 base_seq, base_ack; /* raw numbers that are relative 0; 0 with raw numbers */
	u32 stream;
};

/* The lines before the first: who A and B are, and the columns. `width` columns, 0 for no bound. */
void segments_head(struct txt *t, const struct conv *c, unsigned width);
/* The segment's line, and one below it for each thing that it did or is. */
void segments_text(struct txt *t, const struct traced *s, const struct tcp_verdict *v,
		   unsigned width);
/* An object in one line. */
void segments_json(struct txt *t, const struct traced *s, const struct tcp_verdict *v);

#endif
