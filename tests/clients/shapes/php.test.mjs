// Packagist google/recaptcha 1.3.1: its ways to send the same form, as PHP 8.2 writes them to the wire.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { replay } from "./wire.mjs";

describe("google/recaptcha for PHP", needsChromium, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const form = async () => `secret=${stage.verifier.secret}&response=${await stage.token()}&remoteip=203.0.113.7&version=php_1.3.1`;
  const REQUEST = "POST /recaptcha/api/siteverify HTTP/1.1";
  const TYPE = "Content-type: application/x-www-form-urlencoded";

  async function assertValid(head, body) {
    const { status, json } = await replay(stage.verifier, head, body);
    assert.equal(status, 200);
    assert.equal(json.success, true);
    assert.match(json.challenge_ts, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  }

  test("RequestMethod\\Post gets a valid answer", async () => {
    await assertValid([REQUEST, "Host", "Connection: close", "Content-Length", TYPE], await form());
  });

  test("RequestMethod\\CurlPost gets a valid answer", async () => {
    await assertValid([REQUEST, "Host", "Accept: */*", "Content-Type: application/x-www-form-urlencoded", "Content-Length", "Connection: close"], await form());
  });

  test("RequestMethod\\SocketPost gets a valid answer, though it sends two empty lines too many", async () => {
    const body = await form();
    const head = [REQUEST, "Host", "Content-Type: application/x-www-form-urlencoded", `Content-length: ${body.length}`, "Connection: close"];
    await assertValid(head, `${body}\r\n\r\n`);
  });
});
