/**
 * The customer's page: asks the agent for a token, posts it with the user name, shows what the site answers.
 *
 * The form must work when the agent does not: a script that is blocked costs nothing, one that hangs a few seconds, and
 * the sign-in goes out with an empty token, for the verifier to judge.
 */
import { byId } from "./dom.js";
import { clearReport, showAnswer, showFailure } from "./result.js";
import { showSent } from "./sent.js";

const form = byId("sign-in-form");
const signInButton = byId("sign-in");
const replayButton = byId("replay");

/** The last sign-in that was answered: what a replay repeats and is compared with. */
let last = null;
let busy = false;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  whileBusy(signInButton, "Signing in…", signIn);
});
replayButton.addEventListener("click", () => whileBusy(replayButton, "Using it again…", replay));

async function signIn() {
  // Until this sign-in is answered there is no token to use again: the old one must not pass for it.
  last = null;
  const username = byId("username").value;
  const { token, milliseconds: executed } = await tokenFromAgent(form.dataset.siteKey);
  const { answer, milliseconds: posted } = await postLogin(username, token);
  last = { username, token, answer };
  showAnswer({ answer, token, timing: { executed, posted }, first: null });
  await showSent(token === "" ? null : window.touchstone);
}

async function replay() {
  if (!last) return;
  const { answer, milliseconds: posted } = await postLogin(last.username, last.token);
  showAnswer({ answer, token: last.token, timing: { executed: null, posted }, first: last.answer });
}

/** Runs one exchange at a time. The button keeps focus (it is never `disabled`), and says what is going on. */
async function whileBusy(button, label, work) {
  if (busy) return;
  busy = true;
  const rest = button.textContent;
  button.textContent = label;
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } catch (error) {
    clearReport();
    showFailure(error);
  } finally {
    button.textContent = rest;
    button.removeAttribute("aria-disabled");
    busy = false;
  }
}

/** A token, or the empty string when the agent gives none in time. Never throws. */
async function tokenFromAgent(siteKey) {
  const start = performance.now();
  const token = await before(AGENT_PATIENCE, executeWhenReady(siteKey)).catch(() => "");
  return { token, milliseconds: performance.now() - start };
}

async function executeWhenReady(siteKey) {
  // The agent's script holds up the page's load event: once that has fired, a script that is not there will not come.
  if (document.readyState !== "complete") {
    await new Promise((resolve) => window.addEventListener("load", resolve, { once: true }));
  }
  if (!window.grecaptcha?.enterprise) throw new Error("the agent did not load");
  await new Promise((resolve) => window.grecaptcha.enterprise.ready(resolve));
  return window.grecaptcha.enterprise.execute(siteKey, { action: "login" });
}

/**
 * Posts to the site's own backend.
 * @throws {Error} with a sentence for the reader and, as `cause`, what the backend said.
 */
async function postLogin(username, token) {
  const start = performance.now();
  let response;
  try {
    response = await fetch("/login", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, token }),
      signal: AbortSignal.timeout(SITE_PATIENCE),
    });
  } catch (error) {
    throw new Error("The demo site did not answer.", {
      cause: error.name === "TimeoutError" ? "No answer in 15 seconds." : "The connection failed. Is the demo still running?",
    });
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || !answer || answer.error || !answer.assessment) {
    throw new Error("The site could not finish this sign-in.", {
      cause: answer?.error?.message ?? `It answered with status ${response.status} and no explanation.`,
    });
  }
  return { answer, milliseconds: performance.now() - start };
}

function before(milliseconds, promise) {
  const timeout = new Promise((_, reject) => {
    setTimeout(() => reject(new Error("timed out")), milliseconds);
  });
  return Promise.race([promise, timeout]);
}

/** How long a sign-in waits for the agent, in milliseconds: a slow phone's proof of work fits in, patience does not run out. */
const AGENT_PATIENCE = 6000;

/** How long it waits for the site, in milliseconds. */
const SITE_PATIENCE = 15000;
