// The customer's page that people visit: elements where the visit wants them, and a backend that asks for the score.

/**
 * A page of absolutely placed elements.
 *
 * @param elements `{id, kind, x, y, w, h}` in CSS pixels; a kind is `field`, `button` or `submit`
 * @param help what else runs in the page: `fill` (a password manager), `assist` (assistive technology)
 */
export function visitPage(verifier, elements, help = "") {
  const markup = elements.map(({ id, kind, x, y, w, h }) => {
    const style = `style="left:${x}px;top:${y}px;width:${w}px;height:${h}px"`;
    if (kind === "field") return `<input id="${id}" name="${id}" aria-label="${id}" autocomplete="off" ${style}>`;
    return `<button id="${id}" type="${kind === "submit" ? "submit" : "button"}" ${style}>${kind === "submit" ? "Pay" : ""}</button>`;
  });
  // Long enough to have a scrollbar, as most pages do.
  const height = Math.max(1_500, ...elements.map(({ y, h }) => y + h + 40));
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; font: 14px sans-serif; user-select: none } form > * { position: absolute; box-sizing: border-box; margin: 0 }</style>
<script src="${verifier.origin}/recaptcha/enterprise.js?render=${verifier.siteKey}"></script></head>
<body><form id="form" style="height:${height}px">${markup.join("\n")}</form>
<script>
const key = ${JSON.stringify(verifier.siteKey)};
const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) });
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const state = { focus: document.hasFocus(), filled: [...document.querySelectorAll("input")].map(({ value }) => value.length) };
  try {
    await post("/token", { token: await grecaptcha.enterprise.execute(key, { action: "login" }), state });
  } catch (error) {
    await post("/token", { error: String(error), state });
  }
});
${HELP[help] ?? ""}
grecaptcha.enterprise.ready(() => post("/ready", { inner: [innerWidth, innerHeight] }));
</script></body></html>`;
}

/** Where the browser waits for the visit, and says where the pointer is. */
export const lobbyPage = () => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Shop</title></head><body style="margin:0;height:90vh"><p>One moment, please.</p>
<script>
const post = (path, body) => fetch(path, { method: "POST", body: JSON.stringify(body) });
addEventListener("pointermove", (event) => post("/where", { client: [event.clientX, event.clientY] }));
fetch("/next").then((answer) => answer.text()).then((next) => location.replace(next));
</script></body></html>`;

/** When assistive technology moves the focus to a field, in milliseconds: to the first one, and from each to the next. */
export const ASSISTED = { first: 2_500, every: 3_000 };

const HELP = {
  fill: `document.addEventListener("focusin", () => setTimeout(() => {
  for (const field of document.querySelectorAll("input")) {
    field.value = "correct horse";
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  }
}, 120), { once: true });`,
  assist: `for (const [i, each] of [...document.querySelectorAll("input, [type=submit]")].entries())
  setTimeout(() => { each.focus(); if (each.type === "submit") setTimeout(() => each.click(), 900); }, ${ASSISTED.first} + i * ${ASSISTED.every});`,
};
