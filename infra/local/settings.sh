# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Settings: default < .env < environment < flags.

# What flags have set, by name.
declare -A settings_flags=()

# Sets every setting, and checks the ports.
settings_read() {
  settings_take HTTP_HOST 127.0.0.1
  settings_take HTTP_PORT 8000
  settings_take ADMIN_PORT 8001
  settings_take KAFKA_PORT 19092
  settings_take POSTGRES_PORT 15432
  settings_take LOG_FORMAT text
  settings_take TLS_CERTIFICATE_FILE ""
  settings_take TLS_KEY_FILE ""
  settings_check_ports
}

settings_take() { # NAME DEFAULT
  local value=${settings_flags[$1]:-${!1:-}}
  [[ -n $value ]] || value=$(settings_from_file "$1" "$root/.env")
  printf -v "$1" %s "${value:-$2}"
}

# Prints the last value a file of NAME=VALUE lines gives, without its quotes.
settings_from_file() { # NAME FILE
  local name=$1 line value=
  [[ -f $2 ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do
    [[ $line =~ ^[[:space:]]*(export[[:space:]]+)?${name}[[:space:]]*=[[:space:]]*(.*)$ ]] || continue
    value=${BASH_REMATCH[2]}
    case $value in
      \"*) value=${value#\"} value=${value%%\"*} ;;
      \'*) value=${value#\'} value=${value%%\'*} ;;
      *) value=${value%%[[:space:]]#*} value=${value%"${value##*[![:space:]]}"} ;;
    esac
  done <"$2"
  printf '%s' "$value"
}

settings_check_ports() {
  local name other
  local -A seen=()
  for name in HTTP_PORT ADMIN_PORT KAFKA_PORT POSTGRES_PORT; do
    if [[ ! ${!name} =~ ^[1-9][0-9]{0,4}$ ]] || ((${!name} > 65535)); then
      fail "$name is \"${!name}\", which is no port from 1 to 65535."
    fi
    other=${seen[${!name}]:-}
    [[ -z $other ]] || fail "$other and $name are both ${!name}; each needs a port of its own."
    seen[${!name}]=$name
  done
}

# Remembers settings in use, for the other scripts.
settings_save() { # NAME...
  local name
  mkdir -p "$servers/run"
  for name in "$@"; do printf '%s=%s\n' "$name" "${!name}"; done >"$servers/run/settings"
}

# Sets the settings that were remembered; fails when there are none.
settings_load() {
  local name value
  [[ -f $servers/run/settings ]] || return 1
  while IFS='=' read -r name value; do printf -v "$name" %s "$value"; done <"$servers/run/settings"
}
