// camoufox: https://github.com/daijro/camoufox

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { promisify } from "node:util";
import { PYTHON } from "../frame/needs.mjs";
import { pythonArm } from "../python/arm.mjs";

/** Its browser is not in its package: its own installer fetches it. */
const fetched = () =>
  promisify(execFile)(PYTHON, ["-m", "camoufox", "path"]).then(
    ({ stdout }) => (existsSync(stdout.trim()) && readdirSync(stdout.trim()).some((file) => file.startsWith("camoufox")) ? null : "camoufox's browser is not installed"),
    () => "camoufox's browser is not installed",
  );

export default pythonArm({
  name: "camoufox",
  tier: 3,
  script: "camoufox_tool.py",
  module: "camoufox",
  variants: ["naive/headless", "naive/headful", "minjerk/headful"],
  available: fetched,
});
