/* Choosing what is seen: filter, find, conversation, columns, time format, open. */
#include "base/num.h"
#include "cmd/command.h"
#include "cmd/deck.h"
#include "cmd/why.h"
#include "filter/filter.h"
#include "packet/registry.h"
#include "tape/world.h"

#include <stdio.h>
#include <string.h>

/* ---- filter ---- */

enum { P_EXPR };
static const struct param filter_params[] = {
	[P_EXPR] = { 0, "FILTER", P_REST, .optional = true,
		     .help = "Wireshark's display filter language on every known field; nothing "
			     "shows all packets" },
};

static int run_filter(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_has(a, P_EXPR) ? args_get(a, P_EXPR) : "";

	if (world_filter(x->world, s, e) < 0) {
		filter_wrong(s, e);
		if (e->at >= 0 && a->list.n > 0 && a->list.v[0].at >= 0)
			e->at += a->list.v[0].at;
		return 2;
	}
	if (x->world->filter == NULL)
		world_status(x->world, false, "all packets are listed");
	return 0;
}

/* ---- find ---- */

enum { P_REGEX, P_HEX, P_BACK, P_TEXT };
static const struct param find_params[] = {
	[P_REGEX] = { 'r', "regex", P_FLAG,
		      .help = "TEXT is a Perl-compatible regular expression" },
	[P_HEX] = { 'x', "hex", P_FLAG, .help = "TEXT is bytes in hex: de ad be ef" },
	[P_BACK] = { 'b', "back", P_FLAG, .help = "search towards the beginning" },
	[P_TEXT] = { 0, "TEXT", P_REST,
		     .help = "what to look for in list lines and packet bytes; case does not "
			     "matter" },
};

static int run_find(struct ctx *x, const struct args *a, struct err *e)
{
	enum find_kind kind = args_has(a, P_REGEX) ? FIND_REGEX
			      : args_has(a, P_HEX) ? FIND_HEX
						   : FIND_TEXT;

	if (args_has(a, P_REGEX) && args_has(a, P_HEX)) {
		err_set(e, "find takes --regex or --hex, not both");
		return 2;
	}
	if (world_find(x->world, kind, args_get(a, P_TEXT), e) < 0)
		return 2;
	world_find_go(x->world, args_has(a, P_BACK) ? -1 : 1);
	return 0;
}

/* ---- conversation ---- */

enum { P_STREAM, P_UDP };
static const struct param conv_params[] = {
	[P_STREAM] = { 0, "STREAM", P_STRING, .optional = true,
		       .help = "a tcp.stream number; 'here' holds the one at the playhead, 'auto' "
			       "follows the playhead",
		       .initial = "here, or auto where one is held already" },
	[P_UDP] = { 'u', "udp", P_FLAG, .help = "STREAM is a udp.stream number" },
};

static int hold_stream(struct world *w, const char *s, bool udp, struct err *e)
{
	struct conv c;
	u64 n;

	if (num_u64(s, strlen(s), &n) < 0)
		return err_set(e, "'%.40s' is no stream number, here or auto", s);
	if (w->flow == NULL || n > UINT32_MAX || !flow_stream(w->flow, udp ? 17 : 6, (u32)n, &c))
		return err_set(e, "there is no %s stream %llu", udp ? "UDP" : "TCP",
			       (unsigned long long)n);
	w->conv = c.id;
	return 0;
}

static int run_conversation(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_STREAM);
	struct world *w = x->world;

	if (s == NULL)
		s = w->conv == FLOW_NONE ? "here" : "auto";
	if (strcmp(s, "auto") == 0) {
		w->conv = FLOW_NONE;
		world_status(w, false, "the transport pane follows the playhead");
		return 0;
	}
	if (strcmp(s, "here") != 0)
		return hold_stream(w, s, args_has(a, P_UDP), e) < 0 ? 2 : 0;
	if (w->conv_at == FLOW_NONE) {
		err_set(e, "there is no TCP or UDP conversation at the playhead");
		return 1;
	}
	w->conv = w->conv_at;
	world_status(w, false,
		     "the transport pane holds this conversation; 'conversation auto' lets go");
	return 0;
}

/* ---- why ---- */

enum { P_PACKET };
static const struct param why_params[] = {
	[P_PACKET] = { 0, "PACKET", P_STRING, .optional = true, .help = "a packet number",
		       .initial = "the one at the playhead" },
};

static int run_why(struct ctx *x, const struct args *a, struct err *e)
{
	const char *s = args_get(a, P_PACKET);
	struct world *w = x->world;
	struct why_links links;
	u64 n = w->at + 1;
	char title[40];
	struct txt t;

	if (w->tape == NULL || w->count == 0) {
		err_set(e, "there is no packet to tell of: open FILE");
		return 2;
	}
	if (s != NULL && (num_u64(s, strlen(s), &n) < 0 || n == 0 || n > w->count)) {
		err_set(e, "'%.40s' is no packet of this tape; they count from 1 to %llu", s,
			(unsigned long long)w->count);
		return 2;
	}
	txt_init(&t);
	why_put(&t, w, n - 1, &links);
	snprintf(title, sizeof title, "why ─ packet %llu", (unsigned long long)n);
	x->deck->page_of_links(x->deck_arg, title, t.s, t.n, links.packet, links.n);
	txt_fini(&t);
	return 0;
}

/* ---- columns and time ---- */

enum { P_COLUMN };
static const struct param columns_params[] = {
	[P_COLUMN] = { 0, "COLUMN", P_STRING, .optional = true, .repeat = true,
		       .help = "number, time, src, dst, proto, len, info, iface, or any field; "
			       "none: say which there are" },
};

static int run_columns(struct ctx *x, const struct args *a, struct err *e)
{
	struct world *w = x->world;
	VEC(struct column) list = { 0 };
	const char *s;

	for (unsigned i = 0; (s = args_nth(a, P_COLUMN, i)) != NULL; i++)
		if (column_parse(s, VEC_PUSH(&list), e) < 0) {
			VEC_FREE(&list);
			return 2;
		}
	if (list.n == 0) {
		txt_puts(&x->out->t, "columns");
		for (size_t i = 0; i < w->columns.n; i++)
			txt_printf(&x->out->t, " %s", column_name(&w->columns.v[i]));
		txt_putc(&x->out->t, '\n');
		return sink_flush(x->out, e) < 0 ? 1 : 0;
	}
	VEC_FREE(&w->columns);
	w->columns.v = list.v;
	w->columns.n = list.n;
	w->columns.cap = list.cap;
	world_columns_changed(w);
	return 0;
}

enum { P_FORMAT };
static const struct param time_params[] = {
	[P_FORMAT] = { 0, "FORMAT", P_CHOICE, .optional = true, .choices = time_format_names,
		       .help = "r since the first packet, a time of day in UTC, ad with the date, "
			       "d since the previous "
			       "packet, dd since the previous one listed, e seconds since 1970; "
			       "none: the next one" },
};

static int run_time(struct ctx *x, const struct args *a, struct err *e)
{
	static const char *const said[] = { "since the first packet",
					    "time of day, UTC",
					    "date and time, UTC",
					    "since the previous packet",
					    "since the previous listed packet",
					    "seconds since 1970" };
	struct world *w = x->world;

	(void)e;
	if (args_has(a, P_FORMAT))
		w->time = time_format_by_name(args_get(a, P_FORMAT));
	else
		w->time = (enum time_format)((w->time + 1) % (TIME_EPOCH + 1));
	world_status(w, false, "times: %s", said[w->time]);
	return 0;
}

/* ---- view ---- */

enum { P_VIEW };
static const char *const view_names[] = { "ladder", "sequence", "graphs", NULL };
static const struct param view_params[] = {
	[P_VIEW] = { 0, "VIEW", P_CHOICE, .optional = true, .choices = view_names,
		     .help = "ladder: an arrow a packet; sequence: sequence numbers over time; "
			     "graphs: in flight, round-trip times and throughput",
		     .initial = "the next one" },
};

static int run_view(struct ctx *x, const struct args *a, struct err *e)
{
	const char *name = args_has(a, P_VIEW) ? args_get(a, P_VIEW) : "";
	char verb[40];

	snprintf(verb, sizeof verb, "view %.20s", name);
	if (x->deck->focus(x->deck_arg, "transport", e) < 0 ||
	    x->deck->act(x->deck_arg, verb, e) < 0)
		return 2;
	return 0;
}

#define VIEW_COMMAND(id, word, short_name, text, ps, ...)                                \
	static const struct command id = { .name = word,                                 \
					   .alias = short_name,                          \
					   .group = G_PACKETS,                           \
					   .where = IN_DECK,                             \
					   .summary = text,                              \
					   .params = ps,                                 \
					   .nparams = sizeof(ps) / sizeof(struct param), \
					   .run = run_##id,                              \
					   ##__VA_ARGS__ };

VIEW_COMMAND(filter, "filter", NULL, "list only the packets that pass a display filter",
	     filter_params,
	     .about = "The language is Wireshark's: comparisons (== != < > <= >=, also eq ne lt gt "
		      "le ge), contains, "
		      "matches, in {a, b, c..d}, slices like eth.src[0:3], and && || not, presence "
		      "of a field or protocol, "
		      "addresses with a prefix length. What is typed is checked at once.",
	     .examples = "filter tcp.flags.syn == 1\tevery SYN\nfilter ip.addr == 10.0.0.0/8 and "
			 "not dns\ta subnet\n"
			 "filter\tall packets again\n")
VIEW_COMMAND(find, "find", NULL, "go to the next packet that contains something", find_params,
	     .examples = "find GET /index\ta text\nfind -r seq 72[0-9]+\ta regular "
			 "expression\nfind -x ff fe\tbytes\n")
VIEW_COMMAND(conversation, "conversation", "conv", "choose the conversation of the transport pane",
	     conv_params)
VIEW_COMMAND(why, "why", NULL, "tell all that is known of a packet of a TCP connection", why_params,
	     .about = "What it is and by which rule, what proves it, what Wireshark says, what it "
		      "did to both ends and to the sender's congestion control. The numbers in "
		      "brackets are keys that go to the packets behind them.",
	     .examples = "why\tof the packet at the playhead\nwhy 34\tof packet 34\n")
VIEW_COMMAND(view, "view", NULL, "choose how the transport pane draws a TCP connection",
	     view_params)
VIEW_COMMAND(columns, "columns", NULL, "choose the columns of the packet list", columns_params,
	     .examples = "columns number time src dst proto ip.ttl info\tthe TTL as a column\n")
VIEW_COMMAND(time, "time", NULL, "choose how times are written", time_params)

const struct command *const cmds_view[] = { &filter, &find,    &conversation, &why,
					    &view,   &columns, &time,	      NULL };
