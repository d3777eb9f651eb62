#!/bin/sh
# A host gets an address, renews it and gives it back: dhcp.pcapng.
#
# client (02:00:00:00:00:01) and server (02:00:00:00:00:02, 192.168.7.1, dnsmasq) on one cable. The tap is at the client's end:
# outbound is from the client.
#   1   discover: from 0.0.0.0 to all, with the options that the client would like
#   2   offer: an address, its lease of 120 s, mask, router, name server, time server, domain
#   3   request: to all, so that other servers know they were not chosen
#   4   acknowledgment
#   5   the client probes the address before it uses it (RFC 5227); 6-7 the server asks in turn who has it now
#   8-9 a ping, the address in use
#   10-11  renewal: request and acknowledgment, to and from the one server, long before the lease ends
#   12  the probe again
#   13  release: nobody answers that
#
# Needs root or user namespaces, iproute2, busybox (udhcpc), dnsmasq, a C compiler.
. "$(dirname "$0")/common.sh"
lab_enter "$@"
lab_begin busybox dnsmasq

host client server
cable client server
on server ip addr add 192.168.7.1/24 dev eth0
cat >"$lab/configure" <<'END'
#!/bin/sh
# What udhcpc calls when it has got, renewed or lost an address.
case $1 in
bound | renew) ip addr replace "$ip/24" dev "$interface" ;;
deconfig) ip addr flush dev "$interface" ;;
esac
END
chmod +x "$lab/configure"
on server dnsmasq --no-daemon --conf-file=/dev/null --port=0 --interface=eth0 --bind-interfaces \
	--dhcp-leasefile="$lab/leases" --dhcp-authoritative --no-ping \
	--dhcp-range=192.168.7.100,192.168.7.150,255.255.255.0,2m --domain=lab.example \
	--dhcp-option=option:router,192.168.7.1 --dhcp-option=option:dns-server,192.168.7.1 \
	--dhcp-option=option:ntp-server,192.168.7.1 --dhcp-option=option:mtu,1500 2>"$lab/dnsmasq.log" &
start_wire -n client-server -a 192.168.7.1=server -d 1
on client busybox udhcpc -f -i eth0 -s "$lab/configure" -a -x hostname:laptop -F laptop 2>"$lab/udhcpc.log" &
sleep 6
udhcpc=$(pgrep -x busybox) || { cat "$lab"/*.log >&2; exit 1; }
on client busybox ping -q -c 1 192.168.7.1 >/dev/null
kill -USR1 "$udhcpc" # renew
sleep 4
kill -USR2 "$udhcpc" # release
sleep 1
kill "$udhcpc"
stop_wire
