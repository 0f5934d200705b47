// Short recordings of one person, one after the other, as one visit of some length.

import { inside, overlap } from "./boxes.mjs";

/**
 * Puts segments together so that each begins where the one before ended, and lays buttons under the clicks; the last one
 * sends the form. None if they do not reach `least` milliseconds within the window.
 *
 * Segments are moved and mirrored as a whole, never bent: speeds and shapes stay the person's.
 *
 * @param random numbers between 0 and 1
 */
export function chainVisit(segments, { width, height, least = 12_000, most = 30_000, random }) {
  const pointer = [];
  const used = [];
  let at = 0;
  for (const segment of segments) {
    const placed = place(segment.events, pointer.at(-1), width, height);
    if (!placed) continue;
    used.push(segment);
    pointer.push(...placed.map(([t, x, y, kind]) => [at + t, x, y, kind]));
    at = pointer.at(-1)[0] + 250 + 500 * random();
    if (at > most) break;
  }
  while (pointer.length && !"uc".includes(pointer.at(-1)[3])) pointer.pop();
  const end = pointer.at(-1);
  if (!end || end[0] < least) return undefined;
  const presses = pointer.filter(([, , , kind]) => kind === "d" || kind === "c");
  const last = presses.at(-1);
  if (!last || end[1] !== last[1] || end[2] !== last[2]) return undefined;
  const earlier = presses.slice(0, -1);
  const submit = box("send", "submit", last, random, (it) => !earlier.some(([, x, y]) => inside(it, x, y)));
  if (!submit) return undefined;
  const elements = [submit];
  for (const press of earlier) {
    if (elements.some((each) => inside(each, press[1], press[2]))) continue;
    const button = box(`b${elements.length}`, "button", press, random, (it) => !elements.some((each) => overlap(it, each)));
    if (button) elements.push(button);
  }
  return { elements, pointer, keys: [], segments: used };
}

/** Moved, and if need be mirrored, so that it begins at `from` and stays in the window; none if it cannot. */
function place(events, from, width, height) {
  const [, x0, y0] = events[0];
  for (const [fx, fy] of MIRRORS) {
    const xs = events.map(([, x]) => (x - x0) * fx);
    const ys = events.map(([, , y]) => (y - y0) * fy);
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    if (right - left > width - 2 * MARGIN || bottom - top > height - 2 * MARGIN) return undefined;
    const x = from ? from[1] : Math.min(Math.max(x0, MARGIN - left), width - MARGIN - right);
    const y = from ? from[2] : Math.min(Math.max(y0, MARGIN - top), height - MARGIN - bottom);
    const fits = x + left >= MARGIN && x + right <= width - MARGIN && y + top >= MARGIN && y + bottom <= height - MARGIN;
    if (fits) return events.map(([t, , , kind], i) => [t, Math.round(x + xs[i]), Math.round(y + ys[i]), kind]);
  }
  return undefined;
}

/** A box around a press, which is somewhere inside and rarely in the middle; smaller where there is no room. */
function box(id, kind, [, px, py], random, free) {
  for (const scale of [1, 0.6, 0.35, 0.15]) {
    const [w, h] = [(60 + 80 * random()) * scale, (28 + 18 * random()) * Math.max(scale, 0.4)].map(Math.round);
    const [x, y] = [px - Math.round(w * (0.2 + 0.6 * random())), py - Math.round(h * (0.25 + 0.5 * random()))];
    const it = { id, kind, x, y, w, h };
    if (inside(it, px, py) && free(it)) return it;
  }
  return undefined;
}

const MIRRORS = [[1, 1], [-1, -1], [-1, 1], [1, -1]];
const MARGIN = 3;
