# shellcheck shell=bash disable=SC2154 # all.sh and its caller set root, servers, program
# The C++ build, by CMake's presets.

# Configures where that was not done yet and builds a preset. One at a time, since
# infra/up and tests/run share the build folder.
build() { one_at_a_time build build_preset "$@"; } # PRESET [CMAKE BUILD OPTION...]

build_preset() { # PRESET [CMAKE BUILD OPTION...]
  local log=$root/.local/log/build-$1.log
  build_configure "$1"
  step "$log" "Building $1 (minutes at first, seconds later)" build_compile "$@" && return
  build_errors "$log" >&2
  fail_with_log "$log" "The build of $1 failed."
}

# Ninja runs CMake again by itself when a CMake file changes; only the first
# time, and for the stricter settings of CI, it is run from here.
build_configure() { # PRESET
  local log=$root/.local/log/configure-$1.log options=()
  [[ ! -f $root/build/$1/build.ninja || -n ${CI:-} ]] || return 0
  if [[ ${CI:-} == true ]]; then options+=(-DSONICMATCH_WARNINGS_AS_ERRORS=ON); fi
  step "$log" "Configuring $1" cmake -S "$root" --preset "$1" "${options[@]}" ||
    fail_with_log "$log" "CMake could not configure $1."
}

# CMake finds the build presets in the folder it runs in.
build_compile() { # PRESET [CMAKE BUILD OPTION...]
  cd "$root" && exec cmake --build --preset "$@"
}

# Prints the compiler's errors that a build's log holds, some of them.
build_errors() { # LOG
  grep -E -A 3 '(error|undefined reference|ninja): ' "$1" | head -n 40 || true
}
