// Puppeteer moved by ghost-cursor's own cursor: https://github.com/Xetera/ghost-cursor

import { createRequire } from "node:module";
import { fill } from "../hands/fill.mjs";
import { handsOf, puppeteerArm } from "../hands/puppeteer.mjs";

export default puppeteerArm({
  name: "ghost-cursor",
  tier: 4,
  needs: ["npm:puppeteer-core", "npm:ghost-cursor"],
  variants: ["naive/headless", "naive/headful/flags"],
  load: async () => (await import("puppeteer-core")).default,
  act: async (page, site) => {
    const cursor = createRequire(import.meta.url)("ghost-cursor").createCursor(page);
    const hands = { ...handsOf(page), click: (selector) => cursor.click(selector, { waitForClick: 90, hesitate: 120 }), type: (selector, text) => page.keyboard.type(text, { delay: 85 }) };
    return fill(hands, site, { motion: "naive" });
  },
});
