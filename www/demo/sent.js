/** The panel "What was sent": the decoded report of the last token, for a reader. */
import { byId, descriptions, html, setVariable } from "./dom.js";
import { pathPlot, speedPlot } from "./plots.js";
import { countByKind, keyCircumstances, keyClasses, readMeasure, readReport } from "./report.js";

/**
 * Fills the panel, or hides it when the agent cannot tell.
 * @param agent `window.touchstone`; null or undefined if there is none
 */
export async function showSent(agent) {
  const panel = byId("sent");
  panel.hidden = true;
  // A report that cannot be shown must not spoil the answer above it.
  const decoded = typeof agent?.inspect === "function" ? await Promise.resolve(agent.inspect()).catch(() => null) : null;
  if (!decoded) return;
  const report = readReport(decoded);
  byId("sent-body").replaceChildren(
    html("p", {}, `In the ${(report.watched / 1000).toFixed(1)} seconds before the token was made, the agent noted ${size(report)}. This is all of it, decoded.`),
    html("p", { class: "not-sent" }, html("strong", {}, "Not in it: "),
      "no text, no field values, no passwords, no names of fields or elements, and no key identities: a key is only known as a letter, a digit, a space and so on."),
    ...pointerPart(report.pointer),
    ...keyPart(report.keys),
    html("div", { class: "pair" }, html("div", {}, otherPart(report)), html("div", {}, environmentPart(report.environment))),
    ...restPart(report.rest),
  );
  panel.hidden = false;
}

function size({ pointer, keys, others }) {
  return `${plural(pointer.length, "pointer event")}, ${plural(keys.length, "key press", "key presses")} and ${plural(others.length, "other event")}`;
}

function pointerPart(pointer) {
  const heading = html("h3", {}, "Pointer");
  if (pointer.length === 0) return [heading, html("p", {}, "The pointer was not used. That alone says nothing against anyone.")];
  const devices = [...new Set(pointer.map((each) => each.device))].join(", ");
  const presses = pointer.filter((each) => each.press).slice(-SHOWN_PRESSES);
  return [
    heading,
    pointer.length > 1 ? html("div", { class: "plots" }, pathPlot(pointer), speedPlot(pointer)) : null,
    html("dl", { class: "facts" }, descriptions([
      ["Device", devices],
      ["Events", countByKind(pointer).map(([kind, count]) => `${kind} ${count}`).join(", ")],
      ["Merged", `${mean(pointer.filter((each) => each.kind === "move").map((each) => each.coalesced))} hardware samples in an average move`],
      ["Latency", `${mean(pointer.map((each) => each.latency))} ms from an average event to the agent`],
      ...presses.map(({ press }, index) => [
        index === 0 ? "Last presses" : "",
        `${press.dx / 2}, ${press.dy / 2} px from the centre of a target of ${press.width} × ${press.height} px`.replaceAll("-", "−"),
      ]),
    ])),
  ].filter(Boolean);
}

function keyPart(keys) {
  const heading = html("h3", {}, "Keys");
  if (keys.length === 0) return [heading, html("p", {}, "No key was pressed.")];
  const rows = keyClasses(keys);
  const longest = Math.max(1, ...rows.flatMap((row) => [row.dwell ?? 0, row.flight ?? 0]));
  const circumstances = keyCircumstances(keys);
  return [
    heading,
    scroller("Keys by class", html("table", { class: "grid" },
      html("caption", {}, "Medians. Dwell: how long a key is held. Flight: from its release to the next press; below zero, keys overlap."),
      html("thead", {}, html("tr", {}, ["Class", "Presses", "Dwell", "Flight"].map((title, index) => html("th", { scope: "col", class: index === 1 ? "number" : null }, title)))),
      html("tbody", {}, rows.map((row) => html("tr", {},
        html("th", { scope: "row" }, row.name),
        html("td", { class: "number" }, row.count),
        html("td", {}, meter(row.dwell, longest)),
        html("td", {}, meter(row.flight, longest)),
      ))),
    )),
    circumstances.length ? html("p", { class: "hint" }, `Of ${plural(keys.length, "press", "presses")}: ${circumstances.map(([words, count]) => `${count} ${words}`).join(", ")}.`) : null,
  ].filter(Boolean);
}

function otherPart({ others, counters }) {
  const kinds = countByKind(others).map(([kind, count]) => [spaced(kind), count]);
  const counted = Object.entries(counters).map(([name, count]) => [spaced(name), count]);
  return [html("h3", {}, "Other events, and what was only counted"), factsTable("Other events and counters", ["Event", "Count"], [...kinds, ...counted])];
}

function environmentPart(environment) {
  const rows = Object.entries(environment).map(([name, value]) => [name, readMeasure(name, value)]);
  if (rows.length === 0) return [];
  return [html("h3", {}, "The browser"), factsTable("Properties of the browser", ["Property", "Found"], rows)];
}

function restPart(rest) {
  if (Object.keys(rest).length === 0) return [];
  return [html("h3", {}, "Also in the report"), tree(rest)];
}

function factsTable(label, columns, rows) {
  return scroller(label, html("table", { class: "grid facts-table" },
    html("thead", {}, html("tr", {}, columns.map((title) => html("th", { scope: "col" }, title)))),
    html("tbody", {}, rows.map(([name, value]) => html("tr", {}, html("th", { scope: "row" }, name), html("td", {}, typeof value === "object" ? JSON.stringify(value) : String(value))))),
  ));
}

/** A table may be wider than a phone: it scrolls by itself, by keyboard too. */
function scroller(label, table) {
  return html("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": label }, table);
}

function meter(value, longest) {
  if (value === null) return "–";
  return html("span", { class: "meter" },
    setVariable(html("i", { "aria-hidden": "true" }), "--part", Math.max(0, value) / longest),
    html("span", {}, `${Math.round(value)} ms`.replace("-", "−")),
  );
}

/** Anything else, as nested lists. */
function tree(value) {
  return html("ul", { class: "tree" }, Object.entries(value).map(([name, each]) =>
    each !== null && typeof each === "object"
      ? html("li", {}, html("details", {}, html("summary", {}, html("code", {}, name)), tree(each)))
      : html("li", {}, html("code", {}, name), ` ${each}`),
  ));
}

function mean(numbers) {
  if (numbers.length === 0) return "no";
  return (numbers.reduce((all, each) => all + each, 0) / numbers.length).toFixed(1);
}

function plural(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

function spaced(name) {
  return name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Of many presses, how many of the last are listed. */
const SHOWN_PRESSES = 6;
