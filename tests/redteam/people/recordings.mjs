// Recorded people: where the files are, and which of them a verifier has been shown.

import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { createGunzip } from "node:zlib";

/** The folder of recorded data, from `REDTEAM_TRACES`; none if it is absent. */
export const DATA = [process.env.REDTEAM_TRACES].find((folder) => folder && existsSync(join(folder, "train")));

/** The few recordings that are part of the repository. */
export const FIXTURES = fileURLToPath(new URL("../fixtures", import.meta.url));

/** All lines of a gzipped file of recordings that `keep` accepts. */
export async function readTraces(file, keep = () => true) {
  const lines = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const trace = JSON.parse(line);
    if (keep(trace)) lines.push(trace);
  }
  return lines;
}

/**
 * One of `list` that this verifier has not been shown yet: a recording that is played twice to one is a replay. `make(trace,
 * list)` turns it into a visit, with the recordings that it took in `segments` if it took more than that one; those of which
 * it makes none are passed over.
 *
 * @returns the visit and the recording's name; none when all are used up
 */
export function unplayed(verifier, list, random, make) {
  const seen = (shown[verifier.origin] ??= new Set());
  for (let tries = 0; tries < 20 * list.length; tries++) {
    const trace = random.choice(list);
    if (seen.has(nameOf(trace))) continue;
    const visit = make(trace, list);
    const names = (visit?.segments ?? [trace]).map(nameOf);
    if (!visit || names.some((name) => seen.has(name))) continue;
    names.forEach((name) => seen.add(name));
    return { visit, name: `${trace.src} ${trace.user} ${trace.session}` };
  }
  return undefined;
}

const nameOf = ({ src, user, session, events }) => [src, user, session, events.length, ...events.at(-1)].join();

/** Names of recordings played, by verifier. */
const shown = {};
