#!/bin/bash
# A private PostgreSQL cluster in one folder.
#
#   postgres.sh start DIR   makes it at the first time, starts it, prints its DATABASE_URL as the only line of stdout;
#                           a cluster that runs already only prints
#   postgres.sh stop DIR    stops it in good order; fine when it does not run
#   postgres.sh kill DIR    stops it as a crash would, for tests of faults
#
# FAST=1 (for tests) survives the death of its processes, not of the machine. The port is chosen once and remembered; it changes only when somebody else has
# taken it. Both the socket and 127.0.0.1 ask for the password in DIR/password. The role of the URL owns the database but is
# no superuser, so row-level security holds for it.
#
# PostgreSQL refuses to run as root. Root therefore hands the data to the account `postgres`; where that account cannot
# reach the folder (a checkout below /root) it is given the right to search folders, and nothing else.
set -euo pipefail
bin=${PG_BIN:-/usr/lib/postgresql/15/bin}
role=restaurant
database=restaurant_ai

die() {
	echo "postgres.sh: $*" >&2
	exit 1
}

[ $# = 2 ] || die "usage: postgres.sh start|stop|kill DIR"
[ -x "$bin/postgres" ] || die "no PostgreSQL 15 in $bin (deploy/dev/setup.sh installs it)"
command=$1
umask 022
mkdir -p "$2"
dir=$(cd "$2" && pwd -P)
data=$dir/data
account=
as_server=()

random_hex() {
	od -An -v -tx1 -N24 /dev/urandom | tr -d ' \n'
}

# The account which the server runs as: whoever made the data, else this user, else `postgres`.
server_account() {
	if [ -d "$data" ]; then
		stat -c %U "$data"
	elif [ "$(id -u)" = 0 ]; then
		echo postgres
	else
		id -un
	fi
}

choose_account() {
	account=$(server_account)
	if [ "$account" = "$(id -un)" ]; then
		[ "$(id -u)" != 0 ] || die "$data belongs to root; remove it or give it to another account"
		return
	fi
	[ "$(id -u)" = 0 ] || die "$data belongs to $account, and this is $(id -un)"
	getent passwd "$account" >/dev/null || die "there is no account $account"
	as_server=(setpriv "--reuid=$account" "--regid=$(id -g "$account")" --clear-groups)
	if "${as_server[@]}" stat "$dir/." >/dev/null 2>&1; then
		return
	fi
	as_server+=(--inh-caps=+dac_read_search --ambient-caps=+dac_read_search)
	"${as_server[@]}" stat "$dir/." >/dev/null 2>&1 || die "the account $account cannot reach $dir"
}

server() {
	(cd / && env -i PATH="$bin:/usr/bin:/bin" LC_ALL=C.UTF-8 "${as_server[@]}" "$@" </dev/null 9>&-)
}

# give PATH MODE: hands a file or folder to the server's account alone.
give() {
	[ ${#as_server[@]} = 0 ] || chown "$account:" "$1"
	chmod "$2" "$1"
}

secret() {
	if [ ! -s "$dir/$1" ]; then
		(umask 077 && random_hex >"$dir/$1")
		give "$dir/$1" 600
	fi
	cat "$dir/$1"
}

# initdb runs in a folder of another name, so that a start which was killed in the middle leaves nothing half made.
make_cluster() {
	local fresh=$dir/data.new
	rm -rf "$fresh"
	mkdir "$fresh"
	give "$fresh" 700
	secret superuser.password >/dev/null
	server "$bin/initdb" -D "$fresh" -U postgres -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-instructions \
		${FAST:+--no-sync} --pwfile="$dir/superuser.password" >"$dir/initdb.log" 2>&1 ||
		die "initdb failed, see $dir/initdb.log"
	mv "$fresh" "$data"
}

# processes: those which work in the data folder; postmaster and all its children do.
processes() {
	local cwd
	for cwd in /proc/[0-9]*/cwd; do
		[ "$cwd" -ef "$data" ] && basename "${cwd%/cwd}"
	done 2>/dev/null
	return 0
}

postmaster() {
	local pid
	pid=$(head -n 1 "$data/postmaster.pid" 2>/dev/null) || return 1
	[ "/proc/$pid/cwd" -ef "$data" ] && echo "$pid"
}

# PostgreSQL takes a stale lock file for a live server when its pid has been given to somebody else (usual after a
# container's restart). Nobody at work in the data folder proves that it is stale; orphans of a crash get time to notice.
clear_stale_lock() {
	[ -e "$data/postmaster.pid" ] || return 0
	for _ in {1..100}; do
		if [ -z "$(processes)" ]; then
			rm -f "$data/postmaster.pid" "$dir"/socket/.s.*
			return
		fi
		sleep 0.1
	done
	die "processes of a crashed server still work in $data: $(processes | tr '\n' ' ')"
}

port_is_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

choose_port() {
	local port
	port=$(cat "$dir/port" 2>/dev/null || echo 0)
	until [ "$port" -gt 0 ] && port_is_free "$port"; do
		port=$((20000 + RANDOM % 10000))
	done
	echo "$port" >"$dir/port"
}

settings() {
	echo "-p $(cat "$dir/port") -c listen_addresses=127.0.0.1 -c unix_socket_permissions=0700"
	# A socket's whole path has at most 107 bytes.
	if [ ${#dir} -le 80 ]; then
		echo "-k '$dir/socket'"
	else
		echo "-c unix_socket_directories="
	fi
	echo "-c max_connections=100 -c shared_buffers=64MB -c jit=off -c max_wal_size=256MB"
	echo "-c log_line_prefix='%m [%p] ' -c timezone=UTC -c wal_compression=on"
	[ -z "${FAST:-}" ] || echo "-c fsync=off -c full_page_writes=off"
}

start_server() {
	touch "$dir/log"
	mkdir -p "$dir/socket"
	give "$dir/log" 600
	give "$dir/socket" 700
	for _ in 1 2 3; do
		choose_port
		if server "$bin/pg_ctl" start -D "$data" -l "$dir/log" -w -t 60 -s -o "$(settings | tr '\n' ' ')" >&2; then
			return
		fi
	done
	tail -n 5 "$dir/log" >&2
	die "PostgreSQL does not start, see $dir/log"
}

as_superuser() {
	PGPASSWORD=$(secret superuser.password) "$bin/psql" -X -q -At -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$(cat "$dir/port")" \
		-U postgres "$@"
}

# The file `ready` says that role and database are there, which spares a start three connections.
make_database() {
	[ ! -e "$data/ready" ] || return 0
	as_superuser -d postgres -v role="$role" -v password="$(secret password)" -v database="$database" >&2 <<-'SQL'
		SELECT format('CREATE ROLE %I LOGIN CREATEROLE CREATEDB', :'role')
		WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
		SELECT format('ALTER ROLE %I PASSWORD %L', :'role', :'password') \gexec
		SELECT format('CREATE DATABASE %I OWNER %I', :'database', :'role')
		WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'database') \gexec
	SQL
	touch "$data/ready"
}

start() {
	if ! postmaster >/dev/null; then
		[ -d "$data" ] || make_cluster
		clear_stale_lock
		start_server
	fi
	make_database
	echo "postgresql://$role:$(secret password)@127.0.0.1:$(cat "$dir/port")/$database"
}

stop() {
	[ -d "$data" ] || return 0
	postmaster >/dev/null || return 0
	server "$bin/pg_ctl" stop -D "$data" -m "$1" -w -t 60 -s >&2
}

choose_account
exec 9>"$dir/lock"
flock -w 120 9 || die "another start or stop in $dir does not end"
case $command in
start) start ;;
stop) stop fast ;;
kill) stop immediate ;;
*) die "unknown command $command" ;;
esac
