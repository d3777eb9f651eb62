#!/bin/sh
# Address resolution in all its forms: arp.pcapng.
#
# h1 (02:00:00:00:00:01) is to become 10.0.0.1, h2 (02:00:00:00:00:02) is 10.0.0.2. The tap is at h1's end: outbound is from h1.
#   1-3    probes: is anybody 10.0.0.1? The sender's address is 0.0.0.0, so that nobody's table is spoilt (RFC 5227)
#   4      nobody answered: the announcement, a request for the own address
#   5-6    h1 wants to reach 10.0.0.2: request to all, reply to h1 alone
#   7-10   what that was for: two pings. 11-12: h2 had learned h1 from the request, and now checks it by a question of its own
#   13-14  an old entry is used all the same, 15-16 and then checked, by a question to that one address: the unicast poll
#   17-19  nobody is 10.0.0.9: three questions, no answer
#   20-21  a probe for 10.0.0.2, which is taken: h2 defends it. A conflict
#   22     h2 has another card (02:00:00:00:00:22) and announces it, so that h1 changes its entry
#   23-    and the ping goes to the new one at once
#
# Needs root or user namespaces, iproute2, busybox, a C compiler.
. "$(dirname "$0")/common.sh"
lab_enter "$@"
lab_begin busybox

host h1 h2
cable h1 h2
for h in h1 h2; do
	on $h sysctl -qw net.ipv4.conf.eth0.arp_notify=1 net.ipv4.neigh.eth0.delay_first_probe_time=1
done
on h2 ip addr add 10.0.0.2/24 dev eth0
start_wire -n h1-h2 -a 10.0.0.1=h1 -a 10.0.0.2=h2 -d 1

# An address is tested before it is used (RFC 5227), then announced, here by the kernel.
on h1 busybox arping -D -q -c 3 -w 3 -I eth0 10.0.0.1
on h1 ip link set eth0 down
on h1 ip addr add 10.0.0.1/24 dev eth0
on h1 ip link set eth0 up
sleep 0.5
# Resolution, and what it was for.
on h1 busybox ping -q -c 2 10.0.0.2 >/dev/null
sleep 0.5
# An entry that has grown old is used all the same, and checked by a question to it alone.
on h1 ip neigh change 10.0.0.2 dev eth0 nud stale
on h1 busybox ping -q -c 1 10.0.0.2 >/dev/null
sleep 2
# Nobody there.
on h1 busybox ping -q -c 1 -W 4 10.0.0.9 >/dev/null
# A conflict: the address is taken.
on h1 busybox arping -D -q -c 1 -w 1 -I eth0 10.0.0.2
# h2 gets another network card: it says so, and h1 believes it.
on h2 ip link set eth0 address 02:00:00:00:00:22
sleep 0.5
on h1 busybox ping -q -c 1 10.0.0.2 >/dev/null
stop_wire
