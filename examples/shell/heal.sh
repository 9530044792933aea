#!/bin/sh
# A scheduler in one page, in shell: runs a command under a memory limit; when it fails, asks jobmedic why, whether to try
# again and with how much memory; tells it how that ended. Once healed, the job's next run starts with what it needs.
#
#   heal.sh STORE-URL JOB MEMORY-MIB COMMAND...
#   heal.sh sqlite:jobs.db nightly 64 python3 -c 'rows = bytearray(100 << 20)'
set -eu
[ $# -ge 4 ] || { echo 'usage: heal.sh STORE-URL JOB MEMORY-MIB COMMAND...' >&2; exit 2; }
store=$1 job=$2 asked_for=$3
shift 3
run=$(date +%s)-$$ # one scheduled execution; yours has a date or a number
attempt=1

# attempt MEMORY-MIB [MORE-MEMBERS]: jobmedic.attempt/1
attempt() {
  printf '{"schema": "jobmedic.attempt/1", "job": "%s", "run": "%s", "attempt": %d, "engine": "local", ' "$job" "$run" "$attempt"
  printf '"config": {"memory_mib": %d}%s}\n' "$1" "${2:-}"
}

jobmedic history import /dev/null --store "$store" >/dev/null # makes the store, where there is none
while :; do
  # What this try is to run with: the job's own configuration, and what was learned since.
  attempt "$asked_for" >"$job.json"
  answer=$(jobmedic config get --format env --store "$store" --attempt "$job.json")
  eval "$answer" # safe whatever the names in it: every value is quoted
  memory=$JOBMEDIC_CONFIG_MEMORY_MIB

  code=0
  (ulimit -v $((memory * 1024)) && exec "$@") >"$job.log" 2>&1 || code=$?
  echo "try $attempt with $memory MiB: exit code $code"
  if [ "$code" -eq 0 ]; then
    attempt "$memory" ', "outcome": {"succeeded": true, "exit_code": 0}' >"$job.json"
    exec jobmedic outcome record "$job.json" --store "$store" # keeps the patch that it ran with
  fi

  # A failure is recorded with its remediation, and retires the patches that did not help.
  attempt "$memory" ", \"outcome\": {\"succeeded\": false, \"exit_code\": $code}" >"$job.json"
  answer=$(jobmedic remediate --format env --store "$store" --attempt "$job.json" --log "$job.log")
  eval "$answer"
  echo "  $JOBMEDIC_REASON"
  [ "$JOBMEDIC_RESTART" = 1 ] || exit 1
  sleep "$JOBMEDIC_AFTER_S"
  attempt=$((attempt + 1))
done
