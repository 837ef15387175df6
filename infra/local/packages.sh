# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Debian packages: which are missing, and installing them.

# Installs what the lists ask for and the machine lacks. Needs root, or sudo
# without a password, only when something is missing.
packages_ensure() { # LIST...
  local log=$root/.local/log/packages.log missing=() chosen=() as_root=()
  command -v dpkg-query >/dev/null ||
    fail "This is no Debian: install by hand what $(shown "$1") names, by its Debian names."
  mapfile -t missing < <(packages_missing "$@")
  ((${#missing[@]})) || return 0

  if ((EUID != 0)); then
    sudo -n true 2>/dev/null ||
      fail "Packages are missing; as root, run: apt-get install $(packages_choose "${missing[@]}" | paste -sd ' ')"
    as_root=(sudo -n)
  fi
  step "$log" "Fetching Debian's package lists, for ${#missing[@]} missing packages" \
    "${as_root[@]}" apt-get update ||
    fail_with_log "$log" "Debian's package lists could not be fetched; is there a network?"
  mapfile -t chosen < <(packages_choose "${missing[@]}")
  step "$log" "Installing ${chosen[*]}" \
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends --no-remove "${chosen[@]}" ||
    fail_with_log "$log" "The missing packages could not be installed; is there a network?"
}

# Prints each need of the lists that no installed package meets.
packages_missing() { # LIST...
  local need
  while read -r need _; do
    [[ -z $need || $need == '#'* ]] || package_present "$need" || printf '%s\n' "$need"
  done < <(cat "$@")
}

package_present() { # NEED, as a|b
  local name
  for name in ${1//|/ }; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) != installed ]] || return 0
  done
  package_provided "$1"
}

# Whether an installed package says that it brings what is needed, as the nodejs of
# others than Debian brings npm.
package_provided() { # NEED, as a|b
  local provided
  provided=$(dpkg-query -W -f '${db:Status-Status}, ${Provides},\n' | sed -n 's/^installed//p')
  [[ $provided =~ ,\ ($1)( |,) ]]
}

# Prints, for each need, its first package that this Debian offers, else its
# first one, for apt-get to complain about by name.
packages_choose() { # NEED...
  local need name
  for need in "$@"; do
    for name in ${need//|/ } "${need%%|*}"; do
      [[ -z $(apt-cache --quiet=0 madison "$name" 2>/dev/null) ]] || break
    done
    printf '%s\n' "$name"
  done
}
