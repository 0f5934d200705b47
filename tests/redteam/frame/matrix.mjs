// What a batch came to, as text.

import { factsLine } from "./facts.mjs";
import { allowed, asItShould, cellsOf, tiersOf } from "./statistics.mjs";

/** One line for a run, as it is reported while the batch goes on. */
export function runLine(run) {
  const name = `${run.arm} ${run.variant} #${run.run}`.padEnd(48);
  if (run.status !== "scored") return `FAILED  ${name} ${run.error.split("\n")[0]}`;
  const verdict = asItShould(run) ? "ok      " : "ABOVE   ".replace("ABOVE", run.tier === "person" ? "BELOW" : "ABOVE");
  const validity = run.valid ? "" : ` ${run.invalidReason}`;
  return `${verdict}${name} ${run.score.toFixed(1)}${validity} ${run.reasons.join(" ")}`;
}

/** The whole matrix: a line a cell, then everything about the runs that came out wrong, then what did not run. */
export function matrixText({ runs, notRun }) {
  const cells = cellsOf(runs);
  const lines = ["tier  arm                        variant                     n  fail  good  [95 %]        scores", ""];
  for (const cell of cells) {
    const interval = `[${(100 * cell.low).toFixed(0)}, ${(100 * cell.high).toFixed(0)}]`;
    lines.push(
      [
        String(cell.tier).padEnd(6),
        cell.arm.padEnd(27),
        cell.variant.padEnd(26),
        String(cell.n).padStart(3),
        String(cell.failed).padStart(5),
        `${cell.good}/${cell.n}`.padStart(7),
        interval.padStart(11),
        "   ",
        spread(cell.scores),
      ].join(""),
    );
  }
  lines.push("", "By tier", "");
  for (const tier of tiersOf(runs)) {
    lines.push(`tier ${tier.tier}: ${tier.good} of ${tier.n} as they should be [${(100 * tier.low).toFixed(1)} %, ${(100 * tier.high).toFixed(1)} %], ${tier.failed} failed`);
  }
  lines.push("", `Not run: ${notRun.length}`, "", ...notRun.map(({ arm, reason, variants }) => `NOT RUN ${arm} (${variants.length} variants): ${reason}`));

  const failed = runs.filter(({ status }) => status === "failed");
  lines.push("", `Failed runs: ${failed.length}`, "", ...failed.map(runLine));

  const wrong = runs.filter((run) => run.status === "scored" && !asItShould(run));
  lines.push("", `Runs that came out wrong: ${wrong.length}`, "");
  for (const run of wrong) lines.push(...details(run), "");

  lines.push("", "One run of every other cell", "");
  const shown = new Set(wrong.map(({ arm, variant }) => `${arm} ${variant}`));
  for (const run of runs) {
    const key = `${run.arm} ${run.variant}`;
    if (run.status !== "scored" || shown.has(key)) continue;
    shown.add(key);
    lines.push(...details(run), "");
  }
  return lines.join("\n");
}

/** A run with its evidence, strongest first, and the facts of its report. */
function details(run) {
  const limit = run.tier === "person" ? "at least 0.5" : `at most ${allowed(run)}`;
  const lines = [`${run.arm} ${run.variant} #${run.run}: ${run.score} (${limit}) ${run.valid ? "" : run.invalidReason} ${run.reasons.join(" ")}`];
  for (const { name, tier, weight, detail } of run.evidence.toSorted((one, other) => one.weight - other.weight)) {
    lines.push(`    ${tier} ${name.padEnd(18)} ${weight.toFixed(2).padStart(6)}  ${detail}`);
  }
  if (run.facts) {
    lines.push(`    facts: ${factsLine(run.facts)}`);
    lines.push(`    yes: ${run.facts.yes.join(" ")}; window ${run.facts.window.join(" ")}; ${JSON.stringify(run.facts.unusual)}`);
  }
  if (run.note) lines.push(`    note: ${typeof run.note === "string" ? run.note : JSON.stringify(run.note)}`);
  return lines;
}

/** Scores with how often they occur: `0.1×18 0.3×2`. */
function spread(scores) {
  const counts = new Map();
  for (const score of scores) counts.set(score, (counts.get(score) ?? 0) + 1);
  return [...counts].map(([score, count]) => `${score.toFixed(1)}×${count}`).join(" ");
}
