// Firefox under WebDriver, by Selenium and geckodriver: https://github.com/mozilla/geckodriver

import { firefox, program } from "../frame/needs.mjs";
import { environment } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "selenium-firefox",
  tier: 2,
  needs: ["firefox", "geckodriver", "npm:selenium-webdriver"],
  // `flags` sets the preference that is said to hide WebDriver.
  variants: ["scripted/headless", "naive/headless", "naive/headful", "naive/headful/flags", "bezier/headful/flags", "minjerk/headful/flags"],
  async run({ variant, site, seed, outDir, display }) {
    const { motion, headful, flags } = parseVariant(variant);
    const { Builder } = await import("selenium-webdriver");
    const { Options, ServiceBuilder } = await import("selenium-webdriver/firefox.js");
    const { handsOf } = await import("../hands/webdriver.mjs");
    const options = new Options().setBinary(firefox());
    if (!headful) options.addArguments("-headless");
    if (flags) options.setPreference("dom.webdriver.enabled", false).setPreference("useAutomationExtension", false);
    const service = new ServiceBuilder(program("geckodriver")).setEnvironment({ ...environment(display), HOME: outDir });
    const driver = await new Builder().forBrowser("firefox").setFirefoxOptions(options).setFirefoxService(service).build();
    try {
      await driver.get(site.url);
      const acted = await fill(handsOf(driver), site, { motion, seed });
      await Promise.race([site.submitted, pause(8_000)]);
      return acted;
    } finally {
      await driver.quit().catch(() => {});
    }
  },
};
