// What the injector plays of a visit: pointer and keys of a recording as timed events.

/** What the injector plays of a visit. */
export const played = ({ elements, pointer, keys }) => ({ elements, events: [...toEvents(pointer), ...keyEvents(keys)] });

/**
 * Pointer events of a recording as the injector takes them. Turns of the wheel are left out: no recorder noted their
 * direction, and a page that scrolls the wrong way has its elements elsewhere. A click with one time only is held as usual.
 */
function toEvents(pointer) {
  const events = [];
  for (const [t, x, y, kind] of pointer) {
    if (kind === "m" || kind === "d" || kind === "u") events.push([t, "m", x, y]);
    if (kind === "d" || kind === "u") events.push([t, kind, 1]);
    if (kind === "c") events.push([t, "m", x, y], [t, "d", 1], [t + USUAL_HOLD_MS, "u", 1]);
  }
  return events;
}

/** Keys of a recording, `{down, up, kind}`, as the injector takes them; the keys themselves are made up. */
function keyEvents(keys) {
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

const USUAL_HOLD_MS = 92;
/** Keys of a US keyboard for each class of the recordings; `T` and `enter` are struck by visits themselves. */
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
