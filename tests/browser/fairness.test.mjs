// People who use no mouse, or hardly touch the page, reach the neutral prior or better. The browser does not say that it
// is driven, so nothing but the way of using the page is judged.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launchUndeclared, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts, execute, pause, type } from "../harness/visitor.mjs";

const NEUTRAL = 0.5;

describe("fairness", needsChromium, () => {
  let verifier, site, browser;

  before(async () => {
    verifier = await startVerifier();
    site = await startSite({ "/": () => ({ body: formPage(scriptTag(verifier)) }) });
    browser = await launchUndeclared();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  const PHONE = {
    hasTouch: true,
    isMobile: true,
    viewport: { width: 390, height: 844 },
  };

  /** Name, what the visitor does, and how the browser is set up. */
  const visitors = [
    [
      "keyboard alone",
      async (page) => {
        await page.keyboard.press("Tab", { delay: 70 });
        await type(page, "alice smith");
        await page.keyboard.press("Tab", { delay: 80 });
        await type(page, "correct horse battery");
        await page.keyboard.press("Tab", { delay: 90 });
        await page.keyboard.press("Tab", { delay: 90 });
        await page.keyboard.press("Enter", { delay: 75 });
      },
    ],
    [
      "paste",
      async (page) => {
        await page.locator("#note").focus();
        await type(page, "secret");
        for (const keys of ["Control+a", "Control+x"]) await page.keyboard.press(keys, { delay: 80 });
        await page.keyboard.press("Tab", { delay: 80 });
        await page.locator("#password").focus();
        await page.keyboard.press("Control+v", { delay: 80 });
      },
    ],
    [
      "a password manager, which fills by script",
      (page) =>
        page.evaluate(() => {
          for (const [id, value] of [["name", "alice"], ["password", "correct horse"]]) {
            const field = document.getElementById(id);
            field.value = value;
            for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
          }
        }),
    ],
    [
      "an assistive technology, which presses by script",
      (page) =>
        page.evaluate(() => {
          document.getElementById("name").focus();
          document.getElementById("go").click();
        }),
    ],
    [
      "a finger",
      async (page) => {
        await page.locator("#name").tap();
        await pause(300);
        await page.locator("#go").tap();
        await pause(300);
      },
      PHONE,
    ],
    ["reduced motion and another time zone", (page) => page.keyboard.press("Tab", { delay: 70 }), { reducedMotion: "reduce", timezoneId: "Asia/Tokyo" }],
  ];

  async function visit(use, options = { viewport: null }) {
    const { page, context } = await openPage(browser, options);
    const started = agentStarts(page);
    await page.goto(site.origin);
    await started;
    await pause(1_600);
    await use(page);
    const answer = await assess(verifier, await execute(page, verifier.siteKey), { explain: true });
    await context.close();
    return answer;
  }

  for (const [name, use, options] of visitors) {
    test(`${name}: no less than neutral`, async () => {
      const { riskAnalysis, touchstone } = await visit(use, options);
      const against = touchstone.evidence.filter(({ weight }) => weight < 0).map((each) => `${each.name} ${each.weight}: ${each.detail}`);
      assert.ok(riskAnalysis.score >= NEUTRAL, `${riskAnalysis.score}, because of ${against.join("; ")}`);
      assert.ok(!riskAnalysis.reasons.includes("AUTOMATION"), riskAnalysis.reasons.join());
    });
  }

  test("a token asked for before anything happened: neutral, with low confidence", async () => {
    const { riskAnalysis } = await visit(async () => {});
    assert.equal(riskAnalysis.score, NEUTRAL);
    assert.deepEqual(riskAnalysis.reasons, ["LOW_CONFIDENCE_SCORE"]);
  });
});
