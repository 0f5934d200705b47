// Recorded people, played at their true times by the X server's own input extension.

import { join } from "node:path";

import { randomOf } from "../motions/random.mjs";
import { BROWSERS } from "./browser.mjs";
import { chainVisit } from "./chain.mjs";
import { played } from "./events.mjs";
import { formVisit } from "./forms.mjs";
import { DATA, FIXTURES, readTraces, unplayed } from "./recordings.mjs";
import { interpolated } from "./retime.mjs";
import { visit } from "./visit.mjs";

/**
 * One arm a source. A variant is `BROWSER/RATE`: the rate of the recording, or a number of Hz that the pointer is
 * interpolated to.
 */
function recorded({ name, file, folder, quick, make, size = FORM_SIZE }) {
  return {
    name,
    tier: "person",
    needs: ["Xvfb", "python3"],
    variants: Object.keys(BROWSERS).flatMap((browser) => RATES.map((rate) => `${browser}/${rate}`)),
    quick,
    limit: 180_000,
    available: async () => (folder ? null : "the recordings are not here; REDTEAM_TRACES names their folder"),
    async run({ variant, site, seed, display }) {
      const [browser, rate] = variant.split("/");
      const random = randomOf(seed);
      const chosen = unplayed(site.verifier, await lines(join(folder, file)), random, (trace, all) => make(trace, all, random, size));
      if (!chosen) return { acted: false, why: "every recording has been played to this verifier" };
      const { pointer } = chosen.visit;
      const plan = played({ ...chosen.visit, pointer: rate === "recorded" ? pointer : interpolated(pointer, parseInt(rate)) });
      const { token, late, state } = await visit({ browser, display, verifier: site.verifier, plan, options: size });
      return { acted: true, token, note: { trace: chosen.name, late, state } };
    },
  };
}

/** A form, if its recorded times are those of somebody who fills it in at once. */
const form = (trace) => (trace.events.at(-1)[0] < 45_000 ? formVisit(trace) : undefined);

/** Consecutive segments of one session, from the chosen one on. */
function session(trace, all, random, { width, height }) {
  const from = all.indexOf(trace);
  const alike = (other) => other.user === trace.user && other.session === trace.session;
  return chainVisit(all.slice(from, from + 40).filter(alike), { width, height: height - CHROME, random: random.uniform });
}

const lines = (file) => (cache[file] ??= readTraces(file));
const cache = {};

const RATES = ["recorded", "125hz", "500hz"];
const FORM_SIZE = { width: 1000, height: 860 };
const LARGE = { width: 1560, height: 980 };
/** What of a window's height is not the page's. */
const CHROME = 100;
const TRAIN = DATA && join(DATA, "train");
const VALIDATE = DATA && join(DATA, "validate");

export default [
  recorded({ name: "person-fixtures", folder: FIXTURES, file: "forms.jsonl.gz", quick: ["chromium/recorded"], make: form }),
  recorded({ name: "person-forms", folder: TRAIN, file: "kmt_forms.jsonl.gz", make: form }),
  recorded({ name: "person-sapimouse", folder: VALIDATE, file: "sapimouse.jsonl.gz", make: session, size: LARGE }),
  recorded({ name: "person-balabit", folder: VALIDATE, file: "balabit.jsonl.gz", make: session, size: LARGE }),
  recorded({ name: "person-kh2017", folder: VALIDATE, file: "kh2017.jsonl.gz", make: session, size: LARGE }),
];
