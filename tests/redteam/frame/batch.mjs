// All runs of all arms: each cell (an arm in a variant) against a verifier and a data directory of its own, so that what
// one tool did is no history of another's.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startVerifier } from "../../harness/touchstone.mjs";
import { startDisplay } from "./display.mjs";
import { missing } from "./needs.mjs";
import { runOnce } from "./run.mjs";
import { openSite } from "./site.mjs";

/**
 * Runs every cell `runs` times.
 *
 * @param parallel how many cells at a time: each has a display of its own
 * @param inspect whether the agent shows its reports, for their facts
 * @param told is called with every result as it comes
 * @returns all results, and the arms that could not run, with the reason
 */
export async function runBatch({ arms, runs, seed, parallel, inspect, told = () => {} }) {
  const results = [];
  const notRun = [];
  const cells = [];
  for (const arm of arms) {
    const reason = (await missing(arm.needs ?? [])) ?? (await arm.available?.()) ?? null;
    if (reason) notRun.push({ arm: arm.name, tier: arm.tier, variants: arm.variants, reason });
    else for (const variant of arm.variants) cells.push({ arm, variant });
  }
  const folder = mkdtempSync(join(tmpdir(), "touchstone-redteam-"));
  const work = async () => {
    const display = (await missing(["Xvfb"])) ? undefined : await startDisplay();
    try {
      for (let cell = cells.shift(); cell; cell = cells.shift()) {
        for (const result of await runCell({ ...cell, runs, seed, inspect, folder, display: display?.name, told })) results.push(result);
      }
    } finally {
      display?.stop();
    }
  };
  try {
    await Promise.all(Array.from({ length: parallel }, work));
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  return { results, notRun };
}

async function runCell({ arm, variant, runs, seed, inspect, folder, display, told }) {
  const results = [];
  const verifier = await startVerifier();
  const site = await openSite({ verifier, inspect });
  try {
    for (let run = 0; run < runs; run++) {
      const outDir = join(folder, `${arm.name}-${variant}-${run}`.replaceAll(/[^\w.-]/g, "_"));
      const result = await runOnce({ arm, variant, run, seed: `${seed}/${arm.name}/${variant}/${run}`, visit: site.visit(), outDir, display });
      rmSync(outDir, { recursive: true, force: true, maxRetries: 5 });
      told(result);
      results.push(result);
    }
  } finally {
    await site.stop();
    await verifier.stop();
  }
  return results;
}
