// Another device between the same hand and the browser: recordings at another rate.

/**
 * The same movement at a higher rate: between recorded points that follow each other within 60 ms, or within twice the
 * recorder's usual gap, a cubic curve (Catmull-Rom) is sampled. Presses keep their times.
 */
export function interpolated(pointer, hz) {
  const points = spread(pointer);
  const gaps = points.slice(1).map(([t], i) => t - points[i][0]);
  const longest = Math.max(60, 2 * gaps.sort((a, b) => a - b)[gaps.length >> 1]);
  const near = (event, to) => (event && Math.abs(event[0] - to[0]) <= longest ? event : undefined);
  const out = [];
  for (let i = 0; i < points.length; i++) {
    const here = points[i];
    out.push(here);
    const next = points[i + 1];
    const gap = next ? next[0] - here[0] : 0;
    if (gap <= 1_000 / hz || gap > longest || next[3] === "w") continue;
    const before = near(points[i - 1], here) ?? here;
    const after = near(points[i + 2], next) ?? next;
    for (let t = 1_000 / hz; t < gap; t += 1_000 / hz) {
      const [x, y] = [1, 2].map((axis) => Math.round(cubic(before[axis], here[axis], next[axis], after[axis], t / gap)));
      const last = out.at(-1);
      if (x !== last[1] || y !== last[2]) out.push([here[0] + t, x, y, "m"]);
    }
  }
  return out;
}

/** What a remote desktop passes on: the newest position each `period()` milliseconds, and every press. */
export function merged(pointer, period) {
  const out = [];
  let due = 0;
  for (const [i, event] of pointer.entries()) {
    const next = pointer[i + 1];
    if (event[3] !== "m" || !next || next[3] !== "m" || next[0] > due) {
      out.push([Math.max(event[0], event[3] === "m" ? Math.min(due, next?.[0] ?? due) : 0), ...event.slice(1)]);
      if (event[0] >= due) due = event[0] + period();
    }
  }
  return out;
}

/** Movements take `factor` times as long, as on a trackpad, where one way is several small ones. */
export function stretched({ pointer, keys, ...rest }, factor) {
  const slow = ([t, ...more]) => [t * factor, ...more];
  const releases = [];
  const slowed = pointer.map((event) => {
    if (event[3] === "d") releases.push([event[0], event[0] * factor]);
    const pressed = releases.at(-1);
    return event[3] === "u" && pressed ? [pressed[1] + event[0] - pressed[0], ...event.slice(1)] : slow(event);
  });
  const shifted = keys.map((key) => ({ ...key, down: key.down * factor, up: key.down * factor + key.up - key.down }));
  return { ...rest, pointer: slowed, keys: shifted };
}

/** Recorders that poll note several movements at one time: they came since the time before. */
function spread(pointer) {
  const out = pointer.map((event) => [...event]);
  for (let i = 0; i < out.length; ) {
    let end = i;
    while (end + 1 < out.length && out[end + 1][0] === out[i][0] && out[end + 1][3] === "m" && out[i][3] === "m") end++;
    const since = Math.min(i ? out[i][0] - out[i - 1][0] : 0, 12);
    for (let j = i; j < end; j++) out[j][0] -= (since * (end - j)) / (end - i + 1);
    i = end + 1;
  }
  return out;
}

const cubic = (a, b, c, d, u) => b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
