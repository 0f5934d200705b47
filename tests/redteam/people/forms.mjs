// A recorded form filling as a visit.
//
// The page is laid out under the recording, not the recording bent to the page: fields and buttons stand where the
// person clicked. Nothing of a path is warped. What is added is said beside the code that adds it.

import { inside, overlap } from "./boxes.mjs";

/**
 * A filled-in form of `kmt_forms` as a visit; none where its clicks and keys do not agree on the focused field.
 *
 * The recorder counted y from below, so it is turned over. It lost the keys that moved the focus (where keys go to another
 * field without a click between, a Tab is struck halfway, held as long as the person's other keys) and the release of the last
 * press (the person's own median is taken). Letters and digits are made up: the recording holds classes.
 */
export function formVisit(trace) {
  const firstPress = trace.events.findIndex(([, , , kind]) => kind === "d");
  // A release before any press belongs to the form before.
  const pointer = trace.events.filter(([, , , kind], i) => kind !== "u" || i > firstPress).map(([t, x, y, kind]) => [t, x, HEIGHT - y, kind]);
  const presses = pointer.filter(([, , , kind]) => kind === "d");
  const keys = keysOf(trace);
  const last = pointer.at(-1);
  if (presses.length < 2 || last[3] !== "d" || !keys.length || keys.some(({ field }) => field >= SUBMIT)) return undefined;
  const elements = structuredClone(FORM);
  const tabs = follow(elements, presses, keys);
  if (!tabs) return undefined;
  const held = pointer.filter(([, , , kind]) => kind === "u").map(([t], i) => t - presses[i][0]);
  pointer.push([last[0] + (median(held.filter((time) => time > 20 && time < 400)) ?? USUAL_HOLD_MS), last[1], last[2], "u"]);
  return { elements, pointer, keys: [...keys, ...tabs] };
}

/**
 * Follows the focus through presses and keys, and stretches elements to what was clicked.
 *
 * @returns the Tabs that are missing; none if presses and keys do not agree
 */
function follow(elements, presses, keys) {
  const steps = [...presses.map((press) => ({ at: press[0], press })), ...keys.map((key) => ({ at: key.down, key }))].sort((one, other) => one.at - other.at);
  const hold = usualHold(keys);
  const tabs = [];
  let focus;
  for (const [i, { at, press, key }] of steps.entries()) {
    if (press) {
      const wanted = press === presses.at(-1) ? SUBMIT : steps[i + 1]?.key?.field;
      if (wanted !== undefined && !reach(elements, wanted, press[1], press[2])) return undefined;
      focus = elements.findIndex((each) => inside(each, press[1], press[2]));
    } else if (key.field !== focus) {
      const mover = steps[i - 1]?.key;
      const struck = mover?.kind === "N";
      const before = Math.max(0, ...keys.filter(({ down }) => down < at).map(({ up }) => up));
      if (key.field !== focus + 1 || (!struck && at - before < 2 * hold)) return undefined;
      if (struck) mover.kind = "T";
      else tabs.push({ down: (before + at - hold) / 2, up: (before + at + hold) / 2, kind: "T" });
      focus = key.field;
    }
  }
  return tabs;
}

/**
 * The keys of a filled-in form without its pointer: a person who uses the keyboard alone. Tabs go from field to field, the
 * first one into the form, and Enter sends it: they are struck two of the person's holds after the last key. None if the
 * fields were not filled in in their order.
 */
export function keyboardVisit(trace) {
  const recorded = keysOf(trace).filter(({ kind }) => !"NE".includes(kind));
  if (recorded[0]?.field !== 0 || recorded.some(({ field }, i) => field >= SUBMIT || (i && ![0, 1].includes(field - recorded[i - 1].field)))) return undefined;
  const hold = usualHold(recorded);
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
    if (previous) shift -= Math.max(0, key.down - previous.up - LONGEST_PAUSE_MS);
    keys.push({ down: key.down + shift, up: key.up + shift, kind: key.kind });
  }
  const end = recorded.at(-1).up + shift + 4 * hold;
  return { elements: FORM, pointer: [], keys: [...keys, { down: end, up: end + hold, kind: "enter" }] };
}

const keysOf = ({ keys }) => keys.map(([down, up, kind, field]) => ({ down, up, kind, field }));

const usualHold = (keys) => median(keys.filter(({ kind }) => kind !== "M").map(({ down, up }) => up - down)) ?? USUAL_HOLD_MS;

/** Makes the field's box hold the point, if it is near enough and no other box is in the way. */
function reach(elements, field, x, y) {
  const box = elements[field];
  if (inside(box, x, y)) return true;
  const left = Math.min(box.x, x - 6);
  const top = Math.min(box.y, y - 4);
  const grown = { x: left, y: top, w: Math.max(box.x + box.w, x + 6) - left, h: Math.max(box.y + box.h, y + 4) - top };
  if (grown.w - box.w > 40 || grown.h - box.h > 24) return false;
  if (elements.some((other) => other !== box && overlap(grown, other))) return false;
  Object.assign(box, grown);
  return true;
}

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

const USUAL_HOLD_MS = 95;
const LONGEST_PAUSE_MS = 2_500;
/** Of the window that the forms were filled in in. */
const HEIGHT = 690;
/** Place of the button among the elements; the fields come before it. */
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
