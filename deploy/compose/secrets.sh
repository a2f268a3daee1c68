#!/bin/sh
# Makes the secrets of compose.yaml in the directory secrets beside it, once, and says how to log in.
set -eu
umask 077
cd "$(dirname -- "$0")"
command -v openssl >/dev/null || { echo "openssl is needed" >&2; exit 2; }
if [ -e secrets ]; then
  echo "There is a directory secrets already; remove it to make others" >&2
  exit 1
fi
made=$(mktemp -d ./secrets.XXXXXX)
trap 'rm -rf "$made"' EXIT

# An API key is ssk_ID_SECRET; the nodes know its hash only.
api_key() { printf 'ssk_%s_%s' "$(openssl rand -hex 6)" "$(openssl rand -base64 32 | tr '+/' '-_' | tr -d '=\n')"; }
entry() {
  id=${2#ssk_}
  printf '{"id": "%s", "sha256": "%s", "user": "%s"}' "${id%%_*}" \
    "$(printf %s "$2" | openssl dgst -sha256 -r | cut -d' ' -f1)" "$1"
}

openssl rand -hex 32 >"$made/node-keys"
openssl rand -hex 32 >"$made/task-token-keys"
openssl rand -hex 16 >"$made/grafana-password"
secret=$(openssl rand -hex 24)
console=$(api_key)
prometheus=$(api_key)
printf %s "$prometheus" >"$made/prometheus-key"
printf '{"accessKeys": [{"accessKeyId": "SSAKADMIN", "secretAccessKey": "%s", "user": "admin"}]}\n' "$secret" \
  >"$made/access-keys"
printf '{"apiKeys": [%s, %s]}\n' "$(entry admin "$console")" "$(entry prometheus "$prometheus")" >"$made/api-keys"
cat >"$made/policies" <<'END'
{"users": {
   "admin": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
   "prometheus": [{"Effect": "Allow", "Action": "stepstream:ReadMetrics", "Resource": "*"}]},
 "roles": {
   "arn:aws:iam::000000000000:role/stepstream": [{"Effect": "Allow", "Action": "states:*", "Resource": "*"}]}}
END
# For yourself; no container gets it.
cat >"$made/login.env" <<END
export AWS_ENDPOINT_URL_SFN=http://127.0.0.1:8333
export AWS_DEFAULT_REGION=us-east-1
export AWS_ACCESS_KEY_ID=SSAKADMIN
export AWS_SECRET_ACCESS_KEY=$secret
export STEPSTREAM_API_KEY=$console
END
# Compose mounts the files as they are, and the processes in the containers are other users: the directory is what
# keeps others on this machine out.
chmod 644 "$made"/*
chmod 600 "$made/login.env"
mv "$made" secrets
trap - EXIT
echo "For the AWS CLI: . deploy/compose/secrets/login.env; the console at http://127.0.0.1:8333/console asks for STEPSTREAM_API_KEY"
