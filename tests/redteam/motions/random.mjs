// Randomness that a run can be repeated with.

import seedrandom from "seedrandom";

/** A generator of its own for each seed, with the distributions that movements and typing need. */
export function randomOf(seed) {
  const uniform = seedrandom(`${seed}`);
  const between = (low, high) => low + (high - low) * uniform();
  const normal = (mean = 0, deviation = 1) => mean + deviation * Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Log-normal by its median and the deviation of its logarithm. */
  const lognormal = (median, spread) => median * Math.exp(normal(0, spread));
  const choice = (list) => list[Math.floor(uniform() * list.length)];
  return { uniform, between, normal, lognormal, choice };
}
