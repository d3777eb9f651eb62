/* The states of TCP and what moves them, in words. */
#include "flow/tcp_state.h"

const char *tcp_state_name(enum tcp_state s)
{
	static const char *const name[TCPS_COUNT] = {
		[TCPS_UNKNOWN] = "unknown",
		[TCPS_CLOSED] = "CLOSED",
		[TCPS_LISTEN] = "LISTEN",
		[TCPS_SYN_SENT] = "SYN-SENT",
		[TCPS_SYN_RECEIVED] = "SYN-RECEIVED",
		[TCPS_ESTABLISHED] = "ESTABLISHED",
		[TCPS_FIN_WAIT_1] = "FIN-WAIT-1",
		[TCPS_FIN_WAIT_2] = "FIN-WAIT-2",
		[TCPS_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCPS_CLOSING] = "CLOSING",
		[TCPS_LAST_ACK] = "LAST-ACK",
		[TCPS_TIME_WAIT] = "TIME-WAIT",
	};

	return name[s];
}

const char *tcp_why_name(enum tcp_why w)
{
	static const char *const name[TCP_WHY_COUNT] = {
		[TCP_WHY_SENT_SYN] = "sent SYN",
		[TCP_WHY_GOT_SYN] = "received SYN",
		[TCP_WHY_GOT_SYN_ACK] = "received SYN, ACK",
		[TCP_WHY_GOT_ACK_OF_SYN] = "received ACK of SYN",
		[TCP_WHY_SENT_FIN] = "sent FIN",
		[TCP_WHY_GOT_FIN] = "received FIN",
		[TCP_WHY_GOT_ACK_OF_FIN] = "received ACK of FIN",
		[TCP_WHY_GOT_FIN_AND_ACK] = "received FIN, ACK of FIN",
		[TCP_WHY_SENT_RST] = "sent RST",
		[TCP_WHY_GOT_RST] = "received RST",
		[TCP_WHY_REFUSED] = "refused",
		[TCP_WHY_GONE] = "had been closed",
		[TCP_WHY_2MSL] = "2 MSL timeout",
		[TCP_WHY_SEEN] = "seen in this state",
		[TCP_WHY_TAKEN_BACK] = "taken back",
	};

	return name[w];
}

const char *tcp_state_brief(enum tcp_state s)
{
	static const char *const brief[TCPS_COUNT] = {
		[TCPS_UNKNOWN] = "?",
		[TCPS_CLOSED] = "CLOSED",
		[TCPS_LISTEN] = "LISTEN",
		[TCPS_SYN_SENT] = "SYN-SENT",
		[TCPS_SYN_RECEIVED] = "SYN-RCVD",
		[TCPS_ESTABLISHED] = "ESTAB",
		[TCPS_FIN_WAIT_1] = "FIN-W-1",
		[TCPS_FIN_WAIT_2] = "FIN-W-2",
		[TCPS_CLOSE_WAIT] = "CLOSE-W",
		[TCPS_CLOSING] = "CLOSING",
		[TCPS_LAST_ACK] = "LAST-ACK",
		[TCPS_TIME_WAIT] = "TIME-W",
	};

	return brief[s];
}
