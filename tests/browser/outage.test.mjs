// A verifier that stops answering costs the visitor a few seconds, never the form.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { startSilence } from "../harness/silence.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

/** The agent gives up after 5 s; the rest is for a slow machine. */
const PATIENCE_MS = 7_000;
/** A site developer is told once, in the console. */
const NOT_LOADED =
  "console warning: touchstone: the agent's files did not load; tokens will score low";

describe("outage", needsChromium, () => {
  let verifier, silence, site, browser;

  before(async () => {
    verifier = await startVerifier();
    silence = await startSilence();
    site = await startSite({ "/": () => ({ body: formPage(scriptTag({ ...verifier, origin: silence.origin })) }) });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await silence?.stop();
    await verifier?.stop();
  });

  /** What the page got before the verifier fell silent, from a cache for instance. */
  const arrived = [
    ["before the agent is there", /\/recaptcha\/enterprise\.js$/, [NOT_LOADED]],
    ["when the agent is there", /\.(js|wasm)$/, []],
  ];
  for (const [when, files, expected] of arrived) {
    test(`a verifier that falls silent ${when}: execute resolves to the browser's error within 7 s`, async () => {
      const { page, context, heard } = await openPage(browser);
      try {
        await page.route(
          (url) => url.origin === silence.origin && files.test(url.pathname),
          async (route) => {
            const response = await fetch(route.request().url().replace(silence.origin, verifier.origin), { headers: { origin: site.origin } });
            const headers = { "content-type": response.headers.get("content-type"), "access-control-allow-origin": "*" };
            await route.fulfill({ status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) });
          },
        );
        await page.goto(site.origin);
        const answers = await page.evaluate(async (key) => {
          await new Promise((resolve) => grecaptcha.ready(resolve));
          const answers = [];
          // The first meets the silence; the second must not be worse off for what the first left behind.
          for (let count = 0; count < 2; count++) {
            const start = performance.now();
            const answer = await grecaptcha.execute(key, { action: "login" }).then(
              (token) => ({ token }),
              (error) => ({ error: String(error) }),
            );
            answers.push({ ...answer, took: performance.now() - start });
          }
          return answers;
        }, verifier.siteKey);
        for (const { token, error, took } of answers) {
          assert.equal(error, undefined, "execute rejected");
          assert.equal((await assess(verifier, token)).tokenProperties.invalidReason, "BROWSER_ERROR");
          assert.ok(took <= PATIENCE_MS, `execute took ${took.toFixed(0)} ms`);
        }
        assert.deepEqual(await heard(), expected);
      } finally {
        await context.close();
      }
    });
  }
});
