// npm react-google-recaptcha 3.1.0: it takes the global that it finds, so our script stands before it, or the shim.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { scriptTag } from "../../harness/site.mjs";
import { newKey, startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript, tick } from "./page.mjs";

describe("react-google-recaptcha 3.1.0", needsWrappers, () => {
  let stage, checkbox, invisible;
  before(async () => {
    stage = await startStage();
    checkbox = (await newKey(stage, "CHECKBOX")).siteKey;
    invisible = (await newKey(stage, "INVISIBLE")).siteKey;
  });
  after(() => stage?.stop());

  const ways = {
    "our script before it": () => scriptTag(stage.verifier, { name: "recaptcha/api.js", query: "render=explicit" }),
    "the shim before it": () => `<script src="${stage.verifier.origin}/recaptcha/shim.js"></script>`,
  };
  const app = (element) => `
    import { createRef } from "react";
    import { createRoot } from "react-dom/client";
    import ReCAPTCHA from "react-google-recaptcha";
    const widget = (window.widget = createRef());
    const change = (token) => (token ? (said.token = token) : (said.expired = true));
    createRoot(document.getElementById("root")).render(${element});`;

  for (const [way, head] of Object.entries(ways)) {
    test(`with ${way}, its ticked checkbox gives a valid token`, async () => {
      const element = '<form><ReCAPTCHA ref={widget} sitekey={SITE_KEY} onChange={change} theme="dark" asyncScriptOnLoad={() => (said.loaded = true)} /></form>';
      const { page, said, assertClean } = await openScript(stage, app(element), { head: head(), siteKey: checkbox });
      await tick(page);
      const token = await said("token");
      assert.equal(await page.evaluate("widget.current.getValue()"), token);
      await assertValid(stage, token, undefined, { siteKey: checkbox });
      await page.evaluate("widget.current.reset()");
      assert.equal(await page.evaluate("widget.current.getValue()"), "");
      await assertClean();
    });

    test(`with ${way}, executeAsync of its invisible widget gives valid tokens, one after the other`, async () => {
      const element = '<ReCAPTCHA ref={widget} sitekey={SITE_KEY} size="invisible" onChange={change} asyncScriptOnLoad={() => (said.loaded = true)} />';
      const { page, assertClean } = await openScript(stage, app(element), { head: head(), siteKey: invisible });
      const next = () => page.evaluate("widget.current.executeAsync()");
      await page.waitForFunction("window.widget.current");
      const first = await next();
      await assertValid(stage, first, undefined, { siteKey: invisible });
      await page.evaluate("widget.current.reset()");
      const second = await next();
      assert.notEqual(second, first);
      await assertValid(stage, second, undefined, { siteKey: invisible });
      await assertClean();
    });
  }
});
