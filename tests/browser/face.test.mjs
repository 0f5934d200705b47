// The globals that existing integrations rely on, in a real browser.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { assess } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts, execute } from "../harness/visitor.mjs";

describe("face", needsChromium, () => {
  let verifier, site, browser;
  const routes = {};

  before(async () => {
    verifier = await startVerifier();
    site = await startSite(routes);
    browser = await launch({ without: ["--disable-back-forward-cache"] });
    routes["/"] = { body: formPage(scriptTag(verifier)) };
    routes["/away"] = { body: "<!doctype html><title>Away</title><p>Away" };
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  /** Opens a page with this head and hands it to `use`; whatever it complains of fails the test. */
  async function withPage(head, use, { prepare = async () => {}, expected = [] } = {}) {
    routes["/page"] = { body: formPage(head) };
    const opened = await openPage(browser);
    try {
      await prepare(opened.page);
      await opened.page.goto(`${site.origin}/page`);
      await use(opened.page);
      const complaints = (await opened.heard()).filter((line) => !expected.some((part) => line.includes(part)));
      assert.deepEqual(complaints, []);
    } finally {
      await opened.context.close();
    }
  }

  async function assertValid(text, action = "login") {
    const { tokenProperties } = await assess(verifier, text);
    assert.equal(tokenProperties.valid, true, tokenProperties.invalidReason);
    assert.equal(tokenProperties.clientSignalsFailed, false);
    assert.equal(tokenProperties.action, action);
  }

  const log = (text) => `(window.order ||= []).push('${text}')`;

  test("the globals are there when the script's load event fires", async () => {
    const attributes = `onload="window.seen = [typeof grecaptcha.ready, typeof grecaptcha.execute, typeof grecaptcha.enterprise.ready, typeof grecaptcha.enterprise.execute].join()"`;
    await withPage(scriptTag(verifier, { attributes }), async (page) => {
      assert.equal(await page.evaluate("window.seen"), "function,function,function,function");
    });
  });

  test("the order is load event, onload callback, queued ready, later ready", async () => {
    const head =
      `<script>window.___grecaptcha_cfg = { fns: [() => ${log("queue")}] }; window.mine = () => ${log("onload")};</script>` +
      scriptTag(verifier, { query: `render=${verifier.siteKey}&onload=mine`, attributes: `onload="${log("load")}"` }) +
      `<script>grecaptcha.ready(() => ${log("ready")})</script>`;
    await withPage(head, async (page) => {
      await page.waitForFunction("window.order?.length === 4");
      await page.evaluate(() => new Promise((resolve) => grecaptcha.enterprise.ready(resolve)));
      assert.equal(await page.evaluate("order.join()"), "load,onload,queue,ready");
    });
  });

  for (const name of ["recaptcha/enterprise.js", "recaptcha/api.js", "touchstone.js"]) {
    test(`${name}: both ways to execute give a token that counts`, async () => {
      await withPage(scriptTag(verifier, { name }), async (page) => {
        await assertValid(await execute(page, verifier.siteKey, "buy"), "buy");
        await assertValid(await page.evaluate((key) => grecaptcha.execute(key, { action: "sell" }), verifier.siteKey), "sell");
        await assertValid(await page.evaluate(() => grecaptcha.execute({ action: "alone" })), "alone");
        await assertValid(await page.evaluate((key) => grecaptcha.execute(key), verifier.siteKey), "");
      });
    });
  }

  test("the methods work without their object, as some libraries call them", async () => {
    await withPage(scriptTag(verifier), async (page) => {
      const text = await page.evaluate((key) => {
        const { execute } = grecaptcha.enterprise;
        return execute(key, { action: "login" });
      }, verifier.siteKey);
      await assertValid(text);
    });
  });

  test("a script that is loaded twice is one agent, and both onload callbacks run", async () => {
    const query = (name) => `render=${verifier.siteKey}&onload=${name}`;
    const head =
      `<script>window.one = () => ${log("one")}; window.two = () => ${log("two")};</script>` +
      scriptTag(verifier, { query: query("one") }) +
      scriptTag(verifier, { name: "recaptcha/api.js", query: query("two") });
    const sessions = [];
    const prepare = async (page) =>
      page.on("request", (request) => request.url().includes("/agent/session") && sessions.push(request.url()));
    await withPage(
      head,
      async (page) => {
        await page.waitForFunction("window.order?.length === 2");
        await assertValid(await execute(page, verifier.siteKey));
        assert.equal(sessions.length, 1);
        assert.equal(await page.evaluate("order.join()"), "one,two");
      },
      { prepare },
    );
  });

  test("what the page keeps in window.grecaptcha survives", async () => {
    await withPage(`<script>window.grecaptcha = { mine: 1, enterprise: { yours: 2 } }</script>${scriptTag(verifier)}`, async (page) => {
      assert.deepEqual(await page.evaluate("[grecaptcha.mine, grecaptcha.enterprise.yours]"), [1, 2]);
      await assertValid(await execute(page, verifier.siteKey));
    });
  });

  test("a page may use two site keys", async () => {
    const second = await verifier.newSiteKey(verifier.project);
    await withPage(scriptTag(verifier), async (page) => {
      const one = await execute(page, verifier.siteKey);
      const two = await execute(page, second.siteKey);
      const expects = (siteKey) => ({ event: { siteKey } });
      assert.equal((await assess(verifier, one, expects(second.siteKey))).tokenProperties.invalidReason, "KEY_MISMATCH");
      assert.equal((await assess(verifier, one, expects(verifier.siteKey))).tokenProperties.valid, true);
      assert.equal((await assess(verifier, two, expects(second.siteKey))).tokenProperties.valid, true);
    });
  });

  test("many executes at once, and more than a session has room for, all count", async () => {
    await withPage(scriptTag(verifier), async (page) => {
      const texts = await page.evaluate(async (key) => {
        await new Promise((resolve) => grecaptcha.ready(resolve));
        const all = [];
        for (let round = 0; round < 7; round++) {
          all.push(...(await Promise.all(Array.from({ length: 10 }, () => grecaptcha.execute(key, { action: "login" })))));
        }
        return all;
      }, verifier.siteKey);
      assert.equal(new Set(texts).size, 70);
      for (const text of texts) await assertValid(text);
    });
  });

  test("an unknown site key is said in the console, and execute still resolves", async () => {
    const head = scriptTag(verifier, { query: "render=nonsense" });
    await withPage(
      head,
      async (page) => {
        const text = await execute(page, "nonsense");
        assert.equal((await assess(verifier, text)).tokenProperties.invalidReason, "BROWSER_ERROR");
      },
      { expected: ["has no site key nonsense", "404 (Not Found)"] },
    );
  });

  test("a page that comes back from the back/forward cache goes on", async () => {
    const { page, context, complaints } = await openPage(browser);
    await page.addInitScript(() => addEventListener("pageshow", (event) => (window.persisted = event.persisted)));
    const started = agentStarts(page);
    await page.goto(`${site.origin}/`);
    await started;
    await assertValid(await execute(page, verifier.siteKey));
    await page.goto(`${site.origin}/away`);
    await page.goBack({ waitUntil: "commit" });
    await page.waitForFunction("window.persisted !== undefined");
    assert.equal(await page.evaluate("window.persisted"), true, "the agent keeps the page out of the cache");
    await assertValid(await execute(page, verifier.siteKey));
    assert.deepEqual(complaints, []);
    await context.close();
  });

  test("a page that is open longer than its session costs one more fetch, never an error", async () => {
    const requests = [];
    const prepare = async (page) => {
      page.on("request", (request) => requests.push(/agent\/(session|token)\?/.exec(request.url())?.[1]));
      await page.addInitScript(() => {
        window.asleep = 0;
        const { now } = Date;
        Date.now = () => now() + window.asleep;
      });
    };
    await withPage(
      scriptTag(verifier),
      async (page) => {
        await assertValid(await execute(page, verifier.siteKey));
        await page.evaluate("window.asleep = 3600e3");
        await assertValid(await execute(page, verifier.siteKey));
        assert.deepEqual(requests.filter(Boolean), ["session", "token", "session", "token"]);
      },
      { prepare },
    );
  });

  test("a session that only the verifier knows to be over is renewed in the same execute", async () => {
    const prepare = async (page) => {
      let over = true;
      await page.route("**/recaptcha/agent/token?*", async (route) => {
        if (!over) return route.continue();
        over = false;
        const url = route.request().url().replace("/token?", "/session?");
        return route.fulfill({ response: await page.request.post(url, { headers: { origin: site.origin } }) });
      });
    };
    await withPage(scriptTag(verifier), async (page) => assertValid(await execute(page, verifier.siteKey)), { prepare });
  });

  test("one broken connection is not noticed", async () => {
    const prepare = async (page) => {
      const broken = new Set();
      await page.route("**/recaptcha/agent/*?*", (route) => {
        const door = new URL(route.request().url()).pathname;
        if (broken.has(door)) return route.continue();
        broken.add(door);
        return route.abort("connectionreset");
      });
    };
    const expected = ["ERR_CONNECTION_RESET"];
    await withPage(scriptTag(verifier), async (page) => assertValid(await execute(page, verifier.siteKey)), { prepare, expected });
  });
});
