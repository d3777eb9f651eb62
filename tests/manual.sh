#!/bin/sh
# The manual page as mandoc and groff read it: not a word of complaint, and every command is in it.
set -u
"$TAPDECK" help --man >"$T/tapdeck.1"
if command -v mandoc >/dev/null; then
	# Whether the pages it refers to are installed here is not the page's fault.
	mandoc -Tlint -Wstyle "$T/tapdeck.1" 2>&1 | grep "tapdeck.1:" | grep -v 'referenced manual not found' >"$T/lint"
	[ -s "$T/lint" ] && echo "FAIL mandoc: $(wc -l <"$T/lint") complaints, first: $(head -n 1 "$T/lint")" || echo 'ok mandoc'
else
	echo 'skip mandoc: it is not here'
fi
if command -v groff >/dev/null && groff -mdoc -Tascii /dev/null >/dev/null 2>&1; then
	groff -mdoc -Tascii -ww "$T/tapdeck.1" 2>"$T/groff" >"$T/text"
	[ -s "$T/groff" ] && echo "FAIL groff: $(head -n 1 "$T/groff")" || echo 'ok groff'
else
	echo 'skip groff: it is not here'
fi
for c in $("$TAPDECK" help | sed -n 's/^  \([a-z-]*\) .*/\1/p'); do
	grep -q "^\.Ic \"*$c" "$T/tapdeck.1" && echo "ok $c is in it" || echo "FAIL $c is not in it"
done
