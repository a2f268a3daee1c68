#!/bin/sh
# Fetches Zeebe, starts one broker on the loopback device, measures it and stops it.
# zeebe/run.sh [--seconds N] [--warm-up N] [--partitions N]
set -eu
peer=zeebe
version=8.6.0
. "$(dirname -- "$0")/../peer.sh"

home=$cache/camunda-zeebe-$version
if [ ! -x "$home/bin/broker" ]; then
  say "fetching camunda-zeebe $version"
  maven dependency:copy "-Dartifact=io.camunda:camunda-zeebe:$version:tar.gz" "-DoutputDirectory=$cache"
  # Unpacked aside and then moved, so that an interrupted run leaves no half of it.
  rm -rf "$cache/zeebe-unpacked"
  mkdir "$cache/zeebe-unpacked"
  tar -xzf "$cache/camunda-zeebe-$version.tar.gz" -C "$cache/zeebe-unpacked" ||
    refuse "the archive could not be unpacked"
  mv "$cache/zeebe-unpacked/camunda-zeebe-$version" "$home"
  rm -rf "$cache/zeebe-unpacked" "$cache/camunda-zeebe-$version.tar.gz"
fi

begin
# Ports of its own, so that a Zeebe that is running already is neither met nor measured.
gateway=27500
rest=27501
export ZEEBE_BROKER_NETWORK_HOST=127.0.0.1
export ZEEBE_BROKER_NETWORK_COMMANDAPI_PORT=27502
export ZEEBE_BROKER_NETWORK_INTERNALAPI_PORT=27503
export ZEEBE_BROKER_GATEWAY_NETWORK_HOST=127.0.0.1
export ZEEBE_BROKER_GATEWAY_NETWORK_PORT=$gateway
export SERVER_ADDRESS=127.0.0.1 SERVER_PORT=$rest
export MANAGEMENT_SERVER_ADDRESS=127.0.0.1 MANAGEMENT_SERVER_PORT=27504
export ZEEBE_BROKER_DATA_DIRECTORY="$scratch/data"
export ZEEBE_BROKER_CLUSTER_PARTITIONSCOUNT="$partitions"
# Kafka leaves it to the operating system when a log is written to the disk; so does Zeebe with this.
export ZEEBE_BROKER_CLUSTER_RAFT_FLUSH_ENABLED=false
# A closed loop limits itself; refused starts would only be sent again.
export ZEEBE_BROKER_BACKPRESSURE_ENABLED=false ZEEBE_BROKER_FLOWCONTROL_REQUEST_ENABLED=false
export ZEEBE_LOG_LEVEL=warn ATOMIX_LOG_LEVEL=warn ZEEBE_LOG_APPENDER=Console
say "starting version $version with $partitions partition(s)"
(cd "$scratch" && exec env JAVACMD="$java" JAVA_OPTS="-Xms1g -Xmx1g" "$home/bin/broker") >"$scratch/broker.log" 2>&1 &
started
broker=$!
await 120 "$broker" broker curl -fs http://127.0.0.1:27504/actuator/health/readiness
load "$home/lib/*" "$peers/zeebe/ZeebeLoad.java" "http://127.0.0.1:$gateway" "http://127.0.0.1:$rest"
