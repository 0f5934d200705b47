// Tier 6: a recorded person played a second time to a verifier that has seen the first.

import { join } from "node:path";

import { assess } from "../../harness/api.mjs";
import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "../people/browser.mjs";
import { played } from "../people/events.mjs";
import { formVisit } from "../people/forms.mjs";
import { DATA, FIXTURES, readTraces, unplayed } from "../people/recordings.mjs";
import { visit } from "../people/visit.mjs";

/** A variant is `BROWSER/CHANGE`. The first play is assessed too, as the verifier learns of it then at the latest. */
export default {
  name: "os-replay",
  tier: 6,
  needs: ["Xvfb", "python3"],
  variants: Object.keys(BROWSERS).flatMap((browser) => ["exact", "shifted", "scaled", "jittered", "slower"].map((change) => `${browser}/${change}`)),
  limit: 240_000,
  async run({ variant, site: { verifier }, seed, display }) {
    const [browser, change] = variant.split("/");
    const random = randomOf(seed);
    const file = DATA ? join(DATA, "train/kmt_forms.jsonl.gz") : join(FIXTURES, "forms.jsonl.gz");
    const chosen = unplayed(verifier, await (cache[file] ??= readTraces(file)), random, (trace) => (rich(trace) ? formVisit(trace) : undefined));
    if (!chosen) return { acted: false, why: "every recording has been played to this verifier" };
    const play = (what) => visit({ browser, display, verifier, plan: played(what), options: SIZE });
    const first = await play(chosen.visit);
    const { riskAnalysis } = await assess(verifier, first.token);
    const { token, late, state } = await play(CHANGES[change](chosen.visit, random));
    return { acted: true, token, note: { trace: chosen.name, first: riskAnalysis.score, late, state } };
  },
};

/** Enough for a sketch (three strokes and 200 events at least), and not too long to be played twice. */
const rich = ({ events }) => events.length >= 260 && events.at(-1)[0] < 36_000;

/** Moves every point by `at`, and the elements with them, so that the clicks still hit. */
function moved(recorded, at) {
  const elements = recorded.elements.map(({ x, y, w, h, ...rest }) => {
    const [left, top] = at(x, y);
    const [right, bottom] = at(x + w, y + h);
    return { ...rest, x: left, y: top, w: right - left, h: bottom - top };
  });
  return { ...recorded, elements, pointer: recorded.pointer.map(([t, x, y, kind]) => [t, ...at(x, y).map(Math.round), kind]) };
}

function jittered(recorded, random) {
  const shake = () => Math.round(random.between(-2.49, 2.49));
  return { ...recorded, pointer: recorded.pointer.map(([t, x, y, kind]) => [t, x + shake(), y + shake(), kind]) };
}

function slower({ elements, pointer, keys }) {
  const later = (t) => t * 1.12;
  return { elements, pointer: pointer.map(([t, ...rest]) => [later(t), ...rest]), keys: keys.map((key) => ({ ...key, down: later(key.down), up: later(key.up) })) };
}

const CHANGES = {
  exact: (recorded) => recorded,
  shifted: (recorded, random) => {
    const [dx, dy] = [random.between(40, 180), random.between(-150, 60)];
    return moved(recorded, (x, y) => [x + dx, y + dy]);
  },
  scaled: (recorded, random) => {
    const factor = random.between(0.85, 1.15);
    return moved(recorded, (x, y) => [x * factor, y * factor]);
  },
  jittered,
  slower,
};

const cache = {};
const SIZE = { width: 1000, height: 860 };
