#!/bin/sh
# The end of a flight is lost and nobody can tell but the clock: timeout.pcapng.
#
# As clean-transfer, 40 000 bytes from h1 (10.0.0.1:40111), but the last three segments are lost behind the tap. Nothing
# arrives behind them, so h2 has no reason to send a duplicate ACK.
#   1-3    handshake
#   4-     slow start; the last three segments with data carry the comment "dropped by the wire"
#   then   the ACKs for all that came before, and silence: over 200 ms, the least retransmission timeout of Linux
#   then   the timeout: h1 sends the first of the three again, and with cwnd 1 only that one
#   then   its ACK lets the other two out: slow start from the beginning
#   end    their ACK, h2's answer "ok", FIN both ways
#
# Needs root or user namespaces, iproute2, a C compiler. RACK and tail loss probes are off, see common.sh.
. "$(dirname "$0")/common.sh"
lab_enter "$@"
lab_begin

host h1 h2
cable h1 h2
static_neighbours
classic_tcp
start_wire -n h1-h2 -a 10.0.0.1=h1 -a 10.0.0.2=h2 -s 10000000 -d 5 -x 26,27,28
on h2 xfer serve 5001 &
sleep 0.2
on h1 xfer send 10.0.0.2 5001 -p 40111 -n 40000 -c reno || exit 1
stop_wire
