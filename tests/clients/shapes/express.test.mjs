// npm express-recaptcha 5.1.0 and its like: they put secret and token together without encoding them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { replay } from "./wire.mjs";

describe("clients that encode nothing", needsChromium, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  test("secret and token hold nothing that would have to be encoded, so the answer is valid", async () => {
    const { secret } = stage.verifier;
    const token = await stage.token();
    const { status, json } = await replay(stage.verifier, [`GET /recaptcha/api/siteverify?secret=${secret}&response=${token} HTTP/1.1`, "Host", "Connection: close"]);
    assert.deepEqual([status, json.success], [200, true]);
    assert.match(secret + token + stage.verifier.siteKey, /^[A-Za-z0-9_-]+$/);
  });

  test("remoteip may be the word None, as some write for an address that they do not know", async () => {
    const body = `secret=${stage.verifier.secret}&response=${await stage.token()}&remoteip=None`;
    const head = ["POST /recaptcha/api/siteverify HTTP/1.1", "Host", "Content-Type: application/x-www-form-urlencoded", "Content-Length", "Connection: close"];
    assert.equal((await replay(stage.verifier, head, body)).json.success, true);
  });
});
