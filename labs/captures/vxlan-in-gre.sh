#!/bin/sh
# An overlay in an overlay, one packet seen at four places: vxlan-in-gre.pcapng.
#
#    h5 32.0.0.5                                                                            32.0.0.2 h2
#        |   NS2                     LC2                SC2      SC1               LC11             NS1   |
#        +-- br0 -- vxlan0 - eth0 -- eth1 - gre1 - eth0 -- spine -- eth0 - gre1 - eth1 -- eth0 - vxlan0 -- br0
#                      111.0.0.2   111.0.0.1   102.0.0.2         101.0.0.2   110.0.0.1   110.0.0.2
#
# A VXLAN (vni 42, port 4789) joins the bridges of NS1 and NS2; between them lies a GRE tunnel from LC2 to LC11 across the spine.
# MTU: 1500 on the cables, 1476 in GRE, 1450 in VXLAN. The four interfaces are NS2:vxlan0, where the packet is plain, NS2:eth0,
# where VXLAN is around it, LC2:eth0, where GRE is around that, and SC2:eth1, the same one hop on; outbound goes to h2.
#   1-8      h5 asks for the address of h2, an ARP request inside VXLAN inside GRE, and gets its answer: each seen four times
#   9-32     three pings: request and reply, each four times; in GRE they are 138 bytes with its header
#   33-45    a ping of 1400 bytes: 1442 with its frame, 1478 as a VXLAN packet, which GRE's 1476 cannot hold: LC2 cuts the VXLAN
#            datagram into two fragments (LC11 does it with the reply), and the far end of the VXLAN puts it together again
#   46-      TCP, h5:40115 to h2:5001: 5000 bytes in writes of 1000 bytes, each segment and each ACK four times over. Nothing is
#            lost and nothing is sent twice, although a tool that takes the four for one conversation says so
# In between the hosts of the underlay refresh their ARP entries, without any tunnel.
#
# Needs user-mode-linux (a Linux kernel that runs as a program: for GRE, which not every kernel has), busybox, iproute2,
# a C compiler; no privilege.
. "$(dirname "$0")/common.sh"
case ${IN_LAB-} in
'')
	need cc linux.uml busybox ip nsenter
	lab_compile
	# A kernel of its own, as an ordinary program: this one may have no GRE. It runs this script as its init.
	[ -d /dev/shm ] && shm=/dev/shm || shm=$lab
	TMPDIR=$shm linux.uml mem=256M root=/dev/root rootfstype=hostfs rw "init=$here/$(basename "$0")" con=null con0=fd:0,fd:1 quiet \
		IN_LAB=guest "lab=$lab" "PATH=$PATH" >"$lab/console" 2>&1 </dev/null
	grep -q recorded "$lab/console" && echo "$out" && exit 0
	cat "$lab/console" >&2
	exit 1
	;;
esac
trap 'busybox poweroff -f' EXIT
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run && mkdir /run/netns
set -e

# load MODULE...: with what each depends on, which modules.dep lists last first.
load() {
	dir=/usr/lib/uml/modules/$(uname -r)
	for module; do
		files=
		for f in $(sed -n "s,^\(.*/$module.ko\):,\1,p" "$dir/modules.dep"); do files="$f $files"; done
		for f in $files; do busybox insmod "$dir/$f" 2>/dev/null || :; done
	done
}
load veth bridge vxlan ip_gre

# link HOST1 IF1 HOST2 IF2: a plain veth.
mac=16
link() {
	ip link add "$2" netns "$1" type veth peer name "$4" netns "$3"
	for end in "$1 $2" "$3 $4"; do
		set -- $end
		mac=$((mac + 1))
		on "$1" ip link set "$2" address "02:00:00:00:00:$mac"
		on "$1" "$lab/wire" -p "$2"
		on "$1" ip link set "$2" up
	done
}
addr() { # HOST IF ADDRESS
	on "$1" ip addr add "$3" dev "$2"
}

host SC1 SC2 LC11 LC2 NS1 NS2 H2 H5
link SC1 eth1 SC2 eth1
link SC1 eth0 LC11 eth0
link SC2 eth0 LC2 eth0
link LC11 eth1 NS1 eth0
link LC2 eth1 NS2 eth0
link NS1 port1 H2 eth0
link NS2 port1 H5 eth0
on H2 ip link set eth0 address 02:00:00:00:00:02
on H5 ip link set eth0 address 02:00:00:00:00:05
addr SC1 eth1 100.0.0.1/24
addr SC2 eth1 100.0.0.2/24
addr SC1 eth0 101.0.0.1/24
addr LC11 eth0 101.0.0.2/24
addr SC2 eth0 102.0.0.1/24
addr LC2 eth0 102.0.0.2/24
addr LC11 eth1 110.0.0.1/24
addr NS1 eth0 110.0.0.2/24
addr LC2 eth1 111.0.0.1/24
addr NS2 eth0 111.0.0.2/24
addr H2 eth0 32.0.0.2/24
addr H5 eth0 32.0.0.5/24
for h in SC1 SC2 LC11 LC2; do on $h sysctl -qw net.ipv4.ip_forward=1; done
on SC1 ip route add 102.0.0.0/24 via 100.0.0.2
on SC2 ip route add 101.0.0.0/24 via 100.0.0.1
on LC11 ip route add default via 101.0.0.1
on LC2 ip route add default via 102.0.0.1
on NS1 ip route add default via 110.0.0.1
on NS2 ip route add default via 111.0.0.1

on LC11 ip link add gre1 type gre local 101.0.0.2 remote 102.0.0.2 ttl 64
on LC2 ip link add gre1 type gre local 102.0.0.2 remote 101.0.0.2 ttl 64
on LC11 ip link set gre1 up
on LC2 ip link set gre1 up
on LC11 ip route add 111.0.0.0/24 dev gre1
on LC2 ip route add 110.0.0.0/24 dev gre1

on NS1 ip link add vxlan0 type vxlan id 42 dstport 4789 local 110.0.0.2 remote 111.0.0.2 dev eth0
on NS2 ip link add vxlan0 type vxlan id 42 dstport 4789 local 111.0.0.2 remote 110.0.0.2 dev eth0
for h in NS1 NS2; do
	on $h ip link add br0 type bridge mcast_snooping 0
	on $h ip link set vxlan0 master br0
	on $h ip link set port1 master br0
	on $h ip link set vxlan0 up
	on $h ip link set br0 up
done
sleep 1
on NS2 busybox ping -q -c 1 -W 2 110.0.0.2 # so that the outer ways know each other

tap -o "$out" -a 32.0.0.2=h2 -a 32.0.0.5=h5 -a 101.0.0.2=LC11 -a 102.0.0.2=LC2 -a 110.0.0.2=NS1 -a 111.0.0.2=NS2 \
	NS2:vxlan0 NS2:eth0 LC2:eth0 SC2:eth1 &
tap=$!
on H2 xfer serve 5001 &
sleep 1
on H5 busybox ping -q -c 3 32.0.0.2
on H5 busybox ping -q -c 1 -s 1400 32.0.0.2
on H5 xfer send 32.0.0.2 5001 -p 40115 -n 5000 -w 1000 -i 3 -c reno
sleep 1
kill $tap
wait $tap
echo recorded
