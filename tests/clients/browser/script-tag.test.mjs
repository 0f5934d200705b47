// The script tag of the incumbent's documentation, and what its pages take for granted.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { scriptTag } from "../../harness/site.mjs";
import { startStage } from "../stage.mjs";
import { assertValid } from "./page.mjs";

describe("a script tag", needsChromium, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const pageOf = (body) => ({ body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>${body}</html>` });
  const pressed = async (page) => {
    const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/login"));
    await page.getByRole("button", { name: "Sign in" }).click();
    const token = new URLSearchParams((await sent).postData()).get("g-recaptcha-response");
    await page.waitForURL("**/login");
    return token;
  };

  test("ready and onload come when what stands after the script is there", async () => {
    const tag = scriptTag(stage.verifier, { name: "recaptcha/api.js", query: `render=${stage.verifier.siteKey}&onload=loaded` });
    stage.pages["/slow.js"] = { body: "", type: "text/javascript" };
    stage.pages["/order"] = pageOf(`
      <script>
        const seen = {};
        function loaded() { seen.onload = Boolean(document.getElementById("field")); }
      </script>
      ${tag}
      <script>grecaptcha.ready(() => { seen.ready = Boolean(document.getElementById("field")); });</script>
      <script src="/slow.js"></script>
      <input id="field">`);
    const slow = (page) => page.route("**/slow.js", (route) => setTimeout(() => route.continue(), 500));
    const { page, heard } = await stage.open("/order", slow);
    await page.waitForFunction("seen.ready !== undefined");
    assert.deepEqual(await page.evaluate("seen"), { onload: true, ready: true });
    assert.deepEqual(await heard(), []);
  });

  test("a button that is pressed before the widget's file has come sends its form with a token", async () => {
    stage.pages["/login"] = { body: "" };
    stage.pages["/early"] = pageOf(`
      ${scriptTag(stage.verifier, { name: "recaptcha/enterprise.js", query: "" })}
      <form method="post" action="/login">
        <button class="g-recaptcha" data-sitekey="${stage.verifier.siteKey}" data-callback="send" data-action="login">Sign in</button>
      </form>
      <script>
        function send() { document.forms[0].submit(); }
        var isReady = new Promise((resolve) => grecaptcha.enterprise.ready(resolve));
      </script>`);
    const slow = (page) => page.route("**/recaptcha/agent/*.js", (route) => setTimeout(() => route.continue(), 1_500));
    const { page } = await stage.open("/early", slow);
    await page.evaluate("isReady");
    await assertValid(stage, await pressed(page), "login");
  });
});
