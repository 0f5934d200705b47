// HumanCursor on Selenium: https://github.com/riflosnake/HumanCursor

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "humancursor",
  tier: 4,
  script: "humancursor_tool.py",
  module: "humancursor",
  variants: ["naive/headless", "naive/headful/flags"],
  needs: ["chromedriver"],
});
