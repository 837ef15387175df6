# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# Words to the user: one clear sentence each.

# Prints one line of progress or result.
say() { printf '==> %s\n' "$*"; }

# Prints one line that explains, to stderr, and ends the script.
fail() {
  printf '%s: %s\n' "$program" "$*" >&2
  exit 1
}

# Like fail, for a command whose output went to a log. On a CI machine nobody
# can open that log afterwards, so its end is printed too.
fail_with_log() { # LOG MESSAGE...
  local log=$1
  shift
  if [[ -n ${CI:-} && -f $log ]]; then tail -n 60 "$log" >&2; fi
  fail "$* The details are in $(shown "$log")."
}

# A path as the user would type it from the project's root.
shown() { printf '%s' "${1#"$root/"}"; }
