// patchright for Python: https://github.com/Kaliiiiiiiiii-Vinyzu/patchright-python

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "patchright-python",
  tier: 3,
  script: "playwright_family.py",
  module: "patchright",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "ghost/headful", "minjerk/headful"],
});
