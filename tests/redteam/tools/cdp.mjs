// The DevTools protocol by hand, each command awaited: https://github.com/cyrus-and/chrome-remote-interface

import { startOrdinary } from "../hands/chromium.mjs";
import { fill, pause } from "../hands/fill.mjs";
import { keyOf } from "../hands/keys.mjs";
import { parseVariant } from "../hands/variant.mjs";

export default {
  name: "cdp",
  tier: 3,
  needs: ["chromium", "npm:chrome-remote-interface"],
  variants: ["none/headful", "scripted/headful", "naive/headful", "straight/headful", "bezier/headful", "ghost/headful", "minjerk/headful"],
  async run({ variant, site, seed, outDir, display }) {
    const { motion } = parseVariant(variant);
    const browser = await startOrdinary({ display, outDir, url: site.url });
    try {
      const { default: CDP } = await import("chrome-remote-interface");
      const client = await CDP({ port: browser.port, target: (targets) => targets.find(({ type, url }) => type === "page" && url === site.url) });
      try {
        const acted = await fill(handsOf(client), site, { motion, seed });
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

function handsOf({ Input, Runtime }) {
  let at = { x: 0, y: 0 };
  const mouse = (type, more) => Input.dispatchMouseEvent({ type, ...at, ...more });
  const script = async (expression) => (await Runtime.evaluate({ expression, returnByValue: true })).result.value;
  const box = async (selector) => JSON.parse(await script(`JSON.stringify(document.querySelector("${selector}").getBoundingClientRect())`));
  const pressed = { button: "left", clickCount: 1 };
  const hands = {
    script,
    box,
    async move(x, y) {
      at = { x, y };
      await mouse("mouseMoved");
    },
    down: () => mouse("mousePressed", pressed),
    up: () => mouse("mouseReleased", pressed),
    async click(selector) {
      const { x, y, width, height } = await box(selector);
      await hands.move(x + width / 2, y + height / 2);
      await hands.down();
      await hands.up();
    },
    type: (_, text) => Input.insertText({ text }),
    async keyDown(char) {
      const { shift, ...key } = keyOf(char);
      await Input.dispatchKeyEvent({ type: "keyDown", ...key });
    },
    async keyUp(char) {
      const { shift, text, unmodifiedText, ...key } = keyOf(char);
      await Input.dispatchKeyEvent({ type: "keyUp", ...key });
    },
  };
  return hands;
}
