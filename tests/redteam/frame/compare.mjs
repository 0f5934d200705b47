// What changed since the last report.

import { existsSync, readFileSync } from "node:fs";
import { cellsOf } from "./statistics.mjs";

/**
 * Compares cells with those of the report in `file`, if there is one: those that are better, worse, new or gone. A change
 * is worth a line when the share of good runs differs, or the median score by more than 0.1.
 */
export function compare(file, report) {
  if (!existsSync(file)) return "No earlier report to compare with.";
  const last = JSON.parse(readFileSync(file, "utf8"));
  const before = byName(cellsOf(last.runs));
  const now = byName(cellsOf(report.runs));
  const lines = [];
  for (const [name, cell] of now) {
    const old = before.get(name);
    if (!old) lines.push(`new     ${name}: ${cell.good}/${cell.n}`);
    else if (cell.share !== old.share || Math.abs(cell.median - old.median) > 0.1) {
      const word = (cell.share ?? 0) > (old.share ?? 0) ? "better" : (cell.share ?? 0) < (old.share ?? 0) ? "worse" : "moved";
      lines.push(`${word.padEnd(8)}${name}: ${old.good}/${old.n} → ${cell.good}/${cell.n}, median ${old.median} → ${cell.median}`);
    }
  }
  const gone = [...before.keys()].filter((name) => !now.has(name));
  if (gone.length) lines.push(`not in this report: ${gone.length} cells`);
  return [`Against the report of ${last.at}:`, ...(lines.length ? lines : ["no cell changed"])].join("\n");
}

const byName = (cells) => new Map(cells.map((cell) => [`${cell.arm} ${cell.variant}`, cell]));
