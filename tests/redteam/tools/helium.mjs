// helium: https://github.com/mherrmann/helium

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "helium",
  tier: 2,
  script: "selenium_family.py",
  module: "helium",
  variants: ["naive/headless", "naive/headful", "naive/headful/flags"],
  needs: ["chromedriver"],
});
