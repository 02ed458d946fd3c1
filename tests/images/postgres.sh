#!/bin/bash
# As the public image of PostgreSQL: makes the cluster at the first start, with POSTGRES_USER as its superuser and POSTGRES_DB, and lets the network in by password.
set -euo pipefail
bin=/usr/lib/postgresql/15/bin
data=/var/lib/postgresql/data/cluster
if [ ! -s $data/PG_VERSION ]; then
	$bin/initdb -D $data -U "$POSTGRES_USER" -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --pwfile=<(echo "$POSTGRES_PASSWORD") >/dev/null
	echo 'host all all all scram-sha-256' >>$data/pg_hba.conf
	PGPASSWORD=$POSTGRES_PASSWORD
	export PGPASSWORD
	$bin/pg_ctl -D $data -w -o '-c listen_addresses=' start >/dev/null
	$bin/createdb -U "$POSTGRES_USER" "$POSTGRES_DB"
	$bin/pg_ctl -D $data -w stop >/dev/null
fi
exec $bin/postgres -D $data -c 'listen_addresses=*'
