// Widgets in a real browser: what pages written for reCAPTCHA call, and what a visitor does with a box to tick.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

describe("widgets", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** Opens a page with this body and hands it to `use`; whatever it complains of fails the test. */
  async function withPage(body, use, { query = "", name = "recaptcha/api.js", prepare = async () => {}, expected = [], headers = {} } = {}) {
    const script = scriptTag(verifier, { name, query, attributes: "async defer" });
    routes["/page"] = { body: `<!doctype html><html lang="en"><title>Shop</title>${script}<body>${body}</body></html>`, headers };
    const opened = await openPage(browser);
    try {
      await prepare(opened.page);
      await opened.page.goto(`${site.origin}/page`);
      await opened.page.waitForFunction(() => window.grecaptcha?.ready && new Promise((resolve) => grecaptcha.ready(() => resolve(true))));
      await use(opened.page);
      const complaints = (await opened.heard()).filter((line) => !expected.some((part) => line.includes(part)));
      assert.deepEqual(complaints, []);
    } finally {
      await opened.context.close();
    }
  }

  async function assertValid(text, action = "") {
    const { tokenProperties } = await assess(verifier, text);
    assert.equal(tokenProperties.valid, true, tokenProperties.invalidReason);
    assert.equal(tokenProperties.action, action);
  }

  const div = (attributes = "") => `<div class="g-recaptcha" data-sitekey="${verifier.siteKey}" ${attributes}></div>`;
  const received = `<script>window.tokens = []; window.done = (token) => tokens.push(token); window.log = [];</script>`;

  test("a click on the box gives the page a token, the form a field, and the visitor a tick", async () => {
    await withPage(`${received}<form>${div('data-callback="done" data-action="join"')}</form>`, async (page) => {
      const box = page.getByRole("checkbox");
      assert.equal(await box.getAttribute("aria-checked"), "false");
      await box.click();
      await page.waitForFunction("tokens.length === 1");
      assert.equal(await box.getAttribute("aria-checked"), "true");
      const [token] = await page.evaluate("tokens");
      assert.equal(await page.evaluate("grecaptcha.getResponse()"), token);
      assert.equal(await page.evaluate(() => new FormData(document.forms[0]).get("g-recaptcha-response")), token);
      await assertValid(token, "join");
      await page.evaluate("grecaptcha.reset()");
      assert.equal(await page.evaluate("grecaptcha.enterprise.getResponse(0)"), "");
      assert.equal(await page.evaluate(() => new FormData(document.forms[0]).get("g-recaptcha-response")), "");
    });
  });

  test("onload comes after the widgets of the page and before ready", async () => {
    const head = `<script>
      window.order = [];
      window.loaded = () => { order.push("onload " + grecaptcha.getResponse(0) + "!"); };
      window.___grecaptcha_cfg = { fns: [() => order.push("ready")] };
    </script>`;
    await withPage(head + div(), async (page) => assert.deepEqual(await page.evaluate("order"), ["onload !", "ready"]), { query: "onload=loaded" });
  });

  test("one id space for both globals, from 0, with isolated widgets apart", async () => {
    await withPage("<div id=a></div><div id=b></div><div id=c></div>", async (page) => {
      const ids = await page.evaluate((sitekey) => {
        const { render } = grecaptcha;
        return [
          render("a", { sitekey }),
          grecaptcha.enterprise.render(document.getElementById("b"), { sitekey, isolated: true }),
          grecaptcha.enterprise.render({ sitekey, size: "invisible" }),
          render("c", { sitekey }),
        ];
      }, verifier.siteKey);
      assert.deepEqual(ids, [0, 100000, 1, 2]);
      const token = await page.evaluate(() => grecaptcha.enterprise.execute(1, { action: "pay" }));
      await assertValid(token, "pay");
      assert.deepEqual(await page.evaluate("[0, 1, 2, 100000].map((id) => grecaptcha.getResponse(id))"), ["", token, "", ""]);
      const fields = await page.evaluate(() => [...document.querySelectorAll("textarea")].map(({ id }) => id).sort());
      assert.deepEqual(fields, ["g-recaptcha-response", "g-recaptcha-response-1", "g-recaptcha-response-100000", "g-recaptcha-response-2"]);
    }, { query: "render=explicit" });
  });

  test("execute calls the widget's callback before it resolves", async () => {
    await withPage("", async (page) => {
      const order = await page.evaluate(async (sitekey) => {
        const order = [];
        const id = grecaptcha.render(document.body, { sitekey, size: "invisible", callback: () => order.push("callback") });
        await grecaptcha.execute(id).then(() => order.push("promise"));
        return order;
      }, verifier.siteKey);
      assert.deepEqual(order, ["callback", "promise"]);
    }, { query: "render=explicit" });
  });

  test("what is wrong with a call is thrown, in words", async () => {
    await withPage("<div id=a></div>", async (page) => {
      const said = await page.evaluate((sitekey) => {
        const said = [];
        const attempt = (call) => {
          try {
            call();
            said.push("nothing");
          } catch (error) {
            said.push(error.message);
          }
        };
        attempt(() => grecaptcha.render("a", {}));
        attempt(() => grecaptcha.render("nowhere", { sitekey }));
        attempt(() => grecaptcha.render("a", { sitekey }));
        attempt(() => grecaptcha.render("a", { sitekey }));
        attempt(() => grecaptcha.reset(7));
        attempt(() => grecaptcha.getResponse(7));
        return said;
      }, verifier.siteKey);
      assert.deepEqual(said, [
        "touchstone: render needs a sitekey",
        "touchstone: render finds no element nowhere",
        "nothing",
        "touchstone: render: this element has a widget",
        "touchstone: there is no widget 7",
        "touchstone: there is no widget 7",
      ]);
    }, { query: "render=explicit" });
  });

  test("an element that the page has emptied may be rendered into again", async () => {
    await withPage("<div id=a></div>", async (page) => {
      const ids = await page.evaluate(async (sitekey) => {
        const first = grecaptcha.render("a", { sitekey });
        while (!document.querySelector("#a textarea")) await new Promise((resolve) => setTimeout(resolve, 10));
        document.getElementById("a").textContent = "";
        return [first, grecaptcha.render("a", { sitekey })];
      }, verifier.siteKey);
      assert.deepEqual(ids, [0, 1]);
    }, { query: "render=explicit" });
  });

  test("a bound button gets its token first, and its form carries it", async () => {
    const form = `<script>window.submitted = []; window.go = (token) => submitted.push([token, new FormData(document.forms[0]).get("g-recaptcha-response")]);</script>
      <form onsubmit="submitted.push('by itself'); return false"><input name=who><button class="g-recaptcha" data-sitekey="${verifier.siteKey}" data-callback="go" data-action="submit">Send</button></form>`;
    for (const query of ["", `render=${verifier.siteKey}`]) {
      await withPage(form, async (page) => {
        await page.waitForFunction(() => document.querySelector("textarea"));
        await page.getByRole("button", { name: "Send" }).click();
        await page.waitForFunction("submitted.length");
        const [[token, field]] = await page.evaluate("submitted");
        assert.equal(field, token);
        await assertValid(token, "submit");
      }, { query });
    }
  });

  test("a hidden input of the class is left alone, and its name keeps its form from a second field", async () => {
    const body = `<form><input type="hidden" class="g-recaptcha" name="g-recaptcha-response" data-sitekey="${verifier.siteKey}" data-size="normal">${div()}</form>`;
    await withPage(body, async (page) => {
      await page.getByRole("checkbox").click();
      await page.waitForFunction("grecaptcha.getResponse()");
      const values = await page.evaluate(() => new FormData(document.forms[0]).getAll("g-recaptcha-response"));
      assert.deepEqual(values, [await page.evaluate("grecaptcha.getResponse(0)")]);
    });
  });

  test("with a site key in the address only buttons are bound, and the badge is where wrappers look for it", async () => {
    const others = `<input type="hidden" class="g-recaptcha" data-sitekey="${verifier.siteKey}" data-callback="x"><button class="g-recaptcha">Own</button>`;
    await withPage(div() + others, async (page) => {
      await page.waitForSelector(".grecaptcha-badge");
      assert.equal(await page.locator("body > div > div.grecaptcha-badge").count(), 1);
      assert.equal(await page.getByRole("checkbox").count(), 0);
      assert.equal(await page.locator("textarea").count(), 0);
      await page.evaluate(() => document.body.removeChild(document.querySelector(".grecaptcha-badge").parentNode));
      assert.equal(await page.locator(".grecaptcha-badge").count(), 0);
    }, { query: `render=${verifier.siteKey}` });
  });

  test("an invisible div waits for execute, and shows a badge where it is told to", async () => {
    const body = `${received}${div('data-size="invisible" data-badge="inline" data-callback="done"')}`;
    await withPage(body, async (page) => {
      await page.waitForSelector(".g-recaptcha .grecaptcha-badge");
      assert.equal(await page.getByRole("checkbox").count(), 0);
      const token = await page.evaluate("grecaptcha.execute()");
      assert.deepEqual(await page.evaluate("tokens"), [token]);
      await assertValid(token);
    });
  });

  test("a token that was not used in two minutes is taken back, and the page hears of it", async () => {
    const body = `${received}<script>window.late = () => log.push("late")</script>${div('data-callback="done" data-expired-callback="late"')}`;
    await withPage(body, async (page) => {
      await page.clock.install();
      await page.getByRole("checkbox").click();
      await page.waitForFunction("tokens.length");
      await page.clock.fastForward(119_000);
      assert.deepEqual(await page.evaluate("log"), []);
      await page.clock.fastForward(2_000);
      assert.deepEqual(await page.evaluate("log"), ["late"]);
      assert.equal(await page.evaluate("grecaptcha.getResponse()"), "");
      assert.match(await page.getByRole("status").textContent(), /took too long/);
      assert.equal(await page.getByRole("checkbox").getAttribute("aria-checked"), "false");
    });
  });

  test("a network that fails is said in the box and to the page, and a second click tries again", async () => {
    let broken = true;
    const prepare = (page) => page.route("**/recaptcha/agent/*?*", (route) => (broken ? route.abort() : route.continue()));
    const body = `${received}<script>window.failed = (...values) => log.push(values.length)</script>${div('data-callback="done" data-error-callback="failed"')}`;
    await withPage(body, async (page) => {
      await page.getByRole("checkbox").click();
      await page.waitForFunction("log.length");
      assert.deepEqual(await page.evaluate("log"), [0]);
      assert.match(await page.getByRole("status").textContent(), /No connection/);
      broken = false;
      await page.getByRole("checkbox").click();
      await page.waitForFunction("tokens.length");
      await assertValid(await page.evaluate("tokens[0]"));
    }, { prepare, expected: ["ERR_FAILED"] });
  });

  test("a content security policy without 'unsafe-inline', and trusted types, leave the widget whole", async () => {
    const { origin } = verifier;
    const headers = {
      "content-security-policy":
        `default-src 'none'; script-src ${origin} 'wasm-unsafe-eval'; connect-src ${origin}; worker-src blob:; style-src 'none'; ` +
        "require-trusted-types-for 'script'; trusted-types touchstone",
    };
    await withPage(div(), async (page) => {
      const frame = page.locator(".g-recaptcha > div > div").first();
      const { width, height } = await frame.boundingBox();
      assert.deepEqual([width, height], [304, 78]);
      await page.getByRole("checkbox").click();
      await page.waitForFunction(() => grecaptcha.getResponse());
    }, { headers });
  });

  test("where there is no WebAssembly the box still gives a token", async () => {
    const prepare = (page) => page.addInitScript("delete window.WebAssembly");
    await withPage(div(), async (page) => {
      await page.getByRole("checkbox").click();
      await page.waitForFunction("grecaptcha.getResponse()");
      await assertValid(await page.evaluate("grecaptcha.getResponse()"));
    }, { prepare, expected: ["no WebAssembly"] });
  });

  test("a page whose widget file does not come hears of it, and executes by site key as before", async () => {
    const prepare = (page) =>
      page.route("**/recaptcha/agent/*.js", async (route) => {
        const answer = await route.fetch();
        // The proof of work and the glue of the inspect build have no checkbox.
        return (await answer.text()).includes("checkbox") ? route.abort() : route.fulfill({ response: answer });
      });
    const body = `<script>window.log = []; window.failed = () => log.push("error")</script>${div('data-error-callback="failed"')}`;
    await withPage(body, async (page) => {
      await page.waitForFunction("log.length");
      const token = await page.evaluate((key) => grecaptcha.execute(key, { action: "buy" }), verifier.siteKey);
      await assertValid(token, "buy");
    }, { prepare, expected: ["ERR_FAILED", "dynamically imported module"] });
  });
});
