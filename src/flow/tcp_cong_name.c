/* What a congestion tracker found, in words. */
#include "flow/tcp_cong.h"

const char *tcp_phase_name(enum tcp_phase p)
{
	static const char *const name[TCP_PHASE_COUNT] = {
		[TCP_PHASE_NONE] = "none",
		[TCP_PHASE_HANDSHAKE] = "handshake",
		[TCP_PHASE_SLOW_START] = "slow start",
		[TCP_PHASE_AVOIDANCE] = "congestion avoidance",
		[TCP_PHASE_RECOVERY] = "fast recovery",
		[TCP_PHASE_LOSS] = "timeout recovery",
	};

	return name[p];
}

const char *tcp_phase_why_name(enum tcp_phase_why w)
{
	static const char *const name[TCP_PHASE_WHY_COUNT] = {
		[TCP_WHY_NONE] = "",
		[TCP_WHY_SYN] = "it opens",
		[TCP_WHY_ESTABLISHED] = "its SYN is acknowledged",
		[TCP_WHY_MIDSTREAM] = "the capture begins here",
		[TCP_WHY_DUPACKS] = "third duplicate acknowledgment",
		[TCP_WHY_SACK] = "selective acknowledgments leave a hole",
		[TCP_WHY_EARLY] = "sent again before the timer",
		[TCP_WHY_TIMEOUT] = "retransmission timeout",
		[TCP_WHY_RECOVERED] = "all is acknowledged that was out when the loss was found",
		[TCP_WHY_UNDONE] = "nothing had been lost",
		[TCP_WHY_SSTHRESH] = "cwnd has reached ssthresh",
		[TCP_WHY_NO_GROWTH] = "acknowledgments no longer double what it sends",
		[TCP_WHY_GROWTH] = "acknowledgments double what it sends",
		[TCP_WHY_IDLE] = "its window was not used",
	};

	return name[w];
}

const char *tcp_limit_name(enum tcp_limit l)
{
	static const char *const name[TCP_LIMIT_COUNT] = {
		[TCP_LIMIT_UNKNOWN] = "unknown",
		[TCP_LIMIT_APP] = "application",
		[TCP_LIMIT_RWND] = "receiver window",
		[TCP_LIMIT_CWND] = "network",
	};

	return name[l];
}

const char *tcp_algorithm_name(enum tcp_algorithm a)
{
	return a == TCP_ALGORITHM_RENO ? "reno" : "cubic";
}
