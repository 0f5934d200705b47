// What scoring costs, as its benchmarks measure it.
//
//   node bench/scoring.mjs
//
// Fails when reading a full report and observing it takes more than 100 ns an event, or when opening a token, evaluating
// its facts and building the evidence takes more than 20 µs. Other work on this machine only ever adds, so a limit is
// exceeded when several runs say so.

import { spawnSync } from "node:child_process";
import { ROOT } from "../harness/touchstone.mjs";

const RUNS = 3;

/** `read` makes a figure of what criterion prints below the name of the benchmark. */
const LIMITS = [
  {
    what: "decode + features",
    crate: "touchstone-score",
    bench: "score",
    name: "report/decode and observe",
    read: (text) => 1e9 / middle(text, "thrpt", { "elem/s": 1, "Kelem/s": 1e3, "Melem/s": 1e6, "Gelem/s": 1e9 }),
    limit: 100,
    unit: "ns an event",
  },
  {
    what: "open + evaluate + evidence",
    crate: "touchstone",
    bench: "assess",
    name: "assess/open, evaluate, build the evidence",
    read: (text) => middle(text, "time", { ps: 1e-6, ns: 1e-3, µs: 1, us: 1, ms: 1e3, s: 1e6 }),
    limit: 20,
    unit: "µs",
  },
];

for (const { what, limit, unit, ...bench } of LIMITS) {
  const least = measure(bench, limit);
  const good = least <= limit;
  console.log(`${what}: ${least.toPrecision(3)} ${unit}, ${good ? "within" : "over"} the limit of ${limit} ${unit}`);
  if (!good) process.exitCode = 1;
}

/** The least of several runs; no more of them than it takes to keep to the limit. */
function measure({ crate, bench, name, read }, limit) {
  let least = Infinity;
  for (let run = 1; run <= RUNS && !(least <= limit); run++) {
    const args = ["bench", "--quiet", "--locked", "-p", crate, "--bench", bench, "--", "--exact", name];
    const { status, stdout } = spawnSync("cargo", args, { cwd: ROOT, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
    if (status !== 0) throw new Error(`cargo ${args.join(" ")}: status ${status}`);
    // The name stands before its figures, on the same line if it is short.
    const start = stdout.indexOf(name);
    if (start < 0) throw new Error(`there is no benchmark "${name}" in ${bench} of ${crate}:\n${stdout}`);
    least = Math.min(least, read(stdout.slice(start)));
  }
  return least;
}

/** The middle of the three figures of a line such as `time:   [1.1 µs 1.2 µs 1.3 µs]`: low, best estimate, high. */
function middle(text, label, units) {
  const match = new RegExp(`${label}: +\\[\\S+ \\S+ (\\S+) (\\S+) `).exec(text);
  const unit = units[match?.[2]];
  if (!unit) throw new Error(`criterion prints no ${label} that can be read:\n${text}`);
  return Number(match[1]) * unit;
}
