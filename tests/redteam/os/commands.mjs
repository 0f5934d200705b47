// Tier 5: the tools that desktop automation is written with, each with its own verbs, in a browser as a person starts it.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { PYTHON } from "../frame/needs.mjs";
import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "../people/browser.mjs";
import { visit } from "../people/visit.mjs";
import { layout, TEXTS } from "./filling.mjs";

/** One arm a tool; a variant is `BROWSER/MANNER`. `command` gives program and words for the steps of a form. */
function tool({ name, needs, manners, command }) {
  return {
    name: `os-${name}`,
    tier: 5,
    needs: ["Xvfb", "python3", ...needs],
    variants: Object.keys(BROWSERS).flatMap((browser) => manners.map((manner) => `${browser}/${manner}`)),
    limit: 180_000,
    async run({ variant, site, seed, outDir, display }) {
      const [browser, manner] = variant.split("/");
      const random = randomOf(seed);
      const elements = layout(random);
      const act = async ({ origin }) => {
        const steps = elements.map(({ id, x, y, w, h }) => {
          const at = (from, size) => Math.round(from + size * random.between(0.3, 0.7));
          return { x: at(origin.x + x, w), y: at(origin.y + y, h), text: TEXTS[id] ?? "" };
        });
        // Xlib of Python reads a file of credentials, though this server asks for none.
        const authority = join(outDir, "xauthority");
        writeFileSync(authority, "");
        await promisify(execFile)(...command(manner, steps), { env: { ...process.env, DISPLAY: display, XAUTHORITY: authority }, timeout: 90_000 });
        return null;
      };
      const { token, state } = await visit({ browser, display, verifier: site.verifier, plan: { elements, events: [], act } });
      return { acted: true, token, note: { state } };
    },
  };
}

/** One process for all steps: `sleep` and the delay between keys are xdotool's own. */
function xdotool(manner, steps) {
  const words = ["sleep", "1"];
  for (const { x, y, text } of steps) {
    words.push("mousemove", `${x}`, `${y}`, "sleep", manner === "hasty" ? "0.1" : "0.7", "click", "1", "sleep", "0.3");
    if (text) words.push("type", "--args", "1", "--delay", manner === "hasty" ? "12" : "140", text, "sleep", "0.4");
  }
  return ["xdotool", words];
}

const python = (script) => (manner, steps) => [PYTHON, [fileURLToPath(new URL(script, import.meta.url)), manner, JSON.stringify(steps)]];

export default [
  tool({ name: "xdotool", needs: ["xdotool"], manners: ["plain", "hasty"], command: xdotool }),
  tool({ name: "pyautogui", needs: ["pip:pyautogui"], manners: ["easeInOutQuad", "easeOutElastic", "linear"], command: python("with_pyautogui.py") }),
  tool({ name: "pynput", needs: ["pip:pynput"], manners: ["steps"], command: python("with_pynput.py") }),
  tool({ name: "pyclick", needs: ["pip:pyclick"], manners: ["default"], command: python("with_pyclick.py") }),
  tool({ name: "humancursor", needs: ["pip:humancursor"], manners: ["default", "steady"], command: python("with_humancursor.py") }),
];
