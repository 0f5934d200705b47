// What the agent costs the page's main thread, on a processor four times slower than this one.
//
//   node bench/agent-cost.mjs [--short]
//
// Prints the cost of recording an event, of `execute` without the network, and the longest tasks from load to the first
// token. Fails when the 95th percentile of `execute` is over 30 ms or a task is over 50 ms: nobody may notice the agent.
//
// Other work on this machine only ever adds, to processor time too. So there are several rounds, and what counts is the
// least of them: for `execute`, and for each kind of task (the function that posted it) the longest of a round.

import { parseArgs } from "node:util";
import { CHROMIUM, launch, openPage } from "../harness/chromium.mjs";
import { formPage, scriptTag, startSite } from "../harness/site.mjs";
import { startVerifier } from "../harness/touchstone.mjs";
import { agentStarts } from "../harness/visitor.mjs";

const SLOWER = 4;
const EXECUTE_P95_MS = 30;
const TASK_MS = 50;
const ROUNDS = 8;
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
  const rounds = [];
  let best;
  do {
    console.log(`round ${rounds.length + 1}`);
    const visit = await measure();
    show(visit);
    rounds.push(visit);
    best = least(rounds);
  } while (!best.good && rounds.length < ROUNDS);
  const { p95, task, good } = best;
  console.log(`least of ${rounds.length} rounds: execute ${p95.toFixed(1)} ms p95 (limit ${EXECUTE_P95_MS}), longest task ${named(task)} (limit ${TASK_MS})`);
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

/** What remains of several visits when what other work has added is taken off, and whether it keeps to the limits. */
function least(visits) {
  const p95 = Math.min(...visits.map(({ executes }) => at(executes, 0.95)));
  const kinds = new Map();
  for (const { tasks } of visits) {
    // They come longest first, so the first of a kind is its longest of this visit.
    const longest = new Map(tasks.toReversed().map((task) => [task.from, task]));
    for (const [kind, task] of longest) {
      if (!(kinds.get(kind)?.duration <= task.duration)) kinds.set(kind, task);
    }
  }
  const task = [...kinds.values()].reduce((one, other) => (other.duration > one.duration ? other : one));
  return { p95, task, good: p95 <= EXECUTE_P95_MS && task.duration <= TASK_MS };
}

function show({ events, tasks, executes }) {
  for (const [name, { count, total }] of Object.entries(events).sort((a, b) => b[1].count - a[1].count)) {
    if (count >= 20) console.log(`  record ${name.padEnd(16)} ${((1e3 * total) / count).toFixed(0).padStart(5)} µs, mean of ${count}`);
  }
  console.log(`  execute, no network     ${at(executes, 0.5).toFixed(1)} ms median, ${at(executes, 0.95).toFixed(1)} ms p95`);
  console.log(`  longest tasks           ${tasks.slice(0, 3).map(named).join(", ")}`);
}

/** The value below which this share of an ascending list lies. */
function at(values, share) {
  return values[Math.min(values.length - 1, Math.floor(values.length * share))];
}

function named({ duration, from }) {
  return `${duration.toFixed(1)} ms (${from})`;
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
