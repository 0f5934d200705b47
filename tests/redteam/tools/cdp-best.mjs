// The best that the DevTools protocol can do: an ordinary Chromium with a window, a debugging port of a fixed number, no
// domain but Input, positions from the page's own layout, and the hands of hands/cdp.mjs.

import { bestHands } from "../hands/cdp.mjs";
import { startOrdinary } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "cdp-best",
  tier: 4,
  needs: ["chromium", "npm:chrome-remote-interface"],
  // With `stamped` events carry whole milliseconds, as those of hardware do; a number is their rate in Hz, 500 without one.
  variants: [
    "straight/headful",
    "tween/headful",
    "bezier/headful",
    "windmouse/headful",
    "ghost/headful",
    "minjerk/headful",
    "warped/headful",
    "bezier/headful/stamped",
    "windmouse/headful/stamped",
    "ghost/headful/stamped",
    "minjerk/headful/stamped",
    "warped/headful/stamped",
    "minjerk/headful/125",
    "warped/headful/125",
    "warped/headful/60",
  ],
  async run({ variant, site, seed, outDir, display }) {
    const { motion } = parseVariant(variant);
    const last = variant.split("/")[2];
    const options = { stamped: last === "stamped", ...(Number(last) ? { rate: Number(last) } : {}) };
    const browser = await startOrdinary({ display, outDir, url: site.url });
    try {
      const { default: CDP } = await import("chrome-remote-interface");
      const client = await CDP({ port: browser.port, target: (targets) => targets.find(({ type, url }) => type === "page" && url === site.url) });
      try {
        const acted = await fill(bestHands(client.Input, site, options), site, { motion, seed });
        await Promise.race([site.submitted, pause(8_000)]);
        return acted;
      } finally {
        await client.close();
      }
    } finally {
      await browser.stop();
    }
  },
};
