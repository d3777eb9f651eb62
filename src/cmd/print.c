/* Packets as text, JSON or columns of fields. */
#include "cmd/print.h"

#include "base/num.h"
#include "packet/registry.h"
#include "packet/show.h"

#include <string.h>

/* ---- text ---- */

static void text_want(const struct print_opts *o, struct plan *p)
{
	if (o->tree)
		plan_want_all(p);
	else
		plan_want_info(p);
	plan_want_marks(p);
}

enum { ENDS_WIDTH = 44, PROTO_WIDTH = 7 };

static void text_line(struct txt *t, const struct print_opts *o, const struct pkt *k)
{
	size_t from;

	txt_u64w(t, k->frame->number, 6, ' ');
	txt_puts(t, k->frame->lost ? " x" : "  ");
	show_time(t, k, o->time, o->digits);
	txt_puts(t, "  ");
	from = t->n;
	show_tunnels(t, k);
	show_src(t, k, true);
	if (k->facts.net != 0 || k->facts.l2)
		txt_puts(t, " > ");
	show_dst(t, k, true);
	txt_pad(t, from, ENDS_WIDTH);
	txt_puts(t, "  ");
	from = t->n;
	txt_puts(t, show_protocol(k));
	txt_pad(t, from, PROTO_WIDTH);
	txt_putc(t, ' ');
	show_info(t, k);
	if (k->marks != 0)
		show_marks(t, k);
	if (k->frame->lost)
		txt_puts(t, " [lost on the wire]");
	while (t->n > 0 && t->s[t->n - 1] == ' ')
		t->n--;
	txt_putc(t, '\n');
}

void print_tree(struct txt *t, const struct pkt *k)
{
	for (unsigned i = 0; i < k->nlayers; i++) {
		const struct layer *l = &k->layers[i];

		show_layer(t, k, l);
		txt_putc(t, '\n');
		for (u32 j = l->vals; j < k->nvals; j++) {
			const struct val *v = &k->vals[j];

			if (v->layer != i)
				continue;
			txt_fill(t, ' ', 4u + 4u * v->depth);
			show_tree(t, k, v);
			txt_putc(t, '\n');
		}
	}
	for (unsigned i = 0; i < k->nmarks; i++)
		txt_printf(t, "[%s at byte %u: %s]\n", mark_name((enum mark)k->mark[i].kind),
			   k->mark[i].off, k->mark[i].text);
}

void print_hex(struct txt *t, const u8 *p, size_t n)
{
	for (size_t at = 0; at < n; at += 16) {
		size_t m = MIN(n - at, (size_t)16), from;

		txt_puts(t, "  ");
		txt_hex(t, at, at > 0xffff ? 6 : 4);
		txt_puts(t, "  ");
		from = t->n;
		for (size_t i = 0; i < m; i++) {
			txt_hex(t, p[at + i], 2);
			txt_puts(t, i == 7 ? "  " : " ");
		}
		txt_pad(t, from, 51);
		for (size_t i = 0; i < m; i++)
			txt_putc(t, p[at + i] >= 0x20 && p[at + i] < 0x7f ? (char)p[at + i] : '.');
		txt_putc(t, '\n');
	}
}

static void text_packet(struct txt *t, const struct print_opts *o, const struct pkt *k)
{
	text_line(t, o, k);
	if (o->tree)
		print_tree(t, k);
	if (o->hex)
		print_hex(t, k->frame->data, k->frame->caplen);
	if (o->tree || o->hex)
		txt_putc(t, '\n');
}

const struct printer print_text = { .name = "text", .want = text_want, .packet = text_packet };

/* ---- JSON ---- */

static void json_want(const struct print_opts *o, struct plan *p)
{
	if (o->nfields == 0)
		plan_want_all(p);
	for (unsigned i = 0; i < o->nfields; i++)
		if (field_get(o->fields[i]) != NULL)
			plan_want(p, o->fields[i]);
	plan_want_marks(p);
}

static void json_key(struct txt *t, const char *name, bool first)
{
	txt_puts(t, first ? "\"" : ",\"");
	txt_puts(t, name);
	txt_puts(t, "\":");
}

/* Is there a value of the same field in the same layer before index j? */
static bool seen_before(const struct pkt *k, const struct layer *l, u32 j)
{
	for (u32 i = l->vals; i < j; i++)
		if (k->vals[i].field == k->vals[j].field && k->vals[i].layer == k->vals[j].layer)
			return true;
	return false;
}

/* One layer: a value for each field, a list where the field comes more than once. */
static void json_layer(struct txt *t, const struct pkt *k, unsigned layer)
{
	const struct layer *l = &k->layers[layer];
	bool first = true;

	txt_putc(t, '{');
	for (u32 j = l->vals; j < k->nvals; j++) {
		const struct val *v = &k->vals[j];
		unsigned more = 0;

		if (v->layer != layer || seen_before(k, l, j))
			continue;
		json_key(t, field_get(v->field)->name, first);
		first = false;
		for (u32 i = j + 1; i < k->nvals; i++)
			more += k->vals[i].field == v->field && k->vals[i].layer == layer;
		if (more > 0)
			txt_putc(t, '[');
		show_json(t, k, v);
		for (u32 i = j + 1; more > 0 && i < k->nvals; i++)
			if (k->vals[i].field == v->field && k->vals[i].layer == layer) {
				txt_putc(t, ',');
				show_json(t, k, &k->vals[i]);
			}
		if (more > 0)
			txt_putc(t, ']');
	}
	txt_putc(t, '}');
}

static unsigned count_layers(const struct pkt *k, unsigned from, u16 proto)
{
	unsigned n = 0;

	for (unsigned i = from; i < k->nlayers; i++)
		n += k->layers[i].proto == proto;
	return n;
}

static bool layer_seen(const struct pkt *k, unsigned i)
{
	for (unsigned j = 0; j < i; j++)
		if (k->layers[j].proto == k->layers[i].proto)
			return true;
	return false;
}

static void json_marks(struct txt *t, const struct pkt *k)
{
	bool first = true;

	json_key(t, "tapdeck.marks", false);
	txt_putc(t, '[');
	for (unsigned m = 0; m < MARK_COUNT; m++)
		if (k->marks & 1u << m) {
			txt_printf(t, "%s\"%s\"", first ? "" : ",", mark_name((enum mark)m));
			first = false;
		}
	txt_putc(t, ']');
}

static void json_packet(struct txt *t, const struct print_opts *o, const struct pkt *k)
{
	bool first = true;

	(void)o;
	txt_putc(t, '{');
	for (unsigned i = 0; i < k->nlayers; i++) {
		const struct proto *p = proto_get(k->layers[i].proto);
		unsigned more;

		if (layer_seen(k, i))
			continue;
		json_key(t, p->name, first);
		first = false;
		more = count_layers(k, i, k->layers[i].proto);
		if (more > 1)
			txt_putc(t, '[');
		json_layer(t, k, i);
		for (unsigned j = i + 1; more > 1 && j < k->nlayers; j++)
			if (k->layers[j].proto == k->layers[i].proto) {
				txt_putc(t, ',');
				json_layer(t, k, j);
			}
		if (more > 1)
			txt_putc(t, ']');
	}
	if (k->marks != 0)
		json_marks(t, k);
	txt_puts(t, "}\n");
}

const struct printer print_json = { .name = "json", .want = json_want, .packet = json_packet };

/* ---- fields ---- */

static void fields_want(const struct print_opts *o, struct plan *p)
{
	for (unsigned i = 0; i < o->nfields; i++)
		if (o->fields[i] < registry_nfields())
			plan_want(p, o->fields[i]);
}

static void put_protocol(struct txt *t, const struct pkt *k, unsigned proto)
{
	bool first = true;

	for (unsigned i = 0; i < k->nlayers; i++)
		if (k->layers[i].proto == proto) {
			txt_puts(t, first ? "" : ",");
			txt_puts(t, proto_get(proto)->title);
			first = false;
		}
}

static void fields_packet(struct txt *t, const struct print_opts *o, const struct pkt *k)
{
	for (unsigned i = 0; i < o->nfields; i++) {
		unsigned number = o->fields[i];

		if (i > 0)
			txt_putc(t, '\t');
		if (number >= registry_nfields()) {
			put_protocol(t, k, FIELD_END - 1u - number);
			continue;
		}
		show_field(t, k, number);
	}
	txt_putc(t, '\n');
}

const struct printer print_fields = { .name = "fields",
				      .want = fields_want,
				      .packet = fields_packet };
