// An ordinary Chromium under a patched Puppeteer with a ghost cursor: https://github.com/ZFC-Digital/puppeteer-real-browser

import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { CHROMIUM, environment, switchesOf } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { handsOf } from "../hands/puppeteer.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "puppeteer-real-browser",
  tier: 3,
  needs: ["chromium", "npm:puppeteer-real-browser"],
  variants: ["naive/headful", "minjerk/headful", "careful-minjerk/headful"],
  async run({ variant, site, seed, outDir, display }) {
    const parsed = parseVariant(variant);
    const profile = join(outDir, "profile");
    mkdirSync(profile);
    const { connect } = createRequire(import.meta.url)("puppeteer-real-browser");
    const { browser, page } = await connect({
      headless: false,
      disableXvfb: true,
      args: switchesOf(parsed),
      customConfig: { chromePath: CHROMIUM, userDataDir: profile, envVars: environment(display) },
    });
    try {
      await page.goto(site.url);
      // Its own cursor is that of ghost-cursor, which has an arm of its own.
      const acted = await fill(handsOf(page), site, { motion: parsed.motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await browser.close().catch(() => {});
    }
  },
};
