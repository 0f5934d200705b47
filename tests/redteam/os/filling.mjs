// A form filled in by a script that holds the operating system's input: when what is moved, pressed and typed.

import { typing } from "../motions/typing.mjs";

/**
 * @param path one of paths.mjs; `hz` at which it is sent, 0 for the generator's own ticks
 * @param style of typing, see typing.mjs
 * @returns a plan for `visit`: elements, and events on one clock
 */
export function filledForm({ path, style, random, hz = 0 }) {
  const elements = layout(random);
  const events = [];
  let t = 0;
  let at = { x: random.between(400, 900), y: random.between(60, 500) };
  const press = (box) => {
    const width = Math.min(box.w, 3 * box.h);
    const to = { x: box.x + box.w * within(random.normal(0.5, 0.12)), y: box.y + box.h * within(random.normal(0.5, 0.14)) };
    const points = path(at, to, { random, width, ...(hz ? { step: 1_000 / hz } : {}) });
    for (const point of points) events.push([t + point.t, "m", Math.round(point.x), Math.round(point.y)]);
    t += points.at(-1).t + random.lognormal(130, 0.35);
    events.push([t, "d", 1]);
    t += random.lognormal(90, 0.2);
    events.push([t, "u", 1]);
    t += random.lognormal(260, 0.3);
    at = to;
  };
  events.push([0, "m", Math.round(at.x), Math.round(at.y)]);
  t += random.between(400, 1_000);
  for (const box of elements) {
    press(box);
    if (!TEXTS[box.id]) continue;
    for (const { char, hold, gap } of typing(TEXTS[box.id], { random, style })) {
      events.push(...struck(char, t, t + hold));
      t += Math.max(gap, 1);
    }
    t += random.lognormal(420, 0.4);
  }
  return { elements, events };
}

/** A key, with Shift around it where the character needs it. */
export function struck(char, down, up) {
  const shifted = char !== char.toLowerCase() || SHIFTED[char];
  const key = SHIFTED[char] ?? SYMBOLS[char] ?? char.toLowerCase();
  return [...(shifted ? [[down - 45, "k", "Shift_L"]] : []), [down, "k", key], [up, "r", key], ...(shifted ? [[up + 8, "r", "Shift_L"]] : [])];
}

/** The same form as people fill in, its rows here and there. */
export function layout(random) {
  return ["name", "email", "city", "note", "terms", "pay"].map((id, row) => ({
    id,
    kind: id === "pay" ? "submit" : id === "terms" ? "button" : "field",
    x: Math.round(random.between(40, 560)),
    y: 40 + 110 * row + Math.round(random.between(0, 40)),
    w: id === "terms" ? 26 : id === "pay" ? 130 : 280,
    h: id === "terms" ? 26 : 38,
  }));
}

const within = (share) => Math.min(0.9, Math.max(0.1, share));

export const TEXTS = { name: "Robin Ashford", email: "robin.ashford@mail.example", city: "New Harbour", note: "Ring twice, please" };
const SYMBOLS = { " ": "space", ".": "period", ",": "comma", "-": "minus" };
const SHIFTED = { "@": "2", _: "minus", "!": "1" };
