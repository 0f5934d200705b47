// A visitor in doubt, from the tick to the assessment: the verifier asks, the visitor answers, the backend hears of it.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answer } from "../harness/answer.mjs";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

describe("challenge", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    // It says that it is driven: whoever does that is asked.
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** A site key of a type, made as a backend makes it. */
  async function newKey(webSettings) {
    const response = await fetch(`${verifier.origin}/v1/projects/${verifier.project}/keys`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": verifier.apiKey },
      body: JSON.stringify({ displayName: "test", webSettings: { allowedDomains: ["localhost"], ...webSettings } }),
    });
    const { name, error } = await response.json();
    assert.ok(name, error?.message);
    return name.split("/").at(-1);
  }

  async function withPage(body, use, { query = "hl=en", prepare = async () => {} } = {}) {
    routes["/page"] = {
      body: `<!doctype html><html lang="en"><title>Shop</title>${scriptTag(verifier, { query })}
        <script>window.tokens = []; window.done = (token) => tokens.push(token)</script><body>${body}</body></html>`,
    };
    const { page, context, complaints } = await openPage(browser);
    try {
      await prepare(page);
      await page.goto(`${site.origin}/page`);
      await use(page);
      return complaints;
    } finally {
      await context.close();
    }
  }

  async function assessed(page, key) {
    await page.waitForFunction("tokens.length");
    const { tokenProperties, riskAnalysis } = await assess(verifier, await page.evaluate("tokens[0]"), { event: { siteKey: key } });
    assert.equal(tokenProperties.valid, true, tokenProperties.invalidReason);
    return riskAnalysis;
  }

  test("a checkbox in doubt: the right answers pass, and say so", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      const box = page.getByRole("checkbox");
      await box.click();
      await answer(page);
      const { challenge } = await assessed(page, key);
      assert.equal(challenge, "PASSED");
      assert.equal(await box.getAttribute("aria-checked"), "true");
    });
  });

  test("wrong answers end in a token that says failed, not in a page that hangs", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      await page.getByRole("checkbox").click();
      await answer(page, { wrongly: true });
      const { challenge } = await assessed(page, key);
      assert.equal(challenge, "FAILED");
    });
  });

  test("an invisible key asks behind a bound button", async () => {
    const key = await newKey({ integrationType: "INVISIBLE" });
    await withPage(`<form><button class="g-recaptcha" data-sitekey="${key}" data-callback="done">Buy</button></form>`, async (page) => {
      await page.locator("textarea").waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Buy" }).click();
      await answer(page);
      assert.equal((await assessed(page, key)).challenge, "PASSED");
    });
  });

  test("without WebAssembly the question is asked and answered all the same", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    const prepare = (page) => page.addInitScript("delete window.WebAssembly");
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      await page.getByRole("checkbox").click();
      await answer(page);
      assert.equal((await assessed(page, key)).challenge, "PASSED");
    }, { prepare });
  });
});
