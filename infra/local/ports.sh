# shellcheck shell=bash
# TCP ports of this machine, asked without any tool but bash.

# True when something listens on the port of 127.0.0.1.
port_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

# Prints a port nobody listens on. It lies under the range that the system gives
# to outgoing connections, so that none of these can take it in the meantime.
port_free() {
  local port
  while true; do
    port=$((20000 + RANDOM % 12000))
    port_taken "$port" || break
  done
  printf '%s\n' "$port"
}

# Waits until the port answers while the process runs; fails otherwise.
port_wait() { # PORT PROCESS SECONDS
  local deadline=$((SECONDS + $3))
  until port_taken "$1"; do
    if ! process_runs "$2" || ((SECONDS >= deadline)); then return 1; fi
    sleep 0.05
  done
}
