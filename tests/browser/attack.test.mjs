// The agent's doors, as an attacker finds them: a captured envelope, a script, and no browser.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, test } from "node:test";
import { assess, plainReport, postToAgent } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { execute } from "../harness/visitor.mjs";

describe("attack", needsChromium, () => {
  let verifier, site, browser, genuine;

  before(async () => {
    verifier = await startVerifier();
    site = await startSite({ "/": () => ({ body: formPage(scriptTag(verifier)) }) });
    browser = await launch();
    genuine = await postToAgent(verifier, "token", await capture());
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** An envelope that a real page sealed, and that never reached the verifier. */
  async function capture(action = "login") {
    const { page, context } = await openPage(browser);
    let envelope;
    await page.route("**/recaptcha/agent/token?*", (route) => {
      envelope ??= route.request().postDataBuffer();
      return route.abort();
    });
    await page.goto(site.origin);
    await execute(page, verifier.siteKey, action);
    await context.close();
    assert.ok(envelope?.length > 100);
    return envelope;
  }

  /** The parts of an envelope: version, sealed session with its length in front, and the rest. */
  function parts(envelope) {
    const [low, high] = envelope.subarray(1, 3);
    const [length, start] = low < 128 ? [low, 2] : [(low & 127) | (high << 7), 3];
    return { head: envelope.subarray(0, start), session: envelope.subarray(start, start + length), rest: envelope.subarray(start + length) };
  }

  const token = (answer) => answer.body.toString();

  /** The answer looks like any other, and its token is worth next to nothing. */
  async function assertWorthless(name, answer) {
    assert.equal(answer.status, 200, name);
    assert.deepEqual(answer.headers, genuine.headers, `${name}: the headers name the check`);
    assert.equal(answer.body.length, genuine.body.length, `${name}: the length names the check`);
    const { tokenProperties, riskAnalysis, touchstone } = await assess(verifier, token(answer), { explain: true });
    if (tokenProperties.invalidReason === "DUPE") return;
    assert.ok(riskAnalysis.score <= 0.1, `${name}: ${riskAnalysis.score}`);
    // This browser says itself that it is driven, so a low score alone would prove nothing.
    const found = touchstone.evidence.map((evidence) => evidence.name);
    assert.ok(found.includes("missing") || found.includes("unmeasured"), `${name}: ${found}`);
  }

  test("the captured envelope itself gives a valid token, so the others fail for what they are", async () => {
    const answer = await postToAgent(verifier, "token", await capture());
    const { tokenProperties, touchstone } = await assess(verifier, token(answer), { explain: true });
    assert.equal(tokenProperties.valid, true);
    assert.ok(!touchstone.evidence.some(({ name }) => name === "missing" || name === "unmeasured"));
  });

  test("the same envelope twice gives two tokens that spend once", async () => {
    const envelope = await capture();
    const [one, two] = [await postToAgent(verifier, "token", envelope), await postToAgent(verifier, "token", envelope)];
    assert.equal((await assess(verifier, token(one))).tokenProperties.valid, true);
    assert.equal((await assess(verifier, token(two))).tokenProperties.invalidReason, "DUPE");
  });

  test("a body that the agent did not make gets a token that is worth nothing", async () => {
    const envelope = await capture();
    const { head, session, rest } = parts(envelope);
    const flipped = (bytes, at) => {
      const copy = Buffer.from(bytes);
      copy[at < 0 ? copy.length + at : at] ^= 1;
      return copy;
    };
    const bodies = {
      "an empty body": Buffer.alloc(0),
      "one byte": Buffer.of(1),
      "random bytes": randomBytes(700),
      "random bytes behind the version": Buffer.concat([Buffer.of(1), randomBytes(700)]),
      "64 KiB of zeros": Buffer.alloc(65_536),
      "64 KiB of ones": Buffer.alloc(65_536, 1),
      "an envelope cut short": envelope.subarray(0, -1),
      "an envelope with a byte behind it": Buffer.concat([envelope, Buffer.of(0)]),
      "an envelope with its last bit changed": flipped(envelope, -1),
      "an envelope of an unknown version": Buffer.concat([Buffer.of(9), envelope.subarray(1)]),
      "an envelope with its session changed": Buffer.concat([head, flipped(session, 30), rest]),
      "an envelope without its report": Buffer.concat([head, session, rest.subarray(0, 20)]),
      "another action": Buffer.concat([head, session, Buffer.from(rest.toString("latin1").replace("login", "admin"), "latin1")]),
      "the counter after": Buffer.concat([head, session, rest.subarray(0, 6), Buffer.of(rest[6] + 1), rest.subarray(7)]),
      "a plain report": plainReport(),
      "a plain report of an unknown reason": Buffer.of(0, 200),
      "a plain report with an impossible action": Buffer.concat([plainReport(), Buffer.from("<script>")]),
      "JSON": Buffer.from('{"score": 1}'),
    };
    assert.equal(rest.subarray(1, 6).toString(), "login", "the layout that this test takes apart");
    for (const [name, body] of Object.entries(bodies)) {
      await assertWorthless(name, await postToAgent(verifier, "token", body));
    }
  });

  test("the envelope of another session does not open", async () => {
    const [mine, yours] = [parts(await capture()), parts(await capture())];
    await assertWorthless("exchanged sessions", await postToAgent(verifier, "token", Buffer.concat([mine.head, yours.session, mine.rest])));
  });

  test("the envelope of another site key does not open", async () => {
    const other = await verifier.newSiteKey(verifier.project);
    await assertWorthless("another site key", await postToAgent(verifier, "token", await capture(), { siteKey: other.siteKey }));
  });

  test("a spoilt envelope spends the same token as the one it was made from", async () => {
    const envelope = await capture();
    const spoilt = Buffer.concat([envelope.subarray(0, -1), Buffer.of(envelope.at(-1) ^ 1)]);
    const [first, second] = [await postToAgent(verifier, "token", spoilt), await postToAgent(verifier, "token", envelope)];
    await assess(verifier, token(first));
    assert.equal((await assess(verifier, token(second))).tokenProperties.invalidReason, "DUPE");
  });

  test("an oversized body is refused before it is read", async () => {
    for (const door of ["session", "token"]) {
      assert.equal((await postToAgent(verifier, door, Buffer.alloc(65_537))).status, 413, door);
    }
  });

  test("an unknown site key is named as such at both doors", async () => {
    for (const door of ["session", "token"]) {
      for (const siteKey of ["", "nonsense", "x".repeat(5_000), "6Le\u0000"]) {
        const { status, body } = await postToAgent(verifier, door, await capture(), { siteKey });
        assert.equal(status, 404, `${door} ${siteKey.slice(0, 20)}`);
        assert.equal(JSON.parse(body).error.status, "NOT_FOUND");
      }
    }
  });

  test("a session opens for whatever is presented as the one before", async () => {
    for (const body of [Buffer.alloc(0), randomBytes(100), Buffer.alloc(65_536), parts(await capture()).session]) {
      const answer = await postToAgent(verifier, "session", body);
      assert.equal(answer.status, 200);
      assert.ok(answer.body.length > 100 && answer.body.length < 1_200, `${answer.body.length} bytes`);
    }
  });

  test("a token posted as an envelope, or a sealed session assessed as a token, opens nothing", async () => {
    await assertWorthless("a token as an envelope", await postToAgent(verifier, "token", Buffer.from(genuine.body)));
    const { session } = parts(await capture());
    const { tokenProperties } = await assess(verifier, session.toString("base64url"));
    assert.equal(tokenProperties.invalidReason, "MALFORMED");
  });

  test("a token without a page's origin, or with an odd one, does not count", async () => {
    for (const origin of ["null", "", "localhost", "http://localhost.example", "http://xlocalhost", "http://localhost@example.com"]) {
      const answer = await postToAgent(verifier, "token", await capture(), { origin });
      const { tokenProperties } = await assess(verifier, token(answer));
      assert.equal(tokenProperties.invalidReason, "DOMAIN_MISMATCH", origin);
    }
  });
});
