// Typing as automation does it when it wants to be taken for a person: which key when, and for how long.

/**
 * One entry a character: `hold` from down to up and `gap` from down to the next down, in milliseconds.
 *
 * @param style `constant`, `uniform`, `normal` or `lognormal`; the last one also knows that some pairs of keys are slower
 */
export function typing(text, { random, style = "lognormal" }) {
  const drawn = {
    constant: () => ({ hold: 50, gap: 110 }),
    uniform: () => ({ hold: random.between(40, 110), gap: random.between(70, 200) }),
    normal: () => ({ hold: Math.max(25, random.normal(85, 20)), gap: Math.max(60, random.normal(140, 40)) }),
    lognormal: (slow) => ({ hold: random.lognormal(88, 0.22), gap: random.lognormal(135 * slow, 0.38) }),
  }[style];
  return [...text].map((char, index) => ({ char, ...drawn(/[^a-z]/.test(char) ? 1.5 : text[index - 1] === " " ? 1.3 : 1) }));
}
