// Pages that ask for a second factor, whose verifier's two doors are played: each turn of a conversation can be chosen.

import assert from "node:assert/strict";
import { launch, openPage } from "./chromium.mjs";
import { scriptTag, startSite } from "./site.mjs";
import { startVerifier } from "./touchstone.mjs";
import { pause } from "./visitor.mjs";

export const VERDICT = "v".repeat(150);
export const SENT = { result: "SENT", channel: "email", hint: "a•••@e•••.com", digits: 6, expiresInSeconds: 900, attemptsLeft: 5, resendInSeconds: 30 };
export const VERIFIED = { result: "VERIFIED", verdictToken: VERDICT };
/** Turns of the verifier's that are no answers. */
export const LOST = "lost";
export const SHED = "shed";

/** A verifier, a site with `routes` beside the page of {@link withPage}, and a browser. */
export async function startFactor(routes = {}) {
  const verifier = await startVerifier();
  const site = await startSite(routes);
  const browser = await launch();

  /**
   * Opens a page whose verifier says `sent` and `checked` at its two doors, one turn after the other and the last one again.
   *
   * @param options of the browser's context
   */
  async function withPage({ sent = [SENT], checked = [VERIFIED], hl = "en", options = {}, headers = {}, clock = false }, use) {
    routes["/page"] = {
      headers,
      body: `<!doctype html><html lang="${hl}"><head><title>Shop</title><meta name="viewport" content="width=device-width">
        ${scriptTag(verifier)}</head><body><main><h1>Sign in</h1><p><button type="button" id="go">Go on</button></p>
        <div id="place"></div><p><label>Other <input id="other"></label></p></main></body></html>`,
    };
    const { page, context, heard } = await openPage(browser, options);
    const posted = { send: [], verify: [] };
    let tokens = 0;
    await page.route("**/recaptcha/agent/token?*", (route) =>
      route.fulfill({ contentType: "text/plain", headers: { "access-control-allow-origin": "*" }, body: `${tokens++}`.padStart(120, "t") }),
    );
    for (const [door, turns] of [["send", sent], ["verify", checked]]) {
      await page.route(`**/recaptcha/agent/factor/${door}?*`, (route) => {
        const request = route.request();
        posted[door].push({ url: request.url(), headers: request.headers(), ...JSON.parse(request.postData()) });
        const turn = turns[Math.min(posted[door].length, turns.length) - 1];
        if (turn === LOST) return route.abort();
        return route.fulfill({
          status: turn === SHED ? 503 : (turn.status ?? 200),
          contentType: "application/json",
          headers: { "access-control-allow-origin": "*" },
          body: JSON.stringify(turn === SHED ? { error: { code: 503 } } : turn),
        });
      });
    }
    try {
      if (clock) await page.clock.install();
      await page.goto(`${site.origin}/page`);
      await page.waitForFunction("grecaptcha.enterprise.challengeAccount");
      await use({ page, posted });
      return await heard();
    } finally {
      await context.close();
    }
  }

  /** Asks for the code as a page does; `outcome` resolves to `{token}` or to the `{code}` of an error. */
  async function challenge(page, options = {}) {
    const name = `outcome${Math.random()}`;
    await page.evaluate(
      ([name, key, options]) => {
        window[name] = grecaptcha.enterprise
          .challengeAccount(key, { "account-token": "request-token", ...options })
          .then((token) => ({ token }), (error) => ({ code: error.code, message: error.message }));
      },
      [name, verifier.siteKey, options],
    );
    return { outcome: () => page.evaluate((name) => window[name], name) };
  }

  const stop = async () => {
    await browser.close();
    await site.stop();
    await verifier.stop();
  };
  return { verifier, withPage, challenge, stop };
}

/** Waits until the verifier was asked so often. */
export async function asked(posts, count) {
  for (let wait = 0; posts.length < count; wait++) {
    assert.ok(wait < 1_000, `${posts.length} of ${count} requests`);
    await pause(20);
  }
}

export const field = (page) => page.getByRole("textbox", { name: "Code" });
export const status = (page) => page.getByRole("status");

export const focused = (page) =>
  page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
    return element?.id || element?.textContent;
  });
