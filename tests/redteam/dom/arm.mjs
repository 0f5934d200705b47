// An arm out of a DOM library.

import { fileURLToPath } from "node:url";
import { plainAgent } from "../hands/chromium.mjs";
import { startGroup } from "../hands/group.mjs";

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
      const words = [fileURLToPath(new URL("visit.mjs", import.meta.url)), JSON.stringify(settings)];
      const { child, ended, end } = startGroup(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
      signal.addEventListener("abort", end);
      let complaints = "";
      child.stderr.on("data", (data) => (complaints += data));
      const sent = await Promise.race([site.submitted, ended]);
      end();
      // Events that no user agent sent are no input: the page sees none.
      return sent?.token ? { acted: true, input: variant === "trusted" || variant === "completed", note: complaints.split("\n")[0] || undefined } : { acted: false, why: `the page sent no token: ${complaints.slice(0, 600)}` };
    },
  };
}
