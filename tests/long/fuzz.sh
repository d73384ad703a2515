#!/usr/bin/env bash
# Every fuzzer for a minute.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/../e2e/lib.sh"

needs clang
fuzz() {
	MAKEFLAGS='' make -s fuzz BUILD="$build" FUZZ_SECONDS="${FUZZ_SECONDS:-60}"
}
check "no fuzzer finds anything" fuzz
done_testing
