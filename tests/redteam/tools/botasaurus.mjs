// botasaurus: https://github.com/omkarcloud/botasaurus

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "botasaurus",
  tier: 3,
  script: "botasaurus_tool.py",
  module: "botasaurus_driver",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
});
