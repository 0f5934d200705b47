// undetected-chromedriver: https://github.com/ultrafunkamsterdam/undetected-chromedriver

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "undetected-chromedriver",
  tier: 3,
  script: "selenium_family.py",
  module: "undetected_chromedriver",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
  needs: ["chromedriver"],
});
