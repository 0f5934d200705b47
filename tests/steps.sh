# The steps of ./test, and what they need. Sourced there, in the repository's root.
# A step succeeds by its status; 77, its own or that of something it needs, means that it cannot run here: all its tests
# count as skipped.

LOGS="$ROOT/tests/out/logs"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"
export CARGO_TERM_COLOR=never NO_COLOR=1

WASM_PACK=0.15.1
CARGO_DENY=0.20.2
# The samples of the protocol and the store's conformance suite are compiled only with these.
FEATURES=touchstone-protocol/inspect,touchstone-store/conformance

# What is in pkg/ without being built.
PKG_BY_HAND=(package.json README.md)

# name | plain or thorough | needs | limit in seconds | what it covers
STEPS=(
  "fmt|plain|rust|120|the form of the Rust code"
  "clippy|plain|rust|1200|lints of all targets, of all features, and of the agent for WebAssembly"
  "doc|plain|rust|900|the documentation of all crates, without a warning"
  "rust|plain|rust redis|5400|unit, property and contract tests of the whole workspace; 20 kills, 500 simulated lives (--thorough: 4,096 cases a property, 500 kills, 10,000 lives)"
  "power|plain|rust strace|1200|what was answered outlives a power cut, at 60 moments (--thorough: 300)"
  "face|plain|web|180|the agent's TypeScript: types, then tests"
  "pkg|plain|web rust wasm|1500|pkg/ built anew from agent/ is the committed one, byte for byte"
  "size|plain|web|60|script and agent within 25,000 bytes, brotli; the file of widgets within 12,000, of the second factor within 8,500"
  "package|plain|tests server chromium|300|npm pack holds what it should; bundled by Vite and esbuild it gives valid tokens"
  "browser|plain|tests server chromium|900|demo, tokens, attacks, policies, globals, outages, recorder, proofs, transfer, second factor in Chromium"
  "clients|plain|tests clients server chromium|600|clients of reCAPTCHA, unmodified: Google's libraries, wrappers of the script, plugins of frameworks; the snippets of docs/migrate.md"
  "deploy|plain|server|180|unit, image, proxies, dashboard and alerts of deploy/, with the tools that they are for"
  "api|plain|api server|1800|generated requests, by /openapi.json: no 5xx, no answer that it does not allow (--thorough: 10,000 requests)"
  "redteam|plain|tests server chromium|300|forged reports, script-only DOMs and drivers score low, each by what they are"
  "cost|plain|tests server chromium|300|execute and tasks within their limits on a slow processor (short)"
  "bench|thorough|tests server chromium|1800|agent cost in full, idle memory, limits of scoring, benchmarks of scoring, API and store"
  "fuzz|thorough|rust|7200|a minute of random bytes for each target, or TOUCHSTONE_FUZZ_SECONDS (needs a nightly toolchain)"
  "deny|thorough|rust|900|licences, bans and sources of all dependencies"
)

step_fmt() {
  cargo fmt --all --check
}

step_clippy() {
  local failed=0
  lint --workspace --all-targets --features "$FEATURES" || failed=1
  lint --workspace --lib --bins || failed=1
  lint -p touchstone-agent --target wasm32-unknown-unknown || failed=1
  lint -p touchstone-agent --target wasm32-unknown-unknown --features inspect || failed=1
  return $failed
}

lint() {
  cargo clippy --quiet --locked --keep-going "$@" -- -D warnings
}

step_doc() {
  RUSTDOCFLAGS="-D warnings" cargo doc --quiet --locked --keep-going --workspace --no-deps
}

step_rust() {
  cargo test --quiet --locked --workspace --no-fail-fast --features "$FEATURES"
}

step_power() {
  cargo test --quiet --locked -p touchstone --test power
}

step_face() {
  npm --prefix agent/web run --silent check
  echo "counts: 1 passed, 0 failed, 0 skipped"
  npm --prefix agent/web run --silent test
}

step_pkg() {
  local fresh differs=0 file
  fresh=$(mktemp -d)
  # shellcheck disable=SC2064
  trap "rm -rf '$fresh'" EXIT
  npm --prefix agent/web run --silent build -- --out "$fresh"
  while read -r file; do
    if ! cmp -s "$fresh/$file" "pkg/$file"; then
      echo "pkg/$file is not what agent/ builds; run: npm --prefix agent/web run build"
      differs=1
    fi
  done < <(cd "$fresh" && find . -type f | sed 's|^\./||' | sort)
  while read -r file; do
    if [[ ! -e $fresh/$file && " ${PKG_BY_HAND[*]} " != *" $file "* ]]; then
      echo "pkg/$file is nothing that agent/ builds; remove it, or name it in PKG_BY_HAND"
      differs=1
    fi
  done < <(committed pkg)
  return $differs
}

# The committed files of a folder; outside a checkout, all files.
committed() (
  cd "$1"
  git ls-files 2>/dev/null || find . -type f | sed 's|^\./||'
)

step_size() {
  node agent/web/size.mjs
}

step_package() {
  node --test --test-reporter=spec tests/browser/bundle.test.mjs
}

step_browser() {
  [[ -n $(chromium) ]] || return 77
  # shellcheck disable=SC2046
  node --test --test-reporter=spec --test-concurrency=2 $(browser_tests)
}

browser_tests() {
  find tests/browser -name '*.test.mjs' ! -name 'bundle.test.mjs' | sort
}

# The client that asks for Node 22 runs on its own one.
step_clients() {
  [[ -n $(chromium) ]] || return 77
  local failed=0 newer=tests/clients/node/recaptcha-enterprise-7.test.mjs node
  # shellcheck disable=SC2046
  node --test --test-reporter=spec --test-concurrency=2 $(client_tests | grep -v "^$newer$") || failed=1
  for node in tests/clients/node_modules/node-*/bin/node node; do
    if "$node" --version >/dev/null 2>&1; then break; fi
  done
  "$node" --test --test-reporter=spec "$newer" || failed=1
  [[ -e tests/clients/node_modules/.installed ]] || left_out tests/clients/{browser,node}/*.mjs
  [[ -e tests/clients/.venv/.installed ]] || left_out tests/clients/python/*.test.mjs
  return $failed
}

# Node does not count the tests in a group that is skipped.
left_out() {
  echo "counts: 0 passed, 0 failed, $(cat "$@" | grep -cE '^ *test\(') skipped"
}

client_tests() {
  find tests/clients -name '*.test.mjs' -not -path '*/node_modules/*' -not -path '*/.venv/*' | sort
}

step_deploy() {
  node --test --test-reporter=spec tests/deploy/*.test.mjs
}

step_api() {
  node tests/api/run.mjs ${TOUCHSTONE_TEST_THOROUGH:+--thorough}
}

# A subset that needs nothing to be installed; all of it: node tests/redteam/run.mjs --install
step_redteam() {
  local failed=0
  node --test --test-reporter=spec tests/redteam/forge/*.test.mjs || failed=1
  node tests/redteam/run.mjs --quick || failed=1
  return $failed
}

step_cost() {
  node tests/bench/agent-cost.mjs --short
}

# Each measurement counts as one test; the benchmarks without a limit count together.
step_bench() {
  local failed=0
  measure node tests/bench/agent-cost.mjs || failed=1
  measure node tests/bench/idle-memory.mjs || failed=1
  measure node tests/bench/scoring.mjs || failed=1
  measure cargo bench --quiet --locked --workspace --bench '*' || failed=1
  measure cargo run --release --quiet --locked -p touchstone-load || failed=1
  return $failed
}

measure() {
  local status=0
  "$@" || status=$?
  case $status in
    0) echo "counts: 1 passed, 0 failed, 0 skipped" ;;
    77) echo "counts: 0 passed, 0 failed, 1 skipped" ;;
    *) echo "counts: 0 passed, 1 failed, 0 skipped" && return 1 ;;
  esac
}

step_fuzz() {
  if ! cargo +nightly --version >/dev/null 2>&1; then
    echo "there is no nightly toolchain; install one with: rustup toolchain install nightly"
    return 77
  fi
  cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
  local file target failed=0
  for file in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$file" .rs)
    mkdir -p "fuzz/corpus/$target"
    if cargo +nightly fuzz run --codegen-units 16 "$target" "fuzz/corpus/$target" "fuzz/seeds/$target" -- \
      -max_total_time="${TOUCHSTONE_FUZZ_SECONDS:-60}" -timeout=10 -malloc_limit_mb=256; then
      echo "counts: 1 passed, 0 failed, 0 skipped"
    else
      echo "counts: 0 passed, 1 failed, 0 skipped"
      failed=1
    fi
  done
  return $failed
}

step_deny() {
  if [[ $(cargo deny --version 2>/dev/null) != "cargo-deny $CARGO_DENY" ]]; then
    cargo install --locked "cargo-deny@$CARGO_DENY"
  fi
  cargo deny --locked --offline check licenses bans sources
}

# How many tests a step has that cannot run: as many as its files show.
tests_of() {
  case $1 in
    rust) grep -rhE --include='*.rs' '^ *#\[(tokio::)?test\b' agent fuzz protocol verifier xtask | wc -l ;;
    face) echo $((1 + $(cat agent/web/test/*.test.mjs | grep -cE '^ *test\('))) ;;
    package) grep -cE '^ *test\(' tests/browser/bundle.test.mjs ;;
    # shellcheck disable=SC2046
    browser) cat $(browser_tests) | grep -cE '^ *test\(' ;;
    # shellcheck disable=SC2046
    clients) cat $(client_tests) tests/clients/node/enterprise.mjs | grep -cE '^ *test\(' ;;
    redteam) node tests/redteam/run.mjs --quick --list 2>/dev/null | awk '{ n += NF - 2 } END { print n + 1 }' ;;
    deploy) cat tests/deploy/*.test.mjs | grep -cE '^ *test\(' ;;
    bench) echo 4 ;;
    fuzz) find fuzz/fuzz_targets -name '*.rs' | wc -l ;;
    *) echo 1 ;;
  esac
}

need_rust() {
  present \
    cargo "get it from https://rustup.rs" \
    cc "Debian: apt-get install build-essential" || return
  # What rust-toolchain.toml names; some versions of rustup install it by themselves.
  cargo --version >/dev/null 2>&1 || rustup toolchain install
  cargo fetch --quiet --locked
}

# Without it those tests count as skipped: each writes a line of counts.
need_redis() {
  command -v redis-server >/dev/null ||
    echo "redis-server is missing, so nothing is tested in Redis. Debian: apt-get install redis-server"
}

need_wasm() {
  if command -v rustup >/dev/null; then
    rustup target list --installed | grep -qx wasm32-unknown-unknown || rustup target add wasm32-unknown-unknown
  elif [[ ! -d $(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown ]]; then
    echo "Rust's target wasm32-unknown-unknown is missing, so this step is skipped; get it with rustup, from https://rustup.rs"
    return 77
  fi
  if [[ $(wasm-pack --version 2>/dev/null) != "wasm-pack $WASM_PACK" ]]; then
    cargo install --quiet --locked "wasm-pack@$WASM_PACK"
  fi
}

# Takes names of commands, each followed by where to get it; 77 if one of them is missing.
present() {
  local status=0
  while (($#)); do
    if ! command -v "$1" >/dev/null; then
      echo "$1 is missing, so this step is skipped; $2"
      status=77
    fi
    shift 2
  done
  return $status
}

need_strace() {
  present strace "Debian: apt-get install strace"
}

need_web() { npm_packages agent/web; }

need_tests() { npm_packages tests; }

need_api() {
  present \
    node "get version 20 or newer from https://nodejs.org, or on Debian: apt-get install nodejs" \
    python3 "Debian: apt-get install python3-venv" || return
  tests/api/install.sh && return
  echo "Schemathesis could not be installed, so this step is skipped"
  return 77
}

# What cannot be installed is said, and its tests count as skipped.
need_clients() {
  present openssl "Debian: apt-get install openssl" || return
  tests/clients/install.sh
}

need_server() {
  need_rust || return
  # The profile of `cargo run --release -- demo`, so that what is tested is what is used.
  cargo build --quiet --locked --release -p touchstone
}

need_chromium() {
  [[ -n $(chromium) ]] || echo "Chromium is missing, so its tests are skipped. Debian: apt-get install chromium (./test does it as root, or with --install)"
}

# Installs what the lock file says, if that is not what is there.
npm_packages() {
  present \
    node "get version 20 or newer from https://nodejs.org, or on Debian: apt-get install nodejs" \
    npm "it comes with Node, or on Debian: apt-get install npm" || return
  if (($(node -p 'process.versions.node.split(".")[0]') < 20)); then
    echo "Node $(node --version) is too old, so this step is skipped; get version 20 or newer from https://nodejs.org"
    return 77
  fi
  local marker="$1/node_modules/.package-lock.json"
  if [[ ! -e $marker || $1/package-lock.json -nt $marker ]]; then
    npm ci --prefix "$1" --no-audit --no-fund
  fi
}

# The browser to test with; nothing if there is none.
chromium() {
  local file
  for file in "${CHROMIUM:-}" /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome; do
    if [[ -n $file && -x $file ]]; then echo "$file" && return; fi
  done
}

# As root; another user needs sudo, and has said that it may be used. Without success there is simply no Chromium.
install_chromium() {
  local apt=(env DEBIAN_FRONTEND=noninteractive timeout --foreground 600 apt-get -q -o Acquire::Retries=1)
  if ! command -v apt-get >/dev/null; then
    echo "there is no apt-get; install Chromium by hand"
    return
  fi
  if ((EUID != 0)); then
    present sudo "install Chromium as root" || return 0
    apt=(sudo "${apt[@]}")
  fi
  "${apt[@]}" install -y --no-install-recommends chromium ||
    { "${apt[@]}" update && "${apt[@]}" install -y --no-install-recommends chromium; } ||
    echo "Chromium could not be installed"
}
