// Playwright for Python with playwright-stealth: https://github.com/AtuboDad/playwright_stealth

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "playwright-stealth",
  tier: 3,
  script: "playwright_family.py",
  module: "playwright_stealth",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful/flags"],
  settings: { module: "playwright", stealth: true },
});
