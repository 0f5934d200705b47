// What the agent costs the page's main thread, on a processor four times slower than this one.
//
//   node bench/agent-cost.mjs [--short]
//
// Prints the cost of recording an event, of `execute` without the network, and the longest tasks from load to the first
// token. Fails when the 95th percentile of `execute` is over 30 ms or a task is over 50 ms: nobody may notice the agent.

import { parseArgs } from "node:util";
import { CHROMIUM, launch, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts } from "../harness/visitor.mjs";

const SLOWER = 4;
const EXECUTE_P95_MS = 30;
const TASK_MS = 50;
const ROUNDS = 3;
const FOREIGN = ["blink.mojom.DevToolsSession", "content.mojom.NavigationClient"];
const PARSER = "SchedulePumpTokenizer";

const { short } = parseArgs({ options: { short: { type: "boolean", default: false } } }).values;
const EVENTS = short ? 600 : 3_000;
const EXECUTES = short ? 25 : 60;

if (!CHROMIUM) {
  console.log("skipped: there is no Chromium");
  process.exit(77);
}

const verifier = await startVerifier();
// Isolated, so that the browser gives times in steps of 5 µs instead of 100.
const isolated = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const head = `<script>(${instrument})()</script>${scriptTag(verifier, { attributes: "async defer" })}<script>siteKey = "${verifier.siteKey}"</script>`;
const site = await startSite({ "/": { body: formPage(head), headers: isolated } });
const browser = await launch();
try {
  console.log(`processor slowed down ${SLOWER} times; ${EVENTS} events, ${EXECUTES} executes`);
  let good = false;
  // Other work on this machine only ever adds, to processor time too: a round within the limits shows what the agent costs.
  for (let round = 1; round <= ROUNDS && !good; round++) {
    console.log(`round ${round}`);
    good = show(await measure());
  }
  if (!good) process.exitCode = 1;
} finally {
  await browser.close();
  await site.stop();
  await verifier.stop();
}

/** One visit: what its listeners, its executes and its long tasks took, in milliseconds. */
async function measure() {
  const { page, context } = await openPage(browser);
  const input = await context.newCDPSession(page);
  await input.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await browser.startTracing(page, { categories: ["toplevel", "devtools.timeline"] });
  const started = agentStarts(page);
  await page.goto(site.origin);
  await started;
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => setTimeout(resolve, 100))));
  // A click of the visitor's, so that the token is made in a task of the page and not in one of the driver.
  await page.locator("#go").click();
  await page.waitForFunction("window.bench.token");
  const tasks = longTasks(JSON.parse((await browser.stopTracing()).toString()).traceEvents);

  const key = { key: "a", code: "KeyA", windowsVirtualKeyCode: 65 };
  for (let step = 0; step < EVENTS; step++) {
    if (step % 4) {
      await input.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 20 + (step % 700), y: 30 + (step % 400) });
    } else {
      await input.send("Input.dispatchKeyEvent", { type: "keyDown", ...key });
      await input.send("Input.dispatchKeyEvent", { type: "keyUp", ...key });
    }
  }
  const executes = await page.evaluate(
    ({ siteKey, count }) =>
      window.bench.withoutNetwork(async () => {
        const times = [];
        for (let run = 0; run < count; run++) {
          const start = performance.now();
          await grecaptcha.execute(siteKey, { action: "login" });
          times.push(performance.now() - start);
        }
        return times;
      }),
    { siteKey: verifier.siteKey, count: EXECUTES },
  );
  const events = await page.evaluate(() => window.bench.events);
  await context.close();
  return { events, tasks, executes: executes.sort((a, b) => a - b) };
}

/**
 * The tasks of the page's main thread, longest first, in milliseconds of processor time: what other work on this machine
 * takes does not count. Without those of the driver, the navigation and the parser, which are there without the agent, too.
 */
function longTasks(events) {
  const thread = ({ pid, tid }) => `${pid}:${tid}`;
  const mains = new Set(events.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(thread));
  const slices = events.filter((event) => event.ph === "X" && event.tdur && mains.has(thread(event)));
  const foreign = slices.filter(({ args }) => FOREIGN.includes(args.chrome_mojo_event_info?.mojo_interface_tag));
  const within = (outer, inner) => thread(outer) === thread(inner) && outer.ts <= inner.ts && inner.ts < outer.ts + outer.dur;
  return slices
    .filter(({ name, args }) => name === "ThreadControllerImpl::RunTask" && args.src_func !== PARSER)
    .filter((slice) => !foreign.some((inner) => within(slice, inner)))
    .sort((a, b) => b.tdur - a.tdur)
    .map(({ tdur, args }) => ({ duration: tdur / 1e3, from: args.src_func }));
}

/** Prints one visit; says whether it kept to the limits. */
function show({ events, tasks, executes }) {
  for (const [name, { count, total }] of Object.entries(events).sort((a, b) => b[1].count - a[1].count)) {
    if (count >= 20) console.log(`  record ${name.padEnd(16)} ${((1e3 * total) / count).toFixed(0).padStart(5)} µs, mean of ${count}`);
  }
  const at = (share) => executes[Math.min(executes.length - 1, Math.floor(executes.length * share))];
  console.log(`  execute, no network     ${at(0.5).toFixed(1)} ms median, ${at(0.95).toFixed(1)} ms p95 (limit ${EXECUTE_P95_MS})`);
  const longest = tasks.slice(0, 3).map(({ duration, from }) => `${duration.toFixed(0)} ms (${from})`);
  console.log(`  longest tasks           ${longest.join(", ")} (limit ${TASK_MS})`);
  return at(0.95) <= EXECUTE_P95_MS && tasks[0].duration <= TASK_MS;
}

/**
 * Runs in the page, before the agent: times passive listeners (the agent's are), asks for a token at a click, and can stand
 * in for the network.
 */
function instrument() {
  const bench = (window.bench = { events: {} });
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (name, listener, options) {
    if (this !== window || !options?.passive) return addEventListener.call(this, name, listener, options);
    const timed = (event) => {
      const start = performance.now();
      listener.call(this, event);
      const entry = (bench.events[name] ||= { count: 0, total: 0 });
      entry.count++;
      entry.total += performance.now() - start;
    };
    return addEventListener.call(this, name, timed, options);
  };
  addEventListener.call(document, "click", async () => (bench.token = await grecaptcha.execute(siteKey, { action: "login" })));
  bench.withoutNetwork = async (work) => {
    const { fetch } = window;
    window.fetch = (url, init) =>
      String(url).includes("/agent/token")
        ? Promise.resolve(new Response("t".repeat(1_500), { headers: { "content-type": "text/plain" } }))
        : fetch(url, init);
    try {
      return await work();
    } finally {
      window.fetch = fetch;
    }
  };
}
