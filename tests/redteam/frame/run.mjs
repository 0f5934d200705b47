// One run: an arm acts on a visit of its own, the page's token is assessed as a customer's backend would.

import { mkdirSync } from "node:fs";
import { assess } from "../../harness/api.mjs";
import { factsOf } from "./facts.mjs";

/** Longest that an arm may act, in milliseconds. A run over it is a failed one, never a passed one. */
export const LIMIT_MS = 150_000;
/** How long the page may take to send its token after the arm has acted. */
const SUBMIT_MS = 10_000;

/**
 * Never rejects: what went wrong is in the result.
 *
 * An arm's `run` resolves to `acted` and, where the arm is no browser and has a token of its own, to `token`; `event` has
 * further fields of the assessment's event; `input` is false where it gave the page no trusted input.
 *
 * @returns `status` "scored" or "failed"; `score`, `valid`, `reasons`, `evidence`, and `facts` of the report if it is shown
 */
export async function runOnce({ arm, variant, run, seed, visit, outDir, display }) {
  const started = Date.now();
  const cell = { arm: arm.name, tier: arm.tier, variant, run, seed };
  mkdirSync(outDir, { recursive: true });
  const abort = new AbortController();
  try {
    const acted = await within(arm.limit ?? LIMIT_MS, arm.run({ variant, site: visit, seed, outDir, display, signal: abort.signal }), "the arm took too long");
    if (!acted?.acted) throw new Error(acted?.why ?? "the arm did not act");
    const sent = acted.token ? acted : await within(SUBMIT_MS, visit.submitted, "the page sent no token");
    const { verifier } = visit;
    const event = { siteKey: verifier.siteKey, expectedAction: visit.action, ...acted.event };
    const answer = await assess(verifier, sent.token, { event, explain: true });
    return {
      ...cell,
      status: "scored",
      input: acted.input ?? !/^(scripted|none)\b/.test(variant),
      score: answer.riskAnalysis.score,
      valid: answer.tokenProperties.valid,
      invalidReason: answer.tokenProperties.invalidReason,
      reasons: answer.riskAnalysis.reasons,
      evidence: answer.touchstone?.evidence ?? [],
      facts: sent.report ? factsOf(sent.report) : null,
      note: acted.note,
      ms: Date.now() - started,
    };
  } catch (error) {
    return { ...cell, status: "failed", error: `${error?.message ?? error}`.slice(0, 1_000), ms: Date.now() - started };
  } finally {
    abort.abort();
    visit.close();
  }
}

export function within(limit, work, late) {
  let timer;
  const over = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(late)), limit)));
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
