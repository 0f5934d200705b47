// npm vue-recaptcha-v3 2.0.1: `customUrl` among its loader's options is the script's address.

import { after, before, describe, test } from "node:test";
import { startStage } from "../stage.mjs";
import { assertValid, needsWrappers, openScript } from "./page.mjs";

describe("vue-recaptcha-v3 2.0.1", needsWrappers, () => {
  let stage;
  before(async () => (stage = await startStage()));
  after(() => stage?.stop());

  test("a component that uses useReCaptcha gets a valid token", async () => {
    const { said, assertClean } = await openScript(
      stage,
      `import { createApp, h } from "vue";
       import { VueReCaptcha, useReCaptcha } from "vue-recaptcha-v3";
       const Shop = {
         setup() {
           const { executeRecaptcha, recaptchaLoaded } = useReCaptcha();
           recaptchaLoaded().then(() => executeRecaptcha("login")).then((token) => (said.token = token));
           return () => h("p", "Shop");
         },
       };
       createApp(Shop).use(VueReCaptcha, { siteKey: SITE_KEY, loaderOptions: { customUrl: ORIGIN + "/recaptcha/api.js" } }).mount("#root");`,
    );
    await assertValid(stage, await said("token"), "login");
    await assertClean();
  });
});
