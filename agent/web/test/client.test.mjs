import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { load } from "./built.mjs";
import { challenge, fakeAgent, fakeConsole, fakePage, fakeVerifier, token, TOKEN, utf8 } from "./fakes.mjs";

const { createClient, createEngine } = await load("../test/entry");
const KEY = "6Lkey";
const BASE = "https://verifier.example/prefix";
const BROWSER_ERROR = "touchstone-browser-error-".padEnd(128, "-");

let page;
beforeEach(() => {
  page = fakePage();
});

function client(agent = fakeAgent(), engine = async () => agent) {
  return createClient({ key: KEY, base: BASE, engine, worker: false, hl: "pt-BR", ask: async () => TOKEN });
}

/** Lets all that waits only for promises go on; works under mocked timers as well. */
const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};
const broken = () => {
  throw new TypeError("network");
};

test("execute resolves to the verifier's token for the action", async () => {
  const requests = fakeVerifier();
  assert.equal(await client().execute("login"), TOKEN);
  assert.deepEqual(requests.map(({ url }) => url), [
    `${BASE}/recaptcha/agent/session?k=${KEY}`,
    `${BASE}/recaptcha/agent/token?k=${KEY}&hl=pt-BR`,
  ]);
  assert.equal(utf8(requests[1].body), "\x01login");
});

test("requests need no preflight and carry no credentials", async () => {
  const requests = fakeVerifier();
  await client().execute("login");
  for (const { init } of requests) {
    assert.equal(init.headers, undefined);
    assert.ok(init.body instanceof Uint8Array);
    assert.equal(init.credentials, "omit");
    assert.equal(init.cache, "no-store");
  }
});

test("parallel executes open one session and start one agent", async () => {
  const requests = fakeVerifier();
  let started = 0;
  const agent = fakeAgent();
  const one = client(agent, async () => (started++, agent));
  one.start();
  const tokens = await Promise.all(["a", "b", "c"].map((action) => one.execute(action)));
  assert.deepEqual(tokens, [TOKEN, TOKEN, TOKEN]);
  assert.equal(requests.at_door("session").length, 1);
  assert.equal(started, 1);
});

test("starting again, or late, sends nothing more", async () => {
  const requests = fakeVerifier();
  const one = client();
  await one.execute("login");
  await one.start();
  await one.start();
  assert.equal(requests.length, 2);
});

test("a used-up execute counter opens one further session for all that wait", async () => {
  let left = 0;
  const agent = fakeAgent({
    open() {
      return (left = 2), 0;
    },
    session_left: () => left,
    seal: (action) => (left-- > 0 ? Uint8Array.of(1, ...Buffer.from(action)) : new Uint8Array()),
  });
  const requests = fakeVerifier();
  const one = client(agent);
  const tokens = await Promise.all(["a", "b", "c", "d"].map((action) => one.execute(action)));
  assert.deepEqual(tokens, [TOKEN, TOKEN, TOKEN, TOKEN]);
  assert.equal(requests.at_door("session").length, 2);
});

test("an expired session costs one more request, not an error", async () => {
  const agent = fakeAgent();
  const requests = fakeVerifier({
    token: (_, number) => (number === 1 ? challenge(Uint8Array.of(7)) : token()),
  });
  assert.equal(await client(agent).execute("login"), TOKEN);
  assert.deepEqual(agent.opened, [[1, 2, 3], [7]]);
  assert.equal(requests.at_door("token").length, 2);
});

test("a session that ended, and a price that could not be paid, cost two more requests", async () => {
  const requests = fakeVerifier({ token: (_, number) => (number <= 2 ? challenge() : token()) });
  assert.equal(await client().execute("login"), TOKEN);
  assert.equal(requests.at_door("token").length, 3);
});

test("a third challenge in a row ends in the browser error", async () => {
  const requests = fakeVerifier({ token: () => challenge() });
  assert.equal(await client().execute("login"), BROWSER_ERROR);
  assert.equal(requests.at_door("token").length, 3);
});

test("a missing agent is reported in plain and still yields a token", async (t) => {
  for (const reason of [1, 2, 3, 4]) {
    const lines = fakeConsole(t);
    const requests = fakeVerifier();
    const one = client(undefined, failing(reason));
    await one.start();
    assert.equal(await one.execute("login"), TOKEN, `reason ${reason}`);
    const { body } = requests.at_door("token")[0];
    assert.deepEqual(body.slice(0, 2), [0, reason]);
    assert.equal(utf8(body.slice(2)), "login");
    assert.match(lines.join(), /score low/);
    t.mock.restoreAll();
  }
});

/** An engine that fails for the given reason. */
function failing(reason) {
  const bytes = reason === 2 ? "no module" : new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
  const fetched = globalThis.fetch;
  globalThis.fetch = async (url, init) => {
    if (url !== "agent.wasm") return fetched(url, init);
    return reason === 3 ? new Response("", { status: 404 }) : new Response(bytes);
  };
  const engine = createEngine({
    wasm: () => "agent.wasm",
    glue: async () => ({
      default: async () => {},
      Agent: class {
        constructor() {
          throw new Error("no agent");
        }
      },
    }),
  });
  return async () => {
    const { WebAssembly } = globalThis;
    if (reason === 1) delete globalThis.WebAssembly;
    try {
      return await engine();
    } finally {
      globalThis.WebAssembly = WebAssembly;
    }
  };
}

for (const [what, overrides] of Object.entries({
  "that throws while sealing": { seal: broken },
  "that throws while opening": { open: broken },
  "that cannot read the challenge": { open: () => 2 },
  "that seals nothing": { seal: () => new Uint8Array() },
})) {
  test(`an agent ${what} is reported in plain as failed`, async (t) => {
    fakeConsole(t);
    const requests = fakeVerifier();
    assert.equal(await client(fakeAgent(overrides)).execute("login"), TOKEN);
    assert.equal(utf8(requests.at_door("token").at(-1).body), "\0\x04login");
  });
}

test("an agent that threw is not called again", async (t) => {
  fakeConsole(t);
  fakeVerifier();
  let calls = 0;
  const one = client(fakeAgent({ seal: () => (calls++, broken()) }));
  await one.execute("a");
  assert.equal(await one.execute("b"), TOKEN);
  assert.equal(calls, 1);
});

test("execute never rejects, whatever the verifier answers", async (t) => {
  fakeConsole(t);
  const text = (body, status = 200, type = "text/plain") =>
    new Response(body, { status, headers: { "content-type": type } });
  const cases = {
    "the network is down": [broken, broken],
    "the session door fails": [() => text("", 503), () => token()],
    "the key is unknown": [() => text("", 404), () => token()],
    "the token door fails": [() => challenge(), () => text("", 500)],
    "the token door is limited": [() => challenge(), () => text(TOKEN, 429)],
    "a captive portal answers": [() => text("<html>", 200, "text/html"), () => text("<html>", 200, "text/html")],
    "the token is not one": [() => challenge(), () => text("short")],
  };
  for (const [what, [session, token]] of Object.entries(cases)) {
    fakeVerifier({ session, token });
    assert.equal(await client().execute("login"), BROWSER_ERROR, what);
  }
});

test("the browser error token passes for a token: 128 characters of its alphabet", () => {
  assert.match(BROWSER_ERROR, /^[\w-]{128}$/);
});

test("a request that fails is sent once more", async () => {
  for (const fault of [broken, () => new Response("", { status: 502 })]) {
    const requests = fakeVerifier({ token: (_, number) => (number === 1 ? fault() : token()) });
    assert.equal(await client().execute("login"), TOKEN);
    const [first, second] = requests.at_door("token");
    assert.deepEqual(first.body, second.body);
  }
});

test("a verifier that never answers is given up after 5 seconds", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  fakeVerifier();
  globalThis.fetch = (_, { signal }) =>
    new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal)));
  let answer;
  client().execute("login").then((token) => (answer = token));
  await settle();
  t.mock.timers.tick(4_999);
  await settle();
  assert.equal(answer, undefined);
  t.mock.timers.tick(1);
  await settle();
  assert.equal(answer, BROWSER_ERROR);
});

/** An engine whose files come when the test says so. */
function hangingEngine() {
  let resolve;
  const started = new Promise((settled) => (resolve = settled));
  let starts = 0;
  return { resolve, engine: () => (starts++, started), starts: () => starts };
}

/** What a promise has come to: undefined as long as it is open. */
function watch(promise) {
  const seen = {};
  promise.then(
    (token) => (seen.token = token),
    (error) => (seen.error = error),
  );
  return seen;
}

for (const hangs of ["files and verifier", "session", "token"]) {
  test(`execute resolves within 5 seconds of its call when nothing comes from: ${hangs}`, async (t) => {
    t.mock.timers.enable({ apis: ["setTimeout"] });
    fakeConsole(t);
    const never = () => new Promise(() => {});
    const all = hangs === "files and verifier";
    fakeVerifier({ [all || hangs === "session" ? "session" : "other"]: never, [all || hangs === "token" ? "token" : "other"]: never });
    const one = all ? client(undefined, hangingEngine().engine) : client();
    for (let call = 0; call < 2; call++) {
      const seen = watch(one.execute("login"));
      for (let second = 0; second < 5; second++) {
        assert.deepEqual(seen, {}, `${second} s`);
        await settle();
        t.mock.timers.tick(1_000);
        await settle();
      }
      assert.deepEqual(seen, { token: BROWSER_ERROR });
    }
  });
}

test("an agent that hangs while it loads is waited for once, and used when it comes", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const lines = fakeConsole(t);
  const requests = fakeVerifier();
  const files = hangingEngine();
  const one = client(undefined, files.engine);
  const first = watch(one.execute("a"));
  await settle();
  t.mock.timers.tick(2_999);
  await settle();
  assert.deepEqual(first, {});
  t.mock.timers.tick(1);
  await settle();
  assert.deepEqual(first, { token: TOKEN });
  assert.equal(await one.execute("b"), TOKEN);
  files.resolve(fakeAgent());
  await settle();
  assert.equal(await one.execute("c"), TOKEN);
  assert.deepEqual(requests.at_door("token").map(({ body }) => utf8(body)), ["\0\x03a", "\0\x03b", "\x01c"]);
  assert.equal(files.starts(), 1);
  assert.equal(lines.length, 1);
});

test("after a failed session the next execute tries again", async () => {
  fakeVerifier({ session: (_, number) => (number <= 2 ? broken() : challenge()) });
  const one = client();
  assert.equal(await one.execute("a"), BROWSER_ERROR);
  assert.equal(await one.execute("b"), TOKEN);
});

test("an unknown key is named once in the console", async (t) => {
  const lines = fakeConsole(t);
  fakeVerifier({ session: () => new Response("", { status: 404 }) });
  const one = client();
  await one.execute("a");
  await one.execute("b");
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^error: .*6Lkey.*touchstone key create/);
});

test("a domain that the key does not allow is named, and the token goes through", async (t) => {
  const lines = fakeConsole(t);
  fakeVerifier();
  const agent = fakeAgent();
  const { open } = agent;
  agent.open = (bytes) => (open.call(agent, bytes), 1);
  assert.equal(await client(agent).execute("a"), TOKEN);
  assert.match(lines.join(), /^warn: .*shop\.example.*DOMAIN_MISMATCH/);
});

test("an action outside the rule is named, and sent in a form that keeps it", async (t) => {
  const lines = fakeConsole(t);
  const cases = [
    [undefined, "", 0],
    [null, "", 0],
    ["a/B_9", "a/B_9", 0],
    ["sign-up", "sign_up", 1],
    ["größe€", "gr__e_", 1],
    ["x".repeat(101), "x".repeat(100), 1],
    [42, "42", 0],
  ];
  for (const [action, sent, warnings] of cases) {
    lines.length = 0;
    const requests = fakeVerifier();
    assert.equal(await client().execute(action), TOKEN);
    assert.equal(utf8(requests.at_door("token")[0].body), "\x01" + sent);
    assert.equal(lines.length, warnings, String(action));
  }
});

test("a session is refreshed a minute before it ends, with the old one in hand", async (t) => {
  const requests = fakeVerifier();
  const agent = fakeAgent();
  const one = client(agent);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await one.execute("a");
  agent.left = 60_000;
  t.mock.timers.tick(540_000);
  await settle();
  assert.equal(requests.at_door("session").length, 2);
  assert.deepEqual(requests.at_door("session")[1].body, [1, 2, 3]);
});

test("a hidden page refreshes when it becomes visible, not before", async (t) => {
  const requests = fakeVerifier();
  const agent = fakeAgent();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await client(agent).execute("a");
  agent.left = 10;
  document.visibilityState = "hidden";
  t.mock.timers.tick(3_600_000);
  await settle();
  assert.equal(requests.at_door("session").length, 1);
  document.visibilityState = "visible";
  document.dispatchEvent(new Event("visibilitychange"));
  await settle();
  assert.equal(requests.at_door("session").length, 2);
});

test("a page from the back/forward cache looks after its session", async () => {
  const requests = fakeVerifier();
  const agent = fakeAgent();
  await client(agent).execute("a");
  agent.left = -5;
  page.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await settle();
  assert.equal(requests.at_door("session").length, 2);
});

test("the last report is null unless the agent can tell", async () => {
  fakeVerifier();
  const plain = client();
  assert.equal(plain.lastReport(), null);
  await plain.start();
  assert.equal(plain.lastReport(), null);
  const telling = client(fakeAgent({ last_report: () => ({ moves: 3 }) }));
  await telling.start();
  assert.deepEqual(telling.lastReport(), { moves: 3 });
});
