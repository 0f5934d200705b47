// npm vue-recaptcha 2.0.3: `recaptchaHost` is the host, called by https alone; without TLS our script stands before it.

import { after, before, describe, test } from "node:test";
import { scriptTag } from "../../harness/site.mjs";
import { newKey, startStage } from "../stage.mjs";
import { needsWrappers, openScript, tick } from "./page.mjs";

describe("vue-recaptcha 2.0.3", needsWrappers, () => {
  for (const tls of [true, false]) {
    test(`${tls ? "with recaptchaHost" : "with our script before it"}, its ticked checkbox gives a token`, async () => {
      const stage = await startStage({ tls });
      try {
        const { siteKey } = await newKey(stage, "CHECKBOX");
        const settings = tls ? { "recaptcha-host": new URL(stage.verifier.origin).host } : { "load-recaptcha-script": false };
        const { page, said, assertClean } = await openScript(
          stage,
          `import { createApp, h } from "vue";
           import { VueRecaptcha } from "vue-recaptcha";
           const widget = { sitekey: SITE_KEY, onVerify: (token) => (said.token = token), ...${JSON.stringify(settings)} };
           createApp({ render: () => h("form", [h(VueRecaptcha, widget)]) }).mount("#root");`,
          { head: tls ? "" : scriptTag(stage.verifier, { name: "recaptcha/api.js", query: "render=explicit" }), siteKey },
        );
        await tick(page);
        await said("token");
        await assertClean();
      } finally {
        await stage.stop();
      }
    });
  }
});
