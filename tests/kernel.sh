#!/bin/sh
# The state machine of both ends against the kernel: thousands of real connections between two network namespaces, opened and
# closed in every order, with loss, reordering and resets; the kernel says by a tracepoint which states its sockets went
# through, and the tracker must say the same from a capture alone, taken at either end and between them.
# sanitizers: yes
set -u
here=$BUILDDIR/build/tests/kernel
"$here/state_run" "$T" 2>"$T/err"
case $? in
0) ;;
3)
	echo "skip kernel: $(tail -n 1 "$T/err")"
	exit 0
	;;
*)
	echo "FAIL kernel: the connections could not be made: $(tail -n 3 "$T/err")"
	exit 0
	;;
esac
for tap in wire near-a near-b; do
	if "$here/state_compare" "$T" $tap >"$T/out"; then
		cat "$T/out"
		echo "ok the kernel's states, from the capture $tap"
	else
		cat "$T/out"
		echo "FAIL the kernel's states, from the capture $tap"
	fi
	for late in 1 2 3 5 8; do
		if "$here/state_compare" "$T" $tap $late >"$T/out"; then
			echo "ok the capture $tap, $(cat "$T/out")"
		else
			cat "$T/out"
			echo "FAIL the capture $tap, begun $late packets late"
		fi
	done
done
