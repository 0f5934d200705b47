// One visit in a DOM without a layout engine: runs as a process of its own, since the agent wants its globals.
//
//   node visit.mjs '{"kind": "jsdom", "url": …, "userAgent": …, "input": "none" | "events" | "trusted" | "completed", "seed": …}'

import { createRequire } from "node:module";
import { browserHeaders } from "../forge/client.mjs";
import { keyOf } from "../hands/keys.mjs";
import { PATHS } from "../motions/paths.mjs";
import { randomOf } from "../motions/random.mjs";
import { typing } from "../motions/typing.mjs";

const { kind, url, userAgent, input, seed, fields, checkbox, submit } = JSON.parse(process.argv[2]);
const page = new URL(url);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

let window;

async function main() {
  const html = await (await fetch(url, { headers: { "user-agent": userAgent } })).text();
  // Scripts are run below, in this process, where the agent's `import()` works.
  const bare = html.replace(/<script[^>]*><\/script>/, "").replace(/<script>[\s\S]*?<\/script>/, "");
  window = await open(kind, bare);
  adopt(window);
  if (input === "completed") complete();

  const agentUrl = /<script src="([^"]+)"/.exec(html)[1].replaceAll("&amp;", "&");
  const tag = window.document.createElement("script");
  Object.defineProperty(tag, "src", { value: agentUrl });
  Object.defineProperty(window.document, "currentScript", { value: tag, configurable: true });
  await run(await (await fetch(agentUrl)).text());
  await run(/<script>([\s\S]*?)<\/script>/.exec(html)[1]);
  tag.dispatchEvent(new window.Event("load"));
  window.dispatchEvent(new window.Event("load"));
  await pause(2_000);
  if (input !== "none") await act();
  await pause(300);
  window.document.querySelector("#form").dispatchEvent(new window.Event("submit", { bubbles: true, cancelable: true }));
  await pause(4_000);
  process.exit(0);
}

/** The window of one of the three libraries, with the page in it. */
async function open(kind, html) {
  const load = createRequire(import.meta.url);
  if (kind === "jsdom") {
    const { JSDOM, VirtualConsole } = load("jsdom");
    return new JSDOM(html, { url, pretendToBeVisual: true, virtualConsole: new VirtualConsole(), beforeParse: nameAs }).window;
  }
  if (kind === "happy-dom") {
    const { Window } = await import("happy-dom");
    const made = new Window({ url, width: 1400, height: 757, settings: { navigator: { userAgent } } });
    made.document.write(html);
    return made;
  }
  const { parseHTML } = await import("linkedom");
  const made = parseHTML(html);
  const location = { href: url, origin: page.origin, pathname: page.pathname, hostname: page.hostname, host: page.host, protocol: page.protocol, search: "" };
  Object.defineProperty(made.document, "location", { value: location, configurable: true });
  return new Proxy(made, { get: (target, name) => (name === "location" ? location : Reflect.get(target, name)), has: (target, name) => name === "location" || Reflect.has(target, name) });
}

/** jsdom names itself unless it is told otherwise before the first script. */
function nameAs(window) {
  Object.defineProperty(window.navigator, "userAgent", { value: userAgent, configurable: true });
}

/** Makes the window's names global, as they are for a page's scripts, and gives the network this page's origin. */
function adopt(window) {
  const network = globalThis.fetch;
  const names = new Set([...Object.getOwnPropertyNames(window), ...OFTEN_INHERITED]);
  for (const name of names) {
    if (KEPT.has(name)) continue;
    try {
      const value = window[name];
      if (value !== undefined) Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
    } catch {
      // A getter that wants more of a browser than there is.
    }
  }
  for (const name of ["addEventListener", "removeEventListener", "dispatchEvent"]) {
    globalThis[name] = (...words) => (window[name] ? window[name](...words) : window.document[name](...words));
  }
  const headers = browserHeaders(page.origin, userAgent);
  const own = (address, init = {}) => network(new URL(address, url), { ...init, headers: { ...headers, ...init.headers } });
  globalThis.fetch = own;
  // jsdom's own clock asks the global one, which it would then be itself.
  const clock = globalThis.performance;
  const start = clock.now();
  globalThis.performance = { now: () => clock.now() - start, timeOrigin: clock.timeOrigin + start };
  globalThis.window = globalThis;
  globalThis.self = globalThis;
  globalThis.__load = async (address) => import(`data:text/javascript,${encodeURIComponent(await (await own(address)).text())}`);
}

/** What a careful author of a bot adds to a library: the objects that it lacks, with the answers of a desktop's browser. */
function complete() {
  for (const [name, value] of Object.entries({ innerWidth: 1_519, innerHeight: 730, outerWidth: 1_536, outerHeight: 816, devicePixelRatio: 1, chrome: {}, isSecureContext: true })) define(globalThis, name, value);
  define(globalThis, "screen", { width: 1_536, height: 864, availWidth: 1_536, availHeight: 824, colorDepth: 24 });
  define(globalThis, "matchMedia", (query) => ({ matches: /any-pointer: ?fine|any-hover: ?hover/.test(query), addEventListener() {} }));
  const languages = ["en-GB", "en"];
  const navigator = { userAgent, webdriver: false, languages, language: languages[0], hardwareConcurrency: 8, maxTouchPoints: 0, plugins: [1, 2, 3, 4, 5], platform: "Linux x86_64", vendor: "Google Inc." };
  define(globalThis, "navigator", navigator);
  const { prototype } = window.PointerEvent ?? window.MouseEvent ?? window.Event;
  define(prototype, "getCoalescedEvents", () => Array.from({ length: 6 }));
  define(globalThis, "onpointerrawupdate", null);
}

/** A classic script, with its dynamic imports going over the network. */
function run(text) {
  return (0, eval)(text.replaceAll(/\bimport\(/g, "__load("));
}

/** Moves, presses and types by events that a script dispatches; `trusted` claims that the user agent sent them. */
async function act() {
  const random = randomOf(seed);
  let at = { x: 700, y: 300 };
  const targets = [...fields, { selector: checkbox, text: "" }, { selector: submit, text: "" }];
  for (const [index, { selector, text }] of targets.entries()) {
    const element = window.document.querySelector(selector);
    const to = { x: random.between(120, 320), y: 120 + index * 70 };
    const points = PATHS.minjerk(at, to, { random, width: 60, step: 16 });
    for (let last = 0, point; (point = points.shift()); last = point.t) {
      await pause(point.t - last);
      send(element, "PointerEvent", "pointermove", mouse(point));
    }
    send(element, "PointerEvent", "pointerdown", { ...mouse(to), buttons: 1, pressure: 0.5 });
    send(element, "MouseEvent", "mousedown", { ...mouse(to), buttons: 1 });
    await pause(random.lognormal(90, 0.2));
    send(element, "PointerEvent", "pointerup", mouse(to));
    send(element, "MouseEvent", "mouseup", mouse(to));
    send(element, "MouseEvent", "click", { ...mouse(to), detail: 1 });
    element.focus?.();
    for (const { char, hold, gap } of typing(text, { random })) {
      const { shift, ...named } = keyOf(char);
      const key = { key: char, code: named.code, shiftKey: shift, bubbles: true, cancelable: true };
      const held = { key: "Shift", code: "ShiftLeft", shiftKey: true, bubbles: true };
      if (shift) send(element, "KeyboardEvent", "keydown", held);
      send(element, "KeyboardEvent", "keydown", key);
      element.value += char;
      send(element, "InputEvent", "input", { inputType: "insertText", data: char, bubbles: true });
      await pause(hold);
      send(element, "KeyboardEvent", "keyup", key);
      if (shift) send(element, "KeyboardEvent", "keyup", { ...held, shiftKey: false });
      await pause(Math.max(1, gap - hold));
    }
    at = to;
  }
}

function mouse({ x, y }) {
  return { clientX: Math.round(x), clientY: Math.round(y), screenX: Math.round(x), screenY: Math.round(y) + 85, pointerType: "mouse", bubbles: true, cancelable: true };
}

/** Where the library lacks the event's class, a plain event with the same fields. */
function send(target, type, name, fields) {
  const Kind = window[type];
  const event = Kind ? new Kind(name, fields) : new window.Event(name, fields);
  for (const [field, value] of Object.entries(fields)) if (event[field] === undefined) define(event, field, value);
  if (input !== "events") claimTrusted(event);
  target.dispatchEvent(event);
}

function claimTrusted(event) {
  define(event, "isTrusted", true);
  // In jsdom the property belongs to the wrapped object, behind a symbol.
  for (const symbol of Object.getOwnPropertySymbols(event)) {
    if (event[symbol] && typeof event[symbol] === "object" && "isTrusted" in event[symbol]) {
      // Dispatching sets it to false.
      Object.defineProperty(event[symbol], "isTrusted", { get: () => true, set() {} });
    }
  }
}

function define(object, name, value) {
  try {
    Object.defineProperty(object, name, { value, configurable: true, writable: true });
  } catch {
    // Not to be had in this library.
  }
}

/** Names of Node's own that must stay: without them this process would not run. */
const KEPT = new Set(["window", "self", "globalThis", "fetch", "process", "Buffer", "setTimeout", "clearTimeout", "setInterval", "clearInterval", "console", "performance", "WebAssembly", "eval", "queueMicrotask", "TextEncoder", "TextDecoder", "crypto", "Promise", "Object", "Array", "Function", "Error", "Uint8Array", "ArrayBuffer"]);
const OFTEN_INHERITED = ["document", "navigator", "location", "screen", "history", "matchMedia", "getComputedStyle", "innerWidth", "innerHeight", "outerWidth", "outerHeight", "devicePixelRatio", "requestAnimationFrame", "Window", "HTMLElement", "Element", "Event", "PointerEvent", "MouseEvent", "KeyboardEvent"];

await main();
