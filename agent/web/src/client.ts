import type { Agent, Engine, Pow } from "./engine.ts";
import { AgentFailure, BROWSER_ERROR_TOKEN, plainReport, Reason } from "./fallback.ts";
import { readHints } from "./sources/hints.ts";
import { layOut } from "./sources/layout.ts";
import { readPlatform } from "./sources/platform.ts";
import { probeWorker } from "./sources/worker.ts";
import { spawn } from "./spawn.ts";
import { type Answer, LIMIT_MS, post, type Question, within } from "./transport.ts";

/** All that a page does with one site key. A fault neither rejects nor throws: a form never waits on a failed agent. */
export interface Client {
  /** Starts the agent and opens a session; resolves when recording runs, or cannot yet. Later calls change nothing. */
  start(): Promise<void>;
  /**
   * Seals what was seen under `action` and resolves to a token, within 5 s in all; starts the agent if need be. Only a key
   * that asks visitors questions may take longer, and reject: when the visitor closes the question.
   *
   * @param hl the language to ask in; default: that of the client
   */
  execute(action?: string, hl?: string): Promise<string>;
  /** The last sealed report, decoded; null unless the agent is an `inspect` build. */
  lastReport(): unknown;
}

export interface ClientOptions {
  key: string;
  /** URL of the verifier, without a slash at the end; may hold a path prefix. */
  base: string;
  engine: Engine;
  /** Loads what solves a proof of work. */
  pow: () => Promise<Pow>;
  /** Whether a worker may be asked as well. */
  worker: boolean;
  /** The language to ask in, as a BCP 47 tag. */
  hl: string;
  /**
   * Puts a question to the visitor. Resolves to the token, rejects when the visitor closes it.
   *
   * @param door where answers are posted
   * @param again asks the verifier anew, where it knows nothing more of the question
   */
  ask: (question: Question, door: string, again: () => Promise<Answer>) => Promise<string>;
}

export function createClient({ key, base, engine, pow, worker, hl: own, ask }: ClientOptions): Client {
  const encode = encodeURIComponent;
  const door = (name: string) => `${base}/recaptcha/agent/${name}?k=${encode(key)}`;
  const said = new Set<string>();
  let starting: Promise<Agent> | undefined;
  /** The same, given up when the files take too long: a form does not wait for them, however often it asks. */
  let awaited: Promise<Agent> | undefined;
  let agent: Agent | undefined;
  let opening: Promise<void> | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Each message once: `execute` may run many times with the same fault. */
  function say(level: "warn" | "error", text: string): void {
    if (said.has(text)) return;
    said.add(text);
    console[level]("touchstone: " + text);
  }

  function sayWhy(reason: Reason): void {
    say("warn", FAILURES[reason] + "; tokens will score low");
  }

  function agentStarted(): Promise<Agent> {
    return (starting ||= engine().then(
      (started) => {
        agent = started;
        if (worker) probeWorker(agent);
        readHints(agent);
        readPlatform(agent);
        document.addEventListener("visibilitychange", keepAlive);
        // A page that comes back from the back/forward cache may have slept past its session.
        addEventListener("pageshow", (event) => event.persisted && keepAlive());
        return agent;
      },
      (failure: AgentFailure) => {
        if (failure.reason === Reason.NotLoaded) starting = undefined;
        sayWhy(failure.reason);
        throw failure;
      },
    ));
  }

  /** Starts the agent with a session, or waits for the start under way, as long as a start may take. */
  async function begun(): Promise<unknown> {
    if (agent) return;
    if (!starting) {
      openSession().catch(ignore);
      awaited = within(START_MS, agentStarted(), new AgentFailure(Reason.NotLoaded));
      awaited.catch((failure) => failure.reason === Reason.NotLoaded && sayWhy(Reason.NotLoaded));
    }
    return awaited;
  }

  /** Runs one call into the agent. A fault poisons a WebAssembly instance, so no later call tries it again. */
  function call<T>(step: (agent: Agent) => T): T {
    try {
      // Were it gone, the fault that follows would say so: a failed agent.
      return step(agent!);
    } catch {
      throw poison();
    }
  }

  function poison(): AgentFailure {
    const failure = new AgentFailure(Reason.Failed);
    agent = undefined;
    starting = awaited = Promise.reject(failure);
    starting.catch(ignore);
    sayWhy(Reason.Failed);
    return failure;
  }

  function accept(challenge: Uint8Array): void {
    const verdict = call((live) => live.open(challenge));
    if (verdict > 1) {
      sayWhy(Reason.Failed);
      throw new AgentFailure(Reason.Failed);
    }
    if (verdict) {
      say("warn", `${location.hostname} is not a domain of site key ${key}: add it, or expect DOMAIN_MISMATCH`);
    }
    call(layOut);
    if (call((live) => live.price())) pow().catch(ignore);
    clearTimeout(timer);
    timer = setTimeout(keepAlive, Math.max(call((live) => live.session_left()) - EARLY_MS, EARLY_MS));
  }

  /** One request at a time, whoever asks. The very first has nothing to present, so it runs while the agent loads. */
  function openSession(): Promise<void> {
    return (opening ||= (async () => {
      const first = !starting;
      const started = agentStarted();
      if (!first) await started;
      const answered = post(door("session"), agent ? call((live) => live.sealed_session()) : new Uint8Array());
      answered.catch(ignore);
      await started;
      const answer = await answered;
      if (answer.challenge) return accept(answer.challenge);
      if (answer.refused === 404) {
        say("error", `${base} has no site key ${key}: correct it, or run \`touchstone key create\``);
      }
      throw answer;
    })().finally(() => {
      opening = undefined;
    }));
  }

  /** Refreshes a session that is about to end, but not for a page nobody looks at. */
  function keepAlive(): void {
    clearTimeout(timer);
    if (!agent || document.visibilityState === "hidden") return;
    try {
      const spare = call((live) => live.session_left()) - EARLY_MS;
      if (spare <= 0) openSession().catch(ignore);
      else timer = setTimeout(keepAlive, spare + 1);
    } catch {
      // The agent has just failed: execute reports it.
    }
  }

  async function envelope(action: string): Promise<Uint8Array> {
    // Twice, since parallel calls may use up the session's execute counter between the look and the seal.
    for (let round = 0; round < 2; round++) {
      if (!agent || call((live) => live.session_left()) <= 0) await openSession();
      await agentStarted();
      const sealed = call((live) => live.seal(action));
      if (sealed.length) return paid(sealed);
    }
    throw new AgentFailure(Reason.Failed);
  }

  /** The envelope with what it costs, or as it is where that cannot be paid: the verifier knows what to make of it. */
  async function paid(envelope: Uint8Array): Promise<Uint8Array> {
    const price = call((live) => live.price());
    if (!price) return envelope;
    try {
      const { pay } = await within(POW_MS, pow());
      return await pay(envelope, price, worker ? spawn : undefined);
    } catch {
      return envelope;
    }
  }

  async function token(action: string, url: string): Promise<Answer> {
    await begun();
    let answer = await post(url, await envelope(action));
    // The session had ended and the agent's clock did not notice: the machine slept. Or a price is to be paid. Or both.
    for (let round = 0; answer.challenge && round < 2; round++) {
      await agentStarted();
      accept(answer.challenge);
      answer = await post(url, await envelope(action));
    }
    return answer;
  }

  return {
    async start() {
      await begun().catch(ignore);
    },

    async execute(action, hl) {
      const spoken = "&hl=" + encode(hl || own);
      let answer: Answer;
      let request: () => Promise<Answer>;
      try {
        const name = action === undefined || action === null ? "" : String(action);
        // The verifier refuses any other name, which would cost the visitor the token for a slip of the developer.
        const sent = name.slice(0, ACTION_MAX).replace(/[^A-Za-z0-9/_]/g, "_");
        if (sent !== name) {
          say("error", `action "${name}" is sent as "${sent}": at most ${ACTION_MAX} of A-Z a-z 0-9 / _`);
        }
        const url = door("token") + spoken;
        request = () => {
          const work = token(sent, url).catch((failure: unknown) => {
            if (!(failure instanceof AgentFailure)) throw failure;
            return post(url, plainReport(failure.reason, sent));
          });
          return within(LIMIT_MS, work);
        };
        answer = await request();
      } catch {
        return BROWSER_ERROR_TOKEN;
      }
      return answer.question ? ask(answer.question, door("answer") + spoken, request) : answer.token || BROWSER_ERROR_TOKEN;
    },

    lastReport() {
      try {
        return (agent && agent.last_report && agent.last_report()) || null;
      } catch {
        return null;
      }
    },
  };
}

function ignore(): void {}

/** A session is refreshed this long before it ends, and no more often than this. */
const EARLY_MS = 60_000;
const ACTION_MAX = 100;
/** What a start may take of {@link LIMIT_MS}; the rest is for the plain report. */
const START_MS = 3_000;
/** What loading the proof of work may take of it. */
const POW_MS = 1_000;

const FAILURES = {
  [Reason.NoWasm]: "this browser has no WebAssembly",
  [Reason.WasmRefused]: "WebAssembly is refused (CSP needs script-src 'wasm-unsafe-eval')",
  [Reason.NotLoaded]: "the agent's files did not load",
  [Reason.Failed]: "the agent failed",
};
