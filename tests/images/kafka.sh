#!/bin/bash
# As the public image of Apache Kafka: KAFKA_A_B=c in the environment is a.b=c in server.properties.
set -euo pipefail
properties=/tmp/server.properties
env | sed -n 's/^KAFKA_//p' | while IFS='=' read -r name value; do
	name=${name,,}
	echo "${name//_/.}=$value"
done >$properties
printf '%s\n' log.dirs=/var/lib/kafka/data/log log.cleaner.dedupe.buffer.size=8388608 log.segment.bytes=67108864 >>$properties
run=(java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx320m -Dorg.slf4j.simpleLogger.defaultLogLevel=warn -cp '/opt/kafka/*')
[ -e /var/lib/kafka/data/log/meta.properties ] || "${run[@]}" kafka.tools.StorageTool format -t "$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | cut -c1-22)" -c $properties
exec "${run[@]}" kafka.Kafka $properties
