/**
 * Reads the agent's decoded report into what the page shows. The one file that knows the report's field names; times
 * come in units of 0.1 ms and leave in milliseconds.
 */

/** The report as the panels need it. Parts that a newer agent adds end up in `rest`. */
export function readReport(decoded) {
  const { environment = {}, counters = {}, pointer = [], keys = [], other = [], sealedAt, startedAt, ...rest } = plain(decoded);
  return {
    watched: Math.max(0, ((sealedAt ?? 0) - (startedAt ?? 0)) / 10),
    pointer: pointer.map(({ at, ...sample }) => ({ ...sample, t: at / 10 })),
    keys: keys.map((key) => ({ ...key, t: key.at / 10, hold: typeof key.hold === "number" ? key.hold / 10 : null })),
    others: other.map(({ at, ...sample }) => ({ ...sample, t: at / 10 })),
    counters,
    environment,
    rest,
  };
}

/**
 * One row a class of keys: `{name, count, dwell, flight}`, medians in milliseconds, null where there is none. Flight is
 * the time from one key's release to the next key's press; below zero, the keys overlapped.
 */
export function keyClasses(keys) {
  const classes = new Map();
  keys.forEach((key, index) => {
    const row = classes.get(key.class) ?? { name: key.class, dwells: [], flights: [], count: 0 };
    classes.set(key.class, row);
    row.count += 1;
    if (key.hold === null) return;
    row.dwells.push(key.hold);
    const next = keys[index + 1];
    if (!next || next.flags & NEW_FIELD) return;
    const flight = next.t - (key.t + key.hold);
    if (flight < PAUSE) row.flights.push(flight);
  });
  return [...classes.values()]
    .map(({ name, count, dwells, flights }) => ({ name, count, dwell: median(dwells), flight: median(flights) }))
    .sort((a, b) => b.count - a.count);
}

/** How many keys each circumstance applies to: `[words, count]`. */
export function keyCircumstances(keys) {
  return CIRCUMSTANCES.map(([bit, words]) => [words, keys.filter((key) => key.flags & bit).length]).filter(([, count]) => count > 0);
}

/** How often each kind occurs: `[kind, count]`, commonest first. */
export function countByKind(samples) {
  const counts = new Map();
  for (const { kind } of samples) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

/** Speeds between neighbouring samples: `[{t, speed}]`, in CSS pixels per millisecond. */
export function speeds(pointer) {
  const result = [];
  for (let i = 1; i < pointer.length; i += 1) {
    const [from, to] = [pointer[i - 1], pointer[i]];
    const elapsed = to.t - from.t;
    // Two events of one moment have no speed; after a pause, the distance is not covered at one.
    if (elapsed > 0 && elapsed < STROKE_PAUSE) result.push({ t: to.t, speed: Math.hypot(to.x - from.x, to.y - from.y) / elapsed });
  }
  return result;
}

/** What was read of one property of the browser, in words: numbers get their unit. */
export function readMeasure(name, value) {
  if (value === null) return "not there";
  if (value === "") return "none";
  if (typeof value !== "number") return value;
  if (name === "pixel-ratio") return value / 1000;
  const unit = UNITS.find(([pattern]) => pattern.test(name))?.[1];
  return unit ? `${value} ${unit}` : value;
}

/** Maps, typed arrays and big integers as plain objects, arrays and numbers. */
function plain(value) {
  if (value instanceof Map) return plain(Object.fromEntries(value));
  if (ArrayBuffer.isView(value)) return Array.from(value, plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "bigint") return Number(value);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
  }
  return value ?? null;
}

function median(numbers) {
  if (numbers.length === 0) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A longer gap between pointer events, in milliseconds, ends a stroke. */
export const STROKE_PAUSE = 150;

/** A longer gap between keys, in milliseconds, is thinking, not typing. */
const PAUSE = 2000;

const UNITS = [
  [/width$|height$|^scrollbar$/, "px"],
  [/^clock-step$/, "µs"],
  [/^time-zone-offset$/, "min"],
];

/** Bits of a key's flags. */
const NEW_FIELD = 32;
const CIRCUMSTANCES = [
  [1, "from a physical keyboard"],
  [2, "auto-repeat of a held key"],
  [4, "capital or shifted sign without Shift"],
  [8, "part of a composition (input method, dead key)"],
  [16, "part of a shortcut"],
  [NEW_FIELD, "first key in another field"],
];
