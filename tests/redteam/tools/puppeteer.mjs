// Puppeteer: https://pptr.dev

import { puppeteerArm } from "../hands/puppeteer.mjs";

export default puppeteerArm({
  name: "puppeteer",
  tier: 2,
  needs: ["npm:puppeteer-core"],
  load: async () => (await import("puppeteer-core")).default,
});
