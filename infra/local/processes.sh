# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Background processes and their pid files, in "$servers/run/NAME.pid".
#
# A pid alone may have passed to another program, after a reboot for example. So
# the file holds the pid, the boot it belongs to and its start time, and nothing
# is signalled unless all three still agree.

# Prints what tells this process from any other that has had or will have its
# pid; fails when there is none, or only a zombie.
process_identity() { # PID
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }" # the state, then the fields from the 4th on
  [[ ${fields[0]} != [ZX] ]] || return 1
  printf '%s %s\n' "$(</proc/sys/kernel/random/boot_id)" "${fields[19]}"
}

# Starts a command in a session of its own, out of reach of the terminal's
# Ctrl-C, and records it. LOG may be - to keep the script's own output.
process_start() { # NAME LOG COMMAND...
  local name=$1 log=$2 pid
  shift 2
  mkdir -p "$servers/run" "$servers/log"
  if [[ $log == - ]]; then
    process_become "$@" </dev/null &
  else
    process_trim_log "$log"
    process_become "$@" </dev/null >>"$log" 2>&1 &
    disown # or bash would tell the terminal when it is killed
  fi
  pid=$!
  printf '%s %s\n' "$pid" "$(process_identity "$pid")" >"$servers/run/$name.pid"
}

# Turns the shell that runs it into the command, which must not inherit the
# script's lock: it would hold it for as long as it lives.
process_become() { # COMMAND...
  if [[ -n ${lock_fd:-} ]]; then exec {lock_fd}>&-; fi
  exec setsid "$@"
}

# Keeps a log under 10 MB plus one run, with the one before beside it.
process_trim_log() { # LOG
  if [[ -f $1 && $(stat -c %s "$1") -gt 10000000 ]]; then mv "$1" "$1.old"; fi
}

# Prints the pid of a process that runs and is ours; fails otherwise.
process_pid() { # NAME
  local pid identity
  { read -r pid identity <"$servers/run/$1.pid"; } 2>/dev/null || return 1
  [[ -n $pid && $(process_identity "$pid") == "$identity" ]] || return 1
  printf '%s\n' "$pid"
}

process_runs() { process_pid "$1" >/dev/null; } # NAME

# Waits until the process is gone; fails when it still runs after that time.
process_wait_gone() { # NAME SECONDS
  local deadline=$((SECONDS + $2))
  while process_runs "$1"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
  rm -f "$servers/run/$1.pid"
}

# Asks the process to end, and after that many seconds ends it without asking.
process_stop() { # NAME SIGNAL SECONDS
  local pid
  if pid=$(process_pid "$1"); then
    kill -s "$2" "$pid" 2>/dev/null || true
    process_wait_gone "$1" "$3" || process_kill "$1"
  fi
  rm -f "$servers/run/$1.pid"
}

# Ends the process and its direct children at once, as a power cut would.
process_kill() { # NAME
  local pid children child
  pid=$(process_pid "$1") || return 0
  read -ra children < <(cat "/proc/$pid/task/"*/children 2>/dev/null | tr '\n' ' ') || true
  kill -KILL "$pid" "${children[@]}" 2>/dev/null || true
  process_wait_gone "$1" 10 || fail "$1 (pid $pid) does not end, even by kill -9."
  for child in "${children[@]}"; do process_wait_dead "$child"; done
}

# A killed child holds its memory, PostgreSQL's shared one too, until it is gone.
process_wait_dead() { # PID
  local deadline=$((SECONDS + 10))
  while process_identity "$1" >/dev/null && ((SECONDS < deadline)); do sleep 0.02; done
}
