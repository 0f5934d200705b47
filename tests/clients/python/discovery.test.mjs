// PyPI google-api-python-client 2.202.0: REST by the discovery document of the incumbent.

import { describe, test } from "node:test";
import { needsChromium } from "../../harness/chromium.mjs";
import { startStage } from "../stage.mjs";
import { checkPromises, needsPython } from "./python.mjs";

describe("google-api-python-client 2.202.0", needsPython, () => {
  test("a script that uses it works over REST", needsChromium, async (t) => {
    const stage = await startStage();
    try {
      await checkPromises(t, "discovery.py", stage, { tokens: 2 });
    } finally {
      await stage.stop();
    }
  });
});
