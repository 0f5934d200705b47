// Puppeteer with the stealth plugin: https://github.com/berstend/puppeteer-extra

import { createRequire } from "node:module";
import { puppeteerArm } from "../hands/puppeteer.mjs";
import { PATCHED } from "../hands/variant.mjs";

export default puppeteerArm({
  name: "puppeteer-extra-stealth",
  tier: 3,
  needs: ["npm:puppeteer-extra", "npm:puppeteer-core", "npm:puppeteer-extra-plugin-stealth"],
  variants: PATCHED,
  load: async () => {
    const load = createRequire(import.meta.url);
    const extra = load("puppeteer-extra").addExtra(load("puppeteer-core"));
    return extra.use(load("puppeteer-extra-plugin-stealth")());
  },
});
