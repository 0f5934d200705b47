// Pictures of the demo in tests/out/, for people to look at.

import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { ROOT, startDemo } from "../harness/touchstone.mjs";
import { agentStarts, press, type } from "../harness/visitor.mjs";

const OUT = join(ROOT, "tests/out");

describe("screenshots", needsChromium, () => {
  let demo, browser;

  before(async () => {
    mkdirSync(OUT, { recursive: true });
    demo = await startDemo();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  for (const [name, options] of Object.entries({
    light: { colorScheme: "light", viewport: { width: 1280, height: 800 } },
    dark: { colorScheme: "dark", viewport: { width: 1280, height: 800 } },
    phone: { colorScheme: "light", viewport: { width: 360, height: 780 }, deviceScaleFactor: 2 },
  })) {
    test(`the demo before and after a sign-in: ${name}`, async () => {
      const { page, context } = await openPage(browser, { reducedMotion: "reduce", ...options });
      const started = agentStarts(page);
      await page.goto(demo.site);
      await started;
      const picture = async (moment) => {
        const path = join(OUT, `demo-${name}-${moment}.png`);
        await page.screenshot({ path, fullPage: true });
        assert.ok(statSync(path).size > 20_000, path);
      };
      await picture("empty");
      await press(page, "#username");
      await type(page, "alice");
      await press(page, "#password");
      await type(page, "correct horse");
      await press(page, "#sign-in");
      await page.waitForSelector("#sent:not([hidden])");
      await picture("result");
      await context.close();
    });
  }
});
