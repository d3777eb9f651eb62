/* The frame's own fields: number, times, lengths, interface, and the list of protocols found in it.
 */
#include "packet/linktype.h"
#include "packet/registry.h"

enum {
	F_NUMBER,
	F_TIME,
	F_TIME_EPOCH,
	F_TIME_DELTA,
	F_TIME_DELTA_DISPLAYED,
	F_TIME_RELATIVE,
	F_LEN,
	F_CAP_LEN,
	F_PROTOCOLS,
	F_INTERFACE_ID,
	F_INTERFACE_NAME,
	F_ENCAP,
	F_LINK_TYPE,
	F_COMMENT,
	F_P2P_DIR,
};

static const struct vstr dir_names[] = { { 0, "Sent" }, { 1, "Received" }, { 0, NULL } };

static const struct field fields[] = {
	[F_NUMBER] = { "frame.number", "Frame number", FT_U32, FB_DEC },
	[F_TIME] = { "frame.time", "Arrival time", FT_ABSTIME },
	[F_TIME_EPOCH] = { "frame.time_epoch", "Epoch time", FT_RELTIME },
	[F_TIME_DELTA] = { "frame.time_delta", "Time delta from previous captured frame",
			   FT_RELTIME },
	[F_TIME_DELTA_DISPLAYED] = { "frame.time_delta_displayed",
				     "Time delta from previous displayed frame", FT_RELTIME },
	[F_TIME_RELATIVE] = { "frame.time_relative", "Time since reference or first frame",
			      FT_RELTIME },
	[F_LEN] = { "frame.len", "Frame length on the wire", FT_U32, FB_DEC },
	[F_CAP_LEN] = { "frame.cap_len", "Frame length stored into the capture file", FT_U32,
			FB_DEC },
	[F_PROTOCOLS] = { "frame.protocols", "Protocols in frame", FT_STRING,
			  .of_all_layers = true },
	[F_INTERFACE_ID] = { "frame.interface_id", "Interface id", FT_U32, FB_DEC },
	[F_INTERFACE_NAME] = { "frame.interface_name", "Interface name", FT_STRING },
	[F_ENCAP] = { "frame.encap_type", "Encapsulation, as Wireshark numbers it", FT_I16,
		      FB_DEC },
	[F_LINK_TYPE] = { "tapdeck.frame.link_type", "Link type (LINKTYPE_ value)", FT_U16,
			  FB_DEC },
	[F_COMMENT] = { "frame.comment", "Comment", FT_STRING },
	[F_P2P_DIR] = { "frame.p2p_dir", "Point-to-point direction", FT_I8, FB_DEC,
			.names = dir_names },
};

static void put_protocols(struct dis *d)
{
	struct txt t;

	if (!d_wants(d, F_PROTOCOLS))
		return;
	txt_init(&t);
	for (unsigned i = 1; i < d->k->nlayers; i++) {
		const struct proto *p = proto_get(d->k->layers[i].proto);

		if (p->flags & PROTO_UNNAMED)
			continue;
		if (t.n > 0)
			txt_putc(&t, ':');
		if (d->k->layers[i].by_type)
			txt_puts(&t, "ethertype:");
		txt_puts(&t, p->name);
	}
	d_text(d, F_PROTOCOLS, 0, 0, t.s, t.n);
	txt_fini(&t);
}

static void put_span(struct dis *d, unsigned f, ns_t from)
{
	ns_t ts = d->k->frame->ts;

	if (ts != NS_NONE)
		d_gen_ns(d, f, from == NS_NONE ? 0 : ts - from);
}

static void dissect(struct dis *d, struct cur *c)
{
	const struct frame *f = d->k->frame;

	(void)c;
	d_gen(d, F_INTERFACE_ID, f->iface);
	if (f->iface_name != NULL)
		d_text(d, F_INTERFACE_NAME, 0, 0, f->iface_name, strlen(f->iface_name));
	if (linktype_encap(f->link) >= 0)
		d_gen(d, F_ENCAP, (u64)linktype_encap(f->link));
	d_gen(d, F_LINK_TYPE, f->link);
	if (f->ts != NS_NONE) {
		d_gen_ns(d, F_TIME, f->ts);
		d_gen_ns(d, F_TIME_EPOCH, f->ts);
	}
	put_span(d, F_TIME_DELTA, d->k->prev_ts);
	put_span(d, F_TIME_DELTA_DISPLAYED, d->k->prev_shown_ts);
	put_span(d, F_TIME_RELATIVE, d->k->first_ts);
	d_gen(d, F_NUMBER, f->number);
	d_gen(d, F_LEN, f->len);
	d_gen(d, F_CAP_LEN, f->caplen);
	put_protocols(d);
	if (f->comment != NULL)
		d_text(d, F_COMMENT, 0, 0, f->comment, f->comment_len);
	if (f->dir != DIR_UNKNOWN)
		d_gen(d, F_P2P_DIR, f->dir == DIR_IN);
}

const struct proto proto_frame = {
	.name = "frame",
	.title = "Frame",
	.abbrev = "frame",
	.fields = fields,
	.nfields = ARRAY_LEN(fields),
	.dissect = dissect,
};
