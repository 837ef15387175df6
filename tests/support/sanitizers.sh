# shellcheck shell=bash disable=SC2154 # infra/local/all.sh is loaded before
# What the presets with sanitizers need: options, and for ThreadSanitizer another CAF.

# Before the build of a preset; nothing for those without a sanitizer.
sanitizer_prepare() { # PRESET
  [[ $1 == *san* ]] || return 0
  if [[ $1 == tsan ]]; then instrumented_caf_build; fi
  export SONICMATCH_TEST_SANITIZED=1
  export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1:suppressions=$root/tests/support/ubsan.supp
  export LSAN_OPTIONS=suppressions=$root/tests/support/lsan.supp
  # Packaged libraries are not instrumented: what they do between their own threads is left alone.
  export TSAN_OPTIONS=halt_on_error=1:second_deadlock_stack=1:ignore_noninstrumented_modules=1
}

# The packaged CAF is not instrumented: ThreadSanitizer would see none of what orders an
# actor's messages, and report every one of them as a race. So Debian's source of the very
# version that is installed is built for it, once: build/tsan-caf/lib/libcaf_core.so, which
# the preset links.
instrumented_caf_build() {
  local folder=$root/build/tsan-caf log=$root/.local/log/tsan-caf.log version
  version=$(dpkg-query -W -f '${source:Version}' libcaf-dev)
  [[ $(cat "$folder/version" 2>/dev/null) != "$version" ]] || return 0
  rm -rf "$folder"
  mkdir -p "$folder"
  step "$log" "Building CAF $version for ThreadSanitizer (minutes, once)" \
    instrumented_caf_make "$folder" "$version" ||
    fail_with_log "$log" "CAF could not be built for ThreadSanitizer; is there a network?"
  printf '%s\n' "$version" >"$folder/version"
}

instrumented_caf_make() { # FOLDER VERSION
  cd "$1" &&
    instrumented_caf_fetch "$2" &&
    mkdir source &&
    tar -xzf actor-framework_*.orig.tar.gz -C source --strip-components=1 &&
    cmake -G Ninja -S source -B . -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_CXX_FLAGS=-fsanitize=thread \
      -DCAF_LOG_LEVEL=QUIET -DCAF_NO_IO=yes -DCAF_NO_OPENSSL=yes -DCAF_NO_OPENCL=yes -DCAF_NO_PYTHON=yes \
      -DCAF_NO_TOOLS=yes -DCAF_NO_EXAMPLES=yes -DCAF_NO_UNIT_TESTS=yes &&
    cmake --build . -j "$(nproc)" --target libcaf_core_shared
}

# Fetches the upstream tarball of Debian's source package into the current folder, from
# where this machine gets its packages, with lists of its own, so that nothing of the
# machine's apt is changed.
instrumented_caf_fetch() { # VERSION
  local from=/etc/apt/sources.list.d/debian.sources to=$PWD/debian.sources options
  if [[ -f $from ]]; then
    sed 's/^Types:.*/Types: deb-src/' "$from" >"$to"
  else
    to=$PWD/debian.list
    sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$to"
  fi
  mkdir -p apt/lists/partial apt/cache/archives/partial || return
  options=(-o "Dir::Etc::sourcelist=$to" -o Dir::Etc::sourceparts=- -o "Dir::State::lists=$PWD/apt/lists"
    -o "Dir::Cache=$PWD/apt/cache" -o "APT::Sandbox::User=$(id -un)")
  apt-get "${options[@]}" update &&
    apt-get "${options[@]}" source --download-only --tar-only "actor-framework=$1"
}
