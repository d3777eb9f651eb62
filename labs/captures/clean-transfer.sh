#!/bin/sh
# A transfer in which nothing goes wrong: clean-transfer.pcapng.
#
# h1 (10.0.0.1:40110) sends 64 000 bytes to h2 (10.0.0.2:5001) over 10 Mbit/s and 5 ms each way, with Reno. The tap is at h1's end:
# outbound is from h1.
#   1-3    handshake: MSS 1460, SACK permitted, timestamps, window scale
#   4-13   slow start: the initial window of ten segments of 1448 bytes
#   14-    an ACK for each segment at first, every 1.2 ms, which is what a full frame takes at 10 Mbit/s; each lets two new
#          segments out, and the queue in front of the wire grows
#   then   h1 has said everything; the ACKs still arrive at the pace of the wire
#   end    h2's answer "ok", FIN of h1, FIN of h2, the last ACK
# No retransmission, no duplicate, no gap: to compare the other captures with.
#
# Needs root or user namespaces, iproute2, a C compiler.
. "$(dirname "$0")/common.sh"
lab_enter "$@"
lab_begin

host h1 h2
cable h1 h2
static_neighbours
classic_tcp
start_wire -n h1-h2 -a 10.0.0.1=h1 -a 10.0.0.2=h2 -s 10000000 -d 5
on h2 xfer serve 5001 &
sleep 0.2
on h1 xfer send 10.0.0.2 5001 -p 40110 -n 64000 -c reno || exit 1
stop_wire
