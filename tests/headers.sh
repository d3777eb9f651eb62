#!/bin/sh
# Every header below src/ compiles by itself, so that the order of includes never matters.
set -u
cd "$BUILDDIR" || exit 1
bad=0
for h in $(cd "$SRCDIR/src" && find . -name '*.h' | sort); do
	h=${h#./}
	echo "#include \"$h\"" >"$T/one.c"
	${CC:-cc} -std=gnu11 -D_GNU_SOURCE -I"$SRCDIR/src" -Ibuild/gen -Wall -Wextra -Werror -fsyntax-only "$T/one.c" || {
		echo "FAIL $h alone: see above"
		bad=$((bad + 1))
	}
done
[ $bad -gt 0 ] || echo "ok every header compiles alone"
