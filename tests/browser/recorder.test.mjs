// What a report holds of real input, and what it never holds. Reads it through the `inspect` build, as a developer would.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts, execute, moveTo, pause, press, type } from "../harness/visitor.mjs";

describe("recorder", needsChromium, () => {
  let verifier, site, browser;

  before(async () => {
    verifier = await startVerifier();
    const head = scriptTag(verifier, { query: `render=${verifier.siteKey}&inspect=1` });
    site = await startSite({ "/": { body: formPage(head) } });
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** The decoded report after `use` did something with the page. */
  async function reportAfter(use, options) {
    const { page, context, complaints } = await openPage(browser, options);
    const started = agentStarts(page);
    await page.goto(site.origin);
    await started;
    await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
    await use(page);
    await execute(page, verifier.siteKey);
    const report = await page.evaluate(() => window.touchstone.inspect());
    assert.deepEqual(complaints, []);
    await context.close();
    return report;
  }

  const kinds = (samples) => samples.map(({ kind }) => kind);
  const of = (samples, kind) => samples.filter((sample) => sample.kind === kind);

  test("a page that nobody touched reports its environment and nothing else", async () => {
    const report = await reportAfter(async () => {});
    assert.deepEqual([report.pointer, report.keys], [[], []]);
    assert.equal(report.environment["webdriver"], "yes");
    assert.equal(report.environment["headless-agent"], "yes");
    assert.equal(report.environment["secure-context"], "yes");
    assert.equal(report.environment["inner-width"], 1280);
    assert.ok(report.sealedAt > report.startedAt);
  });

  test("a mouse is recorded: its way, its press, and where in the target that was", async () => {
    const report = await reportAfter((page) => press(page, "#go"));
    const moves = of(report.pointer, "move");
    assert.ok(moves.length > 10, `${moves.length} moves`);
    assert.ok(report.pointer.every(({ device }) => device === "mouse"));
    const [down] = of(report.pointer, "down");
    const [up] = of(report.pointer, "up");
    assert.deepEqual([down.press.width, down.press.height], [120, 40]);
    assert.ok(Math.abs(down.press.dx) < 120 && Math.abs(down.press.dy) < 40);
    assert.ok(up.at - down.at >= 700 && up.at - down.at < 5_000, "held for 85 ms, in tenths");
    assert.equal(of(report.other, "click").length, 1);
    assert.ok(report.counters.moves >= moves.length);
    const times = report.pointer.map(({ at }) => at);
    assert.deepEqual(times, [...times].sort((a, b) => a - b));
  });

  const secret = "Tr0ub4dor&3 zyxwv";
  for (const field of ["#name", "#password", "#note"]) {
    test(`what is typed into ${field} is known by class and rhythm alone`, async () => {
      const report = await reportAfter(async (page) => {
        await press(page, field);
        await type(page, secret);
        await page.keyboard.press("Backspace");
        await page.keyboard.press("Tab");
      });
      const classes = (name) => report.keys.filter((key) => key.class === name).length;
      assert.equal(classes("letter"), 12);
      assert.equal(classes("digit"), 3);
      assert.equal(classes("space"), 1);
      assert.equal(classes("punctuation"), 1);
      assert.equal(classes("erase"), 1);
      assert.equal(classes("navigation"), 1);
      assert.ok(report.keys.slice(0, -1).every(({ hold }) => hold > 0), "keys are held for a while");
      assert.equal(report.counters.typed, secret.length + 1);
      const text = JSON.stringify(report);
      for (const part of [secret, "Tr0ub", "4dor", "zyx", "KeyT", "Key", "Digit0", field.slice(1)]) {
        assert.ok(!text.includes(`"${part}`) && !text.includes(`${part}"`), `the report names ${part}`);
      }
      assert.deepEqual([...new Set(report.keys.flatMap(Object.keys))].sort(), ["at", "class", "flags", "hold"]);
    });
  }

  test("the same keys in another order make the same report but for time", async () => {
    const shapes = [];
    for (const text of ["abcdef", "qzwxpm"]) {
      const report = await reportAfter(async (page) => {
        await page.locator("#password").focus();
        await type(page, text);
      });
      shapes.push(report.keys.map(({ class: name, flags }) => [name, flags]));
    }
    assert.deepEqual(shapes[0], shapes[1]);
  });

  test("a wheel and the scrolling it causes are recorded", async () => {
    const report = await reportAfter(async (page) => {
      await moveTo(page, "#go");
      for (let turn = 0; turn < 4; turn++) {
        await page.mouse.wheel(0, 120);
        await pause(60);
      }
      await page.waitForFunction("scrollY >= 400");
    });
    const wheels = of(report.other, "wheel");
    assert.ok(wheels.length >= 3 && wheels.every(({ a }) => a > 0), JSON.stringify(wheels));
    assert.ok(of(report.other, "scroll").length >= 1);
  });

  test("paste, cut and copy leave their kind, not their content", async () => {
    const report = await reportAfter(async (page) => {
      await page.locator("#note").focus();
      await type(page, "hush");
      for (const keys of ["Control+a", "Control+c", "Control+x", "Control+v"]) await page.keyboard.press(keys);
    });
    assert.equal(of(report.other, "copy").length, 2);
    assert.equal(of(report.other, "paste").length, 1);
    assert.ok(!JSON.stringify(report).includes("hush"));
  });

  test("a finger is a finger: its taps have contact and no hover", async () => {
    const report = await reportAfter(
      async (page) => {
        await page.locator("#go").tap();
        await pause(100);
      },
      { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } },
    );
    assert.deepEqual(kinds(report.pointer.filter(({ device }) => device === "touch")), ["down", "up"]);
    assert.ok(report.environment["touch-points"] > 0);
  });

  test("events that a script made up are counted, not recorded", async () => {
    const report = await reportAfter((page) =>
      page.evaluate(() => {
        const field = document.querySelector("#password");
        field.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true, clientX: 5, clientY: 5 }));
        field.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 9, clientY: 5 }));
        field.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key: "a", code: "KeyA" }));
        field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key: "a", code: "KeyA" }));
        field.dispatchEvent(new WheelEvent("wheel", { bubbles: true, deltaY: 100 }));
        document.querySelector("#go").click();
      }),
    );
    assert.deepEqual([report.pointer, report.keys], [[], []]);
    assert.equal(of(report.other, "wheel").length, 0);
    assert.ok(report.counters.untrusted >= 6, `${report.counters.untrusted} counted`);
  });

  test("more than the rings hold: the oldest go, and are counted", async () => {
    let seen;
    const report = await reportAfter(async (page) => {
      // What the page was told, not what was sent: a browser under load may join two moves, and crossings are samples, too.
      await page.evaluate(() => {
        const seen = (window.__seen = { moves: 0, crossings: 0, x: undefined });
        const cross = ({ relatedTarget }) => (seen.crossings += relatedTarget === null ? 1 : 0);
        addEventListener("pointermove", ({ clientX }) => ((seen.moves += 1), (seen.x = clientX)), true);
        addEventListener("pointerover", cross, true);
        addEventListener("pointerout", cross, true);
      });
      const input = await page.context().newCDPSession(page);
      for (let step = 0; step < 1_300; step++) {
        await input.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 20 + (step % 500), y: 20 + (step % 300) });
      }
      seen = await page.evaluate(() => window.__seen);
    });
    assert.ok(seen.moves > 1_200, `${seen.moves} moves`);
    assert.equal(report.counters.moves, seen.moves);
    assert.equal(report.pointer.length, 1_024);
    assert.equal(report.pointer.length + report.counters.pointerDropped, seen.moves + seen.crossings);
    assert.equal(report.pointer.at(-1).x, seen.x);
  });
});
