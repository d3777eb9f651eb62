/* fields: every field and protocol that filters, -e and JSON know, with type and meaning. */
#include "cmd/command.h"
#include "packet/registry.h"

enum { P_PREFIX, P_NAMES };

static const struct param params[] = {
	[P_PREFIX] = { 0, "PREFIX", P_STRING, .optional = true,
		       .help = "only names that begin with this" },
	[P_NAMES] = { 'n', "names", P_FLAG, .help = "names only" },
};

static void put_row(struct txt *t, const struct reg_name *r)
{
	const struct proto *p = proto_get((unsigned)r->proto);
	const struct field *f = r->field >= 0 ? field_get((unsigned)r->field) : NULL;
	size_t from = t->n;

	txt_puts(t, r->name);
	txt_pad(t, from, 36);
	txt_putc(t, ' ');
	from = t->n;
	txt_puts(t, ftype_name(f != NULL ? f->type : FT_PROTO));
	txt_pad(t, from, 30);
	txt_putc(t, ' ');
	txt_puts(t, f != NULL ? f->title : p->title);
	txt_putc(t, '\n');
}

static int run(struct ctx *x, const struct args *a, struct err *e)
{
	const char *prefix = args_get(a, P_PREFIX) != NULL ? args_get(a, P_PREFIX) : "";
	size_t n = strlen(prefix);
	unsigned i;

	registry_init();
	i = registry_lower(prefix, n);
	if (i == registry_nnames() || strncmp(registry_name(i)->name, prefix, n) != 0) {
		err_set(e, "no field or protocol begins with '%.60s'", prefix);
		return 2;
	}
	for (; i < registry_nnames() && strncmp(registry_name(i)->name, prefix, n) == 0; i++) {
		if (args_has(a, P_NAMES)) {
			txt_puts(&x->out->t, registry_name(i)->name);
			txt_putc(&x->out->t, '\n');
		} else {
			put_row(&x->out->t, registry_name(i));
		}
		if (sink_line(x->out, e) < 0)
			return 1;
	}
	return sink_flush(x->out, e) < 0 ? 1 : 0;
}

static const struct command fields = {
	.name = "fields",
	.group = G_FILES,
	.where = IN_BOTH,
	.summary = "list all fields and protocols with type and meaning",
	.examples = "tapdeck fields tcp.flags\tthe fields of TCP's flags\n",
	.params = params,
	.nparams = ARRAY_LEN(params),
	.run = run,
};

const struct command *const cmds_fields[] = { &fields, NULL };
