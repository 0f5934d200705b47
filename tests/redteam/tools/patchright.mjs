// Playwright patched against detection: https://github.com/Kaliiiiiiiiii-Vinyzu/patchright

import { playwrightArm } from "../hands/playwright.mjs";
import { PATCHED } from "../hands/variant.mjs";

export default playwrightArm({
  name: "patchright",
  tier: 3,
  needs: ["npm:patchright-core"],
  variants: PATCHED,
  load: async () => (await import("patchright-core")).chromium,
});
