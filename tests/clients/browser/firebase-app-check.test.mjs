// npm @firebase/app-check 0.13.1: it takes the global that it finds, so our script stands before it. It hands the token to
// Firebase, which asks the incumbent: only for projects with a provider of their own.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { scriptTag } from "../../harness/site.mjs";
import { startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript } from "./page.mjs";

describe("@firebase/app-check 0.13.1", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  for (const [provider, name, field] of [
    ["ReCaptchaV3Provider", "recaptcha/api.js", "recaptcha_v3_token"],
    ["ReCaptchaEnterpriseProvider", "recaptcha/enterprise.js", "recaptcha_enterprise_token"],
  ]) {
    test(`its ${provider} hands on a valid token`, async () => {
      let exchanged;
      const prepare = (page) =>
        page.route("https://content-firebaseappcheck.googleapis.com/**", (route) => {
          exchanged = route.request().postDataJSON();
          const claims = Buffer.from(JSON.stringify({ iat: 1, exp: Date.now() })).toString("base64url");
          return route.fulfill({ json: { token: `e30.${claims}.x`, ttl: "3600s" }, headers: { "access-control-allow-origin": "*" } });
        });
      const script = `
        import { initializeApp } from "@firebase/app";
        import { getToken, initializeAppCheck, ${provider} } from "@firebase/app-check";
        const app = initializeApp({ projectId: "shop", apiKey: "k", appId: "1:2:web:3" });
        const check = initializeAppCheck(app, { provider: new ${provider}(SITE_KEY) });
        getToken(check).then(() => (said.done = true), (error) => (said.done = String(error)));`;
      const head = scriptTag(stage.verifier, { name, query: "render=explicit" });
      const { said } = await openScript(stage, script, { head, prepare });
      assert.equal(await said("done"), true);
      await assertValid(stage, exchanged[field], "fire_app_check");
    });
  }
});
