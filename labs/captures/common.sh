# What the recording scripts share. Sourced by them; each then runs inside a network, mount and PID namespace of its own,
# so that nothing outside is touched and nothing is left behind. As root, or as a user where user namespaces are allowed.

here=$(cd "$(dirname "$0")" && pwd)
out=$here/$(basename "$0" .sh).pcapng

# lab_enter "$@": start the script again inside the namespaces.
lab_enter() {
	[ -z "${IN_LAB-}" ] || return 0
	if [ "$(id -u)" = 0 ]; then user=; else user='--user --map-root-user'; fi
	# shellcheck disable=SC2086
	IN_LAB=yes exec unshare $user --net --mount --pid --fork --mount-proc --kill-child sh "$0" "$@"
}

# need PROGRAM...: all of them, or a sentence.
need() {
	for p; do
		command -v "$p" >/dev/null || { echo "$(basename "$0"): needs $p" >&2; exit 1; }
	done
}

# lab_compile: the helpers, into a folder of this run.
lab_compile() {
	lab=$(mktemp -d) || exit 1
	trap 'rm -rf "$lab"' EXIT
	for c in wire xfer tap; do
		cc -O2 -o "$lab/$c" "$here/$c.c" || exit 1
	done
	PATH=$lab:$PATH
}

# lab_begin PROGRAM...: prepare a private place for the names of the hosts. The programs are needed too.
lab_begin() {
	need unshare nsenter ip sysctl cc "$@"
	lab_compile
	mount -t tmpfs tmpfs /run && mkdir /run/netns || exit 1
	ip link set lo up
}

# on HOST COMMAND...: run it there.
on() {
	host=$1
	shift
	nsenter --net="/run/netns/$host" "$@"
}

# host NAME...: hosts without IPv6 and its noise.
host() {
	for h; do
		ip netns add "$h" || exit 1
		[ ! -e /proc/sys/net/ipv6 ] || on "$h" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
		on "$h" ip link set lo up
	done
}

# cable HOST1 HOST2: an interface eth0 at each, and between them two interfaces w1 and w2 for the wire, here.
cable() {
	n=0
	for h in "$1" "$2"; do
		n=$((n + 1))
		ip link add "w$n" type veth peer name eth0 netns "$h" || exit 1
		[ ! -e /proc/sys/net/ipv6 ] || sysctl -qw "net.ipv6.conf.w$n.disable_ipv6=1"
		on "$h" ip link set eth0 address "02:00:00:00:00:0$n"
		on "$h" "$lab/wire" -p eth0
		wire -p "w$n"
		ip link set "w$n" up
		on "$h" ip link set eth0 up
	done
}

# static_neighbours: h1 is 10.0.0.1 and h2 10.0.0.2, and they know each other, so that no ARP gets into the capture.
static_neighbours() {
	on h1 ip addr add 10.0.0.1/24 dev eth0
	on h2 ip addr add 10.0.0.2/24 dev eth0
	on h1 ip neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 nud permanent dev eth0
	on h2 ip neigh replace 10.0.0.1 lladdr 02:00:00:00:00:01 nud permanent dev eth0
}

# classic_tcp: losses are found by three duplicate ACKs (RFC 5681) or the timer, not by RACK or tail loss probes,
# and nothing is remembered from one run to the next.
classic_tcp() {
	for h in h1 h2; do
		on "$h" sysctl -qw net.ipv4.tcp_recovery=0 net.ipv4.tcp_early_retrans=0 net.ipv4.tcp_no_metrics_save=1 \
			net.ipv4.tcp_rmem='4096 131072 6291456'
	done
}

# start_wire OPTIONS...: begin to record into the script's capture.
start_wire() {
	wire -o "$out" "$@" w1 w2 &
	wire_pid=$!
	sleep 0.3
}

# stop_wire: let what is on its way arrive, then complete the capture.
stop_wire() {
	sleep 0.3
	kill "$wire_pid" && wait "$wire_pid"
	echo "$out"
}
