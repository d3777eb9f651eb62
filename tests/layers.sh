#!/bin/sh
# The rooms of src/: an include may only point down, curses and histedit stay behind their doors, and the
# rooms in the middle reach for no clock, socket, file, thread or random device.
set -u

rooms="base packet flow filter tape tap utcp lab meter guide cmd ui term app"
pure="base packet flow filter"

# check DIR: one line for every include below DIR/src that must not be there.
check() (
	cd "$1/src" || exit 1
	find . -name '*.[ch]' | sort | xargs awk -v rooms="$rooms" '
		BEGIN { n = split(rooms, r, " "); for (i = 1; i <= n; i++) level[r[i]] = i }
		FNR == 1 { split(FILENAME, part, "/"); room = part[2]
			if (!(room in level)) print FILENAME ": is in no room of the design" }
		/^[ \t]*#[ \t]*include/ {
			at = FILENAME ":" FNR ": " room
			name = $0; sub(/^[^"<]*["<]/, "", name); sub(/[">].*/, "", name)
			if ($0 ~ /"/) {
				to = name; sub(/\/.*/, "", to)
				if (name == "config.h") next
				else if (name !~ /\// || !(to in level)) print at " includes \"" name "\", which is no path from src/"
				else if (level[to] > level[room]) print at " includes \"" name "\", which stands above it"
			} else if (name ~ /(^|\/)(n?curses|term)\.h$/ && room != "term")
				print at " includes <" name ">; only term/ may"
			else if (name ~ /histedit\.h$/ || name ~ /editline\//) {
				if (room != "term") print at " includes <" name ">; only term/ may"
				if (edit && edit != FILENAME) print at " includes <" name ">, and so does " edit
				edit = FILENAME
			}
		}'
)

report() { # report NAME PROBLEMS
	if [ -z "$2" ]; then
		echo "ok $1"
	else
		echo "$2"
		echo "FAIL $1: see above"
	fi
}

report "includes point down" "$(check "$SRCDIR")"

# The check itself must be able to fail.
mkdir -p "$T/src/base" "$T/src/ui" "$T/src/term" "$T/src/attic"
echo '#include "ui/canvas.h"' >"$T/src/base/a.c"
echo '#include <curses.h>' >"$T/src/ui/b.c"
echo '#include "local.h"' >"$T/src/ui/c.c"
echo '#include <histedit.h>' | tee "$T/src/term/d.c" >"$T/src/term/e.c"
echo 'int x;' >"$T/src/attic/f.c"
found=$(check "$T" | grep -c .)
if [ "$found" -eq 5 ]; then echo "ok wrong includes are found"; else echo "FAIL wrong includes are found: $found of 5"; fi

# What the pure rooms call outside of the program, from their objects.
impure='clock|clock_gettime|gettimeofday|time|nanosleep|usleep|sleep|socket|connect|bind|send|sendto|recv|recvfrom'
impure="$impure|open|open64|openat|creat|fopen|fopen64|fdopen|popen|pthread_create|fork|rand|random|srand|getrandom|getenv|setlocale|system"
odd=
for room in $pure; do
	for o in $(find "$BUILDDIR/build/obj/$room" -name '*.o' 2>/dev/null | sort); do
		calls=$("${NM:-nm}" -u "$o" 2>/dev/null | awk '{ print $NF }' | sed 's/@.*//' | grep -xE "$impure" | tr '\n' ' ')
		[ -z "$calls" ] || odd="$odd${o#"$BUILDDIR"/build/obj/} calls $calls
"
	done
done
report "pure rooms stay pure" "$odd"
