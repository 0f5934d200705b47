// Playwright with the stealth plugin: https://github.com/berstend/puppeteer-extra/tree/master/packages/playwright-extra

import { createRequire } from "node:module";
import { playwrightArm } from "../hands/playwright.mjs";
import { PATCHED } from "../hands/variant.mjs";

export default playwrightArm({
  name: "playwright-extra-stealth",
  tier: 3,
  needs: ["npm:playwright-extra", "npm:playwright-core", "npm:puppeteer-extra-plugin-stealth"],
  variants: PATCHED,
  load: async () => {
    const load = createRequire(import.meta.url);
    const extra = load("playwright-extra").addExtra(load("playwright-core").chromium);
    return extra.use(load("puppeteer-extra-plugin-stealth")());
  },
});
