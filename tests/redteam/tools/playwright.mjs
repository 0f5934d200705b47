// Playwright: https://playwright.dev

import { playwrightArm } from "../hands/playwright.mjs";

export default playwrightArm({
  name: "playwright",
  tier: 2,
  needs: ["npm:playwright-core"],
  quick: ["scripted/headless", "naive/headless", "naive/headless/flags"],
  load: async () => (await import("playwright-core")).chromium,
});
