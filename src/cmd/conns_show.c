/* The conversations of a capture as a table of text, and as JSON. */
#include "base/num.h"
#include "cmd/conns.h"

#include <stdlib.h>

void conns_seen(struct txt *t, u8 completeness)
{
	static const char letter[] = "SSADFR";

	for (unsigned i = 0; letter[i] != '\0'; i++)
		txt_putc(t, completeness & 1u << i ? letter[i] : '.');
}

static const char *l4_name(const struct conv *c)
{
	return c->l4 == 6 ? "tcp" : "udp";
}

/* "client", "server", "between" */
static const char *point_name(u8 where)
{
	switch ((enum tcp_where)where) {
	case TCP_WHERE_CLIENT: return "client";
	case TCP_WHERE_SERVER: return "server";
	case TCP_WHERE_BETWEEN: return "between";
	case TCP_WHERE_UNKNOWN:
	case TCP_WHERE_COUNT: break;
	}
	return "";
}

/* ---- cells ---- */

static void put_stream(struct txt *t, const struct conns_row *r)
{
	txt_puts(t, l4_name(&r->c));
	txt_putc(t, ' ');
	txt_u64(t, r->c.stream);
}

static void put_a(struct txt *t, const struct conns_row *r)
{
	conv_end(t, &r->c, 0);
}

static void put_b(struct txt *t, const struct conns_row *r)
{
	conv_end(t, &r->c, 1);
}

static void put_scope(struct txt *t, const struct conns_row *r)
{
	txt_puts(t, r->scope);
}

static void put_packets(struct txt *t, const struct conns_row *r)
{
	txt_u64(t, (u64)r->c.packets[0] + r->c.packets[1]);
}

static void put_packets_a(struct txt *t, const struct conns_row *r)
{
	txt_u64(t, r->c.packets[0]);
}

static void put_packets_b(struct txt *t, const struct conns_row *r)
{
	txt_u64(t, r->c.packets[1]);
}

static void put_bytes(struct txt *t, const struct conns_row *r)
{
	txt_bytes(t, r->x.bytes[0] + r->x.bytes[1]);
}

static void put_bytes_a(struct txt *t, const struct conns_row *r)
{
	txt_bytes(t, r->x.bytes[0]);
}

static void put_bytes_b(struct txt *t, const struct conns_row *r)
{
	txt_bytes(t, r->x.bytes[1]);
}

static void put_start(struct txt *t, const struct conns_row *r)
{
	ns_t v = tcp_rtt_span(r->begin, r->c.first_ts);

	if (v != NS_NONE)
		txt_seconds(t, v, 6, 0);
}

static void put_span(struct txt *t, ns_t v)
{
	if (v != NS_NONE)
		txt_span(t, v);
}

static void put_duration(struct txt *t, const struct conns_row *r)
{
	put_span(t, r->duration);
}

static void put_states(struct txt *t, const struct conns_row *r)
{
	if (r->c.l4 != 6)
		return;
	txt_puts(t, tcp_state_name((enum tcp_state)r->tcp.state[0]));
	txt_putc(t, '/');
	txt_puts(t, tcp_state_name((enum tcp_state)r->tcp.state[1]));
}

/* The same where there is little room. */
static void put_states_brief(struct txt *t, const struct conns_row *r)
{
	if (r->c.l4 == 6)
		txt_printf(t, "%s/%s", tcp_state_brief((enum tcp_state)r->tcp.state[0]),
			   tcp_state_brief((enum tcp_state)r->tcp.state[1]));
}

static void put_retrans(struct txt *t, const struct conns_row *r)
{
	if (r->c.l4 == 6)
		txt_u64(t, (u64)r->tcp.again[0] + r->tcp.again[1]);
}

static void put_rtt(struct txt *t, const struct conns_row *r)
{
	put_span(t, r->rtt_avg);
}

static void put_rtt_min(struct txt *t, const struct conns_row *r)
{
	put_span(t, r->rtt_min);
}

static void put_rtt_max(struct txt *t, const struct conns_row *r)
{
	put_span(t, r->rtt_max);
}

static void put_flight(struct txt *t, const struct conns_row *r)
{
	if (r->c.l4 == 6)
		txt_bytes(t, MAX(r->tcp.max_flight[0], r->tcp.max_flight[1]));
}

static void put_point(struct txt *t, const struct conns_row *r)
{
	txt_puts(t, point_name(r->tcp.where));
}

static void put_seen(struct txt *t, const struct conns_row *r)
{
	if (r->c.l4 == 6)
		conns_seen(t, r->completeness);
}

/* ---- the table ---- */

/* What stands in a row, from left to right. `rank`: 0 always there, else the lower the longer it
 * stays; columns of one rank come and go together. `instead`: takes the place of that rank. */
static const struct cell {
	const char *title;
	void (*put)(struct txt *t, const struct conns_row *r);
	bool right;
	u8 rank, instead;
} columns[] = {
	{ "stream", put_stream, false, 0, 0 },
	{ "in", put_scope, false, 0, 0 },
	{ "A", put_a, false, 0, 0 },
	{ "B", put_b, false, 0, 0 },
	{ "packets", put_packets, true, 1, 0 },
	{ "packets>", put_packets_a, true, 8, 1 },
	{ "<packets", put_packets_b, true, 8, 1 },
	{ "bytes", put_bytes, true, 3, 0 },
	{ "bytes>", put_bytes_a, true, 9, 3 },
	{ "<bytes", put_bytes_b, true, 9, 3 },
	{ "start", put_start, true, 10, 0 },
	{ "duration", put_duration, true, 5, 0 },
	{ "states", put_states_brief, false, 2, 0 },
	{ "states A/B", put_states, false, 7, 2 },
	{ "retrans", put_retrans, true, 4, 0 },
	{ "rtt", put_rtt, true, 6, 0 },
	{ "rtt min", put_rtt_min, true, 12, 0 },
	{ "rtt max", put_rtt_max, true, 12, 0 },
	{ "in flight", put_flight, true, 11, 0 },
	{ "near", put_point, false, 13, 0 },
	{ "seen", put_seen, false, 14, 0 },
};

enum { COLUMNS = ARRAY_LEN(columns), RANKS = 15, GAP = 2 };

struct table {
	size_t w[COLUMNS]; /* 0: nothing in it */
	bool shown[COLUMNS];
	bool hidden; /* something does not fit */
};

static void measure(struct table *tab, const struct conns *c, size_t n)
{
	struct txt t;

	txt_init(&t);
	for (size_t i = 0; i < n; i++) {
		struct conns_row r;

		conns_row(c, c->rows.v[i].id, &r);
		for (unsigned j = 0; j < COLUMNS; j++) {
			txt_clear(&t);
			columns[j].put(&t, &r);
			tab->w[j] = MAX(tab->w[j], t.n);
		}
	}
	for (unsigned j = 0; j < COLUMNS; j++)
		if (tab->w[j] > 0)
			tab->w[j] = MAX(tab->w[j], strlen(columns[j].title));
	txt_fini(&t);
}

static size_t rank_width(const struct table *tab, u8 rank)
{
	size_t w = 0;

	for (unsigned j = 0; j < COLUMNS; j++)
		if (columns[j].rank == rank && tab->w[j] > 0)
			w += tab->w[j] + GAP;
	return w;
}

static void show(struct table *tab, u8 rank, bool on)
{
	for (unsigned j = 0; j < COLUMNS; j++)
		if (columns[j].rank == rank)
			tab->shown[j] = on && tab->w[j] > 0;
}

static u8 place_of(u8 rank)
{
	for (unsigned j = 0; j < COLUMNS; j++)
		if (columns[j].rank == rank)
			return columns[j].instead;
	return 0;
}

/* Which columns fit. */
static void choose(struct table *tab, unsigned width)
{
	size_t used = rank_width(tab, 0);
	bool on[RANKS] = { true };

	show(tab, 0, true);
	for (u8 r = 1; r < RANKS; r++) {
		u8 instead = place_of(r);
		size_t w = rank_width(tab, r),
		       less = instead != 0 && on[instead] ? rank_width(tab, instead) : 0;

		if (width != 0 && used + w > width + GAP + less) {
			tab->hidden |= instead == 0;
			continue;
		}
		if (less > 0)
			show(tab, instead, false);
		show(tab, r, true);
		on[r] = true;
		used += w - less;
	}
}

static void put_cell(struct txt *line, const struct table *tab, unsigned j, const char *s, size_t n)
{
	size_t room = tab->w[j] > n ? tab->w[j] - n : 0;

	if (line->n > 0)
		txt_fill(line, ' ', GAP);
	if (columns[j].right)
		txt_fill(line, ' ', room);
	txt_putn(line, s, n);
	if (!columns[j].right)
		txt_fill(line, ' ', room);
}

static int end_line(struct txt *line, struct sink *out, struct err *e)
{
	while (line->n > 0 && line->s[line->n - 1] == ' ')
		line->n--;
	txt_putc(line, '\n');
	txt_putn(&out->t, line->s, line->n);
	txt_clear(line);
	return sink_line(out, e);
}

static int put_rows(const struct table *tab, const struct conns *c, size_t n, struct txt *line,
		    struct sink *out, struct err *e)
{
	struct txt cell;
	int r = 0;

	txt_init(&cell);
	for (size_t i = 0; i < n && r == 0; i++) {
		struct conns_row row;

		conns_row(c, c->rows.v[i].id, &row);
		for (unsigned j = 0; j < COLUMNS; j++) {
			if (!tab->shown[j])
				continue;
			txt_clear(&cell);
			columns[j].put(&cell, &row);
			put_cell(line, tab, j, cell.s, cell.n);
		}
		r = end_line(line, out, e);
	}
	txt_fini(&cell);
	return r;
}

int conns_text(const struct conns *c, size_t n, unsigned width, struct sink *out, struct err *e)
{
	struct table tab = { 0 };
	struct txt line;
	int r;

	measure(&tab, c, n);
	choose(&tab, width);
	txt_init(&line);
	for (unsigned j = 0; j < COLUMNS; j++)
		if (tab.shown[j])
			put_cell(&line, &tab, j, columns[j].title, strlen(columns[j].title));
	r = n > 0 ? end_line(&line, out, e) : 0;
	if (r == 0)
		r = put_rows(&tab, c, n, &line, out, e);
	txt_fini(&line);
	return r;
}

/* ---- JSON ---- */

static void json_time(struct txt *t, const char *name, ns_t v)
{
	txt_printf(t, ",\"%s\":", name);
	if (v == NS_NONE)
		txt_puts(t, "null");
	else
		txt_seconds(t, v, 9, 0);
}

static void json_number(struct txt *t, const char *name, u64 v)
{
	txt_printf(t, ",\"%s\":%llu", name, (unsigned long long)v);
}

static void json_side(struct txt *t, const struct conns_row *r, int side)
{
	const struct tcp_sum *s = &r->tcp;
	bool any = s->samples[side] > 0;

	txt_printf(t, ",\"%s\":{\"address\":\"", side ? "b" : "a");
	if (r->c.net == 6)
		txt_ip6(t, r->c.addr[side]);
	else
		txt_ip4(t, r->c.addr[side]);
	txt_putc(t, '"');
	json_number(t, "port", r->c.port[side]);
	json_number(t, "packets", r->c.packets[side]);
	json_number(t, "bytes", r->x.bytes[side]);
	json_number(t, "payload_bytes", r->c.bytes[side]);
	if (r->c.l4 == 6) {
		txt_printf(t, ",\"state\":\"%s\"", tcp_state_name((enum tcp_state)s->state[side]));
		json_number(t, "retransmissions", s->again[side]);
		json_number(t, "retransmitted_bytes", s->again_bytes[side]);
		json_number(t, "acknowledged_bytes", s->goodput[side]);
		json_number(t, "header_bytes", s->header_bytes[side]);
		json_number(t, "max_in_flight", s->max_flight[side]);
		json_number(t, "rtt_samples", s->samples[side]);
		json_time(t, "rtt_min", any ? s->rtt_min[side] : NS_NONE);
		json_time(t, "rtt_avg", any ? s->rtt_sum[side] / s->samples[side] : NS_NONE);
		json_time(t, "rtt_max", any ? s->rtt_max[side] : NS_NONE);
	}
	txt_putc(t, '}');
}

void conns_json(struct txt *t, const struct conns_row *r)
{
	txt_printf(t, "{\"protocol\":\"%s\",\"stream\":%u", l4_name(&r->c), r->c.stream);
	txt_puts(t, ",\"scope\":");
	if (r->scope[0] != '\0') {
		txt_putc(t, '"');
		txt_json(t, r->scope, strlen(r->scope));
		txt_putc(t, '"');
	} else {
		txt_puts(t, "null");
	}
	json_number(t, "first_packet", r->c.first);
	json_number(t, "last_packet", r->c.last);
	json_time(t, "start", tcp_rtt_span(r->begin, r->c.first_ts));
	json_time(t, "start_epoch", r->c.first_ts);
	json_time(t, "duration", r->duration);
	json_side(t, r, 0);
	json_side(t, r, 1);
	if (r->c.l4 == 6) {
		const char *near = point_name(r->tcp.where);

		json_number(t, "completeness", r->completeness);
		txt_puts(t, ",\"capture_near\":");
		txt_printf(t, near[0] != '\0' ? "\"%s\"" : "null", near);
		json_number(t, "copies", r->tcp.copies);
		txt_printf(t, ",\"partly\":%s", r->tcp.partly ? "true" : "false");
	}
	txt_puts(t, "}\n");
}
