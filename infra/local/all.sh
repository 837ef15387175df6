# shellcheck shell=bash
# Loads every part. The script that sources this has set `root`, the project's
# folder, and may change `servers`, the folder of Kafka and PostgreSQL.

program=${0#"$root/"}
# shellcheck disable=SC2034 # the parts use it
servers=$root/.local

if ! mkdir -p "$root/.local/log" 2>/dev/null || [[ ! -O $root/.local ]]; then
  printf '%s: .local belongs to another user; run this as that user, or remove the folder.\n' "$program" >&2
  exit 1
fi

# shellcheck source=infra/local/say.sh
source "$root/infra/local/say.sh"
# shellcheck source=infra/local/steps.sh
source "$root/infra/local/steps.sh"
# shellcheck source=infra/local/settings.sh
source "$root/infra/local/settings.sh"
# shellcheck source=infra/local/packages.sh
source "$root/infra/local/packages.sh"
# shellcheck source=infra/local/ports.sh
source "$root/infra/local/ports.sh"
# shellcheck source=infra/local/processes.sh
source "$root/infra/local/processes.sh"
# shellcheck source=infra/local/kafka.sh
source "$root/infra/local/kafka.sh"
# shellcheck source=infra/local/postgres.sh
source "$root/infra/local/postgres.sh"
# shellcheck source=infra/local/servers.sh
source "$root/infra/local/servers.sh"
# shellcheck source=infra/local/build.sh
source "$root/infra/local/build.sh"
# shellcheck source=infra/local/sonicmatch.sh
source "$root/infra/local/sonicmatch.sh"
