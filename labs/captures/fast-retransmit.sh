#!/bin/sh
# One lost segment, found by duplicate ACKs: fast-retransmit.pcapng.
#
# h1 (10.0.0.1:40112) sends 70 000 bytes to h2 (10.0.0.2:5001) over 10 Mbit/s and 5 ms each way, with Reno. The tap is at h1's end:
# outbound is from h1. Relative numbers:
#   1-3    handshake: MSS 1460, SACK permitted, timestamps, window scale; so 1448 bytes of data in a full segment
#   4-13   slow start: the initial window of ten segments. The sixth, 9, SEQ 7241, has the comment "dropped by the wire":
#          h1 sent it, h2 never got it
#   14-28  h2 acknowledges the five segments before it one by one, up to ACK 7241; h1 sends two for each: cwnd 15
#   29,31,33  three duplicates of ACK 7241, whose SACK block begins at 8689 and grows; 30 and 32 are limited transmit
#   34     so h1 sends SEQ 7241 again, without waiting for its timer: the fast retransmission; ssthresh is half of the flight
#   35-53  thirteen more duplicates, for what was in flight behind the loss; for every second one h1 may send a new segment
#   54     ACK 31857 acknowledges all that had arrived in the meantime: recovery ends, congestion avoidance begins
#   55-101 the window grows by one segment in each round trip
#   102-107  the last ACK, h2's answer "ok", FIN both ways
#
# Needs root or user namespaces, iproute2, a C compiler. RACK and tail loss probes are off, see common.sh.
. "$(dirname "$0")/common.sh"
lab_enter "$@"
lab_begin

host h1 h2
cable h1 h2
static_neighbours
classic_tcp
start_wire -n h1-h2 -a 10.0.0.1=h1 -a 10.0.0.2=h2 -s 10000000 -d 5 -x 6
on h2 xfer serve 5001 &
sleep 0.2
on h1 xfer send 10.0.0.2 5001 -p 40112 -n 70000 -c reno || exit 1
stop_wire
