// A Universal key: the requests that its policy protects carry a token by themselves, and arrive otherwise as the page made them.

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { answer } from "../harness/answer.mjs";
import { assess, newKey, setPolicy } from "../harness/api.mjs";
import { launch, needsChromium, openPage } from "../harness/chromium.mjs";
import { scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";

const ENDPOINTS = [
  { path: "/api/login", action: "login" },
  { path: "/api/*/order", action: "order" },
  { path: "/account/**", action: "account" },
];

describe("autoexecute", needsChromium, () => {
  let verifier, site, browser, siteKey;
  const routes = {};
  /** What the site got, in order. */
  let got = [];

  before(async () => {
    verifier = await startVerifier();
    siteKey = await newKey(verifier, { universalSettings: {} });
    await setPolicy(verifier, siteKey, policy({}));
    site = await startSite(new Proxy(routes, { get: (own, path) => own[path] ?? (path === "/favicon.ico" ? undefined : note) }));
    browser = await launch();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    await verifier?.stop();
  });

  const policy = ({ endpoints = ENDPOINTS, allowedDomains = ["localhost", "127.0.0.1"], challengeRuleGroups = [] }) => ({
    clientSettings: { allowedDomains, protectedEndpointGroup: { protectedEndpoints: endpoints } },
    challengeRuleGroups,
  });

  /** Answers with the body that came, and keeps the request. */
  async function note(request) {
    const { method, headers, url } = request;
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    got.push({ method, url, headers, body, token: headers["x-recaptcha-token"] });
    const cors = { "access-control-allow-origin": "*", "access-control-allow-headers": "*", "access-control-allow-methods": "*" };
    return { body, type: "text/plain", headers: cors };
  }

  /** Opens a page with the script and waits until requests are protected. */
  async function withPage(use, { key = siteKey, head = "", isReady = "XMLHttpRequest.prototype.send.toString().indexOf('native') < 0", prepare = async () => {} } = {}) {
    const script = scriptTag(verifier, { query: `render=${key}` });
    routes["/page"] = { body: `<!doctype html><html lang="en"><title>Shop</title>${head}${script}<body></body></html>` };
    const opened = await openPage(browser);
    try {
      got = [];
      await prepare(opened.page);
      await opened.page.goto(`${site.origin}/page`);
      await opened.page.waitForFunction(isReady);
      await use(opened.page);
    } finally {
      await opened.context.close();
    }
  }

  async function assertToken({ token }, expectedAction) {
    assert.ok(token, "there is no token");
    const { tokenProperties } = await assess(verifier, token, { event: { siteKey, expectedAction } });
    assert.deepEqual([tokenProperties.valid, tokenProperties.action], [true, expectedAction], tokenProperties.invalidReason);
  }

  test("fetch, by text, URL and Request: a token for the mapped action, and all else as it was", async () => {
    await withPage(async (page) => {
      const answers = await page.evaluate(async () => {
        const text = async (response) => (await response).text();
        return [
          await text(fetch("/api/login", { method: "POST", body: JSON.stringify({ a: "ä" }), headers: { "content-type": "application/json", "x-own": "1" } })),
          await text(fetch(new URL("/api/v2/order?x=1", location), { method: "PUT", body: new URLSearchParams({ b: "2" }) })),
          await text(fetch(new Request("/account", { method: "POST", body: "three", headers: { "x-own": "3" } }))),
          await text(fetch(new Request("/account/a/b", { method: "POST", body: "old" }), { body: "four" })),
        ];
      });
      assert.deepEqual(answers, ['{"a":"ä"}', "b=2", "three", "four"]);
    });
    assert.deepEqual(got.map(({ method, url }) => `${method} ${url}`), ["POST /api/login", "PUT /api/v2/order?x=1", "POST /account", "POST /account/a/b"]);
    assert.deepEqual(got.map(({ headers }) => [headers["content-type"], headers["x-own"]]), [
      ["application/json", "1"],
      ["application/x-www-form-urlencoded;charset=UTF-8", undefined],
      ["text/plain;charset=UTF-8", "3"],
      ["text/plain;charset=UTF-8", undefined],
    ]);
    for (const [index, action] of ["login", "order", "account", "account"].entries()) await assertToken(got[index], action);
  });

  test("XMLHttpRequest, with its headers, its body and its events", async () => {
    await withPage(async (page) => {
      const seen = await page.evaluate(async () => {
        const events = [];
        const form = new FormData();
        form.append("name", "value");
        const request = new XMLHttpRequest();
        request.open("POST", "api/login");
        request.setRequestHeader("X-Own", "1");
        const ended = new Promise((resolve) => {
          for (const type of ["loadstart", "load", "error", "abort", "loadend"]) {
            request.addEventListener(type, () => {
              events.push(type);
              if (type === "loadend") resolve();
            });
          }
        });
        request.send(form);
        // It goes out as it was.
        form.append("late", "1");
        await ended;
        return { events, status: request.status, text: request.responseText };
      });
      assert.deepEqual([seen.status, seen.events], [200, ["loadstart", "load", "loadend"]]);
      assert.match(seen.text, /name="name"\r\n\r\nvalue\r\n/);
      assert.doesNotMatch(seen.text, /late/);
    });
    assert.equal(got.length, 1);
    assert.equal(got[0].headers["x-own"], "1");
    assert.match(got[0].headers["content-type"], /^multipart\/form-data/);
    await assertToken(got[0], "login");
  });

  test("an XMLHttpRequest that is aborted, or sent twice, behaves as ever", async () => {
    await withPage(async (page) => {
      const seen = await page.evaluate(async () => {
        const events = [];
        const one = new XMLHttpRequest();
        one.open("POST", "/api/login");
        for (const type of ["load", "abort", "loadend"]) one.addEventListener(type, () => events.push(type));
        one.send("x");
        try {
          one.send("y");
        } catch (error) {
          events.push(error.name);
        }
        one.abort();
        await new Promise((resolve) => setTimeout(resolve, 1_500));
        one.open("GET", "/plain");
        one.send();
        await new Promise((resolve) => one.addEventListener("loadend", resolve));
        return events;
      });
      assert.deepEqual(seen, ["InvalidStateError", "abort", "loadend", "load", "loadend"]);
    });
    assert.deepEqual(got.filter(({ url }) => url === "/plain").map(({ token }) => token), [undefined]);
  });

  test("what no path means is left alone: other paths, synchronous requests, and those with a token of their own", async () => {
    await withPage(async (page) => {
      await page.evaluate(async () => {
        for (const path of ["/api/Login", "/api/login/", "/api/order", "/api/a/b/order", "/accounts", "/?/api/login"]) await fetch(path);
        await fetch("/api/login", { headers: { "X-Recaptcha-Token": "own" } });
        const own = new XMLHttpRequest();
        own.open("GET", "/api/login");
        own.setRequestHeader("x-recaptcha-token", "own");
        own.send();
        await new Promise((resolve) => (own.onloadend = resolve));
        const now = new XMLHttpRequest();
        now.open("GET", "/api/login", false);
        now.send();
      });
    });
    assert.equal(got.length, 9);
    assert.deepEqual(got.map(({ token }) => token), [...Array(6).fill(undefined), "own", "own", undefined]);
  });

  test("a host that the policy names is protected as well, another is not", async () => {
    const narrow = await newKey(verifier, { universalSettings: {} });
    await setPolicy(verifier, narrow, policy({ allowedDomains: ["localhost"] }));
    await withPage(async (page) => {
      await page.evaluate((other) => fetch(`${other}/api/login`, { method: "POST", body: "x" }), site.numeric);
    });
    await assertToken(got.find(({ method }) => method === "POST"), "login");
    await withPage(async (page) => {
      await page.evaluate((other) => fetch(`${other}/api/login`, { method: "POST", body: "x" }), site.numeric);
    }, { key: narrow });
    assert.deepEqual(got.map(({ method, token }) => [method, token]), [["POST", undefined]]);
  });

  test("a request that is given up while its token is got is given up at once", async () => {
    await withPage(async (page) => {
      const name = await page.evaluate(async () => {
        const abort = new AbortController();
        const sent = fetch("/api/login", { signal: abort.signal });
        abort.abort();
        return sent.catch((error) => error.name);
      });
      assert.equal(name, "AbortError");
    }, { prepare: (page) => page.route("**/recaptcha/agent/token*", () => {}) });
    assert.deepEqual(got, []);
  });

  test("without a token the request goes on, and a page that is left loses nothing", async () => {
    await withPage(async (page) => {
      assert.equal(await page.evaluate(async () => (await fetch("/api/login", { method: "POST", body: "on" })).text()), "on");
    }, { prepare: (page) => page.route("**/recaptcha/agent/{session,token}*", (route) => route.abort()) });
    assert.deepEqual(got.map(({ body, token }) => [body, token]), [["on", undefined]]);
    await withPage(async (page) => {
      await page.evaluate(() => void fetch("/api/login", { method: "POST", body: "last", keepalive: true }));
      await page.goto(`${site.origin}/next`);
      for (let time = 0; time < 40 && got.length < 2; time++) await page.waitForTimeout(50);
    }, { prepare: (page) => page.route("**/recaptcha/agent/token*", () => {}) });
    assert.ok(got.some(({ body, token }) => body === "last" && !token));
  });

  test("many requests at once carry a token each", async () => {
    await withPage(async (page) => {
      await page.evaluate(() => Promise.all(Array.from({ length: 6 }, (_, at) => fetch("/account/" + at))));
    });
    assert.equal(new Set(got.map(({ token }) => token)).size, 6);
    for (const request of got) await assertToken(request, "account");
  });

  describe("with a policy that asks", () => {
    let key;
    before(async () => {
      key = await newKey(verifier, { universalSettings: {} });
      const challengeRuleGroups = [{ actions: ["*"], challengeRules: [{ condition: "score <= 1.0", challenge: {} }] }];
      await setPolicy(verifier, key, policy({ challengeRuleGroups }));
    });

    /** Sends a request, which `use` finds waiting for the visitor. */
    async function asked(use) {
      await withPage(async (page) => {
        const answered = page.evaluate(async () => (await fetch("/api/login", { method: "POST", body: "asked" })).text());
        await page.getByRole("dialog").waitFor();
        assert.deepEqual(got, []);
        await use(page);
        assert.equal(await answered, "asked");
      }, { key });
      assert.equal(got.length, 1);
      return got[0].token;
    }

    test("the request waits for the answer, and carries it", async () => {
      const token = await asked(answer);
      const event = { siteKey: key, expectedAction: "login" };
      const { tokenProperties, riskAnalysis } = await assess(verifier, token, { event });
      assert.deepEqual([tokenProperties.valid, riskAnalysis.challenge], [true, "PASSED"]);
    });

    test("it goes on without a token when the visitor closes the question", async () => {
      assert.equal(await asked((page) => page.keyboard.press("Escape")), undefined);
    });
  });

  test("a key that is not Universal costs no request for its settings, and changes nothing of the page", async () => {
    await withPage(async (page) => {
      const [native, loaded] = await page.evaluate(() => [fetch.toString(), performance.getEntriesByType("resource").map(({ name }) => name)]);
      assert.match(native, /native code/);
      assert.deepEqual(loaded.filter((name) => name.includes("settings")), []);
    }, { key: verifier.siteKey, isReady: "grecaptcha.enterprise.getPageId()" });
  });
});
