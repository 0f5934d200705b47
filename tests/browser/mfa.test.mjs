// The second factor from the sign-in to the backend's second assessment: a real page, a real verifier, a mail server.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { call, newKey } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { startSmtp } from "../harness/smtp.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

const ADDRESS = "ada@mail.example";

describe("second factor by mail", needsChromium, () => {
  let verifier, smtp, site, browser;
  let accounts = 0;

  before(async () => {
    smtp = await startSmtp();
    verifier = await startVerifier({ args: ["--smtp-url", smtp.url, "--mail-from", "Shop <no-reply@shop.example>"] });
    site = await startSite({
      "/page": () => ({ body: `<!doctype html><html lang="en"><title>Shop</title>${scriptTag(verifier)}<main><h1>Sign in</h1><div id="place"></div></main>` }),
    });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
    await smtp?.stop();
  });

  /** The backend's assessment of a token: the second factor's part. */
  async function assess(token, { account, address = ADDRESS, siteKey = verifier.siteKey }) {
    const answer = await call(verifier, "POST", "assessments", {
      event: { token, siteKey, userInfo: { accountId: account } },
      accountVerification: { endpoints: [{ emailAddress: address }], languageCode: "en" },
    });
    assert.equal(answer.tokenProperties.valid, true, answer.tokenProperties.invalidReason);
    return answer.accountVerification;
  }

  /** Opens the page, signs in, and hands on the request token of an account that no other test has. */
  async function signedIn(use, { siteKey = verifier.siteKey, address = ADDRESS, expected = /^$/ } = {}) {
    const account = `account-${accounts++}`;
    const { page, context, heard } = await openPage(browser);
    try {
      await page.goto(`${site.origin}/page`);
      const token = await page.evaluate((key) => new Promise((resolve) => grecaptcha.enterprise.ready(resolve)).then(() => grecaptcha.enterprise.execute(key, { action: "login", twofactor: true })), siteKey);
      const asked = await assess(token, { account, address, siteKey });
      assert.equal(asked.latestVerificationResult, "RESULT_UNSPECIFIED");
      const [{ requestToken }] = asked.endpoints;
      const learn = (verdict) => assess(verdict, { account, address, siteKey });
      await use({ page, requestToken, learn, mails: smtp.mails.length });
      assert.match([...new Set(await heard())].join("; "), expected);
    } finally {
      await context.close();
    }
  }

  /** Shows the form; what it resolves to is `window.outcome`. */
  const challenge = (page, requestToken, { container, siteKey = verifier.siteKey } = {}) =>
    page.evaluate(
      ([key, token, container]) => {
        window.outcome = grecaptcha.enterprise.challengeAccount(key, { "account-token": token, ...(container && { container }) });
        window.outcome.catch(() => {});
      },
      [siteKey, requestToken, container],
    );
  const outcome = (page) => page.evaluate("outcome");
  const field = (page) => page.getByRole("textbox", { name: "Code" });
  const wrong = (code) => String((Number(code) + 1) % 1_000_000).padStart(6, "0");

  for (const container of [undefined, "place"]) {
    test(`the mailed code, typed after a wrong one, proves the address: ${container ?? "dialog"}`, async () => {
      await signedIn(async ({ page, requestToken, learn, mails }) => {
        await challenge(page, requestToken, { container });
        const code = await smtp.code(mails + 1);
        assert.equal(smtp.mails.at(-1).to, ADDRESS);
        await page.getByText("A code of 6 digits is on its way to a•••@m•••.example.").waitFor();
        await field(page).fill(wrong(code));
        await page.keyboard.press("Enter");
        await page.getByText("Attempts left: 4").waitFor();
        await field(page).fill(`${code.slice(0, 3)} ${code.slice(3)}`);
        await page.keyboard.press("Enter");
        const learnt = await learn(await outcome(page));
        assert.equal(learnt.latestVerificationResult, "SUCCESS_USER_VERIFIED");
        assert.ok(Date.now() - Date.parse(learnt.endpoints[0].lastVerificationTime) < 60_000);
      });
    });
  }

  test("five wrong codes: the visitor is told, and the backend", async () => {
    await signedIn(async ({ page, requestToken, learn, mails }) => {
      await challenge(page, requestToken);
      const code = await smtp.code(mails + 1);
      for (let left = 4; left >= 1; left--) {
        await field(page).fill(wrong(code));
        await page.keyboard.press("Enter");
        await page.getByText(`Attempts left: ${left}`).waitFor();
      }
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "Too many wrong codes" }).waitFor();
      await page.getByRole("button", { name: "Close" }).click();
      assert.equal((await learn(await outcome(page))).latestVerificationResult, "ERROR_USER_NOT_VERIFIED");
    });
  });

  test("a visitor whose connection is gone for a while goes on where they were", async () => {
    await signedIn(async ({ page, requestToken, learn, mails }) => {
      await challenge(page, requestToken);
      const code = await smtp.code(mails + 1);
      await field(page).fill(code);
      await page.context().setOffline(true);
      await page.keyboard.press("Enter");
      await page.getByText("No connection. Please try again.").waitFor();
      await page.context().setOffline(false);
      await page.getByRole("button", { name: "Continue" }).click();
      assert.equal((await learn(await outcome(page))).latestVerificationResult, "SUCCESS_USER_VERIFIED");
    }, { expected: /^console error: Failed to load resource: net::ERR_INTERNET_DISCONNECTED$/ });
  });

  test("a mail server that knows no such address: the visitor is told, and the backend", async () => {
    smtp.refuse = "550 5.1.1 no such user";
    try {
      await signedIn(async ({ page, requestToken, learn }) => {
        await challenge(page, requestToken);
        await page.getByRole("heading", { name: "No code can be sent to you." }).waitFor();
        await page.getByRole("button", { name: "Close" }).click();
        assert.equal((await learn(await outcome(page))).latestVerificationResult, "ERROR_RECIPIENT_NOT_ALLOWED");
      }, { address: "nobody@mail.example" });
    } finally {
      smtp.refuse = undefined;
    }
  });

  test("a handle: the page shows its own form", async () => {
    await signedIn(async ({ page, requestToken, learn, mails }) => {
      const handle = await page.evaluateHandle(
        ([key, token]) => grecaptcha.enterprise.eap.initTwoFactorVerificationHandle(key, token),
        [verifier.siteKey, requestToken],
      );
      assert.equal(await handle.evaluate(async (handle) => (await handle.challengeAccount()).isSuccess()), true);
      const code = await smtp.code(mails + 1);
      const verify = (pin) =>
        handle.evaluate(async (handle, pin) => {
          const response = await handle.verifyAccount(pin);
          return [response.isSuccess(), response.getError(), response.getVerdictToken()];
        }, pin);
      assert.deepEqual(await verify("12"), [false, "2FA_INVALID_PIN", ""]);
      assert.deepEqual(await verify(wrong(code)), [false, "2FA_PIN_MISMATCH", ""]);
      const [success, error, verdict] = await verify(code);
      assert.deepEqual([success, error], [true, null]);
      assert.equal((await learn(verdict)).latestVerificationResult, "SUCCESS_USER_VERIFIED");
    });
  });

  test("a request token that is none, or another key's, sends nothing", async () => {
    const other = await newKey(verifier, { webSettings: { integrationType: "SCORE", allowAllDomains: true } });
    await signedIn(async ({ page, requestToken, mails }) => {
      for (const [siteKey, token] of [[verifier.siteKey, "x"], [other, requestToken]]) {
        await challenge(page, token, { siteKey });
        await page.getByRole("heading", { name: "This took too long. Please start again." }).waitFor();
        await page.getByRole("button", { name: "Close" }).click();
        const code = await page.evaluate(() => outcome.catch((error) => error.code));
        assert.equal(code, "2FA_INVALID_REQUEST_TOKEN");
      }
      assert.equal(smtp.mails.length, mails);
    });
  });

  test("a key whose answers are fixed for tests verifies nobody, and shows nothing", async () => {
    const siteKey = await newKey(verifier, {
      webSettings: { integrationType: "SCORE", allowAllDomains: true },
      testingOptions: { testingScore: 0.9 },
    });
    await signedIn(async ({ page, requestToken, learn }) => {
      await challenge(page, requestToken, { siteKey });
      assert.equal((await learn(await outcome(page))).latestVerificationResult, "ERROR_VERIFICATION_BYPASSED");
      assert.equal(await page.getByRole("dialog").count(), 0);
    }, { siteKey });
  });
});
