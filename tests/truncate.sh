#!/bin/sh
# Every frame of every capture, decoded at every length.
# sanitizers: yes
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps mkcut=$BUILDDIR/build/tests/gen/mkcut
mkdir "$T/caps" && "$mkcaps" "$T/caps" || exit 1
for f in $("$mkcaps" --list | awk '$2 != "damaged" { print $1 }'); do
	if "$mkcut" "$T/caps/$f" >"$T/out" 2>&1; then
		echo "ok $f at every length, $(cat "$T/out") decodes"
	else
		echo "FAIL $f at every length: $(grep -m 1 -E "not so|ERROR|runtime error" "$T/out")"
	fi
done
