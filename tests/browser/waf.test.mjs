// A firewall's session token: the cookie that the script keeps where its address says `waf=session`.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess, newKey } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

describe("waf", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  const keyOf = (wafService, wafFeature = "SESSION_TOKEN") =>
    newKey(verifier, { webSettings: { integrationType: "SCORE", allowedDomains: ["localhost"] }, wafSettings: { wafService, wafFeature } });

  /** Opens a page with the script and hands it to `use`. Resolves to what it complained of. */
  async function withPage(query, use) {
    routes["/page"] = { body: `<!doctype html><html lang="en"><title>Shop</title>${scriptTag(verifier, { query })}<body><button>Go</button></body></html>` };
    const opened = await openPage(browser);
    try {
      await opened.page.goto(`${site.origin}/page`);
      await use(opened.page, opened.context);
      return await opened.heard();
    } finally {
      await opened.context.close();
    }
  }

  /** The cookie once it is there and differs from `old`. */
  async function cookie(page, context, name, old = "") {
    await page.waitForFunction(([name, old]) => new RegExp(`(^|; )${name}=(?!${old || "-"}(;|$))`).test(document.cookie), [name, old]);
    return (await context.cookies()).find((cookie) => cookie.name === name);
  }

  test("the cookie of the key's firewall holds a token that is assessed again and again", async () => {
    for (const [service, name] of [
      ["CLOUDFLARE", "recaptcha-cf-t"],
      ["FASTLY", "recaptcha-fastly-t"],
      ["AKAMAI", "recaptcha-akam-t"],
      ["CA", "recaptcha-ca-t"],
    ]) {
      const siteKey = await keyOf(service);
      const complaints = await withPage(`render=${siteKey}&waf=session`, async (page, context) => {
        const { value, path, sameSite, secure, expires } = await cookie(page, context, name);
        assert.deepEqual({ path, sameSite, secure }, { path: "/", sameSite: "Lax", secure: false });
        const left = expires - Date.now() / 1_000;
        assert.ok(left > 1_700 && left <= 1_800, `${left} s`);
        for (let time = 0; time < 2; time++) {
          const { tokenProperties } = await assess(verifier, value, { event: { siteKey, wafTokenAssessment: true } });
          assert.equal(tokenProperties.valid, true, tokenProperties.invalidReason);
        }
      });
      assert.deepEqual(complaints, []);
    }
  });

  test("the cookie of another page of the site is kept, and renewed once the page is used", async () => {
    const siteKey = await keyOf("FASTLY");
    const name = "recaptcha-fastly-t";
    await withPage(`render=${siteKey}&waf=session`, async (page, context) => {
      const first = await cookie(page, context, name);
      const settings = page.waitForResponse((response) => response.url().includes("/recaptcha/agent/settings"));
      await page.reload();
      await settings;
      await page.waitForTimeout(500);
      assert.equal((await cookie(page, context, name)).value, first.value);
      await page.click("button");
      assert.notEqual((await cookie(page, context, name, first.value)).value, first.value);
    });
  });

  test("without waf=session there is no cookie, and nothing more is loaded", async () => {
    const siteKey = await keyOf("FASTLY");
    await withPage(`render=${siteKey}`, async (page, context) => {
      await page.evaluate((key) => new Promise((resolve) => grecaptcha.ready(() => grecaptcha.execute(key).then(resolve))), siteKey);
      assert.deepEqual(await context.cookies(), []);
      const loaded = await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
      assert.deepEqual(loaded.filter((name) => name.includes("settings")), []);
    });
  });

  test("a key for another use gets no cookie, and the developer is told", async () => {
    const siteKey = await keyOf("FASTLY", "ACTION_TOKEN");
    const complaints = await withPage(`render=${siteKey}&waf=session`, async (page, context) => {
      await page.waitForEvent("console");
      assert.deepEqual(await context.cookies(), []);
    });
    assert.equal(complaints.length, 1);
    assert.match(complaints[0], /SESSION_TOKEN/);
  });
});
