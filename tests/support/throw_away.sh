# shellcheck shell=bash disable=SC2034,SC2154 # infra/local/all.sh is loaded before
# The servers of one test run, in a throw-away folder: fast to make, and not
# durable, for a test kills processes, not machines.

# Makes the folder and chooses free ports.
throw_away_make() {
  throw_away_sweep
  servers=$(mktemp -d "${TMPDIR:-/tmp}/sonicmatch-test.XXXXXX")
  chmod 711 "$servers" # PostgreSQL's user passes through
  mkdir "$servers/run"
  printf '%s %s\n' "$$" "$(process_identity "$$")" >"$servers/run/owner.pid"
  KAFKA_PORT=$(port_free)
  POSTGRES_PORT=$(port_free)
  settings_save KAFKA_PORT POSTGRES_PORT
  throw_away_open "$servers"
}

# Acts on a folder that a test run has made.
throw_away_open() { # FOLDER
  servers=$1
  settings_load || fail "There are no servers in $servers."
  postgres_initdb_options=(--no-sync)
  postgres_options=(-c fsync=off)
}

# Ends the servers at once and removes the folder.
throw_away_remove() {
  process_kill kafka
  process_kill postgres
  servers_wipe
  rm -rf "$servers"
}

# Removes what a test run left behind that was itself killed.
throw_away_sweep() {
  local folder
  for folder in "${TMPDIR:-/tmp}"/sonicmatch-test.*; do
    [[ -d $folder && -O $folder ]] || continue
    servers=$folder
    process_runs owner || throw_away_remove
  done
}
