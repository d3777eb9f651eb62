#!/bin/sh
# The build's own machinery: the test runner tells the truth, and registries follow the sources.
set -u
check() { # check NAME COMMAND...
	name=$1
	shift
	if "$@" >"$T/out" 2>&1; then echo "ok $name"; else sed 's/^/| /' "$T/out"; echo "FAIL $name: see above"; fi
}

# ---- the runner, on a small tree of its own
mkdir -p "$T/s/tests/unit" "$T/b/build/tests/unit"
script() { # script NAME BODY
	printf '#!/bin/sh\n%s\n' "$2" >"$T/s/tests/$1.sh"
	chmod +x "$T/s/tests/$1.sh"
}
script good 'echo ok one; echo ok two; echo "skip three: no tool"'
script bad 'echo ok one; echo "FAIL two: on purpose"; exit 1'
script silent 'exit 3'
script empty ''
script slow 'sleep 60'
script said '# sanitizers: yes
echo ok one'
: >"$T/s/tests/unit/test_x.c"
cat >"$T/b/build/tests/unit/test_x" <<'EOT'
#!/bin/sh
cat <<'EOU'
[==========] Running 3 test(s).
[ RUN      ] a
[       OK ] a
[ RUN      ] b
[  FAILED  ] b
[ RUN      ] c
[  SKIPPED ] c
[==========] 3 test(s) run.
[  PASSED  ] 1 test(s).
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] b
 1 FAILED TEST(S)
EOU
exit 1
EOT
chmod +x "$T/b/build/tests/unit/test_x"
runner() { # runner LAST-LINE STATUS ARGUMENT...
	last=$1 want=$2
	shift 2
	said=$(SRCDIR=$T/s BUILDDIR=$T/b TAPDECK=none TEST_TIMEOUT=1 "$SRCDIR/tests/run" "$@")
	status=$?
	echo "$said"
	[ "$(echo "$said" | tail -n 1)" = "$last" ] && [ $status -eq "$want" ]
}
check "a good script" runner "2 passed, 0 failed, 1 skipped" 0 good
check "a failing script" runner "1 passed, 1 failed" 1 bad
check "a script that fails without a word" runner "0 passed, 1 failed" 1 silent
check "a script that tests nothing" runner "0 passed, 1 failed" 1 empty
check "a script that does not end" runner "0 passed, 1 failed" 1 slow
check "cmocka's tests are counted once" runner "1 passed, 1 failed, 1 skipped" 1 x
check "a name that is none" runner "0 passed, 1 failed" 1 nobody
check "the choice for sanitizers" runner "2 passed, 1 failed, 1 skipped" 1 --sanitizers
check "all together" runner "5 passed, 5 failed, 2 skipped" 1

# ---- registries
mkdir -p "$T/r"
registry() {
	"$SRCDIR/src/registry.sh" "$T/r/out.h" PROTO 'const struct proto proto_' "$@"
}
listed() { # listed NAME...: the registry holds exactly these
	for n in "$@"; do echo "PROTO($n)"; done >"$T/want"
	grep -v '^/\*' "$T/r/out.h" | cmp - "$T/want"
}
echo 'const struct proto proto_udp = {' >"$T/r/dis_udp.c"
printf 'const struct proto proto_tcp = {\n\tconst struct proto proto_inner = {\nconst struct proto proto_ah[] = {\nextern const struct proto proto_esp;\n' \
	>"$T/r/dis_tcp.c"
registry "$T/r/dis_udp.c" "$T/r/dis_tcp.c"
check "declarations are found and sorted" listed ah tcp udp
touch -t 202001010000 "$T/r/out.h" "$T/r/then"
registry "$T/r/dis_tcp.c" "$T/r/dis_udp.c"
check "an unchanged registry is not touched" test ! "$T/r/out.h" -nt "$T/r/then"
registry "$T/r/dis_udp.c"
check "a removed file leaves the registry" listed udp
registry
check "a registry may be empty" listed
echo 'int x;' >"$T/r/dis_none.c"
: >"$T/r/dis_empty.c"
if registry "$T/r/dis_udp.c" "$T/r/dis_none.c" "$T/r/dis_empty.c" 2>"$T/why"; then
	echo "FAIL a file that declares nothing stops the build: it did not"
else
	check "a file that declares nothing stops the build" test "$(grep -c 'dis_[en].*c: no line begins with' "$T/why")" = 2
fi
