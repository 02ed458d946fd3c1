#!/bin/sh
# secrets.sh - writes .env beside docker-compose.yml, once: a key for tokens and the administrator's first password, which nobody else has.
set -eu
file=$(dirname "$0")/.env
[ ! -s "$file" ] || exit 0
random() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
umask 077
printf 'JWT_SECRET_KEY=%s\nADMIN_EMAIL=admin@restaurant.example\nADMIN_PASSWORD=%s\n' "$(random 32)" "$(random 12)" >"$file"
echo "The administrator's login is in $file"
