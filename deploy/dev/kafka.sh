#!/bin/bash
# One node of Apache Kafka (KRaft) in one folder.
#
#   kafka.sh jars        resolves the jars only (a slow first time, at once afterwards)
#   kafka.sh start DIR   makes it at the first time, starts it, prints host:port as the only line of stdout when it answers;
#                        a broker that runs already only prints
#   kafka.sh stop DIR    stops it in good order; fine when it does not run
#   kafka.sh kill DIR    kill -9, for tests of faults
#
# Ports and data stay from one start to the next. KAFKA_HEAP_MB (256) and KAFKA_JVM (flags which favour a quick start) can be
# set. Topics are never made by accident: whoever needs one creates it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
jars=$here/../../build/kafka

die() {
	echo "kafka.sh: $*" >&2
	exit 1
}

# The class path is good while it is newer than the pom and all that it names is there.
classpath_is_good() {
	[ -s "$jars/classpath" ] && [ "$jars/classpath" -nt "$here/pom.xml" ] &&
		tr ':' '\n' <"$jars/classpath" | while read -r jar; do [ -r "$jar" ] || exit 1; done
}

resolve_jars() {
	mkdir -p "$jars"
	(
		flock -w 600 8 || die "another download of Kafka does not end"
		classpath_is_good && exit 0
		command -v mvn >/dev/null || die "Maven is missing (deploy/dev/setup.sh kafka installs it)"
		echo "kafka.sh: fetching Apache Kafka's jars" >&2
		mvn -q -B -f "$here/pom.xml" dependency:build-classpath -Dmdep.outputFile="$jars/classpath.new" >"$jars/maven.log" 2>&1 ||
			die "Maven could not fetch the jars, see build/kafka/maven.log"
		mv "$jars/classpath.new" "$jars/classpath"
	) 8>"$jars/lock"
}

java_kafka() {
	local -a flags
	read -r -a flags <<<"${KAFKA_JVM:--XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto}"
	exec setsid java "${flags[@]}" "-Xmx${KAFKA_HEAP_MB:-256}m" -XX:+ExitOnOutOfMemoryError -Djava.net.preferIPv4Stack=true \
		-Dorg.slf4j.simpleLogger.defaultLogLevel=warn -Dorg.slf4j.simpleLogger.showDateTime=true \
		"-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSS" \
		-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info "-Drestaurant.kafka=$dir" \
		-cp "$(cat "$jars/classpath")" "$@"
}

# running: the broker's pid, if the process of that number is really this broker.
running() {
	local pid
	pid=$(cat "$dir/pid" 2>/dev/null) || return 1
	grep -qszxF -e "-Drestaurant.kafka=$dir" "/proc/$pid/cmdline" && echo "$pid"
}

port_is_free() {
	! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# choose_port FILE: keeps the remembered port. The sockets of a broker that was killed go a little later than its process: some patience before another port is taken,
# because clients know only the old one.
choose_port() {
	local port
	port=$(cat "$dir/$1" 2>/dev/null || echo 0)
	for _ in {1..100}; do
		[ "$port" = 0 ] || port_is_free "$port" && break
		sleep 0.1
	done
	until [ "$port" -gt 0 ] && port_is_free "$port"; do
		port=$((20000 + RANDOM % 10000))
	done
	echo "$port" >"$dir/$1"
	echo "$port"
}

write_properties() {
	local port controller
	port=$(choose_port port)
	controller=$(choose_port controller.port)
	cat >"$dir/server.properties" <<-E
		process.roles=broker,controller
		node.id=1
		controller.quorum.voters=1@127.0.0.1:$controller
		listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
		advertised.listeners=PLAINTEXT://127.0.0.1:$port
		controller.listener.names=CONTROLLER
		log.dirs=$dir/data
		auto.create.topics.enable=false
		num.network.threads=2
		num.io.threads=4
		background.threads=2
		num.recovery.threads.per.data.dir=2
		# Without this the cleaner takes 128 MB at its start, which a small heap has not got.
		log.cleaner.dedupe.buffer.size=8388608
		log.cleaner.threads=1
		log.segment.bytes=67108864
		log.index.size.max.bytes=1048576
		log.retention.bytes=268435456
		default.replication.factor=1
		min.insync.replicas=1
		offsets.topic.num.partitions=1
		offsets.topic.replication.factor=1
		transaction.state.log.num.partitions=1
		transaction.state.log.replication.factor=1
		transaction.state.log.min.isr=1
		share.coordinator.state.topic.num.partitions=1
		share.coordinator.state.topic.replication.factor=1
		share.coordinator.state.topic.min.isr=1
		group.initial.rebalance.delay.ms=0
		group.min.session.timeout.ms=1000
		# A broker that was killed may come back only when its old session has ended.
		broker.heartbeat.interval.ms=500
		broker.session.timeout.ms=3000
	E
}

format_data() {
	[ ! -e "$dir/data/meta.properties" ] || return 0
	rm -rf "$dir/data"
	(java_kafka kafka.tools.StorageTool format -t "$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | cut -c1-22)" \
		-c "$dir/server.properties") >"$dir/format.log" 2>&1 || die "cannot format $dir/data, see $dir/format.log"
}

wait_until_serving() {
	local pid=$1
	for _ in {1..600}; do
		if grep -q 'Kafka Server started' "$dir/log"; then
			return
		fi
		[ -d "/proc/$pid" ] || return 1
		sleep 0.1
	done
	return 1
}

start_broker() {
	local pid
	write_properties
	format_data
	[ ! -e "$dir/log" ] || mv -f "$dir/log" "$dir/log.1"
	(cd "$dir" && java_kafka kafka.Kafka "$dir/server.properties" </dev/null >"$dir/log" 2>&1 9>&-) &
	pid=$!
	echo "$pid" >"$dir/pid"
	if ! wait_until_serving "$pid"; then
		kill -9 "$pid" 2>/dev/null || true
		tail -n 5 "$dir/log" >&2
		return 1
	fi
}

start() {
	local pid
	if pid=$(running); then
		wait_until_serving "$pid" || die "the running broker does not get ready, see $dir/log"
	else
		start_broker || start_broker || die "Kafka does not start, see $dir/log"
	fi
	echo "127.0.0.1:$(cat "$dir/port")"
}

# end SIGNAL: ends the broker and waits until it is gone; after 30 s the hard way.
end() {
	local pid
	pid=$(running) || return 0
	kill "-$1" "$pid"
	for _ in {1..300}; do
		grep -qs '^State:[[:space:]]*[^ZX[:space:]]' "/proc/$pid/status" || return 0
		sleep 0.1
	done
	kill -9 "$pid"
}

case "${1:-} $#" in
"jars 1") resolve_jars && exit ;;
"start 2" | "stop 2" | "kill 2") mkdir -p "$2" ;;
*) die "usage: kafka.sh jars | start DIR | stop DIR | kill DIR" ;;
esac
dir=$(cd "$2" && pwd -P)
exec 9>"$dir/lock"
flock -w 120 9 || die "another start or stop in $dir does not end"
case $1 in
start) resolve_jars && start ;;
stop) end TERM ;;
kill) end KILL ;;
esac
