#!/usr/bin/env bash
# AWS's command line against a stack. Ends with 1 at the first wrong answer.
set -euo pipefail
endpoint=${1:?usage: aws-cli.sh ENDPOINT}

export AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any AWS_DEFAULT_REGION=us-east-1
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER=''
# A host of 127.0.0.1 takes no prefix.
export AWS_DISABLE_HOST_PREFIX_INJECTION=true

role=arn:aws:iam::000000000000:role/any
pass='{"StartAt":"P","States":{"P":{"Type":"Pass","End":true}}}'
wait='{"StartAt":"W","States":{"W":{"Type":"Wait","Seconds":3600,"End":true}}}'

say() { printf '  %s\n' "$*"; }

# sfn QUERY COMMAND…: what the answer has there, as text.
sfn() {
  local query=$1
  shift
  aws stepfunctions "$@" --endpoint-url "$endpoint" --query "$query" --output text
}

# count QUERY COMMAND…: how many there are on all pages, each of which is told by itself.
count() { sfn "$@" | wc -w; }

# equals WHAT EXPECTED ACTUAL
equals() {
  if [[ $2 != "$3" ]]; then
    printf 'FAILED: %s: expected %s but was %s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
  say "$1: $3"
}

# refused CODE COMMAND…
refused() {
  local code=$1 output
  shift
  if output=$(sfn @ "$@" 2>&1) || [[ $output != *"($code)"* ]]; then
    printf 'FAILED: %s: expected the error %s but was %s\n' "$1" "$code" "$output" >&2
    exit 1
  fi
  say "$1 is refused: $code"
}

# knows COMMAND: an old command line has not got them all.
knows() {
  aws stepfunctions "$1" --generate-cli-skeleton input >/dev/null 2>&1 || {
    say "this version has no $1: left out"
    return 1
  }
}

# eventually EXPECTED COMMAND…: asks until the answer is so; views lag behind.
eventually() {
  local expected=$1 deadline=$((SECONDS + 20)) actual
  shift
  until actual=$("$@") && [[ $actual == "$expected" ]]; do
    if ((SECONDS > deadline)); then
      equals "$*" "$expected" "$actual"
    fi
  done
  say "$3: $actual"
}

aws --version
machine=$(sfn stateMachineArn create-state-machine --name cli --role-arn $role --definition "$pass")
say "created $machine"
equals 'its status' ACTIVE "$(sfn status describe-state-machine --state-machine-arn "$machine")"
refused StateMachineAlreadyExists create-state-machine --name cli --role-arn $role --definition "$wait"
refused InvalidDefinition create-state-machine --name invalid --role-arn $role --definition '{}'
refused StateMachineDoesNotExist start-execution --state-machine-arn "${machine}x"

execution=$(sfn executionArn start-execution --state-machine-arn "$machine" --input '{"n":1}')
eventually SUCCEEDED sfn status describe-execution --execution-arn "$execution"
equals 'its output' '{"n":1}' "$(sfn output describe-execution --execution-arn "$execution")"
sfn executionArn start-execution --state-machine-arn "$machine" >/dev/null
sfn executionArn start-execution --state-machine-arn "$machine" >/dev/null
eventually 3 count 'executions[].status' list-executions --state-machine-arn "$machine" --page-size 1
eventually 4 count 'events[].id' get-execution-history --execution-arn "$execution" --page-size 1

waits=$(sfn stateMachineArn create-state-machine --name cli-waits --role-arn $role --definition "$wait")
stopped=$(sfn executionArn start-execution --state-machine-arn "$waits" --name once)
refused ExecutionAlreadyExists start-execution --state-machine-arn "$waits" --name once --input '{"n":2}'
sfn stopDate stop-execution --execution-arn "$stopped" --error Enough >/dev/null
equals 'the status of the stopped' ABORTED \
  "$(sfn status describe-execution --execution-arn "$stopped")"

activity=$(sfn activityArn create-activity --name cli)
task=$(sfn stateMachineArn create-state-machine --name cli-task --role-arn $role --definition \
  "{\"StartAt\":\"T\",\"States\":{\"T\":{\"Type\":\"Task\",\"Resource\":\"$activity\",\"End\":true}}}")
works=$(sfn executionArn start-execution --state-machine-arn "$task" --input '{"n":3}')
token=None
for ((poll = 0; poll < 10; poll++)); do
  read -r token input <<<"$(sfn '[taskToken,input]' get-activity-task --activity-arn "$activity")"
  [[ $token == None ]] || break
done
equals 'the input of the task' '{"n":3}' "$input"
sfn @ send-task-heartbeat --task-token "$token" >/dev/null
sfn @ send-task-success --task-token "$token" --task-output '{"n":4}' >/dev/null
eventually '{"n":4}' sfn output describe-execution --execution-arn "$works"
refused TaskTimedOut send-task-success --task-token "$token" --task-output '{}'
refused InvalidToken send-task-failure --task-token made-up
equals 'activities' "$activity" "$(sfn 'activities[].activityArn' list-activities)"
sfn @ delete-activity --activity-arn "$activity" >/dev/null
refused ActivityDoesNotExist describe-activity --activity-arn "$activity"

sfn @ tag-resource --resource-arn "$machine" --tags key=team,value=orders >/dev/null
equals 'tags' orders "$(sfn 'tags[].value' list-tags-for-resource --resource-arn "$machine")"

if knows publish-state-machine-version; then
  version=$(sfn stateMachineVersionArn publish-state-machine-version --state-machine-arn "$machine")
  equals 'the version' "$machine:1" "$version"
  alias=$(sfn stateMachineAliasArn create-state-machine-alias --name live \
    --routing-configuration "stateMachineVersionArn=$version,weight=100")
  started=$(sfn executionArn start-execution --state-machine-arn "$alias")
  equals 'the version that was started' "$version" \
    "$(sfn stateMachineVersionArn describe-execution --execution-arn "$started")"
  refused ConflictException delete-state-machine-version --state-machine-version-arn "$version"
  sfn @ delete-state-machine-alias --state-machine-alias-arn "$alias" >/dev/null
fi

express=$(sfn stateMachineArn create-state-machine --name cli-express --type EXPRESS --role-arn $role \
  --definition "$pass")
if output=$(sfn output start-sync-execution --state-machine-arn "$express" --input '{"n":5}' 2>&1); then
  equals 'the output of start-sync-execution' '{"n":5}' "$output"
elif [[ $output == *//sync-127.0.0.1* ]]; then
  say "this version puts a prefix before 127.0.0.1: start-sync-execution is left out"
else
  equals 'the output of start-sync-execution' '{"n":5}' "$output"
fi

sfn @ delete-state-machine --state-machine-arn "$machine" >/dev/null
say "deleted $machine"
