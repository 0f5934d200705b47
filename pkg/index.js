// src/fallback.ts
var AgentFailure = class {
  constructor(reason) {
    this.reason = reason;
  }
};
function plainReport(reason, action) {
  return new TextEncoder().encode("\0" + String.fromCharCode(reason) + action);
}
var BROWSER_ERROR_TOKEN = "touchstone-browser-error-".padEnd(128, "-");

// src/sources/hints.ts
function readHints(agent) {
  const { userAgentData } = navigator;
  const found = (state) => agent.found(19 /* HintsEmpty */, state);
  if (!userAgentData) return found(3 /* Unsupported */);
  try {
    userAgentData.getHighEntropyValues(["fullVersionList"]).then(({ fullVersionList: list }) => found(!list ? 3 /* Unsupported */ : list.length ? 1 /* No */ : 2 /* Yes */)).catch(() => {
    });
  } catch {
  }
}

// src/sources/layout.ts
function layOut(agent) {
  const fragment = agent.fragment();
  if (!fragment.length) return;
  const found = (state) => agent.found(18 /* LayoutMissing */, state);
  found(3 /* Unsupported */);
  try {
    const create = (css) => {
      const box = document.createElement("div");
      box.style.cssText = css;
      return box;
    };
    const host = create(HOST);
    host.inert = true;
    host.ariaHidden = "true";
    const boxes = [host.attachShadow({ mode: "closed" })];
    let waiting = true;
    const observer = new ResizeObserver((entries) => {
      const isThere = host.isConnected;
      if (isThere && !entries.every(({ contentRect }) => contentRect.width)) return;
      waiting = false;
      observer.disconnect();
      host.remove();
      if (!isThere) return found(1 /* No */);
      entries.forEach(({ contentRect: { width, height } }, i) => {
        agent.measured(12 /* Box0 */ + i, Math.round(width) * 65536 + Math.round(height));
      });
      found(1 /* No */);
    });
    for (const [inside, css, told] of JSON.parse(new TextDecoder().decode(fragment))) {
      const box = create(css);
      boxes[inside].appendChild(box);
      boxes.push(box);
      if (told) observer.observe(box);
    }
    const root = document.documentElement;
    root.appendChild(host);
    const isSeen = () => document.visibilityState === "visible";
    const wasSeen = isSeen();
    const frame = window.requestAnimationFrame || setTimeout;
    frame(
      () => frame(
        () => setTimeout(() => {
          if (waiting && wasSeen && isSeen() && getComputedStyle(root).display !== "none") found(2 /* Yes */);
        }, ENOUGH_MS)
      )
    );
  } catch {
    found(4 /* Failed */);
  }
}
var ENOUGH_MS = 3e3;
var HOST = "all:initial;direction:ltr;position:fixed;top:0;left:0;width:0;height:0;overflow:hidden;visibility:hidden;contain:strict".replace(/;|$/g, "!important;");

// src/sources/platform.ts
function readPlatform(agent) {
  const platform = /^(Win|Lin|Mac)/.exec(navigator.platform);
  const named = /Win(?=dows NT)|Lin(?=ux)|Mac(?=intosh)/.exec(navigator.userAgent);
  agent.found(
    21 /* PlatformMismatch */,
    !platform || !named ? 3 /* Unsupported */ : platform[0] === named[0] ? 1 /* No */ : 2 /* Yes */
  );
}

// src/spawn.ts
function spawn(source) {
  if (refused) throw refused;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    const worker = new Worker(trusted(url));
    const end = () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    };
    const answer = new Promise((resolve, reject) => {
      worker.onerror = (event) => {
        event.preventDefault();
        reject(refused = true);
      };
      worker.onmessage = ({ data }) => resolve(data);
    });
    answer.then(end, end);
    return { answer, end };
  } catch (failure) {
    URL.revokeObjectURL(url);
    refused = true;
    throw failure;
  }
}
function trusted(url) {
  const { trustedTypes } = window;
  if (!trustedTypes) return url;
  if (!asked) {
    asked = true;
    policy = trustedTypes.createPolicy("touchstone", { createScriptURL: (address) => address });
  }
  return policy.createScriptURL(url);
}
var refused = false;
var asked = false;
var policy;

// src/sources/worker.ts
function probeWorker(agent) {
  try {
    spawn(SOURCE).answer.then(([userAgent, languages, cores, heard]) => {
      agent.worker(userAgent, languages, cores);
      agent.found(20 /* ConsoleHeard */, heard ? 2 /* Yes */ : 1 /* No */);
    }).catch(ignore);
  } catch {
  }
}
function ignore() {
}
var SOURCE = 'let h=0;Error.prepareStackTrace=()=>(h=1,"");console.debug(Error());postMessage([navigator.userAgent,navigator.languages.join(),navigator.hardwareConcurrency,h])';

// src/transport.ts
var LIMIT_MS = 5e3;
function within(limit, work, late) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(late), limit);
    work.then(resolve, reject).then(() => clearTimeout(timer));
  });
}
async function post(url, body) {
  const abort = new AbortController();
  const limit = setTimeout(() => abort.abort(), LIMIT_MS);
  const once = async () => {
    const response = await fetch(url, {
      method: "POST",
      // The cast narrows only the type of buffer: nothing here makes a shared one.
      body,
      credentials: "omit",
      cache: "no-store",
      signal: abort.signal
    });
    return read(response);
  };
  try {
    const first = await once().catch((fault) => {
      if (abort.signal.aborted) throw fault;
    });
    if (first && !(first.refused >= 500)) return first;
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    return await once();
  } finally {
    clearTimeout(limit);
  }
}
async function read(response) {
  const type = response.headers.get("content-type") || "";
  if (response.status === 200) {
    if (type.startsWith("application/octet-stream")) {
      return { challenge: new Uint8Array(await response.arrayBuffer()) };
    }
    if (type.startsWith("application/json")) return { question: await response.json() };
    if (type.startsWith("text/plain")) {
      const token = (await response.text()).trim();
      if (TOKEN.test(token)) return { token };
    }
  }
  return { refused: response.status };
}
var RETRY_MS = 200;
var TOKEN = /^[\w-]{100,2000}$/;

// src/client.ts
function createClient({ key, base, engine: engine2, pow: pow2, worker, hl: own, ask: ask2 }) {
  const encode = encodeURIComponent;
  const door = (name) => `${base}/recaptcha/agent/${name}?k=${encode(key)}`;
  const said = /* @__PURE__ */ new Set();
  let starting;
  let awaited;
  let agent;
  let opening;
  let timer;
  function say(level, text) {
    if (said.has(text)) return;
    said.add(text);
    console[level]("touchstone: " + text);
  }
  function sayWhy(reason) {
    say("warn", FAILURES[reason] + "; tokens will score low");
  }
  function agentStarted() {
    return starting || (starting = engine2().then(
      (started) => {
        agent = started;
        if (worker) probeWorker(agent);
        readHints(agent);
        readPlatform(agent);
        document.addEventListener("visibilitychange", keepAlive);
        addEventListener("pageshow", (event) => event.persisted && keepAlive());
        return agent;
      },
      (failure) => {
        if (failure.reason === 3 /* NotLoaded */) starting = void 0;
        sayWhy(failure.reason);
        throw failure;
      }
    ));
  }
  async function begun() {
    if (agent) return;
    if (!starting) {
      openSession().catch(ignore2);
      awaited = within(START_MS, agentStarted(), new AgentFailure(3 /* NotLoaded */));
      awaited.catch((failure) => failure.reason === 3 /* NotLoaded */ && sayWhy(3 /* NotLoaded */));
    }
    return awaited;
  }
  function call(step) {
    try {
      return step(agent);
    } catch {
      throw poison();
    }
  }
  function poison() {
    const failure = new AgentFailure(4 /* Failed */);
    agent = void 0;
    starting = awaited = Promise.reject(failure);
    starting.catch(ignore2);
    sayWhy(4 /* Failed */);
    return failure;
  }
  function accept(challenge) {
    const verdict = call((live) => live.open(challenge));
    if (verdict > 1) {
      sayWhy(4 /* Failed */);
      throw new AgentFailure(4 /* Failed */);
    }
    if (verdict) {
      say("warn", `${location.hostname} is not a domain of site key ${key}: add it, or expect DOMAIN_MISMATCH`);
    }
    call(layOut);
    if (call((live) => live.price())) pow2().catch(ignore2);
    clearTimeout(timer);
    timer = setTimeout(keepAlive, Math.max(call((live) => live.session_left()) - EARLY_MS, EARLY_MS));
  }
  function openSession() {
    return opening || (opening = (async () => {
      const first = !starting;
      const started = agentStarted();
      if (!first) await started;
      const answered = post(door("session"), agent ? call((live) => live.sealed_session()) : new Uint8Array());
      answered.catch(ignore2);
      await started;
      const answer = await answered;
      if (answer.challenge) return accept(answer.challenge);
      if (answer.refused === 404) {
        say("error", `${base} has no site key ${key}: correct it, or run \`touchstone key create\``);
      }
      throw answer;
    })().finally(() => {
      opening = void 0;
    }));
  }
  function keepAlive() {
    clearTimeout(timer);
    if (!agent || document.visibilityState === "hidden") return;
    try {
      const spare = call((live) => live.session_left()) - EARLY_MS;
      if (spare <= 0) openSession().catch(ignore2);
      else timer = setTimeout(keepAlive, spare + 1);
    } catch {
    }
  }
  async function envelope(action) {
    for (let round = 0; round < 2; round++) {
      if (!agent || call((live) => live.session_left()) <= 0) await openSession();
      await agentStarted();
      const sealed = call((live) => live.seal(action));
      if (sealed.length) return paid(sealed);
    }
    throw new AgentFailure(4 /* Failed */);
  }
  async function paid(envelope2) {
    const price = call((live) => live.price());
    if (!price) return envelope2;
    try {
      const { pay } = await within(POW_MS, pow2());
      return await pay(envelope2, price, worker ? spawn : void 0);
    } catch {
      return envelope2;
    }
  }
  async function token(action, url) {
    await begun();
    let answer = await post(url, await envelope(action));
    for (let round = 0; answer.challenge && round < 2; round++) {
      await agentStarted();
      accept(answer.challenge);
      answer = await post(url, await envelope(action));
    }
    return answer;
  }
  return {
    async start() {
      await begun().catch(ignore2);
    },
    async execute(action, hl) {
      const spoken = "&hl=" + encode(hl || own);
      let answer;
      let request;
      try {
        const name = action === void 0 || action === null ? "" : String(action);
        const sent = name.slice(0, ACTION_MAX).replace(/[^A-Za-z0-9/_]/g, "_");
        if (sent !== name) {
          say("error", `action "${name}" is sent as "${sent}": at most ${ACTION_MAX} of A-Z a-z 0-9 / _`);
        }
        const url = door("token") + spoken;
        request = () => {
          const work = token(sent, url).catch((failure) => {
            if (!(failure instanceof AgentFailure)) throw failure;
            return post(url, plainReport(failure.reason, sent));
          });
          return within(LIMIT_MS, work);
        };
        answer = await request();
      } catch {
        return BROWSER_ERROR_TOKEN;
      }
      return answer.question ? ask2(answer.question, door("answer") + spoken, request) : answer.token || BROWSER_ERROR_TOKEN;
    },
    lastReport() {
      try {
        return agent && agent.last_report && agent.last_report() || null;
      } catch {
        return null;
      }
    }
  };
}
function ignore2() {
}
var EARLY_MS = 6e4;
var ACTION_MAX = 100;
var START_MS = 3e3;
var POW_MS = 1e3;
var FAILURES = {
  [1 /* NoWasm */]: "this browser has no WebAssembly",
  [2 /* WasmRefused */]: "WebAssembly is refused (CSP needs script-src 'wasm-unsafe-eval')",
  [3 /* NotLoaded */]: "the agent's files did not load",
  [4 /* Failed */]: "the agent failed"
};

// src/engine.ts
function createEngine(files) {
  let loading;
  return async () => {
    const glue = await (loading || (loading = load(files).catch((failure) => {
      if (failure.reason === 3 /* NotLoaded */) loading = void 0;
      throw failure;
    })));
    return attempt(4 /* Failed */, () => new glue.Agent());
  };
}
async function load(files) {
  if (typeof WebAssembly !== "object") throw new AgentFailure(1 /* NoWasm */);
  const [glue, bytes] = await attempt(
    3 /* NotLoaded */,
    () => Promise.all([files.glue(), download(files.wasm())])
  );
  const module_or_path = await attempt(2 /* WasmRefused */, () => WebAssembly.compile(bytes));
  await attempt(4 /* Failed */, () => glue.default({ module_or_path }));
  return glue;
}
async function download(url) {
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw response.status;
  return response.arrayBuffer();
}
async function attempt(reason, step) {
  try {
    return await step();
  } catch {
    throw new AgentFailure(reason);
  }
}

// src/index.ts
async function load2(key, { origin, worker = true, hl } = {}) {
  if (typeof document === "undefined") throw new Error("touchstone: load needs a browser page");
  hl = hl || document.documentElement.lang || navigator.language;
  const base = new URL(origin || "/", location.href).href.replace(/\/+$/, "");
  const id = base + " " + key;
  let client = clients.get(id);
  if (!client) clients.set(id, client = createClient({ key, base, engine, pow, worker, hl, ask }));
  await client.start();
  const { execute } = client;
  const site = { base, key, hl, client };
  return {
    execute,
    confirm: async (requestToken, { container } = {}) => (await file()).prompt(site, requestToken, container),
    factor: (requestToken) => ({
      send: () => file().then(({ send }) => send(site, requestToken), unreachable),
      verify: (code) => file().then(({ verify }) => verify(site, requestToken, code), unreachable)
    })
  };
}
var file = () => import("./touchstone_factor.js");
var unreachable = () => ({ result: "UNREACHABLE" });
var pow = () => import("./touchstone_pow.js");
var ask = async (...question) => (await import("./touchstone_widget.js")).ask(...question);
var clients = /* @__PURE__ */ new Map();
var engine = createEngine({
  glue: () => import("./touchstone_agent.js"),
  wasm: () => new URL("./touchstone_agent_bg.wasm", import.meta.url)
});
export {
  load2 as load
};
