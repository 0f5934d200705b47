// RubyGems recaptcha 5: its three requests, as Ruby 3.1 writes them to the wire.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { replay } from "./wire.mjs";

describe("recaptcha for Ruby", needsChromium, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const RUBY = ["Accept-Encoding: gzip;q=1.0,deflate;q=0.6,identity;q=0.3", "Accept: */*", "User-Agent: Ruby"];
  const JSON_TYPE = "Content-Type: application/json; charset=utf-8";

  /** What the gem sends for a token, by its default: everything in the address. */
  const byQuery = (secret, response) =>
    replay(stage.verifier, [`GET /recaptcha/api/siteverify?secret=${secret}&response=${response}&remoteip=203.0.113.7 HTTP/1.1`, ...RUBY, "Connection: close", "Host"]);

  test("verify_recaptcha asks by GET, and the token is valid once", async () => {
    const token = await stage.token();
    const { status, json } = await byQuery(stage.verifier.secret, token);
    assert.equal(status, 200);
    assert.equal(json.success, true);
    assert.equal(json.hostname, "localhost");
    assert.equal(json.action, "login");
    assert.equal(typeof json.score, "number");
    const again = await byQuery(stage.verifier.secret, token);
    assert.deepEqual([again.status, again.json["error-codes"]], [200, ["timeout-or-duplicate"]]);
  });

  test("with json: true it asks by POST", async () => {
    const body = JSON.stringify({ secret: stage.verifier.secret, response: await stage.token(), remoteip: "203.0.113.7" });
    const { status, json } = await replay(stage.verifier, ["POST /recaptcha/api/siteverify HTTP/1.1", ...RUBY, JSON_TYPE, "Connection: close", "Host", "Content-Length"], body);
    assert.deepEqual([status, json.success], [200, true]);
  });

  test("with enterprise: true it asks for an assessment", async () => {
    const { project, siteKey, apiKey } = stage.verifier;
    const event = { token: await stage.token(), siteKey, expectedAction: "login", userIpAddress: "203.0.113.7" };
    const head = [`POST /v1/projects/${project}/assessments?key=${apiKey} HTTP/1.1`, ...RUBY, "Referer: shop.example", JSON_TYPE, "Connection: close", "Host", "Content-Length"];
    const { status, json } = await replay(stage.verifier, head, JSON.stringify({ event }));
    assert.equal(status, 200);
    assert.equal(json.tokenProperties.valid, true);
    assert.equal(json.tokenProperties.action, "login");
    assert.equal(typeof json.riskAnalysis.score, "number");
  });

  test("the frame that it writes for browsers without script is there", async () => {
    for (const kind of ["api", "enterprise"]) {
      const response = await fetch(`${stage.verifier.origin}/recaptcha/${kind}/fallback?k=${stage.verifier.siteKey}`);
      assert.equal(response.status, 200);
      assert.match(response.headers.get("content-type"), /^text\/html/);
    }
  });

  test("the gem lets every token through to the verifier: none is shorter than 100 or longer than 4000 characters", async () => {
    const { length } = await stage.token();
    assert.ok(length >= 100 && length <= 4000, String(length));
  });
});
