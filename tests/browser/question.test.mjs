// What a visitor meets who is asked a question: the dialog, its keys, and what assistive technology is told.
// The verifier's side is played here, so that each turn of a conversation can be chosen.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { ROOT, startVerifier } from "../harness/touchstone.mjs";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const SHOTS = join(ROOT, "tests/out/widgets");
const TOKEN = "t".repeat(120);
const ENGLISH = {
  challenge: "c1",
  question: "Which of these is an animal?",
  options: [
    { text: "Car", picture: "🚗" },
    { text: "Dog", picture: "🐕" },
    { text: "Apple", picture: "🍎" },
    { text: "Chair", picture: "🪑" },
  ],
  ...{ pick: 1, round: 1, rounds: 2, expiresInMs: 60_000, lang: "en", dir: "ltr" },
};
const ARABIC = {
  ...ENGLISH,
  question: "أيٌّ من هذه حيوان؟",
  options: [{ text: "سيارة", picture: "🚗" }, { text: "كلب", picture: "🐕" }, { text: "تفاحة", picture: "🍎" }],
  ...{ lang: "ar", dir: "rtl" },
};

describe("question", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    mkdirSync(SHOTS, { recursive: true });
    verifier = await startVerifier();
    site = await startSite(routes);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  const json = (body) => ({ status: 200, contentType: "application/json", headers: { "access-control-allow-origin": "*" }, body: JSON.stringify(body) });

  /**
   * Opens a page with a box to tick whose verifier asks `first`, and then says `turns`, one after the other.
   *
   * @param options of the browser's context
   */
  async function withQuestion(first, turns, use, { options = {}, attributes = "", body = "", query = "hl=en" } = {}) {
    const script = scriptTag(verifier, { name: "recaptcha/api.js", query });
    const widget = `<div class="g-recaptcha" data-sitekey="${verifier.siteKey}" data-callback="done" ${attributes}></div>`;
    routes["/page"] = {
      body: `<!doctype html><html lang="en"><head><title>Shop</title><meta name="viewport" content="width=device-width">${script}
        <script>window.tokens = []; window.done = (token) => tokens.push(token)</script></head>
        <body><main><h1>Join</h1><form>${body}${widget}<p><button type="button" id="after">Send</button></p></form></main></body></html>`,
    };
    const { page, context, heard } = await openPage(browser, options);
    const asked = [];
    const posted = [];
    await page.route("**/recaptcha/agent/token?*", (route) => {
      asked.push(route.request().url());
      return route.fulfill(json({ ...first, challenge: `c${asked.length}` }));
    });
    await page.route("**/recaptcha/agent/answer?*", (route) => {
      posted.push({ ...JSON.parse(route.request().postData()), headers: route.request().headers() });
      const turn = turns[posted.length - 1];
      if (turn === "over") return route.fulfill({ ...json({ error: { code: 400 } }), status: 400 });
      return turn ? route.fulfill(json(turn)) : route.abort();
    });
    try {
      await page.goto(`${site.origin}/page`);
      await page.getByRole("checkbox").waitFor();
      await use({ page, posted, asked });
      return await heard();
    } finally {
      await context.close();
    }
  }

  const focused = (page) =>
    page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.textContent;
    });

  async function assertAccessible(page, name) {
    // The widget's own light: nothing moves, so that colours are what they will stay.
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
    await page.addScriptTag({ path: AXE });
    const { violations } = await page.evaluate(() =>
      axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
    );
    const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
    assert.deepEqual(said, [], name);
  }

  test("by keyboard alone: tick, read, answer wrongly, ask for another, answer, and be back at the box", async () => {
    const turns = [
      { ...ENGLISH, challenge: "d2", question: "Which of these is a fruit?", retry: true },
      { ...ENGLISH, challenge: "c3", question: "Which of these can you sit on?" },
      { token: TOKEN },
    ];
    const complaints = await withQuestion(ENGLISH, turns, async ({ page, posted, asked }) => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      const dialog = page.getByRole("dialog");
      await dialog.waitFor();
      assert.match(asked[0], /&hl=en$/);
      assert.equal(await focused(page), "Which of these is an animal?");
      await page.keyboard.press("Tab");
      assert.match(await focused(page), /Car/);
      await page.keyboard.press("Enter");
      await page.getByText("Which of these is a fruit?").waitFor();
      assert.match(await dialog.getByRole("status").textContent(), /not right/);
      assert.equal(await focused(page), "Which of these is a fruit?");
      for (let presses = 0; presses < 5; presses++) await page.keyboard.press("Tab");
      assert.equal(await focused(page), "Another question");
      await page.keyboard.press("Enter");
      await page.getByText("Which of these can you sit on?").waitFor();
      for (let presses = 0; presses < 4; presses++) await page.keyboard.press("Tab");
      await page.keyboard.press("Space");
      await page.waitForFunction("tokens.length");
      assert.equal(await page.evaluate("tokens[0]"), TOKEN);
      assert.equal(await dialog.count(), 0);
      assert.equal(await page.getByRole("checkbox").getAttribute("aria-checked"), "true");
      assert.match(await focused(page), /I am a person/);
      const [wrong, skip, right] = posted;
      assert.deepEqual([wrong.challenge, wrong.picked], ["c1", [0]]);
      assert.deepEqual([skip.challenge, skip.skip, skip.picked], ["d2", true, undefined]);
      assert.deepEqual([right.challenge, right.picked], ["c3", [3]]);
      assert.ok(right.elapsedMs >= 0 && Number.isInteger(right.elapsedMs));
      assert.match(wrong.headers["content-type"], /^text\/plain/);
    });
    assert.deepEqual(complaints, []);
  });

  test("the focus cannot leave the dialog, and Escape gives the box back", async () => {
    await withQuestion(ENGLISH, [], async ({ page }) => {
      await page.getByRole("checkbox").click();
      await page.getByRole("dialog").waitFor();
      for (let presses = 0; presses < 9; presses++) {
        await page.keyboard.press("Tab");
        assert.notEqual(await focused(page), "Send");
      }
      await page.evaluate(() => document.querySelector("#after").focus());
      assert.notEqual(await focused(page), "Send");
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "detached" });
      assert.equal(await page.getByRole("checkbox").getAttribute("aria-checked"), "false");
      assert.match(await focused(page), /I am a person/);
      assert.deepEqual(await page.evaluate("tokens"), []);
    });
  });

  test("several options: they are chosen first, then sent", async () => {
    await withQuestion({ ...ENGLISH, pick: 2 }, [{ token: TOKEN }], async ({ page, posted }) => {
      await page.getByRole("checkbox").click();
      for (const name of ["Dog", "Apple", "Chair", "Apple"]) await page.getByRole("button", { name }).click();
      assert.equal(await page.getByRole("button", { name: "Apple" }).getAttribute("aria-pressed"), "false");
      await page.getByRole("button", { name: "Continue" }).click();
      await page.waitForFunction("tokens.length");
      assert.deepEqual(posted[0].picked, [1, 3]);
    });
  });

  test("an answer that is lost may be sent again", async () => {
    await withQuestion(ENGLISH, [undefined, { token: TOKEN }], async ({ page, posted }) => {
      await page.getByRole("checkbox").click();
      await page.getByRole("button", { name: "Dog" }).click();
      await page.getByText("No connection").waitFor();
      await page.getByRole("button", { name: "Dog" }).click();
      await page.waitForFunction("tokens.length");
      assert.equal(posted.length, 2);
    });
  });

  test("a question that the verifier knows no more is asked anew", async () => {
    await withQuestion(ENGLISH, ["over", { token: TOKEN }], async ({ page, posted, asked }) => {
      await page.getByRole("checkbox").click();
      await page.getByRole("button", { name: "Dog" }).click();
      await page.waitForFunction(() => [...document.querySelectorAll("body > div")].every(({ shadowRoot }) => !shadowRoot?.querySelector("[aria-busy=true]")));
      await page.getByRole("button", { name: "Dog" }).click();
      await page.waitForFunction("tokens.length");
      assert.equal(asked.length, 2);
      assert.deepEqual(posted.map(({ challenge }) => challenge), ["c1", "c2"]);
    });
  });

  test("a bound button and a bare site key ask in the same dialog", async () => {
    const body = `<button class="g-recaptcha" data-sitekey="${verifier.siteKey}" data-callback="done" id="bound">Buy</button>`;
    await withQuestion(ENGLISH, [{ token: TOKEN }, { token: TOKEN }], async ({ page }) => {
      await page.locator("textarea").first().waitFor({ state: "attached" });
      await page.locator("#bound").click();
      await page.getByRole("button", { name: "Dog" }).click();
      await page.waitForFunction("tokens.length");
      const asked = page.evaluate((key) => grecaptcha.execute(key, { action: "buy" }), verifier.siteKey);
      await page.getByRole("button", { name: "Dog" }).click();
      assert.equal(await asked, TOKEN);
    }, { body });
  });

  test("a visitor who closes the question: execute rejects, and may be called again", async () => {
    await withQuestion(ENGLISH, [{ token: TOKEN }], async ({ page }) => {
      const ask = () => page.evaluate((key) => grecaptcha.execute(key).catch((error) => error.message), verifier.siteKey);
      const closed = ask();
      await page.getByRole("button", { name: "Close" }).click();
      assert.equal(await closed, "touchstone: the visitor closed the question");
      const answered = ask();
      await page.getByRole("button", { name: "Dog" }).click();
      assert.equal(await answered, TOKEN);
    });
  });

  test("a page with a dialog of its own keeps it, and its outside clicks and shortcuts hear nothing", async () => {
    const body = `<script>
      window.heard = [];
      for (const name of ["click", "pointerdown", "keydown"]) document.addEventListener(name, (event) => heard.push(name));
    </script>`;
    await withQuestion(ENGLISH, [{ token: TOKEN }], async ({ page }) => {
      await page.evaluate(() => {
        const dialog = document.createElement("dialog");
        document.body.append(dialog);
        dialog.append(document.querySelector("form"));
        dialog.showModal();
      });
      await page.getByRole("checkbox").click();
      await page.getByRole("button", { name: "Dog" }).waitFor();
      await page.evaluate("heard.length = 0");
      await page.getByRole("button", { name: "Dog" }).press("Enter");
      await page.waitForFunction("tokens.length");
      assert.deepEqual(await page.evaluate("heard"), []);
      assert.equal(await page.evaluate(() => document.querySelector("dialog").open), true);
    }, { body });
  });

  for (const [name, options, attributes, question, hl] of [
    ["light", {}, "", ENGLISH, "en"],
    ["dark", { colorScheme: "dark" }, 'data-theme="dark"', ENGLISH, "en"],
    ["rtl", { viewport: { width: 320, height: 640 } }, "", ARABIC, "ar"],
    ["compact", { reducedMotion: "reduce" }, 'data-size="compact"', ENGLISH, "de"],
    ["forced-colors", { forcedColors: "active" }, "", { ...ENGLISH, pick: 2 }, "ja"],
  ]) {
    test(`${name}: axe finds nothing in any state`, async () => {
      await withQuestion(question, [{ ...question, retry: true }, { token: TOKEN }], async ({ page }) => {
        await assertAccessible(page, `${name}-idle`);
        const box = page.getByRole("checkbox");
        await box.click();
        await page.getByRole("dialog").waitFor();
        await page.mouse.move(0, 0);
        await assertAccessible(page, `${name}-question`);
        const choices = page.getByRole("group").getByRole("button");
        const pick = async () => {
          await choices.first().click();
          if (question.pick > 1) await page.locator(".send").click();
        };
        await pick();
        await page.waitForFunction(() => [...document.querySelectorAll("body > div")].some(({ shadowRoot }) => shadowRoot?.querySelector("[role=status]")?.textContent));
        await page.waitForTimeout(50);
        await assertAccessible(page, `${name}-retry`);
        await pick();
        await page.waitForFunction("tokens.length");
        await assertAccessible(page, `${name}-passed`);
        const width = await page.evaluate("document.documentElement.scrollWidth");
        assert.ok(width <= (options.viewport?.width ?? 1280), `nothing is wider than the page: ${width}`);
      }, { options, attributes, query: `hl=${hl}` });
    });
  }
});
