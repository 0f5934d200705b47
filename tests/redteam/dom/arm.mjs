// An arm out of a DOM library.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { plainAgent } from "../hands/chromium.mjs";

/**
 * Input that a script makes is not trusted; `trusted` forges that, too, which a library cannot prevent, and `completed`
 * adds what else the library lacks of a browser.
 */
export const VARIANTS = ["none", "events", "trusted", "completed"];

export function domArm({ name, quick }) {
  return {
    name,
    tier: 1,
    needs: ["chromium", `npm:${name}`],
    variants: VARIANTS,
    quick,
    async run({ variant, site, seed, signal }) {
      const { url, fields, checkbox, submit } = site;
      const settings = { kind: name, url, userAgent: plainAgent(), input: variant, seed, fields, checkbox, submit };
      const child = spawn(process.execPath, [fileURLToPath(new URL("visit.mjs", import.meta.url)), JSON.stringify(settings)], { stdio: ["ignore", "ignore", "pipe"], signal });
      child.on("error", () => {});
      let complaints = "";
      child.stderr.on("data", (data) => (complaints += data));
      const ended = new Promise((resolve) => child.once("exit", resolve));
      await Promise.race([ended, site.submitted]);
      const sent = await Promise.race([site.submitted, ended.then(() => null)]);
      child.kill("SIGKILL");
      // Events that no user agent sent are no input: the page sees none.
      return sent ? { acted: true, input: variant === "trusted" || variant === "completed", note: complaints.split("\n")[0] || undefined } : { acted: false, why: `the page sent no token: ${complaints.slice(0, 600)}` };
    },
  };
}
