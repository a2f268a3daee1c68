# What the peers' scripts have in common; sourced by them, after they have set $peer. POSIX sh.
# Standard output belongs to the measurements: one line of JSON each.

say() { printf '%s: %s\n' "$peer" "$*" >&2; }
refuse() { say "$*"; exit 2; }

peers=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
load_tests=$(dirname "$peers")
cache=${STEPSTREAM_PEERS_CACHE:-$load_tests/target/peers}

seconds=20
warm_up=90
partitions=1
while [ $# -gt 0 ]; do
  [ $# -ge 2 ] || refuse "$1 needs a number"
  case $2 in
    '' | *[!0-9]*) refuse "$1 needs a number, not '$2'" ;;
  esac
  case $1 in
    --seconds) seconds=$2 ;;
    --warm-up) warm_up=$2 ;;
    --partitions) partitions=$2 ;;
    *) refuse "unknown option '$1'; there are --seconds, --warm-up and --partitions" ;;
  esac
  shift 2
done

java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") || refuse "a JDK 25 or newer is needed; point JAVA_HOME at one"
[ "$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)" -ge 25 ] 2>/dev/null ||
  refuse "a JDK 25 or newer is needed; point JAVA_HOME at one"

# maven GOAL OPTION...: the log is shown only if it fails.
maven() {
  command -v mvn >/dev/null 2>&1 || refuse "Maven is needed to fetch the peer, and there is no mvn on the PATH"
  mkdir -p "$cache"
  mvn -B -ntp "$@" </dev/null >"$cache/$peer-fetch.log" 2>&1 || {
    grep '^\[ERROR' "$cache/$peer-fetch.log" | head -n 3 >&2
    refuse "it could not be fetched; the log is in $cache/$peer-fetch.log"
  }
}

scratch=
pids=

# A peer that doesn't end by itself within ten seconds is killed: nothing may outlive the script. It is asked again and
# again, because a signal that comes before the shell's child has become the peer is lost.
stop() {
  left=100
  while [ $left -gt 0 ] && kill "$1" 2>/dev/null; do
    left=$((left - 1))
    sleep 0.1
  done
  kill -9 "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

clean_up() {
  trap '' INT TERM HUP
  for each in $pids; do stop "$each"; done
  [ -z "$scratch" ] || rm -rf "$scratch"
}

# From here on what was started is stopped, last one first, and the scratch directory is removed, whatever happens.
begin() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/stepstream-peer.XXXXXX")
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# The process just started belongs to us.
started() { pids="$! $pids"; }

# await SECONDS PID WHAT COMMAND...: until the command succeeds; fails if the process ends or the time is over.
await() {
  left=$(($1 * 5))
  of=$2
  what=$3
  shift 3
  until "$@" >/dev/null 2>&1; do
    kill -0 "$of" 2>/dev/null || { tail -n 5 "$scratch/$what.log" >&2; refuse "$what ended before it was ready"; }
    [ $left -gt 0 ] || { tail -n 5 "$scratch/$what.log" >&2; refuse "$what was not ready in time"; }
    left=$((left - 1))
    sleep 0.2
  done
}

load_options=

# load CLASS_PATH SOURCE ARGUMENT...: runs the load program and waits, so that a signal is heard at once.
load() {
  class_path=$1
  shift
  "$java" -Xms512m -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow -Dpeer.name="$peer" -Dpeer.seconds="$seconds" \
    -Dpeer.warmUp="$warm_up" ${load_options:+"$load_options"} -cp "$class_path" "$@" &
  started
  wait $!
}
