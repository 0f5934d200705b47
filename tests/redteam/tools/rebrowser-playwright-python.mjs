// rebrowser's Playwright for Python: https://github.com/rebrowser/rebrowser-playwright-python

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "rebrowser-playwright-python",
  tier: 3,
  script: "playwright_family.py",
  module: "rebrowser_playwright",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful/flags"],
});
