// Puppeteer without the Runtime domain: https://github.com/rebrowser/rebrowser-patches

import { puppeteerArm } from "../hands/puppeteer.mjs";
import { PATCHED } from "../hands/variant.mjs";

export default puppeteerArm({
  name: "rebrowser-puppeteer",
  tier: 3,
  needs: ["npm:rebrowser-puppeteer-core"],
  variants: PATCHED,
  load: async () => (await import("rebrowser-puppeteer-core")).default,
});
