// The protected form that every arm has to fill in: targets to point at, fields to type into, more than ten seconds of work.

/** What is asked, in the order in which a visitor meets it. The texts hold capitals, digits and signs on purpose. */
export const FIELDS = [
  { selector: "#name", text: "Robin Ashford" },
  { selector: "#email", text: "robin.ashford@mail.example" },
  { selector: "#password", text: "Green-Kettle_47!" },
  { selector: "#city", text: "New Harbour" },
  { selector: "#note", text: "Please ring twice." },
];
export const CHECKBOX = "#terms";
export const SUBMIT = "#go";
export const ACTION = "signup";

/**
 * The page. It tells its backend where its targets are when it has loaded, and sends the token when the form is submitted,
 * as a customer's page does: no arm has to be asked for either, so one without any access to the page can take part.
 *
 * @param script address of the agent's script
 * @param inspect whether the decoded report is sent along
 */
export function formPage({ script, siteKey, inspect }) {
  const labels = { name: "Full name", email: "E-mail", password: "Password", city: "City", note: "Note for the courier" };
  const field = ([id, label], index) => {
    const control = id === "note" ? `<textarea id="${id}" rows="3"></textarea>` : `<input id="${id}" type="${id === "password" ? "password" : "text"}" autocomplete="off">`;
    return `<p style="margin-left: ${(index * 137) % 290}px"><label>${label}<br>${control}</label></p>`;
  };
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign up</title>
<style>
body { font: 16px sans-serif; margin: 24px 60px; height: 1400px }
input:not([type=checkbox]), textarea { width: 280px; padding: 6px; font: inherit }
button { width: 130px; height: 40px; margin-left: 380px; font: inherit }
</style>
<script src="${script.replaceAll("&", "&amp;")}" async defer></script></head>
<body><h1>Sign up</h1>
<form id="form" novalidate>
${Object.entries(labels).map(field).join("\n")}
<p style="margin-left: 180px"><label><input id="terms" type="checkbox"> I agree to the terms</label></p>
<p><button id="go">Create account</button></p>
</form>
<script>(${inPage})(${JSON.stringify({ siteKey, inspect, action: ACTION, targets: [...FIELDS.map((each) => each.selector), CHECKBOX, SUBMIT] })})</script>
</body></html>`;
}

/** Runs in the page. Written without anything that a script-only DOM may lack. */
function inPage({ siteKey, inspect, action, targets }) {
  const send = (name, body) => fetch(location.pathname + "/" + name, { method: "POST", body: JSON.stringify(body) });

  const layout = () => {
    const boxes = {};
    for (const target of targets) {
      const { x, y, width, height } = document.querySelector(target).getBoundingClientRect();
      boxes[target] = { x, y, width, height };
    }
    const { screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio } = window;
    send("layout", { boxes, window: { screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight, devicePixelRatio } });
  };
  addEventListener("load", layout);
  addEventListener("resize", layout);

  let sent = false;
  document.getElementById("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sent) return;
    sent = true;
    const token = await new Promise((resolve) => grecaptcha.enterprise.ready(() => resolve(grecaptcha.enterprise.execute(siteKey, { action }))));
    const report = inspect ? await window.touchstone.inspect() : null;
    await send("submit", { token, report, filled: targets.map((target) => (document.querySelector(target).value || "").length) });
  });
}
