// npm ng-recaptcha 13.2.1: RECAPTCHA_BASE_URL is the script's address.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { newKey, startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript, tick } from "./page.mjs";

describe("ng-recaptcha 13.2.1", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  /** A page with one component, which Angular's compiler makes in the browser. */
  const app = (template, constructor, providers) => `
    import "zone.js";
    import "@angular/compiler";
    import { Component, importProvidersFrom, inject } from "@angular/core";
    import { bootstrapApplication } from "@angular/platform-browser";
    import { RECAPTCHA_BASE_URL, RECAPTCHA_V3_SITE_KEY, ReCaptchaV3Service, RecaptchaModule, RecaptchaV3Module } from "ng-recaptcha";
    class Shop {
      key = SITE_KEY;
      resolved(token) { said.token = token; }
      constructor() { ${constructor} }
    }
    Component({ selector: "div#root", standalone: true, imports: [RecaptchaModule], template: ${JSON.stringify(template)} })(Shop);
    const address = { provide: RECAPTCHA_BASE_URL, useValue: ORIGIN + "/recaptcha/api.js" };
    bootstrapApplication(Shop, { providers: [address, ${providers}] });`;

  test("its service for scores gives a valid token", async () => {
    const script = app(
      "<p>Shop</p>",
      'inject(ReCaptchaV3Service).execute("login").subscribe((token) => this.resolved(token));',
      "importProvidersFrom(RecaptchaV3Module), { provide: RECAPTCHA_V3_SITE_KEY, useValue: SITE_KEY }",
    );
    const { said, asked } = await openScript(stage, script);
    await assertValid(stage, await said("token"), "login");
    assert.ok(asked.some((url) => url.includes("trustedtypes=true") && url.startsWith(stage.verifier.origin)), asked.join());
  });

  test("its ticked checkbox gives a valid token", async () => {
    const { siteKey } = await newKey(stage, "CHECKBOX");
    const script = app('<form><re-captcha [siteKey]="key" (resolved)="resolved($event)"></re-captcha></form>', "", "importProvidersFrom(RecaptchaModule)");
    const { page, said } = await openScript(stage, script, { siteKey });
    await tick(page);
    await assertValid(stage, await said("token"), undefined, { siteKey });
  });
});
