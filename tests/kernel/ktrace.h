/* The kernel's own word on the states of its sockets: the tracepoint sock:inet_sock_set_state, in a
 * tracefs instance of our own. */
#ifndef TESTS_KERNEL_KTRACE_H
#define TESTS_KERNEL_KTRACE_H

/* Begins to record. False with the reason on stderr where it is not allowed here. */
int ktrace_begin(void);
/* Writes to PATH what the sockets of the two ends did, a line a socket in the order of their first
 * change: end ("A", "B"), connection, states it came to, each with @ and when: ns on the clock of
 * the captures, of which the kernel tells the microseconds. Removes the instance. */
void ktrace_end(const char *path);

#endif
