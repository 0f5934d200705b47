// The second factor as a page calls it: handles, the ES module, and pages whose policies forbid much.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../harness/chromium.mjs";
import { field, LOST, SENT, SHED, startFactor, VERDICT, VERIFIED } from "../harness/factor.mjs";
import { ROOT } from "../harness/touchstone.mjs";

describe("the second factor's calls", needsChromium, () => {
  let factor, verifier, withPage, challenge;
  const routes = {};

  before(async () => {
    factor = await startFactor(routes);
    ({ verifier, withPage, challenge } = factor);
  });
  after(() => factor?.stop());

  /** What the methods of a handle resolve to, as plain values. */
  const handled = (page, ...calls) =>
    page.evaluate(
      async ([key, calls]) => {
        const handle = grecaptcha.enterprise.eap.initTwoFactorVerificationHandle(key, "request-token");
        const said = [];
        for (const [name, ...given] of calls) {
          const { [name]: method } = handle;
          const response = await method(...given);
          said.push([response.isSuccess(), response.getVerdictToken(), response.getError()]);
        }
        return said;
      },
      [verifier.siteKey, calls],
    );

  test("a handle sends and verifies without showing anything", async () => {
    const checked = [{ result: "PIN_MISMATCH", attemptsLeft: 4 }, { result: "ATTEMPTS_EXHAUSTED", verdictToken: VERDICT }, LOST, VERIFIED];
    await withPage({ checked }, async ({ page, posted }) => {
      const said = await handled(page, ["challengeAccount"], ["verifyAccount", "111111"], ["verifyAccount", "222222"], ["verifyAccount", "3"], ["verifyAccount", 12_345]);
      assert.deepEqual(said, [
        [true, "", null],
        [false, "", "2FA_PIN_MISMATCH"],
        [false, VERDICT, "2FA_ATTEMPTS_EXHAUSTED"],
        [false, "", "2FA_UNKNOWN"],
        [true, VERDICT, null],
      ]);
      assert.deepEqual(posted.verify.map(({ pin }) => pin), ["111111", "222222", "3", "12345"]);
      assert.equal(await page.getByRole("dialog").count(), 0);
    });
  });

  test("a handle's methods resolve where nothing can be sent, and say what the developer did wrong", async () => {
    const mistaken = { status: 400, error: { code: 400, message: "requestToken: missing" } };
    const complaints = await withPage({ sent: [SHED, LOST, mistaken] }, async ({ page }) => {
      const said = await handled(page, ["challengeAccount"], ["challengeAccount"], ["challengeAccount"]);
      assert.deepEqual(said, Array(3).fill([false, "", "2FA_UNKNOWN"]));
    });
    assert.ok(complaints.includes("console error: touchstone: requestToken: missing"), complaints.join());
  });

  test("without its file a handle says that it failed, and challengeAccount rejects; the next call tries again", async () => {
    await withPage({}, async ({ page }) => {
      const script = await (await fetch(`${verifier.origin}/recaptcha/enterprise.js`)).text();
      const files = script.match(/recaptcha\/agent\/\w+\.js/g);
      const isForm = await Promise.all(files.map(async (file) => (await (await fetch(`${verifier.origin}/${file}`)).text()).includes("factor/")));
      const file = `**/${files[isForm.indexOf(true)]}`;
      await page.route(file, (route) => route.abort());
      assert.deepEqual(await handled(page, ["challengeAccount"], ["verifyAccount", "123456"]), Array(2).fill([false, "", "2FA_UNKNOWN"]));
      assert.match((await (await challenge(page)).outcome()).message, /import/);
      await page.unroute(file);
      assert.deepEqual(await handled(page, ["challengeAccount"]), [[true, "", null]]);
    });
  });

  test("the ES module: the same form, and what the verifier said", async () => {
    for (const file of ["index.js", "touchstone_agent.js", "touchstone_agent_bg.wasm", "touchstone_factor.js"]) {
      routes[`/pkg/${file}`] = { body: readFileSync(join(ROOT, "pkg", file)), type: file.endsWith("js") ? "text/javascript" : "application/wasm" };
    }
    const complaints = await withPage({ checked: [{ result: "PIN_MISMATCH", attemptsLeft: 4 }, VERIFIED] }, async ({ page }) => {
      await page.evaluate(async ([key, origin]) => {
        const { load } = await import("/pkg/index.js");
        window.touchstone = await load(key, { origin });
      }, [verifier.siteKey, verifier.origin]);
      const said = await page.evaluate(async () => {
        const factor = touchstone.factor("request-token");
        return [await factor.send(), await factor.verify("000000")];
      });
      assert.deepEqual(said, [SENT, { result: "PIN_MISMATCH", attemptsLeft: 4 }]);
      const confirmed = page.evaluate(() => touchstone.confirm("request-token", { container: document.querySelector("#place") }));
      await field(page).fill("123456");
      await page.getByRole("button", { name: "Continue" }).click();
      assert.equal(await confirmed, VERDICT);
    });
    assert.deepEqual(complaints, []);
  });

  test("a page in a sandbox, which may send no forms", async () => {
    await withPage({ headers: { "content-security-policy": "sandbox allow-scripts" } }, async ({ page }) => {
      const { outcome } = await challenge(page);
      await field(page).fill("123456");
      await page.keyboard.press("Enter");
      assert.deepEqual(await outcome(), { token: VERDICT });
    });
  });

  test("a policy without 'unsafe-inline' is in the way of nothing", async () => {
    const policy = `default-src 'none'; script-src ${verifier.origin} 'wasm-unsafe-eval'; connect-src ${verifier.origin}; worker-src blob:`;
    const complaints = await withPage({ headers: { "content-security-policy": policy } }, async ({ page }) => {
      const { outcome } = await challenge(page);
      assert.equal(await field(page).evaluate((field) => getComputedStyle(field).textAlign), "center");
      await field(page).fill("123456");
      await page.keyboard.press("Enter");
      assert.deepEqual(await outcome(), { token: VERDICT });
    });
    assert.deepEqual(complaints, []);
  });
});
