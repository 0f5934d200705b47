// What pages with firewalls and policies load: paths, the cookie, and requests that wait for a token.
import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { load } from "./built.mjs";
import { fakePage } from "./fakes.mjs";

const { matches } = await load("edge/paths");
const { createGuard } = await load("edge/guard");
const { interceptFetch } = await load("edge/fetch");
const { keepCookie } = await load("edge/cookie");
const { readSettings } = await load("edge/settings");
const { start } = await load("edge/index");

const MINUTE = 60_000;
const NAME = "recaptcha-cf-t";

let page;
beforeEach(() => {
  page = fakePage();
  Object.assign(document, { baseURI: "https://shop.example/a/page", cookie: "" });
});
afterEach(() => mock.timers.reset());

const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

test("a path means what the verifier takes it to mean", () => {
  for (const [glob, meant, others] of [
    ["/login", ["/login"], ["/login/", "/Login", "login", "/"]],
    ["/api/*/login", ["/api/v1/login"], ["/api/login", "/api/a/b/login", "/api//login"]],
    ["/api/**", ["/api", "/api/", "/api/a/b"], ["/apis", "/"]],
    ["/*/login", ["/a/login"], ["/login", "//login"]],
    ["/*/**", ["/a", "/a/b"], ["/", "//b"]],
    ["/a.c", ["/a.c"], ["/abc"]],
    ["/kasse/größe/*", [new URL("https://shop.example/kasse/größe/ä").pathname], ["/kasse/größe/ä"]],
  ]) {
    for (const path of meant) assert.ok(matches(glob, path), `${glob} means ${path}`);
    for (const path of others) assert.ok(!matches(glob, path), `${glob} does not mean ${path}`);
  }
});

const ENDPOINTS = [{ path: "/api/login", action: "login" }, { path: "/api/**", action: "rest" }];
const guardOf = ({ endpoints = ENDPOINTS, hosts = ["api.example"], base = "https://shop.example/captcha", execute = async () => "token" } = {}) =>
  createGuard({ endpoints, hosts }, base, execute);

test("requests of the page's origin and of named hosts are protected, the first path that matches decides", () => {
  const { actionOf } = guardOf();
  for (const [url, action] of [
    ["/api/login?a=b#c", "login"],
    ["../api/other", "rest"],
    ["https://api.example:8443/api/login", "login"],
    ["https://sub.api.example/api/login", undefined],
    ["https://other.example/api/login", undefined],
    ["http://shop.example/api/login", undefined],
    ["/login", undefined],
    ["data:,x", undefined],
    ["blob:https://shop.example/api/login", undefined],
  ]) {
    assert.equal(actionOf(url), action, url);
  }
});

test("the verifier's own requests are never protected, whatever the paths are", () => {
  const { actionOf } = guardOf({ endpoints: [{ path: "/captcha/**", action: "a" }] });
  assert.equal(actionOf("/captcha/recaptcha/agent/token?k=x"), undefined);
  assert.equal(actionOf("/captcha/other"), "a");
});

test("whoever waits for a token is let go when there is none, when the request is given up and when the page goes", async () => {
  const never = new Promise(() => {});
  assert.equal(await guardOf().token("a"), "token");
  for (const execute of [async () => Promise.reject(), () => { throw new Error(); }]) assert.equal(await guardOf({ execute }).token("a"), null);
  const abort = new AbortController();
  const given = guardOf({ execute: () => never }).token("a", abort.signal);
  abort.abort();
  assert.equal(await given, null);
  const guard = guardOf({ execute: () => never });
  const left = guard.token("a");
  page.dispatchEvent(new Event("pagehide"));
  assert.equal(await left, null);
  assert.equal(guard.actionOf("/api/login"), undefined);
  page.dispatchEvent(new Event("pageshow"));
  assert.equal(guard.actionOf("/api/login"), "login");
});

/** A page whose `fetch` is protected; relative addresses are resolved as a browser does. */
function fetching(execute) {
  const sent = [];
  const fake = { fetch: async (input, init) => (sent.push([input, init]), new Response()) };
  interceptFetch(fake, guardOf({ execute }));
  return { fetch: fake.fetch, sent };
}

test("fetch carries the token, and the body as it was when the page sent it", async () => {
  const { fetch, sent } = fetching(async (action) => "token-" + action);
  const body = new TextEncoder().encode("before");
  const answered = fetch("https://shop.example/api/login", { method: "POST", body, headers: { "x-own": "1" } });
  body.fill(65);
  await answered;
  const [[request]] = sent;
  assert.equal(request.headers.get("x-recaptcha-token"), "token-login");
  assert.equal(request.headers.get("x-own"), "1");
  assert.equal(await request.text(), "before");
});

test("what fetch refuses, and what is not protected, reaches it untouched", async () => {
  const { fetch, sent } = fetching();
  const init = { method: "POST", body: "x" };
  const wrong = { method: "GET", body: "x" };
  const given = [["https://shop.example/other", init], ["https://shop.example/api/login", wrong], [undefined, undefined], ["https://", undefined]];
  for (const call of given) await fetch(...call);
  assert.deepEqual(sent, given);
});

test("the first cookie is got at once, and lasts as long as its token", async () => {
  keepCookie(NAME, async () => "token");
  await settle();
  assert.equal(document.cookie, `${NAME}=token; Path=/; SameSite=Lax; Max-Age=1800; Secure`);
  location.protocol = "http:";
  document.cookie = "";
  keepCookie(NAME, async () => "token");
  await settle();
  assert.doesNotMatch(document.cookie, /Secure/);
});

/** Keeps a cookie by a clock that the test moves. */
function keeping({ cookie = "", fail = () => false } = {}) {
  mock.timers.enable({ apis: ["setTimeout", "Date"] });
  document.cookie = cookie;
  let asked = 0;
  keepCookie(NAME, async () => {
    asked++;
    if (fail(asked)) throw new Error("none");
    return "token" + asked;
  });
  return {
    count: () => asked,
    use: (type = "keydown") => page.dispatchEvent(new Event(type)),
    async after(minutes) {
      for (let minute = 0; minute < minutes; minute++) {
        mock.timers.tick(MINUTE);
        await settle();
      }
    },
  };
}

test("the cookie is renewed every ten minutes while the page is used, and no longer once the visitor has gone", async () => {
  const { after, count, use } = keeping();
  await settle();
  assert.equal(count(), 1);
  for (let minute = 1; minute <= 60; minute++) {
    use("scroll");
    await after(1);
  }
  assert.equal(count(), 7);
  await after(40);
  const idle = count();
  await after(300);
  assert.equal(count(), idle);
  use();
  await settle();
  assert.equal(count(), idle + 1);
});

test("a page that nobody sees asks for nothing, and renews when it is seen again", async () => {
  const { after, count } = keeping();
  await settle();
  document.visibilityState = "hidden";
  await after(60);
  assert.equal(count(), 1);
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(count(), 2);
});

test("a cookie that is there is kept until the page is used", async () => {
  const { after, count, use } = keeping({ cookie: `a=b; ${NAME}=old` });
  await after(1);
  assert.equal(count(), 0);
  use("pointerdown");
  await settle();
  assert.equal(count(), 1);
  assert.match(document.cookie, /token1/);
});

test("a failure leaves the cookie, and is tried again after a minute, not with every movement", async () => {
  const { after, count, use } = keeping({ fail: (number) => number < 3 });
  for (let time = 0; time < 5; time++) {
    use();
    await settle();
  }
  assert.deepEqual([count(), document.cookie], [1, ""]);
  await after(2);
  assert.equal(count(), 3);
  assert.match(document.cookie, /token3/);
});

test("settings are asked for without credentials; a refusal is an error", async () => {
  let asked;
  globalThis.fetch = async (url, init) => ((asked = [url, init]), Response.json({ sessionCookie: NAME }));
  assert.deepEqual(await readSettings("https://v.example", "a&b"), { sessionCookie: NAME, endpoints: [], hosts: [] });
  assert.deepEqual(asked, ["https://v.example/recaptcha/agent/settings?k=a%26b", { credentials: "omit" }]);
  globalThis.fetch = async () => Response.json({}, { status: 404 });
  await assert.rejects(readSettings("https://v.example", "a"), /404/);
});

test("a token that only says that the verifier cannot be reached is kept out of the cookie", async () => {
  globalThis.fetch = async () => Response.json({ sessionCookie: NAME });
  const asked = [];
  const edge = { base: "https://v.example", key: "6Lkey", session: true, execute: async (action) => (asked.push(action), "touchstone-browser-error-".padEnd(128, "-")) };
  await start(edge);
  await start(edge);
  await settle();
  assert.deepEqual([asked, document.cookie], [[""], ""]);
});
