#!/bin/bash
# Builds the images of deploy/docker and runs deploy/docker/docker-compose.yml with them, by podman, without an image registry: the base comes from debootstrap, the
# servers' images from servers.Dockerfile. Then a guest chats through the gateway, and the containers must be what DEPLOYMENT.md says of them.
#
#   tests/images/run.sh         all of it; what was built stays in build/images, a second run is much faster
#   tests/images/run.sh clean   forgets all that
#
# Needs root (debootstrap and podman's storage) and the packages of `deploy/dev/setup.sh images`.
set -euo pipefail
cd "$(dirname "$0")/../.."
here=$PWD/build/images
compose=(-p restaurant-ai-test -f deploy/docker/docker-compose.yml)
mkdir -p "$here/context"
[ "$(id -u)" = 0 ] || { echo "images: needs root" >&2; exit 1; }

# Podman's defaults want systemd, and limits that only the mightiest root may set. All that podman keeps lies below build/images.
settings() {
	local open
	open=$(ulimit -Hn)
	cat >"$here/containers.conf" <<-C
		[containers]
		default_ulimits = ["nofile=$open:$open", "nproc=4096:4096"]
		[engine]
		runtime = "runc"
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		[network]
		network_backend = "netavark"
		network_config_dir = "$here/networks"
	C
	printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/run"\n' "$here" "$here" >"$here/storage.conf"
	export CONTAINERS_CONF=$here/containers.conf CONTAINERS_STORAGE_CONF=$here/storage.conf
}

base_image() {
	! podman image exists debian:bookworm-slim || return 0
	echo "images: a base image by debootstrap"
	debootstrap --variant=minbase --include=ca-certificates bookworm "$here/base" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$here/debootstrap.log" 2>&1
	tar -C "$here/base" -c . | podman import - docker.io/library/debian:bookworm-slim >/dev/null 2>&1
	rm -rf "$here/base"
}

# build NAME ARGUMENT...: with this machine's certificates, among which may be one of the network's own.
build() {
	local name=$1
	shift
	echo "images: building $name"
	podman build --format docker --network host --pull=never -v /etc/ssl/certs/ca-certificates.crt:/etc/ssl/certs/ca-certificates.crt:ro -t "$name" "$@" >"$here/build.log" 2>&1 || { tail -n 40 "$here/build.log"; exit 1; }
}

build_servers() {
	local context=$here/context jar
	deploy/dev/kafka.sh jars
	mkdir -p "$context/jars"
	tr ':' '\n' <build/kafka/classpath | while read -r jar; do cp -u "$jar" "$context/jars/"; done
	cp tests/images/*.sh "$context/"
	build docker.io/library/postgres:15 --target postgres -f tests/images/servers.Dockerfile "$context"
	build docker.io/apache/kafka:3.9.1 --target kafka -f tests/images/servers.Dockerfile "$context"
	build docker.io/library/nginx:1.26-alpine --target nginx -f tests/images/servers.Dockerfile "$context"
	build docker.io/prom/prometheus:v2.53.2 --target prometheus -f tests/images/servers.Dockerfile "$context"
}

podman_compose() {
	[ -x "$here/venv/bin/podman-compose" ] || { python3 -m venv "$here/venv" && "$here/venv/bin/pip" install -q podman-compose==1.6.0; }
	"$here/venv/bin/podman-compose" --in-pod=false "${compose[@]}" "$@"
}

free_port() {
	local port
	while :; do
		port=$((20000 + RANDOM % 10000))
		(exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo $port; return; }
	done
}

down() {
	podman_compose down -v -t 40 >>"$here/compose.log" 2>&1 || true
}

# Podman 4.3 cannot start what depends on something that depends on something: so the services come in the order of the file, each without its dependencies.
up() {
	podman_compose up -d --no-build --no-deps "$@" >>"$here/compose.log" 2>&1 || { tail -n 40 "$here/compose.log"; exit 1; }
}

said() {
	printf '%-10s %s\n' "$1" "$2"
}

# must WHAT COMMAND...
must() {
	local what=$1 out
	shift
	if out=$("$@" 2>&1); then
		said ok "$what${out:+: $(head -n 1 <<<"$out")}"
	else
		said FAILED "$what"
		printf '%s\n' "$out" | tail -n 20
		exit 1
	fi
}

# within SECONDS COMMAND...
within() {
	local until=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] || break
		sleep 0.5
	done
	"$@"
}

migrated() { [ "$(timeout 120 podman wait "$(container migrate)")" = 0 ]; }
container() { echo "restaurant-ai-test_$1_1"; }
serves() { curl -sSf "http://127.0.0.1:$GATEWAY_PORT$1"; }
seeded() { serves /api/v1/restaurants/the-cookie-jar/menu | grep -o '"menu_version":[0-9]*'; }
scraped() { curl -sSf "http://127.0.0.1:$PROMETHEUS_PORT/api/v1/query?query=sum(up)" | grep -q '"2"'; }
hidden() { ! serves "$1"; }
asset_of_nginx() {
	local path
	path=$(serves / | grep -oE '/assets/[^"]+\.js' | head -n 1)
	curl -sSf -D - -o /dev/null -H 'Accept-Encoding: gzip' "http://127.0.0.1:$GATEWAY_PORT$path" | tr -d '\r' | grep -x 'Content-Encoding: gzip' && podman exec "$(container nginx)" ls "/usr/share/nginx/web$path" >/dev/null
}
has_no_shell() { ! podman exec "$(container "$1")" /bin/sh -c true >/dev/null 2>&1 && ! podman exec "$(container "$1")" sh -c true >/dev/null 2>&1; }
process_is() { awk -v field="$2:" -v value="$3" '$1 == field { exit $2 != value }' "/proc/$(podman inspect -f '{{.State.Pid}}' "$(container "$1")")/status"; }
is_user_10001() { process_is "$1" Uid 10001; }
has_no_rights() { process_is "$1" CapEff 0000000000000000; }
root_is_read_only() { podman inspect -f '{{.HostConfig.ReadonlyRootfs}}' "$(container "$1")" | grep -qx true; }
checks_itself() { podman exec "$(container "$1")" "/app/$1" --healthy "http://127.0.0.1:$2/health"; }
stops_by_sigterm() {
	local began=$SECONDS
	podman stop -t 40 "$(container "$1")" >/dev/null 2>&1 && [ "$(podman inspect -f '{{.State.ExitCode}}' "$(container "$1")")" = 0 ] && echo "after $((SECONDS - began)) s"
}

check_containers() {
	local name
	for name in api worker nginx; do
		must "$name: not root" is_user_10001 $name
		must "$name: no capabilities" has_no_rights $name
		must "$name: the root is read-only" root_is_read_only $name
	done
	for name in api worker; do must "$name: no shell" has_no_shell $name; done
	must "api: health check" checks_itself api 3000
	must "worker: health check" checks_itself worker 9100
	for name in worker api; do must "$name: ends in good order at SIGTERM" stops_by_sigterm $name; done
}

# docker-compose.prod.yml with the same images, beside the PostgreSQL and Kafka of the other file: a copy with free ports and that network; all else is as it is.
production() {
	local dir=$here/prod http https
	http=$(free_port)
	https=$(free_port)
	rm -rf "$dir"
	mkdir -p "$dir/deploy/docker" "$dir/deploy/nginx" "$dir/tls"
	cp -r deploy/nginx/tls.d deploy/nginx/redirect.conf "$dir/deploy/nginx/"
	sed "s/\"80:80\", \"443:443\"/\"$http:80\", \"$https:443\"/" deploy/docker/docker-compose.prod.yml >"$dir/deploy/docker/docker-compose.prod.yml"
	printf 'networks: {default: {external: true, name: restaurant-ai-test_default}}\n' >>"$dir/deploy/docker/docker-compose.prod.yml"
	printf '%s\n' DATABASE_URL=postgresql://restaurant:restaurant@postgres:5432/restaurant_ai KAFKA_BROKERS=kafka:9092 "JWT_SECRET_KEY=$JWT_SECRET_KEY" "TRUSTED_PROXIES=$TRUSTED_PROXIES" >"$dir/.env.prod"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -keyout "$dir/tls/tls.key" -out "$dir/tls/tls.crt" 2>/dev/null
	chmod 644 "$dir/tls/tls.key" # the gateway is not root
	export REGISTRY=localhost TAG=latest TLS_DIR=$dir/tls
	compose=(-p restaurant-ai-prod -f "$dir/deploy/docker/docker-compose.prod.yml")
	must "production: the file is a valid one" podman_compose config
	up migrate
	must "production: migration ends well" prod_migrated
	up worker-chat worker-menu worker-analytics api nginx
	must "production: the menu by TLS" within 120 curl -sSfk -o /dev/null "https://127.0.0.1:$https/api/v1/restaurants/the-cookie-jar/menu"
	must "production: a question is answered" within 60 curl -sSfk -o /dev/null -H 'Content-Type: application/json' -d '{"message":"Tell me about your cookies","session_id":"s-prod"}' \
		"https://127.0.0.1:$https/api/v1/chat/the-cookie-jar/message?wait=true"
	must "production: port 80 leads there" leads_to_tls "http://127.0.0.1:$http/api/v1/restaurants"
	podman_compose down -v -t 40 >>"$here/compose.log" 2>&1 || true
	compose=(-p restaurant-ai-test -f deploy/docker/docker-compose.yml)
}
prod_migrated() { [ "$(timeout 120 podman wait restaurant-ai-prod_migrate_1)" = 0 ]; }
leads_to_tls() { [ "$(curl -sS -o /dev/null -w '%{http_code} %{redirect_url}' -H 'Host: restaurant.example' "$1")" = "308 https://restaurant.example/api/v1/restaurants" ]; }

settings
if [ "${1:-}" = clean ]; then
	podman system reset -f >/dev/null 2>&1 || true
	rm -rf "$here"
	exit
fi
base_image
build_servers
for image in worker api web; do build "restaurant-ai-$image" -f deploy/docker/Dockerfile.$image .; done
podman images --format '{{.Repository}} {{.Size}}' | grep '^localhost/restaurant-ai-\(api\|worker\|web\) '

GATEWAY_PORT=$(free_port)
PROMETHEUS_PORT=$(free_port)
JWT_SECRET_KEY=$(od -An -v -tx1 -N32 /dev/urandom | tr -d ' \n')
export GATEWAY_PORT PROMETHEUS_PORT JWT_SECRET_KEY TRUSTED_PROXIES=10.0.0.0/8
: >"$here/compose.log"
down
trap 'podman_compose logs >"$here/containers.log" 2>&1; down' EXIT
echo "images: podman-compose up"
up postgres kafka prometheus
up migrate
must "migration ends well" migrated
up seed worker api nginx
must "migrated and seeded, the menu through the gateway" within 120 seeded
must "liveness through the gateway" serves /health
must "numbers stay inside" hidden /metrics
must "an asset, compressed, from nginx's own image" asset_of_nginx
must "a conversation through the gateway" within 60 python3 tests/images/chat.py "$GATEWAY_PORT"
must "Prometheus finds api and worker" within 60 scraped
check_containers
production
echo "images: all well"
