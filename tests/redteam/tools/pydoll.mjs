// pydoll: https://github.com/autoscrape-labs/pydoll

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "pydoll",
  tier: 3,
  script: "pydoll_tool.py",
  module: "pydoll",
  variants: ["naive/headless", "naive/headful", "bezier/headful", "minjerk/headful"],
});
