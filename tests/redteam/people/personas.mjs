// People who use a page otherwise than most: each an arm, in every browser that can be set up for it.

import { join } from "node:path";

import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "./browser.mjs";
import { played } from "./events.mjs";
import { formVisit, keyboardVisit } from "./forms.mjs";
import { ASSISTED } from "./page.mjs";
import { DATA, FIXTURES, readTraces, unplayed } from "./recordings.mjs";
import { interpolated, merged, stretched } from "./retime.mjs";
import { slowed } from "./slow.mjs";
import { visit } from "./visit.mjs";

/**
 * @param plan makes what is played of a recorded form filling, by default the filling itself
 * @param setup options of the browser, by its name; a browser that it does not name takes no part
 * @param variants what a variant adds to the browser's name
 */
function persona({ name, plan = played, from = formVisit, setup = ALIKE, variants = [""], quick }) {
  const browsers = Object.keys(BROWSERS).filter((browser) => setup[browser]);
  return {
    name: `person-${name}`,
    tier: "person",
    needs: ["Xvfb", "python3"],
    variants: browsers.flatMap((browser) => variants.map((variant) => browser + (variant && `/${variant}`))),
    quick,
    limit: 180_000,
    async run({ variant, site, seed, display }) {
      const [browser, detail] = variant.split("/");
      const random = randomOf(seed);
      const file = DATA ? join(DATA, "train/kmt_forms.jsonl.gz") : join(FIXTURES, "forms.jsonl.gz");
      const quickly = (trace) => (trace.events.at(-1)[0] < 40_000 ? from(trace) : undefined);
      const chosen = unplayed(site.verifier, await (cache[file] ??= readTraces(file)), random, quickly);
      if (!chosen) return { acted: false, why: "every recording has been played to this verifier" };
      const options = { ...SIZE, ...setup[browser](detail) };
      const { token, late, state } = await visit({ browser, display, verifier: site.verifier, plan: plan(chosen.visit, random), options });
      return { acted: true, token, note: { trace: chosen.name, late, state } };
    },
  };
}

/** A password manager fills the form when its first field is focused; the person does the rest, without waiting for long. */
function autofilled({ elements, pointer }) {
  let cut = 0;
  const quick = pointer.map(([t, ...rest], i) => {
    cut += Math.max(0, (i ? t - pointer[i - 1][0] : 0) - 900);
    return [t - cut, ...rest];
  });
  return { ...played({ elements, pointer: quick, keys: [] }), help: "fill" };
}

/** What is typed into the first field is selected, copied and pasted into the second. */
function pasted({ elements, keys }) {
  const typed = keys.filter(({ field, kind }) => field === 0 && kind !== "M");
  const hold = typed[0].up - typed[0].down;
  const start = 1_200 - typed[0].down;
  const own = typed.map((key) => ({ ...key, down: key.down + start, up: key.up + start }));
  let t = own.at(-1).up + 500;
  const events = played({ elements, pointer: [], keys: [{ down: 300, up: 300 + hold, kind: "T" }, ...own] }).events;
  const chord = (key) => {
    events.push([t, "k", "Control_L"], [t + 0.8 * hold, "k", key], [t + 1.9 * hold, "r", key], [t + 2.4 * hold, "r", "Control_L"]);
    t += 2.4 * hold + 420;
  };
  const tap = (key) => {
    events.push([t, "k", key], [t + hold, "r", key]);
    t += hold + 380;
  };
  for (const key of ["a", "c"]) chord(key);
  tap("Tab");
  chord("v");
  for (const key of ["Tab", "Tab", "Tab", "Tab", "Return"]) tap(key);
  return { elements, events };
}

/** A screen reader moves the focus and presses by script; its user types. */
function assisted({ elements, keys }) {
  const fields = elements.filter(({ kind }) => kind === "field");
  const own = fields.flatMap((_, field) => {
    const typed = keys.filter((key) => key.field === field && !"NE".includes(key.kind));
    const shift = ASSISTED.first + ASSISTED.every * field + 500 - (typed[0]?.down ?? 0);
    const until = ASSISTED.first + ASSISTED.every * (field + 1) - 150;
    return typed.map((key) => ({ ...key, down: key.down + shift, up: key.up + shift })).filter(({ up }) => up < until);
  });
  return { ...played({ elements, pointer: [], keys: own }), help: "assist" };
}

const remote = (recorded, random) => played({ ...recorded, pointer: merged(recorded.pointer, () => random.between(50, 100)) });

function trackpad(recorded) {
  const slow = stretched(recorded, 1.7);
  return played({ ...slow, pointer: interpolated(slow.pointer, 90) });
}

/** A setup that is the same for all browsers: Chromium's switches, Firefox's preferences and switches. */
const set = ({ chromium, firefox, prefs = {} }) => ({
  ...(chromium && { chromium: () => ({ args: chromium }) }),
  ...((firefox || Object.keys(prefs).length) && { firefox: () => ({ args: firefox ?? [], prefs }) }),
});

/** Presses Ctrl with minus or plus until the page has the size, in the browser's own steps. */
const zoomed = (steps) => (percent) => ({
  ...SIZE,
  async prepare(hands) {
    const count = steps.filter((step) => (percent < 100 ? step >= percent && step < 100 : step <= percent && step > 100)).length;
    const key = percent < 100 ? "minus" : "equal";
    const presses = Array.from({ length: count }, (_, i) => [[100 + 400 * i, "k", "Control_L"], [150 + 400 * i, "k", key], [230 + 400 * i, "r", key], [270 + 400 * i, "r", "Control_L"]]);
    await hands.play([...presses.flat(), [400 * count + 900, "r", "Control_L"]]);
  },
});

const cache = {};
const SIZE = { width: 1000, height: 860 };
const ALIKE = { chromium: () => ({}), firefox: () => ({}) };

export default [
  persona({ name: "keyboard", from: keyboardVisit, quick: ["chromium"] }),
  persona({ name: "autofill", plan: autofilled, quick: ["chromium"] }),
  persona({ name: "paste", plan: pasted }),
  persona({ name: "screen-reader", plan: assisted }),
  persona({ name: "slow-machine", setup: { chromium: () => ({ beside: slowed }), firefox: () => ({ beside: slowed }) } }),
  persona({ name: "resist-fingerprinting", setup: set({ prefs: { "privacy.resistFingerprinting": true, "privacy.resistFingerprinting.letterboxing": false } }) }),
  persona({ name: "resist-fingerprinting-keyboard", from: keyboardVisit, setup: set({ prefs: { "privacy.resistFingerprinting": true } }) }),
  persona({
    name: "zoom",
    setup: { chromium: zoomed([50, 67, 75, 80, 90, 110, 125, 150]), firefox: zoomed([50, 67, 80, 90, 110, 120, 133, 150]) },
    variants: ["50", "67", "80", "90", "110", "125", "150"],
  }),
  persona({ name: "remote-desktop", plan: remote }),
  persona({ name: "trackpad", plan: trackpad }),
  persona({ name: "high-contrast", setup: set({ chromium: ["--force-high-contrast"], prefs: { "browser.display.document_color_use": 2, "ui.useAccessibilityTheme": 1 } }) }),
  persona({ name: "reduced-motion", setup: set({ chromium: ["--force-prefers-reduced-motion"], prefs: { "ui.prefersReducedMotion": 1 } }) }),
  persona({ name: "private-window", setup: set({ chromium: ["--incognito"], firefox: ["--private-window"] }) }),
  persona({ name: "dark-mode", setup: set({ chromium: ["--force-dark-mode"], prefs: { "ui.systemUsesDarkTheme": 1 } }) }),
  persona({ name: "scaled-screen", setup: set({ chromium: ["--force-device-scale-factor=1.25"], prefs: { "layout.css.devPixelsPerPx": "1.25" } }) }),
];
