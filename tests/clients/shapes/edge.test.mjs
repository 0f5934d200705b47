// The official workers for the edge of a network (recaptcha-edge): what they ask of RECAPTCHA_ENDPOINT.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { operate, startStage } from "../stage.mjs";
import { replay } from "./wire.mjs";

describe("recaptcha-edge", needsChromium, () => {
  let stage, siteKey;
  before(async () => {
    stage = await startStage();
    const { name } = await operate(stage, "POST", "keys", {
      displayName: "edge",
      webSettings: { integrationType: "SCORE", allowedDomains: ["localhost"] },
      wafSettings: { wafService: "CLOUDFLARE", wafFeature: "ACTION_TOKEN" },
    });
    siteKey = name.split("/").at(-1);
  });
  after(() => stage?.stop());

  const TYPE = "content-type: application/json;charset=UTF-8";
  const v1 = (verb, path, more = "") => `${verb} /v1/projects/${stage.verifier.project}/${path}?key=${stage.verifier.apiKey}${more} HTTP/1.1`;
  const event = (token) => ({
    token,
    siteKey,
    wafTokenAssessment: true,
    userAgent: "Mozilla/5.0 (X11; Linux x86_64)",
    userIpAddress: "203.0.113.7",
    requestedUri: "https://shop.example/login",
    headers: ["cf-connecting-ip:203.0.113.7", "user-agent:Mozilla/5.0 (X11; Linux x86_64)", "x-recaptcha-token:action-token"],
    ja3: "",
    firewallPolicyEvaluation: false,
  });
  const assess = async (token, client = "@google-cloud/recaptcha-cloudflare") => {
    const body = JSON.stringify({ event: event(token), assessmentEnvironment: { client, version: "1.5.0" } });
    return replay(stage.verifier, [v1("POST", "assessments"), TYPE, "Host", "Content-Length", "Connection: close"], body);
  };

  test("policies are listed with page_size=1000, in their order, with conditions that the worker evaluates", async () => {
    const policies = [
      { path: "/login", condition: "recaptcha.score < 0.5", actions: [{ block: {} }], description: "doubtful" },
      { path: "/**", condition: "", actions: [{ setHeader: { key: "x-score", value: "low" } }, { allow: {} }], description: "all" },
    ];
    for (const policy of policies) await operate(stage, "POST", "firewallpolicies", policy);
    const { status, json } = await replay(stage.verifier, [v1("GET", "firewallpolicies", "&page_size=1000"), TYPE, "Host", "Connection: close"]);
    assert.equal(status, 200);
    assert.deepEqual(
      json.firewallPolicies.map(({ path, condition, actions, description }) => ({ path, condition, actions, description })),
      policies,
    );
  });

  test("a token of the page, sent on as a header, is assessed with what the edge knows", async () => {
    const { page } = await stage.open("/");
    const token = await page.evaluate(async (key) => {
      await new Promise((resolve) => grecaptcha.enterprise.ready(resolve));
      return grecaptcha.enterprise.execute(key, { action: "login" });
    }, siteKey);
    const { status, json } = await assess(token);
    assert.equal(status, 200);
    assert.equal(json.tokenProperties.valid, true, JSON.stringify(json.tokenProperties));
    assert.deepEqual(json.event.headers, event(token).headers);
    assert.equal(json.event.wafTokenAssessment, true);
  });

  test("a request without a token is assessed, too", async () => {
    const { status, json } = await assess("");
    assert.deepEqual([status, json.tokenProperties.valid, json.tokenProperties.invalidReason], [200, false, "MISSING"]);
  });
});
