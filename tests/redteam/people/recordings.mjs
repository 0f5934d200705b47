// Recorded people: where the files are, and how a line of them becomes a visit.
//
// The page is laid out under the recording, not the recording bent to the page: fields and buttons stand where the
// person clicked. Nothing of a path is warped. What is added is said beside the code that adds it.

import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";

/** The folder of recorded data, from `TOUCHSTONE_TRACES` or `../shared/data` beside the repository; none if it is absent. */
export const DATA = [process.env.TOUCHSTONE_TRACES, fileURLToPath(new URL("../../../../shared/data", import.meta.url))].find(
  (folder) => folder && existsSync(join(folder, "train")),
);

/** The few recordings that are part of the repository. */
export const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

/** All lines of a gzipped file of recordings that `keep` accepts. */
export async function readTraces(file, keep = () => true) {
  const lines = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const trace = JSON.parse(line);
    if (keep(trace)) lines.push(trace);
  }
  return lines;
}

/**
 * A filled-in form of `kmt_forms` as a visit; none where its clicks and keys do not agree on the focused field.
 *
 * The recorder counted y from below, so it is turned over. It lost the keys that moved the focus (where keys go to another
 * field without a click between, a Tab is struck halfway, held as long as the person's other keys) and the release of the last
 * press (the person's own median is taken). Letters and digits are made up: the recording holds classes.
 */
export function formVisit(trace) {
  const pointer = trace.events.filter((event, i) => !(event[3] === "u" && trace.events.findIndex(([, , , kind]) => kind === "d") > i)).map(([t, x, y, kind]) => [t, x, HEIGHT - y, kind]);
  const presses = pointer.filter(([, , , kind]) => kind === "d");
  const keys = trace.keys.map(([down, up, kind, field]) => ({ down, up, kind, field }));
  const last = pointer.at(-1);
  if (presses.length < 2 || last?.[3] !== "d" || keys.some(({ field }) => field > 4) || !keys.length) return undefined;
  const elements = structuredClone(FORM);
  const added = [];
  let focus;
  const steps = [...presses.map((press) => ({ at: press[0], press })), ...keys.map((key) => ({ at: key.down, key }))].sort((a, b) => a.at - b.at);
  const holds = median(keys.filter(({ kind }) => kind !== "M").map(({ down, up }) => up - down));
  for (const [i, { at, press, key }] of steps.entries()) {
    if (press) {
      const field = press === last ? SUBMIT : steps.slice(i + 1).find((step) => step.press || step.key)?.key?.field;
      if (field !== undefined && !reach(elements, field, press[1], press[2])) return undefined;
      const hit = elements.findIndex((each) => inside(each, press[1], press[2]));
      focus = hit <= SUBMIT && hit >= 0 ? hit : undefined;
    } else if (key.field !== focus) {
      const before = Math.max(0, ...keys.filter(({ down }) => down < at).map(({ up }) => up));
      const mover = steps[i - 1]?.key;
      const tabbed = mover?.kind === "N";
      if (tabbed) mover.kind = "T";
      if (focus === undefined || key.field !== focus + 1 || (!tabbed && at - before < 2 * holds)) return undefined;
      if (!tabbed) added.push({ down: (before + at - holds) / 2, up: (before + at + holds) / 2, kind: "T" });
      focus = key.field;
    }
  }
  const releases = pointer.filter(([, , , kind]) => kind === "u").map((up, i) => up[0] - (presses[i]?.[0] ?? up[0])).filter((time) => time > 20 && time < 400);
  pointer.push([last[0] + (median(releases) || 95), last[1], last[2], "u"]);
  return { elements, pointer, keys: [...keys, ...added] };
}

/**
 * The keys of a filled-in form without its pointer: a person who uses the keyboard alone. Tabs go from field to field, the
 * first one into the form, and Enter sends it; they are struck as long after the last key as the person's median flight.
 */
export function keyboardVisit(trace) {
  const recorded = trace.keys.map(([down, up, kind, field]) => ({ down, up, kind, field })).filter(({ kind }) => !"NE".includes(kind));
  const hold = median(recorded.filter(({ kind }) => kind !== "M").map(({ down, up }) => up - down));
  const keys = [{ down: 400, up: 400 + hold, kind: "T" }];
  let shift = 1_100 - recorded[0].down;
  for (const [i, key] of recorded.entries()) {
    const previous = recorded[i - 1];
    if (previous && previous.field !== key.field) {
      const tab = previous.up + shift + 2 * hold;
      keys.push({ down: tab, up: tab + hold, kind: "T" });
      shift += Math.max(0, tab + 3 * hold - key.down - shift);
    }
    // People who click between fields are away from the keyboard for a while; nobody without a mouse is.
    if (previous) shift -= Math.max(0, key.down - previous.up - 2_500);
    keys.push({ down: key.down + shift, up: key.up + shift, kind: key.kind });
  }
  const end = recorded.at(-1).up + shift + 4 * hold;
  return { elements: FORM, pointer: [], keys: [...keys, { down: end, up: end + hold, kind: "enter" }] };
}

/** What the injector plays of a visit. */
export const played = ({ elements, pointer, keys }) => ({ elements, events: [...toEvents(pointer), ...keyEvents(keys)] });

/** Pointer events of a recording as the injector takes them. */
export function toEvents(pointer) {
  const events = [];
  for (const [t, x, y, kind] of pointer) {
    if (kind === "m" || kind === "d" || kind === "u") events.push([t, "m", x, y]);
    if (kind === "d" || kind === "u") events.push([t, kind, 1]);
    if (kind === "c") events.push([t, "m", x, y], [t + 0.01, "d", 1], [t + 92, "u", 1]);
    if (kind === "w") events.push([t, "d", 5], [t + 0.01, "u", 5]);
  }
  return events;
}

/** Keys of a recording, `{down, up, kind}`, as the injector takes them; the keys themselves are made up. */
export function keyEvents(keys) {
  const events = [];
  const free = new Map();
  for (const [i, { down, up, kind }] of [...keys].sort((a, b) => a.down - b.down).entries()) {
    const choices = KEYS[kind];
    const name = choices.map((_, j) => choices[(i * 7 + j) % choices.length]).find((each) => (free.get(each) ?? -1) < down);
    if (!name) continue;
    free.set(name, up);
    events.push([down, "k", name], [Math.max(up, down + 1), "r", name]);
  }
  return events;
}

/**
 * One of `list` that this verifier has not been shown yet: a recording that is played twice to one is a replay. `make(trace,
 * list)` turns it into a visit, with the recordings that it took in `segments` if it took more than that one; those of which
 * it makes none are passed over.
 *
 * @returns the visit and the recording's name; none when all are used up
 */
export function unplayed(verifier, list, random, make) {
  const seen = (shown[verifier.origin] ??= new Set());
  for (let tries = 0; tries < 20 * list.length; tries++) {
    const trace = random.choice(list);
    if (seen.has(nameOf(trace))) continue;
    const visit = make(trace, list);
    const names = (visit?.segments ?? [trace]).map(nameOf);
    if (!visit || names.some((name) => seen.has(name))) continue;
    names.forEach((name) => seen.add(name));
    return { visit, name: `${trace.src} ${trace.user} ${trace.session}` };
  }
  return undefined;
}

const nameOf = ({ src, user, session, events }) => [src, user, session, events.length, ...events.at(-1)].join();

/** Makes the field's box hold the point, if it is near enough and no other box is in the way. */
function reach(elements, field, x, y) {
  const box = elements[field];
  if (inside(box, x, y)) return true;
  const left = Math.min(box.x, x - 6);
  const top = Math.min(box.y, y - 4);
  const grown = { x: left, y: top, w: Math.max(box.x + box.w, x + 6) - left, h: Math.max(box.y + box.h, y + 4) - top };
  if (grown.w - box.w > 40 || grown.h - box.h > 24) return false;
  if (elements.some((other) => other !== box && grown.x < other.x + other.w && other.x < grown.x + grown.w && grown.y < other.y + other.h && other.y < grown.y + grown.h)) return false;
  Object.assign(box, grown);
  return true;
}

export const inside = ({ x, y, w, h }, px, py) => px >= x && py >= y && px < x + w && py < y + h;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Names of recordings played, by verifier. */
const shown = {};

const HEIGHT = 690;
const SUBMIT = 5;
/** Where the recorded people clicked: name, card number, code, month, year, then the button, and a choice above them. */
const FORM = [
  { id: "name", kind: "field", x: 64, y: 372, w: 330, h: 44 },
  { id: "number", kind: "field", x: 64, y: 472, w: 280, h: 44 },
  { id: "code", kind: "field", x: 68, y: 574, w: 62, h: 42 },
  { id: "month", kind: "field", x: 183, y: 574, w: 42, h: 42 },
  { id: "year", kind: "field", x: 227, y: 574, w: 40, h: 42 },
  { id: "pay", kind: "submit", x: 340, y: 574, w: 90, h: 42 },
  { id: "card", kind: "button", x: 280, y: 296, w: 170, h: 42 },
];

const KEYS = {
  L: [..."etaoinsrhldcum"],
  D: [..."1234567890"],
  O: [..."5904817263"],
  S: ["space"],
  B: ["BackSpace"],
  E: ["End"],
  M: ["Shift_L"],
  N: ["Right"],
  T: ["Tab"],
  enter: ["Return"],
  P: ["period", "comma"],
};
