#!/usr/bin/env bash
# A machine that has only Debian's git, make and gcc: `make demo` and `make check` do all of their own
# set-up there. The machine is a debootstrap tree entered with chroot in namespaces of its own. Root only.
# FRESH=DIR keeps the tree there between runs.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/../e2e/lib.sh"

[ "$(id -u)" -eq 0 ] || skip_all "needs root"
needs debootstrap unshare chroot

root=${FRESH:-$work/root}
mirror=$(sed -n 's/^deb [^h]*\(https\?:[^ ]*debian\) .*/\1/p; s/^URIs: *//p' /etc/apt/sources.list \
	/etc/apt/sources.list.d/* 2>/dev/null | head -n 1)

if [ ! -e "$root/usr/bin/git" ]; then
	debootstrap --variant=minbase --include=git,make,gcc,ca-certificates bookworm "$root" \
		"${mirror:-http://deb.debian.org/debian}" >"$work/debootstrap" 2>&1 ||
		skip_all "debootstrap failed: $(tail -n 1 "$work/debootstrap")"
fi
# The way out to the packages is this machine's.
cp -L /etc/resolv.conf /etc/hosts "$root/etc/" 2>/dev/null
cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/trusted.gpg.d "$root/etc/apt/" 2>/dev/null

rm -rf "$root/root/rosaudit"
check "the tree is cloned" git clone -q "$PWD" "$root/root/rosaudit"

inside() {
	unshare --mount --pid --fork --kill-child sh -c '
		mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
		exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C \
			sh -c "cd /root/rosaudit && $2"' sh "$root" "$1"
}

run inside "make demo"
check_status "make demo ends with 0" 0
check_out "it shows a policy failure" "RA102"
check_out "it says what to try next" "Try next"
run inside "ps -e 2>/dev/null | grep mock-router; ls /tmp"
check "it leaves nothing running and no file" test ! -s "$out"
run inside "make check"
cp "$out" "${FRESH_LOG:-$work/check.log}"
check_status "make check ends with 0" 0
check_out "it counts its tests" " passed, 0 failed"
done_testing
