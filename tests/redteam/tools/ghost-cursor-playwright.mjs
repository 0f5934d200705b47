// Playwright moved by the port of ghost-cursor: https://www.npmjs.com/package/ghost-cursor-playwright

import { createRequire } from "node:module";
import { fill } from "../hands/fill.mjs";
import { handsOf, playwrightArm } from "../hands/playwright.mjs";

export default playwrightArm({
  name: "ghost-cursor-playwright",
  tier: 4,
  needs: ["npm:playwright-core", "npm:ghost-cursor-playwright"],
  variants: ["naive/headless", "naive/headful/flags"],
  load: async () => (await import("playwright-core")).chromium,
  act: async (page, site) => {
    const { createCursor } = createRequire(import.meta.url)("ghost-cursor-playwright");
    const hands = handsOf(page);
    const cursor = await createCursor(page);
    const click = async (selector) => {
      await cursor.actions.move(await hands.box(selector));
      await cursor.actions.click({ waitBeforeClick: [80, 200], waitBetweenClick: [60, 120] });
    };
    return fill({ ...hands, click, type: (selector, text) => page.keyboard.type(text, { delay: 85 }) }, site, { motion: "naive" });
  },
});
