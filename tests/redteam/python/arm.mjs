// An arm out of a Python tool: a script beside this file, run in the tools' own virtual environment.

import { join } from "node:path";
import { HOME, program, PYTHON } from "../frame/needs.mjs";
import { CHROMIUM, environment, switchesOf } from "../hands/chromium.mjs";
import { startGroup } from "../hands/group.mjs";
import { parseVariant } from "../hands/variant.mjs";

/**
 * @param script file in this folder
 * @param module what the tool is imported as
 * @param needs further ones
 * @param settings of the script's own
 */
export function pythonArm({ name, tier, script, module, variants, needs = [], settings: more = {}, available }) {
  return {
    name,
    tier,
    needs: ["chromium", `pip:${module}`, ...needs],
    variants,
    available,
    async run({ variant, site, seed, outDir, display, signal }) {
      const parsed = parseVariant(variant);
      const { url, fields, checkbox, submit } = site;
      const settings = {
        ...{ url, fields, checkbox, submit, seed },
        ...parsed,
        chromium: CHROMIUM,
        chromedriver: program("chromedriver"),
        profile: join(outDir, "profile"),
        switches: switchesOf(parsed),
        module,
        ...more,
      };
      // Some tools write into their home, or look there for a browser of their own.
      const env = { ...environment(display), HOME: outDir, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" };
      const words = [join(HOME, "python", script), JSON.stringify(settings)];
      const { child, end } = startGroup(PYTHON, words, { cwd: outDir, env, stdio: ["ignore", "pipe", "pipe"] });
      signal.addEventListener("abort", end);
      let said = "";
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (said = (said + data).slice(-3_000)));
      const code = await new Promise((resolve) => child.once("exit", resolve));
      end();
      const sent = await Promise.race([site.submitted, new Promise((resolve) => setTimeout(resolve, 500))]);
      if (sent) return { acted: true };
      return { acted: false, why: `the tool ended with ${code} before the page sent a token: ${lastLines(said)}` };
    },
  };
}

const lastLines = (text) => text.trim().split("\n").slice(-3).join(" | ").slice(-500);
