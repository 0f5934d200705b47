// The best hands that the DevTools protocol can have: whole pixels, unawaited moves that the browser merges, the pressure of
// a real press, dwell, Shift held where a capital needs it, keys that roll over.

import { pause } from "./fill.mjs";
import { keyOf, SHIFT } from "./keys.mjs";

/**
 * @param input has `dispatchMouseEvent` and `dispatchKeyEvent` of the protocol's Input domain
 * @param rate events a second of a moving mouse
 * @param stamped whether events carry whole milliseconds, as those of hardware do
 */
export function bestHands(input, site, { stamped = false, rate = 500 } = {}) {
  let [at, modifiers] = [{ x: 0, y: 0 }, 0];
  const time = () => (stamped ? { timestamp: Math.floor(Date.now()) / 1e3 } : {});
  // Whoever waits for the answer gives each event a frame of its own.
  const mouse = (type, more) => void input.dispatchMouseEvent({ type, ...at, ...time(), modifiers, pointerType: "mouse", ...more }).catch(() => {});
  const key = (type, { text, ...rest }) => void input.dispatchKeyEvent({ type, modifiers, ...time(), ...rest, ...(type === "keyDown" && text ? { text } : {}) }).catch(() => {});
  const pressed = { button: "left", clickCount: 1 };
  return {
    rollsOver: true,
    step: 1_000 / rate,
    box: async (selector) => (await site.layout()).boxes[selector],
    move(x, y) {
      at = { x: Math.round(x), y: Math.round(y) };
      mouse("mouseMoved", { buttons: 0 });
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
