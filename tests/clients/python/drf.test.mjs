// PyPI drf-recaptcha 4.0.3: as with django-recaptcha, a domain, called by https alone.

import { describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { tokenOf } from "../browser/page.mjs";
import { newKey, startStage } from "../stage.mjs";
import { checkPromises, needsPython } from "./python.mjs";

describe("drf-recaptcha 4.0.3", needsPython, () => {
  test("a script that uses its serializer fields works", needsChromium, async (t) => {
    const stage = await startStage({ tls: true });
    try {
      const scored = await newKey(stage, "SCORE");
      const checkbox = await newKey(stage, "CHECKBOX");
      scored.token = await tokenOf(stage, scored.siteKey, "login");
      checkbox.token = await tokenOf(stage, checkbox.siteKey);
      await checkPromises(t, "drf.py", stage, { tokens: 1, more: { scored, checkbox }, env: { SSL_CERT_FILE: stage.authority.ca } });
    } finally {
      await stage.stop();
    }
  });
});
