/* The one-line summary of a packet: tunnels, ends, innermost protocol, what it says, marks. */
#include "base/num.h"
#include "packet/registry.h"
#include "packet/show.h"
#include "packet/tables.h"

const char *const time_format_names[] = { "r", "a", "ad", "d", "dd", "e", NULL };

enum time_format time_format_by_name(const char *name)
{
	for (unsigned i = 0; time_format_names[i] != NULL; i++)
		if (strcmp(time_format_names[i], name) == 0)
			return (enum time_format)i;
	return TIME_RELATIVE;
}

void show_time(struct txt *t, const struct pkt *k, enum time_format f, int digits)
{
	ns_t ts = k->frame->ts, from = 0;

	if (ts == NS_NONE) {
		txt_fill(t, ' ', (size_t)digits + 4);
		txt_putc(t, '-');
		return;
	}
	switch (f) {
	case TIME_ABSOLUTE:
	case TIME_DATE: {
		size_t at = t->n;

		txt_utc(t, ts, digits);
		if (f == TIME_ABSOLUTE) { /* keep the time of day */
			memmove(t->s + at, t->s + at + 11, t->n - at - 11);
			t->n -= 11;
		}
		return;
	}
	case TIME_RELATIVE: from = k->first_ts; break;
	case TIME_DELTA: from = k->prev_ts; break;
	case TIME_SHOWN: from = k->prev_shown_ts; break;
	case TIME_EPOCH: break;
	}
	txt_seconds(t, from == NS_NONE ? 0 : ts - from, digits, digits + 5);
}

/* The innermost layer whose protocol writes an info line; the frame's own where there is none. */
static const struct layer *speaker(const struct pkt *k)
{
	for (unsigned i = k->nlayers; i-- > 0;)
		if (dispatch.runner[k->layers[i].proto].speaks && !k->layers[i].quoted)
			return &k->layers[i];
	return &k->layers[0];
}

void show_tunnels(struct txt *t, const struct pkt *k)
{
	const struct layer *last = speaker(k);

	for (unsigned i = 1; i < k->nlayers; i++) {
		const struct runner *r = &dispatch.runner[k->layers[i].proto];
		const struct proto *p = r->proto;

		/* a tunnel that speaks for itself (an echo, a keepalive) has nobody inside */
		if (LIKELY(!r->tunnel) || k->layers[i].quoted || &k->layers[i] == last)
			continue;
		if (p->tag != NULL)
			p->tag(k, &k->layers[i], t);
		else
			txt_puts(t, p->abbrev);
		txt_puts(t, " > ");
	}
}

void show_scope(struct txt *t, const struct pkt *k, unsigned layer)
{
	size_t from = t->n;

	for (unsigned i = 1; i < MIN(layer, k->nlayers); i++) {
		const struct runner *r = &dispatch.runner[k->layers[i].proto];

		if (!r->tunnel || k->layers[i].quoted)
			continue;
		if (t->n > from)
			txt_puts(t, ", ");
		if (r->proto->tag != NULL)
			r->proto->tag(k, &k->layers[i], t);
		else
			txt_puts(t, r->proto->abbrev);
	}
}

static void show_end(struct txt *t, const struct pkt *k, const u8 *addr, const u8 *mac, u16 port,
		     bool ports)
{
	const struct facts *x = &k->facts;

	ports = ports && (x->l4 == 6 || x->l4 == 17 || x->l4 == 132);
	if (x->net == 4) {
		txt_ip4(t, addr);
	} else if (x->net == 6) {
		if (ports)
			txt_putc(t, '[');
		txt_ip6(t, addr);
		if (ports)
			txt_putc(t, ']');
	} else if (x->l2) {
		txt_mac(t, mac);
	}
	if (ports && x->net != 0) {
		txt_putc(t, ':');
		txt_u64(t, port);
	}
}

void show_src(struct txt *t, const struct pkt *k, bool ports)
{
	show_end(t, k, k->facts.src, k->facts.eth_src, k->facts.sport, ports);
}

void show_dst(struct txt *t, const struct pkt *k, bool ports)
{
	show_end(t, k, k->facts.dst, k->facts.eth_dst, k->facts.dport, ports);
}

const char *show_protocol(const struct pkt *k)
{
	return dispatch.runner[speaker(k)->proto].proto->abbrev;
}

void show_info(struct txt *t, const struct pkt *k)
{
	const struct layer *l = speaker(k);
	const struct proto *p = dispatch.runner[l->proto].proto;

	if (p->info != NULL)
		p->info(k, l, t);
}

void show_layer(struct txt *t, const struct pkt *k, const struct layer *l)
{
	const struct proto *p = proto_get(l->proto);

	txt_puts(t, p->title);
	if (p->info != NULL) {
		txt_puts(t, ", ");
		p->info(k, l, t);
	}
}

const char *mark_name(enum mark m)
{
	switch (m) {
	case MARK_CUT: return "cut";
	case MARK_MALFORMED: return "malformed";
	case MARK_LENGTH: return "bad length";
	case MARK_CHECKSUM: return "bad checksum";
	case MARK_OFFLOAD: return "offload checksum";
	case MARK_TRAILING: return "trailing bytes";
	case MARK_DEPTH: return "too deep";
	case MARK_VALUE: return "bad value";
	case MARK_COUNT: break;
	}
	return "?";
}

void show_marks(struct txt *t, const struct pkt *k)
{
	for (unsigned m = 0; m < MARK_COUNT; m++)
		if (k->marks & 1u << m) {
			txt_puts(t, " [");
			txt_puts(t, mark_name((enum mark)m));
			txt_putc(t, ']');
		}
}
