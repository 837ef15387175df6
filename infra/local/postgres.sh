# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# A private PostgreSQL cluster in "$servers/postgres" on 127.0.0.1:$POSTGRES_PORT,
# with one user and one database, both named sonicmatch.
#
# PostgreSQL refuses to run as root, so root runs it as Debian's user postgres.
# Where that user can't reach the project (below a closed home, for example) the
# data live in the user's home, and "$servers/postgres" is a link to them.

# Options for the throw-away clusters of tests, which need no fsync.
postgres_options=()
postgres_initdb_options=()

# Starts the cluster, made when it is not there yet. It answers only after
# postgres_wait.
postgres_start() {
  local bin data
  postgres_data_ready || postgres_make
  bin=$(postgres_bin)
  data=$(readlink -f "$servers/postgres")
  postgres_configure "$data"
  postgres_forget_dead "$data"
  postgres_as_owner process_start postgres "$servers/log/postgres.log" -- \
    "$bin/postgres" -D "$data" -p "$POSTGRES_PORT" "${postgres_options[@]}"
}

# Waits until the cluster answers, then makes the database if need be.
postgres_wait() {
  local bin deadline=$((SECONDS + 60)) address
  bin=$(postgres_bin)
  address=(-h 127.0.0.1 -p "$POSTGRES_PORT" -U sonicmatch)
  until "$bin/pg_isready" -q "${address[@]}" -d postgres; do
    if ! process_runs postgres || ((SECONDS >= deadline)); then
      fail_with_log "$servers/log/postgres.log" "PostgreSQL did not start on port $POSTGRES_PORT."
    fi
    sleep 0.05
  done
  "$bin/psql" -qAtX "${address[@]}" -d postgres \
    -c "select 1 from pg_database where datname = 'sonicmatch'" | grep -q 1 ||
    "$bin/createdb" "${address[@]}" --maintenance-db=postgres sonicmatch
}

# INT is PostgreSQL's fast shutdown: clients are cut off, data are written.
postgres_stop() { process_stop postgres INT 30; }

postgres_url() { printf 'postgresql://sonicmatch@127.0.0.1:%s/sonicmatch\n' "$POSTGRES_PORT"; }

# Removes the data, wherever they live.
postgres_wipe() {
  local data
  data=$(readlink -f "$servers/postgres")
  if [[ -L $servers/postgres && $data == */sonicmatch-postgres.* ]]; then rm -rf "$data"; fi
  rm -rf "$servers/postgres"
}

# True when the cluster was made completely: its own settings are written last.
postgres_data_ready() { [[ -f $servers/postgres/sonicmatch.conf ]]; }

postgres_make() {
  local bin data log=$servers/log/postgres.log
  postgres_wipe
  postgres_place
  bin=$(postgres_bin)
  data=$(readlink -f "$servers/postgres")
  mkdir -p "$servers/log"
  postgres_as_owner -- "$bin/initdb" -D "$data" -U sonicmatch -A trust -E UTF8 \
    --no-locale "${postgres_initdb_options[@]}" >>"$log" 2>&1 ||
    fail_with_log "$log" "PostgreSQL's data folder could not be made."
  printf '%s\n' 'host all all 127.0.0.1/32 trust' >"$data/pg_hba.conf"
  printf '%s\n' "include 'sonicmatch.conf'" >>"$data/postgresql.conf"
  postgres_configure "$data"
}

# Removes the pid file of a killed PostgreSQL that is a zombie yet, because the
# container's first process is slow to reap: PostgreSQL takes it for alive.
postgres_forget_dead() { # DATA
  local pid
  { read -r pid <"$1/postmaster.pid"; } 2>/dev/null || return 0
  process_identity "$pid" >/dev/null || rm -f "$1/postmaster.pid"
}

# Makes the empty folder that the owner can reach.
postgres_place() {
  local home
  mkdir "$servers/postgres"
  ((EUID == 0)) || return 0
  chown postgres: "$servers/postgres"
  if ! postgres_as_owner -- test -x "$servers/postgres"; then
    rmdir "$servers/postgres"
    home=$(getent passwd postgres | cut -d : -f 6)
    ln -s "$(postgres_as_owner -- mktemp -d "$home/sonicmatch-postgres.XXXXXX")" "$servers/postgres"
  fi
}

postgres_configure() { # DATA
  cat "$root/infra/local/postgresql.conf" >"$1/sonicmatch.conf"
  chmod 644 "$1/sonicmatch.conf"
}

# Prints the folder of the PostgreSQL programs: of the version that made the
# data, or else the newest one.
postgres_bin() {
  local version='*' found=()
  if [[ -f $servers/postgres/PG_VERSION ]]; then version=$(<"$servers/postgres/PG_VERSION"); fi
  mapfile -t found < <(compgen -G "/usr/lib/postgresql/$version/bin/initdb" | sort -V)
  ((${#found[@]})) ||
    fail "PostgreSQL $version, which made the data, is not installed; infra/down --wipe would start afresh."
  dirname "${found[-1]}"
}

# Runs a command as the user that owns the cluster, outside of the project's
# folder, which that user may not be able to enter.
postgres_as_owner() { # [PREFIX...] -- COMMAND...
  local prefix=() change=()
  while [[ $1 != -- ]]; do
    prefix+=("$1")
    shift
  done
  shift
  if ((EUID == 0)); then
    change=(setpriv --reuid=postgres --regid=postgres --init-groups)
  fi
  "${prefix[@]}" env --chdir=/ "${change[@]}" "$@"
}
