// Clients that send the question as multipart/form-data: a FormData as the body of fetch, in workers at an edge and in Node.js,
// and the array that PHP gives to CURLOPT_POSTFIELDS.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { replay } from "./wire.mjs";

describe("forms in parts", needsChromium, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const PATHS = ["/recaptcha/api/siteverify", "/turnstile/v0/siteverify"];

  test("a FormData sent by fetch gets a valid answer of both verifications", async () => {
    for (const path of PATHS) {
      const body = new FormData();
      body.append("secret", stage.verifier.secret);
      body.append("response", await stage.token());
      body.append("remoteip", "203.0.113.7");
      const response = await fetch(stage.verifier.origin + path, { method: "POST", body });
      assert.equal((await response.json()).success, true, path);
    }
  });

  test("an array that PHP's curl sends gets a valid answer of both verifications", async () => {
    for (const path of PATHS) {
      const boundary = "------------------------d74496d66958873e";
      const fields = { secret: stage.verifier.secret, response: await stage.token(), remoteip: "203.0.113.7" };
      const parts = Object.entries(fields).map(([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`);
      const body = `${parts.join("")}--${boundary}--\r\n`;
      const type = `Content-Type: multipart/form-data; boundary=${boundary}`;
      const { status, json } = await replay(stage.verifier, [`POST ${path} HTTP/1.1`, "Host", "Accept: */*", "Content-Length", type, "Connection: close"], body);
      assert.deepEqual([status, json.success], [200, true], path);
    }
  });
});
