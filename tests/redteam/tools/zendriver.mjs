// zendriver: https://github.com/cdpdriver/zendriver

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "zendriver",
  tier: 3,
  script: "nodriver_family.py",
  module: "zendriver",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
});
