import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./built.mjs";

const { messages } = await load("widget/catalogue");
const { directionOf } = await load("widget/language");
const { postAnswer } = await load("widget/answer");
const { createRun } = await load("widget/run");
const { readSettings, callPage } = await load("widget/settings");

const TOKEN = "t".repeat(120);
const BROWSER_ERROR = "touchstone-browser-error-".padEnd(128, "-");
const settle = () => new Promise((resolve) => setImmediate(resolve));
const widget = (parameters = {}) => ({ id: 0, box: null, response: "", option: (name) => parameters[name] });

beforeEach(() => {
  globalThis.window = globalThis;
});

test("every language says everything, and counts where it must", () => {
  const names = Object.keys(messages("en").say);
  for (const tag of "en de fr es it pt nl pl ja ar tr ru uk cs sv zh zh-Hant ko".split(" ")) {
    const { lang, say } = messages(tag);
    assert.equal(lang, tag);
    for (const name of names) assert.ok(say[name]?.trim(), `${tag} ${name}`);
    assert.match(say.round, /\{n\}.*\{m\}/, tag);
    assert.equal(new Set(Object.values(say)).size, names.length, tag);
  }
});

test("a tag finds its language by what it starts with, and English stands in for the rest", () => {
  for (const [tag, lang] of [
    ["de-AT", "de"],
    ["PT_br", "pt"],
    ["zh-CN", "zh"],
    ["zh-TW", "zh-Hant"],
    ["zh-Hant-HK", "zh-Hant"],
    ["gsw", "en"],
    ["constructor", "en"],
    ["", "en"],
  ]) {
    assert.equal(messages(tag).lang, lang, tag);
  }
  assert.deepEqual(["ar", "de"].map(directionOf), ["rtl", "ltr"]);
});

test("settings fall back to what the contract says, whatever the page writes", () => {
  const read = (parameters) => readSettings(widget(parameters), "fr");
  const usual = { size: "normal", theme: "light", badge: "", tabindex: 0, action: undefined, hl: "fr" };
  assert.deepEqual(read({}), usual);
  assert.deepEqual(read({ size: "huge", theme: null, tabindex: "x", hl: "", type: "audio" }), usual);
  assert.deepEqual(read({ size: "compact", theme: "dark", tabindex: "3", hl: "de", action: "pay", badge: "inline" }), {
    ...{ size: "compact", theme: "dark", tabindex: 3, hl: "de", action: "pay", badge: "inline" },
  });
});

test("a widget that was told of a badge, or by a wrapper of its container, is invisible unless it has a size", () => {
  const size = (parameters) => readSettings(widget(parameters), "en").size;
  assert.deepEqual([{ badge: "inline" }, { container: "a" }, { badge: "inline", size: "normal" }].map(size), ["invisible", "invisible", "normal"]);
});

test("a callback is a function or the name of a global one that may be defined later", (t) => {
  const errors = t.mock.method(console, "error", () => {});
  const called = [];
  const named = widget({ callback: "onToken" });
  assert.equal(callPage(named, "callback", "a"), false);
  globalThis.onToken = (token) => called.push(token);
  assert.equal(callPage(named, "callback", "b"), true);
  assert.equal(callPage(widget({ callback: (token) => called.push(token) }), "callback", "c"), true);
  assert.equal(callPage(widget(), "callback", "d"), false);
  assert.deepEqual(called, ["b", "c"]);
  assert.equal(errors.mock.callCount(), 1);
  delete globalThis.onToken;
});

/** A run with a client that says `answers`, one after the other. */
function run(parameters, answers, visible = false) {
  const asked = [];
  const client = {
    execute: async (...args) => {
      asked.push(args);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const states = [];
  const field = { value: "" };
  const one = widget(parameters);
  const settings = { action: "own", hl: "de" };
  return { one, field, states, asked, run: createRun(one, client, settings, field, (state) => states.push(state), visible) };
}

test("the token is in field and response before the callback, and the callback before the promise", async () => {
  const seen = [];
  const callback = (token) => seen.push([token, one.response, field.value]);
  const { one, field, states, asked, run: under } = run({ callback }, [TOKEN, TOKEN]);
  await under.execute().then(() => seen.push("promise"));
  assert.deepEqual(seen, [[TOKEN, TOKEN, TOKEN], "promise"]);
  assert.deepEqual(states, ["working", "passed"]);
  await under.execute({ action: "other" });
  assert.deepEqual(asked, [["own", "de"], ["other", "de"]]);
  under.reset();
});

test("a token that comes after a reset stays with its caller", async () => {
  const called = [];
  const { one, run: under } = run({ callback: (token) => called.push(token) }, [TOKEN]);
  const asked = under.execute();
  under.reset();
  assert.equal(await asked, TOKEN);
  assert.deepEqual([called, one.response, under.state], [[], "", "idle"]);
});

test("two executes at once call back twice", async () => {
  const called = [];
  const { run: under } = run({ callback: (token) => called.push(token) }, [TOKEN, TOKEN + "2"]);
  await Promise.all([under.execute(), under.execute()]);
  assert.deepEqual(called, [TOKEN, TOKEN + "2"]);
  under.reset();
});

test("without the network a page with an error-callback decides, and any other goes on", async () => {
  const called = [];
  const note = (name) => (...values) => called.push([name, ...values]);
  const heard = run({ callback: note("callback"), "error-callback": note("error") }, [BROWSER_ERROR]);
  assert.equal(await heard.run.execute(), BROWSER_ERROR);
  assert.deepEqual([called.splice(0), heard.one.response, heard.run.state], [[["error"]], "", "error"]);
  const unheard = run({ callback: note("callback") }, [BROWSER_ERROR]);
  await unheard.run.execute();
  assert.deepEqual(called.splice(0), [["callback", BROWSER_ERROR]]);
  const seen = run({ callback: note("callback") }, [BROWSER_ERROR], true);
  await seen.run.execute();
  assert.deepEqual([called, seen.run.state], [[], "error"]);
});

test("a closed question leaves the widget as it was, and the caller with the reason", async () => {
  const { states, run: under } = run({}, [Error("closed")]);
  await assert.rejects(under.execute(), /closed/);
  assert.deepEqual(states, ["working", "idle"]);
});

test("an answer is sent as text, and only a token or a question is taken for one", async () => {
  const question = { challenge: "c", question: "?", options: [] };
  const json = (body, status = 200) => new Response(JSON.stringify(body), { status });
  let sent;
  const ask = (response) => {
    globalThis.fetch = async (url, init) => {
      sent = { url, ...init };
      return response;
    };
    return postAnswer("https://v.example/door", { challenge: "c", skip: true });
  };
  assert.deepEqual(await ask(json({ token: TOKEN })), { token: TOKEN });
  assert.equal(sent.body, '{"challenge":"c","skip":true}');
  assert.deepEqual([sent.headers, sent.credentials], [undefined, "omit"]);
  assert.deepEqual(await ask(json(question)), question);
  for (const odd of [json({ token: "short" }), json({}), json(null), new Response("x"), json({ token: TOKEN }, 500)]) {
    await assert.rejects(ask(odd));
  }
  await assert.rejects(ask(json({ error: {} }, 400)), (status) => status === 400);
  await settle();
});
