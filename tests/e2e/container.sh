#!/usr/bin/env bash
# Two mocked routers and an auditor in containers, as mock-router/compose.yaml has them: built from the
# Containerfile, audited from another container across a real bridge. Everything that podman keeps is in
# a directory of its own that is removed; only the base image's tar stays, in the cache directory.
# shellcheck disable=SC2154 # lib.sh sets them
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" -eq 0 ] || skip_all "containers need root here"
needs podman runc debootstrap iptables
[ -x /usr/lib/podman/netavark ] || command -v netavark >/dev/null 2>&1 ||
	skip_all "no netavark here (make peers)"
[ -x /usr/lib/podman/aardvark-dns ] || command -v aardvark-dns >/dev/null 2>&1 ||
	skip_all "no aardvark-dns here (make peers)"

cache=${XDG_CACHE_HOME:-/var/tmp}/rosaudit-base.tar
store=$(mktemp -d /var/tmp/rosaudit-podman.XXXXXX) || exit 1
network=rosaudit$$
# Limits as low as some machines have them: runc cannot raise what the caller does not have.
cat >"$store/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[network]
network_backend = "netavark"
network_config_dir = "$store/networks"
CONF
export CONTAINERS_CONF=$store/containers.conf

pod() {
	podman --root "$store/root" --runroot "$store/run" --tmpdir "$store/tmp" --runtime runc "$@"
}

remove_all() {
	pod rm -f -t 2 router6 router7 auditor >/dev/null 2>&1
	pod network rm -f "$network" >/dev/null 2>&1
	pod rmi -f -a >/dev/null 2>&1
	pod system reset -f >/dev/null 2>&1
	umount "$store/root/overlay" >/dev/null 2>&1
	rm -rf "$store"
	stop_all
}
trap remove_all EXIT

# Debian without what nobody needs in an image; the name is the Containerfile's.
base_make() {
	local root=$store/base
	debootstrap --variant=minbase bookworm "$root" http://deb.debian.org/debian || return
	printf 'force-unsafe-io\npath-exclude /usr/share/doc/*\npath-exclude /usr/share/man/*\n' \
		>"$root/etc/dpkg/dpkg.cfg.d/image"
	printf 'Acquire::Languages "none";\n' >"$root/etc/apt/apt.conf.d/image"
	mkdir -p "$(dirname "$cache")" &&
		tar -C "$root" -cf "$cache.$$" --exclude='./dev/*' --exclude='./var/cache/apt/*.bin' \
			--exclude='./var/cache/apt/archives/*.deb' . &&
		mv "$cache.$$" "$cache" && rm -rf "$root"
}

if [ ! -s "$cache" ] && ! base_make >"$work/base" 2>&1; then
	skip_all "debootstrap made no base image: $(tail -n 1 "$work/base")"
fi
check "the base image is imported" \
	pod import -q "$cache" docker.io/library/debian:12-slim

build_target() {
	pod build -q --format docker --network=host --pull=never -f mock-router/Containerfile \
		--target "$1" -t "$2" .
}
check "the router's image is built" build_target router localhost/mock-router
check "the auditor's image is built" build_target auditor localhost/rosaudit
for image in mock-router rosaudit; do
	pod image exists "localhost/$image" || { done_testing && exit; }
done
check "a network of its own" pod network create --internal "$network"

router_start() {
	start_process ready pod run --pull=never --name "$1" --network "$network" \
		--sysctl net.ipv4.ip_unprivileged_port_start=0 localhost/mock-router \
		"/usr/local/share/mock-router/scenarios/$2.yaml"
}

for router in "router6 stock-6.49" "router7 stock-7.24"; do
	# shellcheck disable=SC2086
	set -- $router
	check "$1 gets ready" router_start "$1" "$2"
	check "$1 is healthy" pod healthcheck run "$1"
	run pod exec "$1" id -u
	check "$1 is not root" grep -qx '[1-9][0-9]*' "$out"
done

run pod run --pull=never --name auditor --network "$network" localhost/rosaudit
check_status "the auditor finds two stock routers compliant with tp" 0
check_out "the report has RouterOS 6" router6
check_out "the report has RouterOS 7" router7
check_out "RouterOS 6 told its version" 6.49.18
check_out "RouterOS 7 told its version" 7.24

for router in router6 router7; do
	check "$router stops" pod stop -t 10 "$router"
	run pod inspect -f 'ended with {{.State.ExitCode}}' "$router"
	check_out "$router was only read" "ended with 0"
done
done_testing
