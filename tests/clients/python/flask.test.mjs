// PyPI Flask-WTF 1.3.0: two addresses to set, that of the script and that of siteverify.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CHROMIUM } from "../../harness/chromium.mjs";
import { tick } from "../browser/page.mjs";
import { newKey, startStage } from "../stage.mjs";
import { needsPython, startPythonSite } from "./python.mjs";

const needs = CHROMIUM ? needsPython : { skip: "there is no Chromium" };

describe("Flask-WTF 1.3.0", needs, () => {
  let stage;

  before(async () => {
    stage = await startStage();
  });
  after(() => stage?.stop());

  /** Runs a test on a site whose key is of a type, with further settings of Flask. */
  async function onSite(key, settings, check) {
    const { siteKey, secret } = key;
    const site = await startPythonSite("flask_site.py", stage, { more: { siteKey, secret, settings } });
    try {
      await check(site.origin);
    } finally {
      await site.stop();
    }
  }

  const post = async (origin, token) => (await fetch(origin, { method: "POST", body: new URLSearchParams({ "g-recaptcha-response": token }) })).json();

  test("a real token is valid, once; what is no token never is", async () => {
    await onSite(stage.verifier, {}, async (origin) => {
      const token = await stage.token();
      assert.deepEqual(await post(origin, token), { valid: true, errors: {} });
      assert.equal((await post(origin, token)).valid, false);
      const { valid, errors } = await post(origin, "nonsense");
      assert.deepEqual({ valid, errors }, { valid: false, errors: { recaptcha: ["The response parameter is invalid or malformed."] } });
    });
  });

  test("a form with its checkbox, its parameters and attributes is valid when the box is ticked", async () => {
    const settings = { RECAPTCHA_PARAMETERS: { hl: "fr" }, RECAPTCHA_DATA_ATTRS: { theme: "dark", size: "compact" } };
    await onSite(await newKey(stage, "CHECKBOX"), settings, async (origin) => {
      const { page, heard } = await stage.open(origin);
      await tick(page);
      await page.locator("#go").click();
      await page.waitForFunction(() => document.body.textContent.includes("valid"));
      assert.deepEqual(JSON.parse(await page.locator("body").textContent()), { valid: true, errors: {} });
      assert.deepEqual(await heard(), []);
    });
  });
});
