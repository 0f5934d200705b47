// The best that the DevTools protocol can do: an ordinary Chromium with a window, a debugging port of a fixed number, no
// domain but Page and Input, positions from the page's own layout, whole pixels, unawaited moves that the browser
// merges, the pressure of a real press, dwell, Shift held where a capital needs it, rolled-over keys.

import CDP from "chrome-remote-interface";
import { startOrdinary } from "../hands/chromium.mjs";
import { keyOf, SHIFT } from "../hands/keys.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "cdp-best",
  tier: 4,
  needs: ["chromium", "Xvfb", "npm:chrome-remote-interface"],
  variants: ["straight/headful", "bezier/headful", "windmouse/headful", "ghost/headful", "minjerk/headful"],
  async run({ variant, site, seed, outDir, display }) {
    const { motion } = parseVariant(variant);
    const browser = await startOrdinary({ display, outDir, url: site.url });
    try {
      const client = await CDP({ port: browser.port, target: (targets) => targets.find(({ type, url }) => type === "page" && url === site.url) });
      try {
        const acted = await fill(handsOf(client, site), site, { motion, seed });
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

function handsOf({ Input }, site) {
  let [at, modifiers] = [{ x: 0, y: 0 }, 0];
  const mouse = (type, more) => void Input.dispatchMouseEvent({ type, ...at, pointerType: "mouse", ...more }).catch(() => {});
  const key = (type, { text, ...rest }) => void Input.dispatchKeyEvent({ type, modifiers, ...rest, ...(type === "keyDown" && text ? { text } : {}) }).catch(() => {});
  const pressed = { button: "left", clickCount: 1 };
  return {
    box: async (selector) => (await site.layout()).boxes[selector],
    /** Points between the path's own make 250 a second or more: enough for the browser to merge several into a frame's. */
    async move(x, y) {
      const [from, to] = [at, { x: Math.round(x), y: Math.round(y) }];
      const near = Math.hypot(to.x - from.x, to.y - from.y) < 80;
      for (const share of near ? [0.5, 1] : [1]) {
        at = { x: Math.round(from.x + (to.x - from.x) * share), y: Math.round(from.y + (to.y - from.y) * share) };
        mouse("mouseMoved", { buttons: 0 });
        if (share < 1) await pause(3);
      }
    },
    down: () => mouse("mousePressed", { ...pressed, buttons: 1, force: 0.5 }),
    up: () => mouse("mouseReleased", { ...pressed, buttons: 0 }),
    async keyDown(char) {
      const { shift, ...rest } = keyOf(char);
      if (shift) {
        modifiers = SHIFT.mask;
        key("rawKeyDown", SHIFT.key);
        await pause(45);
      }
      key("keyDown", rest);
    },
    async keyUp(char) {
      const { shift, ...rest } = keyOf(char);
      key("keyUp", rest);
      if (shift) {
        await pause(20);
        modifiers = 0;
        key("keyUp", SHIFT.key);
      }
    },
  };
}
