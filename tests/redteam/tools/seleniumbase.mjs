// SeleniumBase: https://github.com/seleniumbase/SeleniumBase

import { pythonArm } from "../python/arm.mjs";

export default pythonArm({
  name: "seleniumbase",
  tier: 3,
  script: "seleniumbase_tool.py",
  module: "seleniumbase",
  variants: ["naive/headless", "naive/headful"],
});
