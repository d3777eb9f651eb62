/* Short words of the transport pane fit where they stand, and the state diagram lights what it
 * should. */
#include "ui/tcpdiagram.h"
#include "ui/tcpwords.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { BRIEF = 8 };

static int width(const char *s)
{
	return canvas_width(s, strlen(s));
}

static void states(void **state)
{
	(void)state;
	for (int s = TCPS_CLOSED; s < TCPS_COUNT; s++) {
		const char *brief = tcpwords_state((enum tcp_state)s, true);

		assert_in_range(width(brief), 1, TCPWORDS_STATE_BRIEF);
		assert_in_range(width(tcpwords_state((enum tcp_state)s, false)), 1, TCPWORDS_STATE);
		for (int other = TCPS_CLOSED; other < s; other++)
			assert_string_not_equal(brief, tcpwords_state((enum tcp_state)other, true));
	}
	assert_string_equal(tcpwords_state(TCPS_UNKNOWN, false), "");
	for (int p = 0; p < TCP_PHASE_COUNT; p++)
		assert_true(width(tcpwords_phase((enum tcp_phase)p)) <= 16);
}

/* A verdict of each kind has its word, and each finding of the trackers. */
static void marks(void **state)
{
	struct tcp_seen seen = { .whole = true };
	struct tcp_verdict v = { 0 };
	enum style style;
	struct txt t;

	(void)state;
	txt_init(&t);
	assert_false(tcpwords_mark(&t, &seen, &v, true, &style));
	assert_false(tcpwords_quick(&t, &seen, 0, true, &style));
	assert_int_equal(t.n, 0);
	for (int k = TCP_KIND_NONE + 1; k < TCP_KIND_COUNT; k++)
		for (int brief = 0; brief < 2; brief++) {
			txt_clear(&t);
			v.kind = (u8)k;
			assert_true(tcpwords_mark(&t, &seen, &v, brief, &style));
			assert_in_range(width(txt_str(&t)), 1, brief ? BRIEF : 40);
		}
	for (u32 bit = 1; bit <= TCP_FOUND_REUSED_PORTS; bit <<= 1)
		for (int brief = 0; brief < 2; brief++) {
			txt_clear(&t);
			seen.report.found = (u16)bit;
			seen.report.dup_ack_num = 3;
			assert_true(tcpwords_quick(&t, &seen, 0, brief, &style));
			assert_in_range(width(txt_str(&t)), 1, brief ? BRIEF : 40);
		}
	assert_string_equal(txt_str(&t), "reused");
	txt_clear(&t);
	seen = (struct tcp_seen) { .whole = true };
	seen.cong[1].again = true;
	assert_false(tcpwords_quick(&t, &seen, 0, true, &style));
	assert_true(tcpwords_quick(&t, &seen, 1, true, &style));
	assert_int_equal(style, STYLE_RETRANS);
	txt_clear(&t);
	seen.ends.faults = 1u << TCP_FAULT_RST_NOT_EXACT;
	assert_true(tcpwords_quick(&t, &seen, 1, false, &style));
	assert_string_equal(txt_str(&t), "! rst not exact");
	txt_fini(&t);
}

/* Cells in the style of the edge that moved; a blank among them is a stroke beside the drawing. */
static int lit(const struct grid *g, const struct tcp_edge *e)
{
	struct tcpdiagram d = { .packet = 7, .last = { *e } };
	struct canvas c = canvas_of((struct grid *)(uintptr_t)g);
	int n = 0;

	canvas_fill(&c, 0, 0, c.w, c.h, STYLE_DEFAULT, ' ');
	tcpdiagram_draw(&d, &c);
	for (int i = 0; i < g->w * (TCPDIAGRAM_H - 2); i++)
		if (g->cells[i].style == STYLE_STATE) {
			assert_int_not_equal(g->cells[i].ch, ' ');
			n++;
		}
	return n;
}

static void edges(void **state)
{
	int drawn = 0, guessed = 0;
	struct grid g;

	(void)state;
	grid_init(&g, TCPDIAGRAM_W, TCPDIAGRAM_H, false);
	for (int from = 0; from < TCPS_COUNT; from++)
		for (int to = 1; to < TCPS_COUNT; to++) {
			struct tcp_edge e = {
				.packet = 7, .from = (u8)from, .to = (u8)to, .why = TCP_WHY_SENT_SYN
			};

			if (lit(&g, &e) == 0)
				continue;
			drawn += from != TCPS_UNKNOWN;
			guessed += from == TCPS_UNKNOWN;
		}
	/* Figure 5 has 20: without LISTEN's CLOSE, SYN-SENT's CLOSE and SYN-RECEIVED's RST, and
	 * with that of its third note. */
	assert_int_equal(drawn, 18);
	assert_int_equal(guessed, 2);
	grid_fini(&g);
}

/* The text at a state's name. */
static bool shows(const struct tcpdiagram *d, const char *text)
{
	struct canvas c;
	struct grid g;
	struct txt t;
	bool found;

	grid_init(&g, TCPDIAGRAM_W, TCPDIAGRAM_H, false);
	c = canvas_of(&g);
	tcpdiagram_draw(d, &c);
	txt_init(&t);
	canvas_dump(&g, &t);
	found = strstr(txt_str(&t), text) != NULL;
	txt_fini(&t);
	grid_fini(&g);
	return found;
}

static void ends(void **state)
{
	struct txt t;

	(void)state;
	txt_init(&t);
	for (int s = TCPS_CLOSED; s < TCPS_COUNT; s++) {
		struct tcpdiagram d = { .state = { (u8)s, (u8)s } };

		txt_clear(&t);
		txt_printf(&t, "[%s]", tcp_state_name((enum tcp_state)s));
		assert_true(shows(&d, txt_str(&t)));
	}
	/* where connections end, not where they begin */
	assert_true(shows(
		&(struct tcpdiagram) {
			.state = { TCPS_CLOSED },
			.last = { { .packet = 3, .from = TCPS_LAST_ACK, .to = TCPS_CLOSED } } },
		"TIME-WAIT ▶[CLOSED ◀╯"));
	txt_fini(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states),
		cmocka_unit_test(marks),
		cmocka_unit_test(edges),
		cmocka_unit_test(ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
