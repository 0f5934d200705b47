/** The mark a visit leaves on the stone: the higher the score, the longer, denser and more golden. */
import { setVariable, svg } from "./dom.js";

/**
 * Draws into an SVG with viewBox 600 x 260. The same score always leaves the same streak.
 * @param score 0 to 1
 */
export function drawStreak(target, score) {
  const random = sequence(SEED);
  const lines = Array.from({ length: Math.round(25 + 75 * score) }, () => {
    // The middle of the streak is dense, its edges fray: the mean of three draws is bell-shaped.
    const across = (random() + random() + random()) / 3 - 0.5;
    const x = 12 + random() * 60;
    const length = (90 + 470 * score) * (0.55 + 0.45 * random());
    const y = 150 + across * 170;
    const rise = length * 0.13;
    const path = svg("path", {
      d: `M${x.toFixed(1)} ${(y + 22).toFixed(1)}q${(length / 2).toFixed(1)} ${(-rise * 0.35).toFixed(1)} ${length.toFixed(1)} ${(-rise).toFixed(1)}`,
      pathLength: 1,
      stroke: metal(score, random()),
      "stroke-width": (0.6 + random() * 2.2).toFixed(2),
      "stroke-opacity": ((0.16 + 0.44 * score) * (0.35 + 0.65 * random())).toFixed(3),
    });
    return setVariable(path, "--delay", Math.round(random() * 250));
  });
  target.replaceChildren(...lines);
}

/** From dull iron at 0 to gold at 1, a little lighter or darker by `shade`. */
function metal(score, shade) {
  const mix = (from, to) => Math.round((from + (to - from) * score) * (0.85 + 0.3 * shade));
  return `rgb(${Math.min(255, mix(116, 226))} ${Math.min(255, mix(110, 178))} ${mix(106, 70)})`;
}

/** A fixed sequence of numbers from 0 to 1 (a linear congruential generator; looks are all that hangs on it). */
function sequence(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const SEED = 0x70c4;
