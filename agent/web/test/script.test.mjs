import assert from "node:assert/strict";
import { test } from "node:test";
import vm from "node:vm";
import { bundle, load } from "./built.mjs";

const SOURCE = await bundle("script", "iife");
const { createGrecaptcha } = await load("grecaptcha");
const TOKEN = "t".repeat(120);

/** A page that runs the script as a browser does: evaluation, then the load event, then the next task. */
function browser(globals = {}) {
  const tasks = [];
  const requests = [];
  const errors = [];
  const document = Object.assign(new EventTarget(), { readyState: "complete", currentScript: null });
  document.querySelector = () => null;
  document.querySelectorAll = () => [];
  document.documentElement = { lang: "de" };
  const idle = [];
  const window = {
    ...{ document, URL, Response, AbortController, TextDecoder, TextEncoder, Uint8Array, navigator: { language: "en" } },
    location: new URL("https://shop.example/"),
    ...{ clearTimeout() {}, setTimeout: (task) => tasks.push(task), requestIdleCallback: (task) => idle.push(task) },
    ...{ addEventListener() {}, console: { warn() {}, error: (text) => errors.push(text) } },
    // Without WebAssembly, the face posts plain reports: no agent is needed here.
    fetch: async (url, { body }) => {
      requests.push({ url, text: new TextDecoder().decode(body) });
      if (url.includes("/session")) return new Response("", { status: 404 });
      return new Response(TOKEN, { headers: { "content-type": "text/plain" } });
    },
    ...globals,
  };
  window.window = window;
  const context = vm.createContext(window);
  vm.runInContext("delete globalThis.WebAssembly", context);
  return {
    window,
    requests,
    errors,
    idle,
    /** Evaluates the script, then fires its load event. `between` runs in the page's own load listener. */
    load(src, { dataset = {}, between = () => {}, source = SOURCE } = {}) {
      const script = Object.assign(new EventTarget(), { src, dataset });
      document.currentScript = script;
      vm.runInContext(source, context);
      document.currentScript = null;
      script.addEventListener("load", between);
      script.dispatchEvent(new Event("load"));
    },
    /** Runs what waits for the next task; returns what it threw. */
    tick() {
      const thrown = [];
      for (let task; (task = tasks.shift()); ) {
        try {
          task();
        } catch (error) {
          thrown.push(error.message);
        }
      }
      return thrown;
    },
  };
}

const ENTERPRISE = "https://v.example/pre/recaptcha/enterprise.js";
const settle = () => new Promise((resolve) => setImmediate(resolve));

test("grecaptcha is whole when the load event fires", () => {
  const page = browser();
  let seen;
  page.load(ENTERPRISE, { between: () => (seen = page.window.grecaptcha) });
  for (const methods of [seen, seen.enterprise]) {
    assert.equal(typeof methods.ready, "function");
    assert.equal(typeof methods.execute, "function");
  }
});

test("onload runs after the load event, then the shim's queue, then ready", () => {
  const order = [];
  const note = (what) => () => order.push(what);
  const page = browser({ go: note("onload"), ___grecaptcha_cfg: { fns: [note("fns")] } });
  page.load(ENTERPRISE + "?onload=go&render=explicit", {
    between() {
      page.window.grecaptcha.ready(note("ready"));
      order.push("load");
    },
  });
  assert.deepEqual(order, ["load"]);
  page.tick();
  assert.deepEqual(order, ["load", "onload", "fns", "ready"]);
});

test("ready after the load calls back, but not at once", async () => {
  const page = browser();
  page.load(ENTERPRISE);
  page.tick();
  let called = 0;
  page.window.grecaptcha.enterprise.ready(() => called++);
  assert.equal(called, 0);
  await settle();
  assert.equal(called, 1);
});

test("a callback that throws is reported and stops no other", () => {
  const page = browser();
  let called = 0;
  page.load(ENTERPRISE);
  page.window.grecaptcha.ready(() => {
    throw new Error("theirs");
  });
  page.window.grecaptcha.ready("not a function");
  page.window.grecaptcha.ready(() => called++);
  assert.deepEqual(page.tick(), ["theirs"]);
  assert.equal(called, 1);
});

test("an existing grecaptcha is extended, not replaced", () => {
  const grecaptcha = { theirs: 1, enterprise: { theirs: 2 } };
  const page = browser({ grecaptcha });
  page.load(ENTERPRISE);
  assert.equal(page.window.grecaptcha, grecaptcha);
  assert.deepEqual([grecaptcha.theirs, grecaptcha.enterprise.theirs], [1, 2]);
  assert.equal(typeof grecaptcha.execute, "function");
});

test("a configuration that is unset or odd is tolerated", () => {
  for (const config of [undefined, null, {}, { fns: "x" }, { fns: null }]) {
    const page = browser({ ___grecaptcha_cfg: config });
    page.load(ENTERPRISE);
    assert.deepEqual(page.tick(), []);
  }
});

test("a second copy of the script adds nothing but its key and its onload", async () => {
  const called = [];
  const page = browser({ one: () => called.push(1), two: () => called.push(2) });
  page.load(ENTERPRISE + "?render=K1&onload=one");
  page.tick();
  const { execute } = page.window.grecaptcha;
  page.load("https://v.example/pre/recaptcha/api.js?render=K2&onload=two");
  page.tick();
  assert.equal(page.window.grecaptcha.execute, execute);
  assert.deepEqual(called, [1, 2]);
  for (const key of ["K1", "K2"]) assert.equal(await execute(key, { action: "a" }), TOKEN);
  const tokens = page.requests.filter(({ url }) => url.includes("/token"));
  const door = "https://v.example/pre/recaptcha/agent/token";
  assert.deepEqual(tokens.map(({ url }) => url), [`${door}?k=K1&hl=de`, `${door}?k=K2&hl=de`]);
});

test("a global that the page threw away is back after the next load", () => {
  const page = browser();
  page.load(ENTERPRISE + "?render=K1");
  page.tick();
  page.window.grecaptcha = undefined;
  page.window.___grecaptcha_cfg = undefined;
  page.load(ENTERPRISE + "?render=K1");
  page.tick();
  assert.equal(typeof page.window.grecaptcha.enterprise.execute, "function");
});

test("methods work detached, without a key, and with unknown options", async () => {
  const page = browser();
  page.load(ENTERPRISE + "?render=K1");
  const { execute } = page.window.grecaptcha.enterprise;
  const calls = [
    [],
    [undefined, { action: "a" }],
    [null, { action: "b" }],
    [{ action: "c" }],
    ["K1", { action: "d", twofactor: true }],
  ];
  for (const args of calls) assert.equal(await execute(...args), TOKEN);
  const actions = page.requests.filter(({ url }) => url.includes("/token")).map(({ text }) => text.slice(2));
  assert.deepEqual(actions, ["", "a", "b", "c", "d"]);
});

test("execute without any key resolves, and tells the developer", async () => {
  const page = browser();
  page.load(ENTERPRISE + "?render=explicit");
  assert.match(await page.window.grecaptcha.execute(), /^touchstone-browser-error-{104}$/);
  assert.match(page.errors[0], /site key/);
});

test("the agent starts when the page is idle, not before", async () => {
  const page = browser();
  page.load(ENTERPRISE + "?render=K1&badge=none");
  page.tick();
  await settle();
  assert.equal(page.requests.length, 0);
  page.idle.forEach((task) => task());
  await settle();
  assert.equal(page.requests.length, 1);
});

test("a page that is still loading is left alone until DOMContentLoaded", () => {
  const page = browser();
  page.window.document.readyState = "loading";
  page.load(ENTERPRISE + "?render=K1");
  assert.equal(page.idle.length, 0);
  page.window.document.readyState = "interactive";
  page.window.document.dispatchEvent(new Event("DOMContentLoaded"));
  assert.equal(page.idle.length, 1);
});

test("the inspect build is loaded and window.touchstone defined only when asked for", async () => {
  const plain = browser();
  plain.load(ENTERPRISE + "?render=K1");
  assert.equal(plain.window.touchstone, undefined);
  const inspect = browser();
  inspect.load(ENTERPRISE + "?render=K1&inspect=1");
  assert.equal(await inspect.window.touchstone.inspect(), null);
});

test("a widget id falls to the first key", async () => {
  const asked = [];
  const client = (key) => ({
    async start() {},
    async execute(action) {
      asked.push([key, action]);
      return TOKEN;
    },
    lastReport: () => null,
  });
  const page = {};
  const face = createGrecaptcha(page, client);
  face.define();
  face.serve("K1");
  await page.grecaptcha.execute(0, { action: "a" });
  assert.deepEqual(asked, [["K1", "a"]]);
});
