// Shares with their intervals. Runs of one cell differ by their seeds alone, so n is small and the bounds matter.

import jstat from "jstat";

/** The exact interval of a share (Clopper and Pearson, Biometrika 1934), two-sided, at 95 % by default. */
export function clopperPearson(hits, n, level = 0.95) {
  const tail = (1 - level) / 2;
  return {
    share: n ? hits / n : null,
    low: hits === 0 ? 0 : jstat.beta.inv(tail, hits, n - hits + 1),
    high: hits === n ? 1 : jstat.beta.inv(1 - tail, hits + 1, n - hits),
  };
}

/** The highest score at which a run counts as caught: 0.5 where the page saw no input, since a page load is neutral. */
export const allowed = ({ tier, input }) => (tier === "person" ? null : input === false ? 0.5 : 0.3);

/** Whether a scored run came out as it should. People should never be refused. */
export const asItShould = (run) => (run.tier === "person" ? run.score >= 0.5 : run.score <= allowed(run));

/** Runs by arm and variant, each with what it amounts to. Failed runs are counted and are in no share. */
export function cellsOf(runs) {
  const groups = groupBy(runs, key);
  return [...groups.values()].map((group) => {
    const scored = group.filter(({ status }) => status === "scored");
    const scores = scored.map(({ score }) => score).sort((a, b) => a - b);
    const good = scored.filter(asItShould).length;
    const { arm, tier, variant } = group[0];
    return {
      arm,
      tier,
      variant,
      n: scored.length,
      failed: group.length - scored.length,
      good,
      ...clopperPearson(good, scored.length),
      scores,
      median: scores[Math.floor((scores.length - 1) / 2)] ?? null,
      reasons: tally(scored.flatMap(({ reasons }) => reasons)),
      evidence: tally(scored.flatMap(({ evidence }) => evidence.filter(({ weight }) => weight < 0).map(({ name }) => name))),
    };
  });
}

/** The same, by tier. */
export function tiersOf(runs) {
  const groups = groupBy(runs, ({ tier }) => tier);
  return [...groups].map(([tier, group]) => {
    const scored = group.filter(({ status }) => status === "scored");
    const good = scored.filter(asItShould).length;
    return { tier, n: scored.length, failed: group.length - scored.length, good, ...clopperPearson(good, scored.length) };
  });
}

const key = ({ arm, variant }) => `${arm} ${variant}`;

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const item of list) {
    const name = keyOf(item);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(item);
  }
  return groups;
}

/** Names with how often they occur, most often first. */
function tally(names) {
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort(([, one], [, other]) => other - one));
}
