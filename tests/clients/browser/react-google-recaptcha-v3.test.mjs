// npm react-google-recaptcha-v3 1.11.0: it knows the incumbent's hosts alone, so a line before it loads the shim.

import { after, before, describe, test } from "node:test";
import { scriptTag } from "../../harness/site.mjs";
import { startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript } from "./page.mjs";

describe("react-google-recaptcha-v3 1.11.0", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  const shim = () => `<script src="${stage.verifier.origin}/recaptcha/shim.js"></script>`;
  const app = (tree, provider = {}) => `
    import { StrictMode, useEffect, useState } from "react";
    import { createRoot } from "react-dom/client";
    import { GoogleReCaptchaProvider, useGoogleReCaptcha } from "react-google-recaptcha-v3";
    function Shop() {
      const { executeRecaptcha } = useGoogleReCaptcha();
      useEffect(() => {
        if (executeRecaptcha) executeRecaptcha("login").then((token) => (said.token = token), (error) => (said.failure = String(error)));
      }, [executeRecaptcha]);
      return <p>Shop</p>;
    }
    const Provider = () => <GoogleReCaptchaProvider reCaptchaKey={SITE_KEY} {...${JSON.stringify(provider)}}><Shop /></GoogleReCaptchaProvider>;
    const root = createRoot(document.getElementById("root"));
    root.render(${tree});
    window.leave = () => root.unmount();`;

  for (const [name, tree] of [
    ["StrictMode, which mounts everything twice", "<StrictMode><Provider /></StrictMode>"],
    ["a plain tree", "<Provider />"],
  ]) {
    test(`with the shim, in ${name}, its hook gives a valid token`, async () => {
      const { page, said, assertClean } = await openScript(stage, app(tree), { head: shim() });
      await assertValid(stage, await said("token"), "login");
      await page.evaluate("leave()");
      await assertClean();
    });
  }

  test("with the shim, of enterprise.js and recaptcha.net, its hook gives a valid token", async () => {
    const { said, assertClean } = await openScript(stage, app("<Provider />", { useEnterprise: true, useRecaptchaNet: true, language: "fr" }), { head: shim() });
    await assertValid(stage, await said("token"), "login");
    await assertClean();
  });

  test("with the shim, a widget in a container of the page gives a valid token", async () => {
    const container = { container: { element: "badge", parameters: { badge: "inline", theme: "dark" } } };
    const { page, said, assertClean } = await openScript(stage, app("<Provider />", container), { head: shim(), body: '<div id="badge"></div>' });
    await assertValid(stage, await said("token"), "login");
    await page.locator("#badge .grecaptcha-badge").waitFor({ state: "attached" });
    await assertClean();
  });

  test("without the shim, our script loaded under its id is enough for a plain tree", async () => {
    const head = scriptTag(stage.verifier, { name: "recaptcha/api.js", attributes: 'id="google-recaptcha-v3"' });
    const { said, assertClean } = await openScript(stage, app("<Provider />"), { head });
    await assertValid(stage, await said("token"), "login");
    await assertClean();
  });
});
