#!/bin/bash
# Installs what this machine lacks, and nothing else. With everything in place it returns at once.
#
#   setup.sh run     what `make run` needs
#   setup.sh kafka   that, and Java with Maven for a real Kafka
#   setup.sh test    all of it, and what `make test` and `make lint` need in addition
#   setup.sh images  that, and podman with what it needs, for `make images`
#
# packages.txt lists the Debian packages: a name and its group on a line. What a machine may already have in another
# way (Node, Java, Maven) is asked for by its command and is never replaced.
set -euo pipefail
group=${1:-run}
here=$(cd "$(dirname "$0")" && pwd)

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env DEBIAN_FRONTEND=noninteractive "$@"
	else
		sudo env DEBIAN_FRONTEND=noninteractive "$@"
	fi
}

apt_install() {
	as_root apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 "$@"
}

missing_packages() {
	local wanted
	wanted=$(awk -v g="$group" 'NF && $1 !~ /^#/ && ($2 == "run" || $2 == g || $2 == "test" && g == "images") { print $1 }' "$here/packages.txt" | sort -u)
	# shellcheck disable=SC2086 # package names hold no blanks
	comm -13 <(dpkg-query -W -f='${db:Status-Status} ${Package}\n' $wanted 2>/dev/null |
		awk '$1 == "installed" { print $2 }' | sort -u) - <<<"$wanted"
}

# major PROGRAM OPTION: the first number that the program says about itself, 0 when it is not there.
major() {
	local said
	said=$("$@" 2>&1) || said=0
	[[ $said =~ ([0-9]+) ]] && echo "${BASH_REMATCH[1]}" || echo 0
}

missing_tools() {
	if [ "$(major node --version)" -lt 18 ] || ! command -v npm >/dev/null; then
		printf '%s\n' nodejs npm
	fi
	if [ "$group" = run ]; then
		return
	fi
	[ "$(major java -version)" -ge 17 ] || echo openjdk-17-jre-headless
	command -v mvn >/dev/null || echo maven
}

# Debian's package makes a cluster of its own on port 5432 and starts it, unless told not to before it is installed.
without_main_cluster() {
	local conf=/etc/postgresql-common/createcluster.conf
	apt_install postgresql-common
	as_root sed -i -E 's/^#? *create_main_cluster *=.*/create_main_cluster = false/' "$conf"
}

# Debian's nginx and prometheus start as services, on ports of their own, and again at each boot: here they are only programs. policy-rc.d keeps them from starting while they
# are installed, which is what it is for; where somebody has one, it stays.
policy=/usr/sbin/policy-rc.d
without_services() {
	local service
	if [ ! -e $policy ]; then
		made_policy=yes
		printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
		as_root chmod 755 $policy
	fi
	"$@"
	for service in nginx prometheus; do
		if grep -qx "$service\(-light\)\?" <<<"$missing" && command -v systemctl >/dev/null; then
			as_root systemctl disable "$service" >/dev/null 2>&1 || true
		fi
	done
	[ -z "${made_policy:-}" ] || as_root rm -f $policy
}
trap '[ -z "${made_policy:-}" ] || as_root rm -f $policy' EXIT

missing=$(missing_packages; missing_tools)
if [ -z "$missing" ]; then
	exit 0
fi
echo "setup: installing $(tr '\n' ' ' <<<"$missing")"
as_root apt-get update -q -o DPkg::Lock::Timeout=600 || echo "setup: the package lists are not all fresh, going on" >&2
if grep -qx postgresql-15 <<<"$missing"; then
	without_main_cluster
fi
# shellcheck disable=SC2086 # a list of names
without_services apt_install $missing
