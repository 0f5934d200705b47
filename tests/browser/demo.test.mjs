// The demo, as the README tells a stranger to start it, and as a visitor uses it: by mouse, by keyboard, without the agent.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { startDemo } from "../harness/touchstone.mjs";
import { agentStarts, press, type } from "../harness/visitor.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe("demo", needsChromium, () => {
  let demo, browser;

  before(async () => {
    demo = await startDemo();
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await demo?.stop();
  });

  /** Opens the demo and hands it to `use`. Complaints fail the test, but for those that `expected` names a part of. */
  async function visit(use, { options, prepare = async () => {}, expected = [], chromium = browser, records = true } = {}) {
    const opened = await openPage(chromium, options);
    try {
      await prepare(opened.page);
      const started = records && agentStarts(opened.page);
      await opened.page.goto(demo.site);
      await started;
      await use(opened.page);
      const complaints = (await opened.heard()).filter((line) => !expected.some((part) => line.includes(part)));
      assert.deepEqual(complaints, []);
    } finally {
      await opened.context.close();
    }
  }

  /** Waits for an answer after `act`, and reads what the page shows of it. */
  async function answerAfter(page, act) {
    // The same answer twice reads the same, so the old one goes first.
    await page.evaluate(() => (document.querySelector("#status").textContent = ""));
    await act();
    await page.waitForFunction(() => document.querySelector("#status").textContent, null, { timeout: 20_000 });
    return page.evaluate(() => {
      const byId = (id) => document.getElementById(id);
      return {
        score: byId("score").dataset.score,
        decision: byId("decision").dataset.decision,
        evidence: [...document.querySelectorAll("[data-evidence]")].map(({ dataset }) => ({ name: dataset.evidence, weight: Number(dataset.weight) })),
        answer: byId("raw-json").textContent && JSON.parse(byId("raw-json").textContent),
        failure: byId("failure").hidden ? "" : byId("failure").textContent,
      };
    });
  }

  async function signInByMouse(page) {
    await press(page, "#username");
    await type(page, "alice");
    await press(page, "#password");
    await type(page, "correct horse");
    return answerAfter(page, () => press(page, "#sign-in"));
  }

  async function signInByKeyboard(page) {
    for (let tab = 0; tab < 10 && (await page.evaluate("document.activeElement.id")) !== "username"; tab++) {
      await page.keyboard.press("Tab", { delay: 70 });
    }
    await type(page, "alice");
    await page.keyboard.press("Tab", { delay: 80 });
    await type(page, "correct horse");
    return answerAfter(page, () => page.keyboard.press("Enter", { delay: 75 }));
  }

  test("a sign-in shows score, decision and evidence that adds up; a replay is refused", async () => {
    await visit(async (page) => {
      const { score, decision, evidence, answer } = await signInByMouse(page);
      const { touchstone, riskAnalysis, tokenProperties } = answer.assessment;
      assert.equal(tokenProperties.valid, true);
      assert.equal(tokenProperties.clientSignalsFailed, false);
      assert.equal(score, riskAnalysis.score.toFixed(1));
      assert.equal(decision, answer.decision);
      assert.equal(evidence.length, touchstone.evidence.length);
      const total = evidence.reduce((sum, { weight }) => sum + weight, touchstone.prior);
      assert.ok(Math.abs(total - touchstone.sum) < 0.01, `prior and weights are ${total}, the sum is ${touchstone.sum}`);
      assert.equal(score, (Math.round(10 / (1 + Math.exp(-touchstone.sum))) / 10).toFixed(1));
      assert.ok(evidence.some(({ name, weight }) => name === "webdriver" && weight < -2), "a driven browser says so");
      await page.waitForSelector("#sent:not([hidden])");

      const replayed = await answerAfter(page, () => page.locator("#replay").click());
      assert.equal(replayed.decision, "refused");
      assert.equal(replayed.answer.assessment.tokenProperties.invalidReason, "DUPE");
    });
  });

  test("signing in again gets a new token", async () => {
    await visit(async (page) => {
      await signInByKeyboard(page);
      const again = await answerAfter(page, () => page.locator("#sign-in").click());
      assert.equal(again.answer.assessment.tokenProperties.valid, true);
    });
  });

  test("the password never leaves the page, nor what is typed", async () => {
    const sent = [];
    const prepare = async (page) => page.on("request", (request) => sent.push(`${request.url()} ${request.postDataBuffer()?.toString("latin1") ?? ""}`));
    await visit(signInByMouse, { prepare });
    assert.ok(sent.some((line) => line.includes("alice")), "the user name is sent");
    assert.ok(!sent.some((line) => /correct|horse/.test(line)), "the password is not");
  });

  test("by keyboard alone it all works, and no evidence speaks against the missing mouse", async () => {
    await visit(async (page) => {
      const { answer, evidence } = await signInByKeyboard(page);
      assert.equal(answer.assessment.tokenProperties.valid, true);
      const pointing = ["movement", "approach", "centre-click", "grid", "pointing", "click-dwell", "pressure", "coalescing", "raw-updates", "haste", "text-without-keys", "scripted-focus"];
      const against = evidence.filter(({ name, weight }) => pointing.includes(name) && weight < 0);
      assert.deepEqual(against, []);
      await page.keyboard.press("Tab");
      assert.notEqual(await page.evaluate("document.activeElement.tagName"), "BODY", "the focus is not lost");
    });
  });

  for (const [name, options] of Object.entries({
    light: { colorScheme: "light" },
    dark: { colorScheme: "dark" },
    "360 px": { viewport: { width: 360, height: 780 } },
    "360 px, dark": { viewport: { width: 360, height: 780 }, colorScheme: "dark" },
    "text at twice the size": { viewport: { width: 640, height: 400 } },
  })) {
    test(`axe finds nothing before and after a sign-in: ${name}`, async () => {
      // axe is evaluated, not loaded, so the page's policy can stay as strict as it is.
      await visit(
        async (page) => {
          for (const moment of ["before", "after", "failed"]) {
            if (moment === "after") await signInByKeyboard(page);
            if (moment === "failed") {
              await page.route("**/login", (route) => route.abort());
              await answerAfter(page, () => page.locator("#sign-in").click());
            }
            await page.evaluate(AXE);
            await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => {}))));
            const { violations } = await page.evaluate(() => window.axe.run({ resultTypes: ["violations"] }));
            const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join("; ")}`);
            assert.deepEqual(found, [], moment);
            const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.equal(wide, 0, `${moment}: the page scrolls sideways`);
          }
        },
        { options: { reducedMotion: "reduce", ...options }, expected: ["ERR_FAILED"] },
      );
    });
  }

  test("the script is blocked: the sign-in goes out without a token, and is refused as such", async () => {
    const prepare = (page) => page.route("**/recaptcha/enterprise.js*", (route) => route.abort("blockedbyclient"));
    await visit(
      async (page) => {
        const { answer, failure } = await signInByKeyboard(page);
        assert.equal(failure, "");
        assert.equal(answer.decision, "refused");
        assert.equal(answer.assessment.tokenProperties.invalidReason, "MISSING");
      },
      { prepare, records: false, expected: ["ERR_BLOCKED_BY_CLIENT"] },
    );
  });

  const clientSignalsFailed = async (page) => {
    const { answer, score } = await signInByKeyboard(page);
    const { tokenProperties, riskAnalysis } = answer.assessment;
    assert.equal(tokenProperties.valid, true);
    assert.equal(tokenProperties.clientSignalsFailed, true);
    assert.equal(score, "0.1");
    assert.deepEqual(riskAnalysis.reasons, ["LOW_CONFIDENCE_SCORE"]);
  };

  test("the agent's files are blocked: a sealed token that says so", async () => {
    const prepare = (page) => page.route(/\/recaptcha\/agent\/.*\.(js|wasm)$/, (route) => route.abort("blockedbyclient"));
    await visit(clientSignalsFailed, { prepare, records: false, expected: ["ERR_BLOCKED_BY_CLIENT", "the agent's files did not load"] });
  });

  test("the browser has no WebAssembly: a sealed token that says so", async () => {
    const chromium = await launch({ args: ["--js-flags=--jitless"] });
    try {
      await visit(clientSignalsFailed, { chromium, records: false, expected: ["this browser has no WebAssembly"] });
    } finally {
      await chromium.close();
    }
  });

  test("the verifier cannot be reached by the page: the token says that the browser failed", async () => {
    const prepare = (page) => page.route("**/recaptcha/agent/*?*", (route) => route.abort("connectionrefused"));
    await visit(
      async (page) => {
        const { answer } = await signInByKeyboard(page);
        const { tokenProperties, riskAnalysis } = answer.assessment;
        assert.equal(tokenProperties.invalidReason, "BROWSER_ERROR");
        assert.equal(tokenProperties.valid, false);
        assert.equal(riskAnalysis.score, 0);
      },
      { prepare, records: false, expected: ["ERR_CONNECTION_REFUSED"] },
    );
  });

  test("the site cannot be reached: the page says so, and blames nobody", async () => {
    const prepare = (page) => page.route("**/login", (route) => route.abort());
    await visit(
      async (page) => {
        const { failure } = await signInByKeyboard(page);
        assert.match(failure, /did not answer/);
      },
      { prepare, expected: ["ERR_FAILED"] },
    );
  });

  test("without scripts the page says what it needs", async () => {
    const { page, context } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(demo.site);
    const notice = await page.locator("noscript .notice").boundingBox();
    assert.ok(notice?.height > 20 && notice.y < 720, "the notice is in sight");
    await context.close();
  });
});
