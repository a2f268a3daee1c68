#!/bin/sh
# Fetches LittleHorse, starts a Kafka broker and one server, measures it and stops both.
# littlehorse/run.sh [--seconds N] [--warm-up N]
# All but the fetching is done in a network namespace of its own: the server's internal port listens on every address,
# and there it has none but loopback.
set -eu
peer=littlehorse
version=1.2.1
original=$*
. "$(dirname -- "$0")/../peer.sh"

lib=$cache/littlehorse-$version
if [ -z "${STEPSTREAM_PEER_ALONE:-}" ]; then
  [ -f "$load_tests/target/bench.jar" ] || refuse "Stepstream's own benchmarks, whose broker it runs on, are not built"
  if [ ! -d "$lib" ]; then
    say "fetching littlehorse $version"
    rm -rf "$lib.part"
    maven -f "$peers/littlehorse/pom.xml" "-Dlittlehorse.version=$version" dependency:copy-dependencies \
      "-DoutputDirectory=$lib.part"
    mv "$lib.part" "$lib"
  fi
  as=
  [ "$(id -u)" = 0 ] || as=-r
  # shellcheck disable=SC2086
  unshare -n $as true 2>/dev/null || refuse "a network namespace of its own is needed, and unshare -n $as is refused here"
  # shellcheck disable=SC2086
  STEPSTREAM_PEER_ALONE=yes exec unshare -n $as sh "$0" $original
fi
ip link set lo up || refuse "ip (iproute2) is needed to start the loopback device of the namespace"

begin
say "starting the broker"
# It ends when its standard input does: a pipe that we hold open, so that it can't outlive us.
mkfifo "$scratch/broker.in"
: >"$scratch/broker.log"
"$java" -Xms512m -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -Djava.util.logging.manager=org.jboss.logmanager.LogManager -cp "$load_tests/target/bench.jar:$load_tests/target/lib/*" \
  io.stepstream.loadtests.BrokerProcess "$scratch/kafka" <"$scratch/broker.in" >"$scratch/broker.log" 2>&1 &
started
broker=$!
exec 3>"$scratch/broker.in"
await 60 "$broker" broker grep -q '^ready ' "$scratch/broker.log"
servers=$(sed -n 's/^ready //p' "$scratch/broker.log")

api=2023
health=1822
say "starting version $version"
export LHS_KAFKA_BOOTSTRAP_SERVERS="$servers" LHS_CLUSTER_ID=bench LHS_INSTANCE_ID=1
export LHS_SHOULD_CREATE_TOPICS=true LHS_REPLICATION_FACTOR=1 LHS_CLUSTER_PARTITIONS=8
export LHS_CORE_STREAM_THREADS=2 LHS_TIMER_STREAM_THREADS=1 LHS_STREAMS_NUM_STANDBY_REPLICAS=0
export LHS_STATE_DIR="$scratch/state" LHS_HEALTH_SERVICE_PORT=$health
export LHS_LISTENERS=PLAIN:$api LHS_LISTENERS_PROTOCOL_MAP=PLAIN:PLAIN LHS_ADVERTISED_LISTENERS=PLAIN://localhost:$api
export LHS_INTERNAL_BIND_PORT=2011 LHS_INTERNAL_ADVERTISED_HOST=localhost LHS_INTERNAL_ADVERTISED_PORT=2011
# A run may have 64 threads beside its first by default, and for-each has one for each item.
export LHS_X_MAX_THREAD_RUNS_PER_WF_RUN=128
# Without a setting of its own it logs every request.
cat >"$scratch/log4j2.properties" <<'L'
rootLogger.level = error
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
L
(cd "$scratch" && exec "$java" -Xms1g -Xmx1g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  "-Dlog4j2.configurationFile=$scratch/log4j2.properties" -cp "$lib/*" io.littlehorse.App) \
  >"$scratch/server.log" 2>&1 3>&- &
started
server=$!
await 120 "$server" server curl -fs "http://127.0.0.1:$health/readiness"
load_options="-Dlog4j2.configurationFile=$scratch/log4j2.properties"
load "$lib/*" "$peers/littlehorse/LittleHorseLoad.java" "$api" 3>&-
