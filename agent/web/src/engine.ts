import { AgentFailure, Reason } from "./fallback.ts";

/** The WebAssembly agent, as wasm-bindgen exports it. Any call may throw if the agent has a fault. */
export interface Agent {
  /** 0: ok; 1: ok, but the host of this page is not allowed for the key; 2: malformed. */
  open(challenge: Uint8Array): number;
  /** The sealed session to present for a refresh; empty if there was none. */
  sealed_session(): Uint8Array;
  /** Milliseconds until the session must be refreshed; zero or less if it cannot be used. */
  session_left(): number;
  /** The envelope to post; empty if there is no live session. */
  seal(action: string): Uint8Array;
  worker(userAgent: string, languages: string, cores: number): void;
  /** What the last challenge asks of the layout, as JSON; empty for nothing new. */
  fragment(): Uint8Array;
  /** What a report costs, in hashes; 0 for nothing. */
  price(): number;
  /** Takes what a source of this page's script found: numbers of the protocol. */
  found(probe: number, state: number): void;
  measured(measure: number, value: number): void;
  /** Only in the `inspect` build: the last sealed report, decoded, or null. */
  last_report?(): unknown;
}

/** The module that wasm-bindgen writes, after the build has cut it down to one way of starting. */
export interface Glue {
  default(init: { module_or_path: WebAssembly.Module }): Promise<unknown>;
  Agent: new () => Agent;
}

/** Where the two files of the agent come from. */
export interface AgentFiles {
  glue(): Promise<Glue>;
  wasm(): string | URL;
}

/** Starts an agent: recording begins when the promise resolves. It rejects with nothing but {@link AgentFailure}. */
export type Engine = () => Promise<Agent>;

/** The file with the proof of work. */
export type Pow = Pick<typeof import("./pow.ts"), "pay">;

/**
 * An engine that loads the files at its first use and keeps the module for every later agent.
 * A load that failed for want of the files is tried again by the next call; one that hangs is what later calls wait for,
 * since an `import()` cannot be aborted, only no longer waited for.
 */
export function createEngine(files: AgentFiles): Engine {
  let loading: Promise<Glue> | undefined;
  return async () => {
    const glue = await (loading ||= load(files).catch((failure: AgentFailure) => {
      if (failure.reason === Reason.NotLoaded) loading = undefined;
      throw failure;
    }));
    return attempt(Reason.Failed, () => new glue.Agent());
  };
}

async function load(files: AgentFiles): Promise<Glue> {
  if (typeof WebAssembly !== "object") throw new AgentFailure(Reason.NoWasm);
  // Both downloads run at once. The bytes are compiled here rather than streamed, so that a network fault, a wrong
  // content type and a refused compilation cannot be taken for one another.
  const [glue, bytes] = await attempt(Reason.NotLoaded, () =>
    Promise.all([files.glue(), download(files.wasm())]),
  );
  const module_or_path = await attempt(Reason.WasmRefused, () => WebAssembly.compile(bytes));
  await attempt(Reason.Failed, () => glue.default({ module_or_path }));
  return glue;
}

async function download(url: string | URL): Promise<ArrayBuffer> {
  const response = await fetch(url, { credentials: "omit" });
  if (!response.ok) throw response.status;
  return response.arrayBuffer();
}

async function attempt<T>(reason: Reason, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch {
    throw new AgentFailure(reason);
  }
}
