// An HTTP client without a browser: bodies that are no report, and reports that it made up.

import { randomBytes } from "node:crypto";
import { plainReport } from "../../harness/api.mjs";
import { browserHeaders, post, scriptHeaders } from "../forge/client.mjs";
import { readChallenge, seal } from "../forge/envelope.mjs";
import { forgedReport } from "../forge/person.mjs";
import { encodeReport } from "../forge/report.mjs";
import { plainAgent } from "../hands/chromium.mjs";

/** Bodies for the token endpoint, out of a challenge that the client has fetched. */
const BODIES = {
  empty: () => Buffer.alloc(0),
  random: () => randomBytes(700),
  plain: (_, { action }) => plainReport(action),
  "blank-report": (challenge, { action }) => seal(challenge, encodeReport(blank()), { action }),
  forged: (challenge, { action, fields }, { seed, userAgent, motion }) => seal(challenge, encodeReport(forgedReport({ seed, userAgent, fields, motion })), { action }),
};

const VARIANTS = {
  "empty/script-headers": ["empty", scriptHeaders],
  "empty/browser-headers": ["empty", browserHeaders],
  "random/script-headers": ["random", scriptHeaders],
  "random/browser-headers": ["random", browserHeaders],
  "plain/browser-headers": ["plain", browserHeaders],
  "blank-report/browser-headers": ["blank-report", browserHeaders],
  "forged-straight/script-headers": ["forged", scriptHeaders, "straight"],
  "forged-straight/browser-headers": ["forged", browserHeaders, "straight"],
  "forged-minjerk/script-headers": ["forged", scriptHeaders, "minjerk"],
  "forged-minjerk/browser-headers": ["forged", browserHeaders, "minjerk"],
  "forged-at-once/browser-headers": ["forged", browserHeaders, "minjerk", { hurry: true }],
};

export default {
  name: "http",
  tier: 0,
  needs: ["chromium"],
  variants: Object.keys(VARIANTS),
  // Not those that forge a person's report well: nothing but a model of behaviour stands against them.
  quick: ["empty/script-headers", "random/browser-headers", "plain/browser-headers", "blank-report/browser-headers", "forged-straight/script-headers"],
  async run({ variant, site, seed }) {
    const [body, headersOf, motion, { hurry = false } = {}] = VARIANTS[variant];
    const userAgent = plainAgent();
    const headers = headersOf(site.origin, userAgent);
    const challenge = readChallenge(await post(site, "session", Buffer.alloc(0), headers));
    const made = BODIES[body](challenge, site, { seed, userAgent, motion });
    // A patient forger lets as much time pass as the report claims.
    if (body === "forged" && !hurry) await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
    return { acted: true, token: (await post(site, "token", made, headers)).toString() };
  },
};

const blank = () => ({ sealedAt: 20_000, startedAt: 1_000, environment: { languages: "" }, userAgentHash: 0, counters: {}, pointer: [], keys: [], other: [] });

/** Shorter than the report claims, to keep runs short; the detector of clocks asks for 30 s of difference. */
const PATIENCE_MS = 6_000;
