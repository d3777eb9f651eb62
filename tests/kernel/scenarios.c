/* What the connections of tests/kernel.sh do. */
#include "kernel/scenarios.h"

#include "base/types.h"

#include <stdio.h>
#include <string.h>

struct part {
	const char *name, *script;
};

/* All end with both ends established, or on their way there by themselves. */
static const struct part opening[] = {
	{ "plain", "B.listen A.connect A.up B.accept" },
	{ "SYN lost", "drop:A:S:1 B.listen A.connect A.up B.accept" },
	{ "SYN-ACK lost", "drop:B:K:1 B.listen A.connect A.up B.accept" },
	{ "handshake ACK lost", "drop:A:P:1 B.listen A.connect A.up B.accept" },
	{ "handshake ACK lost, data",
	  "drop:A:P:1 B.listen A.connect A.up A.send:10 B.accept B.read:10" },
	{ "SYN twice", "dup:A:S:1 B.listen A.connect A.up B.accept" },
	{ "SYN-ACK twice", "dup:B:K:1 B.listen A.connect A.up B.accept" },
	{ "handshake ACK twice", "dup:A:P:1 B.listen A.connect A.up B.accept" },
	{ "SYN-ACK late", "hold:B:K:1 B.listen A.connect seen:A:S:2 free:B A.up B.accept" },
	{ "simultaneous",
	  "hold:A:S:1 hold:B:S:1 A.connect B.connect seen:A:S:1 seen:B:S:1 go A.up B.up" },
	{ "simultaneous, SYN lost",
	  "drop:A:S:1 hold:B:S:1 A.connect seen:A:S:1 B.connect seen:B:S:1 free:B A.up B.up" },
	{ "simultaneous, SYN-ACKs cross",
	  "hold:A:S:1 hold:B:S:1 hold:A:K:1 hold:B:K:1 A.connect B.connect seen:A:S:1 seen:B:S:1 "
	  "pass:A:S pass:B:S seen:A:K:1 seen:B:K:1 go A.up B.up" },
	{ "simultaneous, SYN-ACK lost", "hold:A:S:1 hold:B:S:1 drop:A:K:1 A.connect B.connect "
					"seen:A:S:1 seen:B:S:1 pass:A:S free:B A.up B.up" },
	{ "Fast Open", "B.listen:tfo A.tfo:50 B.accept B.read:50 A.up" },
	{ "Fast Open, answer before the ACK", "B.listen:tfo hold:A:P:1 A.tfo:50 B.accept B.read:50 "
					      "B.send:20 seen:A:P:1 free:A A.up A.read:20" },
	{ "Fast Open, not taken", "B.listen A.tfo:50 A.up B.accept B.read:50" },
};

static const struct part middle[] = {
	{ "nothing", "" },
	{ "data", "A.send:100 B.read:100" },
	{ "data both ways", "A.send:100 B.read:100 B.send:5000 A.read:5000" },
	{ "data lost", "drop:A:D:1 A.send:100 B.read:100" },
	{ "data reordered", "mark hold:A:D:1 A.send:100 A.send:100 seen:A:D:2 free:A B.read:200" },
	{ "data twice", "dup:A:D:1 A.send:100 B.read:100" },
	{ "zero window", "mark A.send:8000 seen:B:Z:1 B.read:8000" },
};

/* Once only: they take a second each. */
static const struct part slow[] = {
	{ "keep-alive", "mark A.keep seen:A:P:1 seen:B:P:1" },
	{ "keep-alives lost", "mark drop:A:P:1 A.keep seen:A:P:2 seen:B:P:1" },
	{ "keep-alives unanswered", "mark drop:A:P:0 A.keep A.err" },
	{ "zero window probed", "mark A.send:8000 seen:B:Z:1 drop:B:P:1 B.read:8000" },
};

static const struct part ending[] = {
	{ "A, then B", "A.fin B.eof B.fin A.eof A.close B.close" },
	{ "A closes, then B", "A.close B.eof B.close" },
	{ "A closes, B much later", "mark A.close B.eof seen:B:P:1 B.close" },
	{ "simultaneous", "mark hold:A:F:1 hold:B:F:1 A.fin B.fin seen:A:F:1 seen:B:F:1 go A.eof "
			  "B.eof A.close B.close" },
	{ "simultaneous, FIN lost", "mark drop:A:F:1 hold:B:F:1 A.fin B.fin seen:A:F:1 seen:B:F:1 "
				    "free:B A.eof B.eof A.close B.close" },
	{ "simultaneous, ACK lost", "mark hold:A:F:1 hold:B:F:1 A.fin B.fin seen:A:F:1 seen:B:F:1 "
				    "drop:A:P:1 go A.eof B.eof A.close B.close" },
	{ "simultaneous, ACK overtakes FIN",
	  "mark hold:A:F:1 hold:B:F:1 A.fin B.fin seen:A:F:1 seen:B:F:1 free:A free:B A.eof B.eof "
	  "A.close B.close" },
	{ "half close", "A.fin B.eof B.send:3000 A.read:3000 B.fin A.eof A.close B.close" },
	{ "half close, FIN with data",
	  "A.fin B.eof B.cork B.send:50 B.fin A.read:50 A.eof A.close B.close" },
	{ "FIN with data", "A.cork A.send:50 A.fin B.read:50 B.eof B.fin A.eof A.close B.close" },
	{ "FIN behind much data",
	  "A.send:6000 A.fin B.read:6000 B.eof B.fin A.eof A.close B.close" },
	{ "FIN lost", "mark drop:A:F:1 A.fin B.eof B.fin A.eof A.close B.close" },
	{ "FIN twice", "mark dup:A:F:1 A.fin B.eof B.fin A.eof A.close B.close" },
	{ "ACK of FIN lost",
	  "mark A.quiet drop:B:P:1 A.fin B.eof seen:A:F:2 B.fin A.eof A.close B.close" },
	{ "last ACK lost",
	  "mark A.fin B.eof A.is:5 drop:A:P:1 B.fin A.eof seen:B:F:2 A.close B.close" },
	{ "last FIN lost", "mark A.fin B.eof A.is:5 drop:B:F:1 B.fin A.eof A.close B.close" },
	{ "FIN overtakes data", "mark hold:A:D:1 A.send:100 A.fin seen:A:F:1 free:A B.read:100 "
				"B.eof B.fin A.eof A.close B.close" },
	{ "data before FIN lost",
	  "mark drop:A:D:1 A.send:100 A.fin B.read:100 B.eof B.fin A.eof A.close B.close" },
	{ "reset", "A.rst B.err B.close" },
	{ "reset, unread data", "B.send:10 A.poll A.close B.err B.close" },
	{ "reset in CLOSE-WAIT", "A.fin B.eof B.rst A.err A.close" },
	{ "reset in FIN-WAIT-2", "A.fin B.eof A.is:5 A.rst B.close" },
	{ "data to a closed end", "A.close B.eof B.send:10 B.err B.close" },
	{ "reset in FIN-WAIT-1", "mark hold:A:F:1 A.fin seen:A:F:1 A.rst free:A B.err B.close" },
	{ "reset lost", "mark drop:A:R:1 A.rst seen:A:R:1 B.send:10 B.err B.close" },
	{ "reset behind a hole", "mark drop:A:D:1 A.send:100 A.rst B.err B.close" },
	{ "reset overtakes data",
	  "mark hold:A:D:1 A.send:100 A.rst seen:A:R:1 B.err free:A B.close" },
	{ "resets cross", "mark hold:A:R:1 hold:B:R:1 A.rst B.rst seen:A:R:1 seen:B:R:1 go" },
	{ "reset and FIN cross",
	  "mark hold:A:R:1 hold:B:F:1 A.rst B.fin seen:A:R:1 seen:B:F:1 go B.err B.close" },
};

#define ALL "B.listen A.connect A.up B.accept "
#define END_A " A.fin B.eof B.fin A.eof A.close B.close"
#define END_B " B.fin A.eof A.fin B.eof A.close B.close"

/* Whole connections. */
static const struct part special[] = {
	{ "refused", "A.connect A.err A.close" },
	{ "refused, reset lost", "drop:B:R:1 A.connect A.err A.close" },
	{ "gone before the SYN-ACK",
	  "B.listen hold:B:K:1 A.connect seen:B:K:1 A.close free:B seen:A:R:1" },
	{ "gone, reset lost",
	  "B.listen hold:B:K:1 drop:A:R:1 A.connect seen:B:K:1 A.close free:B seen:A:R:2" },
	{ "gone without a word", "drop:A:S:0 A.connect seen:A:S:2 A.close" },
	{ "TIME-WAIT reused", ALL END_B " A.listen B.port B.connect B.up A.accept" END_A },
	{ "TIME-WAIT reused from the other end",
	  ALL END_A " A.listen B.port B.connect B.up A.accept" END_B },
	{ "TIME-WAIT reused, SYN lost",
	  ALL END_A " A.listen drop:B:S:1 B.port B.connect B.up A.accept" END_B },
	{ "half-open found by a SYN",
	  ALL "A.send:10 B.read:10 A.vanish A.connect A.up B.err B.close B.accept" END_A },
	{ "half-open found by data", ALL "A.send:10 B.read:10 A.vanish B.send:10 B.err B.close" },
	{ "server closes during Fast Open",
	  "B.listen:tfo hold:A:P:1 A.tfo:50 B.accept B.read:50 B.fin seen:A:P:1 free:A A.up A.eof "
	  "A.fin B.eof A.close B.close" },
	{ "client resets its attempt",
	  "B.listen hold:B:K:1 A.connect seen:B:K:1 A.rst free:B seen:A:R:1" },
};

static void add(struct scenario *s, const struct part *p)
{
	size_t n = strlen(s->name), m = strlen(s->script);

	snprintf(s->name + n, sizeof s->name - n, "%s%s", n > 0 ? "; " : "", p->name);
	snprintf(s->script + m, sizeof s->script - m, "%s%s", m > 0 ? " " : "", p->script);
}

/* The same with the ends' roles the other way round. */
static void swap(struct scenario *s)
{
	for (char *p = s->script; *p != '\0'; p++)
		if ((*p == 'A' || *p == 'B') && (p == s->script || p[-1] == ' ' || p[-1] == ':') &&
		    (p[1] == '.' || p[1] == ':' || p[1] == ' ' || p[1] == '\0'))
			*p = *p == 'A' ? 'B' : 'A';
	strcat(s->name, "; ends exchanged");
}

int scenario_get(int i, struct scenario *s)
{
	const int o = ARRAY_LEN(opening), m = ARRAY_LEN(middle), e = ARRAY_LEN(ending),
		  l = ARRAY_LEN(slow);
	bool other = i & 1;

	memset(s, 0, sizeof *s);
	i /= 2;
	if (i < o * m * e) {
		add(s, &opening[i / (m * e)]);
		add(s, &middle[i / e % m]);
		add(s, &ending[i % e]);
	} else if ((i -= o * m * e) < l * e) {
		add(s, &opening[0]);
		add(s, &slow[i / e]);
		/* Nobody is left to close in order. */
		if (strcmp(slow[i / e].name, "keep-alives unanswered") == 0)
			add(s, &(struct part) { "", "A.close B.close" });
		else
			add(s, &ending[i % e]);
	} else if ((i -= l * e) < (int)ARRAY_LEN(special)) {
		add(s, &special[i]);
	} else {
		return 0;
	}
	if (other)
		swap(s);
	return 1;
}
