/* What the connections of tests/kernel.sh do: scripts made of an opening, a middle and an end. */
#ifndef TESTS_KERNEL_SCENARIOS_H
#define TESTS_KERNEL_SCENARIOS_H

struct scenario {
	char name[120];
	char script[1200]; /* steps with blanks between them: state_run.c */
};

/* Scenario number i, from 0; false behind the last. */
int scenario_get(int i, struct scenario *s);

#endif
