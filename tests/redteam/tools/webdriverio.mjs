// WebdriverIO with chromedriver: https://webdriver.io

import { join } from "node:path";
import { program } from "../frame/needs.mjs";
import { CHROMIUM, environment, freePort, switchesOf } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { parseVariant } from "../hands/variant.mjs";
import { spawn } from "node:child_process";

export default {
  name: "webdriverio",
  tier: 2,
  needs: ["chromium", "chromedriver", "npm:webdriverio"],
  variants: ["scripted/headless", "naive/headless", "naive/headful", "naive/headful/flags", "bezier/headful/flags", "minjerk/headful/flags"],
  async run({ variant, site, seed, outDir, display }) {
    const parsed = parseVariant(variant);
    const { remote } = await import("webdriverio");
    const port = await freePort();
    const driver = spawn(program("chromedriver"), [`--port=${port}`], { env: environment(display), stdio: "ignore" });
    try {
      await ready(port);
      const args = [...switchesOf(parsed), `--user-data-dir=${join(outDir, "profile")}`, ...(parsed.headful ? [] : ["--headless=new"])];
      const browser = await remote({
        hostname: "127.0.0.1",
        port,
        logLevel: "silent",
        capabilities: {
          browserName: "chrome",
          // BiDi would be started on the side; the classic protocol is what is meant here.
          "wdio:enforceWebDriverClassic": true,
          "goog:chromeOptions": { binary: CHROMIUM, args, ...(parsed.flags ? { excludeSwitches: ["enable-automation"] } : {}) },
        },
      });
      try {
        await browser.url(site.url);
        const acted = await fill(handsOf(browser), site, { motion: parsed.motion, seed });
        await Promise.race([site.submitted, pause(8_000)]);
        return acted;
      } finally {
        await browser.deleteSession().catch(() => {});
      }
    } finally {
      driver.kill();
    }
  },
};

function handsOf(browser) {
  // One source for all: the library's own helper makes a new pointer for each action, at 0, 0.
  const mouse = (action) => browser.performActions([{ type: "pointer", id: "mouse", parameters: { pointerType: "mouse" }, actions: [action] }]);
  const key = (type, value) => browser.performActions([{ type: "key", id: "keyboard", actions: [{ type, value }] }]);
  return {
    click: async (selector) => (await browser.$(selector)).click(),
    type: async (selector, text) => (await browser.$(selector)).addValue(text),
    script: (text) => browser.execute(text),
    box: async (selector) => browser.getElementRect((await browser.$(selector)).elementId),
    move: (x, y) => mouse({ type: "pointerMove", x: Math.round(x), y: Math.round(y), duration: 0 }),
    down: () => mouse({ type: "pointerDown", button: 0 }),
    up: () => mouse({ type: "pointerUp", button: 0 }),
    keyDown: (char) => key("keyDown", char),
    keyUp: (char) => key("keyUp", char),
  };
}

async function ready(port) {
  for (let tries = 0; tries < 50; tries++) {
    if (await fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false)) return;
    await pause(200);
  }
  throw new Error("chromedriver did not start within 10 s");
}
