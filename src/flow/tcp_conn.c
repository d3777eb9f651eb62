/* The trackers of one TCP connection. */
#include "flow/tcp_conn.h"

void tcp_conn_init(struct tcp_conn *c, bool reused)
{
	c->segments = 0;
	tcp_analysis_init(&c->analysis, reused);
}

void tcp_conn_fini(struct tcp_conn *c)
{
	tcp_analysis_fini(&c->analysis);
}

void tcp_conn_copy(struct tcp_conn *to, const struct tcp_conn *from)
{
	to->segments = from->segments;
	tcp_analysis_copy(&to->analysis, &from->analysis);
}

size_t tcp_conn_size(const struct tcp_conn *c)
{
	return sizeof *c + tcp_analysis_extra(&c->analysis);
}

void tcp_conn_see(struct tcp_conn *c, const struct segment *s, struct tcp_report *r)
{
	c->segments++;
	tcp_analysis_see(&c->analysis, s, r);
}

void tcp_conn_silent(const struct tcp_conn *c, struct tcp_report *r)
{
	*r = (struct tcp_report) { .completeness = c->analysis.completeness };
}
