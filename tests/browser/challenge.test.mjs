// A visitor in doubt, from the tick to the assessment: the verifier asks, the visitor answers, the backend hears of it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { ROOT, startVerifier } from "../harness/touchstone.mjs";
import { pause } from "../harness/visitor.mjs";

describe("challenge", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    // It says that it is driven: whoever does that is asked.
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** A site key of a type, made as a backend makes it. */
  async function newKey(webSettings) {
    const response = await fetch(`${verifier.origin}/v1/projects/${verifier.project}/keys`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-goog-api-key": verifier.apiKey },
      body: JSON.stringify({ displayName: "test", webSettings: { allowedDomains: ["localhost"], ...webSettings } }),
    });
    const { name, error } = await response.json();
    assert.ok(name, error?.message);
    return name.split("/").at(-1);
  }

  async function withPage(body, use, { query = "hl=en", prepare = async () => {} } = {}) {
    routes["/page"] = {
      body: `<!doctype html><html lang="en"><title>Shop</title>${scriptTag(verifier, { query })}
        <script>window.tokens = []; window.done = (token) => tokens.push(token)</script><body>${body}</body></html>`,
    };
    const { page, context, complaints } = await openPage(browser);
    try {
      await prepare(page);
      await page.goto(`${site.origin}/page`);
      await use(page);
      return complaints;
    } finally {
      await context.close();
    }
  }

  /** Answers what the dialog asks until it closes; with `wrongly`, never as it should. */
  async function answer(page, { wrongly = false } = {}) {
    const dialog = page.getByRole("dialog");
    await dialog.waitFor();
    while (await dialog.count()) {
      const question = await dialog.getByRole("heading").textContent();
      // Longer than the quickest answer that counts.
      await pause(400);
      const { words } = DICTIONARY.find(({ one, many }) => question.startsWith(one) || question.startsWith(many));
      const choices = await dialog.getByRole("group").getByRole("button").all();
      const texts = await Promise.all(choices.map((choice) => choice.locator("span").last().textContent()));
      const picked = choices.filter((_, at) => words.includes(texts[at]) !== wrongly);
      const send = dialog.getByRole("button", { name: "Continue" });
      const answered = page.waitForResponse(/agent\/answer/);
      if (await send.count()) {
        for (const choice of picked) await choice.click();
        await send.click();
      } else await picked[0].click();
      await answered;
      await page.waitForFunction(() =>
        [...document.querySelectorAll("body > div")].every(({ shadowRoot }) => !shadowRoot?.querySelector("[aria-busy=true]:not(button)")),
      );
    }
  }

  async function assessed(page, key) {
    await page.waitForFunction("tokens.length");
    const { tokenProperties, riskAnalysis } = await assess(verifier, await page.evaluate("tokens[0]"), { event: { siteKey: key } });
    assert.equal(tokenProperties.valid, true, tokenProperties.invalidReason);
    return riskAnalysis;
  }

  test("a checkbox in doubt: the right answers pass, and say so", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      const box = page.getByRole("checkbox");
      await box.click();
      await answer(page);
      const { challenge } = await assessed(page, key);
      assert.equal(challenge, "PASSED");
      assert.equal(await box.getAttribute("aria-checked"), "true");
    });
  });

  test("wrong answers end in a token that says failed, not in a page that hangs", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      await page.getByRole("checkbox").click();
      await answer(page, { wrongly: true });
      const { challenge } = await assessed(page, key);
      assert.equal(challenge, "FAILED");
    });
  });

  test("an invisible key asks behind a bound button", async () => {
    const key = await newKey({ integrationType: "INVISIBLE" });
    await withPage(`<form><button class="g-recaptcha" data-sitekey="${key}" data-callback="done">Buy</button></form>`, async (page) => {
      await page.locator("textarea").waitFor({ state: "attached" });
      await page.getByRole("button", { name: "Buy" }).click();
      await answer(page);
      assert.equal((await assessed(page, key)).challenge, "PASSED");
    });
  });

  test("without WebAssembly the question is asked and answered all the same", async () => {
    const key = await newKey({ integrationType: "CHECKBOX" });
    const prepare = (page) => page.addInitScript("delete window.WebAssembly");
    await withPage(`<div class="g-recaptcha" data-sitekey="${key}" data-callback="done"></div>`, async (page) => {
      await page.getByRole("checkbox").click();
      await answer(page);
      assert.equal((await assessed(page, key)).challenge, "PASSED");
    }, { prepare });
  });
});

/** The words of the English questions, by what is asked. */
const DICTIONARY = readFileSync(join(ROOT, "verifier/challenge/words/en.toml"), "utf8")
  .split(/\n(?=\[[^.\]]+\]\n)/)
  .filter((part) => part.includes(".words]"))
  .map((part) => {
    const text = (name) => new RegExp(`^${name} = "(.*)"`, "m").exec(part)[1];
    const [, words] = part.split(".words]\n");
    return { one: text("one"), many: text("many"), words: Array.from(words.matchAll(/= "(.*)"/g), ([, word]) => word) };
  });
