// The red team: runs automation against the real verifier and prints what each run scored, and why.
//
//   node tests/redteam/run.mjs [--runs N] [--tool NAME]… [--variant PART]… [--quick] [--headful] [--out DIR] [--install]
//   node tests/redteam/run.mjs --again JOURNAL… [--out DIR]
//
// See README.md beside this file.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { binary } from "../harness/touchstone.mjs";
import { loadArms } from "./frame/arms.mjs";
import { runBatch } from "./frame/batch.mjs";
import { compare } from "./frame/compare.mjs";
import { matrixText, runLine } from "./frame/matrix.mjs";
import { HOME } from "./frame/needs.mjs";
import { asItShould } from "./frame/statistics.mjs";

const OPTIONS = {
  runs: { type: "string" },
  tool: { type: "string", multiple: true, default: [] },
  variant: { type: "string", multiple: true, default: [] },
  quick: { type: "boolean", default: false },
  headful: { type: "boolean", default: false },
  facts: { type: "boolean", default: false },
  parallel: { type: "string", default: "2" },
  seed: { type: "string", default: "1" },
  out: { type: "string" },
  install: { type: "boolean", default: false },
  list: { type: "boolean", default: false },
  again: { type: "string", multiple: true, default: [] },
};

const options = parseArgs({ options: OPTIONS }).values;
// The quick subset has a report of its own: in place of the last full one there would be little to compare with.
options.out ??= join(HOME, "../out", options.quick ? "redteam-quick" : "redteam");
if (options.install) execFileSync("bash", [join(HOME, "install.sh")], { stdio: "inherit" });
process.exitCode = await main();

async function main() {
  const { tool: only, variant: variants, quick, headful } = options;
  const arms = await loadArms({ only, variants, quick, headful });
  if (!arms.length) {
    console.error("no tool has that name and such a variant; see --list");
    return 2;
  }
  if (options.list) {
    for (const { name, tier, variants } of arms) console.log(`${String(tier).padEnd(7)} ${name.padEnd(28)} ${variants.join("  ")}`);
    return 0;
  }
  if (options.again.length) {
    await write(reread(options.again));
    return 0;
  }
  const journal = startJournal();
  const { results, notRun } = await runBatch({
    arms,
    runs: count(options.runs ?? (quick ? "1" : "5"), "--runs"),
    seed: options.seed,
    parallel: count(options.parallel, "--parallel"),
    inspect: options.facts,
    told(run) {
      console.log(runLine(run));
      appendFileSync(journal, `${JSON.stringify(run)}\n`);
    },
  });
  for (const each of notRun) appendFileSync(journal, `${JSON.stringify({ notRun: each })}\n`);
  const sha256 = createHash("sha256").update(readFileSync(binary())).digest("hex");
  const report = { at: new Date().toISOString(), binary: sha256, seed: options.seed, runs: inOrder(results, arms), notRun };
  await write(report);
  if (!options.quick) return 0;
  return gate(report);
}

function count(text, name) {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new Error(`${name} takes a number from 1 on, not ${text}`);
}

/** A line a run, as it comes: what was measured outlives a batch that is broken off. */
function startJournal() {
  mkdirSync(options.out, { recursive: true });
  const file = join(options.out, "runs.jsonl");
  writeFileSync(file, "");
  return file;
}

/** One report out of several journals. */
function reread(files) {
  const lines = files.flatMap((file) => readFileSync(file, "utf8").trim().split("\n")).map((line) => JSON.parse(line));
  const runs = lines.filter(({ arm }) => arm).sort((one, other) => String(one.tier).localeCompare(String(other.tier)) || one.arm.localeCompare(other.arm));
  return { at: new Date().toISOString(), seed: options.seed, runs, notRun: lines.filter((line) => line.notRun).map((line) => line.notRun) };
}

/** Results come as cells end; a report has them in the order of the arms. */
function inOrder(results, arms) {
  const place = new Map(arms.map(({ name }, index) => [name, index]));
  return results.toSorted((one, other) => place.get(one.arm) - place.get(other.arm));
}

async function write(report) {
  mkdirSync(options.out, { recursive: true });
  const changes = compare(join(options.out, "report.json"), report);
  const text = `${matrixText(report)}\n${changes}\n`;
  console.log(`\n${text}`);
  writeFileSync(join(options.out, "matrix.txt"), text);
  writeFileSync(join(options.out, "report.json"), JSON.stringify({ ...report, changes }));
  if (options.quick) return;
  try {
    const { reportHtml } = await import("./frame/html.mjs");
    writeFileSync(join(options.out, "report.html"), reportHtml(report, changes));
    console.log(`the report is ${join(options.out, "report.html")}`);
  } catch (error) {
    if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.log("no HTML report: its packages are not installed (--install)");
  }
}

/** For `./test`: every run that was scored must have come out as it should, and a run that broke is a failure. */
function gate({ runs, notRun }) {
  const passed = runs.filter((run) => run.status === "scored" && asItShould(run)).length;
  const skipped = notRun.reduce((sum, { variants }) => sum + variants.length, 0);
  console.log(`counts: ${passed} passed, ${runs.length - passed} failed, ${skipped} skipped`);
  return passed === runs.length ? 0 : 1;
}
