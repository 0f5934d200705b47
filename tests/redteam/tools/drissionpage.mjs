// DrissionPage: https://github.com/g1879/DrissionPage

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "drissionpage",
  tier: 3,
  script: "drission.py",
  module: "DrissionPage",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
});
