#!/bin/sh
# Every frame of every capture, ours and the bundled ones, decoded at every length (tests/gen/mkcut.c has the exact rule).
# sanitizers: yes
set -u
mkcaps=$BUILDDIR/build/tests/gen/mkcaps mkcut=$BUILDDIR/build/tests/gen/mkcut
mkdir "$T/caps" && "$mkcaps" "$T/caps" || exit 1
cp "$SRCDIR"/labs/captures/*.pcapng "$T/caps"
cd "$T/caps" || exit 1
if "$mkcut" ./* >"$T/out" 2>&1; then
	echo "ok $(ls | wc -l) captures at every length, $(cat "$T/out") decodes"
else
	echo "FAIL captures at every length: $(grep -m 1 -E "not so|ERROR|runtime error" "$T/out")"
fi
