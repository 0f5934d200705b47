// npm reaptcha 1.12.1: it loads nothing where a script of such an address stands already, so ours stands before it.

import { after, before, describe, test } from "node:test";
import { scriptTag } from "../../harness/site.mjs";
import { newKey, startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript, tick } from "./page.mjs";

describe("reaptcha 1.12.1", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const open = (siteKey, attributes) =>
    openScript(
      stage,
      `import { createRef } from "react";
       import { createRoot } from "react-dom/client";
       import Reaptcha from "reaptcha";
       const widget = (window.widget = createRef());
       createRoot(document.getElementById("root")).render(
         <form><Reaptcha ref={widget} sitekey={SITE_KEY} ${attributes} onRender={() => (said.rendered = true)} onVerify={(token) => (said.token = token)} /></form>,
       );`,
      { head: scriptTag(stage.verifier, { name: "recaptcha/api.js", query: "render=explicit" }), siteKey },
    );

  test("its ticked checkbox gives a valid token", async () => {
    const { siteKey } = await newKey(stage, "CHECKBOX");
    const { page, said, assertClean } = await open(siteKey, "");
    await tick(page);
    await assertValid(stage, await said("token"), undefined, { siteKey });
    await assertClean();
  });

  test("execute of its invisible widget gives a valid token", async () => {
    const { siteKey } = await newKey(stage, "INVISIBLE");
    const { page, said, assertClean } = await open(siteKey, 'size="invisible"');
    await said("rendered");
    await page.evaluate("widget.current.execute()");
    await assertValid(stage, await said("token"), undefined, { siteKey });
    await assertClean();
  });
});
