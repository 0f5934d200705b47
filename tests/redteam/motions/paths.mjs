// Ways from one point to another, as automation makes them. Each is a list of `{x, y, t}`: CSS pixels, milliseconds from
// the start. Coordinates are as the generator gives them; a tool that rounds, rounds by itself.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { gunzipSync } from "node:zlib";

/** What a Fitts' law of ordinary mice gives for a way of `distance` to a target of `width`, in milliseconds. */
const fitts = (distance, width) => 120 + 150 * Math.log2(distance / Math.max(width, 8) + 1);

/** At a constant speed, in a straight line. */
function straight(from, to, { random, width = 40, step = 8 }) {
  return sampled(fitts(distance(from, to), width) * random.between(0.8, 1.2), step, (share) => mix(from, to, share));
}

/** The ease-in-out that desktop automation offers, in a straight line. */
function tween(from, to, { random, width = 40, step = 8 }) {
  const ease = (share) => (share < 0.5 ? 2 * share * share : 1 - 2 * (1 - share) ** 2);
  return sampled(fitts(distance(from, to), width) * random.between(0.8, 1.2), step, (share) => mix(from, to, ease(share)));
}

/** A cubic Bézier curve whose two control points lie to one side, with an easing. */
function bezier(from, to, { random, width = 40, step = 8 }) {
  const side = random.choice([-1, 1]);
  const control = (share) => aside(mix(from, to, share), from, to, side * random.between(0.05, 0.3));
  const [one, two] = [control(random.between(0.15, 0.4)), control(random.between(0.6, 0.85))];
  const ease = (share) => share * share * (3 - 2 * share);
  return sampled(fitts(distance(from, to), width) * random.between(0.8, 1.3), step, (share) => {
    const u = ease(share);
    const part = (axis) => (1 - u) ** 3 * from[axis] + 3 * (1 - u) ** 2 * u * one[axis] + 3 * (1 - u) * u * u * two[axis] + u ** 3 * to[axis];
    return { x: part("x"), y: part("y") };
  });
}

/** Wind and gravity on a point (B. J. Land's WindMouse): a step of its own every 8 ms, whatever the tool's rate. */
function windmouse(from, to, { random }) {
  const [gravity, wind, near, step] = [9, 3, 12, 8];
  let [reach, x, y, vx, vy, wx, wy] = [15, from.x, from.y, 0, 0, 0, 0];
  const points = [{ ...from, t: 0 }];
  for (let t = step; points.length < 2_000; t += step) {
    const left = Math.hypot(to.x - x, to.y - y);
    if (left < 1) break;
    const force = Math.min(wind, left);
    if (left >= near) {
      wx = wx / Math.sqrt(3) + (random.between(-1, 1) * force) / Math.sqrt(5);
      wy = wy / Math.sqrt(3) + (random.between(-1, 1) * force) / Math.sqrt(5);
    } else {
      wx /= Math.sqrt(3);
      wy /= Math.sqrt(3);
      reach = reach < 3 ? random.between(3, 6) : reach / Math.sqrt(5);
    }
    vx += wx + (gravity * (to.x - x)) / left;
    vy += wy + (gravity * (to.y - y)) / left;
    const speed = Math.hypot(vx, vy);
    if (speed > reach) {
      const cut = reach / 2 + random.between(0, reach / 2);
      vx = (vx / speed) * cut;
      vy = (vy / speed) * cut;
    }
    x += vx;
    y += vy;
    points.push({ x, y, t });
  }
  return [...points, { ...to, t: points.at(-1).t + step }];
}

/**
 * The minimum-jerk profile (Flash and Hogan, J. Neurosci. 1985) with a bent line, tremor, and for far targets a first
 * movement that falls short and a second one that corrects it: as close to a hand as a page of code gets.
 */
function minjerk(from, to, { random, width = 40, step = 8 }) {
  const far = distance(from, to);
  const short = far > 150 && random.uniform() < 0.7;
  const middle = short ? aside(mix(from, to, random.between(0.88, 1.05)), from, to, random.normal(0, 0.02)) : to;
  const first = jerk(from, middle, fitts(far, width) * random.lognormal(1, 0.15), random, step);
  if (!short) return first;
  const rest = random.between(20, 90);
  const start = first.at(-1).t + rest;
  const second = jerk(middle, to, random.between(120, 260), random, step);
  return [...first, ...second.slice(1).map((point) => ({ ...point, t: point.t + start }))];
}

function jerk(from, to, duration, random, step) {
  const bend = random.normal(0, 0.06);
  const skew = random.between(0.8, 1.1);
  let [nx, ny] = [0, 0];
  return sampled(duration, step, (share) => {
    const u = share ** skew;
    const s = u ** 3 * (10 - 15 * u + 6 * u * u);
    nx = nx * 0.85 + random.normal(0, 0.25);
    ny = ny * 0.85 + random.normal(0, 0.25);
    const point = aside(mix(from, to, s), from, to, bend * Math.sin(Math.PI * s));
    const calm = Math.sin(Math.PI * share);
    return { x: point.x + nx * calm, y: point.y + ny * calm };
  });
}

/** The path of the npm package ghost-cursor, with its own time stamps. Its randomness is its own, so it has no seed. */
function ghost(from, to, { width = 40 }) {
  const { path } = createRequire(import.meta.url)("ghost-cursor");
  const points = path(from, { ...to, width, height: width }, { useTimestamps: true });
  return points.map(({ x, y, timestamp }) => ({ x, y, t: timestamp - points[0].timestamp }));
}

/**
 * A stroke of a recorded person, turned and stretched to fit: the hardest to tell but for a replay. The recordings are those
 * of the folder `fixtures`.
 */
function warped(from, to, { random }) {
  const far = distance(from, to);
  const near = strokes().filter((stroke) => stroke.far > far / 2 && stroke.far < far * 2);
  const { points, start, end } = random.choice(near.length ? near : strokes());
  const [ax, ay, bx, by] = [end.x - start.x, end.y - start.y, to.x - from.x, to.y - from.y];
  const square = ax * ax + ay * ay;
  const [cos, sin] = [(ax * bx + ay * by) / square, (ax * by - ay * bx) / square];
  const pace = random.between(0.9, 1.1) * Math.sqrt(Math.max(1, far / Math.sqrt(square)));
  return points.map(({ x, y, t }) => {
    const [dx, dy] = [x - start.x, y - start.y];
    return { x: from.x + dx * cos - dy * sin, y: from.y + dx * sin + dy * cos, t: t * pace };
  });
}

export const PATHS = { straight, tween, bezier, windmouse, minjerk, ghost, warped };

/** The strokes of the recordings: what lies between two presses, from the last pause of 150 ms on, if it goes anywhere. */
function strokes() {
  if (recorded) return recorded;
  recorded = [];
  const text = gunzipSync(readFileSync(RECORDINGS)).toString();
  for (const line of text.trim().split("\n")) {
    let points = [];
    for (const [t, x, y, kind] of JSON.parse(line).events) {
      if (kind === "m" && points.length && t - points.at(-1).t > 150) points = [];
      if (kind === "m" && t > (points.at(-1)?.t ?? -1)) points.push({ x, y, t });
      if (kind !== "d") continue;
      const [start, end] = [points[0], points.at(-1)];
      const far = start ? distance(start, end) : 0;
      if (far > 40 && points.length > 12) recorded.push({ points: points.map((point) => ({ ...point, t: point.t - start.t })), start, end, far });
      points = [];
    }
  }
  if (!recorded.length) throw new Error("the recordings hold no stroke");
  return recorded;
}
let recorded;

function sampled(duration, step, at) {
  const count = Math.max(2, Math.round(duration / step));
  return Array.from({ length: count + 1 }, (_, index) => ({ ...at(index / count), t: (index * duration) / count }));
}

const distance = (from, to) => Math.hypot(to.x - from.x, to.y - from.y);
const mix = (from, to, share) => ({ x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share });

/** A point moved off the line by `share` of its length. */
function aside(point, from, to, share) {
  return { x: point.x - (to.y - from.y) * share, y: point.y + (to.x - from.x) * share };
}

const RECORDINGS = new URL("../fixtures/forms.jsonl.gz", import.meta.url);
