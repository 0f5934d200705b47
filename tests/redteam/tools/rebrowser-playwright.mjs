// Playwright without the Runtime domain: https://github.com/rebrowser/rebrowser-patches

import { playwrightArm } from "../hands/playwright.mjs";
import { PATCHED } from "../hands/variant.mjs";

export default playwrightArm({
  name: "rebrowser-playwright",
  tier: 3,
  needs: ["npm:rebrowser-playwright-core"],
  variants: PATCHED,
  load: async () => (await import("rebrowser-playwright-core")).chromium,
});
