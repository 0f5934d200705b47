// Selenium for Python: https://www.selenium.dev

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "selenium-python",
  tier: 2,
  script: "selenium_family.py",
  module: "selenium",
  variants: ["scripted/headless", "naive/headless", "naive/headful", "naive/headful/flags", "bezier/headful/flags", "minjerk/headful/flags"],
  needs: ["chromedriver"],
});
