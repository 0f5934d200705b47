// PyPI django-recaptcha 4.1.0: its one setting is a domain, which it calls by https alone, so the verifier serves TLS by the
// certificate of a company's own authority.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CHROMIUM } from "../../harness/chromium.mjs";
import { tick } from "../browser/page.mjs";
import { newKey, startStage } from "../stage.mjs";
import { needsPython, startPythonSite } from "./python.mjs";

const needs = CHROMIUM ? needsPython : { skip: "there is no Chromium" };

describe("django-recaptcha 4.1.0", needs, () => {
  let stage, site;

  before(async () => {
    stage = await startStage({ tls: true });
    const more = { checkbox: await newKey(stage, "CHECKBOX"), invisible: await newKey(stage, "INVISIBLE") };
    site = await startPythonSite("django_site.py", stage, { more, env: { SSL_CERT_FILE: stage.authority.ca } });
  });
  after(async () => {
    await site?.stop();
    await stage?.stop();
  });

  /** Sends a form of the site after `fill`, and returns what Django made of it. */
  async function sent(path, fill = () => {}) {
    const { page, heard, asked } = await stage.open(`${site.origin}/${path}`);
    await fill(page);
    const answered = page.waitForResponse((response) => response.request().method() === "POST" && response.url() === `${site.origin}/${path}`);
    await page.locator("#go").click();
    const answer = JSON.parse(await (await answered).text());
    assert.deepEqual(await heard(), []);
    const own = [stage.verifier.origin, site.origin, "data:", "blob:"];
    assert.deepEqual(asked.filter((url) => !own.some((start) => url.startsWith(start))), []);
    return answer;
  }

  test("a form with its widget for scores is valid", async () => {
    const ready = (page) => page.evaluate(() => new Promise((resolve) => grecaptcha.ready(resolve)));
    assert.deepEqual(await sent("v3", ready), { valid: true, errors: {} });
  });

  test("a form with its checkbox is valid when the box is ticked", async () => {
    assert.deepEqual(await sent("checkbox", tick), { valid: true, errors: {} });
  });

  test("a form with its checkbox is not valid when the box is not ticked", async () => {
    assert.equal((await sent("checkbox")).valid, false);
  });

  test("a form with its invisible widget is valid", async () => {
    assert.deepEqual(await sent("invisible"), { valid: true, errors: {} });
  });

  test("a token that is none is refused", async () => {
    const body = new URLSearchParams({ captcha: "nonsense" });
    const answer = await (await fetch(`${site.origin}/v3`, { method: "POST", body })).json();
    assert.deepEqual(answer, { valid: false, errors: { captcha: ["Error verifying reCAPTCHA, please try again."] } });
  });
});
