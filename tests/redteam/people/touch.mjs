// A person with a phone. There is no touch input to be had from the X server, so the browser's own emulation has to do: an
// ordinary Chromium with a debugging port. Findings about the environment are the emulation's; those about input count.

import { join } from "node:path";

import { freePort } from "../hands/chromium.mjs";
import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "./browser.mjs";
import { DATA, readTraces } from "./recordings.mjs";
import { pause, visit } from "./visit.mjs";

export default {
  name: "person-touch",
  tier: "person",
  needs: ["Xvfb", "python3", "npm:chrome-remote-interface"],
  variants: ["taps", "swipes"],
  limit: 120_000,
  available: async () => (BROWSERS.chromium ? (DATA ? null : "the recordings are not here; REDTEAM_TRACES names their folder") : "there is no Chromium"),
  async run({ variant, site, seed, display }) {
    const random = randomOf(seed);
    const strokes = (await swipes()).sort(() => random.uniform() - 0.5).slice(0, variant === "swipes" ? 3 : 0);
    const { default: connect } = await import("chrome-remote-interface");
    const port = await freePort();
    let driver;
    const prepare = async () => {
      driver = await connect({ host: "127.0.0.1", port });
      await driver.Emulation.setTouchEmulationEnabled({ enabled: true, maxTouchPoints: 5 });
    };
    const act = async ({ hands, elements }) => {
      await hands.play([[0, "m", 1_590, 990]]);
      for (const [i, stroke] of strokes.entries()) await swipe(driver, stroke, i ? 1 : -1, random);
      const { cssVisualViewport } = await driver.Page.getLayoutMetrics();
      for (const { kind, x, y, w, h } of elements) {
        await tap(driver, x + w * random.between(0.25, 0.75), y - cssVisualViewport.pageY + h * random.between(0.25, 0.75), random);
        await pause(random.lognormal(650, 0.3));
        if (kind === "field") await thumbed(driver, random);
      }
      return null;
    };
    const options = { width: 480, height: 860, args: [`--remote-debugging-port=${port}`], prepare };
    try {
      const { token, state } = await visit({ browser: "chromium", display, verifier: site.verifier, plan: { elements: PHONE, events: [], act }, options });
      return { acted: true, token, note: { state } };
    } finally {
      await driver?.close();
    }
  },
};

/** Recorded strokes that are quick and long, turned upright, as they scroll a page: `[t, x, y]` from where they begin. */
async function swipes() {
  const lines = await readTraces(join(DATA, "validate/howweswipe_touch.jsonl.gz"), ({ events }) => {
    const [first, last] = [events[0], events.at(-1)];
    return first[3] === "d" && last[3] === "u" && last[0] < 700 && Math.abs(last[1] - first[1]) > 100 && events.filter(([, , , kind]) => kind === "d").length === 1;
  });
  return lines.map(({ events }) => events.map(([t, x, y]) => [t, y - events[0][2], Math.abs(x - events[0][1])]));
}

/** Plays a stroke upwards (-1) or downwards (1), with the contact of a thumb. */
async function swipe(driver, stroke, way, random) {
  const [x, y] = [random.between(180, 300), way < 0 ? random.between(520, 640) : random.between(180, 300)];
  const start = performance.now();
  for (const [i, [t, dx, dy]] of stroke.entries()) {
    await pause(Math.max(0, start + t - performance.now()));
    const last = i === stroke.length - 1;
    await touch(driver, i ? (last ? "touchEnd" : "touchMove") : "touchStart", last ? [] : [contact(x + dx, y + way * dy, random)]);
  }
  await pause(random.lognormal(700, 0.3));
}

async function tap(driver, x, y, random) {
  await touch(driver, "touchStart", [contact(x, y, random)]);
  await pause(random.lognormal(40, 0.3));
  await touch(driver, "touchMove", [contact(x + random.between(-1, 1), y + random.between(-1, 1), random)]);
  await pause(random.lognormal(45, 0.3));
  await touch(driver, "touchEnd", []);
}

const touch = (driver, type, touchPoints) => driver.Input.dispatchTouchEvent({ type, touchPoints });
const contact = (x, y, random) => ({ x, y, radiusX: random.between(9, 14), radiusY: random.between(10, 16), force: random.between(0.3, 0.7) });

/** A keyboard on the screen enters characters, not keys. */
async function thumbed(driver, random) {
  for (const letter of "sunny day") {
    await driver.Input.insertText({ text: letter });
    await pause(random.lognormal(210, 0.4));
  }
}

const PHONE = [
  { id: "name", kind: "field", x: 20, y: 90, w: 380, h: 48 },
  { id: "city", kind: "field", x: 20, y: 250, w: 380, h: 48 },
  { id: "note", kind: "field", x: 20, y: 420, w: 380, h: 48 },
  { id: "pay", kind: "submit", x: 150, y: 600, w: 160, h: 52 },
];
