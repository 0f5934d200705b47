// A report in a few numbers: what the input looked like from inside the page, to learn from where a detector is silent.

/** Summarises a report of the agent's `inspect` build. Times are in milliseconds. */
export function factsOf(report) {
  const mouse = report.pointer.filter(({ device }) => device === "mouse");
  const moves = mouse.filter(({ kind }) => kind === "move");
  const downs = mouse.filter(({ kind }) => kind === "down");
  const steps = moves.slice(1).map((move, index) => (move.at - moves[index].at) / 10);
  const { counters, environment } = report;
  return {
    seconds: round((report.sealedAt - report.startedAt) / 1e4, 1),
    moves: counters.moves,
    rawPerMove: round(counters.rawUpdates / counters.moves, 2),
    coalesced: round(mean(moves.map(({ coalesced }) => coalesced)), 2),
    // Hardware gives 1: each sample that is merged into a move was a raw update before.
    coalescedPerRaw: round((counters.moves * mean(moves.map(({ coalesced }) => coalesced))) / counters.rawUpdates, 2),
    stepMs: quantiles(steps.filter((step) => step < 100)),
    offGrid: round(mean(moves.map(({ offGrid }) => Number(offGrid))), 2),
    phase: round(commonest(moves.map(({ at }) => at % 10)), 2),
    latencyMs: quantiles(moves.map(({ latency }) => latency)),
    presses: downs.length,
    pressure: quantiles(downs.map(({ pressure }) => pressure / 255)),
    clickDwellMs: quantiles(dwells(mouse)),
    keys: report.keys.length,
    keyDwellMs: quantiles(report.keys.filter(({ hold }) => hold !== null).map(({ hold }) => hold / 10)),
    keyStepMs: quantiles(report.keys.slice(1).map((key, index) => (key.at - report.keys[index].at) / 10)),
    keysWithoutCode: report.keys.filter(({ flags }) => !(bits(flags) & 1)).length,
    keysUnshifted: report.keys.filter(({ flags }) => bits(flags) & 4).length,
    keysNeverReleased: report.keys.filter(({ hold }) => hold === null).length,
    untrusted: counters.untrusted,
    clockStepUs: environment["clock-step"],
    yes: Object.keys(environment).filter((name) => environment[name] === "yes"),
    unusual: Object.fromEntries(Object.entries(environment).filter(([, value]) => ["unsupported", "failed", "unmeasured"].includes(value))),
    window: ["inner-width", "inner-height", "outer-width", "outer-height", "screen-width", "screen-height"].map((name) => environment[name]),
  };
}

/** One line for the matrix. */
export function factsLine(facts) {
  const parts = [
    `${facts.seconds} s`,
    `${facts.moves} moves`,
    `raw/move ${facts.rawPerMove}`,
    `coalesced ${facts.coalesced}`,
    `coalesced/raw ${facts.coalescedPerRaw}`,
    `step ${facts.stepMs}`,
    `off-grid ${facts.offGrid}`,
    `phase ${facts.phase}`,
    `latency ${facts.latencyMs}`,
    `${facts.presses} presses`,
    `pressure ${facts.pressure}`,
    `dwell ${facts.clickDwellMs}`,
    `${facts.keys} keys`,
    `key dwell ${facts.keyDwellMs}`,
    `key step ${facts.keyStepMs}`,
    `no code ${facts.keysWithoutCode}`,
    `unshifted ${facts.keysUnshifted}`,
    `unreleased ${facts.keysNeverReleased}`,
    `untrusted ${facts.untrusted}`,
    `clock step ${facts.clockStepUs} µs`,
  ];
  return parts.join(", ");
}

/** From each press to the release after it. */
function dwells(mouse) {
  let down;
  const found = [];
  for (const { kind, at } of mouse) {
    if (kind === "down") down = at;
    if (kind === "up" && down !== undefined) {
      found.push((at - down) / 10);
      down = undefined;
    }
  }
  return found;
}

const bits = (flags) => (typeof flags === "number" ? flags : (flags?.[0] ?? 0));

function quantiles(values) {
  if (!values.length) return "-";
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => round(sorted[Math.floor(share * (sorted.length - 1))], 1);
  return `${at(0.1)}/${at(0.5)}/${at(0.9)}`;
}

function commonest(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return Math.max(0, ...counts.values()) / values.length;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const round = (value, digits) => (Number.isFinite(value) ? Number(value.toFixed(digits)) : null);
