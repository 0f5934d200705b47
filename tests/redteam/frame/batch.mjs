// All runs of all arms: each cell (an arm in a variant) against a verifier and a data directory of its own, so that what
// one tool did is no history of another's.

import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
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
    const noDisplay = await missing(["Xvfb"]);
    const skipped = arm.variants.filter((variant) => reason || (noDisplay && variant.includes("headful")));
    if (skipped.length) notRun.push({ arm: arm.name, tier: arm.tier, variants: skipped, reason: reason ?? noDisplay });
    for (const variant of arm.variants) if (!skipped.includes(variant)) cells.push({ arm, variant });
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
    await rm(folder, REMOVAL).catch(() => {});
  }
  return { results, notRun };
}

/** A cell whose verifier does not start has failed in every run. */
async function runCell({ arm, variant, runs, seed, inspect, folder, display, told }) {
  const results = [];
  const seeds = Array.from({ length: runs }, (_, run) => ({ run, seed: `${seed}/${arm.name}/${variant}/${run}` }));
  const note = (result) => {
    told(result);
    results.push(result);
  };
  let verifier, site;
  try {
    verifier = await startVerifier();
    site = await openSite({ verifier, inspect });
    for (const each of seeds) {
      const outDir = join(folder, `${arm.name}-${variant}-${each.run}`.replaceAll(/[^\w.-]/g, "_"));
      note(await runOnce({ arm, variant, ...each, visit: site.visit(), outDir, display }));
      await rm(outDir, REMOVAL).catch(() => {});
    }
  } catch (error) {
    for (const each of seeds.slice(results.length)) note({ arm: arm.name, tier: arm.tier, variant, ...each, status: "failed", error: `${error.message}`, ms: 0 });
  } finally {
    await site?.stop();
    await verifier?.stop();
  }
  return results;
}

/** A browser that was ended may still be writing its profile. */
const REMOVAL = { recursive: true, force: true, maxRetries: 5 };
