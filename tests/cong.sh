#!/bin/sh
# What the tracker says of a sender's congestion control, from a capture alone, against what the kernel says of it (cong_run has
# the scenarios, cong_compare the comparison; doc/congestion.md has what was measured). Needs a TAP device and namespaces.
# All of it is asserted well below what is measured: how a sender and a path meet is never quite the same twice.
set -u
run=$BUILDDIR/build/tests/kernel/cong_run
compare=$BUILDDIR/build/tests/kernel/cong_compare

mkdir "$T/probe"
why=$("$run" window reno "$T/probe")
case $? in
0) ;;
77) echo "skip congestion against the kernel: $why" && exit 0 ;;
*) echo "FAIL congestion against the kernel: $why" && exit 1 ;;
esac

scenarios=$("$run")
for s in $scenarios; do
	for a in reno cubic; do
		mkdir "$T/$s.$a"
		echo "$s $a $T/$s.$a"
	done
done | xargs -P 6 -L 1 "$run" >"$T/said" 2>&1 || { echo "FAIL transfers: $(cat "$T/said")" && exit 1; }

# pairs SIDE ALGORITHM SCENARIO...: what cong_compare reads.
pairs() {
	side=$1 a=$2
	shift 2
	for s; do echo "$T/$s.$a/$side.pcap $T/$s.$a/truth"; done
}

# agree NAME PHASE CWND ARGUMENT...: the phase is right for at least PHASE percent of the time, and the median error of cwnd at most CWND
# percent.
agree() {
	name=$1 phase=$2 cwnd=$3
	shift 3
	# shellcheck disable=SC2068
	"$compare" $@ >"$T/out" 2>&1 || { echo "FAIL $name: $(cat "$T/out")" && return; }
	awk -v name="$name" -v phase="$phase" -v cwnd="$cwnd" '{
		text = sprintf("phase right %s %% of %s s (%s changes), off by: cwnd %s %% (9 of 10 times below %s %%), ssthresh %s %%, in flight %s %%, SRTT %s %%, RTO %s %%",
			$3, $1, $2, $4, $5, $6, $7, $8, $9)
		for (i = 10; i <= NF; i++) text = text (i == 10 ? "; " : " ") $i
		if ($3 + 0 >= phase && $4 + 0 <= cwnd) print "ok " name ": " text
		else print "FAIL " name ": " text " (wanted " phase " % and " cwnd " %)"
	}' "$T/out"
}

# The place, as the handshake tells it.
for side in sender middle receiver; do
	case $side in sender) place='near the client' ;; middle) place='between' ;; *) place='near the server' ;; esac
	# shellcheck disable=SC2046,SC2086
	if "$compare" $(pairs $side cubic $scenarios) $(pairs $side reno $scenarios) | grep -q "%* ($place)\$"; then
		echo "ok the captures of the $side are $place"
	else
		echo "FAIL the captures of the $side are $place: they are taken for others"
	fi
done

# Reno limited by its application or the receiver cannot be told from CUBIC: those only where the algorithm is told.
full=
for s in $scenarios; do
	case $s in application | window*) ;; *) full="$full $s" ;; esac
	agree "cubic, $s" 90 "$(case $s in application) echo 60 ;; window*) echo 1000 ;; *) echo 15 ;; esac)" "$(pairs sender cubic "$s")"
	# A window that is not full shows nothing of its size: nothing is wanted where it never is.
	agree "reno, told so, $s" 90 "$(case $s in application) echo 60 ;; window*) echo 1000 ;; *) echo 15 ;; esac)" -a reno "$(pairs sender reno "$s")"
done
# shellcheck disable=SC2086
{
	agree "all of cubic" 97 10 "$(pairs sender cubic $scenarios)"
	agree "all of reno, told so" 97 10 -a reno "$(pairs sender reno $scenarios)"
	agree "all of reno that is limited by the network" 95 10 "$(pairs sender reno $full)"
	agree "all of reno" 70 20 "$(pairs sender reno $scenarios)"
	for side in middle receiver; do
		agree "cubic, seen at the $side" 80 20 "$(pairs $side cubic $full)"
		agree "reno, seen at the $side" 80 20 "$(pairs $side reno $full)"
	done
}
