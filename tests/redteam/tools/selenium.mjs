// Selenium with chromedriver: https://www.selenium.dev

import { join } from "node:path";
import { program } from "../frame/needs.mjs";
import { CHROMIUM, environment, switchesOf } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { COMMON, parseVariant } from "../hands/variant.mjs";

export default {
  name: "selenium",
  tier: 2,
  needs: ["chromium", "chromedriver", "npm:selenium-webdriver"],
  variants: COMMON,
  async run({ variant, site, seed, outDir, display }) {
    const parsed = parseVariant(variant);
    const { Builder } = await import("selenium-webdriver");
    const { Options, ServiceBuilder } = await import("selenium-webdriver/chrome.js");
    const { handsOf } = await import("../hands/webdriver.mjs");
    const options = new Options()
      .setChromeBinaryPath(CHROMIUM)
      .addArguments(...switchesOf(parsed), `--user-data-dir=${join(outDir, "profile")}`, ...(parsed.headful ? [] : ["--headless=new"]));
    if (parsed.flags) options.excludeSwitches("enable-automation");
    const service = new ServiceBuilder(program("chromedriver")).setEnvironment(environment(display));
    const driver = await new Builder().forBrowser("chrome").setChromeOptions(options).setChromeService(service).build();
    try {
      await driver.get(site.url);
      const acted = await fill(handsOf(driver), site, { motion: parsed.motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await driver.quit().catch(() => {});
    }
  },
};
