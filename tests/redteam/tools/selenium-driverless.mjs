// selenium-driverless: https://github.com/kaliiiiiiiiii/Selenium-Driverless

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "selenium-driverless",
  tier: 3,
  script: "driverless.py",
  module: "selenium_driverless",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
});
