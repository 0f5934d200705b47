// npm @nestlab/google-recaptcha 3.11.3: `network` is the address of siteverify.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { needsWrappers } from "../browser/page.mjs";
import { startStage } from "../stage.mjs";

describe("@nestlab/google-recaptcha 3.11.3", needsWrappers, () => {
  let stage, app, validator;

  before(async () => {
    stage = await startStage();
    const require = createRequire(import.meta.url);
    require("reflect-metadata");
    const { Module } = require("@nestjs/common");
    const { NestFactory } = require("@nestjs/core");
    const { GoogleRecaptchaModule, GoogleRecaptchaValidator } = require("@nestlab/google-recaptcha");
    const { origin, secret: secretKey } = stage.verifier;
    class Shop {}
    const options = { secretKey, network: `${origin}/recaptcha/api/siteverify`, response: (request) => request.token };
    Module({ imports: [GoogleRecaptchaModule.forRoot(options)] })(Shop);
    app = await NestFactory.createApplicationContext(Shop, { logger: false });
    validator = app.get(GoogleRecaptchaValidator);
  });
  after(async () => {
    await app?.close();
    await stage?.stop();
  });

  test("a real token is valid with its action and score, once", async () => {
    const response = await stage.token("login");
    const first = await validator.validate({ response, action: "login", score: () => true });
    assert.equal(first.success, true, JSON.stringify(first));
    assert.equal(first.action, "login");
    assert.equal(first.hostname, "localhost");
    assert.equal(typeof first.score, "number");
    const second = await validator.validate({ response, action: "login", score: () => true });
    assert.deepEqual([second.success, second.errors], [false, ["timeout-or-duplicate"]]);
  });

  test("another action than the expected one is refused", async () => {
    const response = await stage.token("login");
    const { success, errors } = await validator.validate({ response, action: "pay", score: () => true });
    assert.deepEqual([success, errors], [false, ["forbidden-action"]]);
  });
});
