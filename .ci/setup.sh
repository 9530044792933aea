# Sourced by examples/run, tests/run and tests/bench/run: installs what is missing and builds. Quiet when all is well.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
# What one clone compiled serves the next, wherever it stands.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

say() { printf '%s\n' "$*" >&2; }

# packages GROUP...: the names under these headings of .ci/packages.
packages() {
  local group
  for group in "$@"; do
    awk -v group="[$group]" '/^#/ { next } /^\[/ { on = ($0 == group); next } on && NF' .ci/packages
  done | sort -u
}

# need GROUP...: makes sure that they are installed, or says which are not.
need() {
  local wanted missing=()
  mapfile -t wanted < <(packages "$@")
  if ! command -v dpkg-query >/dev/null; then
    say "This is not a Debian system, so nothing was installed. jobmedic needs what Debian calls: ${wanted[*]}"
    return 0  # the build may work all the same, and says what it misses if not
  fi
  mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}") \
    <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null | sed -n 's/^installed //p' | sort -u))
  [ "${#missing[@]}" -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    say "Missing Debian packages. Install them as root, then run this again:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    exit 1
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  local log
  log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"; } \
    >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "apt-get could not install them; the whole log is in $log"
    exit 1
  fi
  rm -f "$log"
}

# build FOLDER [CMAKE-OPTION...] [-- TARGET...]: configures once, builds what changed, shows output only when it fails.
build() {
  local folder=$1 options=() started=$SECONDS
  shift
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    options+=("$1")
    shift
  done
  [ $# -eq 0 ] || shift
  mkdir -p "$folder"
  local log=$folder/build.log
  if ! cmake -S . -B "$folder" -G Ninja "${options[@]}" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    say "cmake could not configure $folder; the packages it needs are in .ci/packages"
    exit 1
  fi
  if ! ninja -C "$folder" -n "$@" 2>/dev/null | grep -q 'no work to do'; then
    say "building in $folder (the first time takes some minutes) ..."
  fi
  if [ -t 2 ]; then
    ninja -C "$folder" "$@" > >(tee "$log" | while IFS= read -r line; do printf '\r\033[K%.100s' "$line" >&2; done) 2>&1 ||
      { printf '\r\033[K' >&2; tail -n 40 "$log" >&2; say "the build failed; the whole log is in $log"; exit 1; }
    printf '\r\033[K' >&2
  elif ! ninja -C "$folder" "$@" >"$log" 2>&1; then
    grep -A 12 -m 3 'FAILED\|error:' "$log" >&2 || tail -n 40 "$log" >&2
    say "the build failed; the whole log is in $log"
    exit 1
  fi
  [ $((SECONDS - started)) -lt 20 ] || say "built in $((SECONDS - started)) s"
}
