// Ways that only the OS-level arms know, beside those of ../motions/paths.mjs; lists of `{x, y, t}` as there.

import { PATHS as SHARED } from "../motions/paths.mjs";

/** Plamondon's sigma-lognormal model: two to four overlapping strokes, each with a log-normal speed and a turning direction. */
function sigmaLognormal(from, to, { random, width = 40, step = 4 }) {
  const far = distance(from, to);
  const count = far < 120 ? 2 : 3 + Number(random.uniform() < 0.4);
  const heading = Math.atan2(to.y - from.y, to.x - from.x);
  let left = 1;
  const strokes = Array.from({ length: count }, (_, i) => {
    const part = i === count - 1 ? left : left * random.between(0.62, 0.9);
    left -= part;
    const turn = random.normal(0, 0.22);
    return { t0: i * random.between(90, 170), mu: random.normal(-1.6, 0.12), sigma: random.between(0.22, 0.38), length: part, from: heading + turn, to: heading - turn };
  });
  const duration = 250 + 130 * Math.log2(far / width + 1) + 150 * count;
  const at = (share) => {
    const t = share * duration;
    let [x, y] = [0, 0];
    for (const stroke of strokes) {
      const time = (t - stroke.t0) / 1_000;
      if (time <= 0) continue;
      const done = (1 + erf((Math.log(time) - stroke.mu) / (stroke.sigma * Math.SQRT2))) / 2;
      const angle = stroke.from + (stroke.to - stroke.from) * done;
      const swing = stroke.to - stroke.from || 1e-9;
      x += (stroke.length * (Math.sin(angle) - Math.sin(stroke.from))) / swing;
      y += (stroke.length * (Math.cos(stroke.from) - Math.cos(angle))) / swing;
    }
    return { x, y };
  };
  return fitted(from, to, sampled(duration, step, at));
}

/** A damped spring pulled to the target, with noise in the force: what "PD controllers" of humanising scripts do. */
function spring(from, to, { random, step = 4 }) {
  const stiffness = random.between(60, 140);
  const damping = 2 * Math.sqrt(stiffness) * random.between(0.65, 1);
  let [x, y, vx, vy, nx, ny] = [from.x, from.y, 0, 0, 0, 0];
  const points = [{ ...from, t: 0 }];
  const h = step / 1_000;
  for (let t = step; t < 2_500; t += step) {
    nx = 0.96 * nx + random.normal(0, 60);
    ny = 0.96 * ny + random.normal(0, 60);
    vx += (stiffness * (to.x - x) - damping * vx + nx) * h;
    vy += (stiffness * (to.y - y) - damping * vy + ny) * h;
    x += vx * h;
    y += vy * h;
    points.push({ x, y, t });
    if (Math.hypot(to.x - x, to.y - y) < 2 && Math.hypot(vx, vy) < 15) break;
  }
  return points;
}

/** The easings that desktop automation offers, other than the one of `tween`. */
const eased = (ease) => (from, to, { random, width = 40, step = 8 }) =>
  sampled((250 + 130 * Math.log2(distance(from, to) / width + 1)) * random.between(0.8, 1.2), step, (share) => ({
    x: from.x + (to.x - from.x) * ease(share),
    y: from.y + (to.y - from.y) * ease(share),
  }));

const outElastic = (u) => (u <= 0 ? 0 : 1 + 2 ** (-10 * u) * Math.sin(((u * 10 - 0.75) * 2 * Math.PI) / 3));

/**
 * pyclick's recipe (its defaults): a Bezier curve through knots within 100 pixels around the box of the two ends, every other
 * point distorted, 100 points, an ease-out.
 */
function knotted(from, to, { random }) {
  const box = (a, b) => random.between(Math.min(a, b) - 100, Math.max(a, b) + 100);
  const knots = [from, ...Array.from({ length: 2 }, () => ({ x: box(from.x, to.x), y: box(from.y, to.y) })), to];
  const count = Math.max(100, Math.round(distance(from, to)));
  const curve = Array.from({ length: count }, (_, i) => casteljau(knots, i / (count - 1))).map((point, i) =>
    i && i < count - 1 && random.uniform() < 0.5 ? { x: point.x, y: point.y + random.normal(1, 1) } : point,
  );
  const out = (u) => -u * (u - 2);
  const taken = Array.from({ length: 100 }, (_, i) => curve[Math.min(count - 1, Math.floor(out(i / 99) * (count - 1)))]);
  const duration = random.between(600, 1_100);
  return taken.map(({ x, y }, i) => ({ x, y, t: (i * duration) / 99 }));
}

/** A Catmull-Rom curve through a few random points beside the line, with a slow start and a long end, at 250 Hz. */
function splined(from, to, { random, width = 40, step = 4 }) {
  const far = distance(from, to);
  const side = [-(to.y - from.y) / (far || 1), (to.x - from.x) / (far || 1)];
  const knots = [0, 0.3, 0.65, 1].map((share) => {
    const off = share % 1 ? random.normal(0, 0.06 * far) : 0;
    return { x: from.x + (to.x - from.x) * share + side[0] * off, y: from.y + (to.y - from.y) * share + side[1] * off };
  });
  const padded = [knots[0], ...knots, knots.at(-1)];
  const skew = random.between(1.4, 2.2);
  return sampled(220 + 150 * Math.log2(far / width + 1), step, (share) => {
    const u = (1 - (1 - share) ** skew) ** 1.6 * 3;
    const i = Math.min(2, Math.floor(u));
    const [a, b, c, d] = padded.slice(i, i + 4);
    const axis = (name) => b[name] + 0.5 * (u - i) * (c[name] - a[name] + (u - i) * (2 * a[name] - 5 * b[name] + 4 * c[name] - d[name] + (u - i) * (3 * (b[name] - c[name]) + d[name] - a[name])));
    return { x: axis("x"), y: axis("y") };
  });
}

export const PATHS = { ...SHARED, quad: eased((u) => -u * (u - 2)), elastic: eased(outElastic), sigmalognormal: sigmaLognormal, spring, pyclick: knotted, spline: splined };

/** Turns and scales a path so that it begins and ends where it should. */
function fitted(from, to, points) {
  const end = points.at(-1);
  const length = end.x ** 2 + end.y ** 2 || 1;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const [re, im] = [(dx * end.x + dy * end.y) / length, (dy * end.x - dx * end.y) / length];
  return points.map(({ x, y, t }) => ({ x: from.x + x * re - y * im, y: from.y + x * im + y * re, t }));
}

function casteljau(points, u) {
  let row = points;
  while (row.length > 1) row = row.slice(1).map((next, i) => ({ x: row[i].x + (next.x - row[i].x) * u, y: row[i].y + (next.y - row[i].y) * u }));
  return row[0];
}

function sampled(duration, step, at) {
  const count = Math.max(2, Math.round(duration / step));
  return Array.from({ length: count + 1 }, (_, i) => ({ ...at(i / count), t: (i * duration) / count }));
}

const distance = (from, to) => Math.hypot(to.x - from.x, to.y - from.y);

/** The error function, by Abramowitz and Stegun 7.1.26. */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t * Math.exp(-x * x);
  return Math.sign(x) * (1 - tail);
}
