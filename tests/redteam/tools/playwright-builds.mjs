// Playwright with its own builds of Firefox and WebKit, which its installer fetches.

import { existsSync } from "node:fs";
import { fill, pause } from "../hands/fill.mjs";
import { handsOf } from "../hands/playwright.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default ["firefox", "webkit"].map((build) => ({
  name: `playwright-${build}`,
  tier: 2,
  needs: ["npm:playwright-core"],
  variants: ["naive/headless", "minjerk/headless"],
  async available() {
    const file = (await load(build)).executablePath();
    return existsSync(file) ? null : `Playwright's own build of ${build} is not installed`;
  },
  async run({ variant, site, seed }) {
    const browser = await (await load(build)).launch();
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      const acted = await fill(handsOf(page), site, { motion: parseVariant(variant).motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await browser.close();
    }
  },
}));

const load = async (build) => (await import("playwright-core"))[build];
