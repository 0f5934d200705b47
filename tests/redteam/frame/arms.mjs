// All arms: every file of the folders below whose default export is one, or a list of them.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { HOME } from "./needs.mjs";

/**
 * @param only names of arms, or beginnings of them; empty for all
 * @param quick only those, and those of their variants, that gate `./test`
 * @param variants only variants whose name holds one of these; empty for all
 * @param headful only variants with a window
 * @returns arms in the order of their tier, each with the variants to run
 */
export async function loadArms({ only = [], variants = [], quick = false, headful = false } = {}) {
  const arms = [];
  for (const folder of FOLDERS) {
    const path = join(HOME, folder);
    if (!existsSync(path)) continue;
    for (const file of readdirSync(path).filter((name) => name.endsWith(".mjs")).sort()) {
      const found = (await import(pathToFileURL(join(path, file)))).default;
      arms.push(...[found].flat().filter((arm) => arm?.name && arm.run));
    }
  }
  const wanted = (variant) => (!variants.length || variants.some((part) => variant.includes(part))) && (!headful || variant.includes("headful"));
  return arms
    .filter((arm) => !only.length || only.some((name) => arm.name === name || arm.name.startsWith(`${name}-`)))
    .map((arm) => ({ ...arm, variants: (quick ? (arm.quick ?? []) : arm.variants).filter(wanted) }))
    .filter((arm) => arm.variants.length)
    .sort((one, other) => rank(one) - rank(other));
}

const rank = ({ tier }) => (tier === "person" ? 9 : tier);

const FOLDERS = ["tools", "os", "people"];
