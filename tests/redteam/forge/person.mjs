// A visit that never happened: the report of somebody who fills in the form by hand, out of the generators of motions/.

import { PATHS } from "../motions/paths.mjs";
import { randomOf } from "../motions/random.mjs";
import { typing } from "../motions/typing.mjs";
import { fnv1a64 } from "./report.mjs";

/**
 * A plausible report for a browser that calls itself `userAgent`, as `encodeReport` takes it.
 *
 * @param motion a path of motions/paths.mjs
 */
export function forgedReport({ seed, userAgent, fields, motion = "minjerk" }) {
  const random = randomOf(seed);
  const visit = { pointer: [], keys: [], other: [], typed: 0, clock: random.between(1_200, 2_500) };
  let at = { x: 620, y: 300 };
  [...fields.map(({ text }) => text), "", ""].forEach((text, index) => {
    const box = { x: 60 + ((index * 137) % 290), y: 110 + index * 75, width: 294, height: 32 };
    const to = { x: box.x + box.width * random.between(0.25, 0.7), y: box.y + box.height * random.between(0.3, 0.7) };
    move(visit, PATHS[motion](at, to, { random, width: 60, step: 16.7 }), random);
    press(visit, to, box, random);
    write(visit, typing(text, { random }), random);
    at = to;
  });
  const moves = visit.pointer.filter(({ kind }) => kind === "move").length;
  return {
    sealedAt: tenths(visit.clock + 4),
    startedAt: 3_100,
    environment: ENVIRONMENT,
    userAgentHash: fnv1a64(userAgent),
    counters: { moves, rawUpdates: Math.round(moves * 6.4), typed: visit.typed },
    pointer: visit.pointer,
    keys: visit.keys,
    other: visit.other,
  };
}

function move(visit, points, random) {
  for (const { x, y, t } of points) {
    // Hardware stamps its events in whole milliseconds.
    visit.pointer.push(sample("move", visit.clock + Math.round(t), { x, y }, { coalesced: Math.round(random.between(5, 8)), latency: Math.round(random.between(1, 4)) }));
  }
  visit.clock += Math.round(points.at(-1).t + random.lognormal(110, 0.4));
}

function press(visit, to, box, random) {
  const target = { dx: Math.round(2 * (to.x - box.x) - box.width), dy: Math.round(2 * (to.y - box.y) - box.height), width: box.width, height: box.height };
  visit.pointer.push(sample("down", visit.clock, to, { held: true, pressure: 128, contact: 1, press: target }));
  visit.other.push({ at: tenths(visit.clock + 1), kind: "focus", a: 1, b: 0 });
  visit.clock += Math.round(random.lognormal(88, 0.2));
  visit.pointer.push(sample("up", visit.clock, to, { contact: 1 }));
  visit.other.push({ at: tenths(visit.clock), kind: "click", a: 1, b: 0 });
  visit.clock += Math.round(random.lognormal(300, 0.3));
}

function write(visit, keys, random) {
  keys.forEach(({ char, hold, gap }, index) => {
    const first = index === 0 ? NEW_FIELD : 0;
    if (/[A-Z!@_]/.test(char)) visit.keys.push({ at: tenths(visit.clock - 60), hold: tenths(hold + 90), class: "modifier", flags: CODE });
    const kind = /[a-z]/i.test(char) ? "letter" : /[0-9]/.test(char) ? "digit" : char === " " ? "space" : "punctuation";
    visit.keys.push({ at: tenths(visit.clock), hold: tenths(hold), class: kind, flags: CODE | first });
    visit.typed += 1;
    visit.clock += Math.round(gap);
  });
  visit.clock += Math.round(random.lognormal(350, 0.4));
}

function sample(kind, at, { x, y }, more = {}) {
  const plain = { offGrid: false, shifted: false, held: false, coalesced: 1, latency: 2, pressure: 0, contact: 0, press: null };
  return { ...plain, at: tenths(at), x: Math.round(x), y: Math.round(y), kind, device: "mouse", ...more };
}

const tenths = (milliseconds) => Math.round(milliseconds * 10);
const CODE = 1;
const NEW_FIELD = 32;

const ENVIRONMENT = {
  ...Object.fromEntries(
    ["webdriver", "frame-webdriver", "headless-agent", "worker-headless", "driver-globals", "native-patched", "webdriver-patched", "frame-mismatch", "worker-mismatch", "any-pointer-coarse", "reduced-motion", "framed"].map((name) => [name, "no"]),
  ),
  ...Object.fromEntries(["any-pointer-fine", "any-hover", "coalesced-events", "raw-updates", "secure-context", "chrome-object"].map((name) => [name, "yes"])),
  "pixel-ratio": 1_000,
  "inner-width": 1_519,
  "inner-height": 730,
  "outer-width": 1_536,
  "outer-height": 816,
  "screen-width": 1_536,
  "screen-height": 864,
  "touch-points": 0,
  processors: 8,
  "time-zone-offset": -60,
  scrollbar: 15,
  "clock-step": 100,
  languages: "en-GB,en",
};
