#!/bin/sh
# Every frame of every capture, decoded at every length. (What mixed.pcap and its like repeat of the others is left out.)
# sanitizers: yes
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps mkcut=$BUILDDIR/build/tests/gen/mkcut
mkdir "$T/caps" && "$mkcaps" "$T/caps" || exit 1
for f in $("$mkcaps" --list | awk '$2 != "damaged" && $1 !~ /^(mixed|fmt|cut|offload|trailing)/ { print $1 }'); do
	case $f in
	bad-length* | bad-checksum* | bad-noise*) step=61 ;; # many thousands, all alike but for a few bytes
	*) step=1 ;;
	esac
	if "$mkcut" $step "$T/caps/$f" >"$T/out" 2>&1; then
		echo "ok $f at every length, $(cat "$T/out") decodes"
	else
		echo "FAIL $f at every length: $(grep -m 1 -E "not so|ERROR|runtime error" "$T/out")"
	fi
done
