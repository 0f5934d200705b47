// Playwright for Python: https://playwright.dev/python

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "playwright-python",
  tier: 2,
  script: "playwright_family.py",
  module: "playwright",
  variants: ["scripted/headless", "naive/headless", "naive/headful", "naive/headful/flags", "bezier/headful/flags", "minjerk/headful/flags"],
});
