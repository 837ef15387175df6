# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Long commands: their output in a log, progress on the screen, and an end at
# Ctrl-C that takes all of their children along.

step_pid=
step_ticker_pid=

# Runs a command in a process group of its own and returns its exit code. A
# trap can interrupt the wait, and step_cancel then ends the group.
run_interruptibly() { # COMMAND...
  set -m
  "$@" </dev/null &
  step_pid=$!
  set +m
  local code=0
  wait "$step_pid" || code=$?
  step_pid=
  return "$code"
}

# Runs a command with its output in a log, and repeats the log's last line every
# 20 s, so that a first build of minutes can be told from a hung one.
step() { # LOG MESSAGE COMMAND...
  local log=$1 code=0
  say "$2"
  shift 2
  mkdir -p "$(dirname "$log")"
  : >"$log"
  set -m
  step_tick "$log" &
  step_ticker_pid=$!
  set +m
  run_interruptibly "$@" >>"$log" 2>&1 || code=$?
  step_silence
  return "$code"
}

step_tick() { # LOG
  while sleep 20; do
    printf '    %s\n' "$(tail -n 1 "$1" | cut -c 1-100)"
  done
}

step_silence() {
  [[ -n $step_ticker_pid ]] || return 0
  kill -- "-$step_ticker_pid" 2>/dev/null || true
  wait "$step_ticker_pid" 2>/dev/null || true
  step_ticker_pid=
}

# Ends the command that run_interruptibly waits for, if there is one.
step_cancel() {
  step_silence
  [[ -n $step_pid ]] || return 0
  kill -TERM -- "-$step_pid" 2>/dev/null || true
  wait "$step_pid" 2>/dev/null || true
  step_pid=
}

# Runs a command while no other script of this checkout runs one by that name.
one_at_a_time() { # NAME COMMAND...
  local turn
  exec {turn}>"$root/.local/$1.lock"
  flock -n "$turn" || { say "Waiting for another $1" && flock "$turn"; }
  shift
  "$@"
  exec {turn}>&-
}
