// What a customer's backend learns about tokens that a real page obtained.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { assess, siteVerify } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { execute, pause } from "../harness/visitor.mjs";

describe("tokens", needsChromium, () => {
  let verifier, site, browser, page;

  before(async () => {
    verifier = await startVerifier();
    site = await startSite({ "/": () => ({ body: formPage(scriptTag(verifier)) }) });
    browser = await launch();
    ({ page } = await openPage(browser));
    await page.goto(site.origin);
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  const token = (action) => execute(page, verifier.siteKey, action);

  test("a token is valid once and a duplicate ever after", async () => {
    const text = await token("login");
    assert.match(text, /^[A-Za-z0-9_-]{100,2000}$/);
    const event = { siteKey: verifier.siteKey, expectedAction: "login" };
    const first = await assess(verifier, text, { event });
    assert.equal(first.status, 200);
    assert.match(first.name, /^projects\/shop\/assessments\/[0-9a-f]{32}$/);
    const { valid, invalidReason, action, hostname, createTime } = first.tokenProperties;
    assert.deepEqual(
      { valid, invalidReason, action, hostname },
      { valid: true, invalidReason: "INVALID_REASON_UNSPECIFIED", action: "login", hostname: "localhost" },
    );
    assert.ok(Math.abs(Date.parse(createTime) - Date.now()) < 60_000, createTime);
    for (let again = 0; again < 2; again++) {
      const { tokenProperties, riskAnalysis } = await assess(verifier, text, { event });
      assert.equal(tokenProperties.valid, false);
      assert.equal(tokenProperties.invalidReason, "DUPE");
      assert.equal(riskAnalysis.score, 0);
    }
  });

  test("every token has the same length, whatever happened on the page", async () => {
    const lengths = new Set([(await token("login")).length, (await token("a")).length]);
    await page.mouse.wheel(0, 300);
    await page.locator("#name").fill("something");
    lengths.add((await token("x".repeat(100))).length);
    assert.equal(lengths.size, 1, [...lengths].join());
  });

  test("two backends that ask at once: one is told valid, the other duplicate", async () => {
    const text = await token("login");
    const answers = await Promise.all(Array.from({ length: 8 }, () => assess(verifier, text)));
    const reasons = answers.map(({ tokenProperties }) => tokenProperties.invalidReason).sort();
    assert.deepEqual(reasons, [...Array(7).fill("DUPE"), "INVALID_REASON_UNSPECIFIED"]);
  });

  test("another site key of the same project is a mismatch, and does not spend the token", async () => {
    const { siteKey } = await verifier.newSiteKey(verifier.project);
    const text = await token("login");
    const wrong = await assess(verifier, text, { event: { siteKey } });
    assert.equal(wrong.tokenProperties.invalidReason, "KEY_MISMATCH");
    assert.equal((await assess(verifier, text)).tokenProperties.valid, true);
  });

  test("another project sees a mismatch, and does not spend the token", async () => {
    const apiKey = await verifier.newApiKey("other");
    const text = await token("login");
    const foreign = await assess(verifier, text, { project: "other", apiKey });
    assert.equal(foreign.tokenProperties.invalidReason, "KEY_MISMATCH");
    assert.equal(foreign.tokenProperties.hostname, "");
    const trespass = await assess(verifier, text, { apiKey });
    assert.ok([400, 401, 403].includes(trespass.status), `status ${trespass.status}`);
    assert.equal((await assess(verifier, text)).tokenProperties.valid, true);
  });

  test("a page on a host that the key does not name is a domain mismatch, and is told in the console", async () => {
    const foreign = await openPage(browser);
    await foreign.page.goto(site.numeric);
    const text = await execute(foreign.page, verifier.siteKey);
    const { tokenProperties } = await assess(verifier, text);
    assert.equal(tokenProperties.invalidReason, "DOMAIN_MISMATCH");
    assert.equal(tokenProperties.hostname, "127.0.0.1");
    assert.ok(foreign.complaints.some((line) => line.includes("is not a domain of site key")), foreign.complaints.join());
    await foreign.context.close();
  });

  test("what is no token is malformed or missing, never an error", async () => {
    const text = await token("login");
    const changed = (at) => text.slice(0, at) + (text[at] === "A" ? "B" : "A") + text.slice(at + 1);
    const cases = [
      ["", "MISSING"],
      ["x", "MALFORMED"],
      [text.slice(0, -1), "MALFORMED"],
      [text.slice(1), "MALFORMED"],
      [`${text}A`, "MALFORMED"],
      [changed(0), "MALFORMED"],
      [changed(20), "MALFORMED"],
      [changed(text.length >> 1), "MALFORMED"],
      [changed(text.length - 2), "MALFORMED"],
      [text.toLowerCase(), "MALFORMED"],
      [` ${text}`, "MALFORMED"],
      ["A".repeat(text.length), "MALFORMED"],
      ["A".repeat(200_000), "MALFORMED"],
      ["\u0000\u{1F600}", "MALFORMED"],
    ];
    for (const [bad, reason] of cases) {
      const { status, tokenProperties, riskAnalysis } = await assess(verifier, bad);
      const name = `${bad.slice(0, 30)}… (${bad.length})`;
      assert.equal(status, 200, name);
      assert.equal(tokenProperties.valid, false, name);
      assert.equal(tokenProperties.invalidReason, reason, name);
      assert.equal(tokenProperties.createTime, "1970-01-01T00:00:00Z", name);
      assert.equal(riskAnalysis.score, 0, name);
    }
    assert.equal((await assess(verifier, text)).tokenProperties.valid, true, "none of this spent the token");
  });

  test("a body over the limit is refused", async () => {
    assert.equal((await assess(verifier, "A".repeat(300_000))).status, 413);
  });

  test("siteverify says the same in each of its three forms", async () => {
    for (const form of ["get", "form", "json"]) {
      const response = await token("login");
      const first = await siteVerify(verifier, { response }, form);
      assert.equal(first.status, 200);
      assert.equal(first.success, true, form);
      assert.equal(first.hostname, "localhost");
      assert.equal(first.action, "login");
      assert.equal(typeof first.score, "number");
      assert.match(first.challenge_ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      const refusals = [
        [{ response }, "timeout-or-duplicate"],
        [{ response: "nonsense" }, "invalid-input-response"],
        [{ response: "" }, "missing-input-response"],
        [{ secret: "nonsense", response }, "invalid-input-secret"],
        [{ secret: "", response }, "missing-input-secret"],
      ];
      for (const [question, code] of refusals) {
        const { status, success, "error-codes": codes } = await siteVerify(verifier, question, form);
        assert.deepEqual({ status, success, codes }, { status: 200, success: false, codes: [code] }, form);
      }
    }
  });

  test("an assessment and siteverify spend the same token", async () => {
    const response = await token("login");
    assert.equal((await assess(verifier, response)).tokenProperties.valid, true);
    assert.deepEqual((await siteVerify(verifier, { response }))["error-codes"], ["timeout-or-duplicate"]);
  });

  test("a lost answer can be asked for again with its Idempotency-Key", async () => {
    const text = await token("login");
    const headers = { "idempotency-key": randomUUID() };
    const first = await assess(verifier, text, { headers });
    assert.equal(first.tokenProperties.valid, true);
    assert.deepEqual(await assess(verifier, text, { headers }), first);
    assert.equal((await assess(verifier, text)).tokenProperties.invalidReason, "DUPE", "without the key it is a second use");
    assert.equal((await assess(verifier, "other", { headers })).status, 400, "the key belongs to its request");
  });

  test("the evidence goes only to whoever asks for it, and adds up", async () => {
    assert.equal((await assess(verifier, await token("login"))).touchstone, undefined);
    const { touchstone, riskAnalysis } = await assess(verifier, await token("login"), { explain: true });
    const total = touchstone.evidence.reduce((sum, { weight }) => sum + weight, touchstone.prior);
    assert.ok(Math.abs(total - touchstone.sum) < 0.01, `${total} is not ${touchstone.sum}`);
    assert.equal(riskAnalysis.score, Math.round(10 / (1 + Math.exp(-touchstone.sum))) / 10);
  });

  const thorough = { skip: process.env.TOUCHSTONE_TEST_THOROUGH ? false : "waits two minutes; runs with --thorough" };
  test("a token that is more than two minutes old has expired", thorough, async () => {
    const text = await token("login");
    await pause(121_000);
    const { tokenProperties } = await assess(verifier, text);
    assert.equal(tokenProperties.invalidReason, "EXPIRED");
  });
});
