// docs/migrate.md: its snippets run, and what it says changes is all that changes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { needsWrappers, tick } from "../browser/page.mjs";
import { needsPython } from "../python/python.mjs";
import { newKey, startStage } from "../stage.mjs";
import { prepared, run, snippetsOf } from "./snippets.mjs";

const SNIPPETS = snippetsOf(readFileSync(new URL("../../../docs/migrate.md", import.meta.url), "utf8"));

describe("docs/migrate.md", () => {
  for (const [index, { section, language, moment, code }] of SNIPPETS.entries()) {
    if (moment !== "before") continue;
    test(`${section}: of the ${language} snippet nothing changes but what is named`, () => {
      const later = SNIPPETS[index + 1];
      assert.deepEqual([later.section, later.language, later.moment], [section, language, "after"]);
      const before = code.split("\n");
      const changed = later.code.split("\n").filter((line, at) => line !== before[at]);
      assert.equal(later.code.split("\n").length, before.length);
      const named = /verifier\.example|class="g-recaptcha"/;
      assert.deepEqual(changed.filter((line) => !named.test(line)), []);
      if (section.includes("reCAPTCHA") || section.includes("v2")) assert.equal(changed.length, 1, "the address alone");
    });
  }
});

const needs = needsPython.skip ? needsPython : needsWrappers;

describe("the snippets of docs/migrate.md", needs, () => {
  let stage, keys;

  before(async () => {
    stage = await startStage({ tls: true });
    keys = { score: await newKey(stage, "SCORE"), checkbox: await newKey(stage, "CHECKBOX") };
    stage.pages["/login"] = { body: "" };
  });
  after(() => stage?.stop());

  const sections = [...new Set(SNIPPETS.map(({ section }) => section))];
  for (const section of sections) {
    const [page, ...backends] = SNIPPETS.filter((snippet) => snippet.section === section && snippet.moment === "after");
    const key = () => (page.code.includes("<div") ? keys.checkbox : keys.score);

    for (const backend of backends.length ? backends : [undefined]) {
      const title = backend ? `the ${backend.language} backend passes what the page sends, once` : "the page sends a token";
      test(`${section}: ${title}`, async () => {
        const token = await tokenOf(page, key().siteKey);
        if (!backend) return assert.match(token, /^[A-Za-z0-9_-]{100,2000}$/);
        const code = prepared(backend, stage, key().siteKey);
        assert.equal(await run(backend, code, token, stage, key().secret), true);
        assert.equal(await run(backend, code, token, stage, key().secret), false, "a second time");
      });
    }
  }

  /** Opens a snippet's page, sends its form as a visitor does, and returns the token that arrives. */
  async function tokenOf(snippet, siteKey) {
    stage.pages["/form"] = { body: `<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>${prepared(snippet, stage, siteKey)}</html>` };
    const { page, context, heard } = await stage.open("/form");
    if (snippet.code.includes("<div")) await tick(page);
    else if (snippet.code.includes('class="g-recaptcha"')) await page.locator('[name="g-recaptcha-response"]').waitFor({ state: "attached" });
    else await page.waitForFunction(() => window.grecaptcha?.execute);
    assert.deepEqual(await heard(), []);
    const sent = page.waitForRequest((request) => request.method() === "POST" && request.url().endsWith("/login"));
    await page.getByRole("button", { name: "Sign in" }).click();
    const fields = new URLSearchParams((await sent).postData());
    // A page that is on its way elsewhere does not always close.
    await page.waitForURL(`${stage.site.origin}/login`);
    await context.close();
    assert.equal(fields.getAll("g-recaptcha-response").length, 1);
    return fields.get("g-recaptcha-response");
  }
});
