// nodriver: https://github.com/ultrafunkamsterdam/nodriver

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "nodriver",
  tier: 3,
  script: "nodriver_family.py",
  module: "nodriver",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "ghost/headful", "minjerk/headful"],
});
