// The report as one HTML file: plots as inline SVG, the matrix as a table, everything about each run behind it.

import * as Plot from "@observablehq/plot";
import { JSDOM } from "jsdom";
import { factsLine } from "./facts.mjs";
import { allowed, asItShould, cellsOf, tiersOf } from "./statistics.mjs";

/** @param changes the text of compare.mjs */
export function reportHtml({ at, binary, seed, runs, notRun }, changes) {
  const cells = cellsOf(runs);
  const scored = runs.filter(({ status }) => status === "scored");
  const failed = runs.filter(({ status }) => status === "failed");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Red team</title><style>${STYLE}</style></head><body>
<h1>Red team</h1>
<p>${escaped(at)}, binary ${escaped(binary?.slice(0, 16) ?? "of several batches")}, seed ${escaped(seed)}: ${scored.length} runs scored, ${failed.length} failed, ${notRun.length} tools not run.
A run of automation came out as it should at 0.3 or less, or 0.5 where the page saw no input; one of a person at 0.5 or more.
Intervals are Clopper-Pearson, 95 %.</p>
<h2>By tier</h2>
${table(["tier", "as it should be", "share", "interval", "failed"], tiersOf(runs).map((tier) => [tier.tier, `${tier.good} of ${tier.n}`, percent(tier.share), interval(tier), tier.failed]))}
<h2>Scores</h2>
${scorePlot(scored)}
<h2>Shares</h2>
${sharePlot(cells)}
<h2>Input</h2>
${inputPlot(scored)}
<h2>Matrix</h2>
${table(
  ["tier", "tool", "variant", "runs", "failed", "as it should be", "interval", "scores", "evidence against it, in runs"],
  cells.map((cell) => [cell.tier, cell.arm, cell.variant, cell.n, cell.failed, cell.good, interval(cell), cell.scores.join(" "), counted(cell.evidence)]),
  (row) => (cells[row].good < cells[row].n ? "wrong" : ""),
)}
<h2>Not run</h2>
${notRun.length ? table(["tool", "variants", "reason"], notRun.map(({ arm, variants, reason }) => [arm, variants.length, reason])) : "<p>Everything ran.</p>"}
<h2>Failed runs</h2>
${failed.length ? table(["tool", "variant", "run", "error"], failed.map(({ arm, variant, run, error }) => [arm, variant, run, error])) : "<p>None.</p>"}
<h2>Against the last report</h2>
<pre>${escaped(changes)}</pre>
<h2>Runs</h2>
${scored.map(runDetails).join("\n")}
</body></html>`;
}

function scorePlot(runs) {
  const rows = jittered(runs);
  const height = 60 + 16 * new Set(rows.map(({ name }) => name)).size;
  return svg({ width: 960, marginLeft: 330, height, x: { domain: [0, 1], label: "score", grid: true }, y: { label: null }, color: { type: "categorical" } }, [
    Plot.ruleX([0.3], { stroke: "#999", strokeDasharray: "4 3" }),
    Plot.dot(rows, { x: "x", y: "name", r: 3, fill: "tier", fillOpacity: 0.7 }),
  ]);
}

function sharePlot(cells) {
  const rows = cells.filter(({ n }) => n).map((cell) => ({ ...cell, name: `${cell.arm} ${cell.variant}` }));
  return svg({ width: 960, marginLeft: 330, height: 60 + 16 * rows.length, x: { domain: [0, 1], label: "share of runs as they should be", grid: true }, y: { label: null } }, [
    Plot.ruleY(rows, { y: "name", x1: "low", x2: "high", stroke: "#888" }),
    Plot.dot(rows, { y: "name", x: "share", r: 4, fill: ({ share }) => (share === 1 ? "#2a7" : "#c33") }),
  ]);
}

/** Two facts of the input pipeline against each other: what a tool's events look like to the page. */
function inputPlot(runs) {
  const rows = runs.filter(({ facts }) => facts?.moves > 20 && facts.coalesced !== null).map((run) => ({ ...run.facts, name: nameOf(run), tier: `${run.tier}` }));
  if (!rows.length) return "<p>Reports were not shown (run with --facts).</p>";
  const options = { width: 720, height: 420, x: { label: "hardware samples merged into a move, mean" }, y: { label: "moves with the commonest phase, share", domain: [0, 1] }, color: { type: "categorical" } };
  return svg(options, [Plot.dot(rows, { x: "coalesced", y: "phase", stroke: "tier", title: "name" })]);
}

/** Runs of one score side by side instead of on top of each other. */
function jittered(runs) {
  const seen = new Map();
  return runs.map((run) => {
    const name = nameOf(run);
    const key = `${name} ${run.score}`;
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return { name, tier: `${run.tier}`, x: Math.min(1, run.score + before * 0.004) };
  });
}

function svg(options, marks) {
  const { document } = new JSDOM("").window;
  const plot = Plot.plot({ document, style: { fontSize: "11px", background: "none" }, ...options, marks });
  plot.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return plot.outerHTML;
}

function runDetails(run) {
  const evidence = run.evidence.map(({ name, tier, weight, detail }) => [tier, name, weight.toFixed(2), detail]);
  const mark = asItShould(run) ? "" : run.tier === "person" ? " (at least 0.5 expected)" : ` (at most ${allowed(run)} expected)`;
  return `<details${asItShould(run) ? "" : " class=wrong"}><summary>${escaped(`${nameOf(run)} #${run.run}: ${run.score}${mark} ${run.reasons.join(" ")}`)}</summary>
${table(["tier", "evidence", "weight", "detail"], evidence)}${run.facts ? `<p>${escaped(factsLine(run.facts))}</p>` : ""}</details>`;
}

function table(head, rows, classOf = () => "") {
  const line = (tag, values, name = "") => `<tr${name && ` class=${name}`}>${values.map((value) => `<${tag}>${escaped(value)}</${tag}>`).join("")}</tr>`;
  return `<table>${line("th", head)}${rows.map((row, index) => line("td", row, classOf(index))).join("")}</table>`;
}

const nameOf = ({ arm, variant }) => `${arm} ${variant}`;
const percent = (share) => (share === null ? "-" : `${(100 * share).toFixed(1)} %`);
const interval = ({ low, high }) => `${percent(low)} to ${percent(high)}`;
const counted = (tally) => Object.entries(tally).map(([name, count]) => `${name} ${count}`).join(", ");
const escaped = (value) => String(value ?? "").replace(/[&<>"]/g, (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[char]);

const STYLE = `body { font: 14px/1.5 sans-serif; margin: 2em auto; max-width: 1200px; color: #222 }
table { border-collapse: collapse; margin: 0.5em 0 } td, th { border-bottom: 1px solid #ddd; padding: 2px 8px; text-align: left; vertical-align: top }
.wrong { background: #fee } summary { cursor: pointer } pre { white-space: pre-wrap }`;
