// npm recaptcha-v3 1.11.3: `customUrl` is the script's address.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript } from "./page.mjs";

describe("recaptcha-v3 1.11.3", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  for (const [script, options] of [
    ["api.js", {}],
    ["enterprise.js", { useEnterprise: true }],
  ]) {
    test(`with ${script} as its customUrl, execute gives a valid token`, async () => {
      const { said, assertClean } = await openScript(
        stage,
        `import { load } from "recaptcha-v3";
         const options = { customUrl: ORIGIN + "/recaptcha/${script}", ...${JSON.stringify(options)} };
         load(SITE_KEY, options).then((recaptcha) => recaptcha.execute("login")).then((token) => (said.token = token));`,
      );
      await assertValid(stage, await said("token"), "login");
      await assertClean();
    });
  }

  test("its parameters reach the script, and the badge goes where they say and hides when told", async () => {
    const { page, said, assertClean } = await openScript(
      stage,
      `import { load } from "recaptcha-v3";
       const options = {
         customUrl: ORIGIN + "/recaptcha/api.js",
         autoHideBadge: true,
         renderParameters: { hl: "de" },
         explicitRenderParameters: { badge: "inline", container: "badge" },
       };
       load(SITE_KEY, options).then((recaptcha) => recaptcha.execute("cart")).then((token) => (said.token = token));`,
      { body: '<div id="badge"></div>' },
    );
    await assertValid(stage, await said("token"), "cart");
    const badge = page.locator("#badge .grecaptcha-badge");
    await badge.waitFor({ state: "attached" });
    assert.equal(await badge.isVisible(), false);
    await assertClean();
  });
});
