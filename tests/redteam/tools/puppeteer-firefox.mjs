// Firefox under WebDriver BiDi, by Puppeteer: https://pptr.dev/webdriver-bidi

import { join } from "node:path";
import { environment } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { handsOf } from "../hands/puppeteer.mjs";
import { parseVariant } from "../hands/variant.mjs";
import { firefox } from "../frame/needs.mjs";

export default {
  name: "puppeteer-firefox",
  tier: 2,
  needs: ["firefox", "npm:puppeteer-core"],
  variants: ["scripted/headless", "naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
  async run({ variant, site, seed, outDir, display }) {
    const { motion, headful } = parseVariant(variant);
    const { default: puppeteer } = await import("puppeteer-core");
    const browser = await puppeteer.launch({
      browser: "firefox",
      executablePath: firefox(),
      headless: !headful,
      userDataDir: join(outDir, "profile"),
      env: { ...environment(display), HOME: outDir },
      defaultViewport: null,
    });
    try {
      const page = await browser.newPage();
      await page.goto(site.url);
      const acted = await fill(handsOf(page), site, { motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await browser.close().catch(() => {});
    }
  },
};
