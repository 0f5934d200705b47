/**
 * Building the page without markup in strings: whatever the verifier or a visitor wrote stays text.
 */

/** The element with this id; the page cannot work without it, so a missing one throws. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`#${id} is not in the page`);
  return found;
}

/** An HTML element. `attributes` with null or false are left out; `children` are nodes or text. */
export function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

/** Sets a custom property. Style attributes in markup are refused by the content policy, this is not. */
export function setVariable(element, name, value) {
  element.style.setProperty(name, String(value));
  return element;
}

/** Rows of a `<dl>`: `[term, description, gloss?]`. */
export function descriptions(rows) {
  return rows.flatMap(([term, value, gloss]) => [
    html("dt", {}, term),
    html("dd", {}, value, gloss ? html("span", { class: "gloss" }, gloss) : null),
  ]);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}
