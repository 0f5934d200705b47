/** Shows what the site answered: score, decision, reasons, token, and the answer itself. */
import { byId, descriptions, html, setVariable, svg } from "./dom.js";
import { showEvidence } from "./evidence.js";
import { drawStreak } from "./streak.js";
import { DECISIONS, INVALID_REASONS, REASONS } from "./words.js";

/**
 * @param answer the site's answer: `decision`, `threshold`, `milliseconds`, `assessment`
 * @param token what was posted; empty if the agent gave none
 * @param timing `executed` and `posted`, in milliseconds; `executed` is null for a replay
 * @param first for a replay, the site's answer to the first use; otherwise null
 */
export function showAnswer({ answer, token, timing, first }) {
  const score = scoreOf(answer);
  byId("empty").hidden = true;
  byId("failure").hidden = true;
  byId("verdict").hidden = false;
  byId("report").hidden = false;

  byId("score").textContent = score.toFixed(1);
  byId("score").dataset.score = score.toFixed(1);
  drawStreak(byId("streak"), score);
  showDecision(answer, score);
  showScale(score, answer.threshold);
  showTiming(answer, timing);
  showReplay(answer, token, first);
  showReasons(answer.assessment);
  showToken(answer.assessment);
  showEvidence(byId("evidence-panel"), answer.assessment, score);
  byId("raw-json").textContent = JSON.stringify(answer, null, 2);

  announce(summary(answer, score, first));
  bringIntoView(byId("result-title"));
}

/** An exchange that failed: nothing is known, so nothing old is left standing either. */
export function showFailure(error) {
  byId("empty").hidden = true;
  // The button that asked for a replay goes; whoever pressed it by keyboard goes on from the form.
  if (byId("verdict").contains(document.activeElement)) byId("sign-in").focus({ preventScroll: true });
  byId("verdict").hidden = true;
  const foreseen = typeof error.cause === "string";
  const title = foreseen ? error.message : "This page could not show the answer.";
  const cause = foreseen ? error.cause : error.message;
  byId("failure").replaceChildren(
    html("p", {}, title),
    html("p", {}, cause),
    html("p", {}, "This says nothing about you or your browser: no score was given. Please try again in a moment."),
  );
  byId("failure").hidden = false;
  announce(`${title} ${cause}`);
  bringIntoView(byId("result-title"));
}

/** Takes the last answer off the page. */
export function clearReport() {
  byId("report").hidden = true;
  byId("sent").hidden = true;
  byId("streak").replaceChildren();
}

function scoreOf(answer) {
  return Math.min(1, Math.max(0, Number(answer.assessment.riskAnalysis?.score ?? 0)));
}

function showDecision(answer, score) {
  const known = DECISIONS[answer.decision] ?? { note: "", tone: "unsure" };
  const valid = answer.assessment.tokenProperties?.valid === true;
  const icon = { good: "m4 12 5 6L20 6", unsure: "M12 4v10m0 5.5v.5", bad: "m5 5 14 14M19 5 5 19" }[known.tone];
  byId("decision").textContent = answer.decision;
  byId("decision").dataset.decision = answer.decision;
  byId("decision").parentElement.dataset.tone = known.tone;
  byId("decision-icon").replaceChildren(svg("svg", { viewBox: "0 0 24 24", focusable: "false" }, svg("path", { d: icon })));
  const compared = score >= answer.threshold ? "reaches" : "is below";
  const because = valid
    ? `The score ${compared} its threshold of ${answer.threshold}.`
    : "The token is not valid, so the score does not matter.";
  byId("decision-note").textContent = `${known.note} ${because}`;
}

function showScale(score, threshold) {
  const reached = Math.round(score * 10);
  const steps = Array.from({ length: 11 }, (_, step) =>
    setVariable(
      html("span", { class: step === reached ? "step is-score" : "step", "aria-hidden": "true" }, (step / 10).toFixed(1)),
      "--hue",
      Math.round(5 + step * 13.5),
    ),
  );
  // The mark stands in the gap before the first step that passes.
  const mark = setVariable(html("span", { class: "threshold", "aria-hidden": "true" }), "--at", `${(Math.ceil(threshold * 10 - 1e-6) / 11) * 100}%`);
  const ends = html("span", { class: "ends", "aria-hidden": "true" }, html("span", {}, "automation"), html("span", {}, `threshold ${threshold}`), html("span", {}, "a person"));
  byId("scale").setAttribute(
    "aria-label",
    `${score.toFixed(1)} on a scale of eleven steps from 0.0, automation, to 1.0, a person. The site's threshold is ${threshold}.`,
  );
  byId("scale").replaceChildren(...steps, mark, ends);
}

function showTiming(answer, { executed, posted }) {
  const parts = [
    executed === null ? null : `making the token took ${milliseconds(executed)}`,
    `the sign-in request took ${milliseconds(posted)}`,
    typeof answer.milliseconds === "number" ? `the assessment in it ${milliseconds(answer.milliseconds)}` : null,
  ].filter(Boolean);
  const text = `${parts.join(", ")}.`;
  byId("timing").textContent = text[0].toUpperCase() + text.slice(1);
}

function showReplay(answer, token, first) {
  byId("replay").parentElement.hidden = token === "";
  const banner = byId("replay-banner");
  banner.hidden = first === null;
  banner.textContent = "This is the answer to a replay of the same token.";
  byId("comparison").hidden = first === null;
  if (first === null) return;
  const columns = [first, answer];
  const row = (title, read) => html("tr", {}, html("th", { scope: "row" }, title), columns.map((each) => html("td", {}, read(each))));
  byId("comparison-body").replaceChildren(
    html("table", { class: "grid" },
      html("thead", {}, html("tr", {}, html("td"), html("th", { scope: "col" }, "First use"), html("th", { scope: "col" }, "Used again"))),
      html("tbody", {},
        row("Token", (each) => (each.assessment.tokenProperties?.valid ? "valid" : `not valid: ${each.assessment.tokenProperties?.invalidReason}`)),
        row("Score", (each) => scoreOf(each).toFixed(1)),
        row("Decision", (each) => each.decision),
      ),
    ),
  );
}

function showReasons(assessment) {
  const properties = assessment.tokenProperties ?? {};
  const entries = [];
  const add = (tone, text, name) =>
    entries.push(html("div", { class: `reason ${tone}` }, html("p", {}, text), name ? html("p", {}, html("code", {}, name)) : null));
  if (properties.valid !== true) {
    add("", INVALID_REASONS[properties.invalidReason] ?? "The token is not valid.", properties.invalidReason);
  }
  if (properties.clientSignalsFailed) {
    add("caution", "The agent could not run in this browser (scripts restricted, or no WebAssembly), so there was nothing to judge from.", "clientSignalsFailed");
  }
  for (const reason of assessment.riskAnalysis?.reasons ?? []) {
    add(reason === "LOW_CONFIDENCE_SCORE" ? "caution" : "", REASONS[reason] ?? "A reason this page has no words for.", reason);
  }
  if (entries.length === 0) add("calm", "None: nothing about this visit spoke for automation strongly enough to name.");
  byId("reasons").replaceChildren(...entries);
}

function showToken(assessment) {
  const { tokenProperties: token = {}, event = {} } = assessment;
  const created = Date.parse(token.createTime);
  const expected = event.expectedAction ?? "";
  const sameAction = (token.action ?? "").toLowerCase() === expected.toLowerCase();
  byId("token").replaceChildren(
    ...descriptions([
      ["Valid", token.valid ? "yes" : "no", token.valid ? null : token.invalidReason],
      ["Action", token.action || "not known", token.action && expected ? (sameAction ? "the one the site expected" : `the site expected ${expected}`) : null],
      ["Made on", token.hostname || "not known"],
      ["Made at", created > 0 ? new Date(created).toLocaleString() : "not known"],
      ["Agent", token.clientSignalsFailed ? "its signals did not arrive" : token.valid ? "its signals arrived" : "not known"],
      ["Seen from", token.clientProperties?.userIpAddress || "not known", token.clientProperties?.userAgent || null],
    ]),
  );
}

function summary(answer, score, first) {
  const { tokenProperties: token, touchstone } = answer.assessment;
  const count = touchstone?.evidence?.length ?? 0;
  return [
    first ? "The same token was used again." : null,
    `Score ${score.toFixed(1)} of 1.0. Decision: ${answer.decision}.`,
    token?.valid ? null : INVALID_REASONS[token?.invalidReason] ?? "The token is not valid.",
    count ? `${count} ${count === 1 ? "piece of evidence is" : "pieces of evidence are"} listed below.` : "No evidence is listed.",
  ].filter(Boolean).join(" ");
}

/** Emptied first: the same words twice are no change, and would not be read out. */
function announce(text) {
  const status = byId("status");
  status.textContent = "";
  setTimeout(() => (status.textContent = text), 100);
}

function bringIntoView(heading) {
  const { top, bottom } = heading.getBoundingClientRect();
  if (top >= 0 && bottom <= window.innerHeight * 0.7) return;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  heading.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}

function milliseconds(value) {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}\u00a0ms`;
}
