#!/bin/sh
# collect.sh IMAGE PROGRAM - puts a program and everything that it needs at run time into the folder IMAGE: its libraries, the loader, name resolution, certificates, zones.
set -eu
image=$1
program=$2
mkdir -p "$image/app" "$image/etc/ssl/certs" "$image/tmp" "$image/usr/share"
chmod 1777 "$image/tmp"
strip -o "$image/app/$(basename "$program")" "$program"
# Name resolution is loaded by name, so ldd does not tell of it.
{
	ldd "$program" | awk '$3 ~ /^\// { print $3 } $1 ~ /^\// { print $1 }'
	find /lib/*-linux-gnu /usr/lib/*-linux-gnu -maxdepth 1 -name 'libnss_dns.so.2' -o -maxdepth 1 -name 'libnss_files.so.2' -o -maxdepth 1 -name 'libresolv.so.2'
} | sort -u | while read -r library; do
	mkdir -p "$image$(dirname "$library")"
	cp -L "$library" "$image$library"
done
cp /etc/ssl/certs/ca-certificates.crt "$image/etc/ssl/certs/"
printf 'app:x:10001:10001::/app:/nonexistent\n' >"$image/etc/passwd"
printf 'app:x:10001:\n' >"$image/etc/group"
printf 'hosts: files dns\n' >"$image/etc/nsswitch.conf"
