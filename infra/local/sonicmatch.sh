# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# The program itself: its environment, readiness, start and stop.

sonicmatch_program=$root/build/release/bin/sonicmatch
sonicmatch_log=-

# Points the program at the local servers, whatever .env says.
sonicmatch_configure() {
  export KAFKA_BROKERS=127.0.0.1:$KAFKA_PORT
  DATABASE_URL=$(postgres_url)
  export DATABASE_URL HTTP_HOST HTTP_PORT ADMIN_PORT LOG_FORMAT
  # A static member of its groups: after a kill the next start takes over at once.
  export INSTANCE_ID=${INSTANCE_ID:-local}
}

# LOG may be - for the terminal.
sonicmatch_start() { # LOG
  sonicmatch_log=$1
  process_start sonicmatch "$1" env --chdir="$root" "$sonicmatch_program" serve
}

sonicmatch_stop() { process_stop sonicmatch TERM 35; }

# Prints where the program answers. It may listen on every address.
sonicmatch_url() {
  local scheme=http
  [[ -z ${TLS_CERTIFICATE_FILE:-} ]] || scheme=https
  case $HTTP_HOST in
    0.0.0.0 | '::' | '[::]' | '*') printf '%s://127.0.0.1:%s\n' "$scheme" "$HTTP_PORT" ;;
    *:*) printf '%s://[%s]:%s\n' "$scheme" "$HTTP_HOST" "$HTTP_PORT" ;;
    *) printf '%s://%s:%s\n' "$scheme" "$HTTP_HOST" "$HTTP_PORT" ;;
  esac
}

sonicmatch_ready() {
  curl --insecure --silent --fail --noproxy '*' --max-time 2 --output /dev/null "$(sonicmatch_url)/health/ready"
}

# Waits until the program is ready to work.
sonicmatch_wait() {
  local deadline=$((SECONDS + 60))
  until sonicmatch_ready; do
    process_runs sonicmatch || sonicmatch_fail_early
    ((SECONDS < deadline)) || fail "sonicmatch is not ready after 60 s; it says: $(sonicmatch_reason)"
    sleep 0.1
  done
}

sonicmatch_fail_early() {
  [[ $sonicmatch_log != - ]] || fail "sonicmatch ended while it started; its last words are above."
  fail_with_log "$sonicmatch_log" "sonicmatch ended while it started."
}

# Prints why the program is not ready, in its own words.
sonicmatch_reason() {
  curl --insecure --silent --show-error --noproxy '*' --max-time 2 "$(sonicmatch_url)/health/ready" 2>&1 |
    tr -d '\n' | cut -c 1-300
}
