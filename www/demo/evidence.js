/** The evidence: the sum that gives the score, and every finding with its weight as a diverging bar. */
import { byId, descriptions, html, setVariable } from "./dom.js";
import { TIERS } from "./words.js";

/**
 * @param panel the element to fill
 * @param assessment the verifier's answer; its `touchstone` holds `{evidence, prior, sum}`, or is absent
 * @param score the score reached, 0 to 1
 */
export function showEvidence(panel, assessment, score) {
  byId("tiers").replaceChildren(...descriptions(Object.entries(TIERS).map(([tier, words]) => [`Tier ${tier}`, words])));
  const explanation = assessment.touchstone;
  const evidence = explanation?.evidence ?? [];
  const valid = assessment.tokenProperties?.valid === true;
  if (!explanation || (evidence.length === 0 && !valid)) {
    panel.replaceChildren(
      html("p", {}, valid ? "The verifier did not explain this score." : "There is none to weigh: a token that is not valid has no score of its own."),
      html("ol", { id: "evidence", class: "evidence", "aria-labelledby": "evidence-title" }),
    );
    return;
  }
  const strongest = Math.max(2, ...evidence.map((each) => Math.abs(each.weight)));
  const ordered = evidence.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || a.name.localeCompare(b.name));
  panel.replaceChildren(
    html("p", { class: "hint" }, counted(evidence)),
    sum(explanation, score),
    html("p", { class: "axis", "aria-hidden": "true" }, html("span", { class: "left" }, "← automation"), html("span", { class: "right" }, "a person →")),
    html("ol", { id: "evidence", class: "evidence", "aria-labelledby": "evidence-title" }, ordered.map((each) => row(each, strongest))),
  );
}

/** One finding. The bar is decoration: the weight beside it says the same in text. */
function row({ name, cause, tier, weight, reason, detail }, strongest) {
  const side = weight > 0 ? "for" : weight < 0 ? "against" : "none";
  const bar = setVariable(html("i", { class: side }), "--part", Math.abs(weight) / strongest);
  const meaning = { for: "towards a person", against: "towards automation", none: "not counted, or counted under the same cause" }[side];
  return html("li", { "data-evidence": name, "data-weight": weight },
    html("span", { class: "e-name" }, html("span", { class: "tier" }, html("span", { class: "sr" }, "Tier "), tier), html("span", {}, name)),
    html("span", { class: "e-bar", "aria-hidden": "true" }, bar),
    html("span", { class: "e-weight" }, html("span", { class: "sr" }, "Weight "), signed(weight), html("span", { class: "sr" }, `, ${meaning}`)),
    html("span", { class: "e-cause" }, `cause: ${cause}`),
    html("span", { class: "e-detail" }, detail, reason ? [" ", html("code", {}, reason)] : null),
  );
}

/** `prior + weights = sum -> score`, with a term of its own for whatever the tiers' limits took away. */
function sum({ evidence, prior, sum: total }, score) {
  const towards = evidence.filter((each) => each.weight > 0).reduce((all, each) => all + each.weight, 0);
  const away = evidence.filter((each) => each.weight < 0).reduce((all, each) => all + each.weight, 0);
  const limits = total - (prior + towards + away);
  const terms = [
    ["", signed(prior), "prior", ""],
    ["+", signed(towards), "for a person", ""],
    ["+", signed(away), "for automation", ""],
    // Weights travel as 32-bit floats: a difference in the third decimal is rounding, not a limit.
    ...(Math.abs(limits) >= 0.005 * Math.max(1, evidence.length / 10) ? [["+", signed(limits), "limits of the tiers", ""]] : []),
    ["=", signed(total), "sum", "total"],
    ["→", score.toFixed(1), "score", "total"],
  ];
  return html("ol", { class: "sum", "aria-label": "How the score comes about" },
    terms.map(([operator, value, label, kind]) =>
      html("li", {},
        operator ? html("span", { class: "op" }, operator) : null,
        html("span", { class: `term ${kind}` }, html("b", {}, value), html("span", {}, label)),
      ),
    ),
  );
}

function counted(evidence) {
  const number = (keep) => evidence.filter(keep).length;
  return [
    `${evidence.length} ${evidence.length === 1 ? "finding" : "findings"}:`,
    `${number((each) => each.weight > 0)} for a person, ${number((each) => each.weight < 0)} for automation,`,
    `${number((each) => each.weight === 0)} without weight. Strongest first.`,
  ].join(" ");
}

/** A number with its sign: a true minus, two decimals. */
function signed(value) {
  const text = Math.abs(value).toFixed(2);
  if (Number(text) === 0) return "0.00";
  return `${value < 0 ? "−" : "+"}${text}`;
}
